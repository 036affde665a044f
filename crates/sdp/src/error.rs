//! What was wrong with a description, where, and in which field.

use std::fmt;

use missiva_core::{Fault, FaultKind};

use crate::FieldName;

/// A fault of one line: copyable, located, and silent about the content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, offset {at}: {field}: {kind}")]
pub struct ParseError {
    /// What is wrong.
    pub kind: FaultKind,
    /// The line it stands in, counted from one; a line that is missing is missed at the line in its place. Zero for a
    /// value that was refused before it stood in any.
    pub line: u32,
    /// The part of the description that is wrong.
    pub field: Part,
    /// Byte offset in the description.
    pub at: u32,
}

impl ParseError {
    /// A fault at byte `at` of `text`. Lines are counted now, so that reading need not count them.
    #[cold]
    pub(crate) fn new(kind: FaultKind, field: Part, text: &[u8], at: usize) -> Self {
        let before = text.get(..at).unwrap_or(text);
        let feeds = memchr::memchr_iter(b'\n', before).count();
        let line = u32::try_from(feeds.saturating_add(1)).unwrap_or(u32::MAX);
        Self { kind, line, field, at: Fault::new(kind, at).at }
    }
}

/// The part of a description that a [`ParseError`] speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Part {
    /// The description as a whole: its size, its line ends, its end.
    Framing,
    /// A line that is not one: no type letter, no equals sign, an attribute without name.
    Line,
    /// The value of a line.
    Field(FieldName),
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Framing => f.write_str("framing"),
            Self::Line => f.write_str("line"),
            Self::Field(name) => name.fmt(f),
        }
    }
}

/// Places a fault of a value into its description.
pub(crate) trait Place {
    /// This fault, whose offset counts from the start of `text`, as one of `field`.
    fn of(self, field: FieldName, text: &str) -> ParseError;
}

impl Place for Fault {
    #[cold]
    fn of(self, field: FieldName, text: &str) -> ParseError {
        ParseError::new(self.kind, Part::Field(field), text.as_bytes(), self.at as usize)
    }
}
