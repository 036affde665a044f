//! The two ways in which credentials name their user.

use std::borrow::Cow;
use std::fmt::Write;

use missiva_core::FaultKind;
use missiva_core::scan::ByteSet;

/// The user that credentials name, or the hash of that name where `userhash` says so.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(untagged))]
pub enum Username<'a> {
    /// `username`.
    Plain(Cow<'a, str>),
    /// `username*` (RFC 7616 section 3.4): a name with characters that a quoted string cannot hold, decoded.
    Extended(Cow<'a, str>),
}

/// `attr-char` of RFC 8187 section 3.2.1: what stands for itself in an `ext-value`.
const ATTR_CHAR: ByteSet = ByteSet::alphanumeric().with(b"!#$&+-.^_`|~");

impl<'a> Username<'a> {
    /// `name` in the plain form, unless it has control characters, which only the extended form can hold.
    #[must_use]
    pub fn new(name: &'a str) -> Self {
        if name.chars().any(|c| c.is_ascii_control()) {
            Self::Extended(name.into())
        } else {
            Self::Plain(name.into())
        }
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Plain(name) | Self::Extended(name) => name,
        }
    }

    /// The same with text of its own.
    #[must_use]
    pub fn into_owned(self) -> Username<'static> {
        match self {
            Self::Plain(name) => Username::Plain(super::param::own(name)),
            Self::Extended(name) => Username::Extended(super::param::own(name)),
        }
    }

    /// Reads `ext-value = charset "'" [ language ] "'" value-chars`; UTF-8 is the only charset, and the language
    /// of a name says nothing.
    pub(super) fn decode(text: &str) -> Result<Username<'static>, FaultKind> {
        let mut parts = text.splitn(3, '\'');
        let (Some(charset), Some(_), Some(value)) = (parts.next(), parts.next(), parts.next())
        else {
            return Err(FaultKind::Value);
        };
        if !charset.eq_ignore_ascii_case("UTF-8") {
            return Err(FaultKind::Unsupported);
        }
        let mut bytes = value.bytes();
        let mut name = Vec::with_capacity(value.len());
        while let Some(byte) = bytes.next() {
            name.push(match byte {
                b'%' => escaped(bytes.next(), bytes.next()).ok_or(FaultKind::Escape)?,
                byte if ATTR_CHAR.has(byte) => byte,
                _ => return Err(FaultKind::Value),
            });
        }
        match String::from_utf8(name) {
            Ok(name) => Ok(Username::Extended(name.into())),
            Err(_) => Err(FaultKind::Utf8),
        }
    }

    /// `name` as an `ext-value`.
    pub(super) fn encode(name: &str) -> String {
        let mut text = String::from("UTF-8''");
        for byte in name.bytes() {
            if ATTR_CHAR.has(byte) {
                text.push(char::from(byte));
            } else {
                let _ = write!(text, "%{byte:02X}");
            }
        }
        text
    }
}

fn escaped(high: Option<u8>, low: Option<u8>) -> Option<u8> {
    let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
    let value = digit(high)?.checked_mul(16)?.checked_add(digit(low)?)?;
    u8::try_from(value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn extended_names_are_decoded_or_refused() {
        let table = [
            ("UTF-8''J%C3%A4s%C3%B8n%20Doe", Ok("Jäsøn Doe")),
            ("utf-8'de'a", Ok("a")),
            ("UTF-8''", Ok("")),
            ("UTF-8'a", Err(FaultKind::Value)),
            ("UTF-8''a'b", Err(FaultKind::Value)),
            ("ISO-8859-1''a", Err(FaultKind::Unsupported)),
            ("UTF-8''%4", Err(FaultKind::Escape)),
            ("UTF-8''%+1", Err(FaultKind::Escape)),
            ("UTF-8''%FF", Err(FaultKind::Utf8)),
        ];
        for (text, expected) in table {
            let got = Username::decode(text);
            assert_eq!(
                got.as_ref().map(Username::as_str),
                expected.as_ref().map(|name| *name),
                "{text}"
            );
        }
    }

    proptest! {
        #[test]
        fn every_name_has_an_extended_form(name in "\\PC{0,20}") {
            let decoded = Username::decode(&Username::encode(&name)).unwrap();
            prop_assert_eq!(decoded.as_str(), name);
        }
    }
}
