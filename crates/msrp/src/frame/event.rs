//! What a framer says.

use bytes::Bytes;

use crate::{Flag, Head, ParseError};

/// A piece of a message.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant, reason = "a box would be an allocation for each message")]
pub enum Event {
    /// A message begins: start line and headers.
    Head(Head),
    /// Bytes of its body, a slice of what was pushed. A body comes in any number of these.
    Body(Bytes),
    /// The message is whole.
    End(End),
}

/// The end of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    /// What the end-line says.
    pub flag: Flag,
    /// Bytes in the body.
    pub body: u64,
    /// `Byte-Range` states another length than the body has ([`Part::Body`](crate::Part::Body),
    /// [`FaultKind::Conflict`](missiva_core::FaultKind::Conflict)).
    pub fault: Option<ParseError>,
    /// The line end that closes the body is missing: the end-line follows the empty line at once. Some stacks write
    /// messages without content so.
    pub bare: bool,
}

/// Bytes that are no message.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{error}")]
pub struct FrameError {
    /// What is wrong.
    #[source]
    pub error: ParseError,
    /// What the driver does next.
    pub recover: Recover,
    /// The head as far as it could be read, enough to answer the sender with a 400. Nothing when the fault came after
    /// [`Event::Head`], which had it.
    pub head: Option<Box<Head>>,
}

/// How to go on after a [`FrameError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recover {
    /// The message is passed over up to its end-line: the next one can be read.
    Skip,
    /// Nobody knows where the next message starts: the link must be closed.
    Close,
}
