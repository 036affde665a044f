//! `a=candidate` and the secrets of ICE (RFC 8839).

use std::net::IpAddr;

use bytes::{BufMut, BytesMut};
use missiva_core::scan::{ByteSet, Cursor};
use missiva_core::{Fault, FaultKind};

use crate::encode::{put, put_display};
use crate::grammar::{int, more, port, rest, space, token, word};
use crate::value::Value;

/// `ice-char`.
const ICE: ByteSet = ByteSet::alphanumeric().with(b"+/");

/// `a=candidate`: where one component may be reached (RFC 8839 section 5.1). What comes behind the type stays as it
/// is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Candidate<'a> {
    /// Names the kind and origin of the address.
    pub foundation: &'a str,
    /// 1 for media, 2 for RTCP.
    pub component: u32,
    /// `UDP`, `TCP`.
    pub transport: &'a str,
    /// The larger, the better.
    pub priority: u32,
    /// An IP address or a name, `.local` ones included.
    pub address: &'a str,
    /// The port.
    pub port: u16,
    /// `host`, `srflx`, `prflx`, `relay`.
    pub kind: &'a str,
    /// `raddr`, `rport` and all extensions.
    pub extensions: &'a str,
}

impl Candidate<'_> {
    /// The address by number, unless it is a name.
    #[must_use]
    pub fn ip(&self) -> Option<IpAddr> {
        self.address.parse().ok()
    }
}

impl<'a> Value<'a> for Candidate<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let foundation = cursor.take_some(&ICE)?;
        space(cursor)?;
        let component = int(cursor)?;
        space(cursor)?;
        let transport = token(cursor)?;
        space(cursor)?;
        let priority = int(cursor)?;
        space(cursor)?;
        let address = word(cursor)?;
        space(cursor)?;
        let port = port(cursor)?;
        space(cursor)?;
        if !cursor.eat_word("typ") {
            return Err(cursor.fault(FaultKind::Value));
        }
        space(cursor)?;
        let kind = token(cursor)?;
        let extensions = if more(cursor) { rest(cursor) } else { "" };
        Ok(Self { foundation, component, transport, priority, address, port, kind, extensions })
    }

    fn encode(&self, out: &mut BytesMut) {
        let Self { foundation, component, transport, priority, address, port, kind, extensions } =
            self;
        put_display(
            format_args!(
                "{foundation} {component} {transport} {priority} {address} {port} typ {kind}"
            ),
            out,
        );
        if !extensions.is_empty() {
            out.put_u8(b' ');
            put(extensions, out);
        }
    }
}

/// `a=ice-ufrag` and `a=ice-pwd`: letters, digits, plus and slash.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct IceText<'a>(pub &'a str);

impl std::fmt::Debug for IceText<'_> {
    /// Keeps the secret to itself.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "IceText({} bytes)", self.0.len())
    }
}

impl<'a> Value<'a> for IceText<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let start = cursor.at();
        let text = cursor.take_some(&ICE)?;
        // RFC 8839 section 5.4 ends both at 256 characters.
        if text.len() > 256 { Err(Fault::new(FaultKind::Limit, start)) } else { Ok(Self(text)) }
    }

    fn encode(&self, out: &mut BytesMut) {
        put(self.0, out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn candidates_are_read_in_parts() {
        let table = [
            "1 1 UDP 2130706431 192.0.2.1 8998 typ host",
            "2 1 UDP 1694498815 203.0.113.141 45664 typ srflx raddr 192.0.2.1 rport 8998",
            "842163049 1 udp 1677729535 2001:db8::1 9 typ relay raddr :: rport 0 generation 0",
            "0 2 tcp 1518280447 4f1b1e9e-1d0b.local 9 typ host tcptype active",
        ];
        for text in table {
            let candidate =
                Candidate::parse(text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
            assert_eq!(candidate.to_text(), text);
        }
        let candidate = Candidate::parse(table[1]).unwrap();
        assert_eq!((candidate.kind, candidate.extensions), ("srflx", "raddr 192.0.2.1 rport 8998"));
        assert_eq!(candidate.ip(), Some(IpAddr::from([203, 0, 113, 141])));
    }

    #[test]
    fn candidates_and_secrets_that_are_none_are_refused() {
        for text in [
            "",
            "1 1 UDP 2130706431 192.0.2.1 8998",
            "1 1 UDP 2130706431 192.0.2.1 8998 host",
            "1 1 UDP 2130706431 192.0.2.1 x typ host",
            "1 1 UDP 4294967296 192.0.2.1 1 typ host",
            "1- 1 UDP 1 192.0.2.1 1 typ host",
        ] {
            assert!(Candidate::parse(text).is_err(), "{text}");
        }
        assert!(
            IceText::parse(&"a".repeat(256)).is_ok() && IceText::parse(&"a".repeat(257)).is_err()
        );
        assert!(IceText::parse("a b").is_err() && IceText::parse("").is_err());
    }
}
