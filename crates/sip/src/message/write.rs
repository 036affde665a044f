//! Writing header lines that cannot be anything else.

use bytes::{BufMut, BytesMut};
use missiva_core::{Fault, FaultKind};

use crate::encode::put;
use crate::error::Place;
use crate::grammar::TOKEN;
use crate::header::{Field, Header, Raw, Value, Visit, visit};
use crate::message::Slot;
use crate::{HeaderName, ParseError, Part};

/// Writes `Name: value` and the line end. The value is read back from what was written, so that nothing goes out
/// that the field's own grammar refuses; on a fault the buffer is left as it was.
///
/// The offset of a fault counts from the first byte of the value.
pub(crate) fn write_field<'a, F: Field>(
    value: &F::Value<'a>,
    out: &mut BytesMut,
) -> Result<(), ParseError> {
    write_line(F::NAME.as_str(), F::NAME, out, |out| value.encode(out))
}

/// Writes a header line from plain text. A known name has its value read as that field; any other value may hold
/// no control character.
pub(crate) fn write_text(
    name: &str,
    value: &str,
    out: &mut BytesMut,
) -> Result<HeaderName, ParseError> {
    if !TOKEN.spans(name.as_bytes()) {
        return Err(Fault::new(FaultKind::Unexpected, 0).of(Part::HeaderLine, 0));
    }
    let known = HeaderName::find(name.as_bytes());
    write_line(name, known, out, |out| put(value, out))?;
    Ok(known)
}

fn write_line(
    spelling: &str,
    name: HeaderName,
    out: &mut BytesMut,
    value: impl FnOnce(&mut BytesMut),
) -> Result<(), ParseError> {
    let line = out.len();
    put(spelling, out);
    put(": ", out);
    let from = out.len();
    value(out);
    let to = out.len();
    out.put_slice(b"\r\n");
    let checked = check_value(name, out, from, to);
    if checked.is_err() {
        out.truncate(line);
    }
    checked
}

/// Refuses what would end the line, and what the field's grammar does not allow.
fn check_value(name: HeaderName, out: &[u8], from: usize, to: usize) -> Result<(), ParseError> {
    let part = if name == HeaderName::Other { Part::HeaderLine } else { Part::Header(name) };
    let value = out.get(from..to).unwrap_or_default();
    if let Some(at) = value.iter().position(|byte| byte.is_ascii_control() && *byte != b'\t') {
        let kind = match value.get(at) {
            Some(b'\r') => FaultKind::BareCr,
            Some(b'\n') => FaultKind::BareLf,
            Some(0) => FaultKind::Nul,
            _ => FaultKind::Unexpected,
        };
        return Err(Fault::new(kind, at).of(part, 0));
    }
    // Offsets are taken from the value, which is why the header is shown as a buffer of its own.
    let slot = Slot { line: 0, value: (0, value.len() as u32), name_len: 0, name };
    visit(&Header::new(Raw::Bytes(value), &slot), &mut Nothing)
}

/// Reads for the sake of the faults alone.
pub(crate) struct Nothing;

impl Visit for Nothing {
    #[inline(always)]
    fn value<'a, F: Field>(&mut self, _value: F::Value<'a>) {}
}
