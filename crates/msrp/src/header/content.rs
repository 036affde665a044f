//! What the body is: `Content-Type`, `Content-Disposition`, `Content-ID`.

use bytes::{BufMut, BytesMut};
use missiva_core::Fault;
use missiva_core::scan::{ByteSet, Cursor};

use super::{Params, Value};
use crate::grammar::{TOKEN, put};

/// The type of a body.
///
/// ```
/// use missiva_msrp::header::{MediaType, Value};
///
/// let media = MediaType::parse("text/plain; charset=\"UTF-8\"")?;
/// assert!(media.is("Text", "Plain"));
/// assert_eq!(media.params.value("charset").as_deref(), Some("UTF-8"));
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct MediaType<'a> {
    /// The type as it was spelled.
    #[cfg_attr(feature = "serde", serde(rename = "type"))]
    pub kind: &'a str,
    /// The subtype as it was spelled.
    pub subtype: &'a str,
    /// `charset` and any other.
    pub params: Params<'a>,
}

impl MediaType<'_> {
    /// Whether the type is `kind/subtype`, in any case and with any parameters.
    #[must_use]
    pub fn is(&self, kind: &str, subtype: &str) -> bool {
        self.kind.eq_ignore_ascii_case(kind) && self.subtype.eq_ignore_ascii_case(subtype)
    }

    /// Whether an entry of `accept-types` covers this type: `type/subtype`, `type/*` or `*` (RFC 4975 section 8.6).
    #[must_use]
    pub fn is_covered_by(&self, accepted: &str) -> bool {
        let accepted = accepted.split(';').next().unwrap_or_default().trim();
        match accepted.split_once('/') {
            None => accepted == "*",
            Some(("*", "*")) => true,
            Some((kind, subtype)) => {
                kind.eq_ignore_ascii_case(self.kind)
                    && (subtype == "*" || subtype.eq_ignore_ascii_case(self.subtype))
            }
        }
    }
}

impl<'a> Value<'a> for MediaType<'a> {
    /// `type "/" subtype *( ";" gen-param )`.
    #[inline]
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let kind = cursor.take_some(&TOKEN)?;
        cursor.expect(b'/')?;
        let subtype = cursor.take_some(&TOKEN)?;
        Ok(Self { kind, subtype, params: Params::read(cursor)? })
    }

    fn encode(&self, out: &mut BytesMut) {
        put(self.kind, out);
        out.put_u8(b'/');
        put(self.subtype, out);
        put(self.params.as_str(), out);
    }
}

/// What the body is for (RFC 2183): `render`, `attachment`, `inline` and any other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Disposition<'a> {
    /// The word as it was spelled.
    pub kind: &'a str,
    /// `filename`, `size` and any other.
    pub params: Params<'a>,
}

impl Disposition<'_> {
    /// Whether the body is for `kind`, in any case.
    #[must_use]
    pub fn is(&self, kind: &str) -> bool {
        self.kind.eq_ignore_ascii_case(kind)
    }
}

impl<'a> Value<'a> for Disposition<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        Ok(Self { kind: cursor.take_some(&TOKEN)?, params: Params::read(cursor)? })
    }

    fn encode(&self, out: &mut BytesMut) {
        put(self.kind, out);
        put(self.params.as_str(), out);
    }
}

/// The name of the body, to which a `cid:` URI points; kept without its angle brackets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct ContentId<'a>(pub &'a str);

const ID: ByteSet = ByteSet::empty().with_range(0x21, 0x7e).without(b"<>");

impl<'a> Value<'a> for ContentId<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        cursor.expect(b'<')?;
        let id = cursor.take_some(&ID)?;
        cursor.expect(b'>')?;
        Ok(Self(id))
    }

    fn encode(&self, out: &mut BytesMut) {
        out.put_u8(b'<');
        put(self.0, out);
        out.put_u8(b'>');
    }
}

#[cfg(test)]
mod tests {
    use missiva_core::FaultKind;

    use super::*;

    #[test]
    fn types_round_trip() {
        for text in ["message/cpim", "text/plain;charset=UTF-8", "a/b; c=\"d;e\"", "x/vnd.y+xml"] {
            assert_eq!(MediaType::parse(text).unwrap().to_text(), text);
        }
        for (text, kind, at) in [
            ("", FaultKind::End, 0),
            ("text", FaultKind::End, 4),
            ("text/", FaultKind::End, 5),
            ("text/plain;", FaultKind::End, 11),
            ("text/plain;a=", FaultKind::End, 13),
            ("text/plain;a=\"b", FaultKind::Quote, 13),
            ("text plain", FaultKind::Unexpected, 4),
        ] {
            assert_eq!(MediaType::parse(text), Err(Fault::new(kind, at)), "{text}");
        }
    }

    #[test]
    fn types_are_covered_by_themselves_and_by_stars() {
        let media = MediaType::parse("Text/Plain;charset=UTF-8").unwrap();
        for (accepted, covered) in [
            ("text/plain", true),
            ("text/plain;charset=x", true),
            ("text/*", true),
            ("*", true),
            ("*/*", true),
            ("text/html", false),
            ("message/cpim", false),
            ("", false),
        ] {
            assert_eq!(media.is_covered_by(accepted), covered, "{accepted}");
        }
    }

    #[test]
    fn dispositions_and_ids_round_trip() {
        for text in ["render", "attachment; filename=\"a b.png\"; size=12"] {
            assert_eq!(Disposition::parse(text).unwrap().to_text(), text);
        }
        assert!(Disposition::parse("Inline").unwrap().is("inline"));
        assert_eq!(ContentId::parse("<a@b>").unwrap().to_text(), "<a@b>");
        assert_eq!(ContentId::parse("a@b"), Err(Fault::new(FaultKind::Unexpected, 0)));
        assert_eq!(ContentId::parse("<a b>"), Err(Fault::new(FaultKind::Unexpected, 2)));
    }
}
