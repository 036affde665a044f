//! Characters, references and white space.

use std::borrow::Cow;

use missiva_core::{Fault, FaultKind};

/// Whether XML 1.0 can carry a character at all.
pub(super) fn is_xml_char(c: char) -> bool {
    !matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

/// Where the first character stands that XML cannot carry.
pub(super) fn forbidden_char(text: &str) -> Option<usize> {
    let control = text.bytes().position(|b| b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r'));
    // U+FFFE and U+FFFF are EF BF BE and EF BF BF.
    let special = memchr::memchr_iter(0xEF, text.as_bytes()).find(|at| {
        text.get(*at..).and_then(|rest| rest.chars().next()).is_some_and(|c| !is_xml_char(c))
    });
    match (control, special) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

/// The character that the reference `&name;` stands for.
pub(super) fn resolve(name: &str) -> Option<char> {
    let Some(number) = name.strip_prefix('#') else {
        return match name {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => None,
        };
    };
    let (digits, radix) = number.strip_prefix('x').map_or((number, 10), |hex| (hex, 16));
    // The standard library takes a sign, XML none.
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    u32::from_str_radix(digits, radix).ok().and_then(char::from_u32).filter(|c| is_xml_char(*c))
}

/// The value of an attribute: references resolved, white space made spaces (XML 1.0 section 3.3.3).
pub(super) fn attribute_value(raw: &str) -> Result<Cow<'_, str>, Fault> {
    let is_special = |byte: u8| matches!(byte, b'&' | b'\t' | b'\n' | b'\r');
    let Some(first) = raw.bytes().position(is_special) else {
        return Ok(Cow::Borrowed(raw));
    };
    let mut value = String::with_capacity(raw.len());
    let (plain, mut rest) = raw.split_at(first);
    value.push_str(plain);
    while let Some(byte) = rest.bytes().next() {
        let at = raw.len() - rest.len();
        let used = match byte {
            b'&' => {
                let end = memchr::memchr(b';', rest.as_bytes());
                let name = end.and_then(|end| rest.get(1..end));
                let resolved =
                    name.and_then(resolve).ok_or_else(|| Fault::new(FaultKind::Escape, at))?;
                value.push(resolved);
                name.map_or(0, str::len) + 2
            }
            b'\r' if rest.starts_with("\r\n") => {
                value.push(' ');
                2
            }
            b'\t' | b'\n' | b'\r' => {
                value.push(' ');
                1
            }
            _ => {
                let plain = rest.bytes().position(is_special).unwrap_or(rest.len());
                value.push_str(rest.get(..plain).unwrap_or_default());
                plain
            }
        };
        rest = rest.get(used..).unwrap_or_default();
    }
    Ok(Cow::Owned(value))
}

/// Without the white space around it (`xs:token` and all numbers, dates and words).
pub(super) fn trim(text: &str) -> &str {
    text.trim_matches(is_space)
}

pub(super) const fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_entities_and_numbers_are_resolved() {
        let table = [
            ("amp", Some('&')),
            ("lt", Some('<')),
            ("gt", Some('>')),
            ("quot", Some('"')),
            ("apos", Some('\'')),
            ("#65", Some('A')),
            ("#x41", Some('A')),
            ("#x1F600", Some('\u{1f600}')),
            ("#10", Some('\n')),
            ("#0", None),
            ("#x1F", None),
            ("#xD800", None),
            ("#xFFFE", None),
            ("#x110000", None),
            ("#99999999999", None),
            ("#+65", None),
            ("#-65", None),
            ("#", None),
            ("#x", None),
            ("#6A", None),
            ("#X41", None),
            ("AMP", None),
            ("nbsp", None),
            ("", None),
        ];
        for (name, expected) in table {
            assert_eq!(resolve(name), expected, "{name}");
        }
    }

    #[test]
    fn attribute_values_are_normalised() {
        let table = [
            ("plain", "plain"),
            ("", ""),
            ("a&amp;b&#x41;", "a&bA"),
            ("a\tb\nc\r\nd\re", "a b c d e"),
            ("a&#10;b", "a\nb"),
            ("é&lt;é", "é<é"),
        ];
        for (raw, value) in table {
            assert_eq!(attribute_value(raw).unwrap(), value, "{raw:?}");
        }
        for (raw, at) in [("a&b", 1), ("ab&nbsp;", 2), ("&", 0), ("x &; y", 2)] {
            assert_eq!(attribute_value(raw), Err(Fault::new(FaultKind::Escape, at)), "{raw}");
        }
    }

    #[test]
    fn characters_outside_xml_are_found() {
        let table = [
            ("a\u{1}", Some(1)),
            ("é\0", Some(2)),
            ("ok\t\r\n\u{7f}\u{fffd}\u{10ffff}", None),
            ("x\u{ffff}", Some(1)),
            ("\u{fffd}\u{fffe}\u{1}", Some(3)),
        ];
        for (text, at) in table {
            assert_eq!(forbidden_char(text), at, "{text:?}");
        }
    }
}
