//! Attributes of one word, one number, or none.

use bytes::BytesMut;
use missiva_core::scan::{ByteSet, Cursor};
use missiva_core::{Fault, FaultKind};

use super::keywords;
use crate::encode::{put, put_display};
use crate::grammar::{long, token};
use crate::value::Value;

/// An attribute that says all by being there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(into = "bool"))]
pub struct Flag;

impl From<Flag> for bool {
    fn from(Flag: Flag) -> Self {
        true
    }
}

impl<'a> Value<'a> for Flag {
    #[inline(always)]
    fn read(_: &mut Cursor<'a>) -> Result<Self, Fault> {
        Ok(Self)
    }

    fn encode(&self, _: &mut BytesMut) {}
}

/// One `token`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct Token<'a>(pub &'a str);

impl<'a> Value<'a> for Token<'a> {
    #[inline]
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        token(cursor).map(Self)
    }

    fn encode(&self, out: &mut BytesMut) {
        put(self.0, out);
    }
}

/// A whole number below 2^63.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct Number(pub u64);

impl<'a> Value<'a> for Number {
    #[inline]
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        long(cursor).map(Self)
    }

    fn encode(&self, out: &mut BytesMut) {
        put_display(self.0, out);
    }
}

/// `non-zero-int-or-real`: milliseconds of a packet, frames of a second. Kept as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct Decimal<'a> {
    text: &'a str,
}

impl Decimal<'_> {
    /// The number without its fraction; the largest there is when it has no room.
    ///
    /// ```
    /// use missiva_sdp::{Value, attribute::Decimal};
    ///
    /// assert_eq!(Decimal::parse("29.97")?.whole(), 29);
    /// # Ok::<(), missiva_core::Fault>(())
    /// ```
    #[must_use]
    pub fn whole(&self) -> u32 {
        let digits = self.text.split('.').next().unwrap_or_default();
        digits.parse().unwrap_or(u32::MAX)
    }

    /// The number as it was written.
    #[must_use]
    pub const fn as_str(&self) -> &str {
        self.text
    }
}

impl<'a> Value<'a> for Decimal<'a> {
    #[inline]
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        const DIGITS: ByteSet = ByteSet::digits();
        let start = cursor.at();
        let wrong = Fault::new(FaultKind::Number, start);
        cursor.take_some(&DIGITS).map_err(|_| wrong)?;
        if cursor.eat(b'.') {
            cursor.take_some(&DIGITS)?;
        }
        let text = cursor.since(start);
        if text.bytes().all(|byte| matches!(byte, b'0' | b'.')) {
            Err(wrong)
        } else {
            Ok(Self { text })
        }
    }

    fn encode(&self, out: &mut BytesMut) {
        put(self.text, out);
    }
}

/// A language tag (RFC 5646): subtags with hyphens between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct Language<'a>(pub &'a str);

impl<'a> Value<'a> for Language<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        const SUBTAG: ByteSet = ByteSet::alphanumeric();
        let start = cursor.at();
        loop {
            let at = cursor.at();
            if cursor.take_some(&SUBTAG)?.len() > 8 {
                return Err(Fault::new(FaultKind::Value, at));
            }
            if !cursor.eat(b'-') {
                return Ok(Self(cursor.since(start)));
            }
        }
    }

    fn encode(&self, out: &mut BytesMut) {
        put(self.0, out);
    }
}

keywords! {
    /// How a whiteboard stands (RFC 8866 section 6.8).
    Orientation {
        /// Upright.
        Portrait "portrait";
        /// On its side.
        Landscape "landscape";
        /// On its side, upside down.
        Seascape "seascape";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_words_are_bounded() {
        assert_eq!(Number::parse("9223372036854775807"), Ok(Number(i64::MAX as u64)));
        assert_eq!(Number::parse("9223372036854775808"), Err(Fault::new(FaultKind::Number, 0)));
        assert_eq!(Number::parse("-1"), Err(Fault::new(FaultKind::Number, 0)));
        assert_eq!(Token::parse("a b"), Err(Fault::new(FaultKind::Unexpected, 1)));
        assert_eq!(Flag::parse(""), Ok(Flag));
        assert_eq!(Flag::parse("x"), Err(Fault::new(FaultKind::Unexpected, 0)));
    }

    #[test]
    fn decimals_are_not_zero() {
        for (text, whole) in [("20", 20), ("2.5", 2), ("0.5", 0), ("99999999999", u32::MAX)] {
            let decimal = Decimal::parse(text).unwrap();
            assert_eq!(
                (decimal.whole(), decimal.as_str(), &*decimal.to_text()),
                (whole, text, text)
            );
        }
        for text in ["", "0", "0.0", "x", "1.", "-1", "1.2.3"] {
            assert!(Decimal::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn languages_have_short_subtags() {
        for text in ["de", "en-US", "sl-rozaj-biske", "zh-Hant-TW"] {
            assert_eq!(Language::parse(text), Ok(Language(text)));
        }
        for text in ["", "-", "de-", "de_DE", "abcdefghi"] {
            assert!(Language::parse(text).is_err(), "{text}");
        }
        assert_eq!(Orientation::parse("seascape"), Ok(Orientation::Seascape));
    }
}
