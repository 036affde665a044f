//! Header field names: finding the known ones.

use std::fmt;

use super::table::{HeaderName, NAMES};

impl HeaderName {
    /// The known name that `spelling` is, in any case; [`HeaderName::Other`] for all else.
    #[inline]
    #[must_use]
    pub fn find(spelling: &[u8]) -> Self {
        let Some(candidates) = BY_LENGTH.get(spelling.len()) else { return Self::Other };
        // Hardly two names of one length begin with the same letter.
        let first = |text: &[u8]| text.first().map(|byte| byte | 0x20);
        let initial = first(spelling);
        for &(name, text) in candidates.iter().filter_map(|&at| NAMES.get(usize::from(at))) {
            if first(text.as_bytes()) == initial
                && (text.as_bytes() == spelling || text.as_bytes().eq_ignore_ascii_case(spelling))
            {
                return name;
            }
        }
        Self::Other
    }
}

/// More names of one length than there are.
const SAME: usize = 4;
/// One more byte than the longest name has.
const LONGEST: usize = 20;
const NONE: u8 = u8::MAX;

/// Indices into [`NAMES`] by the length of the name.
static BY_LENGTH: [[u8; SAME]; LONGEST] = by_length();

#[allow(clippy::indexing_slicing, reason = "evaluated at compile time")]
const fn by_length() -> [[u8; SAME]; LONGEST] {
    let mut table = [[NONE; SAME]; LONGEST];
    let mut at = 0;
    while at < NAMES.len() {
        let row = &mut table[NAMES[at].1.len()];
        let mut place = 0;
        while row[place] != NONE {
            place += 1;
        }
        row[place] = at as u8;
        at += 1;
    }
    table
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
    fn every_name_is_found_in_every_case() {
        assert_eq!(HeaderName::all().len(), NAMES.len());
        for &(name, text) in NAMES {
            assert_eq!(name.to_string(), text);
            for spelling in [text.to_owned(), text.to_lowercase(), text.to_uppercase()] {
                assert_eq!(HeaderName::find(spelling.as_bytes()), name, "{spelling}");
            }
        }
    }

    #[test]
    fn strangers_are_other() {
        for spelling in ["", "T", "To-Path2", "Tx-Path", "X-Custom", "Content-Length", "\u{e9}"] {
            assert_eq!(HeaderName::find(spelling.as_bytes()), HeaderName::Other, "{spelling}");
        }
        assert_eq!(HeaderName::find(&[b'x'; 5000]), HeaderName::Other);
    }
}
