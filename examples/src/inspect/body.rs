//! Bodies: their kind, told from Content-Type and from their bytes, what they say by that kind, and a look at their
//! beginning.

use bytes::Bytes;
use serde_json::{Map, Value};

use super::kind::Kind;
use super::place::Place;
use super::text::hex;
use super::{Document, Finding, content, sdp, sip};

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

impl Labels<'_> {
    /// Type and subtype in small letters.
    pub(super) fn essence(&self) -> Option<String> {
        let essence = self.media_type?.split(';').next().unwrap_or_default();
        Some(essence.split_whitespace().collect::<String>().to_ascii_lowercase())
    }
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
    /// Whether whatever it lies in cannot be read without it: a multipart.
    pub(super) is_structure: bool,
}

/// What makes a document of bytes of one kind.
type Read = fn(&Bytes, Labels<'_>, Place) -> Option<Document>;

/// What a body is, and who reads it; nobody reads text, binary data, and fragments.
#[derive(Clone, Copy)]
struct Reader {
    kind: &'static str,
    read: Option<Read>,
}

impl Reader {
    const SDP: Self = Self::new("sdp", |bytes, _, place| Some(sdp::description(bytes, place)));
    const SIP: Self = Self::new("sip", |bytes, _, place| Some(sip::datagram(bytes, place)));
    const CPIM: Self = Self::new("cpim", |bytes, of, at| Some(content::message(bytes, of, at)));
    const XML: Self = Self::new("xml", content::any);
    const MULTIPART: Self =
        Self::new("multipart", |bytes, of, at| Some(content::parts(bytes, of, at)));

    const fn new(kind: &'static str, read: Read) -> Self {
        Self { kind, read: Some(read) }
    }

    const fn nobody(kind: &'static str) -> Self {
        Self { kind, read: None }
    }

    /// The media type decides, unless it is missing or says nothing.
    fn of(bytes: &[u8], labels: Labels<'_>) -> Self {
        let by_bytes = || Self::nobody(if is_text(bytes) { "text" } else { "binary" });
        if labels.encoding.is_some_and(|coding| !coding.trim().eq_ignore_ascii_case("identity")) {
            return Self::nobody("binary");
        }
        let Some(media) = labels.essence() else {
            return match Kind::tell(bytes) {
                Some(Kind::Sdp) => Self::SDP,
                Some(Kind::Sip) => Self::SIP,
                Some(Kind::Cpim) => Self::CPIM,
                Some(Kind::Xml(_)) => Self::XML,
                _ if bytes.starts_with(b"<?xml") => Self::XML,
                _ => by_bytes(),
            };
        };
        match media.split_once('/').unwrap_or((&media, "")) {
            ("application", "sdp") => Self::SDP,
            ("message", "cpim") => Self::CPIM,
            ("message", "sip") => Self::SIP,
            ("message", "sipfrag") => Self::nobody("sip"),
            ("multipart", _) => Self::MULTIPART,
            (_, subtype) if subtype == "xml" || subtype.ends_with("+xml") => Self::XML,
            _ if content::XmlKind::of_media_type(&media).is_some() => Self::XML,
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
    let mut body = Body { is_structure: reader.kind == "multipart", ..Body::default() };
    let read = reader.read.filter(|_| place.depth <= MAX_DEPTH);
    if let Some(document) = read.and_then(|read| read(bytes, labels, place)) {
        let Document { json, faults, tolerated } = document;
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
