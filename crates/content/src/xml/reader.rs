//! Reading a document element by element.

use std::borrow::Cow;

use missiva_core::FaultKind;
use quick_xml::NsReader;
use quick_xml::errors::Error;
use quick_xml::events::attributes::Attributes;
use quick_xml::events::{BytesDecl, BytesStart, Event};
use quick_xml::name::{QName, ResolveResult};

use super::name::is_name;
use super::source::{decode, kind_of};
use super::text::{is_space, resolve};
use super::{Extension, Ns};
use crate::{Limits, ParseError, Part};

/// A document and how far it is read.
///
/// [`child`](Self::child) opens the next child of the open element, or closes the open element when there is none
/// left. Whoever got a child reads its attributes first and then either its [`text`](Self::text), its own children,
/// keeps it as an [`extension`](Self::extension) or [`skip`](Self::skip)s it: all of them close it.
pub(crate) struct Reader<'a> {
    events: NsReader<&'a [u8]>,
    /// What `events` reads.
    text: &'a str,
    /// Bytes before `text`: a byte order mark.
    base: usize,
    pub(super) limits: Limits,
    /// Where the latest event begins.
    pub(super) at: usize,
    /// The element that was opened last, from its name to before its angle bracket.
    tag: &'a str,
    /// Its name, prefix and all.
    name: &'a str,
    /// Elements that are open.
    pub(super) depth: usize,
    /// Elements so far.
    elements: usize,
    /// Those of the element that was opened last.
    pub(super) attributes: Vec<Attribute<'a>>,
    /// Whether the top level may hold several elements, and text between them.
    fragment: bool,
}

#[derive(Clone, Copy)]
pub(super) struct Attribute<'a> {
    pub(super) ns: Ns,
    pub(super) name: &'a str,
    pub(super) value: &'a str,
}

impl<'a> Reader<'a> {
    /// Opens a document whose root must be `root` in `ns`.
    pub(crate) fn document(
        bytes: &'a [u8],
        limits: &Limits,
        ns: Ns,
        root: &'static str,
    ) -> Result<Self, ParseError> {
        let mut reader = Self::single(bytes, limits)?;
        if reader.child()? == Some((ns, root)) {
            Ok(reader)
        } else {
            Err(reader.fault(FaultKind::Value, Part::Element(root)))
        }
    }

    /// Opens something that may lack a root: a list of elements, or a document. The caller reads children.
    pub(crate) fn fragment(bytes: &'a [u8], limits: &Limits) -> Result<Self, ParseError> {
        if bytes.len() > limits.max_document {
            return Err(ParseError::new(FaultKind::Limit, Part::Body, limits.max_document));
        }
        let (base, text) = decode(bytes)?;
        let mut events = NsReader::from_str(text);
        let config = events.config_mut();
        config.expand_empty_elements = true;
        config.check_comments = true;
        events.resolver_mut().set_max_namespace_bindings(limits.max_attributes);
        Ok(Self {
            events,
            text,
            base,
            limits: *limits,
            at: 0,
            tag: "",
            name: "",
            depth: 0,
            elements: 0,
            attributes: Vec::new(),
            fragment: true,
        })
    }

    /// Opens a document whose root may be anything; the caller reads it as a child.
    pub(super) fn single(bytes: &'a [u8], limits: &Limits) -> Result<Self, ParseError> {
        Ok(Self { fragment: false, ..Self::fragment(bytes, limits)? })
    }

    /// Takes an ampersand that begins no reference for itself, as root-less stored objects have it.
    pub(crate) fn allow_bare_ampersand(&mut self) {
        self.events.config_mut().allow_dangling_amp = true;
    }

    /// Opens the next child of the open element: its namespace and its local name. `None` closes that element.
    pub(crate) fn child(&mut self) -> Result<Option<(Ns, &'a str)>, ParseError> {
        loop {
            match self.event()? {
                Event::Start(start) => return self.open(&start).map(Some),
                Event::End(_) => {
                    self.depth -= 1;
                    return Ok(None);
                }
                Event::Eof if self.fragment && self.depth == 0 => return Ok(None),
                Event::Eof => return Err(self.fault(FaultKind::End, Part::Markup)),
                other => self.between(&other)?,
            }
        }
    }

    /// Checks that nothing but comments follows the root.
    pub(crate) fn finish(&mut self) -> Result<(), ParseError> {
        loop {
            match self.event()? {
                Event::Eof => return Ok(()),
                Event::Start(_) => return Err(self.fault(FaultKind::Unexpected, Part::Markup)),
                other => self.between(&other)?,
            }
        }
    }

    /// Passes over the open element and all that is in it.
    pub(crate) fn skip(&mut self) -> Result<(), ParseError> {
        let outer = self.depth - 1;
        while self.depth > outer {
            self.step()?;
        }
        Ok(())
    }

    /// Keeps the open element with all that is in it; closes it.
    pub(crate) fn extension(&mut self) -> Result<Extension, ParseError> {
        Extension::capture(self)
    }

    /// Keeps the open element when it is of a foreign namespace, skips it otherwise. Elements of the document's own
    /// namespace and of none have no place among the extensions of any schema.
    pub(crate) fn other(&mut self, own: Ns, kept: &mut Vec<Extension>) -> Result<(), ParseError> {
        let (ns, _) = self.opened()?;
        if ns == own || ns == Ns::None {
            self.skip()
        } else {
            kept.push(self.extension()?);
            Ok(())
        }
    }

    /// A fault of the latest element or attribute.
    pub(crate) fn fault(&self, kind: FaultKind, part: Part) -> ParseError {
        self.fault_at(self.at, kind, part)
    }

    pub(super) fn fault_at(&self, at: usize, kind: FaultKind, part: Part) -> ParseError {
        ParseError::new(kind, part, self.base + at)
    }

    /// One event inside an element of which nothing but its soundness matters.
    pub(super) fn step(&mut self) -> Result<Step, ParseError> {
        match self.event()? {
            Event::Start(start) => self.open(&start).map(|_| Step::Open),
            Event::End(_) => {
                self.depth -= 1;
                Ok(Step::Close)
            }
            Event::Eof => Err(self.fault(FaultKind::End, Part::Markup)),
            other => self.between(&other).map(|()| Step::Other),
        }
    }

    /// What stands between elements and has no say: text, comments, processing instructions.
    pub(super) fn between(&mut self, event: &Event<'a>) -> Result<(), ParseError> {
        let top = self.depth == 0 && !self.fragment;
        match event {
            Event::Decl(declaration) if self.at == 0 => self.declaration(declaration),
            Event::DocType(_) => Err(self.fault(FaultKind::Unsupported, Part::Markup)),
            Event::Text(text) if !top || text.chars().all(is_space) => Ok(()),
            Event::CData(_) if !top => Ok(()),
            Event::GeneralRef(reference) if !top => {
                self.resolve(reference, Part::Markup).map(|_| ())
            }
            Event::Comment(_) => Ok(()),
            Event::PI(pi) if !pi.target().eq_ignore_ascii_case("xml") => Ok(()),
            _ => Err(self.fault(FaultKind::Unexpected, Part::Markup)),
        }
    }

    /// Only UTF-8, which includes US-ASCII; whatever minor version of XML 1.
    fn declaration(&self, declaration: &BytesDecl<'_>) -> Result<(), ParseError> {
        let version = declaration.version().map_err(|error| self.fault_of(&error))?;
        let encoding = declaration.encoding().transpose();
        let encoding = encoding.map_err(|error| self.fault_of(&error.into()))?;
        let is_known = encoding.is_none_or(|name| {
            ["utf-8", "utf8", "us-ascii"].iter().any(|known| known.eq_ignore_ascii_case(&name))
        });
        if version.starts_with("1.") && is_known {
            Ok(())
        } else {
            Err(self.fault(FaultKind::Unsupported, Part::Markup))
        }
    }

    pub(super) fn resolve(&self, name: &str, part: Part) -> Result<char, ParseError> {
        resolve(name).ok_or_else(|| self.fault(FaultKind::Escape, part))
    }

    /// Takes the start of an element: checks it, remembers its attributes.
    pub(super) fn open(&mut self, start: &BytesStart<'a>) -> Result<(Ns, &'a str), ParseError> {
        self.depth += 1;
        self.elements += 1;
        if self.depth > self.limits.max_depth || self.elements > self.limits.max_elements {
            return Err(self.fault(FaultKind::Limit, Part::Markup));
        }
        // The same bytes with the lifetime of the document.
        self.tag = self.text.get(self.at + 1..self.at + 1 + start.len()).unwrap_or_default();
        self.name = self.tag.get(..start.name().as_ref().len()).unwrap_or_default();
        if !is_name(self.name) {
            return Err(self.fault(FaultKind::Unexpected, Part::Markup));
        }
        self.attributes.clear();
        let mut count = 0;
        for attribute in self.all_attributes() {
            let attribute = attribute.map_err(|error| self.fault_of(&error.into()))?;
            count += 1;
            self.check_attribute(count, attribute.key.as_ref(), &attribute.value)?;
            if attribute.key.as_namespace_binding().is_some() {
                continue;
            }
            let (resolved, local) = self.events.resolver().resolve_attribute(attribute.key);
            let ns = self.meaning(&resolved)?;
            let Cow::Borrowed(value) = attribute.value else {
                return Err(self.fault(FaultKind::Unexpected, Part::Markup));
            };
            self.attributes.push(Attribute { ns, name: local.into_inner(), value });
        }
        self.opened()
    }

    fn check_attribute(&self, count: usize, key: &str, value: &str) -> Result<(), ParseError> {
        if count > self.limits.max_attributes || value.len() > self.limits.max_text {
            return Err(self.fault(FaultKind::Limit, Part::Markup));
        }
        if !is_name(key) || memchr::memchr(b'<', value.as_bytes()).is_some() {
            return Err(self.fault(FaultKind::Unexpected, Part::Markup));
        }
        Ok(())
    }

    /// The namespace and the local name of the element that was opened last.
    fn opened(&self) -> Result<(Ns, &'a str), ParseError> {
        let (resolved, local) = self.events.resolver().resolve_element(QName(self.name));
        Ok((self.meaning(&resolved)?, local.into_inner()))
    }

    fn meaning(&self, resolved: &ResolveResult<'_>) -> Result<Ns, ParseError> {
        match resolved {
            ResolveResult::Unbound => Ok(Ns::None),
            ResolveResult::Bound(namespace) => Ok(Ns::of(namespace.into_inner())),
            ResolveResult::Unknown(_) => Err(self.fault(FaultKind::Value, Part::Markup)),
        }
    }

    pub(super) fn event(&mut self) -> Result<Event<'a>, ParseError> {
        self.at = usize::try_from(self.events.buffer_position()).unwrap_or(usize::MAX);
        self.events.read_event().map_err(|error| self.fault_of(&error))
    }

    /// What went wrong below, in our words.
    fn fault_of(&self, error: &Error) -> ParseError {
        self.fault(kind_of(error), Part::Markup)
    }

    /// Where a piece of the text begins.
    pub(super) fn offset_of(&self, piece: &str) -> usize {
        self.base + (piece.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize)
    }

    /// From the start of the element at `from`, which is now closed, to its end.
    pub(super) fn source_since(&self, from: usize) -> &'a str {
        let end = usize::try_from(self.events.buffer_position()).unwrap_or(usize::MAX);
        self.text.get(from..end).unwrap_or_default()
    }

    /// Where the element that was opened last begins, and its name with the prefix.
    pub(super) const fn opened_as(&self) -> (usize, &'a str) {
        (self.at, self.name)
    }

    /// All attributes of that element, declarations of namespaces among them.
    pub(super) fn all_attributes(&self) -> Attributes<'a> {
        Attributes::new(self.tag, self.name.len())
    }

    pub(super) const fn depth(&self) -> usize {
        self.depth
    }

    /// The URI that the prefix of a name stands for at this place, as its declaration spells it; the empty text when
    /// there is none.
    pub(super) fn binding(&self, name: &str) -> &str {
        match self.events.resolver().resolve_element(QName(name)).0 {
            ResolveResult::Bound(namespace) => namespace.into_inner(),
            ResolveResult::Unbound | ResolveResult::Unknown(_) => "",
        }
    }
}

/// What one event inside an element was.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Open,
    Close,
    Other,
}
