//! How much a SIP peer may send.

/// Caps on one message. Each is tested at, one over and far over its edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of start line and headers together. A datagram cannot hold more than 65,535, and no deployed stack
    /// writes a larger head on a stream.
    pub max_head: usize,
    /// Bytes of one header field with all its folded lines: half a head, so that one field cannot fill it.
    pub max_header: usize,
    /// Header fields in one message. Long Record-Route and Via chains stay below 200; the rest is head-room.
    pub max_headers: usize,
    /// Bytes of one body. Larger content goes by MSRP; 1 MiB leaves room for conference documents.
    pub max_body: usize,
}

impl Limits {
    /// The default caps, usable in constants.
    pub const DEFAULT: Self = Self {
        max_head: 64 * 1024,
        max_header: 32 * 1024,
        max_headers: 1024,
        max_body: 1024 * 1024,
    };

    /// Caps for an element that faces the open network.
    #[must_use]
    pub const fn strict() -> Self {
        Self { max_head: 16 * 1024, max_header: 4 * 1024, max_headers: 128, max_body: 64 * 1024 }
    }

    /// Caps that hardly bind, for analysing captures.
    #[must_use]
    pub const fn lab() -> Self {
        Self {
            max_head: 16 * 1024 * 1024,
            max_header: 16 * 1024 * 1024,
            max_headers: 65_535,
            max_body: 256 * 1024 * 1024,
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
