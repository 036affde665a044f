//! `k=`.

use bytes::{BufMut, BytesMut};
use missiva_core::scan::Cursor;
use missiva_core::{Fault, FaultKind};

use crate::encode::put;
use crate::grammar::{some_rest, token};
use crate::value::Value;

/// `k=`: a key, or where to get it. RFC 8866 section 5.12 forbids to send it and asks to discard it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Key<'a> {
    /// `prompt`, `clear`, `base64`, `uri`.
    pub method: &'a str,
    /// What the method needs; `prompt` needs nothing.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub value: Option<&'a str>,
}

impl std::fmt::Debug for Key<'_> {
    /// Keeps the key to itself.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Key").field("method", &self.method).finish_non_exhaustive()
    }
}

impl<'a> Value<'a> for Key<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let start = cursor.at();
        let method = token(cursor)?;
        let value = if cursor.eat(b':') { Some(some_rest(cursor)?) } else { None };
        match (method, value) {
            ("prompt", None) | (_, Some(_)) if method != "prompt" || value.is_none() => {
                Ok(Self { method, value })
            }
            _ => Err(Fault::new(FaultKind::Value, start)),
        }
    }

    fn encode(&self, out: &mut BytesMut) {
        put(self.method, out);
        if let Some(value) = self.value {
            out.put_u8(b':');
            put(value, out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_a_method_and_all_but_prompt_a_value() {
        for text in ["prompt", "clear:a b", "base64:AAAA", "uri:https://example.com/k"] {
            assert_eq!(Key::parse(text).unwrap().to_text(), text);
        }
        for text in ["clear", "prompt:x", "", "clear:"] {
            assert!(Key::parse(text).is_err(), "{text}");
        }
        assert_eq!(
            format!("{:?}", Key::parse("clear:secret").unwrap()),
            "Key { method: \"clear\", .. }"
        );
    }
}
