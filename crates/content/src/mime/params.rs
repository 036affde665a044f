//! Parameters of a MIME header value: `; name=value`.

use std::borrow::Cow;

use bytes::{BufMut, BytesMut};
use missiva_core::scan::{ByteSet, Cursor};
use missiva_core::{Fault, FaultKind};

use super::charset;
use super::quoted::{CLOSING, OPENING, unquote, write_quoted};
use crate::encode::put;
use crate::grammar::{TOKEN, cfws, quoted_string};

/// The parameters of a value, checked when the value was read and walked on demand.
///
/// A view of the text from the first semicolon on. Names compare without regard to case. Taken too, and a fault of a
/// strict reading: a value without quotes that needs them (`boundary=----=_Part_1`), typographic quotes around a
/// value (the examples of CPM stored objects have them), a name without value, a semicolon with nothing behind it.
///
/// ```
/// use missiva_content::mime::ContentType;
///
/// let kind = ContentType::parse("Multipart/Related; boundary=cpm; type=“Application/X-CPM-Session”")?;
/// assert_eq!(kind.params.text("TYPE").as_deref(), Some("Application/X-CPM-Session"));
///
/// // RFC 2231: other character sets, and values in pieces.
/// let kind = ContentType::parse("text/plain; name*0*=utf-8''gr%C3%B6; name*1=\"sse.txt\"")?;
/// assert_eq!(kind.params.text("name").as_deref(), Some("grösse.txt"));
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Params<'a> {
    text: &'a str,
    /// Where `text` starts in the value.
    at: usize,
}

/// One parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Param<'a> {
    /// The name as it was spelled.
    pub name: &'a str,
    /// The value as it was written, quotes included; `None` without an equals sign.
    pub value: Option<&'a str>,
}

/// More parameters than this in one value are refused: the longest RFC 2231 values have about twenty pieces.
const MAX_PARAMS: usize = 128;

/// A value that nobody quoted: all that cannot be taken for the end of it.
const LOOSE: ByteSet =
    ByteSet::empty().with_range(0x21, 0x7e).with_range(0x80, 0xff).without(b";\"()");

impl<'a> Params<'a> {
    /// No parameter.
    pub const NONE: Self = Self { text: "", at: 0 };

    /// Reads all parameters there are, each with its semicolon, and stops behind white space and comments. The value
    /// that they belong to starts at `base`.
    #[inline]
    pub(crate) fn read(cursor: &mut Cursor<'a>, base: usize) -> Result<Self, Fault> {
        cfws(cursor)?;
        let start = cursor.at();
        let mut count = 0usize;
        while cursor.eat(b';') {
            count += 1;
            if count > MAX_PARAMS {
                return Err(cursor.fault(FaultKind::Limit));
            }
            read_param(cursor)?;
            cfws(cursor)?;
        }
        Ok(Self { text: cursor.since(start), at: start.saturating_sub(base) })
    }

    /// Every parameter in order.
    #[must_use]
    pub fn iter(&self) -> ParamIter<'a> {
        ParamIter { cursor: Cursor::new(self.text) }
    }

    /// The first parameter called `name`, by the letter: `filename*` is another one.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Param<'a>> {
        self.iter().find(|param| param.name.eq_ignore_ascii_case(name))
    }

    /// What the parameter called `name` says: quotes removed, pieces joined and character sets read as RFC 2231 has
    /// it. The plain form counts where the other is in a character set that is neither UTF-8 nor Latin-1.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<Cow<'a, str>> {
        if let Some(text) = self.extended(name) {
            return Some(Cow::Owned(text));
        }
        self.get(name)?.value.map(unquote)
    }

    /// Whether there is no parameter.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }

    /// The text as it was written, first semicolon included.
    #[must_use]
    pub const fn as_str(&self) -> &'a str {
        self.text
    }

    /// `name*` or `name*0`, `name*1*` and so on (RFC 2231 sections 3 and 4).
    fn extended(&self, name: &str) -> Option<String> {
        let starred = |param: &Param<'a>| {
            let (head, tail) = param.name.split_at_checked(name.len())?;
            head.eq_ignore_ascii_case(name).then(|| tail.strip_prefix('*')).flatten()
        };
        if !self.iter().any(|param| starred(&param).is_some()) {
            return None;
        }
        if let Some(whole) = self.iter().find(|param| starred(param) == Some("")) {
            return charset::Extended::split(whole.value?)?.finish();
        }
        let piece = |number: usize| {
            self.iter().find_map(|param| {
                let tail = starred(&param)?;
                let (digits, encoded) =
                    tail.strip_suffix('*').map_or((tail, false), |digits| (digits, true));
                let is_it = digits.parse() == Ok(number) && digits.len() < 4;
                is_it.then_some((param.value?, encoded))
            })
        };
        let (first, encoded) = piece(0)?;
        let mut value = if encoded {
            charset::Extended::split(first)?
        } else {
            charset::Extended::plain(first)
        };
        for number in 1..MAX_PARAMS {
            let Some((text, encoded)) = piece(number) else { break };
            value.push(text, encoded)?;
        }
        value.finish()
    }

    /// The first thing that RFC 2045 does not allow and the lenient grammar does, or a name that stands twice.
    pub(crate) fn strict_fault(&self) -> Option<Fault> {
        let mut cursor = Cursor::new(self.text);
        let place = |at: usize, kind: FaultKind| Some(Fault::new(kind, self.at + at));
        let mut seen: Vec<&str> = Vec::new();
        while cursor.eat(b';') {
            let start = cursor.at();
            let Ok(Some(param)) = read_param(&mut cursor) else {
                return place(start, FaultKind::Empty);
            };
            let Some(value) = param.value else { return place(start, FaultKind::Empty) };
            if !value.starts_with('"') && !TOKEN.spans(value.as_bytes()) {
                return place(cursor.at() - value.len(), FaultKind::Unexpected);
            }
            if seen.iter().any(|name| name.eq_ignore_ascii_case(param.name)) {
                return place(start, FaultKind::Conflict);
            }
            seen.push(param.name);
            let _ = cfws(&mut cursor);
        }
        None
    }
}

/// What stands behind a semicolon, if anything does.
fn read_param<'a>(cursor: &mut Cursor<'a>) -> Result<Option<Param<'a>>, Fault> {
    cfws(cursor)?;
    if cursor.is_end() || cursor.peek() == Some(b';') {
        return Ok(None);
    }
    let name = cursor.take_some(&TOKEN)?;
    let behind = *cursor;
    cfws(cursor)?;
    if !cursor.eat(b'=') {
        *cursor = behind;
        return Ok(Some(Param { name, value: None }));
    }
    cfws(cursor)?;
    let value = match cursor.peek() {
        Some(b'"') => quoted_string(cursor)?,
        Some(0xe2) if cursor.rest().starts_with(OPENING) => typographic(cursor)?,
        _ => cursor.take_some(&LOOSE)?,
    };
    Ok(Some(Param { name, value: Some(value) }))
}

/// A value between quotes that a word processor turned.
fn typographic<'a>(cursor: &mut Cursor<'a>) -> Result<&'a str, Fault> {
    let start = cursor.at();
    let rest = cursor.rest();
    let inner = rest.strip_prefix(OPENING).unwrap_or_default();
    let open = rest.len() - inner.len();
    let Some((at, closing)) = inner.match_indices(CLOSING).next() else {
        return Err(Fault::new(FaultKind::Quote, start));
    };
    if let Some(bad) = inner.get(..at).and_then(|text| text.find(|c: char| c.is_ascii_control())) {
        return Err(Fault::new(FaultKind::Unexpected, start + open + bad));
    }
    cursor.jump(start + open + at + closing.len());
    Ok(cursor.since(start))
}

/// Walks [`Params`].
#[derive(Clone, Debug)]
pub struct ParamIter<'a> {
    cursor: Cursor<'a>,
}

impl<'a> Iterator for ParamIter<'a> {
    type Item = Param<'a>;

    fn next(&mut self) -> Option<Param<'a>> {
        loop {
            cfws(&mut self.cursor).ok()?;
            if !self.cursor.eat(b';') {
                return None;
            }
            if let Some(param) = read_param(&mut self.cursor).ok()? {
                return Some(param);
            }
        }
    }
}

impl<'a> IntoIterator for Params<'a> {
    type Item = Param<'a>;
    type IntoIter = ParamIter<'a>;

    fn into_iter(self) -> ParamIter<'a> {
        self.iter()
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Params<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

/// Appends `;name=value`: as a token, in quotes, or, for what no quoted string of MIME can hold, as RFC 2231 has it.
pub(crate) fn write_param(name: &str, value: &str, out: &mut BytesMut) {
    out.put_u8(b';');
    put(name, out);
    if TOKEN.spans(value.as_bytes()) {
        out.put_u8(b'=');
        put(value, out);
    } else if value.bytes().all(|byte| matches!(byte, 0x20..=0x7e)) {
        out.put_u8(b'=');
        write_quoted(value, out);
    } else {
        put("*=utf-8''", out);
        charset::write_escaped(value, out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parse(text: &str) -> Result<Params<'_>, Fault> {
        let mut cursor = Cursor::new(text);
        let params = Params::read(&mut cursor, 0)?;
        cursor.finish()?;
        Ok(params)
    }

    #[test]
    fn white_space_folds_and_comments_hide_nothing() {
        for text in
            [";a=1;b=2", " ; a = 1 (c) ;\r\n b\t=\t\"2\" ", ";a(x)=(y)1;(z)b=2(w)", ";a=1;;b=2;"]
        {
            let params = parse(text).unwrap();
            assert_eq!(params.text("A").as_deref(), Some("1"), "{text:?}");
            assert_eq!(
                (params.text("b").as_deref(), params.iter().count()),
                (Some("2"), 2),
                "{text:?}"
            );
        }
    }

    #[test]
    fn what_is_no_parameter_is_refused_where_it_goes_wrong() {
        for (text, kind, at) in [
            (";a=\"1", FaultKind::Quote, 3),
            (";a=“1", FaultKind::Quote, 3),
            (";a=“\u{1}”", FaultKind::Unexpected, 6),
            (";a=", FaultKind::End, 3),
            (";=1", FaultKind::Unexpected, 1),
            (";a=1 b", FaultKind::Unexpected, 5),
            (";a (", FaultKind::Quote, 3),
            ("a=1", FaultKind::Unexpected, 0),
        ] {
            let fault = parse(text).expect_err(text);
            assert_eq!((fault.kind, fault.at), (kind, at), "{text}");
        }
    }

    #[test]
    fn a_strict_reading_names_what_was_tolerated() {
        for (text, kind, at) in [
            (";boundary=----=_Part_1", FaultKind::Unexpected, 10),
            (";type=“a”", FaultKind::Unexpected, 6),
            (";type=application/sdp;x=1", FaultKind::Unexpected, 6),
            (";a", FaultKind::Empty, 1),
            (";a=1;", FaultKind::Empty, 5),
            (";a=1;A=2", FaultKind::Conflict, 5),
        ] {
            let fault = parse(text).unwrap().strict_fault().expect(text);
            assert_eq!((fault.kind, fault.at), (kind, at), "{text}");
        }
        for text in ["", ";a=1", " ; a = \"1 2\" (c); b*=utf-8''x"] {
            assert_eq!(parse(text).unwrap().strict_fault(), None, "{text}");
        }
    }

    #[test]
    fn pieces_and_character_sets_are_read_as_rfc_2231_has_them() {
        let table = [
            // RFC 2231 sections 3, 4 and 4.1.
            (";URL*0=\"ftp://\"; URL*1=\"cs.utk.edu/pub\"", "url", Some("ftp://cs.utk.edu/pub")),
            (
                ";title*=us-ascii'en-us'This%20is%20%2A%2A%2Afun%2A%2A%2A",
                "title",
                Some("This is ***fun***"),
            ),
            (
                ";title*0*=us-ascii'en'This%20is%20even%20more%20;title*1*=%2A%2A%2Afun%2A%2A%2A%20;title*2=\"isn't it!\"",
                "title",
                Some("This is even more ***fun*** isn't it!"),
            ),
            (";n*1=b;n*0=a", "n", Some("ab")),
            (";n*1=b", "n", None),
            (";n*0=a;n*2=c", "n", Some("a")),
            (";n=plain;n*=iso-8859-1''%E4", "n", Some("ä")),
            (";n=plain;n*=koi8-r''%C1", "n", Some("plain")),
            (";n=plain;n*=utf-8''%FF", "n", Some("plain")),
            (";n*=utf-8''%4", "n", None),
            (";n*=none", "n", None),
            (";n*x=1", "n", None),
            (";nn*=utf-8''x", "n", None),
        ];
        for (text, name, expected) in table {
            assert_eq!(parse(text).unwrap().text(name).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn so_many_parameters_and_no_more() {
        for (count, fine) in
            [(MAX_PARAMS, true), (MAX_PARAMS + 1, false), (MAX_PARAMS * 100, false)]
        {
            assert_eq!(parse(&";a=1".repeat(count)).is_ok(), fine, "{count}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(value in "\\PC{0,20}|[\\x00-\\x7f]{0,20}") {
            let mut out = BytesMut::new();
            write_param("name", &value, &mut out);
            let text = String::from_utf8(out.to_vec()).unwrap();
            prop_assert!(!text.contains(['\r', '\n']));
            let params = parse(&text).unwrap();
            let read = params.text("name");
            prop_assert_eq!(read.as_deref(), Some(value.as_str()));
            prop_assert_eq!(params.strict_fault(), None);
        }
    }
}
