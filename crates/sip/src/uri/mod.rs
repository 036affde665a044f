//! URIs: `sip`, `sips` and `tel` in parts, every other absolute URI kept whole.
//!
//! [`Uri::parse`] reads one that stands alone; inside headers the grammar decides where it ends. How two URIs
//! compare is in [`Uri::matches`]; what may stand unescaped where is in [`escape`].

pub mod escape;

mod absolute;
mod compare;
mod host;
mod params;
mod sip;
mod tel;

use std::fmt;

use missiva_core::scan::Cursor;
use missiva_core::{ByteStr, Fault};

pub use absolute::AbsoluteUri;
pub use host::Host;
pub(crate) use host::read_port;
pub use params::{UriHeaders, UriParam, UriParams};
pub use sip::SipUri;
pub use tel::{TelNumber, TelUri};

/// A URI as a view of the text in which it stands.
///
/// ```
/// use missiva_sip::Uri;
///
/// let Uri::Sip(uri) = Uri::parse("sip:alice@example.com:5060;transport=tcp")? else { panic!("a SIP URI") };
/// assert_eq!((uri.user(), uri.port()), (Some("alice"), Some(5060)));
/// assert_eq!(uri.params().value("transport"), Some("tcp"));
///
/// let tel = Uri::parse("tel:+1-555-0100")?;
/// assert!(tel.matches(&Uri::parse("tel:+15550100")?));
/// assert_eq!(Uri::parse("mailto:alice@example.com")?.scheme(), "mailto");
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(untagged))]
#[non_exhaustive]
pub enum Uri<'a> {
    /// `sip:` or `sips:`.
    Sip(SipUri<'a>),
    /// `tel:`.
    Tel(TelUri<'a>),
    /// Any other scheme: `im`, `pres`, `mailto`, `wv`, `urn`, `cid`, `http` and those to come.
    Other(AbsoluteUri<'a>),
}

/// Where a URI stands, which decides where it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// In angle brackets, in quotes or alone: parameters and headers are its own.
    Enclosed,
    /// Bare in a header value: a semicolon, a question mark and a comma end it (RFC 3261 section 20.10).
    Bare,
}

impl<'a> Uri<'a> {
    /// Reads a URI that makes up the whole of `text`.
    ///
    /// # Errors
    ///
    /// The first byte that the scheme's grammar does not allow.
    pub fn parse(text: &'a str) -> Result<Self, Fault> {
        let mut cursor = Cursor::new(text);
        let uri = Self::read(&mut cursor, Place::Enclosed)?;
        cursor.finish()?;
        Ok(uri)
    }

    /// Reads a URI and stops where its grammar does.
    #[inline(always)]
    pub(crate) fn read(cursor: &mut Cursor<'a>, place: Place) -> Result<Self, Fault> {
        match cursor.ahead::<4>() {
            Some([b's' | b'S', b'i' | b'I', b'p' | b'P', b':']) => {
                return SipUri::read(cursor, 4, place).map(Self::Sip);
            }
            Some([b's' | b'S', b'i' | b'I', b'p' | b'P', b's' | b'S'])
                if cursor.peek_at(4) == Some(b':') =>
            {
                return SipUri::read(cursor, 5, place).map(Self::Sip);
            }
            Some([b't' | b'T', b'e' | b'E', b'l' | b'L', b':']) => {
                return TelUri::read(cursor, place).map(Self::Tel);
            }
            _ => {}
        }
        AbsoluteUri::read(cursor, place).map(Self::Other)
    }

    /// The URI as it was written.
    #[must_use]
    pub const fn as_str(&self) -> &'a str {
        match self {
            Self::Sip(uri) => uri.as_str(),
            Self::Tel(uri) => uri.as_str(),
            Self::Other(uri) => uri.as_str(),
        }
    }

    /// The scheme, in lower case for those that this crate takes apart and as spelled for all others.
    #[must_use]
    pub fn scheme(&self) -> &'a str {
        match self {
            Self::Sip(uri) if uri.is_secure() => "sips",
            Self::Sip(_) => "sip",
            Self::Tel(_) => "tel",
            Self::Other(uri) => uri.scheme(),
        }
    }

    /// The name of a parameter that stands more than once, which RFC 3261 section 19.1.1 and RFC 3966 section 3 forbid.
    #[must_use]
    pub fn repeated(&self) -> Option<&'a str> {
        match self {
            Self::Sip(uri) => uri.params().repeated(),
            Self::Tel(uri) => uri.telephone().params().repeated(),
            Self::Other(_) => None,
        }
    }

    /// The URI when it is a `sip` or `sips` one.
    #[must_use]
    pub const fn as_sip(&self) -> Option<&SipUri<'a>> {
        if let Self::Sip(uri) = self { Some(uri) } else { None }
    }

    /// The URI when it is a `tel` one.
    #[must_use]
    pub const fn as_tel(&self) -> Option<&TelUri<'a>> {
        if let Self::Tel(uri) = self { Some(uri) } else { None }
    }

    /// The URI as text of its own, for what outlives the message.
    #[must_use]
    pub fn to_byte_str(&self) -> ByteStr {
        ByteStr::from(self.as_str())
    }
}

impl fmt::Display for Uri<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_decides_how_a_uri_is_read() {
        for (text, scheme, sip, tel) in [
            ("sip:a", "sip", true, false),
            ("SiPs:a", "sips", true, false),
            ("TEL:+1", "tel", false, true),
            ("Im:a@b", "Im", false, false),
            ("sipsx:a", "sipsx", false, false),
        ] {
            let uri = Uri::parse(text).unwrap();
            assert_eq!(uri.scheme(), scheme, "{text}");
            assert_eq!((uri.as_sip().is_some(), uri.as_tel().is_some()), (sip, tel), "{text}");
            assert_eq!((uri.as_str(), &*uri.to_byte_str()), (text, text));
        }
    }
}
