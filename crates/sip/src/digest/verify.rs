//! The server's judgement of credentials.

use super::compute::{Terms, same_proof};
use super::{Account, AkaAlgorithm, Algorithm, Challenger, Freshness, Ha1, NonceCounts, Qop};
use crate::header::auth::DigestCredentials;
use crate::{Method, Uri};

/// What a server expects of credentials.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// The realm of the challenge.
    pub realm: &'a str,
    /// The algorithms that the challenges offered.
    pub algorithms: &'a [Algorithm],
    /// The qualities that the challenges offered.
    pub qops: &'a [Qop],
    /// Whether credentials without a quality, in the way of RFC 2069, are refused.
    pub require_qop: bool,
    /// The request's method.
    pub method: Method<'a>,
    /// What the digest URI must be.
    pub uri: UriRule<'a>,
    /// The request's body.
    pub body: &'a [u8],
    /// What [`NonceSource::verify`](super::NonceSource::verify) says of the nonce.
    pub nonce: Freshness,
    /// The key of a running `-sess` session, where the server keeps it. Without, the key is made from the
    /// nonces of the credentials, which holds as long as the client keeps both.
    pub session_key: Option<&'a Ha1>,
}

/// What the digest URI must be. A proxy may have rewritten the Request-URI on the way, so that the two need not
/// be the same (RFC 3261 section 22.4, RFC 7616 section 3.4.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UriRule<'a> {
    /// This text.
    Exactly(&'a str),
    /// This URI, as [`Uri::matches`] compares.
    Matching(Uri<'a>),
    /// The caller compared, with this result.
    Compared(bool),
}

/// What credentials are worth. What to send is in [`reply`](Self::reply).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use]
pub enum Outcome {
    /// They prove that their sender knows the secret. Count them with [`counted`](Self::counted) where replays
    /// are to be refused, then serve the request.
    Accepted {
        /// The nonce count; `None` in the way of RFC 2069.
        nc: Option<u32>,
        /// When the nonce was made.
        issued: u64,
    },
    /// They are right, but the nonce is too old or not ours: 401 with a new nonce and `stale=true`.
    Stale,
    /// They are right and were seen before: 401 with a new nonce and `stale=true`, which an honest client
    /// answers and a replay cannot.
    Replayed,
    /// The response is wrong: 403.
    WrongResponse,
    /// They name another user than the account: 403, so that it looks like a wrong response.
    WrongUser,
    /// They are for another realm: 401 with a challenge.
    WrongRealm,
    /// They are for another resource: 400 (RFC 7616 section 3.4.6).
    WrongUri,
    /// The nonce or the response is empty, as in the first REGISTER of an IMS client: 401 with a challenge.
    Unproven,
    /// The algorithm or the quality was not offered, or cannot be computed for this account: 401 with a
    /// challenge.
    Unsupported,
    /// A parameter that the quality or the algorithm needs is missing, or is none: 400.
    Malformed,
}

/// What to send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reply {
    /// Serve the request.
    Serve,
    /// Challenge (anew).
    Challenge {
        /// Whether the challenge is marked so: the client then answers without asking its user.
        stale: bool,
    },
    /// 403 (Forbidden).
    Forbidden,
    /// 400 (Bad Request).
    BadRequest,
}

impl Reply {
    /// The status code, when the request is not served: a server challenges with 401, a proxy with 407.
    #[must_use]
    pub const fn status(self, by: Challenger) -> Option<u16> {
        match (self, by) {
            (Self::Serve, _) => None,
            (Self::Challenge { .. }, Challenger::Server) => Some(401),
            (Self::Challenge { .. }, Challenger::Proxy) => Some(407),
            (Self::Forbidden, _) => Some(403),
            (Self::BadRequest, _) => Some(400),
        }
    }
}

impl Outcome {
    /// What to send.
    #[must_use]
    pub const fn reply(self) -> Reply {
        match self {
            Self::Accepted { .. } => Reply::Serve,
            Self::Stale | Self::Replayed => Reply::Challenge { stale: true },
            Self::WrongRealm | Self::Unproven | Self::Unsupported => {
                Reply::Challenge { stale: false }
            }
            Self::WrongResponse | Self::WrongUser => Reply::Forbidden,
            Self::WrongUri | Self::Malformed => Reply::BadRequest,
        }
    }

    /// Counts accepted credentials; they become [`Replayed`](Self::Replayed) when their count is not above the
    /// last one of their nonce. Credentials without a count are good for one use of a nonce.
    pub fn counted(self, nonce: &str, counts: &mut NonceCounts) -> Self {
        match self {
            Self::Accepted { nc, issued } if !counts.take(issued, nonce, nc.unwrap_or(1)) => {
                Self::Replayed
            }
            other => other,
        }
    }
}

/// Judges `credentials` that claim to come from `account`.
///
/// The response is compared without telling where it first differs. Whether a nonce is stale is told only to
/// those who know the secret, as RFC 7616 section 3.3 asks.
///
/// ```
/// use missiva_sip::digest::{Account, Algorithm, Expected, Freshness, Outcome, Qop, UriRule, verify};
/// use missiva_sip::header::{Credentials, Value};
/// use missiva_sip::Method;
///
/// // RFC 2617 section 3.5.
/// let text = "Digest username=\"Mufasa\", realm=\"testrealm@host.com\", \
///             nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", uri=\"/dir/index.html\", qop=auth, \
///             nc=00000001, cnonce=\"0a4f113b\", response=\"6629fae49393a05397450978507c4ef1\"";
/// let credentials = Credentials::parse(text)?;
/// let expected = Expected {
///     realm: "testrealm@host.com",
///     algorithms: &Algorithm::PREFERRED,
///     qops: &[Qop::Auth],
///     require_qop: true,
///     method: Method::new("GET"),
///     uri: UriRule::Exactly("/dir/index.html"),
///     body: b"",
///     nonce: Freshness::Fresh { issued: 0 },
///     session_key: None,
/// };
/// let account = Account::with_password("Mufasa", "Circle Of Life");
/// let outcome = verify(credentials.as_digest().expect("Digest"), &expected, &account);
/// assert_eq!(outcome, Outcome::Accepted { nc: Some(1), issued: 0 });
/// # Ok::<(), missiva_core::Fault>(())
/// ```
pub fn verify(
    credentials: &DigestCredentials<'_>,
    expected: &Expected<'_>,
    account: &Account,
) -> Outcome {
    let algorithm = offered_algorithm(credentials, expected);
    judge(credentials, expected, account, algorithm).unwrap_or_else(|refused| refused)
}

/// Judges credentials of AKA like [`verify`], in a server that challenged with `algorithm` and keeps in `account` the
/// password that belongs to the nonce ([`AkaAlgorithm::password`]). The list of algorithms in `expected` is not read.
///
/// Credentials with `auts` are [`Outcome::Unproven`]: they ask for another challenge, made from that [`Auts`].
///
/// [`Auts`]: super::Auts
pub fn verify_aka(
    credentials: &DigestCredentials<'_>,
    expected: &Expected<'_>,
    algorithm: AkaAlgorithm,
    account: &Account,
) -> Outcome {
    if credentials.auts.is_some() && credentials.realm == expected.realm {
        return Outcome::Unproven;
    }
    let named = AkaAlgorithm::parse(credentials.algorithm_name());
    let offered = named.filter(|named| *named == algorithm).map(|named| named.digest);
    let offered = offered.ok_or(Outcome::Unsupported);
    judge(credentials, expected, account, offered).unwrap_or_else(|refused| refused)
}

fn judge(
    credentials: &DigestCredentials<'_>,
    expected: &Expected<'_>,
    account: &Account,
    algorithm: Result<Algorithm, Outcome>,
) -> Result<Outcome, Outcome> {
    if credentials.realm != expected.realm {
        return Err(Outcome::WrongRealm);
    }
    if credentials.nonce.is_empty() || credentials.response.is_empty() {
        return Err(Outcome::Unproven);
    }
    let algorithm = algorithm?;
    let qop = offered_qop(credentials, expected)?;
    let nc = needed(credentials, algorithm, qop.is_some())?;
    if !uri_is_right(&credentials.uri, expected.uri) {
        return Err(Outcome::WrongUri);
    }
    if !account.is_named_by(credentials) {
        return Err(Outcome::WrongUser);
    }
    let base = account.key(algorithm.hash, expected.realm).ok_or(Outcome::Unsupported)?;
    let cnonce = credentials.cnonce.as_deref().unwrap_or_default();
    let made = base.for_algorithm(algorithm, &credentials.nonce, cnonce);
    let kept = expected.session_key.filter(|key| algorithm.session && key.hash() == algorithm.hash);

    let terms = Terms {
        algorithm,
        nonce: &credentials.nonce,
        cnonce,
        nc: credentials.nc.as_deref().unwrap_or_default(),
        qop,
    };
    let computed = terms.response(
        kept.unwrap_or(&made),
        expected.method.as_str(),
        &credentials.uri,
        expected.body,
    );
    if !same_proof(&computed, &credentials.response) {
        return Err(Outcome::WrongResponse);
    }
    match expected.nonce {
        Freshness::Fresh { issued } => Ok(Outcome::Accepted { nc, issued }),
        Freshness::Expired { .. } | Freshness::Forged => Err(Outcome::Stale),
    }
}

fn offered_algorithm(
    credentials: &DigestCredentials<'_>,
    expected: &Expected<'_>,
) -> Result<Algorithm, Outcome> {
    Algorithm::parse(credentials.algorithm_name())
        .filter(|algorithm| expected.algorithms.contains(algorithm))
        .ok_or(Outcome::Unsupported)
}

fn offered_qop<'c>(
    credentials: &'c DigestCredentials<'_>,
    expected: &Expected<'_>,
) -> Result<Option<(Qop, &'c str)>, Outcome> {
    match credentials.qop.as_deref() {
        None if expected.require_qop => Err(Outcome::Unsupported),
        None => Ok(None),
        Some(name) => Qop::parse(name)
            .filter(|qop| expected.qops.contains(qop))
            .map(|qop| Some((qop, name)))
            .ok_or(Outcome::Unsupported),
    }
}

/// The nonce count, when everything is there that a quality and a `-sess` algorithm need. A count begins at one.
fn needed(
    credentials: &DigestCredentials<'_>,
    algorithm: Algorithm,
    with_qop: bool,
) -> Result<Option<u32>, Outcome> {
    let needs_cnonce = with_qop || algorithm.session;
    if needs_cnonce && credentials.cnonce.is_none() {
        return Err(Outcome::Malformed);
    }
    if !with_qop {
        return Ok(None);
    }
    match credentials.count() {
        Some(count) if count > 0 => Ok(Some(count)),
        _ => Err(Outcome::Malformed),
    }
}

fn uri_is_right(uri: &str, rule: UriRule<'_>) -> bool {
    match rule {
        UriRule::Exactly(text) => uri == text,
        UriRule::Matching(expected) => Uri::parse(uri).is_ok_and(|uri| uri.matches(&expected)),
        UriRule::Compared(result) => result,
    }
}
