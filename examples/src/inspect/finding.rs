//! What is wrong, where.

use std::fmt;

use missiva_core::Fault;
use missiva_sip::ParseError;
use serde_json::{Value, json};

/// One thing that is wrong with the input. It never repeats what the input says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Byte offset in the input.
    pub offset: usize,
    /// The field or the part of the message.
    pub field: String,
    /// What is wrong.
    pub what: String,
}

impl Finding {
    /// A finding at byte `offset`.
    #[must_use]
    pub fn new(offset: usize, field: impl fmt::Display, what: impl fmt::Display) -> Self {
        Self { offset, field: field.to_string(), what: what.to_string() }
    }

    /// A fault of a message that starts at byte `base` of the input.
    pub(crate) fn of(error: ParseError, base: usize) -> Self {
        Self::new(base.saturating_add(error.at as usize), error.field, error.kind)
    }

    /// A fault of a value that starts at byte `base` of the input.
    pub(crate) fn of_value(fault: Fault, field: &str, base: usize) -> Self {
        Self::new(base.saturating_add(fault.at as usize), field, fault.kind)
    }

    /// The finding as it stands in a document.
    pub(crate) fn to_json(&self) -> Value {
        json!({ "offset": self.offset, "field": self.field, "what": self.what })
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { offset, field, what } = self;
        write!(f, "offset {offset}: {field}: {what}")
    }
}

/// The document of an input that cannot be read.
pub(crate) fn malformed(base: usize, faults: &[Finding]) -> Value {
    json!({ "kind": "malformed", "offset": base, "faults": list(faults) })
}

/// Several findings as they stand in a document.
pub(crate) fn list(findings: &[Finding]) -> Value {
    findings.iter().map(Finding::to_json).collect()
}
