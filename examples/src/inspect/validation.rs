//! The validation step: what is missing from a message or contradicts itself, and the status code that a server
//! answers.

use missiva_sip::Message;
use missiva_sip::validate::{self, Rules};
use serde_json::{Value, json};

/// The verdicts of the validation step, each an object `{status, reason, field, what}`; none when the message may be
/// acted on. A response is never answered, so its verdict has no status.
pub(super) fn validate(message: &Message) -> Vec<Value> {
    if message.method().is_none() {
        let verdict = |error: missiva_sip::ParseError| json!({ "field": error.field.to_string(), "what": error.kind.to_string() });
        return validate::response(message).err().map(verdict).into_iter().collect();
    }
    let refusal = validate::request(message, &Rules::default()).err();
    let verdict = refusal.map(|refusal| {
        json!({
            "status": refusal.code,
            "reason": refusal.reason(),
            "field": refusal.error.field.to_string(),
            "what": refusal.error.kind.to_string(),
        })
    });
    verdict.into_iter().collect()
}
