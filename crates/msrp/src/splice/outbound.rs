//! What goes to one side, and when a side that brings more than the other takes must be held.

use missiva_core::LinkId;

use super::machine::{Splice, Timer, What};
use super::{Event, PairId, Reason, Side};
use crate::header::ByteRange;
use crate::slab::Key;
use crate::through::{self, Fields, Pushed, Queued};
use crate::{Flag, MessageId, StatusCode, TransactionId};

impl Splice {
    /// Lets a piece wait for its link, and writes what there is room for.
    pub(super) fn enqueue(
        &mut self,
        leg: Key,
        piece: Queued<What>,
        fields: &Fields,
        range: &ByteRange,
    ) {
        let Some(entry) = self.legs.get_mut(leg) else { return };
        let message = piece.message;
        let mut gone = Vec::new();
        let pushed = entry.data.outlet.push(piece, |what| gone.push(what));
        if let Pushed::Lost { begun } = pushed {
            let (pair, to) = (PairId(entry.data.pair), entry.data.side);
            self.events.push_back(Event::Dropped { pair, to });
            if begun {
                let id = TransactionId::draw(self.ids.as_mut());
                let payload = through::abort(&id, &entry.lines, fields, range);
                let (flag, what) = (Flag::Abort, What::Nothing);
                entry.data.outlet.push_always(Queued { id, message, flag, payload, what });
            }
        }
        for what in gone {
            self.answered(what, StatusCode::TOO_LARGE);
        }
        self.pump_leg(leg);
        self.hold(leg);
    }

    /// The first SEND of an active side.
    pub(super) fn send_binding(&mut self, leg: Key) {
        let Some(entry) = self.legs.get_mut(leg) else { return };
        let Some(link) = entry.link else { return };
        let id = TransactionId::draw(self.ids.as_mut());
        let message = MessageId::draw(self.ids.as_mut());
        let payload = through::empty_send(&id, &entry.lines, &message);
        entry.pending.push(self.now, id, What::Binding);
        self.links.write(link, payload);
        self.watch(leg);
    }

    /// Writes what the links of these legs take.
    pub(super) fn pump_link(&mut self, link: LinkId) {
        let Some(on_link) = self.links.get(link) else { return };
        let legs: Vec<Key> = on_link.legs.iter().copied().collect();
        for leg in legs {
            self.pump_leg(leg);
        }
    }

    /// Writes what the link of a leg takes.
    pub(super) fn pump_leg(&mut self, leg: Key) {
        let max = self.limits.max_pending;
        let Some(entry) = self.legs.get_mut(leg) else { return };
        let Some(link) = entry.link else {
            // What waits for a side that is to connect waits on, also when the other side is gone.
            let (drained, pair) = (entry.data.outlet.is_empty(), entry.data.pair);
            if drained && self.across(leg).is_none() {
                self.end_pair(pair);
            }
            return;
        };
        let pending = (&mut entry.pending, max);
        let is_answered = |what: &What| *what != What::Nothing;
        let more = entry.data.outlet.write(self.now, &mut self.links, link, pending, is_answered);
        let (drained, pair) = (entry.data.outlet.is_empty(), entry.data.pair);
        if more {
            self.wake_soon(link);
        }
        self.watch(leg);
        self.release(leg);
        if drained && self.across(leg).is_none() {
            self.end_pair(pair);
        }
    }

    /// One timer for all requests of a leg.
    fn watch(&mut self, leg: Key) {
        let Some(entry) = self.legs.get(leg) else { return };
        let relieved = entry.link.and_then(|link| self.links.relieved(link)).unwrap_or(self.now);
        if self.timers.get(&Timer::Pending(leg)).is_none()
            && let Some(due) = entry.pending.due(relieved)
        {
            self.timers.set(Timer::Pending(leg), due);
        }
    }

    pub(super) fn expire_pending(&mut self, leg: Key) {
        let now = self.now;
        while let Some(entry) = self.legs.get_mut(leg) {
            let relieved = entry.link.and_then(|link| self.links.relieved(link)).unwrap_or(now);
            match entry.pending.take_overdue(now, relieved) {
                None => break,
                Some(What::Binding) => return self.lose(leg, Reason::NoAnswer),
                // The timer of the chunk has its own opinion of when that is.
                Some(What::Piece(_) | What::Nothing) => {}
            }
        }
        self.watch(leg);
        self.pump_leg(leg);
    }

    /// The other side did not answer a chunk in time. Where only failures are answered, silence is a success.
    pub(super) fn expire_origin(&mut self, origin: Key) {
        let silent = self.origins.get(origin).is_some_and(|origin| !origin.wants_success);
        self.settle(origin, if silent { StatusCode::OK } else { StatusCode::TIMEOUT });
    }

    /// Holds the link that brings what this leg cannot take.
    fn hold(&mut self, leg: Key) {
        let Some(entry) = self.legs.get(leg) else { return };
        if entry.data.outlet.bytes() <= self.limits.max_waiting / 2 {
            return;
        }
        let Some(link) = self.across(leg).and_then(|leg| self.legs.get(leg)?.link) else { return };
        if let Some(on_link) = self.links.get_mut(link) {
            let first = on_link.holds.is_empty();
            on_link.holds.insert(leg);
            if first {
                self.events.push_back(Event::Hold { link });
            }
        }
    }

    /// Releases it again, when enough was written.
    fn release(&mut self, leg: Key) {
        let Some(entry) = self.legs.get(leg) else { return };
        if entry.data.outlet.bytes() > self.limits.max_waiting / 4 {
            return;
        }
        let Some(link) = self.across(leg).and_then(|leg| self.legs.get(leg)?.link) else { return };
        self.release_link(link, leg);
    }

    pub(super) fn release_link(&mut self, link: LinkId, leg: Key) {
        if let Some(on_link) = self.links.get_mut(link)
            && on_link.holds.remove(&leg)
            && on_link.holds.is_empty()
        {
            self.events.push_back(Event::Release { link });
        }
    }

    /// Notes content that passed to a side.
    pub(super) fn count(&mut self, pair: Key, to: Side, bytes: usize) {
        if let Some(pair) = self.pairs.get_mut(pair) {
            let passed = match to {
                Side::A => &mut pair.passed.to_a,
                Side::B => &mut pair.passed.to_b,
            };
            *passed = passed.saturating_add(bytes as u64);
        }
    }
}
