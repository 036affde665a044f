//! One direction of a link.
//!
//! ```text
//!  write ──► waiting ──► (window, bandwidth, chunking) ──► flying ──► arrive
//! ```

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use missiva_core::{Instant, Payload, Protocol};

use super::{Chunking, StreamPath};
use crate::Seeded;

/// What one end writes and the other reads.
pub(super) struct Pipe {
    /// The host that writes, by number.
    pub(super) writer: usize,
    /// The host that reads.
    pub(super) reader: usize,
    /// The address of the reader, as the writer knows it.
    pub(super) peer: SocketAddr,
    pub(super) protocol: Protocol,
    pub(super) path: StreamPath,
    pub(super) state: State,
    /// Whether the writer knows that the link is there; what it writes before waits.
    pub(super) up: bool,
    /// Bytes that arrived.
    pub(super) carried: u64,
    /// The link is cut when so many bytes arrived.
    pub(super) cut_after: Option<u64>,
    /// Whether the writer was told that the window is full.
    pub(super) blocked: bool,
    /// The most bytes that ever waited.
    pub(super) peak: usize,
    waiting: VecDeque<Bytes>,
    waiting_len: usize,
    flying: VecDeque<(Instant, Item)>,
    flying_len: usize,
    appointed: bool,
    free_at: Instant,
    last_arrival: Instant,
}

/// How far a pipe has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Open,
    /// The writer has closed: what waits still goes.
    Closing,
    /// Nothing goes in or out.
    Gone,
}

/// What travels.
#[derive(Debug)]
pub(super) enum Item {
    Up,
    Bytes(Bytes),
    Fin,
}

impl Pipe {
    pub(super) fn new(
        writer: usize,
        reader: usize,
        peer: SocketAddr,
        protocol: Protocol,
        path: StreamPath,
    ) -> Self {
        Self {
            writer,
            reader,
            peer,
            protocol,
            path,
            state: State::Open,
            up: false,
            carried: 0,
            cut_after: None,
            blocked: false,
            peak: 0,
            waiting: VecDeque::new(),
            waiting_len: 0,
            flying: VecDeque::new(),
            flying_len: 0,
            appointed: false,
            free_at: Instant::ORIGIN,
            last_arrival: Instant::ORIGIN,
        }
    }

    /// Takes a transmit; says whether the pipe is there to carry it.
    pub(super) fn write(&mut self, payload: &Payload) -> bool {
        if self.state != State::Open {
            return false;
        }
        let mut pieces = payload.pieces().filter(|piece| !piece.is_empty());
        let (first, second) = (pieces.next(), pieces.next());
        match (first, second) {
            (None, _) => {}
            (Some(only), None) => self.waiting.push_back(only.clone()),
            _ if self.whole() => self.waiting.push_back(payload.to_vec().into()),
            (Some(first), Some(second)) => {
                self.waiting.extend([first.clone(), second.clone()]);
                self.waiting.extend(pieces.cloned());
            }
        }
        self.waiting_len = self.waiting_len.saturating_add(payload.len());
        true
    }

    /// Sends off what the window allows.
    pub(super) fn pump(&mut self, now: Instant, chance: &mut Seeded) {
        if !self.up || self.state == State::Gone {
            return;
        }
        while let Some(size) = self.next_size(chance) {
            let piece = self.take(size);
            self.flying_len = self.flying_len.saturating_add(piece.len());
            self.launch(now, Item::Bytes(piece), chance);
        }
        self.peak = self.peak.max(self.waiting_len);
        if self.state == State::Closing && self.waiting.is_empty() {
            self.state = State::Gone;
            self.launch(now, Item::Fin, chance);
        }
    }

    /// When the next thing arrives, unless that was said before and it has not arrived yet: the network has one
    /// appointment with each pipe, however much is under way.
    pub(super) fn appoint(&mut self) -> Option<Instant> {
        if self.appointed {
            return None;
        }
        let at = self.flying.front()?.0;
        self.appointed = true;
        Some(at)
    }

    /// Sends off something that is no data, behind the data.
    pub(super) fn launch(&mut self, now: Instant, item: Item, chance: &mut Seeded) {
        let len = if let Item::Bytes(bytes) = &item { bytes.len() } else { 0 };
        self.free_at = self.free_at.max(now) + self.on_the_wire(len);
        let arrival = self.free_at + self.path.latency + chance.span(self.path.jitter);
        self.last_arrival = self.last_arrival.max(arrival);
        self.flying.push_back((self.last_arrival, item));
    }

    /// What arrives now, if anything does. Under [`Chunking::Random`], pieces that arrive together may come as one.
    pub(super) fn arrive(&mut self, now: Instant, chance: &mut Seeded) -> Option<Item> {
        self.appointed = false;
        let item = self.land(now)?;
        let Item::Bytes(bytes) = item else { return Some(item) };
        if self.whole() || !matches!(self.path.chunking, Chunking::Random(_)) {
            return Some(Item::Bytes(bytes));
        }
        let mut joined = BytesMut::from(bytes);
        while self.data_lands(now) && chance.one_in(2) {
            if let Some(Item::Bytes(more)) = self.land(now) {
                joined.extend_from_slice(&more);
            }
        }
        Some(Item::Bytes(joined.freeze()))
    }

    /// Bytes that the window takes at once.
    pub(super) fn room(&self) -> usize {
        self.path.window.map_or(usize::MAX, |window| window.saturating_sub(self.load()))
    }

    /// Whether a blocked writer may go on: half of the window is free.
    pub(super) fn relieved(&self) -> bool {
        self.path.window.is_none_or(|window| self.load() <= window / 2)
    }

    /// Loses everything; says how many bytes were under way or waited.
    pub(super) fn lose(&mut self) -> usize {
        let lost = self.load();
        self.waiting.clear();
        self.flying.clear();
        (self.waiting_len, self.flying_len) = (0, 0);
        self.state = State::Gone;
        lost
    }

    /// Bytes of the next piece, or `None` while nothing can go.
    fn next_size(&self, chance: &mut Seeded) -> Option<usize> {
        let first = self.waiting.front()?.len();
        let room = self.path.window.map_or(usize::MAX, |window| {
            // A window of zero would be a link that carries nothing.
            window.max(1).saturating_sub(self.flying_len)
        });
        if self.whole() {
            // A WebSocket message that is larger than the window goes when the way is clear.
            let alone = self.framed() && self.flying_len == 0;
            let fits = first <= room || alone;
            return if fits { Some(first) } else { (!self.framed() && room > 0).then_some(room) };
        }
        let size = match self.path.chunking {
            Chunking::Whole => first,
            Chunking::Drip => 1,
            Chunking::Fixed(size) => size.max(1),
            Chunking::Random(most) => chance.within(1..most.max(1).saturating_add(1)),
        };
        (room > 0).then_some(size.min(room).min(self.waiting_len))
    }

    /// The first `size` bytes of what waits; copied only when they lie in several pieces.
    fn take(&mut self, size: usize) -> Bytes {
        self.waiting_len = self.waiting_len.saturating_sub(size);
        if let Some(first) = self.waiting.front_mut() {
            if first.len() > size {
                return first.split_to(size);
            }
            if first.len() == size {
                return self.waiting.pop_front().unwrap_or_default();
            }
        }
        let mut joined = BytesMut::with_capacity(size);
        while joined.len() < size {
            let Some(mut piece) = self.waiting.pop_front() else { break };
            let wanted = size.saturating_sub(joined.len()).min(piece.len());
            joined.extend_from_slice(&piece.split_to(wanted));
            if !piece.is_empty() {
                self.waiting.push_front(piece);
            }
        }
        joined.freeze()
    }

    /// Takes the front of what flies, when its time has come.
    fn land(&mut self, now: Instant) -> Option<Item> {
        if self.flying.front()?.0 > now {
            return None;
        }
        let (_, item) = self.flying.pop_front()?;
        if let Item::Bytes(bytes) = &item {
            self.flying_len = self.flying_len.saturating_sub(bytes.len());
        }
        Some(item)
    }

    fn data_lands(&self, now: Instant) -> bool {
        self.flying.front().is_some_and(|(at, item)| *at <= now && matches!(item, Item::Bytes(_)))
    }

    /// How long the line is busy with so many bytes.
    fn on_the_wire(&self, len: usize) -> Duration {
        let Some(bandwidth) = self.path.bandwidth else { return Duration::ZERO };
        let nanos = (len as u64).saturating_mul(1_000_000_000) / bandwidth.max(1);
        Duration::from_nanos(nanos)
    }

    /// Whether the transport keeps the borders of messages.
    fn framed(&self) -> bool {
        matches!(self.protocol, Protocol::Ws | Protocol::Wss)
    }

    fn whole(&self) -> bool {
        self.framed() || self.path.chunking == Chunking::Whole
    }

    fn load(&self) -> usize {
        self.waiting_len.saturating_add(self.flying_len)
    }
}
