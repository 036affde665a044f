//! Status codes: what a response says.

use std::fmt;

use missiva_core::scan::Cursor;
use missiva_core::{Fault, FaultKind};

/// The code of a response or of a report: three digits, the first not zero.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StatusCode(u16);

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident $code:literal $comment:literal;)*) => {
        impl StatusCode {
            $($(#[$doc])* pub const $name: Self = Self($code);)*

            /// The comment that goes with the code, for people.
            #[must_use]
            pub const fn comment(self) -> Option<&'static str> {
                match self.0 {
                    $($code => Some($comment),)*
                    _ => None,
                }
            }
        }

        #[cfg(test)]
        const KNOWN: &[u16] = &[$($code),*];
    };
}

codes! {
    /// The chunk has arrived.
    OK 200 "OK";
    /// The request makes no sense.
    BAD_REQUEST 400 "Bad Request";
    /// A relay wants credentials (RFC 4976).
    UNAUTHORIZED 401 "Unauthorized";
    /// The sender may not do this.
    FORBIDDEN 403 "Forbidden";
    /// The name is not known (RFC 7701: a private message to nobody in the room).
    NOT_FOUND 404 "Not Found";
    /// The other end did not answer in time.
    TIMEOUT 408 "Request Timeout";
    /// The receiver wants no more of this message.
    TOO_LARGE 413 "Message Too Large";
    /// The receiver does not take this type of content.
    UNSUPPORTED_TYPE 415 "Unsupported Media Type";
    /// The time asked for lies outside the bounds that come with the response (RFC 4976).
    OUT_OF_BOUNDS 423 "Interval Out-of-Bounds";
    /// The nickname cannot be one (RFC 7701).
    BAD_NICKNAME 424 "Malformed Nickname";
    /// Somebody else has the nickname (RFC 7701).
    NICKNAME_IN_USE 425 "Nickname Reserved or Already in Use";
    /// The room passes no private messages (RFC 7701).
    NO_PRIVATE_MESSAGES 428 "Private Messages Not Supported";
    /// There is no such session here.
    NO_SESSION 481 "No Such Session";
    /// The method is not known.
    UNKNOWN_METHOD 501 "Unknown Method";
    /// The session is bound to another connection.
    WRONG_CONNECTION 506 "Session Already In Use";
}

impl StatusCode {
    /// The code with this number, when it has three digits.
    #[must_use]
    pub const fn new(number: u16) -> Option<Self> {
        match number {
            100..=999 => Some(Self(number)),
            _ => None,
        }
    }

    /// The number.
    #[must_use]
    pub const fn number(self) -> u16 {
        self.0
    }

    /// Whether it says that all is well.
    #[must_use]
    pub const fn is_success(self) -> bool {
        matches!(self.0, 200..=299)
    }
}

/// Three digits.
pub(crate) fn read_three(cursor: &mut Cursor<'_>) -> Result<u16, Fault> {
    let start = cursor.at();
    let mut value = 0;
    for _ in 0..3 {
        match cursor.peek() {
            Some(digit @ b'0'..=b'9') => value = value * 10 + u16::from(digit - b'0'),
            None if cursor.at() == start => return Err(cursor.fault(FaultKind::End)),
            _ => return Err(Fault::new(FaultKind::Number, start)),
        }
        cursor.bump();
    }
    Ok(value)
}

impl fmt::Display for StatusCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl fmt::Debug for StatusCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StatusCode({})", self.0)
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for StatusCode {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u16(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_three_digits() {
        for (number, known) in [(0, false), (99, false), (100, true), (999, true), (1000, false)] {
            assert_eq!(StatusCode::new(number).is_some(), known, "{number}");
        }
        for &number in KNOWN {
            let code = StatusCode::new(number).unwrap();
            assert!(code.comment().is_some_and(|comment| !comment.is_empty()));
            assert_eq!((code.is_success(), code.to_string()), (number == 200, number.to_string()));
        }
        assert_eq!(StatusCode::new(299).unwrap().comment(), None);
    }
}
