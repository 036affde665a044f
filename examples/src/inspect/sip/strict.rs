//! Everything that lenient reading lets pass: the faults of strict mode, which lenient mode lists as tolerated.

use missiva_core::FaultKind;
use missiva_sip::{HeaderName, Message, ParseError, Part, Uri, validate};
use serde_json::Value;

use super::dump::parse_uri;
use super::start::StartParts;
use super::typed::{Typed, field_name};
use crate::inspect::Finding;

/// All faults of a message whose framing is sound and which starts at byte `base` of the input, in order.
///
/// Most are found by the SIP crate. Beyond those, a name may stand only once in any list of parameters (RFC 3261
/// section 7.3.1), and a field that the crate does not know may hold no control character (section 25.1,
/// header-value).
pub(super) fn faults(message: &Message, headers: &[Typed], base: usize) -> Vec<Finding> {
    let uri_is_fine = uri_is_fine(message);
    let mut faults: Vec<Finding> = validate::faults(message)
        .into_iter()
        .filter(|error| error.field != Part::RequestUri || !uri_is_fine)
        .map(|error| place(message, error, base))
        .collect();
    for (header, typed) in message.headers().zip(headers) {
        let name = field_name(&header);
        let (at, what) = match typed {
            Typed::Value(value) if repeats_parameter(value) => {
                (0, "a parameter stands twice".into())
            }
            Typed::Unknown => match header.bytes().iter().position(is_control) {
                Some(at) => (at, FaultKind::Unexpected.to_string()),
                None => continue,
            },
            _ => continue,
        };
        if !faults.iter().any(|fault| fault.field == name) {
            faults.push(Finding::new(base + header.value_at() + at, name, what));
        }
    }
    faults.sort_by_key(|fault| fault.offset);
    faults.dedup();
    faults
}

/// Whether the Request-URI is one once the white space around it is gone, which is a fault of the start line.
fn uri_is_fine(message: &Message) -> bool {
    let StartParts::Request { uri, .. } = StartParts::of(message) else { return true };
    match parse_uri(uri) {
        Ok(Uri::Sip(uri)) => uri.headers().is_empty(),
        parsed => parsed.is_ok(),
    }
}

/// A fault in its place: with the name that an unknown field has in the message, and with the offset of the field
/// when the fault has none of its own.
fn place(message: &Message, error: ParseError, base: usize) -> Finding {
    let mut finding = Finding::of(error, base);
    let Part::Header(name) = error.field else { return finding };
    let at = error.at as usize;
    let mut lines = message.headers().filter(|line| line.name() == name);
    if at == 0 {
        finding.offset = base + lines.next().map_or(0, |line| line.value_at());
    } else if name == HeaderName::Other {
        let ends_behind =
            |line: &missiva_sip::Header<'_>| at <= line.value_at() + line.bytes().len();
        if let Some(line) = lines.find(ends_behind) {
            finding.field = line.spelling().to_owned();
        }
    }
    finding
}

/// Whether a list of parameters somewhere in a value has a name twice.
fn repeats_parameter(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().any(repeats_parameter),
        Value::Object(object) => object
            .iter()
            .any(|(key, value)| key == "params" && has_twins(value) || repeats_parameter(value)),
        _ => false,
    }
}

fn has_twins(params: &Value) -> bool {
    let list = params.as_array().map(Vec::as_slice).unwrap_or_default();
    let names = list.iter().filter_map(|param| param.get("name")?.as_str());
    let mut names: Vec<_> = names.map(str::to_ascii_lowercase).collect();
    names.sort_unstable();
    names.windows(2).any(|pair| matches!(pair, [one, other] if one == other))
}

/// A byte that is neither text nor white space.
const fn is_control(byte: &u8) -> bool {
    byte.is_ascii_control() && !matches!(byte, b'\t' | b'\r' | b'\n')
}
