//! The words of RFC 8866 section 9 that all values share.
//!
//! White space between words is one space; runs of blanks are read as one, and the index notes that they stood there.

use missiva_core::scan::{ByteSet, Cursor};
use missiva_core::{Fault, FaultKind};

/// `token`.
pub(crate) const TOKEN: ByteSet =
    ByteSet::alphanumeric().with(b"!#$%&'*+-.").with_range(b'^', b'~');

/// `non-ws-string`: anything visible.
pub(crate) const VISIBLE: ByteSet = ByteSet::empty().with_range(0x21, 0x7e).with_range(0x80, 0xff);

/// Moves past the white space that must stand between two words.
#[inline(always)]
pub(crate) fn space(cursor: &mut Cursor<'_>) -> Result<(), Fault> {
    if more(cursor) { Ok(()) } else { Err(cursor.unexpected()) }
}

/// Moves past white space, and says whether another word follows it.
#[inline(always)]
pub(crate) fn more(cursor: &mut Cursor<'_>) -> bool {
    if cursor.is_end() || !matches!(cursor.peek(), Some(b' ' | b'\t')) {
        return false;
    }
    cursor.bump();
    if matches!(cursor.peek(), Some(b' ' | b'\t')) {
        blanks(cursor);
    }
    !cursor.is_end()
}

#[cold]
fn blanks(cursor: &mut Cursor<'_>) {
    const BLANKS: ByteSet = ByteSet::empty().with(b" \t");
    cursor.skip(&BLANKS);
}

/// `token`.
#[inline(always)]
pub(crate) fn token<'a>(cursor: &mut Cursor<'a>) -> Result<&'a str, Fault> {
    cursor.take_some(&TOKEN)
}

/// `non-ws-string`.
#[inline(always)]
pub(crate) fn word<'a>(cursor: &mut Cursor<'a>) -> Result<&'a str, Fault> {
    cursor.take_some(&VISIBLE)
}

/// Everything to the end of the value.
#[inline(always)]
pub(crate) fn rest<'a>(cursor: &mut Cursor<'a>) -> &'a str {
    let rest = cursor.rest();
    cursor.jump(cursor.at() + rest.len());
    rest
}

/// Everything to the end of the value, which is something.
#[inline(always)]
pub(crate) fn some_rest<'a>(cursor: &mut Cursor<'a>) -> Result<&'a str, Fault> {
    if cursor.is_end() { Err(cursor.fault(FaultKind::End)) } else { Ok(rest(cursor)) }
}

/// A number up to 2^63 - 1, which RFC 3264 section 5 sets as the range of versions. Browsers use all of it, and a
/// cursor's own numbers end before.
#[inline]
pub(crate) fn long(cursor: &mut Cursor<'_>) -> Result<u64, Fault> {
    const DIGITS: ByteSet = ByteSet::digits();
    let start = cursor.at();
    let digits = cursor.take(&DIGITS).bytes();
    if cursor.at() == start {
        return Err(Fault::new(FaultKind::Number, start));
    }
    let mut value = 0u64;
    for digit in digits {
        value = value.saturating_mul(10).saturating_add(u64::from(digit & 15));
    }
    if value > i64::MAX as u64 { Err(Fault::new(FaultKind::Number, start)) } else { Ok(value) }
}

/// A number below 2^32.
#[inline]
pub(crate) fn int(cursor: &mut Cursor<'_>) -> Result<u32, Fault> {
    let start = cursor.at();
    u32::try_from(cursor.number(u32::MAX.into())?).map_err(|_| Fault::new(FaultKind::Number, start))
}

/// A port.
#[inline]
pub(crate) fn port(cursor: &mut Cursor<'_>) -> Result<u16, Fault> {
    let start = cursor.at();
    u16::try_from(cursor.number(u16::MAX.into())?).map_err(|_| Fault::new(FaultKind::Number, start))
}

/// The words of a text between blanks.
pub(crate) fn words(text: &str) -> impl Iterator<Item = &str> + Clone + use<'_> {
    text.split([' ', '\t']).filter(|word| !word.is_empty())
}
