//! Identifiers: of transactions and of messages.

use std::fmt;

use missiva_core::{Fault, FaultKind, IdSource};

use crate::grammar::IDENT;

/// `ident` (RFC 4975 section 9): a letter or digit, and 3 to 31 more that may be dots, hyphens, plus, percent and
/// equals signs. Kept by value, so that tables need no text of their own.
///
/// Case matters.
///
/// ```
/// use missiva_msrp::TransactionId;
///
/// let id = TransactionId::parse("a786hjs2")?;
/// assert_eq!(id.as_str(), "a786hjs2");
/// assert!(TransactionId::parse("abc").is_err());
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TransactionId(Text<32>);

/// The name of a message: all its chunks bear it, and so do the reports about it.
///
/// The grammar is that of `ident`, up to 64 bytes: a UUID in its text form has 36, four more than RFC 4975 allows,
/// and is what some senders write.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(Text<64>);

/// Bytes that a [`TransactionId`] may have.
pub(crate) const TRANSACTION_ID: std::ops::RangeInclusive<usize> = 4..=32;
/// Bytes that a [`MessageId`] may have.
const MESSAGE_ID: std::ops::RangeInclusive<usize> = 4..=64;

/// Short text without an allocation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Text<const N: usize> {
    /// Behind the text, zeros.
    bytes: [u8; N],
    len: u8,
}

impl<const N: usize> Text<N> {
    /// `text`, whose length the caller knows to fit.
    fn new(text: &str) -> Self {
        let mut bytes = [0; N];
        for (place, byte) in bytes.iter_mut().zip(text.as_bytes()) {
            *place = *byte;
        }
        Self { bytes, len: text.len().min(N) as u8 }
    }

    fn as_str(&self) -> &str {
        let text = self.bytes.get(..usize::from(self.len)).unwrap_or_default();
        // Made of ident bytes, which are ASCII.
        std::str::from_utf8(text).unwrap_or_default()
    }
}

/// Refuses what is no `ident` of a length in `lengths`.
pub(crate) fn check_ident(
    text: &[u8],
    lengths: std::ops::RangeInclusive<usize>,
) -> Result<(), Fault> {
    if let Some(at) = text.iter().position(|byte| !IDENT.has(*byte)) {
        return Err(Fault::new(FaultKind::Unexpected, at));
    }
    match text.first() {
        None => Err(Fault::new(FaultKind::Empty, 0)),
        Some(first) if !first.is_ascii_alphanumeric() => Err(Fault::new(FaultKind::Unexpected, 0)),
        _ if text.len() < *lengths.start() => Err(Fault::new(FaultKind::End, text.len())),
        _ if text.len() > *lengths.end() => Err(Fault::new(FaultKind::Limit, *lengths.end())),
        _ => Ok(()),
    }
}

/// Random bytes in an id that is drawn: 96 bits, more than RFC 4975 asks of a session id, which is the one that
/// strangers must not guess.
const DRAWN: usize = 12;

impl TransactionId {
    /// Reads an id that makes up the whole of `text`.
    ///
    /// # Errors
    ///
    /// What is no `ident`.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        check_ident(text.as_bytes(), TRANSACTION_ID)?;
        Ok(Self(Text::new(text)))
    }

    /// A new id that nobody can guess.
    pub fn draw(ids: &mut dyn IdSource) -> Self {
        Self(Text::new(&ids.hex(DRAWN)))
    }

    /// The id as it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl MessageId {
    /// Reads an id that makes up the whole of `text`.
    ///
    /// # Errors
    ///
    /// What is no `ident`.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        check_ident(text.as_bytes(), MESSAGE_ID)?;
        Ok(Self(Text::new(text)))
    }

    /// A new id that nobody can guess.
    pub fn draw(ids: &mut dyn IdSource) -> Self {
        Self(Text::new(&ids.hex(DRAWN)))
    }

    /// The id as it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

macro_rules! texts {
    ($($name:ident)*) => {
        $(
            impl fmt::Display for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str(self.as_str())
                }
            }

            impl fmt::Debug for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    write!(f, concat!(stringify!($name), "({})"), self.as_str())
                }
            }

            #[cfg(feature = "serde")]
            impl serde::Serialize for $name {
                fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    serializer.serialize_str(self.as_str())
                }
            }
        )*
    };
}

texts! { TransactionId MessageId }

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_four_to_thirty_two_bytes_of_their_own_alphabet() {
        for text in ["abcd", "0.-+", "a%==", &"x".repeat(32)] {
            assert_eq!(TransactionId::parse(text).unwrap().as_str(), text);
        }
        let (one_over, far_over) = ("x".repeat(33), "x".repeat(5000));
        for (text, kind, at) in [
            ("", FaultKind::Empty, 0),
            ("abc", FaultKind::End, 3),
            ("-abc", FaultKind::Unexpected, 0),
            ("ab$cd", FaultKind::Unexpected, 2),
            ("ab cd", FaultKind::Unexpected, 2),
            ("abcé", FaultKind::Unexpected, 3),
            (&one_over, FaultKind::Limit, 32),
            (&far_over, FaultKind::Limit, 32),
        ] {
            assert_eq!(TransactionId::parse(text), Err(Fault::new(kind, at)), "{text}");
        }
    }

    #[test]
    fn message_ids_may_be_uuids_and_end_at_sixty_four() {
        let uuid = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6";
        assert_eq!(MessageId::parse(uuid).unwrap().to_string(), uuid);
        assert!(MessageId::parse(&"x".repeat(64)).is_ok());
        for len in [65, 5000] {
            assert_eq!(MessageId::parse(&"x".repeat(len)), Err(Fault::new(FaultKind::Limit, 64)));
        }
    }

    #[test]
    fn drawn_ids_are_idents() {
        struct Same(u8);
        impl IdSource for Same {
            fn fill(&mut self, out: &mut [u8]) {
                out.fill(self.0);
            }
        }
        for byte in [0, 0x9f, 0xff] {
            let id = TransactionId::draw(&mut Same(byte));
            assert_eq!(TransactionId::parse(id.as_str()), Ok(id));
            assert_eq!(MessageId::draw(&mut Same(byte)).as_str(), id.as_str());
        }
    }
}
