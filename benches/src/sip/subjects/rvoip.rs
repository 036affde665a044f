//! rvoip-sip-core: owned values, everything typed in the one call that it offers.

use rvoip_sip_core::types::header::{HeaderName, HeaderValue, TypedHeader};
use rvoip_sip_core::types::{MaxForwards, StatusCode, Via};
use rvoip_sip_core::{Message, Request, Response, Uri, parse_message};

use crate::sip::check::OUR_VIA;
use crate::sip::corpus::{Sample, Start};
use crate::sip::subject::{Level, Refused, Seen, Subject, Task, Wire};

pub(super) struct Rvoip;

fn parse(sample: &Sample) -> Result<Message, Refused> {
    parse_message(&sample.raw).map_err(|_| Refused)
}

/// A known header that it could not read comes back as `Other` under its known name.
fn seen(message: &Message) -> Seen {
    let mut seen = Seen::default();
    for header in message.all_headers() {
        seen.headers += 1;
        match header {
            TypedHeader::Other(HeaderName::Other(_), _) => {}
            TypedHeader::Other(..) => seen.faults += 1,
            _ => seen.typed += 1,
        }
    }
    seen
}

impl Subject for Rvoip {
    fn name(&self) -> &'static str {
        "rvoip-sip-core 0.4.0"
    }

    fn level(&self, task: Task) -> Option<Level> {
        Some(match task {
            Task::Build => Level::Text,
            _ => Level::Eager,
        })
    }

    fn index(&mut self, sample: &Sample) -> Result<Seen, Refused> {
        let message = std::hint::black_box(parse(sample)?);
        Ok(Seen::lines(message.all_headers().len()))
    }

    fn proxy_top(&mut self, sample: &Sample) -> Result<Seen, Refused> {
        self.typed(sample)
    }

    fn typed(&mut self, sample: &Sample) -> Result<Seen, Refused> {
        let message = std::hint::black_box(parse(sample)?);
        Ok(seen(&message))
    }

    fn forward(&mut self, sample: &Sample, wire: &mut Wire) -> Result<(), Refused> {
        let mut message = parse(sample)?;
        match &mut message {
            Message::Request(request) => {
                drop_first(&mut request.headers, |h| matches!(h, TypedHeader::Route(_)));
                for header in &mut request.headers {
                    if let TypedHeader::MaxForwards(MaxForwards(hops)) = header {
                        *hops = hops.saturating_sub(1);
                    }
                }
                request.headers.insert(0, our_via()?);
            }
            Message::Response(response) => {
                drop_first(&mut response.headers, |h| matches!(h, TypedHeader::Via(_)));
            }
        }
        wire.give(message.to_bytes());
        Ok(())
    }

    fn build(&mut self, sample: &Sample, wire: &mut Wire) -> Result<(), Refused> {
        let plan = &sample.plan;
        let headers = plan.headers.iter().map(|(name, value)| {
            let name = name.parse().unwrap_or_else(|_| HeaderName::Other(name.clone()));
            TypedHeader::Other(name, HeaderValue::Raw(value.clone().into_bytes()))
        });
        let message = match &plan.start {
            Start::Request { method, uri } => {
                let method = method.parse().map_err(|_| Refused)?;
                let uri: Uri = uri.parse().map_err(|_| Refused)?;
                let mut request = Request::new(method, uri);
                request.headers = headers.collect();
                request.body = plan.body.clone();
                Message::Request(request)
            }
            Start::Response { code, reason } => {
                let status = StatusCode::from_u16(*code).map_err(|_| Refused)?;
                let mut response = Response::new(status).with_reason(reason.clone());
                response.headers = headers.collect();
                response.body = plan.body.clone();
                Message::Response(response)
            }
        };
        wire.give(message.to_bytes());
        Ok(())
    }
}

fn our_via() -> Result<TypedHeader, Refused> {
    OUR_VIA.parse::<Via>().map(TypedHeader::Via).map_err(|_| Refused)
}

fn drop_first(headers: &mut Vec<TypedHeader>, is: impl Fn(&TypedHeader) -> bool) {
    if let Some(at) = headers.iter().position(is) {
        headers.remove(at);
    }
}
