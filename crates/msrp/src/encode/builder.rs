//! Messages made from nothing.

use bytes::{BufMut, Bytes, BytesMut};
use missiva_core::{Fault, FaultKind, Payload};

use super::absent_from;
use crate::error::Place;
use crate::grammar::{TOKEN, put, put_number};
use crate::head::HYPHENS;
use crate::header::{Arity, Field, Header, MediaType, Path, Value, Visit, visit};
use crate::{Flag, Head, HeaderName, Method, ParseError, Part, StatusCode, TransactionId, field};

/// Writes a message line by line, and refuses whatever would make its head invalid: a value that its field's grammar
/// does not allow, a line end inside a value, a second line where one may stand.
///
/// The first fault is kept and returned by [`finish`](Self::finish); its offset counts from the first byte of the
/// value at fault. `Content-Type` is written with the body and by nobody else, since it must come last.
///
/// ```
/// use bytes::Bytes;
/// use missiva_msrp::encode::Builder;
/// use missiva_msrp::header::{ByteRange, MediaType, Path, Value};
/// use missiva_msrp::{Flag, MessageId, Method, TransactionId, field};
///
/// let to = Path::parse("msrp://bob.example.com:8888/9di4eae923wzd;tcp")?;
/// let from = Path::parse("msrp://alice.example.com:7777/iau39soe2843z;tcp")?;
/// let payload = Builder::request(&TransactionId::parse("d93kswow")?, Method::Send, &to, &from)
///     .header::<field::MessageId>(&MessageId::parse("12339sdqwer")?)
///     .header::<field::ByteRange>(&ByteRange { start: 1, end: Some(5), total: Some(5) })
///     .body(&MediaType::parse("text/plain")?, Bytes::from_static(b"hello"))
///     .finish(Flag::Last)?;
/// assert!(payload.head.ends_with(b"Byte-Range: 1-5/5\r\nContent-Type: text/plain\r\n\r\n"));
/// assert_eq!(payload.tail, "\r\n-------d93kswow$\r\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "a builder does nothing until it is finished"]
pub struct Builder {
    out: BytesMut,
    id: TransactionId,
    body: Option<Bytes>,
    /// One bit for each known name that was written.
    written: u32,
    fault: Option<ParseError>,
}

/// Room for an ordinary head.
const USUAL_HEAD: usize = 512;

impl Builder {
    /// A request. Both paths come first, in this order (RFC 4975 section 7.1).
    pub fn request(id: &TransactionId, method: Method<'_>, to: &Path<'_>, from: &Path<'_>) -> Self {
        let mut builder = Self::start(id);
        let word = method.as_str().as_bytes();
        if word.is_empty() || !word.iter().all(u8::is_ascii_uppercase) {
            builder.keep(Fault::new(FaultKind::Unexpected, 0).of(Part::StartLine, 0));
        }
        put(method.as_str(), &mut builder.out);
        builder.out.put_slice(b"\r\n");
        builder.header::<field::ToPath>(to).header::<field::FromPath>(from)
    }

    /// A response.
    pub fn response(
        id: &TransactionId,
        status: StatusCode,
        comment: Option<&str>,
        to: &Path<'_>,
        from: &Path<'_>,
    ) -> Self {
        let mut builder = Self::start(id);
        put_number(status.number().into(), &mut builder.out);
        if let Some(comment) = comment {
            if let Some(at) = comment.bytes().position(|byte| byte.is_ascii_control()) {
                builder.keep(Fault::new(FaultKind::Unexpected, at).of(Part::StartLine, 0));
            }
            builder.out.put_u8(b' ');
            put(comment, &mut builder.out);
        }
        builder.out.put_slice(b"\r\n");
        builder.header::<field::ToPath>(to).header::<field::FromPath>(from)
    }

    /// A response to `request` with the usual comment, sent back the way that RFC 4975 section 7.2 says: to the last
    /// hop alone when it is a SEND, along the whole path otherwise, and from the URI that was asked.
    ///
    /// # Errors
    ///
    /// Paths that cannot be read. Such a request cannot be answered.
    pub fn reply(request: &Head, status: StatusCode) -> Result<Self, ParseError> {
        let (to, from) = (request.to_path()?, request.from_path()?);
        let Some(id) = request.transaction() else {
            return Err(ParseError::new(FaultKind::Empty, Part::StartLine, 0));
        };
        let back = match request.method() {
            Some(Method::Send) => Path::of(from.first()),
            _ => from,
        };
        Ok(Self::response(&id, status, status.comment(), &back, &Path::of(to.first())))
    }

    fn start(id: &TransactionId) -> Self {
        let mut out = BytesMut::with_capacity(USUAL_HEAD);
        out.put_slice(b"MSRP ");
        put(id.as_str(), &mut out);
        out.put_u8(b' ');
        Self { out, id: *id, body: None, written: 0, fault: None }
    }

    /// Adds a header line with a value of the field `F`.
    pub fn header<'a, F: Field>(mut self, value: &F::Value<'a>) -> Self {
        self.line(F::NAME, F::NAME.as_str(), |out| value.encode(out));
        self
    }

    /// Adds a header line from text: a field that this crate does not know, or a known one whose value is at hand as
    /// text.
    pub fn text(mut self, name: &str, value: &str) -> Self {
        let known = HeaderName::find(name.as_bytes());
        let starts_well = name.as_bytes().first().is_some_and(u8::is_ascii_alphabetic);
        if known == HeaderName::Other && !(starts_well && TOKEN.spans(name.as_bytes())) {
            self.keep(Fault::new(FaultKind::Unexpected, 0).of(Part::HeaderLine, 0));
            return self;
        }
        self.line(known, name, |out| put(value, out));
        self
    }

    /// Sets the body and its type. The body is not copied.
    pub fn body(mut self, media: &MediaType<'_>, body: Bytes) -> Self {
        self.body = Some(body);
        self.line(HeaderName::ContentType, "Content-Type", |out| media.encode(out));
        self
    }

    /// Ends the message.
    ///
    /// # Errors
    ///
    /// The first fault of any line; [`FaultKind::Conflict`] in [`Part::EndLine`] when the end-line stands in the body,
    /// which wants another transaction id.
    pub fn finish(mut self, flag: Flag) -> Result<Payload, ParseError> {
        if let Some(fault) = self.fault {
            return Err(fault);
        }
        let has_body = self.body.is_some();
        let body = self.body.unwrap_or_default();
        if !absent_from(&self.id, &body) {
            return Err(ParseError::new(FaultKind::Conflict, Part::EndLine, 0));
        }
        if has_body {
            self.out.put_slice(b"\r\n");
        }
        let head_len = self.out.len();
        put_end_line(&self.id, flag, has_body, &mut self.out);
        let mut head = self.out.freeze();
        let tail = head.split_off(head_len);
        Ok(Payload { head, body, tail })
    }

    /// Writes a line and reads its value back, so that nothing goes out that the field's own grammar refuses.
    fn line(&mut self, name: HeaderName, spelling: &str, value: impl FnOnce(&mut BytesMut)) {
        // Behind the type of the body comes the body.
        if self.noted(HeaderName::ContentType)
            || name == HeaderName::ContentType && self.body.is_none()
        {
            return self.keep(Fault::new(FaultKind::Conflict, 0).of(Part::Header(name), 0));
        }
        if name.arity() == Arity::One && self.note(name) {
            return self.keep(Fault::new(FaultKind::Conflict, 0).of(Part::Header(name), 0));
        }
        put(spelling, &mut self.out);
        self.out.put_slice(b": ");
        let from = self.out.len();
        value(&mut self.out);
        if let Err(error) = check(name, self.out.get(from..).unwrap_or_default()) {
            self.keep(error);
        }
        self.out.put_slice(b"\r\n");
    }

    /// Bytes that are written.
    pub(crate) fn len(&self) -> usize {
        self.out.len()
    }

    /// Keeps a line for the caller to write: nobody else may.
    pub(crate) const fn reserve_line(&mut self, name: HeaderName) {
        self.note(name);
    }

    const fn noted(&self, name: HeaderName) -> bool {
        self.written & 1 << name as u32 != 0
    }

    /// Marks `name` as written, and says whether it was before.
    const fn note(&mut self, name: HeaderName) -> bool {
        let before = self.noted(name);
        self.written |= 1 << name as u32;
        before
    }

    fn keep(&mut self, error: ParseError) {
        self.fault.get_or_insert(error);
    }
}

/// Appends an end-line; behind a body, with the line end that closes the body before it.
pub(crate) fn put_end_line(id: &TransactionId, flag: Flag, has_body: bool, out: &mut BytesMut) {
    if has_body {
        out.put_slice(b"\r\n");
    }
    out.put_slice(HYPHENS);
    put(id.as_str(), out);
    out.put_u8(flag.byte());
    out.put_slice(b"\r\n");
}

/// Refuses what would end the line, and what the field's grammar does not allow.
pub(crate) fn check(name: HeaderName, value: &[u8]) -> Result<(), ParseError> {
    let part = if name == HeaderName::Other { Part::HeaderLine } else { Part::Header(name) };
    if let Some(at) = value.iter().position(|byte| byte.is_ascii_control() && *byte != b'\t') {
        let kind = match value.get(at) {
            Some(b'\r') => FaultKind::BareCr,
            Some(b'\n') => FaultKind::BareLf,
            Some(0) => FaultKind::Nul,
            _ => FaultKind::Unexpected,
        };
        return Err(Fault::new(kind, at).of(part, 0));
    }
    if value.len() > usize::from(u16::MAX) {
        return Err(Fault::new(FaultKind::Limit, usize::from(u16::MAX)).of(part, 0));
    }
    visit(&Header::of_value(value, name), &mut Nothing)
}

/// Reads for the sake of the faults alone.
struct Nothing;

impl Visit for Nothing {
    fn value<'a, F: Field>(&mut self, _value: F::Value<'a>) {}
}

impl std::fmt::Debug for Builder {
    /// Tells how much is written, and not what.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Builder")
            .field("head_len", &self.out.len())
            .field("body_len", &self.body.as_ref().map_or(0, Bytes::len))
            .field("fault", &self.fault)
            .finish_non_exhaustive()
    }
}
