//! Free text (`Subject`, `Organization`).

use std::borrow::Cow;

use bytes::BytesMut;
use missiva_core::Fault;
use missiva_core::scan::{ByteSet, Cursor};

use super::Value;
use crate::encode::put;
use crate::grammar::lws;

/// `TEXT-UTF8-TRIM`: words as a person wrote them, possibly folded, possibly none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct Text<'a>(pub &'a str);

/// Everything but control characters.
const TEXT: ByteSet = ByteSet::empty().with_range(0x20, 0x7e).with_range(0x80, 0xff).with(b"\t");

impl<'a> Text<'a> {
    /// The text with folds read as one space.
    #[must_use]
    pub fn unfolded(&self) -> Cow<'a, str> {
        crate::quoted::unfold(self.0)
    }
}

impl<'a> Value<'a> for Text<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let start = cursor.at();
        loop {
            cursor.skip(&TEXT);
            if !lws(cursor) {
                break;
            }
        }
        if !cursor.is_end() {
            return Err(cursor.unexpected());
        }
        Ok(Self(cursor.since(start).trim_end_matches([' ', '\t', '\r', '\n'])))
    }

    fn encode(&self, out: &mut BytesMut) {
        put(&self.unfolded(), out);
    }
}
