//! `sip:` and `sips:` URIs (RFC 3261 section 19.1).

use missiva_core::scan::{ByteSet, Cursor};
use missiva_core::{Fault, FaultKind};

use super::escape::eq_unescaped;
use super::{Host, Place, TelNumber, UriHeaders, UriParams, read_port};
use crate::grammar::skip_escaped;

/// A `sip` or `sips` URI: its text, and where the parts lie in it.
///
/// Parts are handed out as they were written, escapes included. Two values are equal when their text is; whether
/// they name the same resource is for [`Uri::matches`](super::Uri::matches) to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SipUri<'a> {
    text: &'a str,
    /// The end of the user, zero when there is none; it starts behind the scheme.
    user_end: u16,
    /// The end of user and password.
    userinfo_end: u16,
    host: u16,
    host_end: u16,
    params: u16,
    headers: u16,
    port: Option<u16>,
}

const UNRESERVED: ByteSet = ByteSet::alphanumeric().with(b"-_.!~*'()");
/// `user`, less escapes.
const USER: ByteSet = UNRESERVED.with(b"&=+$,;?/");
/// `password`, less escapes.
const PASSWORD: ByteSet = UNRESERVED.with(b"&=+$,");

impl<'a> SipUri<'a> {
    /// Reads a URI whose scheme and colon, `scheme` bytes long, stand next and were looked at.
    #[inline(always)]
    pub(crate) fn read(
        cursor: &mut Cursor<'a>,
        scheme: usize,
        place: Place,
    ) -> Result<Self, Fault> {
        let start = cursor.at();
        cursor.jump(start + scheme);
        let (user_end, userinfo_end) = skip_userinfo(cursor)?;
        let host = cursor.at();
        Host::skip(cursor)?;
        let host_end = cursor.at();
        let port = read_port(cursor)?;
        let params = cursor.at();
        let mut headers = params;
        if place == Place::Enclosed {
            UriParams::skip(cursor)?;
            headers = cursor.at();
            UriHeaders::skip(cursor)?;
        }
        if cursor.at() - start > usize::from(u16::MAX) {
            return Err(Fault::new(FaultKind::Limit, start));
        }
        let mark = |at: usize| at.saturating_sub(start) as u16;
        Ok(Self {
            text: cursor.since(start),
            user_end: mark(user_end),
            userinfo_end: mark(userinfo_end),
            host: mark(host),
            host_end: mark(host_end),
            params: mark(params),
            headers: mark(headers),
            port,
        })
    }

    /// The URI as it was written.
    #[must_use]
    pub const fn as_str(&self) -> &'a str {
        self.text
    }

    /// Whether the scheme is `sips`.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.scheme_end() == 5
    }

    /// The part before `@`, with parameters of its own if it has any; see [`user_parts`](Self::user_parts).
    #[must_use]
    pub fn user(&self) -> Option<&'a str> {
        (self.user_end > 0).then(|| self.part(self.scheme_end(), self.user_end))
    }

    /// What a colon divides from the user. RFC 3261 advises against it.
    #[must_use]
    pub fn password(&self) -> Option<&'a str> {
        (self.userinfo_end > self.user_end).then(|| self.part(self.user_end + 1, self.userinfo_end))
    }

    /// Where the resource lives.
    #[must_use]
    pub fn host(&self) -> Host<'a> {
        Host::checked(self.part(self.host, self.host_end))
    }

    /// The port, when one is written.
    #[must_use]
    pub const fn port(&self) -> Option<u16> {
        self.port
    }

    /// What follows the first semicolon behind the host.
    #[must_use]
    pub fn params(&self) -> UriParams<'a> {
        UriParams::checked(self.part(self.params, self.headers))
    }

    /// What follows the question mark.
    #[must_use]
    pub fn headers(&self) -> UriHeaders<'a> {
        UriHeaders::checked(self.text.get(usize::from(self.headers)..).unwrap_or_default())
    }

    /// The user without its own parameters, and those parameters: `+15550100` and `phone-context=example.com` of
    /// `+15550100;phone-context=example.com`.
    ///
    /// A user is freer than the parameters of a URI: what stands between two of its semicolons may be empty or hold a
    /// comma, a question mark and further equals signs. It is handed out as it is, so that nothing of the user is lost.
    #[must_use]
    pub fn user_parts(&self) -> Option<(&'a str, UriParams<'a>)> {
        let user = self.user()?;
        match user.find(';') {
            Some(at) => {
                let (name, rest) = user.split_at_checked(at)?;
                Some((name, UriParams::checked(rest)))
            }
            None => Some((user, UriParams::NONE)),
        }
    }

    /// The telephone number in the user part, when `user=phone` says that there is one. Bytes that a user cannot hold
    /// are escaped there (RFC 3261 section 19.1.6), and `+` often is though it need not be.
    ///
    /// # Errors
    ///
    /// The fault of a user part that claims to be a number and is none.
    pub fn telephone(&self) -> Option<Result<TelNumber<'a>, Fault>> {
        let is_phone = self.params().value("user").is_some_and(|user| eq_unescaped(user, "phone"));
        is_phone.then_some(self.user()?).map(TelNumber::of_user)
    }

    /// Whether the URI asks for loose routing (RFC 3261 section 19.1.1).
    #[must_use]
    pub fn is_loose_router(&self) -> bool {
        self.params().has("lr")
    }

    /// Whether the URI is a GRUU (RFC 5627).
    #[must_use]
    pub fn is_gruu(&self) -> bool {
        self.params().has("gr")
    }

    /// `sip:` has four bytes and `sips:` five.
    fn scheme_end(&self) -> u16 {
        if self.text.as_bytes().get(3) == Some(&b':') { 4 } else { 5 }
    }

    fn part(&self, from: u16, to: u16) -> &'a str {
        self.text.get(usize::from(from)..usize::from(to)).unwrap_or_default()
    }
}

/// `[ user [ ":" password ] "@" ]`. Says where user and userinfo end, both zero when there is none. Every byte of a
/// host is one of a user too, so only the `@` tells: where none comes, the cursor goes back.
#[inline(always)]
fn skip_userinfo(cursor: &mut Cursor<'_>) -> Result<(usize, usize), Fault> {
    let start = cursor.at();
    if cursor.peek() == Some(b'[') {
        return Ok((0, 0));
    }
    skip_escaped(cursor, &USER)?;
    let user_end = cursor.at();
    if cursor.peek() == Some(b':') {
        cursor.bump();
        // What looks like a password may be a port, and a fault in it that of a host.
        if skip_escaped(cursor, &PASSWORD).is_err() {
            cursor.jump(user_end);
        }
    }
    if cursor.peek() != Some(b'@') {
        cursor.jump(start);
        return Ok((0, 0));
    }
    if user_end == start {
        return Err(Fault::new(FaultKind::Unexpected, start));
    }
    let userinfo_end = cursor.at();
    cursor.bump();
    Ok((user_end, userinfo_end))
}

#[cfg(feature = "serde")]
impl serde::Serialize for SipUri<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut parts = serializer.serialize_struct("SipUri", 7)?;
        parts.serialize_field("scheme", if self.is_secure() { "sips" } else { "sip" })?;
        parts.serialize_field("user", &self.user())?;
        parts.serialize_field("password", &self.password())?;
        parts.serialize_field("host", &self.host())?;
        parts.serialize_field("port", &self.port())?;
        parts.serialize_field("params", &self.params())?;
        parts.serialize_field("headers", &self.headers())?;
        parts.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Uri;

    #[test]
    fn forms_of_rfc_3261_section_19_1_3_and_of_the_field() {
        for text in [
            "sip:alice@atlanta.com",
            "sip:alice:secretword@atlanta.com;transport=tcp",
            "sips:alice@atlanta.com?subject=project%20x&priority=urgent",
            "sip:+1-212-555-1212:1234@gateway.com;user=phone",
            "sips:1212@gateway.com",
            "sip:alice@192.0.2.4",
            "sip:atlanta.com;method=REGISTER?to=alice%40atlanta.com",
            "sip:alice;day=tuesday@atlanta.com",
            "sip:[2001:db8::10]:5070",
            "sip:user@[2001:db8::10]:5070;lr",
            "sip:a%00b@example.com;gr=urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
            "sip:user;par=u%40example.net@example.com",
            "sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@example.com",
            "sip:example.com?Session-Replaces=a%3Ab&x=",
        ] {
            let uri = Uri::parse(text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
            assert_eq!(uri.to_string(), text);
        }
    }

    #[test]
    fn faults_are_located() {
        let table = [
            ("sip:", FaultKind::Host, 4),
            ("sip:@example.com", FaultKind::Unexpected, 4),
            ("sip:a b@example.com", FaultKind::Unexpected, 5),
            ("sip:a%4@example.com", FaultKind::Escape, 5),
            ("sip:a@example.com:", FaultKind::Number, 18),
            ("sip:a@example.com:65536", FaultKind::Number, 18),
            ("sip:a@example.com;", FaultKind::End, 18),
            ("sip:a@example.com;x=", FaultKind::End, 20),
            ("sip:a@example.com?x", FaultKind::End, 19),
            ("sip:a@example.com; lr", FaultKind::Unexpected, 18),
            ("sip:a@@example.com", FaultKind::Host, 6),
        ];
        for (text, kind, at) in table {
            let fault = Uri::parse(text).expect_err(text);
            assert_eq!((fault.kind, fault.at), (kind, at), "{text}");
        }
    }

    #[test]
    fn users_have_parameters_and_may_be_telephones() {
        let uri =
            Uri::parse("sip:5550100;phone-context=example.com@example.net;user=phone").unwrap();
        let sip = uri.as_sip().unwrap();
        let (user, params) = sip.user_parts().unwrap();
        assert_eq!((user, params.value("phone-context")), ("5550100", Some("example.com")));
        let tel = sip.telephone().unwrap().unwrap();
        assert_eq!((tel.number(), tel.is_global()), ("5550100", false));
        assert!(
            Uri::parse("sip:bob@example.net;user=phone")
                .unwrap()
                .as_sip()
                .unwrap()
                .telephone()
                .unwrap()
                .is_err()
        );
        assert!(
            Uri::parse("sip:5550100@example.net").unwrap().as_sip().unwrap().telephone().is_none()
        );
    }

    #[test]
    fn nothing_of_a_user_is_lost() {
        let table = [
            ("sip:a;x=1,2;y@h", "a", &[("x", Some("1,2")), ("y", None)][..]),
            ("sip:a;x=1=2;y?z@h", "a", &[("x", Some("1=2")), ("y?z", None)]),
            ("sip:a;;b=@h", "a", &[("", None), ("b", Some(""))]),
            ("sip:;a@h", "", &[("a", None)]),
            ("sip:a%3Bb@h", "a%3Bb", &[]),
        ];
        for (text, name, expected) in table {
            let uri = Uri::parse(text).unwrap();
            let sip = uri.as_sip().unwrap();
            let (user, params) = sip.user_parts().unwrap();
            let list: Vec<_> = params.iter().map(|param| (param.name, param.value)).collect();
            assert_eq!((user, &list[..]), (name, expected), "{text}");
            assert_eq!(Some([user, params.as_str()].concat().as_str()), sip.user());
        }
    }

    #[test]
    fn telephone_numbers_are_read_through_their_escapes() {
        let telephone = |user: &str| {
            let text = format!("sip:{user}@example.com;user=phone");
            let uri = Uri::parse(&text).unwrap();
            let tel = uri.as_sip().unwrap().telephone().unwrap();
            tel.map(|tel| (String::from_utf8(tel.digits().collect()).unwrap(), tel.is_global()))
                .map_err(|fault| (fault.kind, fault.at))
        };
        let table = [
            ("%2B15550100", Ok(("+15550100", true))),
            ("%2b1-555%2D0100", Ok(("+15550100", true))),
            ("+1%35550100;ext=%31", Ok(("+15550100", true))),
            ("*21%23;phone-context=example.com", Ok(("*21#", false))),
            ("5550100;phone-context=%2B1", Ok(("5550100", false))),
            ("%2B15550100;phone-context=example.com", Err((FaultKind::Conflict, 11))),
            ("%35550100", Err((FaultKind::Empty, 9))),
            ("%2B", Err((FaultKind::Number, 0))),
            ("%2B%2D", Err((FaultKind::Number, 0))),
            ("1%2B5", Err((FaultKind::Unexpected, 1))),
            ("%2B1%3Bext=5", Err((FaultKind::Unexpected, 4))),
            ("%2B15a", Err((FaultKind::Unexpected, 5))),
            ("%2B1;ext=%41", Err((FaultKind::Number, 4))),
            ("%2B1;ext=%ff", Err((FaultKind::Utf8, 4))),
            ("1%35;phone-context=%2B", Err((FaultKind::Host, 4))),
            ("%2B1;ext=1,2", Err((FaultKind::Unexpected, 10))),
        ];
        for (user, expected) in table {
            let expected = expected.map(|(digits, global)| (digits.to_owned(), global));
            assert_eq!(telephone(user), expected, "{user}");
        }
    }

    #[test]
    fn uris_are_read_in_parts() {
        let table = [
            ("sip:h", (None, None, "h", None, "", "")),
            ("sip:a@h:5060", (Some("a"), None, "h", Some(5060), "", "")),
            ("sip:a:@h;x", (Some("a"), Some(""), "h", None, ";x", "")),
            ("sips:a:b@[::1]:5;lr?x=y", (Some("a"), Some("b"), "[::1]", Some(5), ";lr", "?x=y")),
            ("SIPS:h:1?x=y", (None, None, "h", Some(1), "", "?x=y")),
        ];
        for (text, parts) in table {
            for before in ["", "<", "\"a\" <"] {
                let whole = format!("{before}{text}>");
                let mut cursor = Cursor::new(&whole);
                cursor.jump(before.len());
                let uri = Uri::read(&mut cursor, Place::Enclosed).unwrap();
                let sip = uri.as_sip().unwrap();
                let (params, headers) = (sip.params(), sip.headers());
                let host = sip.host().to_string();
                let got = (
                    sip.user(),
                    sip.password(),
                    &*host,
                    sip.port(),
                    params.as_str(),
                    headers.as_str(),
                );
                assert_eq!(got, parts, "{whole}");
                assert_eq!((sip.as_str(), sip.is_secure()), (text, text.as_bytes()[3] != b':'));
                assert_eq!(cursor.rest(), ">");
            }
        }
    }

    #[test]
    fn flags_are_those_that_are_written() {
        for (text, loose, gruu) in
            [("sip:h", false, false), ("sip:h;LR", true, false), ("sip:h;gr=x", false, true)]
        {
            let uri = Uri::parse(text).unwrap();
            let sip = uri.as_sip().unwrap();
            assert_eq!((sip.is_loose_router(), sip.is_gruu()), (loose, gruu), "{text}");
        }
    }

    #[test]
    fn offsets_fit_or_the_uri_is_refused() {
        for (len, fine) in [(65_534, true), (65_535, true), (65_536, false), (140_000, false)] {
            let text = format!("<sip:{}@h>", "a".repeat(len - 6));
            let mut cursor = Cursor::new(&text);
            cursor.jump(1);
            let uri = Uri::read(&mut cursor, Place::Enclosed);
            let expected = if fine { Ok(len - 6) } else { Err(Fault::new(FaultKind::Limit, 1)) };
            let user = uri.map(|uri| uri.as_sip().unwrap().user().map_or(0, str::len));
            assert_eq!(user, expected, "{len}");
        }
    }
}
