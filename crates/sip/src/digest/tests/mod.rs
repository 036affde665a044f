//! The two sides against each other and against published responses.

mod aka;
mod client;
mod server;
mod vectors;

use missiva_core::IdSource;

use super::*;
use crate::Method;
use crate::header::auth::{Challenge, DigestChallenge, DigestCredentials};
use crate::header::{Credentials, Value};

/// Gives one byte over and over, or counts up from it.
pub(super) struct Ids {
    pub(super) next: u8,
    pub(super) step: u8,
}

impl Ids {
    pub(super) const fn fixed() -> Self {
        Self { next: 7, step: 0 }
    }

    pub(super) const fn counting() -> Self {
        Self { next: 0, step: 1 }
    }
}

impl IdSource for Ids {
    fn fill(&mut self, out: &mut [u8]) {
        for byte in out {
            *byte = self.next;
            self.next = self.next.wrapping_add(self.step);
        }
    }
}

pub(super) fn challenge(text: &str) -> Challenge<'_> {
    Challenge::parse(text).unwrap_or_else(|fault| panic!("{text}: {fault}"))
}

pub(super) fn digest_challenge(text: &str) -> DigestChallenge<'_> {
    match challenge(text) {
        Challenge::Digest(challenge) => challenge,
        other => panic!("{other:?}"),
    }
}

pub(super) fn credentials(text: &str) -> DigestCredentials<'_> {
    match Credentials::parse(text) {
        Ok(Credentials::Digest(credentials)) => credentials,
        other => panic!("{text}: {other:?}"),
    }
}

/// What a server that offers everything expects.
pub(super) const fn expected<'a>(realm: &'a str, method: Method<'a>, uri: &'a str) -> Expected<'a> {
    const ALL: &[Algorithm] = &[
        Algorithm::MD5,
        Algorithm::SHA_256,
        Algorithm::SHA_512_256,
        Algorithm::MD5.session(),
        Algorithm::SHA_256.session(),
        Algorithm::SHA_512_256.session(),
    ];
    Expected {
        realm,
        algorithms: ALL,
        qops: &[Qop::Auth, Qop::AuthInt],
        require_qop: false,
        method,
        uri: UriRule::Exactly(uri),
        body: b"",
        nonce: Freshness::Fresh { issued: 0 },
        session_key: None,
    }
}
