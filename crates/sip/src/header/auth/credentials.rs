//! `Authorization` and `Proxy-Authorization` (RFC 3261 sections 20.7 and 20.28, RFC 7616 section 3.4).

use std::borrow::Cow;

use bytes::BytesMut;
use missiva_core::scan::Cursor;
use missiva_core::{Fault, FaultKind};

use super::challenge::DIGEST;
use super::param::{self, AuthParam, OtherAuth, ParamWriter, Written, own, own_params};
use super::{DEFAULT_ALGORITHM, Username};
use crate::header::Value;

/// Credentials of whatever scheme.
///
/// ```
/// use missiva_sip::header::{Credentials, Value};
///
/// let text = "Digest username=\"bob\", realm=\"r\", nonce=\"n\", uri=\"sip:r\", response=\"00\", \
///             qop=\"auth\", cnonce=\"c\", nc=0000000a";
/// let Credentials::Digest(credentials) = Credentials::parse(text)? else { panic!("Digest") };
/// assert_eq!((credentials.username.as_str(), credentials.count()), ("bob", Some(10)));
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(untagged))]
#[allow(clippy::large_enum_variant, reason = "nearly all credentials are of the large kind")]
#[non_exhaustive]
pub enum Credentials<'a> {
    /// Scheme `Digest`.
    Digest(DigestCredentials<'a>),
    /// Any other scheme.
    Other(OtherAuth<'a>),
}

/// Credentials of scheme `Digest`.
///
/// The first REGISTER of an IMS client has an empty nonce and an empty response (3GPP TS 24.229): both are legal
/// here and never verify.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct DigestCredentials<'a> {
    /// The user, or a hash of the name.
    pub username: Username<'a>,
    /// Whether [`username`](Self::username) is a hash (RFC 7616 section 3.4.4).
    pub userhash: bool,
    /// The protection domain.
    pub realm: Cow<'a, str>,
    /// The server's nonce.
    pub nonce: Cow<'a, str>,
    /// The digest URI, byte by byte as the response covers it.
    pub uri: Cow<'a, str>,
    /// The proof.
    pub response: Cow<'a, str>,
    /// The algorithm's name as it was spelled; see [`algorithm_name`](Self::algorithm_name).
    pub algorithm: Option<Cow<'a, str>>,
    /// The client's nonce.
    pub cnonce: Option<Cow<'a, str>>,
    /// The server's text, sent back.
    pub opaque: Option<Cow<'a, str>>,
    /// The quality of protection chosen.
    pub qop: Option<Cow<'a, str>>,
    /// The nonce count, eight hexadecimal digits as they were spelled; see [`count`](Self::count).
    pub nc: Option<Cow<'a, str>>,
    /// The token that asks for a new sequence number (RFC 3310 section 3.4).
    pub auts: Option<Cow<'a, str>>,
    /// All other parameters, such as `integrity-protected`.
    pub params: Vec<AuthParam<'a>>,
}

impl<'a> Credentials<'a> {
    /// The scheme, as it was spelled when it is not Digest.
    #[must_use]
    pub fn scheme(&self) -> &str {
        match self {
            Self::Digest(_) => DIGEST,
            Self::Other(other) => &other.scheme,
        }
    }

    /// The credentials when their scheme is Digest.
    #[must_use]
    pub const fn as_digest(&self) -> Option<&DigestCredentials<'a>> {
        match self {
            Self::Digest(credentials) => Some(credentials),
            Self::Other(_) => None,
        }
    }

    /// The same with text of its own.
    #[must_use]
    pub fn into_owned(self) -> Credentials<'static> {
        match self {
            Self::Digest(credentials) => Credentials::Digest(credentials.into_owned()),
            Self::Other(other) => Credentials::Other(other.into_owned()),
        }
    }
}

impl<'a> DigestCredentials<'a> {
    /// The algorithm's name; MD5 when none is written.
    #[must_use]
    pub fn algorithm_name(&self) -> &str {
        self.algorithm.as_deref().unwrap_or(DEFAULT_ALGORITHM)
    }

    /// The nonce count as a number.
    #[must_use]
    pub fn count(&self) -> Option<u32> {
        u32::from_str_radix(self.nc.as_deref()?, 16).ok()
    }

    /// The first parameter called `name` among those that have no field of their own.
    #[must_use]
    pub fn param(&self, name: &str) -> Option<&AuthParam<'a>> {
        param::find(&self.params, name)
    }

    /// The same with text of its own.
    #[must_use]
    pub fn into_owned(self) -> DigestCredentials<'static> {
        DigestCredentials {
            username: self.username.into_owned(),
            userhash: self.userhash,
            realm: own(self.realm),
            nonce: own(self.nonce),
            uri: own(self.uri),
            response: own(self.response),
            algorithm: self.algorithm.map(own),
            cnonce: self.cnonce.map(own),
            opaque: self.opaque.map(own),
            qop: self.qop.map(own),
            nc: self.nc.map(own),
            auts: self.auts.map(own),
            params: own_params(self.params),
        }
    }

    fn encode(&self, out: &mut BytesMut) {
        crate::encode::put("Digest ", out);
        let mut writer = ParamWriter::new(out);
        match &self.username {
            Username::Plain(name) => writer.quoted("username", Some(name)),
            Username::Extended(name) => writer.written("username*", &Username::encode(name)),
        };
        writer
            .quoted("realm", Some(&self.realm))
            .quoted("nonce", Some(&self.nonce))
            .quoted("uri", Some(&self.uri))
            .quoted("response", Some(&self.response))
            .token("algorithm", self.algorithm.as_ref())
            .quoted("cnonce", self.cnonce.as_ref())
            .quoted("opaque", self.opaque.as_ref())
            .token("qop", self.qop.as_ref())
            .token("nc", self.nc.as_ref())
            .flag("userhash", self.userhash)
            .quoted("auts", self.auts.as_ref())
            .others(&self.params);
    }
}

/// What has been read of credentials so far.
#[derive(Default)]
struct Draft<'a> {
    username: Option<Username<'a>>,
    userhash: Option<bool>,
    realm: Option<Cow<'a, str>>,
    nonce: Option<Cow<'a, str>>,
    uri: Option<Cow<'a, str>>,
    response: Option<Cow<'a, str>>,
    algorithm: Option<Cow<'a, str>>,
    cnonce: Option<Cow<'a, str>>,
    opaque: Option<Cow<'a, str>>,
    qop: Option<Cow<'a, str>>,
    nc: Option<Cow<'a, str>>,
    auts: Option<Cow<'a, str>>,
    params: Vec<AuthParam<'a>>,
}

impl<'a> Draft<'a> {
    fn add(&mut self, param: Written<'a>) -> Result<(), Fault> {
        match param.name.to_ascii_lowercase().as_str() {
            // The two names exclude each other (RFC 7616 section 3.4).
            "username" => param.once(&mut self.username, Username::Plain(param.text())),
            "username*" => {
                let name = Username::decode(&param.text()).map_err(|kind| param.fault(kind))?;
                param.once(&mut self.username, name)
            }
            "userhash" => param.once(&mut self.userhash, param.is_true()),
            "realm" => param.once(&mut self.realm, param.text()),
            "nonce" => param.once(&mut self.nonce, param.text()),
            "uri" => param.once(&mut self.uri, param.text()),
            "response" => param.once(&mut self.response, param.text()),
            "algorithm" => param.once(&mut self.algorithm, param.token()?),
            "cnonce" => param.once(&mut self.cnonce, param.text()),
            "opaque" => param.once(&mut self.opaque, param.text()),
            "qop" => param.once(&mut self.qop, param.token()?),
            "nc" => param.once(&mut self.nc, param.count()?),
            "auts" => param.once(&mut self.auts, param.text()),
            _ => param::keep(&mut self.params, param),
        }
    }

    /// The credentials, when all that RFC 7616 section 3.4 requires is there.
    fn finish(self) -> Option<DigestCredentials<'a>> {
        Some(DigestCredentials {
            username: self.username?,
            userhash: self.userhash.unwrap_or_default(),
            realm: self.realm?,
            nonce: self.nonce?,
            uri: self.uri?,
            response: self.response?,
            algorithm: self.algorithm,
            cnonce: self.cnonce,
            opaque: self.opaque,
            qop: self.qop,
            nc: self.nc,
            auts: self.auts,
            params: self.params,
        })
    }
}

impl<'a> Value<'a> for Credentials<'a> {
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
            Self::Digest(credentials) => credentials.encode(out),
            Self::Other(other) => other.encode(out),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_read_and_written() {
        let table = [
            // RFC 3261 section 20.7, RFC 7616 section 3.9.1.
            (
                "Digest username=\"Alice\", realm=\"atlanta.com\",\r\n nonce=\"84a4cc6f3082121f32b42a2187831a9e\",\
                 \r\n response=\"7587245234b3434cc3412213e5f113a5432\", uri=\"sip:a\"",
                "Digest username=\"Alice\", realm=\"atlanta.com\", nonce=\"84a4cc6f3082121f32b42a2187831a9e\", \
                 uri=\"sip:a\", response=\"7587245234b3434cc3412213e5f113a5432\"",
            ),
            (
                "Digest username=\"u\\\\\\\"\", realm=r, nonce=n, uri=\"sip:[::1]\", response=\"\", \
                 algorithm=\"md5\", cnonce=\"c\", opaque=\"o\", qop=\"auth-int\", nc=\"0000000A\"",
                "Digest username=\"u\\\\\\\"\", realm=\"r\", nonce=\"n\", uri=\"sip:[::1]\", response=\"\", \
                 algorithm=md5, cnonce=\"c\", opaque=\"o\", qop=auth-int, nc=0000000A",
            ),
            // An IMS client's first REGISTER.
            (
                "Digest uri=\"sip:ims.example.com\",username=\"1@ims.example.com\",response=\"\",\
                 realm=\"ims.example.com\",nonce=\"\",integrity-protected=\"no\",auts=\"QQ==\"",
                "Digest username=\"1@ims.example.com\", realm=\"ims.example.com\", nonce=\"\", \
                 uri=\"sip:ims.example.com\", response=\"\", auts=\"QQ==\", integrity-protected=\"no\"",
            ),
            (
                "Digest username*=utf-8''J%c3%a4s%C3%B8n%20Doe, realm=\"r\", nonce=\"n\", uri=\"u\", \
                 response=\"00\", userhash=false",
                "Digest username*=UTF-8''J%C3%A4s%C3%B8n%20Doe, realm=\"r\", nonce=\"n\", uri=\"u\", \
                 response=\"00\"",
            ),
            (
                "Digest username=\"00ff\", realm=\"r\", nonce=\"n\", uri=\"u\", response=\"00\", userhash=true",
                "Digest username=\"00ff\", realm=\"r\", nonce=\"n\", uri=\"u\", response=\"00\", userhash=true",
            ),
            ("Bearer mF_9.B5f-4.1JqM", "Bearer mF_9.B5f-4.1JqM"),
            // RFC 4475 section 3.3.7.
            ("NoOneKnowsThisScheme opaque-data=here", "NoOneKnowsThisScheme opaque-data=here"),
        ];
        for (text, expected) in table {
            let value = Credentials::parse(text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
            assert_eq!(value.to_text(), expected);
            assert_eq!(Credentials::parse(expected).unwrap(), value, "{text}");
            assert_eq!(value.clone().into_owned(), value);
        }
    }

    #[test]
    fn faults_are_located() {
        let rest = ", realm=r, nonce=n, uri=u, response=x";
        let table = [
            ("Digest nc=1", FaultKind::Number, 10),
            ("Digest nc=000000001", FaultKind::Number, 10),
            ("Digest nc=0000000g", FaultKind::Number, 10),
            ("Digest nc=+0000001", FaultKind::Number, 10),
            ("Digest qop=\"auth,auth-int\"", FaultKind::Value, 11),
            ("Digest username*=UTF-8''%4", FaultKind::Escape, 17),
            ("Digest username=u, username*=UTF-8''u", FaultKind::Conflict, 19),
            ("Digest username=u", FaultKind::Empty, 0),
            ("Digest username=u, realm=r, nonce=n, uri=u", FaultKind::Empty, 0),
        ];
        for (text, kind, at) in table {
            let fault = Credentials::parse(text).expect_err(text);
            assert_eq!((fault.kind, fault.at), (kind, at), "{text}");
        }
        for name in ["realm", "nonce", "uri", "response", "nc", "cnonce", "opaque", "qop", "auts"] {
            let twice = format!("Digest username=u{rest}, {name}=00000001, {name}=00000001");
            let fault = Credentials::parse(&twice).expect_err(name);
            assert_eq!(fault.kind, FaultKind::Conflict, "{name}");
        }
        assert!(Credentials::parse(&format!("Digest username=u{rest}")).is_ok());
    }
}
