//! Request methods.

use std::fmt;

/// A request method: one of the registered ones, or any other word of capital letters.
///
/// Methods are compared byte by byte, case included (RFC 4975 section 9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Method<'a> {
    /// Asks a relay for a path through it (RFC 4976).
    Auth,
    /// Asks a chat room for a name (RFC 7701).
    Nickname,
    /// Tells what became of a message; it is never answered.
    Report,
    /// Carries a chunk of a message.
    Send,
    /// A method that this crate does not know. It deserves a 501.
    Other(&'a str),
}

impl<'a> Method<'a> {
    /// The method named by `word`.
    #[inline]
    #[must_use]
    pub fn new(word: &'a str) -> Self {
        match word.as_bytes() {
            b"AUTH" => Self::Auth,
            b"NICKNAME" => Self::Nickname,
            b"REPORT" => Self::Report,
            b"SEND" => Self::Send,
            _ => Self::Other(word),
        }
    }

    /// The method as it is written.
    #[must_use]
    pub const fn as_str(&self) -> &'a str {
        match self {
            Self::Auth => "AUTH",
            Self::Nickname => "NICKNAME",
            Self::Report => "REPORT",
            Self::Send => "SEND",
            Self::Other(word) => word,
        }
    }
}

impl fmt::Display for Method<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Method<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip_and_case_matters() {
        for name in ["AUTH", "NICKNAME", "REPORT", "SEND"] {
            assert!(!matches!(Method::new(name), Method::Other(_)), "{name}");
            assert_eq!(Method::new(name).to_string(), name);
        }
        assert_eq!(Method::new("send"), Method::Other("send"));
        assert_eq!(Method::new("FETCH").as_str(), "FETCH");
    }
}
