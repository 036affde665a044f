//! `a=crypto` (RFC 4568) and `a=fingerprint` (RFC 8122).

use bytes::{BufMut, BytesMut};
use missiva_core::scan::Cursor;
use missiva_core::{Fault, FaultKind};

use super::HexPairs;
use crate::encode::{put, put_display};
use crate::grammar::{more, rest, space, token, word};
use crate::value::Value;

/// `a=crypto`: keys for secure RTP.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Crypto<'a> {
    /// Names the line, for the answer to choose it.
    pub tag: u32,
    /// `AES_CM_128_HMAC_SHA1_80`, and others.
    pub suite: &'a str,
    /// `inline:` and the key, one or more with semicolons between them.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub keys: &'a str,
    /// Parameters of the session, as they are.
    pub session: &'a str,
}

impl std::fmt::Debug for Crypto<'_> {
    /// Keeps the keys to itself.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Crypto")
            .field("tag", &self.tag)
            .field("suite", &self.suite)
            .field("session", &self.session)
            .finish_non_exhaustive()
    }
}

impl<'a> Value<'a> for Crypto<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let start = cursor.at();
        // RFC 4568 section 9.1: nine digits at most.
        let tag = u32::try_from(cursor.number(999_999_999)?);
        let tag = tag.map_err(|_| Fault::new(FaultKind::Number, start))?;
        space(cursor)?;
        let suite = token(cursor)?;
        space(cursor)?;
        let at = cursor.at();
        let keys = word(cursor)?;
        let bad = |key: &str| {
            key.split_once(':').is_none_or(|(method, info)| method.is_empty() || info.is_empty())
        };
        if keys.split(';').any(bad) {
            return Err(Fault::new(FaultKind::Value, at));
        }
        let session = if more(cursor) { rest(cursor) } else { "" };
        Ok(Self { tag, suite, keys, session })
    }

    fn encode(&self, out: &mut BytesMut) {
        put_display(format_args!("{} {} {}", self.tag, self.suite, self.keys), out);
        if !self.session.is_empty() {
            out.put_u8(b' ');
            put(self.session, out);
        }
    }
}

/// `a=fingerprint`: the digest of a certificate.
///
/// ```
/// use missiva_sdp::{Value, attribute::Fingerprint};
///
/// let fingerprint = Fingerprint::parse("SHA-256 12:DF:3E:5D:49:6B:19:E5:7C:AB:4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB:4A:AD")?;
/// assert_eq!((fingerprint.algorithm, fingerprint.digest.len()), ("SHA-256", 32));
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Fingerprint<'a> {
    /// `sha-256`, and others; case does not count.
    pub algorithm: &'a str,
    /// The digest.
    pub digest: HexPairs<'a>,
}

/// How many octets the digests have whose names RFC 8122 section 5 registers.
pub(crate) fn digest_len(algorithm: &str) -> Option<usize> {
    const KNOWN: [(&str, usize); 7] = [
        ("sha-256", 32),
        ("sha-1", 20),
        ("sha-512", 64),
        ("sha-384", 48),
        ("sha-224", 28),
        ("md5", 16),
        ("md2", 16),
    ];
    KNOWN.iter().find(|(name, _)| name.eq_ignore_ascii_case(algorithm)).map(|(_, len)| *len)
}

impl<'a> Value<'a> for Fingerprint<'a> {
    #[inline]
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let algorithm = token(cursor)?;
        space(cursor)?;
        let start = cursor.at();
        let digest = HexPairs::read(cursor)?;
        match digest_len(algorithm) {
            Some(len) if len != digest.len() => Err(Fault::new(FaultKind::Value, start)),
            _ => Ok(Self { algorithm, digest }),
        }
    }

    fn encode(&self, out: &mut BytesMut) {
        put(self.algorithm, out);
        out.put_u8(b' ');
        self.digest.encode(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_and_not_shown() {
        for text in [
            "1 AES_CM_128_HMAC_SHA1_80 inline:PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR|2^20|1:32",
            "2 F8_128_HMAC_SHA1_80 inline:MTI0|2^20|1:4;inline:QUJj|2^20|2:4 FEC_ORDER=FEC_SRTP",
        ] {
            let crypto = Crypto::parse(text).unwrap();
            assert_eq!(crypto.to_text(), text);
            assert!(!format!("{crypto:?}").contains("inline"));
        }
        for text in
            ["", "1", "1 X", "1 X inline", "1 X inline:", "1 X :k", "1 X a:b;", "1000000000 X a:b"]
        {
            assert!(Crypto::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn fingerprints_have_the_length_of_their_digest() {
        let sha1 = HexPairs::write(&[7; 20]);
        for (text, fine) in [
            (format!("SHA-1 {sha1}"), true),
            (format!("sha-1 {sha1}"), true),
            (format!("sha-256 {sha1}"), false),
            (format!("x-new {sha1}"), true),
            ("sha-1".to_owned(), false),
            ("sha-1 7".to_owned(), false),
        ] {
            match Fingerprint::parse(&text) {
                Ok(value) => assert_eq!((fine, value.to_text()), (true, text)),
                Err(_) => assert!(!fine, "{text}"),
            }
        }
    }
}
