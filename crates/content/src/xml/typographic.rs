//! Quotation marks of word processors where XML wants its own.

use std::borrow::Cow;

/// The same bytes with typographic quotation marks inside tags made straight ones.
///
/// The stored objects of CPM were copied by implementers from a document in which a word processor had curled the
/// quotes. Only marks that begin or end the value of an attribute are replaced; those in text, and those inside a
/// value with straight quotes, are content. A mark has three bytes and its replacement is padded with spaces on the
/// outer side, so that every offset stays what it was.
pub(crate) fn straighten(xml: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memmem::find(xml, OPENING_BYTES).is_none() {
        return Cow::Borrowed(xml);
    }
    let mut out = Vec::with_capacity(xml.len());
    let mut place = Place::Text;
    let mut rest = xml;
    while let Some((&byte, after)) = rest.split_first() {
        if let Some((_, after)) = rest.split_at_checked(3).filter(|(mark, _)| is_mark(mark)) {
            match place {
                Place::Tag => {
                    out.extend_from_slice(b"  \"");
                    place = Place::Curled;
                }
                Place::Curled => {
                    out.extend_from_slice(b"\"  ");
                    place = Place::Tag;
                }
                Place::Text | Place::Quoted(_) => out.extend(rest.iter().take(3)),
            }
            rest = after;
            continue;
        }
        place = match (place, byte) {
            (Place::Text, b'<') => Place::Tag,
            (Place::Tag, b'>') => Place::Text,
            (Place::Tag, b'"' | b'\'') => Place::Quoted(byte),
            (Place::Quoted(quote), _) if quote == byte => Place::Tag,
            (place, _) => place,
        };
        // A straight quote between curled ones would end the value.
        if matches!((place, byte), (Place::Curled, b'"')) {
            out.push(b'\'');
        } else {
            out.push(byte);
        }
        rest = after;
    }
    Cow::Owned(out)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Text,
    Tag,
    /// In a value that this quote ends.
    Quoted(u8),
    /// In a value that a typographic mark began.
    Curled,
}

/// What U+201C to U+201F and U+2033 have in common.
const OPENING_BYTES: &[u8] = b"\xE2\x80";

/// `“`, `”`, `„`, `‟` and the double prime `″`.
fn is_mark(bytes: &[u8]) -> bool {
    matches!(bytes, [0xE2, 0x80, 0x9C..=0x9F | 0xB3])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn curled_quotes_become_straight_in_place() {
        let table = [
            ("<a b=“c” d=”e”/>", "<a b=  \"c\"   d=  \"e\"  />"),
            ("<a b=\"“c”\">“text”</a>", "<a b=\"“c”\">“text”</a>"),
            ("<a b=„c'\"d‟>", "<a b=  \"c''d\"  >"),
            ("<a b='x>y' c=″z″>", "<a b='x>y' c=  \"z\"  >"),
            ("plain", "plain"),
        ];
        for (curled, straight) in table {
            let read = straighten(curled.as_bytes());
            assert_eq!(String::from_utf8_lossy(&read), straight);
            assert_eq!(read.len(), curled.len());
        }
    }
}
