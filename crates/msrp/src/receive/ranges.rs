//! Which bytes are there.

use std::ops::Range;

/// Runs of bytes, in order, with gaps between them: the exact account of what has arrived, or was acknowledged.
///
/// ```
/// use missiva_msrp::receive::Ranges;
///
/// let mut ranges = Ranges::new();
/// ranges.insert(0..10);
/// ranges.insert(20..30);
/// ranges.insert(10..15);
/// assert_eq!(ranges.iter().collect::<Vec<_>>(), [0..15, 20..30]);
/// assert_eq!((ranges.covered(), ranges.contiguous()), (25, 15));
/// assert_eq!(ranges.gaps(5..25).collect::<Vec<_>>(), [15..20]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ranges {
    /// The run that begins at the first byte, which is nearly always all there is.
    first: u64,
    /// The others: sorted, apart from each other and from the first.
    more: Vec<(u64, u64)>,
}

impl Ranges {
    /// Nothing.
    #[must_use]
    pub const fn new() -> Self {
        Self { first: 0, more: Vec::new() }
    }

    /// Adds `range`; bytes that are there already stay.
    pub fn insert(&mut self, range: Range<u64>) {
        let Range { mut start, mut end } = range;
        if start >= end {
            return;
        }
        // Those that overlap or touch are swallowed.
        let from = self.more.partition_point(|run| run.1 < start);
        let to = self.more.partition_point(|run| run.0 <= end);
        if start <= self.first {
            self.first = self.first.max(end);
            if let Some(last) = to.checked_sub(1).and_then(|at| self.more.get(at)) {
                self.first = self.first.max(last.1);
            }
            self.more.drain(..to);
            return;
        }
        if let Some(swallowed) = self.more.get(from..to) {
            start = swallowed.first().map_or(start, |run| run.0.min(start));
            end = swallowed.last().map_or(end, |run| run.1.max(end));
        }
        self.more.splice(from..to, [(start, end)]);
    }

    /// Every run in order.
    pub fn iter(&self) -> impl Iterator<Item = Range<u64>> {
        let first = (self.first > 0).then_some((0, self.first));
        first.into_iter().chain(self.more.iter().copied()).map(|(start, end)| start..end)
    }

    /// What is missing of `range`, in order.
    pub fn gaps(&self, range: Range<u64>) -> impl Iterator<Item = Range<u64>> {
        let mut at = range.start.max(self.first);
        let from = self.more.partition_point(|run| run.1 <= at);
        let mut runs = self.more.iter().skip(from).copied();
        std::iter::from_fn(move || {
            while at < range.end {
                let (start, end) = runs.next().unwrap_or((range.end, range.end));
                let gap = at..start.min(range.end);
                at = end.max(start);
                if !gap.is_empty() {
                    return Some(gap);
                }
            }
            None
        })
    }

    /// Whether all of the first `total` bytes are there.
    #[must_use]
    pub const fn is_complete(&self, total: u64) -> bool {
        self.first >= total
    }

    /// Bytes from the first on without a gap.
    #[must_use]
    pub const fn contiguous(&self) -> u64 {
        self.first
    }

    /// All bytes that are there.
    #[must_use]
    pub fn covered(&self) -> u64 {
        self.more.iter().fold(self.first, |sum, (start, end)| sum + (end - start))
    }

    /// The byte behind the last that is there.
    #[must_use]
    pub fn end(&self) -> u64 {
        self.more.last().map_or(self.first, |run| run.1)
    }

    /// How many runs there are.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.more.len() + (self.first > 0) as usize
    }

    /// Whether nothing is there.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.count() == 0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn runs_are_those_of_a_set_of_bytes(inserts in prop::collection::vec((0u64..60, 0u64..20), 0..20), asked in (0u64..60, 0u64..40)) {
            let (mut ranges, mut set) = (Ranges::new(), [false; 100]);
            for (start, len) in inserts {
                ranges.insert(start..start + len);
                for at in start..start + len {
                    set[at as usize] = true;
                }
                let runs: Vec<_> = ranges.iter().collect();
                prop_assert!(runs.windows(2).all(|pair| pair[0].end < pair[1].start));
                let there = (0..100).filter(|at| runs.iter().any(|run| run.contains(at)));
                prop_assert!(there.eq((0..100).filter(|at| set[*at as usize])));
                prop_assert_eq!(ranges.count(), runs.len());
                prop_assert_eq!(ranges.covered(), set.iter().filter(|there| **there).count() as u64);
                prop_assert_eq!(ranges.end(), runs.last().map_or(0, |run| run.end));
                prop_assert_eq!(ranges.contiguous() as usize, set.iter().take_while(|there| **there).count());
            }
            let asked = asked.0..asked.0 + asked.1;
            let missing = ranges.gaps(asked.clone()).flatten();
            prop_assert!(missing.eq(asked.filter(|at| !set[*at as usize])));
        }
    }
}
