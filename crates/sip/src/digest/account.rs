//! Who authenticates, and by which secret.

use std::borrow::Cow;
use std::fmt;

use missiva_core::scan::ByteSet;
use missiva_core::{Fault, FaultKind};

use super::{Algorithm, HashFunction};
use crate::header::auth::{DigestCredentials, Username};

/// `H(A1)`: the hash of user name, realm and password, which is as good as the password within its realm.
///
/// A server stores one for each hash function it offers, and no password.
///
/// ```
/// use missiva_sip::digest::{Ha1, HashFunction};
///
/// let key = Ha1::new(HashFunction::Md5, "Mufasa", "testrealm@host.com", b"Circle Of Life");
/// assert_eq!(Ha1::from_hex(HashFunction::Md5, key.hex())?, key);
/// assert!(!format!("{key:?}").contains(key.hex()));
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Ha1 {
    hash: HashFunction,
    hex: String,
}

impl Ha1 {
    /// The hash of `username:realm:password`.
    #[must_use]
    pub fn new(hash: HashFunction, username: &str, realm: &str, password: &[u8]) -> Self {
        Self { hash, hex: hash.hex(&[username.as_bytes(), realm.as_bytes(), password]) }
    }

    /// A hash that was computed before, in hexadecimal digits of any case.
    ///
    /// # Errors
    ///
    /// [`FaultKind::Value`] when `hex` is not as many digits as `hash` has.
    pub fn from_hex(hash: HashFunction, hex: &str) -> Result<Self, Fault> {
        if hex.len() == hash.hex_len() && ByteSet::hex_digits().spans(hex.as_bytes()) {
            let hex = hex.to_ascii_lowercase();
            Ok(Self { hash, hex })
        } else {
            Err(Fault::new(FaultKind::Value, 0))
        }
    }

    /// The key of a session (the `-sess` algorithms), from its first two nonces.
    #[must_use]
    pub fn session(&self, nonce: &str, cnonce: &str) -> Self {
        Self {
            hash: self.hash,
            hex: self.hash.hex(&[self.hex.as_bytes(), nonce.as_bytes(), cnonce.as_bytes()]),
        }
    }

    /// The hash function.
    #[must_use]
    pub const fn hash(&self) -> HashFunction {
        self.hash
    }

    /// The hash in lower-case hexadecimal digits. It is a secret.
    #[must_use]
    pub fn hex(&self) -> &str {
        &self.hex
    }

    /// The key under which `algorithm` computes a response.
    pub(super) fn for_algorithm<'k>(
        &'k self,
        algorithm: Algorithm,
        nonce: &str,
        cnonce: &str,
    ) -> Cow<'k, Self> {
        if algorithm.session {
            Cow::Owned(self.session(nonce, cnonce))
        } else {
            Cow::Borrowed(self)
        }
    }
}

impl fmt::Debug for Ha1 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ha1").field("hash", &self.hash).finish_non_exhaustive()
    }
}

/// A user and the secret, on either side.
///
/// ```
/// use missiva_sip::digest::{Account, HashFunction};
///
/// let account = Account::with_password("alice", "secret").only_in("example.com");
/// assert!(account.key(HashFunction::Sha256, "example.com").is_some());
/// assert!(account.key(HashFunction::Sha256, "evil.example").is_none());
/// assert!(!format!("{account:?}").contains("secret"));
/// ```
#[derive(Clone)]
pub struct Account {
    username: String,
    realm: Option<String>,
    secret: Secret,
}

#[derive(Clone)]
enum Secret {
    Password(Vec<u8>),
    Keys(Vec<Ha1>),
}

impl Account {
    /// A user with a password, in any realm. A password that is no text is given as bytes.
    #[must_use]
    pub fn with_password(username: &str, password: impl AsRef<[u8]>) -> Self {
        Self {
            username: username.to_owned(),
            realm: None,
            secret: Secret::Password(password.as_ref().to_vec()),
        }
    }

    /// A user with keys, one for each hash function, that were computed for `realm`.
    #[must_use]
    pub fn with_keys(username: &str, realm: &str, keys: Vec<Ha1>) -> Self {
        Self {
            username: username.to_owned(),
            realm: Some(realm.to_owned()),
            secret: Secret::Keys(keys),
        }
    }

    /// The same user in `realm` alone: a challenge of another realm gets no hash of the password. Keys stay
    /// bound to the realm for which they were computed.
    #[must_use]
    pub fn only_in(mut self, realm: &str) -> Self {
        if matches!(self.secret, Secret::Password(_)) {
            self.realm = Some(realm.to_owned());
        }
        self
    }

    /// The user's name.
    #[must_use]
    pub fn username(&self) -> &str {
        &self.username
    }

    /// The key for `realm`, when the account has one.
    #[must_use]
    pub fn key(&self, hash: HashFunction, realm: &str) -> Option<Ha1> {
        if self.realm.as_deref().is_some_and(|own| own != realm) {
            return None;
        }
        match &self.secret {
            Secret::Password(password) => Some(Ha1::new(hash, &self.username, realm, password)),
            Secret::Keys(keys) => keys.iter().find(|key| key.hash == hash).cloned(),
        }
    }

    /// The hash by which the user is named where `userhash` is true (RFC 7616 section 3.4.4).
    #[must_use]
    pub fn userhash(&self, hash: HashFunction, realm: &str) -> String {
        hash.hex(&[self.username.as_bytes(), realm.as_bytes()])
    }

    /// Whether `credentials` name this user, plainly or by hash.
    #[must_use]
    pub fn is_named_by(&self, credentials: &DigestCredentials<'_>) -> bool {
        let named = credentials.username.as_str();
        if !credentials.userhash {
            return named == self.username;
        }
        // An extended name and a hash exclude each other (RFC 7616 section 3.4).
        let plain = matches!(credentials.username, Username::Plain(_));
        Algorithm::parse(credentials.algorithm_name()).is_some_and(|algorithm| {
            let own = self.userhash(algorithm.hash, &credentials.realm);
            plain && own.eq_ignore_ascii_case(named)
        })
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("username", &self.username)
            .field("realm", &self.realm)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_keys_are_checked_and_bound_to_their_realm() {
        let key = Ha1::new(HashFunction::Md5, "u", "r", b"p");
        let upper = key.hex().to_uppercase();
        assert_eq!(Ha1::from_hex(HashFunction::Md5, &upper), Ok(key.clone()));
        for (hash, hex) in [
            (HashFunction::Sha256, upper.as_str()),
            (HashFunction::Md5, ""),
            (HashFunction::Md5, "zz"),
        ] {
            assert_eq!(Ha1::from_hex(hash, hex), Err(Fault::new(FaultKind::Value, 0)));
        }
        let account = Account::with_keys("u", "r", vec![key.clone()]).only_in("x");
        assert_eq!(account.key(HashFunction::Md5, "r"), Some(key));
        assert_eq!(account.key(HashFunction::Sha256, "r"), None);
        assert_eq!(account.key(HashFunction::Md5, "x"), None);
    }

    #[test]
    fn secrets_are_not_printed() {
        let key = Ha1::new(HashFunction::Md5, "u", "r", b"hunter2");
        let account = Account::with_password("u", "hunter2");
        let keyed = Account::with_keys("u", "r", vec![key.clone()]);
        let printed = format!("{key:?} {account:?} {keyed:?}");
        assert!(!printed.contains("hunter2") && !printed.contains(key.hex()));
    }
}
