//! Our own codec.

use missiva_sip::frame::{self, Frame};
use missiva_sip::header::{self, Field, Visit};
use missiva_sip::message::Index;
use missiva_sip::{Limits, Message, field};

use crate::corpus::Sample;
use crate::subject::{Level, Refused, Seen, Subject, Task, Wire};
use crate::subjects::OURS;

/// State that a caller would keep from message to message.
#[derive(Debug, Default)]
pub(super) struct Missiva {
    index: Index,
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
            Task::Forward | Task::Build => None,
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

    fn forward(&mut self, _sample: &Sample, _wire: &mut Wire) -> Result<(), Refused> {
        Err(Refused)
    }

    fn build(&mut self, _sample: &Sample, _wire: &mut Wire) -> Result<(), Refused> {
        Err(Refused)
    }
}
