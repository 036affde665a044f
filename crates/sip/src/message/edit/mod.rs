//! Messages changed on their way through.

mod lines;
mod rest;

use bytes::{BufMut, Bytes, BytesMut};
use missiva_core::{Fault, FaultKind, Payload};

use self::rest::Rest;
use super::write::{check_request_uri, write_text};
use super::{Message, Start};
use crate::encode::{put, put_number};
use crate::error::Place;
use crate::header::{Address, Arity, Field, MaxForwards, RouteEntry, Value, Via};
use crate::{HeaderName, ParseError, Part, Uri, field};

/// A message that is to be forwarded with changes.
///
/// The head is a list of lines, most of which stay: those leave as they came, byte by byte, and the body is
/// shared. Only a line that is touched is written anew. Values that go in are checked like those of a
/// [`Builder`](super::Builder).
///
/// The offset of an error is that of the message where the message holds the fault. Of a value that was handed in, now
/// or earlier in the same edit, it counts from the first byte of the value.
///
/// ```
/// use missiva_sip::frame::{self, Frame};
/// use missiva_sip::header::{Value, Via};
/// use missiva_sip::{Edit, Limits};
///
/// let bytes = "BYE sip:bob@example.com SIP/2.0\r\nv: SIP/2.0/TCP a.example.com;branch=z9hG4bK1\r\n\
///              X-Odd:  kept \r\nMax-Forwards: 70\r\nRoute: <sip:p1;lr>, <sip:p2;lr>\r\nl: 0\r\n\r\n";
/// let Frame::Message(message) = frame::datagram(bytes.into(), &Limits::DEFAULT)? else { panic!("a message") };
/// let mut edit = Edit::new(&message);
/// edit.push_via(&Via::parse("SIP/2.0/UDP p1.example.com;branch=z9hG4bK2")?)?;
/// edit.decrement_max_forwards()?;
/// edit.consume_route()?;
/// let payload = edit.finish();
/// assert_eq!(
///     payload.head,
///     "BYE sip:bob@example.com SIP/2.0\r\nVia: SIP/2.0/UDP p1.example.com;branch=z9hG4bK2\r\n\
///      v: SIP/2.0/TCP a.example.com;branch=z9hG4bK1\r\nX-Odd:  kept \r\nMax-Forwards: 69\r\n\
///      Route: <sip:p2;lr>\r\nl: 0\r\n\r\n"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Edit<'m> {
    message: &'m Message,
    /// The start line, when it is another one.
    start: Option<(usize, usize)>,
    lines: Vec<Line>,
    /// What is left of lines of which values were taken off.
    rests: Vec<Rest<'m>>,
    /// What was written for this edit; lines point into it.
    written: BytesMut,
}

/// One header line with its line end.
#[derive(Clone, Copy, Debug)]
struct Line {
    name: HeaderName,
    /// Whether the range is one of the edit's own text, not of the message.
    new: bool,
    from: u32,
    to: u32,
}

/// A request that may not travel on (RFC 3261 section 16.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ForwardError {
    /// `Max-Forwards` is zero: answer 483 (Too Many Hops).
    #[error("no hops left")]
    TooManyHops,
    /// A field that had to be read cannot be: answer 400 (Bad Request).
    #[error(transparent)]
    Malformed(#[from] ParseError),
}

/// What a request without `Max-Forwards` is given (RFC 3261 section 16.6).
const INITIAL_HOPS: MaxForwards = MaxForwards(70);

impl<'m> Edit<'m> {
    /// An edit that changes nothing yet.
    #[must_use]
    pub fn new(message: &'m Message) -> Self {
        let ends = message.slots.iter().skip(1).map(|slot| slot.line);
        let last = u32::try_from(message.head_len.saturating_sub(2)).unwrap_or(u32::MAX);
        let lines = message.slots.iter().zip(ends.chain([last]));
        let lines =
            lines.map(|(slot, to)| Line { name: slot.name, new: false, from: slot.line, to });
        let mut list = Vec::with_capacity(message.slots.len() + 4);
        list.extend(lines);
        Self {
            message,
            start: None,
            lines: list,
            rests: Vec::new(),
            written: BytesMut::with_capacity(256),
        }
    }

    /// Puts a `Via` on top of all others.
    ///
    /// # Errors
    ///
    /// A value that is none.
    pub fn push_via(&mut self, via: &Via<'_>) -> Result<(), ParseError> {
        self.insert_first::<field::Via>(via)
    }

    /// Takes the top `Via` off, as a response travels back.
    ///
    /// # Errors
    ///
    /// The fault of the top value. [`FaultKind::Empty`] when there is none.
    pub fn pop_via(&mut self) -> Result<(), ParseError> {
        self.remove_first::<field::Via>()?.then_some(()).ok_or_else(|| missing(HeaderName::Via))
    }

    /// Puts an address on top of the `Record-Route` list.
    ///
    /// # Errors
    ///
    /// A value that is none.
    pub fn add_record_route(&mut self, address: &Address<'_>) -> Result<(), ParseError> {
        self.insert_first::<field::RecordRoute>(&RouteEntry(*address))
    }

    /// Takes the top `Route` off; says whether there was one.
    ///
    /// # Errors
    ///
    /// The fault of the top value.
    pub fn consume_route(&mut self) -> Result<bool, ParseError> {
        self.remove_first::<field::Route>()
    }

    /// Sends the request elsewhere. A response stays as it is.
    ///
    /// # Errors
    ///
    /// A URI with headers, which no request line may carry (RFC 3261 section 19.1.1).
    pub fn set_request_uri(&mut self, uri: &Uri<'_>) -> Result<(), ParseError> {
        check_request_uri(uri)?;
        let Start::Request { uri: (from, to), version, .. } = self.message.start else {
            return Ok(());
        };
        let start = self.written.len();
        let head = self.message.head();
        let piece = |from: u32, to: u32| head.get(from as usize..to as usize).unwrap_or_default();
        self.written.put_slice(piece(0, from));
        put(uri.as_str(), &mut self.written);
        self.written.put_slice(piece(to, version.1));
        self.written.put_slice(b"\r\n");
        self.start = Some((start, self.written.len()));
        Ok(())
    }

    /// Counts a hop of a request. A response has none to count.
    ///
    /// # Errors
    ///
    /// No hop is left, or the field cannot be read.
    pub fn decrement_max_forwards(&mut self) -> Result<(), ForwardError> {
        if self.message.method().is_none() {
            return Ok(());
        }
        if self.lines.iter().filter(|line| line.name == HeaderName::MaxForwards).count() > 1 {
            return Err(conflict(HeaderName::MaxForwards).into());
        }
        let Some(at) = self.find(HeaderName::MaxForwards) else {
            return Ok(self.add::<field::MaxForwards>(&INITIAL_HOPS)?);
        };
        let Some(line) = self.lines.get(at).copied() else { return Ok(()) };
        let (text, base) = self.value(&line)?;
        let hops = MaxForwards::parse(text)
            .map_err(|fault| fault.of(Part::Header(HeaderName::MaxForwards), base))?;
        let left = hops.0.checked_sub(1).ok_or(ForwardError::TooManyHops)?;
        let start = self.copy_name(&line);
        put_number(left.into(), &mut self.written);
        Ok(self.replace(at, start)?)
    }

    /// Adds a line behind all others.
    ///
    /// # Errors
    ///
    /// A value that is none.
    pub fn add<F: Field>(&mut self, value: &F::Value<'_>) -> Result<(), ParseError> {
        self.claim(F::NAME)?;
        let line = self.write::<F>(value)?;
        self.lines.push(line);
        Ok(())
    }

    /// Adds a line from text behind all others.
    ///
    /// # Errors
    ///
    /// A name that is no token, or a value that the field does not allow.
    pub fn add_text(&mut self, name: &str, value: &str) -> Result<(), ParseError> {
        let start = self.written.len();
        let known = HeaderName::find(name.as_bytes());
        self.claim(known)?;
        write_text(known, name, value, &mut self.written)?;
        let line = self.line(known, start)?;
        self.lines.push(line);
        Ok(())
    }

    /// Adds a line before the first one of its field, or before all lines when there is none.
    ///
    /// # Errors
    ///
    /// A value that is none.
    pub fn insert_first<F: Field>(&mut self, value: &F::Value<'_>) -> Result<(), ParseError> {
        self.claim(F::NAME)?;
        let line = self.write::<F>(value)?;
        let at = self.find(F::NAME).unwrap_or(0);
        self.lines.insert(at, line);
        Ok(())
    }

    /// Puts one line in the place of all lines of its field, or adds it when there is none.
    ///
    /// # Errors
    ///
    /// A value that is none.
    pub fn set<F: Field>(&mut self, value: &F::Value<'_>) -> Result<(), ParseError> {
        refuse_length(F::NAME)?;
        let line = self.write::<F>(value)?;
        let at = self.find(F::NAME).unwrap_or(self.lines.len());
        self.lines.retain(|line| line.name != F::NAME);
        self.lines.insert(at.min(self.lines.len()), line);
        Ok(())
    }

    /// Removes every line of a known field, and says how many there were.
    pub fn remove(&mut self, name: HeaderName) -> usize {
        let before = self.lines.len();
        self.lines.retain(|line| line.name != name || name == HeaderName::Other);
        before.saturating_sub(self.lines.len())
    }

    /// Removes every line of that name, known or not, and says how many there were.
    pub fn remove_named(&mut self, name: &str) -> usize {
        let known = HeaderName::find(name.as_bytes());
        if known != HeaderName::Other {
            return self.remove(known);
        }
        let before = self.lines.len();
        let other = |line| !self.spelling(line).eq_ignore_ascii_case(name.as_bytes());
        let keep: Vec<bool> = self.lines.iter().map(other).collect();
        let mut keep = keep.into_iter();
        self.lines.retain(|_| keep.next().unwrap_or(true));
        before.saturating_sub(self.lines.len())
    }

    /// Puts another value in the place of a field's first one, in a line of its own.
    ///
    /// # Errors
    ///
    /// A value that is none, or the fault of the one that goes.
    pub fn replace_first<F: Field>(&mut self, value: &F::Value<'_>) -> Result<(), ParseError> {
        refuse_length(F::NAME)?;
        let line = self.write::<F>(value)?;
        let at = self.find(F::NAME).unwrap_or(self.lines.len());
        self.remove_first::<F>()?;
        self.lines.insert(at.min(self.lines.len()), line);
        Ok(())
    }

    /// Refuses a second line where one may stand, and a length that is not the body's.
    fn claim(&self, name: HeaderName) -> Result<(), ParseError> {
        refuse_length(name)?;
        let taken = name.arity() == Arity::One && self.find(name).is_some();
        if taken { Err(conflict(name)) } else { Ok(()) }
    }

    /// The changed head and the shared body. `Content-Length` is added where it was left out, as a datagram and a
    /// WebSocket message may, since the message may leave on a stream.
    #[must_use]
    pub fn finish(self) -> Payload {
        let mut out = BytesMut::with_capacity(self.message.head_len + self.written.len());
        self.write_head(&mut out);
        Payload::new(out.freeze(), self.body())
    }

    /// Appends the changed head to a buffer of the caller's, and returns the shared body.
    pub fn finish_into(self, out: &mut BytesMut) -> Bytes {
        self.write_head(out);
        self.body()
    }

    fn body(&self) -> Bytes {
        self.message.body()
    }
}

fn missing(name: HeaderName) -> ParseError {
    Fault::new(FaultKind::Empty, 0).of(Part::Header(name), 0)
}

fn conflict(name: HeaderName) -> ParseError {
    Fault::new(FaultKind::Conflict, 0).of(Part::Header(name), 0)
}

/// The body is never changed here, so its length is not either.
fn refuse_length(name: HeaderName) -> Result<(), ParseError> {
    if name == HeaderName::ContentLength { Err(conflict(name)) } else { Ok(()) }
}

impl std::fmt::Debug for Edit<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let new = self.lines.iter().filter(|line| line.new).count();
        f.debug_struct("Edit")
            .field("message", self.message)
            .field("lines", &self.lines.len())
            .field("new", &new)
            .finish_non_exhaustive()
    }
}
