//! How many good messages of a fixture corpus a subject accepts.
//!
//! A parser that refuses half of what is valid may be fast for that very reason, so the
//! figure stands beside the times.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use crate::sip::corpus::Sample;
use crate::sip::subject::{Subject, Task};
use crate::verdicts;

/// The folders that count. Others hold streams, keep-alives and half messages: work for a
/// framer, on which a reader of single messages has no say.
const FOLDERS: [&str; 2] = ["rfc4475", "cpm"];

/// The messages that a strict reader must accept.
#[derive(Debug, Default)]
pub struct Corpus {
    messages: Vec<(PathBuf, Sample)>,
}

impl Corpus {
    /// Reads the table in `root`, and those in the counting folders below it if there are any.
    #[must_use]
    pub fn load(root: &Path) -> Self {
        let below = FOLDERS.map(|folder| root.join(folder));
        let tables = [root.to_path_buf()].into_iter().chain(below);
        let counts = |path: &Path| path.iter().any(|part| FOLDERS.iter().any(|one| part == *one));
        let messages = tables
            .flat_map(|folder| verdicts::accepted(&folder))
            .filter(|(path, _)| counts(path))
            .map(|(path, bytes)| (path, Sample::new(bytes.into())));
        Self { messages: messages.collect() }
    }

    /// How many messages there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.messages.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }

    /// The files of those that `subject` refuses in `task`; a panic counts as a refusal.
    ///
    /// `None` when the subject does not read SIP, or there is no corpus.
    pub fn refused(&self, subject: &mut dyn Subject, task: Task) -> Option<Vec<&Path>> {
        // Writing tasks are judged by what the subject reads.
        let task = if task == Task::Typed { Task::Typed } else { Task::Index };
        if self.is_empty() || !subject.reads_sip() || subject.level(task).is_none() {
            return None;
        }
        let quiet = std::panic::take_hook();
        std::panic::set_hook(Box::new(|_| {}));
        let mut wire = crate::sip::subject::Wire::default();
        let refused = self
            .messages
            .iter()
            .filter(|(_, sample)| {
                !catch_unwind(AssertUnwindSafe(|| {
                    subject.once(task, sample, &mut wire).is_ok_and(|seen| seen.faults == 0)
                }))
                .unwrap_or(false)
            })
            .map(|(path, _)| path.as_path())
            .collect();
        std::panic::set_hook(quiet);
        Some(refused)
    }
}
