//! `nettype addrtype address`, and `c=`.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use bytes::{BufMut, BytesMut};
use missiva_core::scan::{ByteSet, Cursor};
use missiva_core::{Fault, FaultKind};

use crate::encode::{put, put_display};
use crate::grammar::{int, space, token};
use crate::value::Value;

/// A machine in a network: `IN IP4 192.0.2.1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Address<'a> {
    /// `IN` for the Internet.
    pub network: &'a str,
    /// `IP4` or `IP6`.
    pub kind: &'a str,
    /// The address itself.
    pub host: Host<'a>,
}

/// An address: by number or by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "lowercase"))]
pub enum Host<'a> {
    /// An IPv4 address.
    V4(Ipv4Addr),
    /// An IPv6 address.
    V6(Ipv6Addr),
    /// A domain name.
    Name(&'a str),
    /// An address of another network than the Internet.
    Other(&'a str),
}

/// A domain name, or an address by number.
const HOST: ByteSet = ByteSet::alphanumeric().with(b"-._:%");
/// What RFC 8866 lets an address of any network be: all that is visible; the slash is what `c=` puts behind it.
const OTHER: ByteSet = crate::grammar::VISIBLE.without(b"/");

impl<'a> Address<'a> {
    /// An address of the Internet.
    #[must_use]
    pub const fn internet(ip: IpAddr) -> Self {
        match ip {
            IpAddr::V4(ip) => Self { network: "IN", kind: "IP4", host: Host::V4(ip) },
            IpAddr::V6(ip) => Self { network: "IN", kind: "IP6", host: Host::V6(ip) },
        }
    }

    /// Whether the network is the Internet and the address type is one of its two.
    #[must_use]
    pub const fn is_internet(&self) -> bool {
        !matches!(self.host, Host::Other(_))
    }

    /// The address by number, unless it is a name.
    #[must_use]
    pub const fn ip(&self) -> Option<IpAddr> {
        match self.host {
            Host::V4(ip) => Some(IpAddr::V4(ip)),
            Host::V6(ip) => Some(IpAddr::V6(ip)),
            Host::Name(_) | Host::Other(_) => None,
        }
    }

    /// Whether the address says "nowhere yet" (`0.0.0.0`, `::`): how RFC 2543 put a stream on hold.
    #[must_use]
    pub fn is_unspecified(&self) -> bool {
        self.ip().is_some_and(|ip| ip.is_unspecified())
    }
}

impl<'a> Host<'a> {
    #[inline(always)]
    fn read(cursor: &mut Cursor<'a>, network: &str, kind: &str) -> Result<Self, Fault> {
        let start = cursor.at();
        let wrong = Fault::new(FaultKind::Host, start);
        match (network, kind) {
            ("IN" | "in", "IP4" | "ip4") => {
                let text = cursor.take_some(&HOST)?;
                match text.parse() {
                    Ok(ip) => Ok(Self::V4(ip)),
                    Err(_) if is_name(text) => Ok(Self::Name(text)),
                    Err(_) => Err(wrong),
                }
            }
            ("IN" | "in", "IP6" | "ip6") => {
                let text = cursor.take_some(&HOST)?;
                match text.parse() {
                    Ok(ip) => Ok(Self::V6(ip)),
                    Err(_) if is_name(text) => Ok(Self::Name(text)),
                    Err(_) => Err(wrong),
                }
            }
            _ => cursor.take_some(&OTHER).map(Self::Other),
        }
    }
}

/// Labels of letters, digits, hyphens and underscores; not digits and dots alone, which are a bad address.
pub(crate) fn is_name(text: &str) -> bool {
    let mut before = b'.';
    let mut number = true;
    for byte in text.bytes() {
        match byte {
            b':' | b'%' => return false,
            // A label is not empty, and has no hyphen at its ends.
            b'.' if matches!(before, b'.' | b'-') => return false,
            b'-' if before == b'.' => return false,
            b'.' | b'0'..=b'9' => {}
            _ => number = false,
        }
        before = byte;
    }
    // A last dot is the root's.
    !number && before != b'-'
}

impl fmt::Display for Host<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::V4(ip) => ip.fmt(f),
            Self::V6(ip) => ip.fmt(f),
            Self::Name(name) | Self::Other(name) => f.write_str(name),
        }
    }
}

impl<'a> Value<'a> for Address<'a> {
    #[inline(always)]
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let network = token(cursor)?;
        space(cursor)?;
        let kind = token(cursor)?;
        space(cursor)?;
        let host = Host::read(cursor, network, kind)?;
        Ok(Self { network, kind, host })
    }

    fn encode(&self, out: &mut BytesMut) {
        put(self.network, out);
        out.put_u8(b' ');
        put(self.kind, out);
        out.put_u8(b' ');
        put_display(self.host, out);
    }
}

/// `c=`: where media go (RFC 8866 section 5.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Connection<'a> {
    /// The machine, or the first of a range of multicast groups.
    pub address: Address<'a>,
    /// How far multicast travels; IPv4 only.
    pub ttl: Option<u8>,
    /// How many groups there are, when it is said.
    pub count: Option<u32>,
}

impl Connection<'_> {
    /// A connection to one machine of the Internet.
    #[must_use]
    pub const fn unicast(ip: IpAddr) -> Self {
        Self { address: Address::internet(ip), ttl: None, count: None }
    }

    /// Whether the address is one of multicast.
    #[must_use]
    pub fn is_multicast(&self) -> bool {
        self.address.ip().is_some_and(|ip| ip.is_multicast())
    }
}

impl<'a> Value<'a> for Connection<'a> {
    #[inline(always)]
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let address = Address::read(cursor)?;
        let mut value = Self { address, ttl: None, count: None };
        if cursor.peek() == Some(b'/') {
            value.read_scope(cursor)?;
        }
        Ok(value)
    }

    fn encode(&self, out: &mut BytesMut) {
        self.address.encode(out);
        for number in [self.ttl.map(u32::from), self.count].into_iter().flatten() {
            out.put_u8(b'/');
            put_display(number, out);
        }
    }
}

impl Connection<'_> {
    /// `/ttl/count` for IPv4, `/count` for IPv6; neither for an address of one machine.
    #[cold]
    fn read_scope(&mut self, cursor: &mut Cursor<'_>) -> Result<(), Fault> {
        if self.address.ip().is_some() && !self.is_multicast() {
            return Err(cursor.unexpected());
        }
        if !matches!(self.address.host, Host::V6(_)) && cursor.eat(b'/') {
            let start = cursor.at();
            let ttl = u8::try_from(cursor.number(u8::MAX.into())?);
            self.ttl = Some(ttl.map_err(|_| Fault::new(FaultKind::Number, start))?);
        }
        if cursor.eat(b'/') {
            let start = cursor.at();
            self.count = Some(int(cursor)?);
            if self.count == Some(0) {
                return Err(Fault::new(FaultKind::Number, start));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_are_read_in_parts() {
        let table = [
            ("IN IP4 192.0.2.1", None, None),
            ("IN IP4 0.0.0.0", None, None),
            ("IN IP4 224.2.1.1/127", Some(127), None),
            ("IN IP4 224.2.1.1/127/3", Some(127), Some(3)),
            ("IN IP4 224.2.1.1", None, None),
            ("IN IP6 ff15::101/3", None, Some(3)),
            ("IN IP6 2001:db8::1", None, None),
            ("IN IP6 host.example.com", None, None),
            ("IN IP4 a_b.example.", None, None),
            ("ATM NSAP 47.0091", None, None),
        ];
        for (text, ttl, count) in table {
            let value = Connection::parse(text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
            assert_eq!((value.ttl, value.count), (ttl, count), "{text}");
            assert_eq!(value.to_text(), text);
        }
        assert!(Connection::parse("IN IP4 0.0.0.0").unwrap().address.is_unspecified());
        assert!(Connection::parse("IN IP6 ::").unwrap().address.is_unspecified());
        assert!(!Connection::parse("ATM NSAP 47").unwrap().address.is_internet());
    }

    #[test]
    fn connections_that_are_none_are_refused() {
        let table = [
            ("IN", FaultKind::End, 2),
            ("IN IP4", FaultKind::End, 6),
            ("IN IP4 ", FaultKind::End, 7),
            ("IN IP4 192.0.2.1/127", FaultKind::Unexpected, 16),
            ("IN IP4 224.2.1.1/256", FaultKind::Number, 17),
            ("IN IP4 224.2.1.1/1/0", FaultKind::Number, 19),
            ("IN IP4 224.2.1.1/1/2/3", FaultKind::Unexpected, 20),
            ("IN IP6 ff15::101/3/4", FaultKind::Unexpected, 18),
            ("IN IP4 192.0.2", FaultKind::Host, 7),
            ("IN IP4 2001:db8::1", FaultKind::Host, 7),
            ("IN IP6 192.0.2.1", FaultKind::Host, 7),
            ("IN IP6 fe80::1%eth0", FaultKind::Host, 7),
            ("IN IP4 a..example", FaultKind::Host, 7),
            ("IN IP4 -a.example", FaultKind::Host, 7),
            ("IN IP4 [::1]", FaultKind::Unexpected, 7),
        ];
        for (text, kind, at) in table {
            let fault = Connection::parse(text).expect_err(text);
            assert_eq!((fault.kind, fault.at), (kind, at), "{text}");
        }
    }
}
