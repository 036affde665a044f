//! The place of the validation step: what is missing from a message or contradicts itself, and the status code that
//! a server answers.

use missiva_sip::Message;
use serde_json::Value;

/// The verdicts of the validation step, each an object `{status, field, what}`.
///
/// The SIP crate has no such step yet, so there are none.
pub(super) fn validate(message: &Message) -> Vec<Value> {
    let _ = message;
    Vec::new()
}
