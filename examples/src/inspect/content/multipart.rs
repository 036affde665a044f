//! The parts of a multipart.

use bytes::Bytes;
use missiva_content::mime::ContentType;
use missiva_content::multipart::{Multipart, Tolerance, Walk};
use missiva_content::{ParseError, Part};
use missiva_core::FaultKind;
use serde_json::{Map, Value};

use super::{Judged, LIMITS, entity, refused};
use crate::inspect::body::Labels;
use crate::inspect::place::Place;
use crate::inspect::{Document, Finding};

/// What deployed bodies need: old stored objects lack the closing boundary.
const TOLERANT: Tolerance = Tolerance { missing_close: true, longer_line: false };

/// A body of the type that `labels` name, boundary and all.
pub(in crate::inspect) fn parts(bytes: &Bytes, labels: Labels<'_>, place: Place) -> Document {
    let nothing = ParseError { kind: FaultKind::Empty, field: Part::Boundary, at: 0 };
    let kind = ContentType::parse(labels.media_type.unwrap_or_default());
    let split = kind
        .map_err(|_| nothing)
        .and_then(|kind| Multipart::of(&kind, bytes.clone(), TOLERANT, &LIMITS));
    let multipart = match split {
        Ok(multipart) => multipart,
        Err(error) => return refused(error, place),
    };
    let mut judged = Judged::default();
    if !multipart.is_closed() {
        let end = ParseError { kind: FaultKind::End, field: Part::Boundary, at: 0 };
        judged.strict.push(Finding::of_content(end, place.ahead(bytes.len()).base));
    }
    // Too many within each other keep a reader that walks them from all of them.
    let over = Walk::new(&multipart, TOLERANT, LIMITS).find_map(Result::err);
    let over = over.filter(|error| (error.kind, error.field) == (FaultKind::Limit, Part::Body));
    judged.fatal.extend(over.map(|error| Finding::of_content(error, place.base)));
    let mut shown = Map::new();
    put_size(&mut shown, "preamble", &multipart.preamble());
    let mut all = Vec::new();
    for part in multipart.parts() {
        let at = part.as_ptr() as usize - bytes.as_ptr() as usize;
        let Document { json, faults, tolerated } =
            entity(&part, Labels::default(), place.inside(at));
        all.push(json);
        judged.inside.extend(faults);
        judged.tolerated.extend(tolerated);
    }
    shown.insert("parts".to_owned(), Value::Array(all));
    put_size(&mut shown, "epilogue", &multipart.epilogue());
    judged.document("multipart", shown, place)
}

/// How many bytes there are that mean nothing.
fn put_size(object: &mut Map<String, Value>, name: &str, bytes: &Bytes) {
    if !bytes.is_empty() {
        object.insert(name.to_owned(), bytes.len().into());
    }
}
