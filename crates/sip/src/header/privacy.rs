//! `Privacy` (RFC 3323, RFC 3325, RFC 7044).

use bytes::{BufMut, BytesMut};
use missiva_core::Fault;
use missiva_core::scan::Cursor;

use super::Value;
use crate::encode::put;
use crate::grammar::{self, eat_separator, lws};

/// What the network shall hide of the sender.
///
/// ```
/// use missiva_sip::header::{Privacy, PrivacyKind, Value};
///
/// let privacy = Privacy::parse("id; critical")?;
/// assert!(privacy.asks_for(PrivacyKind::Id) && !privacy.asks_for(PrivacyKind::History));
/// assert_eq!(privacy.to_text(), "id;critical");
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct Privacy<'a>(&'a str);

/// One kind of privacy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "lowercase"))]
#[non_exhaustive]
pub enum PrivacyKind<'a> {
    /// Refuse the request rather than fail to hide (RFC 3323).
    Critical,
    /// Hide what headers disclose (RFC 3323).
    Header,
    /// Hide the history of the request (RFC 7044).
    History,
    /// Hide the asserted identity (RFC 3325).
    Id,
    /// Hide nothing, whatever the subscription says (RFC 3323).
    None,
    /// Hide the addresses of media (RFC 3323).
    Session,
    /// Do in the network what the sender could have done itself (RFC 3323).
    User,
    /// A kind that this crate does not know.
    #[cfg_attr(feature = "serde", serde(untagged))]
    Other(&'a str),
}

impl<'a> PrivacyKind<'a> {
    /// The kind that `word` names in any case.
    #[must_use]
    pub fn new(word: &'a str) -> Self {
        [
            Self::Critical,
            Self::Header,
            Self::History,
            Self::Id,
            Self::None,
            Self::Session,
            Self::User,
        ]
        .into_iter()
        .find(|kind| kind.as_str().eq_ignore_ascii_case(word))
        .unwrap_or(Self::Other(word))
    }

    /// The word.
    #[must_use]
    pub const fn as_str(&self) -> &'a str {
        match self {
            Self::Critical => "critical",
            Self::Header => "header",
            Self::History => "history",
            Self::Id => "id",
            Self::None => "none",
            Self::Session => "session",
            Self::User => "user",
            Self::Other(word) => word,
        }
    }
}

impl<'a> Privacy<'a> {
    /// Every kind in order.
    pub fn iter(&self) -> impl Iterator<Item = PrivacyKind<'a>> + use<'a> {
        self.0.split(';').map(|word| PrivacyKind::new(word.trim()))
    }

    /// Whether `kind` is among the kinds.
    #[must_use]
    pub fn asks_for(&self, kind: PrivacyKind<'_>) -> bool {
        self.iter().any(|found| found == kind)
    }

    /// The text as it was written.
    #[must_use]
    pub const fn as_str(&self) -> &'a str {
        self.0
    }
}

/// Two are equal when they ask for the same kinds in the same order.
impl PartialEq for Privacy<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for Privacy<'_> {}

impl<'a> Value<'a> for Privacy<'a> {
    /// `priv-value *(";" priv-value)`.
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let start = cursor.at();
        grammar::token(cursor)?;
        while eat_separator(cursor, b';') {
            grammar::token(cursor)?;
        }
        let value = Self(cursor.since(start));
        lws(cursor);
        Ok(value)
    }

    fn encode(&self, out: &mut BytesMut) {
        for (index, kind) in self.iter().enumerate() {
            if index > 0 {
                out.put_u8(b';');
            }
            put(kind.as_str(), out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use missiva_core::FaultKind;

    #[test]
    fn kinds_are_read_and_written() {
        let table = [
            ("none", Ok("none")),
            ("Header;SESSION\r\n ; user", Ok("header;session;user")),
            ("id;history;X-own", Ok("id;history;X-own")),
            ("", Err((FaultKind::End, 0))),
            ("id;", Err((FaultKind::End, 3))),
            (";id", Err((FaultKind::Unexpected, 0))),
            ("id,user", Err((FaultKind::Unexpected, 2))),
        ];
        for (text, expected) in table {
            let got = Privacy::parse(text);
            let written = got.map(|privacy| privacy.to_text());
            assert_eq!(
                written.as_deref().map_err(|fault| (fault.kind, fault.at)),
                expected,
                "{text}"
            );
            if let (Ok(privacy), Ok(written)) = (got, &written) {
                assert_eq!(Privacy::parse(written), Ok(privacy));
            }
        }
    }
}
