//! A stream of messages: TCP and TLS.
//!
//! ```text
//!            first line unreadable                  end-line far overdue, body over its limit
//!   Idle ──► Head ─────────────────────► Closed ◄────────────────────────────┐
//!    ▲        │ empty line                                                    │
//!    │        ├───────────────► Held ──── no end-line where it is due ────► Searched
//!    │        │ fault            │ end-line where the range says            │  │ end-line found
//!    │        ├───────► Searched │                                            │  │
//!    │        │ end-line         ▼                                            │  │
//!    └────────┴────────────── Ending ◄────────────────────────────────────────┴──┘
//! ```

use bytes::{Bytes, BytesMut};
use missiva_core::FaultKind;

use super::pieces::Pieces;
use super::waiting::{Body, Held};
use super::{End, Event, FrameError, Recover};
use crate::head::{HeadEnd, HeadScan};
use crate::{Head, Limits, ParseError, Part};

/// Cuts a stream into messages, and gives their bodies out as they pass.
///
/// However the bytes are divided, the messages are the same, and so are their bodies once their slices are joined.
/// A body is never copied: each [`Event::Body`] is a slice of a buffer that was pushed. Memory is bounded by
/// [`Limits::max_head`] and [`Limits::max_held`], whatever the size of a body.
///
/// A body whose length `Byte-Range` states waits until its end-line is there to be verified, up to
/// [`Limits::max_held`] bytes in at most sixty-four pieces; beyond that, and without a stated length, it is searched
/// and given out at once. When a peer pauses behind something that ends as a message does, the waiting bytes are
/// searched too, so that a range that promises too much cannot hold a message up.
///
/// ```
/// use bytes::Bytes;
/// use missiva_msrp::frame::{Event, StreamFramer};
/// use missiva_msrp::{Flag, field};
///
/// let mut framer = StreamFramer::new();
/// framer.push(Bytes::from_static(b"MSRP d93kswow SEND\r\nTo-Path: msrp://b.example:8888/9di4;tcp\r\nFrom-Pa"));
/// assert!(framer.next()?.is_none());
/// framer.push(Bytes::from_static(b"th: msrp://a.example:7777/iau3;tcp\r\nMessage-ID: 12339\r\nByte-Range: 1-5/5\r\n"));
/// framer.push(Bytes::from_static(b"Content-Type: text/plain\r\n\r\nhello\r\n-------d93kswow$\r\n"));
///
/// let Some(Event::Head(head)) = framer.next()? else { panic!("a head") };
/// assert_eq!(head.only::<field::ByteRange>()?.total, Some(5));
/// assert!(matches!(framer.next()?, Some(Event::Body(body)) if body == "hello"));
/// assert!(matches!(framer.next()?, Some(Event::End(end)) if end.flag == Flag::Last));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct StreamFramer {
    limits: Limits,
    /// What was pushed and not given out.
    pieces: Pieces,
    /// A head that came in more than one piece.
    gathered: BytesMut,
    /// The head that is being read, in the state of that name.
    scan: HeadScan,
    state: State,
}

#[derive(Debug)]
enum State {
    /// Between messages, or in a head.
    Head,
    /// In a body.
    Body(Body),
    /// `left` bytes of body are to be given out, then comes the end.
    Ending { left: usize, end_line: usize, end: End, discard: bool },
    /// The next message cannot be found.
    Closed,
}

/// Bytes that are added to a head at a time, so that no more than this of a body is copied, and put back.
const STEP: usize = 1024;

impl Default for StreamFramer {
    fn default() -> Self {
        Self::new()
    }
}

impl StreamFramer {
    /// A framer with the default limits.
    #[must_use]
    pub fn new() -> Self {
        Self::with_limits(Limits::DEFAULT)
    }

    /// A framer with limits of its own.
    #[must_use]
    pub fn with_limits(limits: Limits) -> Self {
        Self {
            limits,
            pieces: Pieces::default(),
            gathered: BytesMut::new(),
            scan: HeadScan::new(),
            state: State::Head,
        }
    }

    /// Takes in bytes as they arrive, without copying them. Call [`next`](Self::next) until it returns `None` before
    /// pushing more.
    pub fn push(&mut self, bytes: Bytes) {
        if !matches!(self.state, State::Closed) {
            self.pieces.push(bytes);
        }
    }

    /// The next event, or `None` when more bytes are needed.
    ///
    /// # Errors
    ///
    /// A bad message; `recover` says whether the stream goes on.
    #[inline]
    #[allow(
        clippy::should_implement_trait,
        reason = "a framer is no iterator: `None` means not yet"
    )]
    pub fn next(&mut self) -> Result<Option<Event>, FrameError> {
        loop {
            match &mut self.state {
                State::Head => {
                    if self.pieces.len() == 0 {
                        return Ok(None);
                    }
                    if let Some(head) = self.read_head()? {
                        return Ok(Some(Event::Head(head)));
                    }
                }
                State::Body(_) => {
                    if let Some(slice) = self.read_body()? {
                        return Ok(Some(Event::Body(slice)));
                    }
                    if matches!(self.state, State::Body(_)) {
                        return Ok(None);
                    }
                }
                State::Ending { left: 0, end_line, end, discard } => {
                    self.pieces.skip(*end_line);
                    let (end, discard) = (*end, *discard);
                    self.state = State::Head;
                    if !discard {
                        return Ok(Some(Event::End(end)));
                    }
                }
                State::Ending { left, discard, .. } => {
                    let slice = self.pieces.take(*left);
                    *left -= slice.len();
                    if !*discard {
                        return Ok(Some(Event::Body(slice)));
                    }
                }
                State::Closed => return Ok(None),
            }
        }
    }

    /// The peer has closed the stream: was it in the middle of a message?
    ///
    /// # Errors
    ///
    /// [`FaultKind::End`] when it was. Bytes that [`buffered`](Self::buffered) counts are lost.
    pub fn finish(&mut self) -> Result<(), FrameError> {
        let (part, at) = match &self.state {
            State::Head if self.buffered() == 0 => return Ok(()),
            State::Closed => return Ok(()),
            State::Head => (Part::Framing, self.buffered()),
            State::Body(Body { head_len, given, .. }) => {
                let at = head_len.saturating_add(*given) as usize;
                (Part::EndLine, at.saturating_add(self.pieces.len()))
            }
            State::Ending { .. } => (Part::EndLine, 0),
        };
        Err(self.close(ParseError::new(FaultKind::End, part, at)))
    }

    /// Bytes that wait for more to come.
    #[must_use]
    pub fn buffered(&self) -> usize {
        self.pieces.len() + self.gathered.len()
    }

    /// Reads on in a head; `None` when it has no end yet, or was refused.
    #[inline]
    fn read_head(&mut self) -> Result<Option<Head>, FrameError> {
        let scan = &mut self.scan;
        if !self.gathered.is_empty() {
            return self.gather_head();
        }
        if scan.start.is_none() && matches!(self.pieces.first(), [b'\r', ..]) {
            return self.skip_line_end();
        }
        match scan.advance(self.pieces.first(), &self.limits) {
            Ok(Some(end)) => {
                let (HeadEnd::Body { next } | HeadEnd::EndLine { next, .. }) = end;
                let bytes = self.pieces.take(next);
                self.end_head(bytes, end)
            }
            Ok(None) => {
                let bytes = self.pieces.take(usize::MAX);
                self.gathered.extend_from_slice(&bytes);
                Ok(None)
            }
            Err(error) => {
                let bytes = self.pieces.take(usize::MAX);
                self.refuse_head(bytes, error)
            }
        }
    }

    /// Line ends between messages are keep-alives of the connection, and mean nothing here.
    #[cold]
    fn skip_line_end(&mut self) -> Result<Option<Head>, FrameError> {
        match self.pieces.first() {
            [b'\r', b'\n', ..] => self.pieces.skip(2),
            [b'\r'] => {
                // Its line feed may come with the next piece.
                let byte = self.pieces.take(1);
                if self.pieces.first().first() == Some(&b'\n') {
                    self.pieces.skip(1);
                } else {
                    self.gathered.extend_from_slice(&byte);
                }
            }
            _ => return Err(self.close(ParseError::new(FaultKind::BareCr, Part::StartLine, 0))),
        }
        Ok(None)
    }

    /// Adds to a head that came in more than one piece.
    #[inline(never)]
    fn gather_head(&mut self) -> Result<Option<Head>, FrameError> {
        let scan = &mut self.scan;
        if self.gathered.as_ref() == b"\r" {
            self.gathered.clear();
            if self.pieces.first().first() != Some(&b'\n') {
                return Err(self.close(ParseError::new(FaultKind::BareCr, Part::StartLine, 0)));
            }
            self.pieces.skip(1);
            return Ok(None);
        }
        let before = self.gathered.len();
        let step = self.pieces.take(STEP);
        self.gathered.extend_from_slice(&step);
        match scan.advance(&self.gathered, &self.limits) {
            Ok(None) => Ok(None),
            Ok(Some(end)) => {
                let (HeadEnd::Body { next } | HeadEnd::EndLine { next, .. }) = end;
                let mut rest = step;
                let _head = rest.split_to(next.saturating_sub(before).min(rest.len()));
                self.pieces.push_front(rest);
                self.gathered.truncate(next);
                let bytes = self.gathered.split().freeze();
                self.end_head(bytes, end)
            }
            Err(error) => {
                let bytes = self.gathered.split().freeze();
                self.refuse_head(bytes, error)
            }
        }
    }

    /// The head is whole; `bytes` holds it and the line that ended it.
    #[inline]
    fn end_head(&mut self, bytes: Bytes, end: HeadEnd) -> Result<Option<Head>, FrameError> {
        let len = bytes.len();
        let (head_len, has_body) = match end {
            HeadEnd::Body { next } => (next - 2, true),
            HeadEnd::EndLine { .. } => (self.scan.line, false),
        };
        let mut bytes = bytes;
        bytes.truncate(head_len);
        let (start, slots, fault) = self.scan.finish();
        let Some(start) = start else { return Ok(None) };
        let head = Head::assemble(bytes, start, slots, has_body);
        let discard = fault.is_some();
        self.state = match end {
            HeadEnd::EndLine { flag, .. } => {
                let end = End { flag, body: 0, fault: None, bare: false };
                State::Ending { left: 0, end_line: 0, end, discard }
            }
            HeadEnd::Body { .. } => State::Body(Body::of(&head, len, discard)),
        };
        match fault {
            None => Ok(Some(head)),
            Some(error) => {
                Err(FrameError { error, recover: Recover::Skip, head: Some(Box::new(head)) })
            }
        }
    }

    /// The head cannot be read to its end. When the first line could, the end-line is searched for from there on.
    #[cold]
    fn refuse_head(&mut self, bytes: Bytes, error: ParseError) -> Result<Option<Head>, FrameError> {
        let (line, start_len) = (self.scan.line, self.scan.start_len);
        let (start, slots, _) = self.scan.finish();
        let Some(start) = start else { return Err(self.close(error)) };
        let head = Head::assemble(bytes.slice(..line.min(bytes.len())), start, slots, false);
        // The line end of the first line may be the one before the hyphens.
        let from = start_len.saturating_sub(2).min(bytes.len());
        let mut body = Body::of(&head, from, true);
        (body.stated, body.due, body.held, body.at_start) = (None, None, false, false);
        self.pieces.push_front(bytes.slice(from..));
        self.state = State::Body(body);
        Err(FrameError { error, recover: Recover::Skip, head: Some(Box::new(head)) })
    }

    /// Reads on in a body: a slice of it, or `None` when more must come or its end was found.
    #[inline]
    fn read_body(&mut self) -> Result<Option<Bytes>, FrameError> {
        let State::Body(body) = &mut self.state else { return Ok(None) };
        if body.held {
            match body.verify(&self.pieces, &self.limits) {
                Held::Waits => return Ok(None),
                Held::Ends(end_line, end) => {
                    return self.end_body(end.body as usize, end_line, end);
                }
                Held::Searched => body.held = false,
            }
        }
        self.search_body()
    }

    fn search_body(&mut self) -> Result<Option<Bytes>, FrameError> {
        let State::Body(body) = &mut self.state else { return Ok(None) };
        if let Some((left, end_line, end)) = body.search(&self.pieces) {
            return self.end_body(left, end_line, end);
        }
        let passed = body.given.saturating_add(body.searched as u64);
        if let Some(error) = body.check_len(passed, &self.limits) {
            return Err(self.close(error));
        }
        while body.searched > 0 {
            let slice = self.pieces.take(body.searched);
            body.searched -= slice.len();
            body.given = body.given.saturating_add(slice.len() as u64);
            if !body.discard {
                return Ok(Some(slice));
            }
        }
        Ok(None)
    }

    /// The end-line was found behind the next `left` bytes.
    #[inline]
    fn end_body(
        &mut self,
        left: usize,
        end_line: usize,
        end: End,
    ) -> Result<Option<Bytes>, FrameError> {
        let State::Body(body) = &self.state else { return Ok(None) };
        if let Some(error) = body.check_len(end.body, &self.limits) {
            return Err(self.close(error));
        }
        self.state = State::Ending { left, end_line, end, discard: body.discard };
        Ok(None)
    }

    #[cold]
    fn close(&mut self, error: ParseError) -> FrameError {
        self.state = State::Closed;
        self.pieces.clear();
        self.gathered.clear();
        FrameError { error, recover: Recover::Close, head: None }
    }
}

impl std::fmt::Debug for StreamFramer {
    /// Tells how much waits, and not what.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StreamFramer").field("buffered", &self.buffered()).finish_non_exhaustive()
    }
}
