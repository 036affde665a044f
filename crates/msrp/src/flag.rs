//! The character that closes an end-line.

/// What follows the chunk: `continuation-flag` of RFC 4975 section 9.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "lowercase"))]
pub enum Flag {
    /// `$`: these bytes are the last of the message.
    Last,
    /// `+`: more of the message comes in another chunk.
    More,
    /// `#`: the sender has given the message up.
    Abort,
}

impl Flag {
    /// The flag that `byte` stands for.
    #[inline]
    #[must_use]
    pub const fn from_byte(byte: u8) -> Option<Self> {
        match byte {
            b'$' => Some(Self::Last),
            b'+' => Some(Self::More),
            b'#' => Some(Self::Abort),
            _ => None,
        }
    }

    /// The byte that is written.
    #[inline]
    #[must_use]
    pub const fn byte(self) -> u8 {
        match self {
            Self::Last => b'$',
            Self::More => b'+',
            Self::Abort => b'#',
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_bytes_are_flags_and_no_other() {
        let flags: Vec<u8> =
            (0..=u8::MAX).filter(|&byte| Flag::from_byte(byte).is_some()).collect();
        assert_eq!(flags, b"#$+");
        for byte in flags {
            assert_eq!(Flag::from_byte(byte).map(Flag::byte), Some(byte));
        }
    }
}
