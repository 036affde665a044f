//! Lists of words: `a=group` (RFC 5888), `a=content` (RFC 4796), `a=ice-options` and others.

use bytes::{BufMut, BytesMut};
use missiva_core::Fault;
use missiva_core::scan::Cursor;

use crate::encode::put;
use crate::grammar::{more, token, words};
use crate::value::Value;

/// One token or more, with blanks between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct TokenList<'a> {
    text: &'a str,
}

impl<'a> TokenList<'a> {
    /// Each token in order.
    pub fn iter(&self) -> impl Iterator<Item = &'a str> + Clone + use<'a> {
        words(self.text)
    }
}

impl<'a> Value<'a> for TokenList<'a> {
    #[inline]
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let start = cursor.at();
        token(cursor)?;
        while more(cursor) {
            token(cursor)?;
        }
        Ok(Self { text: cursor.since(start) })
    }

    fn encode(&self, out: &mut BytesMut) {
        put(self.text, out);
    }
}

/// `a=group`: media that belong together, by their `mid` (RFC 5888 section 5). A group may be empty.
///
/// ```
/// use missiva_sdp::{Value, attribute::Group};
///
/// let group = Group::parse("BUNDLE a1 b2")?;
/// assert_eq!((group.semantics, group.mids().collect::<Vec<_>>()), ("BUNDLE", vec!["a1", "b2"]));
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Group<'a> {
    /// `LS`, `FID`, `BUNDLE`, and others.
    pub semantics: &'a str,
    mids: &'a str,
}

impl<'a> Group<'a> {
    /// The members in order.
    pub fn mids(&self) -> impl Iterator<Item = &'a str> + Clone + use<'a> {
        words(self.mids)
    }
}

impl<'a> Value<'a> for Group<'a> {
    #[inline]
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let semantics = token(cursor)?;
        let mids = if more(cursor) { TokenList::read(cursor)?.text } else { "" };
        Ok(Self { semantics, mids })
    }

    fn encode(&self, out: &mut BytesMut) {
        put(self.semantics, out);
        if !self.mids.is_empty() {
            out.put_u8(b' ');
            put(self.mids, out);
        }
    }
}

/// `a=content`: what a stream shows, as tokens with commas between them (RFC 4796).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct ContentList<'a> {
    text: &'a str,
}

impl<'a> ContentList<'a> {
    /// Each token in order: `slides`, `speaker`, `sl`, `main`, `alt`.
    pub fn iter(&self) -> impl Iterator<Item = &'a str> + Clone + use<'a> {
        self.text.split(',')
    }
}

impl<'a> Value<'a> for ContentList<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let start = cursor.at();
        token(cursor)?;
        while cursor.eat(b',') {
            token(cursor)?;
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
    fn lists_are_read_word_by_word() {
        assert_eq!(
            TokenList::parse("trickle ice2").unwrap().iter().collect::<Vec<_>>(),
            ["trickle", "ice2"]
        );
        assert_eq!(
            ContentList::parse("slides,alt").unwrap().iter().collect::<Vec<_>>(),
            ["slides", "alt"]
        );
        for text in ["LS", "LS 1 2", "BUNDLE audio video data"] {
            assert_eq!(Group::parse(text).unwrap().to_text(), text);
        }
        assert_eq!(Group::parse("LS").unwrap().mids().count(), 0);
    }

    #[test]
    fn lists_with_strange_bytes_are_refused() {
        for text in ["", "a,b", "a  (b)"] {
            assert!(TokenList::parse(text).is_err(), "{text}");
        }
        for text in ["", ",", "a,", "a b"] {
            assert!(ContentList::parse(text).is_err(), "{text}");
        }
        for text in ["", " LS", "LS :"] {
            assert!(Group::parse(text).is_err(), "{text}");
        }
    }
}
