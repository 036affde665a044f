//! Parameters of a header value: `;name` and `;name=value`.

use std::borrow::Cow;

use missiva_core::scan::Cursor;
use missiva_core::{Fault, FaultKind};

use crate::grammar::{TOKEN, eat_separator, quoted_string};

/// The parameters of a header value, checked when the value was read and walked on demand.
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

/// More parameters than this in one value are refused: media types in use have four at most.
pub(crate) const MAX_PARAMS: usize = 32;

impl<'a> Params<'a> {
    /// No parameter.
    pub const NONE: Self = Self { text: "" };

    /// Reads `*( ";" gen-param )`; white space after the last parameter is left where it is.
    pub(crate) fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let start = cursor.at();
        let mut count = 0usize;
        while eat_separator(cursor, b';') {
            count += 1;
            if count > MAX_PARAMS {
                return Err(cursor.fault(FaultKind::Limit));
            }
            read_param(cursor)?;
        }
        Ok(Self { text: if count == 0 { "" } else { cursor.since(start) } })
    }

    /// Every parameter in order.
    pub fn iter(&self) -> impl Iterator<Item = Param<'a>> + use<'a> {
        let mut cursor = Cursor::new(self.text);
        std::iter::from_fn(move || {
            if !eat_separator(&mut cursor, b';') {
                return None;
            }
            read_param(&mut cursor).ok()
        })
    }

    /// The value of the first parameter called `name`, in any case, without quotes and escapes.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<Cow<'a, str>> {
        let param = self.iter().find(|param| param.name.eq_ignore_ascii_case(name))?;
        param.value.map(unquote)
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

/// `gen-param = pname [ "=" pval ]`.
pub(super) fn read_param<'a>(cursor: &mut Cursor<'a>) -> Result<Param<'a>, Fault> {
    let name = cursor.take_some(&TOKEN)?;
    if !eat_separator(cursor, b'=') {
        return Ok(Param { name, value: None });
    }
    let value = match cursor.peek() {
        Some(b'"') => quoted_string(cursor)?,
        _ => cursor.take_some(&TOKEN)?,
    };
    Ok(Param { name, value: Some(value) })
}

/// The content of a quoted string; a token is its own.
pub(super) fn unquote(text: &str) -> Cow<'_, str> {
    let Some(inner) = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else {
        return Cow::Borrowed(text);
    };
    if !inner.contains('\\') {
        return Cow::Borrowed(inner);
    }
    let mut out = String::with_capacity(inner.len());
    let mut letters = inner.chars();
    while let Some(letter) = letters.next() {
        out.extend(if letter == '\\' { letters.next() } else { Some(letter) });
    }
    Cow::Owned(out)
}

/// `text` in quotes, with escapes where they are needed.
pub(super) fn quote(text: &str, out: &mut bytes::BytesMut) {
    use bytes::BufMut;
    out.put_u8(b'"');
    for byte in text.bytes() {
        if matches!(byte, b'"' | b'\\') {
            out.put_u8(b'\\');
        }
        out.put_u8(byte);
    }
    out.put_u8(b'"');
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
    fn values_come_without_quotes() {
        let params = Params::read(&mut Cursor::new("; a=b ;C=\"x\\\"y\";d")).unwrap();
        assert_eq!(params.value("A").as_deref(), Some("b"));
        assert_eq!(params.value("c").as_deref(), Some("x\"y"));
        assert_eq!(params.value("d"), None);
        assert_eq!(params.iter().count(), 3);
        assert!(!params.is_empty() && Params::NONE.is_empty());
    }

    #[test]
    fn thirty_two_parameters_are_the_most() {
        let params = |count: usize| ";a=b".repeat(count);
        assert!(Params::read(&mut Cursor::new(&params(MAX_PARAMS))).is_ok());
        for count in [MAX_PARAMS + 1, 10_000] {
            let fault = Params::read(&mut Cursor::new(&params(count))).unwrap_err();
            assert_eq!(fault.kind, FaultKind::Limit);
        }
    }
}
