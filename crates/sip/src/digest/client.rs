//! The client's side of every realm it meets.

use missiva_core::IdSource;

use super::info::{Proof, check_with};
use super::{Account, AnswerError, Covered, Qop, Session};
use crate::HeaderName;
use crate::header::auth::{AuthenticationInfo, Challenge, Credentials, DigestChallenge};

/// Who challenges: the server at the end (401) or a proxy on the way (407).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Challenger {
    /// `WWW-Authenticate`, answered by `Authorization`.
    Server,
    /// `Proxy-Authenticate`, answered by `Proxy-Authorization`.
    Proxy,
}

impl Challenger {
    /// The field in which the answer stands.
    #[must_use]
    pub const fn field(self) -> HeaderName {
        match self {
            Self::Server => HeaderName::Authorization,
            Self::Proxy => HeaderName::ProxyAuthorization,
        }
    }
}

/// Credentials and where they go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Whose challenge they answer.
    pub to: Challenger,
    /// The credentials.
    pub credentials: Credentials<'static>,
}

/// Why a request cannot be sent again after its challenges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// No challenge has a scheme, an algorithm and a quality that this crate knows.
    #[error("no challenge is supported")]
    Unsupported,
    /// The account has no key for any realm that challenged.
    #[error("no key for any of the realms")]
    NoKey,
    /// The same credentials were refused already: the secret is wrong, or the server never takes any.
    #[error("the credentials were refused")]
    Rejected,
    /// More than [`ClientAuth::MAX_REALMS`] realms.
    #[error("too many realms")]
    TooMany,
}

/// One account, and the state of every realm that challenged it.
///
/// Show it the challenges of a 401 or 407 with [`challenged`](Self::challenged), send the request again with
/// [`answers`](Self::answers), and tell it of success with [`confirmed`](Self::confirmed). Later requests get
/// answers in advance; each counts the nonce up. An ACK takes over the credentials of its INVITE, and a CANCEL
/// has none (RFC 3261 section 22.1): do not ask for answers there.
///
/// ```
/// use missiva_core::IdSource;
/// use missiva_sip::digest::{Account, ClientAuth, Covered, Refused, Challenger};
/// use missiva_sip::header::{Challenge, Value};
/// use missiva_sip::Method;
/// # struct Ids;
/// # impl IdSource for Ids { fn fill(&mut self, out: &mut [u8]) { out.fill(7); } }
///
/// let mut auth = ClientAuth::new(Account::with_password("alice", "secret"));
/// let challenge = Challenge::parse("Digest realm=\"r\", nonce=\"n\", qop=\"auth\"")?;
/// assert_eq!(auth.challenged(Challenger::Server, [&challenge], &[]), Ok(()));
/// let request = Covered { method: Method::Register, uri: "sip:r", body: b"" };
/// let answers = auth.answers(&request, &mut Ids).expect("a key for every realm");
/// assert!(answers[0].credentials.to_text().contains("nc=00000001"));
/// // The same challenge again, and not stale: the password is wrong.
/// assert_eq!(auth.challenged(Challenger::Server, [&challenge], &answers), Err(Refused::Rejected));
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Debug)]
pub struct ClientAuth {
    account: Account,
    prefer: Qop,
    realms: Vec<Realm>,
}

#[derive(Clone, Debug)]
struct Realm {
    by: Challenger,
    session: Session,
    /// The server has taken credentials of this session.
    proven: bool,
    /// Challenges answered since it last did.
    attempts: u8,
}

impl ClientAuth {
    /// Realms for which state is kept: a request passes few proxies that ask for credentials.
    pub const MAX_REALMS: usize = 8;
    /// Challenges in a row that one realm may pose, stale ones included, before it counts as refusing.
    pub const MAX_ATTEMPTS: u8 = 4;

    /// An account that nobody has challenged yet.
    #[must_use]
    pub const fn new(account: Account) -> Self {
        Self { account, prefer: Qop::Auth, realms: Vec::new() }
    }

    /// The same, choosing `qop` where several qualities are offered. The default is [`Qop::Auth`].
    #[must_use]
    pub const fn prefer(mut self, qop: Qop) -> Self {
        self.prefer = qop;
        self
    }

    /// Takes another secret, after one was refused; every realm starts anew.
    pub fn set_account(&mut self, account: Account) {
        self.account = account;
        self.realms.clear();
    }

    /// Takes the challenges of one response, in the order of their header lines. `sent` is what the request
    /// carried.
    ///
    /// Of each realm the first challenge is taken that can be answered, as RFC 8760 section 2.4 says. A realm
    /// that got credentials and challenges again gets another try when the challenge is stale, when the realm
    /// had taken the secret before, or when another request has brought a newer nonce since.
    ///
    /// # Errors
    ///
    /// When sending the request again would not help. State is unchanged then.
    pub fn challenged<'c>(
        &mut self,
        by: Challenger,
        challenges: impl IntoIterator<Item = &'c Challenge<'c>>,
        sent: &[Answer],
    ) -> Result<(), Refused> {
        let mut refused = Refused::Unsupported;
        let mut taken: Vec<Realm> = Vec::new();
        for challenge in challenges.into_iter().filter_map(Challenge::as_digest) {
            if taken.iter().any(|realm| realm.is(by, &challenge.realm)) {
                continue;
            }
            let Some(session) = Session::new(challenge, self.prefer) else {
                continue;
            };
            let hash = session.algorithm().hash;
            if self.account.key(hash, &challenge.realm).is_none() {
                refused = Refused::NoKey;
                continue;
            }
            taken.push(Realm {
                by,
                session,
                proven: false,
                attempts: self.next_attempt(by, challenge, sent)?,
            });
        }
        if taken.is_empty() {
            return Err(refused);
        }
        let added = taken.iter().filter(|realm| self.find(by, realm.name()).is_none()).count();
        if self.realms.len().saturating_add(added) > Self::MAX_REALMS {
            return Err(Refused::TooMany);
        }
        for mut realm in taken {
            match self.find_mut(by, realm.name()) {
                Some(known) => {
                    realm.session.follow(&known.session);
                    *known = realm;
                }
                None => self.realms.push(realm),
            }
        }
        Ok(())
    }

    /// Credentials for one request, one for each realm that has challenged.
    ///
    /// # Errors
    ///
    /// When the digest URI is none, or a nonce count has no next number; the realm's next challenge heals the latter.
    pub fn answers(
        &mut self,
        request: &Covered<'_>,
        ids: &mut dyn IdSource,
    ) -> Result<Vec<Answer>, AnswerError> {
        let account = &self.account;
        let answer = |realm: &mut Realm| {
            let credentials = realm.session.answer(account, request, ids)?;
            Ok(Answer { to: realm.by, credentials: Credentials::Digest(credentials) })
        };
        self.realms.iter_mut().map(answer).collect()
    }

    /// Notes that the server took `answer`, which any response but another challenge says, and goes on with the
    /// nonce that `info` names.
    ///
    /// `body` is that of the response. A nonce is taken over only when the server's proof is right or missing.
    pub fn confirmed(
        &mut self,
        answer: &Answer,
        info: Option<&AuthenticationInfo<'_>>,
        body: &[u8],
    ) -> Proof {
        let Some(sent) = answer.credentials.as_digest() else {
            return Proof::Missing;
        };
        let account = self.account.clone();
        let Some(realm) = self.find_mut(answer.to, &sent.realm) else {
            return Proof::Missing;
        };
        let proof = match (info, realm.session.key_for(&account, sent)) {
            (Some(info), Some(key)) => check_with(info, sent, &key, body),
            _ => Proof::Missing,
        };
        if proof != Proof::Wrong {
            realm.proven = true;
            realm.attempts = 0;
            if let Some(nonce) = info.and_then(|info| info.nextnonce.as_deref()) {
                realm.session.next_nonce(nonce);
            }
        }
        proof
    }

    /// The sessions, one for each realm.
    pub fn sessions(&self) -> impl Iterator<Item = (Challenger, &Session)> {
        self.realms.iter().map(|realm| (realm.by, &realm.session))
    }

    /// Which challenge in a row this is, when it may be answered.
    fn next_attempt(
        &self,
        by: Challenger,
        challenge: &DigestChallenge<'_>,
        sent: &[Answer],
    ) -> Result<u8, Refused> {
        let carried = sent
            .iter()
            .filter(|answer| answer.to == by)
            .filter_map(|answer| answer.credentials.as_digest())
            .find(|credentials| credentials.realm == challenge.realm);
        let (Some(carried), Some(known)) = (carried, self.find(by, &challenge.realm)) else {
            return Ok(1);
        };
        let newer = known.session.challenge().nonce != carried.nonce;
        let again = challenge.stale || known.proven || newer;
        if again && known.attempts < Self::MAX_ATTEMPTS {
            Ok(known.attempts.saturating_add(1))
        } else {
            Err(Refused::Rejected)
        }
    }

    fn find(&self, by: Challenger, realm: &str) -> Option<&Realm> {
        self.realms.iter().find(|known| known.is(by, realm))
    }

    fn find_mut(&mut self, by: Challenger, realm: &str) -> Option<&mut Realm> {
        self.realms.iter_mut().find(|known| known.is(by, realm))
    }
}

impl Realm {
    fn name(&self) -> &str {
        &self.session.challenge().realm
    }

    fn is(&self, by: Challenger, realm: &str) -> bool {
        self.by == by && self.name() == realm
    }
}
