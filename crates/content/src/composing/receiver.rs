//! Knowing of the others (RFC 3994 section 3.3). One such diagram for each sender:
//!
//! ```text
//!                 active heard: start expiry timer
//!        ┌──────────────────────────────────────────────┐
//!        │                                              ▼
//!    ┌───┴──┐   idle heard, message, expiry, left   ┌────────┐ active heard: restart expiry timer
//!    │ idle │◄──────────────────────────────────────┤ active │◄─┐
//!    └──────┘                                       └──────┬─┘  │
//!                                                          └────┘
//! ```

use std::collections::BTreeMap;
use std::hash::Hash;
use std::time::Duration;

use missiva_core::{Deadline, DeadlineQueue, Instant, Machine, Transmit};

use super::{IsComposing, State};

/// How a [`Receiver`] behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReceiverSettings {
    /// How long `active` holds where the document does not say. RFC 3994 section 3.3 has 120 seconds.
    pub expiry: Duration,
    /// The longest that a document may ask for, so that a lost peer does not compose for ever.
    pub longest: Duration,
    /// Senders that may be composing at once; others are not shown. The largest groups have some hundred members, of
    /// whom few write at the same time.
    pub max_senders: usize,
}

impl Default for ReceiverSettings {
    fn default() -> Self {
        Self {
            expiry: Duration::from_secs(120),
            longest: Duration::from_secs(3600),
            max_senders: 1024,
        }
    }
}

/// What came from a sender, named by `K`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard<K> {
    /// A status document.
    Status(K, IsComposing),
    /// A message with content, which ends the composing of it.
    Message(K),
    /// The sender left the conversation.
    Left(K),
}

/// What is different now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change<K> {
    /// This sender composes, and what if not text.
    Started(K, Option<String>),
    /// This sender composes no more.
    Stopped(K),
}

/// Turns what arrives in one conversation into who is composing. `K` names a sender: `()` where there is but one.
///
/// Events tell changes only. A sender whose state changed and changed back before the events were drained is not
/// told of; so no more events wait than there are senders, at most twice
/// [`max_senders`](ReceiverSettings::max_senders).
/// Statuses of senders beyond that number are passed over and counted. It transmits nothing.
///
/// ```
/// use missiva_content::composing::{Change, Heard, IsComposing, Receiver, ReceiverSettings, State};
/// use missiva_core::{Instant, Machine};
///
/// let mut receiver = Receiver::new(ReceiverSettings::default());
/// receiver.handle_input(Instant::ORIGIN, Heard::Status("bob", IsComposing::new(State::Active)));
/// assert_eq!(receiver.poll_event(), Some(Change::Started("bob", None)));
/// receiver.handle_input(Instant::ORIGIN, Heard::Message("bob"));
/// assert_eq!(receiver.poll_event(), Some(Change::Stopped("bob")));
/// ```
#[derive(Clone, Debug)]
pub struct Receiver<K> {
    settings: ReceiverSettings,
    now: Instant,
    expiry: DeadlineQueue<K>,
    senders: BTreeMap<K, Known>,
    /// Senders whose state is other than what was told, in the order of their changes.
    changed: BTreeMap<u64, K>,
    /// The number of the next change.
    next: u64,
    passed_over: u64,
}

/// A sender who is active, or was told to be.
#[derive(Clone, Debug)]
struct Known {
    active: bool,
    told: bool,
    content_type: Option<String>,
    /// The number of its change that is yet to be told.
    change: Option<u64>,
}

impl<K: Clone + Eq + Hash + Ord> Receiver<K> {
    /// A conversation in which nobody composes.
    #[must_use]
    pub fn new(settings: ReceiverSettings) -> Self {
        Self {
            settings,
            now: Instant::ORIGIN,
            expiry: DeadlineQueue::new(),
            senders: BTreeMap::new(),
            changed: BTreeMap::new(),
            next: 0,
            passed_over: 0,
        }
    }

    /// Whether a sender is composing.
    #[must_use]
    pub fn is_composing(&self, sender: &K) -> bool {
        self.senders.get(sender).is_some_and(|known| known.active)
    }

    /// All who are composing, in the order of their names.
    pub fn composing(&self) -> impl Iterator<Item = &K> {
        self.senders.iter().filter(|(_, known)| known.active).map(|(sender, _)| sender)
    }

    /// Statuses that were passed over because too many were composing.
    #[must_use]
    pub const fn passed_over(&self) -> u64 {
        self.passed_over
    }

    fn started(&mut self, now: Instant, sender: K, status: IsComposing) {
        let is_new = !self.is_composing(&sender);
        if is_new && self.expiry.len() >= self.settings.max_senders {
            self.passed_over += 1;
            return;
        }
        let asked = status.refresh.map(|seconds| Duration::from_secs(seconds.get().into()));
        let expiry = asked.unwrap_or(self.settings.expiry).min(self.settings.longest);
        // At least a moment, or the deadline would not lie ahead.
        self.expiry.set(sender.clone(), now + expiry.max(Duration::from_nanos(1)));
        self.turn(sender, true, status.content_type);
    }

    fn stopped(&mut self, sender: K) {
        self.expiry.cancel(&sender);
        if self.senders.contains_key(&sender) {
            self.turn(sender, false, None);
        }
    }

    fn turn(&mut self, sender: K, active: bool, content_type: Option<String>) {
        let new = || Known { active: false, told: false, content_type: None, change: None };
        let known = self.senders.entry(sender.clone()).or_insert_with(new);
        known.active = active;
        known.content_type = content_type;
        if let Some(number) = known.change.filter(|_| known.active == known.told) {
            known.change = None;
            self.changed.remove(&number);
        } else if known.active != known.told && known.change.is_none() {
            known.change = Some(self.next);
            self.changed.insert(self.next, sender.clone());
            self.next += 1;
        }
        self.forget(&sender);
    }

    /// Lets go of a sender who is idle and known to be.
    fn forget(&mut self, sender: &K) {
        if self.senders.get(sender).is_some_and(|known| !known.active && !known.told) {
            self.senders.remove(sender);
        }
    }

    fn expire(&mut self, now: Instant) {
        while let Some(sender) = self.expiry.take_due(now) {
            self.turn(sender, false, None);
        }
    }
}

impl<K: Clone + Eq + Hash + Ord> Machine for Receiver<K> {
    type Input = Heard<K>;
    type Event = Change<K>;

    fn handle_input(&mut self, now: Instant, heard: Heard<K>) {
        self.now = self.now.max(now);
        let now = self.now;
        self.expire(now);
        match heard {
            Heard::Status(sender, status) if status.state == State::Active => {
                self.started(now, sender, status);
            }
            Heard::Status(sender, _) | Heard::Message(sender) | Heard::Left(sender) => {
                self.stopped(sender);
            }
        }
    }

    fn handle_timeout(&mut self, now: Instant) {
        self.now = self.now.max(now);
        self.expire(self.now);
    }

    fn poll_event(&mut self) -> Option<Change<K>> {
        let (_, sender) = self.changed.pop_first()?;
        let known = self.senders.get_mut(&sender)?;
        known.change = None;
        known.told = known.active;
        if known.active {
            return Some(Change::Started(sender, known.content_type.clone()));
        }
        self.forget(&sender);
        Some(Change::Stopped(sender))
    }

    fn poll_transmit(&mut self) -> Option<Transmit> {
        None
    }

    fn poll_timeout(&self) -> Option<Deadline> {
        self.expiry.next().map(|(at, _)| Deadline { at, why: "expiry of active" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::num::NonZeroU32;

    fn at(seconds: u64) -> Instant {
        Instant::ORIGIN + Duration::from_secs(seconds)
    }

    fn active(refresh: u32) -> IsComposing {
        IsComposing { refresh: NonZeroU32::new(refresh), ..IsComposing::new(State::Active) }
    }

    fn drain(receiver: &mut Receiver<char>) -> String {
        let mut told = String::new();
        while let Some(change) = receiver.poll_event() {
            match change {
                Change::Started(who, _) => told.extend(['+', who]),
                Change::Stopped(who) => told.extend(['-', who]),
            }
        }
        assert!(receiver.poll_transmit().is_none());
        told
    }

    #[test]
    fn active_holds_as_long_as_it_says() {
        for (refresh, seconds) in [(0, 120), (60, 60), (90, 90), (u32::MAX, 3600)] {
            let mut receiver = Receiver::new(ReceiverSettings::default());
            receiver.handle_input(at(10), Heard::Status('a', active(refresh)));
            assert_eq!(drain(&mut receiver), "+a");
            assert_eq!(receiver.poll_timeout().unwrap().at, at(10 + seconds));
            receiver.handle_timeout(at(10 + seconds - 1));
            assert_eq!((drain(&mut receiver).as_str(), receiver.is_composing(&'a')), ("", true));
            receiver.handle_timeout(at(10 + seconds));
            assert_eq!((drain(&mut receiver).as_str(), receiver.is_composing(&'a')), ("-a", false));
            assert_eq!(receiver.poll_timeout(), None);
        }
    }

    #[test]
    fn saying_it_again_makes_it_last() {
        let mut receiver = Receiver::new(ReceiverSettings::default());
        for second in [0, 50, 100] {
            receiver.handle_input(at(second), Heard::Status('a', active(60)));
        }
        assert_eq!(drain(&mut receiver), "+a");
        receiver.handle_timeout(at(159));
        assert_eq!(drain(&mut receiver), "");
        receiver.handle_timeout(at(160));
        assert_eq!(drain(&mut receiver), "-a");
    }

    #[test]
    fn idle_a_message_and_leaving_end_it() {
        let ends = [
            Heard::Status('a', IsComposing::new(State::Idle)),
            Heard::Message('a'),
            Heard::Left('a'),
        ];
        for end in ends {
            let mut receiver = Receiver::new(ReceiverSettings::default());
            receiver.handle_input(at(0), Heard::Status('a', active(60)));
            receiver.handle_input(at(0), Heard::Status('b', active(60)));
            assert_eq!(drain(&mut receiver), "+a+b");
            receiver.handle_input(at(1), end.clone());
            assert_eq!(drain(&mut receiver), "-a");
            receiver.handle_input(at(2), end);
            assert_eq!(drain(&mut receiver), "");
            assert_eq!(receiver.composing().collect::<String>(), "b");
        }
    }

    #[test]
    fn several_compose_and_expire_each_in_turn() {
        let mut receiver = Receiver::new(ReceiverSettings::default());
        receiver.handle_input(at(0), Heard::Status('c', active(90)));
        receiver.handle_input(at(1), Heard::Status('a', active(60)));
        receiver.handle_input(at(2), Heard::Status('b', active(60)));
        assert_eq!(drain(&mut receiver), "+c+a+b");
        receiver.handle_timeout(at(1000));
        assert_eq!(drain(&mut receiver), "-a-b-c");
        assert!(receiver.senders.is_empty());
    }

    #[test]
    fn an_expiry_that_is_due_comes_before_what_arrives() {
        let mut receiver = Receiver::new(ReceiverSettings::default());
        receiver.handle_input(at(0), Heard::Status('a', active(60)));
        assert_eq!(drain(&mut receiver), "+a");
        receiver.handle_input(at(60), Heard::Status('b', active(60)));
        assert_eq!(drain(&mut receiver), "-a+b");
    }

    #[test]
    fn a_change_that_was_undone_is_not_told() {
        let mut receiver = Receiver::new(ReceiverSettings::default());
        receiver.handle_input(at(0), Heard::Status('a', active(60)));
        receiver.handle_input(at(1), Heard::Message('a'));
        assert_eq!(drain(&mut receiver), "");
        receiver.handle_input(at(2), Heard::Status('a', active(60)));
        assert_eq!(drain(&mut receiver), "+a");
        receiver.handle_input(at(3), Heard::Message('a'));
        receiver.handle_input(at(4), Heard::Status('a', active(60)));
        assert_eq!(drain(&mut receiver), "");
        assert!(receiver.is_composing(&'a'));
    }

    #[test]
    fn a_crowd_is_capped_and_counted() {
        let mut receiver =
            Receiver::new(ReceiverSettings { max_senders: 2, ..ReceiverSettings::default() });
        for who in ['a', 'b', 'c', 'a'] {
            receiver.handle_input(at(0), Heard::Status(who, active(60)));
        }
        assert_eq!((drain(&mut receiver).as_str(), receiver.passed_over()), ("+a+b", 1));
        receiver.handle_input(at(1), Heard::Message('a'));
        receiver.handle_input(at(1), Heard::Status('c', active(60)));
        assert_eq!(drain(&mut receiver), "-a+c");
    }

    #[test]
    fn undrained_changes_do_not_pile_up() {
        let mut receiver =
            Receiver::new(ReceiverSettings { max_senders: 2, ..ReceiverSettings::default() });
        for number in 0..10_000_u32 {
            let who = char::from_u32(0x4E00 + number).unwrap();
            receiver.handle_input(at(0), Heard::Status(who, active(60)));
            receiver.handle_input(at(0), Heard::Message(who));
        }
        assert!(receiver.changed.len() <= 4, "{}", receiver.changed.len());
    }
}
