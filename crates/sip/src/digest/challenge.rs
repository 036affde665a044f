//! The server's challenges.

use super::{Algorithm, Qop};
use crate::header::auth::{Challenge, DigestChallenge};

/// What a server asks for; [`build`](Self::build) makes one challenge for each algorithm, to be sent as header
/// lines in that order (RFC 8760 section 2.3).
///
/// ```
/// use missiva_sip::digest::Challenges;
/// use missiva_sip::header::Value;
///
/// let built = Challenges::new("example.com").build("5f3a", false);
/// assert_eq!(
///     built.map(|challenge| challenge.to_text()).next().as_deref(),
///     Some("Digest realm=\"example.com\", nonce=\"5f3a\", algorithm=SHA-512-256, qop=\"auth\"")
/// );
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Challenges<'a> {
    /// The protection domain.
    pub realm: &'a str,
    /// The algorithms, best first. RFC 8760 section 2.3 has a client take the first one that it knows.
    pub algorithms: &'a [Algorithm],
    /// The qualities of protection offered; none asks in the way of RFC 2069.
    pub qops: &'a [Qop],
    /// URIs for which the same credentials hold, divided by spaces.
    pub domain: Option<&'a str>,
    /// Text that the client sends back.
    pub opaque: Option<&'a str>,
    /// Whether hashed user names are understood.
    pub userhash: bool,
}

impl<'a> Challenges<'a> {
    /// Every algorithm in its plain form, SHA-512-256 first and MD5 last, with the quality `auth`.
    #[must_use]
    pub const fn new(realm: &'a str) -> Self {
        Self {
            realm,
            algorithms: &Algorithm::PREFERRED,
            qops: &[Qop::Auth],
            domain: None,
            opaque: None,
            userhash: false,
        }
    }

    /// The challenges, best first. `stale` says that the credentials were right but for their nonce.
    pub fn build(self, nonce: &str, stale: bool) -> impl Iterator<Item = Challenge<'static>> {
        let qops: Vec<&str> = self.qops.iter().map(|qop| qop.as_str()).collect();
        let qop = (!qops.is_empty()).then(|| qops.join(",").into());
        let owned = |text: Option<&str>| text.map(|text| text.to_owned().into());
        let common = DigestChallenge {
            realm: self.realm.to_owned().into(),
            domain: owned(self.domain),
            nonce: nonce.to_owned().into(),
            opaque: owned(self.opaque),
            stale,
            qop,
            userhash: self.userhash,
            ..DigestChallenge::default()
        };
        self.algorithms.iter().map(move |algorithm| {
            Challenge::Digest(DigestChallenge {
                algorithm: Some(algorithm.as_str().into()),
                ..common.clone()
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::Value;

    #[test]
    fn every_algorithm_gets_its_line() {
        let asked = Challenges {
            qops: &[Qop::Auth, Qop::AuthInt],
            opaque: Some("o"),
            domain: Some("sip:a sip:b"),
            userhash: true,
            ..Challenges::new("r")
        };
        let lines: Vec<String> = asked.build("n", true).map(|c| c.to_text()).collect();
        let expected = ["SHA-512-256", "SHA-256", "MD5"].map(|name| {
            format!(
                "Digest realm=\"r\", domain=\"sip:a sip:b\", nonce=\"n\", opaque=\"o\", stale=true, \
                 algorithm={name}, qop=\"auth,auth-int\", userhash=true"
            )
        });
        assert_eq!(lines, expected);
    }

    #[test]
    fn no_quality_asks_in_the_old_way() {
        let asked = Challenges { qops: &[], algorithms: &[Algorithm::MD5], ..Challenges::new("r") };
        let lines: Vec<String> = asked.build("n", false).map(|c| c.to_text()).collect();
        assert_eq!(lines, ["Digest realm=\"r\", nonce=\"n\", algorithm=MD5"]);
    }
}
