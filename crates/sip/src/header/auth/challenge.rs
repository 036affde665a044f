//! `WWW-Authenticate` and `Proxy-Authenticate` (RFC 3261 sections 20.44 and 20.27, RFC 7616 section 3.3).

use std::borrow::Cow;

use bytes::BytesMut;
use missiva_core::scan::Cursor;
use missiva_core::{Fault, FaultKind};

use super::DEFAULT_ALGORITHM;
use super::param::{self, AuthParam, OtherAuth, ParamWriter, Written, own, own_params};
use crate::header::Value;

/// A challenge of whatever scheme.
///
/// ```
/// use missiva_sip::header::{Challenge, Value};
///
/// let text = "Digest realm=\"example.com\", nonce=\"5f3a\",\r\n algorithm=SHA-256, qop=\"auth,auth-int\"";
/// let Challenge::Digest(challenge) = Challenge::parse(text)? else { panic!("a Digest challenge") };
/// assert_eq!((&*challenge.realm, challenge.algorithm_name()), ("example.com", "SHA-256"));
/// assert!(challenge.qop_options().eq(["auth", "auth-int"]));
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(untagged))]
#[allow(clippy::large_enum_variant, reason = "nearly every challenge is of the large kind")]
#[non_exhaustive]
pub enum Challenge<'a> {
    /// Scheme `Digest`.
    Digest(DigestChallenge<'a>),
    /// Any other scheme.
    Other(OtherAuth<'a>),
}

/// A challenge of scheme `Digest`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct DigestChallenge<'a> {
    /// The protection domain.
    pub realm: Cow<'a, str>,
    /// URIs for which the same credentials hold, divided by spaces; see [`domains`](Self::domains).
    pub domain: Option<Cow<'a, str>>,
    /// The server's nonce.
    pub nonce: Cow<'a, str>,
    /// Text to be sent back as it is.
    pub opaque: Option<Cow<'a, str>>,
    /// The credentials were right but for a nonce that is too old.
    pub stale: bool,
    /// The algorithm's name as it was spelled; see [`algorithm_name`](Self::algorithm_name).
    pub algorithm: Option<Cow<'a, str>>,
    /// The qualities of protection offered, divided by commas; see [`qop_options`](Self::qop_options).
    pub qop: Option<Cow<'a, str>>,
    /// The encoding of user names and passwords; `UTF-8` is the only one there is.
    pub charset: Option<Cow<'a, str>>,
    /// The server takes hashed user names (RFC 7616 section 3.4.4).
    pub userhash: bool,
    /// All other parameters.
    pub params: Vec<AuthParam<'a>>,
}

impl<'a> Challenge<'a> {
    /// The scheme, as it was spelled when it is not Digest.
    #[must_use]
    pub fn scheme(&self) -> &str {
        match self {
            Self::Digest(_) => DIGEST,
            Self::Other(other) => &other.scheme,
        }
    }

    /// The challenge when its scheme is Digest.
    #[must_use]
    pub const fn as_digest(&self) -> Option<&DigestChallenge<'a>> {
        match self {
            Self::Digest(challenge) => Some(challenge),
            Self::Other(_) => None,
        }
    }

    /// The same with text of its own.
    #[must_use]
    pub fn into_owned(self) -> Challenge<'static> {
        match self {
            Self::Digest(challenge) => Challenge::Digest(challenge.into_owned()),
            Self::Other(other) => Challenge::Other(other.into_owned()),
        }
    }
}

/// The scheme's name in its canonical spelling.
pub(super) const DIGEST: &str = "Digest";

impl<'a> DigestChallenge<'a> {
    /// The algorithm's name; MD5 when none is written.
    #[must_use]
    pub fn algorithm_name(&self) -> &str {
        self.algorithm.as_deref().unwrap_or(DEFAULT_ALGORITHM)
    }

    /// The qualities of protection offered, in order; none when the server asks in the way of RFC 2069.
    pub fn qop_options(&self) -> impl Iterator<Item = &str> {
        let list = self.qop.as_deref().unwrap_or_default();
        list.split(',').map(str::trim).filter(|qop| !qop.is_empty())
    }

    /// The URIs for which the same credentials hold.
    pub fn domains(&self) -> impl Iterator<Item = &str> {
        let list = self.domain.as_deref().unwrap_or_default();
        list.split_ascii_whitespace()
    }

    /// The first parameter called `name` among those that have no field of their own.
    #[must_use]
    pub fn param(&self, name: &str) -> Option<&AuthParam<'a>> {
        param::find(&self.params, name)
    }

    /// The same with text of its own.
    #[must_use]
    pub fn into_owned(self) -> DigestChallenge<'static> {
        DigestChallenge {
            realm: own(self.realm),
            domain: self.domain.map(own),
            nonce: own(self.nonce),
            opaque: self.opaque.map(own),
            stale: self.stale,
            algorithm: self.algorithm.map(own),
            qop: self.qop.map(own),
            charset: self.charset.map(own),
            userhash: self.userhash,
            params: own_params(self.params),
        }
    }

    fn encode(&self, out: &mut BytesMut) {
        crate::encode::put("Digest ", out);
        ParamWriter::new(out)
            .quoted("realm", Some(&self.realm))
            .quoted("domain", self.domain.as_ref())
            .quoted("nonce", Some(&self.nonce))
            .quoted("opaque", self.opaque.as_ref())
            .flag("stale", self.stale)
            .token("algorithm", self.algorithm.as_ref())
            .quoted("qop", self.qop.as_ref())
            .token("charset", self.charset.as_ref())
            .flag("userhash", self.userhash)
            .others(&self.params);
    }
}

/// What has been read of a challenge so far.
#[derive(Default)]
struct Draft<'a> {
    realm: Option<Cow<'a, str>>,
    domain: Option<Cow<'a, str>>,
    nonce: Option<Cow<'a, str>>,
    opaque: Option<Cow<'a, str>>,
    stale: Option<bool>,
    algorithm: Option<Cow<'a, str>>,
    qop: Option<Cow<'a, str>>,
    charset: Option<Cow<'a, str>>,
    userhash: Option<bool>,
    params: Vec<AuthParam<'a>>,
}

impl<'a> Draft<'a> {
    fn add(&mut self, param: Written<'a>) -> Result<(), Fault> {
        match param.name.to_ascii_lowercase().as_str() {
            "realm" => param.once(&mut self.realm, param.text()),
            "domain" => param.once(&mut self.domain, param.text()),
            "nonce" => param.once(&mut self.nonce, param.text()),
            "opaque" => param.once(&mut self.opaque, param.text()),
            "stale" => param.once(&mut self.stale, param.is_true()),
            "algorithm" => param.once(&mut self.algorithm, param.token()?),
            "qop" => param.once(&mut self.qop, param.text()),
            "charset" => param.once(&mut self.charset, param.token()?),
            "userhash" => param.once(&mut self.userhash, param.is_true()),
            _ => param::keep(&mut self.params, param),
        }
    }

    /// The challenge, when the two parameters that RFC 7616 section 3.3 requires are there.
    fn finish(self) -> Option<DigestChallenge<'a>> {
        Some(DigestChallenge {
            realm: self.realm?,
            domain: self.domain,
            nonce: self.nonce?,
            opaque: self.opaque,
            stale: self.stale.unwrap_or_default(),
            algorithm: self.algorithm,
            qop: self.qop,
            charset: self.charset,
            userhash: self.userhash.unwrap_or_default(),
            params: self.params,
        })
    }
}

impl<'a> Value<'a> for Challenge<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let start = cursor.at();
        let scheme = param::read_scheme(cursor)?;
        if !scheme.eq_ignore_ascii_case(DIGEST) {
            return OtherAuth::read(cursor, scheme).map(Self::Other);
        }
        let mut draft = Draft::default();
        param::read_params(cursor, |param| draft.add(param))?;
        let missing = Fault::new(FaultKind::Empty, start);
        draft.finish().map(Self::Digest).ok_or(missing)
    }

    fn encode(&self, out: &mut BytesMut) {
        match self {
            Self::Digest(challenge) => challenge.encode(out),
            Self::Other(other) => other.encode(out),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn challenges_are_read_and_written() {
        let table = [
            // A core's challenge over four lines.
            (
                "Digest realm=\"ims.example.com\",\r\n\tnonce=\"b7c9\",\r\n opaque=\"\" ,\r\n  \
                 algorithm=MD5, QOP=auth",
                "Digest realm=\"ims.example.com\", nonce=\"b7c9\", opaque=\"\", algorithm=MD5, qop=\"auth\"",
            ),
            // RFC 3261 section 20.44.
            (
                "Digest realm=\"atlanta.com\", domain=\"sip:boxesbybob.com sip:b\", qop=\"auth\", \
                 nonce=\"f84f1cec41e6cbe5aea9c8e88d359\", opaque=\"\", stale=FALSE, algorithm=MD5",
                "Digest realm=\"atlanta.com\", domain=\"sip:boxesbybob.com sip:b\", \
                 nonce=\"f84f1cec41e6cbe5aea9c8e88d359\", opaque=\"\", algorithm=MD5, qop=\"auth\"",
            ),
            // RFC 3310: an AKA challenge; quoted flags; what 3GPP adds is kept.
            (
                "digest realm=\"r\", nonce=\"A34=\", algorithm=AKAv1-MD5, stale=\"TRUE\", ik=\"00\", ck=x",
                "Digest realm=\"r\", nonce=\"A34=\", stale=true, algorithm=AKAv1-MD5, ik=\"00\", ck=x",
            ),
            (
                "Digest realm=\"a \\\"b\\\"\", nonce=n, userhash=true, charset=UTF-8, algorithm=\"SHA-256\"",
                "Digest realm=\"a \\\"b\\\"\", nonce=\"n\", algorithm=SHA-256, charset=UTF-8, userhash=true",
            ),
            ("Negotiate", "Negotiate"),
            ("NTLM TlRMTVNTUAAB==", "NTLM TlRMTVNTUAAB=="),
            (
                "Bearer  authz_server = \"https://as.example.com\",scope=\"sip\"",
                "Bearer authz_server=\"https://as.example.com\", scope=\"sip\"",
            ),
        ];
        for (text, expected) in table {
            let value = Challenge::parse(text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
            assert_eq!(value.to_text(), expected);
            assert_eq!(Challenge::parse(expected).unwrap(), value, "{text}");
            assert_eq!(value.clone().into_owned(), value);
        }
    }

    #[test]
    fn faults_are_located() {
        let table = [
            ("", FaultKind::End, 0),
            ("Digest", FaultKind::End, 6),
            ("Digest realm=\"r\"", FaultKind::Empty, 0),
            ("Digest nonce=\"n\"", FaultKind::Empty, 0),
            ("Digest realm=\"r\", nonce=\"n\",", FaultKind::End, 28),
            ("Digest realm=\"r\", Realm=\"r\"", FaultKind::Conflict, 18),
            ("Digest x=1, nonce=n, X=2", FaultKind::Conflict, 21),
            ("Digest realm=\"r", FaultKind::Quote, 13),
            ("Digest realm", FaultKind::End, 12),
            ("Digest realm=\"r\" nonce=\"n\"", FaultKind::Empty, 0),
            ("Digest realm=\"r\", nonce=\"n\" x", FaultKind::Unexpected, 28),
            ("Digest algorithm=\"a b\"", FaultKind::Value, 17),
            ("Digest,realm=\"r\"", FaultKind::Unexpected, 6),
            ("Basic realm=\"r\", realm=\"r\"", FaultKind::Conflict, 17),
        ];
        for (text, kind, at) in table {
            let fault = Challenge::parse(text).expect_err(text);
            assert_eq!((fault.kind, fault.at), (kind, at), "{text}");
        }
    }

    #[test]
    fn more_parameters_than_the_limit_are_refused() {
        let many = |count: usize| {
            let extra: String = (2..count).map(|index| format!(", p{index}=1")).collect();
            format!("Digest realm=r, nonce=n{extra}")
        };
        assert!(Challenge::parse(&many(128)).is_ok());
        for count in [129, 1000] {
            assert_eq!(
                Challenge::parse(&many(count)).map_err(|fault| fault.kind),
                Err(FaultKind::Limit)
            );
        }
    }

    #[test]
    fn lists_are_taken_apart() {
        let text =
            "Digest realm=\"r\",nonce=\"n\",qop=\" auth , x,,auth-int\",domain=\"sip:a  sip:b\"";
        let value = Challenge::parse(text).unwrap();
        let challenge = value.as_digest().unwrap();
        assert!(challenge.qop_options().eq(["auth", "x", "auth-int"]));
        assert!(challenge.domains().eq(["sip:a", "sip:b"]));
        assert_eq!(challenge.algorithm_name(), "MD5");
    }
}
