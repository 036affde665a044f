//! Measures ours and the peers' interleaved and prints what matters on a shared machine:
//! ratios. `--help` names the options.

#![allow(clippy::print_stdout, reason = "the tables are what this program is for")]

use std::process::ExitCode;
use std::time::Duration;

use missiva_benches::OURS;
use missiva_benches::alloc::{self, Counting, Tally};
use missiva_benches::job::{self, Job};
use missiva_benches::measure::{Race, Spread, race};
use serde_json::{Value, json};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const HELP: &str = "\
ratios [--json] [--task NAME] [--input NAME] [--seconds N] [--list] [--why]
  --task     one task, or all of a family by its beginning: sip-index, sip; all when left out
  --input    one input; all when left out
  --seconds  time for the whole run, 40 when left out
  --list     names the tasks and their inputs, and measures nothing
  --why      also says on stderr what a subject refuses";

/// Time for a whole run; the promise to callers is 60 seconds, checks and counting included.
const SECONDS: f64 = 40.0;

struct Options {
    json: bool,
    why: bool,
    list: bool,
    task: Option<String>,
    input: Option<String>,
    seconds: f64,
}

fn main() -> ExitCode {
    let options = match Options::read(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(text) => {
            eprintln!("{text}");
            return ExitCode::from(2);
        }
    };
    let jobs: Vec<Job> = job::all().into_iter().filter(|job| options.wants(job)).collect();
    if jobs.is_empty() {
        eprintln!("no such task or input\n{HELP}");
        return ExitCode::from(2);
    }
    if options.list {
        for job in &jobs {
            println!("{} {}", job.task, job.input);
        }
        return ExitCode::SUCCESS;
    }

    let budget = Duration::from_secs_f64(options.seconds / jobs.len() as f64);
    let mut array = Vec::new();
    for job in &jobs {
        let rows = run(job, budget, options.why);
        if options.json {
            array.extend(rows.iter().map(|row| row.json(job)));
        } else {
            print_table(job, &rows);
        }
    }
    if options.json {
        println!("{:#}", Value::Array(array));
    }
    ExitCode::SUCCESS
}

impl Options {
    fn read(args: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut options = Self {
            json: false,
            why: false,
            list: false,
            task: None,
            input: None,
            seconds: SECONDS,
        };
        let mut args = args;
        while let Some(arg) = args.next() {
            let mut value = || args.next().ok_or_else(|| format!("{arg} needs a value\n{HELP}"));
            match arg.as_str() {
                "--json" => options.json = true,
                "--why" => options.why = true,
                "--list" => options.list = true,
                "--task" => options.task = Some(value()?),
                "--input" => options.input = Some(value()?),
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

    fn wants(&self, job: &Job) -> bool {
        let in_family = |name: &str| {
            job.task.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
        };
        self.task.as_deref().is_none_or(in_family)
            && self.input.as_deref().is_none_or(|name| name == job.input)
    }
}

/// One line of the report.
struct Row {
    subject: &'static str,
    level: &'static str,
    /// Absent when the subject refuses the message: the speed of a refusal is not a result.
    time: Option<Spread>,
    to_floor: Option<Spread>,
    to_ours: Option<Spread>,
    tally: Tally,
    accepts: bool,
    /// Accepted messages of the corpus, and how many there are.
    corpus: Option<(usize, usize)>,
}

fn run(job: &Job, budget: Duration, why: bool) -> Vec<Row> {
    let (mut rows, mut racers, mut lanes) = (Vec::new(), Vec::new(), Vec::new());
    for entrant in (job.enter)(job) {
        if why {
            for remark in &entrant.remarks {
                eprintln!("{} {}: {} {remark}", job.task, job.input, entrant.subject);
            }
        }
        let mut row = Row {
            subject: entrant.subject,
            level: entrant.level,
            time: None,
            to_floor: None,
            to_ours: None,
            tally: Tally::default(),
            accepts: entrant.accepts,
            corpus: entrant.corpus,
        };
        if let Some(mut racer) = entrant.racer {
            // The first turn fills whatever a subject keeps; the second is the steady state.
            let turn = racer.turn();
            racer.run(turn);
            row.tally = alloc::count(turn, || {
                std::hint::black_box(racer.run(turn));
            });
            lanes.push(rows.len());
            racers.push(racer);
        }
        rows.push(row);
    }

    let result: Race = race(&mut racers, budget);
    let lane_of = |name: &str| lanes.iter().position(|row: &usize| rows[*row].subject == name);
    let (floor, ours) = (lane_of(job.floor), lane_of(OURS));
    for (lane, row) in lanes.into_iter().enumerate() {
        rows[row].time = result.time(lane);
        rows[row].to_floor = floor.and_then(|floor| result.ratio(lane, floor));
        rows[row].to_ours = ours.and_then(|ours| result.ratio(lane, ours));
    }
    rows
}

impl Row {
    fn json(&self, job: &Job) -> Value {
        let round = |value: f64| (value * 1000.0).round() / 1000.0;
        let part =
            |spread: &Option<Spread>, of: fn(&Spread) -> f64| spread.as_ref().map(|s| round(of(s)));
        json!({
            "task": job.task,
            "input": job.input,
            "size": job.size,
            "subject": self.subject,
            "level": self.level,
            "median_ns": part(&self.time, |s| s.median),
            "min_ns": part(&self.time, |s| s.min),
            "max_ns": part(&self.time, |s| s.max),
            "allocations": round(self.tally.calls),
            "allocated_bytes": round(self.tally.bytes),
            "accepts": self.accepts,
            "corpus_accepts": self.corpus.map(|c| c.0),
            "corpus_total": self.corpus.map(|c| c.1),
            "floor": job.floor,
            "ratio_floor": part(&self.to_floor, |s| s.median),
            "ratio_floor_min": part(&self.to_floor, |s| s.min),
            "ratio_floor_max": part(&self.to_floor, |s| s.max),
            "ratio_missiva": part(&self.to_ours, |s| s.median),
            "ratio_missiva_min": part(&self.to_ours, |s| s.min),
            "ratio_missiva_max": part(&self.to_ours, |s| s.max),
        })
    }
}

fn print_table(job: &Job, rows: &[Row]) {
    println!("\n{} / {}  (mean {} bytes)", job.task, job.input, job.size);
    println!(
        "{:<26} {:<9} {:>32} {:>21} {:>21} {:>15} {:>7} {:>8}",
        "subject",
        "level",
        "ns: min / med / max",
        format!("vs {} (range)", job.floor),
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
            "{:<26} {:<9} {:>32} {:>21} {:>21} {:>15} {:>7} {:>8}",
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
