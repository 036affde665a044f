//! `a=file-disposition` (RFC 5547 section 6).

use bytes::BytesMut;
use missiva_core::Fault;
use missiva_core::scan::Cursor;

use crate::encode::put;
use crate::grammar::{rest, token};
use crate::value::Value;

/// `a=file-disposition`: `render` or `attachment`, and what some peers put behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct FileDisposition<'a> {
    /// What to do with the file.
    pub kind: &'a str,
    /// Parameters as they were written, their first separator included; RFC 5547 has none.
    pub params: &'a str,
}

impl FileDisposition<'_> {
    /// Whether the file is to be shown at once.
    #[must_use]
    pub const fn is_render(&self) -> bool {
        self.kind.eq_ignore_ascii_case("render")
    }
}

impl<'a> Value<'a> for FileDisposition<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let kind = token(cursor)?;
        if cursor.is_end() {
            return Ok(Self { kind, params: "" });
        }
        // Players of voice messages announce their length: `render;timelen=12`.
        match cursor.peek() {
            Some(b';' | b' ') => Ok(Self { kind, params: rest(cursor) }),
            _ => Err(cursor.unexpected()),
        }
    }

    fn encode(&self, out: &mut BytesMut) {
        put(self.kind, out);
        put(self.params, out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dispositions_have_a_kind() {
        for (text, render) in [("render", true), ("attachment", false), ("Render;timelen=12", true)]
        {
            let value = FileDisposition::parse(text).unwrap();
            assert_eq!((value.is_render(), &*value.to_text()), (render, text));
        }
        assert!(FileDisposition::parse("").is_err() && FileDisposition::parse("a,b").is_err());
    }
}
