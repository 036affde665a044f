//! Authentication: challenges, credentials and their confirmation (RFC 3261 sections 20.6, 20.7, 20.27, 20.28,
//! 20.44; RFC 3310, 7615, 7616 and 8760).
//!
//! The fields of these views hold what their parameters say, without quotes and escapes: borrowed from the
//! message, or text of their own where an escape had to be removed or the value was built here. A value that
//! shall outlive its message is made so with `into_owned`. How responses are computed is in
//! [`digest`](crate::digest).

mod challenge;
mod credentials;
mod info;
mod param;
mod username;

pub use challenge::{Challenge, DigestChallenge};
pub use credentials::{Credentials, DigestCredentials};
pub use info::AuthenticationInfo;
pub use param::{AuthParam, OtherAuth};
pub use username::Username;

/// What [`DigestChallenge::algorithm`] means when it is not there (RFC 7616 section 3.3).
pub const DEFAULT_ALGORITHM: &str = "MD5";
