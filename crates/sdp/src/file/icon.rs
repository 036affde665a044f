//! `a=file-icon` (RFC 5547 section 6).

use bytes::BytesMut;
use missiva_core::scan::Cursor;
use missiva_core::{Fault, FaultKind};

use crate::encode::put;
use crate::grammar::word;
use crate::value::Value;

/// `a=file-icon`: the part of the same body that shows what the file looks like, by its Content-ID (RFC 2392).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct FileIcon<'a> {
    /// The Content-ID as a URL has it: without angle brackets, escapes included.
    pub content_id: &'a str,
}

impl<'a> Value<'a> for FileIcon<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        if !cursor.eat_word("cid:") {
            return Err(cursor.fault(FaultKind::Unsupported));
        }
        Ok(Self { content_id: word(cursor)? })
    }

    fn encode(&self, out: &mut BytesMut) {
        put("cid:", out);
        put(self.content_id, out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn icons_are_parts_of_the_body() {
        let icon = FileIcon::parse("cid:id2@alicepc.example.com").unwrap();
        assert_eq!(icon.content_id, "id2@alicepc.example.com");
        assert_eq!(icon.to_text(), "cid:id2@alicepc.example.com");
        assert_eq!(FileIcon::parse("http://x/y"), Err(Fault::new(FaultKind::Unsupported, 0)));
        assert_eq!(FileIcon::parse("cid:"), Err(Fault::new(FaultKind::End, 4)));
    }
}
