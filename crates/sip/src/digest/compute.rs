//! The formulas of RFC 7616 section 3.4.

use std::fmt::Write;

use subtle::ConstantTimeEq;

use super::{Algorithm, Ha1, HashFunction, Qop};
use crate::Method;

/// What of a request its credentials may cover.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Covered<'a> {
    /// The method.
    pub method: Method<'a>,
    /// The digest URI: the Request-URI as its sender wrote it.
    pub uri: &'a str,
    /// The body, all parts of a multipart one included; empty when there is none. Only
    /// [`Qop::AuthInt`] looks at it.
    pub body: &'a [u8],
}

/// The nonces and the quality under which a response is computed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terms<'a> {
    pub(super) algorithm: Algorithm,
    pub(super) nonce: &'a str,
    pub(super) cnonce: &'a str,
    /// The count as it is spelled in the header.
    pub(super) nc: &'a str,
    /// The quality, and its name as it is spelled in the header; `None` for the response of RFC 2069.
    pub(super) qop: Option<(Qop, &'a str)>,
}

impl Terms<'_> {
    /// The proof of a client (`method` is that of the request) or of a server (`method` is empty).
    pub(super) fn response(&self, key: &Ha1, method: &str, uri: &str, body: &[u8]) -> String {
        let hash = self.algorithm.hash;
        let ha2 = hash_request(hash, self.qop.map(|qop| qop.0), method, uri, body);
        match self.qop {
            Some((_, qop)) => hash.hex(&[
                key.hex().as_bytes(),
                self.nonce.as_bytes(),
                self.nc.as_bytes(),
                self.cnonce.as_bytes(),
                qop.as_bytes(),
                ha2.as_bytes(),
            ]),
            None => hash.hex(&[key.hex().as_bytes(), self.nonce.as_bytes(), ha2.as_bytes()]),
        }
    }
}

/// `H(A2)`.
fn hash_request(
    hash: HashFunction,
    qop: Option<Qop>,
    method: &str,
    uri: &str,
    body: &[u8],
) -> String {
    if qop == Some(Qop::AuthInt) {
        let body = hash.hex(&[body]);
        hash.hex(&[method.as_bytes(), uri.as_bytes(), body.as_bytes()])
    } else {
        hash.hex(&[method.as_bytes(), uri.as_bytes()])
    }
}

/// Whether a proof that arrived is the one that was computed: hexadecimal digits in any case, compared without
/// telling where they first differ.
pub(super) fn same_proof(computed: &str, arrived: &str) -> bool {
    let arrived = arrived.to_ascii_lowercase();
    computed.as_bytes().ct_eq(arrived.as_bytes()).into()
}

pub(super) fn hex_of<D: sha2::Digest>(parts: &[&[u8]]) -> String {
    let mut digest = D::new();
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            digest.update(b":");
        }
        digest.update(part);
    }
    hex(&digest.finalize())
}

/// `bytes` in lower-case hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().saturating_mul(2));
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// A nonce count as it is written.
pub(super) fn count_text(count: u32) -> String {
    format!("{count:08x}")
}
