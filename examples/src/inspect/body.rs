//! Bodies: their kind, told from Content-Type and from their bytes, what they say by that kind, and a look at their
//! beginning.

use bytes::Bytes;
use serde_json::{Map, Value};

use super::kind::Kind;
use super::place::Place;
use super::text::hex;
use super::{Document, Finding, sdp, sip};

/// Bytes of a body that are shown.
const SHOWN: usize = 1024;
/// Bodies within bodies that are looked into; what lies deeper is shown like a kind that nobody reads.
const MAX_DEPTH: usize = 8;

/// What stands around a body and says what it is.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Labels<'a> {
    /// The value of Content-Type.
    pub(super) media_type: Option<&'a str>,
    /// The value of Content-Encoding.
    pub(super) encoding: Option<&'a str>,
}

/// What there is to say about a body.
#[derive(Debug, Default)]
pub(super) struct Body {
    /// Nothing when it is empty.
    pub(super) json: Value,
    /// What makes it malformed.
    pub(super) faults: Vec<Finding>,
    /// What was let pass in it.
    pub(super) tolerated: Vec<Finding>,
}

/// What makes a document of bytes of one kind.
type Read = fn(&Bytes, Place) -> Document;

/// What a body is, and who reads it; nobody reads text, binary data, and fragments.
#[derive(Clone, Copy)]
struct Reader {
    kind: &'static str,
    read: Option<Read>,
}

impl Reader {
    const SDP: Self = Self { kind: "sdp", read: Some(sdp::description) };
    const SIP: Self = Self { kind: "sip", read: Some(sip::datagram) };

    const fn nobody(kind: &'static str) -> Self {
        Self { kind, read: None }
    }

    /// The media type decides, unless it is missing or says nothing.
    fn of(bytes: &[u8], labels: Labels<'_>) -> Self {
        let by_bytes = || Self::nobody(if is_text(bytes) { "text" } else { "binary" });
        if labels.encoding.is_some_and(|coding| !coding.trim().eq_ignore_ascii_case("identity")) {
            return Self::nobody("binary");
        }
        let Some(media) = labels.media_type else {
            return match Kind::tell(bytes) {
                Some(Kind::Sdp) => Self::SDP,
                Some(Kind::Sip) => Self::SIP,
                _ if bytes.starts_with(b"<?xml") => Self::nobody("xml"),
                _ => by_bytes(),
            };
        };
        let media = media.to_ascii_lowercase();
        let mut parts = media.split(';').next().unwrap_or_default().split('/').map(str::trim);
        match (parts.next().unwrap_or_default(), parts.next().unwrap_or_default()) {
            ("application", "sdp") => Self::SDP,
            ("message", "cpim") => Self::nobody("cpim"),
            ("message", "sip") => Self::SIP,
            ("message", "sipfrag") => Self::nobody("sip"),
            ("multipart", _) => Self::nobody("multipart"),
            (_, subtype) if subtype == "xml" || subtype.ends_with("+xml") => Self::nobody("xml"),
            ("text", _) => Self::nobody("text"),
            _ => by_bytes(),
        }
    }
}

/// Looks at the body in `bytes`, which starts at `place`.
pub(super) fn look(bytes: &Bytes, labels: Labels<'_>, place: Place) -> Body {
    if bytes.is_empty() {
        return Body::default();
    }
    let reader = Reader::of(bytes, labels);
    let mut object = Map::new();
    object.insert("kind".to_owned(), reader.kind.into());
    object.insert("size".to_owned(), bytes.len().into());
    put_beginning(&mut object, bytes);
    let mut body = Body::default();
    if let Some(read) = reader.read.filter(|_| place.depth <= MAX_DEPTH) {
        let Document { json, faults, tolerated } = read(bytes, place);
        object.insert("content".to_owned(), json);
        (body.faults, body.tolerated) = (faults, tolerated);
    }
    body.json = Value::Object(object);
    body
}

/// Puts the first bytes into `object`, as text or else as digits.
fn put_beginning(object: &mut Map<String, Value>, bytes: &[u8]) {
    let mut shown = bytes.get(..SHOWN).unwrap_or(bytes);
    if is_text(bytes) {
        let text = leading_text(shown);
        shown = text.as_bytes();
        object.insert("text".to_owned(), text.into());
    } else {
        object.insert("hex".to_owned(), hex(shown).into());
    }
    if shown.len() < bytes.len() {
        object.insert("shown".to_owned(), shown.len().into());
    }
}

/// Whether bytes are text that a person can read.
fn is_text(bytes: &[u8]) -> bool {
    let is_odd = |byte: &u8| byte.is_ascii_control() && !matches!(byte, b'\t' | b'\r' | b'\n');
    !bytes.iter().any(is_odd) && std::str::from_utf8(bytes).is_ok()
}

/// The text at the front of bytes that may end within a character.
fn leading_text(bytes: &[u8]) -> &str {
    bytes.utf8_chunks().next().map_or("", |chunk| chunk.valid())
}
