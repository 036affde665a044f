//! Timers: what a machine waits for, in the order in which it comes.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;

use crate::Instant;

/// When a machine wants to be woken, and the name of the timer that asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// The driver calls [`Machine::handle_timeout`](crate::Machine::handle_timeout) at this moment or later.
    pub at: Instant,
    /// Which timer this is, as its standard spells it ("timer A"); for logs, never for decisions.
    pub why: &'static str,
}

/// Timers by key, ordered by time: one timer a key, `O(log n)` for every call.
///
/// Timers that fall due at the same instant come out in the order of their keys, so a run repeats exactly.
#[derive(Clone, Debug)]
pub struct DeadlineQueue<K> {
    at: HashMap<K, Instant>,
    order: BTreeSet<(Instant, K)>,
}

impl<K: Clone + Eq + Hash + Ord> DeadlineQueue<K> {
    /// A queue with no timer.
    #[must_use]
    pub fn new() -> Self {
        Self { at: HashMap::new(), order: BTreeSet::new() }
    }

    /// Starts the timer `key`, or moves it when it runs already.
    pub fn set(&mut self, key: K, at: Instant) {
        if let Some(before) = self.at.insert(key.clone(), at) {
            self.order.remove(&(before, key.clone()));
        }
        self.order.insert((at, key));
    }

    /// Stops the timer `key`; says whether it ran.
    pub fn cancel(&mut self, key: &K) -> bool {
        let Some(at) = self.at.remove(key) else {
            return false;
        };
        self.order.remove(&(at, key.clone()))
    }

    /// Takes out the earliest timer that is due at `now`. Call until `None`: the timer is gone before its action
    /// runs, so an action that starts it anew is safe.
    pub fn take_due(&mut self, now: Instant) -> Option<K> {
        if self.order.first()?.0 > now {
            return None;
        }
        let (_, key) = self.order.pop_first()?;
        self.at.remove(&key);
        Some(key)
    }

    /// The earliest timer.
    #[must_use]
    pub fn next(&self) -> Option<(Instant, &K)> {
        self.order.first().map(|(at, key)| (*at, key))
    }

    /// When the timer `key` falls due.
    #[must_use]
    pub fn get(&self, key: &K) -> Option<Instant> {
        self.at.get(key).copied()
    }

    /// How many timers run.
    #[must_use]
    pub fn len(&self) -> usize {
        self.at.len()
    }

    /// Whether no timer runs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.at.is_empty()
    }
}

impl<K: Clone + Eq + Hash + Ord> Default for DeadlineQueue<K> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::time::Duration;

    fn at(seconds: u64) -> Instant {
        Instant::ORIGIN + Duration::from_secs(seconds)
    }

    #[test]
    fn a_timer_set_twice_fires_once_at_its_later_time() {
        let mut queue = DeadlineQueue::new();
        queue.set('a', at(1));
        queue.set('a', at(3));
        assert_eq!(queue.take_due(at(2)), None);
        assert_eq!(queue.take_due(at(3)), Some('a'));
        assert!(queue.is_empty());
    }

    #[test]
    fn timers_of_one_instant_fire_in_key_order() {
        let mut queue = DeadlineQueue::new();
        for key in ['c', 'a', 'b'] {
            queue.set(key, at(1));
        }
        let fired: Vec<_> = std::iter::from_fn(|| queue.take_due(at(1))).collect();
        assert_eq!(fired, ['a', 'b', 'c']);
    }

    #[test]
    fn a_cancelled_timer_is_gone() {
        let mut queue = DeadlineQueue::new();
        queue.set(1, at(1));
        assert!(queue.cancel(&1));
        assert!(!queue.cancel(&1));
        assert_eq!((queue.next(), queue.len()), (None, 0));
    }

    proptest! {
        #[test]
        fn any_sequence_agrees_with_a_plain_list(ops in prop::collection::vec((0u8..3, 0u8..8, 0u64..20), 0..60)) {
            let mut queue = DeadlineQueue::new();
            let mut model: Vec<(Instant, u8)> = Vec::new();
            for (op, key, second) in ops {
                match op {
                    0 => {
                        model.retain(|entry| entry.1 != key);
                        model.push((at(second), key));
                        queue.set(key, at(second));
                    }
                    1 => {
                        let before = model.len();
                        model.retain(|entry| entry.1 != key);
                        prop_assert_eq!(queue.cancel(&key), model.len() != before);
                    }
                    _ => {
                        model.sort();
                        let due = model.first().is_some_and(|entry| entry.0 <= at(second));
                        let expected = due.then(|| model.remove(0).1);
                        prop_assert_eq!(queue.take_due(at(second)), expected);
                    }
                }
                model.sort();
                prop_assert_eq!(queue.next().map(|(at, key)| (at, *key)), model.first().copied());
                prop_assert_eq!(queue.len(), model.len());
            }
        }
    }
}
