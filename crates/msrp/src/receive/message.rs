//! One message that has begun and not ended.

use std::collections::{BTreeMap, VecDeque};

use bytes::{Bytes, BytesMut};
use missiva_core::Instant;

use super::{Budget, Mode, Ranges, ReceiveLimits, Refusal};
use crate::Part;

/// What is there of it, what of that was handed over, and what waits.
#[derive(Debug)]
pub(super) struct Message {
    pub(super) mode: Mode,
    /// Bytes in the whole of it, once that is known.
    pub(super) total: Option<u64>,
    pub(super) received: Ranges,
    /// Bytes that were handed over, or stand in `gathered`.
    pub(super) next: u64,
    gathered: Gathered,
    /// Slices that came before those that precede them, apart from each other.
    waiting: BTreeMap<u64, Bytes>,
    waiting_len: usize,
    /// Bytes that are taken from the budget.
    pub(super) kept: usize,
    /// When something last came.
    pub(super) touched: Instant,
}

/// The bytes of a message that is handed over whole, so far.
#[derive(Debug, Default)]
enum Gathered {
    #[default]
    Nothing,
    /// One slice of what was pushed: most messages never have more.
    Slice(Bytes),
    Buffer(BytesMut),
}

/// A slice that waits keeps the buffer alive that it was cut from. One that is smaller than this is copied instead.
const WORTH_KEEPING: usize = 4096;

impl Message {
    pub(super) fn new(mode: Mode, now: Instant) -> Self {
        Self {
            mode,
            total: None,
            received: Ranges::new(),
            next: 0,
            gathered: Gathered::Nothing,
            waiting: BTreeMap::new(),
            waiting_len: 0,
            kept: 0,
            touched: now,
        }
    }

    /// Takes in bytes from `at` on. What can be handed over goes to `out`.
    #[inline]
    pub(super) fn take(
        &mut self,
        at: u64,
        slice: Bytes,
        caps: &mut Caps<'_>,
        out: &mut VecDeque<(u64, Bytes)>,
    ) -> Result<(), Refusal> {
        let end = at.saturating_add(slice.len() as u64);
        if self.total.is_some_and(|total| end > total) {
            return Err(Refusal::conflict(Refusal::RANGE));
        }
        let most = match self.mode {
            Mode::Whole => caps.limits.max_whole as u64,
            Mode::Slices => caps.limits.max_message,
        };
        if end > most {
            return Err(Refusal::too_large(Part::Body));
        }
        if at == self.next && self.received.end() == at {
            self.received.insert(at..end);
            return self.pass(slice, caps, out);
        }
        self.take_out_of_order(at..end, &slice, caps, out)
    }

    #[inline(never)]
    fn take_out_of_order(
        &mut self,
        range: std::ops::Range<u64>,
        slice: &Bytes,
        caps: &mut Caps<'_>,
        out: &mut VecDeque<(u64, Bytes)>,
    ) -> Result<(), Refusal> {
        let gaps: Vec<_> = self.received.gaps(range.clone()).collect();
        for gap in gaps {
            let (from, to) = ((gap.start - range.start) as usize, (gap.end - range.start) as usize);
            let part = slice.slice(from..to);
            if gap.start == self.next {
                self.pass(part, caps, out)?;
            } else {
                self.keep(gap.start, part, caps)?;
            }
            self.received.insert(gap);
            if self.received.count() > caps.limits.max_ranges {
                return Err(Refusal::too_large(Refusal::RANGE));
            }
        }
        self.release(caps, out)
    }

    /// Keeps bytes until those before them are there.
    fn keep(&mut self, at: u64, part: Bytes, caps: &mut Caps<'_>) -> Result<(), Refusal> {
        if self.waiting_len + part.len() > caps.limits.max_waiting {
            return Err(Refusal::too_large(Part::Body));
        }
        caps.charge(&mut self.kept, part.len())?;
        self.waiting_len += part.len();
        // Small ones go into one buffer with the one before them, where they touch.
        if part.len() < WORTH_KEEPING {
            let before = self.waiting.range_mut(..at).next_back();
            if let Some((start, before)) =
                before.filter(|(start, bytes)| **start + bytes.len() as u64 == at)
                && before.len() < WORTH_KEEPING
            {
                let mut joined = BytesMut::with_capacity(before.len() + part.len());
                joined.extend_from_slice(before);
                joined.extend_from_slice(&part);
                let start = *start;
                self.waiting.insert(start, joined.freeze());
                return Ok(());
            }
            self.waiting.insert(at, Bytes::copy_from_slice(&part));
        } else {
            self.waiting.insert(at, part);
        }
        Ok(())
    }

    /// Hands over what waited and is next now.
    fn release(
        &mut self,
        caps: &mut Caps<'_>,
        out: &mut VecDeque<(u64, Bytes)>,
    ) -> Result<(), Refusal> {
        while let Some(entry) = self.waiting.first_entry().filter(|entry| *entry.key() == self.next)
        {
            let slice = entry.remove();
            self.waiting_len -= slice.len();
            caps.refund(&mut self.kept, slice.len());
            self.pass(slice, caps, out)?;
        }
        Ok(())
    }

    /// Takes in the bytes that come next.
    #[inline]
    fn pass(
        &mut self,
        slice: Bytes,
        caps: &mut Caps<'_>,
        out: &mut VecDeque<(u64, Bytes)>,
    ) -> Result<(), Refusal> {
        let at = self.next;
        self.next += slice.len() as u64;
        match self.mode {
            Mode::Slices => out.push_back((at, slice)),
            Mode::Whole => {
                caps.charge(&mut self.kept, slice.len())?;
                self.gathered.add(slice);
            }
        }
        Ok(())
    }

    /// Is handed over in slices from here on; gives out what is there from the first byte on.
    pub(super) fn stream(&mut self, caps: &mut Caps<'_>) -> Option<Bytes> {
        if self.mode == Mode::Slices {
            return None;
        }
        self.mode = Mode::Slices;
        let bytes = std::mem::take(&mut self.gathered).into_bytes();
        caps.refund(&mut self.kept, bytes.len());
        (!bytes.is_empty()).then_some(bytes)
    }

    /// Whether all of it is there.
    pub(super) fn is_complete(&self) -> bool {
        self.total.is_some_and(|total| self.received.is_complete(total))
    }

    /// A chunk has ended and the message has not: what is kept until the next one must not keep more alive than itself.
    pub(super) fn settle(&mut self) {
        if let Gathered::Slice(slice) = &self.gathered
            && slice.len() < WORTH_KEEPING
        {
            self.gathered = Gathered::Buffer(BytesMut::from(&slice[..]));
        }
    }

    /// The whole of it.
    pub(super) fn into_bytes(self) -> Bytes {
        self.gathered.into_bytes()
    }
}

impl Gathered {
    fn into_bytes(self) -> Bytes {
        match self {
            Self::Nothing => Bytes::new(),
            Self::Slice(slice) => slice,
            Self::Buffer(buffer) => buffer.freeze(),
        }
    }

    fn add(&mut self, slice: Bytes) {
        match self {
            Self::Nothing => *self = Self::Slice(slice),
            Self::Slice(first) => {
                let mut buffer =
                    BytesMut::with_capacity((first.len() + slice.len()).max(WORTH_KEEPING));
                buffer.extend_from_slice(first);
                buffer.extend_from_slice(&slice);
                *self = Self::Buffer(buffer);
            }
            Self::Buffer(buffer) => buffer.extend_from_slice(&slice),
        }
    }
}

/// The caps that hold for a message, and what is taken from them.
pub(super) struct Caps<'a> {
    pub(super) limits: &'a ReceiveLimits,
    pub(super) budget: &'a mut Budget,
    /// Bytes that the session keeps.
    pub(super) kept: &'a mut usize,
}

impl Caps<'_> {
    /// Takes `bytes` for a message.
    pub(super) fn charge(&mut self, message: &mut usize, bytes: usize) -> Result<(), Refusal> {
        if *self.kept + bytes > self.limits.max_kept || !self.budget.take(bytes) {
            return Err(Refusal::too_large(Part::Body));
        }
        *self.kept += bytes;
        *message += bytes;
        Ok(())
    }

    /// Gives `bytes` of a message back.
    pub(super) fn refund(&mut self, message: &mut usize, bytes: usize) {
        *self.kept -= bytes;
        *message -= bytes;
        self.budget.give(bytes);
    }
}
