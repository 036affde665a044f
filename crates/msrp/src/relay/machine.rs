//! The machine: its parts, its timers, its questions.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use missiva_core::{
    ByteStr, Deadline, DeadlineQueue, IdSource, Instant, LinkId, Machine, Transmit,
};

use super::digest::Nonces;
use super::forward::{Origin, Reading};
use super::hops::{Hop, What};
use super::{Answer, AskId, Event, Input, Question, RelayIdentity, RelayLimits};
use crate::Head;
use crate::link::{LinkInput, Links, Reads, SOON};
use crate::slab::{Key, Slab};
use crate::uri::UriBuf;

/// Passes messages on for its clients; see the [module](super).
pub struct Relay {
    pub(super) identity: RelayIdentity,
    pub(super) limits: RelayLimits,
    pub(super) nonces: Nonces,
    pub(super) ids: Box<dyn IdSource>,
    pub(super) now: Instant,
    pub(super) links: Links<OnLink>,
    pub(super) tokens: Slab<Token>,
    /// Tokens by the session id of their URI.
    pub(super) names: HashMap<Box<str>, Key>,
    pub(super) hops: Slab<Hop>,
    /// Hops that are not clients, by scheme, host, port and transport.
    pub(super) routes: HashMap<String, Key>,
    pub(super) origins: Slab<Origin>,
    pub(super) asks: Slab<Asked>,
    pub(super) timers: DeadlineQueue<Timer>,
    pub(super) events: VecDeque<Event>,
}

/// What is kept for a link.
#[derive(Debug, Default)]
pub(crate) struct OnLink {
    pub(super) reading: Reading,
    /// What waits to be written to it.
    pub(super) hop: Option<Key>,
    /// The tokens of the client at its other end.
    pub(super) tokens: BTreeSet<Key>,
    /// Nonces that were used on it, and how often.
    pub(super) counts: BTreeMap<String, u32>,
    /// Hops that take too little of what it brings.
    pub(super) holds: BTreeSet<Key>,
}

/// A URI that a client was given.
#[derive(Debug)]
pub(super) struct Token {
    pub(super) uri: UriBuf,
    pub(super) username: ByteStr,
    pub(super) link: LinkId,
    /// Who is next on the way to the client: itself, or a relay nearer to it.
    pub(super) previous: UriBuf,
    /// The client.
    pub(super) client: UriBuf,
}

/// A question that waits for its answer.
#[derive(Debug)]
pub(super) enum Asked {
    Secret { link: LinkId, head: Head },
    Link { hop: Key },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Timer {
    Token(Key),
    Ask(Key),
    Pending(Key),
    Pump(Key),
}

impl Timer {
    const fn name(self) -> &'static str {
        match self {
            Self::Token(_) => "Expires",
            Self::Ask(_) => "question",
            Self::Pending(_) => "transaction",
            Self::Pump(_) => "more to write",
        }
    }
}

impl Relay {
    /// A relay without links.
    #[must_use]
    pub fn new(identity: RelayIdentity, limits: RelayLimits, ids: Box<dyn IdSource>) -> Self {
        let nonces = Nonces::new(identity.nonce_key, limits.nonce_lifetime);
        Self {
            identity,
            limits,
            nonces,
            ids,
            now: Instant::ORIGIN,
            links: Links::new(limits.links),
            tokens: Slab::new(),
            names: HashMap::new(),
            hops: Slab::new(),
            routes: HashMap::new(),
            origins: Slab::new(),
            asks: Slab::new(),
            timers: DeadlineQueue::new(),
            events: VecDeque::new(),
        }
    }

    /// How many URIs are granted.
    #[must_use]
    pub const fn granted(&self) -> usize {
        self.tokens.len()
    }

    /// Asks a question, unless too many wait for their answers.
    pub(super) fn ask(&mut self, asked: Asked, question: Question) -> bool {
        if self.asks.len() >= self.limits.max_asks {
            return false;
        }
        let key = self.asks.insert(asked);
        self.timers.set(Timer::Ask(key), self.now + self.limits.answer_within);
        self.events.push_back(Event::Ask { ask: AskId(key), question });
        true
    }

    /// An answer, or none in time.
    fn answered_ask(&mut self, key: Key, answer: Option<Answer>) {
        self.timers.cancel(&Timer::Ask(key));
        match self.asks.remove(key) {
            None => {}
            Some(Asked::Secret { link, head }) => {
                let secret = match answer {
                    Some(Answer::Secret(secret)) => secret,
                    Some(Answer::Link(_)) | None => None,
                };
                self.check_credentials(link, &head, secret.as_ref());
            }
            Some(Asked::Link { hop }) => {
                let link = match answer {
                    Some(Answer::Link(link)) => link.filter(|link| self.links.contains(*link)),
                    Some(Answer::Secret(_)) | None => None,
                };
                match link {
                    Some(link) => self.connect_hop(hop, link),
                    None => self.lose_hop(hop),
                }
            }
        }
    }

    fn fire(&mut self, timer: Timer) {
        match timer {
            Timer::Token(token) => self.revoke(token),
            Timer::Ask(ask) => self.answered_ask(ask, None),
            Timer::Pending(hop) => self.expire_pending(hop),
            Timer::Pump(hop) => self.pump(hop),
        }
    }

    /// Asks to be woken at once for more.
    pub(super) fn wake_soon(&mut self, hop: Key) {
        self.timers.set(Timer::Pump(hop), self.now + SOON);
    }

    /// A link is gone: so are its tokens, and what waited to be written to it is reported lost.
    pub(super) fn lose_link(&mut self, link: LinkId) {
        let Some(on_link) = self.links.remove(link) else { return };
        for token in on_link.tokens {
            self.revoke(token);
        }
        if let Some(hop) = on_link.hop {
            self.lose_hop(hop);
        }
    }
}

impl Machine for Relay {
    type Input = Input;
    type Event = Event;

    fn handle_input(&mut self, now: Instant, input: Input) {
        self.handle_timeout(now);
        let input = match input {
            Input::Link(input) => input,
            Input::Answer { ask, answer } => return self.answered_ask(ask.0, Some(answer)),
        };
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
                if let Some(hop) = self.links.get(link).and_then(|on_link| on_link.hop) {
                    self.pump(hop);
                }
            }
            LinkInput::Down { link } => self.lose_link(link),
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

impl Relay {
    /// What an answer that comes from a hop is for.
    pub(super) fn take_pending(&mut self, link: LinkId, id: &str) -> Option<(Key, What)> {
        let hop = self.links.get(link)?.hop?;
        Some((hop, self.hops.get_mut(hop)?.pending.take(id)?))
    }
}

impl std::fmt::Debug for Relay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Relay").field("tokens", &self.tokens.len()).finish_non_exhaustive()
    }
}
