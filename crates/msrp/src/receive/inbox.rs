//! The messages of one session that are under way.

use std::collections::{BTreeMap, VecDeque};

use bytes::Bytes;
use missiva_core::{FaultKind, Instant};

use super::message::Caps;
use super::{Budget, Chunk, Fate, Finished, Message, Ranges, ReceiveLimits, Refusal};
use crate::frame::End;
use crate::{Flag, MessageId, Part, StatusCode};

/// How a message is handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// At once, when all of it is there.
    Whole,
    /// In order, as its bytes come: for files.
    Slices,
}

/// What kind of chunk has begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begun {
    /// The first one of a message.
    First,
    /// Another one of a message that is under way.
    More,
    /// One of a message that has ended: it is passed over, and answered with a 200.
    Again,
}

/// What the application gets.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Delivery {
    /// Bytes of a message that is handed over in slices; each begins where the one before it ended.
    Slice {
        /// The message.
        id: MessageId,
        /// Bytes of the message before these.
        at: u64,
        /// A slice of what was pushed, unless it had to wait for others.
        bytes: Bytes,
    },
    /// A message.
    Whole {
        /// Its name.
        id: MessageId,
        /// All of it.
        bytes: Bytes,
    },
    /// The last slice of a message was handed over.
    Complete {
        /// The message.
        id: MessageId,
        /// Bytes in it.
        total: u64,
    },
    /// A message will not be finished: its sender gave it up, it was refused, or nothing came for too long.
    GivenUp {
        /// The message.
        id: MessageId,
        /// The bytes that came.
        received: Ranges,
        /// Why, where the sender is to blame.
        refusal: Option<Refusal>,
    },
}

/// Puts chunks together.
///
/// [`begin`](Self::begin), any number of [`body`](Self::body) and [`end`](Self::end) follow each other as the events of
/// a framer do. A refusal ends the message; the rest of its chunk is passed over by the same calls. Drain
/// [`poll`](Self::poll) after each call.
///
/// ```
/// use bytes::Bytes;
/// use missiva_core::Instant;
/// use missiva_msrp::frame::websocket;
/// use missiva_msrp::receive::{Budget, Chunk, Delivery, Inbox, Mode, ReceiveLimits};
/// use missiva_msrp::Limits;
///
/// let mut inbox = Inbox::new(ReceiveLimits::DEFAULT);
/// let mut budget = Budget::default();
/// for (range, body, flag) in [("4-6/6", "def", '$'), ("1-3/6", "abc", '+')] {
///     let text = format!(
///         "MSRP a786 SEND\r\nTo-Path: msrp://b/2;ws\r\nFrom-Path: msrp://a/1;ws\r\nMessage-ID: 12339\r\n\
///          Byte-Range: {range}\r\nContent-Type: text/plain\r\n\r\n{body}\r\n-------a786{flag}\r\n"
///     );
///     let whole = websocket(text.into(), &Limits::DEFAULT)?;
///     inbox.begin(Instant::ORIGIN, &Chunk::of(&whole.head)?, Mode::Whole, &mut budget)?;
///     inbox.body(whole.body, &mut budget)?;
///     inbox.end(&whole.end, &mut budget)?;
/// }
/// assert!(matches!(inbox.poll(), Some(Delivery::Whole { bytes, .. }) if bytes == "abcdef"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Inbox {
    limits: ReceiveLimits,
    open: BTreeMap<MessageId, Message>,
    finished: Finished,
    current: Option<Current>,
    /// Bytes that all messages keep.
    kept: usize,
    slices: VecDeque<(u64, Bytes)>,
    out: VecDeque<Delivery>,
}

/// The chunk that is being read.
#[derive(Clone, Copy, Debug)]
struct Current {
    id: MessageId,
    /// Where its next byte belongs.
    at: u64,
    /// Where its range says that it ends.
    end: Option<u64>,
}

impl Inbox {
    /// An inbox without messages.
    #[must_use]
    pub const fn new(limits: ReceiveLimits) -> Self {
        Self {
            limits,
            open: BTreeMap::new(),
            finished: Finished::new(limits.max_finished),
            current: None,
            kept: 0,
            slices: VecDeque::new(),
            out: VecDeque::new(),
        }
    }

    /// A chunk with content begins. `mode` counts for the first one of a message.
    ///
    /// # Errors
    ///
    /// 413 when too many messages are open or the message is known to be too large, 400 when its total has changed. The
    /// message ends with it.
    pub fn begin(
        &mut self,
        now: Instant,
        chunk: &Chunk,
        mode: Mode,
        budget: &mut Budget,
    ) -> Result<Begun, Refusal> {
        self.current = None;
        match self.finished.fate(&chunk.id) {
            Some(Fate::Settled) => return Ok(Begun::Again),
            Some(Fate::Refused(refusal)) => return Err(refusal),
            None => {}
        }
        let begun = if self.open.contains_key(&chunk.id) { Begun::More } else { Begun::First };
        if begun == Begun::First {
            if self.open.len() >= self.limits.max_open || !budget.open() {
                // It may be welcome later, so nobody remembers it.
                return Err(Refusal::too_large(Part::Framing));
            }
            self.open.insert(chunk.id, Message::new(mode, now));
        }
        if let Err(refusal) = self.check_total(now, chunk) {
            if begun == Begun::First {
                // Nobody has heard of it, so nobody hears of its end.
                self.remove(&chunk.id, budget);
                self.finished.insert(chunk.id, Fate::Refused(refusal));
                return Err(refusal);
            }
            return Err(self.refuse(chunk.id, refusal, budget));
        }
        self.current = Some(Current {
            id: chunk.id,
            at: chunk.range.start.saturating_sub(1),
            end: chunk.range.end,
        });
        Ok(begun)
    }

    fn check_total(&mut self, now: Instant, chunk: &Chunk) -> Result<(), Refusal> {
        let Some(message) = self.open.get_mut(&chunk.id) else { return Ok(()) };
        message.touched = now;
        let Some(total) = chunk.range.total else { return Ok(()) };
        if message.total.is_some_and(|known| known != total) || message.received.end() > total {
            return Err(Refusal::conflict(Refusal::RANGE));
        }
        let most = match message.mode {
            Mode::Whole => self.limits.max_whole as u64,
            Mode::Slices => self.limits.max_message,
        };
        if total > most {
            return Err(Refusal::too_large(Refusal::RANGE));
        }
        message.total = Some(total);
        Ok(())
    }

    /// Bytes of the chunk.
    ///
    /// # Errors
    ///
    /// 400 when they lie behind the range or the total, 413 when they are more than the limits allow. The message ends
    /// with it.
    #[inline]
    pub fn body(&mut self, slice: Bytes, budget: &mut Budget) -> Result<(), Refusal> {
        let Some(current) = &mut self.current else { return Ok(()) };
        let (id, at) = (current.id, current.at);
        let Some(message) = self.open.get_mut(&id) else { return Ok(()) };
        current.at = at.saturating_add(slice.len() as u64);
        let taken = if current.end.is_some_and(|end| current.at > end) {
            Err(Refusal::conflict(Part::Body))
        } else {
            let mut caps = Caps { limits: &self.limits, budget, kept: &mut self.kept };
            message.take(at, slice, &mut caps, &mut self.slices)
        };
        for (at, bytes) in self.slices.drain(..) {
            self.out.push_back(Delivery::Slice { id, at, bytes });
        }
        taken.map_err(|refusal| self.refuse(id, refusal, budget))
    }

    /// The chunk has ended.
    ///
    /// # Errors
    ///
    /// 400 when the last chunk ends elsewhere than where the message does. The message ends with it.
    pub fn end(&mut self, end: &End, budget: &mut Budget) -> Result<(), Refusal> {
        let Some(current) = self.current.take() else { return Ok(()) };
        let Some(message) = self.open.get_mut(&current.id) else { return Ok(()) };
        match end.flag {
            Flag::Abort => {
                self.give_up(&current.id, budget);
                return Ok(());
            }
            Flag::Last => {
                if let Some(total) = last_total(&current, message) {
                    message.total = Some(total);
                } else {
                    return Err(self.refuse(current.id, Refusal::conflict(Refusal::RANGE), budget));
                }
            }
            Flag::More => {}
        }
        if message.is_complete() {
            self.complete(current.id, budget);
        } else {
            message.settle();
        }
        Ok(())
    }

    fn complete(&mut self, id: MessageId, budget: &mut Budget) {
        let Some(message) = self.remove(&id, budget) else { return };
        self.finished.insert(id, Fate::Settled);
        let total = message.received.contiguous();
        self.out.push_back(match message.mode {
            Mode::Whole => Delivery::Whole { id, bytes: message.into_bytes() },
            Mode::Slices => Delivery::Complete { id, total },
        });
    }

    /// Gives a message up, as when nothing came of it for too long. What comes of it later is passed over.
    pub fn give_up(&mut self, id: &MessageId, budget: &mut Budget) {
        if let Some(message) = self.remove(id, budget) {
            self.finished.insert(*id, Fate::Settled);
            let received = message.received;
            self.out.push_back(Delivery::GivenUp { id: *id, received, refusal: None });
        }
    }

    /// Hands a message over in slices from here on, beginning with what is there of it. Says whether it is under way.
    pub fn stream(&mut self, id: &MessageId, budget: &mut Budget) -> bool {
        let Some(message) = self.open.get_mut(id) else { return false };
        let mut caps = Caps { limits: &self.limits, budget, kept: &mut self.kept };
        if let Some(bytes) = message.stream(&mut caps) {
            self.out.push_back(Delivery::Slice { id: *id, at: 0, bytes });
        }
        true
    }

    /// Refuses the rest of a message, as the application may want: its sender gets `code` for whatever else comes of it.
    pub fn reject(&mut self, id: &MessageId, code: StatusCode, budget: &mut Budget) {
        if self.open.contains_key(id) {
            let refusal = Refusal { code, kind: FaultKind::Unsupported, part: Part::Body };
            self.refuse(*id, refusal, budget);
        }
    }

    /// Gives every message up of which nothing came since `before`.
    pub fn expire(&mut self, before: Instant, budget: &mut Budget) {
        let old = |(id, message): (&MessageId, &Message)| (message.touched < before).then_some(*id);
        let old: Vec<MessageId> = self.open.iter().filter_map(old).collect();
        for id in old {
            self.give_up(&id, budget);
        }
    }

    /// Gives everything up, as when the session ends, and gives back what was taken from the budget.
    pub fn close(&mut self, budget: &mut Budget) {
        let ids: Vec<MessageId> = self.open.keys().copied().collect();
        for id in ids {
            self.give_up(&id, budget);
        }
        self.current = None;
    }

    /// The next thing to tell the application.
    pub fn poll(&mut self) -> Option<Delivery> {
        self.out.pop_front()
    }

    /// The messages under way, and which of their bytes are there.
    pub fn open(&self) -> impl Iterator<Item = (&MessageId, &Ranges)> {
        self.open.iter().map(|(id, message)| (id, &message.received))
    }

    /// Which bytes of a message under way are there.
    #[must_use]
    pub fn received(&self, id: &MessageId) -> Option<&Ranges> {
        self.open.get(id).map(|message| &message.received)
    }

    /// When something last came of the message that has waited longest.
    #[must_use]
    pub fn oldest(&self) -> Option<Instant> {
        self.open.values().map(|message| message.touched).min()
    }

    /// Bytes that are kept.
    #[must_use]
    pub const fn kept(&self) -> usize {
        self.kept
    }

    /// Ends a message that is under way with a refusal.
    #[cold]
    fn refuse(&mut self, id: MessageId, refusal: Refusal, budget: &mut Budget) -> Refusal {
        if let Some(message) = self.remove(&id, budget) {
            self.finished.insert(id, Fate::Refused(refusal));
            let received = message.received;
            self.out.push_back(Delivery::GivenUp { id, received, refusal: Some(refusal) });
        }
        refusal
    }

    fn remove(&mut self, id: &MessageId, budget: &mut Budget) -> Option<Message> {
        let message = self.open.remove(id)?;
        if self.current.is_some_and(|current| current.id == *id) {
            self.current = None;
        }
        self.kept -= message.kept;
        budget.give(message.kept);
        budget.close();
        Some(message)
    }
}

/// Bytes in the message, now that a chunk says that it is the last. `None` when it contradicts what was said before.
///
/// The example of RFC 4975 section 4 counts the line end that closes the body, and some stacks do so too: two bytes that
/// a stated range has more than its body are that line end.
fn last_total(current: &Current, message: &Message) -> Option<u64> {
    const LINE_END: u64 = 2;
    let stated = message.total.or(current.end).unwrap_or(current.at);
    let missing = stated.checked_sub(current.at)?;
    let counted = missing == LINE_END && current.end == Some(stated);
    (missing == 0 || counted).then_some(current.at).filter(|total| message.received.end() <= *total)
}
