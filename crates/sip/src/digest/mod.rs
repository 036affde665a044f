//! Digest access authentication (RFC 2617, 7616 and, for SIP, 3261 section 22 and 8760).
//!
//! A client has a [`ClientAuth`]: it is shown challenges and gives credentials for the next request. A server
//! makes nonces with a [`NonceSource`], sends [`Challenges`], and asks [`verify()`] what it thinks of the
//! credentials that come back; [`NonceCounts`] refuses credentials that are sent a second time. The views of the
//! header fields themselves are in [`header::auth`](crate::header::auth).
//!
//! What a response covers is the text that the quoted strings say: a user name `a"b` is escaped in the header
//! and hashed without its backslash.
//!
//! | module | what it holds |
//! | --- | --- |
//! | `account` | [`Account`] and [`Ha1`]: who, and the secret |
//! | `aka` | [`AkaAlgorithm`], [`AkaNonce`], [`Auts`]: passwords that a SIM makes (RFC 3310, 4169) |
//! | `algorithm` | [`Algorithm`], [`HashFunction`], [`Qop`] |
//! | `client` | [`ClientAuth`], one [`Session`] for each realm |
//! | `challenge` | [`Challenges`], side by side in order of preference |
//! | `nonce`, `counts` | [`NonceSource`], [`NonceCounts`] |
//! | `verify` | [`verify()`] and its [`Outcome`] |
//! | `info` | [`confirm`] and [`check`]: the server's proof in `Authentication-Info` |

mod account;
mod aka;
mod algorithm;
mod answer;
mod challenge;
mod client;
mod compute;
mod counts;
mod info;
mod nonce;
mod verify;

#[cfg(test)]
mod tests;

pub use account::{Account, Ha1};
pub use aka::{AkaAlgorithm, AkaNonce, AkaVersion, Auts};
pub use algorithm::{Algorithm, HashFunction, Qop};
pub use answer::{AnswerError, Session};
pub use challenge::Challenges;
pub use client::{Answer, Challenger, ClientAuth, Refused};
pub use compute::Covered;
pub use counts::NonceCounts;
pub use info::{Proof, check, confirm};
pub use nonce::{Freshness, NonceSource};
pub use verify::{Expected, Outcome, Reply, UriRule, verify, verify_aka};
