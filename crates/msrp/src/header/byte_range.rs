//! `Byte-Range`: which bytes of the message a chunk holds.

use bytes::{BufMut, BytesMut};
use missiva_core::scan::Cursor;
use missiva_core::{Fault, FaultKind};

use super::Value;
use crate::grammar::put_number;

/// First byte, last byte, and size of the whole message; bytes count from one.
///
/// An end of `*` means that the chunk may be interrupted; a total of `*` that the sender does not know it yet.
///
/// ```
/// use missiva_msrp::header::{ByteRange, Value};
///
/// let range = ByteRange::parse("2049-*/5000")?;
/// assert_eq!((range.start, range.end, range.total), (2049, None, Some(5000)));
/// assert_eq!(ByteRange::parse("1-25/25")?.len(), Some(25));
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ByteRange {
    /// The first byte. Zero is no byte, and no place to start from.
    pub start: u64,
    /// The last byte; one less than the first when there is none, as in `1-0/0`.
    pub end: Option<u64>,
    /// Bytes in the whole message.
    pub total: Option<u64>,
}

impl ByteRange {
    /// What a chunk without the header holds: the whole of a message whose size nobody says (RFC 4975 section 7.3.1).
    pub const UNSTATED: Self = Self { start: 1, end: None, total: None };
    /// What a request without content says.
    pub const NOTHING: Self = Self { start: 1, end: Some(0), total: Some(0) };

    /// How many bytes the chunk holds, when that is said.
    #[must_use]
    pub const fn len(&self) -> Option<u64> {
        match self.end {
            Some(end) => (end + 1).checked_sub(self.start),
            None => None,
        }
    }

    /// Whether the range says that it holds nothing.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        matches!(self.len(), Some(0))
    }

    /// Whether the three numbers can be true together: the first byte is one at least, the end does not lie before it,
    /// and neither lies behind the total.
    #[must_use]
    pub const fn is_consistent(&self) -> bool {
        // The end of nothing is the byte before the first.
        let last = match self.end {
            Some(end) => end,
            None => self.start.saturating_sub(1),
        };
        let fits = match self.total {
            Some(total) => last <= total,
            None => true,
        };
        self.start > 0 && last + 1 >= self.start && fits
    }
}

/// Numbers end here, an exabyte: sums of them cannot overflow.
const MAX: u64 = 1 << 60;

impl<'a> Value<'a> for ByteRange {
    /// `range-start "-" range-end "/" total`.
    #[inline]
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let start = cursor.number(MAX)?;
        cursor.expect(b'-')?;
        let end = number_or_star(cursor)?;
        cursor.expect(b'/')?;
        let total = number_or_star(cursor)?;
        Ok(Self { start, end, total })
    }

    fn encode(&self, out: &mut BytesMut) {
        put_number(self.start, out);
        out.put_u8(b'-');
        put_number_or_star(self.end, out);
        out.put_u8(b'/');
        put_number_or_star(self.total, out);
    }
}

#[inline]
fn number_or_star(cursor: &mut Cursor<'_>) -> Result<Option<u64>, Fault> {
    if cursor.eat(b'*') {
        return Ok(None);
    }
    match cursor.peek() {
        Some(b'0'..=b'9') => cursor.number(MAX).map(Some),
        None => Err(cursor.fault(FaultKind::End)),
        _ => Err(cursor.fault(FaultKind::Number)),
    }
}

fn put_number_or_star(number: Option<u64>, out: &mut BytesMut) {
    match number {
        Some(number) => put_number(number, out),
        None => out.put_u8(b'*'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_round_trip() {
        for (text, len, consistent) in [
            ("1-25/25", Some(25), true),
            ("1-*/*", None, true),
            ("2049-*/5000", None, true),
            ("1-0/0", Some(0), true),
            ("26-25/25", Some(0), true),
            ("26-*/25", None, true),
            ("0-0/0", Some(1), false),
            ("5-3/10", None, false),
            ("1-11/10", Some(11), false),
            ("27-*/25", None, false),
            ("1152921504606846976-1152921504606846976/*", Some(1), true),
        ] {
            let range = ByteRange::parse(text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
            assert_eq!((range.len(), range.is_consistent()), (len, consistent), "{text}");
            assert_eq!(range.to_text(), text);
        }
    }

    #[test]
    fn ranges_that_are_none_are_refused() {
        for (text, kind, at) in [
            ("", FaultKind::Number, 0),
            ("*-5/5", FaultKind::Number, 0),
            ("1", FaultKind::End, 1),
            ("1-", FaultKind::End, 2),
            ("1-5", FaultKind::End, 3),
            ("1-x/5", FaultKind::Number, 2),
            ("1--1/5", FaultKind::Number, 2),
            ("1-5/", FaultKind::End, 4),
            ("1-5/5 ", FaultKind::Unexpected, 5),
            ("1 - 5/5", FaultKind::Unexpected, 1),
            ("1152921504606846977-*/*", FaultKind::Number, 0),
            ("99999999999999999999999-*/*", FaultKind::Number, 0),
        ] {
            assert_eq!(ByteRange::parse(text), Err(Fault::new(kind, at)), "{text}");
        }
    }
}
