//! `Status`: what a REPORT says became of the message.

use bytes::{BufMut, BytesMut};
use missiva_core::scan::{ByteSet, Cursor};
use missiva_core::{Fault, FaultKind};

use super::Value;
use crate::grammar::{blanks, put};
use crate::status::{StatusCode, read_three};

/// A namespace, of which only 000 is defined, and a code in it with a comment for people.
///
/// ```
/// use missiva_msrp::header::{Status, Value};
///
/// let status = Status::parse("000 200 OK")?;
/// assert_eq!((status.namespace, status.code.number(), status.comment), (0, 200, Some("OK")));
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Status<'a> {
    /// `000` means that the code is one of a response.
    pub namespace: u16,
    /// The code.
    pub code: StatusCode,
    /// What is written behind the code.
    pub comment: Option<&'a str>,
}

impl<'a> Status<'a> {
    /// A status of the namespace 000 with the usual comment.
    #[must_use]
    pub fn of(code: StatusCode) -> Self {
        Self { namespace: 0, code, comment: code.comment() }
    }
}

/// `utf8text` less controls.
const TEXT: ByteSet = ByteSet::empty().with_range(0x20, 0x7e).with_range(0x80, 0xff).with(b"\t");

impl<'a> Value<'a> for Status<'a> {
    /// `namespace SP status-code [ SP comment ]`.
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let namespace = read_three(cursor)?;
        if !matches!(cursor.peek(), Some(b' ' | b'\t')) {
            return Err(cursor.unexpected());
        }
        blanks(cursor);
        let start = cursor.at();
        let code = read_three(cursor)?;
        let code = StatusCode::new(code).ok_or_else(|| Fault::new(FaultKind::Number, start))?;
        let comment = if cursor.eat(b' ') { Some(cursor.take(&TEXT)) } else { None };
        Ok(Self { namespace, code, comment })
    }

    fn encode(&self, out: &mut BytesMut) {
        put(&format!("{:03} {}", self.namespace, self.code), out);
        if let Some(comment) = self.comment {
            out.put_u8(b' ');
            put(comment, out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_round_trip() {
        for text in ["000 200 OK", "000 408", "999 499 größer", "000 413 "] {
            assert_eq!(Status::parse(text).unwrap().to_text(), text);
        }
        let code = StatusCode::new(200).unwrap();
        assert_eq!(Status::of(code).to_text(), "000 200 OK");
    }

    #[test]
    fn statuses_that_are_none_are_refused() {
        for (text, kind, at) in [
            ("", FaultKind::End, 0),
            ("200 OK", FaultKind::Number, 4),
            ("000", FaultKind::End, 3),
            ("000 99", FaultKind::Number, 4),
            ("000 099", FaultKind::Number, 4),
            ("0000 200", FaultKind::Unexpected, 3),
            ("000 200OK", FaultKind::Unexpected, 7),
        ] {
            assert_eq!(Status::parse(text), Err(Fault::new(kind, at)), "{text}");
        }
    }
}
