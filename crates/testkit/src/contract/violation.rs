//! How a contract was broken.

use std::fmt;

use missiva_core::Instant;

/// A clause that a machine broke, and what led there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The clause of the contract, 1 to 10.
    pub clause: u8,
    /// When.
    pub at: Instant,
    /// How.
    pub what: String,
    /// The seed of the walk, if it was one.
    pub seed: Option<u64>,
    /// The last moves of the walk.
    pub moves: Vec<String>,
}

impl Violation {
    pub(super) fn new(clause: u8, at: Instant, what: impl Into<String>) -> Self {
        Self { clause, at, what: what.into(), seed: None, moves: Vec::new() }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "clause {} of the contract is broken at {}: {}",
            self.clause, self.at, self.what
        )?;
        if let Some(seed) = self.seed {
            write!(f, "\nseed {seed}, last moves:")?;
        }
        for one in &self.moves {
            write!(f, "\n  {one}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Violation {}
