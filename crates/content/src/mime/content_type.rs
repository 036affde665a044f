//! `Content-Type` (RFC 2045 section 5).

use std::fmt;

use bytes::BytesMut;
use missiva_core::scan::Cursor;
use missiva_core::{Fault, FaultKind};

use super::params::{Params, write_param};
use crate::encode::put;
use crate::grammar::{TOKEN, cfws};

/// What a body is: a type, a subtype and parameters.
///
/// White space, folds and comments may stand wherever MIME allows them; none of them is part of a value.
///
/// ```
/// use missiva_content::mime::ContentType;
///
/// let kind = ContentType::parse("Text / PLAIN (as it is) ;\r\n charset = \"utf-8\"")?;
/// assert!(kind.is("text/plain"));
/// assert_eq!(kind.params.text("charset").as_deref(), Some("utf-8"));
/// assert_eq!(kind.to_string(), "text/plain;charset=utf-8");
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ContentType<'a> {
    /// `text`, `message`, `multipart` … as it was spelled.
    pub kind: &'a str,
    /// What stands behind the slash.
    pub subtype: &'a str,
    /// `charset`, `boundary` and the like.
    pub params: Params<'a>,
}

impl<'a> ContentType<'a> {
    /// What a body is that does not say what it is (RFC 2045 section 5.2).
    pub const DEFAULT: Self = Self { kind: "text", subtype: "plain", params: Params::NONE };

    /// Reads a value that makes up the whole of `text`.
    ///
    /// # Errors
    ///
    /// The first byte that is none of it.
    pub fn parse(text: &'a str) -> Result<Self, Fault> {
        Self::read(&mut Cursor::new(text))
    }

    /// Reads a value that makes up the whole of what the cursor is over.
    #[inline]
    pub(crate) fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let start = cursor.at();
        cfws(cursor)?;
        let kind = cursor.take_some(&TOKEN)?;
        cfws(cursor)?;
        cursor.expect(b'/')?;
        cfws(cursor)?;
        let subtype = cursor.take_some(&TOKEN)?;
        let params = Params::read(cursor, start)?;
        cursor.finish()?;
        Ok(Self { kind, subtype, params })
    }

    /// A content type with parameters, written so that every reader takes it for what it is.
    ///
    /// # Errors
    ///
    /// The first byte that makes `essence` no type and subtype; [`FaultKind::Value`] for a name that is no token.
    ///
    /// ```
    /// use missiva_content::mime::ContentType;
    ///
    /// let text = ContentType::compose("multipart/related", &[("boundary", "b 1"), ("type", "text/xml")])?;
    /// assert_eq!(text, "multipart/related;boundary=\"b 1\";type=\"text/xml\"");
    /// # Ok::<(), missiva_core::Fault>(())
    /// ```
    pub fn compose(essence: &str, params: &[(&str, &str)]) -> Result<String, Fault> {
        let mut cursor = Cursor::new(essence);
        cursor.take_some(&TOKEN)?;
        cursor.expect(b'/')?;
        cursor.take_some(&TOKEN)?;
        cursor.finish()?;
        let mut out = BytesMut::new();
        put(essence, &mut out);
        for (name, value) in params {
            // A star would make it another parameter (RFC 2231).
            if !TOKEN.spans(name.as_bytes()) || name.contains('*') {
                return Err(Fault::new(FaultKind::Value, 0));
            }
            write_param(name, value, &mut out);
        }
        String::from_utf8(out.into()).map_err(|_| Fault::new(FaultKind::Utf8, 0))
    }

    /// Whether this is `essence`, a type and a subtype with a slash between, in any case.
    #[must_use]
    pub fn is(&self, essence: &str) -> bool {
        essence.split_once('/').is_some_and(|(kind, subtype)| {
            self.kind.eq_ignore_ascii_case(kind) && self.subtype.eq_ignore_ascii_case(subtype)
        })
    }

    /// Whether this is a multipart of any kind.
    #[must_use]
    pub fn is_multipart(&self) -> bool {
        self.kind.eq_ignore_ascii_case("multipart")
    }

    /// The first thing that was tolerated and is not as RFC 2045 has it; offsets count from the start of the value.
    #[must_use]
    pub fn strict_fault(&self) -> Option<Fault> {
        self.params.strict_fault()
    }
}

/// In plain form: small letters, no comment, quotes where they are needed.
impl fmt::Display for ContentType<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lower = |f: &mut fmt::Formatter<'_>, text: &str| {
            text.bytes().try_for_each(|b| fmt::Write::write_char(f, b.to_ascii_lowercase().into()))
        };
        lower(f, self.kind)?;
        f.write_str("/")?;
        lower(f, self.subtype)?;
        for param in self.params {
            let mut out = BytesMut::new();
            match param.value {
                Some(value) => write_param(param.name, &super::quoted::unquote(value), &mut out),
                None => {
                    put(";", &mut out);
                    put(param.name, &mut out);
                }
            }
            f.write_str(std::str::from_utf8(&out).unwrap_or_default())?;
        }
        Ok(())
    }
}

/// What a receiver takes: `text/plain`, `text/*`, `*/*`, or `*` as MSRP has it (RFC 4975 section 9).
///
/// ```
/// use missiva_content::mime::{ContentType, MediaRange};
///
/// let kind = ContentType::parse("image/jpeg")?;
/// assert!(MediaRange::parse("*")?.takes(&kind) && MediaRange::parse("Image/*")?.takes(&kind));
/// assert!(!MediaRange::parse("text/plain")?.takes(&kind));
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct MediaRange<'a> {
    /// A type, or `*`.
    pub kind: &'a str,
    /// A subtype, or `*`.
    pub subtype: &'a str,
    /// Parameters, which do not count in the comparison.
    pub params: Params<'a>,
}

impl<'a> MediaRange<'a> {
    /// Reads a range that makes up the whole of `text`.
    ///
    /// # Errors
    ///
    /// The first byte that is none of it; [`FaultKind::Value`] for a star before a subtype.
    pub fn parse(text: &'a str) -> Result<Self, Fault> {
        if text.trim_ascii() == "*" {
            return Ok(Self { kind: "*", subtype: "*", params: Params::NONE });
        }
        let ContentType { kind, subtype, params } = ContentType::parse(text)?;
        if kind == "*" && subtype != "*" {
            return Err(Fault::new(FaultKind::Value, 0));
        }
        Ok(Self { kind, subtype, params })
    }

    /// Whether a body of type `content` is within the range.
    #[must_use]
    pub fn takes(&self, content: &ContentType<'_>) -> bool {
        let fits = |range: &str, word: &str| range == "*" || range.eq_ignore_ascii_case(word);
        fits(self.kind, content.kind) && fits(self.subtype, content.subtype)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_read_with_whatever_stands_around_them() {
        for text in [
            "multipart/mixed;boundary=\"a b\"",
            " multipart/mixed ; boundary=\"a b\" ",
            "MULTIPART/MIXED;BOUNDARY=\"a\\ b\";",
            "multipart(c)/(d)mixed\r\n ;boundary=\"a\r\n b\"(e)",
        ] {
            let kind = ContentType::parse(text).unwrap();
            assert!(kind.is("multipart/mixed") && kind.is_multipart(), "{text}");
            assert_eq!(kind.params.text("boundary").as_deref(), Some("a b"), "{text}");
        }
    }

    #[test]
    fn what_is_no_type_is_refused_where_it_goes_wrong() {
        for (text, kind, at) in [
            ("", FaultKind::End, 0),
            ("text", FaultKind::End, 4),
            ("text/", FaultKind::End, 5),
            ("/plain", FaultKind::Unexpected, 0),
            ("text/plain charset=x", FaultKind::Unexpected, 11),
            ("text/plain, text/html", FaultKind::Unexpected, 10),
            ("text/pl\u{e4}in", FaultKind::Unexpected, 7),
            ("text/plain;charset=\"utf-8", FaultKind::Quote, 19),
            ("*", FaultKind::End, 1),
        ] {
            let fault = ContentType::parse(text).expect_err(text);
            assert_eq!((fault.kind, fault.at), (kind, at), "{text}");
        }
    }

    #[test]
    fn the_plain_form_is_read_back_as_the_same() {
        for (text, plain) in [
            ("Text/Plain", "text/plain"),
            ("text/plain;charset=UTF-8", "text/plain;charset=UTF-8"),
            ("a/b ; c=\"d e\" ; f ; g*=utf-8''%C3%A4", "a/b;c=\"d e\";f;g*=\"utf-8''%C3%A4\""),
            (
                "message/external-body;URL=\"imap://h/x;uid=2\"",
                "message/external-body;URL=\"imap://h/x;uid=2\"",
            ),
        ] {
            let kind = ContentType::parse(text).unwrap();
            if text.contains('*') {
                assert_eq!(kind.params.text("g").as_deref(), Some("ä"));
                continue;
            }
            assert_eq!(kind.to_string(), plain);
            assert_eq!(ContentType::parse(plain).unwrap().to_string(), plain);
        }
    }

    #[test]
    fn composed_types_hold_nothing_but_what_they_were_given() {
        for (essence, name) in [
            ("text", "a"),
            ("text/x;y", "a"),
            ("a/b\r\n", "a"),
            ("a/b", "c d"),
            ("a/b", "c*"),
            ("a/b", ""),
        ] {
            assert!(ContentType::compose(essence, &[(name, "v")]).is_err(), "{essence:?} {name:?}");
        }
        let text = ContentType::compose("a/b", &[("c", "x\r\nEvil: y")]).unwrap();
        assert_eq!(text, "a/b;c*=utf-8''x%0D%0AEvil%3A%20y");
    }

    #[test]
    fn a_star_stands_for_everything_behind_it() {
        let xml = ContentType::parse("application/im-iscomposing+xml").unwrap();
        for (range, fits) in
            [("*", true), (" * ", true), ("*/*", true), ("application/*", true), ("text/*", false)]
        {
            assert_eq!(MediaRange::parse(range).unwrap().takes(&xml), fits, "{range}");
        }
        assert_eq!(MediaRange::parse("*/xml"), Err(Fault::new(FaultKind::Value, 0)));
        assert!(MediaRange::parse("**").is_err() && MediaRange::parse("").is_err());
    }
}
