//! What travels inside messages: CPIM, multiparts, reports and signs of typing.

pub mod corpus;
mod cpim;
mod multipart;
#[cfg(feature = "peers")]
mod serde_xml;
mod xml;

use std::rc::Rc;

use bytes::Bytes;

use crate::job::{Entrant, Job};
use crate::measure::Racer;

/// The reference of every task: looks at the bytes and knows nothing of what they say.
const FLOOR: &str = "plain-scan";

/// Does the task on one sample: how many values were found, or nothing for a refusal.
type Work = fn(&Bytes) -> Option<usize>;

/// Somebody who does a task.
struct Subject {
    name: &'static str,
    level: &'static str,
    work: Work,
}

/// A task over an input.
struct Task {
    task: &'static str,
    input: &'static str,
    samples: fn() -> Vec<Bytes>,
    subjects: fn() -> Vec<Subject>,
    /// What a typed reader must find in each sample.
    values: usize,
}

const TASKS: [Task; 4] = [
    Task {
        task: "cpim-typed",
        input: "chat",
        samples: corpus::chat,
        subjects: cpim::subjects,
        values: cpim::VALUES,
    },
    Task {
        task: "multipart-split",
        input: "10m",
        samples: corpus::large,
        subjects: multipart::subjects,
        values: corpus::PARTS,
    },
    Task {
        task: "imdn-typed",
        input: "delivered",
        samples: corpus::delivered,
        subjects: xml::reports,
        values: 3,
    },
    Task {
        task: "composing-typed",
        input: "active",
        samples: corpus::active,
        subjects: xml::signs,
        values: 4,
    },
];

/// Every task over every input.
#[must_use]
pub fn jobs() -> Vec<Job> {
    let job = |task: &Task| {
        // The large input is not made for its size alone.
        let size = if task.input == "10m" {
            corpus::LARGE
        } else {
            let samples = (task.samples)();
            samples.iter().map(Bytes::len).sum::<usize>() / samples.len().max(1)
        };
        Job { task: task.task, input: task.input, size, floor: FLOOR, enter }
    };
    TASKS.iter().map(job).collect()
}

fn enter(job: &Job) -> Vec<Entrant> {
    let Some(task) = TASKS.iter().find(|task| task.task == job.task) else { return Vec::new() };
    let samples = Rc::<[Bytes]>::from((task.samples)());
    (task.subjects)().into_iter().map(|subject| entrant(&subject, task, &samples)).collect()
}

fn entrant(subject: &Subject, task: &Task, samples: &Rc<[Bytes]>) -> Entrant {
    let Subject { name, level, work } = *subject;
    let lap = || Box::new(Lap { work, samples: Rc::clone(samples), turn: 0 }) as Box<dyn Racer>;
    if level == "scan" {
        return Entrant::reference(name, level, lap());
    }
    let found: Vec<_> = samples.iter().map(work).collect();
    let refused = found.iter().filter(|found| found.is_none()).count();
    let short = found.iter().filter(|found| found.is_some_and(|n| n < task.values)).count();
    let mut remarks = Vec::new();
    if refused + short > 0 {
        remarks.push(format!("refuses {refused} and falls short in {short} of {}", found.len()));
    }
    Entrant {
        subject: name,
        level,
        accepts: remarks.is_empty(),
        corpus: None,
        remarks,
        racer: (refused == 0).then(lap),
    }
}

/// A subject at the start line.
struct Lap {
    work: Work,
    samples: Rc<[Bytes]>,
    turn: usize,
}

impl Racer for Lap {
    fn run(&mut self, count: usize) -> usize {
        let mut sum = 0usize;
        for _ in 0..count {
            if let Some(sample) = self.samples.get(self.turn) {
                sum = sum.wrapping_add((self.work)(std::hint::black_box(sample)).unwrap_or(0));
            }
            self.turn += 1;
            if self.turn >= self.samples.len() {
                self.turn = 0;
            }
        }
        sum
    }

    fn turn(&self) -> usize {
        self.samples.len()
    }
}
