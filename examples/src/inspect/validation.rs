//! The validation step: what is missing from a message or contradicts another part, and the answer to it.

use missiva_sip::validate::{self, Rules};
use missiva_sip::{Message, ParseError};
use serde_json::{Value, json};

use super::Finding;

/// Option tags that a CPM server understands.
const EXTENSIONS: [&str; 18] = [
    "100rel",
    "eventlist",
    "from-change",
    "gruu",
    "histinfo",
    "join",
    "multiple-refer",
    "norefersub",
    "outbound",
    "path",
    "pref",
    "recipient-list-invite",
    "recipient-list-message",
    "recipient-list-subscribe",
    "replaces",
    "sec-agree",
    "tdialog",
    "timer",
];

/// The verdict of the validation step: nothing when a server may act on the message; for a request the status code
/// of the answer, for a response `null`, since it would be dropped.
pub(super) fn validate(message: &Message, base: usize) -> Value {
    let mut rules = Rules::default();
    rules.extensions = &EXTENSIONS;
    if message.method().is_some() {
        let refusal = validate::request(message, &rules).err();
        let refusal = refusal.map(|refusal| verdict(refusal.code.into(), refusal.error, base));
        return refusal.into_iter().collect();
    }
    let error = validate::response(message).err();
    error.map(|error| verdict(Value::Null, error, base)).into_iter().collect()
}

fn verdict(status: Value, error: ParseError, base: usize) -> Value {
    let Finding { offset, field, what } = Finding::of(error, base);
    json!({ "status": status, "offset": offset, "field": field, "what": what })
}
