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
    /// The line of a session description, counted from one within it.
    pub line: Option<u32>,
    /// The field or the part of the message.
    pub field: String,
    /// What is wrong.
    pub what: String,
}

impl Finding {
    /// A finding at byte `offset`.
    #[must_use]
    pub fn new(offset: usize, field: impl fmt::Display, what: impl fmt::Display) -> Self {
        Self { offset, line: None, field: field.to_string(), what: what.to_string() }
    }

    /// A fault of a message that starts at byte `base` of the input.
    pub(crate) fn of(error: ParseError, base: usize) -> Self {
        Self::new(base.saturating_add(error.at as usize), error.field, error.kind)
    }

    /// A fault of a session description that starts at byte `base` of the input.
    pub(crate) fn of_line(error: missiva_sdp::ParseError, base: usize) -> Self {
        let found = Self::new(base.saturating_add(error.at as usize), error.field, error.kind);
        Self { line: Some(error.line), ..found }
    }

    /// A fault of a body that starts at byte `base` of the input.
    pub(crate) fn of_content(error: missiva_content::ParseError, base: usize) -> Self {
        Self::new(base.saturating_add(error.at as usize), error.field, error.kind)
    }

    /// A fault of a value that starts at byte `base` of the input.
    pub(crate) fn of_value(fault: Fault, field: &str, base: usize) -> Self {
        Self::new(base.saturating_add(fault.at as usize), field, fault.kind)
    }

    /// The finding as it stands in a document.
    pub(crate) fn to_json(&self) -> Value {
        let Self { offset, line, field, what } = self;
        match line {
            Some(line) => json!({ "offset": offset, "line": line, "field": field, "what": what }),
            None => json!({ "offset": offset, "field": field, "what": what }),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { offset, line, field, what } = self;
        match line {
            Some(line) => write!(f, "offset {offset}, line {line}: {field}: {what}"),
            None => write!(f, "offset {offset}: {field}: {what}"),
        }
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
