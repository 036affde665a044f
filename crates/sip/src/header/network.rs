//! Networks that a user visits and uses: `P-Visited-Network-ID`, `P-Access-Network-Info`,
//! `P-Private-Network-Indication` (RFC 7315 sections 4.3 and 4.4, RFC 7316).

use std::borrow::Cow;

use bytes::BytesMut;
use missiva_core::Fault;
use missiva_core::scan::Cursor;

use super::Value;
use super::word::word;
use crate::encode::put;
use crate::grammar;
use crate::params::Params;
use crate::quoted::unfold;
use crate::uri::Host;

/// A network that the user visits.
///
/// ```
/// use missiva_sip::header::{Value, VisitedNetwork};
///
/// assert_eq!(VisitedNetwork::parse("\"Visited network number 1\"")?.name(), "Visited network number 1");
/// assert_eq!(VisitedNetwork::parse("other.net;x=y")?.name(), "other.net");
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct VisitedNetwork<'a> {
    /// The name as it was written: a token or quoted.
    pub spelling: &'a str,
    /// Extensions.
    pub params: Params<'a>,
}

impl<'a> VisitedNetwork<'a> {
    /// The name.
    #[must_use]
    pub fn name(&self) -> Cow<'a, str> {
        crate::quoted::unquote(self.spelling)
    }
}

impl<'a> Value<'a> for VisitedNetwork<'a> {
    /// `(token / quoted-string) *(SEMI vnetwork-param)`.
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let spelling = if cursor.peek() == Some(b'"') {
            grammar::quoted_string(cursor)?
        } else {
            grammar::token(cursor)?
        };
        Ok(Self { spelling, params: Params::read(cursor)? })
    }

    fn encode(&self, out: &mut BytesMut) {
        put(&unfold(self.spelling), out);
        put(self.params.as_str(), out);
    }

    fn repeated(&self) -> Option<&'a str> {
        self.params.repeated()
    }
}

word! {
    /// The radio cell, the line or the access point by which the user is connected.
    ///
    /// ```
    /// use missiva_sip::header::{AccessNetwork, Value};
    ///
    /// let access = AccessNetwork::parse("3GPP-E-UTRAN-FDD;utran-cell-id-3gpp=\"00101D0FCE11\";network-provided")?;
    /// assert_eq!(access.cell().as_deref(), Some("00101D0FCE11"));
    /// assert!(access.is_network_provided());
    /// # Ok::<(), missiva_core::Fault>(())
    /// ```
    AccessNetwork {
        /// The type (`IEEE-802.11`, `3GPP-NR` …) or the class (`3GPP-WLAN`) of access.
        access,
        /// `cgi-3gpp`, `utran-cell-id-3gpp`, `np` and all others.
        params
    }
}

impl<'a> AccessNetwork<'a> {
    /// The cell of a 3GPP network, whichever of the two names it goes by.
    #[must_use]
    pub fn cell(&self) -> Option<Cow<'a, str>> {
        self.params.text("utran-cell-id-3gpp").or_else(|| self.params.text("cgi-3gpp"))
    }

    /// Whether the network says so itself, and not the user's device (`np`, in 3GPP `network-provided`).
    #[must_use]
    pub fn is_network_provided(&self) -> bool {
        self.params.has("np") || self.params.has("network-provided")
    }
}

/// The domain of the private network to which a session belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct PrivateNetwork<'a> {
    /// The domain.
    pub host: Host<'a>,
    /// Extensions.
    pub params: Params<'a>,
}

impl<'a> Value<'a> for PrivateNetwork<'a> {
    /// `PNI-value *(SEMI PNI-param)`; the value is a host name.
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        Ok(Self { host: Host::read(cursor)?, params: Params::read(cursor)? })
    }

    fn encode(&self, out: &mut BytesMut) {
        put(self.host.as_str(), out);
        put(self.params.as_str(), out);
    }

    fn repeated(&self) -> Option<&'a str> {
        self.params.repeated()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use missiva_core::FaultKind;

    #[test]
    fn visited_networks_are_tokens_or_quoted() {
        let table = [
            ("\"a \\\"b\\\"\"", Ok("a \"b\"")),
            ("other.net", Ok("other.net")),
            ("\"a\r\n  b\";x", Ok("a b")),
            ("\"a", Err((FaultKind::Quote, 0))),
            ("", Err((FaultKind::End, 0))),
            ("a b", Err((FaultKind::Unexpected, 2))),
        ];
        for (text, expected) in table {
            let got = VisitedNetwork::parse(text);
            let name = got.map(|network| network.name());
            assert_eq!(name.as_deref().map_err(|fault| (fault.kind, fault.at)), expected, "{text}");
            if let Ok(network) = got {
                let written = network.to_text();
                let again = VisitedNetwork::parse(&written).unwrap();
                assert_eq!((again.name(), again.params), (network.name(), network.params));
            }
        }
    }

    #[test]
    fn access_is_described_by_the_user_or_by_the_network() {
        let own = AccessNetwork::parse("IEEE-802.11;i-wlan-node-id=00112233AABB").unwrap();
        assert!(!own.is_network_provided());
        assert_eq!(own.cell(), None);
        let network = AccessNetwork::parse("3GPP-GERAN;cgi-3gpp=1;np").unwrap();
        assert!(network.is_network_provided());
        assert_eq!(network.cell().as_deref(), Some("1"));
    }

    #[test]
    fn private_networks_are_named_by_a_host() {
        assert_eq!(PrivateNetwork::parse("example.com;x").unwrap().to_text(), "example.com;x");
        let fault = PrivateNetwork::parse("-a").unwrap_err();
        assert_eq!(fault.kind, FaultKind::Host);
    }
}
