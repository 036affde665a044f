//! Names of files, with what they may not hold escaped.

use std::borrow::Cow;

use bytes::BytesMut;
use missiva_core::scan::{ByteSet, Cursor};
use missiva_core::{Fault, FaultKind};

use crate::encode::put;

/// `filename-string`: any text in which NUL, CR, LF, the double quote and the percent sign are escaped (RFC 5547
/// section 6).
///
/// ```
/// use missiva_sdp::file::FileName;
///
/// let escaped = FileName::escape("50% \"off\".txt");
/// assert_eq!(escaped, "50%25 %22off%22.txt");
/// assert_eq!(FileName::new(&escaped)?.decode(), "50% \"off\".txt");
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct FileName<'a> {
    escaped: &'a str,
}

/// Anything but what must be escaped.
const PLAIN: ByteSet = ByteSet::empty().with_range(0x01, 0xff).without(b"\r\n\"%");

impl<'a> FileName<'a> {
    /// A name that is escaped already.
    ///
    /// # Errors
    ///
    /// A byte that must be escaped, or half an escape.
    pub fn new(escaped: &'a str) -> Result<Self, Fault> {
        let mut cursor = Cursor::new(escaped);
        let name = Self::read_bare(&mut cursor)?;
        cursor.finish()?;
        Ok(name)
    }

    /// Escapes a name.
    #[must_use]
    pub fn escape(name: &str) -> String {
        let mut escaped = String::with_capacity(name.len());
        for one in name.chars() {
            match one {
                '\0' => escaped.push_str("%00"),
                '\n' => escaped.push_str("%0A"),
                '\r' => escaped.push_str("%0D"),
                '"' => escaped.push_str("%22"),
                '%' => escaped.push_str("%25"),
                _ => escaped.push(one),
            }
        }
        escaped
    }

    /// As it was written.
    #[must_use]
    pub const fn as_str(&self) -> &'a str {
        self.escaped
    }

    /// The octets of the name. They come from a stranger: no path to be used as it is.
    #[must_use]
    pub fn octets(&self) -> Cow<'a, [u8]> {
        if !self.escaped.contains('%') {
            return Cow::Borrowed(self.escaped.as_bytes());
        }
        let mut octets = Vec::with_capacity(self.escaped.len());
        let mut rest = self.escaped.as_bytes();
        while let Some((&byte, after)) = rest.split_first() {
            rest = after;
            match (byte, after) {
                (b'%', [high, low, after @ ..]) => {
                    octets.push(digit(*high) << 4 | digit(*low));
                    rest = after;
                }
                _ => octets.push(byte),
            }
        }
        Cow::Owned(octets)
    }

    /// The name as text, with a mark for octets that are none.
    #[must_use]
    pub fn decode(&self) -> Cow<'a, str> {
        match self.octets() {
            Cow::Borrowed(_) => Cow::Borrowed(self.escaped),
            Cow::Owned(octets) => Cow::Owned(String::from_utf8_lossy(&octets).into_owned()),
        }
    }

    /// Reads a name with its quotes; the cursor stands on the first.
    pub(super) fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let start = cursor.at();
        cursor.expect(b'"')?;
        let name = Self::read_bare(cursor)?;
        if cursor.is_end() || !cursor.eat(b'"') {
            return Err(Fault::new(FaultKind::Quote, start));
        }
        Ok(name)
    }

    fn read_bare(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        const HEX: ByteSet = ByteSet::hex_digits();
        let start = cursor.at();
        loop {
            cursor.skip(&PLAIN);
            if cursor.peek() != Some(b'%') || cursor.is_end() {
                break;
            }
            let hex = |ahead| cursor.peek_at(ahead).is_some_and(|byte| HEX.has(byte));
            if !(hex(1) && hex(2)) {
                return Err(cursor.fault(FaultKind::Escape));
            }
            cursor.jump(cursor.at() + 3);
        }
        if cursor.at() == start {
            return Err(cursor.fault(FaultKind::Empty));
        }
        Ok(Self { escaped: cursor.since(start) })
    }

    pub(super) fn encode(&self, out: &mut BytesMut) {
        put("\"", out);
        put(self.escaped, out);
        put("\"", out);
    }
}

/// The value of a hexadecimal digit: letters have bit 6 set, and their low bits count from one.
const fn digit(digit: u8) -> u8 {
    (digit & 15) + (digit >> 6) * 9
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_go_there_and_back() {
        for name in
            ["a.txt", "My cool picture.jpg", "größe \"x\" 100%\r\n\0.bin", "%25", "日本.png"]
        {
            let escaped = FileName::escape(name);
            let value = FileName::new(&escaped).unwrap();
            assert_eq!(value.decode(), name);
            assert_eq!(value.octets(), name.as_bytes());
            assert!(!escaped.contains(['\r', '\n', '"', '\0']));
        }
        assert_eq!(FileName::new("%ff%FE").unwrap().octets().as_ref(), [0xff, 0xfe]);
        assert_eq!(FileName::new("%ff").unwrap().decode(), "\u{fffd}");
    }

    #[test]
    fn names_that_are_none_are_refused() {
        for (text, kind, at) in [
            ("", FaultKind::Empty, 0),
            ("a%", FaultKind::Escape, 1),
            ("a%2", FaultKind::Escape, 1),
            ("a%2x", FaultKind::Escape, 1),
            ("a\"b", FaultKind::Unexpected, 1),
            ("a\rb", FaultKind::Unexpected, 1),
        ] {
            assert_eq!(FileName::new(text), Err(Fault::new(kind, at)), "{text}");
        }
    }
}
