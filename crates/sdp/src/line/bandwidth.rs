//! `b=`.

use bytes::{BufMut, BytesMut};
use missiva_core::Fault;
use missiva_core::scan::Cursor;

use crate::encode::{put, put_display};
use crate::grammar::{long, token};
use crate::value::Value;

/// `b=`: how much the session or a medium may take (RFC 8866 section 5.8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Bandwidth<'a> {
    /// What is counted.
    pub kind: BandwidthKind<'a>,
    /// How much, in the unit of the kind.
    pub value: u64,
}

/// What a bandwidth counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(into = "&str"))]
#[non_exhaustive]
pub enum BandwidthKind<'a> {
    /// `AS`: kilobits a second of one medium, as the application sees it.
    As,
    /// `CT`: kilobits a second of the whole conference.
    Ct,
    /// `RR`: bits a second of RTCP for receivers (RFC 3556).
    Rr,
    /// `RS`: bits a second of RTCP for senders (RFC 3556).
    Rs,
    /// `TIAS`: bits a second without the layers below (RFC 3890).
    Tias,
    /// Any other, `X-` ones included.
    Other(&'a str),
}

impl<'a> BandwidthKind<'a> {
    /// The kind that `word` names.
    #[must_use]
    pub fn of(word: &'a str) -> Self {
        match word {
            "AS" => Self::As,
            "CT" => Self::Ct,
            "RR" => Self::Rr,
            "RS" => Self::Rs,
            "TIAS" => Self::Tias,
            _ => Self::Other(word),
        }
    }

    /// The word that names the kind.
    #[must_use]
    pub const fn as_str(self) -> &'a str {
        match self {
            Self::As => "AS",
            Self::Ct => "CT",
            Self::Rr => "RR",
            Self::Rs => "RS",
            Self::Tias => "TIAS",
            Self::Other(word) => word,
        }
    }
}

impl<'a> From<BandwidthKind<'a>> for &'a str {
    fn from(kind: BandwidthKind<'a>) -> Self {
        kind.as_str()
    }
}

impl<'a> Value<'a> for Bandwidth<'a> {
    #[inline]
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let kind = BandwidthKind::of(token(cursor)?);
        cursor.expect(b':')?;
        Ok(Self { kind, value: long(cursor)? })
    }

    fn encode(&self, out: &mut BytesMut) {
        put(self.kind.as_str(), out);
        out.put_u8(b':');
        put_display(self.value, out);
    }
}

#[cfg(test)]
mod tests {
    use missiva_core::FaultKind;

    use super::*;

    #[test]
    fn bandwidths_have_a_kind_and_a_number() {
        let table = [
            ("AS:64", BandwidthKind::As, 64),
            ("CT:0", BandwidthKind::Ct, 0),
            ("RR:2000", BandwidthKind::Rr, 2000),
            ("RS:600", BandwidthKind::Rs, 600),
            ("TIAS:64000", BandwidthKind::Tias, 64000),
            ("X-YZ:128", BandwidthKind::Other("X-YZ"), 128),
        ];
        for (text, kind, value) in table {
            assert_eq!(Bandwidth::parse(text), Ok(Bandwidth { kind, value }));
            assert_eq!(Bandwidth { kind, value }.to_text(), text);
        }
        for (text, kind, at) in [
            ("AS", FaultKind::End, 2),
            ("AS:", FaultKind::Number, 3),
            ("AS:-1", FaultKind::Number, 3),
            ("AS:64.5", FaultKind::Unexpected, 5),
            (":64", FaultKind::Unexpected, 0),
        ] {
            assert_eq!(Bandwidth::parse(text), Err(Fault::new(kind, at)), "{text}");
        }
    }
}
