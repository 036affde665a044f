//! The headers of RFC 5438 in a CPIM message.

use std::fmt;
use std::ops::{BitOr, BitOrAssign};

use missiva_core::scan::{ByteSet, Cursor};
use missiva_core::{Fault, FaultKind};

use crate::ParseError;
use crate::cpim::{Address, Cpim, Known, identifier, is_token, words};

/// Bytes in the longest `imdn.Message-ID` that is read. Deployed ones have 12 to 64.
pub const MAX_MESSAGE_ID: usize = 512;

/// The reports that a sender wants (RFC 5438 section 6.2): a set of words.
///
/// ```
/// use missiva_content::imdn::Dispositions;
///
/// let wanted = Dispositions::parse("positive-delivery, DISPLAY;x=1, telepathy")?;
/// assert_eq!(wanted, Dispositions::POSITIVE_DELIVERY | Dispositions::DISPLAY);
/// assert_eq!(wanted.to_string(), "positive-delivery, display");
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Dispositions(u8);

impl Dispositions {
    /// No report.
    pub const NONE: Self = Self(0);
    /// That the message arrived.
    pub const POSITIVE_DELIVERY: Self = Self(1);
    /// That it did not.
    pub const NEGATIVE_DELIVERY: Self = Self(1 << 1);
    /// That somebody on the way dealt with it.
    pub const PROCESSING: Self = Self(1 << 2);
    /// That it was shown.
    pub const DISPLAY: Self = Self(1 << 3);
    /// That it went on as something else, SMS for instance (RCS).
    pub const INTERWORKING: Self = Self(1 << 4);
    /// That it was reported as unwanted (RCS).
    pub const REPORTING: Self = Self(1 << 5);

    /// Every word and what it stands for.
    const WORDS: [(&'static str, Self); 6] = [
        ("positive-delivery", Self::POSITIVE_DELIVERY),
        ("negative-delivery", Self::NEGATIVE_DELIVERY),
        ("processing", Self::PROCESSING),
        ("display", Self::DISPLAY),
        ("interworking", Self::INTERWORKING),
        ("reporting", Self::REPORTING),
    ];

    /// Reads a list of words in any case. Parameters and words that are not known are passed over, as RFC 5438 section
    /// 6.2 leaves room for both.
    ///
    /// # Errors
    ///
    /// None at present; the signature is that of all values.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        Self::read(&mut Cursor::new(text))
    }

    /// Reads a list that makes up the whole of what the cursor is over.
    #[inline]
    pub(crate) fn read(cursor: &mut Cursor<'_>) -> Result<Self, Fault> {
        /// All but what ends a word or follows one.
        const WORD: ByteSet =
            ByteSet::empty().with_range(0x21, 0x7e).with_range(0x80, 0xff).without(b",;");
        const BEHIND: ByteSet = ByteSet::empty().with_range(0, 0xff).without(b",\r\n");
        let mut set = Self::NONE;
        while !cursor.is_end() {
            if matches!(cursor.peek(), Some(b',' | b' ' | b'\t')) {
                cursor.bump();
                continue;
            }
            let word = cursor.take(&WORD);
            let end = cursor.at();
            if !cursor.is_end() && cursor.peek() != Some(b',') {
                cursor.skip(&BEHIND);
            }
            // White space before a comma or a parameter is no part of the word; another word behind it is.
            let blank = end == cursor.at() || is_only_params(cursor.since(end));
            set |= if blank { Self::of(word) } else { Self::NONE };
            if matches!(cursor.peek(), Some(b'\r' | b'\n')) {
                break;
            }
        }
        Ok(set)
    }

    /// Reads a list of which every word must be a token; an empty list wants nothing.
    ///
    /// # Errors
    ///
    /// The first word that is none.
    pub fn parse_strict(text: &str) -> Result<Self, Fault> {
        let odd = words(text).find(|(_, word)| {
            !word.split(';').all(|part| {
                part.split_once('=').map_or_else(
                    || is_token(part),
                    |(name, value)| is_token(name) && !value.is_empty(),
                )
            })
        });
        match odd {
            Some((at, _)) if !text.is_empty() => Err(Fault::new(FaultKind::Unexpected, at)),
            _ => Self::parse(text),
        }
    }

    #[inline]
    fn of(word: &str) -> Self {
        match word {
            "positive-delivery" => Self::POSITIVE_DELIVERY,
            "display" => Self::DISPLAY,
            _ => {
                let known = Self::WORDS.iter().find(|(text, _)| word.eq_ignore_ascii_case(text));
                known.map_or(Self::NONE, |(_, set)| *set)
            }
        }
    }

    /// Whether every report of `other` is wanted.
    #[must_use]
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether no report is wanted that this crate knows.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The set as a number, to be kept somewhere.
    #[must_use]
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// The set of a number that was kept; bits that mean nothing are dropped.
    #[must_use]
    pub const fn from_bits(bits: u8) -> Self {
        Self(bits & 0b11_1111)
    }
}

/// Whether nothing but white space stands before the first semicolon.
fn is_only_params(text: &str) -> bool {
    matches!(text.trim_start_matches([' ', '\t']).as_bytes().first(), None | Some(b';'))
}

impl BitOr for Dispositions {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitOrAssign for Dispositions {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

impl fmt::Display for Dispositions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = Self::WORDS.iter().filter(|(_, one)| self.has(*one));
        for (place, (word, _)) in words.enumerate() {
            if place > 0 {
                f.write_str(", ")?;
            }
            f.write_str(word)?;
        }
        Ok(())
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Dispositions {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer
            .collect_seq(Self::WORDS.iter().filter(|(_, one)| self.has(*one)).map(|(word, _)| word))
    }
}

impl Cpim {
    /// The name of the message in reports.
    ///
    /// Writers put more into it than the token of RFC 5438; anything printable without a space is taken.
    ///
    /// # Errors
    ///
    /// Two such headers, or one that is empty, longer than [`MAX_MESSAGE_ID`] or more than one word.
    #[inline]
    pub fn message_id(&self) -> Result<Option<&str>, ParseError> {
        let header = self.only(Known::MessageId)?;
        header
            .map(|header| header.read_with(|cursor| identifier(cursor, MAX_MESSAGE_ID)))
            .transpose()
    }

    /// The reports that its sender wants; none without the header.
    ///
    /// # Errors
    ///
    /// Two such headers, or one that is not UTF-8.
    #[inline]
    pub fn wants(&self) -> Result<Dispositions, ParseError> {
        let header = self.only(Known::DispositionNotification)?;
        Ok(header
            .map(|header| header.read_with(Dispositions::read))
            .transpose()?
            .unwrap_or_default())
    }

    /// To whom it went before somebody changed that.
    ///
    /// # Errors
    ///
    /// Two such headers, or one that is no address.
    pub fn original_to(&self) -> Result<Option<Address<'_>>, ParseError> {
        self.only(Known::OriginalTo)?.map(|header| header.read_with(Address::read)).transpose()
    }

    /// Who wants to see the reports on their way, the nearest to the recipient first.
    pub fn record_routes(&self) -> impl Iterator<Item = Result<Address<'_>, ParseError>> {
        self.addresses(Known::ImdnRecordRoute)
    }

    /// The stations that a report still has to pass, the next one first.
    pub fn routes(&self) -> impl Iterator<Item = Result<Address<'_>, ParseError>> {
        self.addresses(Known::ImdnRoute)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read_and_what_is_not_known_is_passed_over() {
        use Dispositions as D;
        for (text, expected, strict) in [
            ("", D::NONE, true),
            ("positive-delivery", D::POSITIVE_DELIVERY, true),
            (
                "positive-delivery, negative-delivery,display",
                D::POSITIVE_DELIVERY | D::NEGATIVE_DELIVERY | D::DISPLAY,
                true,
            ),
            ("Processing;depth=2 , x-new", D::PROCESSING, true),
            ("interworking,reporting", D::INTERWORKING | D::REPORTING, true),
            ("display,", D::DISPLAY, false),
            (",, display", D::DISPLAY, false),
            ("positive delivery", D::NONE, false),
            ("display; x", D::DISPLAY, false),
        ] {
            assert_eq!(D::parse(text), Ok(expected), "{text}");
            assert_eq!(D::parse_strict(text).is_ok(), strict, "{text}");
        }
    }

    #[test]
    fn sets_are_kept_as_numbers_and_as_words() {
        for bits in 0..=u8::MAX {
            let set = Dispositions::from_bits(bits);
            assert_eq!(Dispositions::parse_strict(&set.to_string()), Ok(set));
            assert_eq!(Dispositions::from_bits(set.bits()), set);
            assert_eq!(set.is_empty(), set == Dispositions::NONE);
        }
    }
}
