//! `To-Path`, `From-Path` and `Use-Path`: URIs in the order in which they are visited.

use bytes::{BufMut, BytesMut};
use missiva_core::scan::Cursor;
use missiva_core::{Fault, FaultKind};

use super::Value;
use crate::Uri;
use crate::grammar::{blanks, put};

/// One or more URIs, divided by spaces: the next hop first, the end of the session last.
///
/// ```
/// use missiva_msrp::header::{Path, Value};
///
/// let path = Path::parse("msrp://relay.example.com:2855/a;tcp msrp://bob.example.com:8888/b;tcp")?;
/// assert_eq!(path.first().session_id(), Some("a"));
/// assert_eq!(path.last().session_id(), Some("b"));
/// assert_eq!(path.len(), 2);
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Path<'a> {
    text: &'a str,
    first: Uri<'a>,
    last: Uri<'a>,
    len: u8,
}

/// More URIs in one path are refused: two relays on each side are what is seen, and a path grows by one with each.
pub const MAX_HOPS: usize = 32;

impl<'a> Path<'a> {
    /// The path of a session without relays.
    #[must_use]
    pub const fn of(uri: Uri<'a>) -> Self {
        Self { text: uri.as_str(), first: uri, last: uri, len: 1 }
    }

    /// The next hop.
    #[must_use]
    pub const fn first(&self) -> Uri<'a> {
        self.first
    }

    /// The end of the session.
    #[must_use]
    pub const fn last(&self) -> Uri<'a> {
        self.last
    }

    /// How many URIs there are, one at least.
    #[allow(clippy::len_without_is_empty, reason = "no path is empty")]
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len as usize
    }

    /// Every URI in order.
    #[must_use]
    pub const fn iter(&self) -> PathIter<'a> {
        PathIter { cursor: Cursor::new(self.text) }
    }

    /// The path as it was written.
    #[must_use]
    pub const fn as_str(&self) -> &'a str {
        self.text
    }

    /// The path behind its first URI, as a relay forwards it; `None` when the first is also the last.
    #[must_use]
    pub fn rest(&self) -> Option<Self> {
        let text = self.text.get(self.first.as_str().len()..)?.trim_start_matches([' ', '\t']);
        let mut cursor = Cursor::new(text);
        let first = Uri::read(&mut cursor).ok()?;
        Some(Self { text, first, last: self.last, len: self.len.saturating_sub(1) })
    }
}

impl<'a> Value<'a> for Path<'a> {
    /// `MSRP-URI *( SP MSRP-URI )`; more than one space is let through.
    #[inline]
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let start = cursor.at();
        let first = Uri::read(cursor)?;
        let (mut last, mut len) = (first, 1u8);
        while matches!(cursor.peek(), Some(b' ' | b'\t')) {
            blanks(cursor);
            if usize::from(len) == MAX_HOPS {
                return Err(cursor.fault(FaultKind::Limit));
            }
            last = Uri::read(cursor)?;
            len += 1;
        }
        Ok(Self { text: cursor.since(start), first, last, len })
    }

    fn encode(&self, out: &mut BytesMut) {
        for (at, uri) in self.iter().enumerate() {
            if at > 0 {
                out.put_u8(b' ');
            }
            put(uri.as_str(), out);
        }
    }
}

/// Walks a [`Path`].
#[derive(Clone, Debug)]
pub struct PathIter<'a> {
    cursor: Cursor<'a>,
}

impl<'a> Iterator for PathIter<'a> {
    type Item = Uri<'a>;

    fn next(&mut self) -> Option<Uri<'a>> {
        blanks(&mut self.cursor);
        // Checked when the path was read.
        Uri::read(&mut self.cursor).ok()
    }
}

impl<'a> IntoIterator for Path<'a> {
    type Item = Uri<'a>;
    type IntoIter = PathIter<'a>;

    fn into_iter(self) -> PathIter<'a> {
        self.iter()
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Path<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relay_takes_the_first_uri_off() {
        let path = Path::parse("msrp://a/1;tcp  msrp://b/2;tcp msrp://c/3;tcp").unwrap();
        let hosts: Vec<&str> = path.iter().map(|uri| uri.host().as_str()).collect();
        assert_eq!((hosts, path.len()), (vec!["a", "b", "c"], 3));
        assert_eq!(path.to_text(), "msrp://a/1;tcp msrp://b/2;tcp msrp://c/3;tcp");
        let rest = path.rest().unwrap();
        assert_eq!((rest.as_str(), rest.len()), ("msrp://b/2;tcp msrp://c/3;tcp", 2));
        assert_eq!(rest.rest().unwrap(), Path::of(Uri::parse("msrp://c/3;tcp").unwrap()));
        assert_eq!(rest.rest().unwrap().rest(), None);
    }

    #[test]
    fn faults_are_located() {
        for (text, kind, at) in [
            ("", FaultKind::End, 0),
            ("msrp://a/1;tcp ", FaultKind::End, 15),
            ("msrp://a/1;tcp,msrp://b/2;tcp", FaultKind::Unexpected, 14),
            ("msrp://a/1;tcp <sip:a>", FaultKind::Value, 15),
        ] {
            assert_eq!(Path::parse(text), Err(Fault::new(kind, at)), "{text}");
        }
    }

    #[test]
    fn thirty_two_hops_are_the_most() {
        let path = |hops: usize| vec!["msrp://h/x;tcp"; hops].join(" ");
        assert_eq!(Path::parse(&path(MAX_HOPS)).unwrap().len(), MAX_HOPS);
        for hops in [MAX_HOPS + 1, 5000] {
            assert_eq!(Path::parse(&path(hops)), Err(Fault::new(FaultKind::Limit, 15 * MAX_HOPS)));
        }
    }
}
