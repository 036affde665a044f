//! Where a NUL may stand in a head: as the second byte of a `quoted-pair`, and nowhere else.
//!
//! RFC 3261 section 25.1 has quoted pairs in quoted strings and comments. A backslash anywhere else escapes nothing,
//! so the byte behind it is judged as if the backslash were not there.

use crate::HeaderName;
use crate::grammar::trim_blanks_end;

/// Reads quotes and comments of a head up to the NULs that are found in it; a head without any is never read here.
///
/// It goes on from where the last NUL stood, so that a head is read at most once, however its bytes arrive.
#[derive(Clone, Debug)]
pub(super) struct QuotedPairs {
    /// First byte that was not read yet.
    at: usize,
    place: Place,
    /// The byte before `at` is a backslash that escapes.
    escapes: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    StartLine,
    /// In the name of the field that begins at this byte.
    Name(usize),
    /// In a value, outside of quotes and comments.
    Plain(Words),
    Quoted(Words),
    /// In a comment that lies in so many others.
    Comment(Words, u32),
}

/// What the value of a field is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Words {
    /// Free text or words, to which a quote is a byte like any other.
    Text,
    /// Quoted strings among other things.
    Strings,
    /// Comments among other things.
    Comments,
    /// Both of them.
    Both,
}

impl Words {
    fn of(name: HeaderName) -> Self {
        match name {
            HeaderName::CallId | HeaderName::InReplyTo => Self::Text,
            HeaderName::Subject | HeaderName::Organization => Self::Text,
            HeaderName::Server | HeaderName::UserAgent => Self::Comments,
            HeaderName::RetryAfter => Self::Both,
            _ => Self::Strings,
        }
    }

    const fn has_strings(self) -> bool {
        matches!(self, Self::Strings | Self::Both)
    }

    const fn has_comments(self) -> bool {
        matches!(self, Self::Comments | Self::Both)
    }
}

impl QuotedPairs {
    pub(super) const fn new() -> Self {
        Self { at: 0, place: Place::StartLine, escapes: false }
    }

    /// Whether the byte `at` is the second one of a quoted pair. What was asked of a later byte before was let
    /// through then.
    pub(super) fn has(&mut self, head: &[u8], at: usize) -> bool {
        if at < self.at {
            return true;
        }
        while self.at < at {
            self.step(head);
        }
        let escaped = self.escapes;
        self.step(head);
        escaped
    }

    fn step(&mut self, head: &[u8]) {
        let Some(&byte) = head.get(self.at) else { return };
        let next = head.get(self.at.saturating_add(1)).copied();
        let escaped = std::mem::take(&mut self.escapes);
        match (self.place, byte) {
            (Place::StartLine, b'\n') => self.place = Place::Name(self.at.saturating_add(1)),
            (Place::StartLine, _) => {}
            // A fold goes on with what it interrupts.
            (_, b'\n') if matches!(next, Some(b' ' | b'\t')) => {}
            (_, b'\n') => self.place = Place::Name(self.at.saturating_add(1)),
            (Place::Name(from), b':') => {
                let name = head.get(from..self.at).unwrap_or_default();
                self.place = Place::Plain(Words::of(HeaderName::find(trim_blanks_end(name))));
            }
            (Place::Quoted(_) | Place::Comment(..), _) if escaped => {}
            (Place::Quoted(_) | Place::Comment(..), b'\\') => self.escapes = true,
            (Place::Plain(words), b'"') if words.has_strings() => self.place = Place::Quoted(words),
            (Place::Quoted(words), b'"') => self.place = Place::Plain(words),
            (Place::Plain(words), b'(') if words.has_comments() => {
                self.place = Place::Comment(words, 0);
            }
            (Place::Comment(words, outer), b'(') => {
                self.place = Place::Comment(words, outer.saturating_add(1));
            }
            (Place::Comment(words, outer), b')') => {
                self.place = outer
                    .checked_sub(1)
                    .map_or(Place::Plain(words), |outer| Place::Comment(words, outer));
            }
            _ => {}
        }
        self.at = self.at.saturating_add(1);
    }
}
