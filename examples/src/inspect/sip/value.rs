//! URIs and header values that stand alone.

use bytes::Bytes;
use missiva_core::{Fault, FaultKind};
use missiva_sip::{HeaderName, Limits, Message, ParseError, Part, frame, validate};
use serde_json::{Map, Value};

use super::dump;
use super::typed::Typed;
use crate::inspect::finding::list;
use crate::inspect::text::put_raw;
use crate::inspect::{Document, Finding};

/// A URI; a line end behind it does not count. Strictly, no parameter stands twice (RFC 3261 section 19.1.1, RFC 3966
/// section 3).
pub(in crate::inspect) fn uri(input: &[u8], strict: bool) -> Document {
    let bytes = trim_line_end(input);
    let mut object = Map::new();
    object.insert("kind".to_owned(), "uri".into());
    put_raw(&mut object, "raw", bytes);
    let uri = dump::parse_uri(bytes).and_then(|uri| match uri.repeated() {
        Some(name) if strict => Err(Fault::new(FaultKind::Conflict, offset(bytes, name))),
        _ => Ok(uri),
    });
    let uri = uri.map_err(|fault| Finding::of_value(fault, "URI", 0));
    dump::put_uri(&mut object, uri.as_ref().map(|uri| *uri));
    Document {
        json: Value::Object(object),
        faults: uri.err().into_iter().collect(),
        tolerated: Vec::new(),
    }
}

/// Where a part of `bytes` lies in it.
fn offset(bytes: &[u8], part: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(bytes.as_ptr() as usize)
}

/// A value of the header field `name`; a line end behind it does not count.
///
/// It is read as the only header line of a message, since lines have no life of their own in the SIP crate.
///
/// Strictly read, it may have no fault that a header line by itself can have; what other fields of a message would say
/// of it does not count.
pub(in crate::inspect) fn header(name: &str, input: &[u8], strict: bool) -> Document {
    let value = trim_line_end(input);
    let prefix = format!("OPTIONS sip:a.invalid SIP/2.0\r\n{name}:");
    let bytes: Bytes = [prefix.as_bytes(), value, b"\r\n\r\n"].concat().into();

    let mut object = Map::new();
    object.insert("kind".to_owned(), "header".into());
    let message = match message(bytes, prefix.len()) {
        Ok(message) => message,
        Err(error) => {
            let offset = (error.at as usize).saturating_sub(prefix.len());
            return refused(object, Finding::new(offset, name, error.kind));
        }
    };
    let Some(header) = message.headers().next() else {
        return refused(object, Finding::new(0, name, "no header field"));
    };
    let placed = |mut finding: Finding| {
        finding.offset = finding.offset.saturating_sub(prefix.len());
        finding
    };
    let mut typed = Typed::read(&header, 0);
    let mut faults = Vec::new();
    if let Typed::Bad(finding) = &mut typed {
        *finding = placed(finding.clone());
        faults.push(finding.clone());
    }
    if let Value::Object(mut line) = typed.to_json(&header) {
        object.append(&mut line);
    }
    if strict && faults.is_empty() {
        let found = validate::line(&header).into_iter();
        faults = found.map(|error| placed(Finding::of(error, 0))).collect();
        if header.name() == HeaderName::Other {
            faults.iter_mut().for_each(|fault| name.clone_into(&mut fault.field));
        }
        if !faults.is_empty() {
            object.insert("faults".to_owned(), list(&faults));
        }
    }
    Document { json: Value::Object(object), faults, tolerated: Vec::new() }
}

/// The message that has the value as its only field. What the value says of the body does not matter.
fn message(bytes: Bytes, prefix: usize) -> Result<Message, ParseError> {
    let message = match frame::datagram(bytes, &Limits::lab()) {
        Ok(frame::Frame::Message(message)) => message,
        Ok(_) => return Err(unexpected(prefix)),
        Err(error) => match (error.error.field, error.message) {
            (Part::Body | Part::Header(_), Some(message)) => *message,
            _ => return Err(error.error),
        },
    };
    let lines = message.headers().len();
    if lines == 1 { Ok(message) } else { Err(unexpected(prefix)) }
}

/// A line end that no white space follows ends the value.
const fn unexpected(at: usize) -> ParseError {
    ParseError { kind: FaultKind::Unexpected, field: Part::HeaderLine, at: at as u32 }
}

fn refused(mut object: Map<String, Value>, fault: Finding) -> Document {
    object.insert("error".to_owned(), fault.to_json());
    Document { json: Value::Object(object), faults: vec![fault], tolerated: Vec::new() }
}

/// Text files end with a line end.
fn trim_line_end(input: &[u8]) -> &[u8] {
    let trimmed = input.strip_suffix(b"\n").unwrap_or(input);
    trimmed.strip_suffix(b"\r").unwrap_or(trimmed)
}
