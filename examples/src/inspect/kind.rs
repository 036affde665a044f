//! What the input is: said on the command line, or told from the bytes.

use std::str::FromStr;

use super::content::{self, XmlKind};

/// What the input is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// To be told from the bytes.
    #[default]
    Auto,
    /// SIP messages and keep-alives.
    Sip,
    /// A session description.
    Sdp,
    /// A CPIM message.
    Cpim,
    /// MIME headers and a multipart.
    Multipart,
    /// MIME headers and a body.
    Mime,
    /// An XML document.
    Xml(XmlKind),
    /// One URI.
    Uri,
    /// One value of the header field that is named.
    Header(String),
}

impl Kind {
    /// Tells the kind from the bytes; `None` when nothing fits.
    ///
    /// A session description is told by its version. SIP is told by its start line, or by a second line that looks like a header field, so that a message with a
    /// damaged start line is refused for that. Line ends alone are keep-alives. One line without white space that
    /// begins like a scheme is a URI.
    #[must_use]
    pub fn tell(input: &[u8]) -> Option<Self> {
        let is_end = |byte: &u8| matches!(byte, b'\r' | b'\n');
        let start = input.iter().position(|byte| !is_end(byte));
        let Some(rest) = start.and_then(|at| input.get(at..)) else {
            return (!input.is_empty()).then_some(Self::Sip);
        };
        if start == Some(0) && is_version_line(rest) {
            return Some(Self::Sdp);
        }
        if start == Some(0)
            && let Some(kind) = content::tell(input)
        {
            return Some(kind);
        }
        let mut lines = rest.split(is_end).filter(|line| !line.is_empty());
        let first = lines.next().unwrap_or_default();
        if is_start_line(first) || lines.next().is_some_and(is_header_line) {
            return Some(Self::Sip);
        }
        let text = rest.trim_ascii_end();
        let lone = start == Some(0) && !text.iter().any(u8::is_ascii_whitespace);
        (lone && has_scheme(text)).then_some(Self::Uri)
    }
}

impl FromStr for Kind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match (text, text.strip_prefix("header:")) {
            ("auto", _) => Ok(Self::Auto),
            ("sip", _) => Ok(Self::Sip),
            ("sdp", _) => Ok(Self::Sdp),
            ("uri", _) => Ok(Self::Uri),
            ("cpim", _) => Ok(Self::Cpim),
            ("multipart", _) => Ok(Self::Multipart),
            ("mime", _) => Ok(Self::Mime),
            (_, Some(name)) if !name.is_empty() && name.bytes().all(is_token) => {
                Ok(Self::Header(name.to_owned()))
            }
            (_, Some(_)) => Err("header: wants the name of a header field behind it".to_owned()),
            _ => XmlKind::of_name(text).map(Self::Xml).ok_or_else(|| {
                let xml: String = XmlKind::all().map(|kind| format!("{}, ", kind.name())).collect();
                format!("expected auto, sip, sdp, cpim, multipart, mime, {xml}uri or header:NAME")
            }),
        }
    }
}

/// Whether a line says which version of SDP follows. Any number will do, so that a wrong one is refused for that.
fn is_version_line(rest: &[u8]) -> bool {
    let Some(after) = rest.strip_prefix(b"v=") else { return false };
    let digits = after.iter().take_while(|byte| byte.is_ascii_digit()).count();
    digits > 0 && after.get(digits).is_none_or(u8::is_ascii_whitespace)
}

/// Whether a line has `SIP/` where a status line or a request line has it.
fn is_start_line(line: &[u8]) -> bool {
    let is_version =
        |word: &[u8]| word.get(..4).is_some_and(|head| head.eq_ignore_ascii_case(b"SIP/"));
    let words = || line.split(|byte| *byte == b' ');
    is_version(line) || words().skip(1).any(is_version)
}

/// Whether a line begins with a token and a colon.
fn is_header_line(line: &[u8]) -> bool {
    let mut parts = line.splitn(2, |byte| *byte == b':');
    let name = parts.next().unwrap_or_default().trim_ascii_end();
    parts.next().is_some() && !name.is_empty() && name.iter().copied().all(is_token)
}

/// Whether text begins like an absolute URI (RFC 3986 section 3.1).
fn has_scheme(text: &[u8]) -> bool {
    let Some(colon) = text.iter().position(|byte| *byte == b':') else {
        return false;
    };
    let scheme = text.get(..colon).unwrap_or_default();
    scheme.first().is_some_and(u8::is_ascii_alphabetic)
        && scheme.iter().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(byte))
}

/// A byte of `token` (RFC 3261 section 25.1).
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-.!%*_+`'~".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_told_from_the_bytes() {
        let table: [(&[u8], Option<Kind>); 28] = [
            (b"OPTIONS sip:a SIP/2.0\r\n\r\n", Some(Kind::Sip)),
            (b"sip/2.0 200 OK\r\n\r\n", Some(Kind::Sip)),
            (b"\r\nOPTIONS sip:a SIP/2.0\r\n", Some(Kind::Sip)),
            (b"OPTIONS sip:a\r\nVia : x\r\n", Some(Kind::Sip)),
            (b"\r\n\r\n", Some(Kind::Sip)),
            (b"\r\n", Some(Kind::Sip)),
            (b"v=0\r\no=-", Some(Kind::Sdp)),
            (b"v=0", Some(Kind::Sdp)),
            (b"v=12\n", Some(Kind::Sdp)),
            (b"v=0x\n", None),
            (b"v: SIP/2.0/UDP a\r\n", Some(Kind::Sip)),
            (b"sip:alice@example.com\n", Some(Kind::Uri)),
            (b"urn:uuid:x", Some(Kind::Uri)),
            (
                b"From: <im:a>\r\nTo: <im:b>\r\n\r\nContent-Type: text/plain\r\n\r\nhi",
                Some(Kind::Cpim),
            ),
            (b"NS: i <urn:x>\r\n\r\ncontent-type: a/b\r\n\r\n", Some(Kind::Cpim)),
            (b"From: <sip:a>\r\nTo: <sip:b>\r\n\r\nhi", Some(Kind::Sip)),
            (b"Content-type: text/plain\r\n\r\nhi", Some(Kind::Mime)),
            (b"MIME-Version: 1.0\r\nContent-Type: a/b\r\n\r\nhi", Some(Kind::Mime)),
            (b"Content-Type: Multipart/mixed;boundary=b\r\n\r\n", Some(Kind::Multipart)),
            (b"<x:imdn xmlns:x='urn:ietf:params:xml:ns:imdn'/>", Some(Kind::Xml(XmlKind::Imdn))),
            (b"<session-type>1-1</session-type>", Some(Kind::Xml(XmlKind::SessionInfo))),
            (b"<imdn xmlns='urn:other'/>", None),
            (b"<file/>", Some(Kind::Xml(XmlKind::FileTransfer))),
            (b"<!DOCTYPE a><file/>", None),
            (b"", None),
            (b"hello", None),
            (b"note: hello you", None),
            (b"\xff\xd8\xff\xe0", None),
        ];
        for (input, expected) in table {
            assert_eq!(Kind::tell(input), expected, "{}", input.escape_ascii());
        }
    }

    #[test]
    fn kinds_are_named_on_the_command_line() {
        assert_eq!("header:t".parse(), Ok(Kind::Header("t".to_owned())));
        assert_eq!("auto".parse(), Ok(Kind::Auto));
        assert_eq!("sdp".parse(), Ok(Kind::Sdp));
        for wrong in ["", "SIP", "header:", "header:a b", "header"] {
            assert!(wrong.parse::<Kind>().is_err(), "{wrong}");
        }
    }
}
