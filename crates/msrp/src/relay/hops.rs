//! The next hops: what waits for them, what they were asked, and what is reported of what they did not take.

use std::collections::{BTreeSet, VecDeque};

use bytes::{Bytes, BytesMut};
use missiva_core::LinkId;

use super::machine::{Asked, Relay, Timer};
use super::{Event, Question};
use crate::encode::end_line;
use crate::grammar::put;
use crate::header::{ByteRange, Status, Value};
use crate::leg::Pending;
use crate::link::{Reads, reply};
use crate::slab::Key;
use crate::through::{self, Fields, Outlet, Pushed, Queued};
use crate::uri::UriBuf;
use crate::{Flag, Head, StatusCode, TransactionId, Uri};

/// A neighbour: a client, or whoever is next on the way elsewhere.
#[derive(Debug)]
pub(super) struct Hop {
    link: Option<LinkId>,
    /// The names by which it is found; a client has none.
    names: Vec<String>,
    outlet: Outlet<What>,
    pub(super) pending: Pending<What>,
    /// Requests that are no SENDs and wait for the link.
    controls: VecDeque<(Bytes, TransactionId, What)>,
    /// Links that are held for its sake.
    held: BTreeSet<LinkId>,
}

/// What an answer is for.
#[derive(Debug)]
pub(super) enum What {
    /// A piece of a SEND; whether silence is a failure.
    Piece { origin: Key, range: ByteRange, loud: bool },
    /// A request that is answered end to end.
    Request { link: LinkId, head: Box<Head> },
    /// Nobody waits for it.
    Nothing,
}

/// Requests that are no SENDs and may wait for a link.
const MAX_CONTROLS: usize = 64;

impl Relay {
    fn new_hop(&mut self, link: Option<LinkId>, names: Vec<String>) -> Result<Key, StatusCode> {
        if self.hops.len() >= self.limits.max_hops {
            return Err(StatusCode::FORBIDDEN);
        }
        Ok(self.hops.insert(Hop {
            link,
            names,
            outlet: Outlet::new(self.limits.max_waiting),
            pending: Pending::new(),
            controls: VecDeque::new(),
            held: BTreeSet::new(),
        }))
    }

    /// The hop at the other end of a link.
    pub(super) fn hop_of(&mut self, link: LinkId) -> Result<Key, StatusCode> {
        let known = self.links.get(link).ok_or(StatusCode::NO_SESSION)?.hop;
        if let Some(hop) = known {
            return Ok(hop);
        }
        let hop = self.new_hop(Some(link), Vec::new())?;
        if let Some(on_link) = self.links.get_mut(link) {
            on_link.hop = Some(hop);
        }
        Ok(hop)
    }

    /// The hop that a URI names, whether it has a link or must be asked for one.
    pub(super) fn hop_to(&mut self, uri: &Uri<'_>) -> Result<Key, StatusCode> {
        let scheme = if uri.is_secure() { "msrps" } else { "msrp" };
        let port = uri.port().unwrap_or(crate::uri::DEFAULT_PORT);
        let host = uri.host().as_str().to_ascii_lowercase();
        let name = format!("{scheme}://{host}:{port};{}", uri.transport().to_ascii_lowercase());
        if let Some(hop) = self.routes.get(&name) {
            return Ok(*hop);
        }
        let hop = self.new_hop(None, vec![name.clone()])?;
        if !self.ask(Asked::Link { hop }, Question::Link { hop: UriBuf::from(*uri) }) {
            self.hops.remove(hop);
            return Err(StatusCode::FORBIDDEN);
        }
        self.routes.insert(name, hop);
        Ok(hop)
    }

    /// A hop has got its link. One link serves one hop: what waits for a second name of it goes to the first.
    pub(super) fn connect_hop(&mut self, hop: Key, link: LinkId) {
        let Some(on_link) = self.links.get_mut(link) else { return };
        if let Some(first) = on_link.hop.filter(|first| *first != hop) {
            return self.merge_hop(hop, first);
        }
        on_link.hop = Some(hop);
        if let Some(entry) = self.hops.get_mut(hop) {
            entry.link = Some(link);
        }
        self.pump(hop);
    }

    fn merge_hop(&mut self, hop: Key, first: Key) {
        let Some(mut entry) = self.hops.remove(hop) else { return };
        for name in &entry.names {
            self.routes.insert(name.clone(), first);
        }
        for (bytes, id, what) in entry.controls {
            let _ = self.pass_control(first, bytes, id, what);
        }
        if let Some(into) = self.hops.get_mut(first) {
            into.names.append(&mut entry.names);
            while let Some(piece) = entry.outlet.pop() {
                into.outlet.push_always(piece);
            }
        }
        for link in entry.held {
            self.release(link, hop);
        }
        self.pump(first);
    }

    /// Lets a piece wait for its link, and writes what there is room for.
    pub(super) fn enqueue(
        &mut self,
        hop: Key,
        piece: Queued<What>,
        (lines, fields): (&Bytes, &Fields),
        range: &ByteRange,
    ) {
        let message = piece.message;
        let Some(entry) = self.hops.get_mut(hop) else {
            return self.settle(piece.what, StatusCode::TIMEOUT);
        };
        let mut gone = Vec::new();
        let pushed = entry.outlet.push(piece, |what| gone.push(what));
        if matches!(pushed, Pushed::Lost { begun: true }) {
            let id = TransactionId::draw(self.ids.as_mut());
            let payload = through::abort(&id, lines, fields, range);
            let (flag, what) = (Flag::Abort, What::Nothing);
            entry.outlet.push_always(Queued { id, message, flag, payload, what });
        }
        for what in gone {
            self.settle(what, StatusCode::TOO_LARGE);
        }
        self.pump(hop);
    }

    /// Writes a request that is no SEND, or lets it wait for the link.
    pub(super) fn pass_control(
        &mut self,
        hop: Key,
        bytes: Bytes,
        id: TransactionId,
        what: What,
    ) -> Result<(), StatusCode> {
        let max = self.limits.max_pending;
        let entry = self.hops.get_mut(hop).ok_or(StatusCode::NO_SESSION)?;
        if entry.pending.len() >= max || entry.controls.len() >= MAX_CONTROLS {
            return Err(StatusCode::FORBIDDEN);
        }
        entry.controls.push_back((bytes, id, what));
        self.pump(hop);
        Ok(())
    }

    /// Writes what the link of a hop takes.
    pub(super) fn pump(&mut self, hop: Key) {
        let Some(entry) = self.hops.get_mut(hop) else { return };
        let Some(link) = entry.link else { return };
        let mut controls = Vec::new();
        while let Some((bytes, id, what)) = entry.controls.pop_front() {
            if matches!(what, What::Request { .. }) {
                entry.pending.push(self.now, id, what);
            }
            controls.push(bytes);
        }
        let pending = (&mut entry.pending, self.limits.max_pending);
        let is_answered = |what: &What| !matches!(what, What::Nothing);
        let more = entry.outlet.write(self.now, &mut self.links, link, pending, is_answered);
        let relief = entry.outlet.bytes() <= self.limits.max_waiting / 4;
        let held = if relief { std::mem::take(&mut entry.held) } else { BTreeSet::new() };
        if more {
            self.wake_soon(hop);
        }
        for link in held {
            self.release(link, hop);
        }
        for bytes in controls {
            self.answer(link, bytes);
        }
        self.watch(hop);
    }

    /// One timer for all requests of a hop.
    fn watch(&mut self, hop: Key) {
        let Some(entry) = self.hops.get(hop) else { return };
        let relieved = entry.link.and_then(|link| self.links.relieved(link)).unwrap_or(self.now);
        if self.timers.get(&Timer::Pending(hop)).is_none()
            && let Some(due) = entry.pending.due(relieved)
        {
            self.timers.set(Timer::Pending(hop), due);
        }
    }

    pub(super) fn expire_pending(&mut self, hop: Key) {
        let now = self.now;
        while let Some(entry) = self.hops.get_mut(hop) {
            let relieved = entry.link.and_then(|link| self.links.relieved(link)).unwrap_or(now);
            let Some(what) = entry.pending.take_overdue(now, relieved) else { break };
            // Where only failures are answered, silence is a success.
            let silent = matches!(what, What::Piece { loud: false, .. });
            self.settle(what, if silent { StatusCode::OK } else { StatusCode::TIMEOUT });
        }
        self.watch(hop);
        self.pump(hop);
    }

    /// What became of something that was passed on: of a piece that failed, its sender gets a report; a request that
    /// nobody answers is answered here.
    pub(super) fn settle(&mut self, what: What, status: StatusCode) {
        let (key, range) = match what {
            What::Nothing => return,
            What::Request { link, head } => {
                if let Some(answer) = reply(&head, status) {
                    self.answer(link, answer);
                }
                return;
            }
            What::Piece { origin, range, .. } => (origin, range),
        };
        let Some(origin) = self.origins.get_mut(key) else { return };
        origin.pieces = origin.pieces.saturating_sub(1);
        let (link, done) = (origin.link, origin.ended && origin.pieces == 0);
        if !status.is_success() {
            let id = TransactionId::draw(self.ids.as_mut());
            let mut out = BytesMut::with_capacity(320);
            for part in ["MSRP ", id.as_str(), " REPORT\r\n"] {
                put(part, &mut out);
            }
            out.extend_from_slice(&origin.lines);
            for part in ["Message-ID: ", origin.message.as_str(), "\r\nByte-Range: "] {
                put(part, &mut out);
            }
            range.encode(&mut out);
            put("\r\nStatus: ", &mut out);
            Status::of(status).encode(&mut out);
            put("\r\n", &mut out);
            out.extend_from_slice(&end_line(&id, Flag::Last, false));
            self.answer(link, out.freeze());
        }
        if done {
            self.origins.remove(key);
        }
    }

    /// A hop cannot be had, or its link is down: what waits for it has failed.
    pub(super) fn lose_hop(&mut self, hop: Key) {
        let Some(mut entry) = self.hops.remove(hop) else { return };
        self.timers.cancel(&Timer::Pending(hop));
        self.timers.cancel(&Timer::Pump(hop));
        for name in entry.names {
            self.routes.remove(&name);
        }
        while let Some(what) = entry.pending.take_oldest() {
            self.settle(what, StatusCode::TIMEOUT);
        }
        while let Some(piece) = entry.outlet.pop() {
            self.settle(piece.what, StatusCode::TIMEOUT);
        }
        for (_, _, what) in entry.controls {
            self.settle(what, StatusCode::TIMEOUT);
        }
        for link in entry.held {
            self.release(link, hop);
        }
    }

    /// Holds the link that brings what a hop cannot take.
    pub(super) fn hold(&mut self, hop: Key, link: LinkId) {
        let Some(entry) = self.hops.get_mut(hop) else { return };
        if entry.outlet.bytes() <= self.limits.max_waiting / 2 {
            return;
        }
        let Some(on_link) = self.links.get_mut(link) else { return };
        entry.held.insert(link);
        let first = on_link.holds.is_empty();
        on_link.holds.insert(hop);
        if first {
            self.events.push_back(Event::Hold { link });
        }
    }

    fn release(&mut self, link: LinkId, hop: Key) {
        if let Some(on_link) = self.links.get_mut(link)
            && on_link.holds.remove(&hop)
            && on_link.holds.is_empty()
        {
            self.events.push_back(Event::Release { link });
        }
    }
}
