//! MSRP URIs: `msrp://alice.example.com:7777/iau39soe2843z;tcp`.

mod compare;
mod host;
mod owned;
mod params;

use std::fmt;

use missiva_core::scan::{ByteSet, Cursor};
use missiva_core::{Fault, FaultKind};

pub use host::Host;
pub use owned::UriBuf;
pub use params::UriParams;

use crate::grammar::TOKEN;

/// The port that a URI without one means (RFC 4975 section 15.4).
pub const DEFAULT_PORT: u16 = 2855;

/// An MSRP URI (RFC 4975 section 6): its text, and where the parts lie in it.
///
/// Parts are handed out as they were written. Two values are equal when their text is; whether they name the same
/// session is for [`matches`](Self::matches) to say. What must outlive the message is a [`UriBuf`].
///
/// ```
/// use missiva_msrp::Uri;
///
/// let uri = Uri::parse("msrps://alice@[2001:db8::1]:9892/98cjs;tcp")?;
/// assert!(uri.is_secure());
/// assert_eq!((uri.userinfo(), uri.port(), uri.session_id()), (Some("alice"), Some(9892), Some("98cjs")));
/// assert_eq!(uri.transport(), "tcp");
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Uri<'a> {
    text: &'a str,
    marks: Marks,
}

/// Where the parts of a URI lie in its text; each part ends where the next begins, less the byte between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Marks {
    /// First byte behind `://`; the scheme has four or five bytes.
    authority: u16,
    host: u16,
    host_end: u16,
    /// The slash before the session id, or where it would stand.
    session: u16,
    /// The semicolon before the transport.
    transport: u16,
    params: u16,
    end: u16,
    port: Option<u16>,
}

/// `userinfo` of RFC 3986, escapes included.
const USERINFO: ByteSet = ByteSet::alphanumeric().with(b"-._~!$&'()*+,;=:%");
/// `session-id`: unreserved characters, plus, equals and slash. Percent escapes are let through: some stacks
/// escape what they draw.
const SESSION: ByteSet = ByteSet::alphanumeric().with(b"-._~+=/%");
/// `transport`.
const TRANSPORT: ByteSet = ByteSet::alphanumeric();

impl<'a> Uri<'a> {
    /// Reads a URI that makes up the whole of `text`.
    ///
    /// # Errors
    ///
    /// The first byte that RFC 4975 does not allow.
    pub fn parse(text: &'a str) -> Result<Self, Fault> {
        let mut cursor = Cursor::new(text);
        let uri = Self::read(&mut cursor)?;
        cursor.finish()?;
        Ok(uri)
    }

    /// Reads a URI and stops behind it.
    #[inline]
    pub(crate) fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let start = *cursor;
        match Self::read_parts(cursor, false) {
            Ok(uri) if cursor.peek() != Some(b'@') => Ok(uri),
            other => Self::read_with_user(cursor, start, other),
        }
    }

    /// Hardly any URI has a user. Its bytes are those of hosts and more, so it is looked for where the rest makes no
    /// sense without one.
    #[cold]
    fn read_with_user(
        cursor: &mut Cursor<'a>,
        start: Cursor<'a>,
        other: Result<Self, Fault>,
    ) -> Result<Self, Fault> {
        let word = start.rest_bytes().iter().take_while(|byte| !matches!(byte, b' ' | b'\t'));
        if word.into_iter().any(|byte| *byte == b'@') {
            *cursor = start;
            return Self::read_parts(cursor, true);
        }
        other
    }

    #[inline]
    fn read_parts(cursor: &mut Cursor<'a>, has_user: bool) -> Result<Self, Fault> {
        let start = cursor.at();
        if !cursor.eat_word("msrp") {
            return Err(cursor.fault(if cursor.is_end() {
                FaultKind::End
            } else {
                FaultKind::Value
            }));
        }
        if matches!(cursor.peek(), Some(b's' | b'S')) {
            cursor.bump();
        }
        for byte in *b"://" {
            cursor.expect(byte)?;
        }
        let authority = cursor.at();
        if has_user {
            cursor.take_some(&USERINFO)?;
            cursor.expect(b'@')?;
        }
        let host = cursor.at();
        Host::skip(cursor)?;
        let host_end = cursor.at();
        let port =
            if cursor.eat(b':') { Some(cursor.number(u16::MAX.into())? as u16) } else { None };
        let session = cursor.at();
        if cursor.eat(b'/') {
            cursor.take_some(&SESSION)?;
        }
        let transport = cursor.at();
        cursor.expect(b';')?;
        cursor.take_some(&TRANSPORT)?;
        let params = cursor.at();
        UriParams::skip(cursor)?;
        if cursor.at() - start > usize::from(u16::MAX) {
            return Err(Fault::new(FaultKind::Limit, start));
        }
        let mark = |at: usize| at.saturating_sub(start) as u16;
        let marks = Marks {
            authority: mark(authority),
            host: mark(host),
            host_end: mark(host_end),
            session: mark(session),
            transport: mark(transport),
            params: mark(params),
            end: mark(cursor.at()),
            port,
        };
        Ok(Self { text: cursor.since(start), marks })
    }

    pub(crate) const fn checked(text: &'a str, marks: Marks) -> Self {
        Self { text, marks }
    }

    pub(crate) const fn marks(&self) -> Marks {
        self.marks
    }

    /// The URI as it was written.
    #[inline]
    #[must_use]
    pub const fn as_str(&self) -> &'a str {
        self.text
    }

    /// Whether the scheme is `msrps`, so that the hop to it is under TLS.
    #[must_use]
    pub const fn is_secure(&self) -> bool {
        self.marks.authority == 8
    }

    /// The part before `@`, by which a client names itself to its relay (RFC 4976).
    #[must_use]
    pub fn userinfo(&self) -> Option<&'a str> {
        let Marks { authority, host, .. } = self.marks;
        (host > authority).then(|| self.part(authority, host - 1))
    }

    /// Where the session lives.
    #[must_use]
    pub fn host(&self) -> Host<'a> {
        Host::checked(self.part(self.marks.host, self.marks.host_end))
    }

    /// The port, when one is written; without one, [`DEFAULT_PORT`] is meant.
    #[must_use]
    pub const fn port(&self) -> Option<u16> {
        self.marks.port
    }

    /// The name of the session on its host. A relay that is asked for a path has none.
    #[must_use]
    pub fn session_id(&self) -> Option<&'a str> {
        let Marks { session, transport, .. } = self.marks;
        (transport > session).then(|| self.part(session + 1, transport))
    }

    /// `tcp`, or `ws` of RFC 7977, as it was spelled.
    #[must_use]
    pub fn transport(&self) -> &'a str {
        self.part(self.marks.transport + 1, self.marks.params)
    }

    /// What follows the transport.
    #[must_use]
    pub fn params(&self) -> UriParams<'a> {
        UriParams::checked(self.part(self.marks.params, self.marks.end))
    }

    #[inline]
    fn part(&self, from: u16, to: u16) -> &'a str {
        self.text.get(usize::from(from)..usize::from(to)).unwrap_or_default()
    }
}

impl fmt::Display for Uri<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text)
    }
}

impl fmt::Debug for Uri<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Uri({})", self.text)
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Uri<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut parts = serializer.serialize_struct("Uri", 7)?;
        parts.serialize_field("scheme", if self.is_secure() { "msrps" } else { "msrp" })?;
        parts.serialize_field("userinfo", &self.userinfo())?;
        parts.serialize_field("host", self.host().as_str())?;
        parts.serialize_field("port", &self.port())?;
        parts.serialize_field("session_id", &self.session_id())?;
        parts.serialize_field("transport", self.transport())?;
        parts.serialize_field("params", &self.params())?;
        parts.end()
    }
}

/// Bytes that a parameter name or value may have.
const PARAM: ByteSet = TOKEN;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uris_are_read_in_parts() {
        type Parts =
            (Option<&'static str>, &'static str, Option<u16>, Option<&'static str>, &'static str);
        let table: [(&str, Parts); 8] = [
            ("msrp://h;tcp", (None, "h", None, None, "tcp")),
            (
                "msrp://alicepc.example.com:7777/iau39soe2843z;tcp",
                (None, "alicepc.example.com", Some(7777), Some("iau39soe2843z"), "tcp"),
            ),
            (
                "msrps://alice@intra.example.com;tcp",
                (Some("alice"), "intra.example.com", None, None, "tcp"),
            ),
            ("msrp://192.0.2.1:9/abc123;tcp", (None, "192.0.2.1", Some(9), Some("abc123"), "tcp")),
            (
                "MSRPS://a:b@[2001:db8::1]:1/s/+=t;TCP;x;y=z",
                (Some("a:b"), "[2001:db8::1]", Some(1), Some("s/+=t"), "TCP"),
            ),
            (
                "msrp://df7jal23ls0d.invalid:2855/98cjs;ws",
                (None, "df7jal23ls0d.invalid", Some(2855), Some("98cjs"), "ws"),
            ),
            ("msrp://a_b.example/x;tcp", (None, "a_b.example", None, Some("x"), "tcp")),
            ("msrp://%41%6cice/x%2f;tcp", (None, "%41%6cice", None, Some("x%2f"), "tcp")),
        ];
        for (text, parts) in table {
            let uri = Uri::parse(text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
            let host = uri.host();
            let got =
                (uri.userinfo(), host.as_str(), uri.port(), uri.session_id(), uri.transport());
            assert_eq!(got, parts, "{text}");
            assert_eq!(uri.to_string(), text);
            assert_eq!(uri.is_secure(), text[..5].eq_ignore_ascii_case("msrps"), "{text}");
        }
    }

    #[test]
    fn faults_are_located() {
        let table = [
            ("", FaultKind::End, 0),
            ("sip:a", FaultKind::Value, 0),
            ("msrp:h;tcp", FaultKind::Unexpected, 5),
            ("msrpx://h;tcp", FaultKind::Unexpected, 4),
            ("msrp://;tcp", FaultKind::Host, 7),
            ("msrp://@h;tcp", FaultKind::Unexpected, 7),
            ("msrp://h", FaultKind::End, 8),
            ("msrp://h;", FaultKind::End, 9),
            ("msrp://h/;tcp", FaultKind::Unexpected, 9),
            ("msrp://h:/x;tcp", FaultKind::Number, 9),
            ("msrp://h:65536/x;tcp", FaultKind::Number, 9),
            ("msrp://[::1/x;tcp", FaultKind::Host, 7),
            ("msrp://192.0.2.256;tcp", FaultKind::Host, 7),
            ("msrp://a%4/x;tcp", FaultKind::Escape, 8),
            ("msrp://h/x;tcp;", FaultKind::End, 15),
            ("msrp://h/x;tcp;a=", FaultKind::End, 17),
            ("msrp://h/x;t-p", FaultKind::Unexpected, 12),
            ("msrp://h/x y;tcp", FaultKind::Unexpected, 10),
        ];
        for (text, kind, at) in table {
            let fault = Uri::parse(text).expect_err(text);
            assert_eq!((fault.kind, fault.at), (kind, at), "{text}");
        }
    }

    #[test]
    fn a_uri_has_at_most_65535_bytes() {
        let uri = |len: usize| format!("msrp://h/{};tcp", "x".repeat(len - 13));
        assert!(Uri::parse(&uri(65_535)).is_ok());
        for len in [65_536, 1 << 20] {
            assert_eq!(Uri::parse(&uri(len)), Err(Fault::new(FaultKind::Limit, 0)));
        }
    }
}
