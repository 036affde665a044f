//! Header field names: finding the known ones in one look-up.

use std::fmt;

use super::table::{COMPACT, HeaderName, NAMES};

impl HeaderName {
    /// The known name that `spelling` is in any case, long or compact; [`HeaderName::Other`] for all else.
    ///
    /// Compact forms are expanded here and in the head index alone, so every accessor treats both alike.
    #[must_use]
    pub fn find(spelling: &[u8]) -> Self {
        if spelling.len() >= 8 {
            return Self::find_safely(spelling, spelling.len());
        }
        let mut padded = [b' '; 16];
        for (place, byte) in padded.iter_mut().zip(spelling) {
            *place = *byte;
        }
        Self::find_safely(&padded, spelling.len())
    }

    /// Folding case by setting a bit also folds two control characters, which cannot come from the index.
    fn find_safely(bytes: &[u8], len: usize) -> Self {
        let found = Self::find_at(bytes, len);
        let spelling = bytes.get(..len).unwrap_or_default();
        if found != Self::Other && spelling.iter().any(u8::is_ascii_control) {
            Self::Other
        } else {
            found
        }
    }

    /// The known name in the first `len` of at least eight bytes. No CR may stand in it.
    ///
    /// The name is compared as two words, one from each end, so that its cost does not depend on its letters.
    #[inline(always)]
    pub(crate) fn find_at(bytes: &[u8], len: usize) -> Self {
        let Some(key) = Key::of(bytes, len) else { return Self::Other };
        let mut at = key.home();
        // The table is never full, so an empty place comes.
        while let Some((known, name)) =
            SLOTS.get(at).and_then(|place| KEYS.get(usize::from(*place)))
        {
            if *known == key {
                return if len <= 16 || inner_matches(*name, bytes, len) {
                    *name
                } else {
                    Self::Other
                };
            }
            at = at.wrapping_add(1) % TABLE;
        }
        Self::Other
    }
}

/// The bytes between the two words of the key.
#[inline(never)]
fn inner_matches(name: HeaderName, bytes: &[u8], len: usize) -> bool {
    let inner = 8..len.saturating_sub(8);
    let ours = name.as_str().as_bytes().get(inner.clone());
    ours.zip(bytes.get(inner)).is_some_and(|(ours, theirs)| ours.eq_ignore_ascii_case(theirs))
}

/// A name without its case, but for what lies deep inside a long one.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Key {
    first: u64,
    last: u64,
    len: usize,
}

/// Sets the bit in which small letters differ from capitals.
const FOLD: u64 = 0x2020_2020_2020_2020;

impl Key {
    #[inline(always)]
    fn of(bytes: &[u8], len: usize) -> Option<Self> {
        let word = |at: usize| {
            bytes.get(at..).and_then(<[u8]>::first_chunk).map(|word| u64::from_le_bytes(*word))
        };
        let first = (word(0)? | FOLD) & mask(len)?;
        let last = if len > 8 { word(len.wrapping_sub(8))? | FOLD } else { 0 };
        Some(Self { first, last, len })
    }

    #[allow(clippy::indexing_slicing, reason = "evaluated at compile time")]
    const fn of_name(text: &str) -> Self {
        let (bytes, len) = (text.as_bytes(), text.len());
        let (mut first, mut last, mut at) = (0, 0, 0);
        while at < 8 {
            if at < len {
                first |= (bytes[at] as u64 | 0x20) << (8 * at);
            }
            if len > 8 {
                last |= (bytes[len - 8 + at] as u64 | 0x20) << (8 * at);
            }
            at += 1;
        }
        Self { first, last, len }
    }

    #[inline(always)]
    const fn home(self) -> usize {
        let mixed = self.first ^ self.last.rotate_left(23) ^ (self.len as u64) << 40;
        (mixed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 54) as usize
    }
}

/// The bytes of a word that belong to a name of `len` bytes.
#[inline(always)]
const fn mask(len: usize) -> Option<u64> {
    match len {
        0 => None,
        1..8 => Some(u64::MAX >> (64 - 8 * len)),
        _ => Some(u64::MAX),
    }
}

const TABLE: usize = 1024;
const FREE: u8 = u8::MAX;
const KNOWN: usize = NAMES.len() + COMPACT.len();
/// No known name is longer.
const LONGEST: usize = 40;

/// Long names, then compact ones.
static KEYS: [(Key, HeaderName); KNOWN] = build_keys();
/// Index into [`KEYS`] by hash; a clash takes the next free place.
static SLOTS: [u8; TABLE] = build_slots();

const _: () = assert!(KNOWN < FREE as usize);

#[allow(clippy::indexing_slicing, reason = "evaluated at compile time")]
const fn build_keys() -> [(Key, HeaderName); KNOWN] {
    let mut keys = [(Key { first: 0, last: 0, len: 0 }, HeaderName::Other); KNOWN];
    let mut at = 0;
    while at < KNOWN {
        keys[at] = if at < NAMES.len() {
            assert!(NAMES[at].1.len() <= LONGEST);
            (Key::of_name(NAMES[at].1), NAMES[at].0)
        } else {
            let (name, letter) = COMPACT[at - NAMES.len()];
            (Key { first: letter as u64, last: 0, len: 1 }, name)
        };
        at += 1;
    }
    keys
}

#[allow(clippy::indexing_slicing, reason = "evaluated at compile time")]
const fn build_slots() -> [u8; TABLE] {
    let keys = build_keys();
    let mut slots = [FREE; TABLE];
    let mut index = 0;
    while index < KNOWN {
        let mut at = keys[index].0.home();
        while slots[at] != FREE {
            at = (at + 1) % TABLE;
        }
        slots[at] = index as u8;
        index += 1;
    }
    slots
}

impl fmt::Display for HeaderName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for HeaderName {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_found_in_every_case_and_compact() {
        for &(name, text) in NAMES {
            assert_eq!(name.as_str(), text);
            for spelling in [text.to_owned(), text.to_lowercase(), text.to_uppercase()] {
                assert_eq!(HeaderName::find(spelling.as_bytes()), name, "{spelling}");
            }
        }
        for &(name, letter) in COMPACT {
            assert_eq!(HeaderName::find(&[letter]), name);
            assert_eq!(HeaderName::find(&[letter.to_ascii_uppercase()]), name);
            assert_eq!(name.compact(), Some(char::from(letter)));
        }
    }

    #[test]
    fn strangers_are_other() {
        for spelling in [
            "",
            "q",
            "Vi",
            "Viaa",
            "X-Custom",
            "Call-Id-",
            "Call\rID",
            "P-Charging-Functiox-Addresses",
            "\u{e9}",
        ] {
            assert_eq!(HeaderName::find(spelling.as_bytes()), HeaderName::Other, "{spelling}");
        }
    }

    #[test]
    fn few_names_share_a_place() {
        let mut homes: Vec<usize> = KEYS.iter().map(|(key, _)| key.home()).collect();
        homes.sort_unstable();
        let clashes = homes.windows(2).filter(|pair| pair[0] == pair[1]).count();
        assert!(clashes <= 16, "{clashes} clashes");
    }
}
