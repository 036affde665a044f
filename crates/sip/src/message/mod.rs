//! Messages: one buffer, many ranges.

mod index;
mod start_line;

use bytes::Bytes;
use missiva_core::{ByteStr, Fault, FaultKind};

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
#[derive(Clone, Debug)]
pub struct Message {
    head: Head,
    body: Bytes,
    start: Start,
    slots: Vec<Slot>,
}

/// The head, known to be UTF-8 or known not to be.
#[derive(Clone, Debug)]
enum Head {
    Text(ByteStr),
    Bytes(Bytes),
}

impl Head {
    #[inline]
    fn bytes(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Bytes(bytes) => bytes,
        }
    }
}

impl Message {
    pub(crate) fn assemble(head: Bytes, body: Bytes, scan: HeadScan) -> Self {
        let head = match ByteStr::try_from(head.clone()) {
            Ok(text) => Head::Text(text),
            Err(_) => Head::Bytes(head),
        };
        Self {
            head,
            body,
            start: scan.start.unwrap_or(Start::Unreadable),
            slots: scan.slots,
        }
    }

    /// The start line in parts.
    #[must_use]
    pub fn start_line(&self) -> StartLine<'_> {
        match self.start {
            Start::Request {
                method,
                uri,
                version,
            } => StartLine::Request {
                method: Method::new(self.piece((0, method))),
                uri: self.piece(uri),
                version: self.piece(version),
            },
            Start::Response { code, reason } => StartLine::Response {
                code,
                reason: self.piece(reason),
                version: self.piece((0, 7)),
            },
            Start::Unreadable => StartLine::Response {
                code: 0,
                reason: "",
                version: "",
            },
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

    /// Every header line in order.
    #[inline]
    pub fn headers(&self) -> impl ExactSizeIterator<Item = Header<'_>> {
        self.slots.iter().map(|slot| self.header(slot))
    }

    /// Every value of the field `F`, in order, from one line or from many.
    ///
    /// A fault ends the line it stands in; the lines after it are still read.
    #[inline]
    pub fn all<F: Field>(&self) -> impl Iterator<Item = Result<F::Value<'_>, ParseError>> {
        self.slots
            .iter()
            .filter(|slot| slot.name == F::NAME)
            .flat_map(|slot| Values::<F>::of(self.header(slot)))
    }

    /// The first value of the field `F`.
    ///
    /// # Errors
    ///
    /// The fault of that value.
    #[inline]
    pub fn get<F: Field>(&self) -> Result<Option<F::Value<'_>>, ParseError> {
        self.all::<F>().next().transpose()
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
    #[must_use]
    pub fn head(&self) -> &[u8] {
        self.head.bytes()
    }

    /// The body, sharing the buffer that arrived.
    #[must_use]
    pub const fn body(&self) -> &Bytes {
        &self.body
    }

    /// Gives back the storage of the index, to be used for the next message.
    #[must_use]
    pub fn into_index(self) -> Index {
        Index(self.slots)
    }

    #[inline(always)]
    fn header(&self, slot: &Slot) -> Header<'_> {
        let head = match &self.head {
            Head::Text(text) => Raw::Text(text),
            Head::Bytes(bytes) => Raw::Bytes(bytes),
        };
        Header::new(head, slot)
    }

    /// A part of the start line as text; what is not UTF-8 reads as nothing.
    fn piece(&self, (from, to): (u32, u32)) -> &str {
        let range = from as usize..to as usize;
        match &self.head {
            Head::Text(text) => text.get(range).unwrap_or_default(),
            Head::Bytes(bytes) => bytes
                .get(range)
                .and_then(|part| std::str::from_utf8(part).ok())
                .unwrap_or_default(),
        }
    }
}
