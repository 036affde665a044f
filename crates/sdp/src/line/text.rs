//! Values that are any text.

use bytes::BytesMut;
use missiva_core::Fault;
use missiva_core::scan::Cursor;

use crate::encode::put;
use crate::grammar::some_rest;
use crate::value::Value;

/// `text` and `byte-string` of RFC 8866, white space at its ends included. It is never empty.
///
/// Session names, telephone numbers, and the attributes whose value this crate leaves as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct Text<'a>(pub &'a str);

impl<'a> Value<'a> for Text<'a> {
    const FREE: bool = true;

    #[inline(always)]
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        some_rest(cursor).map(Self)
    }

    fn encode(&self, out: &mut BytesMut) {
        put(self.0, out);
    }
}
