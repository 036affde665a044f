//! Reading what an element holds: attributes, text, and the values in them.

use std::borrow::Cow;

use missiva_core::FaultKind;
use quick_xml::events::Event;

use super::text::{attribute_value, trim};
use super::{Ns, Reader};
use crate::error::Place;
use crate::{ParseError, Part};

impl<'a> Reader<'a> {
    /// The attribute `name` of the child that was just opened; its `ns` is [`Ns::None`] when it has no prefix.
    pub(crate) fn attribute(
        &self,
        ns: Ns,
        name: &'static str,
    ) -> Result<Option<Cow<'a, str>>, ParseError> {
        let mut named = self.attributes.iter().filter(|one| (one.ns, one.name) == (ns, name));
        let Some(found) = named.next() else {
            return Ok(None);
        };
        if named.next().is_some() {
            return Err(self.fault(FaultKind::Conflict, Part::Attribute(name)));
        }
        let value = attribute_value(found.value)
            .map_err(|fault| fault.of(Part::Attribute(name), self.offset_of(found.value)))?;
        Ok(Some(value))
    }

    /// The attribute `name`, which must be there.
    pub(crate) fn required(&self, name: &'static str) -> Result<Cow<'a, str>, ParseError> {
        self.attribute(Ns::None, name)?
            .ok_or_else(|| self.fault(FaultKind::Empty, Part::Attribute(name)))
    }

    /// An attribute read by `read`, white space around it left out.
    pub(crate) fn typed_attribute<T>(
        &self,
        ns: Ns,
        name: &'static str,
        read: impl FnOnce(&str) -> Result<T, FaultKind>,
    ) -> Result<Option<T>, ParseError> {
        let value = self.attribute(ns, name)?;
        let typed = value.map(|value| read(trim(&value))).transpose();
        typed.map_err(|kind| self.fault(kind, Part::Attribute(name)))
    }

    /// The text of the open element as it is written, elements inside left out; closes it.
    pub(crate) fn text(&mut self, name: &'static str) -> Result<Cow<'a, str>, ParseError> {
        let part = Part::Element(name);
        let mut whole = Cow::Borrowed("");
        loop {
            let piece = match self.event()? {
                Event::Text(text) => text.xml10_content(),
                Event::CData(data) => data.xml10_content(),
                Event::GeneralRef(reference) => {
                    let c = self.resolve(&reference, part)?;
                    Cow::Owned(c.to_string())
                }
                Event::Start(start) => {
                    self.open(&start)?;
                    self.skip()?;
                    continue;
                }
                Event::End(_) => {
                    self.depth -= 1;
                    return Ok(whole);
                }
                Event::Eof => return Err(self.fault(FaultKind::End, Part::Markup)),
                other => {
                    self.between(&other)?;
                    continue;
                }
            };
            if whole.len() + piece.len() > self.limits.max_text {
                return Err(self.fault(FaultKind::Limit, part));
            }
            if whole.is_empty() {
                whole = piece;
            } else {
                whole.to_mut().push_str(&piece);
            }
        }
    }

    /// The text of the open element as a value of its own; closes it.
    pub(crate) fn string(&mut self, name: &'static str) -> Result<String, ParseError> {
        self.text(name).map(Cow::into_owned)
    }

    /// The same without white space around it; it may not be empty.
    pub(crate) fn token(&mut self, name: &'static str) -> Result<String, ParseError> {
        self.typed(
            name,
            |text| {
                if text.is_empty() { Err(FaultKind::Empty) } else { Ok(text.to_owned()) }
            },
        )
    }

    /// The text of the open element read by `read`, white space around it left out; closes the element.
    pub(crate) fn typed<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&str) -> Result<T, FaultKind>,
    ) -> Result<T, ParseError> {
        let start = self.at;
        let text = self.text(name)?;
        read(trim(&text)).map_err(|kind| self.fault_at(start, kind, Part::Element(name)))
    }

    /// The fault of an element without the child `name`.
    pub(crate) fn missing(&self, name: &'static str) -> ParseError {
        self.fault(FaultKind::Empty, Part::Element(name))
    }

    /// Puts a value into its field; an element that stands twice is a fault.
    pub(crate) fn once<T>(
        &self,
        field: &mut Option<T>,
        name: &'static str,
        value: T,
    ) -> Result<(), ParseError> {
        if field.replace(value).is_some() {
            return Err(self.fault(FaultKind::Conflict, Part::Element(name)));
        }
        Ok(())
    }
}
