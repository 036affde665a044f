//! What follows the host: `;name=value` parameters and `?name=value` headers.

use missiva_core::scan::{ByteSet, Cursor};
use missiva_core::{Fault, FaultKind};

use super::escape::eq_unescaped;
use crate::grammar::skip_escaped;
use crate::params::MAX_PARAMS;

/// `paramchar` less escapes (RFC 3261 section 25.1; RFC 3966 has the same set).
pub(crate) const PARAM_CHARS: ByteSet = ByteSet::alphanumeric().with(b"-_.!~*'()[]/:&+$");
/// `hvalue` less escapes.
const HEADER_CHARS: ByteSet = ByteSet::alphanumeric().with(b"-_.!~*'()[]/?:+$");

/// The parameters of a URI, checked when it was read and walked on demand. Escapes stay as they were written;
/// [`unescape`](super::escape::unescape) resolves them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct UriParams<'a> {
    text: &'a str,
}

/// The headers of a URI: what a request formed from it shall carry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct UriHeaders<'a> {
    text: &'a str,
}

/// One parameter or header of a URI, as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct UriParam<'a> {
    /// The name, escapes included.
    pub name: &'a str,
    /// The value, escapes included; `None` without an equals sign.
    pub value: Option<&'a str>,
}

impl<'a> UriParams<'a> {
    /// No parameter.
    pub const NONE: Self = Self { text: "" };

    /// Reads parameters that make up the whole of `text`, each with its semicolon.
    ///
    /// # Errors
    ///
    /// The first byte that `uri-parameters` does not allow.
    pub fn parse(text: &'a str) -> Result<Self, Fault> {
        let mut cursor = Cursor::new(text);
        let params = Self::read(&mut cursor)?;
        cursor.finish()?;
        Ok(params)
    }

    /// Parameters that were checked before.
    #[inline]
    pub(crate) const fn checked(text: &'a str) -> Self {
        Self { text }
    }

    pub(crate) fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let start = cursor.at();
        Self::skip(cursor)?;
        Ok(Self { text: cursor.since(start) })
    }

    /// `*( ";" pname [ "=" pvalue ] )`.
    #[inline]
    pub(crate) fn skip(cursor: &mut Cursor<'_>) -> Result<(), Fault> {
        let mut ahead = *cursor;
        let mut count = 0usize;
        while ahead.eat(b';') {
            count += 1;
            if count > MAX_PARAMS {
                return Err(ahead.fault(FaultKind::Limit));
            }
            skip_word(&mut ahead, &PARAM_CHARS)?;
            if ahead.eat(b'=') {
                skip_word(&mut ahead, &PARAM_CHARS)?;
            }
        }
        *cursor = ahead;
        Ok(())
    }

    /// Every parameter in order.
    pub fn iter(&self) -> impl Iterator<Item = UriParam<'a>> + use<'a> {
        self.text.split(';').skip(1).map(UriParam::split)
    }

    /// The first parameter called `name`; names compare without regard to case.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<UriParam<'a>> {
        self.iter().find(|param| param.is_named(name))
    }

    /// The value of the first parameter called `name`.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&'a str> {
        self.get(name)?.value
    }

    /// Whether there is a parameter called `name` (`lr`, `ob`, `gr`).
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// A name that stands more than once.
    #[must_use]
    pub fn repeated(&self) -> Option<&'a str> {
        self.iter().enumerate().find_map(|(index, param)| {
            let before = self.iter().take(index);
            before
                .map(|other| other.name)
                .any(|name| eq_unescaped(name, param.name))
                .then_some(param.name)
        })
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
}

impl<'a> UriHeaders<'a> {
    /// No header.
    pub const NONE: Self = Self { text: "" };

    /// Reads headers that make up the whole of `text`, question mark included.
    ///
    /// # Errors
    ///
    /// The first byte that `headers` does not allow.
    pub fn parse(text: &'a str) -> Result<Self, Fault> {
        let mut cursor = Cursor::new(text);
        let headers = Self::read(&mut cursor)?;
        cursor.finish()?;
        Ok(headers)
    }

    /// Headers that were checked before.
    #[inline]
    pub(crate) const fn checked(text: &'a str) -> Self {
        Self { text }
    }

    pub(crate) fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let start = cursor.at();
        Self::skip(cursor)?;
        Ok(Self { text: cursor.since(start) })
    }

    /// `"?" hname "=" hvalue *( "&" hname "=" hvalue )`, or nothing.
    #[inline]
    pub(crate) fn skip(cursor: &mut Cursor<'_>) -> Result<(), Fault> {
        if cursor.eat(b'?') { skip_headers(cursor) } else { Ok(()) }
    }

    /// Every header in order.
    pub fn iter(&self) -> impl Iterator<Item = UriParam<'a>> + use<'a> {
        let inner = self.text.strip_prefix('?');
        inner.into_iter().flat_map(|text| text.split('&')).map(UriParam::split)
    }

    /// The value of the first header called `name`, escapes included.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&'a str> {
        self.iter().find(|header| header.is_named(name))?.value
    }

    /// Whether there is no header.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The text as it was written, question mark included.
    #[must_use]
    pub const fn as_str(&self) -> &'a str {
        self.text
    }
}

/// One byte or more of `set`, escapes included.
#[inline(always)]
fn skip_word(cursor: &mut Cursor<'_>, set: &ByteSet) -> Result<(), Fault> {
    let start = cursor.at();
    skip_escaped(cursor, set)?;
    if cursor.at() == start { Err(cursor.unexpected()) } else { Ok(()) }
}

#[inline(never)]
fn skip_headers(cursor: &mut Cursor<'_>) -> Result<(), Fault> {
    for _ in 0..MAX_PARAMS {
        skip_word(cursor, &HEADER_CHARS)?;
        cursor.expect(b'=')?;
        skip_escaped(cursor, &HEADER_CHARS)?;
        if !cursor.eat(b'&') {
            return Ok(());
        }
    }
    Err(cursor.fault(FaultKind::Limit))
}

impl<'a> UriParam<'a> {
    fn split(text: &'a str) -> Self {
        match text.split_once('=') {
            Some((name, value)) => Self { name, value: Some(value) },
            None => Self { name: text, value: None },
        }
    }

    /// Whether the name is `name`, escapes resolved and case ignored.
    #[must_use]
    pub fn is_named(&self, name: &str) -> bool {
        eq_unescaped(self.name, name)
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for UriParams<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for UriHeaders<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_found_by_name() {
        let text = ";lr;x=1;X=2;%78y=a%20b";
        let params = UriParams::parse(text).unwrap();
        let all: Vec<_> = params.iter().map(|param| (param.name, param.value)).collect();
        assert_eq!(
            all,
            [("lr", None), ("x", Some("1")), ("X", Some("2")), ("%78y", Some("a%20b"))]
        );
        assert_eq!(params.get("X").map(|param| param.name), Some("x"));
        assert_eq!((params.value("XY"), params.value("lr")), (Some("a%20b"), None));
        assert_eq!((params.has("LR"), params.has("y")), (true, false));
        assert_eq!((params.as_str(), params.is_empty()), (text, false));
        let none = UriParams::parse("").unwrap();
        assert_eq!((none.iter().count(), none.is_empty(), none), (0, true, UriParams::NONE));
    }

    #[test]
    fn headers_are_found_by_name() {
        let text = "?a=1&B=&%63=%20";
        let headers = UriHeaders::parse(text).unwrap();
        let all: Vec<_> = headers.iter().map(|header| (header.name, header.value)).collect();
        assert_eq!(all, [("a", Some("1")), ("B", Some("")), ("%63", Some("%20"))]);
        let values = ["A", "b", "c", "d"].map(|name| headers.value(name));
        assert_eq!(values, [Some("1"), Some(""), Some("%20"), None]);
        assert_eq!((headers.as_str(), headers.is_empty()), (text, false));
        let none = UriHeaders::parse("").unwrap();
        assert_eq!((none.iter().count(), none.is_empty(), none), (0, true, UriHeaders::NONE));
    }

    #[test]
    fn faults_are_located() {
        let kind_at = |fault: Fault| (fault.kind, fault.at);
        for (text, kind, at) in [
            (";", FaultKind::End, 1),
            (";=x", FaultKind::Unexpected, 1),
            (";x=", FaultKind::End, 3),
            (";x=;y", FaultKind::Unexpected, 3),
            (";x y", FaultKind::Unexpected, 2),
            (";x%2", FaultKind::Escape, 2),
            ("x", FaultKind::Unexpected, 0),
        ] {
            assert_eq!(UriParams::parse(text).map_err(kind_at), Err((kind, at)), "{text}");
        }
        for (text, kind, at) in [
            ("?", FaultKind::End, 1),
            ("?=x", FaultKind::Unexpected, 1),
            ("?a", FaultKind::End, 2),
            ("?a=1&", FaultKind::End, 5),
            ("?a=1;b", FaultKind::Unexpected, 4),
            ("?a=%1", FaultKind::Escape, 3),
            ("a=1", FaultKind::Unexpected, 0),
        ] {
            assert_eq!(UriHeaders::parse(text).map_err(kind_at), Err((kind, at)), "{text}");
        }
    }
}
