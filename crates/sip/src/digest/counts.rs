//! A guard against credentials that are sent a second time.

use std::collections::BTreeMap;

/// The highest count seen of each nonce, for at most so many nonces.
///
/// When the table is full, the nonce that was made first goes, and with it the right of any unknown nonce made
/// no later: such a one is refused, its client gets a new one by a stale challenge. So a full table costs some
/// clients a round trip, and never lets a replay through. Only count what has been verified, so that nobody
/// without a password can fill it.
///
/// Do not count an ACK, which repeats the credentials of its INVITE, nor a retransmission.
///
/// ```
/// use missiva_sip::digest::NonceCounts;
///
/// let mut counts = NonceCounts::new(2);
/// assert!(counts.take(100, "a", 1) && counts.take(100, "a", 2));
/// assert!(!counts.take(100, "a", 2));
/// assert!(counts.take(101, "b", 1) && counts.take(102, "c", 1));
/// // "a" had to go, and cannot come back.
/// assert!(!counts.take(100, "a", 3));
/// ```
#[derive(Clone, Debug)]
pub struct NonceCounts {
    /// By the second in which a nonce was made, then by its text.
    seen: BTreeMap<(u64, String), u32>,
    max: usize,
    /// Unknown nonces made at this second or before are refused.
    floor: Option<u64>,
}

impl NonceCounts {
    /// A table of at most `max` nonces.
    #[must_use]
    pub const fn new(max: usize) -> Self {
        Self { seen: BTreeMap::new(), max, floor: None }
    }

    /// Takes the count `nc` of `nonce`, which was made in the second `issued`; `false` when the count is not
    /// above the last one, or the nonce is older than what the table can tell.
    #[must_use]
    pub fn take(&mut self, issued: u64, nonce: &str, nc: u32) -> bool {
        let key = (issued, nonce.to_owned());
        if let Some(last) = self.seen.get_mut(&key) {
            let above = nc > *last;
            *last = nc.max(*last);
            return above;
        }
        if nc == 0 || self.floor.is_some_and(|floor| issued <= floor) {
            return false;
        }
        self.seen.insert(key, nc);
        self.shrink();
        true
    }

    /// Forgets nonces made before `issued`: those whose lifetime is over.
    pub fn forget_before(&mut self, issued: u64) {
        self.seen = self.seen.split_off(&(issued, String::new()));
        self.floor = self.floor.max(issued.checked_sub(1));
    }

    /// Nonces in the table.
    #[must_use]
    pub fn len(&self) -> usize {
        self.seen.len()
    }

    /// Whether the table is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.seen.is_empty()
    }

    fn shrink(&mut self) {
        while self.seen.len() > self.max {
            let Some(((issued, _), _)) = self.seen.pop_first() else {
                return;
            };
            self.floor = self.floor.max(Some(issued));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn counts_only_rise() {
        let mut counts = NonceCounts::new(4);
        let table = [
            (0, false),
            (3, true),
            (3, false),
            (2, false),
            (4, true),
            (u32::MAX, true),
            (u32::MAX, false),
        ];
        for (nc, expected) in table {
            assert_eq!(counts.take(7, "n", nc), expected, "{nc}");
        }
        assert_eq!(counts.len(), 1);
    }

    #[test]
    fn the_table_is_capped_at_its_edge() {
        for max in [0, 1, 3] {
            let mut counts = NonceCounts::new(max);
            for issued in 0..100u64 {
                assert!(counts.take(issued, "n", 1));
                assert!(counts.len() <= max);
                assert!(!counts.take(issued, "n", 1));
            }
            assert_eq!(counts.len(), max);
            assert!(!counts.take(0, "other", 1));
        }
    }

    #[test]
    fn what_is_forgotten_stays_refused() {
        let mut counts = NonceCounts::new(10);
        assert!(counts.take(5, "a", 1) && counts.take(6, "b", 1));
        counts.forget_before(6);
        assert_eq!(counts.len(), 1);
        assert!(!counts.take(5, "a", 2) && counts.take(6, "b", 2));
        counts.forget_before(0);
        assert!(counts.take(6, "b", 3));
        counts.forget_before(7);
        assert!(counts.is_empty());
    }

    proptest! {
        #[test]
        fn no_count_is_taken_twice(
            takes in prop::collection::vec((0u64..6, 0u8..3, 0u32..4), 0..200), max in 0usize..5
        ) {
            let mut counts = NonceCounts::new(max);
            let mut taken = std::collections::BTreeSet::new();
            for (issued, name, nc) in takes {
                if counts.take(issued, &name.to_string(), nc) {
                    prop_assert!(taken.insert((issued, name, nc)));
                }
                prop_assert!(counts.len() <= max);
            }
        }
    }
}
