//! rsipstack: its own message layer in the style of rsip; owned strings, typed on demand.

use rsipstack::sip::headers::make_header;
use rsipstack::sip::prelude::ToTypedHeader;
use rsipstack::sip::{
    HasHeaders, Header, Headers, HeadersExt, Request, Response, SipMessage, StatusCode, Version,
    Via, typed,
};

use crate::sip::check::OUR_VIA;
use crate::sip::corpus::{Sample, Start};
use crate::sip::subject::{Level, Refused, Seen, Subject, Task, Wire};

pub(super) struct Rsipstack;

fn parse(sample: &Sample) -> Result<SipMessage, Refused> {
    SipMessage::try_from(&sample.raw[..]).map_err(|_| Refused)
}

impl Subject for Rsipstack {
    fn name(&self) -> &'static str {
        "rsipstack 0.7.14"
    }

    fn level(&self, task: Task) -> Option<Level> {
        Some(match task {
            Task::Frame | Task::Index | Task::Forward => Level::Names,
            Task::ProxyTop | Task::Typed => Level::Typed,
            Task::Build => Level::Text,
        })
    }

    fn index(&mut self, sample: &Sample) -> Result<Seen, Refused> {
        let message = std::hint::black_box(parse(sample)?);
        Ok(Seen::lines(message.headers().len()))
    }

    fn proxy_top(&mut self, sample: &Sample) -> Result<Seen, Refused> {
        let message = parse(sample)?;
        let mut seen = Seen::default();
        if let Some(route) = message.route_header() {
            seen.note(route.typed());
        }
        seen.note(message.top_via_header().and_then(|via| via.typed()));
        if sample.is_request() {
            let hops = message.max_forwards_header().map_err(|_| Refused)?;
            seen.note(hops.value().parse::<u32>());
        }
        seen.note(message.from_header().and_then(|from| from.tag()));
        seen.note(message.to_header().and_then(|to| to.tag()));
        seen.note(message.call_id_header().map(|id| id.value().len()));
        seen.note(message.cseq_header().and_then(|cseq| cseq.typed()));
        let length = message.headers().iter().find_map(|h| match h {
            Header::ContentLength(h) => Some(h.value().parse::<u32>()),
            _ => None,
        });
        seen.note_opt(length);
        Ok(seen)
    }

    fn typed(&mut self, sample: &Sample) -> Result<Seen, Refused> {
        let message = parse(sample)?;
        let mut seen = Seen::lines(message.headers().len());
        for header in message.headers().iter() {
            // One value per line in our inputs, so the single-value calls do: its list
            // functions copy every value once more and take a quarter longer.
            match header {
                Header::Via(h) => seen.note(h.typed()),
                Header::From(h) => seen.note(h.typed()),
                Header::To(h) => seen.note(h.typed()),
                Header::CSeq(h) => seen.note(h.typed()),
                Header::Contact(h) => seen.note(h.typed()),
                Header::Route(h) => seen.note(h.typed()),
                Header::RecordRoute(h) => seen.note(h.typed()),
                Header::Allow(h) => seen.note(typed::Allow::parse(h.value())),
                _ => {}
            }
        }
        Ok(seen)
    }

    fn forward(&mut self, sample: &Sample, wire: &mut Wire) -> Result<(), Refused> {
        let mut message = parse(sample)?;
        let request = message.is_request();
        let headers = message.headers_mut();
        if request {
            drop_first(headers, |h| matches!(h, Header::Route(_)));
            for header in headers.iter_mut() {
                if let Header::MaxForwards(hops) = header {
                    let left: u32 = hops.value().trim().parse().map_err(|_| Refused)?;
                    hops.replace(left.saturating_sub(1).to_string());
                }
            }
            headers.push_front(Header::Via(Via::new(OUR_VIA)));
        } else {
            drop_first(headers, |h| matches!(h, Header::Via(_)));
        }
        wire.give(message.to_bytes());
        Ok(())
    }

    fn build(&mut self, sample: &Sample, wire: &mut Wire) -> Result<(), Refused> {
        let plan = &sample.plan;
        let mut headers = Headers::default();
        for (name, value) in &plan.headers {
            headers.push(make_header(name, value.clone()));
        }
        let (version, body) = (Version::V2, plan.body.to_vec());
        wire.give(match &plan.start {
            Start::Request { method, uri } => {
                let method = method.parse().map_err(|_| Refused)?;
                let uri = uri.as_str().try_into().map_err(|_| Refused)?;
                Request { method, uri, version, headers, body }.to_bytes()
            }
            Start::Response { code, reason } => {
                let status_code =
                    StatusCode::try_from((*code, reason.as_str())).map_err(|_| Refused)?;
                Response { status_code, version, headers, body, wire_reason: None }.to_bytes()
            }
        });
        Ok(())
    }
}

fn drop_first(headers: &mut Headers, is: impl Fn(&Header) -> bool) {
    if let Some(at) = headers.0.iter().position(is) {
        headers.0.remove(at);
    }
}
