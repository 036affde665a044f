//! What stands below the reader: the bytes of a document, and the faults of the library that cuts them.

use missiva_core::FaultKind;
use quick_xml::errors::{Error, IllFormedError, SyntaxError};
use quick_xml::events::attributes::AttrError;
use quick_xml::name::NamespaceError;

use super::text::forbidden_char;
use crate::{ParseError, Part};

/// The text of a document and the bytes of the mark before it.
pub(super) fn decode(bytes: &[u8]) -> Result<(usize, &str), ParseError> {
    let base = if bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
    // UTF-16 and UTF-32, with a mark or without: a NUL beside the first angle bracket.
    let is_wide = bytes.starts_with(b"\xFE\xFF")
        || bytes.starts_with(b"\xFF\xFE")
        || bytes.starts_with(b"<\0")
        || bytes.starts_with(b"\0");
    if is_wide {
        return Err(ParseError::new(FaultKind::Unsupported, Part::Markup, 0));
    }
    let text = std::str::from_utf8(bytes.get(base..).unwrap_or_default()).map_err(|error| {
        ParseError::new(FaultKind::Utf8, Part::Markup, base + error.valid_up_to())
    })?;
    match forbidden_char(text) {
        None => Ok((base, text)),
        Some(at) => {
            let is_nul = text.as_bytes().get(at) == Some(&0);
            let kind = if is_nul { FaultKind::Nul } else { FaultKind::Unexpected };
            Err(ParseError::new(kind, Part::Markup, base + at))
        }
    }
}

/// What a fault of the library is in our words.
pub(super) fn kind_of(error: &Error) -> FaultKind {
    match error {
        Error::Syntax(SyntaxError::InvalidBangMarkup) => FaultKind::Unexpected,
        // Whoever does not close a declaration that is never read need not close it to be told.
        Error::Syntax(SyntaxError::UnclosedDoctype) => FaultKind::Unsupported,
        Error::Syntax(_) | Error::IllFormed(IllFormedError::MissingEndTag(_)) => FaultKind::End,
        Error::IllFormed(IllFormedError::MismatchedEndTag { .. }) => FaultKind::Conflict,
        Error::IllFormed(IllFormedError::UnclosedReference) | Error::Escape(_) => FaultKind::Escape,
        Error::IllFormed(IllFormedError::MissingDoctypeName) => FaultKind::Unsupported,
        Error::InvalidAttr(AttrError::Duplicated(..)) => FaultKind::Conflict,
        Error::InvalidAttr(AttrError::ExpectedQuote(..)) => FaultKind::Quote,
        Error::Namespace(error) => match error {
            NamespaceError::TooManyBindings(_) | NamespaceError::TooDeeplyNested(_) => {
                FaultKind::Limit
            }
            _ => FaultKind::Value,
        },
        Error::Encoding(_) => FaultKind::Utf8,
        _ => FaultKind::Unexpected,
    }
}
