//! How much an MSRP peer may send.

/// Caps on what arrives. Each is tested at, one over and far over its edge.
///
/// Memory of a framer is `max_head + max_held` and no more than sixty-four of the buffers that are pushed; it does
/// not grow with the size of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the first line. An id has 32 and methods are short; the rest is room for the comment of a response.
    pub max_start_line: usize,
    /// Bytes of start line and headers together. Two paths of ten relays with ids of 32 bytes have some 2 KiB; the
    /// rest is for MIME headers. Larger values than 65,535 count as 65,535, which offsets are made for.
    pub max_head: usize,
    /// Bytes of one header line: half a head, so that one line cannot fill it.
    pub max_header: usize,
    /// Header lines in one message. The longest in the standards has twelve.
    pub max_headers: usize,
    /// Bytes of a body with a stated length that may wait for their end-line, so that it can be verified instead of
    /// searched for. Four chunks of the common largest size; a longer body is searched as it passes.
    pub max_held: usize,
    /// Bytes that may follow the place where the end-line was due. A peer whose end-line bears another id is lost:
    /// nothing that it sends is a message any more, and past this the link is given up.
    pub max_overrun: u64,
    /// Bytes of one body. It costs no memory, and is there so that an end-line that never comes is noticed at last.
    pub max_body: u64,
}

impl Limits {
    /// The default caps, usable in constants.
    pub const DEFAULT: Self = Self {
        max_start_line: 1024,
        max_head: 16 * 1024,
        max_header: 8 * 1024,
        max_headers: 64,
        max_held: 256 * 1024,
        max_overrun: 64 * 1024,
        max_body: 1 << 40,
    };

    /// Caps for an element that faces the open network.
    #[must_use]
    pub const fn strict() -> Self {
        Self {
            max_start_line: 512,
            max_head: 8 * 1024,
            max_header: 4 * 1024,
            max_headers: 32,
            max_held: 128 * 1024,
            max_overrun: 4 * 1024,
            max_body: 4 << 30,
        }
    }

    /// Caps that hardly bind, for analysing captures.
    #[must_use]
    pub const fn lab() -> Self {
        Self {
            max_start_line: 65_535,
            max_head: 65_535,
            max_header: 65_535,
            max_headers: 16_384,
            max_held: 16 * 1024 * 1024,
            max_overrun: u64::MAX,
            max_body: u64::MAX,
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
