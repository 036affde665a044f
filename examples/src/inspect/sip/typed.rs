//! Header lines in their typed form.

use missiva_sip::header::{Arity, Field, Visit, visit};
use missiva_sip::{Header, HeaderName};
use serde_json::{Map, Value};

use crate::inspect::Finding;
use crate::inspect::text::put_raw;

/// A header line, read as its field's type says.
#[derive(Debug)]
pub(super) enum Typed {
    /// A value; an array for fields that hold lists.
    Value(Value),
    /// A field that the crate does not know.
    Unknown,
    /// A value that is malformed.
    Bad(Finding),
}

impl Typed {
    /// Reads the values of a line of the message that starts at byte `base` of the input.
    pub(super) fn read(header: &Header<'_>, base: usize) -> Self {
        let mut values = Collect(Vec::new());
        if let Err(error) = visit(header, &mut values) {
            return Self::Bad(Finding::of(error, base));
        }
        if header.name() == HeaderName::Other {
            return Self::Unknown;
        }
        match header.name().arity() {
            Arity::List | Arity::MaybeEmpty => Self::Value(Value::Array(values.0)),
            Arity::One | Arity::Lines => Self::Value(values.0.pop().unwrap_or_default()),
        }
    }

    /// The line as it stands in a document.
    pub(super) fn to_json(&self, header: &Header<'_>) -> Value {
        let (name, spelling) = (field_name(header), header.spelling());
        let mut object = Map::new();
        object.insert("name".to_owned(), name.into());
        if name != spelling {
            object.insert("as".to_owned(), spelling.into());
        }
        put_raw(&mut object, "raw", header.bytes());
        match self {
            Self::Value(value) => {
                object.insert("value".to_owned(), value.clone());
            }
            Self::Unknown => {}
            Self::Bad(finding) => {
                object.insert("error".to_owned(), finding.to_json());
            }
        }
        Value::Object(object)
    }
}

/// The canonical name, or that of a stranger as it was spelled.
fn field_name<'a>(header: &Header<'a>) -> &'a str {
    match header.name() {
        HeaderName::Other => header.spelling(),
        name => name.as_str(),
    }
}

struct Collect(Vec<Value>);

impl Visit for Collect {
    fn value<'a, F: Field>(&mut self, value: F::Value<'a>) {
        self.0.push(serde_json::to_value(value).unwrap_or_default());
    }
}
