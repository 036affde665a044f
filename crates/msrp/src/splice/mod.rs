//! The splice: two sessions made one, as a back-to-back user agent needs it that stays in the path of the media.
//!
//! Each side sees a session with the splice and nothing of the other side: neither its URIs nor its relays. What passes
//! keeps its `Message-ID`, its bytes and all header lines but the paths; nothing is put together. An answer to a chunk
//! is the answer that the other side gave: the sender's account of what was acknowledged is as exact as without a splice
//! in between, and the sender slows down as the receiver does. Reports pass likewise. SENDs without content concern one
//! side alone: they are answered here and go no further.
//!
//! ```text
//!   Joining ── both sides bound ──► Joined ── one side lost ──► Draining ── all written ──► (ended)
//!      │                              │ part                        │ part, other side lost
//!      └──── a side lost, part ───────┴─────────────────────────────┴──────────────────────► (ended)
//! ```

mod ending;
mod inbound;
mod machine;
mod outbound;

use std::time::Duration;

use missiva_core::LinkId;

pub use machine::Splice;

use crate::leg::{Ends, Matching, Setup};
use crate::link::LinkLimits;
use crate::slab::handle;

handle! {
    /// Two joined sessions.
    PairId
}

/// One of the two sides of a pair, in the order in which they were given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// The first.
    A,
    /// The second.
    B,
}

impl Side {
    /// The side across.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::A => Self::B,
            Self::B => Self::A,
        }
    }
}

/// What one side is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SideSetup {
    /// The names of this session's ends.
    pub ends: Ends,
    /// Who connects.
    pub setup: Setup,
    /// How URIs are compared.
    pub matching: Matching,
}

/// Bytes of content that passed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Passed {
    /// From side A to side B.
    pub to_b: u64,
    /// From side B to side A.
    pub to_a: u64,
}

/// What the application hears.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// Both sides are bound to their links.
    Joined {
        /// The pair.
        pair: PairId,
    },
    /// One side is gone. What it sent before still goes to the other one; whatever the other one sends is answered with
    /// 481.
    Lost {
        /// The pair.
        pair: PairId,
        /// The side.
        side: Side,
        /// Why.
        reason: Reason,
    },
    /// A message was lost because the other side took too little and the link was not held.
    Dropped {
        /// The pair.
        pair: PairId,
        /// The side that should have got it.
        to: Side,
    },
    /// The pair is gone.
    Ended {
        /// The pair.
        pair: PairId,
        /// What passed.
        passed: Passed,
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

/// Why a side is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// Its link is down.
    LinkDown,
    /// Its other end knows nothing of the session (481).
    NoSession,
    /// Its other end has the session on another link (506).
    WrongConnection,
    /// It brought what is no MSRP, or read nothing of what it was told.
    LinkLost,
    /// Nobody connected in time.
    NotBound,
    /// Its other end did not answer the first SEND.
    NoAnswer,
}

/// How much a splice keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpliceLimits {
    /// Its links.
    pub links: LinkLimits,
    /// Pairs at once.
    pub max_pairs: usize,
    /// Bytes that wait to be written to one side. At half of it the link that brings them is held; over it the message
    /// is lost: its sender gets a 413, its receiver a chunk with `#`.
    pub max_waiting: usize,
    /// Requests that wait for their answers on one side. Over it the next ones wait to be written.
    pub max_pending: usize,
    /// Chunks of one side whose answers wait for those of the other. Over it: 413.
    pub max_unanswered: usize,
    /// Events that nobody has fetched. Over it, links that bring more are closed.
    pub max_events: usize,
    /// Within what time an answer must come from the other side; after it the sender gets a 408. Less than the thirty
    /// seconds after which the sender would stop waiting.
    pub answer_within: Duration,
    /// Within what time a passive side must be bound.
    pub bind_within: Duration,
    /// How long what is left for one side may take to be written after the other side is gone.
    pub drain_within: Duration,
}

impl SpliceLimits {
    /// The default caps, usable in constants.
    pub const DEFAULT: Self = Self {
        links: LinkLimits::DEFAULT,
        max_pairs: 16_384,
        max_waiting: 2 * 1024 * 1024,
        max_pending: 1024,
        max_unanswered: 1024,
        max_events: 65_536,
        answer_within: Duration::from_secs(25),
        bind_within: Duration::from_secs(60),
        drain_within: Duration::from_secs(30),
    };
}

impl Default for SpliceLimits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
