//! Languages and codings: `Content-Language`, `Accept-Language`, `Accept-Encoding` (RFC 3261 sections 20.2, 20.3,
//! 20.13).

use bytes::BytesMut;
use missiva_core::scan::{ByteSet, Cursor};
use missiva_core::{Fault, FaultKind};

use super::Value;
use super::word::word;
use crate::encode::put;
use crate::params::Params;

/// A language tag as it was spelled: `en`, `de-AT`, `es-419`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct Language<'a>(pub &'a str);

const LETTERS: ByteSet = ByteSet::empty().with_range(b'A', b'Z').with_range(b'a', b'z');
/// RFC 3261 knows letters alone; RFC 5646 has had digits in subtags since then.
const SUBTAG: ByteSet = ByteSet::alphanumeric();
const MAX_SUBTAG: usize = 8;

impl<'a> Value<'a> for Language<'a> {
    /// `language-tag = primary-tag *( "-" subtag )`, each of one to eight letters.
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let start = cursor.at();
        read_subtag(cursor, &LETTERS)?;
        while cursor.eat(b'-') {
            read_subtag(cursor, &SUBTAG)?;
        }
        Ok(Self(cursor.since(start)))
    }

    fn encode(&self, out: &mut BytesMut) {
        put(self.0, out);
    }
}

fn read_subtag(cursor: &mut Cursor<'_>, set: &ByteSet) -> Result<(), Fault> {
    let start = cursor.at();
    if cursor.take_some(set)?.len() > MAX_SUBTAG {
        return Err(Fault::new(FaultKind::Value, start));
    }
    Ok(())
}

/// A language that is welcome, or a star for all others; [`Params::q`] says how much.
///
/// ```
/// use missiva_sip::header::{Language, LanguageRange, Value};
///
/// let range = LanguageRange::parse("en;q=0.8")?;
/// assert!(range.covers(&Language("en-GB")) && !range.covers(&Language("eng")));
/// assert_eq!(range.params.q().map(|q| q.thousandths()), Ok(800));
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct LanguageRange<'a> {
    /// The language, or `*`.
    pub range: &'a str,
    /// `q` and any other.
    pub params: Params<'a>,
}

impl LanguageRange<'_> {
    /// Whether `language` is the one named, or a variety of it (RFC 4647 section 3.3.1).
    #[must_use]
    pub fn covers(&self, language: &Language<'_>) -> bool {
        let Some(start) = language.0.get(..self.range.len()) else {
            return self.range == "*";
        };
        let rest = language.0.as_bytes().get(self.range.len());
        self.range == "*"
            || start.eq_ignore_ascii_case(self.range) && matches!(rest, None | Some(b'-'))
    }
}

impl<'a> Value<'a> for LanguageRange<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let start = cursor.at();
        if !cursor.eat(b'*') {
            Language::read(cursor)?;
        }
        Ok(Self { range: cursor.since(start), params: Params::read(cursor)? })
    }

    fn encode(&self, out: &mut BytesMut) {
        put(self.range, out);
        put(self.params.as_str(), out);
    }

    fn repeated(&self) -> Option<&'a str> {
        self.params.repeated()
    }
}

word! {
    /// A content coding that is welcome, or a star for all others; [`Params::q`] says how much.
    CodingRange {
        /// `gzip`, `identity` … or `*`.
        coding,
        /// `q` and any other.
        params
    }
}

impl CodingRange<'_> {
    /// Whether a body in `coding` is welcome, preferences aside.
    #[must_use]
    pub fn covers(&self, coding: &str) -> bool {
        self.coding == "*" || self.coding.eq_ignore_ascii_case(coding)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_have_subtags_of_one_to_eight_letters() {
        let table = [
            ("en", Ok(())),
            ("i-klingon", Ok(())),
            ("zh-Hant-TW", Ok(())),
            ("es-419", Ok(())),
            ("", Err((FaultKind::End, 0))),
            ("1en", Err((FaultKind::Unexpected, 0))),
            ("en-", Err((FaultKind::End, 3))),
            ("en--gb", Err((FaultKind::Unexpected, 3))),
            ("en-abcdefghi", Err((FaultKind::Value, 3))),
            ("en_GB", Err((FaultKind::Unexpected, 2))),
        ];
        for (text, expected) in table {
            let got = Language::parse(text);
            assert_eq!(
                got.map(|language| assert_eq!(language.to_text(), text))
                    .map_err(|fault| (fault.kind, fault.at)),
                expected,
                "{text}"
            );
        }
    }

    #[test]
    fn ranges_cover_varieties() {
        let table = [
            ("*", "x", true),
            ("en", "EN", true),
            ("en", "en-GB", true),
            ("en-GB", "en", false),
            ("en", "eng", false),
        ];
        for (range, language, expected) in table {
            let range = LanguageRange::parse(range).unwrap();
            assert_eq!(range.covers(&Language(language)), expected, "{range:?}");
        }
        let coding = CodingRange::parse("GZIP;q=0").unwrap();
        assert!(coding.covers("gzip") && !coding.covers("identity"));
        assert_eq!(coding.params.q().map(|q| q.thousandths()), Ok(0));
    }
}
