//! Reports on messages that came in.

use std::ops::Range;

use bytes::BytesMut;
use missiva_core::{ByteStr, Instant, Machine, Payload};

use super::SessionId;
use super::endpoint::Endpoint;
use super::sending::CommandError;
use crate::encode::end_line;
use crate::grammar::put;
use crate::header::{ByteRange, Status, SuccessReport, Value};
use crate::slab::Key;
use crate::{Flag, Head, MessageId, StatusCode, TransactionId};

/// A report that the application owes.
#[derive(Clone, Debug)]
pub(super) struct Owed {
    pub(super) id: MessageId,
    /// The way that the message came, which the report goes back.
    pub(super) to: ByteStr,
    pub(super) total: u64,
    pub(super) success: SuccessReport,
}

impl Owed {
    /// What a chunk says of reports on its message.
    pub(super) fn of(head: &Head, id: MessageId, total: u64) -> Option<Self> {
        let to = ByteStr::from(head.from_path().ok()?.as_str());
        Some(Self { id, to, total, success: head.success_report() })
    }
}

impl Endpoint {
    /// Reports what became of a message that came in, as far as its sender wants to hear of it: with
    /// [`Reporting::Application`](super::Reporting::Application) it is the application that says that a message has
    /// arrived, of all of its bytes or of `range`, as often as it likes; that it failed after all can be said of any
    /// message that is remembered.
    ///
    /// # Errors
    ///
    /// A session that is gone, or a message that is not remembered.
    pub fn report(
        &mut self,
        now: Instant,
        session: SessionId,
        id: &MessageId,
        status: StatusCode,
        range: Option<Range<u64>>,
    ) -> Result<(), CommandError> {
        self.handle_timeout(now);
        let entry = self.legs.get_mut(session.0).ok_or(CommandError::Unknown)?;
        let at = entry.data.owed.iter().position(|owed| owed.id == *id);
        let owed = at.and_then(|at| entry.data.owed.get(at)).ok_or(CommandError::Unknown)?.clone();
        let range = range.unwrap_or(0..owed.total);
        let final_word = range == (0..owed.total);
        if final_word && let Some(at) = at {
            entry.data.owed.remove(at);
        }
        if !status.is_success() || owed.success == SuccessReport::Yes {
            self.send_report(session.0, &owed, status, &range);
        }
        Ok(())
    }

    /// Keeps what is needed to report on a message, and forgets the oldest when too many are kept.
    pub(super) fn owe(&mut self, leg: Key, owed: Owed) {
        let max = self.limits.max_owed;
        let Some(entry) = self.legs.get_mut(leg) else { return };
        entry.data.owed.push_back(owed);
        while entry.data.owed.len() > max {
            entry.data.owed.pop_front();
        }
    }

    /// RFC 4975 section 7.1.2: a REPORT goes back the way that the message came, says of which bytes it speaks, and is
    /// never answered.
    pub(super) fn send_report(
        &mut self,
        leg: Key,
        owed: &Owed,
        status: StatusCode,
        range: &Range<u64>,
    ) {
        let Some(entry) = self.legs.get(leg) else { return };
        let Some(link) = entry.link else { return };
        let id = TransactionId::draw(self.ids.as_mut());
        let mut out = BytesMut::with_capacity(320);
        for part in ["MSRP ", id.as_str(), " REPORT\r\nTo-Path: ", &owed.to, "\r\nFrom-Path: "] {
            put(part, &mut out);
        }
        put(entry.ends.local().as_str(), &mut out);
        put("\r\nMessage-ID: ", &mut out);
        put(owed.id.as_str(), &mut out);
        put("\r\nByte-Range: ", &mut out);
        let spoken =
            ByteRange { start: range.start + 1, end: Some(range.end), total: Some(owed.total) };
        spoken.encode(&mut out);
        put("\r\nStatus: ", &mut out);
        Status::of(status).encode(&mut out);
        put("\r\n", &mut out);
        out.extend_from_slice(&end_line(&id, Flag::Last, false));
        self.respond(link, Payload::from(out.freeze()));
    }
}
