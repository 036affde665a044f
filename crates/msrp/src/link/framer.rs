//! One way to read links of both kinds.

use bytes::Bytes;

use super::Framing;
use crate::Limits;
use crate::frame::{Event, FrameError, StreamFramer, Whole, websocket};

/// Reads what a link brings.
#[derive(Debug)]
#[allow(clippy::large_enum_variant, reason = "it lives in a box of its own")]
pub(crate) enum Framer {
    Stream(StreamFramer),
    WebSocket { limits: Limits, stage: Stage },
}

/// What of a WebSocket message is still to be told.
#[derive(Debug, Default)]
pub(crate) enum Stage {
    #[default]
    Empty,
    Bytes(Bytes),
    Body(Box<Whole>),
    End(Box<Whole>),
}

impl Framer {
    pub(crate) fn new(framing: Framing, limits: Limits) -> Self {
        match framing {
            Framing::Stream => Self::Stream(StreamFramer::with_limits(limits)),
            Framing::WebSocket => Self::WebSocket { limits, stage: Stage::Empty },
        }
    }

    pub(crate) fn push(&mut self, bytes: Bytes) {
        match self {
            Self::Stream(framer) => framer.push(bytes),
            // Some peers keep the connection alive with empty messages, or with the line end of streams.
            Self::WebSocket { .. } if bytes.is_empty() || bytes == "\r\n" => {}
            Self::WebSocket { stage, .. } => *stage = Stage::Bytes(bytes),
        }
    }

    pub(crate) fn next(&mut self) -> Result<Option<Event>, FrameError> {
        let (limits, stage) = match self {
            Self::Stream(framer) => return framer.next(),
            Self::WebSocket { limits, stage } => (limits, stage),
        };
        match std::mem::take(stage) {
            Stage::Empty => Ok(None),
            Stage::Bytes(bytes) => {
                let whole = Box::new(websocket(bytes, limits)?);
                let head = whole.head.clone();
                *stage = if whole.body.is_empty() { Stage::End(whole) } else { Stage::Body(whole) };
                Ok(Some(Event::Head(head)))
            }
            Stage::Body(whole) => {
                let body = whole.body.clone();
                *stage = Stage::End(whole);
                Ok(Some(Event::Body(body)))
            }
            Stage::End(whole) => Ok(Some(Event::End(whole.end))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_websocket_message_is_told_as_a_stream_tells_it() {
        let text = "MSRP a786 SEND\r\nTo-Path: msrp://b/2;ws\r\nFrom-Path: msrp://a/1;ws\r\nMessage-ID: 12339\r\n\
                    Byte-Range: 1-3/3\r\nContent-Type: text/plain\r\n\r\nabc\r\n-------a786$\r\n";
        for framing in [Framing::Stream, Framing::WebSocket] {
            let mut framer = Framer::new(framing, Limits::DEFAULT);
            framer.push(Bytes::from_static(b"\r\n"));
            assert!(framer.next().unwrap().is_none());
            framer.push(Bytes::from_static(text.as_bytes()));
            assert!(matches!(framer.next(), Ok(Some(Event::Head(_)))));
            assert!(matches!(framer.next(), Ok(Some(Event::Body(body))) if body == "abc"));
            assert!(matches!(framer.next(), Ok(Some(Event::End(end))) if end.body == 3));
            assert!(matches!(framer.next(), Ok(None)));
        }
    }
}
