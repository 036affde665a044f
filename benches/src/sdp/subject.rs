//! What a library must do to be measured.

use crate::sdp::corpus::Sample;

/// What is done with a description.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// Parsed, with every value in its type as far as the library has one.
    Typed,
}

impl Task {
    /// Every task.
    pub const ALL: [Self; 1] = [Self::Typed];

    /// Its name in the reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Typed => "sdp-typed",
        }
    }
}

/// How much work a subject really does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Looks at the bytes and knows nothing of descriptions.
    Scan,
    /// Tells lines apart and types `o=`, `c=`, `t=` and `m=`; attributes are a name and text.
    Lines,
    /// Types attributes as well.
    Typed,
}

impl Level {
    /// Its name in the reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Scan => "scan",
            Self::Lines => "lines",
            Self::Typed => "T",
        }
    }
}

/// What a subject found in a description.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Seen {
    /// Lines that it can still tell of.
    pub lines: usize,
    /// Media.
    pub media: usize,
    /// Values that it could not read, though it reads such.
    pub faults: usize,
}

/// The subject refused the description.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused;

/// A library under measurement.
pub trait Subject {
    /// Name in the reports: the crate's, with its version for peers.
    fn name(&self) -> &'static str;

    /// What it does for `task`, or `None` when it is absent from it.
    fn level(&self, task: Task) -> Option<Level>;

    /// [`Task::Typed`].
    ///
    /// # Errors
    /// When the description is refused as a whole.
    fn typed(&mut self, sample: &Sample) -> Result<Seen, Refused>;

    /// Runs `task` once.
    ///
    /// # Errors
    /// As the task's own function.
    #[inline]
    fn once(&mut self, task: Task, sample: &Sample) -> Result<Seen, Refused> {
        match task {
            Task::Typed => self.typed(sample),
        }
    }

    /// Runs `task` over `count` samples in rotation, beginning at `first`; compiled for each
    /// subject, so that the call inside the loop is direct.
    fn batch(&mut self, task: Task, samples: &[Sample], first: usize, count: usize) -> usize {
        let mut sum = 0_usize;
        for sample in samples.iter().cycle().skip(first % samples.len()).take(count) {
            match std::hint::black_box(self.once(task, std::hint::black_box(sample))) {
                Ok(seen) => sum = sum.wrapping_add(seen.lines + 1),
                Err(Refused) => sum = sum.wrapping_add(1),
            }
        }
        sum
    }
}
