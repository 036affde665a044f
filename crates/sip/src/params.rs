//! Header parameters: `;name` and `;name=value`.

use missiva_core::scan::{ByteSet, Cursor};
use missiva_core::{Fault, FaultKind};

use crate::grammar::{self, TOKEN, away, eat_separator, lws};
use crate::uri::Host;

/// The parameters of a header value, checked when the value was read and walked on demand.
///
/// A view of the text from the first semicolon on: it costs two words, and a parameter that nobody asks for
/// costs nothing. Names compare without regard to case.
///
/// ```
/// use missiva_sip::Params;
///
/// let params = Params::parse(";tag=a1; Expires = 60;ob;text=\"a \\\"b\\\"\"")?;
/// assert_eq!(params.get("expires").and_then(|param| param.value), Some("60"));
/// assert!(params.has("ob"));
/// assert_eq!(params.text("text").as_deref(), Some("a \"b\""));
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Params<'a> {
    text: &'a str,
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

/// More parameters than this in one value are refused: the longest feature sets have about forty.
pub(crate) const MAX_PARAMS: usize = 128;

/// First byte of a value that needs more than a token.
const HOST_START: ByteSet = ByteSet::empty().with(b"[:");

impl<'a> Params<'a> {
    /// No parameter.
    pub const NONE: Self = Self { text: "" };

    /// Reads parameters that make up the whole of `text`, each with its semicolon.
    ///
    /// # Errors
    ///
    /// The first byte that RFC 3261's `generic-param` does not allow.
    pub fn parse(text: &'a str) -> Result<Self, Fault> {
        let mut cursor = Cursor::new(text);
        let params = Self::read(&mut cursor)?;
        lws(&mut cursor);
        cursor.finish()?;
        Ok(params)
    }

    /// Reads `*(SEMI generic-param)`; white space after the last parameter is left where it is.
    #[inline(always)]
    pub(crate) fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        match cursor.peek() {
            Some(..=b' ' | b';') => Self::read_some(cursor),
            _ => Ok(Self::NONE),
        }
    }

    #[inline(never)]
    fn read_some(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        Self::read_noting(cursor, |_| {})
    }

    /// Like [`read`](Self::read), and shows every name to `note`.
    #[inline(always)]
    pub(crate) fn read_noting(
        cursor: &mut Cursor<'a>,
        mut note: impl FnMut(&'a str),
    ) -> Result<Self, Fault> {
        let start = cursor.at();
        let mut ahead = *cursor;
        let mut count = 0usize;
        while eat_separator(&mut ahead, b';') {
            count += 1;
            if count > MAX_PARAMS {
                return Err(ahead.fault(FaultKind::Limit));
            }
            note(skip_param(&mut ahead)?);
        }
        *cursor = ahead;
        Ok(Self { text: if count == 0 { "" } else { ahead.since(start) } })
    }

    /// Reads parameters of which the first has no semicolon before it: `a=b;c=d`.
    #[inline(always)]
    pub(crate) fn read_bare_noting(
        cursor: &mut Cursor<'a>,
        mut note: impl FnMut(&'a str),
    ) -> Result<Self, Fault> {
        let start = cursor.at();
        note(skip_param(cursor)?);
        Self::read_noting(cursor, note)?;
        Ok(Self { text: cursor.since(start) })
    }

    /// Reads parameters of which the first has no semicolon before it: `a=b;c=d`.
    pub(crate) fn read_bare(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        Self::read_bare_noting(cursor, |_| {})
    }

    /// Every parameter in order.
    #[must_use]
    pub fn iter(&self) -> ParamIter<'a> {
        ParamIter { cursor: Cursor::new(self.text) }
    }

    /// The first parameter called `name`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Param<'a>> {
        self.iter().find(|param| param.name.eq_ignore_ascii_case(name))
    }

    /// The value of the first parameter called `name`, as it was written.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&'a str> {
        self.get(name)?.value
    }

    /// The value of the first parameter called `name`, unquoted.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<std::borrow::Cow<'a, str>> {
        self.value(name).map(crate::quoted::unquote)
    }

    /// Whether there is a parameter called `name`.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Whether there is no parameter.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The text as it was written, first semicolon included.
    #[must_use]
    pub const fn as_str(&self) -> &'a str {
        self.text
    }

    /// A name that stands more than once, which RFC 3261 section 7.3.1 forbids.
    #[must_use]
    pub fn repeated(&self) -> Option<&'a str> {
        self.iter().enumerate().find_map(|(index, param)| {
            self.iter()
                .take(index)
                .any(|other| other.name.eq_ignore_ascii_case(param.name))
                .then_some(param.name)
        })
    }
}

/// `generic-param = token [ EQUAL gen-value ]`; returns the name.
#[inline(always)]
fn skip_param<'a>(cursor: &mut Cursor<'a>) -> Result<&'a str, Fault> {
    let name = grammar::token(cursor)?;
    if eat_separator(cursor, b'=') {
        skip_value(cursor)?;
    }
    Ok(name)
}

/// `gen-value = token / host / quoted-string`.
#[inline(always)]
fn skip_value(cursor: &mut Cursor<'_>) -> Result<(), Fault> {
    if cursor.peek() == Some(b'"') {
        return away(cursor, grammar::skip_quoted);
    }
    let start = cursor.at();
    cursor.skip(&TOKEN);
    if cursor.at() == start || cursor.peek().is_some_and(|byte| HOST_START.has(byte)) {
        return away(cursor, |cursor| read_address(cursor, start));
    }
    Ok(())
}

/// Reads a parameter that was checked before.
fn read_param<'a>(cursor: &mut Cursor<'a>) -> Result<Param<'a>, Fault> {
    let name = grammar::token(cursor)?;
    if !eat_separator(cursor, b'=') {
        return Ok(Param { name, value: None });
    }
    let start = cursor.at();
    skip_value(cursor)?;
    Ok(Param { name, value: Some(cursor.since(start)) })
}

/// A value that is no token must be an IPv6 address: in brackets as `host` says, or without as Via's `received`
/// has it and as RFC 5118 section 4.5 asks to tolerate in either form.
#[cold]
fn read_address(cursor: &mut Cursor<'_>, start: usize) -> Result<(), Fault> {
    cursor.jump(start);
    match cursor.peek() {
        Some(b'[') => Host::skip(cursor),
        Some(byte) if byte == b':' || byte.is_ascii_hexdigit() => Host::skip_bare_v6(cursor),
        _ => Err(cursor.unexpected()),
    }
}

/// Walks [`Params`].
#[derive(Clone, Debug)]
pub struct ParamIter<'a> {
    cursor: Cursor<'a>,
}

impl<'a> Iterator for ParamIter<'a> {
    type Item = Param<'a>;

    fn next(&mut self) -> Option<Param<'a>> {
        let is_bare_first =
            self.cursor.at() == 0 && self.cursor.peek().is_some_and(|byte| TOKEN.has(byte));
        if !is_bare_first && !eat_separator(&mut self.cursor, b';') {
            return None;
        }
        read_param(&mut self.cursor).ok()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_before_the_first_semicolon_hides_nothing() {
        for text in [";a=1;b", " ;a=1 ; b", "\r\n ;a = 1\r\n ;b"] {
            let params = Params::parse(text).unwrap();
            assert_eq!(params.value("a"), Some("1"), "{}", text.escape_debug());
            assert!(params.has("b") && params.iter().count() == 2);
        }
    }
}
