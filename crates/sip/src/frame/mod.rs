//! From bytes to messages: datagrams, streams and WebSocket messages, by one and the same scanner.

mod stream;

use bytes::{Buf, Bytes};
use missiva_core::FaultKind;

pub use stream::{Side, StreamFramer};

use crate::message::{HeadScan, Index, Start};
use crate::{HeaderName, Limits, Message, ParseError, Part};

/// What arrived.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Frame {
    /// A whole message.
    Message(Message),
    /// A keep-alive that asks for an answer (RFC 5626 section 3.5.1: two line ends).
    Ping,
    /// The answer to a keep-alive (one line end).
    Pong,
}

/// Bytes that are no message.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{error}")]
pub struct FrameError {
    /// What is wrong.
    #[source]
    pub error: ParseError,
    /// What the driver does next.
    pub recover: Recover,
    /// The head, where it could be read: enough to answer the sender with a 400.
    pub message: Option<Box<Message>>,
}

/// How to go on after a [`FrameError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recover {
    /// The end of the bad message is known, and has been skipped: the next one can be read.
    Skip,
    /// Nobody knows where the next message starts: the link must be closed.
    Close,
}

/// Reads a datagram. It holds one message; what follows its body is cut off, as RFC 3261 section 18.3 says.
///
/// # Errors
///
/// What is wrong with it; the next datagram is not concerned.
pub fn datagram(bytes: Bytes, limits: &Limits) -> Result<Frame, FrameError> {
    datagram_with(bytes, limits, Index::new())
}

/// Like [`datagram`], with storage taken from an earlier message.
///
/// # Errors
///
/// As for [`datagram`].
pub fn datagram_with(bytes: Bytes, limits: &Limits, index: Index) -> Result<Frame, FrameError> {
    whole(bytes, limits, index, Rest::CutOff)
}

/// Reads a WebSocket message (RFC 7118), text or binary. It holds exactly one SIP message: `Content-Length` may be
/// left out, and bytes behind the body are refused.
///
/// # Errors
///
/// What is wrong with it; the next WebSocket message is not concerned.
pub fn websocket(bytes: Bytes, limits: &Limits) -> Result<Frame, FrameError> {
    websocket_with(bytes, limits, Index::new())
}

/// Like [`websocket`], with storage taken from an earlier message.
///
/// # Errors
///
/// As for [`websocket`].
pub fn websocket_with(bytes: Bytes, limits: &Limits, index: Index) -> Result<Frame, FrameError> {
    whole(bytes, limits, index, Rest::Refused)
}

/// What becomes of bytes behind the body.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rest {
    CutOff,
    Refused,
}

#[inline(always)]
fn whole(bytes: Bytes, limits: &Limits, index: Index, rest: Rest) -> Result<Frame, FrameError> {
    let mut bytes = bytes;
    let leading = leading_line_ends(&bytes);
    if leading > 0 {
        if leading == bytes.len() {
            return Ok(if leading >= 4 { Frame::Ping } else { Frame::Pong });
        }
        // The offsets of errors count from the first byte of the message itself.
        bytes.advance(leading);
    }
    let mut scan = HeadScan::new(index);
    let head_len = match scan.advance(&bytes, limits) {
        Ok(Some(head_len)) => head_len,
        Ok(None) => return Err(skip(ParseError::new(FaultKind::End, Part::Framing, bytes.len()))),
        Err(error) => return Err(skip(error)),
    };
    let available = bytes.len() - head_len;
    let stated = scan.content_length(&bytes);
    let is_stated = !matches!(stated, Ok(None));
    let length = check_length(stated, available, head_len, limits);
    let length = length.and_then(|length| match rest {
        Rest::Refused if length < available => {
            Err(ParseError::new(FaultKind::Conflict, Part::Body, head_len + length))
        }
        _ => Ok(length),
    });
    match length {
        Ok(length) if scan.fault.is_none() => {
            bytes.truncate(head_len + length);
            Ok(Frame::Message(Message::assemble(bytes, head_len, scan)))
        }
        length => {
            // As on a stream, what is wrong before may be why no length was found.
            let hidden = if is_stated { None } else { scan.fault };
            Err(refuse(bytes, head_len, scan, hidden.or_else(|| length.err()), Recover::Skip))
        }
    }
}

fn check_length(
    length: Result<Option<usize>, ParseError>,
    available: usize,
    head_len: usize,
    limits: &Limits,
) -> Result<usize, ParseError> {
    let length = length?.unwrap_or(available);
    if length > limits.max_body {
        return Err(ParseError::new(FaultKind::Limit, Part::Body, head_len));
    }
    if length > available {
        return Err(ParseError::new(FaultKind::End, Part::Body, head_len + available));
    }
    Ok(length)
}

/// An error that brings the head along, where it could be read: its fault is `fault`, or the scan's own.
#[cold]
fn refuse(
    bytes: Bytes,
    head_len: usize,
    scan: HeadScan,
    fault: Option<ParseError>,
    recover: Recover,
) -> FrameError {
    let error = fault.or(scan.fault);
    let error = error.unwrap_or_else(|| ParseError::new(FaultKind::End, Part::Framing, head_len));
    let readable = !matches!(scan.start, None | Some(Start::Unreadable));
    let mut head = bytes;
    head.truncate(head_len);
    let message = readable.then(|| Box::new(Message::assemble(head, head_len, scan)));
    FrameError { error, recover, message }
}

#[cold]
fn skip(error: ParseError) -> FrameError {
    FrameError { error, recover: Recover::Skip, message: None }
}

/// Bytes of CRLF pairs at the start, which RFC 3261 section 7.5 lets pass.
fn leading_line_ends(bytes: &[u8]) -> usize {
    bytes.chunks_exact(2).take_while(|pair| *pair == b"\r\n").count().saturating_mul(2)
}

/// The length is needed where nothing else says where a message ends (RFC 3261 section 20.14).
fn missing_length(head_len: usize) -> ParseError {
    ParseError::new(FaultKind::Empty, Part::Header(HeaderName::ContentLength), head_len)
}
