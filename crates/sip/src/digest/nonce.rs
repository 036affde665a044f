//! Nonces that carry their own proof, so that a server keeps none of them.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use missiva_core::IdSource;
use sha2::Sha256;
use subtle::ConstantTimeEq;

use super::compute::hex;

/// Makes nonces and knows them again.
///
/// A nonce is the second in which it was made, eight random bytes, and an HMAC-SHA-256 of these and of the
/// client's address or flow, cut to 16 bytes; all in hexadecimal digits. Servers that share a key know each
/// other's nonces.
///
/// ```
/// use missiva_core::IdSource;
/// use missiva_sip::digest::{Freshness, NonceSource};
/// # struct Ids;
/// # impl IdSource for Ids { fn fill(&mut self, out: &mut [u8]) { out.fill(7); } }
///
/// let source = NonceSource::new([1; 32], 300);
/// let nonce = source.issue(1_000, b"192.0.2.1", &mut Ids);
/// assert_eq!(source.verify(&nonce, 1_300, b"192.0.2.1"), Freshness::Fresh { issued: 1_000 });
/// assert_eq!(source.verify(&nonce, 1_301, b"192.0.2.1"), Freshness::Expired { issued: 1_000 });
/// assert_eq!(source.verify(&nonce, 1_300, b"192.0.2.2"), Freshness::Forged);
/// ```
#[derive(Clone)]
pub struct NonceSource {
    keyed: Hmac<Sha256>,
    lifetime: u64,
}

/// What a nonce that came back is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Freshness {
    /// Made here, for this client, and young enough.
    Fresh {
        /// The second in which it was made, counted from 1970.
        issued: u64,
    },
    /// Made here, for this client, and too old.
    Expired {
        /// The second in which it was made, counted from 1970.
        issued: u64,
    },
    /// Not made here, or for another client.
    Forged,
}

const SALT_BYTES: usize = 8;
const PROOF_BYTES: usize = 16;
/// Digits of the time and of the salt.
const TIME_DIGITS: usize = 16;
const SALT_DIGITS: usize = 16;

impl NonceSource {
    /// Nonces under `key`, which is secret and random, good for `lifetime` seconds.
    #[must_use]
    pub fn new(key: [u8; 32], lifetime: u64) -> Self {
        // A key shorter than the hash's block is filled up with zeroes (RFC 2104 section 2).
        let mut block = [0; 64];
        for (slot, byte) in block.iter_mut().zip(key) {
            *slot = byte;
        }
        Self { keyed: Hmac::new(&block.into()), lifetime }
    }

    /// A nonce made at `now`, in seconds from 1970, for the client known as `client`: its address, or whatever
    /// names its flow.
    #[must_use]
    pub fn issue(&self, now: u64, client: &[u8], ids: &mut dyn IdSource) -> String {
        self.seal(now, &ids.hex(SALT_BYTES), client)
    }

    /// Whether `nonce` was made for `client` and is still good. The comparison takes as long for a wrong proof
    /// as for a right one. A nonce from the future, which a clock set back makes, is fresh.
    #[must_use]
    pub fn verify(&self, nonce: &str, now: u64, client: &[u8]) -> Freshness {
        let Some((issued, salt)) = parts(nonce) else {
            return Freshness::Forged;
        };
        let expected = self.seal(issued, salt, client);
        if !bool::from(expected.as_bytes().ct_eq(nonce.as_bytes())) {
            Freshness::Forged
        } else if now.saturating_sub(issued) > self.lifetime {
            Freshness::Expired { issued }
        } else {
            Freshness::Fresh { issued }
        }
    }

    /// For how many seconds a nonce is good.
    #[must_use]
    pub const fn lifetime(&self) -> u64 {
        self.lifetime
    }

    fn seal(&self, issued: u64, salt: &str, client: &[u8]) -> String {
        let mut nonce = format!("{issued:016x}{salt}");
        // The two parts before the client have fixed lengths, so nothing can be shifted between the three.
        let proof = self
            .keyed
            .clone()
            .chain_update(nonce.as_bytes())
            .chain_update(client)
            .finalize()
            .into_bytes();
        nonce.push_str(&hex(proof.get(..PROOF_BYTES).unwrap_or_default()));
        nonce
    }
}

/// The second in which a nonce claims to be made, and its salt.
fn parts(nonce: &str) -> Option<(u64, &str)> {
    let time = nonce.get(..TIME_DIGITS)?;
    let salt = nonce.get(TIME_DIGITS..TIME_DIGITS.saturating_add(SALT_DIGITS))?;
    Some((u64::from_str_radix(time, 16).ok()?, salt))
}

impl fmt::Debug for NonceSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NonceSource").field("lifetime", &self.lifetime).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixed(u8);

    impl IdSource for Fixed {
        fn fill(&mut self, out: &mut [u8]) {
            out.fill(self.0);
            self.0 = self.0.wrapping_add(1);
        }
    }

    /// The oracle is Python's `hmac.new(bytes([1] * 32), b"00000000000003e80707070707070707192.0.2.1",
    /// "sha256").hexdigest()[:32]`.
    #[test]
    fn nonces_are_what_they_are_said_to_be() {
        let nonce = NonceSource::new([1; 32], 60).issue(1_000, b"192.0.2.1", &mut Fixed(7));
        assert_eq!(nonce, "00000000000003e8070707070707070791ddb3e2af10f95af78e4c5fbc9ca450");
    }

    #[test]
    fn two_nonces_of_one_second_differ() {
        let (source, mut ids) = (NonceSource::new([1; 32], 60), Fixed(0));
        assert_ne!(source.issue(1, b"a", &mut ids), source.issue(1, b"a", &mut ids));
    }

    #[test]
    fn every_change_is_noticed() {
        let source = NonceSource::new([1; 32], 60);
        let nonce = source.issue(1_000, b"a", &mut Fixed(0xab));
        for at in 0..nonce.len() {
            let mut bytes = nonce.clone().into_bytes();
            bytes[at] = if bytes[at] == b'0' { b'1' } else { b'0' };
            let changed = String::from_utf8(bytes).unwrap();
            assert_eq!(source.verify(&changed, 1_000, b"a"), Freshness::Forged, "{at}");
        }
        let longer = format!("{nonce}0");
        let others = [
            "",
            "0",
            "\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}",
            nonce.strip_prefix('0').unwrap(),
        ];
        for text in others.into_iter().chain([&*longer, &nonce.to_uppercase()]) {
            assert_eq!(source.verify(text, 1_000, b"a"), Freshness::Forged, "{text}");
        }
        let other_key = NonceSource::new([2; 32], 60);
        assert_eq!(other_key.verify(&nonce, 1_000, b"a"), Freshness::Forged);
    }

    #[test]
    fn lifetimes_end_after_their_last_second() {
        let source = NonceSource::new([1; 32], 60);
        let nonce = source.issue(1_000, b"a", &mut Fixed(0));
        for (now, fresh) in
            [(0, true), (1_000, true), (1_060, true), (1_061, false), (u64::MAX, false)]
        {
            let expected = if fresh {
                Freshness::Fresh { issued: 1_000 }
            } else {
                Freshness::Expired { issued: 1_000 }
            };
            assert_eq!(source.verify(&nonce, now, b"a"), expected, "{now}");
        }
        assert_eq!(format!("{source:?}"), "NonceSource { lifetime: 60, .. }");
    }
}
