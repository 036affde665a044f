//! What comes from one side.

use std::collections::BTreeSet;

use bytes::BytesMut;
use missiva_core::LinkId;

use super::Reason;
use super::machine::{OnLink, Splice, Timer, What};
use crate::encode::{draw_absent_from, end_line};
use crate::frame::{End, Event as Frame};
use crate::header::FailureReport;
use crate::leg::Opened;
use crate::link::{Links, Reads, reply};
use crate::slab::Key;
use crate::through::{self, Fields, Keep, Passing, Piece, Queued, put_request};
use crate::{Flag, Head, MessageId, Method, StatusCode, TransactionId, check, field};

/// What is being read from a link.
#[derive(Debug, Default)]
#[allow(clippy::large_enum_variant, reason = "there is one of them for each link")]
pub(super) enum Inbound {
    /// Nothing, or something that is passed over.
    #[default]
    Nothing,
    /// A SEND without content, which is answered here when it ends.
    Local(Head),
    /// A chunk that goes on.
    Chunk(Chunk),
}

/// A chunk that goes on.
#[derive(Debug)]
pub(super) struct Chunk {
    leg: Key,
    fields: Fields,
    passing: Passing,
    what: What,
}

/// A chunk whose sender waits for an answer.
#[derive(Debug)]
pub(super) struct Origin {
    pub(super) leg: Key,
    pub(super) link: LinkId,
    pub(super) head: Head,
    /// Whether a 200 is wanted.
    pub(super) wants_success: bool,
    /// Whether all of it has come.
    pub(super) ended: bool,
    /// Pieces that are not answered.
    pub(super) pieces: usize,
}

impl Reads for Splice {
    type Data = OnLink;

    fn links(&mut self) -> &mut Links<OnLink> {
        &mut self.links
    }

    fn on_frame(&mut self, link: LinkId, event: Frame) {
        match event {
            Frame::Head(head) => {
                let inbound = self.on_head(link, head);
                if let Some(on_link) = self.links.get_mut(link) {
                    on_link.inbound = inbound;
                }
            }
            Frame::Body(slice) => {
                let Some(on_link) = self.links.get_mut(link) else { return };
                let Inbound::Chunk(chunk) = &mut on_link.inbound else { return };
                if let Some(piece) = chunk.passing.body(slice) {
                    let (leg, fields, what) = (chunk.leg, chunk.fields.clone(), chunk.what);
                    let message = chunk.passing.id;
                    self.pass(leg, message, &fields, what, piece);
                }
            }
            Frame::End(end) => {
                let Some(on_link) = self.links.get_mut(link) else { return };
                match std::mem::take(&mut on_link.inbound) {
                    Inbound::Nothing => {}
                    Inbound::Local(head) => {
                        if head.failure_report() == FailureReport::Yes
                            && let Some(answer) = reply(&head, StatusCode::OK)
                        {
                            self.answer(link, answer);
                        }
                    }
                    Inbound::Chunk(chunk) => self.on_end(chunk, &end),
                }
            }
        }
    }

    fn give_up(&mut self, link: LinkId) {
        if self.links.contains(link) {
            self.events.push_back(super::Event::Close { link });
            self.lose_link(link, Reason::LinkLost);
        }
    }
}

impl Splice {
    fn on_head(&mut self, link: LinkId, head: Head) -> Inbound {
        let method = match head.method() {
            None => {
                self.on_answer(link, &head);
                return Inbound::Nothing;
            }
            Some(Method::Report) => {
                self.on_report(link, &head);
                return Inbound::Nothing;
            }
            Some(Method::Send) => Ok(()),
            Some(_) => Err(StatusCode::UNKNOWN_METHOD),
        };
        let opened = self.legs.find(link, &head).and_then(|opened| method.map(|()| opened));
        match opened.and_then(|opened| self.on_send(link, &head, opened)) {
            Ok(inbound) => inbound,
            Err(status) => {
                self.refuse(link, &head, status);
                Inbound::Nothing
            }
        }
    }

    fn refuse(&mut self, link: LinkId, head: &Head, status: StatusCode) {
        if head.failure_report() != FailureReport::No
            && let Some(answer) = reply(head, status)
        {
            self.answer(link, answer);
        }
    }

    fn on_send(
        &mut self,
        link: LinkId,
        head: &Head,
        opened: Opened,
    ) -> Result<Inbound, StatusCode> {
        let Opened { leg, binds } = opened;
        if binds {
            self.bind(leg, link);
        }
        let across = self.across(leg).ok_or(StatusCode::NO_SESSION)?;
        if check::carries_nothing(head) {
            return Ok(Inbound::Local(head.clone()));
        }
        let passing = Passing::of(head).map_err(|refusal| refusal.code)?;
        let wants = head.failure_report();
        let max = self.limits.max_unanswered;
        let entry = self.legs.get_mut(leg).ok_or(StatusCode::NO_SESSION)?;
        let what = if wants == FailureReport::No {
            What::Nothing
        } else if entry.data.unanswered.len() >= max {
            return Err(StatusCode::TOO_LARGE);
        } else {
            let origin = self.origins.insert(Origin {
                leg,
                link,
                head: head.clone(),
                wants_success: wants == FailureReport::Yes,
                ended: false,
                pieces: 0,
            });
            entry.data.unanswered.insert(origin);
            What::Piece(origin)
        };
        let fields = Fields::of(head, Keep::All);
        Ok(Inbound::Chunk(Chunk { leg: across, fields, passing, what }))
    }

    /// The leg on the other side.
    pub(super) fn across(&self, leg: Key) -> Option<Key> {
        let entry = self.legs.get(leg)?;
        self.pairs.get(entry.data.pair)?.leg(entry.data.side.other())
    }

    /// Writes a piece to a leg, or lets it wait there.
    fn pass(&mut self, leg: Key, message: MessageId, fields: &Fields, what: What, piece: Piece) {
        let Some(entry) = self.legs.get(leg) else {
            return self.answered(what, StatusCode::NO_SESSION);
        };
        let id = draw_absent_from(self.ids.as_mut(), &piece.body);
        let (range, flag, len) = (piece.range, piece.flag, piece.body.len());
        let (pair, side) = (entry.data.pair, entry.data.side);
        let payload = through::piece(&id, &entry.lines, fields, piece);
        if let What::Piece(origin) = what
            && let Some(origin) = self.origins.get_mut(origin)
        {
            origin.pieces = origin.pieces.saturating_add(1);
        }
        self.count(pair, side, len);
        self.enqueue(leg, Queued { id, message, flag, payload, what }, fields, &range);
    }

    fn on_end(&mut self, chunk: Chunk, end: &End) {
        let Chunk { leg, fields, passing, what } = chunk;
        let message = passing.id;
        let (mut piece, sound) = passing.end(end);
        if !sound {
            // The receiver would find the same fault: it is told that no more comes.
            piece.flag = Flag::Abort;
        }
        self.pass(leg, message, &fields, what, piece);
        let What::Piece(key) = what else { return };
        if let Some(origin) = self.origins.get_mut(key) {
            origin.ended = true;
            self.timers.set(Timer::Origin(key), self.now + self.limits.answer_within);
            if !sound {
                self.settle(key, StatusCode::BAD_REQUEST);
            } else if self.origins.get(key).is_some_and(|origin| origin.pieces == 0) {
                self.settle(key, StatusCode::OK);
            }
        }
    }

    /// A response: the answer to a piece is one to its chunk.
    fn on_answer(&mut self, link: LinkId, head: &Head) {
        let Some(status) = head.status() else { return };
        let Some((leg, what)) = self.legs.answered(link, head) else { return };
        match status {
            StatusCode::NO_SESSION => return self.lose(leg, Reason::NoSession),
            StatusCode::WRONG_CONNECTION => return self.lose(leg, Reason::WrongConnection),
            _ => {}
        }
        self.answered(what, status);
        self.pump_leg(leg);
    }

    /// A piece was answered, or nobody waits for its answer any more.
    pub(super) fn answered(&mut self, what: What, status: StatusCode) {
        let What::Piece(key) = what else { return };
        let Some(origin) = self.origins.get_mut(key) else { return };
        origin.pieces = origin.pieces.saturating_sub(1);
        if !status.is_success() {
            self.settle(key, status);
        } else if origin.ended && origin.pieces == 0 {
            self.settle(key, StatusCode::OK);
        }
    }

    /// A chunk gets its answer, once.
    pub(super) fn settle(&mut self, key: Key, status: StatusCode) {
        self.timers.cancel(&Timer::Origin(key));
        let Some(origin) = self.origins.remove(key) else { return };
        if let Some(leg) = self.legs.get_mut(origin.leg) {
            leg.data.unanswered.remove(&key);
        }
        let wanted = origin.wants_success || !status.is_success();
        if wanted && let Some(answer) = reply(&origin.head, status) {
            self.answer(origin.link, answer);
        }
    }

    /// A report goes across with new paths; what it says of bytes holds on the other side as well.
    fn on_report(&mut self, link: LinkId, head: &Head) {
        let Ok(Opened { leg, binds: false }) = self.legs.find(link, head) else { return };
        let Some(entry) = self.across(leg).and_then(|leg| self.legs.get(leg)) else { return };
        let (Some(to), Ok(range)) = (entry.link, head.get::<field::ByteRange>()) else { return };
        let id = TransactionId::draw(self.ids.as_mut());
        let mut out = BytesMut::with_capacity(head.bytes().len() + 128);
        let fields = Fields::of(head, Keep::All).without_body();
        put_request(&id, "REPORT", &entry.lines, range.as_ref(), &fields, &mut out);
        out.extend_from_slice(&end_line(&id, Flag::Last, false));
        self.answer(to, out.freeze());
    }

    /// All that waits for an answer on this leg gets this one.
    pub(super) fn settle_all(&mut self, unanswered: &BTreeSet<Key>, status: StatusCode) {
        for origin in unanswered {
            self.settle(*origin, status);
        }
    }
}
