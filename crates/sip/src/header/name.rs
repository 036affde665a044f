//! Header field names: finding the known ones in one look-up.

use std::fmt;

use super::table::{COMPACT, HeaderName, NAMES};

impl HeaderName {
    /// The known name that `spelling` is in any case, long or compact; [`HeaderName::Other`] for all else.
    ///
    /// This is the only place where compact forms are expanded, so every accessor treats both alike.
    #[inline]
    #[must_use]
    pub fn find(spelling: &[u8]) -> Self {
        match *spelling {
            [] => Self::Other,
            [letter] => Self::find_compact(letter),
            [first, .., last] => {
                let mut at = hash(spelling.len(), first, middle(spelling), last);
                // The table is never full, so an empty place comes.
                while let Some(&(name, text)) = SLOTS
                    .get(at)
                    .and_then(|&place| NAMES.get(usize::from(place)))
                {
                    if text.len() == spelling.len()
                        && (text.as_bytes() == spelling
                            || text.as_bytes().eq_ignore_ascii_case(spelling))
                    {
                        return name;
                    }
                    at = at.wrapping_add(1) % TABLE;
                }
                Self::Other
            }
        }
    }

    fn find_compact(letter: u8) -> Self {
        let letter = letter.to_ascii_lowercase();
        COMPACT
            .iter()
            .find(|entry| entry.1 == letter)
            .map_or(Self::Other, |entry| entry.0)
    }
}

const TABLE: usize = 1024;
const FREE: u8 = u8::MAX;

/// Index into [`NAMES`] by hash; a clash takes the next free place.
static SLOTS: [u8; TABLE] = build();

const _: () = assert!(NAMES.len() < FREE as usize);

#[allow(clippy::indexing_slicing, reason = "evaluated at compile time")]
const fn build() -> [u8; TABLE] {
    let mut slots = [FREE; TABLE];
    let mut index = 0;
    while index < NAMES.len() {
        let text = NAMES[index].1.as_bytes();
        let mut at = hash(
            text.len(),
            text[0],
            text[text.len() / 2],
            text[text.len() - 1],
        );
        while slots[at] != FREE {
            at = (at + 1) % TABLE;
        }
        slots[at] = index as u8;
        index += 1;
    }
    slots
}

#[inline]
fn middle(spelling: &[u8]) -> u8 {
    spelling
        .get(spelling.len() / 2)
        .copied()
        .unwrap_or_default()
}

/// Letters count without their case.
#[inline]
const fn hash(len: usize, first: u8, middle: u8, last: u8) -> usize {
    let mixed = len
        .wrapping_mul(149)
        .wrapping_add(((first | 0x20) as usize).wrapping_mul(37))
        .wrapping_add(((middle | 0x20) as usize).wrapping_mul(11))
        .wrapping_add(((last | 0x20) as usize).wrapping_mul(271));
    mixed % TABLE
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
        for spelling in ["", "q", "Vi", "Viaa", "X-Custom", "Call-Id-", "\u{e9}"] {
            assert_eq!(
                HeaderName::find(spelling.as_bytes()),
                HeaderName::Other,
                "{spelling}"
            );
        }
    }

    #[test]
    fn few_names_share_a_place() {
        let text = |place: &str| {
            let bytes = place.as_bytes();
            hash(
                bytes.len(),
                bytes[0],
                bytes[bytes.len() / 2],
                bytes[bytes.len() - 1],
            )
        };
        let mut homes: Vec<usize> = NAMES.iter().map(|entry| text(entry.1)).collect();
        homes.sort_unstable();
        let clashes = homes.windows(2).filter(|pair| pair[0] == pair[1]).count();
        assert!(clashes <= 12, "{clashes} clashes");
    }
}
