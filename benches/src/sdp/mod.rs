//! Session descriptions: read, with every value in its type.

pub mod check;
pub mod corpus;
pub mod subject;
pub mod subjects;
mod vary;

use std::path::{Path, PathBuf};
use std::rc::Rc;

use crate::job::{Entrant, Job};
use crate::measure::Racer;
use check::Shortfall;
use corpus::Sample;
use subject::{Level, Subject, Task};

/// The fixtures of the accepts column.
const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/sdp");

/// The one input.
const INPUT: &str = "offer";

/// Every task over every input.
#[must_use]
pub fn jobs() -> Vec<Job> {
    let samples = corpus::offer();
    let size = samples.iter().map(|sample| sample.raw.len()).sum::<usize>() / samples.len().max(1);
    let job =
        |task: Task| Job { task: task.name(), input: INPUT, size, floor: subjects::FLOOR, enter };
    Task::ALL.into_iter().map(job).collect()
}

fn enter(job: &Job) -> Vec<Entrant> {
    let Some(task) = Task::ALL.into_iter().find(|task| task.name() == job.task) else {
        return Vec::new();
    };
    let (samples, corpus) = (corpus::offer(), corpus::accepted(Path::new(CORPUS)));
    let samples = Rc::<[Sample]>::from(samples);
    let subjects = subjects::all().into_iter().filter(|subject| subject.level(task).is_some());
    subjects.map(|subject| entrant(subject, task, &samples, &corpus)).collect()
}

fn entrant(
    mut subject: Box<dyn Subject>,
    task: Task,
    samples: &Rc<[Sample]>,
    corpus: &[(PathBuf, Sample)],
) -> Entrant {
    let (name, level) = (subject.name(), subject.level(task));
    let verdict = check::verify(&mut *subject, task, samples);
    let mut remarks: Vec<String> =
        verdict.as_ref().err().map(ToString::to_string).into_iter().collect();
    let mut count = None;
    if level != Some(Level::Scan) && !corpus.is_empty() {
        let refused = check::refused(&mut *subject, task, corpus);
        count = Some((corpus.len() - refused.len(), corpus.len()));
        remarks.extend(refused.iter().map(|(path, why)| format!("{}: {why}", path.display())));
    }
    let runner = Runner { subject, task, samples: Rc::clone(samples), turn: 0 };
    Entrant {
        subject: name,
        level: level.map_or("", Level::name),
        accepts: verdict.is_ok(),
        corpus: count,
        remarks,
        racer: (verdict != Err(Shortfall::Refused)).then(|| Box::new(runner) as Box<dyn Racer>),
    }
}

/// A subject at the start line.
struct Runner {
    subject: Box<dyn Subject>,
    task: Task,
    samples: Rc<[Sample]>,
    turn: usize,
}

impl Racer for Runner {
    fn run(&mut self, count: usize) -> usize {
        let first = self.turn;
        self.turn = (first + count) % self.samples.len().max(1);
        self.subject.batch(self.task, &self.samples, first, count)
    }

    fn turn(&self) -> usize {
        self.samples.len()
    }
}
