//! What a link brings.

use missiva_core::{Instant, LinkId, Machine, Payload};

use super::endpoint::{Asked, Endpoint, OnLink, Session, Timer};
use super::reports::Owed;
use super::sending::CommandError;
use super::{Event, Hand, Labels, Reason, Reporting, SessionId};
use crate::frame::{End, Event as Frame};
use crate::header::{FailureReport, Nickname, SuccessReport, Value};
use crate::leg::Opened;
use crate::link::{Links, Reads, reply};
use crate::receive::{Begun, Chunk, Delivery, Mode};
use crate::slab::Key;
use crate::{Flag, Head, MessageId, Method, StatusCode, TransactionId, check, field};

/// What is being read from a link.
#[derive(Debug, Default)]
#[allow(clippy::large_enum_variant, reason = "there is one of them for each link")]
pub(super) enum Reading {
    /// Nothing, or something that is passed over.
    #[default]
    Nothing,
    /// A SEND without content.
    Empty(Key, Head),
    /// A chunk.
    Chunk(Key, MessageId, Head),
}

impl Reading {
    /// The session is gone: the rest of what is read is passed over. What was asked is answered all the same.
    pub(super) fn forget(&mut self, leg: Key) -> Option<Head> {
        if !matches!(self, Self::Empty(key, _) | Self::Chunk(key, ..) if *key == leg) {
            return None;
        }
        match std::mem::take(self) {
            Self::Empty(_, head) | Self::Chunk(_, _, head) => Some(head),
            Self::Nothing => None,
        }
    }
}

impl Reads for Endpoint {
    type Data = OnLink;

    fn links(&mut self) -> &mut Links<OnLink> {
        &mut self.links
    }

    fn on_frame(&mut self, link: LinkId, event: Frame) {
        match event {
            Frame::Head(head) => {
                let reading = self.on_head(link, head);
                if let Some(on_link) = self.links.get_mut(link) {
                    on_link.reading = reading;
                }
            }
            Frame::Body(slice) => {
                let Some(on_link) = self.links.get_mut(link) else { return };
                let Reading::Chunk(leg, ..) = on_link.reading else { return };
                let Some(entry) = self.legs.get_mut(leg) else { return };
                let taken = entry.data.inbox.body(slice, &mut on_link.budget);
                if let Err(refusal) = taken
                    && let Reading::Chunk(_, _, head) = std::mem::take(&mut on_link.reading)
                {
                    self.reply(link, &head, refusal.code);
                }
                self.deliver(leg);
            }
            Frame::End(end) => {
                let Some(on_link) = self.links.get_mut(link) else { return };
                match std::mem::take(&mut on_link.reading) {
                    Reading::Nothing => {}
                    Reading::Empty(leg, head) => self.end_empty(link, leg, &head),
                    Reading::Chunk(leg, id, head) => self.end_chunk(link, leg, &id, &head, &end),
                }
            }
        }
    }

    fn give_up(&mut self, link: LinkId) {
        if self.links.contains(link) {
            self.events.push_back(Event::Close { link });
            self.lose_link(link, Reason::LinkLost);
        }
    }

    fn answer(&mut self, link: LinkId, bytes: bytes::Bytes) {
        self.respond(link, Payload::from(bytes));
    }
}

impl Endpoint {
    /// Answers a request, as far as its sender wants to hear of it.
    pub(super) fn reply(&mut self, link: LinkId, head: &Head, status: StatusCode) {
        let wanted = match head.failure_report() {
            FailureReport::Yes => true,
            FailureReport::Partial => !status.is_success(),
            FailureReport::No => false,
        };
        if wanted && let Some(answer) = reply(head, status) {
            self.respond(link, Payload::from(answer));
        }
    }

    fn on_head(&mut self, link: LinkId, head: Head) -> Reading {
        let is_send = match head.method() {
            None => {
                self.on_answer(link, &head);
                return Reading::Nothing;
            }
            Some(Method::Report) => {
                self.on_report(link, &head);
                return Reading::Nothing;
            }
            Some(method) => method == Method::Send,
        };
        // A method that is not known deserves a 501 whatever it names, and only a SEND binds.
        let opened = match self.legs.find(link, &head) {
            _ if !is_send => Err(StatusCode::UNKNOWN_METHOD),
            opened => opened,
        };
        match opened.and_then(|opened| self.on_send(link, &head, opened)) {
            Ok((leg, None)) => Reading::Empty(leg, head),
            Ok((leg, Some(id))) => Reading::Chunk(leg, id, head),
            Err(status) => {
                self.reply(link, &head, status);
                Reading::Nothing
            }
        }
    }

    /// Which session a SEND is for, and which message of it has begun.
    fn on_send(
        &mut self,
        link: LinkId,
        head: &Head,
        opened: Opened,
    ) -> Result<(Key, Option<MessageId>), StatusCode> {
        let leg = opened.leg;
        if opened.binds {
            self.bind(leg, link);
        }
        self.heard(leg);
        check::request(head, &self.limits.rules).map_err(|refusal| refusal.code)?;
        if check::carries_nothing(head) {
            return Ok((leg, None));
        }
        let chunk = Chunk::of(head).map_err(|refusal| refusal.code)?;
        let entry = self.legs.get_mut(leg).ok_or(StatusCode::NO_SESSION)?;
        let on_link = self.links.get_mut(link).ok_or(StatusCode::NO_SESSION)?;
        let session = &mut entry.data;
        let media = head.get::<field::ContentType>().map_err(|_| StatusCode::BAD_REQUEST)?;
        // A chunk without content, as one that gives its message up may be, has no type to be judged.
        if media.is_some_and(|media| !session.options.accept.takes(&media)) {
            return Err(StatusCode::UNSUPPORTED_TYPE);
        }
        let mode = match session.options.hand {
            Hand::Slices => Mode::Slices,
            Hand::Whole | Hand::Ask => Mode::Whole,
        };
        let begun = session.inbox.begin(self.now, &chunk, mode, &mut on_link.budget);
        let mut ask = None;
        if matches!(begun, Ok(Begun::First)) {
            let labels = Labels::of(head);
            ask = (session.options.hand == Hand::Ask).then(|| labels.clone());
            session.labels.insert(chunk.id, labels);
        }
        self.deliver(leg);
        begun.map_err(|refusal| refusal.code)?;
        if let Some(labels) = ask {
            let (session, id, total) = (SessionId(leg), chunk.id, chunk.range.total);
            self.events.push_back(Event::Incoming { session, id, labels, total });
        }
        if self.timers.get(&Timer::Stale(leg)).is_none() {
            self.timers.set(Timer::Stale(leg), self.now + self.limits.stale_after);
        }
        Ok((leg, Some(chunk.id)))
    }

    /// A SEND without content is answered, and nothing is delivered; one that wants a report gets it.
    fn end_empty(&mut self, link: LinkId, leg: Key, head: &Head) {
        self.reply(link, head, StatusCode::OK);
        let Ok(Some(id)) = head.get::<field::MessageId>() else { return };
        if head.success_report() == SuccessReport::Yes
            && let Some(owed) = Owed::of(head, id, 0)
        {
            self.send_report(leg, &owed, StatusCode::OK, &(0..0));
        }
    }

    fn end_chunk(&mut self, link: LinkId, leg: Key, id: &MessageId, head: &Head, end: &End) {
        let Some(entry) = self.legs.get_mut(leg) else { return };
        let Some(on_link) = self.links.get_mut(link) else { return };
        let ended = entry.data.inbox.end(end, &mut on_link.budget);
        let status = ended.map_or_else(|refusal| refusal.code, |()| StatusCode::OK);
        self.reply(link, head, status);
        let whole = self.deliver(leg);
        if let Some(total) = whole.filter(|_| status.is_success() && end.flag != Flag::Abort)
            && let Some(owed) = Owed::of(head, *id, total)
        {
            self.arrived(leg, owed);
        }
    }

    /// All of a message has arrived.
    fn arrived(&mut self, leg: Key, owed: Owed) {
        let Some(entry) = self.legs.get(leg) else { return };
        match entry.data.options.reporting {
            Reporting::Application => self.owe(leg, owed),
            Reporting::Endpoint if owed.success == SuccessReport::Yes => {
                let all = 0..owed.total;
                self.send_report(leg, &owed, StatusCode::OK, &all);
            }
            Reporting::Endpoint => {}
        }
    }

    /// Tells the application what its inbox says; of a message that is whole now, says how large it is.
    fn deliver(&mut self, leg: Key) -> Option<u64> {
        let entry = self.legs.get_mut(leg)?;
        deliver_into(&mut self.events, SessionId(leg), &mut entry.data)
    }

    /// The same for a session that is gone already.
    pub(super) fn deliver_from(&mut self, session: SessionId, data: &mut Session) {
        deliver_into(&mut self.events, session, data);
    }

    /// Hands a message over in slices from here on, beginning with what has come of it.
    ///
    /// # Errors
    ///
    /// A session that is gone, or a message that is not under way.
    pub fn stream(
        &mut self,
        now: Instant,
        session: SessionId,
        id: &MessageId,
    ) -> Result<(), CommandError> {
        self.with_inbox(now, session, |inbox, budget| inbox.stream(id, budget))
    }

    /// Refuses the rest of a message: its sender gets `status` for whatever else comes of it. 413 says that it is too
    /// much, 415 that its content is not wanted.
    ///
    /// # Errors
    ///
    /// A session that is gone, or a message that is not under way.
    pub fn refuse(
        &mut self,
        now: Instant,
        session: SessionId,
        id: &MessageId,
        status: StatusCode,
    ) -> Result<(), CommandError> {
        self.with_inbox(now, session, |inbox, budget| {
            let open = inbox.received(id).is_some();
            inbox.reject(id, status, budget);
            open
        })?;
        // The chunk that is being read is answered now: the sooner its sender stops, the better.
        let Some(link) = self.link(session) else { return Ok(()) };
        if let Some(on_link) = self.links.get_mut(link)
            && matches!(&on_link.reading, Reading::Chunk(leg, reading, _) if *leg == session.0 && reading == id)
            && let Reading::Chunk(_, _, head) = std::mem::take(&mut on_link.reading)
        {
            self.reply(link, &head, status);
        }
        Ok(())
    }

    fn with_inbox(
        &mut self,
        now: Instant,
        session: SessionId,
        act: impl FnOnce(&mut crate::receive::Inbox, &mut crate::receive::Budget) -> bool,
    ) -> Result<(), CommandError> {
        self.handle_timeout(now);
        let entry = self.legs.get_mut(session.0).ok_or(CommandError::Unknown)?;
        let link = entry.link.ok_or(CommandError::NotOpen)?;
        let on_link = self.links.get_mut(link).ok_or(CommandError::NotOpen)?;
        let known = act(&mut entry.data.inbox, &mut on_link.budget);
        self.deliver(session.0);
        if known { Ok(()) } else { Err(CommandError::Unknown) }
    }

    /// Gives up what has stopped coming.
    pub(super) fn expire_incoming(&mut self, leg: Key) {
        let Some(entry) = self.legs.get_mut(leg) else { return };
        let Some(on_link) = entry.link.and_then(|link| self.links.get_mut(link)) else { return };
        // What came at the very moment is as old as it may be.
        let before = self.now - self.limits.stale_after + std::time::Duration::from_nanos(1);
        entry.data.inbox.expire(before, &mut on_link.budget);
        let oldest = entry.data.inbox.oldest();
        self.deliver(leg);
        if let Some(oldest) = oldest {
            self.timers.set(Timer::Stale(leg), oldest + self.limits.stale_after);
        }
    }

    /// Asks the room at the other end for a nickname (RFC 7701); an empty one gives it back. The answer is
    /// [`Event::Nickname`].
    ///
    /// # Errors
    ///
    /// A session that is gone or not bound, a name that cannot be written.
    pub fn nickname(
        &mut self,
        now: Instant,
        session: SessionId,
        name: &str,
    ) -> Result<(), CommandError> {
        self.handle_timeout(now);
        let entry = self.legs.get_mut(session.0).ok_or(CommandError::Unknown)?;
        let link = entry.link.filter(|_| !entry.data.draining).ok_or(CommandError::NotOpen)?;
        let (to, from) = (entry.ends.to(), entry.ends.local().as_str());
        let paths = crate::header::Path::parse(to)
            .and_then(|to| Ok((to, crate::header::Path::parse(from)?)));
        let Ok((to, from)) = paths else { return Err(CommandError::NotOpen) };
        let id = TransactionId::draw(self.ids.as_mut());
        let payload = crate::encode::Builder::request(&id, Method::Nickname, &to, &from)
            .text("Use-Nickname", &Nickname { text: name.into() }.to_text())
            .finish(Flag::Last)?;
        entry.pending.push(self.now, id, Asked::Nickname);
        self.respond(link, payload);
        self.watch(session.0);
        Ok(())
    }
}

fn deliver_into(
    events: &mut std::collections::VecDeque<Event>,
    session: SessionId,
    data: &mut Session,
) -> Option<u64> {
    let mut whole = None;
    while let Some(delivery) = data.inbox.poll() {
        events.push_back(match delivery {
            Delivery::Slice { id, at, bytes } => Event::Slice { session, id, at, bytes },
            Delivery::Whole { id, bytes } => {
                whole = Some(bytes.len() as u64);
                let labels = data.labels.remove(&id).unwrap_or_default();
                Event::Message { session, id, labels, body: bytes }
            }
            Delivery::Complete { id, total } => {
                whole = Some(total);
                let labels = data.labels.remove(&id).unwrap_or_default();
                Event::Complete { session, id, labels, total }
            }
            Delivery::GivenUp { id, received, refusal } => {
                data.labels.remove(&id);
                let refused = refusal.map(|refusal| refusal.code);
                Event::Incomplete { session, id, received, refused }
            }
        });
    }
    whole
}
