//! `Content-Type` and `Accept` (RFC 3261 sections 20.15 and 20.1).

use bytes::{BufMut, BytesMut};
use missiva_core::Fault;
use missiva_core::scan::Cursor;

use super::Value;
use crate::encode::put;
use crate::grammar::{self, separator};
use crate::params::Params;

/// The type of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct MediaType<'a> {
    /// The type as it was spelled.
    #[cfg_attr(feature = "serde", serde(rename = "type"))]
    pub kind: &'a str,
    /// The subtype as it was spelled.
    pub subtype: &'a str,
    /// `boundary`, `charset` and any other.
    pub params: Params<'a>,
}

impl<'a> MediaType<'a> {
    /// Whether the type is `kind/subtype`, in any case and with any parameters.
    #[must_use]
    pub fn is(&self, kind: &str, subtype: &str) -> bool {
        self.kind.eq_ignore_ascii_case(kind) && self.subtype.eq_ignore_ascii_case(subtype)
    }
}

impl<'a> Value<'a> for MediaType<'a> {
    #[inline]
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let kind = grammar::token(cursor)?;
        separator(cursor, b'/')?;
        let subtype = grammar::token(cursor)?;
        Ok(Self { kind, subtype, params: Params::read(cursor)? })
    }

    fn encode(&self, out: &mut BytesMut) {
        put(self.kind, out);
        out.put_u8(b'/');
        put(self.subtype, out);
        put(self.params.as_str(), out);
    }

    fn repeated(&self) -> Option<&'a str> {
        self.params.repeated()
    }
}

/// One entry of `Accept`: a type, or a star in place of the subtype or of both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct MediaRange<'a>(pub MediaType<'a>);

impl MediaRange<'_> {
    /// How welcome the type is.
    ///
    /// ```
    /// use missiva_sip::header::{MediaRange, Value};
    ///
    /// let range = MediaRange::parse("text/*;q=0.3")?;
    /// assert_eq!(range.q().map(|q| q.thousandths()), Ok(300));
    /// # Ok::<(), missiva_core::Fault>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`FaultKind::Number`](missiva_core::FaultKind::Number) when `q` is no `qvalue`.
    pub fn q(&self) -> Result<super::QValue, missiva_core::FaultKind> {
        self.0.params.q()
    }

    /// Whether a body of type `media` is welcome.
    #[must_use]
    pub fn covers(&self, media: &MediaType<'_>) -> bool {
        let Self(range) = self;
        range.kind == "*"
            || range.kind.eq_ignore_ascii_case(media.kind)
                && (range.subtype == "*" || range.subtype.eq_ignore_ascii_case(media.subtype))
    }
}

impl<'a> Value<'a> for MediaRange<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let start = cursor.at();
        let range = MediaType::read(cursor)?;
        if range.kind == "*" && range.subtype != "*" {
            return Err(Fault::new(missiva_core::FaultKind::Value, start));
        }
        Ok(Self(range))
    }

    fn encode(&self, out: &mut BytesMut) {
        self.0.encode(out);
    }

    fn repeated(&self) -> Option<&'a str> {
        self.0.repeated()
    }
}
