//! The switch: a room of sessions, as a conference focus needs it. What one member sends goes to all others, or to those
//! that the application names.
//!
//! Nothing is put together and nothing is copied: a chunk goes on as it comes, its body shared by all who get it, under
//! one transaction id that was proved absent from it once. Each message gets a `Message-ID` of the switch, since two
//! members may have chosen the same. The sender is answered by the switch alone, and gets its report of success when all
//! of the message was handed on; what became of it with each member is the business of disposition notifications.
//!
//! ```text
//! one message
//!
//!   first piece ─► Arriving ── route ─► Passing ── last piece, `#`, sender gone ─► (gone)
//!                    │ 10 s: 408          ▲   │
//!                    ▼                    └───┘ pieces, to each member that keeps up
//!                  Refused ── rest of it is answered likewise ──────────────────► (gone)
//! ```
//!
//! A member that takes less than the room says loses whole messages and nothing else, and nobody but that member loses
//! anything: see [`SwitchLimits::max_waiting`].

mod fan_out;
mod inbound;
mod machine;
mod members;

use std::time::Duration;

use bytes::Bytes;
use missiva_core::LinkId;

pub use machine::Switch;

use crate::StatusCode;
use crate::header::FailureReport;
use crate::link::LinkLimits;
use crate::session::Labels;
use crate::slab::handle;

handle! {
    /// A room.
    RoomId
}

handle! {
    /// A session in a room.
    MemberId
}

handle! {
    /// A message on its way through a room.
    PassageId
}

handle! {
    /// A member's wish for a nickname.
    NicknameId
}

/// What the application hears.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// A member is bound to its link.
    Joined {
        /// The member.
        member: MemberId,
    },
    /// A member is gone.
    Left {
        /// The member.
        member: MemberId,
        /// Why.
        reason: Reason,
    },
    /// A message has begun, and waits to be [routed](Switch::route).
    Arriving {
        /// The message.
        passage: PassageId,
        /// Who sends it.
        from: MemberId,
        /// What its content is.
        labels: Labels,
        /// Bytes in it, when the sender has said so.
        total: Option<u64>,
        /// Its first bytes: all of a small message, and of a large one what a chunk of 2048 bytes has at least. The
        /// headers of a CPIM message stand in them.
        start: Bytes,
    },
    /// A message is through, or will not be.
    Passed {
        /// The message.
        passage: PassageId,
        /// Bytes of it that were handed on.
        bytes: u64,
        /// Whether that is all.
        complete: bool,
    },
    /// A member lost a message: it took too little, or refused it.
    Skipped {
        /// The member.
        member: MemberId,
        /// With what it refused, if it did.
        status: Option<StatusCode>,
    },
    /// A member wants a nickname (RFC 7701 section 7); [answer](Switch::answer_nickname) it. An empty one gives the name
    /// back.
    Nickname {
        /// The wish.
        request: NicknameId,
        /// Whose.
        member: MemberId,
        /// The name.
        name: String,
    },
    /// Close this link.
    Close {
        /// The link.
        link: LinkId,
    },
}

/// Why a member is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// The application sent it away, or closed the room.
    Removed,
    /// Its link is down.
    LinkDown,
    /// Its link brought what is no MSRP, or took too little, and is to be closed.
    LinkLost,
    /// Its other end knows nothing of the session (481), or has it on another link (506).
    Refused,
    /// Nobody connected in time.
    NotBound,
    /// Its other end did not answer the first SEND.
    NoAnswer,
}

/// Who gets a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// Every member of the room but the sender.
    Everyone,
    /// These members of the room.
    Members(Vec<MemberId>),
    /// Nobody: the sender is answered with this.
    Refuse(StatusCode),
}

/// How much a switch keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SwitchLimits {
    /// Its links.
    pub links: LinkLimits,
    /// Rooms at once.
    pub max_rooms: usize,
    /// Members of all rooms.
    pub max_members: usize,
    /// Bytes that wait to be written to one member. A message for which there is no room is lost to that member: it is
    /// told with `#` when it had some of it, and the application hears of it.
    pub max_waiting: usize,
    /// Bytes of one message that wait to be routed. Over it: 413.
    pub max_undecided: usize,
    /// Messages that one member has under way. Over it: 413.
    pub max_passages: usize,
    /// Requests that wait for their answers on one member. Over it the next ones wait to be written.
    pub max_pending: usize,
    /// Events that nobody has fetched. Over it, links that bring more are closed.
    pub max_events: usize,
    /// What members are asked to say of failures. By default they answer only when they fail: a thousand answers of
    /// success to one message help nobody.
    pub failure: FailureReport,
    /// Within what time a message must be routed and a nickname answered; after it the sender gets a 408.
    pub decide_within: Duration,
    /// Within what time a passive member must be bound.
    pub bind_within: Duration,
    /// After how long without a chunk a message is given up.
    pub stale_after: Duration,
}

impl SwitchLimits {
    /// The default caps, usable in constants.
    pub const DEFAULT: Self = Self {
        links: LinkLimits::DEFAULT,
        max_rooms: 16_384,
        max_members: 65_536,
        max_waiting: 1024 * 1024,
        max_undecided: 256 * 1024,
        max_passages: 64,
        max_pending: 1024,
        max_events: 65_536,
        failure: FailureReport::Partial,
        decide_within: Duration::from_secs(10),
        bind_within: Duration::from_secs(60),
        stale_after: Duration::from_secs(300),
    };
}

impl Default for SwitchLimits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
