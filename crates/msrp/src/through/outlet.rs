//! What waits to be written to one leg.

use std::collections::{BTreeSet, VecDeque};

use missiva_core::{Instant, LinkId, Payload};

use crate::leg::Pending;
use crate::link::Links;
use crate::{Flag, MessageId, TransactionId};

/// Pieces that wait for their link, up to a number of bytes.
///
/// A message that comes when there is no room is lost to this leg and to no other: what waits of it is taken back, the
/// rest of it is passed over, and where some of it went out already the receiver is told with `#` that no more comes.
#[derive(Debug)]
pub(crate) struct Outlet<W> {
    queue: VecDeque<Queued<W>>,
    bytes: usize,
    max: usize,
    /// Messages of which something went out, and not their end.
    begun: BTreeSet<MessageId>,
    /// Messages that are passed over until their end comes.
    lost: BTreeSet<MessageId>,
}

/// A piece that waits.
#[derive(Debug)]
pub(crate) struct Queued<W> {
    pub(crate) id: TransactionId,
    pub(crate) message: MessageId,
    pub(crate) flag: Flag,
    pub(crate) payload: Payload,
    /// What its answer is for.
    pub(crate) what: W,
}

/// What became of a piece.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Pushed {
    /// It waits.
    Waits,
    /// There is no room: the message is lost to this leg from here on. Says whether some of it has gone out, so that the
    /// receiver must be told.
    Lost { begun: bool },
    /// It belongs to a message that is lost.
    PassedOver,
}

/// Messages that may be lost at one time; more than a sender interleaves.
const MAX_LOST: usize = 256;

impl<W> Outlet<W> {
    pub(crate) const fn new(max: usize) -> Self {
        Self {
            queue: VecDeque::new(),
            bytes: 0,
            max,
            begun: BTreeSet::new(),
            lost: BTreeSet::new(),
        }
    }

    /// Lets a piece wait. What was taken back of its message is handed to `gone`.
    pub(crate) fn push(&mut self, piece: Queued<W>, mut gone: impl FnMut(W)) -> Pushed {
        if self.lost.contains(&piece.message) {
            if piece.flag != Flag::More {
                self.lost.remove(&piece.message);
            }
            gone(piece.what);
            return Pushed::PassedOver;
        }
        let bytes = self.bytes.saturating_add(piece.payload.len());
        if bytes <= self.max {
            self.bytes = bytes;
            self.queue.push_back(piece);
            return Pushed::Waits;
        }
        let message = piece.message;
        if piece.flag == Flag::More {
            if self.lost.len() >= MAX_LOST {
                self.lost.pop_first();
            }
            self.lost.insert(message);
        }
        gone(piece.what);
        self.take_back(&message, gone);
        Pushed::Lost { begun: self.begun.remove(&message) }
    }

    /// Lets a few bytes wait, room or not: the end of a message that was lost.
    pub(crate) fn push_always(&mut self, piece: Queued<W>) {
        self.bytes = self.bytes.saturating_add(piece.payload.len());
        self.queue.push_back(piece);
    }

    /// The receiver wants no more of a message, or cannot have it: what waits is taken back and the rest passed over. Says
    /// whether it must be told so.
    pub(crate) fn lose(&mut self, message: MessageId, gone: impl FnMut(W)) -> bool {
        if self.lost.len() >= MAX_LOST {
            self.lost.pop_first();
        }
        self.lost.insert(message);
        self.take_back(&message, gone);
        self.begun.remove(&message)
    }

    /// Writes what the link takes and its other end may be asked. Says whether more waits for the link.
    pub(crate) fn write<T>(
        &mut self,
        now: Instant,
        links: &mut Links<T>,
        link: LinkId,
        pending: (&mut Pending<W>, usize),
        is_answered: impl Fn(&W) -> bool,
    ) -> bool {
        let (pending, max_pending) = pending;
        while pending.len() < max_pending && links.room(link) > 0 {
            let Some(piece) = self.pop() else { return false };
            if is_answered(&piece.what) {
                pending.push(now, piece.id, piece.what);
            }
            links.write(link, piece.payload);
        }
        !self.is_empty() && pending.len() < max_pending && !links.is_blocked(link)
    }

    fn take_back(&mut self, message: &MessageId, mut gone: impl FnMut(W)) {
        let mut kept = VecDeque::with_capacity(self.queue.len());
        for piece in self.queue.drain(..) {
            if piece.message == *message {
                self.bytes = self.bytes.saturating_sub(piece.payload.len());
                gone(piece.what);
            } else {
                kept.push_back(piece);
            }
        }
        self.queue = kept;
    }

    /// The next piece that goes out.
    pub(crate) fn pop(&mut self) -> Option<Queued<W>> {
        let piece = self.queue.pop_front()?;
        self.bytes = self.bytes.saturating_sub(piece.payload.len());
        if piece.flag == Flag::More {
            self.begun.insert(piece.message);
        } else {
            self.begun.remove(&piece.message);
        }
        Some(piece)
    }

    /// Bytes that wait.
    pub(crate) const fn bytes(&self) -> usize {
        self.bytes
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    fn piece(message: &str, len: usize, flag: Flag) -> Queued<usize> {
        let id = TransactionId::parse("a786").unwrap();
        let payload = Payload::from(Bytes::from(vec![b'x'; len]));
        Queued { id, message: MessageId::parse(message).unwrap(), flag, payload, what: len }
    }

    #[test]
    fn a_message_without_room_is_lost_and_the_others_are_not() {
        let mut outlet = Outlet::new(100);
        let mut gone = Vec::new();
        assert_eq!(outlet.push(piece("large", 40, Flag::More), |_| ()), Pushed::Waits);
        assert_eq!(outlet.push(piece("small", 20, Flag::Last), |_| ()), Pushed::Waits);
        assert_eq!(
            outlet.push(piece("large", 41, Flag::More), |what| gone.push(what)),
            Pushed::Lost { begun: false }
        );
        assert_eq!((gone, outlet.bytes()), (vec![41, 40], 20));
        assert_eq!(outlet.push(piece("large", 1, Flag::More), |_| ()), Pushed::PassedOver);
        assert_eq!(outlet.push(piece("large", 1, Flag::Last), |_| ()), Pushed::PassedOver);
        assert_eq!(outlet.push(piece("large", 1, Flag::Last), |_| ()), Pushed::Waits);
        assert_eq!(outlet.pop().map(|piece| piece.what), Some(20));
    }

    #[test]
    fn a_receiver_that_has_had_some_of_a_lost_message_is_to_be_told() {
        let mut outlet = Outlet::new(100);
        outlet.push(piece("large", 100, Flag::More), |_| ());
        assert_eq!(
            outlet.push(piece("next0", 1, Flag::Last), |_| ()),
            Pushed::Lost { begun: false }
        );
        outlet.pop();
        assert_eq!(
            outlet.push(piece("large", 101, Flag::More), |_| ()),
            Pushed::Lost { begun: true }
        );
        outlet.push_always(piece("large", 5, Flag::Abort));
        assert_eq!(outlet.pop().map(|piece| piece.flag), Some(Flag::Abort));
        assert!(outlet.is_empty() && outlet.bytes() == 0);
    }
}
