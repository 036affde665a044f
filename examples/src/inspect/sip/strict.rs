//! Everything that lenient reading lets pass: the faults of strict mode, which lenient mode lists as tolerated.

use missiva_sip::{HeaderName, Message, ParseError, Part, Uri, validate};

use super::dump::parse_uri;
use super::start::StartParts;
use crate::inspect::Finding;

/// All faults of a message whose framing is sound and which starts at byte `base` of the input, in order.
pub(super) fn faults(message: &Message, base: usize) -> Vec<Finding> {
    let uri_is_fine = uri_is_fine(message);
    let mut faults: Vec<Finding> = validate::faults(message)
        .into_iter()
        .filter(|error| error.field != Part::RequestUri || !uri_is_fine)
        .map(|error| place(message, error, base))
        .collect();
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
