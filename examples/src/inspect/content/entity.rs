//! MIME headers and the body that they describe.

use bytes::Bytes;
use missiva_content::mime::{Entity, External, Head, Junk, MimeName, TransferEncoding};
use missiva_content::{ParseError, Part};
use missiva_core::FaultKind;
use serde_json::{Map, Value};

use super::{Judged, LIMITS, put_value, refused};
use crate::inspect::body::{self, Body, Labels};
use crate::inspect::place::Place;
use crate::inspect::{Document, Finding};

/// Headers and a body that make up all of `bytes`.
pub(in crate::inspect) fn entity(bytes: &Bytes, _: Labels<'_>, place: Place) -> Document {
    match Entity::parse(bytes.clone(), &LIMITS) {
        Ok(entity) => show(&entity, place, Judged::default()),
        Err(error) => refused(error, place),
    }
}

/// The same, of a body that must be a multipart.
pub(in crate::inspect) fn only_multipart(bytes: &Bytes, _: Labels<'_>, place: Place) -> Document {
    let entity = match Entity::parse(bytes.clone(), &LIMITS) {
        Ok(entity) => entity,
        Err(error) => return refused(error, place),
    };
    let mut judged = Judged::default();
    if entity.content_type().is_ok_and(|kind| !kind.is_multipart()) {
        let other = ParseError { kind: FaultKind::Value, field: Part::Mime("Content-Type"), at: 0 };
        judged.fatal.push(Finding::of_content(other, place.base));
    }
    show(&entity, place, judged)
}

fn show(entity: &Entity, place: Place, mut judged: Judged) -> Document {
    let head = entity.head();
    let found = |error| Finding::of_content(error, place.base);
    let encoding = head.transfer_encoding();
    judged.fatal.extend(entity.content_type().err().map(found));
    judged.fatal.extend(External::of(entity, &LIMITS).err().map(found));
    judged.strict.extend(head.faults().into_iter().map(found));
    // Who names no encoding did not promise short lines of ASCII.
    if head.get("Content-Transfer-Encoding").is_some() {
        judged.strict.extend(entity.decoded(Junk::Refuse).err().map(found));
    }
    let decoded = entity.decoded(Junk::Skip).map_err(found);
    let is_encoded =
        matches!(encoding, Ok(TransferEncoding::Base64 | TransferEncoding::QuotedPrintable));

    let mut shown = Map::new();
    shown.insert("headers".to_owned(), headers(&head, place.base));
    if is_encoded && let Ok(encoding) = encoding {
        shown.insert("encoding".to_owned(), encoding.as_str().into());
    }
    let body = match decoded {
        Ok(decoded) => look(entity, &decoded, is_encoded, place),
        Err(fault) => {
            judged.fatal.push(fault);
            Body::default()
        }
    };
    // A part that cannot be told from the next is a fault of the whole; a document that is none is its own.
    let faults = if body.is_structure { &mut judged.inside } else { &mut judged.strict };
    faults.extend(body.faults);
    judged.tolerated.extend(body.tolerated);
    shown.insert("body".to_owned(), body.json);
    judged.document("mime", shown, place)
}

/// The body, its offsets counted from its own first byte when it came encoded.
fn look(entity: &Entity, decoded: &Bytes, is_encoded: bool, place: Place) -> Body {
    let head = entity.head();
    let text = |name| head.only(name).ok().flatten().and_then(|header| header.text().ok());
    let labels = Labels {
        media_type: Some(text(MimeName::ContentType).unwrap_or("text/plain")),
        encoding: text(MimeName::ContentEncoding),
    };
    let at = entity.body_at();
    if !is_encoded {
        return body::look(decoded, labels, place.inside(at));
    }
    let mut body = body::look(decoded, labels, place.inside(at).unfolded());
    for finding in body.faults.iter_mut().chain(&mut body.tolerated) {
        let inner = std::mem::replace(&mut finding.offset, place.base.saturating_add(at));
        finding.what = format!("{} (byte {inner} of the decoded body)", finding.what);
    }
    body
}

/// Every header line.
pub(super) fn headers(head: &Head<'_>, base: usize) -> Value {
    let line = |header: missiva_content::mime::MimeHeader<'_>| {
        let mut object = Map::new();
        let spelling = header.spelling();
        let name = Some(header.name().as_str()).filter(|name| !name.is_empty());
        object.insert("name".to_owned(), name.unwrap_or(spelling).into());
        if name.is_some_and(|name| name != spelling) {
            object.insert("as".to_owned(), spelling.into());
        }
        put_value(&mut object, header.value(), header.typed(), base);
        if header.name() == MimeName::Other {
            object.remove("value");
        }
        Value::Object(object)
    };
    head.headers().map(line).collect()
}
