//! `a=file-range` (RFC 5547 section 6).

use bytes::{BufMut, BytesMut};
use missiva_core::scan::Cursor;
use missiva_core::{Fault, FaultKind};

use crate::encode::put_display;
use crate::grammar::long;
use crate::value::Value;

/// `a=file-range`: which octets are meant, counted from one.
///
/// ```
/// use missiva_sdp::{Value, file::FileRange};
///
/// let range = FileRange::parse("501-*")?;
/// assert_eq!((range.start, range.stop, range.len(600)), (501, None, Some(100)));
/// assert_eq!(FileRange::from_offset(500), range);
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct FileRange {
    /// The first octet.
    pub start: u64,
    /// The last octet; nothing means the end of the file.
    pub stop: Option<u64>,
}

impl FileRange {
    /// The whole file.
    pub const WHOLE: Self = Self { start: 1, stop: None };

    /// What is left when `done` octets are there.
    #[must_use]
    pub const fn from_offset(done: u64) -> Self {
        Self { start: done.saturating_add(1), stop: None }
    }

    /// How many octets these are of a file of `size`; nothing when the range is not within the file.
    #[must_use]
    pub const fn len(&self, size: u64) -> Option<u64> {
        let stop = match self.stop {
            Some(stop) => stop,
            None => size,
        };
        // Behind the last octet begins the range of nothing, which a finished transfer asks for.
        if stop > size || self.start > stop.saturating_add(1) || self.start == 0 {
            return None;
        }
        Some(stop + 1 - self.start)
    }
}

impl<'a> Value<'a> for FileRange {
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let at = cursor.at();
        let start = long(cursor)?;
        if start == 0 {
            return Err(Fault::new(FaultKind::Number, at));
        }
        cursor.expect(b'-')?;
        if cursor.eat(b'*') {
            return Ok(Self { start, stop: None });
        }
        let at = cursor.at();
        let stop = long(cursor)?;
        if stop < start {
            Err(Fault::new(FaultKind::Number, at))
        } else {
            Ok(Self { start, stop: Some(stop) })
        }
    }

    fn encode(&self, out: &mut BytesMut) {
        put_display(format_args!("{}-", self.start), out);
        match self.stop {
            Some(stop) => put_display(stop, out),
            None => out.put_u8(b'*'),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_count_from_one() {
        for (text, start, stop) in
            [("1-*", 1, None), ("1-32349", 1, Some(32349)), ("5-5", 5, Some(5))]
        {
            assert_eq!(FileRange::parse(text), Ok(FileRange { start, stop }));
            assert_eq!(FileRange { start, stop }.to_text(), text);
        }
        for (text, kind, at) in [
            ("0-1", FaultKind::Number, 0),
            ("2-1", FaultKind::Number, 2),
            ("*-1", FaultKind::Number, 0),
            ("1", FaultKind::End, 1),
            ("1-", FaultKind::Number, 2),
            ("1-*x", FaultKind::Unexpected, 3),
        ] {
            assert_eq!(FileRange::parse(text), Err(Fault::new(kind, at)), "{text}");
        }
    }

    #[test]
    fn a_range_lies_within_its_file_or_has_no_length() {
        let table = [
            ("1-*", 0, Some(0)),
            ("1-*", 10, Some(10)),
            ("10-*", 10, Some(1)),
            ("11-*", 10, Some(0)),
            ("12-*", 10, None),
            ("3-7", 10, Some(5)),
            ("3-10", 10, Some(8)),
            ("3-11", 10, None),
        ];
        for (text, size, len) in table {
            assert_eq!(FileRange::parse(text).unwrap().len(size), len, "{text} of {size}");
        }
    }
}
