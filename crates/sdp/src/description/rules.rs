//! How strict a parser is.

use crate::{Leniency, Limits};

/// What a parser lets through.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rules {
    /// Departures from the grammar.
    pub leniency: Leniency,
    /// Sizes and counts.
    pub limits: Limits,
}

impl Rules {
    /// RFC 8866 to the letter, with the default caps.
    pub const STRICT: Self = Self { leniency: Leniency::STRICT, limits: Limits::DEFAULT };
    /// Everything that can still be read, with caps that hardly bind.
    pub const LAB: Self = Self { leniency: Leniency::LAB, limits: Limits::lab() };
}
