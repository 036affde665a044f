//! Digest with AKA (RFC 3310, 4169): the password of one challenge, as a SIM and its home network both compute it.
//!
//! What the SIM does is not done here. Its input is in the nonce ([`AkaNonce`]); its output goes into
//! [`AkaAlgorithm::password`], and the account with that password answers this one challenge.

use std::fmt;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use hmac::{Hmac, KeyInit, Mac};
use missiva_core::{Fault, FaultKind};

use super::{Algorithm, HashFunction};

/// Padding is written, and not missed where somebody leaves it out.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Which secrets the password is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AkaVersion {
    /// RES alone (RFC 3310).
    V1,
    /// RES, IK and CK, so that a man in the middle who forwards the challenge to another protocol gains nothing
    /// (RFC 4169).
    V2,
}

/// A digest algorithm whose password AKA makes: `AKAv1-MD5`, `AKAv2-SHA-256` …
///
/// ```
/// use missiva_core::IdSource;
/// use missiva_sip::digest::{Account, AkaAlgorithm, AkaNonce, Covered, Qop, Session};
/// use missiva_sip::header::{Challenge, Value};
/// use missiva_sip::Method;
/// # struct Ids;
/// # impl IdSource for Ids { fn fill(&mut self, out: &mut [u8]) { out.fill(7); } }
/// # fn sim(_: &AkaNonce) -> ([u8; 8], [u8; 16], [u8; 16]) { ([1; 8], [2; 16], [3; 16]) }
///
/// let text = "Digest realm=\"ims.example\", algorithm=AKAv1-MD5, qop=\"auth\",
///  nonce=\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\"".replace('\n', "\r\n");
/// let challenge = Challenge::parse(&text)?;
/// let challenge = challenge.as_digest().expect("a Digest challenge");
/// let algorithm = AkaAlgorithm::parse(challenge.algorithm_name()).expect("one with AKA");
/// let (res, ik, ck) = sim(&AkaNonce::parse(&challenge.nonce)?);
///
/// let account = Account::with_password("alice@ims.example", algorithm.password(&res, &ik, &ck));
/// let mut session = Session::with_aka(challenge, Qop::Auth).expect("an algorithm that is known");
/// let request = Covered { method: Method::Register, uri: "sip:ims.example", body: b"" };
/// let answer = session.answer(&account, &request, &mut Ids).expect("a key for every realm");
/// assert_eq!(answer.algorithm_name(), "AKAv1-MD5");
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AkaAlgorithm {
    /// How the password is made.
    pub version: AkaVersion,
    /// What is done with it.
    pub digest: Algorithm,
}

impl AkaAlgorithm {
    /// The algorithm called `name` in any case; `None` when it is no AKA or this crate cannot compute it.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let (version, digest) = name.split_once('-')?;
        let version = [AkaVersion::V1, AkaVersion::V2]
            .into_iter()
            .find(|known| known.as_str().eq_ignore_ascii_case(version))?;
        Some(Self { version, digest: Algorithm::parse(digest)? })
    }

    /// The password of the challenge for which the SIM computed `res`, `ik` and `ck`; the first version looks at `res`
    /// alone. It is a secret, and good for the nonce of that challenge.
    ///
    /// A server passes XRES for `res`.
    #[must_use]
    pub fn password(self, res: &[u8], ik: &[u8; 16], ck: &[u8; 16]) -> Vec<u8> {
        match self.version {
            AkaVersion::V1 => res.to_vec(),
            AkaVersion::V2 => {
                let key = [res, ik, ck].concat();
                BASE64.encode(prf(self.digest.hash, &key)).into_bytes()
            }
        }
    }
}

/// `PRF(key, "http-digest-akav2-password")`, which is the HMAC of the algorithm's hash (RFC 4169 section 3).
fn prf(hash: HashFunction, key: &[u8]) -> Vec<u8> {
    const LABEL: &[u8] = b"http-digest-akav2-password";
    fn hmac<M: Mac + KeyInit>(key: &[u8]) -> Vec<u8> {
        // A key of any length is one (RFC 2104 section 3), so there is a MAC.
        let mac = <M as KeyInit>::new_from_slice(key);
        mac.map_or_else(
            |_| Vec::new(),
            |mac| mac.chain_update(LABEL).finalize().into_bytes().to_vec(),
        )
    }
    match hash {
        HashFunction::Md5 => hmac::<Hmac<md5::Md5>>(key),
        HashFunction::Sha256 => hmac::<Hmac<sha2::Sha256>>(key),
        HashFunction::Sha512_256 => hmac::<Hmac<sha2::Sha512_256>>(key),
    }
}

impl AkaVersion {
    /// The first part of the algorithm's name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V1 => "AKAv1",
            Self::V2 => "AKAv2",
        }
    }
}

impl fmt::Display for AkaAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.version.as_str(), self.digest)
    }
}

/// What a nonce of AKA carries (RFC 3310 section 3.2).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AkaNonce {
    /// The challenge to the SIM.
    pub rand: [u8; 16],
    /// The network's proof to the SIM.
    pub autn: [u8; 16],
    /// What the server put behind them for itself.
    pub server_data: Vec<u8>,
}

impl AkaNonce {
    /// Reads a nonce.
    ///
    /// # Errors
    ///
    /// [`FaultKind::Value`] for what is no base64, [`FaultKind::End`] for less than RAND and AUTN.
    pub fn parse(nonce: &str) -> Result<Self, Fault> {
        let bytes = BASE64.decode(nonce).map_err(|_| Fault::new(FaultKind::Value, 0))?;
        let end = Fault::new(FaultKind::End, nonce.len());
        let (rand, rest) = bytes.split_first_chunk().ok_or(end)?;
        let (autn, rest) = rest.split_first_chunk().ok_or(end)?;
        Ok(Self { rand: *rand, autn: *autn, server_data: rest.to_vec() })
    }

    /// The nonce as it stands in a challenge.
    #[must_use]
    pub fn to_text(&self) -> String {
        BASE64.encode([&self.rand[..], &self.autn, &self.server_data].concat())
    }
}

/// AUTS: what the SIM says when the network's sequence number is not the one that it expects (RFC 3310 section 3.4).
///
/// A client sends it with [`Session::resynchronise`](super::Session::resynchronise); a server finds it in
/// [`DigestCredentials::auts`](crate::header::auth::DigestCredentials::auts), asks the home network for another
/// challenge, and sends that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Auts(pub [u8; 14]);

impl Auts {
    /// Reads the parameter `auts`.
    ///
    /// # Errors
    ///
    /// [`FaultKind::Value`] for what is no base64 of fourteen bytes.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let bytes = BASE64.decode(text).ok().and_then(|bytes| bytes.try_into().ok());
        bytes.map(Self).ok_or_else(|| Fault::new(FaultKind::Value, 0))
    }

    /// The parameter.
    #[must_use]
    pub fn to_text(self) -> String {
        BASE64.encode(self.0)
    }
}
