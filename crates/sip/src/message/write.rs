//! Writing header lines that cannot be anything else.

use bytes::{BufMut, BytesMut};
use missiva_core::{Fault, FaultKind};

use crate::encode::put;
use crate::error::Place;
use crate::grammar::{TOKEN, lws};
use crate::header::{Field, Header, Raw, Value, Visit, visit};
use crate::message::Slot;
use crate::{HeaderName, ParseError, Part, Uri};

/// Writes `Name: value` and the line end. The value is read back from what was written, so that nothing goes out
/// that the field's own grammar refuses; on a fault the buffer is left as it was.
///
/// The offset of a fault counts from the first byte of the value.
pub(crate) fn write_field<'a, F: Field>(
    value: &F::Value<'a>,
    out: &mut BytesMut,
) -> Result<(), ParseError> {
    write_line(F::NAME.as_str(), F::NAME, out, |out| value.encode(out), check_one::<F>)
}

/// Writes a header line from plain text, whose name was looked up. A known name has its value read as that field;
/// any other value may hold no control character.
pub(crate) fn write_text(
    known: HeaderName,
    name: &str,
    value: &str,
    out: &mut BytesMut,
) -> Result<(), ParseError> {
    if known == HeaderName::Other && !TOKEN.spans(name.as_bytes()) {
        return Err(Fault::new(FaultKind::Unexpected, 0).of(Part::HeaderLine, 0));
    }
    write_line(name, known, out, |out| put(value, out), check_all)
}

fn write_line(
    spelling: &str,
    name: HeaderName,
    out: &mut BytesMut,
    value: impl FnOnce(&mut BytesMut),
    check: impl FnOnce(&Header<'_>) -> Result<(), ParseError>,
) -> Result<(), ParseError> {
    let line = out.len();
    put(spelling, out);
    put(": ", out);
    let from = out.len();
    value(out);
    let to = out.len();
    // Readers look at whole blocks; these bytes stop them, and go again.
    out.put_slice(&[b'\r'; PADDING]);
    let checked = check_value(name, out.get(from..).unwrap_or_default(), to - from, check);
    out.truncate(if checked.is_ok() { to } else { line });
    if checked.is_ok() {
        out.put_slice(b"\r\n");
    }
    checked
}

const PADDING: usize = 64;

/// Refuses what would end the line, and what the field's grammar does not allow. Behind the value, `len` bytes long,
/// stands padding.
fn check_value(
    name: HeaderName,
    padded: &[u8],
    len: usize,
    check: impl FnOnce(&Header<'_>) -> Result<(), ParseError>,
) -> Result<(), ParseError> {
    let value = padded.get(..len).unwrap_or_default();
    let control = |byte: u8| byte < b' ' && byte != b'\t' || byte == 0x7f;
    if value.iter().fold(false, |found, &byte| found | control(byte)) {
        return Err(control_fault(name, value));
    }
    let slot = Slot { line: 0, value: (0, len as u32), name_len: 0, name };
    check(&Header::new(Raw::new(padded), &slot))
}

/// As many values as the field allows.
fn check_all(header: &Header<'_>) -> Result<(), ParseError> {
    visit(header, &mut Nothing)
}

/// One value and nothing behind it: what is handed in as one may not turn into two.
fn check_one<F: Field>(header: &Header<'_>) -> Result<(), ParseError> {
    let (mut cursor, base) = header.cursor()?;
    let read = F::Value::read(&mut cursor).and_then(|_| {
        lws(&mut cursor);
        cursor.finish()
    });
    read.map_err(|fault| fault.of(Part::Header(F::NAME), base))
}

/// A request line carries no headers of its URI (RFC 3261 section 19.1.1).
pub(crate) fn check_request_uri(uri: &Uri<'_>) -> Result<(), ParseError> {
    match uri.as_sip().map(|uri| uri.headers()) {
        Some(headers) if !headers.is_empty() => {
            let at = uri.as_str().len() - headers.as_str().len();
            Err(Fault::new(FaultKind::Unexpected, at).of(Part::RequestUri, 0))
        }
        _ => Ok(()),
    }
}

#[cold]
fn control_fault(name: HeaderName, value: &[u8]) -> ParseError {
    let part = if name == HeaderName::Other { Part::HeaderLine } else { Part::Header(name) };
    let at = value.iter().position(|byte| byte.is_ascii_control() && *byte != b'\t').unwrap_or(0);
    let kind = match value.get(at) {
        Some(b'\r') => FaultKind::BareCr,
        Some(b'\n') => FaultKind::BareLf,
        Some(0) => FaultKind::Nul,
        _ => FaultKind::Unexpected,
    };
    Fault::new(kind, at).of(part, 0)
}

/// Reads for the sake of the faults alone.
struct Nothing;

impl Visit for Nothing {
    #[inline(always)]
    fn value<'a, F: Field>(&mut self, _value: F::Value<'a>) {}
}
