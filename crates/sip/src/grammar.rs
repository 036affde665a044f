//! The words of RFC 3261 section 25.1 that all header grammars share.

use missiva_core::scan::{ByteSet, Cursor};
use missiva_core::{Fault, FaultKind};

/// `token`.
pub(crate) const TOKEN: ByteSet = ByteSet::alphanumeric().with(b"-.!%*_+`'~");

/// `word`, the stuff of Call-IDs.
pub(crate) const WORD: ByteSet = TOKEN.with(b"()<>:\\\"/[]?{}");

/// Inside quotes: anything printable and all bytes beyond ASCII, less the quote and the backslash.
const QUOTED: ByteSet =
    ByteSet::empty().with_range(0x20, 0x7e).with_range(0x80, 0xff).with(b"\t").without(b"\"\\");

/// Inside a comment, the same less the parentheses.
const COMMENT: ByteSet = QUOTED.with(b"\"").without(b"()");

/// `LWS`, optional: white space, and a line end that white space follows.
#[inline(always)]
pub(crate) fn lws(cursor: &mut Cursor<'_>) -> bool {
    match cursor.peek() {
        Some(b'!'..) | None => false,
        Some(b' ') if cursor.peek_at(1).is_some_and(|next| next > b' ') => {
            cursor.bump();
            true
        }
        Some(_) => !cursor.is_end() && away(cursor, long_lws),
    }
}

/// Calls a function that is seldom needed and not inlined. It is given a copy, so that in the caller's hot path the
/// cursor need not live in memory.
#[inline(always)]
pub(crate) fn away<'a, T>(
    cursor: &mut Cursor<'a>,
    function: impl FnOnce(&mut Cursor<'a>) -> T,
) -> T {
    let mut copy = *cursor;
    let result = function(&mut copy);
    *cursor = copy;
    result
}

#[inline(never)]
fn long_lws(cursor: &mut Cursor<'_>) -> bool {
    let start = cursor.at();
    loop {
        match cursor.peek() {
            Some(b' ' | b'\t') => cursor.bump(),
            Some(b'\r') if is_fold(cursor) => cursor.jump(cursor.at() + 3),
            _ => return cursor.at() > start,
        }
    }
}

fn is_fold(cursor: &Cursor<'_>) -> bool {
    // Behind the value may stand a fold that was refused.
    !cursor.is_end()
        && cursor.peek_at(1) == Some(b'\n')
        && matches!(cursor.peek_at(2), Some(b' ' | b'\t'))
}

/// Text without the blanks and tabs behind it. Other controls are no white space here.
pub(crate) fn trim_blanks_end(text: &[u8]) -> &[u8] {
    let end = text.iter().rposition(|byte| !matches!(byte, b' ' | b'\t'));
    text.get(..end.map_or(0, |at| at + 1)).unwrap_or_default()
}

/// `token`.
#[inline(always)]
pub(crate) fn token<'a>(cursor: &mut Cursor<'a>) -> Result<&'a str, Fault> {
    cursor.take_some(&TOKEN)
}

/// `quoted-string`, quotes included; the cursor stands on the opening quote.
pub(crate) fn quoted_string<'a>(cursor: &mut Cursor<'a>) -> Result<&'a str, Fault> {
    let start = cursor.at();
    skip_quoted(cursor).map(|()| cursor.since(start))
}

/// Moves past a `quoted-string`; the cursor stands on the opening quote.
pub(crate) fn skip_quoted(cursor: &mut Cursor<'_>) -> Result<(), Fault> {
    let mut ahead = *cursor;
    ahead.expect(b'"')?;
    ahead.skip(&QUOTED);
    if ahead.eat(b'"') {
        *cursor = ahead;
        return Ok(());
    }
    skip_long_quoted(cursor)
}

/// A quoted string with escapes or folds in it, or one that is none.
#[inline(never)]
fn skip_long_quoted(cursor: &mut Cursor<'_>) -> Result<(), Fault> {
    let start = cursor.at();
    cursor.expect(b'"')?;
    loop {
        cursor.skip(&QUOTED);
        match cursor.peek() {
            Some(b'"') => {
                cursor.bump();
                return Ok(());
            }
            Some(b'\\') => escaped_byte(cursor)?,
            Some(b'\r') if is_fold(cursor) => cursor.jump(cursor.at() + 3),
            _ if cursor.is_end() => return Err(Fault::new(FaultKind::Quote, start)),
            _ => return Err(cursor.unexpected()),
        }
    }
}

/// `comment`, parentheses included, nested at most `depth` deep; the cursor stands on the opening one.
pub(crate) fn comment<'a>(cursor: &mut Cursor<'a>, depth: u8) -> Result<&'a str, Fault> {
    let start = cursor.at();
    cursor.expect(b'(')?;
    let mut open = 1u8;
    loop {
        cursor.skip(&COMMENT);
        match cursor.peek() {
            Some(b'(') if open < depth => {
                open += 1;
                cursor.bump();
            }
            Some(b'(') => return Err(cursor.fault(FaultKind::Limit)),
            Some(b')') => {
                open = open.saturating_sub(1);
                cursor.bump();
                if open == 0 {
                    return Ok(cursor.since(start));
                }
            }
            Some(b'\\') => escaped_byte(cursor)?,
            Some(b'\r') if is_fold(cursor) => cursor.jump(cursor.at() + 3),
            _ if cursor.is_end() => return Err(Fault::new(FaultKind::Quote, start)),
            _ => return Err(cursor.unexpected()),
        }
    }
}

/// `quoted-pair`: a backslash and any ASCII byte but CR and LF.
fn escaped_byte(cursor: &mut Cursor<'_>) -> Result<(), Fault> {
    match cursor.peek_at(1) {
        Some(0..=0x09 | 0x0b | 0x0c | 0x0e..=0x7f) => {
            cursor.jump(cursor.at() + 2);
            Ok(())
        }
        _ => Err(cursor.fault(FaultKind::Escape)),
    }
}

/// `SLASH`, `EQUAL` and their like: the byte with optional white space around it.
#[inline(always)]
pub(crate) fn separator(cursor: &mut Cursor<'_>, byte: u8) -> Result<(), Fault> {
    lws(cursor);
    cursor.expect(byte)?;
    lws(cursor);
    Ok(())
}

/// Moves past `byte` and the white space around it; where it does not follow, stays put.
#[inline(always)]
pub(crate) fn eat_separator(cursor: &mut Cursor<'_>, byte: u8) -> bool {
    match cursor.peek() {
        Some(next) if next == byte => cursor.bump(),
        Some(..=b' ') if !cursor.is_end() && away(cursor, |cursor| eat_spaced(cursor, byte)) => {}
        _ => return false,
    }
    lws(cursor);
    true
}

#[inline(never)]
fn eat_spaced(cursor: &mut Cursor<'_>, byte: u8) -> bool {
    let start = *cursor;
    long_lws(cursor);
    let found = cursor.eat(byte);
    if !found {
        *cursor = start;
    }
    found
}

/// Moves past bytes of `set` and past `%HH` escapes.
#[inline(always)]
pub(crate) fn skip_escaped(cursor: &mut Cursor<'_>, set: &ByteSet) -> Result<(), Fault> {
    loop {
        cursor.skip(set);
        if cursor.peek() != Some(b'%') {
            return Ok(());
        }
        away(cursor, percent_escape)?;
    }
}

fn percent_escape(cursor: &mut Cursor<'_>) -> Result<(), Fault> {
    const HEX: ByteSet = ByteSet::hex_digits();
    let hex = |ahead| cursor.peek_at(ahead).is_some_and(|byte| HEX.has(byte));
    if !(hex(1) && hex(2)) {
        return Err(cursor.fault(FaultKind::Escape));
    }
    cursor.jump(cursor.at() + 3);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_includes_folds_and_nothing_else() {
        let table =
            [("x", 0), ("  \t x", 4), ("\r\n x", 3), (" \r\n\t\r\n x", 7), ("\r\nx", 0), ("\r", 0)];
        for (text, expected) in table {
            let mut cursor = Cursor::new(text);
            assert_eq!(
                (lws(&mut cursor), cursor.at()),
                (expected > 0, expected),
                "{}",
                text.escape_debug()
            );
        }
    }

    #[test]
    fn quoted_strings_end_at_the_quote_that_closes_them() {
        let table = [
            (r#""" x"#, Ok(r#""""#)),
            (r#""a\"b;<>," x"#, Ok(r#""a\"b;<>,""#)),
            (r#""größe""#, Ok(r#""größe""#)),
            ("\"a\r\n b\"", Ok("\"a\r\n b\"")),
            (r#""open"#, Err((FaultKind::Quote, 0))),
            ("\"a\\\u{e9}\"", Err((FaultKind::Escape, 2))),
            ("\"a\u{1}\"", Err((FaultKind::Unexpected, 2))),
        ];
        for (text, expected) in table {
            let got = quoted_string(&mut Cursor::new(text)).map_err(|fault| (fault.kind, fault.at));
            assert_eq!(got, expected, "{text}");
        }
    }

    #[test]
    fn comments_nest_to_a_depth() {
        assert_eq!(comment(&mut Cursor::new("(a (b) \\)) c"), 2), Ok("(a (b) \\))"));
        assert_eq!(comment(&mut Cursor::new("((("), 2), Err(Fault::new(FaultKind::Limit, 2)));
        assert_eq!(comment(&mut Cursor::new("(a"), 2), Err(Fault::new(FaultKind::Quote, 0)));
    }

    #[test]
    fn escapes_need_two_hex_digits() {
        let mut cursor = Cursor::new("a%4Gb");
        assert_eq!(
            skip_escaped(&mut cursor, &TOKEN.without(b"%")),
            Err(Fault::new(FaultKind::Escape, 1))
        );
        let mut cursor = Cursor::new("a%4ab c");
        assert_eq!((skip_escaped(&mut cursor, &TOKEN.without(b"%")), cursor.at()), (Ok(()), 5));
    }
}
