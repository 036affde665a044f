//! SIP messages: framed, indexed, read, forwarded and built.

pub mod accepts;
pub mod check;
pub mod corpus;
pub mod subject;
pub mod subjects;
mod vary;

use std::path::Path;
use std::rc::Rc;

use crate::job::{Entrant, Job};
use crate::measure::Racer;
use accepts::Corpus;
use check::Shortfall;
use corpus::{Input, Sample};
use subject::{Subject, Task, Wire};

/// The fixtures of the accepts column.
const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/sip");

/// Every reported task over every input.
#[must_use]
pub fn jobs() -> Vec<Job> {
    let inputs = corpus::inputs();
    let job = |task: Task, input: &Input| Job {
        task: task.name(),
        input: input.name,
        size: input.mean_len(),
        floor: subjects::FLOOR,
        enter,
    };
    Task::REPORTED
        .iter()
        .flat_map(|task| inputs.iter().map(move |input| job(*task, input)))
        .collect()
}

fn enter(job: &Job) -> Vec<Entrant> {
    let task = Task::REPORTED.into_iter().find(|task| task.name() == job.task);
    let input = corpus::inputs().into_iter().find(|input| input.name == job.input);
    let (Some(task), Some(input)) = (task, input) else { return Vec::new() };
    let (samples, corpus) = (Rc::<[Sample]>::from(input.samples), Corpus::load(Path::new(CORPUS)));
    let subjects = subjects::all().into_iter().filter(|subject| subject.level(task).is_some());
    subjects.map(|subject| entrant(subject, task, &samples, &corpus)).collect()
}

fn entrant(
    mut subject: Box<dyn Subject>,
    task: Task,
    samples: &Rc<[Sample]>,
    corpus: &Corpus,
) -> Entrant {
    let verdict = check::verify(&mut *subject, task, samples);
    let refused = corpus.refused(&mut *subject, task);
    let mut remarks: Vec<String> =
        verdict.as_ref().err().map(ToString::to_string).into_iter().collect();
    for path in refused.iter().flatten() {
        remarks.push(format!("refuses {}", path.display()));
    }
    let count = refused.map(|refused| (corpus.len() - refused.len(), corpus.len()));
    let (name, level) = (subject.name(), subject.level(task).map_or("", |level| level.name()));
    let runner =
        Runner { subject, task, samples: Rc::clone(samples), wire: Wire::default(), turn: 0 };
    Entrant {
        subject: name,
        level,
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
    wire: Wire,
    turn: usize,
}

impl Racer for Runner {
    fn run(&mut self, count: usize) -> usize {
        let first = self.turn;
        self.turn = (first + count) % self.samples.len().max(1);
        self.subject.batch(self.task, &self.samples, first, count, &mut self.wire)
    }

    fn turn(&self) -> usize {
        self.samples.len()
    }
}
