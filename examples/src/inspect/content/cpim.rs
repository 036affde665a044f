//! CPIM messages.

use bytes::Bytes;
use missiva_content::ParseError;
use missiva_content::cpim::{Cpim, CpimHeader, Known};
use serde_json::{Map, Value};

use super::{Judged, LIMITS, entity, put_value, refused};
use crate::inspect::body::Labels;
use crate::inspect::place::Place;
use crate::inspect::{Document, Finding};

/// A message that makes up all of `bytes`.
pub(in crate::inspect) fn message(bytes: &Bytes, _: Labels<'_>, place: Place) -> Document {
    let message = match Cpim::parse(bytes.clone(), &LIMITS) {
        Ok(message) => message,
        Err(error) => return refused(error, place),
    };
    let found = |error| Finding::of_content(error, place.base);
    let mut judged = Judged::default();
    judged.fatal.extend(unreadable(&message).into_iter().map(found));
    judged.strict.extend(message.faults().into_iter().map(found));

    let mut shown = Map::new();
    let lines = message.headers().map(|header| line(&header, place.base));
    shown.insert("headers".to_owned(), lines.collect());
    let required: Result<Vec<_>, ParseError> = message.required().collect();
    if let Ok(required) = required
        && !required.is_empty()
    {
        let required = serde_json::to_value(required).unwrap_or_default();
        shown.insert("required".to_owned(), required);
    }
    let content = message.entity();
    let at = bytes.len() - content.len();
    let Document { json, faults, tolerated } =
        entity(&content, Labels::default(), place.inside(at));
    shown.insert("content".to_owned(), json);
    judged.inside.extend(faults);
    judged.tolerated.extend(tolerated);
    judged.document("cpim", shown, place)
}

/// Headers that may stand once.
const SINGLE: [Known; 5] = [
    Known::From,
    Known::DateTime,
    Known::MessageId,
    Known::DispositionNotification,
    Known::OriginalTo,
];

/// What keeps a lenient reader from the values of the headers that it knows.
fn unreadable(message: &Cpim) -> Vec<ParseError> {
    let values = message.headers().filter(|header| header.known() != Known::Ns);
    let values = values.filter(|header| header.known() != Known::Other);
    let mut faults: Vec<_> = values.filter_map(|header| header.typed().err()).collect();
    faults.extend(SINGLE.into_iter().filter_map(|known| message.only(known).err()));
    faults
}

fn line(header: &CpimHeader<'_>, base: usize) -> Value {
    let mut object = Map::new();
    let spelling = header.spelling();
    object.insert("name".to_owned(), header.name().into());
    if spelling != header.name() {
        object.insert("as".to_owned(), spelling.into());
    }
    object.insert("namespace".to_owned(), header.namespace().into());
    if let Some(language) = header.language() {
        object.insert("language".to_owned(), language.into());
    }
    put_value(&mut object, header.raw(), header.typed(), base);
    Value::Object(object)
}
