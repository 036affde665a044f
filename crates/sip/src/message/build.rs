//! Messages made from nothing.

use bytes::{BufMut, Bytes, BytesMut};
use missiva_core::{Fault, FaultKind, Payload};

use super::write::{check_request_uri, write_field, write_text};
use crate::encode::{put, put_number};
use crate::error::Place;
use crate::grammar::TOKEN;
use crate::header::{Arity, ContentLength, Field, Header, MediaType, Values};
use crate::{HeaderName, Message, Method, ParseError, Part, Uri, field};

/// Writes a message line by line, and refuses whatever would make its head invalid: a value that its field's
/// grammar does not allow, a line end inside a value, a second value where one may stand.
///
/// The first fault is kept and returned by [`finish`](Self::finish); its offset counts from the first byte of the
/// value at fault. `Content-Length` is written at the end and by nobody else.
///
/// ```
/// use bytes::Bytes;
/// use missiva_sip::header::{Address, CSeq, CallId, MaxForwards, MediaType, Value, Via};
/// use missiva_sip::{Builder, Method, Uri, field};
///
/// let payload = Builder::request(Method::Message, &Uri::parse("tel:+15550100")?)
///     .header::<field::Via>(&Via::parse("SIP/2.0/TCP [2001:db8::1];branch=z9hG4bK77")?)
///     .header::<field::MaxForwards>(&MaxForwards(70))
///     .header::<field::From>(&Address::parse("<sip:alice@example.com>;tag=1")?)
///     .header::<field::To>(&Address::parse("<tel:+15550100>")?)
///     .header::<field::CallId>(&CallId("a84b4c76e66710"))
///     .header::<field::CSeq>(&CSeq { number: 1, method: Method::Message })
///     .text("Conversation-ID", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6")
///     .body(&MediaType::parse("text/plain")?, Bytes::from_static(b"hello"))
///     .finish()?;
/// assert!(payload.head.starts_with(b"MESSAGE tel:+15550100 SIP/2.0\r\nVia: SIP/2.0/TCP [2001:db8::1];branch="));
/// assert!(payload.head.ends_with(b"Content-Length: 5\r\n\r\n"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "a builder does nothing until it is finished"]
pub struct Builder {
    out: BytesMut,
    body: Bytes,
    /// One bit for each known name that was written.
    written: [u128; 2],
    fault: Option<ParseError>,
    /// Bytes of the method at the start of a request; zero in a response.
    method_len: usize,
    /// Where the line of `CSeq` begins, however its name is spelled.
    cseq: Option<usize>,
}

/// Room for an ordinary head.
const USUAL_HEAD: usize = 1024;

impl Builder {
    /// A request.
    pub fn request(method: Method<'_>, uri: &Uri<'_>) -> Self {
        Self::request_in(BytesMut::with_capacity(USUAL_HEAD), method, uri)
    }

    /// A request, written into a buffer of the caller's; what is in it goes.
    pub fn request_in(out: BytesMut, method: Method<'_>, uri: &Uri<'_>) -> Self {
        let mut builder = Self::start(out);
        if !TOKEN.spans(method.as_str().as_bytes()) {
            builder.keep(Fault::new(FaultKind::Unexpected, 0).of(Part::StartLine, 0));
        }
        if let Err(error) = check_request_uri(uri) {
            builder.keep(error);
        }
        put(method.as_str(), &mut builder.out);
        builder.method_len = builder.out.len();
        builder.out.put_u8(b' ');
        put(uri.as_str(), &mut builder.out);
        put(" SIP/2.0\r\n", &mut builder.out);
        builder
    }

    /// A response. The code lies between 100 and 699.
    pub fn response(code: u16, reason: &str) -> Self {
        Self::response_in(BytesMut::with_capacity(USUAL_HEAD), code, reason)
    }

    /// A response, written into a buffer of the caller's; what is in it goes.
    pub fn response_in(out: BytesMut, code: u16, reason: &str) -> Self {
        let mut builder = Self::start(out);
        if !(100..700).contains(&code) {
            builder.keep(Fault::new(FaultKind::Number, 0).of(Part::StartLine, 0));
        }
        if let Some(at) = reason.bytes().position(|byte| byte.is_ascii_control()) {
            builder.keep(Fault::new(FaultKind::Unexpected, at).of(Part::StartLine, 0));
        }
        put("SIP/2.0 ", &mut builder.out);
        put_number(code.into(), &mut builder.out);
        builder.out.put_u8(b' ');
        put(reason, &mut builder.out);
        builder.out.put_slice(b"\r\n");
        builder
    }

    /// A response to `request`, with what RFC 3261 section 8.2.6.2 says it takes over: every `Via`, `From`, `To`,
    /// `Call-ID` and `CSeq`, byte by byte. `tag` is added to a `To` that has none, unless the code is 100; a 100
    /// takes over the `Timestamp`.
    pub fn reply(request: &Message, code: u16, reason: &str, tag: Option<&str>) -> Self {
        let mut builder = Self::response(code, reason);
        for header in request.headers() {
            let wanted = match header.name() {
                HeaderName::Via
                | HeaderName::From
                | HeaderName::To
                | HeaderName::CallId
                | HeaderName::CSeq => true,
                HeaderName::Timestamp => code == 100,
                _ => false,
            };
            let again =
                header.name().arity() == Arity::One && wanted && builder.note(header.name());
            if !wanted || again {
                continue;
            }
            put(header.name().as_str(), &mut builder.out);
            builder.out.put_slice(b": ");
            builder.out.put_slice(header.bytes());
            if let Some(tag) = tag.filter(|_| header.name() == HeaderName::To && code > 100) {
                builder.tag_to(&header, tag);
            }
            builder.out.put_slice(b"\r\n");
        }
        builder
    }

    /// Adds a tag behind a `To` that has none. One that cannot be read stays as it is.
    fn tag_to(&mut self, to: &Header<'_>, tag: &str) {
        let mut values = Values::<field::To>::of(*to);
        let (Some(Ok(address)), None) = (values.next(), values.next()) else { return };
        if address.params.has("tag") {
            return;
        }
        if !TOKEN.spans(tag.as_bytes()) {
            self.keep(Fault::new(FaultKind::Unexpected, 0).of(Part::Header(HeaderName::To), 0));
        }
        put(";tag=", &mut self.out);
        put(tag, &mut self.out);
    }

    /// Adds a header line with one value of the field `F`.
    pub fn header<'a, F: Field>(mut self, value: &F::Value<'a>) -> Self {
        self.claim(F::NAME);
        if let Err(error) = write_field::<F>(value, &mut self.out) {
            self.keep(error);
        }
        self
    }

    /// Adds a header line from text: a field that this crate does not know, or a known one whose value is at hand
    /// as text.
    pub fn text(mut self, name: &str, value: &str) -> Self {
        let known = HeaderName::find(name.as_bytes());
        self.claim(known);
        if let Err(error) = write_text(known, name, value, &mut self.out) {
            self.keep(error);
        }
        self
    }

    /// Sets the body and writes its `Content-Type`. The body is not copied.
    pub fn body(mut self, media: &MediaType<'_>, body: Bytes) -> Self {
        self.body = body;
        self.header::<field::ContentType>(media)
    }

    /// Ends the head.
    ///
    /// # Errors
    ///
    /// The first fault of any line.
    pub fn finish(mut self) -> Result<Payload, ParseError> {
        let length = u32::try_from(self.body.len());
        let too_long = || Fault::new(FaultKind::Limit, 0).of(Part::Body, 0);
        let length = ContentLength(length.map_err(|_| too_long())?);
        write_field::<field::ContentLength>(&length, &mut self.out)?;
        self.out.put_slice(b"\r\n");
        self.check_cseq();
        match self.fault {
            None => Ok(Payload::new(self.out.freeze(), self.body)),
            Some(fault) => Err(fault),
        }
    }

    fn start(mut out: BytesMut) -> Self {
        out.clear();
        Self { out, body: Bytes::new(), written: [0; 2], fault: None, method_len: 0, cseq: None }
    }

    /// The method of `CSeq` is that of the request (RFC 3261 section 8.1.1.5).
    fn check_cseq(&mut self) {
        let Some(at) = self.cseq.filter(|_| self.method_len > 0) else {
            return;
        };
        let line = self.out.get(at..).unwrap_or_default();
        let line = line.split(|byte| *byte == b'\r').next().unwrap_or_default();
        let method = self.out.get(..self.method_len).unwrap_or_default();
        if line.rsplit(|byte| matches!(byte, b' ' | b'\t')).next() != Some(method) {
            self.keep(Fault::new(FaultKind::Conflict, 0).of(Part::Header(HeaderName::CSeq), 0));
        }
    }

    /// Refuses a second line where one may stand, and a length that is not ours.
    fn claim(&mut self, name: HeaderName) {
        if name == HeaderName::CSeq {
            self.cseq = Some(self.out.len());
        }
        let alone = name.arity() == Arity::One;
        if name == HeaderName::ContentLength || alone && self.note(name) {
            self.keep(Fault::new(FaultKind::Conflict, 0).of(Part::Header(name), 0));
        }
    }

    /// Marks `name` as written, and says whether it was before.
    fn note(&mut self, name: HeaderName) -> bool {
        let Some(word) = self.written.get_mut(name as usize / 128) else { return false };
        let bit = 1u128 << (name as usize % 128);
        let before = *word & bit != 0 && name != HeaderName::Other;
        *word |= bit;
        before
    }

    fn keep(&mut self, error: ParseError) {
        self.fault.get_or_insert(error);
    }
}

impl std::fmt::Debug for Builder {
    /// Tells how much is written, and not what.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Builder")
            .field("head_len", &self.out.len())
            .field("body_len", &self.body.len())
            .field("fault", &self.fault)
            .finish_non_exhaustive()
    }
}
