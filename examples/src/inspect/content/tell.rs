//! Which kind of body bytes are.

use super::XmlKind;
use crate::inspect::Kind;

/// Headers with which CPIM messages begin; their case counts (RFC 3862 section 2.2).
const CPIM: [&[u8]; 7] = [b"From", b"To", b"cc", b"DateTime", b"Subject", b"NS", b"Require"];

/// The kind of a body that begins with MIME headers, is a CPIM message, or is an XML document of a known kind.
///
/// A CPIM message begins with one of its headers, and behind its first empty line begins with a MIME header, which
/// tells it from a SIP message that lost its start line.
pub(in crate::inspect) fn tell(bytes: &[u8]) -> Option<Kind> {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    if text.starts_with(b"<") {
        return XmlKind::tell(bytes).map(Kind::Xml);
    }
    let name = name(bytes)?;
    if is_mime(name) {
        let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let is_multipart =
            memchr::memmem::find(&line.to_ascii_lowercase(), b"multipart/").is_some();
        return Some(if is_multipart { Kind::Multipart } else { Kind::Mime });
    }
    let behind = memchr::memmem::find(bytes, b"\r\n\r\n").and_then(|at| bytes.get(at + 4..))?;
    let is_cpim = CPIM.contains(&name) && self::name(behind).is_some_and(is_mime);
    is_cpim.then_some(Kind::Cpim)
}

/// What stands before the first colon of a line.
fn name(bytes: &[u8]) -> Option<&[u8]> {
    let at = bytes.iter().position(|byte| matches!(byte, b':' | b'\r' | b'\n' | b' '))?;
    bytes.get(..at).filter(|_| bytes.get(at) != Some(&b'\r') && bytes.get(at) != Some(&b'\n'))
}

fn is_mime(name: &[u8]) -> bool {
    name.get(..8).is_some_and(|start| start.eq_ignore_ascii_case(b"Content-"))
        || name.eq_ignore_ascii_case(b"MIME-Version")
}
