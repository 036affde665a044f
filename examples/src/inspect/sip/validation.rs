//! The validation step: what is missing from a message or contradicts another part, and the answer to it.

use missiva_sip::validate::{self, Refusal, Rules};
use missiva_sip::{Message, ParseError};
use serde_json::{Value, json};

use crate::inspect::Finding;

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
/// and the reason of the answer, for a response `null` in their place, since it would be dropped.
pub(super) fn validate(message: &Message, base: usize) -> Value {
    if message.method().is_none() {
        let error = validate::response(message).err();
        return error.map(|error| verdict(None, error, base)).into_iter().collect();
    }
    let mut rules = Rules::default();
    rules.extensions = &EXTENSIONS;
    let refusal = validate::request(message, &rules).err();
    refusal.map(|refusal| verdict(Some(refusal), refusal.error, base)).into_iter().collect()
}

fn verdict(refusal: Option<Refusal>, error: ParseError, base: usize) -> Value {
    let Finding { offset, field, what } = Finding::of(error, base);
    let (status, reason) = (refusal.map(|one| one.code), refusal.map(|one| one.reason()));
    json!({ "status": status, "reason": reason, "offset": offset, "field": field, "what": what })
}
