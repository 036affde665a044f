//! Lines that are written anew: what goes in is read back before anybody else can read it.

use bytes::{BufMut, BytesMut};
use missiva_core::{Fault, FaultKind};

use crate::encode::put;
use crate::grammar::TOKEN;
use crate::value::Value;
use crate::{Field, FieldName};

/// Appends a line with a value of the field `F`.
///
/// What was appended is taken back when it is not such a value, above all when it would end its line.
pub(super) fn write_field<F: Field>(value: &F::Value<'_>, out: &mut BytesMut) -> Result<(), Fault> {
    let start = out.len();
    begin(F::NAME, out);
    let from = out.len();
    value.encode(out);
    if out.len() == from && F::NAME.attribute().is_some() {
        // Only the attributes that say all by being there have no colon.
        out.truncate(from.saturating_sub(1));
    }
    let written = out.get(from.min(out.len())..).unwrap_or_default();
    let checked = check_text(written).and_then(|text| F::Value::parse(text).map(drop));
    end(checked, start, out)
}

/// Appends a line with any text for its value: an attribute by its name, without colon when there is no value.
pub(super) fn write_attribute(
    name: &str,
    value: Option<&str>,
    out: &mut BytesMut,
) -> Result<(), Fault> {
    let start = out.len();
    put("a=", out);
    put(name, out);
    let checked = if TOKEN.spans(name.as_bytes()) {
        check_text(value.unwrap_or_default().as_bytes()).map(drop)
    } else {
        Err(Fault::new(FaultKind::Unexpected, 0))
    };
    if let Some(value) = value {
        out.put_u8(b':');
        put(value, out);
    }
    end(checked, start, out)
}

/// Appends a line of another description as it stands there, with a line end of our own.
pub(super) fn write_copy(line: &super::Line<'_>, out: &mut BytesMut) {
    put(line.as_str(), out);
    put("\r\n", out);
}

fn begin(name: FieldName, out: &mut BytesMut) {
    match name.attribute() {
        Some(attribute) => {
            put("a=", out);
            put(attribute, out);
            out.put_u8(b':');
        }
        None => {
            // Type letters are ASCII.
            out.put_u8(name.letter() as u8);
            out.put_u8(b'=');
        }
    }
}

fn end(checked: Result<(), Fault>, start: usize, out: &mut BytesMut) -> Result<(), Fault> {
    match checked {
        Ok(()) => put("\r\n", out),
        Err(_) => out.truncate(start),
    }
    checked
}

/// Text that stays on its line.
fn check_text(bytes: &[u8]) -> Result<&str, Fault> {
    let text = std::str::from_utf8(bytes)
        .map_err(|error| Fault::new(FaultKind::Utf8, error.valid_up_to()))?;
    match memchr::memchr3(b'\r', b'\n', 0, bytes) {
        Some(at) => Err(Fault::new(FaultKind::Unexpected, at)),
        None => Ok(text),
    }
}
