//! `Content-Transfer-Encoding` (RFC 2045 section 6): how the bytes of a body were made fit for travel.

use bytes::Bytes;
use missiva_core::{Fault, FaultKind};

use super::disposition::{unknown_word, word};
use super::{base64, quoted_printable};

/// How a body is written.
///
/// ```
/// use bytes::Bytes;
/// use missiva_content::mime::{Junk, TransferEncoding};
///
/// let encoding = TransferEncoding::parse("BASE64")?;
/// let body = encoding.decode(&Bytes::from_static(b"SGVs\r\nbG8="), Junk::Refuse)?;
/// assert_eq!(body, "Hello");
/// assert_eq!(encoding.encode(&body)?, "SGVsbG8=\r\n");
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
pub enum TransferEncoding {
    /// Short lines of ASCII, as they are. A body that names no encoding has this one, and is often `binary`.
    #[default]
    #[cfg_attr(feature = "serde", serde(rename = "7bit"))]
    SevenBit,
    /// Short lines of anything, as they are.
    #[cfg_attr(feature = "serde", serde(rename = "8bit"))]
    EightBit,
    /// Any bytes, as they are.
    Binary,
    /// Four letters for three bytes.
    Base64,
    /// Text with escapes.
    QuotedPrintable,
}

/// What a decoder does with bytes that the encoding has no use for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Junk {
    /// It refuses them.
    Refuse,
    /// It goes on. In base64, bytes that are no letters of it are left out (RFC 2045 section 6.8), padding may be
    /// missing, and surplus bits are dropped; letters behind the padding, and a single letter in place of four, are
    /// refused still. In quoted-printable, an escape that is none and bytes that should have been escaped stand for
    /// themselves.
    Skip,
}

/// Bytes in the longest line of `7bit` and `8bit`, its end left out (RFC 2045 section 2.7).
const MAX_LINE: usize = 998;

impl TransferEncoding {
    /// Reads a value in any case.
    ///
    /// # Errors
    ///
    /// [`FaultKind::Value`] for an encoding that is not one of the five, or the byte that makes it none.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let word = word(text)?;
        [Self::SevenBit, Self::EightBit, Self::Binary, Self::Base64, Self::QuotedPrintable]
            .into_iter()
            .find(|encoding| encoding.as_str().eq_ignore_ascii_case(word))
            .ok_or_else(unknown_word)
    }

    /// The word of the header.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SevenBit => "7bit",
            Self::EightBit => "8bit",
            Self::Binary => "binary",
            Self::Base64 => "base64",
            Self::QuotedPrintable => "quoted-printable",
        }
    }

    /// The bytes that were encoded, never more than those that came. What travels as it is shares the buffer; with
    /// [`Junk::Refuse`] its lines are checked.
    ///
    /// # Errors
    ///
    /// What is wrong and at which byte of `body`.
    pub fn decode(self, body: &Bytes, junk: Junk) -> Result<Bytes, Fault> {
        match self {
            Self::Base64 => base64::decode(body, junk).map(Bytes::from),
            Self::QuotedPrintable => quoted_printable::decode(body, junk).map(Bytes::from),
            _ if junk == Junk::Skip => Ok(body.clone()),
            _ => self.check(body).map(|()| body.clone()),
        }
    }

    /// `plain` as this encoding writes it.
    ///
    /// # Errors
    ///
    /// The first byte that cannot travel as it is, for `7bit` and `8bit`.
    pub fn encode(self, plain: &Bytes) -> Result<Bytes, Fault> {
        match self {
            Self::Base64 => Ok(base64::encode(plain).into()),
            Self::QuotedPrintable => Ok(quoted_printable::encode(plain).into()),
            _ => self.check(plain).map(|()| plain.clone()),
        }
    }

    /// Whether the bytes keep the rules of `7bit` or `8bit`: lines of at most 998 bytes with CRLF, no NUL.
    fn check(self, body: &[u8]) -> Result<(), Fault> {
        if self == Self::Binary {
            return Ok(());
        }
        let mut line = 0usize;
        for (at, byte) in body.iter().enumerate() {
            let next = || body.get(at + 1);
            let before = || at.checked_sub(1).and_then(|before| body.get(before));
            let kind = match byte {
                0 => FaultKind::Nul,
                b'\r' if next() != Some(&b'\n') => FaultKind::BareCr,
                b'\n' if before() != Some(&b'\r') => FaultKind::BareLf,
                0x80.. if self == Self::SevenBit => FaultKind::Unexpected,
                b'\r' => continue,
                b'\n' => {
                    line = at + 1;
                    continue;
                }
                _ if at - line >= MAX_LINE => FaultKind::Limit,
                _ => continue,
            };
            return Err(Fault::new(kind, at));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_five_words_are_known_in_any_case() {
        for word in ["7bit", "8BIT", "Binary", " base64 ", "Quoted-Printable (c)"] {
            let encoding = TransferEncoding::parse(word).unwrap();
            assert!(word.trim().to_ascii_lowercase().starts_with(encoding.as_str()), "{word}");
        }
        for word in ["", "x-uuencode", "base64, 7bit", "base 64"] {
            assert!(TransferEncoding::parse(word).is_err(), "{word}");
        }
    }

    #[test]
    fn what_travels_as_it_is_is_checked_when_asked() {
        use TransferEncoding::{Binary, EightBit, SevenBit};
        let (longest, longer) = ("x".repeat(998), "x".repeat(999));
        let far = "x".repeat(1_000_000);
        for (encoding, text, expected) in [
            (SevenBit, "a\r\nb", None),
            (SevenBit, "ä", Some((FaultKind::Unexpected, 0))),
            (EightBit, "ä\r\n", None),
            (EightBit, "a\rb", Some((FaultKind::BareCr, 1))),
            (EightBit, "a\r", Some((FaultKind::BareCr, 1))),
            (SevenBit, "a\nb", Some((FaultKind::BareLf, 1))),
            (SevenBit, "a\0b", Some((FaultKind::Nul, 1))),
            (SevenBit, &longest, None),
            (SevenBit, &longer, Some((FaultKind::Limit, 998))),
            (SevenBit, &far, Some((FaultKind::Limit, 998))),
            (Binary, "\0\r\n\n\r\u{80}", None),
        ] {
            let body = Bytes::from(text.to_owned());
            let got = encoding.decode(&body, Junk::Refuse);
            assert_eq!(got.err().map(|fault| (fault.kind, fault.at)), expected, "{text:.20}");
            assert_eq!(encoding.encode(&body).is_ok(), expected.is_none());
            let same = encoding.decode(&body, Junk::Skip).unwrap();
            assert_eq!(same.as_ptr(), body.as_ptr(), "nothing is copied");
        }
    }
}
