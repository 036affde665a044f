//! One chunk on its way through.

use bytes::{Bytes, BytesMut};

use crate::frame::End;
use crate::header::ByteRange;
use crate::receive::{Chunk, Refusal};
use crate::{Flag, Head, MessageId};

/// A part of a chunk that goes on as a chunk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) range: ByteRange,
    pub(crate) body: Bytes,
    pub(crate) flag: Flag,
}

/// A chunk that is being read: its slices go in, its pieces come out.
///
/// A slice waits until the next one comes, since the last piece bears the flag of the chunk.
#[derive(Debug)]
pub(crate) struct Passing {
    pub(crate) id: MessageId,
    /// The byte of the message that comes next, counted from one.
    next: u64,
    /// Where the range says that the chunk ends.
    end: Option<u64>,
    total: Option<u64>,
    held: Held,
}

#[derive(Debug)]
enum Held {
    Nothing,
    Slice(Bytes),
    Joined(BytesMut),
}

/// Bytes below which a slice is joined with the next one: what RFC 4975 section 5.1 lets a chunk have that nobody may
/// interrupt.
const WORTH_A_HEAD: usize = 2048;

impl Passing {
    /// Reads what a SEND with content says of itself.
    ///
    /// # Errors
    ///
    /// What to answer when it contradicts itself.
    pub(crate) fn of(head: &Head) -> Result<Self, Refusal> {
        let Chunk { id, range } = Chunk::of(head)?;
        let ByteRange { start, end, total } = range;
        Ok(Self { id, next: start, end, total, held: Held::Nothing })
    }

    /// Takes in a slice; what was held goes on when it is large enough.
    pub(crate) fn body(&mut self, slice: Bytes) -> Option<Piece> {
        match std::mem::replace(&mut self.held, Held::Nothing) {
            Held::Nothing => {
                self.held = Held::Slice(slice);
                None
            }
            Held::Slice(held) if held.len() < WORTH_A_HEAD => {
                let mut joined =
                    BytesMut::with_capacity(WORTH_A_HEAD.max(held.len() + slice.len()));
                joined.extend_from_slice(&held);
                joined.extend_from_slice(&slice);
                self.held = Held::Joined(joined);
                None
            }
            Held::Joined(mut joined) if joined.len() < WORTH_A_HEAD => {
                joined.extend_from_slice(&slice);
                self.held = Held::Joined(joined);
                None
            }
            full => {
                self.held = Held::Slice(slice);
                Some(self.piece(full, Flag::More))
            }
        }
    }

    /// The chunk has ended: its last piece, and whether its length is the one that it stated. One that was interrupted
    /// may be shorter.
    pub(crate) fn end(mut self, end: &End) -> (Piece, bool) {
        let held = std::mem::replace(&mut self.held, Held::Nothing);
        let piece = self.piece(held, end.flag);
        let after = self.next;
        let fits = |last: Option<u64>| last.is_none_or(|last| after <= last.saturating_add(1));
        let exact = |last: Option<u64>| last.is_none_or(|last| after == last.saturating_add(1));
        // Some stacks count the line end that closes the body, as the example of RFC 4975 section 4 does.
        let counted = self.end == Some(after.saturating_add(1));
        let sound = match end.flag {
            Flag::Last => counted || exact(self.end) && exact(self.total),
            Flag::More | Flag::Abort => fits(self.end) && fits(self.total),
        };
        (piece, sound)
    }

    fn piece(&mut self, held: Held, flag: Flag) -> Piece {
        let body = match held {
            Held::Nothing => Bytes::new(),
            Held::Slice(slice) => slice,
            Held::Joined(joined) => joined.freeze(),
        };
        let start = self.next;
        self.next = start.saturating_add(body.len() as u64);
        let last = self.next.saturating_sub(1);
        let total = if flag == Flag::Last { Some(last) } else { self.total };
        Piece { range: ByteRange { start, end: Some(last), total }, body, flag }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passing(range: ByteRange) -> Passing {
        let id = MessageId::parse("message").unwrap();
        Passing { id, next: range.start, end: range.end, total: range.total, held: Held::Nothing }
    }

    fn end(flag: Flag) -> End {
        End { flag, body: 0, fault: None, bare: false }
    }

    fn run(range: ByteRange, slices: &[usize], flag: Flag) -> (Vec<(u64, usize, Flag)>, bool) {
        let mut passing = passing(range);
        let slices = slices.iter().map(|len| Bytes::from(vec![b'x'; *len]));
        let mut pieces: Vec<Piece> = slices.filter_map(|slice| passing.body(slice)).collect();
        let (last, sound) = passing.end(&end(flag));
        pieces.push(last);
        for piece in &pieces {
            assert_eq!(piece.range.len(), Some(piece.body.len() as u64));
        }
        let seen = pieces.iter().map(|piece| (piece.range.start, piece.body.len(), piece.flag));
        (seen.collect(), sound)
    }

    const OPEN: ByteRange = ByteRange { start: 1, end: None, total: Some(10_000) };

    #[test]
    fn large_slices_go_on_one_by_one_and_the_last_bears_the_flag() {
        let (pieces, sound) = run(OPEN, &[4000, 5000, 1000], Flag::Last);
        assert_eq!(
            pieces,
            [(1, 4000, Flag::More), (4001, 5000, Flag::More), (9001, 1000, Flag::Last)]
        );
        assert!(sound);
        assert_eq!(run(OPEN, &[10_000], Flag::Last).0, [(1, 10_000, Flag::Last)]);
        assert_eq!(run(ByteRange::UNSTATED, &[], Flag::Last), (vec![(1, 0, Flag::Last)], true));
    }

    #[test]
    fn a_trickle_is_joined() {
        let (pieces, _) = run(OPEN, &[1; 5000], Flag::More);
        assert_eq!(
            pieces,
            [(1, 2048, Flag::More), (2049, 2048, Flag::More), (4097, 904, Flag::More)]
        );
    }

    #[test]
    fn lengths_that_differ_from_what_was_stated_are_noticed() {
        let stated = ByteRange { start: 1, end: Some(10), total: Some(10) };
        for (len, flag, sound) in [
            (10, Flag::Last, true),
            (9, Flag::Last, true),
            (8, Flag::Last, true),
            (7, Flag::Last, false),
            (11, Flag::Last, false),
            (7, Flag::More, true),
            (7, Flag::Abort, true),
            (11, Flag::More, false),
        ] {
            let expected = sound && !(len == 9 && flag == Flag::Last);
            assert_eq!(run(stated, &[len], flag).1, expected, "{len} {flag:?}");
        }
    }
}
