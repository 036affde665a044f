//! rsiprtp: Sans-IO, owned strings, typed on demand.
//!
//! Its public message type has no way to edit headers, so the parser module beneath it is
//! used: public, though hidden from its documentation.

use rsiprtp::sip::parser::{Header, Headers, Message, typed};
use rsiprtp::sip::{RecordRoute, Route, SessionExpires, SipRequest, SipUri, Supported};

use crate::sip::check::OUR_VIA;
use crate::sip::corpus::{Sample, Start};
use crate::sip::subject::{Level, Refused, Seen, Subject, Task, Wire};

pub(super) struct Rsiprtp;

fn parse(sample: &Sample) -> Result<Message, Refused> {
    Message::parse(&sample.raw).map_err(|_| Refused)
}

fn headers(message: &Message) -> &Headers {
    match message {
        Message::Request(request) => &request.headers,
        Message::Response(response) => &response.headers,
    }
}

impl Subject for Rsiprtp {
    fn name(&self) -> &'static str {
        "rsiprtp 0.4.1"
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
        Ok(Seen::lines(headers(&message).len()))
    }

    fn proxy_top(&mut self, sample: &Sample) -> Result<Seen, Refused> {
        let message = parse(sample)?;
        let all = headers(&message);
        let mut seen = Seen::default();
        if let Message::Request(request) = &message {
            seen.note(SipUri::parse(&request.uri));
            seen.note(all.get_first_value("Max-Forwards").unwrap_or("").parse::<u32>());
        }
        seen.note_opt(all.get_first_value("Route").map(Route::parse));
        seen.note_opt(all.get_first_value("Via").map(typed::Via::parse));
        seen.note_opt(all.get_first_value("From").map(typed::From::parse));
        seen.note_opt(all.get_first_value("To").map(typed::To::parse));
        seen.note(all.get_first_value("Call-ID").ok_or(Refused));
        seen.note_opt(all.get_first_value("CSeq").map(typed::CSeq::parse));
        seen.note(all.get_first_value("Content-Length").unwrap_or("").parse::<u32>());
        Ok(seen)
    }

    fn typed(&mut self, sample: &Sample) -> Result<Seen, Refused> {
        let message = parse(sample)?;
        let all = headers(&message);
        let mut seen = Seen::lines(all.len());
        if let Message::Request(request) = &message {
            seen.note(SipUri::parse(&request.uri));
        }
        for header in all.iter() {
            match header {
                Header::Via(v) => seen.note(typed::Via::parse(v)),
                Header::From(v) => seen.note(typed::From::parse(v)),
                Header::To(v) => seen.note(typed::To::parse(v)),
                Header::CSeq(v) => seen.note(typed::CSeq::parse(v)),
                Header::Contact(v) => seen.note(typed::Contact::parse(v)),
                Header::Route(v) => seen.note(Route::parse(v)),
                Header::RecordRoute(v) => seen.note(RecordRoute::parse(v)),
                Header::Supported(v) => seen.note(Supported::parse(v)),
                Header::Other(name, v) if name.eq_ignore_ascii_case("Session-Expires") => {
                    seen.note(SessionExpires::parse(v));
                }
                _ => {}
            }
        }
        Ok(seen)
    }

    fn forward(&mut self, sample: &Sample, wire: &mut Wire) -> Result<(), Refused> {
        match parse(sample)? {
            Message::Request(mut request) => {
                let mut edited = Headers::new();
                let mut popped = false;
                edited.push(Header::Via(OUR_VIA.to_owned())).map_err(|_| Refused)?;
                for header in request.headers {
                    let header = match header {
                        Header::Route(_) if !popped => {
                            popped = true;
                            continue;
                        }
                        Header::MaxForwards(hops) => {
                            let left: u32 = hops.parse().map_err(|_| Refused)?;
                            Header::MaxForwards(left.saturating_sub(1).to_string())
                        }
                        other => other,
                    };
                    edited.push(header).map_err(|_| Refused)?;
                }
                request.headers = edited;
                wire.give(request.to_bytes());
            }
            Message::Response(mut response) => {
                let mut edited = Headers::new();
                let mut popped = false;
                for header in response.headers {
                    if !popped && matches!(header, Header::Via(_)) {
                        popped = true;
                        continue;
                    }
                    edited.push(header).map_err(|_| Refused)?;
                }
                response.headers = edited;
                wire.give(response.to_bytes());
            }
        }
        Ok(())
    }

    /// Through its public builder, which makes requests with one Via of its own form, so the
    /// other lines go in as plain headers. Responses can only be built from a request.
    fn build(&mut self, sample: &Sample, wire: &mut Wire) -> Result<(), Refused> {
        let plan = &sample.plan;
        let Start::Request { method, uri } = &plan.start else {
            return Err(Refused);
        };
        let method = method.parse().map_err(|_| Refused)?;
        let mut builder = SipRequest::builder().method(method).uri(uri);
        let mut first_via = true;
        let mut routes = Vec::new();
        for (name, value) in &plan.headers {
            builder = match name.as_str() {
                "Via" if first_via => {
                    first_via = false;
                    match via_parts(value) {
                        Some((host, port, transport, branch)) => {
                            builder.via(host, port, transport, branch)
                        }
                        None => builder.header(name, value),
                    }
                }
                "Route" => {
                    routes.push(value.clone());
                    builder
                }
                "From" | "To" => {
                    let (display, address, tag) = address_parts(value);
                    match (name.as_str(), tag) {
                        ("From", tag) => {
                            let b = builder.from(address, tag.unwrap_or(""));
                            if display.is_empty() { b } else { b.from_display(display) }
                        }
                        (_, Some(tag)) => builder.to(address).to_tag(tag),
                        (_, None) => builder.to(address),
                    }
                }
                "Call-ID" => builder.call_id(value),
                "CSeq" => {
                    let number = value.split(' ').next().unwrap_or_default();
                    builder.cseq(number.parse().map_err(|_| Refused)?)
                }
                "Max-Forwards" => builder.max_forwards(value.parse().map_err(|_| Refused)?),
                "Content-Type" => builder.body(plan.body.to_vec(), value),
                // Written by the builder itself.
                "Content-Length" => builder,
                _ => builder.header(name, value),
            };
        }
        if !routes.is_empty() {
            builder = builder.route(&routes);
        }
        wire.give_bytes(builder.build().map_err(|_| Refused)?.to_bytes());
        Ok(())
    }
}

/// Host, port, transport and branch: all that its builder can put into a Via. `None` for a Via
/// that has more, or no port, since the builder writes one always.
fn via_parts(value: &str) -> Option<(&str, u16, &str, &str)> {
    let (protocol, rest) = value.split_once(' ')?;
    let transport = protocol.rsplit('/').next()?;
    let (sent_by, params) = rest.split_once(';')?;
    let (host, port) = sent_by.rsplit_once(':')?;
    let branch = params.strip_prefix("branch=").filter(|branch| !branch.contains(';'))?;
    Some((host, port.parse().ok()?, transport, branch))
}

/// Display name, URI and tag of a From or To of the fixtures.
fn address_parts(value: &str) -> (&str, &str, Option<&str>) {
    let (display, rest) = value.split_once('<').unwrap_or(("", value));
    let (address, params) = rest.split_once('>').unwrap_or((rest, ""));
    (display.trim().trim_matches('"'), address, params.strip_prefix(";tag="))
}
