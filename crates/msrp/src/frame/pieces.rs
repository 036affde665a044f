//! Bytes of a body that wait for their end-line.

use std::collections::VecDeque;

use bytes::{Buf, Bytes};
use memchr::memmem;

use crate::Flag;
use crate::head::HYPHENS;
use crate::ident::TRANSACTION_ID;

/// The end-line of one message, with the line end that closes its body before it: `\r\n-------id`. A flag and a line
/// end follow.
#[derive(Clone, Copy, Debug)]
pub(super) struct Marker {
    bytes: [u8; MARKER],
    len: u8,
}

const BEFORE: usize = 2 + HYPHENS.len();
const MARKER: usize = BEFORE + *TRANSACTION_ID.end();
/// The flag and the line end.
const BEHIND: usize = 3;

impl Marker {
    #[inline]
    pub(super) fn new(id: &str) -> Self {
        let mut bytes = *b"\r\n-------                                ";
        if let Some(place) = bytes.get_mut(BEFORE..BEFORE + id.len()) {
            place.copy_from_slice(id.as_bytes());
        }
        Self { bytes, len: (BEFORE + id.len()).min(MARKER) as u8 }
    }

    #[inline]
    fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.len)).unwrap_or_default()
    }

    /// What this end-line closes, when `bytes` end with it: the length of the body, the flag, and whether the line end
    /// that closes the body is missing.
    pub(super) fn closes(&self, bytes: &[u8]) -> Option<(usize, Flag, bool)> {
        let (rest, [flag, b'\r', b'\n']) = bytes.split_last_chunk()? else { return None };
        let flag = Flag::from_byte(*flag)?;
        if let Some(body) = rest.strip_suffix(self.as_bytes()) {
            return Some((body.len(), flag, false));
        }
        (Some(rest) == self.as_bytes().get(2..)).then_some((0, flag, true))
    }

    /// Bytes from the line end before the hyphens to the one behind the flag.
    #[inline]
    pub(super) const fn len(&self) -> usize {
        self.len as usize + BEHIND
    }
}

/// Whether an end-line stands somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Match {
    No,
    /// All bytes that are there agree, and more are needed.
    Begun,
    Yes(Flag),
}

/// Pushed buffers, seen as one run of bytes.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    pieces: VecDeque<Bytes>,
    len: usize,
}

impl Pieces {
    #[inline]
    pub(super) fn push(&mut self, piece: Bytes) {
        if !piece.is_empty() {
            self.len += piece.len();
            self.pieces.push_back(piece);
        }
    }

    /// Puts bytes back before all others.
    pub(super) fn push_front(&mut self, piece: Bytes) {
        if !piece.is_empty() {
            self.len += piece.len();
            self.pieces.push_front(piece);
        }
    }

    #[inline]
    pub(super) const fn len(&self) -> usize {
        self.len
    }

    pub(super) fn count(&self) -> usize {
        self.pieces.len()
    }

    pub(super) fn clear(&mut self) {
        self.pieces.clear();
        self.len = 0;
    }

    /// The bytes of the first piece.
    #[inline]
    pub(super) fn first(&self) -> &[u8] {
        self.pieces.front().map_or(&[], |piece| piece)
    }

    /// Takes up to `most` bytes off the front, all from one piece.
    #[inline]
    pub(super) fn take(&mut self, most: usize) -> Bytes {
        let Some(front) = self.pieces.front_mut() else { return Bytes::new() };
        if front.len() <= most {
            self.len -= front.len();
            return self.pieces.pop_front().unwrap_or_default();
        }
        self.len -= most;
        front.split_to(most)
    }

    /// Drops `count` bytes off the front.
    #[inline]
    pub(super) fn skip(&mut self, mut count: usize) {
        while let Some(front) = self.pieces.front_mut().filter(|_| count > 0) {
            let here = front.len().min(count);
            count -= here;
            self.len -= here;
            if here == front.len() {
                self.pieces.pop_front();
            } else {
                front.advance(here);
            }
        }
    }

    /// The bytes from `at` on.
    fn bytes_from(&self, at: usize) -> impl Iterator<Item = u8> {
        let mut before = at;
        self.pieces.iter().flat_map(move |piece| {
            let from = before.min(piece.len());
            before -= from;
            piece.get(from..).unwrap_or_default().iter().copied()
        })
    }

    /// Whether the end-line stands at byte `at`.
    #[inline]
    pub(super) fn matches(&self, marker: &Marker, at: usize) -> Match {
        let expected = marker.as_bytes();
        // Nearly always all of it lies in the first piece.
        if let Some(here) = self.first().get(at..at.saturating_add(marker.len())) {
            return match here.strip_prefix(expected) {
                Some([flag, b'\r', b'\n']) => Flag::from_byte(*flag).map_or(Match::No, Match::Yes),
                _ => Match::No,
            };
        }
        self.matches_across(expected, at)
    }

    #[inline(never)]
    fn matches_across(&self, expected: &[u8], at: usize) -> Match {
        let mut bytes = self.bytes_from(at);
        for expected in expected {
            match bytes.next() {
                None => return Match::Begun,
                Some(byte) if byte != *expected => return Match::No,
                Some(_) => {}
            }
        }
        let flag = match bytes.next().map(Flag::from_byte) {
            None => return Match::Begun,
            Some(None) => return Match::No,
            Some(Some(flag)) => flag,
        };
        for expected in *b"\r\n" {
            match bytes.next() {
                None => return Match::Begun,
                Some(byte) if byte != expected => return Match::No,
                Some(_) => {}
            }
        }
        Match::Yes(flag)
    }

    /// Whether the end-line stands at the first byte, without the line end before its hyphens.
    pub(super) fn matches_bare(&self, marker: &Marker) -> Match {
        self.matches_across(marker.as_bytes().get(2..).unwrap_or_default(), 0)
    }

    /// Looks for the end-line from byte `from` on. Says where it was found; or where it may have begun, or where the
    /// bytes end, before which there is none.
    pub(super) fn search(&self, marker: &Marker, from: usize) -> (usize, Match) {
        let needle = marker.as_bytes();
        let (mut base, mut finder) = (0, None);
        for piece in &self.pieces {
            let start = from.saturating_sub(base).min(piece.len());
            let rest = piece.get(start..).unwrap_or_default();
            if rest.len() >= needle.len() {
                let finder = finder.get_or_insert_with(|| memmem::Finder::new(needle));
                for hit in finder.find_iter(rest) {
                    let at = base + start + hit;
                    match self.matches(marker, at) {
                        Match::No => {}
                        found => return (at, found),
                    }
                }
            }
            // One that begins at the end of this piece and goes on in the next.
            let seam = rest.len().saturating_sub(needle.len() - 1);
            for at in memchr::memchr_iter(b'\r', rest.get(seam..).unwrap_or_default()) {
                let at = base + start + seam + at;
                match self.matches(marker, at) {
                    Match::No => {}
                    found => return (at, found),
                }
            }
            base += piece.len();
        }
        (self.len, Match::No)
    }

    /// Whether the bytes end as an end-line does, whatever its id: then the peer may have said all it has to say.
    pub(super) fn ends_like_a_message(&self) -> bool {
        const LONGEST: usize = MARKER + BEHIND;
        let from = self.len.saturating_sub(LONGEST);
        let mut tail = [0; LONGEST];
        let mut used = 0;
        let mut filled = [0; LONGEST];
        // From the last piece backwards, so that pieces in front cost nothing.
        'pieces: for piece in self.pieces.iter().rev() {
            for byte in piece.iter().rev() {
                if used == LONGEST.min(self.len - from) {
                    break 'pieces;
                }
                if let Some(place) = tail.get_mut(used) {
                    *place = *byte;
                }
                used += 1;
                if used == BEHIND && !matches!(tail, [b'\n', b'\r', b'$' | b'+' | b'#', ..]) {
                    return false;
                }
            }
        }
        for (place, byte) in filled.iter_mut().zip(tail.iter().take(used).rev()) {
            *place = *byte;
        }
        used > BEHIND && memmem::find(filled.get(..used).unwrap_or_default(), HYPHENS).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(parts: &[&'static [u8]]) -> Pieces {
        let mut pieces = Pieces::default();
        for part in parts {
            pieces.push(Bytes::from_static(part));
        }
        pieces
    }

    #[test]
    fn an_end_line_is_found_wherever_it_is_cut() {
        let whole: &'static [u8] =
            b"body\r\r\n------\r\n-------abcd?\r\n-------abcde$\r\n-------abcd+\r\nMSRP";
        let marker = Marker::new("abcd");
        for first in 0..=whole.len() {
            for second in first..=whole.len() {
                let parts = pieces(&[&whole[..first], &whole[first..second], &whole[second..]]);
                assert_eq!(
                    parts.search(&marker, 0),
                    (42, Match::Yes(Flag::More)),
                    "{first} {second}"
                );
                assert_eq!(parts.search(&marker, 42), (42, Match::Yes(Flag::More)));
                assert_eq!(parts.search(&marker, 43).1, Match::No);
            }
        }
    }

    #[test]
    fn what_may_be_the_start_of_an_end_line_is_kept_back() {
        let marker = Marker::new("abcd");
        for (parts, found) in [
            (&[b"body\r\n-------abcd" as &[u8]][..], (4, Match::Begun)),
            (&[b"body\r", b"\n-------abcd$\r"], (4, Match::Begun)),
            (&[b"body\r\n-------abcd$\r\r"], (19, Match::Begun)),
            (&[b"body\r\n-------abcx\r"], (17, Match::Begun)),
            (&[b"body"], (4, Match::No)),
            (&[], (0, Match::No)),
        ] {
            assert_eq!(pieces(parts).search(&marker, 0).1, found.1);
            if found.1 == Match::Begun {
                assert_eq!(pieces(parts).search(&marker, 0), found);
            }
        }
    }

    #[test]
    fn messages_end_in_one_way_only() {
        for (parts, ends) in [
            (&[b"x\r\n-------abcd$\r\n" as &[u8]][..], true),
            (&[b"x\r\n---", b"----abcd#", b"\r", b"\n"], true),
            (&[b"-------abcd+\r\n"], true),
            (&[b"x\r\n------abcd$\r\n"], false),
            (&[b"x\r\n-------abcd\r\n"], false),
            (&[b"$\r\n"], false),
            (&[b"\n"], false),
            (&[], false),
        ] {
            assert_eq!(pieces(parts).ends_like_a_message(), ends, "{parts:?}");
        }
    }

    #[test]
    fn taking_and_skipping_keep_count() {
        let mut parts = pieces(&[b"abc", b"", b"defg"]);
        assert_eq!((parts.len(), parts.count()), (7, 2));
        assert_eq!((parts.take(2), parts.take(9), parts.len()), ("ab".into(), "c".into(), 4));
        parts.push_front(Bytes::from_static(b"xy"));
        parts.skip(3);
        assert_eq!((parts.first(), parts.len()), (&b"efg"[..], 3));
        parts.skip(9);
        assert_eq!((parts.take(1), parts.len()), (Bytes::new(), 0));
    }
}
