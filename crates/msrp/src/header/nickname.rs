//! `Use-Nickname`: the name that a member of a chat room asks for (RFC 7701 section 7).

use std::borrow::Cow;

use bytes::BytesMut;
use missiva_core::scan::Cursor;
use missiva_core::{Fault, FaultKind};

use super::Value;
use super::params::{quote, unquote};
use crate::grammar::quoted_string;

/// A name without its quotes; an empty one gives the name back.
///
/// ```
/// use missiva_msrp::header::{Nickname, Value};
///
/// assert_eq!(Nickname::parse("\"Alice the \\\"great\\\"\"")?.text, "Alice the \"great\"");
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct Nickname<'a> {
    /// The name, without quotes and escapes.
    pub text: Cow<'a, str>,
}

/// Bytes between the quotes: RFC 7701 section 7.1 has this number.
pub(crate) const MAX_NICKNAME: usize = 1023;

impl<'a> Value<'a> for Nickname<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let start = cursor.at();
        let quoted = quoted_string(cursor)?;
        if quoted.len() > MAX_NICKNAME + 2 {
            return Err(Fault::new(FaultKind::Limit, start + 1 + MAX_NICKNAME));
        }
        Ok(Self { text: unquote(quoted) })
    }

    fn encode(&self, out: &mut BytesMut) {
        quote(&self.text, out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip() {
        for text in ["\"Alice\"", "\"\"", "\"größe \\\"x\\\" \\\\\""] {
            assert_eq!(Nickname::parse(text).unwrap().to_text(), text);
        }
        assert_eq!(Nickname::parse("Alice"), Err(Fault::new(FaultKind::Unexpected, 0)));
        assert_eq!(Nickname::parse("\"Alice"), Err(Fault::new(FaultKind::Quote, 0)));
    }

    #[test]
    fn a_name_has_at_most_1023_bytes() {
        let name = |len: usize| format!("\"{}\"", "x".repeat(len));
        assert!(Nickname::parse(&name(MAX_NICKNAME)).is_ok());
        for len in [MAX_NICKNAME + 1, 100_000] {
            assert_eq!(Nickname::parse(&name(len)), Err(Fault::new(FaultKind::Limit, 1024)));
        }
    }
}
