//! `Call-ID`, and the fields that name a dialog by it (`Replaces`, `Join`, `Target-Dialog`).

use bytes::BytesMut;
use missiva_core::Fault;
use missiva_core::scan::Cursor;

use super::Value;
use crate::encode::put;
use crate::grammar::WORD;
use crate::params::Params;

/// `callid = word [ "@" word ]`; compared byte by byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct CallId<'a>(pub &'a str);

impl<'a> Value<'a> for CallId<'a> {
    #[inline]
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let start = cursor.at();
        cursor.take_some(&WORD)?;
        if cursor.eat(b'@') {
            cursor.take_some(&WORD)?;
        }
        Ok(Self(cursor.since(start)))
    }

    fn encode(&self, out: &mut BytesMut) {
        put(self.0, out);
    }
}

/// A dialog named from outside: its Call-ID and both tags (RFC 3891, RFC 3911, RFC 4538).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct DialogRef<'a> {
    /// The Call-ID.
    pub call_id: CallId<'a>,
    /// `to-tag` (`remote-tag`), `from-tag` (`local-tag`), `early-only` and any other.
    pub params: Params<'a>,
}

impl<'a> Value<'a> for DialogRef<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        Ok(Self {
            call_id: CallId::read(cursor)?,
            params: Params::read(cursor)?,
        })
    }

    fn encode(&self, out: &mut BytesMut) {
        self.call_id.encode(out);
        put(self.params.as_str(), out);
    }
}

const _: () = {
    // A semicolon ends a word, so parameters are never swallowed by it.
    assert!(!WORD.has(b';') && !WORD.has(b'@') && !WORD.has(b','));
};
