//! `hostport`: host names, IPv4 and IPv6 addresses, ports.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

use missiva_core::scan::{ByteSet, Cursor};
use missiva_core::{Fault, FaultKind};

/// A host as a URI or a Via names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Host<'a> {
    /// A domain name, as it was spelled.
    Name(&'a str),
    /// An IPv4 address.
    V4(Ipv4Addr),
    /// An IPv6 address; written in square brackets.
    V6(Ipv6Addr),
}

const LABEL: ByteSet = ByteSet::alphanumeric().with(b"-_");
const IPV6: ByteSet = ByteSet::hex_digits().with(b":.");

impl<'a> Host<'a> {
    /// Reads `host` of RFC 3261 section 25.1.
    ///
    /// Two things beyond the grammar are let through: an underscore in a label, which deployed names have, and
    /// a last label that begins with a digit, as long as the whole does not look like an IPv4 address.
    pub(crate) fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        match cursor.peek() {
            Some(b'[') => Self::read_v6_reference(cursor),
            Some(b'0'..=b'9') => Self::read_digits_first(cursor),
            _ => Self::read_name(cursor).map(Self::Name),
        }
    }

    fn read_name(cursor: &mut Cursor<'a>) -> Result<&'a str, Fault> {
        let start = cursor.at();
        loop {
            let label = cursor.take(&LABEL).as_bytes();
            if !matches!((label.first(), label.last()), (Some(first), Some(last)) if *first != b'-' && *last != b'-')
            {
                // A dot may end a name, never begin it or follow another.
                let ends_with_dot = label.is_empty() && cursor.at() > start;
                return if ends_with_dot && cursor.peek() != Some(b'.') {
                    Ok(cursor.since(start))
                } else {
                    Err(cursor.fault(FaultKind::Host))
                };
            }
            if !cursor.eat(b'.') {
                return Ok(cursor.since(start));
            }
        }
    }

    fn read_digits_first(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let start = cursor.at();
        let name = Self::read_name(cursor)?;
        if name
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.')
            && name.contains('.')
        {
            return v4(name)
                .map(Self::V4)
                .ok_or_else(|| Fault::new(FaultKind::Host, start));
        }
        Ok(Self::Name(name))
    }

    fn read_v6_reference(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let start = cursor.at();
        cursor.expect(b'[')?;
        let text = cursor.take(&IPV6);
        let address = text
            .parse()
            .map_err(|_| Fault::new(FaultKind::Host, start))?;
        cursor.expect(b']')?;
        Ok(Self::V6(address))
    }

    /// Reads an IPv6 address without brackets, as Via's `received` parameter has it.
    pub(crate) fn read_bare_v6(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let start = cursor.at();
        cursor
            .take(&IPV6)
            .parse()
            .map(Self::V6)
            .map_err(|_| Fault::new(FaultKind::Host, start))
    }

    /// Whether two hosts are the same: names without regard to case and to a final dot.
    #[must_use]
    pub fn matches(&self, other: &Host<'_>) -> bool {
        match (self, other) {
            (Self::Name(a), Host::Name(b)) => a
                .strip_suffix('.')
                .unwrap_or(a)
                .eq_ignore_ascii_case(b.strip_suffix('.').unwrap_or(b)),
            (a, b) => a == b,
        }
    }
}

/// Four decimal numbers of up to three digits. Leading zeros are allowed by RFC 3261 and read as decimal.
fn v4(text: &str) -> Option<Ipv4Addr> {
    let mut octets = [0u8; 4];
    let mut parts = text.split('.');
    for octet in &mut octets {
        let part = parts.next()?;
        if part.is_empty() || part.len() > 3 {
            return None;
        }
        *octet = part.bytes().try_fold(0u8, |sum, digit| {
            sum.checked_mul(10)?.checked_add(digit.wrapping_sub(b'0'))
        })?;
    }
    parts.next().is_none().then(|| Ipv4Addr::from(octets))
}

/// Reads an optional `:port`.
#[inline]
pub(crate) fn read_port(cursor: &mut Cursor<'_>) -> Result<Option<u16>, Fault> {
    if !cursor.eat(b':') {
        return Ok(None);
    }
    cursor
        .number(u16::MAX.into())
        .map(|port| u16::try_from(port).ok())
}

impl fmt::Display for Host<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::V4(address) => write!(f, "{address}"),
            Self::V6(address) => write!(f, "[{address}]"),
        }
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Host<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<(Host<'_>, &str), (FaultKind, u32)> {
        let mut cursor = Cursor::new(text);
        let host = Host::read(&mut cursor).map_err(|fault| (fault.kind, fault.at))?;
        Ok((host, cursor.rest()))
    }

    #[test]
    fn names_addresses_and_what_is_neither() {
        let table = [
            ("example.com:5060", Ok(("example.com", ":5060"))),
            ("example.com.;x", Ok(("example.com.", ";x"))),
            ("a-b.c_d.1x", Ok(("a-b.c_d.1x", ""))),
            ("5060", Ok(("5060", ""))),
            ("192.0.2.1:5", Ok(("192.0.2.1", ":5"))),
            ("192.000.002.001", Ok(("192.0.2.1", ""))),
            ("[2001:DB8::1]:5", Ok(("[2001:db8::1]", ":5"))),
            ("[::ffff:192.0.2.1]", Ok(("[::ffff:192.0.2.1]", ""))),
            ("192.0.2.256", Err((FaultKind::Host, 0))),
            ("192.0.2", Err((FaultKind::Host, 0))),
            ("1.2.3.4.5", Err((FaultKind::Host, 0))),
            ("[2001:db8:::192.0.2.1]", Err((FaultKind::Host, 0))),
            ("[2001:db8::1", Err((FaultKind::End, 12))),
            ("-a.example", Err((FaultKind::Host, 2))),
            ("a-.example", Err((FaultKind::Host, 2))),
            ("a..b", Err((FaultKind::Host, 2))),
            (".a", Err((FaultKind::Host, 0))),
            ("", Err((FaultKind::Host, 0))),
        ];
        for (text, expected) in table {
            let got = read(text).map(|(host, rest)| (host.to_string(), rest));
            assert_eq!(
                got,
                expected.map(|(host, rest)| (host.to_owned(), rest)),
                "{text}"
            );
        }
    }

    #[test]
    fn hosts_compare_without_case_and_final_dot() {
        assert!(Host::Name("Example.COM.").matches(&Host::Name("example.com")));
        assert!(!Host::Name("192.0.2.1x").matches(&Host::V4(Ipv4Addr::new(192, 0, 2, 1))));
    }
}
