//! Values without a grammar of their own: text, seconds, identifiers.

use bytes::BytesMut;
use missiva_core::scan::{ByteSet, Cursor};
use missiva_core::{Fault, FaultKind};

use super::Value;
use crate::MessageId;
use crate::grammar::{IDENT, put, put_number};

/// Text for people: anything but control characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct Text<'a>(pub &'a str);

const TEXT: ByteSet = ByteSet::empty().with_range(0x20, 0x7e).with_range(0x80, 0xff).with(b"\t");

impl<'a> Value<'a> for Text<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        Ok(Self(cursor.take(&TEXT)))
    }

    fn encode(&self, out: &mut BytesMut) {
        put(self.0, out);
    }
}

/// A time in seconds: how long a path through a relay lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct Seconds(pub u32);

impl<'a> Value<'a> for Seconds {
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        if cursor.is_end() {
            return Err(cursor.fault(FaultKind::Empty));
        }
        cursor.number(u32::MAX.into()).map(|seconds| Self(seconds as u32))
    }

    fn encode(&self, out: &mut BytesMut) {
        put_number(self.0.into(), out);
    }
}

impl<'a> Value<'a> for MessageId {
    #[inline]
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let start = cursor.at();
        Self::parse(cursor.take(&IDENT)).map_err(|fault| fault.shifted(start))
    }

    fn encode(&self, out: &mut BytesMut) {
        put(self.as_str(), out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_32_bits_wide() {
        assert_eq!(Seconds::parse("4294967295").unwrap().to_text(), "4294967295");
        for (text, kind) in
            [("4294967296", FaultKind::Number), ("-1", FaultKind::Number), ("", FaultKind::Empty)]
        {
            assert_eq!(Seconds::parse(text), Err(Fault::new(kind, 0)), "{text}");
        }
    }

    #[test]
    fn text_stops_at_controls() {
        assert_eq!(Text::parse("a\tgröße").unwrap().to_text(), "a\tgröße");
        assert_eq!(Text::parse("a\u{1}"), Err(Fault::new(FaultKind::Unexpected, 1)));
    }

    #[test]
    fn message_ids_are_values() {
        let read = <MessageId as Value<'_>>::parse;
        assert_eq!(read("12339sdqwer").unwrap().to_text(), "12339sdqwer");
        assert_eq!(read(""), Err(Fault::new(FaultKind::Empty, 0)));
        assert_eq!(read("abcd efgh"), Err(Fault::new(FaultKind::Unexpected, 4)));
    }
}
