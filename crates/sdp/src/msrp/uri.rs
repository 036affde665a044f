//! `msrp:` and `msrps:` URIs (RFC 4975 section 6).

use bytes::{BufMut, BytesMut};
use missiva_core::scan::{ByteSet, Cursor};
use missiva_core::{Fault, FaultKind};

use crate::encode::{put, put_display};
use crate::grammar::{TOKEN, port};
use crate::line::Host;
use crate::value::Value;

/// An MSRP URI in parts.
///
/// Two are equal here when their parts are spelled alike; [`matches`](Self::matches) compares what they name.
///
/// ```
/// use missiva_sdp::{Value, msrp::MsrpUri};
///
/// let uri = MsrpUri::parse("msrps://alice@[2001:db8::1]:9892/98cjs;tcp;x=1")?;
/// assert!(uri.secure);
/// assert_eq!((uri.userinfo, uri.port, uri.session_id, uri.transport), (Some("alice"), Some(9892), Some("98cjs"), "tcp"));
/// assert!(uri.matches(&MsrpUri::parse("MSRPS://[2001:db8:0::1]:9892/98cjs;TCP")?));
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct MsrpUri<'a> {
    /// Whether the scheme is `msrps`.
    pub secure: bool,
    /// What stands before the `@`, escapes included.
    pub userinfo: Option<&'a str>,
    /// The machine.
    pub host: Host<'a>,
    /// The port; 2855 where none is given.
    pub port: Option<u16>,
    /// Names one session of the machine. Without it the URI names the machine alone.
    pub session_id: Option<&'a str>,
    /// `tcp`.
    pub transport: &'a str,
    /// What stands behind the transport, its first semicolon left out.
    pub params: &'a str,
}

const USERINFO: ByteSet = ByteSet::alphanumeric().with(b"-._~!$&'()*+,;=:%");
const NAME: ByteSet = ByteSet::alphanumeric().with(b"-._");
const IN_BRACKETS: ByteSet = ByteSet::hex_digits().with(b":.");
const SESSION_ID: ByteSet = ByteSet::alphanumeric().with(b"-._~+=/");
const TRANSPORT: ByteSet = ByteSet::alphanumeric();
/// RFC 4975 section 6.2.
const DEFAULT_PORT: u16 = 2855;

impl<'a> MsrpUri<'a> {
    /// The parameters behind the transport, in order; the value is empty where there is none.
    pub fn params(&self) -> impl Iterator<Item = (&'a str, &'a str)> + Clone + use<'a> {
        let params = self.params.split(';').filter(|param| !param.is_empty());
        params.map(|param| param.split_once('=').unwrap_or((param, "")))
    }

    /// The port to connect to.
    #[must_use]
    pub fn port_or_default(&self) -> u16 {
        self.port.unwrap_or(DEFAULT_PORT)
    }

    /// Whether both name the same thing, as RFC 4975 section 6.1 compares: scheme and transport without case, names of
    /// machines without case and addresses by their number, ports only where both have one or none has, session-ids
    /// with their case. Userinfo and other parameters do not count.
    #[must_use]
    pub fn matches(&self, other: &MsrpUri<'_>) -> bool {
        let hosts = match (self.host, other.host) {
            (Host::Name(one), Host::Name(other)) => one.eq_ignore_ascii_case(other),
            (one, other) => one == other,
        };
        hosts && self.matches_behind_host(other)
    }

    /// The same without the machine and its port, for a peer that connects where `c=` and `m=` say (RFC 6714 section
    /// 5: the session-id alone decides then).
    #[must_use]
    pub fn matches_session(&self, other: &MsrpUri<'_>) -> bool {
        self.session_id.is_some() && self.session_id == other.session_id
    }

    fn matches_behind_host(&self, other: &MsrpUri<'_>) -> bool {
        self.secure == other.secure
            && self.port == other.port
            && self.session_id == other.session_id
            && self.transport.eq_ignore_ascii_case(other.transport)
    }
}

fn read_host<'a>(cursor: &mut Cursor<'a>) -> Result<Host<'a>, Fault> {
    let start = cursor.at();
    if cursor.eat(b'[') {
        let text = cursor.take_some(&IN_BRACKETS)?;
        cursor.expect(b']')?;
        return text.parse().map(Host::V6).map_err(|_| Fault::new(FaultKind::Host, start));
    }
    let text = cursor.take_some(&NAME)?;
    if let Ok(ip) = text.parse() {
        return Ok(Host::V4(ip));
    }
    if crate::line::is_name(text) {
        Ok(Host::Name(text))
    } else {
        Err(Fault::new(FaultKind::Host, start))
    }
}

/// `userinfo "@"`, when there is an `@` before the machine ends.
fn read_userinfo<'a>(cursor: &mut Cursor<'a>) -> Option<&'a str> {
    let mut ahead = *cursor;
    let userinfo = ahead.take(&USERINFO);
    if !ahead.eat(b'@') {
        return None;
    }
    *cursor = ahead;
    Some(userinfo)
}

impl<'a> Value<'a> for MsrpUri<'a> {
    #[inline]
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let start = cursor.at();
        if !cursor.eat_word("msrp") {
            return Err(Fault::new(FaultKind::Unsupported, start));
        }
        let secure = matches!(cursor.peek(), Some(b's' | b'S'));
        if secure {
            cursor.bump();
        }
        for byte in *b"://" {
            cursor.expect(byte)?;
        }
        let userinfo = read_userinfo(cursor);
        let host = read_host(cursor)?;
        let port = if cursor.eat(b':') { Some(port(cursor)?) } else { None };
        let session_id = if cursor.eat(b'/') { Some(cursor.take_some(&SESSION_ID)?) } else { None };
        cursor.expect(b';')?;
        let transport = cursor.take_some(&TRANSPORT)?;
        let params = read_params(cursor)?;
        Ok(Self { secure, userinfo, host, port, session_id, transport, params })
    }

    fn encode(&self, out: &mut BytesMut) {
        put(if self.secure { "msrps://" } else { "msrp://" }, out);
        if let Some(userinfo) = self.userinfo {
            put(userinfo, out);
            out.put_u8(b'@');
        }
        match self.host {
            Host::V6(ip) => put_display(format_args!("[{ip}]"), out),
            host => put_display(host, out),
        }
        if let Some(port) = self.port {
            put_display(format_args!(":{port}"), out);
        }
        if let Some(session_id) = self.session_id {
            out.put_u8(b'/');
            put(session_id, out);
        }
        out.put_u8(b';');
        put(self.transport, out);
        if !self.params.is_empty() {
            out.put_u8(b';');
            put(self.params, out);
        }
    }
}

/// `*( ";" token [ "=" token ] )`, without the first semicolon.
fn read_params<'a>(cursor: &mut Cursor<'a>) -> Result<&'a str, Fault> {
    if cursor.peek() != Some(b';') {
        return Ok("");
    }
    let start = cursor.at() + 1;
    while cursor.eat(b';') {
        cursor.take_some(&TOKEN)?;
        if cursor.eat(b'=') {
            cursor.take_some(&TOKEN)?;
        }
    }
    Ok(cursor.since(start))
}

impl std::fmt::Display for MsrpUri<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.to_text())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uris_go_there_and_back() {
        for text in [
            "msrp://atlanta.example.com:7654/jshA7weztas;tcp",
            "msrps://alice.example.com/98cjs;tcp",
            "msrp://192.0.2.1:9/abc123;tcp",
            "msrp://[2001:db8::1]:2855/a+b=c/d~e;tcp",
            "msrp://u:p%20w;x@host:1/s;sctp;a;b=c",
            "msrp://relay.example.com;tcp",
        ] {
            assert_eq!(MsrpUri::parse(text).unwrap().to_text(), text);
        }
        let uri = MsrpUri::parse("msrp://u@host/s;sctp;a;b=c").unwrap();
        assert_eq!(uri.params().collect::<Vec<_>>(), [("a", ""), ("b", "c")]);
        assert_eq!(uri.port_or_default(), 2855);
    }

    #[test]
    fn uris_that_are_none_are_refused() {
        let table = [
            ("", FaultKind::Unsupported, 0),
            ("sip:a@b", FaultKind::Unsupported, 0),
            ("msrp:", FaultKind::End, 5),
            ("msrp://", FaultKind::End, 7),
            ("msrp://host", FaultKind::End, 11),
            ("msrp://host/s", FaultKind::End, 13),
            ("msrp://host/;tcp", FaultKind::Unexpected, 12),
            ("msrp://host/s;", FaultKind::End, 14),
            ("msrp://host:x/s;tcp", FaultKind::Number, 12),
            ("msrp://host:65536/s;tcp", FaultKind::Number, 12),
            ("msrp://[::1/s;tcp", FaultKind::Unexpected, 11),
            ("msrp://[::1::]/s;tcp", FaultKind::Host, 7),
            ("msrp://1.2.3/s;tcp", FaultKind::Host, 7),
            ("msrp://a..b/s;tcp", FaultKind::Host, 7),
            ("msrp://host/s;tcp;=x", FaultKind::Unexpected, 18),
            ("msrp://host/s%20;tcp", FaultKind::Unexpected, 13),
        ];
        for (text, kind, at) in table {
            assert_eq!(MsrpUri::parse(text), Err(Fault::new(kind, at)), "{text}");
        }
    }

    /// RFC 4975 section 6.1, rule by rule.
    #[test]
    fn uris_are_compared_by_what_they_name() {
        let base = "msrp://Host.example.com:2855/AbC;tcp";
        let table = [
            ("MSRP://host.EXAMPLE.com:2855/AbC;TCP", true),
            ("msrp://user@host.example.com:2855/AbC;tcp;x=y", true),
            ("msrps://host.example.com:2855/AbC;tcp", false),
            ("msrp://host.example.com/AbC;tcp", false),
            ("msrp://host.example.com:2856/AbC;tcp", false),
            ("msrp://host.example.com:2855/abc;tcp", false),
            ("msrp://host.example.com:2855;tcp", false),
            ("msrp://host.example.com:2855/AbC;sctp", false),
            ("msrp://other.example.com:2855/AbC;tcp", false),
        ];
        let base = MsrpUri::parse(base).unwrap();
        for (text, same) in table {
            let other = MsrpUri::parse(text).unwrap();
            assert_eq!((base.matches(&other), other.matches(&base)), (same, same), "{text}");
        }
        let elsewhere = MsrpUri::parse("msrp://nat.example.net:1/AbC;tcp").unwrap();
        assert!(base.matches_session(&elsewhere) && !base.matches(&elsewhere));
        let nowhere = MsrpUri::parse("msrp://host.example.com;tcp").unwrap();
        assert!(!nowhere.matches_session(&nowhere));
    }
}
