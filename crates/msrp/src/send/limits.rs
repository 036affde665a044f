//! How much may wait to be sent.

/// Caps on one link's outgoing side. Each is tested at, one over and far over its edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SendLimits {
    /// Messages that wait or are under way. Over it a message is refused to the application.
    pub max_messages: usize,
    /// Responses and reports that wait. A peer that sends and does not read fills this; over it the link is of no use
    /// and should be closed.
    pub max_controls: usize,
    /// Bytes that one source may be ahead of the link: two of the largest pieces, so that the next is there when one is
    /// written.
    pub max_ahead: usize,
    /// Bytes of one piece, after which others get their turn: at ten megabits a second, a twentieth of a second.
    pub max_piece: usize,
    /// Bytes of one chunk that nobody wants to interrupt. What the peer acknowledges comes in these units.
    pub max_chunk: u64,
}

impl SendLimits {
    /// The default caps, usable in constants.
    pub const DEFAULT: Self = Self {
        max_messages: 1024,
        max_controls: 4096,
        max_ahead: 128 * 1024,
        max_piece: 64 * 1024,
        max_chunk: 1024 * 1024,
    };
}

impl Default for SendLimits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
