//! One message on its way out.

use bytes::{Bytes, BytesMut};
use missiva_core::{IdSource, Payload};

use super::{Envelope, Framing, Pace, Supply};
use crate::encode::{absent_from, draw_absent_from, end_line, put_end_line};
use crate::header::ByteRange;
use crate::{Flag, TransactionId};

/// What is left of it, and the chunk of it that is open.
#[derive(Debug)]
pub(super) struct Outgoing {
    pub(super) envelope: Envelope,
    pub(super) supply: Supply,
    pub(super) open: Option<Open>,
    pub(super) aborted: bool,
    /// Whether any chunk of it went out.
    pub(super) begun: bool,
    /// Whether it stands in the ring.
    pub(super) queued: bool,
}

/// A chunk whose end-line has not been written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Open {
    pub(super) id: TransactionId,
    /// First byte, counted from zero.
    pub(super) start: u64,
    /// The last bytes that were written: the end-line must not begin in them either.
    tail: [u8; SEAM],
    tail_len: usize,
}

/// One byte less than seven hyphens and the longest id.
const SEAM: usize = 38;

/// How the next chunk is made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Turn {
    /// Bytes that it may have in its first piece.
    pub(super) piece: usize,
    /// Whether somebody else waits.
    pub(super) contended: bool,
    pub(super) framing: Framing,
}

impl Outgoing {
    pub(super) const fn new(envelope: Envelope, supply: Supply) -> Self {
        Self { envelope, supply, open: None, aborted: false, begun: false, queued: false }
    }

    /// Whether it has anything to say: bytes, or that there are no more.
    pub(super) fn is_ready(&self) -> bool {
        self.aborted || self.supply.has_bytes() || self.supply.is_done()
    }

    /// What an end-line would say now.
    fn flag(&self) -> Flag {
        if self.aborted {
            Flag::Abort
        } else if self.supply.is_done() {
            Flag::Last
        } else {
            Flag::More
        }
    }

    /// Begins a chunk with its first piece. Says with which flag it ended, if it did.
    pub(super) fn begin(
        &mut self,
        turn: Turn,
        ids: &mut dyn IdSource,
    ) -> (Payload, Open, Option<Flag>) {
        let start = self.supply.at;
        let body = if self.aborted { Bytes::new() } else { self.supply.take(turn.piece) };
        let end = self.supply.at;
        let id = match turn.framing {
            // The WebSocket says where the message ends, whatever stands in it.
            Framing::Messages => TransactionId::draw(ids),
            Framing::Stream | Framing::StreamOfStatedChunks => draw_absent_from(ids, &body),
        };
        let closes = turn.contended
            || turn.framing != Framing::Stream
            || self.aborted
            || self.supply.is_done();
        // What is written at once cannot be interrupted; beyond this size RFC 4975 wants it to look as if it could.
        let stated = closes && (body.len() <= Pace::SMALLEST || turn.framing != Framing::Stream);
        let range =
            ByteRange { start: start + 1, end: stated.then_some(end), total: self.supply.total };
        let mut out = BytesMut::new();
        self.envelope.write(&id, &range, &mut out);
        let head_len = out.len();
        let flag = closes.then(|| self.flag());
        if let Some(flag) = flag {
            put_end_line(&id, flag, true, &mut out);
        }
        let mut head = out.freeze();
        let tail = head.split_off(head_len);
        self.begun = true;
        let mut open = Open { id, start, tail: [0; SEAM], tail_len: 0 };
        open.wrote(&body);
        self.open = flag.is_none().then_some(open);
        (Payload { head, body, tail }, open, flag)
    }

    /// Goes on with the open chunk, and ends it when the message has no more bytes or the chunk is `full`. Nothing when
    /// the end-line stands in the bytes that come next: the chunk must end before them.
    pub(super) fn go_on(
        &mut self,
        piece: usize,
        max_chunk: u64,
    ) -> Option<(Payload, Open, Option<Flag>)> {
        let mut open = self.open?;
        let body = self.supply.take(piece);
        if !open.may_write(&body) {
            self.supply.put_back(body);
            return None;
        }
        open.wrote(&body);
        let full = self.supply.at - open.start >= max_chunk;
        let flag = (full || self.supply.is_done()).then(|| self.flag());
        let tail = flag.map_or_else(Bytes::new, |flag| end_line(&open.id, flag, true));
        self.open = flag.is_none().then_some(open);
        Some((Payload { head: Bytes::new(), body, tail }, open, flag))
    }

    /// Ends the open chunk where it is.
    pub(super) fn interrupt(&mut self) -> Option<(Payload, Open, Flag)> {
        let open = self.open.take()?;
        let flag = self.flag();
        Some((Payload::from(end_line(&open.id, flag, true)), open, flag))
    }
}

impl Open {
    /// Whether the end-line neither stands in `body` nor begins in the bytes before it.
    fn may_write(&self, body: &[u8]) -> bool {
        let mut seam = [0; 2 * SEAM];
        let before = self.tail.get(..self.tail_len).unwrap_or_default();
        let bytes = before.iter().chain(body.iter().take(SEAM));
        let mut used = 0;
        for (place, byte) in seam.iter_mut().zip(bytes) {
            *place = *byte;
            used += 1;
        }
        absent_from(&self.id, seam.get(..used).unwrap_or_default()) && absent_from(&self.id, body)
    }

    fn wrote(&mut self, body: &[u8]) {
        let before = self.tail.get(..self.tail_len).unwrap_or_default();
        let mut tail = [0; SEAM];
        let mut used = 0;
        let last =
            before.iter().chain(body.get(body.len().saturating_sub(SEAM)..).unwrap_or_default());
        let skip = (self.tail_len + body.len().min(SEAM)).saturating_sub(SEAM);
        for (place, byte) in tail.iter_mut().zip(last.skip(skip)) {
            *place = *byte;
            used += 1;
        }
        (self.tail, self.tail_len) = (tail, used);
    }
}
