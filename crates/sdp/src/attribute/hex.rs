//! Octets in hexadecimal with colons between them.

use bytes::BytesMut;
use missiva_core::scan::{ByteSet, Cursor};
use missiva_core::{Fault, FaultKind};

use crate::encode::put;
use crate::value::Value;

/// `2HEX *(":" 2HEX)`: a digest as fingerprints and file selectors have it. Kept as it was written; two are equal when
/// their octets are.
///
/// ```
/// use missiva_sdp::{Value, attribute::HexPairs};
///
/// let text = HexPairs::write(&[0x72, 0x24, 0x0f]);
/// assert_eq!(text, "72:24:0F");
/// assert_eq!(HexPairs::parse("72:24:0f")?, HexPairs::parse(&text)?);
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct HexPairs<'a> {
    text: &'a str,
}

const HEX: ByteSet = ByteSet::hex_digits();
const HEX_OR_COLON: ByteSet = HEX.with(b":");

impl<'a> HexPairs<'a> {
    /// The octets in order.
    pub fn octets(&self) -> impl Iterator<Item = u8> + Clone + use<'a> {
        self.text.as_bytes().chunks(3).map(|pair| match pair {
            [high, low, ..] => digit(*high) << 4 | digit(*low),
            _ => 0,
        })
    }

    /// How many octets there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        (self.text.len() + 1) / 3
    }

    /// Whether there is none, which cannot be.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// As it was written.
    #[must_use]
    pub const fn as_str(&self) -> &'a str {
        self.text
    }

    /// What is wrong with text that is no pairs.
    #[cold]
    fn fault(cursor: &mut Cursor<'a>) -> Fault {
        let start = cursor.at();
        let text = match cursor.take_some(&HEX_OR_COLON) {
            Ok(text) => text,
            Err(fault) => return fault,
        };
        let wrong = text.bytes().enumerate().position(|(at, byte)| (byte == b':') != (at % 3 == 2));
        Fault::new(FaultKind::Value, start + wrong.unwrap_or(text.len()))
    }

    /// Octets as RFC 8122 section 5 wants them, in capitals.
    #[must_use]
    pub fn write(octets: &[u8]) -> String {
        const DIGITS: [char; 16] =
            ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
        let mut text = String::with_capacity(octets.len() * 3);
        for (at, octet) in octets.iter().enumerate() {
            if at > 0 {
                text.push(':');
            }
            for nibble in [octet >> 4, octet & 15] {
                text.extend(DIGITS.get(usize::from(nibble)));
            }
        }
        text
    }
}

impl PartialEq for HexPairs<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.text.eq_ignore_ascii_case(other.text)
    }
}

impl Eq for HexPairs<'_> {}

/// The value of a hexadecimal digit: letters have bit 6 set, and their low bits count from one.
const fn digit(digit: u8) -> u8 {
    (digit & 15) + (digit >> 6) * 9
}

impl<'a> Value<'a> for HexPairs<'a> {
    #[inline]
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let start = cursor.at();
        // All pairs but the last have a colon behind them.
        let bytes = cursor.rest_bytes();
        let pairs = bytes
            .chunks_exact(3)
            .take_while(|pair| matches!(pair, [high, low, b':'] if HEX.has(*high) & HEX.has(*low)));
        let last = pairs.count() * 3;
        let is = |set: &ByteSet, at: usize| bytes.get(at).is_some_and(|byte| set.has(*byte));
        let whole = is(&HEX, last) & is(&HEX, last + 1) & !is(&HEX_OR_COLON, last + 2);
        if whole {
            cursor.jump(start + last + 2);
            return Ok(Self { text: cursor.since(start) });
        }
        Err(Self::fault(cursor))
    }

    fn encode(&self, out: &mut BytesMut) {
        put(self.text, out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn octets_go_there_and_back() {
        let octets: Vec<u8> = (0..=u8::MAX).collect();
        let text = HexPairs::write(&octets);
        let pairs = HexPairs::parse(&text).unwrap();
        assert_eq!((pairs.len(), pairs.octets().collect::<Vec<_>>()), (256, octets));
        assert_eq!(HexPairs::parse("aF").unwrap().octets().next(), Some(0xaf));
        assert_ne!(HexPairs::parse("aF").unwrap(), HexPairs::parse("aE").unwrap());
    }

    #[test]
    fn pairs_that_are_none_are_refused() {
        for (text, at) in
            [("a", 1), ("a:b", 1), ("abc", 2), ("ab:", 3), ("ab:c", 4), (":ab", 0), ("ab::cd", 3)]
        {
            assert_eq!(HexPairs::parse(text).map_err(|fault| fault.at), Err(at), "{text}");
        }
        assert!(HexPairs::parse("").is_err() && HexPairs::parse("xy").is_err());
    }
}
