//! The framer: bodies in slices, ends found and verified, streams in pieces of any size, and what happens after a fault.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot read its own messages has nothing to report"
)]

mod bodies;
mod chunking;
mod faults;
mod limits;
mod whole;

use bytes::Bytes;
use missiva_core::FaultKind;
use missiva_msrp::frame::{End, Event, FrameError, Recover, StreamFramer};
use missiva_msrp::{Limits, Part};

/// The headers that all of these messages share.
const PATHS: &str =
    "To-Path: msrp://b.example:2855/bob;tcp\r\nFrom-Path: msrp://a.example:2855/alice;tcp\r\n";

/// A SEND with these lines behind its paths.
fn send(id: &str, lines: &str, body: &[u8], flag: char) -> Vec<u8> {
    let head = format!(
        "MSRP {id} SEND\r\n{PATHS}Message-ID: 12339sdqwer\r\n{lines}Content-Type: text/plain\r\n\r\n"
    );
    [head.as_bytes(), body, format!("\r\n-------{id}{flag}\r\n").as_bytes()].concat()
}

/// A message as a framer gave it out, its slices joined.
#[derive(Clone, PartialEq, Eq)]
enum Seen {
    Message { head: Vec<u8>, body: Vec<u8>, end: Option<End> },
    Fault(FaultKind, Part, u32, Recover),
}

/// Collects what framers say.
#[derive(Default)]
struct Log(Vec<Seen>);

impl Log {
    fn drain(&mut self, framer: &mut StreamFramer) {
        loop {
            match framer.next() {
                Ok(None) => return,
                Ok(Some(Event::Head(head))) => {
                    self.0.push(Seen::Message {
                        head: head.bytes().to_vec(),
                        body: Vec::new(),
                        end: None,
                    });
                }
                Ok(Some(Event::Body(slice))) => match self.0.last_mut() {
                    Some(Seen::Message { body, end: None, .. }) => {
                        assert!(!slice.is_empty());
                        body.extend_from_slice(&slice);
                    }
                    other => panic!("a body behind {other:?}"),
                },
                Ok(Some(Event::End(found))) => match self.0.last_mut() {
                    Some(Seen::Message { end, body, .. }) if end.is_none() => {
                        assert_eq!(found.body, body.len() as u64);
                        *end = Some(found);
                    }
                    other => panic!("an end behind {other:?}"),
                },
                Err(error) => self.fault(&error),
            }
        }
    }

    fn fault(&mut self, FrameError { error, recover, .. }: &FrameError) {
        // A message that is given up loses what was seen of it.
        if matches!(self.0.last(), Some(Seen::Message { end: None, .. })) {
            self.0.pop();
        }
        self.0.push(Seen::Fault(error.kind, error.field, error.at, *recover));
    }
}

/// What a framer makes of the pieces, the end of the stream included.
fn read_with<'a>(limits: Limits, pieces: impl IntoIterator<Item = &'a [u8]>) -> Vec<Seen> {
    let mut framer = StreamFramer::with_limits(limits);
    let mut log = Log::default();
    for piece in pieces {
        framer.push(Bytes::copy_from_slice(piece));
        log.drain(&mut framer);
    }
    if let Err(error) = framer.finish() {
        log.fault(&error);
    }
    log.0
}

fn read<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Vec<Seen> {
    read_with(Limits::DEFAULT, pieces)
}

/// The bodies of messages that came whole.
fn bodies(seen: &[Seen]) -> Vec<&[u8]> {
    let body = |seen| match seen {
        &Seen::Message { ref body, end: Some(_), .. } => Some(&body[..]),
        _ => None,
    };
    seen.iter().filter_map(body).collect()
}

/// The ends of messages that came whole.
fn ends(seen: &[Seen]) -> Vec<End> {
    let end = |seen: &Seen| match seen {
        Seen::Message { end, .. } => *end,
        Seen::Fault(..) => None,
    };
    seen.iter().filter_map(end).collect()
}

fn faults(seen: &[Seen]) -> Vec<(FaultKind, Part, Recover)> {
    let fault = |seen: &Seen| match seen {
        Seen::Fault(kind, part, _, recover) => Some((*kind, *part, *recover)),
        Seen::Message { .. } => None,
    };
    seen.iter().filter_map(fault).collect()
}

impl std::fmt::Debug for Seen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Message { head, body, end } => {
                let line = head.split(|byte| *byte == b'\r').next().unwrap_or_default();
                write!(f, "{} | {} | {end:?}", line.escape_ascii(), body.escape_ascii())
            }
            Self::Fault(kind, part, at, recover) => write!(f, "{kind:?} {part} {at} {recover:?}"),
        }
    }
}
