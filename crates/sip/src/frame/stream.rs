//! A stream of messages: TCP and TLS.

use bytes::{Buf, BytesMut};
use missiva_core::FaultKind;

use super::{Frame, FrameError, Recover, missing_length, refuse};
use crate::message::{HeadScan, Index};
use crate::{Limits, Message, ParseError, Part};

/// Which end of the connection this is: keep-alives differ (RFC 5626 section 4.4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The end that accepted the connection: two line ends between messages are a [`Frame::Ping`], a single one is
    /// skipped.
    Accepting,
    /// The end that opened it: each line end between messages is a [`Frame::Pong`].
    Connecting,
}

/// Cuts a stream into messages.
///
/// However the bytes are divided, the frames are the same; and a stream that drips in byte by byte costs time
/// linear in its bytes, since a byte is looked at no more often than its block of sixty-four is touched. Memory is bounded by the limits.
///
/// After a fault the framer goes on where it can: when the end of the bad message is known it is skipped, body and
/// all ([`Recover::Skip`]). Bare CR, bare LF or NUL in a head, a missing, malformed or repeated Content-Length, and
/// a head over its limit leave the end unknown ([`Recover::Close`]): from then on the framer returns nothing.
///
/// ```
/// use missiva_sip::frame::{Frame, Side, StreamFramer};
///
/// let mut framer = StreamFramer::new(Side::Accepting);
/// framer.push(b"OPTIONS sip:example.com SIP/2.0\r\nContent-Le");
/// assert!(framer.next()?.is_none());
/// framer.push(b"ngth: 2\r\n\r\nhi\r\n\r\n");
/// assert!(matches!(framer.next()?, Some(Frame::Message(message)) if &message.body()[..] == b"hi"));
/// assert!(matches!(framer.next()?, Some(Frame::Ping)));
/// # Ok::<(), missiva_sip::frame::FrameError>(())
/// ```
pub struct StreamFramer {
    buffer: BytesMut,
    limits: Limits,
    side: Side,
    state: State,
    /// Storage for the next message.
    index: Index,
}

#[derive(Debug)]
enum State {
    /// Between messages.
    Idle,
    /// In a head.
    Head(HeadScan),
    /// The head is whole; the body is not.
    Body { scan: HeadScan, head: usize, body: usize },
    /// Passing over the rest of a body that is not wanted.
    Skipping(usize),
    /// The next message cannot be found.
    Closed,
}

impl StreamFramer {
    /// A framer with the default limits.
    #[must_use]
    pub fn new(side: Side) -> Self {
        Self::with_limits(side, Limits::DEFAULT)
    }

    /// A framer with limits of its own.
    #[must_use]
    pub fn with_limits(side: Side, limits: Limits) -> Self {
        Self { buffer: BytesMut::new(), limits, side, state: State::Idle, index: Index::new() }
    }

    /// Takes storage back from a message that is done with ([`Message::into_index`]); the next one is read into it.
    pub fn recycle(&mut self, index: Index) {
        self.index = index;
    }

    /// Takes in bytes as they arrive. Call [`next`](Self::next) until it returns `None` before pushing more, so
    /// that no more than one message waits.
    pub fn push(&mut self, bytes: &[u8]) {
        match &mut self.state {
            State::Closed => {}
            State::Skipping(left) => {
                let skipped = bytes.len().min(*left);
                *left = left.saturating_sub(skipped);
                self.buffer.extend_from_slice(bytes.get(skipped..).unwrap_or_default());
            }
            _ => self.buffer.extend_from_slice(bytes),
        }
    }

    /// The next frame, or `None` when more bytes are needed.
    ///
    /// # Errors
    ///
    /// A bad message; `recover` says whether the stream goes on.
    #[allow(
        clippy::should_implement_trait,
        reason = "a framer is no iterator: `None` means not yet"
    )]
    pub fn next(&mut self) -> Result<Option<Frame>, FrameError> {
        loop {
            match &mut self.state {
                State::Idle => match self.start() {
                    Step::Frame(frame) => return Ok(Some(frame)),
                    Step::Wait => return Ok(None),
                    Step::On => {}
                },
                State::Head(scan) => match scan.advance(&self.buffer, &self.limits) {
                    Ok(Some(head)) => self.end_head(head)?,
                    Ok(None) => return Ok(None),
                    Err(error) => return Err(self.close(error)),
                },
                State::Body { head, body, .. } => {
                    if self.buffer.len() < *head + *body {
                        return Ok(None);
                    }
                    return self.take().map(Some);
                }
                State::Skipping(left) => {
                    let skipped = self.buffer.len().min(*left);
                    self.buffer.advance(skipped);
                    *left = left.saturating_sub(skipped);
                    if *left > 0 {
                        return Ok(None);
                    }
                    self.state = State::Idle;
                }
                State::Closed => return Ok(None),
            }
        }
    }

    /// The peer has closed the stream: was it in the middle of a message?
    ///
    /// # Errors
    ///
    /// [`FaultKind::End`], at the place where bytes are missing.
    pub fn end(&self) -> Result<(), ParseError> {
        let part = match self.state {
            State::Head(_) => Part::Framing,
            State::Body { .. } => Part::Body,
            State::Skipping(left) if left > 0 => Part::Body,
            State::Idle | State::Skipping(_) | State::Closed => return Ok(()),
        };
        Err(ParseError::new(FaultKind::End, part, self.buffer.len()))
    }

    /// Bytes that wait for the rest of their message.
    #[must_use]
    pub fn buffered(&self) -> usize {
        self.buffer.len()
    }

    /// Takes line ends off the front; a message starts with anything else.
    fn start(&mut self) -> Step {
        match (self.side, &self.buffer[..]) {
            (_, [] | [b'\r']) => Step::Wait,
            (Side::Connecting, [b'\r', b'\n', ..]) => {
                self.buffer.advance(2);
                Step::Frame(Frame::Pong)
            }
            (Side::Accepting, [b'\r', b'\n', b'\r', b'\n', ..]) => {
                self.buffer.advance(4);
                Step::Frame(Frame::Ping)
            }
            (Side::Accepting, [b'\r', b'\n'] | [b'\r', b'\n', b'\r']) => Step::Wait,
            (Side::Accepting, [b'\r', b'\n', ..]) => {
                self.buffer.advance(2);
                Step::On
            }
            _ => {
                self.state = State::Head(HeadScan::new(std::mem::take(&mut self.index)));
                Step::On
            }
        }
    }

    fn end_head(&mut self, head: usize) -> Result<(), FrameError> {
        let State::Head(scan) = std::mem::replace(&mut self.state, State::Closed) else {
            return Ok(());
        };
        let length = scan
            .content_length(&self.buffer)
            .and_then(|length| length.ok_or_else(|| missing_length(head)));
        let (error, recover) = match length {
            Ok(body) if body <= self.limits.max_body => {
                self.state = State::Body { scan, head, body };
                return Ok(());
            }
            Ok(body) => {
                self.state = State::Skipping(body);
                (ParseError::new(FaultKind::Limit, Part::Body, head), Recover::Skip)
            }
            // What is wrong before may be why the length was not found.
            Err(error) if error.kind == FaultKind::Empty => {
                (scan.fault.unwrap_or(error), Recover::Close)
            }
            Err(error) => (error, Recover::Close),
        };
        let bytes = self.buffer.split_to(head).freeze();
        if recover == Recover::Close {
            self.buffer.clear();
        }
        Err(refuse(bytes, head, scan, Some(error), recover))
    }

    fn take(&mut self) -> Result<Frame, FrameError> {
        let State::Body { scan, head, body } = std::mem::replace(&mut self.state, State::Idle)
        else {
            return Err(self.close(ParseError::new(FaultKind::End, Part::Framing, 0)));
        };
        let bytes = self.buffer.split_to(head + body).freeze();
        if scan.fault.is_some() {
            return Err(refuse(bytes, head, scan, None, Recover::Skip));
        }
        Ok(Frame::Message(Message::assemble(bytes, head, scan)))
    }

    #[cold]
    fn close(&mut self, error: ParseError) -> FrameError {
        self.state = State::Closed;
        self.buffer.clear();
        FrameError { error, recover: Recover::Close, message: None }
    }
}

enum Step {
    Frame(Frame),
    Wait,
    On,
}

impl std::fmt::Debug for StreamFramer {
    /// Tells how much waits, and not what.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StreamFramer")
            .field("side", &self.side)
            .field("buffered", &self.buffer.len())
            .finish_non_exhaustive()
    }
}
