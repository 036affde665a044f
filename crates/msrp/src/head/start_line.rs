//! Start lines: `MSRP d93kswow SEND` and `MSRP d93kswow 200 OK`.

use missiva_core::{Fault, FaultKind};

use crate::ident::{TRANSACTION_ID, check_ident};
use crate::{Method, StatusCode};

/// The first line of a message, less the transaction id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "lowercase"))]
pub enum StartLine<'a> {
    /// A request.
    Request {
        /// What is asked for.
        method: Method<'a>,
    },
    /// A response.
    Response {
        /// What it says.
        status: StatusCode,
        /// What is written behind it, for people; empty where nothing is.
        comment: &'a str,
    },
}

/// Where the parts of a start line lie.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Start {
    id_len: u8,
    /// Zero in a request.
    status: u16,
    /// Behind the method or the comment.
    end: u16,
}

/// What every message begins with.
pub(crate) const PREFIX: &[u8; 5] = b"MSRP ";
/// Bytes of a method that nobody knows; the longest that is known has eight.
const MAX_METHOD: usize = 32;

impl Start {
    /// Reads a line without its line end.
    #[inline]
    pub(crate) fn read(line: &[u8]) -> Result<Self, Fault> {
        let rest = line.strip_prefix(PREFIX).ok_or_else(|| Fault::new(FaultKind::Value, 0))?;
        let id_len = rest.iter().position(|byte| *byte == b' ').unwrap_or(rest.len());
        let (id, rest) = rest.split_at_checked(id_len).unwrap_or_default();
        check_ident(id, TRANSACTION_ID).map_err(|fault| fault.shifted(PREFIX.len()))?;
        let at = PREFIX.len() + id_len + 1;
        let Some((_, word)) = rest.split_first().filter(|(_, word)| !word.is_empty()) else {
            return Err(Fault::new(FaultKind::End, line.len()));
        };
        let status = if word.first().is_some_and(u8::is_ascii_digit) {
            read_status(word).map_err(|fault| fault.shifted(at))?
        } else {
            check_method(word).map_err(|fault| fault.shifted(at))?;
            0
        };
        Ok(Self { id_len: id_len as u8, status, end: line.len().min(usize::from(u16::MAX)) as u16 })
    }

    #[inline]
    pub(crate) fn transaction_id<'a>(&self, head: &'a [u8]) -> &'a str {
        let id = head.get(PREFIX.len()..PREFIX.len() + usize::from(self.id_len));
        // Made of ident bytes, which are ASCII.
        id.and_then(|id| std::str::from_utf8(id).ok()).unwrap_or_default()
    }

    pub(crate) const fn status(&self) -> Option<StatusCode> {
        StatusCode::new(self.status)
    }

    pub(crate) fn line<'a>(&self, head: &'a [u8]) -> StartLine<'a> {
        let word = PREFIX.len() + usize::from(self.id_len) + 1;
        let word = head.get(word..usize::from(self.end)).unwrap_or_default();
        let word = std::str::from_utf8(word).unwrap_or_default();
        match self.status() {
            None => StartLine::Request { method: Method::new(word) },
            Some(status) => {
                StartLine::Response { status, comment: word.get(4..).unwrap_or_default() }
            }
        }
    }
}

/// `status-code [ SP comment ]`.
fn read_status(word: &[u8]) -> Result<u16, Fault> {
    let digits = word.get(..3).filter(|digits| digits.iter().all(u8::is_ascii_digit));
    let number =
        digits.unwrap_or_default().iter().fold(0, |sum, digit| sum * 10 + u16::from(digit & 15));
    if StatusCode::new(number).is_none() {
        return Err(Fault::new(FaultKind::Number, 0));
    }
    match word.get(3..).and_then(<[u8]>::split_first) {
        None => Ok(number),
        Some((b' ', comment)) => match std::str::from_utf8(comment) {
            Ok(_) => Ok(number),
            Err(error) => Err(Fault::new(FaultKind::Utf8, 4 + error.valid_up_to())),
        },
        Some((b'0'..=b'9', _)) => Err(Fault::new(FaultKind::Number, 0)),
        Some(_) => Err(Fault::new(FaultKind::Unexpected, 3)),
    }
}

/// `other-method = 1*UPALPHA`.
fn check_method(word: &[u8]) -> Result<(), Fault> {
    if let Some(at) = word.iter().position(|byte| !byte.is_ascii_uppercase()) {
        return Err(Fault::new(FaultKind::Unexpected, at));
    }
    if word.len() > MAX_METHOD { Err(Fault::new(FaultKind::Limit, MAX_METHOD)) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_in_parts() {
        let table = [
            ("MSRP d93kswow SEND", StartLine::Request { method: Method::Send }),
            ("MSRP 49fh AUTH", StartLine::Request { method: Method::Auth }),
            ("MSRP a.-+%= FETCH", StartLine::Request { method: Method::Other("FETCH") }),
            ("MSRP d93kswow 200 OK", StartLine::Response { status: StatusCode::OK, comment: "OK" }),
            ("MSRP d93kswow 200", StartLine::Response { status: StatusCode::OK, comment: "" }),
            ("MSRP d93kswow 200 ", StartLine::Response { status: StatusCode::OK, comment: "" }),
            (
                "MSRP d93kswow 481 größer  als",
                StartLine::Response { status: StatusCode::NO_SESSION, comment: "größer  als" },
            ),
        ];
        for (text, line) in table {
            let start =
                Start::read(text.as_bytes()).unwrap_or_else(|fault| panic!("{text}: {fault}"));
            assert_eq!(start.line(text.as_bytes()), line, "{text}");
            assert_eq!(Some(start.transaction_id(text.as_bytes())), text.split(' ').nth(1));
        }
    }

    #[test]
    fn lines_that_are_none_are_refused() {
        let long = format!("MSRP abcd {}", "X".repeat(MAX_METHOD + 1));
        let table: [(&[u8], FaultKind, usize); 17] = [
            (b"", FaultKind::Value, 0),
            (b"msrp abcd SEND", FaultKind::Value, 0),
            (b"MSRP", FaultKind::Value, 0),
            (b"MSRP ", FaultKind::Empty, 5),
            (b"MSRP  abcd SEND", FaultKind::Empty, 5),
            (b"MSRP abc SEND", FaultKind::End, 8),
            (b"MSRP ab$d SEND", FaultKind::Unexpected, 7),
            (b"MSRP abcd", FaultKind::End, 9),
            (b"MSRP abcd ", FaultKind::End, 10),
            (b"MSRP abcd send", FaultKind::Unexpected, 10),
            (b"MSRP abcd SEND ", FaultKind::Unexpected, 14),
            (b"MSRP abcd 99", FaultKind::Number, 10),
            (b"MSRP abcd 2000", FaultKind::Number, 10),
            (b"MSRP abcd 200OK", FaultKind::Unexpected, 13),
            (b"MSRP abcd 000", FaultKind::Number, 10),
            (b"MSRP abcd 200 \xff", FaultKind::Utf8, 14),
            (long.as_bytes(), FaultKind::Limit, 10 + MAX_METHOD),
        ];
        for (text, kind, at) in table {
            let fault = Start::read(text).expect_err(&text.escape_ascii().to_string());
            assert_eq!(fault, Fault::new(kind, at), "{}", text.escape_ascii());
        }
    }
}
