//! One task over one input, and all who take part.

use crate::measure::Racer;

/// A task over an input. Its names are stable: later runs are compared by them.
#[derive(Debug, Clone, Copy)]
pub struct Job {
    /// What is done.
    pub task: &'static str,
    /// What it is done to.
    pub input: &'static str,
    /// Mean size of one message or one run of the input, in bytes.
    pub size: usize,
    /// The subject that the others are compared with.
    pub floor: &'static str,
    /// Makes the subjects ready. Called when the job's turn comes, so that no two jobs'
    /// buffers are alive at once.
    pub enter: fn(&Self) -> Vec<Entrant>,
}

/// A subject that takes part in a job, checked beforehand.
pub struct Entrant {
    /// Name in the reports: the crate's, with its version for peers.
    pub subject: &'static str,
    /// How much work it really does; compare equals only.
    pub level: &'static str,
    /// Whether it did the task on every message of the input as asked.
    pub accepts: bool,
    /// Accepted messages of the corpus, and how many there are; for who reads the protocol.
    pub corpus: Option<(usize, usize)>,
    /// What falls short, a line each.
    pub remarks: Vec<String>,
    /// Absent when the subject refuses the input: the speed of a refusal is not a result.
    pub racer: Option<Box<dyn Racer>>,
}

impl std::fmt::Debug for Entrant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Entrant")
            .field("subject", &self.subject)
            .field("level", &self.level)
            .field("accepts", &self.accepts)
            .finish_non_exhaustive()
    }
}

impl Entrant {
    /// A reference that has nothing to refuse.
    #[must_use]
    pub fn reference(subject: &'static str, level: &'static str, racer: Box<dyn Racer>) -> Self {
        let (corpus, remarks) = (None, Vec::new());
        Self { subject, level, accepts: true, corpus, remarks, racer: Some(racer) }
    }
}

/// Every job of every family.
#[must_use]
pub fn all() -> Vec<Job> {
    crate::sip::jobs()
}
