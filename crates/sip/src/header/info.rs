//! URIs with a purpose, and what RFC 6442 says about a location: `Call-Info`, `Alert-Info`, `Geolocation-Routing`,
//! `Geolocation-Error`.

use std::borrow::Cow;

use bytes::BytesMut;
use missiva_core::Fault;
use missiva_core::scan::Cursor;

use super::check::three_digits;
use super::{InfoUri, Value};
use crate::encode::{put, put_display};
use crate::grammar;
use crate::params::Params;

impl<'a> InfoUri<'a> {
    /// What the URI is for: `icon`, `info`, `card` in `Call-Info` (RFC 3261 section 20.9).
    #[must_use]
    pub fn purpose(&self) -> Option<&'a str> {
        self.params.value("purpose")
    }

    /// Whether the URI is for `purpose`, in any case.
    #[must_use]
    pub fn is_for(&self, purpose: &str) -> bool {
        self.purpose().is_some_and(|found| found.eq_ignore_ascii_case(purpose))
    }
}

/// Whether the sender's location may be used to route the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct GeolocationRouting<'a>(pub &'a str);

impl GeolocationRouting<'_> {
    /// Whether it may: only `yes` allows it.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        self.0.eq_ignore_ascii_case("yes")
    }
}

impl<'a> Value<'a> for GeolocationRouting<'a> {
    /// `"yes" / "no" / generic-value`.
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        grammar::token(cursor).map(Self)
    }

    fn encode(&self, out: &mut BytesMut) {
        put(self.0, out);
    }
}

/// Why a location could not be used.
///
/// ```
/// use missiva_sip::header::{GeolocationError, Value};
///
/// let error = GeolocationError::parse("100; code=\"Cannot Process Location\"")?;
/// assert_eq!((error.number, error.text().as_deref()), (100, Some("Cannot Process Location")));
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct GeolocationError<'a> {
    /// Three digits (RFC 6442 section 4.3).
    pub number: u16,
    /// `code`, which holds words, and any other.
    pub params: Params<'a>,
}

impl<'a> GeolocationError<'a> {
    /// The words.
    #[must_use]
    pub fn text(&self) -> Option<Cow<'a, str>> {
        self.params.text("code")
    }
}

impl<'a> Value<'a> for GeolocationError<'a> {
    /// `location-error-code *(SEMI location-error-params)`.
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        Ok(Self { number: three_digits(cursor)?, params: Params::read(cursor)? })
    }

    fn encode(&self, out: &mut BytesMut) {
        put_display(format_args!("{:03}", self.number), out);
        put(self.params.as_str(), out);
    }

    fn repeated(&self) -> Option<&'a str> {
        self.params.repeated()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn purposes_compare_without_case() {
        let info = InfoUri::parse("<http://a.example/b.png>;purpose=Icon").unwrap();
        assert!(info.is_for("icon") && !info.is_for("card"));
        assert!(!InfoUri::parse("<http://a.example/>").unwrap().is_for(""));
    }

    #[test]
    fn only_yes_allows_routing_by_location() {
        for (text, expected) in [("yes", true), ("YES", true), ("no", false), ("maybe", false)] {
            let routing = GeolocationRouting::parse(text).unwrap();
            assert_eq!(routing.is_allowed(), expected);
        }
        assert!(GeolocationError::parse("10").is_err());
        assert_eq!(GeolocationError::parse("010;code").unwrap().to_text(), "010;code");
    }
}
