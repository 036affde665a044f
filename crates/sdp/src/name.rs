//! Names of fields: finding the known attributes in one look-up.

use std::fmt;

use crate::table::{ATTRIBUTES, FieldName};

impl FieldName {
    /// The known attribute that `spelling` is in any case; [`FieldName::OtherAttribute`] for all else.
    ///
    /// RFC 4566 had attribute names in quoted ABNF, where case does not count, and peers make use of that.
    #[must_use]
    pub fn find_attribute(spelling: &str) -> Self {
        // Folding case by setting a bit makes a hyphen of a CR, which cannot come from the index.
        if spelling.contains('\r') {
            return Self::OtherAttribute;
        }
        Self::find_at(spelling.as_bytes(), 0, spelling.len())
    }

    /// The line type of a letter other than `a`.
    #[inline(always)]
    pub(crate) const fn of_letter(letter: u8) -> Self {
        match letter {
            b'v' => Self::Version,
            b'o' => Self::Origin,
            b's' => Self::SessionName,
            b'i' => Self::Information,
            b'u' => Self::Uri,
            b'e' => Self::Email,
            b'p' => Self::Phone,
            b'c' => Self::Connection,
            b'b' => Self::Bandwidth,
            b't' => Self::Time,
            b'r' => Self::Repeat,
            b'z' => Self::Zone,
            b'k' => Self::Key,
            b'm' => Self::Media,
            _ => Self::OtherLine,
        }
    }

    /// The known attribute whose name stands in the bytes `at` to `end`.
    ///
    /// The name is compared as two words, one from each end, so that its cost does not depend on its letters.
    #[inline(always)]
    pub(crate) fn find_at(bytes: &[u8], at: usize, end: usize) -> Self {
        let len = end.saturating_sub(at);
        if len > LONGEST {
            return Self::OtherAttribute;
        }
        let word = |at: usize| bytes.get(at..).and_then(<[u8]>::first_chunk);
        let Some(first) = word(at) else { return Self::find_padded(bytes, at, end) };
        let last = if len > 8 { word(end.wrapping_sub(8)) } else { Some(&[0; 8]) };
        let Some(last) = last else { return Self::OtherAttribute };
        Self::look_up(Key::of(*first, *last, len), bytes.get(at..end).unwrap_or_default())
    }

    /// The same for a name that ends with the text.
    #[cold]
    fn find_padded(bytes: &[u8], at: usize, end: usize) -> Self {
        let name = bytes.get(at..end).unwrap_or_default();
        let mut first = [0; 8];
        for (place, byte) in first.iter_mut().zip(name) {
            *place = *byte;
        }
        Self::look_up(Key::of(first, [0; 8], name.len()), name)
    }

    #[inline(always)]
    fn look_up(key: Key, spelling: &[u8]) -> Self {
        let mut at = key.home();
        // The table is never full, so an empty place comes.
        while let Some((known, name)) =
            SLOTS.get(at).and_then(|place| KEYS.get(usize::from(*place)))
        {
            if *known == key {
                return if key.len <= 16 || inner_matches(*name, spelling) {
                    *name
                } else {
                    Self::OtherAttribute
                };
            }
            at = at.wrapping_add(1) % TABLE;
        }
        Self::OtherAttribute
    }
}

/// The bytes between the two words of the key.
#[inline(never)]
fn inner_matches(name: FieldName, spelling: &[u8]) -> bool {
    name.attribute().unwrap_or_default().as_bytes().eq_ignore_ascii_case(spelling)
}

/// A name without its case, but for what lies deep inside a long one.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Key {
    first: u64,
    last: u64,
    len: usize,
}

/// Sets the bit in which small letters differ from capitals. It turns no other byte of a token into one of a known
/// name, and what is no token is refused by the index.
const FOLD: u64 = 0x2020_2020_2020_2020;

impl Key {
    #[inline(always)]
    const fn of(first: [u8; 8], last: [u8; 8], len: usize) -> Self {
        let mask = match len {
            0 => 0,
            1..8 => u64::MAX >> (64 - 8 * len),
            _ => u64::MAX,
        };
        let first = (u64::from_le_bytes(first) | FOLD) & mask;
        let last = if len > 8 { u64::from_le_bytes(last) | FOLD } else { 0 };
        Self { first, last, len }
    }

    #[allow(clippy::indexing_slicing, reason = "evaluated at compile time")]
    const fn of_name(text: &str) -> Self {
        let (bytes, len) = (text.as_bytes(), text.len());
        let (mut first, mut last, mut at) = ([0; 8], [0; 8], 0);
        while at < 8 {
            if at < len {
                first[at] = bytes[at];
            }
            if len > 8 {
                last[at] = bytes[len - 8 + at];
            }
            at += 1;
        }
        Self::of(first, last, len)
    }

    #[inline(always)]
    const fn home(self) -> usize {
        let mixed = self.first ^ self.last.rotate_left(23) ^ (self.len as u64) << 40;
        (mixed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 54) as usize
    }
}

const TABLE: usize = 1024;
const FREE: u8 = u8::MAX;
const KNOWN: usize = ATTRIBUTES.len();
/// No known name is longer.
const LONGEST: usize = 24;

static KEYS: [(Key, FieldName); KNOWN] = build_keys();
/// Index into [`KEYS`] by hash; a clash takes the next free place.
static SLOTS: [u8; TABLE] = build_slots();

const _: () = assert!(KNOWN < FREE as usize);

#[allow(clippy::indexing_slicing, reason = "evaluated at compile time")]
const fn build_keys() -> [(Key, FieldName); KNOWN] {
    let mut keys = [(Key { first: 0, last: 0, len: 0 }, FieldName::OtherAttribute); KNOWN];
    let mut at = 0;
    while at < KNOWN {
        let (name, text) = ATTRIBUTES[at];
        assert!(text.len() <= LONGEST);
        keys[at] = (Key::of_name(text), name);
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

impl fmt::Display for FieldName {
    /// `o=` for a line, `a=rtpmap` for an attribute.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self, self.attribute()) {
            (Self::OtherLine, _) => f.write_str("unknown line"),
            (Self::OtherAttribute, _) => f.write_str("a=other"),
            (_, Some(name)) => write!(f, "a={name}"),
            (_, None) => write!(f, "{}=", self.letter()),
        }
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for FieldName {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_found_in_every_case_and_place() {
        for &(name, text) in ATTRIBUTES {
            assert_eq!(name.attribute(), Some(text));
            for spelling in [text.to_owned(), text.to_lowercase(), text.to_uppercase()] {
                assert_eq!(FieldName::find_attribute(&spelling), name, "{spelling}");
                let line = format!("a={spelling}:values and more\r\n");
                let found = FieldName::find_at(line.as_bytes(), 2, 2 + text.len());
                assert_eq!(found, name, "{spelling}");
            }
        }
    }

    #[test]
    fn strangers_are_other() {
        for spelling in
            ["", "x", "pat", "paths", "X-path", "accept-wrapqed-types", "msrp\rcema", "\u{e9}"]
        {
            assert_eq!(
                FieldName::find_attribute(spelling),
                FieldName::OtherAttribute,
                "{spelling}"
            );
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
