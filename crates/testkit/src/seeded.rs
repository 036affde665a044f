//! Chance that repeats.

use std::fmt;
use std::ops::Range;
use std::time::Duration;

use bytes::Bytes;
use fastrand::Rng;
use missiva_core::IdSource;

/// Random numbers from a seed: the same seed gives the same numbers, on every machine.
///
/// It is the [`IdSource`] of machines under test, and what a test draws its own cases from. Everybody can guess its
/// numbers: it must never reach a product.
///
/// ```
/// use missiva_core::IdSource;
/// use missiva_testkit::Seeded;
///
/// assert_eq!(Seeded::new(7).hex(8), Seeded::new(7).hex(8));
/// assert_ne!(Seeded::new(7).hex(8), Seeded::new(8).hex(8));
/// ```
#[derive(Clone)]
pub struct Seeded(Rng);

impl Seeded {
    /// The numbers of this seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(Rng::with_seed(seed))
    }

    /// Another source, drawn from this one: what one part of a test draws does not move what another one gets.
    #[must_use]
    pub fn fork(&mut self) -> Self {
        Self(self.0.fork())
    }

    /// Any number.
    pub fn number(&mut self) -> u64 {
        self.0.u64(..)
    }

    /// A number below `bound`; zero when that is zero.
    pub fn below(&mut self, bound: u64) -> u64 {
        if bound == 0 { 0 } else { self.0.u64(..bound) }
    }

    /// A number of the range; its start when it is empty.
    pub fn within(&mut self, range: Range<usize>) -> usize {
        if range.is_empty() { range.start } else { self.0.usize(range) }
    }

    /// True once in `n` times on average; never when `n` is zero.
    pub fn one_in(&mut self, n: u64) -> bool {
        n != 0 && self.below(n) == 0
    }

    /// True with this probability; 0 is never and 1 always.
    pub fn hits(&mut self, probability: f64) -> bool {
        probability > 0.0 && self.0.f64() < probability
    }

    /// A span of at most `longest`, to the nanosecond.
    pub fn span(&mut self, longest: Duration) -> Duration {
        let nanos = u64::try_from(longest.as_nanos()).unwrap_or(u64::MAX);
        Duration::from_nanos(self.below(nanos.saturating_add(1)))
    }

    /// One of these.
    ///
    /// # Panics
    ///
    /// When there is nothing to choose from.
    #[track_caller]
    pub fn pick<'a, T>(&mut self, choice: &'a [T]) -> &'a T {
        let at = self.within(0..choice.len());
        let Some(one) = choice.get(at) else { panic!("nothing to choose from") };
        one
    }

    /// So many random bytes.
    pub fn bytes(&mut self, len: usize) -> Bytes {
        let mut raw = vec![0; len];
        self.fill(&mut raw);
        raw.into()
    }
}

impl IdSource for Seeded {
    fn fill(&mut self, out: &mut [u8]) {
        self.0.fill(out);
    }
}

impl fmt::Debug for Seeded {
    /// Draws nothing and tells nothing: a machine's `Debug` stays readable.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seeded")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_within_their_bounds() {
        let mut chance = Seeded::new(1);
        for _ in 0..1_000 {
            assert!(chance.below(3) < 3);
            assert!((2..5).contains(&chance.within(2..5)));
            assert!(chance.span(Duration::from_nanos(4)) <= Duration::from_nanos(4));
            assert!(!chance.hits(0.0) && chance.hits(1.0));
            assert!(!chance.one_in(0) && chance.one_in(1));
        }
        assert_eq!((chance.below(0), chance.within(5..5)), (0, 5));
        assert_eq!(chance.span(Duration::ZERO), Duration::ZERO);
    }

    #[test]
    fn a_fork_is_not_moved_by_what_its_source_draws_later() {
        let (mut one, mut two) = (Seeded::new(9), Seeded::new(9));
        let (mut left, mut right) = (one.fork(), two.fork());
        one.number();
        assert_eq!(left.bytes(32), right.bytes(32));
        assert_ne!(one.number(), two.number());
    }
}
