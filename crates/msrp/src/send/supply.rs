//! Where the bytes of a message come from.

use std::collections::VecDeque;
use std::ops::Range;

use bytes::Bytes;

use super::{SendError, SendId};

/// The content of a message.
#[derive(Clone, Debug)]
pub enum Source {
    /// All of it, at hand.
    Bytes(Bytes),
    /// Slices that are [fed](super::Outbox::feed) as they are [wanted](super::Outbox::wants).
    Pull {
        /// Bytes in all of it, when that is known.
        total: Option<u64>,
    },
}

/// The bytes that a message wants next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Want {
    /// The message.
    pub message: SendId,
    /// Which of its bytes, counted from zero; fewer may be fed.
    pub range: Range<u64>,
}

/// Bytes that were fed and not sent.
#[derive(Debug)]
pub(super) struct Supply {
    slices: VecDeque<Bytes>,
    /// Bytes in them.
    ahead: usize,
    /// Bytes that were sent before them.
    pub(super) at: u64,
    /// Bytes in the whole message, once that is known.
    pub(super) total: Option<u64>,
}

impl Supply {
    pub(super) fn new(source: Source) -> Self {
        let mut supply = Self { slices: VecDeque::new(), ahead: 0, at: 0, total: None };
        match source {
            Source::Bytes(bytes) => {
                supply.total = Some(bytes.len() as u64);
                supply.add(bytes);
            }
            Source::Pull { total } => supply.total = total,
        }
        supply
    }

    fn add(&mut self, bytes: Bytes) {
        if !bytes.is_empty() {
            self.ahead += bytes.len();
            self.slices.push_back(bytes);
        }
    }

    /// Bytes that were fed.
    const fn fed(&self) -> u64 {
        self.at + self.ahead as u64
    }

    /// Takes in the bytes that come next.
    pub(super) fn feed(&mut self, bytes: Bytes, max_ahead: usize) -> Result<(), SendError> {
        let fed = self.fed().saturating_add(bytes.len() as u64);
        if self.ahead + bytes.len() > max_ahead || self.total.is_some_and(|total| fed > total) {
            return Err(SendError::NotWanted);
        }
        self.add(bytes);
        Ok(())
    }

    /// No more bytes come; says whether they are as many as was said.
    pub(super) fn finish(&mut self) -> bool {
        *self.total.get_or_insert(self.at + self.ahead as u64) == self.fed()
    }

    /// Which bytes there is room for.
    pub(super) fn wanted(&self, max_ahead: usize) -> Option<Range<u64>> {
        let room = max_ahead.saturating_sub(self.ahead) as u64;
        let end = self.fed() + room;
        let range = self.fed()..self.total.map_or(end, |total| total.min(end));
        (!range.is_empty()).then_some(range)
    }

    /// Whether there is something to send.
    pub(super) fn has_bytes(&self) -> bool {
        self.ahead > 0
    }

    /// Whether every byte of the message was taken.
    pub(super) fn is_done(&self) -> bool {
        self.total == Some(self.at)
    }

    /// Up to `most` bytes, all from one slice.
    pub(super) fn take(&mut self, most: usize) -> Bytes {
        let Some(front) = self.slices.front_mut() else { return Bytes::new() };
        let bytes = if front.len() <= most {
            self.slices.pop_front().unwrap_or_default()
        } else {
            front.split_to(most)
        };
        self.ahead -= bytes.len();
        self.at += bytes.len() as u64;
        bytes
    }

    /// Puts bytes back that were taken last.
    pub(super) fn put_back(&mut self, bytes: Bytes) {
        self.ahead += bytes.len();
        self.at -= bytes.len() as u64;
        self.slices.push_front(bytes);
    }
}
