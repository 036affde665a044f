//! Messages that ended: remembered for a while.

use std::collections::{BTreeMap, VecDeque};

use super::Refusal;
use crate::MessageId;

/// How a message ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// All of it is there, or its sender gave it up: what comes again is passed over.
    Settled,
    /// It was refused: what comes again is refused for the same cause.
    Refused(Refusal),
}

/// The last few, and no more than that.
#[derive(Debug)]
pub(super) struct Finished {
    fates: BTreeMap<MessageId, Fate>,
    order: VecDeque<MessageId>,
    max: usize,
}

impl Finished {
    pub(super) const fn new(max: usize) -> Self {
        Self { fates: BTreeMap::new(), order: VecDeque::new(), max }
    }

    pub(super) fn insert(&mut self, id: MessageId, fate: Fate) {
        if self.max == 0 {
            return;
        }
        if self.fates.insert(id, fate).is_some() {
            return;
        }
        if self.order.len() == self.max
            && let Some(oldest) = self.order.pop_front()
        {
            self.fates.remove(&oldest);
        }
        self.order.push_back(id);
    }

    pub(super) fn fate(&self, id: &MessageId) -> Option<Fate> {
        self.fates.get(id).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_is_forgotten_first() {
        let id = |number: u32| MessageId::parse(&format!("id{number:05}")).unwrap();
        for max in [0, 1, 3, 1024] {
            let mut finished = Finished::new(max);
            for number in 0..3000 {
                finished.insert(id(number), Fate::Settled);
                finished.insert(id(number), Fate::Settled);
                assert_eq!(finished.fates.len(), (number as usize + 1).min(max));
            }
            for number in 0..3000 {
                let known = number as usize + max >= 3000;
                assert_eq!(finished.fate(&id(number)).is_some(), known, "{number}");
            }
        }
    }
}
