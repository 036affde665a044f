//! Addresses: `name-addr` and `addr-spec` with parameters (RFC 3261 sections 20.10, 20.20, 20.31, 20.39).

use std::borrow::Cow;

use bytes::{BufMut, BytesMut};
use missiva_core::Fault;
use missiva_core::scan::{ByteSet, Cursor};

use super::Value;
use crate::encode::put;
use crate::grammar::{self, TOKEN, lws};
use crate::params::Params;
use crate::uri::{Place, Uri};

/// A URI with an optional display name and with parameters: the value of `From`, `To`, `Refer-To`,
/// `P-Asserted-Identity` and many others.
///
/// ```
/// use missiva_sip::header::{Address, Value};
///
/// let from = Address::parse("\"Alice \\\"A.\\\"\" <sip:alice@example.com;ob>;tag=88")?;
/// assert_eq!(from.display_name().as_deref(), Some("Alice \"A.\""));
/// assert_eq!(from.tag(), Some("88"));
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Address<'a> {
    /// The display name as it was written: quoted, or tokens.
    pub display: Option<&'a str>,
    /// The URI.
    pub uri: Uri<'a>,
    /// The parameters of the header, not of the URI.
    pub params: Params<'a>,
}

/// Bytes of an unquoted display name: tokens and the white space between them.
const DISPLAY: ByteSet = TOKEN.with(b" \t");

impl<'a> Address<'a> {
    /// A URI without display name and parameters.
    #[must_use]
    pub const fn new(uri: Uri<'a>) -> Self {
        Self { display: None, uri, params: Params::NONE }
    }

    /// The display name as a person reads it.
    #[must_use]
    pub fn display_name(&self) -> Option<Cow<'a, str>> {
        self.display.map(crate::quoted::unquote)
    }

    /// The dialog tag.
    #[must_use]
    pub fn tag(&self) -> Option<&'a str> {
        self.params.value("tag")
    }

    /// Reads `[ display-name ] LAQUOT addr-spec RAQUOT`, or a bare `addr-spec` where `bare` allows it.
    #[inline(never)]
    fn read_with(cursor: &mut Cursor<'a>, bare: Option<Place>) -> Result<Self, Fault> {
        let start = cursor.at();
        let display = match cursor.peek() {
            Some(b'<') => None,
            Some(b'"') => Some(grammar::quoted_string(cursor)?),
            _ => {
                let tokens = read_display_tokens(cursor);
                if cursor.peek() != Some(b'<') {
                    cursor.jump(start);
                    return match bare {
                        Some(place) => Self::read_bare(cursor, place),
                        None => Err(cursor.unexpected()),
                    };
                }
                Some(tokens)
            }
        };
        lws(cursor);
        cursor.expect(b'<')?;
        let uri = Uri::read(cursor, Place::Enclosed)?;
        cursor.expect(b'>')?;
        let params = Params::read(cursor)?;
        Ok(Self { display, uri, params })
    }

    fn read_bare(cursor: &mut Cursor<'a>, place: Place) -> Result<Self, Fault> {
        let uri = Uri::read(cursor, place)?;
        let params = match place {
            Place::Bare => Params::read(cursor)?,
            Place::Enclosed => Params::NONE,
        };
        Ok(Self { display: None, uri, params })
    }

    fn encode_enclosed(&self, out: &mut BytesMut) {
        if let Some(display) = self.display {
            put(display, out);
            out.put_u8(b' ');
        }
        out.put_u8(b'<');
        put(self.uri.as_str(), out);
        out.put_u8(b'>');
        put(self.params.as_str(), out);
    }
}

/// `*(token LWS)`, up to the angle bracket; folds may stand between the tokens.
fn read_display_tokens<'a>(cursor: &mut Cursor<'a>) -> &'a str {
    let start = cursor.at();
    loop {
        let before = cursor.at();
        cursor.skip(&DISPLAY);
        lws(cursor);
        if cursor.at() == before {
            return cursor.since(start).trim_end();
        }
    }
}

impl<'a> Value<'a> for Address<'a> {
    #[inline]
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        Self::read_with(cursor, Some(Place::Bare))
    }

    fn encode(&self, out: &mut BytesMut) {
        self.encode_enclosed(out);
    }

    fn repeated(&self) -> Option<&'a str> {
        self.uri.repeated().or_else(|| self.params.repeated())
    }
}

/// A value of `Contact`: an address, or the star that stands for all of them in a REGISTER.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(untagged))]
pub enum Contact<'a> {
    /// `*`.
    #[cfg_attr(feature = "serde", serde(serialize_with = "star"))]
    Any,
    /// An address.
    Address(Address<'a>),
}

#[cfg(feature = "serde")]
fn star<S: serde::Serializer>(serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str("*")
}

impl<'a> Contact<'a> {
    /// The address, unless this is the star.
    #[must_use]
    pub const fn address(&self) -> Option<&Address<'a>> {
        if let Self::Address(address) = self { Some(address) } else { None }
    }
}

impl<'a> Value<'a> for Contact<'a> {
    #[inline]
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        if cursor.peek() == Some(b'*') {
            let mut ahead = *cursor;
            ahead.bump();
            lws(&mut ahead);
            if ahead.is_end() {
                *cursor = ahead;
                return Ok(Self::Any);
            }
        }
        Address::read(cursor).map(Self::Address)
    }

    fn encode(&self, out: &mut BytesMut) {
        match self {
            Self::Any => out.put_u8(b'*'),
            Self::Address(address) => address.encode(out),
        }
    }

    fn repeated(&self) -> Option<&'a str> {
        self.address()?.repeated()
    }
}

/// A URI in angle brackets with parameters: `Alert-Info`, `Call-Info`, `Error-Info`, `Geolocation` …
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct InfoUri<'a> {
    /// The URI.
    pub uri: Uri<'a>,
    /// `purpose` and any other.
    pub params: Params<'a>,
}

impl<'a> Value<'a> for InfoUri<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        cursor.expect(b'<')?;
        let uri = Uri::read(cursor, Place::Enclosed)?;
        cursor.expect(b'>')?;
        let params = Params::read(cursor)?;
        Ok(Self { uri, params })
    }

    fn encode(&self, out: &mut BytesMut) {
        Address { display: None, uri: self.uri, params: self.params }.encode(out);
    }

    fn repeated(&self) -> Option<&'a str> {
        self.uri.repeated().or_else(|| self.params.repeated())
    }
}

impl<'a> Address<'a> {
    /// Reads `name-addr / addr-spec` of a field without parameters: what follows a bare URI is the URI's own.
    pub(crate) fn read_without_params(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        Self::read_with(cursor, Some(Place::Enclosed))
    }

    /// Reads a `name-addr`: the angle brackets must be there.
    pub(crate) fn read_name_addr(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        Self::read_with(cursor, None)
    }
}
