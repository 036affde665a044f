//! Checks a subject's work before it is timed: a fast wrong answer is not a result.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use crate::sdp::corpus::Sample;
use crate::sdp::subject::{Refused, Seen, Subject, Task};

/// How a subject's answer falls short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shortfall {
    /// The description as a whole was refused: there is nothing to time.
    Refused,
    /// Media that are not there any more.
    Media {
        /// Media reported.
        found: usize,
        /// Media there are.
        expected: usize,
    },
    /// Fewer (or more) lines than the description has.
    Lines {
        /// Lines reported.
        found: usize,
        /// Lines there are.
        expected: usize,
    },
    /// Values that the library types but could not read.
    Faults(usize),
}

impl fmt::Display for Shortfall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused => f.write_str("refuses the description"),
            Self::Media { found, expected } => write!(f, "returns {found} of {expected} media"),
            Self::Lines { found, expected } => write!(f, "returns {found} of {expected} lines"),
            Self::Faults(count) => write!(f, "cannot read {count} of the values it types"),
        }
    }
}

/// Runs `task` once on every sample; the first shortfall is returned, a refusal before all others.
///
/// # Errors
/// With what is missing.
pub fn verify(subject: &mut dyn Subject, task: Task, samples: &[Sample]) -> Result<(), Shortfall> {
    let mut worst = Ok(());
    for sample in samples {
        let verdict = judge(subject.once(task, sample), sample);
        if verdict == Err(Shortfall::Refused) {
            return verdict;
        }
        worst = worst.and(verdict);
    }
    worst
}

/// The files of those that `subject` does not read in full, and why; a panic counts as a refusal.
pub fn refused<'c>(
    subject: &mut dyn Subject,
    task: Task,
    corpus: &'c [(PathBuf, Sample)],
) -> Vec<(&'c Path, Shortfall)> {
    let quiet = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let mut refused = Vec::new();
    for (path, sample) in corpus {
        let seen = catch_unwind(AssertUnwindSafe(|| subject.once(task, sample)));
        if let Err(shortfall) = judge(seen.unwrap_or(Err(Refused)), sample) {
            refused.push((path.as_path(), shortfall));
        }
    }
    std::panic::set_hook(quiet);
    refused
}

fn judge(seen: Result<Seen, Refused>, sample: &Sample) -> Result<(), Shortfall> {
    match seen {
        Err(Refused) => Err(Shortfall::Refused),
        Ok(seen) if seen.media != sample.media => {
            Err(Shortfall::Media { found: seen.media, expected: sample.media })
        }
        Ok(seen) if seen.lines != sample.lines => {
            Err(Shortfall::Lines { found: seen.lines, expected: sample.lines })
        }
        Ok(seen) if seen.faults > 0 => Err(Shortfall::Faults(seen.faults)),
        Ok(_) => Ok(()),
    }
}
