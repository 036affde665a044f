//! `sip:` and `sips:` URIs (RFC 3261 section 19.1).

use bytes::{BufMut, BytesMut};
use missiva_core::Fault;
use missiva_core::scan::{ByteSet, Cursor};

use super::{Host, Place, TelUri, UriHeaders, UriParams, read_port};
use crate::encode::{put, put_display, put_number};
use crate::grammar::skip_escaped;

/// A `sip` or `sips` URI. User and password stand as they were written, escapes included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct SipUri<'a> {
    /// Whether the scheme is `sips`.
    pub secure: bool,
    /// The part before `@`, with parameters of its own if it has any; see [`user_parts`](Self::user_parts).
    pub user: Option<&'a str>,
    /// What a colon divides from the user. RFC 3261 advises against it.
    pub password: Option<&'a str>,
    /// Where the resource lives.
    pub host: Host<'a>,
    /// The port, when one is written.
    pub port: Option<u16>,
    /// What follows the first semicolon.
    pub params: UriParams<'a>,
    /// What follows the question mark.
    pub headers: UriHeaders<'a>,
}

const UNRESERVED: ByteSet = ByteSet::alphanumeric().with(b"-_.!~*'()");
/// `user`, less escapes.
const USER: ByteSet = UNRESERVED.with(b"&=+$,;?/");
/// `password`, less escapes.
const PASSWORD: ByteSet = UNRESERVED.with(b"&=+$,");

impl<'a> SipUri<'a> {
    /// A URI of a host alone.
    #[must_use]
    pub const fn new(host: Host<'a>) -> Self {
        Self {
            secure: false,
            user: None,
            password: None,
            host,
            port: None,
            params: UriParams::NONE,
            headers: UriHeaders::NONE,
        }
    }

    /// Reads what follows the scheme's colon.
    #[inline(always)]
    pub(crate) fn read(cursor: &mut Cursor<'a>, secure: bool, place: Place) -> Result<Self, Fault> {
        let (user, password) = read_userinfo(cursor)?;
        let host = Host::read(cursor)?;
        let port = read_port(cursor)?;
        let (params, headers) = match place {
            Place::Enclosed => (UriParams::read(cursor)?, UriHeaders::read(cursor)?),
            Place::Bare => (UriParams::NONE, UriHeaders::NONE),
        };
        Ok(Self {
            secure,
            user,
            password,
            host,
            port,
            params,
            headers,
        })
    }

    /// The user without its own parameters, and those parameters: `+15550100` and `phone-context=example.com` of
    /// `+15550100;phone-context=example.com`.
    #[must_use]
    pub fn user_parts(&self) -> Option<(&'a str, UriParams<'a>)> {
        let user = self.user?;
        match user.find(';') {
            Some(at) => {
                let (name, rest) = user.split_at_checked(at)?;
                Some((name, UriParams::parse(rest).unwrap_or_default()))
            }
            None => Some((user, UriParams::NONE)),
        }
    }

    /// The telephone number in the user part, when `user=phone` says that there is one.
    ///
    /// # Errors
    ///
    /// The fault of a user part that claims to be a number and is none.
    pub fn telephone(&self) -> Option<Result<TelUri<'a>, Fault>> {
        let is_phone = self
            .params
            .value("user")
            .is_some_and(|user| user.eq_ignore_ascii_case("phone"));
        is_phone.then_some(self.user?).map(TelUri::parse_subscriber)
    }

    /// Whether the URI asks for loose routing (RFC 3261 section 19.1.1).
    #[must_use]
    pub fn is_loose_router(&self) -> bool {
        self.params.has("lr")
    }

    /// Whether the URI is a GRUU (RFC 5627).
    #[must_use]
    pub fn is_gruu(&self) -> bool {
        self.params.has("gr")
    }

    /// Appends the URI.
    pub fn encode(&self, out: &mut BytesMut) {
        put(if self.secure { "sips:" } else { "sip:" }, out);
        if let Some(user) = self.user {
            put(user, out);
            if let Some(password) = self.password {
                out.put_u8(b':');
                put(password, out);
            }
            out.put_u8(b'@');
        }
        match self.host {
            Host::Name(name) => put(name, out),
            address => put_display(address, out),
        }
        if let Some(port) = self.port {
            out.put_u8(b':');
            put_number(port.into(), out);
        }
        put(self.params.as_str(), out);
        put(self.headers.as_str(), out);
    }
}

/// `[ user [ ":" password ] "@" ]`. Every byte of a host is one of a user too, so only the `@` tells: where none
/// comes, the cursor goes back.
#[inline(always)]
fn read_userinfo<'a>(cursor: &mut Cursor<'a>) -> Result<(Option<&'a str>, Option<&'a str>), Fault> {
    let start = cursor.at();
    if cursor.peek() == Some(b'[') {
        return Ok((None, None));
    }
    let user_fault = skip_escaped(cursor, &USER).err();
    let user = cursor.since(start);
    let mut password = None;
    if user_fault.is_none() && cursor.peek() == Some(b':') {
        let colon = cursor.at();
        cursor.bump();
        let from = cursor.at();
        if skip_escaped(cursor, &PASSWORD).is_ok() && cursor.peek() == Some(b'@') {
            password = Some(cursor.since(from));
        } else {
            cursor.jump(colon);
        }
    }
    if let Some(fault) = user_fault {
        return Err(fault);
    }
    if cursor.peek() == Some(b'@') {
        if user.is_empty() {
            return Err(cursor.unexpected());
        }
        cursor.bump();
        return Ok((Some(user), password));
    }
    cursor.jump(start);
    Ok((None, None))
}

#[cfg(test)]
mod tests {
    use crate::Uri;
    use missiva_core::FaultKind;

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
        assert_eq!(
            (user, params.value("phone-context")),
            ("5550100", Some("example.com"))
        );
        let tel = sip.telephone().unwrap().unwrap();
        assert_eq!((tel.number, tel.global), ("5550100", false));
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
            Uri::parse("sip:5550100@example.net")
                .unwrap()
                .as_sip()
                .unwrap()
                .telephone()
                .is_none()
        );
    }
}
