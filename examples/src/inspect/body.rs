//! Bodies: their kind, told from Content-Type and from their bytes, and a look at their beginning.

use missiva_sip::{HeaderName, Message};
use serde_json::{Value, json};

use super::kind::Kind;
use super::text::hex;

/// Bytes of a body that are shown.
const SHOWN: usize = 1024;

/// What a document says of the body; nothing when there is none.
pub(super) fn to_json(message: &Message) -> Value {
    let body = message.body();
    let body = body.as_ref();
    if body.is_empty() {
        return Value::Null;
    }
    let mut shown = body.get(..SHOWN).unwrap_or(body);
    let (key, content) = if is_text(body) {
        let text = leading_text(shown);
        shown = text.as_bytes();
        ("text", text.to_owned())
    } else {
        ("hex", hex(shown))
    };
    let mut json = json!({ "kind": kind(message), "size": body.len(), key: content });
    if let (Value::Object(object), true) = (&mut json, shown.len() < body.len()) {
        object.insert("shown".to_owned(), shown.len().into());
    }
    json
}

/// The kind of the body: the media type decides, unless it is missing or says nothing.
fn kind(message: &Message) -> &'static str {
    let body = message.body();
    let body = body.as_ref();
    let by_bytes = || if is_text(body) { "text" } else { "binary" };
    if first(message, HeaderName::ContentEncoding)
        .is_some_and(|coding| !coding.eq_ignore_ascii_case("identity"))
    {
        return "binary";
    }
    let Some(media) = first(message, HeaderName::ContentType) else {
        return match body.get(..5) {
            Some(b"v=0\r\n") => "sdp",
            Some(b"<?xml") => "xml",
            _ if Kind::tell(body) == Some(Kind::Sip) => "sip",
            _ => by_bytes(),
        };
    };
    let media = media.to_ascii_lowercase();
    let mut parts = media.split(';').next().unwrap_or_default().split('/').map(str::trim);
    match (parts.next().unwrap_or_default(), parts.next().unwrap_or_default()) {
        ("application", "sdp") => "sdp",
        ("message", "cpim") => "cpim",
        ("message", "sip" | "sipfrag") => "sip",
        ("multipart", _) => "multipart",
        (_, subtype) if subtype == "xml" || subtype.ends_with("+xml") => "xml",
        ("text", _) => "text",
        _ => by_bytes(),
    }
}

/// The text of the first line of the field.
fn first(message: &Message, name: HeaderName) -> Option<&str> {
    message.headers().find(|header| header.name() == name).and_then(|header| header.text().ok())
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
