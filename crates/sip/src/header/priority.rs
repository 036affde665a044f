//! `Priority` and `Resource-Priority` (RFC 3261 section 20.26, RFC 4412).

use bytes::{BufMut, BytesMut};
use missiva_core::Fault;
use missiva_core::scan::{ByteSet, Cursor};

use super::Value;
use crate::encode::put;
use crate::grammar::{self, TOKEN};

/// How much the recipient's attention is wanted.
///
/// ```
/// use missiva_sip::header::{Priority, PriorityLevel, Value};
///
/// assert_eq!(Priority::parse("Urgent")?.level(), Some(PriorityLevel::Urgent));
/// assert_eq!(Priority::parse("psap-callback")?.level(), None);
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct Priority<'a>(pub &'a str);

/// The levels that RFC 3261 knows, the lowest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
pub enum PriorityLevel {
    /// `non-urgent`.
    NonUrgent,
    /// `normal`, which is also what no header means.
    Normal,
    /// `urgent`.
    Urgent,
    /// `emergency`: life, limb or property are in danger.
    Emergency,
}

impl PriorityLevel {
    /// The word of the header.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NonUrgent => "non-urgent",
            Self::Normal => "normal",
            Self::Urgent => "urgent",
            Self::Emergency => "emergency",
        }
    }
}

impl Priority<'_> {
    /// The level, when it is one of the four known.
    #[must_use]
    pub fn level(&self) -> Option<PriorityLevel> {
        [
            PriorityLevel::NonUrgent,
            PriorityLevel::Normal,
            PriorityLevel::Urgent,
            PriorityLevel::Emergency,
        ]
        .into_iter()
        .find(|level| self.0.eq_ignore_ascii_case(level.as_str()))
    }
}

impl<'a> Value<'a> for Priority<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        grammar::token(cursor).map(Self)
    }

    fn encode(&self, out: &mut BytesMut) {
        put(self.level().map_or(self.0, |level| level.as_str()), out);
    }
}

/// A claim on scarce resources: a namespace and a priority in it, `wps.3`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ResourcePriority<'a> {
    /// `dsn`, `q735`, `ets`, `wps` …
    pub namespace: &'a str,
    /// The level; what it means is the namespace's business.
    pub priority: &'a str,
}

/// `token-nodot`.
const NO_DOT: ByteSet = TOKEN.without(b".");

impl<'a> Value<'a> for ResourcePriority<'a> {
    /// `r-value = namespace "." r-priority`.
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let namespace = cursor.take_some(&NO_DOT)?;
        cursor.expect(b'.')?;
        Ok(Self { namespace, priority: cursor.take_some(&NO_DOT)? })
    }

    fn encode(&self, out: &mut BytesMut) {
        put(self.namespace, out);
        out.put_u8(b'.');
        put(self.priority, out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use missiva_core::FaultKind;

    #[test]
    fn levels_are_ordered_and_found_in_any_case() {
        assert!(PriorityLevel::NonUrgent < PriorityLevel::Normal);
        assert!(PriorityLevel::Urgent < PriorityLevel::Emergency);
        for (text, written) in
            [("NON-urgent", "non-urgent"), ("Emergency", "emergency"), ("Other-One", "Other-One")]
        {
            assert_eq!(Priority(text).to_text(), written);
        }
    }

    #[test]
    fn resource_priorities_have_one_dot() {
        let table = [
            ("wps.3", Ok(("wps", "3"))),
            ("dsn.flash-override", Ok(("dsn", "flash-override"))),
            ("wps", Err((FaultKind::End, 3))),
            (".3", Err((FaultKind::Unexpected, 0))),
            ("wps.", Err((FaultKind::End, 4))),
            ("wps.3.1", Err((FaultKind::Unexpected, 5))),
        ];
        for (text, expected) in table {
            let got = ResourcePriority::parse(text);
            assert_eq!(
                got.map(|value| (value.namespace, value.priority))
                    .map_err(|fault| (fault.kind, fault.at)),
                expected,
                "{text}"
            );
            assert!(got.is_err() || got.unwrap().to_text() == text);
        }
    }
}
