//! How sessions and links end.

use missiva_core::{Instant, LinkId, Machine};

use super::endpoint::{Asked, Endpoint, Timer};
use super::sending::CommandError;
use super::{Event, Outcome, Reason, SessionId};
use crate::slab::Key;

impl Endpoint {
    /// Closes a session in order: what was handed in is sent and answered first, within
    /// [`drain_within`](super::SessionLimits::drain_within). Reports are not waited for.
    ///
    /// # Errors
    ///
    /// A session that is gone.
    pub fn close(&mut self, now: Instant, session: SessionId) -> Result<(), CommandError> {
        self.handle_timeout(now);
        let entry = self.legs.get_mut(session.0).ok_or(CommandError::Unknown)?;
        if !entry.data.draining {
            entry.data.draining = true;
            self.timers.set(Timer::Drain(session.0), self.now + self.limits.drain_within);
        }
        self.check_drained(session.0);
        Ok(())
    }

    /// Closes a session at once. What is not finished ends with it.
    ///
    /// # Errors
    ///
    /// A session that is gone.
    pub fn close_now(&mut self, now: Instant, session: SessionId) -> Result<(), CommandError> {
        self.handle_timeout(now);
        self.legs.get(session.0).ok_or(CommandError::Unknown)?;
        self.end(session.0, Reason::Closed);
        Ok(())
    }

    /// Ends a session that is being closed, when nothing but reports is left to come.
    pub(super) fn check_drained(&mut self, leg: Key) {
        let Some(entry) = self.legs.get(leg).filter(|entry| entry.data.draining) else { return };
        let waits = |key: &Key| self.outgoing.get(*key).is_some_and(|one| !one.awaits_reports());
        if !entry.data.outgoing.iter().any(waits) {
            self.end(leg, Reason::Closed);
        }
    }

    /// A session is gone: first what was not finished on it, then the session itself, then its link if nobody uses it.
    pub(super) fn end(&mut self, leg: Key, reason: Reason) {
        let Some(mut entry) = self.legs.remove(leg) else { return };
        for timer in [
            Timer::Bind(leg),
            Timer::Pending(leg),
            Timer::KeepAlive(leg),
            Timer::Idle(leg),
            Timer::Stale(leg),
            Timer::Drain(leg),
        ] {
            self.timers.cancel(&timer);
        }
        while let Some(asked) = entry.pending.take_oldest() {
            if let (Asked::Chunk { loud: true, .. }, Some(link)) = (asked, entry.link)
                && let Some(on_link) = self.links.get_mut(link)
            {
                on_link.unanswered -= 1;
            }
        }
        for key in std::mem::take(&mut entry.data.outgoing) {
            let failed = self.outgoing.get(key).and_then(|outgoing| outgoing.failed);
            let outcome = failed.map_or(Outcome::SessionEnded, |status| Outcome::Failed { status });
            self.finish_message(key, outcome);
        }
        let session = SessionId(leg);
        let mut unused = None;
        match entry.link.and_then(|link| Some((link, self.links.get_mut(link)?))) {
            Some((link, on_link)) => {
                entry.data.inbox.close(&mut on_link.budget);
                on_link.legs.remove(&leg);
                unused = on_link.legs.is_empty().then_some(link);
                if let Some(head) = on_link.reading.forget(leg) {
                    self.reply(link, &head, crate::StatusCode::NO_SESSION);
                }
            }
            None => entry.data.inbox.close(&mut crate::receive::Budget::default()),
        }
        self.deliver_from(session, &mut entry.data);
        self.events.push_back(Event::Closed { session, reason });
        if let Some(link) = unused {
            self.events.push_back(Event::Unused { link });
        }
        if let Some(link) = entry.link {
            self.pump(link);
        }
    }

    /// A link is gone, and with it every session on it.
    pub(super) fn lose_link(&mut self, link: LinkId, reason: Reason) {
        self.timers.cancel(&Timer::Pump(link));
        let Some(on_link) = self.links.remove(link) else { return };
        for leg in on_link.legs {
            self.end(leg, reason);
        }
        for login in on_link.logins {
            self.end_login(login, None);
        }
    }
}
