//! What a member sends.

use std::collections::VecDeque;

use bytes::Bytes;
use missiva_core::LinkId;

use super::machine::{OnLink, Switch, Timer, What, Wish};
use super::{Event, MemberId, NicknameId, PassageId, Reason};
use crate::frame::{End, Event as Frame};
use crate::header::FailureReport;
use crate::leg::Opened;
use crate::link::{Links, Reads, reply};
use crate::session::Labels;
use crate::slab::Key;
use crate::through::{Fields, Keep, Passing, Piece};
use crate::{Flag, Head, MessageId, Method, StatusCode, check, field};

/// What is being read from a link.
#[derive(Debug, Default)]
#[allow(clippy::large_enum_variant, reason = "there is one of them for each link")]
pub(super) enum Reading {
    /// Nothing, or something that is passed over.
    #[default]
    Nothing,
    /// A SEND without content.
    Local(Head),
    /// A chunk of this message.
    Chunk(Key, Passing, Head),
}

/// A message on its way through.
#[derive(Debug)]
pub(super) struct Passage {
    pub(super) from: Key,
    /// Its name at its sender.
    pub(super) id: MessageId,
    /// Its name at all others.
    pub(super) name: MessageId,
    pub(super) fields: Fields,
    pub(super) labels: Option<Labels>,
    pub(super) total: Option<u64>,
    pub(super) state: State,
    /// Chunks that have ended and wait to be answered.
    pub(super) unanswered: Vec<(LinkId, Head)>,
    /// Where the next piece begins, should the message be given up.
    pub(super) next: u64,
    pub(super) bytes: u64,
}

#[derive(Debug)]
pub(super) enum State {
    /// Pieces wait to be routed.
    Undecided { waiting: VecDeque<Piece>, bytes: usize, told: bool },
    /// Pieces go to these members.
    Routed(Vec<Key>),
    /// Nobody gets it.
    Refused(StatusCode),
}

impl Passage {
    pub(super) const fn is_undecided(&self) -> bool {
        matches!(self.state, State::Undecided { .. })
    }
}

/// Chunks of one message whose answers may wait until it is routed.
const MAX_UNANSWERED: usize = 128;

impl Reads for Switch {
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
                let Reading::Chunk(passage, passing, _) = &mut on_link.reading else { return };
                let passage = *passage;
                if let Some(piece) = passing.body(slice) {
                    self.on_piece(passage, piece);
                }
            }
            Frame::End(end) => {
                let Some(on_link) = self.links.get_mut(link) else { return };
                match std::mem::take(&mut on_link.reading) {
                    Reading::Nothing => {}
                    Reading::Local(head) => self.reply(link, &head, StatusCode::OK),
                    Reading::Chunk(passage, passing, head) => {
                        self.on_end(link, passage, passing, head, &end);
                    }
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
}

impl Switch {
    /// Answers a request, as far as its sender wants to hear of it.
    pub(super) fn reply(&mut self, link: LinkId, head: &Head, status: StatusCode) {
        let wanted = match head.failure_report() {
            FailureReport::Yes => true,
            FailureReport::Partial => !status.is_success(),
            FailureReport::No => false,
        };
        if wanted && let Some(answer) = reply(head, status) {
            self.answer(link, answer);
        }
    }

    fn on_head(&mut self, link: LinkId, head: Head) -> Reading {
        let result = match head.method() {
            None => {
                self.on_answer(link, &head);
                Ok(Reading::Nothing)
            }
            // What becomes of a message with each member is nobody else's business.
            Some(Method::Report) => Ok(Reading::Nothing),
            Some(Method::Send) => self.on_send(link, &head),
            Some(Method::Nickname) => self.on_nickname(link, &head),
            Some(_) => Err(StatusCode::UNKNOWN_METHOD),
        };
        result.unwrap_or_else(|status| {
            self.reply(link, &head, status);
            Reading::Nothing
        })
    }

    fn on_send(&mut self, link: LinkId, head: &Head) -> Result<Reading, StatusCode> {
        let Opened { leg, binds } = self.legs.find(link, head)?;
        if binds {
            self.bind(leg, link);
        }
        self.heard(leg);
        check::request(head, &check::Rules::default()).map_err(|refusal| refusal.code)?;
        if check::carries_nothing(head) {
            return Ok(Reading::Local(head.clone()));
        }
        let passing = Passing::of(head).map_err(|refusal| refusal.code)?;
        let passage = self.passage_of(leg, head, passing.id)?;
        Ok(Reading::Chunk(passage, passing, head.clone()))
    }

    /// The message that a chunk belongs to, which may begin with it.
    fn passage_of(&mut self, leg: Key, head: &Head, id: MessageId) -> Result<Key, StatusCode> {
        let entry = self.legs.get_mut(leg).ok_or(StatusCode::NO_SESSION)?;
        if let Some(known) = entry.data.passages.get(&id) {
            let known = *known;
            self.timers.set(Timer::Stale(known), self.now + self.limits.stale_after);
            return match self.passages.get(known).map(|passage| &passage.state) {
                Some(State::Refused(status)) => Err(*status),
                _ => Ok(known),
            };
        }
        if entry.data.passages.len() >= self.limits.max_passages {
            return Err(StatusCode::TOO_LARGE);
        }
        let name = MessageId::draw(self.ids.as_mut());
        let wish = match self.limits.failure {
            FailureReport::Yes => "",
            FailureReport::No => "Failure-Report: no\r\n",
            FailureReport::Partial => "Failure-Report: partial\r\n",
        };
        let range = head.get::<field::ByteRange>().ok().flatten();
        let passage = self.passages.insert(Passage {
            from: leg,
            id,
            name,
            fields: Fields::of(head, Keep::Content).named(&name, wish),
            labels: Some(Labels::of(head)),
            total: range.and_then(|range| range.total),
            state: State::Undecided { waiting: VecDeque::new(), bytes: 0, told: false },
            unanswered: Vec::new(),
            next: 1,
            bytes: 0,
        });
        entry.data.passages.insert(id, passage);
        self.timers.set(Timer::Stale(passage), self.now + self.limits.stale_after);
        Ok(passage)
    }

    /// A piece goes to those who get it, or waits until somebody says who that is.
    pub(super) fn on_piece(&mut self, key: Key, piece: Piece) {
        let Some(passage) = self.passages.get_mut(key) else { return };
        match &mut passage.state {
            State::Refused(_) => {}
            State::Routed(_) => self.fan_out(key, piece),
            State::Undecided { waiting, bytes, told } => {
                *bytes = bytes.saturating_add(piece.body.len());
                if *bytes > self.limits.max_undecided {
                    return self.refuse(key, StatusCode::TOO_LARGE);
                }
                let start: Bytes = piece.body.clone();
                waiting.push_back(piece);
                if !std::mem::replace(told, true) {
                    let event = Event::Arriving {
                        passage: PassageId(key),
                        from: MemberId(passage.from),
                        labels: passage.labels.take().unwrap_or_default(),
                        total: passage.total,
                        start,
                    };
                    self.events.push_back(event);
                    self.timers.set(Timer::Route(key), self.now + self.limits.decide_within);
                }
            }
        }
    }

    fn on_end(&mut self, link: LinkId, key: Key, passing: Passing, head: Head, end: &End) {
        let (mut piece, sound) = passing.end(end);
        if !sound {
            // Those who had some of it are told that no more comes.
            piece.flag = Flag::Abort;
        }
        let flag = piece.flag;
        self.on_piece(key, piece);
        let Some(passage) = self.passages.get_mut(key) else {
            return self.reply(link, &head, StatusCode::NO_SESSION);
        };
        match passage.state {
            _ if !sound => self.reply(link, &head, StatusCode::BAD_REQUEST),
            State::Refused(status) => self.reply(link, &head, status),
            State::Undecided { .. } if passage.unanswered.len() >= MAX_UNANSWERED => {
                self.reply(link, &head, StatusCode::TOO_LARGE);
                self.refuse(key, StatusCode::TOO_LARGE);
            }
            State::Undecided { .. } => {
                passage.unanswered.push((link, head));
                return;
            }
            State::Routed(_) => {
                self.reply(link, &head, StatusCode::OK);
                if flag == Flag::Last {
                    self.report(link, key, &head);
                }
            }
        }
        if flag != Flag::More {
            self.end_passage(key, flag == Flag::Last);
        }
    }

    /// A response: one that is no success costs the member its message, or its membership.
    fn on_answer(&mut self, link: LinkId, head: &Head) {
        let Some(status) = head.status() else { return };
        let Some((leg, what)) = self.legs.answered(link, head) else { return };
        match (status, what) {
            (StatusCode::NO_SESSION | StatusCode::WRONG_CONNECTION, _) => {
                return self.remove(leg, Reason::Refused);
            }
            (status, What::Piece(message)) if !status.is_success() => {
                self.skip(leg, message, status);
            }
            _ => self.heard(leg),
        }
        self.pump_leg(leg);
    }

    /// A wish for a nickname waits for the application. A member has one wish at a time; the newer one counts.
    fn on_nickname(&mut self, link: LinkId, head: &Head) -> Result<Reading, StatusCode> {
        let Opened { leg, binds } = self.legs.find(link, head)?;
        if binds {
            return Err(StatusCode::NO_SESSION);
        }
        check::request(head, &check::Rules::default()).map_err(|refusal| refusal.code)?;
        let name = head.only::<field::UseNickname>().map_err(|_| StatusCode::BAD_NICKNAME)?;
        if let Some(before) = self.legs.get(leg).and_then(|entry| entry.data.wish) {
            self.settle_nickname(before, StatusCode::FORBIDDEN);
        }
        let name = name.text.into_owned();
        let request = self.nicknames.insert(Wish { link, member: leg, head: head.clone() });
        if let Some(entry) = self.legs.get_mut(leg) {
            entry.data.wish = Some(request);
        }
        self.timers.set(Timer::Nickname(request), self.now + self.limits.decide_within);
        let (request, member) = (NicknameId(request), MemberId(leg));
        self.events.push_back(Event::Nickname { request, member, name });
        Ok(Reading::Nothing)
    }
}
