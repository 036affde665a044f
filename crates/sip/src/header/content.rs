//! What the body is for: `Content-Disposition`, `Content-ID`, `MIME-Version` (RFC 3261 sections 20.11 and 20.24,
//! RFC 8262).

use bytes::{BufMut, BytesMut};
use missiva_core::Fault;
use missiva_core::scan::{ByteSet, Cursor};

use super::Value;
use super::number::Seconds;
use super::word::word;
use crate::encode::{put, put_number};
use crate::params::Params;
use crate::uri::escape::unescape;

word! {
    /// What the body is for, and whether it may be left aside.
    ///
    /// ```
    /// use missiva_sip::header::{Disposition, Handling, Value};
    ///
    /// let history = Disposition::parse("recipient-list-history; handling=optional")?;
    /// assert!(history.is("Recipient-List-History"));
    /// assert_eq!(history.handling(), Handling::Optional);
    /// # Ok::<(), missiva_core::Fault>(())
    /// ```
    Disposition {
        /// `session`, `render`, `recipient-list` …
        kind,
        /// `handling` and any other.
        params
    }
}

/// What a receiver does that does not know a body's type or purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "lowercase"))]
pub enum Handling {
    /// It leaves the body aside.
    Optional,
    /// It refuses the request with a 415.
    Required,
}

impl Disposition<'_> {
    /// Whether the body is for `kind`, in any case.
    #[must_use]
    pub fn is(&self, kind: &str) -> bool {
        self.kind.eq_ignore_ascii_case(kind)
    }

    /// What a receiver does that cannot handle the body. All but `optional` means that it must, and so does
    /// nothing at all (RFC 3261 section 20.11).
    #[must_use]
    pub fn handling(&self) -> Handling {
        match self.params.value("handling") {
            Some(word) if word.eq_ignore_ascii_case("optional") => Handling::Optional,
            _ => Handling::Required,
        }
    }
}

/// The name of the body, to which a `cid:` URI points; kept without its angle brackets.
///
/// ```
/// use missiva_sip::header::{ContentId, Value};
///
/// let id = ContentId::parse("<a+b@example.com>")?;
/// assert!(id.is_target_of("cid:a%2Bb@example.com"));
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct ContentId<'a>(pub &'a str);

const ID: ByteSet = ByteSet::empty().with_range(0x21, 0x7e).without(b"<>");

impl ContentId<'_> {
    /// Whether `uri` is the `cid:` URI of this body (RFC 2392).
    #[must_use]
    pub fn is_target_of(&self, uri: &str) -> bool {
        let is_cid = uri.get(..4).is_some_and(|scheme| scheme.eq_ignore_ascii_case("cid:"));
        is_cid && uri.get(4..).and_then(unescape).as_deref() == Some(self.0)
    }
}

impl<'a> Value<'a> for ContentId<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        cursor.expect(b'<')?;
        let id = cursor.take_some(&ID)?;
        cursor.expect(b'>')?;
        Ok(Self(id))
    }

    fn encode(&self, out: &mut BytesMut) {
        out.put_u8(b'<');
        put(self.0, out);
        out.put_u8(b'>');
    }
}

/// The version of MIME: 1.0, and no other so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct MimeVersion {
    /// Before the dot.
    pub major: u32,
    /// Behind the dot.
    pub minor: u32,
}

impl MimeVersion {
    /// The only version there is.
    pub const ONE: Self = Self { major: 1, minor: 0 };
}

impl<'a> Value<'a> for MimeVersion {
    /// `1*DIGIT "." 1*DIGIT`.
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let major = Seconds::read(cursor)?.0;
        cursor.expect(b'.')?;
        let minor = Seconds::read(cursor)?.0;
        Ok(Self { major, minor })
    }

    fn encode(&self, out: &mut BytesMut) {
        put_number(self.major.into(), out);
        out.put_u8(b'.');
        put_number(self.minor.into(), out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use missiva_core::FaultKind;

    #[test]
    fn bodies_are_required_unless_they_are_optional() {
        let table = [
            ("session", Handling::Required),
            ("session;handling=Optional", Handling::Optional),
            ("session;handling=\"optional\"", Handling::Required),
            ("session;handling=required", Handling::Required),
            ("session;handling", Handling::Required),
            ("session;optional", Handling::Required),
        ];
        for (text, expected) in table {
            let disposition = Disposition::parse(text).unwrap();
            assert_eq!(disposition.handling(), expected, "{text}");
            assert_eq!(disposition.to_text(), text);
        }
    }

    #[test]
    fn content_ids_stand_in_brackets() {
        let table = [
            ("<a@b>", Ok("a@b")),
            ("a@b", Err((FaultKind::Unexpected, 0))),
            ("<>", Err((FaultKind::Unexpected, 1))),
            ("<a@b", Err((FaultKind::End, 4))),
            ("<a b>", Err((FaultKind::Unexpected, 2))),
        ];
        for (text, expected) in table {
            let got = ContentId::parse(text);
            assert_eq!(
                got.map(|id| id.0).map_err(|fault| (fault.kind, fault.at)),
                expected,
                "{text}"
            );
            assert!(got.is_err() || got.unwrap().to_text() == text);
        }
        let id = ContentId("a@b");
        assert!(id.is_target_of("CID:a@b"));
        assert!(!id.is_target_of("cid:A@b") && !id.is_target_of("a@b") && !id.is_target_of(""));
    }

    #[test]
    fn versions_have_two_numbers() {
        assert_eq!(MimeVersion::parse("1.0"), Ok(MimeVersion::ONE));
        assert_eq!(MimeVersion::parse("01.00").unwrap().to_text(), "1.0");
        for (text, kind, at) in [
            ("1", FaultKind::End, 1),
            ("1.", FaultKind::Number, 2),
            (".1", FaultKind::Number, 0),
            ("1.0.0", FaultKind::Unexpected, 3),
        ] {
            let fault = MimeVersion::parse(text).expect_err(text);
            assert_eq!((fault.kind, fault.at), (kind, at), "{text}");
        }
    }
}
