//! `a=accept-types` and `a=accept-wrapped-types` (RFC 4975 section 8.6).

use bytes::BytesMut;
use missiva_core::scan::Cursor;
use missiva_core::{Fault, FaultKind};

use crate::encode::put;
use crate::grammar::{more, token};
use crate::value::Value;

/// Media types that one side takes, the best first.
///
/// ```
/// use missiva_sdp::{Value, msrp::TypeList};
///
/// let types = TypeList::parse("message/cpim text/* image/jpeg;x=\"a b\"")?;
/// assert!(types.accepts("text/plain;charset=UTF-8") && types.accepts("Message/CPIM") && !types.accepts("image/png"));
/// assert_eq!(types.iter().count(), 3);
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(into = "Vec<MediaRange<'_>>"))]
pub struct TypeList<'a> {
    text: &'a str,
}

/// One media type, `type/*`, or `*` for anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(into = "&str"))]
pub struct MediaRange<'a> {
    text: &'a str,
    /// Where the parameters begin.
    type_end: usize,
}

impl<'a> MediaRange<'a> {
    /// The type as it was written, parameters included.
    #[must_use]
    pub const fn as_str(&self) -> &'a str {
        self.text
    }

    /// The type without its parameters: `text/plain`, `text/*`, `*`.
    #[must_use]
    pub fn essence(&self) -> &'a str {
        self.text.get(..self.type_end).unwrap_or_default()
    }

    /// The parameters, first semicolon included; empty when there are none.
    #[must_use]
    pub fn params(&self) -> &'a str {
        self.text.get(self.type_end..).unwrap_or_default()
    }

    /// Whether content of the type `media` is within the range. Parameters do not count.
    #[must_use]
    pub fn accepts(&self, media: &str) -> bool {
        let media = media.split(';').next().unwrap_or_default().trim_ascii();
        let essence = self.essence();
        match essence.strip_suffix('*') {
            Some("") => true,
            Some(prefix) => {
                media.get(..prefix.len()).is_some_and(|kind| kind.eq_ignore_ascii_case(prefix))
            }
            None => essence.eq_ignore_ascii_case(media),
        }
    }

    #[inline]
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let start = cursor.at();
        let kind = token(cursor)?;
        if cursor.eat(b'/') {
            token(cursor)?;
        } else if kind != "*" {
            return Err(cursor.unexpected());
        }
        let type_end = cursor.at() - start;
        while cursor.eat(b';') {
            token(cursor)?;
            cursor.expect(b'=')?;
            if cursor.peek() == Some(b'"') { quoted(cursor)? } else { token(cursor).map(drop)? }
        }
        Ok(Self { text: cursor.since(start), type_end })
    }
}

impl<'a> From<MediaRange<'a>> for &'a str {
    fn from(range: MediaRange<'a>) -> Self {
        range.text
    }
}

/// Moves past a quoted string; the cursor stands on the opening quote.
pub(crate) fn quoted(cursor: &mut Cursor<'_>) -> Result<(), Fault> {
    let start = cursor.at();
    cursor.bump();
    while !cursor.is_end() {
        match cursor.peek() {
            Some(b'"') => {
                cursor.bump();
                return Ok(());
            }
            Some(b'\\') => {
                cursor.bump();
                cursor.bump();
            }
            _ => cursor.bump(),
        }
    }
    Err(Fault::new(FaultKind::Quote, start))
}

impl<'a> TypeList<'a> {
    /// Each type in order of preference.
    pub fn iter(&self) -> impl Iterator<Item = MediaRange<'a>> + Clone + use<'a> {
        let mut cursor = Cursor::new(self.text);
        std::iter::from_fn(move || {
            if cursor.is_end() {
                return None;
            }
            let range = MediaRange::read(&mut cursor).ok()?;
            more(&mut cursor);
            Some(range)
        })
    }

    /// Whether content of the type `media` is taken. Its parameters do not count.
    #[must_use]
    pub fn accepts(&self, media: &str) -> bool {
        self.iter().any(|range| range.accepts(media))
    }

    /// The types as they were written.
    #[must_use]
    pub const fn as_str(&self) -> &'a str {
        self.text
    }
}

impl<'a> From<TypeList<'a>> for Vec<MediaRange<'a>> {
    fn from(list: TypeList<'a>) -> Self {
        list.iter().collect()
    }
}

impl<'a> Value<'a> for TypeList<'a> {
    #[inline]
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let start = cursor.at();
        MediaRange::read(cursor)?;
        while more(cursor) {
            MediaRange::read(cursor)?;
        }
        Ok(Self { text: cursor.since(start) })
    }

    fn encode(&self, out: &mut BytesMut) {
        put(self.text, out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_read_with_their_parameters() {
        let text = "message/cpim text/plain;charset=\"a \\\" b\";x=y image/* *";
        let list = TypeList::parse(text).unwrap();
        let types: Vec<_> = list.iter().map(|range| (range.essence(), range.params())).collect();
        let expected = [
            ("message/cpim", ""),
            ("text/plain", ";charset=\"a \\\" b\";x=y"),
            ("image/*", ""),
            ("*", ""),
        ];
        assert_eq!(types, expected);
        assert_eq!(list.to_text(), text);
    }

    #[test]
    fn what_is_accepted_is_within_a_range() {
        let list = TypeList::parse("message/cpim image/*").unwrap();
        for (media, accepted) in [
            ("message/cpim", true),
            ("MESSAGE/cpim; x=y", true),
            ("image/png", true),
            ("images/png", false),
            ("image", false),
            ("text/plain", false),
        ] {
            assert_eq!(list.accepts(media), accepted, "{media}");
        }
        assert!(TypeList::parse("*").unwrap().accepts("text/plain"));
    }

    #[test]
    fn types_that_are_none_are_refused() {
        let table = [
            ("", FaultKind::End, 0),
            ("text", FaultKind::End, 4),
            ("text/", FaultKind::End, 5),
            ("text/plain,text/html", FaultKind::Unexpected, 10),
            ("text/plain;x", FaultKind::End, 12),
            ("text/plain;x=\"y", FaultKind::Quote, 13),
            ("a/b \u{e9}", FaultKind::Unexpected, 4),
        ];
        for (text, kind, at) in table {
            assert_eq!(TypeList::parse(text), Err(Fault::new(kind, at)), "{text}");
        }
    }
}
