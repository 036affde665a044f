//! Heads: start line and headers, one buffer and many ranges.

mod scan;
mod slots;
mod start_line;

use bytes::Bytes;
use missiva_core::FaultKind;

pub(crate) use scan::{HYPHENS, HeadEnd, HeadScan};
pub(crate) use slots::{Slot, Slots};
pub(crate) use start_line::Start;
pub use start_line::StartLine;

use crate::header::{Arity, FailureReport, Field, Header, Path, SuccessReport};
use crate::{HeaderName, Method, ParseError, Part, StatusCode, TransactionId, field};

/// The start line and the headers of a message as they came, and where each header lies.
///
/// Cloning shares the bytes. Values are read when they are asked for and borrow from the head; a malformed header
/// that nobody reads does no harm.
#[derive(Clone)]
pub struct Head {
    /// Start line and headers, line ends included; neither the empty line nor the end-line.
    bytes: Bytes,
    start: Start,
    slots: Slots,
    has_body: bool,
}

impl Head {
    #[inline]
    pub(crate) const fn assemble(bytes: Bytes, start: Start, slots: Slots, has_body: bool) -> Self {
        Self { bytes, start, slots, has_body }
    }

    /// The start line in parts.
    #[must_use]
    pub fn start_line(&self) -> StartLine<'_> {
        self.start.line(&self.bytes)
    }

    /// The method; `None` in a response.
    #[must_use]
    pub fn method(&self) -> Option<Method<'_>> {
        match self.start_line() {
            StartLine::Request { method } => Some(method),
            StartLine::Response { .. } => None,
        }
    }

    /// The status; `None` in a request.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.start.status()
    }

    /// The id that stands in the start line and again in the end-line.
    #[must_use]
    pub fn transaction_id(&self) -> &str {
        self.start.transaction_id(&self.bytes)
    }

    /// The same, to be kept.
    #[must_use]
    pub fn transaction(&self) -> Option<TransactionId> {
        TransactionId::parse(self.transaction_id()).ok()
    }

    /// Whether an empty line follows, and so a body, be it an empty one.
    #[must_use]
    pub const fn has_body(&self) -> bool {
        self.has_body
    }

    /// Start line and headers as they came.
    #[must_use]
    pub const fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// Every header line in order.
    pub fn headers(&self) -> impl Iterator<Item = Header<'_>> {
        self.slots.iter().map(|slot| Header::new(&self.bytes, *slot))
    }

    /// The value of the field `F`; nothing when the field is not there.
    ///
    /// # Errors
    ///
    /// A malformed value, or a second line of a field that may stand once.
    #[inline]
    pub fn get<F: Field>(&self) -> Result<Option<F::Value<'_>>, ParseError> {
        let mut lines = self.slots.iter().filter(|slot| slot.name == F::NAME);
        let Some(slot) = lines.next() else { return Ok(None) };
        if let (Arity::One, Some(second)) = (F::ARITY, lines.next()) {
            let at = usize::from(second.line);
            return Err(ParseError::new(FaultKind::Conflict, Part::Header(F::NAME), at));
        }
        Header::new(&self.bytes, *slot).read::<F>().map(Some)
    }

    /// The value of a field that must be there.
    ///
    /// # Errors
    ///
    /// As for [`get`](Self::get), and [`FaultKind::Empty`] when the field is not there.
    #[inline]
    pub fn only<F: Field>(&self) -> Result<F::Value<'_>, ParseError> {
        let missing = || ParseError::new(FaultKind::Empty, Part::Header(F::NAME), self.bytes.len());
        self.get::<F>()?.ok_or_else(missing)
    }

    /// Every value of the field `F`, line by line.
    pub fn all<F: Field>(&self) -> impl Iterator<Item = Result<F::Value<'_>, ParseError>> {
        self.headers().filter(|header| header.name() == F::NAME).map(|header| header.read::<F>())
    }

    /// Where the message goes: the next hop first.
    ///
    /// # Errors
    ///
    /// As for [`only`](Self::only).
    #[inline]
    pub fn to_path(&self) -> Result<Path<'_>, ParseError> {
        self.only::<field::ToPath>()
    }

    /// Where the message comes from: the last hop first.
    ///
    /// # Errors
    ///
    /// As for [`only`](Self::only).
    #[inline]
    pub fn from_path(&self) -> Result<Path<'_>, ParseError> {
        self.only::<field::FromPath>()
    }

    /// Whether the sender wants to hear of success; a malformed wish is none.
    #[must_use]
    pub fn success_report(&self) -> SuccessReport {
        self.get::<field::SuccessReport>().ok().flatten().unwrap_or_default()
    }

    /// What the sender wants to hear of failure; a malformed wish is the default.
    #[must_use]
    pub fn failure_report(&self) -> FailureReport {
        self.get::<field::FailureReport>().ok().flatten().unwrap_or_default()
    }

    /// Whether a field is there, readable or not.
    #[must_use]
    pub fn has(&self, name: HeaderName) -> bool {
        self.slots.iter().any(|slot| slot.name == name)
    }
}

impl std::fmt::Debug for Head {
    /// Tells what kind of message it is and how large, and not what it says.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Head")
            .field("start_line", &self.start_line())
            .field("len", &self.bytes.len())
            .field("headers", &self.slots.len())
            .field("has_body", &self.has_body)
            .finish()
    }
}
