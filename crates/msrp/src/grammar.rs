//! The words of RFC 4975 section 9 that all values share, and small pieces of writing.

use bytes::{BufMut, BytesMut};
use missiva_core::scan::{ByteSet, Cursor};
use missiva_core::{Fault, FaultKind};

/// `token`: all printable ASCII but separators. Curly brackets are token characters in MSRP, unlike in SIP.
pub(crate) const TOKEN: ByteSet = ByteSet::alphanumeric().with(b"!#$%&'*+-.^_`{|}~");

/// `ident-char`.
pub(crate) const IDENT: ByteSet = ByteSet::alphanumeric().with(b".-+%=");

/// Inside quotes: anything printable and all bytes beyond ASCII, less the quote and the backslash.
const QUOTED: ByteSet =
    ByteSet::empty().with_range(0x20, 0x7e).with_range(0x80, 0xff).with(b"\t").without(b"\"\\");

/// White space between the parts of a value.
pub(crate) fn blanks(cursor: &mut Cursor<'_>) {
    while matches!(cursor.peek(), Some(b' ' | b'\t')) {
        cursor.bump();
    }
}

/// Moves past `byte` and the white space around it; where it does not follow, stays put.
pub(crate) fn eat_separator(cursor: &mut Cursor<'_>, byte: u8) -> bool {
    let start = *cursor;
    blanks(cursor);
    if cursor.eat(byte) {
        blanks(cursor);
        return true;
    }
    *cursor = start;
    false
}

/// `quoted-string`, quotes included; the cursor stands on the opening quote.
pub(crate) fn quoted_string<'a>(cursor: &mut Cursor<'a>) -> Result<&'a str, Fault> {
    let start = cursor.at();
    cursor.expect(b'"')?;
    loop {
        cursor.skip(&QUOTED);
        match cursor.peek() {
            Some(b'"') => {
                cursor.bump();
                return Ok(cursor.since(start));
            }
            Some(b'\\') => match cursor.peek_at(1) {
                Some(0x20..=0x7e | b'\t') => cursor.jump(cursor.at() + 2),
                _ => return Err(cursor.fault(FaultKind::Escape)),
            },
            None => return Err(Fault::new(FaultKind::Quote, start)),
            _ => return Err(cursor.unexpected()),
        }
    }
}

/// Appends text.
#[inline]
pub(crate) fn put(text: &str, out: &mut BytesMut) {
    out.put_slice(text.as_bytes());
}

/// Appends a decimal number.
pub(crate) fn put_number(mut value: u64, out: &mut BytesMut) {
    let mut digits = [0u8; 20];
    let mut used = 0usize;
    for slot in digits.iter_mut().rev() {
        *slot = b'0' | u8::try_from(value % 10).unwrap_or(0);
        value /= 10;
        used = used.saturating_add(1);
        if value == 0 {
            break;
        }
    }
    out.put_slice(digits.get(digits.len().saturating_sub(used)..).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_in_decimal() {
        for value in [0, 7, 10, 4_294_967_295, u64::MAX] {
            let mut out = BytesMut::new();
            put_number(value, &mut out);
            assert_eq!(out, value.to_string().as_bytes());
        }
    }

    #[test]
    fn quoted_strings_end_at_the_quote_that_closes_them() {
        let table = [
            (r#""" x"#, Ok(r#""""#)),
            (r#""a\"b;," x"#, Ok(r#""a\"b;,""#)),
            (r#""größe""#, Ok(r#""größe""#)),
            (r#""open"#, Err((FaultKind::Quote, 0))),
            ("\"a\\", Err((FaultKind::Escape, 2))),
            ("\"a\u{1}\"", Err((FaultKind::Unexpected, 2))),
        ];
        for (text, expected) in table {
            let got = quoted_string(&mut Cursor::new(text)).map_err(|fault| (fault.kind, fault.at));
            assert_eq!(got, expected, "{text}");
        }
    }

    #[test]
    fn separators_swallow_the_white_space_around_them() {
        let mut cursor = Cursor::new("a ; b");
        cursor.bump();
        assert!(eat_separator(&mut cursor, b';'));
        assert_eq!(cursor.rest(), "b");
        assert!(!eat_separator(&mut cursor, b';'));
        assert_eq!(cursor.rest(), "b");
    }
}
