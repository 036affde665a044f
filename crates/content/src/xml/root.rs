//! What a document is, told before it is read.

use super::{Reader, straighten};
use crate::{Limits, ParseError};

/// The first element of a document.
///
/// ```
/// use missiva_content::Limits;
/// use missiva_content::xml::root;
///
/// let found = root(b"<i:imdn xmlns:i='urn:ietf:params:xml:ns:imdn'/>", &Limits::DEFAULT)?;
/// let found = found.expect("an element");
/// assert_eq!((found.namespace.as_str(), found.name.as_str()), ("urn:ietf:params:xml:ns:imdn", "imdn"));
/// # Ok::<(), missiva_content::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Root {
    /// The URI of its namespace, as the declaration spells it; empty where there is none.
    pub namespace: String,
    /// Its local name.
    pub name: String,
}

/// Reads the first element and nothing behind it; `None` when there is no element. Stored objects that lack a root
/// begin with the first of their elements, and quotation marks may be typographic, as everywhere in those.
///
/// # Errors
///
/// What stands before the element and may not: a document type, an encoding other than UTF-8.
pub fn root(bytes: &[u8], limits: &Limits) -> Result<Option<Root>, ParseError> {
    let bytes = straighten(bytes);
    let mut reader = Reader::fragment(&bytes, limits)?;
    let Some((_, name)) = reader.child()? else { return Ok(None) };
    let (_, qualified) = reader.opened_as();
    let namespace = reader.binding(qualified).to_owned();
    Ok(Some(Root { namespace, name: name.to_owned() }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use missiva_core::FaultKind;

    #[test]
    fn roots_are_told_by_namespace_and_name() {
        for (xml, namespace, name) in [
            ("<?xml version='1.0'?><!-- x --><a xmlns='urn:x'><b/", "urn:x", "a"),
            ("\u{feff}<p:a xmlns:p='urn:y'/>", "urn:y", "a"),
            ("<session-type>1-1</session-type><sdp/>", "", "session-type"),
            ("<groupstate xmlns=“urn:z” timestamp=“x”>", "urn:z", "groupstate"),
        ] {
            let found = root(xml.as_bytes(), &Limits::DEFAULT).unwrap().unwrap();
            assert_eq!((&*found.namespace, &*found.name), (namespace, name), "{xml}");
        }
        assert_eq!(root(b" ", &Limits::DEFAULT), Ok(None));
        let bomb = root(b"<!DOCTYPE a><a/>", &Limits::DEFAULT).unwrap_err();
        assert_eq!(bomb.kind, FaultKind::Unsupported);
    }
}
