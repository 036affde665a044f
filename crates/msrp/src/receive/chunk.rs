//! What a chunk says of itself, and why it may be refused.

use missiva_core::FaultKind;

use crate::header::ByteRange;
use crate::{Head, HeaderName, MessageId, ParseError, Part, StatusCode, field};

/// The part of a SEND that matters to reassembly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// Which message it belongs to.
    pub id: MessageId,
    /// Which bytes it says it has.
    pub range: ByteRange,
}

/// A chunk that is not taken, with the code that its sender deserves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {part}: {kind}")]
pub struct Refusal {
    /// What to answer. A 413 also says: send no more of this message.
    pub code: StatusCode,
    /// What is wrong.
    pub kind: FaultKind,
    /// Where.
    pub part: Part,
}

impl Refusal {
    pub(super) const RANGE: Part = Part::Header(HeaderName::ByteRange);

    /// The sender contradicts itself.
    pub(super) const fn conflict(part: Part) -> Self {
        Self { code: StatusCode::BAD_REQUEST, kind: FaultKind::Conflict, part }
    }

    /// More than is taken here.
    pub(super) const fn too_large(part: Part) -> Self {
        Self { code: StatusCode::TOO_LARGE, kind: FaultKind::Limit, part }
    }
}

impl From<ParseError> for Refusal {
    fn from(error: ParseError) -> Self {
        Self { code: StatusCode::BAD_REQUEST, kind: error.kind, part: error.field }
    }
}

impl Chunk {
    /// Reads what the head of a SEND says. Without `Byte-Range` the chunk is the message.
    ///
    /// # Errors
    ///
    /// A 400 when the `Message-ID` is missing or one of the two cannot be read, or the range contradicts itself.
    pub fn of(head: &Head) -> Result<Self, Refusal> {
        let id = head.only::<field::MessageId>()?;
        let range = head.get::<field::ByteRange>()?.unwrap_or(ByteRange::UNSTATED);
        if !range.is_consistent() {
            return Err(Refusal::conflict(Refusal::RANGE));
        }
        Ok(Self { id, range })
    }
}
