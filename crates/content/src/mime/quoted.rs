//! Quoted strings: what they say, and how to write one.

use std::borrow::Cow;

use bytes::{BufMut, BytesMut};

/// Quotes that a word processor puts before a word, in any of the languages seen.
pub(super) const OPENING: [char; 3] = ['“', '”', '„'];
/// And behind it.
pub(super) const CLOSING: [char; 2] = ['”', '“'];

/// What a quoted string or a token says: quotes, straight or typographic, and backslashes removed, folds read as one
/// space.
pub(crate) fn unquote(text: &str) -> Cow<'_, str> {
    if let Some(inner) = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        return if inner.contains(['\\', '\r']) {
            Cow::Owned(unescape(inner))
        } else {
            Cow::Borrowed(inner)
        };
    }
    let turned = text.strip_prefix(OPENING).and_then(|rest| rest.strip_suffix(CLOSING));
    Cow::Borrowed(turned.unwrap_or(text))
}

fn unescape(inner: &str) -> String {
    let mut plain = String::with_capacity(inner.len());
    let mut chars = inner.chars().peekable();
    while let Some(next) = chars.next() {
        match next {
            '\\' => plain.extend(chars.next()),
            '\r' => {
                // A fold: line end and the white space behind it (RFC 5322 section 2.2.3).
                chars.next_if_eq(&'\n');
                while chars.next_if(|c| matches!(c, ' ' | '\t')).is_some() {}
                plain.truncate(plain.trim_end_matches([' ', '\t']).len());
                plain.push(' ');
            }
            _ => plain.push(next),
        }
    }
    plain
}

/// Appends printable ASCII as a quoted string.
pub(crate) fn write_quoted(text: &str, out: &mut BytesMut) {
    out.put_u8(b'"');
    for byte in text.bytes() {
        if matches!(byte, b'"' | b'\\') {
            out.put_u8(b'\\');
        }
        out.put_u8(byte);
    }
    out.put_u8(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_of_every_kind_are_removed() {
        for (text, plain) in [
            ("token", "token"),
            ("\"\"", ""),
            ("\"a \\\"b\\\\\"", "a \"b\\"),
            ("\"a \r\n\t b\"", "a b"),
            ("“a”", "a"),
            ("”a”", "a"),
            ("„a“", "a"),
            ("“a", "“a"),
        ] {
            assert_eq!(unquote(text), plain, "{text:?}");
        }
    }
}
