//! How much one session may keep.

/// Caps on the messages of one session. Each is tested at, one over and far over its edge.
///
/// What a session keeps is bounded by `max_kept`, twice over at worst while a buffer grows, and by `max_open` small
/// tables of `max_ranges` entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReceiveLimits {
    /// Bytes of one message that is handed over in slices; they cost no memory. No file that is sent by message is
    /// larger. Over it: 413.
    pub max_message: u64,
    /// Bytes of one message that is handed over whole. Standalone messages of five megabytes are ordinary; three times
    /// that is room. Over it: 413.
    pub max_whole: usize,
    /// Bytes of one message that came out of order and wait for those before them. Sixteen of the largest common
    /// chunks. Over it: 413.
    pub max_waiting: usize,
    /// Bytes that all messages of the session keep together. Over it: 413.
    pub max_kept: usize,
    /// Messages that have begun and not ended. One sender interleaves a handful. Over it: 413 for the newest.
    pub max_open: usize,
    /// Runs of bytes that one message has, with gaps between them. Over it: 413.
    pub max_ranges: usize,
    /// Messages whose ids are remembered after they ended, so that a repetition is not delivered again. The oldest is
    /// forgotten first.
    pub max_finished: usize,
}

impl ReceiveLimits {
    /// The default caps, usable in constants.
    pub const DEFAULT: Self = Self {
        max_message: 1 << 40,
        max_whole: 16 * 1024 * 1024,
        max_waiting: 1024 * 1024,
        max_kept: 32 * 1024 * 1024,
        max_open: 128,
        max_ranges: 128,
        max_finished: 1024,
    };
}

impl Default for ReceiveLimits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
