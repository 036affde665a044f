//! Authentication at a relay: `WWW-Authenticate`, `Authorization`, `Authentication-Info` (RFC 4976 section 9.1).

use std::borrow::Cow;

use bytes::{BufMut, BytesMut};
use missiva_core::scan::{ByteSet, Cursor};
use missiva_core::{Fault, FaultKind};

use super::Value;
use super::params::unquote;
use crate::grammar::{TOKEN, blanks, eat_separator, put, quoted_string};

/// A scheme and its parameters: a challenge, or the answer to one.
///
/// ```
/// use missiva_msrp::header::{Credentials, Value};
///
/// let challenge = Credentials::parse("Digest realm=\"example.com\", nonce=\"1bc\", qop=\"auth\"")?;
/// assert!(challenge.is_digest());
/// assert_eq!(challenge.params.value("realm").as_deref(), Some("example.com"));
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Credentials<'a> {
    /// `Digest`, the only one that RFC 4976 has, or another.
    pub scheme: &'a str,
    /// `realm`, `nonce`, `response` …
    pub params: AuthParams<'a>,
}

impl Credentials<'_> {
    /// Whether the scheme is Digest, in any case.
    #[must_use]
    pub fn is_digest(&self) -> bool {
        self.scheme.eq_ignore_ascii_case("Digest")
    }
}

impl<'a> Value<'a> for Credentials<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let scheme = cursor.take_some(&TOKEN)?;
        if !matches!(cursor.peek(), Some(b' ' | b'\t')) {
            return Err(cursor.unexpected());
        }
        blanks(cursor);
        Ok(Self { scheme, params: AuthParams::read(cursor)? })
    }

    fn encode(&self, out: &mut BytesMut) {
        put(self.scheme, out);
        out.put_u8(b' ');
        self.params.encode(out);
    }
}

/// `name=value` pairs divided by commas, checked when they were read and walked on demand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuthParams<'a> {
    text: &'a str,
}

/// One parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct AuthParam<'a> {
    /// The name as it was spelled.
    pub name: &'a str,
    /// The value as it was written, quotes included.
    pub value: &'a str,
}

/// More parameters than this are refused: digest has sixteen.
pub(crate) const MAX_AUTH_PARAMS: usize = 32;

/// A value without quotes: a token, or the Base64 and URI characters that deployed stacks leave bare.
const BARE: ByteSet = TOKEN.with(b"/:=@?");

impl<'a> AuthParams<'a> {
    /// Every parameter in order.
    pub fn iter(&self) -> impl Iterator<Item = AuthParam<'a>> + use<'a> {
        let mut cursor = Cursor::new(self.text);
        std::iter::from_fn(move || {
            eat_separator(&mut cursor, b',');
            read_param(&mut cursor).ok()
        })
    }

    /// The value of the first parameter called `name`, in any case, without quotes and escapes.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<Cow<'a, str>> {
        let param = self.iter().find(|param| param.name.eq_ignore_ascii_case(name))?;
        Some(unquote(param.value))
    }

    /// The text as it was written.
    #[must_use]
    pub const fn as_str(&self) -> &'a str {
        self.text
    }
}

fn read_param<'a>(cursor: &mut Cursor<'a>) -> Result<AuthParam<'a>, Fault> {
    let name = cursor.take_some(&TOKEN)?;
    if !eat_separator(cursor, b'=') {
        return Err(cursor.unexpected());
    }
    let value = match cursor.peek() {
        Some(b'"') => quoted_string(cursor)?,
        _ => cursor.take_some(&BARE)?,
    };
    Ok(AuthParam { name, value })
}

impl<'a> Value<'a> for AuthParams<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let start = cursor.at();
        let mut count = 0usize;
        loop {
            count += 1;
            if count > MAX_AUTH_PARAMS {
                return Err(cursor.fault(FaultKind::Limit));
            }
            read_param(cursor)?;
            if !eat_separator(cursor, b',') {
                return Ok(Self { text: cursor.since(start) });
            }
        }
    }

    fn encode(&self, out: &mut BytesMut) {
        put(self.text, out);
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for AuthParams<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn challenges_round_trip_and_are_walked() {
        let text = r#"Digest realm="intra.example.com", qop="auth",nonce="dcd\"98", stale=FALSE"#;
        let challenge = Credentials::parse(text).unwrap();
        assert_eq!(challenge.to_text(), text);
        assert_eq!(challenge.params.iter().count(), 4);
        for (name, value) in
            [("NONCE", "dcd\"98"), ("stale", "FALSE"), ("realm", "intra.example.com")]
        {
            assert_eq!(challenge.params.value(name).as_deref(), Some(value));
        }
        assert_eq!(challenge.params.value("opaque"), None);
    }

    #[test]
    fn faults_are_located() {
        for (text, kind, at) in [
            ("", FaultKind::End, 0),
            ("Digest", FaultKind::End, 6),
            ("Digest ", FaultKind::End, 7),
            ("Digest realm", FaultKind::End, 12),
            ("Digest realm=", FaultKind::End, 13),
            ("Digest realm=\"a", FaultKind::Quote, 13),
            ("Digest a=b,", FaultKind::End, 11),
            ("Digest a=b;c=d", FaultKind::Unexpected, 10),
        ] {
            assert_eq!(Credentials::parse(text), Err(Fault::new(kind, at)), "{text}");
        }
    }

    #[test]
    fn thirty_two_parameters_are_the_most() {
        let text = |count: usize| vec!["a=b"; count].join(",");
        assert!(AuthParams::parse(&text(MAX_AUTH_PARAMS)).is_ok());
        for count in [MAX_AUTH_PARAMS + 1, 10_000] {
            let fault = AuthParams::parse(&text(count)).unwrap_err();
            assert_eq!(fault, Fault::new(FaultKind::Limit, 4 * MAX_AUTH_PARAMS));
        }
    }
}
