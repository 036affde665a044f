//! What happened on a network, as a diagram in text.

use std::collections::{BTreeSet, VecDeque};
use std::fmt::{self, Write};
use std::hash::{DefaultHasher, Hash, Hasher};

use missiva_core::Instant;

/// The last rungs of what happened, one line each: who, to whom, how much, and a short summary.
///
/// It keeps no payload and a bounded number of rungs. The [`digest`](Self::digest) covers everything since the
/// beginning, payloads too: two runs with the same digest did the same things, byte for byte.
///
/// ```text
///                alice         bob
///       1000.010s  |------------>|  #0 12 bytes: hello
///       1000.500s  *             |  timer E
///       1000.510s  |-----x       |  #0 12 bytes lost: hello
/// ```
pub struct Ladder {
    names: Vec<String>,
    rungs: VecDeque<Rung>,
    keep: usize,
    total: u64,
    digest: DefaultHasher,
}

/// One thing that happened.
struct Rung {
    at: Instant,
    shape: Shape,
    label: String,
}

/// What a rung looks like; the numbers are hosts.
#[derive(Clone, Copy, Hash)]
pub(crate) enum Shape {
    /// Arrived.
    Arrow { from: usize, to: usize },
    /// Went off and did not arrive.
    Lost { from: usize, to: usize },
    /// Happened at one host.
    Mark { at: usize },
    /// A link came or went.
    Bar { left: usize, right: usize },
}

impl Shape {
    const fn ends(self) -> (usize, usize) {
        match self {
            Self::Arrow { from, to } | Self::Lost { from, to } => (from, to),
            Self::Mark { at } => (at, at),
            Self::Bar { left, right } => (left, right),
        }
    }
}

impl Ladder {
    /// Rungs that are kept unless a test asks for more or fewer.
    pub const KEEP: usize = 200;

    pub(crate) fn new() -> Self {
        Self {
            names: Vec::new(),
            rungs: VecDeque::new(),
            keep: Self::KEEP,
            total: 0,
            digest: DefaultHasher::new(),
        }
    }

    pub(crate) fn add_lane(&mut self, name: &str) {
        self.names.push(name.to_owned());
    }

    pub(crate) fn keep(&mut self, rungs: usize) {
        self.keep = rungs;
        self.shorten();
    }

    /// Adds a rung. `bytes` go into the digest only.
    pub(crate) fn record(&mut self, at: Instant, shape: Shape, label: String, bytes: &[u8]) {
        (at, shape, &label, bytes).hash(&mut self.digest);
        self.total = self.total.saturating_add(1);
        self.rungs.push_back(Rung { at, shape, label });
        self.shorten();
    }

    /// How many rungs there were since the beginning, those included that are no longer kept.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.total
    }

    /// A number for everything that was recorded since the beginning, payloads included; for comparing two runs
    /// of one build, not for keeping.
    #[must_use]
    pub fn digest(&self) -> u64 {
        self.digest.finish()
    }

    fn shorten(&mut self) {
        while self.rungs.len() > self.keep {
            self.rungs.pop_front();
        }
    }

    /// The hosts that the kept rungs speak of, in their order.
    fn lanes(&self) -> Vec<usize> {
        let mut seen = BTreeSet::new();
        for rung in &self.rungs {
            let (from, to) = rung.shape.ends();
            seen.extend([from, to]);
        }
        seen.into_iter().collect()
    }
}

impl fmt::Display for Ladder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lanes = self.lanes();
        let mut names = String::new();
        for lane in &lanes {
            let name = self.names.get(*lane).map_or("", String::as_str);
            write!(names, "{name:^WIDTH$.most$}", most = WIDTH.saturating_sub(1))?;
        }
        writeln!(f, "{:MARGIN$}{}", "", names.trim_end())?;
        let earlier = self.total.saturating_sub(self.rungs.len() as u64);
        if earlier > 0 {
            writeln!(f, "{:>MARGIN$}({earlier} earlier rungs are not kept)", "")?;
        }
        for rung in &self.rungs {
            let line = draw(rung.shape, &lanes);
            let time = rung.at.to_string();
            writeln!(f, "{time:>MARGIN$}{line} {}", rung.label)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Ladder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ladder({} rungs, {} kept)", self.total, self.rungs.len())
    }
}

/// Columns for the time.
const MARGIN: usize = 20;
/// Columns for each host.
const WIDTH: usize = 14;

/// The lines of all hosts, with the rung between its two.
fn draw(shape: Shape, lanes: &[usize]) -> String {
    let column = |lane: usize| {
        let place = lanes.binary_search(&lane).unwrap_or_default();
        place.saturating_mul(WIDTH).saturating_add(WIDTH / 2)
    };
    let mut line = vec![' '; lanes.len().saturating_mul(WIDTH)];
    let mut put = |at: usize, c: char| {
        if let Some(place) = line.get_mut(at) {
            *place = c;
        }
    };
    for lane in lanes {
        put(column(*lane), '|');
    }
    let (from, to) = shape.ends();
    let (from, to) = (column(from), column(to));
    let (left, right) = (from.min(to), from.max(to));
    let inside = left.saturating_add(1)..right;
    match shape {
        Shape::Mark { .. } => put(from, '*'),
        Shape::Bar { .. } => inside.for_each(|at| put(at, '=')),
        // A host that sends to itself.
        Shape::Arrow { .. } if from == to => put(from, '@'),
        Shape::Lost { .. } if from == to => put(from, 'x'),
        Shape::Arrow { .. } => {
            inside.for_each(|at| put(at, '-'));
            if from < to {
                put(right.saturating_sub(1), '>');
            } else {
                put(left.saturating_add(1), '<');
            }
        }
        Shape::Lost { .. } => {
            let middle = left.midpoint(right);
            let way = if from < to { inside.start..middle } else { middle..inside.end };
            way.for_each(|at| put(at, '-'));
            put(middle, 'x');
        }
    }
    line.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn at(millis: u64) -> Instant {
        Instant::ORIGIN + Duration::from_millis(millis)
    }

    #[test]
    fn each_shape_is_drawn_between_its_hosts() {
        let mut ladder = Ladder::new();
        for name in ["alice", "silent", "bob"] {
            ladder.add_lane(name);
        }
        ladder.record(at(1), Shape::Arrow { from: 0, to: 2 }, "there".into(), b"");
        ladder.record(at(2), Shape::Arrow { from: 2, to: 0 }, "back".into(), b"");
        ladder.record(at(3), Shape::Lost { from: 0, to: 2 }, "lost".into(), b"");
        ladder.record(at(4), Shape::Lost { from: 2, to: 0 }, "lost".into(), b"");
        ladder.record(at(5), Shape::Mark { at: 2 }, "timer".into(), b"");
        ladder.record(at(6), Shape::Bar { left: 0, right: 2 }, "cut".into(), b"");
        let expected = "                        alice          bob\n\
                        \u{20}       0.001000000s       |------------>|       there\n\
                        \u{20}       0.002000000s       |<------------|       back\n\
                        \u{20}       0.003000000s       |------x      |       lost\n\
                        \u{20}       0.004000000s       |      x------|       lost\n\
                        \u{20}       0.005000000s       |             *       timer\n\
                        \u{20}       0.006000000s       |=============|       cut\n";
        assert_eq!(ladder.to_string(), expected);
    }

    #[test]
    fn only_the_last_rungs_are_kept_and_all_are_counted() {
        let mut ladder = Ladder::new();
        ladder.add_lane("alice");
        ladder.keep(2);
        for n in 0..5 {
            ladder.record(at(n), Shape::Mark { at: 0 }, format!("rung {n}"), b"");
        }
        let text = ladder.to_string();
        assert!(text.contains("(3 earlier rungs are not kept)"), "{text}");
        assert!(!text.contains("rung 2") && text.contains("rung 3") && text.contains("rung 4"));
        assert_eq!(ladder.total(), 5);
    }

    #[test]
    fn the_digest_sees_a_byte_that_no_rung_shows() {
        let digest = |bytes: &[u8]| {
            let mut ladder = Ladder::new();
            ladder.add_lane("alice");
            ladder.record(at(0), Shape::Mark { at: 0 }, "same".into(), bytes);
            ladder.digest()
        };
        assert_eq!(digest(b"abc"), digest(b"abc"));
        assert_ne!(digest(b"abc"), digest(b"abd"));
    }
}
