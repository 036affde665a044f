//! Hosts: names, IPv4 and IPv6 addresses.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use missiva_core::scan::{ByteSet, Cursor};
use missiva_core::{Fault, FaultKind};

/// A host as a URI names it: a name, an IPv4 address, or an IPv6 address in square brackets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Host<'a> {
    text: &'a str,
}

/// `reg-name` of RFC 3986 as far as names use it.
const NAME: ByteSet = ByteSet::alphanumeric().with(b"-._~");
const V6: ByteSet = ByteSet::hex_digits().with(b":.");

impl<'a> Host<'a> {
    pub(crate) const fn checked(text: &'a str) -> Self {
        Self { text }
    }

    /// Moves past a host.
    #[inline]
    pub(crate) fn skip(cursor: &mut Cursor<'_>) -> Result<(), Fault> {
        let start = cursor.at();
        if cursor.eat(b'[') {
            let address = cursor.take(&V6);
            let is_address = address.parse::<Ipv6Addr>().is_ok();
            return if is_address && cursor.eat(b']') {
                Ok(())
            } else {
                Err(Fault::new(FaultKind::Host, start))
            };
        }
        cursor.skip(&NAME);
        while cursor.peek() == Some(b'%') {
            let hex = |ahead| cursor.peek_at(ahead).is_some_and(|byte| byte.is_ascii_hexdigit());
            if !(hex(1) && hex(2)) {
                return Err(cursor.fault(FaultKind::Escape));
            }
            cursor.jump(cursor.at() + 3);
            cursor.skip(&NAME);
        }
        let name = cursor.since(start);
        if name.is_empty() {
            return Err(Fault::new(FaultKind::Host, start));
        }
        // What looks like an address must be one.
        let is_numeric = name.as_bytes().last().is_some_and(u8::is_ascii_digit)
            && name.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
            && name.contains('.');
        if is_numeric && name.parse::<Ipv4Addr>().is_err() {
            return Err(Fault::new(FaultKind::Host, start));
        }
        Ok(())
    }

    /// The host as it was spelled, brackets included.
    #[must_use]
    pub const fn as_str(&self) -> &'a str {
        self.text
    }

    /// The address, unless this is a name.
    #[must_use]
    pub fn ip(&self) -> Option<IpAddr> {
        match self.text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            Some(address) => address.parse::<Ipv6Addr>().ok().map(IpAddr::V6),
            None => self.text.parse::<Ipv4Addr>().ok().map(IpAddr::V4),
        }
    }

    /// Whether two hosts are the same: addresses by their number, names without regard to case once the escapes of
    /// unreserved characters are gone (RFC 4975 section 6.1).
    #[must_use]
    pub fn matches(&self, other: &Host<'_>) -> bool {
        if self.text == other.text {
            return true;
        }
        match (self.ip(), other.ip()) {
            (None, None) => Letters(self.text).eq(Letters(other.text)),
            (a, b) => a == b,
        }
    }
}

/// The characters of a name, small and with the escapes of unreserved characters undone; an escape that stands for
/// anything else is a character of its own.
struct Letters<'a>(&'a str);

impl Iterator for Letters<'_> {
    type Item = (bool, u8);

    fn next(&mut self) -> Option<(bool, u8)> {
        let bytes = self.0.as_bytes();
        let first = *bytes.first()?;
        let hex = |at: usize| bytes.get(at).and_then(|&byte| char::from(byte).to_digit(16));
        let (letter, width) = match (first, hex(1), hex(2)) {
            (b'%', Some(high), Some(low)) => {
                let byte = (high * 16 + low) as u8;
                ((!NAME.has(byte), byte), 3)
            }
            _ => ((false, first), 1),
        };
        self.0 = self.0.get(width..).unwrap_or_default();
        Some((letter.0, letter.1.to_ascii_lowercase()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_compare_by_what_they_name() {
        let same = |a: &str, b: &str| Host::checked(a).matches(&Host::checked(b));
        for (a, b) in [
            ("Example.COM", "example.com"),
            ("ex%61mple.com", "example.com"),
            ("[2001:DB8::1]", "[2001:db8:0::1]"),
            ("192.0.2.1", "192.0.2.1"),
        ] {
            assert!(same(a, b) && same(b, a), "{a} {b}");
        }
        for (a, b) in [
            ("example.com", "example.net"),
            ("192.0.2.1", "192.0.2.2"),
            ("192.0.2.1", "[::ffff:192.0.2.1]"),
            ("a%2Fb", "a/b"),
            ("h", "h2"),
        ] {
            assert!(!same(a, b) && !same(b, a), "{a} {b}");
        }
    }
}
