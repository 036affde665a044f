//! Commands about messages that go out, and writing them.

use bytes::Bytes;
use missiva_core::{Instant, LinkId, Machine};

use super::endpoint::{Asked, Endpoint};
use super::outgoing::Outgoing;
use super::{Account, Event, Outbound, Outcome, SentId, SessionId};
use crate::encode::Builder;
use crate::header::{
    ContentId, Disposition, FailureReport, MediaType, Path, SuccessReport, Text, Value,
};
use crate::send::{Envelope, Piece, SendError, Source};
use crate::slab::Key;
use crate::{Flag, MessageId, ParseError, StatusCode, field};

/// A command that has no effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CommandError {
    /// The session, or the message, is gone or never was.
    #[error("unknown, or finished")]
    Unknown,
    /// The session is not bound to a link, or is being closed.
    #[error("the session is not open")]
    NotOpen,
    /// As much waits as may.
    #[error("too much waits")]
    Full,
    /// A message of this name is under way.
    #[error("the Message-ID is in use")]
    Taken,
    /// More bytes than were wanted.
    #[error("more bytes than were wanted")]
    NotWanted,
    /// A value that its header field does not allow.
    #[error(transparent)]
    Invalid(#[from] ParseError),
}

impl From<SendError> for CommandError {
    fn from(error: SendError) -> Self {
        match error {
            SendError::Full => Self::Full,
            SendError::NotWanted => Self::NotWanted,
            SendError::Unknown => Self::Unknown,
        }
    }
}

impl Endpoint {
    /// Sends a message, all of it at hand or pulled as the link takes it ([`Event::Want`]).
    ///
    /// # Errors
    ///
    /// A session that is not bound to a link, a value that cannot be written, or too many messages.
    pub fn send(
        &mut self,
        now: Instant,
        session: SessionId,
        outbound: &Outbound,
        source: Source,
    ) -> Result<SentId, CommandError> {
        self.handle_timeout(now);
        let entry = self.legs.get(session.0).ok_or(CommandError::Unknown)?;
        let link = entry.link.filter(|_| !entry.data.draining).ok_or(CommandError::NotOpen)?;
        let id = match outbound.id {
            Some(id) => id,
            None => MessageId::draw(self.ids.as_mut()),
        };
        if entry.data.named.contains_key(&id) {
            return Err(CommandError::Taken);
        }
        if entry.data.outgoing.len() >= self.limits.max_outgoing
            && !self.forget_unreported(session.0)
        {
            return Err(CommandError::Full);
        }
        let entry = self.legs.get(session.0).ok_or(CommandError::Unknown)?;
        let envelope = envelope(entry.ends.to(), entry.ends.local().as_str(), &id, outbound)?;
        let on_link = self.links.get_mut(link).ok_or(CommandError::NotOpen)?;
        let sending = on_link.outbox.send(envelope, source)?;
        let key = self.outgoing.insert(Outgoing {
            session: session.0,
            link,
            id,
            sending: Some(sending),
            success: outbound.success,
            failure: outbound.failure,
            account: Account::default(),
            unanswered: 0,
            ended: None,
            failed: None,
            wanted: 0,
        });
        on_link.sending.insert(sending, key);
        if let Some(entry) = self.legs.get_mut(session.0) {
            entry.data.outgoing.insert(key);
            entry.data.named.insert(id, key);
        }
        self.ask_source(key);
        self.pump(link);
        Ok(SentId(key))
    }

    /// Feeds the bytes of a pulled message that come next.
    ///
    /// # Errors
    ///
    /// More bytes than were wanted, or a message that is finished.
    pub fn feed(
        &mut self,
        now: Instant,
        message: SentId,
        bytes: Bytes,
    ) -> Result<(), CommandError> {
        self.with_sending(now, message, |outbox, sending| outbox.feed(sending, bytes))?;
        self.ask_source(message.0);
        Ok(())
    }

    /// Says that a pulled message has no more bytes. One that promised more is given up.
    ///
    /// # Errors
    ///
    /// A message that is finished.
    pub fn finish(&mut self, now: Instant, message: SentId) -> Result<(), CommandError> {
        self.with_sending(now, message, |outbox, sending| outbox.finish(sending))
    }

    /// Gives a message up: its receiver is told with `#`.
    ///
    /// # Errors
    ///
    /// A message whose last byte was written.
    pub fn abort(&mut self, now: Instant, message: SentId) -> Result<(), CommandError> {
        self.with_sending(now, message, |outbox, sending| outbox.abort(sending))
    }

    fn with_sending(
        &mut self,
        now: Instant,
        message: SentId,
        act: impl FnOnce(&mut crate::send::Outbox, crate::send::SendId) -> Result<(), SendError>,
    ) -> Result<(), CommandError> {
        self.handle_timeout(now);
        let outgoing = self.outgoing.get(message.0).ok_or(CommandError::Unknown)?;
        let (link, sending) = (outgoing.link, outgoing.sending.ok_or(CommandError::Unknown)?);
        let on_link = self.links.get_mut(link).ok_or(CommandError::Unknown)?;
        act(&mut on_link.outbox, sending)?;
        self.note_vanished(message.0);
        self.pump(link);
        Ok(())
    }

    /// What has known of bytes of a message so far.
    #[must_use]
    pub fn account(&self, message: SentId) -> Option<&Account> {
        self.outgoing.get(message.0).map(|outgoing| &outgoing.account)
    }

    /// A message that had not begun vanishes from its outbox when it is given up.
    fn note_vanished(&mut self, key: Key) {
        let Some(outgoing) = self.outgoing.get_mut(key) else { return };
        let Some(sending) = outgoing.sending else { return };
        if self.links.get(outgoing.link).is_some_and(|on_link| !on_link.outbox.has(sending)) {
            if let Some(on_link) = self.links.get_mut(outgoing.link) {
                on_link.sending.remove(&sending);
            }
            outgoing.sending = None;
            outgoing.ended = Some(Flag::Abort);
            self.check_done(key);
        }
    }

    /// Stops a message of which an answer or a report said that it failed (413 and all others).
    pub(super) fn stop(&mut self, key: Key) {
        let Some(outgoing) = self.outgoing.get(key) else { return };
        let (link, sending) = (outgoing.link, outgoing.sending);
        if let Some(sending) = sending
            && let Some(on_link) = self.links.get_mut(link)
        {
            let _ = on_link.outbox.abort(sending);
            self.note_vanished(key);
            self.pump(link);
        }
        self.check_done(key);
    }

    /// Writes what the link takes.
    pub(super) fn pump(&mut self, link: LinkId) {
        while self.links.room(link) > 0 {
            let Some(on_link) = self.links.get_mut(link) else { return };
            if on_link.unanswered >= self.limits.max_unanswered && !on_link.outbox.has_controls() {
                return;
            }
            let Some(sent) = on_link.outbox.poll(self.ids.as_mut()) else { return };
            self.links.write(link, sent.payload);
            if let Some(piece) = sent.piece {
                self.wrote(link, piece);
            }
        }
        let waits = self.links.get(link).is_some_and(|on_link| !on_link.outbox.is_idle());
        if waits && !self.links.is_blocked(link) {
            self.wake_soon(link);
        }
    }

    /// A piece of a chunk was written.
    fn wrote(&mut self, link: LinkId, piece: Piece) {
        let Some(on_link) = self.links.get_mut(link) else { return };
        let Some(key) = on_link.sending.get(&piece.message).copied() else { return };
        let began = match on_link.open.take() {
            Some((open, began)) if open == piece.transaction => began,
            _ => self.now,
        };
        let Some(outgoing) = self.outgoing.get_mut(key) else { return };
        outgoing.account.written = piece.range.end;
        let leg = outgoing.session;
        if let Some(entry) = self.legs.get_mut(leg) {
            entry.data.last_asked = self.now;
        }
        let Some(flag) = piece.ended else {
            on_link.open = Some((piece.transaction, began));
            return self.ask_source(key);
        };
        let loud = outgoing.failure == FailureReport::Yes;
        let quiet = outgoing.failure == FailureReport::Partial;
        if let Some(entry) = self.legs.get_mut(leg)
            && (loud || quiet && entry.pending.len() < self.limits.max_unanswered)
        {
            outgoing.unanswered += 1;
            on_link.unanswered += usize::from(loud);
            let asked = Asked::Chunk { message: key, range: piece.range, began, loud };
            entry.pending.push(self.now, piece.transaction, asked);
            self.watch(leg);
        }
        if flag == Flag::More {
            return self.ask_source(key);
        }
        if let Some(on_link) = self.links.get_mut(link) {
            on_link.sending.remove(&piece.message);
        }
        if let Some(outgoing) = self.outgoing.get_mut(key) {
            outgoing.sending = None;
            outgoing.ended = Some(flag);
        }
        self.check_done(key);
    }

    /// Asks the source of a message for bytes, when it has fed what it was asked for or there is room for much more.
    fn ask_source(&mut self, key: Key) {
        let Some(outgoing) = self.outgoing.get_mut(key) else { return };
        let Some(sending) = outgoing.sending else { return };
        let Some(want) =
            self.links.get(outgoing.link).and_then(|on_link| on_link.outbox.want(sending))
        else {
            return;
        };
        let half = (self.limits.send.max_ahead / 2) as u64;
        let fed = want.range.start >= outgoing.wanted;
        if want.range.end > outgoing.wanted && (fed || want.range.end - outgoing.wanted >= half) {
            let range = want.range.start.max(outgoing.wanted)..want.range.end;
            outgoing.wanted = want.range.end;
            self.events.push_back(Event::Want { message: SentId(key), range });
        }
    }

    /// Finishes a message of which all is known.
    pub(super) fn check_done(&mut self, key: Key) {
        let Some(outgoing) = self.outgoing.get(key) else { return };
        if let Some(outcome) = outgoing.outcome() {
            return self.finish_message(key, outcome);
        }
        if outgoing.awaits_reports() {
            let leg = outgoing.session;
            if let Some(entry) = self.legs.get_mut(leg) {
                entry.data.awaiting.push_back(key);
            }
            self.check_drained(leg);
        }
    }

    pub(super) fn finish_message(&mut self, key: Key, outcome: Outcome) {
        let Some(outgoing) = self.outgoing.remove(key) else { return };
        let leg = outgoing.session;
        if let (Some(sending), Some(on_link)) =
            (outgoing.sending, self.links.get_mut(outgoing.link))
        {
            on_link.sending.remove(&sending);
            let _ = on_link.outbox.abort(sending);
        }
        if let Some(entry) = self.legs.get_mut(leg) {
            entry.data.outgoing.remove(&key);
            entry.data.named.remove(&outgoing.id);
        }
        let account = outgoing.into_account();
        self.events.push_back(Event::Finished { message: SentId(key), outcome, account });
        self.check_drained(leg);
    }

    /// Makes room by finishing the oldest message that waits for nothing but reports; says whether there was one.
    fn forget_unreported(&mut self, leg: Key) -> bool {
        while let Some(key) =
            self.legs.get_mut(leg).and_then(|entry| entry.data.awaiting.pop_front())
        {
            if self.outgoing.get(key).is_some() {
                self.finish_message(key, Outcome::Unreported);
                return true;
            }
        }
        false
    }

    /// A status that a chunk was answered with is what failed its message.
    pub(super) fn fail(&mut self, key: Key, status: StatusCode) {
        if let Some(outgoing) = self.outgoing.get_mut(key) {
            outgoing.failed.get_or_insert(status);
        }
        self.stop(key);
    }
}

/// The header lines of a message, checked.
fn envelope(
    to: &str,
    from: &str,
    id: &MessageId,
    outbound: &Outbound,
) -> Result<Envelope, ParseError> {
    use crate::error::Place;
    use crate::{HeaderName, Part};
    let read = |name, fault: missiva_core::Fault| fault.of(Part::Header(name), 0);
    let to = Path::parse(to).map_err(|fault| read(HeaderName::ToPath, fault))?;
    let from = Path::parse(from).map_err(|fault| read(HeaderName::FromPath, fault))?;
    let media = MediaType::parse(&outbound.media_type)
        .map_err(|fault| read(HeaderName::ContentType, fault))?;
    let disposition = outbound.disposition.as_deref().map(Disposition::parse).transpose();
    let disposition = disposition.map_err(|fault| read(HeaderName::ContentDisposition, fault))?;
    let description = outbound.description.as_deref().map(Text::parse).transpose();
    let description = description.map_err(|fault| read(HeaderName::ContentDescription, fault))?;
    Envelope::new(&to, &from, id, &media, |mut lines: Builder| {
        if outbound.success == SuccessReport::Yes {
            lines = lines.header::<field::SuccessReport>(&outbound.success);
        }
        if outbound.failure != FailureReport::Yes {
            lines = lines.header::<field::FailureReport>(&outbound.failure);
        }
        if let Some(disposition) = &disposition {
            lines = lines.header::<field::ContentDisposition>(disposition);
        }
        if let Some(description) = &description {
            lines = lines.header::<field::ContentDescription>(description);
        }
        if let Some(id) = outbound.content_id.as_deref() {
            lines = lines.header::<field::ContentId>(&ContentId(id));
        }
        lines
    })
}
