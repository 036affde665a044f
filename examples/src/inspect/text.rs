//! Bytes as JSON text.

use std::fmt::Write as _;

use serde_json::{Map, Value};

/// Puts `bytes` into `object` as `key`. Bytes that are not UTF-8 become `\xHH` and a backslash becomes two; then,
/// and only then, `escaped` stands beside them.
pub(super) fn put_raw(object: &mut Map<String, Value>, key: &str, bytes: &[u8]) {
    match std::str::from_utf8(bytes) {
        Ok(text) => {
            object.insert(key.to_owned(), text.into());
        }
        Err(_) => {
            object.insert(key.to_owned(), escape(bytes).into());
            object.insert("escaped".to_owned(), true.into());
        }
    }
}

fn escape(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(&chunk.valid().replace('\\', r"\\"));
        for byte in chunk.invalid() {
            let _ = write!(text, r"\x{byte:02x}");
        }
    }
    text
}

/// Bytes as pairs of hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_no_text_is_escaped() {
        for (bytes, raw, escaped) in [
            (&b"a\\b\r\n c"[..], "a\\b\r\n c", false),
            ("grüße".as_bytes(), "grüße", false),
            (b"a\\b\xff\xfe", r"a\\b\xff\xfe", true),
        ] {
            let mut object = Map::new();
            put_raw(&mut object, "raw", bytes);
            assert_eq!(object.get("raw"), Some(&Value::from(raw)));
            assert_eq!(object.contains_key("escaped"), escaped);
        }
        assert_eq!(hex(b"\x00\xff"), "00ff");
    }
}
