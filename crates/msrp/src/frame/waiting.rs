//! A body whose end has not been found.

use missiva_core::FaultKind;

use super::End;
use super::pieces::{Marker, Match, Pieces};
use crate::{Head, Limits, ParseError, Part, field};

/// What is known of a body and of its end.
#[derive(Debug)]
pub(super) struct Body {
    pub(super) marker: Marker,
    /// What `Byte-Range` says of the length.
    pub(super) stated: Option<u64>,
    /// The length beyond which the end-line is overdue.
    pub(super) due: Option<u64>,
    /// Whether the body waits to be verified at its stated length.
    pub(super) held: bool,
    /// Bytes that were given out.
    pub(super) given: u64,
    /// Bytes that wait and in which no end-line begins.
    pub(super) searched: usize,
    /// Whether the end-line may still follow the empty line at once.
    pub(super) at_start: bool,
    /// Whether the message was refused: nothing of it is given out.
    pub(super) discard: bool,
    pub(super) head_len: u64,
}

/// Pieces that may wait: each may keep a large buffer alive.
const MAX_PIECES: usize = 64;
/// What became of a body that waits.
pub(super) enum Held {
    Waits,
    Ends(usize, End),
    Searched,
}

impl Body {
    #[inline]
    pub(super) fn of(head: &Head, head_len: usize, discard: bool) -> Self {
        let range = head.get::<field::ByteRange>().ok().flatten();
        let range = range.filter(crate::header::ByteRange::is_consistent);
        let stated = range.and_then(|range| range.len());
        let rest = range
            .and_then(|range| range.total.map(|total| (total + 1).saturating_sub(range.start)));
        Self {
            marker: Marker::new(head.transaction_id()),
            stated,
            due: stated.or(rest),
            held: stated.is_some(),
            given: 0,
            searched: 0,
            at_start: true,
            discard,
            head_len: head_len as u64,
        }
    }

    /// Looks for the end-line where the range says that it stands.
    #[inline]
    pub(super) fn verify(&mut self, pieces: &Pieces, limits: &Limits) -> Held {
        let Some(stated) = self.stated.and_then(|stated| usize::try_from(stated).ok()) else {
            return Held::Searched;
        };
        let needed = stated.saturating_add(self.marker.len());
        if pieces.len() >= needed {
            return match pieces.matches(&self.marker, stated) {
                Match::Yes(flag) => {
                    let body = stated as u64;
                    Held::Ends(self.marker.len(), End { flag, body, fault: None, bare: false })
                }
                _ => Held::Searched,
            };
        }
        if needed > limits.max_held || pieces.count() > MAX_PIECES {
            return Held::Searched;
        }
        if pieces.ends_like_a_message()
            && let Some((_, end_line, end)) = self.search(pieces)
        {
            return Held::Ends(end_line, end);
        }
        Held::Waits
    }

    /// Looks for the end-line in all bytes that wait and were not searched before. Finding it, says how many bytes of
    /// body come before it and how many it has.
    pub(super) fn search(&mut self, pieces: &Pieces) -> Option<(usize, usize, End)> {
        if self.at_start {
            match pieces.matches_bare(&self.marker) {
                Match::Yes(flag) => {
                    let end = End { flag, body: 0, fault: self.length_fault(0), bare: true };
                    return Some((0, self.marker.len() - 2, end));
                }
                Match::Begun => return None,
                Match::No => self.at_start = false,
            }
        }
        let (at, found) = pieces.search(&self.marker, self.searched);
        self.searched = at;
        let Match::Yes(flag) = found else { return None };
        let body = self.given.saturating_add(at as u64);
        let end = End { flag, body, fault: self.length_fault(body), bare: false };
        Some((at, self.marker.len(), end))
    }

    /// What is wrong with a body of at least `len` bytes. The place of the fault does not depend on how the bytes came.
    #[inline]
    pub(super) fn check_len(&self, len: u64, limits: &Limits) -> Option<ParseError> {
        let overdue = self.due.map(|due| due.saturating_add(limits.max_overrun));
        let (most, kind, part) = match overdue {
            Some(most) if most < limits.max_body => (most, FaultKind::Conflict, Part::EndLine),
            _ => (limits.max_body, FaultKind::Limit, Part::Body),
        };
        let at = self.head_len.saturating_add(most) as usize;
        (len > most).then(|| ParseError::new(kind, part, at))
    }

    pub(super) fn length_fault(&self, len: u64) -> Option<ParseError> {
        let differs = self.stated.is_some_and(|stated| stated != len);
        let at = self.head_len.saturating_add(len) as usize;
        differs.then(|| ParseError::new(FaultKind::Conflict, Part::Body, at))
    }
}
