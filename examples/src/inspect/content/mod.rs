//! Bodies of messages: MIME, multiparts, CPIM and XML documents.

mod cpim;
mod entity;
mod multipart;
mod tell;
mod xml;

use missiva_content::{Limits, ParseError};
use serde_json::{Map, Value};

use super::finding::list;
use super::place::Place;
use super::text::put_raw;
use super::{Document, Finding};

pub(super) use cpim::message;
pub(super) use entity::{entity, only_multipart};
pub(super) use multipart::parts;
pub(super) use tell::tell;
pub use xml::XmlKind;
pub(super) use xml::{any, document};

const LIMITS: Limits = Limits::DEFAULT;

/// What a body is judged by.
#[derive(Default)]
struct Judged {
    /// What keeps any reader from it.
    fatal: Vec<Finding>,
    /// What is wrong with the parts that it is made of, found by the reading that was asked for.
    inside: Vec<Finding>,
    /// What a strict reading has against it.
    strict: Vec<Finding>,
    /// What was let pass in the bodies within.
    tolerated: Vec<Finding>,
}

impl Judged {
    /// The document: `shown` is of `kind` unless something is fatal.
    fn document(self, kind: &str, mut shown: Map<String, Value>, place: Place) -> Document {
        let Self { fatal, inside, strict, mut tolerated } = self;
        let is_refused = !fatal.is_empty();
        let (mut faults, extra) = ([fatal, inside].concat(), strict.into_iter());
        if place.strict {
            faults.extend(extra);
        } else {
            let extra = extra.filter(|found| !faults.contains(found));
            tolerated.extend(extra);
        }
        for findings in [&mut faults, &mut tolerated] {
            findings.sort_by_key(|found| found.offset);
            findings.dedup();
        }
        let mut object = Map::new();
        object.insert("kind".to_owned(), if is_refused { "malformed" } else { kind }.into());
        object.insert("offset".to_owned(), place.base.into());
        object.append(&mut shown);
        object.insert("tolerated".to_owned(), list(&tolerated));
        if !faults.is_empty() {
            object.insert("faults".to_owned(), list(&faults));
        }
        Document { json: Value::Object(object), faults, tolerated }
    }
}

/// A body of which not even the structure can be read.
fn refused(error: ParseError, place: Place) -> Document {
    let fatal = vec![Finding::of_content(error, place.base)];
    Judged { fatal, ..Judged::default() }.document("", Map::new(), place)
}

/// Puts the value of a header line, or what is wrong with it.
fn put_value<V: serde::Serialize>(
    object: &mut Map<String, Value>,
    raw: &[u8],
    value: Result<V, ParseError>,
    base: usize,
) {
    put_raw(object, "raw", raw);
    match value {
        Ok(value) => {
            object.insert("value".to_owned(), serde_json::to_value(value).unwrap_or_default())
        }
        Err(error) => object.insert("error".to_owned(), Finding::of_content(error, base).to_json()),
    };
}
