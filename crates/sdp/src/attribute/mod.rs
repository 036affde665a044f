//! The values of attributes, but for those of message media and files.

mod connection;
mod direction;
mod group;
mod hex;
mod ice;
mod plain;
mod precondition;
mod rtcp;
mod rtp;
mod security;

pub use connection::{ConnectionReuse, Setup};
pub use direction::Direction;
pub use group::{ContentList, Group, TokenList};
pub use hex::HexPairs;
pub use ice::{Candidate, IceText};
pub use plain::{Decimal, Flag, Language, Number, Orientation, Token};
pub use precondition::{ConfirmStatus, CurrentStatus, DesiredStatus, Flow, Strength};
pub use rtcp::{RtcpFeedback, RtcpPort};
pub use rtp::{Fmtp, Rtpmap};
pub(crate) use security::digest_len;
pub use security::{Crypto, Fingerprint};

/// Makes an enum of keywords that are values by themselves. They are read in any case and written as they are here.
macro_rules! keywords {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident $text:literal;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize), serde(into = "&'static str"))]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
        }

        impl $name {
            /// The keyword.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }
        }

        impl From<$name> for &'static str {
            fn from(value: $name) -> Self {
                value.as_str()
            }
        }

        impl<'a> $crate::value::Value<'a> for $name {
            #[inline]
            fn read(cursor: &mut missiva_core::scan::Cursor<'a>) -> Result<Self, missiva_core::Fault> {
                let start = cursor.at();
                let word = $crate::grammar::token(cursor)?;
                $(if word.eq_ignore_ascii_case($text) { return Ok(Self::$variant); })*
                Err(missiva_core::Fault::new(missiva_core::FaultKind::Value, start))
            }

            fn encode(&self, out: &mut bytes::BytesMut) {
                $crate::encode::put(self.as_str(), out);
            }
        }
    };
}
pub(crate) use keywords;
