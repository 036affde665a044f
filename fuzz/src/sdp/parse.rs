//! Bytes in, nothing assumed: no panic, limits hold, offsets lie inside the input.

use bytes::Bytes;
use missiva_core::FaultKind;
use missiva_sdp::{Description, Rules};

use super::watch::{self, RULES};

/// A description under every rule, and a value on every line.
pub fn description(data: &[u8]) {
    for family in RULES.chunks(3) {
        let mut stricter = false;
        for rules in family {
            let accepted = description_under(data, rules);
            assert!(accepted || !stricter, "leniency refuses what strictness accepts");
            stricter = accepted;
        }
    }
    if let Some(description) = watch::with_value(data) {
        let text = description.text().as_bytes();
        watch::description(&description, text, &Rules::LAB);
    }
}

fn description_under(data: &[u8], rules: &Rules) -> bool {
    match Description::parse_with(Bytes::copy_from_slice(data), rules) {
        Ok(description) => {
            watch::description(&description, data, rules);
            true
        }
        Err(error) => {
            watch::located(&error, data);
            let large = data.len() > rules.limits.max_size;
            assert!(!large || error.kind == FaultKind::Limit);
            false
        }
    }
}
