//! Algorithms and qualities of protection.

use std::fmt;

use super::compute;

/// A hash function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HashFunction {
    /// MD5, which every deployed client knows.
    Md5,
    /// SHA-256.
    Sha256,
    /// SHA-512/256, called `SHA-512-256` in headers.
    Sha512_256,
}

impl HashFunction {
    /// The hash of `parts` joined with colons, in lower-case hexadecimal digits.
    #[must_use]
    pub fn hex(self, parts: &[&[u8]]) -> String {
        match self {
            Self::Md5 => compute::hex_of::<md5::Md5>(parts),
            Self::Sha256 => compute::hex_of::<sha2::Sha256>(parts),
            Self::Sha512_256 => compute::hex_of::<sha2::Sha512_256>(parts),
        }
    }

    /// Hexadecimal digits in one hash.
    #[must_use]
    pub const fn hex_len(self) -> usize {
        match self {
            Self::Md5 => 32,
            Self::Sha256 | Self::Sha512_256 => 64,
        }
    }
}

/// A digest algorithm: a hash function, and whether its key is bound to a session.
///
/// ```
/// use missiva_sip::digest::Algorithm;
///
/// assert_eq!(Algorithm::parse("sha-512-256"), Some(Algorithm::SHA_512_256));
/// assert_eq!(Algorithm::parse("MD5-sess"), Some(Algorithm::MD5.session()));
/// assert_eq!(Algorithm::parse("AKAv1-MD5"), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Algorithm {
    /// The hash function.
    pub hash: HashFunction,
    /// The `-sess` form: the key covers the first nonce of the server and the first one of the client.
    pub session: bool,
}

impl Algorithm {
    /// `MD5`.
    pub const MD5: Self = Self::of(HashFunction::Md5);
    /// `SHA-256`.
    pub const SHA_256: Self = Self::of(HashFunction::Sha256);
    /// `SHA-512-256`.
    pub const SHA_512_256: Self = Self::of(HashFunction::Sha512_256);
    /// The plain forms in the order in which a server prefers them (RFC 8760 section 2.3).
    pub const PREFERRED: [Self; 3] = [Self::SHA_512_256, Self::SHA_256, Self::MD5];

    const fn of(hash: HashFunction) -> Self {
        Self { hash, session: false }
    }

    /// The `-sess` form.
    #[must_use]
    pub const fn session(self) -> Self {
        Self { session: true, ..self }
    }

    /// The algorithm called `name` in any case; `None` when this crate cannot compute it.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let every =
            Self::PREFERRED.into_iter().flat_map(|algorithm| [algorithm, algorithm.session()]);
        every.into_iter().find(|algorithm| algorithm.as_str().eq_ignore_ascii_case(name))
    }

    /// The name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match (self.hash, self.session) {
            (HashFunction::Md5, false) => "MD5",
            (HashFunction::Md5, true) => "MD5-sess",
            (HashFunction::Sha256, false) => "SHA-256",
            (HashFunction::Sha256, true) => "SHA-256-sess",
            (HashFunction::Sha512_256, false) => "SHA-512-256",
            (HashFunction::Sha512_256, true) => "SHA-512-256-sess",
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A quality of protection: what of a request the response covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Qop {
    /// Method and URI.
    Auth,
    /// Method, URI and body.
    AuthInt,
}

impl Qop {
    /// The quality called `name` in any case.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Auth, Self::AuthInt].into_iter().find(|qop| qop.as_str().eq_ignore_ascii_case(name))
    }

    /// The name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Auth => "auth",
            Self::AuthInt => "auth-int",
        }
    }
}

impl fmt::Display for Qop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_any_case() {
        for algorithm in Algorithm::PREFERRED {
            for algorithm in [algorithm, algorithm.session()] {
                let name = algorithm.to_string();
                assert_eq!(Algorithm::parse(&name.to_lowercase()), Some(algorithm));
                assert_eq!(Algorithm::parse(&name), Some(algorithm));
            }
        }
        for name in ["", "SHA", "SHA-512", "MD5-", "AKAv2-MD5"] {
            assert_eq!(Algorithm::parse(name), None, "{name}");
        }
        assert_eq!(Qop::parse("AUTH-int"), Some(Qop::AuthInt));
        assert_eq!(Qop::parse("auth-conf"), None);
        assert_eq!(Qop::Auth.to_string(), "auth");
    }

    /// The oracle is Python's `hashlib` over the bytes `a:b`.
    #[test]
    fn parts_are_joined_with_colons() {
        let table = [
            (HashFunction::Md5, "d8160c9b3dc20d4e931aeb4f45262155"),
            (
                HashFunction::Sha256,
                "6783a31eabf68ccc0660f935c0826282bdd2241f3a80a9f2d10d59aea9ebb5d8",
            ),
            (
                HashFunction::Sha512_256,
                "399ce3b985f4a59dcded69bacdd23f8fe39ff5dacb7ced8431ff48ca561cf644",
            ),
        ];
        for (hash, expected) in table {
            assert_eq!(hash.hex(&[b"a", b"b"]), expected);
            assert_eq!(hash.hex_len(), expected.len());
        }
    }
}
