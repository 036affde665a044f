//! `Via` (RFC 3261 section 20.42, RFC 3581).

use bytes::{BufMut, BytesMut};
use missiva_core::scan::Cursor;
use missiva_core::{Fault, FaultKind};

use super::Value;
use super::check::decimal;
use crate::Params;
use crate::encode::{put, put_number};
use crate::grammar::{self, lws, separator};
use crate::uri::{Host, read_port};

/// One hop that a request has taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Via<'a> {
    /// `UDP`, `TCP`, `TLS`, `WS` … as it was spelled.
    pub transport: &'a str,
    /// Who sent the request over this hop.
    pub host: Host<'a>,
    /// The port, when one is written.
    pub port: Option<u16>,
    /// `branch`, `received`, `rport`, `maddr`, `ttl` and any other.
    pub params: Params<'a>,
}

impl<'a> Via<'a> {
    /// The start of every branch that names a transaction by itself (RFC 3261 section 8.1.1.7).
    pub const MAGIC_COOKIE: &'static str = "z9hG4bK";

    /// The transaction's name, when there is one.
    #[must_use]
    pub fn branch(&self) -> Option<&'a str> {
        self.params.value("branch")
    }

    /// Where the request came from, as the next hop saw it. Brackets around an IPv6 address are tolerated, as
    /// RFC 5118 section 4.5 asks.
    #[must_use]
    pub fn received(&self) -> Option<&'a str> {
        self.params.value("received")
    }

    /// `rport` (RFC 3581): `Some(None)` when it asks, `Some(Some(port))` when it is answered.
    #[must_use]
    pub fn rport(&self) -> Option<Option<u16>> {
        self.params.get("rport").map(|param| param.value.and_then(|port| port.parse().ok()))
    }

    /// Whether the parameters that RFC 3261 and RFC 3581 define hold what they must.
    ///
    /// # Errors
    ///
    /// What is wrong with `ttl`, `rport` or `received`.
    pub fn check_params(&self) -> Result<(), FaultKind> {
        let number = |name, max: u32| match self.params.value(name).map(decimal) {
            Some(Some(value)) if value <= max => Ok(()),
            None => Ok(()),
            Some(_) => Err(FaultKind::Number),
        };
        number("ttl", 255)?;
        number("rport", u16::MAX.into())?;
        match self.received().map(|text| text.trim_matches(['[', ']']).parse::<std::net::IpAddr>())
        {
            None | Some(Ok(_)) => Ok(()),
            Some(Err(_)) => Err(FaultKind::Host),
        }
    }
}

impl<'a> Value<'a> for Via<'a> {
    #[inline]
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        read_protocol(cursor)?;
        let transport = grammar::token(cursor)?;
        if !lws(cursor) {
            return Err(cursor.unexpected());
        }
        let host = Host::read(cursor)?;
        let port = read_spaced_port(cursor)?;
        let params = Params::read(cursor)?;
        Ok(Self { transport, host, port, params })
    }

    fn encode(&self, out: &mut BytesMut) {
        out.put_slice(b"SIP/2.0/");
        put(self.transport, out);
        out.put_u8(b' ');
        put(self.host.as_str(), out);
        if let Some(port) = self.port {
            out.put_u8(b':');
            put_number(port.into(), out);
        }
        put(self.params.as_str(), out);
    }

    fn repeated(&self) -> Option<&'a str> {
        self.params.repeated()
    }
}

/// `protocol-name SLASH protocol-version SLASH`; the name and version of all traffic stand without white space.
#[inline]
fn read_protocol(cursor: &mut Cursor<'_>) -> Result<(), Fault> {
    if cursor.ahead() == Some(b"SIP/2.0/") {
        cursor.jump(cursor.at() + 8);
        lws(cursor);
        return Ok(());
    }
    let start = cursor.at();
    let name = grammar::token(cursor)?;
    separator(cursor, b'/')?;
    let version = grammar::token(cursor)?;
    separator(cursor, b'/')?;
    if name.eq_ignore_ascii_case("SIP") && version == "2.0" {
        Ok(())
    } else {
        Err(Fault::new(FaultKind::Unsupported, start))
    }
}

/// `[ COLON port ]`; white space may stand around this colon.
#[inline]
fn read_spaced_port(cursor: &mut Cursor<'_>) -> Result<Option<u16>, Fault> {
    if cursor.peek() == Some(b':') && cursor.peek_at(1).is_some_and(|byte| byte.is_ascii_digit()) {
        return read_port(cursor);
    }
    if !grammar::eat_separator(cursor, b':') {
        return Ok(None);
    }
    cursor.number(u16::MAX.into()).map(|port| u16::try_from(port).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hops_are_read_in_parts() {
        let table = [
            (
                "SIP/2.0/UDP a.example:5060;branch=z9hG4bK1",
                ("UDP", "a.example", Some(5060)),
                "SIP/2.0/UDP a.example:5060;branch=z9hG4bK1",
            ),
            ("sip/2.0/tls a", ("tls", "a", None), "SIP/2.0/tls a"),
            (
                "SIP/2.0/ TCP\t[2001:db8::1] : 0",
                ("TCP", "[2001:db8::1]", Some(0)),
                "SIP/2.0/TCP [2001:db8::1]:0",
            ),
            (
                "SIP / 2.0 / X 192.0.2.1: 65535",
                ("X", "192.0.2.1", Some(65535)),
                "SIP/2.0/X 192.0.2.1:65535",
            ),
            ("SIP/2.0/WS a :1;x", ("WS", "a", Some(1)), "SIP/2.0/WS a:1;x"),
        ];
        for (text, parts, written) in table {
            let via = Via::parse(text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
            assert_eq!((via.transport, &*via.host.to_string(), via.port), parts, "{text}");
            assert_eq!(via.to_text(), written, "{text}");
        }
    }

    #[test]
    fn hops_that_are_none_are_refused() {
        let table = [
            ("SIP/2.0/UDP", FaultKind::End, 11),
            ("SIP/2.0/UDP;x", FaultKind::Unexpected, 11),
            ("SIP/2.1/UDP a", FaultKind::Unsupported, 0),
            ("HTTP/2.0/UDP a", FaultKind::Unsupported, 0),
            ("SIP/2.0 UDP a", FaultKind::Unexpected, 8),
            ("SIP/2.0/UDP a:", FaultKind::Number, 14),
            ("SIP/2.0/UDP a:x", FaultKind::Number, 14),
            ("SIP/2.0/UDP a:65536", FaultKind::Number, 14),
            ("SIP/2.0/UDP a: 65536", FaultKind::Number, 15),
        ];
        for (text, kind, at) in table {
            let fault = Via::parse(text).expect_err(text);
            assert_eq!((fault.kind, fault.at), (kind, at), "{text}");
        }
    }

    #[test]
    fn known_parameters_hold_what_they_must() {
        let table = [
            ("", Ok(())),
            (";ttl;rport", Ok(())),
            (";ttl=0;rport=0", Ok(())),
            (";ttl=255;rport=65535", Ok(())),
            (";ttl=256", Err(FaultKind::Number)),
            (";ttl=x", Err(FaultKind::Number)),
            (";rport=65536", Err(FaultKind::Number)),
            (";rport=x", Err(FaultKind::Number)),
            (";received=192.0.2.1", Ok(())),
            (";received=2001:db8::1", Ok(())),
            (";received=[2001:db8::1]", Ok(())),
            (";received=a.example", Err(FaultKind::Host)),
        ];
        for (params, expected) in table {
            let text = format!("SIP/2.0/UDP a{params}");
            assert_eq!(Via::parse(&text).unwrap().check_params(), expected, "{params}");
        }
    }

    #[test]
    fn rport_asks_or_answers() {
        let table = [
            ("", None),
            (";rport", Some(None)),
            (";rport=5061", Some(Some(5061))),
            (";rport=x", Some(None)),
        ];
        for (params, expected) in table {
            let text = format!("SIP/2.0/UDP a{params};branch=z9hG4bK1;received=192.0.2.1");
            let via = Via::parse(&text).unwrap();
            assert_eq!(via.rport(), expected, "{params}");
            assert_eq!((via.branch(), via.received()), (Some("z9hG4bK1"), Some("192.0.2.1")));
        }
    }
}
