//! Percent escapes: what each part of a URI may hold as it is, and how to write the rest.

use std::borrow::Cow;

use missiva_core::scan::ByteSet;

/// A part of a URI that has its own set of bytes that need no escape (RFC 3261 section 25.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Component {
    /// The user, before `@`.
    User,
    /// The password, between `:` and `@`.
    Password,
    /// The name or value of a parameter.
    Param,
    /// The name or value of a header, as in `?Session-Replaces=…`.
    Header,
    /// The value of a feature tag inside quotes: only what RFC 3840 tokens allow, so that the colons of a service
    /// identifier become `%3A`.
    FeatureTag,
}

const UNRESERVED: ByteSet = ByteSet::alphanumeric().with(b"-_.!~*'()");

impl Component {
    const fn plain(self) -> ByteSet {
        match self {
            Self::User => UNRESERVED.with(b"&=+$,;?/"),
            Self::Password => UNRESERVED.with(b"&=+$,"),
            Self::Param => UNRESERVED.with(b"[]/:&+$"),
            Self::Header => UNRESERVED.with(b"[]/?:+$"),
            Self::FeatureTag => ByteSet::alphanumeric().with(b"-.!_*+`'~"),
        }
    }
}

/// `text` as it may stand in `component`.
///
/// ```
/// use missiva_sip::uri::escape::{Component, escape, unescape};
///
/// let urn = "urn:urn-7:3gpp-service.ims.icsi.oma.cpm.msg";
/// let tag = escape(urn, Component::FeatureTag);
/// assert_eq!(tag, "urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.msg");
/// assert_eq!(unescape(&tag).as_deref(), Some(urn));
/// ```
#[must_use]
pub fn escape(text: &str, component: Component) -> Cow<'_, str> {
    let plain = component.plain();
    if text.bytes().all(|byte| plain.has(byte)) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len().saturating_mul(2));
    for byte in text.bytes() {
        if plain.has(byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.push('%');
            for nibble in [byte >> 4, byte & 15] {
                let digit = char::from_digit(u32::from(nibble), 16).unwrap_or('0');
                escaped.push(digit.to_ascii_uppercase());
            }
        }
    }
    Cow::Owned(escaped)
}

/// `text` with its escapes resolved; `None` when an escape is broken or the result is not UTF-8.
#[must_use]
pub fn unescape(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains('%') {
        return Some(Cow::Borrowed(text));
    }
    let bytes: Option<Vec<u8>> = Unescaped::new(text).collect();
    String::from_utf8(bytes?).ok().map(Cow::Owned)
}

/// Whether two pieces say the same once their escapes are resolved, ASCII case ignored.
///
/// A reserved byte and its escape differ, since only the plain one divides (RFC 3261 section 19.1.4).
pub(crate) fn eq_unescaped(a: &str, b: &str) -> bool {
    if !a.contains('%') && !b.contains('%') {
        return a.eq_ignore_ascii_case(b);
    }
    let lower = |(byte, kept): Comparable| (byte.map(|byte| byte.to_ascii_lowercase()), kept);
    comparable(a).map(lower).eq(comparable(b).map(lower))
}

/// Whether two pieces say the same once their escapes are resolved, case kept; reserved bytes as above.
pub(crate) fn eq_unescaped_exact(a: &str, b: &str) -> bool {
    a == b || comparable(a).eq(comparable(b))
}

/// Whether two values of feature tags say the same, ASCII case ignored: there an escape divides nothing, and a service
/// identifier is written with and without its colons escaped.
pub(crate) fn eq_resolved(a: &str, b: &str) -> bool {
    let lower = |byte: Option<u8>| byte.map(|byte| byte.to_ascii_lowercase());
    Unescaped::new(a).map(lower).eq(Unescaped::new(b).map(lower))
}

/// `reserved` of RFC 3261 section 25.1.
const RESERVED: ByteSet = ByteSet::empty().with(b";/?:@&=+$,");

/// A byte, and whether it is a reserved one that was escaped.
type Comparable = (Option<u8>, bool);

fn comparable(text: &str) -> impl Iterator<Item = Comparable> + '_ {
    let mut unescaped = Unescaped::new(text);
    std::iter::from_fn(move || {
        let escaped = unescaped.bytes.as_slice().first() == Some(&b'%');
        let byte = unescaped.next()?;
        Some((byte, escaped && byte.is_some_and(|byte| RESERVED.has(byte))))
    })
}

/// The bytes of a text, escapes resolved; a broken escape is a `None`.
pub(crate) struct Unescaped<'a> {
    bytes: std::slice::Iter<'a, u8>,
}

impl<'a> Unescaped<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { bytes: text.as_bytes().iter() }
    }

    /// Bytes of the text that are not read yet.
    pub(crate) fn left(&self) -> usize {
        self.bytes.as_slice().len()
    }

    fn digit(&mut self) -> Option<u8> {
        let value = char::from(*self.bytes.next()?).to_digit(16)?;
        u8::try_from(value).ok()
    }
}

impl Iterator for Unescaped<'_> {
    type Item = Option<u8>;

    fn next(&mut self) -> Option<Option<u8>> {
        match *self.bytes.next()? {
            b'%' => Some(self.digit().zip(self.digit()).map(|(high, low)| high << 4 | low)),
            byte => Some(Some(byte)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ALL: [Component; 5] = [
        Component::User,
        Component::Password,
        Component::Param,
        Component::Header,
        Component::FeatureTag,
    ];

    #[test]
    fn broken_escapes_are_no_text() {
        for text in ["%", "%4", "%zz", "a%", "%ff"] {
            assert_eq!(unescape(text), None, "{text}");
        }
        assert_eq!(unescape("%00").as_deref(), Some("\0"));
    }

    #[test]
    fn escaped_and_plain_spellings_are_equal() {
        assert!(eq_unescaped("%41lice", "ALICE") && !eq_unescaped_exact("%61lice", "Alice"));
        assert!(eq_unescaped_exact("sip%3auser", "sip%3Auser"));
        assert!(!eq_unescaped_exact("a%3Bb", "a;b") && !eq_unescaped("a%3Bb", "A;B"));
        assert!(eq_unescaped("A%3bb", "a%3Bb"));
    }

    proptest! {
        #[test]
        fn what_is_escaped_is_read_back(text in "\\PC{0,30}", part in prop::sample::select(ALL.to_vec())) {
            let escaped = escape(&text, part);
            prop_assert!(escaped.is_ascii());
            prop_assert_eq!(unescape(&escaped).unwrap(), text.as_str());
        }
    }
}
