//! Where the delimiters are.

use memchr::memmem::Finder;
use missiva_core::FaultKind;

use super::Tolerance;
use crate::{Limits, ParseError, Part};

/// One part and the delimiter before it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    /// First byte of the delimiter, which is that of the line end before it unless another delimiter has it.
    pub(super) delimiter: usize,
    /// First byte of the part, and the first behind it.
    pub(super) from: usize,
    pub(super) to: usize,
}

/// What stands behind a boundary.
enum Behind {
    /// A line end; the part starts at this byte.
    Part(usize),
    /// Two hyphens; the epilogue starts at this byte.
    Close(usize),
    /// More of the line: this may be no delimiter.
    More,
}

/// Room for the parts of an ordinary body.
const USUAL_PARTS: usize = 4;

/// The parts, the end of the last delimiter line, and whether that closed the body.
pub(super) fn split(
    body: &[u8],
    boundary: &str,
    tolerance: Tolerance,
    limits: &Limits,
) -> Result<(Vec<Piece>, usize, bool), ParseError> {
    let delimiter = [b"\r\n--", boundary.as_bytes()].concat();
    let finder = Finder::new(&delimiter);
    let mut pieces: Vec<Piece> = Vec::with_capacity(USUAL_PARTS);
    let fault = |kind, at| Err(ParseError::new(kind, Part::Boundary, at));

    // Where the next search begins, and the first byte that no delimiter has yet.
    let (mut search, mut free) = (0, 0);
    loop {
        // The first line of the body has no line end before it.
        let at_start = search == 0
            && free == 0
            && delimiter.get(2..).is_some_and(|boundary| body.starts_with(boundary));
        let found = if at_start { Some((0, delimiter.len() - 2)) } else { None };
        let found = found.or_else(|| {
            let at = finder.find(body.get(search..)?)?;
            Some((search + at, search + at + delimiter.len()))
        });
        let Some((at, behind)) = found else { break };
        match read_behind(body, behind) {
            Behind::More if tolerance.longer_line => {
                search = behind;
                // From here on the start of the body has been looked at.
                free = free.max(usize::from(at_start));
            }
            Behind::More => return fault(FaultKind::Unexpected, behind),
            Behind::Close(end) => {
                end_part(&mut pieces, at);
                let is_any = !pieces.is_empty();
                return if is_any { Ok((pieces, end, true)) } else { fault(FaultKind::Empty, at) };
            }
            Behind::Part(from) => {
                if pieces.len() >= limits.max_parts {
                    return fault(FaultKind::Limit, at);
                }
                end_part(&mut pieces, at);
                let delimiter = pieces.last().map_or(at, |last| at.max(last.from));
                pieces.push(Piece { delimiter, from, to: from });
                free = from;
                // The line end of this delimiter may be the one before the next.
                search = from - 2;
            }
        }
    }
    let Some(last) = pieces.last_mut() else { return fault(FaultKind::Empty, body.len()) };
    if !tolerance.missing_close {
        return fault(FaultKind::End, body.len());
    }
    last.to = body.len();
    Ok((pieces, body.len(), false))
}

/// The part before the delimiter at byte `at` ends there, unless the two share a line end.
fn end_part(pieces: &mut [Piece], at: usize) {
    if let Some(last) = pieces.last_mut() {
        last.to = at.max(last.from);
    }
}

/// Reads the rest of the line behind a boundary: hyphens, and white space that a relay may have added.
fn read_behind(body: &[u8], at: usize) -> Behind {
    let rest = body.get(at..).unwrap_or_default();
    let (closes, rest) = rest.strip_prefix(b"--").map_or((false, rest), |behind| (true, behind));
    let blanks = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let start = at + if closes { 2 } else { 0 } + blanks;
    match rest.get(blanks..).unwrap_or_default() {
        // The line end behind the closing boundary belongs to the epilogue.
        [] if closes => Behind::Close(start),
        [b'\r', b'\n', ..] if closes => Behind::Close(start),
        [b'\r', b'\n', ..] => Behind::Part(start + 2),
        _ => Behind::More,
    }
}
