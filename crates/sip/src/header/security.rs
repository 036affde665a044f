//! `Security-Client`, `Security-Server`, `Security-Verify` and `P-Media-Authorization` (RFC 3329, RFC 3313).

use bytes::BytesMut;
use missiva_core::Fault;
use missiva_core::scan::{ByteSet, Cursor};

use super::Value;
use super::word::word;
use crate::encode::put;
use crate::params::Params;

word! {
    /// A way to protect the link to the first hop, with everything that was agreed on about it.
    ///
    /// ```
    /// use missiva_sip::header::{Security, Value};
    ///
    /// let offer = Security::parse("ipsec-3gpp;q=0.1;alg=hmac-sha-1-96;spi-c=98765432;port-c=8642")?;
    /// assert_eq!(offer.params.q().map(|q| q.thousandths()), Ok(100));
    /// assert_eq!(offer.algorithm(), Some("hmac-sha-1-96"));
    /// assert_eq!(offer.params.number("spi-c"), Ok(Some(98_765_432)));
    /// # Ok::<(), missiva_core::Fault>(())
    /// ```
    Security {
        /// `digest`, `tls`, `ipsec-3gpp` …
        mechanism,
        /// `q`, `alg`, `d-alg` and all others; 3GPP TS 33.203 annex H adds `ealg`, `spi-c`, `port-s` and more.
        params
    }
}

impl<'a> Security<'a> {
    /// Whether this is the mechanism called `name`, in any case.
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        self.mechanism.eq_ignore_ascii_case(name)
    }

    /// The algorithm that keeps messages whole: `alg`, or `d-alg` of the mechanism `digest`.
    #[must_use]
    pub fn algorithm(&self) -> Option<&'a str> {
        self.params.value("alg").or_else(|| self.params.value("d-alg"))
    }

    /// The algorithm that keeps messages secret.
    #[must_use]
    pub fn encryption(&self) -> Option<&'a str> {
        self.params.value("ealg")
    }

    /// The digest that proves that nobody took the strongest offer away (`d-ver`), without its quotes.
    #[must_use]
    pub fn digest_verify(&self) -> Option<std::borrow::Cow<'a, str>> {
        self.params.text("d-ver")
    }
}

/// A token that lets media through, in hexadecimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct MediaToken<'a>(pub &'a str);

impl<'a> Value<'a> for MediaToken<'a> {
    /// `1*HEXDIG`.
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        cursor.take_some(&ByteSet::hex_digits()).map(Self)
    }

    fn encode(&self, out: &mut BytesMut) {
        put(self.0, out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn algorithms_go_by_two_names() {
        let digest = "digest;d-alg=MD5;d-qop=auth;d-ver=\"0123456789abcdef0123456789abcdef\"";
        let offer = Security::parse(digest).unwrap();
        assert!(offer.is("Digest"));
        assert_eq!(offer.algorithm(), Some("MD5"));
        assert_eq!(offer.digest_verify().map(|text| text.len()), Some(32));
        assert_eq!(offer.to_text(), digest);
        let ipsec = Security::parse("ipsec-3gpp;alg=hmac-md5-96;ealg=aes-cbc;mod=trans").unwrap();
        assert_eq!((ipsec.algorithm(), ipsec.encryption()), (Some("hmac-md5-96"), Some("aes-cbc")));
    }
}
