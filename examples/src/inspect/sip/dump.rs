//! Messages and keep-alives as documents.

use bytes::Bytes;
use missiva_core::{Fault, FaultKind};
use missiva_sip::frame::{self, Frame, FrameError};
use missiva_sip::{HeaderName, Limits, Message, Part, Uri};
use serde_json::{Map, Value, json};

use super::start::StartParts;
use super::typed::Typed;
use super::{strict, validation};
use crate::inspect::finding::{list, malformed};
use crate::inspect::place::Place;
use crate::inspect::text::put_raw;
use crate::inspect::{Document, Finding, body};

/// One datagram.
pub(in crate::inspect) fn datagram(input: &Bytes, place: Place) -> Document {
    let leading = leading_line_ends(input);
    let base = place.base + leading;
    match frame::datagram(input.clone(), &Limits::DEFAULT) {
        Ok(Frame::Message(message)) => {
            let end = leading + message.bytes().len();
            let rest = input.len().saturating_sub(end);
            let cut = (rest > 0).then(|| {
                Finding::new(
                    place.base + end,
                    Part::Body,
                    format_args!("{rest} bytes after it are cut off"),
                )
            });
            self::message(&message, cut, place.ahead(leading))
        }
        Ok(frame) => keep_alive(&frame, place.base),
        Err(error) => refused(&error, base),
    }
}

/// A message that starts at `place`, and the bytes that the datagram had beyond it.
///
/// The latter are no fault in strict mode either: RFC 3261 section 18.3 says that they are dropped.
pub(super) fn message(message: &Message, cut: Option<Finding>, place: Place) -> Document {
    let base = place.base;
    let headers: Vec<_> = message.headers().map(|header| Typed::read(&header, base)).collect();
    let mut faults = strict::faults(message, base);
    let labels = body::Labels {
        media_type: first(message, HeaderName::ContentType),
        encoding: first(message, HeaderName::ContentEncoding),
    };
    let body = body::look(&message.body(), labels, place.inside(message.head().len()));
    let mut tolerated = if place.strict { Vec::new() } else { std::mem::take(&mut faults) };
    // A SIP element passes bodies on and does not read them: RFC 4475 calls messages valid whose descriptions are not.
    tolerated.extend(body.faults);
    tolerated.extend(body.tolerated);
    tolerated.extend(cut);

    let mut object = beginning(message, base);
    put_headers(&mut object, message, &headers);
    object.insert("body".to_owned(), body.json);
    object.insert("tolerated".to_owned(), list(&tolerated));
    if !faults.is_empty() {
        object.insert("faults".to_owned(), list(&faults));
    }
    object.insert("validation".to_owned(), validation::validate(message, base));
    Document { json: Value::Object(object), faults, tolerated }
}

/// A message that is refused, with as much of it as can be shown.
pub(super) fn refused(error: &FrameError, base: usize) -> Document {
    let fault = Finding::of(error.error, base);
    let mut json = malformed(base, std::slice::from_ref(&fault));
    if let (Some(message), Value::Object(object)) = (&error.message, &mut json) {
        let mut shown = beginning(message, base);
        shown.remove("kind");
        shown.remove("offset");
        let headers: Vec<_> = message.headers().map(|header| Typed::read(&header, base)).collect();
        put_headers(&mut shown, message, &headers);
        object.append(&mut shown);
    }
    Document { json, faults: vec![fault], tolerated: Vec::new() }
}

/// A keep-alive at byte `base` of the input.
pub(super) fn keep_alive(frame: &Frame, base: usize) -> Document {
    let kind = if matches!(frame, Frame::Ping) { "ping" } else { "pong" };
    let json = json!({ "kind": kind, "offset": base });
    Document { json, faults: Vec::new(), tolerated: Vec::new() }
}

/// A URI: its parts, or what is wrong with it.
pub(super) fn put_uri(object: &mut Map<String, Value>, uri: Result<Uri<'_>, &Finding>) {
    match uri {
        Ok(uri) => {
            let value = serde_json::to_value(uri).unwrap_or_default();
            object.insert("value".to_owned(), value);
        }
        Err(finding) => {
            object.insert("error".to_owned(), finding.to_json());
        }
    }
}

/// Bytes of line ends before the message, which RFC 3261 section 7.5 lets pass.
pub(super) fn leading_line_ends(bytes: &[u8]) -> usize {
    2 * bytes.chunks_exact(2).take_while(|pair| *pair == b"\r\n").count()
}

/// The text of the first line of the field.
fn first(message: &Message, name: HeaderName) -> Option<&str> {
    message.headers().find(|header| header.name() == name).and_then(|header| header.text().ok())
}

/// Kind, offset and start line.
fn beginning(message: &Message, base: usize) -> Map<String, Value> {
    let mut start = Map::new();
    let kind = match StartParts::of(message) {
        StartParts::Request { method, uri, uri_at, version } => {
            start.insert("method".to_owned(), method.escape_ascii().to_string().into());
            let mut target = Map::new();
            put_raw(&mut target, "raw", uri);
            let parsed = parse_uri(uri)
                .map_err(|fault| Finding::of_value(fault, "Request-URI", base + uri_at));
            put_uri(&mut target, parsed.as_ref().map(|uri| *uri));
            start.insert("uri".to_owned(), Value::Object(target));
            put_raw(&mut start, "version", version);
            "request"
        }
        StartParts::Response { version, code, reason } => {
            put_raw(&mut start, "version", version);
            start.insert("code".to_owned(), code.into());
            put_raw(&mut start, "reason", reason);
            "response"
        }
    };
    let mut object = Map::new();
    object.insert("kind".to_owned(), kind.into());
    object.insert("offset".to_owned(), base.into());
    object.insert("start".to_owned(), Value::Object(start));
    object
}

fn put_headers(object: &mut Map<String, Value>, message: &Message, headers: &[Typed]) {
    let lines = message.headers().zip(headers);
    let lines = lines.map(|(header, typed)| typed.to_json(&header));
    object.insert("headers".to_owned(), lines.collect());
}

/// Reads a URI that fills `bytes`.
pub(super) fn parse_uri(bytes: &[u8]) -> Result<Uri<'_>, Fault> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Uri::parse(text),
        Err(error) => Err(Fault::new(FaultKind::Utf8, error.valid_up_to())),
    }
}
