//! The machine: its parts, how sessions open, and its timers.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use missiva_core::{
    Deadline, DeadlineQueue, IdSource, Instant, LinkId, Machine, Payload, Transmit,
};

use super::login::Login;
use super::outgoing::Outgoing;
use super::receiving::Reading;
use super::reports::Owed;
use super::{Event, Labels, Reason, SessionId, SessionLimits, SessionOptions};
use crate::leg::{Ends, Legs, OpenError, Setup};
use crate::link::{Framing, LinkInput, Links, Reads, SOON};
use crate::receive::{Budget, Inbox, ReceiveLimits};
use crate::send::{self, Outbox, Pace, SendId};
use crate::slab::{Key, Slab};
use crate::{MessageId, TransactionId, through};

/// Links and the sessions on them; see the [module](super).
pub struct Endpoint {
    pub(super) limits: SessionLimits,
    pub(super) ids: Box<dyn IdSource>,
    pub(super) now: Instant,
    pub(super) links: Links<OnLink>,
    pub(super) legs: Legs<Session, Asked>,
    pub(super) outgoing: Slab<Outgoing>,
    pub(super) logins: Slab<Login>,
    /// The requests that were sent to relays.
    pub(super) asked_relays: BTreeMap<TransactionId, Key>,
    pub(super) timers: DeadlineQueue<Timer>,
    pub(super) events: VecDeque<Event>,
}

/// What is kept for a link.
#[derive(Debug)]
pub(crate) struct OnLink {
    pub(super) legs: BTreeSet<Key>,
    pub(super) logins: BTreeSet<Key>,
    pub(super) outbox: Outbox,
    /// The messages that the outbox has.
    pub(super) sending: BTreeMap<SendId, Key>,
    /// The chunk that was begun last, and when.
    pub(super) open: Option<(TransactionId, Instant)>,
    /// Chunks that are to be answered and are not.
    pub(super) unanswered: usize,
    pub(super) budget: Budget,
    pub(super) reading: Reading,
}

/// What is kept for a session.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) options: SessionOptions,
    pub(super) inbox: Inbox,
    /// What the messages in the inbox are.
    pub(super) labels: BTreeMap<MessageId, Labels>,
    pub(super) outgoing: BTreeSet<Key>,
    pub(super) named: BTreeMap<MessageId, Key>,
    /// Messages that wait for nothing but reports, in order; some are finished.
    pub(super) awaiting: VecDeque<Key>,
    /// Reports that the application owes, the oldest first.
    pub(super) owed: VecDeque<Owed>,
    pub(super) established: bool,
    pub(super) draining: bool,
    pub(super) last_asked: Instant,
    pub(super) last_heard: Instant,
}

/// What an answer is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// The first SEND, or one that keeps the connection alive.
    Empty,
    /// A chunk; when it began, and whether its success is answered too.
    Chunk { message: Key, range: std::ops::Range<u64>, began: Instant, loud: bool },
    /// A nickname.
    Nickname,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Timer {
    /// A passive session must be bound.
    Bind(Key),
    /// The oldest request of a session is overdue.
    Pending(Key),
    /// A session must say something.
    KeepAlive(Key),
    /// A session must have heard something.
    Idle(Key),
    /// A message that comes in has stopped coming.
    Stale(Key),
    /// A session must have ended.
    Drain(Key),
    /// A relay must answer, or its URI must be asked for again.
    Login(Key),
    /// A link takes more.
    Pump(LinkId),
}

impl Timer {
    const fn name(self) -> &'static str {
        match self {
            Self::Bind(_) => "first SEND",
            Self::Pending(_) => "transaction",
            Self::KeepAlive(_) => "keep-alive",
            Self::Idle(_) => "inactivity",
            Self::Stale(_) => "incomplete message",
            Self::Drain(_) => "draining",
            Self::Login(_) => "AUTH",
            Self::Pump(_) => "more to write",
        }
    }
}

impl Endpoint {
    /// An endpoint without links.
    #[must_use]
    pub fn new(limits: SessionLimits, ids: Box<dyn IdSource>) -> Self {
        Self {
            limits,
            ids,
            now: Instant::ORIGIN,
            links: Links::new(limits.links),
            legs: Legs::new(limits.max_sessions),
            outgoing: Slab::new(),
            logins: Slab::new(),
            asked_relays: BTreeMap::new(),
            timers: DeadlineQueue::new(),
            events: VecDeque::new(),
        }
    }

    /// A session id that nobody can guess, for the URI of a session that is to be opened: 96 random bits.
    pub fn draw_session_id(&mut self) -> String {
        self.ids.hex(12)
    }

    /// Opens a session. An active one sends a SEND without content at once; what it sends next need not wait for the
    /// answer.
    ///
    /// # Errors
    ///
    /// A session that cannot be opened.
    pub fn open(
        &mut self,
        now: Instant,
        ends: Ends,
        setup: Setup,
        options: SessionOptions,
    ) -> Result<SessionId, OpenError> {
        self.handle_timeout(now);
        if let Setup::Active { link } = setup
            && !self.links.contains(link)
        {
            return Err(OpenError::NoLink);
        }
        let session = Session::new(options, &self.limits, self.now);
        let (matching, keep_alive, idle) =
            (session.options.matching, session.options.keep_alive, session.options.idle);
        let leg = self.legs.open(ends, matching, session)?;
        if let Some(within) = keep_alive {
            self.timers.set(Timer::KeepAlive(leg), self.now + within);
        }
        if let Some(within) = idle {
            self.timers.set(Timer::Idle(leg), self.now + within);
        }
        match setup {
            Setup::Active { link } => {
                self.bind(leg, link);
                self.send_empty(leg);
            }
            Setup::Passive => {
                self.timers.set(Timer::Bind(leg), self.now + self.limits.bind_within);
            }
        }
        Ok(SessionId(leg))
    }

    /// The link that a session is bound to.
    #[must_use]
    pub fn link(&self, session: SessionId) -> Option<LinkId> {
        self.legs.get(session.0)?.link
    }

    /// How many sessions there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.legs.len()
    }

    /// Whether there is no session.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(super) fn bind(&mut self, leg: Key, link: LinkId) {
        if let Some(entry) = self.legs.get_mut(leg) {
            entry.link = Some(link);
        }
        if let Some(on_link) = self.links.get_mut(link) {
            on_link.legs.insert(leg);
        }
        self.timers.cancel(&Timer::Bind(leg));
    }

    /// The other end has shown that it has the session.
    pub(super) fn heard(&mut self, leg: Key) {
        let now = self.now;
        let Some(entry) = self.legs.get_mut(leg) else { return };
        entry.data.last_heard = now;
        if !entry.data.established
            && let Some(link) = entry.link
        {
            entry.data.established = true;
            self.events.push_back(Event::Established { session: SessionId(leg), link });
        }
    }

    /// A SEND without content.
    pub(super) fn send_empty(&mut self, leg: Key) {
        let Some(entry) = self.legs.get_mut(leg) else { return };
        let Some(link) = entry.link else { return };
        let id = TransactionId::draw(self.ids.as_mut());
        let message = MessageId::draw(self.ids.as_mut());
        let payload = through::empty_send(&id, &entry.lines, &message);
        entry.pending.push(self.now, id, Asked::Empty);
        entry.data.last_asked = self.now;
        self.respond(link, payload);
        self.watch(leg);
    }

    /// Writes something without chunks, before all chunks.
    pub(super) fn respond(&mut self, link: LinkId, payload: Payload) {
        let Some(on_link) = self.links.get_mut(link) else { return };
        match on_link.outbox.respond(payload) {
            Ok(()) => self.pump(link),
            Err(_) => self.give_up(link),
        }
    }

    /// One timer for all requests of a session.
    pub(super) fn watch(&mut self, leg: Key) {
        let Some(entry) = self.legs.get(leg) else { return };
        let relieved = entry.link.and_then(|link| self.links.relieved(link)).unwrap_or(self.now);
        if self.timers.get(&Timer::Pending(leg)).is_none()
            && let Some(due) = entry.pending.due(relieved)
        {
            self.timers.set(Timer::Pending(leg), due);
        }
    }

    /// Asks to be woken at once for more.
    pub(super) fn wake_soon(&mut self, link: LinkId) {
        self.timers.set(Timer::Pump(link), self.now + SOON);
    }

    fn fire(&mut self, timer: Timer) {
        match timer {
            Timer::Bind(leg) => self.end(leg, Reason::NotBound),
            Timer::Pending(leg) => self.expire(leg),
            Timer::KeepAlive(leg) => self.keep_alive(leg),
            Timer::Idle(leg) => self.check_idle(leg),
            Timer::Stale(leg) => self.expire_incoming(leg),
            Timer::Drain(leg) => self.end(leg, Reason::DrainTimeout),
            Timer::Login(login) => self.login_due(login),
            Timer::Pump(link) => self.pump(link),
        }
    }

    fn keep_alive(&mut self, leg: Key) {
        let Some(entry) = self.legs.get(leg) else { return };
        let Some(within) = entry.data.options.keep_alive else { return };
        let due = entry.data.last_asked + within;
        if due > self.now {
            self.timers.set(Timer::KeepAlive(leg), due);
            return;
        }
        let established = entry.data.established;
        self.timers.set(Timer::KeepAlive(leg), self.now + within);
        if established {
            self.send_empty(leg);
        }
    }

    fn check_idle(&mut self, leg: Key) {
        let Some(entry) = self.legs.get(leg) else { return };
        let Some(within) = entry.data.options.idle else { return };
        let due = entry.data.last_heard + within;
        if due <= self.now {
            self.end(leg, Reason::Idle);
        } else {
            self.timers.set(Timer::Idle(leg), due);
        }
    }
}

impl Session {
    fn new(options: SessionOptions, limits: &SessionLimits, now: Instant) -> Self {
        let largest = options.max_size.unwrap_or(u64::MAX);
        let receive = ReceiveLimits {
            max_message: limits.receive.max_message.min(largest),
            max_whole: limits.receive.max_whole.min(usize::try_from(largest).unwrap_or(usize::MAX)),
            ..limits.receive
        };
        Self {
            options,
            inbox: Inbox::new(receive),
            labels: BTreeMap::new(),
            outgoing: BTreeSet::new(),
            named: BTreeMap::new(),
            awaiting: VecDeque::new(),
            owed: VecDeque::new(),
            established: false,
            draining: false,
            last_asked: now,
            last_heard: now,
        }
    }
}

impl OnLink {
    fn new(framing: Framing, limits: &SessionLimits) -> Self {
        let framing = match framing {
            Framing::Stream => send::Framing::Stream,
            Framing::WebSocket => send::Framing::Messages,
        };
        Self {
            legs: BTreeSet::new(),
            logins: BTreeSet::new(),
            outbox: Outbox::with_framing(limits.send, framing, Pace::default()),
            sending: BTreeMap::new(),
            open: None,
            unanswered: 0,
            budget: Budget::new(limits.link_bytes, limits.link_open),
            reading: Reading::default(),
        }
    }
}

impl Machine for Endpoint {
    type Input = LinkInput;
    type Event = Event;

    fn handle_input(&mut self, now: Instant, input: LinkInput) {
        self.handle_timeout(now);
        match input {
            LinkInput::Up { link, framing } => {
                if !self.links.up(self.now, link, framing, OnLink::new(framing, &self.limits)) {
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
                self.pump(link);
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

impl std::fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Endpoint").field("sessions", &self.legs.len()).finish_non_exhaustive()
    }
}
