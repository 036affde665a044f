//! How much a peer may describe.

/// Caps on one description. Each is tested at, one over and far over its edge; going over one is the fault
/// [`Limit`](missiva_core::FaultKind::Limit).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the whole description. Browsers with many streams come to about 100 KB, telephones to 2 KB.
    pub max_size: usize,
    /// Bytes of one line without its line end. The longest in the field are key-management messages of some KB.
    pub max_line: usize,
    /// Lines of the whole description.
    pub max_lines: usize,
    /// Media descriptions. An answer has as many as its offer, so this is also what one INVITE can make us write.
    pub max_media: usize,
}

impl Limits {
    /// The default caps, usable in constants.
    pub const DEFAULT: Self =
        Self { max_size: 256 * 1024, max_line: 16 * 1024, max_lines: 8192, max_media: 256 };

    /// Caps for an element that faces the open network.
    #[must_use]
    pub const fn strict() -> Self {
        Self { max_size: 32 * 1024, max_line: 4 * 1024, max_lines: 1024, max_media: 32 }
    }

    /// Caps that hardly bind, for analysing captures.
    #[must_use]
    pub const fn lab() -> Self {
        Self {
            max_size: 64 * 1024 * 1024,
            max_line: 64 * 1024 * 1024,
            max_lines: 4 * 1024 * 1024,
            max_media: 1024 * 1024,
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
