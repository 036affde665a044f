//! `Success-Report` and `Failure-Report`: what the sender wants to hear.

use bytes::BytesMut;
use missiva_core::scan::{ByteSet, Cursor};
use missiva_core::{Fault, FaultKind};

use super::Value;
use crate::grammar::put;

/// Whether the sender wants a REPORT when the message has arrived. Without the header it does not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "lowercase"))]
pub enum SuccessReport {
    /// `yes`.
    Yes,
    /// `no`, the default.
    #[default]
    No,
}

/// What the sender wants to hear of failures. Without the header, everything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "lowercase"))]
pub enum FailureReport {
    /// `yes`, the default: a response to each chunk, and reports of failure behind a relay.
    #[default]
    Yes,
    /// `no`: no response at all.
    No,
    /// `partial`: a response only when it is no 200.
    Partial,
}

const WORD: ByteSet = ByteSet::alphanumeric();

fn read_word<T: Copy>(cursor: &mut Cursor<'_>, words: &[(&str, T)]) -> Result<T, Fault> {
    let start = cursor.at();
    let word = cursor.take_some(&WORD)?;
    let known = words.iter().find(|(known, _)| known.eq_ignore_ascii_case(word));
    known.map(|(_, value)| *value).ok_or_else(|| Fault::new(FaultKind::Value, start))
}

impl<'a> Value<'a> for SuccessReport {
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        read_word(cursor, &[("no", Self::No), ("yes", Self::Yes)])
    }

    fn encode(&self, out: &mut BytesMut) {
        put(if *self == Self::Yes { "yes" } else { "no" }, out);
    }
}

impl<'a> Value<'a> for FailureReport {
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        read_word(cursor, &[("yes", Self::Yes), ("no", Self::No), ("partial", Self::Partial)])
    }

    fn encode(&self, out: &mut BytesMut) {
        let word = match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Partial => "partial",
        };
        put(word, out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_in_any_case_and_no_other() {
        for (text, value) in [
            ("yes", Ok(FailureReport::Yes)),
            ("NO", Ok(FailureReport::No)),
            ("Partial", Ok(FailureReport::Partial)),
            ("maybe", Err(Fault::new(FaultKind::Value, 0))),
            ("", Err(Fault::new(FaultKind::End, 0))),
            ("yes,no", Err(Fault::new(FaultKind::Unexpected, 3))),
        ] {
            assert_eq!(FailureReport::parse(text), value, "{text}");
        }
        assert_eq!(SuccessReport::parse("partial"), Err(Fault::new(FaultKind::Value, 0)));
        assert_eq!(SuccessReport::parse("YES"), Ok(SuccessReport::Yes));
    }

    #[test]
    fn words_round_trip() {
        for value in [FailureReport::Yes, FailureReport::No, FailureReport::Partial] {
            assert_eq!(FailureReport::parse(&value.to_text()), Ok(value));
        }
        for value in [SuccessReport::Yes, SuccessReport::No] {
            assert_eq!(SuccessReport::parse(&value.to_text()), Ok(value));
        }
    }
}
