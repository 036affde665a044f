//! Requests that wait for their answers.

use std::collections::VecDeque;
use std::time::Duration;

use missiva_core::Instant;

use crate::TransactionId;

/// How long an answer may take, counted from the end of the request (RFC 4975 section 7.1.1).
pub(crate) const ANSWER_WITHIN: Duration = Duration::from_secs(30);

/// What was asked and not answered, the oldest first.
///
/// All of them have the same time to be answered in, so they fall due in the order in which they were asked: one timer
/// is enough for all, and the answer that comes is nearly always to the first.
#[derive(Debug)]
pub(crate) struct Pending<W> {
    queue: VecDeque<Asked<W>>,
}

#[derive(Debug)]
struct Asked<W> {
    id: TransactionId,
    at: Instant,
    what: W,
}

impl<W> Pending<W> {
    pub(crate) const fn new() -> Self {
        Self { queue: VecDeque::new() }
    }

    pub(crate) fn push(&mut self, now: Instant, id: TransactionId, what: W) {
        self.queue.push_back(Asked { id, at: now, what });
    }

    /// The request that this id answers.
    pub(crate) fn take(&mut self, id: &str) -> Option<W> {
        let at = self.queue.iter().position(|asked| asked.id.as_str() == id)?;
        self.queue.remove(at).map(|asked| asked.what)
    }

    /// The oldest, whatever its age.
    pub(crate) fn take_oldest(&mut self) -> Option<W> {
        self.queue.pop_front().map(|asked| asked.what)
    }

    /// The oldest, when it is overdue. A link that took nothing until `relieved` had the request that long.
    pub(crate) fn take_overdue(&mut self, now: Instant, relieved: Instant) -> Option<W> {
        let due = self.due(relieved)?;
        (due <= now).then(|| self.take_oldest()).flatten()
    }

    /// When the oldest is overdue.
    pub(crate) fn due(&self, relieved: Instant) -> Option<Instant> {
        self.queue.front().map(|asked| asked.at.max(relieved) + ANSWER_WITHIN)
    }

    pub(crate) fn len(&self) -> usize {
        self.queue.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> TransactionId {
        TransactionId::parse(text).unwrap()
    }

    fn at(seconds: u64) -> Instant {
        Instant::ORIGIN + Duration::from_secs(seconds)
    }

    #[test]
    fn answers_may_come_in_any_order() {
        let mut pending = Pending::new();
        for (second, name) in ["aaaa", "bbbb", "cccc"].into_iter().enumerate() {
            pending.push(at(second as u64), id(name), name);
        }
        assert_eq!(pending.take("bbbb"), Some("bbbb"));
        assert_eq!((pending.take("bbbb"), pending.take("zzzz")), (None, None));
        assert_eq!(pending.due(at(0)), Some(at(30)));
        assert_eq!(pending.take("aaaa"), Some("aaaa"));
        assert_eq!(pending.due(at(0)), Some(at(32)));
        assert_eq!((pending.take_overdue(at(31), at(0)), pending.len()), (None, 1));
        assert_eq!(pending.take_overdue(at(32), at(0)), Some("cccc"));
        assert!(pending.is_empty());
    }

    #[test]
    fn time_starts_when_the_link_takes_the_request() {
        let mut pending = Pending::new();
        pending.push(at(0), id("aaaa"), ());
        assert_eq!(pending.due(at(20)), Some(at(50)));
        assert_eq!(pending.take_overdue(at(49), at(20)), None);
        assert_eq!(pending.take_overdue(at(50), at(20)), Some(()));
    }
}
