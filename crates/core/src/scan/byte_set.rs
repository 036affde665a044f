//! Sets of bytes with constant-time membership.

/// A set of bytes, built at compile time and asked in one table look-up.
///
/// ```
/// use missiva_core::scan::ByteSet;
///
/// const TOKEN: ByteSet = ByteSet::alphanumeric().with(b"-.!%*_+`'~");
/// assert!(TOKEN.has(b'x') && TOKEN.has(b'~') && !TOKEN.has(b' '));
/// ```
#[derive(Clone, Copy)]
pub struct ByteSet {
    members: [bool; 256],
    stride: Stride,
}

/// How runs of a set may be crossed sixteen bytes at a time; all that a stride crosses is in the set.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stride {
    /// Byte by byte.
    None,
    /// Letters, digits, hyphens and dots.
    Words,
    /// All but controls, the double quote and the backslash.
    Text,
}

impl ByteSet {
    /// The empty set.
    #[must_use]
    pub const fn empty() -> Self {
        Self { members: [false; 256], stride: Stride::None }
    }

    /// ASCII letters and digits.
    #[must_use]
    pub const fn alphanumeric() -> Self {
        Self::empty().with_range(b'0', b'9').with_range(b'A', b'Z').with_range(b'a', b'z')
    }

    /// ASCII digits.
    #[must_use]
    pub const fn digits() -> Self {
        Self::empty().with_range(b'0', b'9')
    }

    /// ASCII hexadecimal digits of either case.
    #[must_use]
    pub const fn hex_digits() -> Self {
        Self::digits().with_range(b'A', b'F').with_range(b'a', b'f')
    }

    /// This set and every byte of `more`.
    #[must_use]
    #[allow(
        clippy::indexing_slicing,
        reason = "evaluated at compile time, the index is below the length"
    )]
    pub const fn with(mut self, more: &[u8]) -> Self {
        let mut at = 0;
        while at < more.len() {
            self.members[more[at] as usize] = true;
            at += 1;
        }
        self.settle()
    }

    /// This set and every byte from `first` to `last`, both included.
    #[must_use]
    #[allow(clippy::indexing_slicing, reason = "a byte is always a valid index")]
    pub const fn with_range(mut self, first: u8, last: u8) -> Self {
        let mut byte = first as usize;
        while byte <= last as usize {
            self.members[byte] = true;
            byte += 1;
        }
        self.settle()
    }

    /// This set less every byte of `fewer`.
    #[must_use]
    #[allow(
        clippy::indexing_slicing,
        reason = "evaluated at compile time, the index is below the length"
    )]
    pub const fn without(mut self, fewer: &[u8]) -> Self {
        let mut at = 0;
        while at < fewer.len() {
            self.members[fewer[at] as usize] = false;
            at += 1;
        }
        self.settle()
    }

    /// Whether `byte` is in the set.
    #[inline(always)]
    #[must_use]
    #[allow(clippy::indexing_slicing, reason = "a byte is always a valid index")]
    pub const fn has(&self, byte: u8) -> bool {
        self.members[byte as usize]
    }

    #[inline(always)]
    pub(crate) const fn stride(&self) -> Stride {
        self.stride
    }

    #[allow(
        clippy::indexing_slicing,
        reason = "evaluated at compile time, the index is below the length"
    )]
    const fn settle(mut self) -> Self {
        let (mut words, mut text) = (true, true);
        let mut byte = 0;
        while byte < 256 {
            let letter = byte as u8;
            words &= self.members[byte]
                | !(letter.is_ascii_alphanumeric() || letter == b'-' || letter == b'.');
            text &= self.members[byte]
                | (letter.is_ascii_control() || letter == b'"' || letter == b'\\');
            byte += 1;
        }
        self.stride = if text {
            Stride::Text
        } else if words {
            Stride::Words
        } else {
            Stride::None
        };
        self
    }

    /// Whether `text` is not empty and made of this set alone.
    #[must_use]
    pub fn spans(&self, text: &[u8]) -> bool {
        !text.is_empty() && text.iter().all(|&byte| self.has(byte))
    }
}

impl std::fmt::Debug for ByteSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let members: Vec<u8> = (0..=u8::MAX).filter(|&byte| self.has(byte)).collect();
        write!(f, "ByteSet({:?})", members.escape_ascii().to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_grow_and_shrink() {
        const SET: ByteSet = ByteSet::digits().with(b"ab").without(b"1");
        assert!(SET.has(b'0') && SET.has(b'b') && !SET.has(b'1') && !SET.has(b'c'));
        assert!(SET.spans(b"0ab9") && !SET.spans(b"01") && !SET.spans(b""));
        assert_eq!(format!("{SET:?}"), "ByteSet(\"023456789ab\")");
    }

    #[test]
    fn ranges_include_both_ends_up_to_the_last_byte() {
        const HIGH: ByteSet = ByteSet::empty().with_range(0x80, 0xff);
        assert!(HIGH.has(0x80) && HIGH.has(0xff) && !HIGH.has(0x7f));
    }
}
