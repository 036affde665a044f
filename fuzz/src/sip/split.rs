//! However bytes are divided on their way, what is read from them is the same.

use missiva_core::FaultKind;
use missiva_sip::frame::{Frame, Recover, Side, StreamFramer};
use missiva_sip::{Limits, Message, Part};

use super::watch;

/// What came out of a framer.
#[derive(Debug, PartialEq)]
enum Seen {
    Message(Vec<u8>, Vec<u8>),
    Ping,
    Pong,
    Error(FaultKind, Part, u32, Recover, Option<Vec<u8>>),
    /// Frames of a kind that this program does not know.
    Other,
}

/// The first two bytes choose the side, the limits and the cuts; the rest is the stream.
pub fn stream(data: &[u8]) {
    let [choice, seed, stream @ ..] = data else {
        return;
    };
    let side = if choice & 1 == 0 { Side::Accepting } else { Side::Connecting };
    let limits = if choice & 2 == 0 { Limits::DEFAULT } else { watch::SMALL };
    let whole = read(side, limits, std::iter::once(stream));
    // A seed of zero cuts between all bytes.
    let pieces = Pieces {
        rest: stream,
        longest: 1 + usize::from(*seed),
        state: u32::from(*seed) * 0x0101 + 1,
    };
    assert_eq!(read(side, limits, pieces), whole);
}

/// Cuts a stream at places that look random.
struct Pieces<'a> {
    rest: &'a [u8],
    longest: usize,
    state: u32,
}

impl<'a> Iterator for Pieces<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        if self.rest.is_empty() {
            return None;
        }
        self.state = self.state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let len = 1 + (self.state >> 8) as usize % self.longest;
        let (piece, rest) = self.rest.split_at(len.min(self.rest.len()));
        self.rest = rest;
        Some(piece)
    }
}

fn read<'a>(
    side: Side,
    limits: Limits,
    pieces: impl Iterator<Item = &'a [u8]>,
) -> (Vec<Seen>, usize) {
    let mut framer = StreamFramer::with_limits(side, limits);
    let mut seen = Vec::new();
    for piece in pieces {
        framer.push(piece);
        while let Some(next) = step(&mut framer) {
            seen.push(next);
        }
        let most = limits.max_head + limits.max_body;
        assert!(framer.buffered() <= most, "a framer keeps one message");
    }
    (seen, framer.buffered())
}

fn step(framer: &mut StreamFramer) -> Option<Seen> {
    let copy = |message: &Message| (message.head().to_vec(), message.body().to_vec());
    match framer.next() {
        Ok(None) => None,
        Ok(Some(Frame::Message(message))) => {
            let (head, body) = copy(&message);
            Some(Seen::Message(head, body))
        }
        Ok(Some(Frame::Ping)) => Some(Seen::Ping),
        Ok(Some(Frame::Pong)) => Some(Seen::Pong),
        Ok(Some(_)) => Some(Seen::Other),
        Err(error) => {
            let head = error.message.as_deref().map(|message| copy(message).0);
            let fault = error.error;
            Some(Seen::Error(fault.kind, fault.field, fault.at, error.recover, head))
        }
    }
}
