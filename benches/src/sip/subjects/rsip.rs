//! rsip: the dormant ancestor of several of the others; owned strings, typed on demand.

use rsip::headers::{MaxForwards, ToTypedHeader, UntypedHeader, Via};
use rsip::message::{HasHeaders, HeadersExt};
use rsip::{Header, Headers, Request, Response, SipMessage, Version};

use crate::sip::check::OUR_VIA;
use crate::sip::corpus::{Sample, Start};
use crate::sip::subject::{Level, Refused, Seen, Subject, Task, Wire};

pub(super) struct Rsip;

fn parse(sample: &Sample) -> Result<SipMessage, Refused> {
    SipMessage::try_from(&sample.raw[..]).map_err(|_| Refused)
}

impl Subject for Rsip {
    fn name(&self) -> &'static str {
        "rsip 0.4.0"
    }

    fn level(&self, task: Task) -> Option<Level> {
        match task {
            Task::Frame | Task::Index | Task::Forward => Some(Level::Names),
            Task::ProxyTop | Task::Typed => Some(Level::Typed),
            // Its values are text, but headers are enum variants and there is no way to make
            // one from a name at run time other than by parsing a message.
            Task::Build => Some(Level::Text),
        }
    }

    fn index(&mut self, sample: &Sample) -> Result<Seen, Refused> {
        let message = std::hint::black_box(parse(sample)?);
        Ok(Seen::lines(message.headers().iter().count()))
    }

    fn proxy_top(&mut self, sample: &Sample) -> Result<Seen, Refused> {
        let message = parse(sample)?;
        let mut seen = Seen::default();
        if let Some(route) = message.route_header() {
            seen.note(route.typed());
        }
        seen.note(message.via_header().and_then(|via| via.typed()));
        if sample.is_request() {
            seen.note(message.max_forwards_header().and_then(MaxForwards::num));
        }
        seen.note(message.from_header().and_then(|from| from.tag()));
        seen.note(message.to_header().and_then(|to| to.tag()));
        seen.note(message.call_id_header().map(|id| id.value().len()));
        seen.note(message.cseq_header().and_then(|cseq| cseq.typed()));
        let length = message.headers().iter().find_map(|h| match h {
            Header::ContentLength(h) => Some(h.length()),
            _ => None,
        });
        seen.note_opt(length);
        Ok(seen)
    }

    fn typed(&mut self, sample: &Sample) -> Result<Seen, Refused> {
        let message = parse(sample)?;
        let mut seen = Seen::default();
        for header in message.headers().iter() {
            seen.headers += 1;
            match header {
                Header::Via(h) => seen.note(h.typed()),
                Header::From(h) => seen.note(h.typed()),
                Header::To(h) => seen.note(h.typed()),
                Header::CSeq(h) => seen.note(h.typed()),
                Header::Contact(h) => seen.note(h.typed()),
                Header::Route(h) => seen.note(h.typed()),
                Header::RecordRoute(h) => seen.note(h.typed()),
                Header::Allow(h) => seen.note(h.typed()),
                Header::ContentType(h) => seen.note(h.typed()),
                _ => {}
            }
        }
        Ok(seen)
    }

    fn forward(&mut self, sample: &Sample, wire: &mut Wire) -> Result<(), Refused> {
        let mut message = parse(sample)?;
        let request = message.is_request();
        let mut headers: Vec<Header> = std::mem::take(message.headers_mut()).into();
        if request {
            drop_first(&mut headers, |h| matches!(h, Header::Route(_)));
            for header in &mut headers {
                if let Header::MaxForwards(hops) = header {
                    let left = hops.num().map_err(|_| Refused)?.saturating_sub(1);
                    *hops = left.into();
                }
            }
            headers.insert(0, Header::Via(Via::new(OUR_VIA)));
        } else {
            drop_first(&mut headers, |h| matches!(h, Header::Via(_)));
        }
        *message.headers_mut() = headers.into();
        wire.give(message.into());
        Ok(())
    }

    fn build(&mut self, sample: &Sample, wire: &mut Wire) -> Result<(), Refused> {
        let plan = &sample.plan;
        let mut headers = Headers::default();
        for (name, value) in &plan.headers {
            headers.push(header(name, value));
        }
        let (version, body) = (Version::V2, plan.body.to_vec());
        wire.give(match &plan.start {
            Start::Request { method, uri } => {
                let method = method.parse().map_err(|_| Refused)?;
                let uri = uri.as_str().try_into().map_err(|_| Refused)?;
                Request { method, uri, version, headers, body }.into()
            }
            Start::Response { code, .. } => {
                let status_code = (*code).into();
                Response { status_code, version, headers, body }.into()
            }
        });
        Ok(())
    }
}

fn drop_first(headers: &mut Vec<Header>, is: impl Fn(&Header) -> bool) {
    if let Some(at) = headers.iter().position(is) {
        headers.remove(at);
    }
}

/// The header variants that the fixtures need.
fn header(name: &str, value: &str) -> Header {
    use rsip::headers as h;
    match name {
        "Via" => Via::new(value).into(),
        "Max-Forwards" => MaxForwards::new(value).into(),
        "Route" => h::Route::new(value).into(),
        "Record-Route" => h::RecordRoute::new(value).into(),
        "From" => h::From::new(value).into(),
        "To" => h::To::new(value).into(),
        "Call-ID" => h::CallId::new(value).into(),
        "CSeq" => h::CSeq::new(value).into(),
        "Contact" => h::Contact::new(value).into(),
        "Supported" => h::Supported::new(value).into(),
        "Allow" => h::Allow::new(value).into(),
        "Content-Type" => h::ContentType::new(value).into(),
        "Content-Length" => h::ContentLength::new(value).into(),
        _ => Header::Other(name.to_owned(), value.to_owned()),
    }
}
