//! The machine: its parts, its commands, its timers.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use missiva_core::{
    Deadline, DeadlineQueue, IdSource, Instant, LimitExceeded, LinkId, Machine, Transmit,
};

use super::inbound::{Passage, Reading};
use super::{Event, MemberId, NicknameId, PassageId, Reason, RoomId, Route, SwitchLimits};
use crate::leg::{Ends, Legs, Matching, OpenError, Setup};
use crate::link::{LinkInput, Links, Reads, SOON, reply};
use crate::session::CommandError;
use crate::slab::{Key, Slab};
use crate::through::Outlet;
use crate::{Head, MessageId, StatusCode};

/// Rooms, and the sessions in them; see the [module](super).
pub struct Switch {
    pub(super) limits: SwitchLimits,
    pub(super) ids: Box<dyn IdSource>,
    pub(super) now: Instant,
    pub(super) links: Links<OnLink>,
    pub(super) legs: Legs<Member, What>,
    /// The members of each room.
    pub(super) rooms: Slab<BTreeSet<Key>>,
    pub(super) passages: Slab<Passage>,
    pub(super) nicknames: Slab<Wish>,
    pub(super) timers: DeadlineQueue<Timer>,
    pub(super) events: VecDeque<Event>,
}

/// What is kept for a link.
#[derive(Debug, Default)]
pub(crate) struct OnLink {
    pub(super) legs: BTreeSet<Key>,
    pub(super) reading: Reading,
}

/// What is kept for a member.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) room: Key,
    pub(super) outlet: Outlet<What>,
    /// What it sends.
    pub(super) passages: BTreeMap<MessageId, Key>,
    pub(super) joined: bool,
    /// Its wish for a nickname: one at a time.
    pub(super) wish: Option<Key>,
}

/// A wish for a nickname.
#[derive(Debug)]
pub(super) struct Wish {
    pub(super) link: LinkId,
    pub(super) member: Key,
    pub(super) head: Head,
}

/// What an answer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// A SEND of our own.
    Binding,
    /// A piece of this message.
    Piece(MessageId),
    /// Nobody waits for it.
    Nothing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Timer {
    Bind(Key),
    Pending(Key),
    Route(Key),
    Stale(Key),
    Nickname(Key),
    Pump(LinkId),
}

impl Timer {
    const fn name(self) -> &'static str {
        match self {
            Self::Bind(_) => "first SEND",
            Self::Pending(_) => "transaction",
            Self::Route(_) => "route",
            Self::Stale(_) => "incomplete message",
            Self::Nickname(_) => "nickname",
            Self::Pump(_) => "more to write",
        }
    }
}

impl Switch {
    /// A switch without rooms.
    #[must_use]
    pub fn new(limits: SwitchLimits, ids: Box<dyn IdSource>) -> Self {
        Self {
            limits,
            ids,
            now: Instant::ORIGIN,
            links: Links::new(limits.links),
            legs: Legs::new(limits.max_members),
            rooms: Slab::new(),
            passages: Slab::new(),
            nicknames: Slab::new(),
            timers: DeadlineQueue::new(),
            events: VecDeque::new(),
        }
    }

    /// Opens a room.
    ///
    /// # Errors
    ///
    /// Too many rooms.
    pub fn create(&mut self) -> Result<RoomId, LimitExceeded> {
        LimitExceeded::check(
            "max_rooms",
            self.limits.max_rooms,
            self.rooms.len().saturating_add(1),
        )?;
        Ok(RoomId(self.rooms.insert(BTreeSet::new())))
    }

    /// Sends every member away and forgets the room.
    pub fn close_room(&mut self, now: Instant, room: RoomId) {
        self.handle_timeout(now);
        for member in self.rooms.remove(room.0).unwrap_or_default() {
            self.remove(member, Reason::Removed);
        }
    }

    /// Opens a session in a room.
    ///
    /// # Errors
    ///
    /// A session that cannot be opened; a room that is gone counts as no link.
    pub fn join(
        &mut self,
        now: Instant,
        room: RoomId,
        ends: Ends,
        setup: Setup,
        matching: Matching,
    ) -> Result<MemberId, OpenError> {
        self.handle_timeout(now);
        let has_link = match setup {
            Setup::Active { link } => self.links.contains(link),
            Setup::Passive => true,
        };
        if !has_link || self.rooms.get(room.0).is_none() {
            return Err(OpenError::NoLink);
        }
        let outlet = Outlet::new(self.limits.max_waiting);
        let member =
            Member { room: room.0, outlet, passages: BTreeMap::new(), joined: false, wish: None };
        let leg = self.legs.open(ends, matching, member)?;
        if let Some(members) = self.rooms.get_mut(room.0) {
            members.insert(leg);
        }
        match setup {
            Setup::Active { link } => {
                self.bind(leg, link);
                self.send_binding(leg);
            }
            Setup::Passive => {
                self.timers.set(Timer::Bind(leg), self.now + self.limits.bind_within);
            }
        }
        Ok(MemberId(leg))
    }

    /// Sends a member away. What waits to be written to it is dropped.
    pub fn leave(&mut self, now: Instant, member: MemberId) {
        self.handle_timeout(now);
        self.remove(member.0, Reason::Removed);
    }

    /// The members of a room, in the order in which they joined places.
    pub fn members(&self, room: RoomId) -> impl Iterator<Item = MemberId> {
        self.rooms.get(room.0).into_iter().flatten().map(|key| MemberId(*key))
    }

    /// Says who gets a message, once.
    ///
    /// # Errors
    ///
    /// A message that is gone or was routed before.
    pub fn route(
        &mut self,
        now: Instant,
        passage: PassageId,
        route: Route,
    ) -> Result<(), CommandError> {
        self.handle_timeout(now);
        match self.passages.get(passage.0) {
            Some(known) if known.is_undecided() => {}
            _ => return Err(CommandError::Unknown),
        }
        self.decide(passage.0, route);
        Ok(())
    }

    /// Answers a member's wish for a nickname: 200, or 403, 423, 424, 425 of RFC 7701 section 7.2.
    ///
    /// # Errors
    ///
    /// A wish that is gone.
    pub fn answer_nickname(
        &mut self,
        now: Instant,
        request: NicknameId,
        status: StatusCode,
    ) -> Result<(), CommandError> {
        self.handle_timeout(now);
        self.settle_nickname(request.0, status).ok_or(CommandError::Unknown)
    }

    pub(super) fn settle_nickname(&mut self, request: Key, status: StatusCode) -> Option<()> {
        self.timers.cancel(&Timer::Nickname(request));
        let wish = self.nicknames.remove(request)?;
        if let Some(entry) = self.legs.get_mut(wish.member) {
            entry.data.wish = None;
        }
        if let Some(answer) = reply(&wish.head, status) {
            self.answer(wish.link, answer);
        }
        Some(())
    }

    fn fire(&mut self, timer: Timer) {
        match timer {
            Timer::Bind(leg) => self.remove(leg, Reason::NotBound),
            Timer::Pending(leg) => self.expire_pending(leg),
            Timer::Route(passage) => self.decide(passage, Route::Refuse(StatusCode::TIMEOUT)),
            Timer::Stale(passage) => self.expire_passage(passage),
            Timer::Nickname(request) => {
                self.settle_nickname(request, StatusCode::TIMEOUT);
            }
            Timer::Pump(link) => self.pump_link(link),
        }
    }

    /// Asks to be woken at once for more.
    pub(super) fn wake_soon(&mut self, link: LinkId) {
        self.timers.set(Timer::Pump(link), self.now + SOON);
    }
}

impl Machine for Switch {
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

impl std::fmt::Debug for Switch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Switch").field("rooms", &self.rooms.len()).finish_non_exhaustive()
    }
}
