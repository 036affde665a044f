//! The identifiers of CPM: `Conversation-ID`, `Contribution-ID`, `InReplyTo-Contribution-ID`, `Session-Replaces`.

use bytes::BytesMut;
use missiva_core::scan::{ByteSet, Cursor};
use missiva_core::{Fault, FaultKind};

use super::Value;
use crate::encode::put;

/// An identifier kept byte by byte as it came; equal means the same bytes, case included.
///
/// ```
/// use missiva_sip::header::{CpmId, Value};
///
/// let id = CpmId::parse("f81d4fae-7dec-11d0-a765-00a0c91e6bf6")?;
/// assert!(id == "f81d4fae-7dec-11d0-a765-00a0c91e6bf6");
/// assert!(id != "F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6");
/// # Ok::<(), missiva_core::Fault>(())
/// ```
///
/// UUIDs and hexadecimal strings of 32 or 40 digits all occur. Anything printable but space, comma and
/// semicolon is let through, up to 256 bytes, since the identifier names a folder in the message store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct CpmId<'a>(pub &'a str);

const ID: ByteSet = ByteSet::empty().with_range(0x21, 0x7e).without(b",;");

impl<'a> CpmId<'a> {
    /// Bytes in the longest identifier.
    pub const MAX_LEN: usize = 256;

    /// The identifier.
    #[must_use]
    pub const fn as_str(&self) -> &'a str {
        self.0
    }
}

/// Byte by byte, as the Conversation Functions compare identifiers.
impl PartialEq<str> for CpmId<'_> {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

/// Byte by byte, as the Conversation Functions compare identifiers.
impl PartialEq<&str> for CpmId<'_> {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

impl<'a> Value<'a> for CpmId<'a> {
    #[inline]
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let start = cursor.at();
        let id = cursor.take_some(&ID)?;
        if id.len() > Self::MAX_LEN {
            return Err(Fault::new(FaultKind::Limit, start));
        }
        Ok(Self(id))
    }

    fn encode(&self, out: &mut BytesMut) {
        put(self.0, out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_keep_every_byte() {
        let longest = "x".repeat(CpmId::MAX_LEN);
        for text in [
            "f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
            "abcdef01234567890123456789abcdef",
            "da39a3ee5e6b4b0d3255bfef95601890afd80709",
            "<a@b>:\"\\[]",
            &longest,
        ] {
            let id = CpmId::parse(text).unwrap();
            assert_eq!((id.as_str(), id.to_text().as_str()), (text, text));
        }
    }

    #[test]
    fn identifiers_compare_byte_by_byte() {
        let id = CpmId("aB");
        assert!(id == CpmId("aB") && id == "aB" && id == *"aB");
        for other in ["ab", "AB", "aB ", "a%42", ""] {
            assert!(id != other && id != CpmId(other), "{other}");
        }
    }

    #[test]
    fn what_is_no_identifier_is_refused() {
        let long = "x".repeat(CpmId::MAX_LEN + 1);
        let table = [
            ("", FaultKind::End, 0),
            ("a b", FaultKind::Unexpected, 2),
            ("a;b", FaultKind::Unexpected, 1),
            ("a,b", FaultKind::Unexpected, 1),
            ("\u{e9}", FaultKind::Unexpected, 0),
            (&long, FaultKind::Limit, 0),
        ];
        for (text, kind, at) in table {
            let fault = CpmId::parse(text).expect_err(text);
            assert_eq!((fault.kind, fault.at), (kind, at), "{text}");
        }
    }
}
