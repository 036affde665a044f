//! Everything that lenient reading lets pass, found one by one: the faults of strict mode, which lenient mode lists
//! as tolerated.

use missiva_core::FaultKind;
use missiva_sip::header::Contact;
use missiva_sip::{HeaderName, Message, field};
use serde_json::Value;

use super::Finding;
use super::dump::parse_uri;
use super::typed::{Typed, field_name};

/// The start line cut into its parts, bytes as they came.
#[derive(Clone, Copy, Debug)]
pub(super) enum StartParts<'a> {
    Request {
        method: &'a [u8],
        /// Without the white space that may stand around it.
        uri: &'a [u8],
        uri_at: usize,
        version: &'a [u8],
        version_at: usize,
        /// The first white space that the grammar does not have.
        blank_at: Option<usize>,
    },
    Response {
        version: &'a [u8],
        code: u16,
        reason: &'a [u8],
        /// Where the space before the reason should stand.
        no_space_at: Option<usize>,
    },
}

/// Bytes in `SIP/2.0`.
const VERSION: usize = 7;
/// Bytes in `SIP/2.0 200 `.
const BEFORE_REASON: usize = 12;

impl<'a> StartParts<'a> {
    /// The parts of the start line of a message that was read, so its shape is known.
    pub(super) fn of(message: &'a Message) -> Self {
        let line = line(message);
        let part = |from: usize, to: usize| line.get(from..to).unwrap_or_default();
        if let Some(code) = message.status() {
            let end = line.len();
            return Self::Response {
                version: part(0, VERSION),
                code,
                reason: part(BEFORE_REASON, end),
                no_space_at: (end < BEFORE_REASON).then_some(end),
            };
        }
        let method = line.iter().position(|byte| *byte == b' ').unwrap_or(line.len());
        let end = line.trim_ascii_end().len();
        let version_at = end.saturating_sub(VERSION);
        let between = part(method + 1, version_at.saturating_sub(1));
        let uri = between.trim_ascii();
        let before = between.len() - between.trim_ascii_start().len();
        let uri_at = method + 1 + before;
        let blank_at = if before > 0 {
            Some(method + 1)
        } else if uri.len() < between.len() {
            Some(uri_at + uri.len())
        } else {
            (end < line.len()).then_some(end)
        };
        Self::Request {
            method: part(0, method),
            uri,
            uri_at,
            version: part(version_at, end),
            version_at,
            blank_at,
        }
    }
}

/// All faults of a message whose framing is sound and which starts at byte `base` of the input, in order.
pub(super) fn faults(message: &Message, headers: &[Typed], base: usize) -> Vec<Finding> {
    let mut faults = Vec::new();
    start_line(message, base, &mut faults);
    let method = message.method();
    for (header, typed) in message.headers().zip(headers) {
        let name = field_name(&header);
        let fault = |at, what: FaultKind| Finding::new(base + header.value_at() + at, name, what);
        match typed {
            Typed::Bad(finding) => faults.push(finding.clone()),
            Typed::Unknown => {
                if let Some((at, what)) = odd_text(header.bytes()) {
                    faults.push(fault(at, what));
                }
            }
            Typed::Value(value) => {
                if let Some(what) = contradiction(message, &header, value, method.as_ref()) {
                    faults.push(Finding::new(base + header.value_at(), name, what));
                }
            }
        }
    }
    faults
}

fn line(message: &Message) -> &[u8] {
    let head = message.head();
    head.split(|byte| *byte == b'\r').next().unwrap_or(head)
}

fn start_line(message: &Message, base: usize, faults: &mut Vec<Finding>) {
    let mut fault =
        |at: usize, field, what: String| faults.push(Finding::new(base + at, field, what));
    let unexpected_blank = || "white space beyond single spaces".to_owned();
    match StartParts::of(message) {
        StartParts::Request { uri, uri_at, version, version_at, blank_at, .. } => {
            if let Some(at) = blank_at {
                fault(at, "start line", unexpected_blank());
            }
            match parse_uri(uri) {
                Err(error) => {
                    fault(uri_at + error.at as usize, "Request-URI", error.kind.to_string())
                }
                Ok(parsed) if has_headers(&serde_json::to_value(parsed).unwrap_or_default()) => {
                    fault(
                        uri_at,
                        "Request-URI",
                        "has headers, which belong in other URIs".to_owned(),
                    );
                }
                Ok(_) => {}
            }
            if !version.eq_ignore_ascii_case(b"SIP/2.0") {
                fault(version_at, "start line", "version is not SIP/2.0".to_owned());
            }
        }
        StartParts::Response { version, reason, no_space_at, .. } => {
            if !version.eq_ignore_ascii_case(b"SIP/2.0") {
                fault(0, "start line", "version is not SIP/2.0".to_owned());
            }
            if let Some(at) = no_space_at {
                fault(at, "start line", "no space before the reason phrase".to_owned());
            }
            if let Some((at, what)) = odd_text(reason) {
                fault(BEFORE_REASON + at, "start line", what.to_string());
            }
        }
    }
}

/// Whether a URI in parts has headers, which no Request-URI may have (RFC 3261 section 19.1.1).
fn has_headers(uri: &Value) -> bool {
    let headers = uri.get("headers");
    headers.and_then(Value::as_array).is_some_and(|headers| !headers.is_empty())
}

/// What contradicts itself in a value that is well-formed, or contradicts another part of the message.
fn contradiction(
    message: &Message,
    header: &missiva_sip::Header<'_>,
    value: &Value,
    method: Option<&missiva_sip::Method<'_>>,
) -> Option<String> {
    let conflict = || FaultKind::Conflict.to_string();
    match header.name() {
        HeaderName::CSeq => {
            let cseq = header.values::<field::CSeq>()?.next()?.ok()?;
            if method.is_some_and(|method| *method != cseq.method) {
                return Some("method differs from that of the request".to_owned());
            }
        }
        HeaderName::Via => {
            let vias = header.values::<field::Via>()?.flatten();
            if let Some(kind) = vias.filter_map(|via| via.check_params().err()).next() {
                return Some(kind.to_string());
            }
        }
        HeaderName::Contact => {
            let is_star = |contact: Contact<'_>| matches!(contact, Contact::Any);
            let all = message.all::<field::Contact>().flatten();
            if all.count() > 1 && header.values::<field::Contact>()?.flatten().any(is_star) {
                return Some(conflict());
            }
        }
        _ => {}
    }
    repeats_parameter(value).then(|| "a parameter stands twice".to_owned())
}

/// Whether a list of parameters somewhere in a value has a name twice (RFC 3261 section 7.3.1).
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
    let mut names: Vec<_> = list
        .iter()
        .filter_map(|param| param.get("name")?.as_str())
        .map(str::to_ascii_lowercase)
        .collect();
    names.sort_unstable();
    names.windows(2).any(|pair| matches!(pair, [one, other] if one == other))
}

/// The first byte that neither text nor white space may have (RFC 3261 section 25.1, TEXT-UTF8char and LWS). The
/// lone continuation bytes that the grammar of unknown fields has are refused as well: they are no UTF-8.
fn odd_text(bytes: &[u8]) -> Option<(usize, FaultKind)> {
    let control = bytes
        .iter()
        .position(|byte| byte.is_ascii_control() && !matches!(byte, b'\t' | b'\r' | b'\n'));
    let broken = std::str::from_utf8(bytes).err().map(|error| error.valid_up_to());
    match (control, broken) {
        (Some(control), Some(broken)) if broken < control => Some((broken, FaultKind::Utf8)),
        (Some(control), _) => Some((control, FaultKind::Unexpected)),
        (None, Some(broken)) => Some((broken, FaultKind::Utf8)),
        (None, None) => None,
    }
}
