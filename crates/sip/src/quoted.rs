//! Quoted strings: what they say, and how to write one.

use std::borrow::Cow;

use bytes::{BufMut, BytesMut};

/// What a quoted string or a token says: quotes and backslashes removed, folds read as one space.
///
/// ```
/// use missiva_sip::unquote;
///
/// assert_eq!(unquote(r#""a \"b\"""#), r#"a "b""#);
/// assert_eq!(unquote("token"), "token");
/// ```
#[must_use]
pub fn unquote(text: &str) -> Cow<'_, str> {
    let inner = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    match inner {
        Some(inner) if inner.contains(['\\', '\r']) => Cow::Owned(unescape(inner)),
        Some(inner) => Cow::Borrowed(inner),
        None => unfold(text),
    }
}

fn unescape(inner: &str) -> String {
    let mut plain = String::with_capacity(inner.len());
    let unfolded = unfold(inner);
    let mut chars = unfolded.chars();
    while let Some(next) = chars.next() {
        if next == '\\' { plain.extend(chars.next()) } else { plain.push(next) }
    }
    plain
}

/// `text` with every fold (line end, white space around it) read as one space, as RFC 3261 section 7.3.1 says.
#[must_use]
pub fn unfold(text: &str) -> Cow<'_, str> {
    if text.contains('\r') { Cow::Owned(unfold_owned(text)) } else { Cow::Borrowed(text) }
}

fn unfold_owned(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for (index, line) in text.split("\r\n").enumerate() {
        if index == 0 {
            plain.push_str(line);
        } else {
            plain.truncate(plain.trim_end_matches([' ', '\t']).len());
            plain.push(' ');
            plain.push_str(line.trim_start_matches([' ', '\t']));
        }
    }
    plain
}

/// `text` as a quoted string, for a display name or a parameter.
///
/// ```
/// use missiva_sip::{quote, unquote};
///
/// assert_eq!(quote("Alice \"Al\" Smith"), r#""Alice \"Al\" Smith""#);
/// assert_eq!(unquote(&quote("größe, Inc")), "größe, Inc");
/// ```
#[must_use]
pub fn quote(text: &str) -> String {
    let mut out = BytesMut::with_capacity(text.len() + 2);
    write_quoted(text, &mut out);
    String::from_utf8(out.into()).unwrap_or_default()
}

/// Writes `text` as a quoted string. A control character is escaped too; CR and LF, which no quoted string can
/// hold, become a space, so that no text can end the header line.
pub(crate) fn write_quoted(text: &str, out: &mut BytesMut) {
    let special = |c: char| matches!(c, '"' | '\\') || c.is_ascii_control() && c != '\t';
    out.put_u8(b'"');
    for piece in text.split_inclusive(special) {
        let before = piece.strip_suffix(special).unwrap_or(piece);
        out.put_slice(before.as_bytes());
        match piece.bytes().last().filter(|_| before.len() < piece.len()) {
            Some(b'\r' | b'\n') => out.put_u8(b' '),
            Some(byte) => out.put_slice(&[b'\\', byte]),
            None => {}
        }
    }
    out.put_u8(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn folds_read_as_one_space() {
        assert_eq!(unquote("\"a \r\n\t b\\\\\""), "a b\\");
        assert_eq!(unfold("a\r\n b \r\n  c"), "a b c");
    }

    #[test]
    fn no_text_ends_the_line() {
        let mut out = BytesMut::new();
        write_quoted("a\r\nVia: b\u{7f}", &mut out);
        assert_eq!(&out[..], b"\"a  Via: b\\\x7f\"");
    }

    proptest! {
        #[test]
        fn what_is_quoted_is_read_back(text in "[^\\r\\n\\x00]{0,40}") {
            let mut out = BytesMut::new();
            write_quoted(&text, &mut out);
            prop_assert_eq!(unquote(std::str::from_utf8(&out).unwrap()), text);
        }
    }
}
