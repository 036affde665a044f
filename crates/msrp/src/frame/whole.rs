//! Messages that a WebSocket brings (RFC 7977): one in each WebSocket message.

use bytes::Bytes;
use missiva_core::FaultKind;

use super::pieces::Pieces;
use super::waiting::{Body, Held};
use super::{End, FrameError, Recover};
use crate::head::{HeadEnd, HeadScan};
use crate::{Head, Limits, ParseError, Part};

/// The subprotocol that both ends name in the WebSocket handshake (RFC 7977 section 5.1).
///
/// A message may travel in text or binary WebSocket messages, and receivers take both. Senders use binary ones: a
/// text message must be UTF-8, and a chunk may end in the middle of a character.
pub const SUBPROTOCOL: &str = "msrp";

/// A message that came at once.
#[derive(Clone, Debug)]
pub struct Whole {
    /// Start line and headers.
    pub head: Head,
    /// The body, a slice of what came; empty when there is none.
    pub body: Bytes,
    /// What the end-line says.
    pub end: End,
}

/// Reads a WebSocket message, text or binary, joined from its frames. It holds exactly one MSRP message: bytes behind
/// the end-line are refused, and so is an end that is missing.
///
/// ```
/// use bytes::Bytes;
/// use missiva_msrp::{Flag, Limits, StatusCode, frame};
///
/// let bytes = Bytes::from_static(b"MSRP a786 200 OK\r\nTo-Path: msrp://a/1;ws\r\nFrom-Path: msrp://b/2;ws\r\n-------a786$\r\n");
/// let whole = frame::websocket(bytes, &Limits::DEFAULT)?;
/// assert_eq!((whole.head.status(), whole.end.flag), (Some(StatusCode::OK), Flag::Last));
/// # Ok::<(), missiva_msrp::frame::FrameError>(())
/// ```
///
/// # Errors
///
/// What is wrong with it; the next WebSocket message is not concerned.
pub fn websocket(bytes: Bytes, limits: &Limits) -> Result<Whole, FrameError> {
    let mut scan = HeadScan::new();
    let len = bytes.len();
    let end = match scan.advance(&bytes, limits) {
        Ok(Some(end)) => end,
        Ok(None) => return Err(refuse(&bytes, scan, ParseError::new(FaultKind::End, Part::Framing, len))),
        Err(error) => return Err(refuse(&bytes, scan, error)),
    };
    let (HeadEnd::Body { next } | HeadEnd::EndLine { next, .. }) = end;
    let head_len = if matches!(end, HeadEnd::Body { .. }) { next - 2 } else { scan.line };
    let Some(start) = scan.start else {
        return Err(refuse(&bytes, scan, ParseError::new(FaultKind::End, Part::StartLine, 0)));
    };
    let has_body = matches!(end, HeadEnd::Body { .. });
    let head = Head::assemble(bytes.slice(..head_len), start, scan.slots, has_body);
    let refuse = |error, head| FrameError { error, recover: Recover::Skip, head: Some(Box::new(head)) };
    if let Some(error) = scan.fault {
        return Err(refuse(error, head));
    }
    let mut pieces = Pieces::default();
    pieces.push(bytes.slice(next..));
    let found = match end {
        HeadEnd::EndLine { flag, .. } => {
            Some((0, 0, End { flag, body: 0, fault: None, bare: false }))
        }
        HeadEnd::Body { .. } => match find(Body::of(&head, next, false), &pieces, limits) {
            Ok(found) => found,
            Err(error) => return Err(refuse(error, head)),
        },
    };
    let Some((body, end_line, end)) = found else {
        return Err(refuse(ParseError::new(FaultKind::End, Part::EndLine, len), head));
    };
    let whole = next + body + end_line;
    if whole < len {
        return Err(refuse(ParseError::new(FaultKind::Conflict, Part::EndLine, whole), head));
    }
    Ok(Whole { head, body: bytes.slice(next..next + body), end })
}

/// Where the body ends, how long the end-line is, and what it says; the same rules as on a stream.
fn find(
    mut body: Body,
    pieces: &Pieces,
    limits: &Limits,
) -> Result<Option<(usize, usize, End)>, ParseError> {
    let found = match body.verify(pieces, limits) {
        Held::Ends(end_line, end) => Some((end.body as usize, end_line, end)),
        Held::Searched | Held::Waits => body.search(pieces),
    };
    match found.and_then(|(_, _, end)| body.check_len(end.body, limits)) {
        Some(error) => Err(error),
        None => Ok(found),
    }
}

#[cold]
fn refuse(bytes: &Bytes, scan: HeadScan, error: ParseError) -> FrameError {
    let head = scan.start.map(|start| {
        let bytes = bytes.slice(..scan.line.min(bytes.len()));
        Box::new(Head::assemble(bytes, start, scan.slots, false))
    });
    FrameError { error, recover: Recover::Skip, head }
}
