//! What went wrong in a piece of text, and where.

/// The first fault found in an input: small, copyable, and silent about the content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind} at offset {at}")]
pub struct Fault {
    /// What is wrong.
    pub kind: FaultKind,
    /// Byte offset in the input that was handed in.
    pub at: u32,
}

impl Fault {
    /// A fault of `kind` at byte `at`.
    #[must_use]
    pub fn new(kind: FaultKind, at: usize) -> Self {
        Self { kind, at: u32::try_from(at).unwrap_or(u32::MAX) }
    }

    /// The same fault seen from the whole of which the input was the part that starts at `base`.
    #[must_use]
    pub fn shifted(self, base: usize) -> Self {
        Self::new(self.kind, base.saturating_add(self.at as usize))
    }
}

/// The ways in which text can be wrong, shared by all grammars of the workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum FaultKind {
    /// A carriage return without a line feed.
    #[error("carriage return without line feed")]
    BareCr,
    /// A line feed without a carriage return.
    #[error("line feed without carriage return")]
    BareLf,
    /// Two statements of one fact differ, or one fact is stated twice.
    #[error("contradicts another part of the message")]
    Conflict,
    /// Nothing stands where something must.
    #[error("missing or empty")]
    Empty,
    /// The input ends too soon.
    #[error("unexpected end")]
    End,
    /// A percent or backslash escape that is incomplete or forbidden.
    #[error("invalid escape")]
    Escape,
    /// A host name or an IP address that is none.
    #[error("invalid host or address")]
    Host,
    /// More bytes or elements than the configured limit.
    #[error("over the configured limit")]
    Limit,
    /// A NUL byte.
    #[error("NUL byte")]
    Nul,
    /// A number that is none, or out of its range.
    #[error("invalid or out-of-range number")]
    Number,
    /// A quoted string that is not closed.
    #[error("quoted string is not closed")]
    Quote,
    /// A syntax of which this version knows nothing.
    #[error("not supported")]
    Unsupported,
    /// A byte that the grammar does not allow here.
    #[error("unexpected byte")]
    Unexpected,
    /// Bytes that are not UTF-8.
    #[error("invalid UTF-8")]
    Utf8,
    /// A word that is not one of those allowed.
    #[error("value is not one of those allowed")]
    Value,
}
