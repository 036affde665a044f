//! `hostport`: host names, IPv4 and IPv6 addresses, ports.

use std::fmt;
use std::net::IpAddr;

use missiva_core::scan::{BLOCK, ByteSet, Cursor, mark_bytes};
use missiva_core::{Fault, FaultKind};

/// A host as a URI or a Via names it: a domain name, an IPv4 address, or an IPv6 address in square brackets.
///
/// It is kept as it was spelled, and two are equal when their spelling is; [`matches`](Self::matches) compares what
/// they name.
///
/// ```
/// use missiva_sip::uri::Host;
///
/// let host = Host::parse("[2001:DB8::1]")?;
/// assert_eq!(host.ip(), Some("2001:db8::1".parse().unwrap()));
/// assert!(host.matches(&Host::parse("[2001:db8:0::1]")?));
/// assert_eq!(Host::parse("example.com")?.ip(), None);
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Host<'a> {
    text: &'a str,
}

const NAME: ByteSet = ByteSet::alphanumeric().with(b"-_.");

impl<'a> Host<'a> {
    /// Reads a host that makes up the whole of `text`.
    ///
    /// # Errors
    ///
    /// What is no name and no address.
    pub fn parse(text: &'a str) -> Result<Self, Fault> {
        let mut cursor = Cursor::new(text);
        Self::skip(&mut cursor)?;
        cursor.finish()?;
        Ok(Self { text })
    }

    #[inline(always)]
    pub(crate) fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let start = cursor.at();
        Self::skip(cursor)?;
        Ok(Self { text: cursor.since(start) })
    }

    /// A host that was checked before.
    pub(crate) const fn checked(text: &'a str) -> Self {
        Self { text }
    }

    /// Moves past `host` of RFC 3261 section 25.1.
    ///
    /// Two things beyond the grammar are let through: an underscore in a label, which deployed names have, and
    /// a last label that begins with a digit, as long as the whole does not look like an IPv4 address.
    #[inline(always)]
    pub(crate) fn skip(cursor: &mut Cursor<'_>) -> Result<(), Fault> {
        match cursor.peek() {
            Some(b'[') => skip_v6_reference(cursor),
            Some(b'0'..=b'9') => skip_digits_first(cursor),
            _ => skip_name(cursor),
        }
    }

    /// Moves past an IPv6 address without brackets, as Via's `received` parameter has it.
    #[inline]
    pub(crate) fn skip_bare_v6(cursor: &mut Cursor<'_>) -> Result<(), Fault> {
        let (_, len) = v6(cursor.rest_bytes()).ok_or_else(|| cursor.fault(FaultKind::Host))?;
        cursor.jump(cursor.at() + len);
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
        match self.text.strip_prefix('[') {
            Some(rest) => v6(rest.as_bytes()).map(|(groups, _)| IpAddr::from(groups)),
            None => v4(self.text.as_bytes()).map(IpAddr::from),
        }
    }

    /// Whether two hosts are the same: names without regard to case and to a final dot, addresses by their number.
    #[must_use]
    pub fn matches(&self, other: &Host<'_>) -> bool {
        match (self.ip(), other.ip()) {
            (None, None) => {
                let bare = |text: &'_ str| text.strip_suffix('.').unwrap_or(text).len();
                let (a, b) = (self.text.get(..bare(self.text)), other.text.get(..bare(other.text)));
                a.zip(b).is_some_and(|(a, b)| a.eq_ignore_ascii_case(b))
            }
            (a, b) => a == b,
        }
    }
}

#[inline(always)]
fn skip_name(cursor: &mut Cursor<'_>) -> Result<(), Fault> {
    let ahead = cursor.ahead::<BLOCK>();
    let start = cursor.at();
    let name = cursor.take(&NAME);
    match first_bad_label(name.as_bytes(), ahead) {
        None => Ok(()),
        Some(at) => Err(Fault::new(FaultKind::Host, start + at)),
    }
}

/// Digits and dots alone are an IPv4 address or nothing, as long as there is a dot.
fn skip_digits_first(cursor: &mut Cursor<'_>) -> Result<(), Fault> {
    if let Some((_, len)) = read_v4(cursor.rest_bytes())
        && !cursor.peek_at(len).is_some_and(|byte| NAME.has(byte))
    {
        cursor.jump(cursor.at() + len);
        return Ok(());
    }
    let start = cursor.at();
    skip_name(cursor)?;
    let name = cursor.since(start).as_bytes();
    let is_number = |byte: &u8| byte.is_ascii_digit() || *byte == b'.';
    if name.iter().all(is_number) && name.contains(&b'.') {
        return Err(Fault::new(FaultKind::Host, start));
    }
    Ok(())
}

#[inline]
fn skip_v6_reference(cursor: &mut Cursor<'_>) -> Result<(), Fault> {
    cursor.expect(b'[')?;
    Host::skip_bare_v6(cursor)?;
    cursor.expect(b']')
}

/// Where a name has a label that is empty or that begins or ends with a hyphen. A final dot is no fault.
///
/// `ahead` is what stands in the buffer from the name on: with it, the places of dots and hyphens come as bits.
#[inline]
fn first_bad_label(name: &[u8], ahead: Option<&[u8; BLOCK]>) -> Option<usize> {
    if name.is_empty() || name.len() > BLOCK {
        return bad_label(name);
    }
    let [dots, hyphens] = match ahead {
        Some(block) => mark_bytes(block, [b'.', b'-']),
        None => mark_last(name),
    };
    let inside = u64::MAX >> BLOCK.saturating_sub(name.len());
    let (dots, hyphens) = (dots & inside, hyphens & inside);
    // A dot stands before the name, and one behind it that may double a final dot.
    let behind_dot = dots << 1 | 1;
    let before_end = hyphens & !(inside >> 1);
    let clash = (dots | hyphens) & behind_dot | dots & hyphens << 1 | before_end;
    if clash == 0 { None } else { bad_label(name) }
}

/// Marks dots and hyphens of a name behind which less than a block is left.
#[inline(never)]
fn mark_last(name: &[u8]) -> [u64; 2] {
    let mut block = [0; BLOCK];
    for (place, byte) in block.iter_mut().zip(name) {
        *place = *byte;
    }
    mark_bytes(&block, [b'.', b'-'])
}

#[cold]
fn bad_label(name: &[u8]) -> Option<usize> {
    if name.is_empty() {
        return Some(0);
    }
    let body = name.strip_suffix(b".").unwrap_or(name);
    let mut at = 0usize;
    for label in body.split(|byte| *byte == b'.') {
        if label.is_empty() || label.starts_with(b"-") || label.ends_with(b"-") {
            return Some(at);
        }
        at = at + label.len() + 1;
    }
    None
}

/// An IPv4 address that makes up the whole of `text`.
fn v4(text: &[u8]) -> Option<[u8; 4]> {
    let (octets, len) = read_v4(text)?;
    (len == text.len()).then_some(octets)
}

/// Four decimal numbers of up to three digits, and how many bytes they took. Leading zeros are allowed by RFC 3261
/// and read as decimal.
#[inline]
fn read_v4(text: &[u8]) -> Option<([u8; 4], usize)> {
    let (mut octets, mut at) = ([0u8; 4], 0usize);
    for (place, octet) in octets.iter_mut().enumerate() {
        if place > 0 {
            text.get(at).filter(|byte| **byte == b'.')?;
            at += 1;
        }
        let (start, mut sum) = (at, 0u32);
        while let Some(digit) = text.get(at).filter(|byte| byte.is_ascii_digit()) {
            sum = sum * 10 + u32::from(digit - b'0');
            at += 1;
            if at > start + 3 {
                return None;
            }
        }
        *octet = u8::try_from(sum).ok().filter(|_| at > start)?;
    }
    Some((octets, at))
}

/// Reads `IPv6address` as RFC 3986 and RFC 5954 have it: eight groups, one run of them left out by two colons, the
/// last two perhaps written as an IPv4 address. Says how many bytes it took.
#[inline]
fn v6(text: &[u8]) -> Option<([u16; 8], usize)> {
    const HEX: ByteSet = ByteSet::hex_digits();
    let mut groups = [0u16; 8];
    let (mut filled, mut gap, mut at) = (0usize, None, 0usize);
    if text.starts_with(b"::") {
        (gap, at) = (Some(0), 2);
    }
    loop {
        let (start, mut group) = (at, 0u32);
        while let Some(&byte) = text.get(at).filter(|byte| HEX.has(**byte)) {
            group = group << 4 | hex(byte);
            at += 1;
        }
        let next = text.get(at);
        if next == Some(&b'.') && at > start {
            let end = start
                + text
                    .get(start..)?
                    .iter()
                    .take_while(|byte| byte.is_ascii_digit() || **byte == b'.')
                    .count();
            let [a, b, c, d] = v4(text.get(start..end)?)?;
            *groups.get_mut(filled)? = u16::from_be_bytes([a, b]);
            *groups.get_mut(filled + 1)? = u16::from_be_bytes([c, d]);
            (filled, at) = (filled + 2, end);
            break;
        }
        if at == start {
            // Nothing may follow the two colons; a single one wants a group.
            if gap == Some(filled) && text.get(..at).is_some_and(|read| read.ends_with(b"::")) {
                break;
            }
            return None;
        }
        if at > start + 4 {
            return None;
        }
        *groups.get_mut(filled)? = group as u16;
        filled += 1;
        if next != Some(&b':') {
            break;
        }
        at += 1;
        if gap.is_none() && text.get(at) == Some(&b':') {
            gap = Some(filled);
            at += 1;
            // The grammar of RFC 3261 made a third colon before an IPv4 address; RFC 5118 section 4.10 asks to
            // take it.
            at += usize::from(text.get(at) == Some(&b':') && is_dotted(text.get(at + 1..)?));
        }
    }
    if let Some(gap) = gap {
        // The gap stands for one group at least.
        groups.get_mut(gap..).filter(|_| filled < 8)?.rotate_right(8 - filled);
        return Some((groups, at));
    }
    (filled == 8).then_some((groups, at))
}

/// Whether digits and a dot come next.
#[cold]
fn is_dotted(text: &[u8]) -> bool {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    digits > 0 && text.get(digits) == Some(&b'.')
}

/// The value of a hexadecimal digit: letters have bit 6 set, and their low bits count from one.
const fn hex(digit: u8) -> u32 {
    ((digit & 15) + (digit >> 6) * 9) as u32
}

/// Reads an optional `:port`.
#[inline]
pub(crate) fn read_port(cursor: &mut Cursor<'_>) -> Result<Option<u16>, Fault> {
    if !cursor.eat(b':') {
        return Ok(None);
    }
    cursor.number(u16::MAX.into()).map(|port| u16::try_from(port).ok())
}

impl fmt::Display for Host<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text)
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Host<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.text)
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
            ("192.000.002.001", Ok(("192.000.002.001", ""))),
            ("[2001:DB8::1]:5", Ok(("[2001:DB8::1]", ":5"))),
            ("[::ffff:192.0.2.1]", Ok(("[::ffff:192.0.2.1]", ""))),
            ("192.0.2.256", Err((FaultKind::Host, 0))),
            ("192.0.2", Err((FaultKind::Host, 0))),
            ("1.2.3.4.5", Err((FaultKind::Host, 0))),
            ("0001.2.3.4", Err((FaultKind::Host, 0))),
            ("[::.1.2.3.4]", Err((FaultKind::Unexpected, 3))),
            ("[1:::.1]", Err((FaultKind::Unexpected, 4))),
            ("a.b..c", Err((FaultKind::Host, 4))),
            ("[2001:db8:::192.0.2.1]", Ok(("[2001:db8:::192.0.2.1]", ""))),
            ("[2001:db8:::1]", Err((FaultKind::Unexpected, 11))),
            ("[2001:db8::1", Err((FaultKind::End, 12))),
            ("-a.example", Err((FaultKind::Host, 0))),
            ("a-.example", Err((FaultKind::Host, 0))),
            ("a..b", Err((FaultKind::Host, 2))),
            (".a", Err((FaultKind::Host, 0))),
            ("", Err((FaultKind::Host, 0))),
        ];
        for (text, expected) in table {
            let got = read(text).map(|(host, rest)| (host.to_string(), rest));
            assert_eq!(got, expected.map(|(host, rest)| (host.to_owned(), rest)), "{text}");
        }
    }

    #[test]
    fn addresses_of_six_are_read_as_the_standard_library_reads_them() {
        for text in [
            "::",
            "::1",
            "1::",
            "1::8",
            "1:2:3:4:5:6:7:8",
            "1:2:3:4:5:6:7::",
            "::2:3:4:5:6:7:8",
            "::192.0.2.1",
            "1:2:3:4:5:6:192.0.2.1",
            "1::192.0.2.1",
            "1::2:192.0.2.1",
            "::1..2.3",
            "::0001.2.3.4",
            "::12345",
            "1:2:3:4:5:6:7",
            "1:2:3:4:5:6:7:192.0.2.1",
            "abcd:ef01:2345:6789:ABCD:EF01:9876:5432",
            "::1:",
            ":1",
            "1:2",
            "1::2::3",
            ":::",
            "1:::2",
            "12345::",
            "g::",
            "1:2:3:4:5:6:7:8:9",
            "1:2:3:4:5:6:7::8",
            "fe80::AbCd:0",
            "",
            ":",
            "1:2:3:4::5:6:7:8",
            "::ffff:1.2.3",
            "::1.2.3.4.5",
            "1.2.3.4",
        ] {
            let ours = v6(text.as_bytes())
                .filter(|read| read.1 == text.len())
                .map(|read| std::net::Ipv6Addr::from(read.0));
            assert_eq!(ours, text.parse().ok(), "{text}");
        }
    }

    #[test]
    fn labels_are_checked_alike_with_and_without_a_block() {
        for text in [
            "a.b", "a..b", "a.-b", "a-.b", "a-b", "a--b.c", "-a", "a-", ".a", "a.", "a..", "",
            "xn--a.b", "a.b-",
        ] {
            let mut padded = text.to_owned();
            padded.push_str(&";".repeat(80));
            let block = padded.as_bytes().first_chunk::<64>();
            assert_eq!(
                first_bad_label(text.as_bytes(), block),
                first_bad_label(text.as_bytes(), None),
                "{text}"
            );
        }
    }

    #[test]
    fn labels_behind_the_first_block_are_checked() {
        let long = "a".repeat(62);
        for (end, bad) in [("", None), ("b.c", None), (".-c", Some(63)), ("b..c", Some(64))] {
            let mut name = format!("{long}{end}");
            let len = name.len();
            name.push_str(&";".repeat(80));
            let block = name.as_bytes().first_chunk::<BLOCK>();
            assert_eq!(first_bad_label(&name.as_bytes()[..len], block), bad, "{end}");
        }
    }

    #[test]
    fn hosts_compare_without_case_and_final_dot() {
        let host = |text| Host::parse(text).unwrap();
        assert!(host("Example.COM.").matches(&host("example.com")));
        assert!(!host("example.com").matches(&host("example.org")));
        assert!(host("[2001:DB8::1]").matches(&host("[2001:db8:0::1]")));
        assert!(host("192.000.002.001").matches(&host("192.0.2.1")));
        assert!(!host("192.0.2.1x").matches(&host("192.0.2.1")));
        assert!(!host("[::192.0.2.1]").matches(&host("192.0.2.1")));
    }
}
