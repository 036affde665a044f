//! Links: what a driver says of its connections, and what a machine keeps of each.
//!
//! All machines of this crate are told the same five things of a link ([`LinkInput`]). A link that takes no bytes is
//! [`Blocked`](LinkInput::Blocked): then a machine writes nothing to it but answers, which are few. Towards a link that
//! is not blocked, a machine writes [`LinkLimits::burst`] bytes and asks to be woken at once for more, so that a driver
//! has its say in between, and no queue holds more than that.

mod framer;
mod read;
mod reply;
mod table;

use std::time::Duration;

use bytes::Bytes;
use missiva_core::LinkId;

use crate::Limits;

pub(crate) use framer::Framer;
pub(crate) use read::Reads;
pub(crate) use reply::{reply, reply_with};
pub(crate) use table::Links;

/// What a driver says of a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkInput {
    /// The link is there, whoever opened it.
    Up {
        /// The link.
        link: LinkId,
        /// How messages are told apart on it.
        framing: Framing,
    },
    /// Bytes arrived; on WebSocket, one whole message.
    Bytes {
        /// The link.
        link: LinkId,
        /// What arrived.
        bytes: Bytes,
    },
    /// What was written waits in the driver, and more would only wait longer.
    Blocked {
        /// The link.
        link: LinkId,
    },
    /// The link takes bytes again.
    Writable {
        /// The link.
        link: LinkId,
    },
    /// The link is gone.
    Down {
        /// The link.
        link: LinkId,
    },
}

impl LinkInput {
    /// The link that this is about.
    #[must_use]
    pub const fn link(&self) -> LinkId {
        match self {
            Self::Up { link, .. }
            | Self::Bytes { link, .. }
            | Self::Blocked { link }
            | Self::Writable { link }
            | Self::Down { link } => *link,
        }
    }
}

/// How messages are told apart on a link.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Framing {
    /// By their end-lines: TCP and TLS.
    #[default]
    Stream,
    /// Each is a WebSocket message (RFC 7977).
    WebSocket,
}

/// How much a machine keeps for one link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkLimits {
    /// What the framer of a link holds back.
    pub framing: Limits,
    /// Links at once. Over it, a new one is to be closed. A process has 65,536 descriptors for two links of a relay each.
    pub max_links: usize,
    /// Transmits that nobody has fetched. Over it, a new link is to be closed: links that come and go must not fill what
    /// nobody empties.
    pub max_undrained: usize,
    /// Bytes of requests that are written before the driver is asked for its view: four of the largest common chunks.
    pub burst: usize,
    /// Bytes of answers and reports to a link that takes nothing, or that nobody drains. A peer that asks and does not
    /// read what it is told is cut off: the link is to be closed. An endpoint counts them instead, with
    /// [`SendLimits::max_controls`](crate::send::SendLimits::max_controls).
    pub max_answers: usize,
}

impl LinkLimits {
    /// The default caps, usable in constants.
    pub const DEFAULT: Self = Self {
        framing: Limits::DEFAULT,
        max_links: 32_768,
        max_undrained: 1 << 20,
        burst: 256 * 1024,
        max_answers: 256 * 1024,
    };
}

impl Default for LinkLimits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// When a machine with more to write asks to be woken: as good as at once, and yet after the present moment.
pub(crate) const SOON: Duration = Duration::from_micros(1);
