//! Session descriptions as documents.

use bytes::Bytes;
use missiva_sdp::validate::{self, Refusal};
use missiva_sdp::{Description, Field, Line, Rules, Section, Visit};
use serde_json::{Map, Value, json};

use super::finding::{list, malformed};
use super::place::Place;
use super::text::put_raw;
use super::{Document, Finding};

/// A description that makes up all of `bytes`.
pub(super) fn description(bytes: &Bytes, place: Place) -> Document {
    match Description::parse(bytes.clone()) {
        Ok(description) => accepted(&description, place),
        Err(error) => refused(bytes, error.into(), place),
    }
}

fn accepted(description: &Description, place: Place) -> Document {
    let values = validate::faults(description);
    let mut faults = departures(description, place.base);
    faults.extend(values.into_iter().map(|error| Finding::of_line(error, place.base)));
    faults.sort_by_key(|fault| fault.offset);
    faults.dedup();
    let tolerated = if place.strict { Vec::new() } else { std::mem::take(&mut faults) };

    let mut object = Map::new();
    object.insert("kind".to_owned(), "sdp".into());
    object.insert("offset".to_owned(), place.base.into());
    put_lines(&mut object, description, place.base);
    object.insert("tolerated".to_owned(), list(&tolerated));
    if !faults.is_empty() {
        object.insert("faults".to_owned(), list(&faults));
    }
    let refusal = validate::description(description).err();
    object.insert("validation".to_owned(), validation(refusal, place.base));
    Document { json: Value::Object(object), faults, tolerated }
}

/// A description that is refused, with its lines when they can be told apart all the same.
fn refused(bytes: &Bytes, refusal: Refusal, place: Place) -> Document {
    let fault = Finding::of_line(refusal.error, place.base);
    let mut json = malformed(place.base, std::slice::from_ref(&fault));
    if let Value::Object(object) = &mut json {
        if let Ok(description) = Description::parse_with(bytes.clone(), &Rules::LAB) {
            put_lines(object, &description, place.base);
        }
        object.insert("validation".to_owned(), validation(Some(refusal), place.base));
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

/// The answer that the description deserves; nothing when a session can be made of it.
fn validation(refusal: Option<Refusal>, base: usize) -> Value {
    let verdict = |refusal: Refusal| {
        let mut json = json!({ "status": refusal.code, "reason": refusal.reason() });
        let finding = Finding::of_line(refusal.error, base).to_json();
        if let (Value::Object(object), Value::Object(mut finding)) = (&mut json, finding) {
            object.append(&mut finding);
        }
        json
    };
    refusal.map(verdict).into_iter().collect()
}

/// The lines of the session's part, and those of each medium.
fn put_lines(object: &mut Map<String, Value>, description: &Description, base: usize) {
    let show =
        |section: &Section<'_>| section.lines().map(|line| self::line(&line, base)).collect();
    let lines: Value = show(&description.session());
    let media = description.media().map(|media| json!({ "lines": show(&media) }));
    object.insert("lines".to_owned(), lines);
    object.insert("media".to_owned(), media.collect());
}

fn line(line: &Line<'_>, base: usize) -> Value {
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
    let read = line.visit(&mut value).map_err(|error| Finding::of_line(error, base));
    match (read, value.0) {
        (Err(finding), _) => drop(object.insert("error".to_owned(), finding.to_json())),
        (Ok(()), Some(value)) => drop(object.insert("value".to_owned(), value)),
        // Nothing is known of the line.
        (Ok(()), None) => {}
    }
    Value::Object(object)
}

/// Keeps the one value that it is shown.
struct Collect(Option<Value>);

impl Visit for Collect {
    fn value<'a, F: Field>(&mut self, value: F::Value<'a>) {
        self.0 = serde_json::to_value(value).ok();
    }
}
