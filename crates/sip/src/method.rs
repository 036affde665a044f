//! Request methods.

use std::fmt;

/// A request method: one of the registered ones, or any other token.
///
/// Methods are compared byte by byte, case included (RFC 3261 section 7.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
#[allow(missing_docs, reason = "the names are the methods")]
pub enum Method<'a> {
    Ack,
    Bye,
    Cancel,
    Info,
    Invite,
    Message,
    Notify,
    Options,
    Prack,
    Publish,
    Refer,
    Register,
    Subscribe,
    Update,
    /// A method that this crate does not know.
    Other(&'a str),
}

impl<'a> Method<'a> {
    /// The method named by `token`.
    #[inline]
    #[must_use]
    pub fn new(token: &'a str) -> Self {
        match token.as_bytes() {
            b"ACK" => Self::Ack,
            b"BYE" => Self::Bye,
            b"CANCEL" => Self::Cancel,
            b"INFO" => Self::Info,
            b"INVITE" => Self::Invite,
            b"MESSAGE" => Self::Message,
            b"NOTIFY" => Self::Notify,
            b"OPTIONS" => Self::Options,
            b"PRACK" => Self::Prack,
            b"PUBLISH" => Self::Publish,
            b"REFER" => Self::Refer,
            b"REGISTER" => Self::Register,
            b"SUBSCRIBE" => Self::Subscribe,
            b"UPDATE" => Self::Update,
            _ => Self::Other(token),
        }
    }

    /// The method as it is written.
    #[must_use]
    pub const fn as_str(&self) -> &'a str {
        match self {
            Self::Ack => "ACK",
            Self::Bye => "BYE",
            Self::Cancel => "CANCEL",
            Self::Info => "INFO",
            Self::Invite => "INVITE",
            Self::Message => "MESSAGE",
            Self::Notify => "NOTIFY",
            Self::Options => "OPTIONS",
            Self::Prack => "PRACK",
            Self::Publish => "PUBLISH",
            Self::Refer => "REFER",
            Self::Register => "REGISTER",
            Self::Subscribe => "SUBSCRIBE",
            Self::Update => "UPDATE",
            Self::Other(token) => token,
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
        for name in
            ["ACK", "BYE", "CANCEL", "INFO", "INVITE", "MESSAGE", "NOTIFY", "OPTIONS", "PRACK"]
        {
            assert!(!matches!(Method::new(name), Method::Other(_)), "{name}");
            assert_eq!(Method::new(name).as_str(), name);
        }
        for name in ["PUBLISH", "REFER", "REGISTER", "SUBSCRIBE", "UPDATE"] {
            assert!(!matches!(Method::new(name), Method::Other(_)), "{name}");
            assert_eq!(Method::new(name).to_string(), name);
        }
        assert_eq!(Method::new("invite"), Method::Other("invite"));
    }
}
