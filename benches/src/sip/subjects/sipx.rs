//! sipx-sip: Sans-IO, reference-counted slices, typed on demand; the closest in design.

use bytes::Bytes;
use sipx_sip::headers::{
    Allow, CSeq, CallId, ContactValue, ContentLength, ContentType, From, MaxForwards,
    PAssertedIdentity, RecordRoute, Route, Supported, To, Via,
};
use sipx_sip::{
    Header, HeaderName, Limits, Message, Method, RequestBuilder, ResponseBuilder, StatusCode,
    TypedHeader, Uri, parse_datagram,
};

use crate::sip::check::OUR_VIA;
use crate::sip::corpus::{Sample, Start};
use crate::sip::subject::{Level, Refused, Seen, Subject, Task, Wire};

pub(super) struct Sipx {
    limits: Limits,
}

impl Default for Sipx {
    fn default() -> Self {
        Self { limits: Limits::datagram() }
    }
}

impl Sipx {
    fn parse(&self, sample: &Sample) -> Result<Message, Refused> {
        parse_datagram(sample.raw.clone(), &self.limits).map_err(|_| Refused)
    }
}

fn note_all<H: TypedHeader>(seen: &mut Seen, message: &Message) {
    for value in message.headers().typed_all::<H>() {
        seen.note(value);
    }
}

impl Subject for Sipx {
    fn name(&self) -> &'static str {
        "sipx-sip 1.0.1"
    }

    fn level(&self, task: Task) -> Option<Level> {
        Some(match task {
            Task::Frame | Task::Index | Task::Forward => Level::Names,
            Task::ProxyTop | Task::Typed => Level::Typed,
            Task::Build => Level::Text,
        })
    }

    fn index(&mut self, sample: &Sample) -> Result<Seen, Refused> {
        let message = std::hint::black_box(self.parse(sample)?);
        Ok(Seen::lines(message.headers().len()))
    }

    fn proxy_top(&mut self, sample: &Sample) -> Result<Seen, Refused> {
        let message = self.parse(sample)?;
        let headers = message.headers();
        let mut seen = Seen::default();
        seen.note_opt(headers.typed::<Via>());
        seen.note_opt(headers.typed::<Route>());
        seen.note_opt(headers.typed::<MaxForwards>());
        seen.note_opt(headers.typed::<From>());
        seen.note_opt(headers.typed::<To>());
        seen.note_opt(headers.typed::<CallId>());
        seen.note_opt(headers.typed::<CSeq>());
        seen.note_opt(headers.typed::<ContentLength>());
        Ok(seen)
    }

    fn typed(&mut self, sample: &Sample) -> Result<Seen, Refused> {
        let message = self.parse(sample)?;
        let mut seen = Seen::lines(message.headers().len());
        note_all::<Via>(&mut seen, &message);
        note_all::<Route>(&mut seen, &message);
        note_all::<RecordRoute>(&mut seen, &message);
        note_all::<ContactValue>(&mut seen, &message);
        note_all::<PAssertedIdentity>(&mut seen, &message);
        let headers = message.headers();
        seen.note_opt(headers.typed::<From>());
        seen.note_opt(headers.typed::<To>());
        seen.note_opt(headers.typed::<CallId>());
        seen.note_opt(headers.typed::<CSeq>());
        seen.note_opt(headers.typed::<MaxForwards>());
        seen.note_opt(headers.typed::<Allow>());
        seen.note_opt(headers.typed::<Supported>());
        seen.note_opt(headers.typed::<ContentType>());
        seen.note_opt(headers.typed::<ContentLength>());
        Ok(seen)
    }

    fn forward(&mut self, sample: &Sample, wire: &mut Wire) -> Result<(), Refused> {
        let mut message = self.parse(sample)?;
        let request = message.as_request().is_some();
        let headers = message.headers_mut();
        if request {
            let hops = headers.typed::<MaxForwards>().and_then(Result::ok).ok_or(Refused)?;
            let left = hops.0.saturating_sub(1).to_string();
            let at = headers.iter().position(|h| *h.name() == HeaderName::MaxForwards);
            headers.remove_first(&HeaderName::MaxForwards);
            headers.insert(at.unwrap_or(0), header(HeaderName::MaxForwards, left)?);
            headers.remove_first(&HeaderName::Route);
            headers.push_front(header(HeaderName::Via, OUR_VIA)?);
        } else {
            headers.remove_first(&HeaderName::Via);
        }
        message.write_to(wire.buffer());
        Ok(())
    }

    fn build(&mut self, sample: &Sample, wire: &mut Wire) -> Result<(), Refused> {
        let plan = &sample.plan;
        let message = match &plan.start {
            Start::Request { method, uri } => {
                let method = Method::parse(&Bytes::copy_from_slice(method.as_bytes()));
                let uri =
                    Uri::parse(Bytes::copy_from_slice(uri.as_bytes())).map_err(|_| Refused)?;
                let mut builder = RequestBuilder::new(method, uri);
                for (name, value) in &plan.headers {
                    if let Some(name) = name_of(name) {
                        builder = builder.header(name, value.clone()).map_err(|_| Refused)?;
                    }
                }
                Message::Request(builder.body(plan.body.clone()).build())
            }
            Start::Response { code, reason } => {
                let status = StatusCode::new(*code).ok_or(Refused)?;
                let mut builder =
                    ResponseBuilder::new(status, reason.clone()).map_err(|_| Refused)?;
                for (name, value) in &plan.headers {
                    if let Some(name) = name_of(name) {
                        builder = builder.header(name, value.clone()).map_err(|_| Refused)?;
                    }
                }
                Message::Response(builder.body(plan.body.clone()).build())
            }
        };
        message.write_to(wire.buffer());
        Ok(())
    }
}

fn header(name: HeaderName, value: impl Into<Bytes>) -> Result<Header, Refused> {
    Header::build(name, value).map_err(|_| Refused)
}

/// The name as its builder wants it; `None` for Content-Length, which the builder writes.
fn name_of(name: &str) -> Option<HeaderName> {
    let name = HeaderName::parse(&Bytes::copy_from_slice(name.as_bytes()));
    (name != HeaderName::ContentLength).then_some(name)
}
