//! The client's answer to one challenge.

use std::fmt;

use missiva_core::IdSource;

use super::compute::{Terms, count_text};
use super::{Account, AkaAlgorithm, Algorithm, Auts, Covered, Ha1, Qop};
use crate::header::auth::{DigestChallenge, DigestCredentials, Username};

/// A challenge that this crate can answer, and how often its nonce was used.
///
/// ```
/// use missiva_core::IdSource;
/// use missiva_sip::digest::{Account, Covered, Qop, Session};
/// use missiva_sip::header::{Challenge, Value};
/// use missiva_sip::Method;
/// # struct Ids;
/// # impl IdSource for Ids { fn fill(&mut self, out: &mut [u8]) { out.fill(7); } }
///
/// let challenge = Challenge::parse("Digest realm=\"r\", nonce=\"n\", qop=\"auth\", algorithm=SHA-256")?;
/// let challenge = challenge.as_digest().expect("a Digest challenge");
/// let mut session = Session::new(challenge, Qop::Auth).expect("an algorithm that is known");
/// let account = Account::with_password("alice", "secret");
/// let request = Covered { method: Method::Register, uri: "sip:r", body: b"" };
/// let first = session.answer(&account, &request, &mut Ids).expect("an account for every realm");
/// assert_eq!(first.nc.as_deref(), Some("00000001"));
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone)]
pub struct Session {
    challenge: DigestChallenge<'static>,
    algorithm: Algorithm,
    qop: Option<Qop>,
    used: u32,
    /// Of a `-sess` algorithm: the first client nonce and the key made with it.
    bound: Option<(String, Ha1)>,
}

/// Why a challenge was not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AnswerError {
    /// The account has no key for the realm, or none for the hash function.
    #[error("no key for this realm and algorithm")]
    NoKey,
    /// The nonce was used 2^32 - 1 times; a new one is needed.
    #[error("nonce count exhausted")]
    Exhausted,
    /// The digest URI has a control character, which no URI has and which would not arrive as it is: the server
    /// would compute another response.
    #[error("control character in the digest URI")]
    BadUri,
}

/// Bytes of chance in a client nonce.
const CNONCE_BYTES: usize = 16;

impl Session {
    /// A session for `challenge`; `None` when its algorithm or every quality it offers is unknown here.
    ///
    /// Of several qualities `prefer` is taken when it is offered, and otherwise the other one. A challenge
    /// without any is answered in the way of RFC 2069.
    #[must_use]
    pub fn new(challenge: &DigestChallenge<'_>, prefer: Qop) -> Option<Self> {
        Self::with(challenge, Algorithm::parse(challenge.algorithm_name())?, prefer)
    }

    /// The same for a challenge of AKA, which [`new`](Self::new) leaves alone: it is answered with a password that was
    /// made for its nonce ([`AkaAlgorithm::password`]), and with no other. After a new challenge, or a `nextnonce`,
    /// there is another password.
    #[must_use]
    pub fn with_aka(challenge: &DigestChallenge<'_>, prefer: Qop) -> Option<Self> {
        let algorithm = AkaAlgorithm::parse(challenge.algorithm_name())?;
        Self::with(challenge, algorithm.digest, prefer)
    }

    fn with(challenge: &DigestChallenge<'_>, algorithm: Algorithm, prefer: Qop) -> Option<Self> {
        let qop = if challenge.qop_options().next().is_none() {
            None
        } else {
            let mut offered = challenge.qop_options().filter_map(Qop::parse);
            let first = offered.next()?;
            let preferred = first == prefer || offered.any(|qop| qop == prefer);
            Some(if preferred { prefer } else { first })
        };
        Some(Self {
            challenge: challenge.clone().into_owned(),
            algorithm,
            qop,
            used: 0,
            bound: None,
        })
    }

    /// The challenge.
    #[must_use]
    pub const fn challenge(&self) -> &DigestChallenge<'static> {
        &self.challenge
    }

    /// The algorithm; of AKA, what is done with the password.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// How often the nonce was used.
    #[must_use]
    pub const fn used(&self) -> u32 {
        self.used
    }

    /// Goes on with the nonce that an `Authentication-Info` named. The count starts anew; the key of a `-sess`
    /// algorithm stays, since only a new challenge starts a new session (RFC 7616 section 3.4.2).
    pub fn next_nonce(&mut self, nonce: &str) {
        if self.challenge.nonce != nonce {
            self.challenge.nonce = nonce.to_owned().into();
            self.used = 0;
        }
    }

    /// Takes over the count of `older` when both have the same nonce, so that no count is used twice.
    pub(super) fn follow(&mut self, older: &Self) {
        let same = self.challenge.nonce == older.challenge.nonce;
        if same && self.algorithm == older.algorithm {
            self.used = older.used;
            self.bound.clone_from(&older.bound);
        }
    }

    /// Credentials for one request. Each call uses the nonce once more.
    ///
    /// The user is named by hash where the challenge allows it.
    ///
    /// # Errors
    ///
    /// When the digest URI is none, the account has no key for this challenge, or the count has no next number. The
    /// count stays as it was.
    pub fn answer(
        &mut self,
        account: &Account,
        request: &Covered<'_>,
        ids: &mut dyn IdSource,
    ) -> Result<DigestCredentials<'static>, AnswerError> {
        if request.uri.bytes().any(|byte| byte.is_ascii_control()) {
            return Err(AnswerError::BadUri);
        }
        let realm = &*self.challenge.realm;
        let base = account.key(self.algorithm.hash, realm).ok_or(AnswerError::NoKey)?;
        let used = self.used.checked_add(1).ok_or(AnswerError::Exhausted)?;
        let (cnonce, key) = self.client_nonce(base, ids);
        self.used = used;

        let nc = count_text(used);
        let terms = Terms {
            algorithm: self.algorithm,
            nonce: &self.challenge.nonce,
            cnonce: &cnonce,
            nc: &nc,
            qop: self.qop.map(|qop| (qop, qop.as_str())),
        };
        let response = terms.response(&key, request.method.as_str(), request.uri, request.body);
        let with_cnonce = self.qop.is_some() || self.algorithm.session;
        Ok(DigestCredentials {
            username: self.named(account),
            userhash: self.challenge.userhash,
            realm: self.challenge.realm.clone(),
            nonce: self.challenge.nonce.clone(),
            uri: request.uri.to_owned().into(),
            response: response.into(),
            algorithm: self.challenge.algorithm.clone(),
            cnonce: with_cnonce.then(|| cnonce.into()),
            opaque: self.challenge.opaque.clone(),
            qop: self.qop.map(|qop| qop.as_str().into()),
            nc: self.qop.map(|_| nc.into()),
            auts: None,
            params: Vec::new(),
        })
    }

    /// Credentials that tell the server how far the SIM has counted, in place of an answer: they prove nothing, since
    /// the password is empty (RFC 3310 section 3.4).
    ///
    /// # Errors
    ///
    /// As for [`answer`](Self::answer).
    pub fn resynchronise(
        &mut self,
        username: &str,
        auts: Auts,
        request: &Covered<'_>,
        ids: &mut dyn IdSource,
    ) -> Result<DigestCredentials<'static>, AnswerError> {
        let nobody = Account::with_password(username, "");
        let mut credentials = self.answer(&nobody, request, ids)?;
        // The key of a session belongs to the password that comes with the next challenge.
        self.bound = None;
        credentials.auts = Some(auts.to_text().into());
        Ok(credentials)
    }

    /// The key with which a proof of the server for `credentials` is checked.
    pub(super) fn key_for(
        &self,
        account: &Account,
        credentials: &DigestCredentials<'_>,
    ) -> Option<Ha1> {
        match &self.bound {
            Some((_, key)) => Some(key.clone()),
            None => account.key(self.algorithm.hash, &credentials.realm),
        }
    }

    /// A new client nonce, or in a session the one with which it began: readers differ on whether later
    /// requests of a session may change it, and none refuses one that stays.
    fn client_nonce(&mut self, base: Ha1, ids: &mut dyn IdSource) -> (String, Ha1) {
        if let Some((cnonce, key)) = &self.bound {
            return (cnonce.clone(), key.clone());
        }
        let cnonce = ids.hex(CNONCE_BYTES);
        if !self.algorithm.session {
            return (cnonce, base);
        }
        let key = base.session(&self.challenge.nonce, &cnonce);
        self.bound = Some((cnonce.clone(), key.clone()));
        (cnonce, key)
    }

    fn named(&self, account: &Account) -> Username<'static> {
        if self.challenge.userhash {
            let hash = account.userhash(self.algorithm.hash, &self.challenge.realm);
            return Username::Plain(hash.into());
        }
        Username::new(account.username()).into_owned()
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("challenge", &self.challenge)
            .field("algorithm", &self.algorithm)
            .field("qop", &self.qop)
            .field("used", &self.used)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Method;

    struct Zeroes;

    impl IdSource for Zeroes {
        fn fill(&mut self, out: &mut [u8]) {
            out.fill(0);
        }
    }

    #[test]
    fn a_count_never_begins_again_by_itself() {
        let challenge = DigestChallenge { qop: Some("auth".into()), ..DigestChallenge::default() };
        let mut session = Session::new(&challenge, Qop::Auth).unwrap();
        session.used = u32::MAX - 1;
        let account = Account::with_password("u", "p");
        let request = Covered { method: Method::Bye, uri: "sip:r", body: b"" };
        let mut count = || {
            let sent = session.answer(&account, &request, &mut Zeroes)?;
            Ok(sent.nc.as_deref().map(str::to_owned))
        };
        assert_eq!(count(), Ok(Some("ffffffff".to_owned())));
        assert_eq!(count(), Err(AnswerError::Exhausted));
        session.next_nonce("new");
        assert_eq!(session.used(), 0);
    }

    #[test]
    fn a_uri_that_would_not_arrive_as_it_is_gets_no_credentials() {
        let challenge = DigestChallenge { qop: Some("auth".into()), ..DigestChallenge::default() };
        let mut session = Session::new(&challenge, Qop::Auth).unwrap();
        let account = Account::with_password("u", "p");
        for uri in ["sip:r\r\n b", "sip:\n", "sip:\0", "\t", "sip:\u{7f}"] {
            let request = Covered { method: Method::Bye, uri, body: b"" };
            let answer = session.answer(&account, &request, &mut Zeroes);
            assert_eq!(answer.map(drop), Err(AnswerError::BadUri), "{}", uri.escape_debug());
        }
        assert_eq!(session.used(), 0);
        for uri in ["sip:a\"b", "sip:a\\b", "sip:\u{e9}"] {
            let request = Covered { method: Method::Bye, uri, body: b"" };
            assert!(session.answer(&account, &request, &mut Zeroes).is_ok(), "{uri}");
        }
    }
}
