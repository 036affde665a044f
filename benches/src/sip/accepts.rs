//! How many good messages of a fixture corpus a subject accepts.
//!
//! A parser that refuses half of what is valid may be fast for that very reason, so the
//! figure stands beside the times. The corpus is a folder with a `verdicts.tsv`, whose columns
//! `file` (relative to the table) and `strict` are read here.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use crate::sip::corpus::Sample;
use crate::sip::subject::{Subject, Task};

/// The verdict table in a corpus folder.
const VERDICTS: &str = "verdicts.tsv";

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
    ///
    /// A missing folder gives an empty corpus: the bench must run without it.
    #[must_use]
    pub fn load(root: &Path) -> Self {
        let mut corpus = Self::default();
        let below = FOLDERS.map(|folder| root.join(folder));
        for folder in [root.to_path_buf()].into_iter().chain(below) {
            if let Ok(table) = std::fs::read_to_string(folder.join(VERDICTS)) {
                corpus.add(&folder, &table);
            }
        }
        corpus
    }

    fn add(&mut self, folder: &Path, table: &str) {
        let mut lines = table.lines().filter(|l| !l.is_empty() && !l.starts_with("# "));
        let header: Vec<&str> = lines.next().unwrap_or_default().split('\t').collect();
        let column = |name: &str| {
            header.iter().position(|h| h.trim().trim_start_matches('#').eq_ignore_ascii_case(name))
        };
        let (Some(file), Some(strict)) = (column("file"), column("strict")) else {
            return;
        };
        for line in lines {
            let cells: Vec<&str> = line.split('\t').map(str::trim).collect();
            let (Some(file), Some(verdict)) = (cells.get(file), cells.get(strict)) else {
                continue;
            };
            if !verdict.eq_ignore_ascii_case("accept") {
                continue;
            }
            let path = folder.join(file);
            if !path.iter().any(|part| FOLDERS.iter().any(|counts| part == *counts)) {
                continue;
            }
            if let Ok(bytes) = std::fs::read(&path) {
                self.messages.push((path, Sample::new(bytes.into())));
            }
        }
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
