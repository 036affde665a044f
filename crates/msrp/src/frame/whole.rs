//! Messages that a WebSocket brings (RFC 7977): one in each WebSocket message.

use bytes::Bytes;
use missiva_core::FaultKind;

use super::waiting::Body;
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

/// Reads a WebSocket message, text or binary, joined from its frames. It holds exactly one MSRP message, so its
/// end-line stands at its end, whatever the body holds: nothing is searched, and a sender has nothing to prove. A
/// message that ends in any other way is refused.
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
        Ok(None) => {
            return Err(refuse(&bytes, scan, ParseError::new(FaultKind::End, Part::Framing, len)));
        }
        Err(error) => return Err(refuse(&bytes, scan, error)),
    };
    let (HeadEnd::Body { next } | HeadEnd::EndLine { next, .. }) = end;
    let head_len = if matches!(end, HeadEnd::Body { .. }) { next - 2 } else { scan.line };
    let Some(start) = scan.start else {
        return Err(refuse(&bytes, scan, ParseError::new(FaultKind::End, Part::StartLine, 0)));
    };
    let has_body = matches!(end, HeadEnd::Body { .. });
    let head = Head::assemble(bytes.slice(..head_len), start, scan.slots, has_body);
    let refuse =
        |error, head| FrameError { error, recover: Recover::Skip, head: Some(Box::new(head)) };
    if let Some(error) = scan.fault {
        return Err(refuse(error, head));
    }
    let (body, end) = match end {
        HeadEnd::EndLine { next, .. } if next < len => {
            return Err(refuse(ParseError::new(FaultKind::Conflict, Part::EndLine, next), head));
        }
        HeadEnd::EndLine { flag, .. } => (0, End { flag, body: 0, fault: None, bare: false }),
        HeadEnd::Body { .. } => {
            match find(&Body::of(&head, next, false), bytes.get(next..).unwrap_or_default(), limits)
            {
                Ok(found) => found,
                Err(error) => return Err(refuse(error, head)),
            }
        }
    };
    Ok(Whole { head, body: bytes.slice(next..next + body), end })
}

/// Where the body ends and what the end-line says, which stands at the end of all bytes or nowhere.
fn find(body: &Body, bytes: &[u8], limits: &Limits) -> Result<(usize, End), ParseError> {
    let Some((len, flag, bare)) = body.marker.closes(bytes) else {
        let at = (body.head_len as usize).saturating_add(bytes.len());
        return Err(ParseError::new(FaultKind::End, Part::EndLine, at));
    };
    match body.check_len(len as u64, limits) {
        Some(error) => Err(error),
        None => {
            Ok((len, End { flag, body: len as u64, fault: body.length_fault(len as u64), bare }))
        }
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
