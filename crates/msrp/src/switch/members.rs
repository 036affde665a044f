//! How members are bound, written to and lost.

use missiva_core::LinkId;

use super::machine::{Switch, Timer, What};
use super::{Event, MemberId, Reason};
use crate::slab::Key;
use crate::through;
use crate::{MessageId, StatusCode, TransactionId};

impl Switch {
    pub(super) fn bind(&mut self, leg: Key, link: LinkId) {
        if let Some(entry) = self.legs.get_mut(leg) {
            entry.link = Some(link);
        }
        if let Some(on_link) = self.links.get_mut(link) {
            on_link.legs.insert(leg);
        }
        self.timers.cancel(&Timer::Bind(leg));
        self.pump_leg(leg);
    }

    /// The other end has shown that it has the session.
    pub(super) fn heard(&mut self, leg: Key) {
        if let Some(entry) = self.legs.get_mut(leg)
            && !entry.data.joined
        {
            entry.data.joined = true;
            self.events.push_back(Event::Joined { member: MemberId(leg) });
        }
    }

    /// The first SEND of an active end.
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

    pub(super) fn pump_link(&mut self, link: LinkId) {
        let Some(on_link) = self.links.get(link) else { return };
        let legs: Vec<Key> = on_link.legs.iter().copied().collect();
        for leg in legs {
            self.pump_leg(leg);
        }
    }

    /// Writes what the link of a member takes.
    pub(super) fn pump_leg(&mut self, leg: Key) {
        let Some(entry) = self.legs.get_mut(leg) else { return };
        let Some(link) = entry.link else { return };
        let pending = (&mut entry.pending, self.limits.max_pending);
        let is_answered = |what: &What| *what != What::Nothing;
        let more = entry.data.outlet.write(self.now, &mut self.links, link, pending, is_answered);
        if more {
            self.wake_soon(link);
        }
        self.watch(leg);
    }

    /// One timer for all requests of a member.
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
                Some(What::Binding) => return self.remove(leg, Reason::NoAnswer),
                Some(What::Piece(message)) => self.skip(leg, message, StatusCode::TIMEOUT),
                Some(What::Nothing) => {}
            }
        }
        self.watch(leg);
        self.pump_leg(leg);
    }

    /// A link is gone, and with it every member on it.
    pub(super) fn lose_link(&mut self, link: LinkId, reason: Reason) {
        self.timers.cancel(&Timer::Pump(link));
        let Some(on_link) = self.links.remove(link) else { return };
        for leg in on_link.legs {
            self.remove(leg, reason);
        }
    }

    /// A member is gone. What it was sending is given up towards the others.
    pub(super) fn remove(&mut self, leg: Key, reason: Reason) {
        let Some(entry) = self.legs.remove(leg) else { return };
        self.timers.cancel(&Timer::Bind(leg));
        self.timers.cancel(&Timer::Pending(leg));
        if let Some(members) = self.rooms.get_mut(entry.data.room) {
            members.remove(&leg);
        }
        if let Some(on_link) = entry.link.and_then(|link| self.links.get_mut(link)) {
            on_link.legs.remove(&leg);
        }
        if let Some(wish) = entry.data.wish {
            self.timers.cancel(&Timer::Nickname(wish));
            self.nicknames.remove(wish);
        }
        for passage in entry.data.passages.into_values() {
            self.give_up_passage(passage);
        }
        self.events.push_back(Event::Left { member: MemberId(leg), reason });
    }
}
