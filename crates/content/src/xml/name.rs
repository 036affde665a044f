//! Names of elements and attributes.

/// Whether `name` may stand in markup: letters, digits, `.`, `-`, `_` and anything beyond ASCII, with at most one
/// colon inside and no digit, point or hyphen at the start of a part (Namespaces in XML, section 3).
pub(super) fn is_name(name: &str) -> bool {
    let (prefix, local) = name.split_once(':').unwrap_or(("_", name));
    is_part(prefix) && is_part(local)
}

fn is_part(part: &str) -> bool {
    let mut bytes = part.bytes();
    bytes.next().is_some_and(starts_part) && bytes.all(continues_part)
}

fn starts_part(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80
}

fn continues_part(byte: u8) -> bool {
    starts_part(byte) || byte.is_ascii_digit() || matches!(byte, b'.' | b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_at_most_one_colon_and_no_digit_in_front() {
        for name in ["a", "_a", "a-b.c1", "p:a", "é", "p:_"] {
            assert!(is_name(name), "{name}");
        }
        for name in ["", "1a", "-a", ".a", ":a", "a:", "a:b:c", "a b", "a=", "p:1", "a/", "!a"] {
            assert!(!is_name(name), "{name}");
        }
    }
}
