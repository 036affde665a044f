//! Elements that a document carries without this crate knowing them.

use missiva_core::FaultKind;

use super::Reader;
use super::reader::Step;
use crate::{Limits, ParseError, Part};

/// A foreign element with everything in it, kept as it was written.
///
/// It stands alone: the namespaces that it used are declared on it, so it may be put into any other document, and the
/// bytes inside are those that came: comments, order and white space too.
///
/// ```
/// use missiva_content::xml::Extension;
///
/// let device = Extension::parse(br#"<d:id xmlns:d="urn:example:device">7</d:id>"#)?;
/// assert_eq!((device.namespace(), device.name()), ("urn:example:device", "id"));
/// assert_eq!(device.text(), "7");
/// # Ok::<(), missiva_content::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Extension {
    xml: Box<str>,
    namespace: Box<str>,
}

impl Extension {
    /// Takes one element that is to be put into a document. It must have a namespace, since the schemas allow no
    /// extensions without.
    ///
    /// # Errors
    ///
    /// What keeps the text from being one such element.
    pub fn parse(xml: &[u8]) -> Result<Self, ParseError> {
        let mut reader = Reader::single(xml, &Limits::DEFAULT)?;
        if reader.child()?.is_none() {
            return Err(reader.fault(FaultKind::Empty, Part::Markup));
        }
        let element = reader.extension()?;
        reader.finish()?;
        if element.namespace.is_empty() {
            return Err(ParseError::new(FaultKind::Empty, Part::Element(""), 0));
        }
        Ok(element)
    }

    /// The URI of its namespace, as the declaration spells it.
    #[must_use]
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// Its local name.
    #[must_use]
    pub fn name(&self) -> &str {
        let qualified = self.qualified();
        qualified.split_once(':').map_or(qualified, |(_, local)| local)
    }

    /// The element as it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.xml
    }

    /// Its text, without that of elements inside.
    #[must_use]
    pub fn text(&self) -> String {
        let text = || {
            let mut reader = Reader::single(self.xml.as_bytes(), &Limits::lab())?;
            reader.child()?;
            reader.string("")
        };
        text().unwrap_or_default()
    }

    /// Keeps the element that was just opened, and closes it.
    pub(super) fn capture(reader: &mut Reader<'_>) -> Result<Self, ParseError> {
        let (start, name) = reader.opened_as();
        let namespace = reader.binding(name).into();
        let outside = reader.depth() - 1;
        let mut scope = Scope::default();
        scope.enter(reader);
        while reader.depth() > outside {
            match reader.step()? {
                Step::Open => scope.enter(reader),
                Step::Close => scope.leave(reader.depth()),
                Step::Other => {}
            }
        }
        let source = reader.source_since(start);
        let mut xml = String::with_capacity(source.len() + 64);
        let after_name = 1 + name.len();
        xml.push_str(source.get(..after_name).unwrap_or_default());
        for (prefix, uri) in &scope.borrowed {
            xml.push_str(if prefix.is_empty() { " xmlns" } else { " xmlns:" });
            xml.push_str(prefix);
            xml.push_str("=\"");
            // It may have stood between apostrophes.
            xml.push_str(&uri.replace('"', "&quot;"));
            xml.push('"');
        }
        xml.push_str(source.get(after_name..).unwrap_or_default());
        Ok(Self { xml: xml.into(), namespace })
    }

    fn qualified(&self) -> &str {
        let inner = self.xml.get(1..).unwrap_or_default();
        let is_end = |c| matches!(c, ' ' | '\t' | '\r' | '\n' | '/' | '>');
        inner.split(is_end).next().unwrap_or_default()
    }
}

/// Which prefixes an element needs from outside of itself.
#[derive(Default)]
struct Scope<'a> {
    /// Prefixes declared inside, with the depth of the element that did. `""` is the default namespace.
    declared: Vec<(usize, &'a str)>,
    /// Prefixes used and not declared inside, with their URIs.
    borrowed: Vec<(&'a str, String)>,
}

impl<'a> Scope<'a> {
    /// The element that was just opened begins.
    fn enter(&mut self, reader: &Reader<'a>) {
        let depth = reader.depth();
        let keys = || reader.all_attributes().flatten().map(|one| one.key.into_inner());
        for key in keys() {
            match key.strip_prefix("xmlns") {
                Some("") => self.declared.push((depth, "")),
                Some(rest) => {
                    let prefix = rest.strip_prefix(':');
                    self.declared.extend(prefix.map(|prefix| (depth, prefix)));
                }
                None => {}
            }
        }
        self.uses(reader, reader.opened_as().1);
        for key in keys().filter(|key| key.contains(':') && !key.starts_with("xmlns:")) {
            self.uses(reader, key);
        }
    }

    /// Elements deeper than `depth` are closed.
    fn leave(&mut self, depth: usize) {
        while self.declared.last().is_some_and(|(at, _)| *at > depth) {
            self.declared.pop();
        }
    }

    fn uses(&mut self, reader: &Reader<'a>, name: &'a str) {
        let prefix = name.split_once(':').map_or("", |(prefix, _)| prefix);
        let is_known = prefix == "xml"
            || self.declared.iter().any(|(_, known)| *known == prefix)
            || self.borrowed.iter().any(|(known, _)| *known == prefix);
        if !is_known {
            self.borrowed.push((prefix, reader.binding(name).to_owned()));
        }
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Extension {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
