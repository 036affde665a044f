//! The identifiers of CPM: `Conversation-ID`, `Contribution-ID`, `InReplyTo-Contribution-ID`, `Session-Replaces`.

use bytes::BytesMut;
use missiva_core::scan::{ByteSet, Cursor};
use missiva_core::{Fault, FaultKind};

use super::Value;
use crate::encode::put;

/// An identifier kept byte by byte as it came; equal means the same bytes, case included.
///
/// UUIDs and hexadecimal strings of 32 or 40 digits all occur. Anything printable but space, comma and
/// semicolon is let through, up to 256 bytes, since the identifier names a folder in the message store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct CpmId<'a>(pub &'a str);

const ID: ByteSet = ByteSet::empty().with_range(0x21, 0x7e).without(b",;");

impl CpmId<'_> {
    /// Bytes in the longest identifier.
    pub const MAX_LEN: usize = 256;
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
