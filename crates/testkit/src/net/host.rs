//! Who sits on a network, and what the network says to it.

use std::any::Any;
use std::net::SocketAddr;

use bytes::Bytes;
use missiva_core::{Deadline, Instant, LinkId, Protocol, Transmit};

/// What the network has to say to a host.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Notice {
    /// A link is there. Each end has a number of its own.
    Up {
        /// The end of this host.
        link: LinkId,
        /// What it runs over.
        protocol: Protocol,
        /// The address of the other end.
        peer: SocketAddr,
        /// Whether this host opened it.
        opened: bool,
        /// Bytes that the network takes at once; `usize::MAX` on a link without a window.
        room: usize,
    },
    /// Bytes arrived on a link.
    Data {
        /// The end of this host.
        link: LinkId,
        /// What arrived: pieces of any size on a stream, whole messages on WebSocket.
        bytes: Bytes,
    },
    /// The window of a link is full. What is written now waits in the driver.
    Blocked {
        /// The end of this host.
        link: LinkId,
    },
    /// A link that was blocked takes bytes again.
    Writable {
        /// The end of this host.
        link: LinkId,
        /// Bytes that the network takes at once.
        room: usize,
    },
    /// A link is gone. Nothing more is heard of it.
    Down {
        /// The end of this host.
        link: LinkId,
        /// Why.
        cause: Cause,
    },
    /// A datagram arrived.
    Datagram {
        /// Whose it is.
        from: SocketAddr,
        /// To which address of this host.
        to: SocketAddr,
        /// All of it.
        bytes: Bytes,
    },
    /// Nobody listens where the host wanted a link to.
    Unreachable {
        /// What the link was to run over.
        protocol: Protocol,
        /// Where to.
        to: SocketAddr,
    },
}

/// Why a link is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cause {
    /// One end closed it, after everything that this end had written.
    Closed,
    /// It broke; bytes under way are lost.
    Cut,
}

/// What a host orders beside its transmits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Action {
    /// Open a link. A transmit to an address opens one by itself.
    Connect(Protocol, SocketAddr),
    /// Close a link after what was written to it.
    Close(LinkId),
    /// Break a link at once, as a failing process does.
    Reset(LinkId),
}

/// Somebody on the network: one or more machines, the application above them, and the translation between the
/// network's notices and the machines' inputs.
///
/// [`Seat`](super::Seat) is the host for one machine. The network calls in this order after everything that happens:
/// [`hear`](Self::hear), [`poll_transmit`](Self::poll_transmit) until `None`, [`poll_action`](Self::poll_action) until
/// `None`, [`poll_timeout`](Self::poll_timeout).
pub trait Host: Any {
    /// The network speaks.
    fn handle_notice(&mut self, now: Instant, notice: Notice);

    /// Time has passed.
    fn handle_timeout(&mut self, now: Instant);

    /// The application takes all events, and may command its machines. Each text given to `tell` becomes a rung of
    /// the ladder: which event it was, without content.
    fn hear(&mut self, now: Instant, tell: &mut dyn FnMut(String));

    /// The next thing to write.
    fn poll_transmit(&mut self) -> Option<Transmit>;

    /// The next order.
    fn poll_action(&mut self) -> Option<Action> {
        None
    }

    /// When to call [`handle_timeout`](Self::handle_timeout).
    fn poll_timeout(&self) -> Option<Deadline>;
}
