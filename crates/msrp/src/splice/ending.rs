//! How sides are lost and pairs end.

use missiva_core::LinkId;

use super::machine::{Pair, Splice, Timer};
use super::{Event, PairId, Reason, Side};
use crate::StatusCode;
use crate::slab::Key;

impl Splice {
    /// A link is gone, and with it every leg on it.
    pub(super) fn lose_link(&mut self, link: LinkId, reason: Reason) {
        self.timers.cancel(&Timer::Pump(link));
        let Some(on_link) = self.links.remove(link) else { return };
        for leg in on_link.legs {
            self.lose(leg, reason);
        }
    }

    /// A side is gone. The other one gets what was sent before, and 481 for what it asks from now on.
    pub(super) fn lose(&mut self, leg: Key, reason: Reason) {
        let Some((pair, side)) = self.forget(leg) else { return };
        let Some(entry) = self.pairs.get_mut(pair) else { return };
        *entry.leg_mut(side) = None;
        self.events.push_back(Event::Lost { pair: PairId(pair), side, reason });
        let Some(other) = self.pairs.get(pair).and_then(|pair| pair.leg(side.other())) else {
            return self.end_pair(pair);
        };
        if let Some(entry) = self.legs.get_mut(other) {
            let unanswered = std::mem::take(&mut entry.data.unanswered);
            self.settle_all(&unanswered, StatusCode::NO_SESSION);
        }
        self.timers.set(Timer::Drain(pair), self.now + self.limits.drain_within);
        self.pump_leg(other);
    }

    /// The pair is gone, with both sides or with what is left of them.
    pub(super) fn end_pair(&mut self, pair: Key) {
        let Some(Pair { a, b, passed, .. }) = self.pairs.remove(pair) else { return };
        self.timers.cancel(&Timer::Drain(pair));
        for leg in [a, b].into_iter().flatten() {
            self.forget(leg);
        }
        self.events.push_back(Event::Ended { pair: PairId(pair), passed });
    }

    /// Takes a leg out of all tables.
    fn forget(&mut self, leg: Key) -> Option<(Key, Side)> {
        if let Some(link) = self.across(leg).and_then(|leg| self.legs.get(leg)?.link) {
            self.release_link(link, leg);
        }
        let entry = self.legs.remove(leg)?;
        self.timers.cancel(&Timer::Bind(leg));
        self.timers.cancel(&Timer::Pending(leg));
        for origin in &entry.data.unanswered {
            self.timers.cancel(&Timer::Origin(*origin));
            self.origins.remove(*origin);
        }
        if let Some(link) = entry.link
            && let Some(on_link) = self.links.get_mut(link)
        {
            on_link.legs.remove(&leg);
        }
        Some((entry.data.pair, entry.data.side))
    }
}
