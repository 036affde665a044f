//! `v=` and `o=`.

use bytes::{BufMut, BytesMut};
use missiva_core::scan::{ByteSet, Cursor};
use missiva_core::{Fault, FaultKind};

use super::Address;
use crate::encode::{put, put_display};
use crate::grammar::{long, space, word};
use crate::value::Value;

/// `v=0`, the only version there is (RFC 8866 section 5.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(into = "u8"))]
pub struct Version;

impl From<Version> for u8 {
    fn from(Version: Version) -> Self {
        0
    }
}

impl<'a> Value<'a> for Version {
    #[inline(always)]
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let start = cursor.at();
        match cursor.number(u64::MAX)? {
            0 => Ok(Self),
            _ => Err(Fault::new(FaultKind::Unsupported, start)),
        }
    }

    fn encode(&self, out: &mut BytesMut) {
        out.put_u8(b'0');
    }
}

/// `o=`: who made the description, of which session, in which version (RFC 8866 section 5.2).
///
/// ```
/// use missiva_sdp::line::Origin;
/// use missiva_sdp::Value;
///
/// let origin = Origin::parse("alice 2890844526 2890842807 IN IP4 host.example.com")?;
/// assert_eq!((origin.session_id, origin.version), ("2890844526", 2890842807));
/// assert!(origin.same_session(&Origin { version: 2890842808, ..origin }));
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Origin<'a> {
    /// The user's name on the machine, or `-`.
    pub username: &'a str,
    /// The digits that name the session; compared as text, so that any length will do.
    pub session_id: &'a str,
    /// Counts the changes of the description (RFC 3264 section 5: a number that fits in 63 bits).
    pub version: u64,
    /// The machine.
    pub address: Address<'a>,
}

impl Origin<'_> {
    /// Whether two descriptions are of the same session: all but the version is the same.
    #[must_use]
    pub fn same_session(&self, other: &Origin<'_>) -> bool {
        self.username == other.username
            && self.session_id == other.session_id
            && self.address == other.address
    }
}

impl<'a> Value<'a> for Origin<'a> {
    #[inline]
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        const DIGITS: ByteSet = ByteSet::digits();
        let username = word(cursor)?;
        space(cursor)?;
        let session_id = cursor
            .take_some(&DIGITS)
            .map_err(|fault| Fault { kind: FaultKind::Number, ..fault })?;
        space(cursor)?;
        let version = long(cursor)?;
        space(cursor)?;
        let address = Address::read(cursor)?;
        Ok(Self { username, session_id, version, address })
    }

    fn encode(&self, out: &mut BytesMut) {
        put(self.username, out);
        out.put_u8(b' ');
        put(self.session_id, out);
        out.put_u8(b' ');
        put_display(self.version, out);
        out.put_u8(b' ');
        self.address.encode(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::line::Host;

    #[test]
    fn origins_are_read_in_parts() {
        let table = [
            ("- 1 2 IN IP4 192.0.2.1", ("-", "1", 2, "192.0.2.1")),
            (
                "al@x 99999999999999999999999 9223372036854775807 IN IP6 2001:db8::1",
                ("al@x", "99999999999999999999999", i64::MAX as u64, "2001:db8::1"),
            ),
            ("größe  1 2 IN IP4 a.example", ("größe", "1", 2, "a.example")),
        ];
        for (text, (username, session_id, version, host)) in table {
            let origin = Origin::parse(text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
            assert_eq!(
                (origin.username, origin.session_id, origin.version),
                (username, session_id, version)
            );
            assert_eq!(origin.address.host.to_string(), host);
            assert_eq!(Origin::parse(&origin.to_text()), Ok(origin));
        }
        let origin = Origin::parse("- 1 2 ATM NSAP 47.0091").unwrap();
        assert_eq!(origin.address.host, Host::Other("47.0091"));
    }

    #[test]
    fn origins_that_are_none_are_refused() {
        let table = [
            ("", FaultKind::End, 0),
            ("-", FaultKind::End, 1),
            ("- x 2 IN IP4 192.0.2.1", FaultKind::Number, 2),
            ("- 1 x IN IP4 192.0.2.1", FaultKind::Number, 4),
            ("- 1 9223372036854775808 IN IP4 192.0.2.1", FaultKind::Number, 4),
            ("- 1 2 IN IP4", FaultKind::End, 12),
            ("- 1 2 IN IP4 192.0.2.1 x", FaultKind::Unexpected, 22),
            ("- 1 2 IN IP4 192.0.2.256", FaultKind::Host, 13),
        ];
        for (text, kind, at) in table {
            assert_eq!(Origin::parse(text), Err(Fault::new(kind, at)), "{text}");
        }
        assert_eq!(Version::parse("1"), Err(Fault::new(FaultKind::Unsupported, 0)));
        assert_eq!(Version::parse("x"), Err(Fault::new(FaultKind::Number, 0)));
    }
}
