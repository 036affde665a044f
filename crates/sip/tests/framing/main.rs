//! Framing from outside: limits at their edges, recovery, keep-alives, and any way to cut a stream.

#![allow(clippy::unwrap_used, reason = "what a test prepares itself is known to be there")]

mod agreement;
mod chunking;
mod dripping;
mod keep_alives;
mod limits;
mod nul;
mod recovery;
mod whole;

use missiva_core::FaultKind;
use missiva_sip::frame::{self, Frame, FrameError, Recover, Side, StreamFramer};
use missiva_sip::{Limits, Message, Part};

/// What came out of a framer, as far as it can be compared.
#[derive(Clone, Debug, PartialEq)]
enum Seen {
    Message { head: Vec<u8>, body: Vec<u8> },
    Ping,
    Pong,
    Fault { kind: FaultKind, field: Part, at: u32, recover: Recover, head: Option<Vec<u8>> },
}

impl Seen {
    fn of(frame: Frame) -> Self {
        match frame {
            Frame::Message(message) => {
                Self::Message { head: message.head().to_vec(), body: message.body().to_vec() }
            }
            Frame::Ping => Self::Ping,
            Frame::Pong => Self::Pong,
            other => panic!("{other:?}"),
        }
    }

    fn refused(error: &FrameError) -> Self {
        let head = error.message.as_deref().map(|message| message.head().to_vec());
        let fault = error.error;
        Self::Fault {
            kind: fault.kind,
            field: fault.field,
            at: fault.at,
            recover: error.recover,
            head,
        }
    }

    /// A fault as the tables of these tests write it.
    fn fault(&self) -> Option<(FaultKind, Part, Recover)> {
        match self {
            Self::Fault { kind, field, recover, .. } => Some((*kind, *field, *recover)),
            _ => None,
        }
    }

    fn body(&self) -> Option<&[u8]> {
        if let Self::Message { body, .. } = self { Some(body) } else { None }
    }
}

/// Pushes the pieces one after the other and takes out all there is after each.
fn read<'a>(framer: &mut StreamFramer, pieces: impl IntoIterator<Item = &'a [u8]>) -> Vec<Seen> {
    let mut seen = Vec::new();
    for piece in pieces {
        framer.push(piece);
        loop {
            match framer.next() {
                Ok(None) => break,
                Ok(Some(frame)) => seen.push(Seen::of(frame)),
                Err(error) => seen.push(Seen::refused(&error)),
            }
        }
    }
    seen
}

/// What the accepting end sees of a stream under `limits`.
fn stream(bytes: &[u8], limits: Limits) -> Vec<Seen> {
    read(&mut StreamFramer::with_limits(Side::Accepting, limits), [bytes])
}

fn datagram(bytes: &[u8], limits: &Limits) -> Seen {
    match frame::datagram(bytes.to_vec().into(), limits) {
        Ok(frame) => Seen::of(frame),
        Err(error) => Seen::refused(&error),
    }
}

/// A request with these header lines and with this body, whose length it states.
fn request(lines: &[&str], body: &str) -> Vec<u8> {
    let mut text = "MESSAGE sip:a@example.com SIP/2.0\r\n".to_owned();
    for line in lines {
        text.push_str(line);
        text.push_str("\r\n");
    }
    text.push_str(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
    text.into_bytes()
}

fn message(bytes: Vec<u8>) -> Message {
    match frame::datagram(bytes.into(), &Limits::lab()) {
        Ok(Frame::Message(message)) => message,
        other => panic!("{other:?}"),
    }
}
