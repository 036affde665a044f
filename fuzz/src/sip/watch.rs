//! What holds for every message that was accepted and for every error that was returned.

use bytes::{Bytes, BytesMut};
use missiva_sip::frame::{Frame, FrameError, datagram};
use missiva_sip::header::{Field, Header, Value, Visit, visit};
use missiva_sip::{HeaderName, Limits, Message, ParseError, Part};

/// Caps that short inputs reach.
pub(crate) const SMALL: Limits =
    Limits { max_head: 512, max_header: 128, max_headers: 12, max_body: 64 };

/// A message that was accepted: its limits hold, its ranges lie inside it, every value can be asked for.
pub(crate) fn message(message: &Message, limits: &Limits) {
    let head = message.head();
    assert!(head.len() <= limits.max_head, "head over its limit");
    assert!(head.ends_with(b"\r\n\r\n"), "a head ends with an empty line");
    assert!(message.body().len() <= limits.max_body, "body over its limit");
    readable(message, limits);
}

/// A head that could be read, perhaps that of a message that was refused.
pub(crate) fn readable(message: &Message, limits: &Limits) {
    let head = message.head();
    assert!(message.headers().len() <= limits.max_headers, "too many headers");
    let _ = message.start_line();
    if let Some(Err(error)) = message.request_uri() {
        located(&error, head.len());
        assert_eq!(error.field, Part::RequestUri);
    }
    for header in message.headers() {
        let (at, value) = (header.value_at(), header.bytes());
        assert!(value.len() <= limits.max_header, "header field over its limit");
        assert_eq!(head.get(at..at + value.len()), Some(value), "a value lies in its head");
        assert!(!header.spelling().is_empty(), "a header has a name");
        assert!(stays_in_line(value), "a value breaks its line: {header:?}");
        assert_eq!(HeaderName::find(header.spelling().as_bytes()), header.name());
        typed(&header);
    }
}

/// An error: inside the input, and with a head that can be read if it brings one.
pub(crate) fn refused(error: &FrameError, input: usize, limits: &Limits) {
    located(&error.error, input);
    if let Some(head) = &error.message {
        readable(head, limits);
    }
}

/// Reads every value of a line, once for itself and once through the other accessor.
fn typed(header: &Header<'_>) {
    let mut watcher = Watcher { header, seen: 0, listed: None };
    let result = visit(header, &mut watcher);
    if let Some((values, error)) = watcher.listed {
        assert_eq!(values, watcher.seen, "both accessors give as many values: {header:?}");
        assert_eq!(error, result.err(), "both accessors give the same fault: {header:?}");
    }
    if let Err(error) = result {
        let (from, len) = (header.value_at(), header.bytes().len());
        assert_eq!(error.field, Part::Header(header.name()));
        assert!(
            (from..=from + len).contains(&(error.at as usize)),
            "a fault lies in its value ({from} and {len} bytes): {error:?}"
        );
    }
}

fn located(error: &ParseError, len: usize) {
    assert!(error.at as usize <= len, "an offset lies in the input: {error:?} of {len}");
    assert!(!error.to_string().is_empty());
}

struct Watcher<'h> {
    header: &'h Header<'h>,
    seen: usize,
    /// How many values the iterator gave, and the fault with which it ended.
    listed: Option<(usize, Option<ParseError>)>,
}

impl Visit for Watcher<'_> {
    fn value<'a, F: Field>(&mut self, value: F::Value<'a>) {
        self.seen += 1;
        let mut out = BytesMut::new();
        value.encode(&mut out);
        assert!(stays_in_line(&out), "{}: {value:?} breaks its line: {out:?}", F::NAME);
        if self.listed.is_none() {
            let values = self.header.values::<F>().into_iter().flatten();
            let (mut count, mut error) = (0, None);
            for value in values {
                match value {
                    Ok(_) => count += 1,
                    Err(fault) => error = error.or(Some(fault)),
                }
            }
            self.listed = Some((count, error));
        }
    }
}

/// Whether text can stand in a header line without ending it: CR and LF only together and before white space.
pub(crate) fn stays_in_line(text: &[u8]) -> bool {
    let mut rest = text;
    while let Some((first, after)) = rest.split_first() {
        rest = match (first, after) {
            (b'\r', [b'\n', b' ' | b'\t', more @ ..]) => more,
            (b'\r' | b'\n', _) => return false,
            _ => after,
        };
    }
    true
}

/// A request that has each of `names` with the same value.
pub(crate) fn with_headers(names: &[HeaderName], value: &[u8]) -> Option<Message> {
    let mut bytes = BytesMut::from(&b"OPTIONS sip:example.com SIP/2.0\r\n"[..]);
    for name in names {
        bytes.extend_from_slice(name.as_str().as_bytes());
        bytes.extend_from_slice(b": ");
        bytes.extend_from_slice(value);
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(b"\r\n");
    framed(bytes.freeze())
}

/// The message in a datagram, if there is one.
pub(crate) fn framed(bytes: Bytes) -> Option<Message> {
    match datagram(bytes, &Limits::lab()) {
        Ok(Frame::Message(message)) => Some(message),
        _ => None,
    }
}

/// Reads for the sake of the faults alone.
pub(crate) struct Nothing;

impl Visit for Nothing {
    fn value<'a, F: Field>(&mut self, _value: F::Value<'a>) {}
}
