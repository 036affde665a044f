//! What the other end says of what was sent: answers, their absence, and reports.

use missiva_core::LinkId;

use super::endpoint::{Asked, Endpoint, Timer};
use super::{Event, Reason, SentId, SessionId};
use crate::header::ByteRange;
use crate::slab::Key;
use crate::{Head, StatusCode, field};

impl Endpoint {
    /// A response.
    pub(super) fn on_answer(&mut self, link: LinkId, head: &Head) {
        let Some(status) = head.status() else { return };
        let Some((leg, asked)) = self.legs.answered(link, head) else {
            return self.on_relay_answer(link, head);
        };
        match status {
            StatusCode::NO_SESSION | StatusCode::WRONG_CONNECTION => {
                if let Asked::Chunk { message, .. } = asked {
                    // So the message is told to have failed, rather than to have ended with its session.
                    if let Some(outgoing) = self.outgoing.get_mut(message) {
                        outgoing.failed.get_or_insert(status);
                    }
                }
                let reason = if status == StatusCode::NO_SESSION {
                    Reason::NoSession
                } else {
                    Reason::WrongConnection
                };
                return self.end(leg, reason);
            }
            _ => self.heard(leg),
        }
        match asked {
            Asked::Empty => {}
            Asked::Nickname => {
                self.events.push_back(Event::Nickname { session: SessionId(leg), status });
            }
            Asked::Chunk { message, range, began, loud } => {
                if let Some(on_link) = self.links.get_mut(link) {
                    on_link.unanswered -= usize::from(loud);
                    if status.is_success() {
                        let elapsed = self.now.since(began);
                        on_link.outbox.pace_mut().observe(range.end - range.start, elapsed);
                    }
                }
                self.chunk_answered(message, range, status);
            }
        }
        self.rewatch(leg);
        self.pump(link);
    }

    fn chunk_answered(&mut self, message: Key, range: std::ops::Range<u64>, status: StatusCode) {
        let Some(outgoing) = self.outgoing.get_mut(message) else { return };
        outgoing.unanswered -= 1;
        if !status.is_success() {
            return self.fail(message, status);
        }
        outgoing.account.acknowledged.insert(range.clone());
        self.events.push_back(Event::Acknowledged { message: SentId(message), range });
        self.check_done(message);
    }

    /// Requests that nobody answered in time.
    pub(super) fn expire(&mut self, leg: Key) {
        let now = self.now;
        while let Some(entry) = self.legs.get_mut(leg) {
            let link = entry.link;
            let relieved = link.and_then(|link| self.links.relieved(link)).unwrap_or(now);
            let Some(asked) = entry.pending.take_overdue(now, relieved) else { break };
            match asked {
                Asked::Empty => return self.end(leg, Reason::NoAnswer),
                Asked::Nickname => {
                    let (session, status) = (SessionId(leg), StatusCode::TIMEOUT);
                    self.events.push_back(Event::Nickname { session, status });
                }
                Asked::Chunk { message, loud, .. } => {
                    if loud && let Some(on_link) = link.and_then(|link| self.links.get_mut(link)) {
                        on_link.unanswered -= 1;
                        on_link.outbox.pace_mut().fail();
                    }
                    if let Some(outgoing) = self.outgoing.get_mut(message) {
                        outgoing.unanswered -= 1;
                    }
                    if loud {
                        self.fail(message, StatusCode::TIMEOUT);
                    } else {
                        self.check_done(message);
                    }
                }
            }
        }
        self.watch(leg);
        if let Some(link) = self.legs.get(leg).and_then(|entry| entry.link) {
            self.pump(link);
        }
    }

    /// Nothing waits for an answer any more: no timer is needed.
    fn rewatch(&mut self, leg: Key) {
        if self.legs.get(leg).is_some_and(|entry| entry.pending.is_empty()) {
            self.timers.cancel(&Timer::Pending(leg));
        }
    }

    /// A REPORT, which is never answered. One that says nothing sensible is passed over.
    pub(super) fn on_report(&mut self, link: LinkId, head: &Head) {
        let Ok(opened) = self.legs.find(link, head) else { return };
        if opened.binds {
            return;
        }
        let leg = opened.leg;
        let (Ok(id), Ok(status)) = (head.only::<field::MessageId>(), head.only::<field::Status>())
        else {
            return;
        };
        // Other namespaces are not defined, and what is not understood is not acted upon (RFC 4975 section 7.1.2).
        if status.namespace != 0 {
            return;
        }
        self.heard(leg);
        let status = status.code;
        let named = self.legs.get(leg).and_then(|entry| entry.data.named.get(&id).copied());
        let Some(outgoing) = named.and_then(|key| self.outgoing.get_mut(key)) else {
            self.events.push_back(Event::LateReport { session: SessionId(leg), id, status });
            return;
        };
        let Some(key) = named else { return };
        let range = match head.get::<field::ByteRange>() {
            Ok(None) => 0..outgoing.account.written,
            Ok(Some(range)) if range.is_consistent() => {
                let ByteRange { start, end, total } = range;
                let end = end.or(total).unwrap_or(outgoing.account.written);
                start - 1..end.max(start - 1)
            }
            _ => return,
        };
        outgoing.report(status, &range);
        self.events.push_back(Event::Reported { message: SentId(key), status, range });
        if status.is_success() {
            self.check_done(key);
        } else {
            self.stop(key);
        }
    }
}
