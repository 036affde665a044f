//! What all chunks of a message have in common.

use bytes::{BufMut, Bytes, BytesMut};

use crate::encode::Builder;
use crate::error::Place;
use crate::grammar::put;
use crate::header::{ByteRange, MediaType, Path, Value};
use crate::{Flag, HeaderName, MessageId, Method, ParseError, Part, TransactionId, field};

/// The header lines of a message, written and checked once: each chunk adds its transaction id and its range.
///
/// ```
/// use missiva_msrp::header::{FailureReport, MediaType, Path, Value};
/// use missiva_msrp::send::Envelope;
/// use missiva_msrp::{MessageId, field};
///
/// let to = Path::parse("msrp://bob.example.com:8888/9di4eae923wzd;tcp")?;
/// let from = Path::parse("msrp://alice.example.com:7777/iau39soe2843z;tcp")?;
/// let envelope = Envelope::new(&to, &from, &MessageId::parse("12339sdqwer")?, &MediaType::parse("message/cpim")?, |lines| {
///     lines.header::<field::FailureReport>(&FailureReport::Partial).text("Content-ID", "<a@b>")
/// })?;
/// assert_eq!(envelope.id().as_str(), "12339sdqwer");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Envelope {
    id: MessageId,
    /// Both paths and the `Message-ID`.
    before: Bytes,
    /// All lines behind `Byte-Range`, and the empty one.
    after: Bytes,
}

impl Envelope {
    /// An envelope with what every chunk must have. `lines` adds others: reports that are wanted, MIME headers. The
    /// range is the chunks' own.
    ///
    /// # Errors
    ///
    /// A value that its field does not allow, and a line that stands already.
    pub fn new(
        to: &Path<'_>,
        from: &Path<'_>,
        id: &MessageId,
        media: &MediaType<'_>,
        lines: impl FnOnce(Builder) -> Builder,
    ) -> Result<Self, ParseError> {
        let placeholder =
            TransactionId::parse(PLACEHOLDER).map_err(|fault| fault.of(Part::StartLine, 0))?;
        let mut builder = Builder::request(&placeholder, Method::Send, to, from);
        builder = builder.header::<field::MessageId>(id);
        builder.reserve_line(HeaderName::ByteRange);
        let split = builder.len();
        let mut before = lines(builder).body(media, Bytes::new()).finish(Flag::Last)?.head;
        let after = before.split_off(split);
        Ok(Self { id: *id, before: before.slice(START_LINE..), after })
    }

    /// The name of the message.
    #[must_use]
    pub const fn id(&self) -> &MessageId {
        &self.id
    }

    /// Writes the head of a chunk.
    pub(super) fn write(&self, id: &TransactionId, range: &ByteRange, out: &mut BytesMut) {
        out.reserve(self.before.len() + self.after.len() + 192);
        out.put_slice(b"MSRP ");
        put(id.as_str(), out);
        out.put_slice(b" SEND\r\n");
        out.put_slice(&self.before);
        out.put_slice(b"Byte-Range: ");
        range.encode(out);
        out.put_slice(b"\r\n");
        out.put_slice(&self.after);
    }
}

/// Any id: its line is cut off.
const PLACEHOLDER: &str = "0000";
/// `MSRP 0000 SEND` and its line end.
const START_LINE: usize = 16;

impl std::fmt::Debug for Envelope {
    /// Tells which message it is, and not where it goes.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Envelope").field("id", &self.id).finish_non_exhaustive()
    }
}
