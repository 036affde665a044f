//! Streams of messages, shown while they arrive.

use missiva_sip::frame::{Frame, FrameError, Recover, Side, StreamFramer};
use missiva_sip::{Part, field};

use super::dump;
use crate::inspect::finding::malformed;
use crate::inspect::{Document, Finding};

/// Makes documents from a stream in pieces of any size.
#[derive(Debug)]
pub struct StreamReader {
    framer: StreamFramer,
    strict: bool,
    /// Bytes that came so far.
    pushed: usize,
    /// Where in the input the next message starts, line ends before it included.
    start: usize,
    /// The bytes from there on, by which the offset of a refused message is found.
    pending: Vec<u8>,
    closed: bool,
}

impl StreamReader {
    /// A reader at the start of a stream.
    #[must_use]
    pub fn new(strict: bool) -> Self {
        Self {
            framer: StreamFramer::new(Side::Accepting),
            strict,
            pushed: 0,
            start: 0,
            pending: Vec::new(),
            closed: false,
        }
    }

    /// Takes in bytes and gives a document for each message that they end.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Document> {
        let mut documents = Vec::new();
        self.framer.push(bytes);
        // A message that is skipped may end beyond what has come.
        let unwanted = self.start.saturating_sub(self.pushed).min(bytes.len());
        self.pending.extend_from_slice(bytes.get(unwanted..).unwrap_or_default());
        self.pushed += bytes.len();
        while !self.closed {
            match self.framer.next() {
                Ok(Some(frame)) => documents.push(self.show(&frame)),
                Ok(None) => break,
                Err(error) => documents.push(self.refuse(&error)),
            }
        }
        documents
    }

    /// Whether the next message cannot be found, so that more bytes are of no use.
    #[must_use]
    pub const fn is_closed(&self) -> bool {
        self.closed
    }

    /// Ends the stream; a message that is not whole makes a last document.
    #[must_use]
    pub fn finish(self) -> Option<Document> {
        let error = self.framer.end().err()?;
        let base = self.start + dump::leading_line_ends(&self.pending);
        let fault = Finding::of(error, base);
        Some(Document { json: malformed(base, std::slice::from_ref(&fault)), faults: vec![fault] })
    }

    fn show(&mut self, frame: &Frame) -> Document {
        let end = self.pushed - self.framer.buffered();
        let document = match frame {
            Frame::Message(message) => {
                let base = end - message.bytes().len();
                dump::message(message, base, None, self.strict)
            }
            frame => dump::keep_alive(frame, self.start),
        };
        self.advance(end);
        document
    }

    fn refuse(&mut self, error: &FrameError) -> Document {
        let base = self.start + dump::leading_line_ends(&self.pending);
        let document = dump::refused(error, base);
        match error.recover {
            Recover::Close => self.closed = true,
            Recover::Skip => {
                let mut end = self.pushed - self.framer.buffered();
                // The framer has read the head of what it will skip, and not the body.
                if error.error.field == Part::Body {
                    end += error.message.as_deref().map_or(0, body_length);
                }
                self.advance(end);
            }
        }
        document
    }

    /// Notes that the next message starts at byte `end` of the input.
    fn advance(&mut self, end: usize) {
        let gone = end.saturating_sub(self.start).min(self.pending.len());
        self.pending.drain(..gone);
        self.start = end;
    }
}

fn body_length(message: &missiva_sip::Message) -> usize {
    let length = message.get::<field::ContentLength>().ok().flatten();
    length.map_or(0, |length| length.0 as usize)
}
