//! A place in a text, moving forward.

use super::ByteSet;
use super::block::{text_run, word_run};
use super::byte_set::Stride;
use crate::{Fault, FaultKind};

/// Reads a text from left to right and hands out slices of it.
///
/// All grammars of the workspace are plain functions over a cursor: they look at the next byte, take what a
/// [`ByteSet`] allows, and say where they stopped. A cursor is two words, is copied to look ahead, and never
/// panics: reading past the end finds nothing.
///
/// ```
/// use missiva_core::scan::{ByteSet, Cursor};
///
/// let mut cursor = Cursor::new("rport=5060;ttl=1");
/// let name = cursor.take(&ByteSet::alphanumeric());
/// cursor.expect(b'=')?;
/// assert_eq!((name, cursor.number(u16::MAX.into())?), ("rport", 5060));
/// assert_eq!(cursor.rest(), ";ttl=1");
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Cursor<'a> {
    /// The whole buffer.
    text: &'a str,
    /// What was not read yet, to the end of the buffer: what lies behind the part is never handed out, only looked
    /// at in blocks. A slice that shrinks costs one comparison a look, where an offset costs two.
    rest: &'a [u8],
    /// Bytes of the buffer behind the part.
    tail: usize,
}

impl<'a> Cursor<'a> {
    /// A cursor at the start of `text`.
    #[inline]
    #[must_use]
    pub const fn new(text: &'a str) -> Self {
        Self { text, rest: text.as_bytes(), tail: 0 }
    }

    /// A cursor over the bytes `from` to `to` of `text`. Offsets count from the start of `text`.
    ///
    /// This is faster than a cursor over the part alone, since blocks may be read beyond its end. In return, the
    /// byte at `to` must be one at which every word of the grammar stops: white space or a line end. A reader may
    /// then stand on it, or behind white space there; [`is_end`](Self::is_end) says that it is done.
    #[inline]
    #[must_use]
    pub fn within(text: &'a str, from: usize, to: usize) -> Self {
        let end = to.min(text.len());
        let rest = text.as_bytes().get(from.min(end)..).unwrap_or_default();
        Self { text, rest, tail: text.len() - end }
    }

    /// Takes every byte of `set` that stands next; nothing is a possible answer.
    ///
    /// `set` must hold ASCII alone or all of the bytes above it, so that no character is cut in two.
    #[inline(always)]
    pub fn take(&mut self, set: &ByteSet) -> &'a str {
        let start = self.at();
        self.skip(set);
        self.since(start)
    }

    /// Like [`take`](Self::take), but refuses to take nothing.
    ///
    /// # Errors
    ///
    /// [`FaultKind::Unexpected`] or, at the end, [`FaultKind::End`].
    #[inline(always)]
    pub fn take_some(&mut self, set: &ByteSet) -> Result<&'a str, Fault> {
        let start = self.at();
        self.skip(set);
        if self.at() == start { Err(self.unexpected()) } else { Ok(self.since(start)) }
    }

    /// Moves past every byte of `set` that stands next.
    #[inline(always)]
    pub fn skip(&mut self, set: &ByteSet) {
        let mut rest = self.rest;
        loop {
            rest = stride(set, rest);
            match rest.split_first() {
                Some((&byte, more)) if set.has(byte) => rest = more,
                _ => break,
            }
        }
        self.rest = rest;
    }

    /// Moves past `byte` when it stands next, and says whether it did.
    #[inline(always)]
    pub fn eat(&mut self, byte: u8) -> bool {
        match self.rest.split_first() {
            Some((&next, more)) if next == byte => {
                self.rest = more;
                true
            }
            _ => false,
        }
    }

    /// Moves past `byte`.
    ///
    /// # Errors
    ///
    /// [`FaultKind::Unexpected`] or, at the end, [`FaultKind::End`].
    #[inline(always)]
    pub fn expect(&mut self, byte: u8) -> Result<(), Fault> {
        if self.eat(byte) { Ok(()) } else { Err(self.unexpected()) }
    }

    /// Moves past `word` when it stands next in any mix of cases, and says whether it did.
    #[inline]
    pub fn eat_word(&mut self, word: &str) -> bool {
        match self.rest.split_at_checked(word.len()) {
            Some((found, more)) if found.eq_ignore_ascii_case(word.as_bytes()) => {
                self.rest = more;
                true
            }
            _ => false,
        }
    }

    /// Takes a decimal number of at most `max`, or of at most 2^60 where `max` is more.
    ///
    /// # Errors
    ///
    /// [`FaultKind::Number`] when no digit stands next or the number is larger.
    #[inline]
    pub fn number(&mut self, max: u64) -> Result<u64, Fault> {
        const MOST: u64 = 1 << 60;
        let (mut rest, mut value) = (self.rest, 0u64);
        while let Some((&byte, more)) = rest.split_first()
            && byte.is_ascii_digit()
        {
            // Beyond this it is too large already, and stays so.
            if value <= MOST {
                value = value * 10 + u64::from(byte - b'0');
            }
            rest = more;
        }
        if rest.len() == self.rest.len() || value > max.min(MOST) {
            return Err(self.fault(FaultKind::Number));
        }
        self.rest = rest;
        Ok(value)
    }

    /// The next byte.
    #[inline(always)]
    #[must_use]
    pub fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// The byte `ahead` places after the next one.
    #[inline(always)]
    #[must_use]
    pub fn peek_at(&self, ahead: usize) -> Option<u8> {
        self.rest.get(ahead).copied()
    }

    /// The next `N` bytes, those behind the end of the part included; `None` where the buffer ends before.
    #[inline(always)]
    #[must_use]
    pub fn ahead<const N: usize>(&self) -> Option<&'a [u8; N]> {
        self.rest.first_chunk()
    }

    /// Moves past one byte, if there is one. The caller knows that it is ASCII.
    #[inline(always)]
    pub fn bump(&mut self) {
        self.rest = self.rest.get(1..).unwrap_or_default();
    }

    /// Moves to byte `at`.
    #[inline(always)]
    pub fn jump(&mut self, at: usize) {
        self.rest = self.text.as_bytes().get(at..).unwrap_or_default();
    }

    /// How many bytes were read.
    #[inline(always)]
    #[must_use]
    pub const fn at(&self) -> usize {
        self.text.len() - self.rest.len()
    }

    /// Whether everything was read.
    #[inline(always)]
    #[must_use]
    pub const fn is_end(&self) -> bool {
        self.rest.len() <= self.tail
    }

    const fn end(&self) -> usize {
        self.text.len() - self.tail
    }

    /// The text from `start` to here.
    #[inline(always)]
    #[must_use]
    pub fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.at().min(self.end())).unwrap_or_default()
    }

    /// The text from here to the end.
    #[inline]
    #[must_use]
    pub fn rest(&self) -> &'a str {
        self.text.get(self.at()..self.end()).unwrap_or_default()
    }

    /// The bytes from here to the end.
    #[inline(always)]
    #[must_use]
    pub fn rest_bytes(&self) -> &'a [u8] {
        self.rest.get(..self.rest.len().saturating_sub(self.tail)).unwrap_or_default()
    }

    /// Checks that everything was read.
    ///
    /// # Errors
    ///
    /// [`FaultKind::Unexpected`] at the first byte left over.
    #[inline]
    pub fn finish(&self) -> Result<(), Fault> {
        if self.is_end() { Ok(()) } else { Err(self.unexpected()) }
    }

    /// The fault of not knowing what to do with the next byte.
    #[cold]
    #[must_use]
    pub fn unexpected(&self) -> Fault {
        self.fault(if self.is_end() { FaultKind::End } else { FaultKind::Unexpected })
    }

    /// A fault of `kind` here.
    #[cold]
    #[must_use]
    pub fn fault(&self, kind: FaultKind) -> Fault {
        Fault::new(kind, self.at())
    }
}

/// What is left behind the bytes that can be crossed at once: a branch a byte would be mispredicted at the end of
/// every word.
#[inline(always)]
fn stride<'a>(set: &ByteSet, mut rest: &'a [u8]) -> &'a [u8] {
    let run: fn(&[u8; 16]) -> usize = match set.stride() {
        Stride::None => return rest,
        Stride::Words => word_run,
        Stride::Text => text_run,
    };
    while let Some((chunk, more)) = rest.split_first_chunk::<16>() {
        let crossed = run(chunk);
        if crossed < 16 {
            return rest.get(crossed..).unwrap_or_default();
        }
        rest = more;
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORD: ByteSet = ByteSet::alphanumeric();

    #[test]
    fn taking_stops_at_the_first_foreign_byte() {
        let mut cursor = Cursor::new("abc def");
        assert_eq!((cursor.take(&WORD), cursor.at()), ("abc", 3));
        assert_eq!(cursor.take_some(&WORD), Err(Fault::new(FaultKind::Unexpected, 3)));
        assert!(cursor.eat(b' ') && !cursor.eat(b' '));
        assert_eq!(cursor.rest(), "def");
        cursor.jump(7);
        assert_eq!(cursor.take_some(&WORD), Err(Fault::new(FaultKind::End, 7)));
        assert_eq!(cursor.finish(), Ok(()));
    }

    #[test]
    fn numbers_are_bounded_and_located() {
        let table = [
            ("0", Ok(0)),
            ("255", Ok(255)),
            ("256", Err(0)),
            ("99999999999999999999999", Err(0)),
            ("18446744073709551616", Err(0)),
            ("000000000000000000000000000007", Ok(7)),
            ("x", Err(0)),
        ];
        for (text, expected) in table {
            let got = Cursor::new(text).number(255);
            assert_eq!(got, expected.map_err(|at| Fault::new(FaultKind::Number, at)), "{text}");
        }
    }

    #[test]
    fn words_match_in_any_case_and_only_whole() {
        let mut cursor = Cursor::new("sIp:x");
        assert!(!cursor.eat_word("sips:") && cursor.eat_word("SIP:"));
        assert_eq!(cursor.rest(), "x");
        assert!(!cursor.eat_word("xyz"));
    }

    #[test]
    fn characters_beyond_ascii_stay_whole() {
        const TEXT: ByteSet = ByteSet::alphanumeric().with_range(0x80, 0xff);
        let mut cursor = Cursor::new("größe;");
        assert_eq!(cursor.take(&TEXT), "größe");
        assert_eq!(cursor.peek(), Some(b';'));
    }
}
