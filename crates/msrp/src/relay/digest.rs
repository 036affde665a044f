//! Digest for AUTH: the formulas of RFC 2617 with MD5, as RFC 4976 section 9.1 has them, or with SHA-256 of RFC 7616.
//!
//! The digest URI is not sent: it is the last URI of `To-Path`. The quality is `auth`, always.

use std::fmt::Write;

use hmac::{Hmac, KeyInit, Mac};
use md5::Md5;
use missiva_core::{ByteStr, IdSource};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::header::AuthParams;

/// What a user proves to know: the password, or `H(username:realm:password)` in hexadecimal digits.
#[derive(Clone, PartialEq, Eq)]
pub enum Secret {
    /// The password.
    Password(ByteStr),
    /// Its hash under MD5.
    Md5(ByteStr),
    /// Its hash under SHA-256.
    Sha256(ByteStr),
}

impl std::fmt::Debug for Secret {
    /// Tells which kind it is.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Password(_) => "Password",
            Self::Md5(_) => "Md5",
            Self::Sha256(_) => "Sha256",
        })
    }
}

/// The hash function of a challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hash {
    Md5,
    Sha256,
}

impl Hash {
    fn of(params: &AuthParams<'_>) -> Option<Self> {
        let name = params.value("algorithm");
        match name.as_deref() {
            None => Some(Self::Md5),
            Some(name) if name.eq_ignore_ascii_case("MD5") => Some(Self::Md5),
            Some(name) if name.eq_ignore_ascii_case("SHA-256") => Some(Self::Sha256),
            Some(_) => None,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::Sha256 => "SHA-256",
        }
    }

    fn hex(self, parts: &[&str]) -> String {
        match self {
            Self::Md5 => hex_of::<Md5>(parts),
            Self::Sha256 => hex_of::<Sha256>(parts),
        }
    }

    fn key(self, secret: &Secret, username: &str, realm: &str) -> Option<String> {
        match (self, secret) {
            (_, Secret::Password(password)) => Some(self.hex(&[username, realm, password])),
            (Self::Md5, Secret::Md5(hash)) | (Self::Sha256, Secret::Sha256(hash)) => {
                Some(hash.to_ascii_lowercase())
            }
            _ => None,
        }
    }
}

/// What a response is computed from; also what is kept to check the relay's own proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    hash_is_sha256: bool,
    key: String,
    nonce: String,
    nc: String,
    cnonce: String,
    uri: String,
}

impl Terms {
    fn response(&self, method: &str) -> String {
        let hash = if self.hash_is_sha256 { Hash::Sha256 } else { Hash::Md5 };
        let ha2 = hash.hex(&[method, &self.uri]);
        hash.hex(&[&self.key, &self.nonce, &self.nc, &self.cnonce, "auth", &ha2])
    }

    /// `Authentication-Info`: the relay knows the secret as well.
    pub(super) fn info(&self) -> String {
        let proof = self.response("");
        format!("qop=auth,rspauth=\"{proof}\",cnonce=\"{}\",nc={}", self.cnonce, self.nc)
    }
}

/// What a client answers to a challenge; the value of `Authorization`, and what its own check will need. Nothing for an
/// algorithm or a quality that is not known, and for a secret that was hashed otherwise.
pub(crate) fn client_answer(
    challenge: &AuthParams<'_>,
    username: &str,
    secret: &Secret,
    uri: &str,
    ids: &mut dyn IdSource,
) -> Option<(String, Terms)> {
    let hash = Hash::of(challenge)?;
    let (realm, nonce) = (challenge.value("realm")?, challenge.value("nonce")?);
    let offers = challenge.value("qop");
    let knows_auth =
        |list: &str| list.split(',').any(|one| one.trim().eq_ignore_ascii_case("auth"));
    if offers.as_deref().is_some_and(|list| !knows_auth(list)) {
        return None;
    }
    let terms = Terms {
        hash_is_sha256: hash == Hash::Sha256,
        key: hash.key(secret, username, &realm)?,
        nonce: nonce.into_owned(),
        nc: "00000001".to_owned(),
        cnonce: ids.hex(8),
        uri: uri.to_owned(),
    };
    let quote = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"");
    let mut text = format!(
        "Digest username=\"{}\",realm=\"{}\",nonce=\"{}\",response=\"{}\",algorithm={},cnonce=\"{}\",qop=auth,nc={}",
        quote(username),
        quote(&realm),
        quote(&terms.nonce),
        terms.response("AUTH"),
        hash.name(),
        terms.cnonce,
        terms.nc
    );
    if let Some(opaque) = challenge.value("opaque") {
        let _ = write!(text, ",opaque=\"{}\"", quote(&opaque));
    }
    Some((text, terms))
}

/// Whether the relay has proved that it knows the secret too. One that sends no proof has not been asked to lie.
pub(crate) fn is_confirmed(info: &AuthParams<'_>, terms: &Terms) -> bool {
    info.value("rspauth").is_none_or(|proof| same(&terms.response(""), &proof))
}

/// Whether the credentials of an AUTH are right; then its terms.
pub(super) fn verify(
    credentials: &AuthParams<'_>,
    secret: &Secret,
    realm: &str,
    uri: &str,
) -> Option<Terms> {
    let hash = Hash::of(credentials)?;
    let value = |name| credentials.value(name);
    let (username, response) = (value("username")?, value("response")?);
    if value("realm")? != realm || value("qop")?.to_ascii_lowercase() != "auth" {
        return None;
    }
    let terms = Terms {
        hash_is_sha256: hash == Hash::Sha256,
        key: hash.key(secret, &username, realm)?,
        nonce: value("nonce")?.into_owned(),
        nc: value("nc")?.into_owned(),
        cnonce: value("cnonce")?.into_owned(),
        uri: uri.to_owned(),
    };
    same(&terms.response("AUTH"), &response).then_some(terms)
}

/// Nonces that carry their own proof: the second they were made in, salt, and a keyed hash of both and of the link.
#[derive(Clone)]
pub(super) struct Nonces {
    keyed: Hmac<Sha256>,
    lifetime: u64,
}

const DIGITS: usize = 16;

impl Nonces {
    pub(super) fn new(key: [u8; 32], lifetime: u64) -> Self {
        // A key shorter than the block of the hash is filled up with zeros (RFC 2104 section 2).
        let mut block = [0; 64];
        for (place, byte) in block.iter_mut().zip(key) {
            *place = byte;
        }
        Self { keyed: Hmac::new(&block.into()), lifetime }
    }

    pub(super) fn issue(&self, second: u64, link: u32, ids: &mut dyn IdSource) -> String {
        self.seal(second, &ids.hex(DIGITS / 2), link)
    }

    /// Whether a nonce was made here for this link and is good still.
    pub(super) fn is_fresh(&self, nonce: &str, second: u64, link: u32) -> bool {
        let Some((made, rest)) = nonce.split_at_checked(DIGITS) else { return false };
        let Some((salt, _)) = rest.split_at_checked(DIGITS) else { return false };
        let Ok(made) = u64::from_str_radix(made, 16) else { return false };
        same(&self.seal(made, salt, link), nonce) && second.saturating_sub(made) <= self.lifetime
    }

    fn seal(&self, second: u64, salt: &str, link: u32) -> String {
        let mut nonce = format!("{second:016x}{salt}");
        let keyed =
            self.keyed.clone().chain_update(nonce.as_bytes()).chain_update(link.to_be_bytes());
        let proof = keyed.finalize().into_bytes();
        put_hex(proof.get(..16).unwrap_or_default(), &mut nonce);
        nonce
    }
}

impl std::fmt::Debug for Nonces {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Nonces").field("lifetime", &self.lifetime).finish_non_exhaustive()
    }
}

/// Compares without telling where two proofs first differ.
fn same(ours: &str, theirs: &str) -> bool {
    ours.as_bytes().ct_eq(theirs.to_ascii_lowercase().as_bytes()).into()
}

fn hex_of<D: Digest>(parts: &[&str]) -> String {
    let mut digest = D::new();
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            digest.update(b":");
        }
        digest.update(part.as_bytes());
    }
    let mut text = String::with_capacity(64);
    put_hex(&digest.finalize(), &mut text);
    text
}

fn put_hex(bytes: &[u8], text: &mut String) {
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::{Credentials, Value};

    struct Fixed;

    impl IdSource for Fixed {
        fn fill(&mut self, out: &mut [u8]) {
            out.fill(0xa7);
        }
    }

    /// RFC 2617 section 3.5, which is GET of `/dir/index.html`.
    #[test]
    fn the_example_of_rfc_2617_comes_out() {
        let terms = Terms {
            hash_is_sha256: false,
            key: Hash::Md5.hex(&["Mufasa", "testrealm@host.com", "Circle Of Life"]),
            nonce: "dcd98b7102dd2f0e8b11d0f600bfb0c093".to_owned(),
            nc: "00000001".to_owned(),
            cnonce: "0a4f113b".to_owned(),
            uri: "/dir/index.html".to_owned(),
        };
        assert_eq!(terms.response("GET"), "6629fae49393a05397450978507c4ef1");
    }

    #[test]
    fn what_a_client_answers_a_relay_believes_and_nothing_else() {
        for algorithm in ["", ",algorithm=MD5", ",algorithm=SHA-256"] {
            let text = format!("Digest realm=\"r\",nonce=\"n\",qop=\"auth\"{algorithm}");
            let challenge = Credentials::parse(&text).unwrap().params;
            let secret = Secret::Password("pass".into());
            let uri = "msrps://relay.example;tcp";
            let (answer, kept) =
                client_answer(&challenge, "al\"ice", &secret, uri, &mut Fixed).unwrap();
            let credentials = Credentials::parse(&answer).unwrap().params;
            let terms = verify(&credentials, &secret, "r", uri).unwrap();
            assert_eq!(terms, kept);
            assert!(verify(&credentials, &Secret::Password("other".into()), "r", uri).is_none());
            assert!(verify(&credentials, &secret, "s", uri).is_none());
            assert!(verify(&credentials, &secret, "r", "msrps://other.example;tcp").is_none());
            let info = terms.info();
            assert!(is_confirmed(&AuthParams::parse(&info).unwrap(), &kept));
            let lie = info.replace("rspauth=\"", "rspauth=\"0");
            assert!(!is_confirmed(&AuthParams::parse(&lie).unwrap(), &kept));
            let hashed = Secret::Md5(Hash::Md5.hex(&["al\"ice", "r", "pass"]).as_str().into());
            assert_eq!(
                verify(&credentials, &hashed, "r", uri).is_some(),
                !algorithm.contains("SHA")
            );
        }
        let odd =
            Credentials::parse("Digest realm=\"r\",nonce=\"n\",qop=\"auth-int\"").unwrap().params;
        assert!(client_answer(&odd, "a", &Secret::Password("b".into()), "c", &mut Fixed).is_none());
    }

    #[test]
    fn nonces_are_good_for_a_while_and_for_their_link() {
        let nonces = Nonces::new([1; 32], 60);
        let nonce = nonces.issue(1000, 7, &mut Fixed);
        for (nonce, second, link, fresh) in [
            (nonce.as_str(), 1000, 7, true),
            (&nonce, 1060, 7, true),
            (&nonce, 1061, 7, false),
            (&nonce, 1000, 8, false),
            ("", 1000, 7, false),
            (&nonce.replace('7', "8"), 1000, 7, false),
        ] {
            assert_eq!(nonces.is_fresh(nonce, second, link), fresh, "{nonce} {second} {link}");
        }
        assert!(!Nonces::new([2; 32], 60).is_fresh(&nonce, 1000, 7));
    }
}
