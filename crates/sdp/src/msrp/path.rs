//! `a=path` (RFC 4975 section 8.1).

use bytes::BytesMut;
use missiva_core::scan::Cursor;
use missiva_core::{Fault, FaultKind};

use super::MsrpUri;
use crate::encode::put;
use crate::grammar::{more, words};
use crate::value::Value;

/// `a=path`: the URIs that lead to an endpoint, relays first, the endpoint last.
///
/// The last one has a session-id, without which nobody could tell one session of the machine from another (RFC 4975
/// section 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(into = "Vec<MsrpUri<'_>>"))]
pub struct Path<'a> {
    text: &'a str,
    endpoint: MsrpUri<'a>,
}

impl<'a> Path<'a> {
    /// Every URI in order.
    pub fn uris(&self) -> impl Iterator<Item = MsrpUri<'a>> + Clone + use<'a> {
        words(self.text).filter_map(|word| MsrpUri::parse(word).ok())
    }

    /// The first URI, which is where to connect to.
    #[must_use]
    pub fn next_hop(&self) -> MsrpUri<'a> {
        self.uris().next().unwrap_or(self.endpoint)
    }

    /// The last URI, which names the session.
    #[must_use]
    pub const fn endpoint(&self) -> MsrpUri<'a> {
        self.endpoint
    }

    /// Whether there are relays before the endpoint.
    #[must_use]
    pub fn has_relays(&self) -> bool {
        words(self.text).nth(1).is_some()
    }

    /// The URIs as they were written.
    #[must_use]
    pub const fn as_str(&self) -> &'a str {
        self.text
    }
}

impl<'a> From<Path<'a>> for Vec<MsrpUri<'a>> {
    fn from(path: Path<'a>) -> Self {
        path.uris().collect()
    }
}

impl<'a> Value<'a> for Path<'a> {
    #[inline]
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let start = cursor.at();
        let mut endpoint = MsrpUri::read(cursor)?;
        let mut at = start;
        while more(cursor) {
            at = cursor.at();
            endpoint = MsrpUri::read(cursor)?;
        }
        if endpoint.session_id.is_none() {
            return Err(Fault::new(FaultKind::Empty, at));
        }
        Ok(Self { text: cursor.since(start), endpoint })
    }

    fn encode(&self, out: &mut BytesMut) {
        put(self.text, out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_over_relays_to_the_endpoint() {
        let text =
            "msrp://a.example.com:7394/2s93i9ek2a;tcp msrp://bob.example.com:8493/si438dsaodes;tcp";
        let path = Path::parse(text).unwrap();
        assert_eq!(path.uris().count(), 2);
        assert_eq!(path.next_hop().session_id, Some("2s93i9ek2a"));
        assert_eq!(path.endpoint().session_id, Some("si438dsaodes"));
        assert!(path.has_relays());
        assert_eq!(path.to_text(), text);
        assert!(!Path::parse("msrp://bob.example.com:8493/s;tcp").unwrap().has_relays());
    }

    #[test]
    fn an_endpoint_without_session_id_is_refused() {
        let table = [
            ("msrp://bob.example.com:8493;tcp", FaultKind::Empty, 0),
            ("msrp://a/s;tcp msrp://bob.example.com;tcp", FaultKind::Empty, 15),
            ("", FaultKind::Unsupported, 0),
            ("msrp://a/s;tcp sip:b", FaultKind::Unsupported, 15),
        ];
        for (text, kind, at) in table {
            assert_eq!(Path::parse(text), Err(Fault::new(kind, at)), "{text}");
        }
        assert!(Path::parse("msrp://relay;tcp msrp://b/s;tcp").is_ok());
    }
}
