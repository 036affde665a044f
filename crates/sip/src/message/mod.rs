//! Messages: one buffer, many ranges.

mod build;
mod edit;
mod index;
mod nul;
mod start_line;
mod write;

use bytes::Bytes;
use missiva_core::{ByteStr, Fault, FaultKind};

pub use build::Builder;
pub use edit::{Edit, ForwardError};
pub use index::Index;
pub(crate) use index::{HeadScan, Slot};
pub(crate) use start_line::Start;
pub use start_line::StartLine;

use crate::error::Place;
use crate::header::{Field, Header, Raw, Values};
use crate::{HeaderName, Method, ParseError, Part, Uri};

/// A SIP message as it came: its bytes, and where each header lies in them.
///
/// Cloning shares the bytes. Header values are read when they are asked for and borrow from the message; a
/// malformed header that nobody reads does no harm.
#[derive(Clone)]
pub struct Message {
    /// Head and body.
    bytes: Bytes,
    head_len: usize,
    start: Start,
    slots: Vec<Slot>,
}

impl Message {
    /// A message of which `bytes` is the whole and `head_len` bytes are the head that was scanned.
    #[inline(always)]
    pub(crate) fn assemble(bytes: Bytes, head_len: usize, scan: HeadScan) -> Self {
        Self { bytes, head_len, start: scan.start.unwrap_or(Start::Unreadable), slots: scan.slots }
    }

    /// The start line in parts.
    #[must_use]
    pub fn start_line(&self) -> StartLine<'_> {
        match self.start {
            Start::Request { method, uri, version } => StartLine::Request {
                method: Method::new(self.piece((0, method))),
                uri: self.piece(uri),
                version: self.piece(version),
            },
            Start::Response { code, reason } => StartLine::Response {
                code,
                reason: self.piece(reason),
                version: self.piece((0, 7)),
            },
            Start::Unreadable => StartLine::Response { code: 0, reason: "", version: "" },
        }
    }

    /// The method, when this is a request.
    #[inline]
    #[must_use]
    pub fn method(&self) -> Option<Method<'_>> {
        match self.start {
            Start::Request { method, .. } => Some(Method::new(self.piece((0, method)))),
            _ => None,
        }
    }

    /// The status code, when this is a response.
    #[must_use]
    pub const fn status(&self) -> Option<u16> {
        match self.start {
            Start::Response { code, .. } => Some(code),
            _ => None,
        }
    }

    /// The Request-URI, when this is a request.
    #[must_use]
    pub fn request_uri(&self) -> Option<Result<Uri<'_>, ParseError>> {
        let Start::Request { uri, .. } = self.start else {
            return None;
        };
        Some(
            Uri::parse(self.piece(uri)).map_err(|fault| fault.of(Part::RequestUri, uri.0 as usize)),
        )
    }

    /// Where the Request-URI stands; zero in a response.
    pub(crate) const fn request_uri_at(&self) -> usize {
        if let Start::Request { uri, .. } = self.start { uri.0 as usize } else { 0 }
    }

    /// Checks the start line for what is let through when it is read: white space beyond the single spaces, a
    /// version that is not ours.
    pub(crate) fn exact_start_line(&self) -> Result<(), ParseError> {
        self.start.check_exact(self.head())
    }

    /// Every header line in order.
    #[inline]
    pub fn headers(&self) -> impl ExactSizeIterator<Item = Header<'_>> {
        let head = Raw::new(self.head());
        self.slots.iter().map(move |slot| Header::new(head, slot))
    }

    /// Every value of the field `F`, in order, from one line or from many.
    ///
    /// A fault ends the line it stands in; the lines after it are still read.
    #[inline]
    pub fn all<F: Field>(&self) -> impl Iterator<Item = Result<F::Value<'_>, ParseError>> {
        let head = Raw::Bytes(self.head());
        let slots = self.slots.iter().filter(|slot| slot.name == F::NAME);
        slots.flat_map(move |slot| Values::<F>::of(Header::new(head, slot)))
    }

    /// The first value of the field `F`.
    ///
    /// # Errors
    ///
    /// The fault of that value.
    #[inline]
    pub fn get<F: Field>(&self) -> Result<Option<F::Value<'_>>, ParseError> {
        let Some(slot) = self.slots.iter().find(|slot| slot.name == F::NAME) else {
            return Ok(None);
        };
        let mut values = Values::<F>::of(Header::new(Raw::Bytes(self.head()), slot));
        let first = values.next().transpose()?;
        // Where one value stands in a line, whatever follows it is a fault of it.
        if !F::ARITY.is_list() {
            values.next().transpose()?;
        }
        Ok(first)
    }

    /// The only value of the field `F`, which must be there.
    ///
    /// # Errors
    ///
    /// [`FaultKind::Empty`] when there is none, [`FaultKind::Conflict`] when there are two, or the value's own
    /// fault.
    pub fn only<F: Field>(&self) -> Result<F::Value<'_>, ParseError> {
        let missing = |kind| Fault::new(kind, 0).of(Part::Header(F::NAME), 0);
        let mut values = self.all::<F>();
        let first = values.next().ok_or_else(|| missing(FaultKind::Empty))??;
        match values.next() {
            None => Ok(first),
            Some(_) => Err(missing(FaultKind::Conflict)),
        }
    }

    /// Whether the field stands in the message.
    #[must_use]
    pub fn has(&self, name: HeaderName) -> bool {
        self.slots.iter().any(|slot| slot.name == name)
    }

    /// Start line and headers as they came, the empty line included.
    #[inline]
    #[must_use]
    pub fn head(&self) -> &[u8] {
        self.bytes.get(..self.head_len).unwrap_or_default()
    }

    /// The body, as bytes of their own that share the buffer that arrived.
    #[must_use]
    pub fn body(&self) -> Bytes {
        self.bytes.slice(self.head_len..)
    }

    /// Bytes in the body.
    #[must_use]
    pub const fn body_len(&self) -> usize {
        self.bytes.len().saturating_sub(self.head_len)
    }

    /// The whole message as it came.
    #[must_use]
    pub const fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// A part of this message as text of its own, sharing the buffer; foreign text is copied.
    #[must_use]
    pub fn share(&self, part: &str) -> ByteStr {
        let inside = self.bytes.as_ptr_range().contains(&part.as_ptr());
        let shared = inside.then(|| ByteStr::try_from(self.bytes.slice_ref(part.as_bytes())).ok());
        shared.flatten().unwrap_or_else(|| ByteStr::from(part))
    }

    /// Gives back the storage of the index, to be used for the next message.
    #[must_use]
    pub fn into_index(self) -> Index {
        Index(self.slots)
    }

    /// A part of the start line as text; what is not UTF-8 reads as nothing.
    fn piece(&self, (from, to): (u32, u32)) -> &str {
        let part = self.bytes.get(from as usize..to as usize);
        part.and_then(|part| std::str::from_utf8(part).ok()).unwrap_or_default()
    }
}

impl std::fmt::Debug for Message {
    /// Tells the shape alone: what people write, and to whom, does not belong in a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kind = match self.start {
            Start::Request { .. } => "request",
            Start::Response { .. } => "response",
            Start::Unreadable => "unreadable",
        };
        f.debug_struct("Message")
            .field("kind", &kind)
            .field("headers", &self.slots.len())
            .field("head_len", &self.head_len)
            .field("body_len", &self.body_len())
            .finish_non_exhaustive()
    }
}
