//! The table of header fields: one row a field, from which names, accessors and dispatch are made.

use super::value::visit_value;
use super::{
    ByteRange, ContentId, Credentials, Disposition, FailureReport, Header, MediaType, Nickname,
    Path, Seconds, Status, SuccessReport, Text, Value, Visit,
};
use crate::MessageId;

/// How often a field may stand in a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arity {
    /// One value in one line.
    One,
    /// One value a line, as many lines as are needed.
    Lines,
}

/// A header field as a type: its name, its arity and the type of its values.
///
/// The unit structs of the module [`field`] implement it, one for each row of the table.
pub trait Field {
    /// The type of the value.
    type Value<'a>: Value<'a>;
    /// The name.
    const NAME: HeaderName;
    /// How often it may stand in a message.
    const ARITY: Arity;
}

macro_rules! fields {
    ($($variant:ident $text:literal $arity:ident $value:ident $(<$lt:lifetime>)?;)*) => {
        /// The names of the header fields that this crate knows by type; all others are [`Other`](Self::Other).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        #[non_exhaustive]
        #[allow(missing_docs, reason = "the names are those of the fields")]
        pub enum HeaderName {
            $($variant,)*
            /// A field that this crate does not know; it passes through untouched.
            Other,
        }

        impl HeaderName {
            /// Every known name, in the order of the standards that define them; [`Other`](Self::Other) is left out.
            pub fn all() -> impl ExactSizeIterator<Item = Self> {
                NAMES.iter().map(|entry| entry.0)
            }

            /// The name in its canonical spelling; empty for [`Other`](Self::Other).
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::Other => "",
                }
            }

            /// How often the field may stand in a message.
            #[must_use]
            pub const fn arity(self) -> Arity {
                match self {
                    $(Self::$variant => Arity::$arity,)*
                    Self::Other => Arity::Lines,
                }
            }
        }

        /// Every known name.
        pub(crate) const NAMES: &[(HeaderName, &str)] = &[$((HeaderName::$variant, $text)),*];

        /// One unit struct for each known header field, to name it where a type is wanted:
        /// `head.get::<field::ByteRange>()`.
        pub mod field {
            use super::{Arity, Field, HeaderName};
            $(
                #[doc = concat!("`", $text, "`.")]
                #[derive(Clone, Copy, Debug)]
                pub struct $variant;

                impl Field for $variant {
                    type Value<'a> = super::$value $(<$lt>)?;
                    const NAME: HeaderName = HeaderName::$variant;
                    const ARITY: Arity = Arity::$arity;
                }
            )*
        }

        /// Reads the value of one header line and hands it to `visitor` with its own type.
        ///
        /// # Errors
        ///
        /// The first fault.
        pub fn visit<V: Visit>(header: &Header<'_>, visitor: &mut V) -> Result<(), crate::ParseError> {
            match header.name() {
                $(HeaderName::$variant => visit_value::<field::$variant, V>(header, visitor),)*
                HeaderName::Other => Ok(()),
            }
        }
    };
}

fields! {
    // RFC 4975 section 9.
    ToPath "To-Path" One Path<'a>;
    FromPath "From-Path" One Path<'a>;
    MessageId "Message-ID" One MessageId;
    SuccessReport "Success-Report" One SuccessReport;
    FailureReport "Failure-Report" One FailureReport;
    ByteRange "Byte-Range" One ByteRange;
    Status "Status" One Status<'a>;
    ContentType "Content-Type" One MediaType<'a>;
    ContentId "Content-ID" One ContentId<'a>;
    ContentDescription "Content-Description" One Text<'a>;
    ContentDisposition "Content-Disposition" One Disposition<'a>;
    // RFC 4976.
    UsePath "Use-Path" One Path<'a>;
    WwwAuthenticate "WWW-Authenticate" Lines Credentials<'a>;
    Authorization "Authorization" One Credentials<'a>;
    AuthenticationInfo "Authentication-Info" One AuthenticationInfo<'a>;
    Expires "Expires" One Seconds;
    MinExpires "Min-Expires" One Seconds;
    MaxExpires "Max-Expires" One Seconds;
    // RFC 7701.
    UseNickname "Use-Nickname" One Nickname<'a>;
}

use super::AuthParams as AuthenticationInfo;
