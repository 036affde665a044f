//! The lines of a head, found sixty-four bytes at a time.

use missiva_core::FaultKind;
use missiva_core::scan::{BLOCK, has_nul, mark_bytes};

use crate::{Limits, ParseError, Part};

/// One line of a head, without its line end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// The first colon, or a place at or behind the end where there is none.
    pub(crate) colon: usize,
}

/// What a head ended with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// Its empty line; the content starts at this byte.
    Blank(usize),
    /// The input.
    Input,
}

/// Shows `each` every line from byte `from` on, up to the empty line that ends the head.
///
/// A bare CR, a bare LF and a NUL are refused in every mode: where a head ends decides what is a header.
#[inline(always)]
pub(crate) fn read(
    bytes: &[u8],
    from: usize,
    limits: &Limits,
    mut each: impl FnMut(Line) -> Result<(), ParseError>,
) -> Result<Ended, ParseError> {
    let last = from.saturating_add(limits.max_head);
    let (mut base, mut carry) = (from, 0u64);
    let (mut start, mut first_colon) = (from, None);
    loop {
        let rest = bytes.get(base..).unwrap_or_default();
        let mut padded = [0; BLOCK];
        let (block, here) = match rest.first_chunk::<BLOCK>() {
            Some(block) => (block, u64::MAX),
            None => {
                padded.iter_mut().zip(rest).for_each(|(place, byte)| *place = *byte);
                (&padded, !u64::MAX.unbounded_shl(rest.len() as u32))
            }
        };
        let [mut feeds, returns, mut colons] =
            mark_bytes(block, [b'\n', b'\r', b':']).map(|mask| mask & here);
        // Every LF follows a CR, and behind every CR stands an LF.
        let mut bad = ((returns << 1 | carry) ^ feeds) & here;
        if has_nul(block) {
            let [nuls] = mark_bytes(block, [0]);
            bad |= nuls & here;
        }
        while feeds != 0 {
            // All bits up to the line end and with it.
            let until = feeds ^ feeds.wrapping_sub(1);
            if bad & until != 0 {
                return Err(line_fault(bytes, base, bad, last));
            }
            let next = base + feeds.trailing_zeros() as usize + 1;
            if next > last {
                return Err(ParseError::new(FaultKind::Limit, Part::Head, last));
            }
            if next - start == 2 {
                return Ok(Ended::Blank(next));
            }
            let colon =
                first_colon.unwrap_or_else(|| base + (colons & until).trailing_zeros() as usize);
            each(Line { start, end: next - 2, colon })?;
            (start, first_colon) = (next, None);
            (feeds, colons) = (feeds & !until, colons & !until);
        }
        if bad != 0 {
            return Err(line_fault(bytes, base, bad, last));
        }
        if first_colon.is_none() && colons != 0 {
            first_colon = Some(base + colons.trailing_zeros() as usize);
        }
        if here != u64::MAX {
            return finish(bytes, start, first_colon, last, each);
        }
        carry = returns >> 63;
        base += BLOCK;
        if base > last {
            return Err(ParseError::new(FaultKind::Limit, Part::Head, last));
        }
    }
}

/// The last line, which the end of the input ends.
#[cold]
fn finish(
    bytes: &[u8],
    start: usize,
    colon: Option<usize>,
    last: usize,
    mut each: impl FnMut(Line) -> Result<(), ParseError>,
) -> Result<Ended, ParseError> {
    let end = bytes.len();
    if end > last {
        return Err(ParseError::new(FaultKind::Limit, Part::Head, last));
    }
    if bytes.last() == Some(&b'\r') && end > start {
        return Err(ParseError::new(FaultKind::BareCr, Part::Head, end - 1));
    }
    if end > start {
        each(Line { start, end, colon: colon.unwrap_or(end) })?;
    }
    Ok(Ended::Input)
}

/// The first bad byte; behind the limit it is the limit that counts.
#[cold]
fn line_fault(bytes: &[u8], base: usize, bad: u64, last: usize) -> ParseError {
    let at = base + bad.trailing_zeros() as usize;
    if at >= last {
        return ParseError::new(FaultKind::Limit, Part::Head, last);
    }
    // A bit where no LF stands accuses the CR before it, unless it is a NUL that follows none.
    let after_cr = at.checked_sub(1).and_then(|before| bytes.get(before)) == Some(&b'\r');
    let (kind, at) = match bytes.get(at) {
        Some(b'\n') => (FaultKind::BareLf, at),
        Some(0) if !after_cr => (FaultKind::Nul, at),
        _ => (FaultKind::BareCr, at.saturating_sub(1)),
    };
    ParseError::new(kind, Part::Head, at)
}

/// The bytes `from` to `to`, without the white space at their ends.
#[inline(always)]
pub(crate) fn trim(bytes: &[u8], from: usize, to: usize) -> (usize, usize) {
    let blank = |at: usize| matches!(bytes.get(at), Some(b' ' | b'\t'));
    // One space and a value without white space at its end is what nearly all lines have.
    let from = from + usize::from(from < to && bytes.get(from) == Some(&b' '));
    if from < to && !blank(from) && !blank(to - 1) {
        (from, to)
    } else {
        trim_slowly(bytes, from.min(to), to)
    }
}

#[cold]
fn trim_slowly(bytes: &[u8], from: usize, to: usize) -> (usize, usize) {
    let value = bytes.get(from..to).unwrap_or_default();
    let blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let Some(first) = value.iter().position(|byte| !blank(byte)) else { return (to, to) };
    let last = value.iter().rposition(|byte| !blank(byte)).unwrap_or(first);
    (from + first, from + last + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    type Lines = (Vec<(usize, usize, usize)>, Ended);

    fn all(bytes: &[u8], limits: &Limits) -> Result<Lines, ParseError> {
        let mut lines = Vec::new();
        let ended = read(bytes, 0, limits, |line| {
            lines.push((line.start, line.end, line.colon.min(line.end)));
            Ok(())
        })?;
        Ok((lines, ended))
    }

    /// The same by the letter, a byte at a time.
    fn slowly(bytes: &[u8]) -> Result<Lines, FaultKind> {
        let (mut lines, mut start, mut at) = (Vec::new(), 0, 0);
        let line = |start: usize, end: usize| {
            let colon = bytes[start..end].iter().position(|&byte| byte == b':');
            (start, end, colon.map_or(end, |colon| start + colon))
        };
        while at < bytes.len() {
            match bytes[at] {
                0 => return Err(FaultKind::Nul),
                b'\n' => return Err(FaultKind::BareLf),
                b'\r' if bytes.get(at + 1) != Some(&b'\n') => return Err(FaultKind::BareCr),
                b'\r' if at == start => return Ok((lines, Ended::Blank(at + 2))),
                b'\r' => {
                    lines.push(line(start, at));
                    (start, at) = (at + 2, at + 2);
                }
                _ => at += 1,
            }
        }
        if start < at {
            lines.push(line(start, at));
        }
        Ok((lines, Ended::Input))
    }

    proptest! {
        #[test]
        fn blocks_find_what_bytes_find(pieces in prop::collection::vec(prop::sample::select(
            vec!["a", ":", "\r\n", "\r\n", "abcdefgh", "x: y", "\r", "\n", "\0", "123456789012345678901234567890"]), 0..24)) {
            let bytes = pieces.concat().into_bytes();
            let got = all(&bytes, &Limits::DEFAULT).map_err(|error| error.kind);
            prop_assert_eq!(got, slowly(&bytes));
        }
    }

    #[test]
    fn a_head_at_its_limit_is_read_and_one_byte_over_is_not() {
        for size in [5usize, 63, 64, 65, 127, 128, 129, 500] {
            let head = format!("{}\r\n\r\n", "x".repeat(size - 4));
            let limits = Limits { max_head: size, ..Limits::DEFAULT };
            assert!(all(head.as_bytes(), &limits).is_ok(), "{size}");
            let limits = Limits { max_head: size - 1, ..Limits::DEFAULT };
            let error = all(head.as_bytes(), &limits).unwrap_err();
            assert_eq!((error.kind, error.at as usize), (FaultKind::Limit, size - 1));
            let far = all(&vec![b'x'; size * 1000], &limits).unwrap_err();
            assert_eq!((far.kind, far.at as usize), (FaultKind::Limit, size - 1));
        }
    }

    #[test]
    fn what_ends_no_line_is_refused_where_it_stands() {
        let long = "x".repeat(62);
        for (text, kind, at) in [
            ("a: b\rc\r\n\r\n".to_owned(), FaultKind::BareCr, 4),
            ("a: b\nc\r\n\r\n".to_owned(), FaultKind::BareLf, 4),
            ("a: b\0c\r\n\r\n".to_owned(), FaultKind::Nul, 4),
            ("a: b\r\0\r\n\r\n".to_owned(), FaultKind::BareCr, 4),
            ("a: b\r".to_owned(), FaultKind::BareCr, 4),
            (format!("{long}a\rb\r\n\r\n"), FaultKind::BareCr, 63),
            (format!("{long}a\r"), FaultKind::BareCr, 63),
        ] {
            let error = all(text.as_bytes(), &Limits::DEFAULT).unwrap_err();
            assert_eq!((error.kind, error.at, error.field), (kind, at, Part::Head), "{text:?}");
        }
    }

    #[test]
    fn white_space_at_the_ends_is_no_value() {
        for (text, value) in [
            ("", ""),
            (" ", ""),
            ("a", "a"),
            (" a", "a"),
            ("  a \t", "a"),
            ("\ta b", "a b"),
            (" \t ", ""),
        ] {
            let (from, to) = trim(text.as_bytes(), 0, text.len());
            assert_eq!(&text[from..to], value, "{text:?}");
        }
    }
}
