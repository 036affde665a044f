//! Where bytes come from and where they go.

use std::net::SocketAddr;

/// A socket or an accepted connection, numbered by the driver. A number is never used twice in one run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct LinkId(pub u32);

/// The transport below a text protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Protocol {
    /// Datagrams.
    Udp,
    /// A plain stream.
    Tcp,
    /// A stream under TLS.
    Tls,
    /// WebSocket messages.
    Ws,
    /// WebSocket messages under TLS.
    Wss,
}

impl Protocol {
    /// Whether the transport delivers in order and without loss, so that nothing is retransmitted above it.
    #[must_use]
    pub const fn is_reliable(self) -> bool {
        !matches!(self, Self::Udp)
    }

    /// Whether the transport is protected by TLS.
    #[must_use]
    pub const fn is_secure(self) -> bool {
        matches!(self, Self::Tls | Self::Wss)
    }
}

/// Where a payload goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Destination {
    /// A link that is there already: an answer, or a flow that a registration bound.
    Link(LinkId),
    /// An address; the driver finds or opens the link.
    Address(Protocol, SocketAddr),
}
