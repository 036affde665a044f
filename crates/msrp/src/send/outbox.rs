//! Everything that goes out on one link.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;

use bytes::Bytes;
use missiva_core::{IdSource, Payload};

use super::outgoing::{Open, Turn};
use super::{Envelope, Outgoing, Pace, SendLimits, Source, Supply, Want};
use crate::{Flag, TransactionId};

/// A message that was handed in to be sent, numbered by its outbox. A number is never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SendId(pub u64);

/// What carries the chunks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Framing {
    /// A stream. A chunk of more than 2048 bytes says that it may be interrupted, which RFC 4975 section 7.1.1 demands,
    /// and is given out piece by piece.
    #[default]
    Stream,
    /// A stream whose chunks are one piece each, and say where they end: their receiver need not search them. For links
    /// between elements that are known to each other; beyond 2048 bytes RFC 4975 does not allow it.
    StreamOfStatedChunks,
    /// A WebSocket: each payload is one WebSocket message (RFC 7977), which ends where it ends. No id needs to be proved
    /// absent from a body.
    Messages,
}

/// Why a command to an outbox has no effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// As much waits as may.
    #[error("the outbox is full")]
    Full,
    /// The bytes were not asked for: there is no room for them, or the message has no more.
    #[error("more bytes than were wanted")]
    NotWanted,
    /// The message is gone, or never was.
    #[error("no such message")]
    Unknown,
}

/// What goes out next.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The bytes.
    pub payload: Payload,
    /// What they are a part of; nothing for a response or a report.
    pub piece: Option<Piece>,
}

/// A part of a chunk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The message.
    pub message: SendId,
    /// The chunk, whose response will bear this id.
    pub transaction: TransactionId,
    /// The bytes of the message in this chunk so far, counted from zero.
    pub range: Range<u64>,
    /// The flag, when the chunk ends with these bytes. [`Flag::Last`] and [`Flag::Abort`] end the message as well.
    pub ended: Option<Flag>,
}

/// The outgoing side of one link.
///
/// ```
/// use bytes::Bytes;
/// use missiva_core::IdSource;
/// use missiva_msrp::header::{MediaType, Path, Value};
/// use missiva_msrp::send::{Envelope, Outbox, SendLimits, Source};
/// use missiva_msrp::{Flag, MessageId};
///
/// struct Fixed;
/// impl IdSource for Fixed {
///     fn fill(&mut self, out: &mut [u8]) {
///         out.fill(0xa7);
///     }
/// }
///
/// let (to, from) = (Path::parse("msrp://b.example/2;tcp")?, Path::parse("msrp://a.example/1;tcp")?);
/// let envelope = Envelope::new(&to, &from, &MessageId::parse("12339")?, &MediaType::parse("text/plain")?, |lines| lines)?;
/// let mut outbox = Outbox::new(SendLimits::DEFAULT);
/// outbox.send(envelope, Source::Bytes(Bytes::from_static(b"hello")))?;
///
/// let sent = outbox.poll(&mut Fixed).ok_or("nothing to send")?;
/// assert_eq!(sent.payload.body, "hello");
/// assert!(sent.payload.head.ends_with(b"Byte-Range: 1-5/5\r\nContent-Type: text/plain\r\n\r\n"));
/// assert_eq!(sent.piece.and_then(|piece| piece.ended), Some(Flag::Last));
/// assert!(outbox.is_idle());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Outbox {
    limits: SendLimits,
    framing: Framing,
    pace: Pace,
    controls: VecDeque<Payload>,
    messages: BTreeMap<SendId, Outgoing>,
    /// Those that have something to say, in the order of their turns; the one with an open chunk is not among them.
    ring: VecDeque<SendId>,
    open: Option<SendId>,
    next: u64,
}

impl Outbox {
    /// An outbox for a stream.
    #[must_use]
    pub fn new(limits: SendLimits) -> Self {
        Self::with_framing(limits, Framing::Stream, Pace::default())
    }

    /// An outbox for anything else.
    #[must_use]
    pub const fn with_framing(limits: SendLimits, framing: Framing, pace: Pace) -> Self {
        Self {
            limits,
            framing,
            pace,
            controls: VecDeque::new(),
            messages: BTreeMap::new(),
            ring: VecDeque::new(),
            open: None,
            next: 0,
        }
    }

    /// Hands in a message.
    ///
    /// # Errors
    ///
    /// [`SendError::Full`].
    pub fn send(&mut self, envelope: Envelope, source: Source) -> Result<SendId, SendError> {
        if self.messages.len() >= self.limits.max_messages {
            return Err(SendError::Full);
        }
        let id = SendId(self.next);
        self.next += 1;
        self.messages.insert(id, Outgoing::new(envelope, Supply::new(source)));
        self.queue(id);
        Ok(id)
    }

    /// Hands in a response, a report or another message without chunks. They go before all chunks, in their order.
    ///
    /// # Errors
    ///
    /// [`SendError::Full`]: the peer sends and does not read.
    pub fn respond(&mut self, payload: Payload) -> Result<(), SendError> {
        if self.controls.len() >= self.limits.max_controls {
            return Err(SendError::Full);
        }
        self.controls.push_back(payload);
        Ok(())
    }

    /// The bytes that sources should feed, none for those that are far enough ahead.
    pub fn wants(&self) -> impl Iterator<Item = Want> {
        self.messages.iter().filter(|(_, outgoing)| !outgoing.aborted).filter_map(
            |(id, outgoing)| {
                let range = outgoing.supply.wanted(self.limits.max_ahead)?;
                Some(Want { message: *id, range })
            },
        )
    }

    /// The bytes that the source of one message should feed.
    #[must_use]
    pub fn want(&self, message: SendId) -> Option<Want> {
        let outgoing = self.messages.get(&message).filter(|outgoing| !outgoing.aborted)?;
        let range = outgoing.supply.wanted(self.limits.max_ahead)?;
        Some(Want { message, range })
    }

    /// Whether a message has not ended.
    #[must_use]
    pub fn has(&self, message: SendId) -> bool {
        self.messages.contains_key(&message)
    }

    /// Whether a response or a report waits.
    #[must_use]
    pub fn has_controls(&self) -> bool {
        !self.controls.is_empty()
    }

    /// Feeds the bytes of a message that come next.
    ///
    /// # Errors
    ///
    /// [`SendError::NotWanted`] when they are more than was asked for; [`SendError::Unknown`].
    pub fn feed(&mut self, message: SendId, bytes: Bytes) -> Result<(), SendError> {
        let outgoing = self.messages.get_mut(&message).ok_or(SendError::Unknown)?;
        outgoing.supply.feed(bytes, self.limits.max_ahead)?;
        self.queue(message);
        Ok(())
    }

    /// Says that a message has no more bytes. One whose total was stated and not reached is given up.
    ///
    /// # Errors
    ///
    /// [`SendError::Unknown`].
    pub fn finish(&mut self, message: SendId) -> Result<(), SendError> {
        let outgoing = self.messages.get_mut(&message).ok_or(SendError::Unknown)?;
        if !outgoing.supply.finish() {
            return self.abort(message);
        }
        self.queue(message);
        Ok(())
    }

    /// Gives a message up: its chunk ends with `#`. Of a message that has not begun, nothing goes out.
    ///
    /// # Errors
    ///
    /// [`SendError::Unknown`].
    pub fn abort(&mut self, message: SendId) -> Result<(), SendError> {
        let outgoing = self.messages.get_mut(&message).ok_or(SendError::Unknown)?;
        if outgoing.begun {
            outgoing.aborted = true;
            self.queue(message);
        } else {
            self.remove(message);
        }
        Ok(())
    }

    /// What goes out next. Call it when the link can take more, and only then.
    pub fn poll(&mut self, ids: &mut dyn IdSource) -> Option<Sent> {
        if let Some(id) = self.open {
            return self.go_on(id);
        }
        if let Some(payload) = self.controls.pop_front() {
            return Some(Sent { payload, piece: None });
        }
        let id = self.ring.pop_front()?;
        let contended = !self.ring.is_empty();
        let piece = self.piece();
        let outgoing = self.messages.get_mut(&id)?;
        outgoing.queued = false;
        let (payload, open, flag) =
            outgoing.begin(Turn { piece, contended, framing: self.framing }, ids);
        Some(self.sent(id, payload, &open, flag))
    }

    /// Goes on with the open chunk, or ends it for the sake of others.
    fn go_on(&mut self, id: SendId) -> Option<Sent> {
        let yields = !self.controls.is_empty() || !self.ring.is_empty();
        let (piece, max_chunk) = (self.piece(), self.limits.max_chunk);
        let outgoing = self.messages.get_mut(&id)?;
        let goes_on = !yields && !outgoing.aborted && outgoing.supply.has_bytes();
        let next = if goes_on { outgoing.go_on(piece, max_chunk) } else { None };
        let (payload, open, flag) = match next {
            Some(next) => next,
            None => {
                let (payload, open, flag) = outgoing.interrupt()?;
                (payload, open, Some(flag))
            }
        };
        Some(self.sent(id, payload, &open, flag))
    }

    fn sent(&mut self, id: SendId, payload: Payload, open: &Open, flag: Option<Flag>) -> Sent {
        let at = self.messages.get(&id).map_or(open.start, |outgoing| outgoing.supply.at);
        match flag {
            None => self.open = Some(id),
            Some(Flag::Last | Flag::Abort) => self.remove(id),
            Some(Flag::More) => {
                self.open = None;
                self.queue(id);
            }
        }
        let piece = Piece { message: id, transaction: open.id, range: open.start..at, ended: flag };
        Sent { payload, piece: Some(piece) }
    }

    /// Gives a message its place in the ring, when it has something to say and no chunk open.
    fn queue(&mut self, id: SendId) {
        let is_open = self.open == Some(id);
        if let Some(outgoing) = self.messages.get_mut(&id)
            && outgoing.is_ready()
            && !outgoing.queued
            && !is_open
        {
            outgoing.queued = true;
            self.ring.push_back(id);
        }
    }

    fn remove(&mut self, id: SendId) {
        if self.open == Some(id) {
            self.open = None;
        }
        if self.messages.remove(&id).is_some_and(|outgoing| outgoing.queued) {
            self.ring.retain(|queued| *queued != id);
        }
    }

    fn piece(&self) -> usize {
        self.pace.piece().min(self.limits.max_piece)
    }

    /// The size of pieces, to be told how fast the peer answers.
    pub const fn pace_mut(&mut self) -> &mut Pace {
        &mut self.pace
    }

    /// Whether nothing waits to be polled. Messages may still want bytes.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.open.is_none() && self.controls.is_empty() && self.ring.is_empty()
    }

    /// Messages that have not ended, and how many of their bytes went out.
    pub fn messages(&self) -> impl Iterator<Item = (SendId, u64)> {
        self.messages.iter().map(|(id, outgoing)| (*id, outgoing.supply.at))
    }
}
