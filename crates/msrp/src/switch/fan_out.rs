//! One piece to many members.

use bytes::BytesMut;
use missiva_core::{LinkId, Payload};

use super::inbound::State;
use super::machine::{Switch, Timer, What};
use super::{Event, MemberId, PassageId, Route};
use crate::encode::{draw_absent_from, end_line};
use crate::header::{ByteRange, FailureReport, Status, SuccessReport, Value};
use crate::link::Reads;
use crate::slab::Key;
use crate::through::{self, Piece, Pushed, Queued, put_request};
use crate::{Flag, Head, MessageId, StatusCode, TransactionId};

/// Heads that are written into one buffer. More would save allocations, and keep more alive for one slow member.
const HEADS: usize = 16;

impl Switch {
    /// Somebody has said who gets a message: what waits goes out, and the sender is answered.
    pub(super) fn decide(&mut self, key: Key, route: Route) {
        self.timers.cancel(&Timer::Route(key));
        let Some(passage) = self.passages.get(key).filter(|passage| passage.is_undecided()) else {
            return;
        };
        let from = passage.from;
        let room = self.legs.get(from).map(|entry| entry.data.room);
        let members = room.and_then(|room| self.rooms.get(room));
        let targets = match (route, members) {
            (Route::Refuse(status), _) => return self.refuse(key, status),
            (_, None) => return self.refuse(key, StatusCode::NO_SESSION),
            (Route::Everyone, Some(members)) => {
                members.iter().copied().filter(|member| *member != from).collect()
            }
            (Route::Members(named), Some(members)) => {
                let named = named.into_iter().map(|member| member.0);
                named.filter(|member| members.contains(member)).collect()
            }
        };
        let Some(passage) = self.passages.get_mut(key) else { return };
        let before = std::mem::replace(&mut passage.state, State::Routed(targets));
        let unanswered = std::mem::take(&mut passage.unanswered);
        let State::Undecided { waiting, .. } = before else { return };
        let last = waiting.back().map(|piece| piece.flag).filter(|flag| *flag != Flag::More);
        for piece in waiting {
            self.fan_out(key, piece);
        }
        let final_chunk = unanswered.last().map(|(link, head)| (*link, head.clone()));
        for (link, head) in unanswered {
            self.reply(link, &head, StatusCode::OK);
        }
        if let Some(flag) = last {
            if let Some((link, head)) = final_chunk.filter(|_| flag == Flag::Last) {
                self.report(link, key, &head);
            }
            self.end_passage(key, flag == Flag::Last);
        }
    }

    /// Nobody gets a message, or nobody more of it.
    pub(super) fn refuse(&mut self, key: Key, status: StatusCode) {
        self.timers.cancel(&Timer::Route(key));
        let Some(passage) = self.passages.get_mut(key) else { return };
        let before = std::mem::replace(&mut passage.state, State::Refused(status));
        for (link, head) in std::mem::take(&mut passage.unanswered) {
            self.reply(link, &head, status);
        }
        if let State::Undecided { waiting, .. } = before
            && waiting.back().is_some_and(|piece| piece.flag != Flag::More)
        {
            self.end_passage(key, false);
        }
    }

    /// Gives a piece to every member that gets the message. Their number costs each of them a head, and the body nothing.
    pub(super) fn fan_out(&mut self, key: Key, piece: Piece) {
        let Some(passage) = self.passages.get_mut(key) else { return };
        let State::Routed(targets) = &mut passage.state else { return };
        let targets = std::mem::take(targets);
        passage.bytes = passage.bytes.saturating_add(piece.body.len() as u64);
        passage.next = piece.range.start.saturating_add(piece.body.len() as u64);
        let (name, fields) = (passage.name, passage.fields.clone());
        let id = draw_absent_from(self.ids.as_mut(), &piece.body);
        let tail = end_line(&id, piece.flag, fields.has_body());
        let what = match self.limits.failure {
            FailureReport::No => What::Nothing,
            FailureReport::Yes | FailureReport::Partial => What::Piece(name),
        };
        let mut heads = BytesMut::new();
        for (at, leg) in targets.iter().enumerate() {
            let Some(entry) = self.legs.get_mut(*leg) else { continue };
            if at % HEADS == 0 {
                heads = BytesMut::with_capacity((fields.len() + entry.lines.len() + 128) * HEADS);
            }
            put_request(&id, "SEND", &entry.lines, Some(&piece.range), &fields, &mut heads);
            let payload = Payload {
                head: heads.split().freeze(),
                body: piece.body.clone(),
                tail: tail.clone(),
            };
            let queued = Queued { id, message: name, flag: piece.flag, payload, what };
            if let Pushed::Lost { begun } = entry.data.outlet.push(queued, |_| ()) {
                self.events.push_back(Event::Skipped { member: MemberId(*leg), status: None });
                if begun {
                    self.abort(*leg, key, name, &piece.range);
                }
            }
            self.pump_leg(*leg);
        }
        if let Some(passage) = self.passages.get_mut(key)
            && let State::Routed(place) = &mut passage.state
        {
            *place = targets;
        }
    }

    /// Tells a member that no more comes of a message.
    fn abort(&mut self, leg: Key, passage: Key, message: MessageId, range: &ByteRange) {
        let Some(passage) = self.passages.get(passage) else { return };
        let Some(entry) = self.legs.get_mut(leg) else { return };
        let id = TransactionId::draw(self.ids.as_mut());
        let payload = through::abort(&id, &entry.lines, &passage.fields, range);
        let (flag, what) = (Flag::Abort, What::Nothing);
        entry.data.outlet.push_always(Queued { id, message, flag, payload, what });
    }

    /// A member has refused a message, or did not answer: it gets no more of it.
    pub(super) fn skip(&mut self, leg: Key, message: MessageId, status: StatusCode) {
        // Where only failures are answered, silence is a success.
        if status == StatusCode::TIMEOUT && self.limits.failure == FailureReport::Partial {
            return;
        }
        let Some(entry) = self.legs.get_mut(leg) else { return };
        entry.data.outlet.lose(message, |_| ());
        self.events.push_back(Event::Skipped { member: MemberId(leg), status: Some(status) });
    }

    /// The sender wants to hear that all of it was handed on.
    pub(super) fn report(&mut self, link: LinkId, key: Key, head: &Head) {
        if head.success_report() != SuccessReport::Yes {
            return;
        }
        let (Ok(to), Ok(from), Some(passage)) =
            (head.from_path(), head.to_path(), self.passages.get(key))
        else {
            return;
        };
        let id = TransactionId::draw(self.ids.as_mut());
        let range = ByteRange { start: 1, end: Some(passage.bytes), total: Some(passage.bytes) };
        let mut out = BytesMut::new();
        let paths = format!("To-Path: {}\r\nFrom-Path: {}\r\n", to.as_str(), from.first());
        for part in
            ["MSRP ", id.as_str(), " REPORT\r\n", &paths, "Message-ID: ", passage.id.as_str()]
        {
            out.extend_from_slice(part.as_bytes());
        }
        out.extend_from_slice(b"\r\nByte-Range: ");
        range.encode(&mut out);
        out.extend_from_slice(b"\r\nStatus: ");
        Status::of(StatusCode::OK).encode(&mut out);
        out.extend_from_slice(b"\r\n");
        out.extend_from_slice(&end_line(&id, Flag::Last, false));
        self.answer(link, out.freeze());
    }

    /// A message is through, or was given up by its sender.
    pub(super) fn end_passage(&mut self, key: Key, complete: bool) {
        self.timers.cancel(&Timer::Route(key));
        self.timers.cancel(&Timer::Stale(key));
        let Some(passage) = self.passages.remove(key) else { return };
        if let Some(entry) = self.legs.get_mut(passage.from) {
            entry.data.passages.remove(&passage.id);
        }
        let complete = complete && matches!(passage.state, State::Routed(_));
        if passage.labels.is_none() {
            let (passage, bytes) = (PassageId(key), passage.bytes);
            self.events.push_back(Event::Passed { passage, bytes, complete });
        }
    }

    /// The sender of a message is gone, or has stopped sending it: those who had some of it are told.
    pub(super) fn give_up_passage(&mut self, key: Key) {
        let Some(passage) = self.passages.get_mut(key) else { return };
        if passage.bytes > 0 && matches!(passage.state, State::Routed(_)) {
            let start = passage.next;
            let range = ByteRange { start, end: start.checked_sub(1), total: passage.total };
            self.fan_out(key, Piece { range, body: bytes::Bytes::new(), flag: Flag::Abort });
        }
        self.end_passage(key, false);
    }

    pub(super) fn expire_passage(&mut self, key: Key) {
        let status = StatusCode::TIMEOUT;
        let unanswered =
            self.passages.get_mut(key).map(|passage| std::mem::take(&mut passage.unanswered));
        for (link, head) in unanswered.unwrap_or_default() {
            self.reply(link, &head, status);
        }
        self.give_up_passage(key);
    }
}
