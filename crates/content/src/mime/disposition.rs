//! What a body is for and what it is called: `Content-Disposition` (RFC 2183), `Content-ID` (RFC 2045 section 7).

use std::borrow::Cow;

use missiva_core::scan::{ByteSet, Cursor};
use missiva_core::{Fault, FaultKind};

use super::params::Params;
use crate::grammar::{TOKEN, cfws};

/// What a body is for: `attachment`, `notification`, `recipient-list`, `icon` …
///
/// ```
/// use missiva_content::mime::Disposition;
///
/// let file = Disposition::parse("attachment; filename*=utf-8''%C3%A4.jpg; handling=optional")?;
/// assert!(file.is("Attachment") && file.is_optional());
/// assert_eq!(file.filename().as_deref(), Some("ä.jpg"));
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Disposition<'a> {
    /// The purpose as it was spelled.
    pub kind: &'a str,
    /// `filename`, `size`, `handling` and the like.
    pub params: Params<'a>,
}

impl<'a> Disposition<'a> {
    /// Reads a value that makes up the whole of `text`.
    ///
    /// # Errors
    ///
    /// The first byte that is none of it.
    pub fn parse(text: &'a str) -> Result<Self, Fault> {
        let mut cursor = Cursor::new(text);
        cfws(&mut cursor)?;
        let kind = cursor.take_some(&TOKEN)?;
        let params = Params::read(&mut cursor, 0)?;
        cursor.finish()?;
        Ok(Self { kind, params })
    }

    /// Whether the body is for `kind`, in any case.
    #[must_use]
    pub fn is(&self, kind: &str) -> bool {
        self.kind.eq_ignore_ascii_case(kind)
    }

    /// Whether a receiver that does not know the body may leave it aside; it must not without a word (RFC 3261
    /// section 20.11).
    #[must_use]
    pub fn is_optional(&self) -> bool {
        self.params.text("handling").is_some_and(|word| word.eq_ignore_ascii_case("optional"))
    }

    /// What the sender calls the file. Never a path to write to: it may hold anything.
    #[must_use]
    pub fn filename(&self) -> Option<Cow<'a, str>> {
        self.params.text("filename")
    }

    /// Bytes of the file, when the sender says so and it is a number.
    #[must_use]
    pub fn size(&self) -> Option<u64> {
        self.params.text("size")?.parse().ok()
    }

    /// The first thing that was tolerated and is not as RFC 2183 has it.
    #[must_use]
    pub fn strict_fault(&self) -> Option<Fault> {
        self.params.strict_fault()
    }
}

/// The name of a body, to which a `cid:` URI points; kept without its angle brackets.
///
/// Deployed writers leave the brackets out, in the header as in the `start` of a multipart; both forms are taken.
///
/// ```
/// use missiva_content::mime::ContentId;
///
/// let id = ContentId::parse("<a+b@example.com>")?;
/// assert!(id.is_target_of("cid:a%2Bb@example.com"));
/// assert_eq!(ContentId::parse("a+b@example.com")?, id);
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct ContentId<'a>(pub &'a str);

/// `msg-id` less its brackets, which is left to its writer in part.
const ID: ByteSet = ByteSet::empty().with_range(0x21, 0x7e).without(b"<>");

impl<'a> ContentId<'a> {
    /// Reads a value that makes up the whole of `text`.
    ///
    /// # Errors
    ///
    /// The first byte that is none of it.
    pub fn parse(text: &'a str) -> Result<Self, Fault> {
        let mut cursor = Cursor::new(text);
        cfws(&mut cursor)?;
        let bracket = cursor.eat(b'<');
        let id = cursor.take_some(&ID)?;
        if bracket {
            cursor.expect(b'>')?;
        }
        cfws(&mut cursor)?;
        cursor.finish()?;
        Ok(Self(id))
    }

    /// Whether `uri` is the `cid:` URI of this body (RFC 2392).
    #[must_use]
    pub fn is_target_of(&self, uri: &str) -> bool {
        let Some((scheme, rest)) = uri.split_once(':') else { return false };
        scheme.eq_ignore_ascii_case("cid") && unescaped_eq(rest, self.0)
    }

    /// The URI that points to this body.
    ///
    /// ```
    /// use missiva_content::mime::ContentId;
    ///
    /// assert_eq!(ContentId("50%@example.com").to_uri(), "cid:50%25@example.com");
    /// ```
    #[must_use]
    pub fn to_uri(&self) -> String {
        const PLAIN: ByteSet = ByteSet::alphanumeric().with(b"-._~!$&'()*+,;=:@/");
        let mut uri = String::from("cid:");
        for byte in self.0.bytes() {
            if PLAIN.has(byte) {
                uri.push(byte.into());
            } else {
                uri.push_str(&format!("%{byte:02X}"));
            }
        }
        uri
    }
}

/// Whether `escaped`, with its percent escapes read, is `plain`.
fn unescaped_eq(escaped: &str, plain: &str) -> bool {
    let mut bytes = escaped.bytes();
    let mut next = || -> Option<Option<u8>> {
        let byte = bytes.next()?;
        if byte != b'%' {
            return Some(Some(byte));
        }
        let mut nibble = || char::from(bytes.next()?).to_digit(16);
        let value = nibble().zip(nibble()).map(|(high, low)| high << 4 | low);
        Some(value.and_then(|value| u8::try_from(value).ok()))
    };
    plain.bytes().all(|byte| next() == Some(Some(byte))) && next().is_none()
}

/// A whole number, as `Content-Length` has it.
pub(crate) fn number(text: &str) -> Result<u64, Fault> {
    let mut cursor = Cursor::new(text);
    cfws(&mut cursor)?;
    let number = cursor.number(u64::MAX - 1)?;
    cfws(&mut cursor)?;
    cursor.finish()?;
    Ok(number)
}

/// A single word of a value, comments around it left out.
pub(crate) fn word(text: &str) -> Result<&str, Fault> {
    let mut cursor = Cursor::new(text);
    cfws(&mut cursor)?;
    let word = cursor.take_some(&TOKEN)?;
    cfws(&mut cursor)?;
    cursor.finish()?;
    Ok(word)
}

/// A fault of a word that is not one of those known.
pub(crate) fn unknown_word() -> Fault {
    Fault::new(FaultKind::Value, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dispositions_say_what_a_body_is_for() {
        for (text, kind, optional) in [
            ("notification", "notification", false),
            ("recipient-list-history; handling=optional", "recipient-list-history", true),
            ("Render;handling=\"OPTIONAL\"", "render", true),
            ("session ;handling=required (or not)", "session", false),
        ] {
            let value = Disposition::parse(text).unwrap();
            assert!(value.is(kind) && value.is_optional() == optional, "{text}");
        }
        let icon = Disposition::parse("icon; size=4092; filename=a.jpg").unwrap();
        assert_eq!((icon.size(), icon.filename().as_deref()), (Some(4092), Some("a.jpg")));
        assert_eq!(Disposition::parse("icon; size=many").unwrap().size(), None);
        assert_eq!(Disposition::parse("; filename=x").unwrap_err().at, 0);
        assert!(Disposition::parse("icon; filename=my file").is_err());
    }

    #[test]
    fn names_are_compared_with_their_escapes_read() {
        let id = ContentId::parse(" <1234567890@foo.com> (c)").unwrap();
        assert!(
            id.is_target_of("CID:1234567890@foo.com")
                && id.is_target_of("cid:1234567890%40foo.com")
        );
        for uri in [
            "",
            "cid:",
            "1234567890@foo.com",
            "cid:1234567890@foo.co",
            "cid:1234567890@foo.comm",
            "cid:1%3",
        ] {
            assert!(!id.is_target_of(uri), "{uri}");
        }
        for (text, at) in [("", 0), ("<>", 1), ("<a", 2), ("a b", 2), ("<a>b", 3), ("a>", 1)] {
            assert_eq!(ContentId::parse(text).map_err(|fault| fault.at), Err(at), "{text}");
        }
        let odd = ContentId("a<b%c");
        assert!(odd.is_target_of(&odd.to_uri()));
    }

    #[test]
    fn numbers_and_words_stand_alone() {
        assert_eq!((number(" 15 (bytes)"), number("0")), (Ok(15), Ok(0)));
        assert!(number("").is_err() && number("-1").is_err() && number("1 2").is_err());
        assert_eq!(number("99999999999999999999").unwrap_err().kind, FaultKind::Number);
        assert_eq!(word("(a) high (b)"), Ok("high"));
        assert!(word("a b").is_err() && word("").is_err());
    }
}
