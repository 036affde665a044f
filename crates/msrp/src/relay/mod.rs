//! Relays (RFC 4976): behind address translators and firewalls, and between domains.
//!
//! A client asks its relay with AUTH for a URI, and proves with a digest who it is; the URI is good for a while, and
//! stands in the path that the client describes itself with. Requests that name it first are passed on: the relay takes
//! its URI off `To-Path` and puts it before `From-Path`. What its client sends goes anywhere; what anybody else sends
//! goes to its client and nowhere else.
//!
//! SENDs are answered hop by hop, at once, and what becomes of them behind the relay is told with REPORTs; all other
//! requests are answered end to end. Chunks pass in pieces and are never put together.
//!
//! The client's side of AUTH is [`Endpoint::log_in`](crate::session::Endpoint::log_in).
//!
//! ```text
//! one AUTH
//!
//!   no credentials, old nonce ──────────────────────────────────────────► 401
//!   credentials ─► Ask ── unknown, wrong, no answer in 10 s ────────────► 401
//!                   └─── right ─► Expires out of bounds ────────────────► 423
//!                                  └── within ─► token ─► 200 Use-Path, until it expires or its link is down
//! ```

mod auth;
mod digest;
mod forward;
mod hops;
mod machine;

use std::time::Duration;

use missiva_core::{ByteStr, LinkId};

pub use digest::{Secret, Terms};
pub use machine::Relay;

pub(crate) use digest::{client_answer, is_confirmed};

use crate::link::{LinkInput, LinkLimits};
use crate::slab::handle;
use crate::uri::UriBuf;

handle! {
    /// A question of a relay.
    AskId
}

/// What a relay is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// Of a link.
    Link(LinkInput),
    /// The answer to a question.
    Answer {
        /// Which.
        ask: AskId,
        /// The answer.
        answer: Answer,
    },
}

/// The answer to a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The secret of a user; nothing when nobody is known by that name.
    Secret(Option<Secret>),
    /// The link to a next hop, which must be up; nothing when there is none.
    Link(Option<LinkId>),
}

/// What a relay wants to know.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Question {
    /// The secret of this user. Without an answer the user is unknown.
    Secret {
        /// The name.
        username: ByteStr,
        /// The realm for which a hashed secret must have been made.
        realm: ByteStr,
    },
    /// A link to this hop: an existing one, or a new one to host and port of the URI, under TLS when it is secure. Without
    /// an answer there is none.
    Link {
        /// The hop.
        hop: UriBuf,
    },
}

/// What the driver and the application hear.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// A question, to be answered with [`Input::Answer`] within [`RelayLimits::answer_within`].
    Ask {
        /// Its number.
        ask: AskId,
        /// What is asked.
        question: Question,
    },
    /// A client has a URI, or may keep it.
    Granted {
        /// Who.
        username: ByteStr,
        /// The URI.
        uri: UriBuf,
        /// For how long.
        expires: Duration,
    },
    /// A URI is of no more use.
    Revoked {
        /// The URI.
        uri: UriBuf,
    },
    /// Read nothing from this link until it is released: what it brings cannot be written yet.
    Hold {
        /// The link.
        link: LinkId,
    },
    /// Read from this link again.
    Release {
        /// The link.
        link: LinkId,
    },
    /// Close this link.
    Close {
        /// The link.
        link: LinkId,
    },
}

/// Who a relay is.
#[derive(Clone, Debug)]
pub struct RelayIdentity {
    /// Its URI without a session id, as clients are configured with it.
    pub uri: UriBuf,
    /// The realm of its users.
    pub realm: ByteStr,
    /// The key of its nonces: secret and random. Relays that share it know each other's nonces.
    pub nonce_key: [u8; 32],
}

/// How much a relay keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RelayLimits {
    /// Its links.
    pub links: LinkLimits,
    /// URIs that are granted at once. Over it: 403.
    pub max_tokens: usize,
    /// Hops at once, links and those that are asked for. Over it: 403.
    pub max_hops: usize,
    /// Questions at once. Over it: 403.
    pub max_asks: usize,
    /// Bytes that wait to be written to one hop. At half of it the link that brings them is held; over it the message is
    /// lost and reported with 413.
    pub max_waiting: usize,
    /// Requests that wait for their answers at one hop. Over it the next ones wait to be written.
    pub max_pending: usize,
    /// Events that nobody has fetched. Over it, links that bring more are closed.
    pub max_events: usize,
    /// The shortest time that a URI is granted for. A shorter wish: 423.
    pub min_expires: u32,
    /// The longest, which is also granted where none is asked for. A longer wish: 423.
    pub max_expires: u32,
    /// Seconds that a nonce is good for.
    pub nonce_lifetime: u64,
    /// Within what time a question must be answered.
    pub answer_within: Duration,
}

impl RelayLimits {
    /// The default caps, usable in constants.
    pub const DEFAULT: Self = Self {
        links: LinkLimits::DEFAULT,
        max_tokens: 65_536,
        max_hops: 65_536,
        max_asks: 4096,
        max_waiting: 2 * 1024 * 1024,
        max_pending: 1024,
        max_events: 65_536,
        min_expires: 60,
        max_expires: 3600,
        nonce_lifetime: 300,
        answer_within: Duration::from_secs(10),
    };
}

impl Default for RelayLimits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
