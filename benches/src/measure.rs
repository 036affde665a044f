//! Interleaved timing: everybody runs in every round, so everybody meets the same weather.
//!
//! On a shared machine the clock rate and the caches change from second to second. Timing one
//! subject to the end and then the next compares two different machines. Here a round gives
//! each subject one batch of a few milliseconds, the order turns from round to round, and
//! ratios are taken inside a round before their median is taken.

use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

/// Processor time that one batch should take. Long against the clock's own cost, short
/// against a change of weather.
const BATCH: Duration = Duration::from_micros(2500);
/// Fewer rounds than this make no median worth printing.
const MIN_ROUNDS: usize = 9;
/// More than this adds minutes, not knowledge.
const MAX_ROUNDS: usize = 301;

/// Something that can be run many times over.
pub trait Racer {
    /// Handles `count` messages, starting anywhere in the rotation. The returned number
    /// depends on the work, so that the work cannot be optimised away.
    fn run(&mut self, count: usize) -> usize;

    /// Messages in one turn of the rotation; every batch is whole turns.
    fn turn(&self) -> usize;
}

/// Median and extremes of a series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// Middle value.
    pub median: f64,
    /// Smallest value.
    pub min: f64,
    /// Largest value.
    pub max: f64,
}

impl Spread {
    /// The spread of `values`, or nothing when there are none.
    #[must_use]
    pub fn of(mut values: Vec<f64>) -> Option<Self> {
        values.sort_by(f64::total_cmp);
        let (min, max) = (*values.first()?, *values.last()?);
        let mid = values.len() / 2;
        let median =
            if values.len() % 2 == 1 { values[mid] } else { (values[mid - 1] + values[mid]) / 2.0 };
        Some(Self { median, min, max })
    }
}

/// What each racer needed, in nanoseconds per message, round by round.
#[derive(Debug, Clone)]
pub struct Race {
    /// `rounds[racer][round]`.
    rounds: Vec<Vec<f64>>,
}

impl Race {
    /// Time per message of one racer.
    #[must_use]
    pub fn time(&self, racer: usize) -> Option<Spread> {
        Spread::of(self.rounds.get(racer)?.clone())
    }

    /// Time of `racer` divided by that of `reference`, taken round by round.
    #[must_use]
    pub fn ratio(&self, racer: usize, reference: usize) -> Option<Spread> {
        let (ours, theirs) = (self.rounds.get(racer)?, self.rounds.get(reference)?);
        Spread::of(ours.iter().zip(theirs).map(|(a, b)| a / b).collect())
    }
}

/// Runs all racers against each other for about `budget`.
pub fn race(racers: &mut [Box<dyn Racer + '_>], budget: Duration) -> Race {
    let begun = Instant::now();
    let counts: Vec<usize> = racers.iter_mut().map(|racer| calibrate(&mut **racer)).collect();
    let one_round = BATCH * u32::try_from(racers.len().max(1)).unwrap_or(u32::MAX);
    let wanted = budget.saturating_sub(begun.elapsed()).as_micros() / one_round.as_micros().max(1);
    let rounds = usize::try_from(wanted).unwrap_or(MAX_ROUNDS).clamp(MIN_ROUNDS, MAX_ROUNDS);

    let mut times = vec![Vec::with_capacity(rounds); racers.len()];
    for round in 0..rounds {
        for step in 0..racers.len() {
            let index = (round + step) % racers.len();
            let took = timed(&mut *racers[index], counts[index]);
            times[index].push(took.as_nanos() as f64 / counts[index] as f64);
        }
        // Other jobs on the machine may stretch the wall clock; the promise is about that one.
        if round + 1 >= MIN_ROUNDS && begun.elapsed() > budget {
            break;
        }
    }
    Race { rounds: times }
}

/// How many messages make one batch. Serves as warm-up as well.
fn calibrate(racer: &mut dyn Racer) -> usize {
    let turn = racer.turn().max(1);
    let mut count = turn;
    loop {
        let took = timed(racer, count);
        if took >= BATCH / 4 || count >= 1 << 22 {
            let per = took.as_nanos().max(1) / count as u128;
            let fit = BATCH.as_nanos() / per.max(1);
            // Whole turns of the rotation, so that every batch sees the same mixture.
            let turns = usize::try_from(fit).unwrap_or(1 << 22) / turn;
            return turns.max(1) * turn;
        }
        count *= 4;
    }
}

/// Processor time of this thread, or wall time where that is smaller: the scheduler's figure
/// includes its own work at times, the wall's includes other people's.
fn timed(racer: &mut dyn Racer, count: usize) -> Duration {
    let (cpu, wall) = (thread_time(), Instant::now());
    std::hint::black_box(racer.run(count));
    let (wall, cpu) = (wall.elapsed(), thread_time().saturating_sub(cpu));
    wall.min(cpu).max(Duration::from_nanos(1))
}

fn thread_time() -> Duration {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(u64::try_from(now.tv_sec).unwrap_or(0), u32::try_from(now.tv_nsec).unwrap_or(0))
}
