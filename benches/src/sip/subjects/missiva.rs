//! Our own codec.

use bytes::{Bytes, BytesMut};
use missiva_sip::frame::{self, Frame};
use missiva_sip::header::{self, Field, MediaType, Value, Via, Visit};
use missiva_sip::message::{ForwardError, Index};
use missiva_sip::{Builder, Edit, Limits, Message, Method, Uri, field};

use crate::OURS;
use crate::sip::check::OUR_VIA;
use crate::sip::corpus::{Sample, Start};
use crate::sip::subject::{Level, Refused, Seen, Subject, Task, Wire};

/// State that a caller would keep from message to message.
#[derive(Debug, Default)]
pub(super) struct Missiva {
    index: Index,
    head: BytesMut,
}

impl Missiva {
    fn read(&mut self, sample: &Sample) -> Result<Message, Refused> {
        match frame::datagram_with(
            sample.raw.clone(),
            &Limits::DEFAULT,
            std::mem::take(&mut self.index),
        ) {
            Ok(Frame::Message(message)) => Ok(message),
            _ => Err(Refused),
        }
    }

    fn done(&mut self, message: Message, seen: Seen) -> Result<Seen, Refused> {
        self.index = message.into_index();
        Ok(seen)
    }
}

/// Notes every value it is shown.
struct Note<'s>(&'s mut Seen);

impl Visit for Note<'_> {
    #[inline(always)]
    fn value<'a, F: Field>(&mut self, value: F::Value<'a>) {
        self.0.note(Ok::<_, ()>(value));
    }
}

impl Subject for Missiva {
    fn name(&self) -> &'static str {
        OURS
    }

    fn level(&self, task: Task) -> Option<Level> {
        match task {
            Task::Frame | Task::Index => Some(Level::Names),
            Task::Typed | Task::ProxyTop => Some(Level::Typed),
            Task::Forward => Some(Level::Names),
            Task::Build => Some(Level::Text),
        }
    }

    fn index(&mut self, sample: &Sample) -> Result<Seen, Refused> {
        let message = self.read(sample)?;
        let seen = Seen::lines(message.headers().len());
        self.done(message, seen)
    }

    fn proxy_top(&mut self, sample: &Sample) -> Result<Seen, Refused> {
        let message = self.read(sample)?;
        let mut seen = Seen::lines(message.headers().len());
        if let Some(uri) = message.request_uri() {
            seen.note(uri);
        }
        seen.note(message.get::<field::Via>());
        seen.note(message.get::<field::Route>());
        seen.note(message.get::<field::MaxForwards>());
        seen.note(message.get::<field::To>().map(|to| to.and_then(|to| to.tag())));
        seen.note(message.get::<field::From>().map(|from| from.and_then(|from| from.tag())));
        seen.note(message.get::<field::CallId>());
        seen.note(message.get::<field::CSeq>());
        seen.note(message.get::<field::ContentLength>());
        self.done(message, seen)
    }

    fn typed(&mut self, sample: &Sample) -> Result<Seen, Refused> {
        let message = self.read(sample)?;
        let mut seen = Seen::lines(message.headers().len());
        if let Some(uri) = message.request_uri() {
            seen.note(uri);
        }
        for line in message.headers() {
            if let Err(error) = header::visit(&line, &mut Note(&mut seen)) {
                seen.note(Err::<(), _>(error));
            }
        }
        self.done(message, seen)
    }

    fn forward(&mut self, sample: &Sample, wire: &mut Wire) -> Result<(), Refused> {
        let message = self.read(sample)?;
        let body = forward(&message, &mut self.head).map_err(|_| Refused)?;
        let out = wire.buffer();
        out.extend_from_slice(&self.head);
        out.extend_from_slice(&body);
        self.index = message.into_index();
        Ok(())
    }

    fn build(&mut self, sample: &Sample, wire: &mut Wire) -> Result<(), Refused> {
        let buffer = std::mem::take(&mut self.head);
        let mut builder = match &sample.plan.start {
            Start::Request { method, uri } => {
                let uri = Uri::parse(uri).map_err(|_| Refused)?;
                Builder::request_in(buffer, Method::new(method), &uri)
            }
            Start::Response { code, reason } => Builder::response_in(buffer, *code, reason),
        };
        for (name, value) in &sample.plan.headers {
            builder = match name.as_str() {
                // The builder writes it by itself.
                "Content-Length" => builder,
                "Content-Type" => {
                    let media = MediaType::parse(value).map_err(|_| Refused)?;
                    builder.body(&media, sample.plan.body.clone())
                }
                name => builder.text(name, value),
            };
        }
        let payload = builder.finish().map_err(|_| Refused)?;
        let out = wire.buffer();
        for piece in payload.pieces() {
            out.extend_from_slice(piece);
        }
        self.head = payload.head.try_into_mut().unwrap_or_default();
        Ok(())
    }
}

/// What a proxy does: one more Via, one hop less, its own Route gone; on the way back its Via gone.
fn forward(message: &Message, head: &mut BytesMut) -> Result<Bytes, ForwardError> {
    let mut edit = Edit::new(message);
    if message.method().is_some() {
        if let Ok(via) = Via::parse(OUR_VIA) {
            edit.push_via(&via)?;
        }
        edit.decrement_max_forwards()?;
        edit.consume_route()?;
    } else {
        edit.pop_via()?;
    }
    head.clear();
    Ok(edit.finish_into(head))
}
