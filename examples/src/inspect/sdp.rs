//! Session descriptions as documents.

use bytes::Bytes;
use missiva_sdp::{Description, Field, FieldName, Line, Rules, Section, Visit};
use serde_json::{Map, Value, json};

use super::finding::{list, malformed};
use super::place::Place;
use super::text::put_raw;
use super::{Document, Finding};

/// A description that makes up all of `bytes`.
pub(super) fn description(bytes: &Bytes, place: Place) -> Document {
    match Description::parse(bytes.clone()) {
        Ok(description) => accepted(&description, place),
        Err(error) => refused(bytes, Finding::of_line(error, place.base), place),
    }
}

fn accepted(description: &Description, place: Place) -> Document {
    let mut faults = departures(description, place.base);
    let mut object = Map::new();
    object.insert("kind".to_owned(), "sdp".into());
    object.insert("offset".to_owned(), place.base.into());
    put_lines(&mut object, description, place.base, &mut faults);
    faults.sort_by_key(|fault| fault.offset);
    let tolerated = if place.strict { Vec::new() } else { std::mem::take(&mut faults) };
    object.insert("tolerated".to_owned(), list(&tolerated));
    if !faults.is_empty() {
        object.insert("faults".to_owned(), list(&faults));
    }
    Document { json: Value::Object(object), faults, tolerated }
}

/// A description that is refused, with its lines when they can be told apart all the same.
fn refused(bytes: &Bytes, fault: Finding, place: Place) -> Document {
    let mut json = malformed(place.base, std::slice::from_ref(&fault));
    let readable = Description::parse_with(bytes.clone(), &Rules::LAB);
    if let (Ok(description), Value::Object(object)) = (readable, &mut json) {
        put_lines(object, &description, place.base, &mut Vec::new());
    }
    Document { json, faults: vec![fault], tolerated: Vec::new() }
}

/// The first place of each departure from the grammar that was let through.
fn departures(description: &Description, base: usize) -> Vec<Finding> {
    let tolerated = description.tolerated();
    let without = |one| Rules { leniency: tolerated.without(one), ..Rules::default() };
    let text = Bytes::copy_from_slice(description.text().as_bytes());
    let errors = tolerated
        .iter()
        .filter_map(|one| Description::parse_with(text.clone(), &without(one)).err());
    errors.map(|error| Finding::of_line(error, base)).collect()
}

/// The lines of the session's part, and those of each medium.
fn put_lines(
    object: &mut Map<String, Value>,
    description: &Description,
    base: usize,
    faults: &mut Vec<Finding>,
) {
    let mut show = |section: &Section<'_>| -> Value {
        section.lines().map(|line| self::line(&line, base, faults)).collect()
    };
    object.insert("lines".to_owned(), show(&description.session()));
    let media = description.media().map(|media| json!({ "lines": show(&media) })).collect();
    object.insert("media".to_owned(), media);
}

fn line(line: &Line<'_>, base: usize, faults: &mut Vec<Finding>) -> Value {
    let mut object = Map::new();
    object.insert("type".to_owned(), line.letter().to_string().into());
    if let Some(spelling) = line.attribute() {
        let name = line.name().attribute().unwrap_or(spelling);
        object.insert("name".to_owned(), name.into());
        if name != spelling {
            object.insert("as".to_owned(), spelling.into());
        }
    }
    put_raw(&mut object, "raw", line.as_str().as_bytes());
    let mut value = Collect(None);
    if let Err(error) = line.visit(&mut value) {
        let finding = Finding::of_line(error, base);
        object.insert("error".to_owned(), finding.to_json());
        faults.push(finding);
    } else if let Some(value) = value.0 {
        object.insert("value".to_owned(), value);
    } else {
        debug_assert!(matches!(line.name(), FieldName::OtherLine | FieldName::OtherAttribute));
    }
    Value::Object(object)
}

struct Collect(Option<Value>);

impl Visit for Collect {
    fn value<'a, F: Field>(&mut self, value: F::Value<'a>) {
        self.0 = serde_json::to_value(value).ok();
    }
}
