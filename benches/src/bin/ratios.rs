//! Measures ours and the peers' interleaved and prints what matters on a shared machine:
//! ratios. `--help` names the options.

#![allow(clippy::print_stdout, reason = "the tables are what this program is for")]

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use missiva_benches::accepts::Corpus;
use missiva_benches::alloc::{self, Counting, Tally};
use missiva_benches::check::{self, Shortfall};
use missiva_benches::corpus::{self, Input, Sample};
use missiva_benches::measure::{Race, Racer, Spread, race};
use missiva_benches::subject::{Level, Subject, Task, Wire};
use missiva_benches::subjects::{self, FLOOR, OURS};
use serde_json::{Value, json};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const HELP: &str = "\
ratios [--json] [--task NAME] [--input NAME] [--seconds N] [--corpus FOLDER] [--why]
  --task     sip-index, sip-typed, sip-forward or sip-build; all four when left out
  --input    invite, message or ok; all three when left out
  --seconds  time for the whole run, 40 when left out
  --corpus   fixture folder for the accepts column
  --why      also says on stderr what a subject refuses";

/// Time for a whole run; the promise to callers is 60 seconds, checks and counting included.
const SECONDS: f64 = 40.0;

struct Options {
    json: bool,
    why: bool,
    task: Option<String>,
    input: Option<String>,
    seconds: f64,
    corpus: PathBuf,
}

fn main() -> ExitCode {
    let options = match Options::read(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(text) => {
            eprintln!("{text}");
            return ExitCode::from(2);
        }
    };
    let corpus = Corpus::load(&options.corpus);
    let inputs = corpus::inputs();
    let jobs: Vec<(Task, &Input)> = Task::REPORTED
        .iter()
        .filter(|task| options.task.as_deref().is_none_or(|name| name == task.name()))
        .flat_map(|task| inputs.iter().map(move |input| (*task, input)))
        .filter(|(_, input)| options.input.as_deref().is_none_or(|name| name == input.name))
        .collect();
    if jobs.is_empty() {
        eprintln!("no such task or input\n{HELP}");
        return ExitCode::from(2);
    }

    // Each job gets time by the number of subjects in it, so that all see as many rounds.
    let mut all = subjects::all();
    let shares: Vec<usize> = jobs.iter().map(|(task, _)| entrants(&all, *task).count()).collect();
    let whole: usize = shares.iter().sum::<usize>().max(1);

    let mut array = Vec::new();
    for ((task, input), share) in jobs.into_iter().zip(shares) {
        let budget = Duration::from_secs_f64(options.seconds * share as f64 / whole as f64);
        let rows = run(&mut all, task, input, budget, &corpus, options.why);
        if options.json {
            array.extend(rows.iter().map(|row| row.json(task, input)));
        } else {
            print_table(task, input, &rows);
        }
    }
    if options.json {
        println!("{:#}", Value::Array(array));
    }
    ExitCode::SUCCESS
}

impl Options {
    fn read(args: impl Iterator<Item = String>) -> Result<Self, String> {
        let home = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut options = Self {
            json: false,
            why: false,
            task: None,
            input: None,
            seconds: SECONDS,
            corpus: home.join("../tests/fixtures/sip"),
        };
        let mut args = args;
        while let Some(arg) = args.next() {
            let mut value = || args.next().ok_or_else(|| format!("{arg} needs a value\n{HELP}"));
            match arg.as_str() {
                "--json" => options.json = true,
                "--why" => options.why = true,
                "--task" => options.task = Some(value()?),
                "--input" => options.input = Some(value()?),
                "--corpus" => options.corpus = value()?.into(),
                "--seconds" => {
                    options.seconds = value()?
                        .parse()
                        .ok()
                        .filter(|s: &f64| s.is_finite() && *s > 0.0)
                        .ok_or_else(|| format!("--seconds wants a positive number\n{HELP}"))?;
                }
                _ => return Err(HELP.to_owned()),
            }
        }
        Ok(options)
    }
}

fn entrants(all: &[Box<dyn Subject>], task: Task) -> impl Iterator<Item = &dyn Subject> {
    all.iter().map(|s| &**s).filter(move |s| s.level(task).is_some())
}

/// One line of the report.
struct Row {
    subject: &'static str,
    level: Level,
    /// Absent when the subject refuses the message: the speed of a refusal is not a result.
    time: Option<Spread>,
    to_floor: Option<Spread>,
    to_ours: Option<Spread>,
    tally: Tally,
    accepts: bool,
    /// Accepted messages of the corpus, and how many there are.
    corpus: Option<(usize, usize)>,
}

/// A subject at the start line.
struct Runner<'a> {
    subject: &'a mut dyn Subject,
    task: Task,
    samples: &'a [Sample],
    wire: Wire,
    turn: usize,
}

impl Racer for Runner<'_> {
    fn run(&mut self, count: usize) -> usize {
        let first = self.turn;
        self.turn = (first + count) % self.samples.len().max(1);
        self.subject.batch(self.task, self.samples, first, count, &mut self.wire)
    }
}

fn run(
    all: &mut [Box<dyn Subject>],
    task: Task,
    input: &Input,
    budget: Duration,
    corpus: &Corpus,
    why: bool,
) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut racers: Vec<Box<dyn Racer + '_>> = Vec::new();
    let mut lanes = Vec::new();
    for subject in all {
        let subject = &mut **subject;
        let (name, Some(level)) = (subject.name(), subject.level(task)) else {
            continue;
        };
        let verdict = check::verify(subject, task, &input.samples);
        let refused = corpus.refused(subject, task);
        if why {
            explain(name, task, input, &verdict, refused.as_deref());
        }
        let count = refused.map(|refused| (corpus.len() - refused.len(), corpus.len()));
        let mut row = Row {
            subject: name,
            level,
            time: None,
            to_floor: None,
            to_ours: None,
            tally: Tally::default(),
            accepts: verdict.is_ok(),
            corpus: count,
        };
        if verdict != Err(Shortfall::Refused) {
            let samples = input.samples.as_slice();
            let mut runner = Runner { subject, task, samples, wire: Wire::default(), turn: 0 };
            // The first turn fills whatever a subject keeps; the second is the steady state.
            runner.run(samples.len());
            row.tally = alloc::count(samples.len(), || {
                std::hint::black_box(runner.run(samples.len()));
            });
            lanes.push(rows.len());
            racers.push(Box::new(runner));
        }
        rows.push(row);
    }

    let result: Race = race(&mut racers, budget);
    drop(racers);
    let lane_of = |name: &str| lanes.iter().position(|row| rows[*row].subject == name);
    let (floor, ours) = (lane_of(FLOOR), lane_of(OURS));
    for (lane, row) in lanes.into_iter().enumerate() {
        rows[row].time = result.time(lane);
        rows[row].to_floor = floor.and_then(|floor| result.ratio(lane, floor));
        rows[row].to_ours = ours.and_then(|ours| result.ratio(lane, ours));
    }
    rows
}

fn explain(
    name: &str,
    task: Task,
    input: &Input,
    verdict: &Result<(), Shortfall>,
    refused: Option<&[&Path]>,
) {
    if let Err(shortfall) = verdict {
        eprintln!("{} {}: {name} {shortfall}", task.name(), input.name);
    }
    for path in refused.unwrap_or_default() {
        eprintln!("{}: {name} refuses {}", task.name(), path.display());
    }
}

impl Row {
    fn json(&self, task: Task, input: &Input) -> Value {
        let round = |value: f64| (value * 1000.0).round() / 1000.0;
        let part =
            |spread: &Option<Spread>, of: fn(&Spread) -> f64| spread.as_ref().map(|s| round(of(s)));
        json!({
            "task": task.name(),
            "input": input.name,
            "subject": self.subject,
            "level": self.level.to_string(),
            "median_ns": part(&self.time, |s| s.median),
            "min_ns": part(&self.time, |s| s.min),
            "max_ns": part(&self.time, |s| s.max),
            "allocations": round(self.tally.calls),
            "allocated_bytes": round(self.tally.bytes),
            "accepts": self.accepts,
            "corpus_accepts": self.corpus.map(|c| c.0),
            "corpus_total": self.corpus.map(|c| c.1),
            "ratio_httparse": part(&self.to_floor, |s| s.median),
            "ratio_httparse_min": part(&self.to_floor, |s| s.min),
            "ratio_httparse_max": part(&self.to_floor, |s| s.max),
            "ratio_missiva": part(&self.to_ours, |s| s.median),
            "ratio_missiva_min": part(&self.to_ours, |s| s.min),
            "ratio_missiva_max": part(&self.to_ours, |s| s.max),
        })
    }
}

fn print_table(task: Task, input: &Input, rows: &[Row]) {
    println!(
        "\n{} / {}  (mean {} bytes, {} look-alikes)",
        task.name(),
        input.name,
        input.mean_len(),
        input.samples.len()
    );
    println!(
        "{:<26} {:<9} {:>26} {:>21} {:>21} {:>15} {:>7} {:>8}",
        "subject",
        "level",
        "ns: min / med / max",
        "vs httparse (range)",
        "vs missiva (range)",
        "allocs (bytes)",
        "accepts",
        "corpus"
    );
    let mut order: Vec<&Row> = rows.iter().collect();
    let key = |row: &Row| row.time.map_or(f64::INFINITY, |t| t.median);
    order.sort_by(|a, b| key(a).total_cmp(&key(b)));
    for row in order {
        let time = row.time.map_or_else(
            || "refused".to_owned(),
            |t| format!("{:.0} / {:.0} / {:.0}", t.min, t.median, t.max),
        );
        let ratio = |spread: Option<Spread>| {
            spread.map_or_else(
                || "-".to_owned(),
                |s| format!("{:.2} ({:.2}-{:.2})", s.median, s.min, s.max),
            )
        };
        println!(
            "{:<26} {:<9} {:>26} {:>21} {:>21} {:>15} {:>7} {:>8}",
            row.subject,
            row.level,
            time,
            ratio(row.to_floor),
            ratio(row.to_ours),
            format!("{:.1} ({:.0})", row.tally.calls, row.tally.bytes),
            if row.accepts { "yes" } else { "no" },
            row.corpus.map_or_else(|| "-".to_owned(), |(n, m)| format!("{n}/{m}")),
        );
    }
}
