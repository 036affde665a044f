//! Service identifiers: `P-Asserted-Service`, `P-Preferred-Service`, and those in feature tags (RFC 6050).

use std::borrow::Cow;

use bytes::BytesMut;
use missiva_core::scan::{ByteSet, Cursor};
use missiva_core::{Fault, FaultKind};

use super::Value;
use crate::encode::put;
use crate::uri::escape::{Unescaped, eq_resolved, unescape};

/// A service or an application by its URN, `urn:urn-7:3gpp-service.ims.icsi.oma.cpm.msg`.
///
/// Kept as it was written: in `P-Asserted-Service` it stands plain, in feature tags its colons are escaped.
/// Comparing resolves escapes and leaves case out.
///
/// ```
/// use missiva_sip::header::ServiceId;
///
/// let session = ServiceId("urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.session");
/// let group = ServiceId("urn:urn-7:3gpp-service.ims.icsi.oma.cpm.session.group");
/// assert_eq!(session.icsi(), Some("oma.cpm.session"));
/// assert!(session.covers(&group) && !group.covers(&session));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct ServiceId<'a>(pub &'a str);

const URN: &str = "urn:urn-7:";
const ICSI: &str = "urn:urn-7:3gpp-service.ims.icsi.";
const IARI: &str = "urn:urn-7:3gpp-application.ims.iari.";

/// `let-dig`, and the underscore that deployed labels have.
const LABEL: ByteSet = ByteSet::alphanumeric().with(b"-_");

impl<'a> ServiceId<'a> {
    /// The URN without escapes; `None` when an escape is broken.
    #[must_use]
    pub fn urn(&self) -> Option<Cow<'a, str>> {
        unescape(self.0)
    }

    /// The label of a communication service (ICSI), `oma.cpm.msg`.
    #[must_use]
    pub fn icsi(&self) -> Option<&'a str> {
        strip_prefix(self.0, ICSI)
    }

    /// The label of an application (IARI), `rcs.geopush`.
    #[must_use]
    pub fn iari(&self) -> Option<&'a str> {
        strip_prefix(self.0, IARI)
    }

    /// Whether both are the same.
    #[must_use]
    pub fn matches(&self, other: &ServiceId<'_>) -> bool {
        eq_resolved(self.0, other.0)
    }

    /// Whether `other` is the same or one of its children: labels count whole, so that `oma.cpm.msg` covers
    /// `oma.cpm.msg.group` and not `oma.cpm.msgx` (RFC 6050 section 4.1).
    #[must_use]
    pub fn covers(&self, other: &ServiceId<'_>) -> bool {
        let lower = |byte: u8| byte.to_ascii_lowercase();
        let mut child = Unescaped::new(other.0);
        for byte in Unescaped::new(self.0) {
            let (Some(own), Some(Some(its))) = (byte, child.next()) else {
                return false;
            };
            if lower(own) != lower(its) {
                return false;
            }
        }
        !self.0.is_empty() && matches!(child.next(), None | Some(Some(b'.')))
    }
}

/// What follows `prefix` in `text`, case left out, and escapes resolved as far as the prefix goes.
fn strip_prefix<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let mut rest = text;
    for expected in prefix.bytes() {
        let len = if rest.starts_with('%') { 3 } else { 1 };
        let (piece, after) = rest.split_at_checked(len)?;
        let found = Unescaped::new(piece).next()??;
        if !found.eq_ignore_ascii_case(&expected) {
            return None;
        }
        rest = after;
    }
    (!rest.is_empty()).then_some(rest)
}

impl<'a> Value<'a> for ServiceId<'a> {
    /// `Service-ID = "urn:urn-7:" urn-service-id`, labels with dots between them.
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let start = cursor.at();
        if !cursor.eat_word(URN) {
            return Err(cursor.fault(if cursor.is_end() {
                FaultKind::End
            } else {
                FaultKind::Value
            }));
        }
        cursor.take_some(&LABEL)?;
        while cursor.eat(b'.') {
            cursor.take_some(&LABEL)?;
        }
        Ok(Self(cursor.since(start)))
    }

    fn encode(&self, out: &mut BytesMut) {
        put(self.0, out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_are_urns() {
        let table = [
            ("urn:urn-7:3gpp-service.ims.icsi.oma.cpm.msg", Ok(Some("oma.cpm.msg"))),
            ("URN:URN-7:3GPP-service.ims.icsi.mmtel", Ok(Some("mmtel"))),
            ("urn:urn-7:3gpp-application.ims.iari.rcs.ftsms", Ok(None)),
            ("urn:urn-7:", Err((FaultKind::End, 10))),
            ("urn:urn-7:a..b", Err((FaultKind::Unexpected, 12))),
            ("urn%3Aurn-7%3Aa", Err((FaultKind::Value, 0))),
            ("urn:service:sos", Err((FaultKind::Value, 0))),
            ("", Err((FaultKind::End, 0))),
        ];
        for (text, expected) in table {
            let got = ServiceId::parse(text);
            assert_eq!(
                got.map(|service| service.icsi()).map_err(|fault| (fault.kind, fault.at)),
                expected,
                "{text}"
            );
            assert!(got.is_err() || got.unwrap().to_text() == text);
        }
    }

    #[test]
    fn labels_count_whole() {
        let icsi = |label: &str| format!("{ICSI}{label}");
        let table = [
            ("oma.cpm.session", "oma.cpm.session", true),
            ("oma.cpm.session", "oma.cpm.session.group", true),
            ("oma.cpm.session", "OMA.CPM.Session.Group", true),
            ("oma.cpm.session.group", "oma.cpm.session", false),
            ("oma.cpm.msg", "oma.cpm.msgx", false),
            ("oma.cpm.msg", "oma.cpm.largemsg", false),
        ];
        for (parent, child, expected) in table {
            let (parent, child) = (icsi(parent), icsi(child));
            let escaped = child.replace(':', "%3a");
            for child in [&child, &escaped] {
                assert_eq!(
                    ServiceId(&parent).covers(&ServiceId(child)),
                    expected,
                    "{parent} {child}"
                );
            }
            assert_eq!(
                ServiceId(&parent).matches(&ServiceId(&escaped)),
                parent.eq_ignore_ascii_case(&child)
            );
        }
        assert!(!ServiceId("").covers(&ServiceId("")));
        assert!(!ServiceId("a%").covers(&ServiceId("a%")));
    }

    #[test]
    fn labels_are_found_behind_escapes() {
        let table = [
            ("urn%3Aurn-7%3A3gpp-application.ims.iari.rcs.geopush", Some("rcs.geopush")),
            ("urn%3aurn-7%3a3gpp-application%2eims.iari.rcse.im", Some("rcse.im")),
            ("urn%3Aurn-7%3A3gpp-application.ims.iari.", None),
            ("urn%3", None),
            ("urn%3\u{e9}rn", None),
        ];
        for (text, expected) in table {
            assert_eq!(ServiceId(text).iari(), expected, "{text}");
        }
        assert_eq!(ServiceId("a%3Ab").urn().as_deref(), Some("a:b"));
        assert_eq!(ServiceId("a%3").urn(), None);
    }
}
