//! The words of RFC 2045 and RFC 5322 that all MIME header grammars share.

use missiva_core::scan::{ByteSet, Cursor};
use missiva_core::{Fault, FaultKind};

/// `token` of RFC 2045 section 5.1: printable ASCII without space and `tspecials`.
pub(crate) const TOKEN: ByteSet =
    ByteSet::empty().with_range(0x21, 0x7e).without(b"()<>@,;:\\\"/[]?=");

/// Inside quotes: anything printable and all bytes beyond ASCII, less the quote and the backslash.
const QUOTED: ByteSet =
    ByteSet::empty().with_range(0x20, 0x7e).with_range(0x80, 0xff).with(b"\t").without(b"\"\\");

/// Inside a comment, the same less the parentheses.
const COMMENT: ByteSet = QUOTED.with(b"\"").without(b"()");

/// Comments within comments; a cap rather than a count of what is seen, which is one.
const MAX_COMMENTS: usize = 8;

/// `CFWS`, optional: white space, folds and comments.
#[inline(always)]
pub(crate) fn cfws(cursor: &mut Cursor<'_>) -> Result<(), Fault> {
    match cursor.peek() {
        Some(b' ' | b'\t' | b'\r' | b'(') if !cursor.is_end() => long_cfws(cursor),
        _ => Ok(()),
    }
}

#[inline(never)]
fn long_cfws(cursor: &mut Cursor<'_>) -> Result<(), Fault> {
    loop {
        match cursor.peek() {
            // Behind the value stands what is no part of it.
            _ if cursor.is_end() => return Ok(()),
            Some(b' ' | b'\t') => cursor.bump(),
            Some(b'\r') if is_fold(cursor) => cursor.jump(cursor.at() + 3),
            Some(b'(') => comment(cursor)?,
            _ => return Ok(()),
        }
    }
}

fn is_fold(cursor: &Cursor<'_>) -> bool {
    cursor.peek_at(1) == Some(b'\n') && matches!(cursor.peek_at(2), Some(b' ' | b'\t'))
}

/// `comment` of RFC 5322 section 3.2.2; the cursor stands on the opening parenthesis.
fn comment(cursor: &mut Cursor<'_>) -> Result<(), Fault> {
    let start = cursor.at();
    let mut depth = 0usize;
    loop {
        cursor.skip(&COMMENT);
        match cursor.peek().filter(|_| !cursor.is_end()) {
            Some(b'(') if depth == MAX_COMMENTS => return Err(cursor.fault(FaultKind::Limit)),
            Some(b'(') => depth += 1,
            Some(b')') => depth -= 1,
            Some(b'\\') => {
                escaped_byte(cursor)?;
                continue;
            }
            Some(b'\r') if is_fold(cursor) => {
                cursor.jump(cursor.at() + 3);
                continue;
            }
            None => return Err(Fault::new(FaultKind::Quote, start)),
            Some(_) => return Err(cursor.unexpected()),
        }
        cursor.bump();
        if depth == 0 {
            return Ok(());
        }
    }
}

/// `quoted-string`, quotes included; the cursor stands on the opening quote.
pub(crate) fn quoted_string<'a>(cursor: &mut Cursor<'a>) -> Result<&'a str, Fault> {
    let start = cursor.at();
    cursor.expect(b'"')?;
    loop {
        cursor.skip(&QUOTED);
        match cursor.peek().filter(|_| !cursor.is_end()) {
            Some(b'"') => {
                cursor.bump();
                return Ok(cursor.since(start));
            }
            Some(b'\\') => escaped_byte(cursor)?,
            Some(b'\r') if is_fold(cursor) => cursor.jump(cursor.at() + 3),
            None => return Err(Fault::new(FaultKind::Quote, start)),
            Some(_) => return Err(cursor.unexpected()),
        }
    }
}

/// `quoted-pair`: a backslash and a byte of ASCII that ends no line, or the character beyond ASCII that UTF-8 writers
/// put there.
fn escaped_byte(cursor: &mut Cursor<'_>) -> Result<(), Fault> {
    match cursor.peek_at(1) {
        Some(b'\r' | b'\n' | 0) | None => Err(cursor.fault(FaultKind::Escape)),
        Some(0x80..) => {
            cursor.bump();
            Ok(())
        }
        Some(_) => {
            cursor.jump(cursor.at() + 2);
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_folds_and_comments_are_passed_over() {
        let table = [
            ("x", Ok(0)),
            (" \t x", Ok(3)),
            ("\r\n x", Ok(3)),
            ("(a (b\\)) \"c)x", Ok(12)),
            (" (a) (b\r\n c) x", Ok(13)),
            ("(a", Err((FaultKind::Quote, 0))),
            ("(a\\", Err((FaultKind::Escape, 2))),
            ("(((((((((", Err((FaultKind::Limit, 8))),
            ("(a\u{1}", Err((FaultKind::Unexpected, 2))),
        ];
        for (text, expected) in table {
            let mut cursor = Cursor::new(text);
            let got = cfws(&mut cursor).map(|()| cursor.at());
            assert_eq!(got.map_err(|fault| (fault.kind, fault.at)), expected, "{text:?}");
        }
    }

    #[test]
    fn quoted_strings_end_at_the_quote_that_closes_them() {
        let table = [
            (r#""" x"#, Ok(r#""""#)),
            (r#""a\"b;" x"#, Ok(r#""a\"b;""#)),
            ("\"gr\\öße\"", Ok("\"gr\\öße\"")),
            ("\"a\r\n b\"", Ok("\"a\r\n b\"")),
            (r#""open"#, Err((FaultKind::Quote, 0))),
            ("\"a\\", Err((FaultKind::Escape, 2))),
            ("\"a\u{1}\"", Err((FaultKind::Unexpected, 2))),
        ];
        for (text, expected) in table {
            let got = quoted_string(&mut Cursor::new(text)).map_err(|fault| (fault.kind, fault.at));
            assert_eq!(got, expected, "{text}");
        }
    }
}
