//! The machine: its parts, its commands, its timers.

use std::collections::{BTreeSet, VecDeque};

use missiva_core::{
    Deadline, DeadlineQueue, IdSource, Instant, LimitExceeded, LinkId, Machine, Transmit,
};

use super::inbound::{Inbound, Origin};
use super::{Event, PairId, Passed, Reason, Side, SideSetup, SpliceLimits};
use crate::leg::{Legs, OpenError, Setup};
use crate::link::{LinkInput, Links, Reads, SOON};
use crate::slab::{Key, Slab};
use crate::through::Outlet;

/// Joins sessions in pairs; see the [module](super).
pub struct Splice {
    pub(super) limits: SpliceLimits,
    pub(super) ids: Box<dyn IdSource>,
    pub(super) now: Instant,
    pub(super) links: Links<OnLink>,
    pub(super) legs: Legs<Leg, What>,
    pub(super) pairs: Slab<Pair>,
    pub(super) origins: Slab<Origin>,
    pub(super) timers: DeadlineQueue<Timer>,
    pub(super) events: VecDeque<Event>,
}

/// What is kept for a link.
#[derive(Debug, Default)]
pub(crate) struct OnLink {
    /// The legs that are bound to it.
    pub(super) legs: BTreeSet<Key>,
    pub(super) inbound: Inbound,
    /// Legs whose other sides take too little.
    pub(super) holds: BTreeSet<Key>,
}

/// What is kept for a leg.
#[derive(Debug)]
pub(super) struct Leg {
    pub(super) pair: Key,
    pub(super) side: Side,
    pub(super) outlet: Outlet<What>,
    /// Chunks that came from here and are not answered.
    pub(super) unanswered: BTreeSet<Key>,
}

/// What an answer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// A SEND of our own.
    Binding,
    /// A piece of this chunk.
    Piece(Key),
    /// Nobody waits for it.
    Nothing,
}

/// Two legs.
#[derive(Debug)]
pub(super) struct Pair {
    pub(super) a: Option<Key>,
    pub(super) b: Option<Key>,
    pub(super) joined: bool,
    pub(super) passed: Passed,
}

impl Pair {
    pub(super) const fn leg(&self, side: Side) -> Option<Key> {
        match side {
            Side::A => self.a,
            Side::B => self.b,
        }
    }

    pub(super) const fn leg_mut(&mut self, side: Side) -> &mut Option<Key> {
        match side {
            Side::A => &mut self.a,
            Side::B => &mut self.b,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Timer {
    /// A passive leg must be bound.
    Bind(Key),
    /// The oldest request of a leg is overdue.
    Pending(Key),
    /// A chunk must be answered.
    Origin(Key),
    /// A link takes more.
    Pump(LinkId),
    /// A pair must be drained.
    Drain(Key),
}

impl Timer {
    const fn name(self) -> &'static str {
        match self {
            Self::Bind(_) => "first SEND",
            Self::Pending(_) => "transaction",
            Self::Origin(_) => "answer of the other side",
            Self::Pump(_) => "more to write",
            Self::Drain(_) => "draining",
        }
    }
}

impl Splice {
    /// A splice without pairs.
    #[must_use]
    pub fn new(limits: SpliceLimits, ids: Box<dyn IdSource>) -> Self {
        Self {
            limits,
            ids,
            now: Instant::ORIGIN,
            links: Links::new(limits.links),
            legs: Legs::new(limits.max_pairs.saturating_mul(2)),
            pairs: Slab::new(),
            origins: Slab::new(),
            timers: DeadlineQueue::new(),
            events: VecDeque::new(),
        }
    }

    /// Joins two sessions. An active side sends its first SEND at once; what comes before the other side is bound waits.
    ///
    /// # Errors
    ///
    /// A session that cannot be opened; then nothing was.
    pub fn join(&mut self, now: Instant, a: SideSetup, b: SideSetup) -> Result<PairId, OpenError> {
        self.handle_timeout(now);
        for setup in [a.setup, b.setup] {
            if let Setup::Active { link } = setup
                && !self.links.contains(link)
            {
                return Err(OpenError::NoLink);
            }
        }
        LimitExceeded::check(
            "max_pairs",
            self.limits.max_pairs,
            self.pairs.len().saturating_add(1),
        )?;
        let pair =
            self.pairs.insert(Pair { a: None, b: None, joined: false, passed: Passed::default() });
        let setups = [a.setup, b.setup];
        let mut opened: [Option<Key>; 2] = [None, None];
        for ((slot, setup), side) in opened.iter_mut().zip([a, b]).zip([Side::A, Side::B]) {
            let outlet = Outlet::new(self.limits.max_waiting);
            let data = Leg { pair, side, outlet, unanswered: BTreeSet::new() };
            match self.legs.open(setup.ends, setup.matching, data) {
                Ok(leg) => *slot = Some(leg),
                Err(error) => {
                    for leg in opened.into_iter().flatten() {
                        self.legs.remove(leg);
                    }
                    self.pairs.remove(pair);
                    return Err(error);
                }
            }
        }
        let [a, b] = opened;
        if let Some(entry) = self.pairs.get_mut(pair) {
            (entry.a, entry.b) = (a, b);
        }
        for (leg, setup) in opened.into_iter().flatten().zip(setups) {
            match setup {
                Setup::Active { link } => {
                    self.bind(leg, link);
                    self.send_binding(leg);
                }
                Setup::Passive => {
                    self.timers.set(Timer::Bind(leg), self.now + self.limits.bind_within);
                }
            }
        }
        Ok(PairId(pair))
    }

    /// Parts a pair: both sessions are over for the splice. What waits to be written is dropped; what was written before
    /// still arrives.
    pub fn part(&mut self, now: Instant, pair: PairId) {
        self.handle_timeout(now);
        self.end_pair(pair.0);
    }

    /// What has passed through a pair so far.
    #[must_use]
    pub fn passed(&self, pair: PairId) -> Option<Passed> {
        self.pairs.get(pair.0).map(|pair| pair.passed)
    }

    /// How many pairs there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.pairs.len()
    }

    /// Whether there is no pair.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A leg is on this link from now on.
    pub(super) fn bind(&mut self, leg: Key, link: LinkId) {
        let Some(entry) = self.legs.get_mut(leg) else { return };
        entry.link = Some(link);
        let pair = entry.data.pair;
        if let Some(on_link) = self.links.get_mut(link) {
            on_link.legs.insert(leg);
        }
        self.timers.cancel(&Timer::Bind(leg));
        let legs = &self.legs;
        let Some(entry) = self.pairs.get_mut(pair) else { return };
        let bound = |leg: Option<Key>| {
            leg.and_then(|leg| legs.get(leg)).is_some_and(|leg| leg.link.is_some())
        };
        if !entry.joined && bound(entry.a) && bound(entry.b) {
            entry.joined = true;
            self.events.push_back(Event::Joined { pair: PairId(pair) });
        }
        self.pump_leg(leg);
    }

    fn fire(&mut self, timer: Timer) {
        match timer {
            Timer::Bind(leg) => self.lose(leg, Reason::NotBound),
            Timer::Pending(leg) => self.expire_pending(leg),
            Timer::Origin(origin) => self.expire_origin(origin),
            Timer::Pump(link) => self.pump_link(link),
            Timer::Drain(pair) => self.end_pair(pair),
        }
    }

    /// Asks to be woken at once for more.
    pub(super) fn wake_soon(&mut self, link: LinkId) {
        self.timers.set(Timer::Pump(link), self.now + SOON);
    }
}

impl Machine for Splice {
    type Input = LinkInput;
    type Event = Event;

    fn handle_input(&mut self, now: Instant, input: LinkInput) {
        self.handle_timeout(now);
        match input {
            LinkInput::Up { link, framing } => {
                if !self.links.up(self.now, link, framing, OnLink::default()) {
                    self.events.push_back(Event::Close { link });
                }
            }
            LinkInput::Bytes { link, .. } if self.events.len() > self.limits.max_events => {
                self.give_up(link);
            }
            LinkInput::Bytes { link, bytes } => self.read(link, bytes),
            LinkInput::Blocked { link } => self.links.block(link),
            LinkInput::Writable { link } => {
                self.links.unblock(self.now, link);
                self.pump_link(link);
            }
            LinkInput::Down { link } => self.lose_link(link, Reason::LinkDown),
        }
    }

    fn handle_timeout(&mut self, now: Instant) {
        self.now = self.now.max(now);
        while let Some(timer) = self.timers.take_due(self.now) {
            self.fire(timer);
        }
    }

    fn poll_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    fn poll_transmit(&mut self) -> Option<Transmit> {
        self.links.poll()
    }

    fn poll_timeout(&self) -> Option<Deadline> {
        self.timers.next().map(|(at, timer)| Deadline { at, why: timer.name() })
    }
}

impl std::fmt::Debug for Splice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Splice").field("pairs", &self.pairs.len()).finish_non_exhaustive()
    }
}
