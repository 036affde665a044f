//! Characters that a header cannot hold as they are (RFC 3862 section 2.3).

use std::borrow::Cow;

use missiva_core::{Fault, FaultKind};

/// What `text` says, with every escape read. An escape that is none stands for itself, as writers that know none of
/// them mean it.
pub(crate) fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (before, from) = rest.split_at(at);
        plain.push_str(before);
        let (read, length) = read_one(from).unwrap_or(('\\', 1));
        plain.push(read);
        rest = from.get(length..).unwrap_or_default();
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

/// The character for which an escape at the start of `text` stands, and how long it is.
fn read_one(text: &str) -> Option<(char, usize)> {
    let plain = match text.as_bytes().get(1)? {
        b'\\' => '\\',
        b'"' => '"',
        b'\'' => '\'',
        b'b' => '\u{8}',
        b't' => '\t',
        b'n' => '\n',
        b'r' => '\r',
        b'u' => return read_unicode(text),
        _ => return None,
    };
    Some((plain, 2))
}

/// `\u` and four hexadecimal digits, or two of them that make one character beyond the first plane.
fn read_unicode(text: &str) -> Option<(char, usize)> {
    let unit = |at: usize| {
        let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
        let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_hex.then(|| u32::from_str_radix(digits, 16).ok()).flatten()
    };
    let first = unit(0)?;
    if let Some(plain) = char::from_u32(first) {
        return Some((plain, 6));
    }
    let second = unit(6).filter(|second| (0xdc00..0xe000).contains(second))?;
    let high = first.checked_sub(0xd800).filter(|high| *high < 0x400)?;
    char::from_u32(0x1_0000 + (high << 10) + (second - 0xdc00)).map(|plain| (plain, 12))
}

/// The first escape in `text` that is none.
pub(crate) fn first_fault(text: &str) -> Option<Fault> {
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find('\\')) {
        at += found;
        match text.get(at..).and_then(read_one) {
            Some((_, length)) => at += length,
            None => return Some(Fault::new(FaultKind::Escape, at)),
        }
    }
    None
}

/// `text` with backslashes and control characters escaped; in a string the quotes too, and outside of one the spaces
/// at its ends, which no reader would take for part of it.
pub(crate) fn escape(text: &str, in_string: bool) -> Cow<'_, str> {
    let special = |c: char| c == '\\' || c.is_control() || in_string && c == '"';
    let spaced = !in_string && (text.starts_with(' ') || text.ends_with(' '));
    if !spaced && !text.contains(special) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    let last = text.len().saturating_sub(1);
    for (at, c) in text.char_indices() {
        match c {
            '\\' => out.push_str("\\\\"),
            '"' if in_string => out.push_str("\\\""),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            // All control characters lie in the first plane.
            c if c.is_control() || c == ' ' && !in_string && (at == 0 || at == last) => {
                out.push_str(&format!("\\u{:04X}", u32::from(c)));
            }
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Where a string that starts with a quote ends, its closing quote included.
pub(crate) fn string_end(text: &str) -> Option<usize> {
    let mut bytes = text.bytes().enumerate().skip(1);
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'"' => return Some(at + 1),
            b'\\' => drop(bytes.next()),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn escapes_are_read_and_what_is_none_stands_for_itself() {
        for (text, plain, fault) in [
            ("plain", "plain", None),
            (r#"a\\b\"c\'d"#, r#"a\b"c'd"#, None),
            (r"\b\t\n\r", "\u{8}\t\n\r", None),
            (r"gr\u00F6\u00dfe", "größe", None),
            (r"\uD83D\uDE00!", "😀!", None),
            (r"C:\dir\new", "C:\\dir\new", Some(2)),
            (r"a\", "a\\", Some(1)),
            (r"\u12", "\\u12", Some(0)),
            (r"\uD83Dx", "\\uD83Dx", Some(0)),
            (r"\uDE00\uD83D", "\\uDE00\\uD83D", Some(0)),
            (r"\uD83D\u0041", "\\uD83DA", Some(0)),
            ("\\u00é", "\\u00é", Some(0)),
        ] {
            assert_eq!(unescape(text), plain, "{text}");
            assert_eq!(first_fault(text).map(|fault| fault.at), fault, "{text}");
        }
    }

    #[test]
    fn strings_end_at_the_quote_that_closes_them() {
        assert_eq!(string_end(r#""a\"b" <x>"#), Some(6));
        assert_eq!(string_end(r#""a\"#), None);
        assert_eq!(string_end(r#"""#), None);
    }

    proptest! {
        #[test]
        fn what_is_escaped_is_read_back(text in "\\PC{0,20}|[\\x00-\\x9f]{0,20}", in_string: bool) {
            let written = escape(&text, in_string);
            prop_assert!(!written.contains(char::is_control));
            prop_assert_eq!(first_fault(&written), None);
            prop_assert_eq!(unescape(&written), text.as_str());
        }
    }
}
