//! Every other absolute URI: checked, kept whole.

use bytes::{BufMut, BytesMut};
use missiva_core::Fault;
use missiva_core::scan::{ByteSet, Cursor};

use super::Place;
use crate::encode::put;
use crate::grammar::skip_escaped;

/// A URI of a scheme that SIP does not route by itself: `im`, `pres`, `mailto`, `wv`, `urn`, `cid`, `http` …
///
/// It is valid but opaque: an interworking function takes it apart, and everyone else hands it on unchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct AbsoluteUri<'a> {
    /// The scheme as it was spelled.
    pub scheme: &'a str,
    /// What follows the scheme's colon.
    pub rest: &'a str,
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
        let scheme = cursor.take(&SCHEME);
        cursor.expect(b':')?;
        let start = cursor.at();
        skip_escaped(
            cursor,
            if place == Place::Enclosed {
                &URIC
            } else {
                &BARE
            },
        )?;
        if cursor.at() == start {
            return Err(cursor.unexpected());
        }
        Ok(Self {
            scheme,
            rest: cursor.since(start),
        })
    }

    /// Appends the URI.
    pub fn encode(&self, out: &mut BytesMut) {
        put(self.scheme, out);
        out.put_u8(b':');
        put(self.rest, out);
    }
}

#[cfg(test)]
mod tests {
    use crate::Uri;
    use missiva_core::FaultKind;

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
            "telnet:host",
        ] {
            assert_eq!(
                Uri::parse(text)
                    .unwrap_or_else(|fault| panic!("{text}: {fault}"))
                    .to_string(),
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
}
