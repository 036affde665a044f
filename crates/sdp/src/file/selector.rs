//! `a=file-selector` (RFC 5547 section 6).

use bytes::{BufMut, BytesMut};
use missiva_core::scan::Cursor;
use missiva_core::{Fault, FaultKind};

use super::FileName;
use crate::attribute::HexPairs;
use crate::encode::{put, put_display};
use crate::grammar::{long, more, token};
use crate::msrp::quoted;
use crate::value::Value;

/// `a=file-selector`: which file is meant, by what is known of it. It may be empty where a peer says only that it
/// knows about files.
///
/// ```
/// use missiva_sdp::{Value, file::FileSelector};
///
/// let text = "name:\"My picture.jpg\" type:image/jpeg size:4092 hash:sha-1:72:24:5F:E8:65:3D:DA:F3:71:36:2F:86:D4:71:91:3E:E4:A2:CE:2E";
/// let selector = FileSelector::parse(text)?;
/// assert_eq!(selector.name.map(|name| name.decode()), Some("My picture.jpg".into()));
/// assert_eq!((selector.media_type, selector.size), (Some("image/jpeg"), Some(4092)));
/// assert_eq!(selector.hash("SHA-1").map(|hash| hash.octets().count()), Some(20));
/// assert_eq!(selector.to_text(), text);
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct FileSelector<'a> {
    /// The name.
    pub name: Option<FileName<'a>>,
    /// The media type, parameters included.
    pub media_type: Option<&'a str>,
    /// How many octets it has.
    pub size: Option<u64>,
    /// Digests of its octets, each by another algorithm.
    pub hashes: Hashes<'a>,
}

/// The digest of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct FileHash<'a> {
    /// `sha-1`, which every peer knows (RFC 5547 section 6), and others.
    pub algorithm: &'a str,
    /// The digest.
    pub digest: HexPairs<'a>,
}

/// Up to four digests of one file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hashes<'a> {
    list: [Option<FileHash<'a>>; 4],
}

impl<'a> Hashes<'a> {
    /// One digest.
    #[must_use]
    pub const fn one(hash: FileHash<'a>) -> Self {
        Self { list: [Some(hash), None, None, None] }
    }

    /// Each digest in order.
    pub fn iter(&self) -> impl Iterator<Item = FileHash<'a>> + Clone + use<'a> {
        self.list.into_iter().flatten()
    }

    /// Adds a digest.
    ///
    /// # Errors
    ///
    /// [`FaultKind::Limit`] when there are four, [`FaultKind::Conflict`] when there is one by this algorithm.
    pub fn add(&mut self, hash: FileHash<'a>) -> Result<(), FaultKind> {
        for place in &mut self.list {
            match place {
                Some(known) if known.algorithm.eq_ignore_ascii_case(hash.algorithm) => {
                    return Err(FaultKind::Conflict);
                }
                Some(_) => {}
                None => {
                    *place = Some(hash);
                    return Ok(());
                }
            }
        }
        Err(FaultKind::Limit)
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Hashes<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'a> FileSelector<'a> {
    /// The digest by `algorithm`, whose case does not count.
    #[must_use]
    pub fn hash(&self, algorithm: &str) -> Option<HexPairs<'a>> {
        let found = self.hashes.iter().find(|hash| hash.algorithm.eq_ignore_ascii_case(algorithm));
        found.map(|hash| hash.digest)
    }

    /// Whether only the size is given.
    #[must_use]
    pub fn is_size_alone(&self) -> bool {
        let rest = Self { size: None, ..*self };
        self.size.is_some() && rest.is_empty()
    }

    /// Whether nothing is known of the file.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether `file`, of which all is known, is the one that is meant: everything that the selector says is true of
    /// it (RFC 5547 section 8.2.2). Digests by algorithms that `file` does not have say nothing; when there is no
    /// other digest, the file is not the one.
    #[must_use]
    pub fn selects(&self, file: &FileSelector<'_>) -> bool {
        let name =
            self.name.is_none_or(|name| file.name.is_some_and(|one| one.octets() == name.octets()));
        let media = self
            .media_type
            .is_none_or(|media| file.media_type.is_some_and(|one| one.eq_ignore_ascii_case(media)));
        let size = self.size.is_none_or(|size| file.size == Some(size));
        let mut known = self.hashes.iter().filter_map(|hash| {
            file.hash(hash.algorithm)
                .map(|digest| digest.as_str().eq_ignore_ascii_case(hash.digest.as_str()))
        });
        let hashes = match known.next() {
            Some(first) => first && known.all(|same| same),
            None => self.hashes.iter().next().is_none(),
        };
        name && media && size && hashes
    }

    #[inline]
    fn read_one(&mut self, cursor: &mut Cursor<'a>) -> Result<(), Fault> {
        let start = cursor.at();
        let twice = if cursor.eat_word("name:") {
            self.name.replace(FileName::read(cursor)?).is_some()
        } else if cursor.eat_word("type:") {
            self.media_type.replace(read_type(cursor)?).is_some()
        } else if cursor.eat_word("size:") {
            self.size.replace(long(cursor)?).is_some()
        } else if cursor.eat_word("hash:") {
            let hash = FileHash::read(cursor)?;
            return self.hashes.add(hash).map_err(|kind| Fault::new(kind, start));
        } else {
            return Err(Fault::new(FaultKind::Value, start));
        };
        if twice { Err(Fault::new(FaultKind::Conflict, start)) } else { Ok(()) }
    }
}

impl<'a> FileHash<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let algorithm = token(cursor)?;
        cursor.expect(b':')?;
        let start = cursor.at();
        let digest = HexPairs::read(cursor)?;
        match crate::attribute::digest_len(algorithm) {
            Some(len) if len != digest.len() => Err(Fault::new(FaultKind::Value, start)),
            _ => Ok(Self { algorithm, digest }),
        }
    }
}

/// `type "/" subtype *( ";" attribute "=" value )`; values have quotes by RFC 5547, and peers leave them out.
fn read_type<'a>(cursor: &mut Cursor<'a>) -> Result<&'a str, Fault> {
    let start = cursor.at();
    token(cursor)?;
    cursor.expect(b'/')?;
    token(cursor)?;
    while cursor.eat(b';') {
        token(cursor)?;
        cursor.expect(b'=')?;
        if cursor.peek() == Some(b'"') { quoted(cursor)? } else { token(cursor).map(drop)? }
    }
    Ok(cursor.since(start))
}

impl<'a> Value<'a> for FileSelector<'a> {
    #[inline]
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let mut selector = Self::default();
        if cursor.is_end() {
            return Ok(selector);
        }
        selector.read_one(cursor)?;
        while more(cursor) {
            selector.read_one(cursor)?;
        }
        Ok(selector)
    }

    fn encode(&self, out: &mut BytesMut) {
        let mut first = true;
        let mut begin = |label: &str, out: &mut BytesMut| {
            if !std::mem::take(&mut first) {
                out.put_u8(b' ');
            }
            put(label, out);
        };
        if let Some(name) = self.name {
            begin("name:", out);
            name.encode(out);
        }
        if let Some(media_type) = self.media_type {
            begin("type:", out);
            put(media_type, out);
        }
        if let Some(size) = self.size {
            begin("size:", out);
            put_display(size, out);
        }
        for hash in self.hashes.iter() {
            begin("hash:", out);
            put(hash.algorithm, out);
            out.put_u8(b':');
            hash.digest.encode(out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHA1: &str = "72:24:5F:E8:65:3D:DA:F3:71:36:2F:86:D4:71:91:3E:E4:A2:CE:2E";

    #[test]
    fn selectors_come_in_any_order_and_leave_in_one() {
        let table = [
            ("", ""),
            ("size:1 name:\"a b\"", "name:\"a b\" size:1"),
            (
                "hash:md5:00:01:02:03:04:05:06:07:08:09:0a:0b:0c:0d:0e:0f type:a/b",
                "type:a/b hash:md5:00:01:02:03:04:05:06:07:08:09:0a:0b:0c:0d:0e:0f",
            ),
            ("type:text/plain;charset=\"utf 8\"", "type:text/plain;charset=\"utf 8\""),
            ("hash:x:00 hash:y:01", "hash:x:00 hash:y:01"),
        ];
        for (text, written) in table {
            let selector =
                FileSelector::parse(text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
            assert_eq!(selector.to_text(), written);
            assert_eq!(FileSelector::parse(written), Ok(selector));
        }
        assert!(FileSelector::parse("").unwrap().is_empty());
    }

    #[test]
    fn selectors_that_are_none_are_refused() {
        let table = [
            ("nam:\"a\"", FaultKind::Value, 0),
            ("name:a", FaultKind::Unexpected, 5),
            ("name:\"a", FaultKind::Quote, 5),
            ("name:\"\"", FaultKind::Empty, 6),
            ("size:x", FaultKind::Number, 5),
            ("size:1 size:1", FaultKind::Conflict, 7),
            ("type:text", FaultKind::End, 9),
            ("hash:sha-1", FaultKind::End, 10),
            ("hash:sha-1:", FaultKind::End, 11),
            ("hash:sha-1:72", FaultKind::Value, 11),
            ("hash:x:00 hash:X:00", FaultKind::Conflict, 10),
            ("hash:a:00 hash:b:00 hash:c:00 hash:d:00 hash:e:00", FaultKind::Limit, 40),
        ];
        for (text, kind, at) in table {
            assert_eq!(FileSelector::parse(text), Err(Fault::new(kind, at)), "{text}");
        }
    }

    #[test]
    fn a_file_is_meant_when_all_that_is_said_is_true_of_it() {
        let text = format!("name:\"a%41\" type:image/jpeg size:10 hash:sha-1:{SHA1}");
        let file = FileSelector::parse(&text).unwrap();
        let lower = format!(
            "hash:sha-1:{} hash:sha-256:{}",
            SHA1.to_lowercase(),
            HexPairs::write(&[0; 32])
        );
        let table = [
            ("", true),
            ("name:\"aA\"", true),
            ("name:\"b\"", false),
            ("type:IMAGE/jpeg size:10", true),
            ("size:11", false),
            (&*lower, true),
            ("hash:x:00", false),
        ];
        for (text, expected) in table {
            assert_eq!(FileSelector::parse(text).unwrap().selects(&file), expected, "{text}");
        }
    }
}
