//! What was wrong with a body, where, and in which field.

use std::fmt;

use missiva_core::{Fault, FaultKind};

/// A fault of one field: copyable, located, and silent about the content.
///
/// `at` counts from the first byte of what was handed in, so whoever still has the bytes can look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("offset {at}: {field}: {kind}")]
pub struct ParseError {
    /// What is wrong.
    pub kind: FaultKind,
    /// The part of the body that is wrong.
    pub field: Part,
    /// Byte offset in the body.
    pub at: u32,
}

impl ParseError {
    pub(crate) fn new(kind: FaultKind, field: Part, at: usize) -> Self {
        Fault::new(kind, at).of(field, 0)
    }

    /// The same fault seen from the whole of which the body was the part that starts at `base`.
    #[must_use]
    pub fn shifted(self, base: usize) -> Self {
        Fault::new(self.kind, self.at as usize).of(self.field, base)
    }
}

/// The part of a body that a [`ParseError`] speaks of.
///
/// Names are those of this crate, in the spelling of the documents; a field that it does not know has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Part {
    /// The body as a whole: its size, its end.
    Body,
    /// The lines of a head: their ends, their number, their size.
    Head,
    /// A header line that is none: no name, no colon.
    HeaderLine,
    /// A MIME header field by its name, or `""` for an extension.
    Mime(&'static str),
    /// A CPIM header by its name within its namespace, or `""` for an extension.
    Cpim(&'static str),
    /// What separates the parts of a multipart.
    Boundary,
    /// Encoded bytes: base64, quoted-printable.
    Encoding,
    /// The markup of an XML document.
    Markup,
    /// An element by its local name, or `""` for one of an extension; its content, its number, its place.
    Element(&'static str),
    /// An attribute by its local name, or `""` for one of an extension.
    Attribute(&'static str),
    /// A value that stands alone.
    Value,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Body => f.write_str("body"),
            Self::Head => f.write_str("head"),
            Self::HeaderLine => f.write_str("header line"),
            Self::Mime("") | Self::Cpim("") => f.write_str("extension header"),
            Self::Mime(name) | Self::Cpim(name) => f.write_str(name),
            Self::Boundary => f.write_str("boundary"),
            Self::Encoding => f.write_str("transfer encoding"),
            Self::Markup => f.write_str("markup"),
            Self::Element("") => f.write_str("extension element"),
            Self::Element(name) => write!(f, "<{name}>"),
            Self::Attribute("") => f.write_str("extension attribute"),
            Self::Attribute(name) => write!(f, "@{name}"),
            Self::Value => f.write_str("value"),
        }
    }
}

/// Places a fault of a value into its body.
pub(crate) trait Place {
    /// This fault as one of `field`, whose value starts at byte `base`.
    fn of(self, field: Part, base: usize) -> ParseError;
}

impl Place for Fault {
    fn of(self, field: Part, base: usize) -> ParseError {
        let Self { kind, at } = self.shifted(base);
        ParseError { kind, field, at }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_say_what_where_and_in_which_field() {
        let fault = Fault::new(FaultKind::Number, 4).of(Part::Element("refresh"), 100);
        assert_eq!(fault.to_string(), "offset 104: <refresh>: invalid or out-of-range number");
        let fault = ParseError::new(FaultKind::BareCr, Part::Cpim("Subject"), 7);
        assert_eq!(fault.to_string(), "offset 7: Subject: carriage return without line feed");
    }
}
