//! `Authentication-Info` and `Proxy-Authentication-Info` (RFC 3261 section 20.6, RFC 7615, RFC 7616 section 3.5).

use std::borrow::Cow;

use bytes::BytesMut;
use missiva_core::Fault;
use missiva_core::scan::Cursor;

use super::param::{self, AuthParam, ParamWriter, Written, own, own_params};
use crate::header::Value;

/// What a server says about credentials that it took.
///
/// ```
/// use missiva_sip::header::{AuthenticationInfo, Value};
///
/// let info = AuthenticationInfo::parse("nextnonce=\"47364c23432d2e131a5fb210812c\"")?;
/// assert_eq!(info.nextnonce.as_deref(), Some("47364c23432d2e131a5fb210812c"));
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct AuthenticationInfo<'a> {
    /// The nonce to be used next.
    pub nextnonce: Option<Cow<'a, str>>,
    /// The quality of protection of the response.
    pub qop: Option<Cow<'a, str>>,
    /// The server's proof that it knows the secret too.
    pub rspauth: Option<Cow<'a, str>>,
    /// The client's nonce, sent back.
    pub cnonce: Option<Cow<'a, str>>,
    /// The nonce count of the request, eight hexadecimal digits as they were spelled.
    pub nc: Option<Cow<'a, str>>,
    /// All other parameters.
    pub params: Vec<AuthParam<'a>>,
}

impl<'a> AuthenticationInfo<'a> {
    /// The nonce count as a number.
    #[must_use]
    pub fn count(&self) -> Option<u32> {
        u32::from_str_radix(self.nc.as_deref()?, 16).ok()
    }

    /// The same with text of its own.
    #[must_use]
    pub fn into_owned(self) -> AuthenticationInfo<'static> {
        AuthenticationInfo {
            nextnonce: self.nextnonce.map(own),
            qop: self.qop.map(own),
            rspauth: self.rspauth.map(own),
            cnonce: self.cnonce.map(own),
            nc: self.nc.map(own),
            params: own_params(self.params),
        }
    }

    fn add(&mut self, param: Written<'a>) -> Result<(), Fault> {
        match param.name.to_ascii_lowercase().as_str() {
            "nextnonce" => param.once(&mut self.nextnonce, param.text()),
            "qop" => param.once(&mut self.qop, param.token()?),
            "rspauth" => param.once(&mut self.rspauth, param.text()),
            "cnonce" => param.once(&mut self.cnonce, param.text()),
            "nc" => param.once(&mut self.nc, param.count()?),
            _ => param::keep(&mut self.params, param),
        }
    }
}

impl<'a> Value<'a> for AuthenticationInfo<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let mut info = Self::default();
        param::read_params(cursor, |param| info.add(param))?;
        Ok(info)
    }

    fn encode(&self, out: &mut BytesMut) {
        ParamWriter::new(out)
            .quoted("nextnonce", self.nextnonce.as_ref())
            .token("qop", self.qop.as_ref())
            .quoted("rspauth", self.rspauth.as_ref())
            .quoted("cnonce", self.cnonce.as_ref())
            .token("nc", self.nc.as_ref())
            .others(&self.params);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use missiva_core::FaultKind;

    #[test]
    fn confirmations_are_read_and_written() {
        let table = [
            ("nextnonce = n", "nextnonce=\"n\""),
            (
                "rspauth=\"00ff\",\r\n cnonce=\"c\",NC=00000001,qop=\"auth\" , srand=x",
                "qop=auth, rspauth=\"00ff\", cnonce=\"c\", nc=00000001, srand=x",
            ),
        ];
        for (text, expected) in table {
            let value = AuthenticationInfo::parse(text).unwrap();
            assert_eq!(value.to_text(), expected);
            assert_eq!(AuthenticationInfo::parse(expected).unwrap(), value);
            assert_eq!(value.clone().into_owned(), value);
        }
    }

    #[test]
    fn faults_are_located() {
        let table = [
            ("", FaultKind::End, 0),
            ("nc=1", FaultKind::Number, 3),
            ("nc=00000001, nc=00000001", FaultKind::Conflict, 13),
            ("rspauth", FaultKind::End, 7),
        ];
        for (text, kind, at) in table {
            let fault = AuthenticationInfo::parse(text).expect_err(text);
            assert_eq!((fault.kind, fault.at), (kind, at), "{text}");
        }
    }
}
