//! Every other absolute URI: checked, kept whole.

use missiva_core::scan::{ByteSet, Cursor};
use missiva_core::{Fault, FaultKind};

use super::Place;
use crate::grammar::skip_escaped;

/// A URI of a scheme that SIP does not route by itself: `im`, `pres`, `mailto`, `wv`, `urn`, `cid`, `http` …
///
/// It is valid but opaque: an interworking function takes it apart, and everyone else hands it on unchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AbsoluteUri<'a> {
    text: &'a str,
    colon: u16,
}

const SCHEME: ByteSet = ByteSet::alphanumeric().with(b"+-.");
/// `uric` of RFC 2396 and the brackets and number sign of RFC 3986, less escapes.
const URIC: ByteSet = ByteSet::alphanumeric().with(b"-_.!~*'();/?:@&=+$,[]#");
/// The same less what ends a bare address in a header.
const BARE: ByteSet = URIC.without(b";,?");

impl<'a> AbsoluteUri<'a> {
    /// `absoluteURI = scheme ":" ( hier-part / opaque-part )`.
    pub(crate) fn read(cursor: &mut Cursor<'a>, place: Place) -> Result<Self, Fault> {
        if !cursor.peek().is_some_and(|byte| byte.is_ascii_alphabetic()) {
            return Err(cursor.unexpected());
        }
        let start = cursor.at();
        cursor.skip(&SCHEME);
        let colon = cursor.at();
        cursor.expect(b':')?;
        skip_escaped(cursor, if place == Place::Enclosed { &URIC } else { &BARE })?;
        if cursor.at() == colon + 1 {
            return Err(cursor.unexpected());
        }
        let colon =
            u16::try_from(colon - start).map_err(|_| Fault::new(FaultKind::Limit, start))?;
        Ok(Self { text: cursor.since(start), colon })
    }

    /// The URI as it was written.
    #[must_use]
    pub const fn as_str(&self) -> &'a str {
        self.text
    }

    /// The scheme as it was spelled.
    #[must_use]
    pub fn scheme(&self) -> &'a str {
        self.text.get(..self.colon.into()).unwrap_or_default()
    }

    /// What follows the scheme's colon.
    #[must_use]
    pub fn rest(&self) -> &'a str {
        self.text.get(usize::from(self.colon) + 1..).unwrap_or_default()
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for AbsoluteUri<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut parts = serializer.serialize_struct("AbsoluteUri", 2)?;
        parts.serialize_field("scheme", self.scheme())?;
        parts.serialize_field("rest", self.rest())?;
        parts.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Uri;

    #[test]
    fn foreign_schemes_survive() {
        for text in [
            "im:alice@example.com",
            "pres:alice@example.com",
            "mailto:alice@example.com?subject=hi%20there",
            "wv:+15550100@example.com",
            "wv:alice/friends@example.com",
            "urn:service:sos.police",
            "cid:list@example.com",
            "http://[2001:db8::1]/a?b=c#d",
            "nobodyKnowsThisScheme:totallyopaquecontent",
            "soap.beep://192.0.2.103:3002",
            "sipx:a",
            "sipsx:a",
            "telnet:host",
        ] {
            assert_eq!(
                Uri::parse(text).unwrap_or_else(|fault| panic!("{text}: {fault}")).to_string(),
                text
            );
        }
    }

    #[test]
    fn what_is_no_uri_is_refused() {
        let table = [
            ("", FaultKind::End, 0),
            ("1a:b", FaultKind::Unexpected, 0),
            ("alice@example.com", FaultKind::Unexpected, 5),
            ("im:", FaultKind::End, 3),
            ("im:a b", FaultKind::Unexpected, 4),
            ("im:a%zz", FaultKind::Escape, 4),
            ("<im:a>", FaultKind::Unexpected, 0),
        ];
        for (text, kind, at) in table {
            let fault = Uri::parse(text).expect_err(text);
            assert_eq!((fault.kind, fault.at), (kind, at), "{text}");
        }
    }

    #[test]
    fn scheme_and_rest_are_told_apart_wherever_the_uri_stands() {
        for (text, end) in [("<urn:a:b?c>", 10), ("\"<urn:a:b?c>", 11)] {
            let mut cursor = Cursor::new(text);
            cursor.jump(end - 9);
            let uri = AbsoluteUri::read(&mut cursor, Place::Enclosed).unwrap();
            assert_eq!((uri.scheme(), uri.rest(), cursor.at()), ("urn", "a:b?c", end), "{text}");
            assert_eq!(uri.as_str(), "urn:a:b?c");
        }
        // A bare one ends where the header's own parameters begin.
        for (text, rest) in [("urn:a:b;c", "a:b"), ("urn:a,b", "a"), ("urn:a?b", "a")] {
            let uri = AbsoluteUri::read(&mut Cursor::new(text), Place::Bare).unwrap();
            assert_eq!(uri.rest(), rest, "{text}");
        }
    }

    #[test]
    fn offsets_fit_or_the_uri_is_refused() {
        for (len, fine) in
            [(65_534, true), (65_535, true), (65_536, false), (65_537, false), (140_000, false)]
        {
            let scheme = "x".repeat(len);
            let text = format!("<{scheme}:rest>");
            let mut cursor = Cursor::new(&text);
            cursor.jump(1);
            let uri = Uri::read(&mut cursor, Place::Enclosed);
            let fault = Fault::new(FaultKind::Limit, 1);
            let expected = if fine { Ok(scheme.as_str()) } else { Err(fault) };
            assert!(uri.map(|uri| uri.scheme()) == expected, "{len}");
        }
        // What follows the scheme has no offset of its own.
        let text = format!("urn:{}", "x".repeat(140_000));
        assert_eq!(Uri::parse(&text).unwrap().as_str().len(), text.len());
    }
}
