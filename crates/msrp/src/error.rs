//! What was wrong with a message, where, and in which field.

use std::fmt;

use missiva_core::{Fault, FaultKind};

use crate::HeaderName;

/// A fault of one field: copyable, located, and silent about the content.
///
/// `at` counts from the first byte of the message, so whoever still has the bytes can look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("offset {at}: {field}: {kind}")]
pub struct ParseError {
    /// What is wrong.
    pub kind: FaultKind,
    /// The part of the message that is wrong.
    pub field: Part,
    /// Byte offset in the message.
    pub at: u32,
}

impl ParseError {
    pub(crate) fn new(kind: FaultKind, field: Part, at: usize) -> Self {
        Fault::new(kind, at).of(field, 0)
    }
}

/// The part of a message that a [`ParseError`] speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Part {
    /// The message as a whole: its line ends, its size.
    Framing,
    /// The request line or the status line.
    StartLine,
    /// A header line that is not one: no name, no colon.
    HeaderLine,
    /// The value of a header field.
    Header(HeaderName),
    /// The body.
    Body,
    /// The line of hyphens that ends the message.
    EndLine,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Framing => "framing",
            Self::StartLine => "start line",
            Self::HeaderLine => "header line",
            Self::Header(HeaderName::Other) => "extension header",
            Self::Header(name) => name.as_str(),
            Self::Body => "body",
            Self::EndLine => "end-line",
        })
    }
}

/// Places a fault of a value into its message.
pub(crate) trait Place {
    /// This fault as one of `field`, whose value starts at byte `base`.
    fn of(self, field: Part, base: usize) -> ParseError;
}

impl Place for Fault {
    fn of(self, field: Part, base: usize) -> ParseError {
        let Self { kind, at } = self.shifted(base);
        ParseError { kind, field, at }
    }
}
