//! `Authentication-Info`: the server's proof (RFC 7616 section 3.5).

use super::compute::{Terms, same_proof};
use super::{Account, AkaAlgorithm, Algorithm, Ha1, Qop};
use crate::header::auth::{AuthenticationInfo, DigestCredentials};

/// What a server's proof is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Proof {
    /// The server knows the secret too.
    Right,
    /// The server claims no such thing.
    Missing,
    /// The server does not know the secret, or answers another request.
    Wrong,
}

/// What to say about credentials that were accepted: the proof that the server knows the secret, and the nonce
/// to use next. `body` is that of the response.
///
/// `None` when the account has no key for the credentials or this crate cannot compute their algorithm.
///
/// ```
/// use missiva_sip::digest::{Account, Proof, check, confirm};
/// use missiva_sip::header::{Credentials, Value};
///
/// let text = "Digest username=\"u\", realm=\"r\", nonce=\"n\", uri=\"sip:r\", response=\"0\", \
///             qop=auth, cnonce=\"c\", nc=00000001";
/// let credentials = Credentials::parse(text)?;
/// let credentials = credentials.as_digest().expect("Digest");
/// let account = Account::with_password("u", "p");
/// let info = confirm(credentials, &account, b"", Some("n2")).expect("a key for every realm");
/// assert_eq!(info.nextnonce.as_deref(), Some("n2"));
/// assert_eq!(check(&info, credentials, &account, b""), Proof::Right);
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[must_use]
pub fn confirm(
    credentials: &DigestCredentials<'_>,
    account: &Account,
    body: &[u8],
    nextnonce: Option<&str>,
) -> Option<AuthenticationInfo<'static>> {
    let key = key(credentials, account)?;
    let proof = proof(credentials, &key, body)?;
    let owned = |text: &str| std::borrow::Cow::Owned(text.to_owned());
    let with_qop = credentials.qop.is_some();
    Some(AuthenticationInfo {
        nextnonce: nextnonce.map(owned),
        qop: credentials.qop.as_deref().map(owned),
        rspauth: Some(proof.into()),
        cnonce: credentials.cnonce.as_deref().map(owned),
        nc: credentials.nc.as_deref().filter(|_| with_qop).map(owned),
        params: Vec::new(),
    })
}

/// Checks what a server says about `credentials`, which the client sent. `body` is that of the response.
///
/// In a `-sess` session whose nonce was replaced by `nextnonce` only [`ClientAuth`](super::ClientAuth) still
/// knows the key; use its [`confirmed`](super::ClientAuth::confirmed).
#[must_use]
pub fn check(
    info: &AuthenticationInfo<'_>,
    credentials: &DigestCredentials<'_>,
    account: &Account,
    body: &[u8],
) -> Proof {
    match key(credentials, account) {
        Some(key) => check_with(info, credentials, &key, body),
        None if info.rspauth.is_none() => Proof::Missing,
        None => Proof::Wrong,
    }
}

/// The same with the key at hand.
pub(super) fn check_with(
    info: &AuthenticationInfo<'_>,
    credentials: &DigestCredentials<'_>,
    key: &Ha1,
    body: &[u8],
) -> Proof {
    let Some(arrived) = info.rspauth.as_deref() else {
        return Proof::Missing;
    };
    // What the server repeats must be what was sent; what it leaves out is taken from there.
    let repeats = info.cnonce.is_none() || info.cnonce == credentials.cnonce;
    let counts = info.nc.is_none() || info.count() == credentials.count();
    // The server may choose another quality for its response than the request had.
    let answered = DigestCredentials {
        qop: info.qop.clone().or_else(|| credentials.qop.clone()),
        nc: info.nc.clone().or_else(|| credentials.nc.clone()),
        ..credentials.clone()
    };
    match proof(&answered, key, body) {
        Some(computed) if repeats && counts && same_proof(&computed, arrived) => Proof::Right,
        _ => Proof::Wrong,
    }
}

/// The algorithm, which for AKA is what was done with its password.
fn algorithm(credentials: &DigestCredentials<'_>) -> Option<Algorithm> {
    let name = credentials.algorithm_name();
    Algorithm::parse(name).or_else(|| Some(AkaAlgorithm::parse(name)?.digest))
}

fn key(credentials: &DigestCredentials<'_>, account: &Account) -> Option<Ha1> {
    let algorithm = algorithm(credentials)?;
    let base = account.key(algorithm.hash, &credentials.realm)?;
    let cnonce = credentials.cnonce.as_deref().unwrap_or_default();
    let key = base.for_algorithm(algorithm, &credentials.nonce, cnonce);
    Some(key.into_owned())
}

/// `rspauth`: like the response to a challenge, but for the method, which is left empty.
fn proof(credentials: &DigestCredentials<'_>, key: &Ha1, body: &[u8]) -> Option<String> {
    let qop = match credentials.qop.as_deref() {
        Some(name) => Some((Qop::parse(name)?, name)),
        None => None,
    };
    let terms = Terms {
        algorithm: algorithm(credentials)?,
        nonce: &credentials.nonce,
        cnonce: credentials.cnonce.as_deref().unwrap_or_default(),
        nc: credentials.nc.as_deref().unwrap_or_default(),
        qop,
    };
    Some(terms.response(key, "", &credentials.uri, body))
}
