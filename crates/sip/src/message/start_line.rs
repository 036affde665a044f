//! The first line: what is asked, or what is answered.

use memchr::{memchr, memrchr};
use missiva_core::FaultKind;

use crate::grammar::{TOKEN, trim_blanks_end};
use crate::{Method, ParseError, Part};

/// A start line taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "lowercase"))]
pub enum StartLine<'a> {
    /// `Method SP Request-URI SP SIP-Version`.
    Request {
        /// The method.
        method: Method<'a>,
        /// The Request-URI as it came; [`Message::request_uri`](super::Message::request_uri) reads it.
        uri: &'a str,
        /// `SIP/2.0`, or what a stranger wrote in its place.
        version: &'a str,
    },
    /// `SIP-Version SP Status-Code SP Reason-Phrase`.
    Response {
        /// Three digits, 100 to 699.
        code: u16,
        /// For people; never for decisions.
        reason: &'a str,
        /// `SIP/2.0`, or what a stranger wrote in its place.
        version: &'a str,
    },
}

/// Where the parts of a start line lie. All offsets count from the first byte of the message.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Start {
    Request {
        method: u32,
        uri: (u32, u32),
        version: (u32, u32),
    },
    Response {
        code: u16,
        reason: (u32, u32),
    },
    /// A line that is neither; the message is refused once its end is known.
    Unreadable,
}

/// `SIP/2.0` and any other version have this many bytes.
const VERSION: usize = 7;

impl Start {
    /// Reads a start line. White space beyond the single spaces of the grammar, and a Request-URI that is none, are
    /// faults of the start line that do not hide the rest of the message: they are found when it is asked for.
    pub(crate) fn read(line: &[u8]) -> Result<Self, ParseError> {
        if is_version(line) {
            return read_status(line);
        }
        let error = |at| ParseError::new(FaultKind::Unexpected, Part::StartLine, at);
        let method = memchr(b' ', line).ok_or_else(|| error(line.len()))?;
        if !line.get(..method).is_some_and(|name| TOKEN.spans(name)) {
            return Err(error(0));
        }
        let trimmed = trim_blanks_end(line);
        let space = memrchr(b' ', trimmed).filter(|at| *at > method);
        let space = space.ok_or_else(|| error(trimmed.len()))?;
        let version = trimmed.get(space + 1..).unwrap_or_default();
        if !is_version(version) || version.len() != VERSION {
            return Err(error(space + 1));
        }
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let uri = (offset(method + 1), offset(space));
        let version = (offset(space + 1), offset(trimmed.len()));
        Ok(Self::Request { method: offset(method), uri, version })
    }

    /// Refuses what [`read`](Self::read) lets through in the line at the start of `head`.
    pub(crate) fn check_exact(&self, head: &[u8]) -> Result<(), ParseError> {
        let error = |kind, at| Err(ParseError::new(kind, Part::StartLine, at));
        let end = memchr(b'\r', head).unwrap_or(head.len());
        let version = match *self {
            Self::Request { uri: (from, to), version, .. } => {
                let uri = head.get(from as usize..to as usize).unwrap_or_default();
                if let Some(space) = uri.iter().position(u8::is_ascii_whitespace) {
                    return error(FaultKind::Unexpected, from as usize + space);
                }
                if version.1 as usize != end {
                    return error(FaultKind::Unexpected, version.1 as usize);
                }
                version.0 as usize
            }
            Self::Response { reason, .. } => {
                if head.get((reason.0 as usize).wrapping_sub(1)) != Some(&b' ') {
                    return error(FaultKind::End, end);
                }
                let phrase = head.get(reason.0 as usize..end).unwrap_or_default();
                let bad = |byte: &u8| byte.is_ascii_control() && *byte != b'\t';
                if let Some(at) = phrase.iter().position(bad) {
                    return error(FaultKind::Unexpected, reason.0 as usize + at);
                }
                if std::str::from_utf8(phrase).is_err() {
                    return error(FaultKind::Utf8, reason.0 as usize);
                }
                0
            }
            Self::Unreadable => return error(FaultKind::Unexpected, 0),
        };
        let number = head.get(version + 4..version + VERSION);
        if number == Some(b"2.0") { Ok(()) } else { error(FaultKind::Unsupported, version) }
    }
}

/// Whether `text` begins with `SIP/` DIGIT `.` DIGIT, in any case (RFC 3261 section 7.1).
fn is_version(text: &[u8]) -> bool {
    matches!(text, [s, i, p, b'/', major, b'.', minor, ..]
        if s.eq_ignore_ascii_case(&b's') && i.eq_ignore_ascii_case(&b'i') && p.eq_ignore_ascii_case(&b'p')
            && major.is_ascii_digit() && minor.is_ascii_digit())
}

/// `SIP-Version SP 3DIGIT SP Reason-Phrase`; the space before an empty phrase may be missing.
fn read_status(line: &[u8]) -> Result<Start, ParseError> {
    let error = |kind, at| Err(ParseError::new(kind, Part::StartLine, at));
    let rest = line.get(VERSION..).unwrap_or_default();
    let [b' ', a @ b'1'..=b'6', b @ b'0'..=b'9', c @ b'0'..=b'9', phrase @ ..] = rest else {
        return error(FaultKind::Number, VERSION + 1);
    };
    let reason_at = match phrase {
        [] => line.len(),
        [b' ', ..] => VERSION + 5,
        _ => return error(FaultKind::Number, VERSION + 1),
    };
    let digit = |byte: &u8| u16::from(byte & 15);
    let code = digit(a).saturating_mul(100) + digit(b).saturating_mul(10) + digit(c);
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Ok(Start::Response { code, reason: (offset(reason_at), offset(line.len())) })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where the parts lie: method, Request-URI and version; or the code, and where the reason lies.
    fn read(line: &[u8]) -> Result<Vec<u32>, (FaultKind, u32)> {
        match Start::read(line).map_err(|fault| (fault.kind, fault.at))? {
            Start::Request { method, uri, version } => {
                Ok(vec![method, uri.0, uri.1, version.0, version.1])
            }
            Start::Response { code, reason } => Ok(vec![code.into(), reason.0, reason.1]),
            Start::Unreadable => panic!("nothing was read"),
        }
    }

    #[test]
    fn start_lines_are_read_in_parts() {
        let table: [(&[u8], &[u32]); 13] = [
            (b"INVITE sip:a SIP/2.0", &[6, 7, 12, 13, 20]),
            (b"X y sip/3.1", &[1, 2, 3, 4, 11]),
            (b"INVITE sip:a b SIP/2.0", &[6, 7, 14, 15, 22]),
            (b"INVITE  sip:a SIP/2.0", &[6, 7, 13, 14, 21]),
            (b"INVITE sip:a SIP/2.0 \t", &[6, 7, 12, 13, 20]),
            (b"SIP-2.0 sip:a SIP/2.0", &[7, 8, 13, 14, 21]),
            (b"SIP/2.0 200 OK", &[200, 12, 14]),
            (b"sIp/9.7 123 Busy here", &[123, 12, 21]),
            (b"SIP/2.0 699 ", &[699, 12, 12]),
            (b"SIP/2.0 100", &[100, 11, 11]),
            (b"SIP/2.0 486  ", &[486, 12, 13]),
            (b"SIP/2.0 690 \xff", &[690, 12, 13]),
            (b"M * SIP/2.0", &[1, 2, 3, 4, 11]),
        ];
        for (line, parts) in table {
            assert_eq!(read(line).as_deref(), Ok(parts), "{}", line.escape_ascii());
        }
    }

    #[test]
    fn lines_that_start_no_message_are_refused() {
        let table: [(&[u8], FaultKind, u32); 24] = [
            (b"", FaultKind::Unexpected, 0),
            (b"INVITE", FaultKind::Unexpected, 6),
            (b"INVITE ", FaultKind::Unexpected, 6),
            (b" sip:a SIP/2.0", FaultKind::Unexpected, 0),
            (b"INV\tITE sip:a SIP/2.0", FaultKind::Unexpected, 0),
            (b"INVITE sip:a", FaultKind::Unexpected, 12),
            (b"INVITE SIP/2.0", FaultKind::Unexpected, 14),
            (b"INVITE sip:a SIP/2.00", FaultKind::Unexpected, 13),
            (b"INVITE sip:a SIP/2.", FaultKind::Unexpected, 13),
            (b"INVITE sip:a SIP/2,0", FaultKind::Unexpected, 13),
            (b"INVITE sip:a SIP/x.0", FaultKind::Unexpected, 13),
            (b"INVITE sip:a SIP/2.x", FaultKind::Unexpected, 13),
            (b"INVITE sip:a SIP:2.0", FaultKind::Unexpected, 13),
            (b"INVITE sip:a XIP/2.0", FaultKind::Unexpected, 13),
            (b"INVITE sip:a SXP/2.0", FaultKind::Unexpected, 13),
            (b"INVITE sip:a SIX/2.0", FaultKind::Unexpected, 13),
            (b"SIP/2.0", FaultKind::Number, 8),
            (b"SIP/2.0 99 x", FaultKind::Number, 8),
            (b"SIP/2.0 099 x", FaultKind::Number, 8),
            (b"SIP/2.0 700 x", FaultKind::Number, 8),
            (b"SIP/2.0 2x0 x", FaultKind::Number, 8),
            (b"SIP/2.0 2000 x", FaultKind::Number, 8),
            (b"SIP/2.0  200 x", FaultKind::Number, 8),
            (b"SIP/2.0x200 x", FaultKind::Number, 8),
        ];
        for (line, kind, at) in table {
            assert_eq!(read(line), Err((kind, at)), "{}", line.escape_ascii());
        }
    }

    #[test]
    fn what_is_let_through_is_found_when_it_is_asked_for() {
        type Checked = Result<(), (FaultKind, u32)>;
        let fault = |kind, at| Err((kind, at));
        let table: [(&[u8], Checked); 17] = [
            (b"INVITE sip:a SIP/2.0", Ok(())),
            (b"INVITE sip:a sip/2.0", Ok(())),
            (b"INVITE  sip:a SIP/2.0", fault(FaultKind::Unexpected, 7)),
            (b"INVITE sip:a  SIP/2.0", fault(FaultKind::Unexpected, 12)),
            (b"INVITE sip:a\tb SIP/2.0", fault(FaultKind::Unexpected, 12)),
            (b"INVITE sip:a SIP/2.0 ", fault(FaultKind::Unexpected, 20)),
            (b"INVITE sip:a SIP/3.0", fault(FaultKind::Unsupported, 13)),
            (b"INVITE sip:a SIP/2.1", fault(FaultKind::Unsupported, 13)),
            (b"SIP/2.0 200 OK", Ok(())),
            (b"SIP/2.0 200 ", Ok(())),
            (b"SIP/2.0 200 a\tb", Ok(())),
            (b"SIP/2.0 200 gr\xc3\xb6\xc3\x9fer", Ok(())),
            (b"SIP/2.0 200", fault(FaultKind::End, 11)),
            (b"SIP/2.0 200 ab\x01", fault(FaultKind::Unexpected, 14)),
            (b"SIP/2.0 200 ab\x7f", fault(FaultKind::Unexpected, 14)),
            (b"SIP/2.0 200 ab\xe9", fault(FaultKind::Utf8, 12)),
            (b"SIP/2.1 200 OK", fault(FaultKind::Unsupported, 0)),
        ];
        for (line, expected) in table {
            let head = [line, b"\r\nX: y\r\n\r\n"].concat();
            let got = Start::read(line).and_then(|start| start.check_exact(&head));
            let got = got.map_err(|fault| (fault.kind, fault.at));
            assert_eq!(got, expected, "{}", line.escape_ascii());
        }
        assert!(Start::Unreadable.check_exact(b"\r\n").is_err());
    }
}
