//! The session's part of a description, and its media.

use std::ops::Deref;

use missiva_core::scan::Cursor;

use super::{Description, MediaSlot, Slot};
use crate::attribute::Direction;
use crate::line::{Connection, Formats, MediaKind, Protocol};
use crate::table::{self, Field};
use crate::{FieldName, ParseError, field};

/// One line: its name, and its value as it came.
#[derive(Clone, Copy)]
pub struct Line<'d> {
    name: FieldName,
    line: u32,
    value: (u32, u32),
    text: &'d str,
}

impl<'d> Line<'d> {
    const fn new(text: &'d str, slot: &Slot) -> Self {
        Self { name: slot.name, line: slot.line, value: slot.value, text }
    }

    /// Which field this is.
    #[must_use]
    pub const fn name(&self) -> FieldName {
        self.name
    }

    /// The type letter as it stands in the text.
    #[must_use]
    pub fn letter(&self) -> char {
        self.text.get(self.line as usize..).and_then(|line| line.chars().next()).unwrap_or('?')
    }

    /// The name of an attribute as the sender spelled it; nothing for other lines.
    #[must_use]
    pub fn attribute(&self) -> Option<&'d str> {
        if self.name.letter() != 'a' {
            return None;
        }
        let rest = self.text.get(self.line as usize + 2..)?;
        rest.split([':', '\r', '\n']).next()
    }

    /// The value as it came. Of values that are made of words, white space at the ends is left out.
    #[must_use]
    pub fn value(&self) -> &'d str {
        self.text.get(self.value.0 as usize..self.value.1 as usize).unwrap_or_default()
    }

    /// The line as it came, without its line end; white space at its end included.
    #[must_use]
    pub fn as_str(&self) -> &'d str {
        let rest = self.text.get(self.line as usize..).unwrap_or_default();
        let line = rest.split('\n').next().unwrap_or_default();
        line.strip_suffix('\r').unwrap_or(line)
    }

    /// Where the line starts, counted from the first byte of the description.
    #[must_use]
    pub const fn line_at(&self) -> usize {
        self.line as usize
    }

    /// Where the value starts, counted from the first byte of the description.
    #[must_use]
    pub const fn value_at(&self) -> usize {
        self.value.0 as usize
    }

    /// The value with its type, when this is a line of the field `F`.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn read<F: Field>(&self) -> Result<Option<F::Value<'d>>, ParseError> {
        if self.name == F::NAME { read::<F>(self.text, self.value).map(Some) } else { Ok(None) }
    }

    /// Reads the value and hands it to `visitor` with its own type.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn visit<V: crate::value::Visit>(&self, visitor: &mut V) -> Result<(), ParseError> {
        table::visit(self.text, self.name, self.value, visitor)
    }
}

impl std::fmt::Debug for Line<'_> {
    /// Tells which field it is and how long, and not what it says.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Line")
            .field("name", &self.name)
            .field("len", &self.value().len())
            .finish_non_exhaustive()
    }
}

#[inline(always)]
fn read<'d, F: Field>(text: &'d str, (from, to): (u32, u32)) -> Result<F::Value<'d>, ParseError> {
    table::read::<F>(text, &mut Cursor::within(text, from as usize, to as usize))
}

/// The lines of the session's part, or of one medium with its `m=`.
#[derive(Clone, Copy)]
pub struct Section<'d> {
    text: &'d str,
    slots: &'d [Slot],
}

impl<'d> Section<'d> {
    pub(super) fn new(description: &'d Description, from: usize, to: usize) -> Self {
        let slots = description.lines.get(from..to).unwrap_or_default();
        Self { text: &description.text, slots }
    }

    pub(super) fn into_lines(self) -> impl ExactSizeIterator<Item = Line<'d>> + Clone {
        self.slots.iter().map(move |slot| Line::new(self.text, slot))
    }

    /// Every line in order.
    pub fn lines(&self) -> impl ExactSizeIterator<Item = Line<'d>> + Clone + use<'d> {
        self.into_lines()
    }

    /// Whether there is a line of the field `name`, however its value may be.
    #[must_use]
    pub fn has(&self, name: FieldName) -> bool {
        self.slots.iter().any(|slot| slot.name == name)
    }

    /// The first value of the field `F`.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    #[inline]
    pub fn get<F: Field>(&self) -> Result<Option<F::Value<'d>>, ParseError> {
        let slot = self.slots.iter().find(|slot| slot.name == F::NAME);
        slot.map(|slot| read::<F>(self.text, slot.value)).transpose()
    }

    /// Every value of the field `F`, in order.
    #[inline]
    pub fn all<F: Field>(
        &self,
    ) -> impl Iterator<Item = Result<F::Value<'d>, ParseError>> + Clone + use<'d, F> {
        let text = self.text;
        let slots = self.slots.iter().filter(|slot| slot.name == F::NAME);
        slots.map(move |slot| read::<F>(text, slot.value))
    }

    /// The values of the attribute `name` as they came; for attributes that this crate does not know.
    pub fn named(&self, name: &str) -> impl Iterator<Item = &'d str> {
        self.lines()
            .filter(move |line| {
                line.attribute().is_some_and(|known| known.eq_ignore_ascii_case(name))
            })
            .map(|line| line.value())
    }

    /// Which way media flow, as this section says; the last word counts.
    #[must_use]
    pub fn direction(&self) -> Option<Direction> {
        self.slots.iter().rev().find_map(|slot| Direction::of(slot.name))
    }
}

impl std::fmt::Debug for Section<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.lines()).finish()
    }
}

/// One medium: its `m=` line and all lines up to the next.
///
/// What a [`Section`] can tell is told of the medium alone. [`inherited`](Self::inherited) also looks at the session.
#[derive(Clone, Copy)]
pub struct Media<'d> {
    section: Section<'d>,
    session: Section<'d>,
    slot: MediaSlot,
    index: usize,
}

impl<'d> Media<'d> {
    pub(super) fn new(
        description: &'d Description,
        index: usize,
        slot: &MediaSlot,
        end: usize,
    ) -> Self {
        let section = Section::new(description, slot.first as usize, end);
        Self { section, session: description.session(), slot: *slot, index }
    }

    /// Its place among the media, counted from zero.
    #[must_use]
    pub const fn index(&self) -> usize {
        self.index
    }

    /// What stands before the first medium.
    #[must_use]
    pub const fn session(&self) -> Section<'d> {
        self.session
    }

    /// The media type as it is spelled: `audio`, `message`.
    #[must_use]
    pub fn kind(&self) -> &'d str {
        self.piece(self.section.slots.first().map_or(0, |slot| slot.value.0), self.slot.kind_end)
    }

    /// The media type as one of those registered.
    #[must_use]
    pub fn media_kind(&self) -> MediaKind<'d> {
        MediaKind::of(self.kind())
    }

    /// The port; zero refuses the stream, or offers to have it refused.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.slot.port
    }

    /// How many ports, when the line says so.
    #[must_use]
    pub const fn port_count(&self) -> Option<u16> {
        self.slot.port_count
    }

    /// The transport protocol as it is spelled: `RTP/AVP`, `TCP/MSRP`.
    #[must_use]
    pub fn protocol_name(&self) -> &'d str {
        self.piece(self.slot.protocol.0, self.slot.protocol.1)
    }

    /// The transport protocol as one of those registered.
    #[must_use]
    pub fn protocol(&self) -> Protocol<'d> {
        Protocol::of(self.protocol_name())
    }

    /// The formats: payload types, or whatever the protocol puts there.
    #[must_use]
    pub fn formats(&self) -> Formats<'d> {
        let end = self.section.slots.first().map_or(0, |slot| slot.value.1);
        Formats::checked(self.piece(self.slot.formats, end))
    }

    /// The first value of the field `F` that the medium has, or else the session.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn inherited<F: Field>(&self) -> Result<Option<F::Value<'d>>, ParseError> {
        match self.section.get::<F>()? {
            Some(value) => Ok(Some(value)),
            None => self.session.get::<F>(),
        }
    }

    /// Where media go: the medium's own `c=` or the session's (RFC 8866 section 5.7).
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn connection(&self) -> Result<Option<Connection<'d>>, ParseError> {
        self.inherited::<field::Connection>()
    }

    /// Which way media flow: what the medium says, or the session, or else both ways (RFC 8866 section 6.7).
    #[must_use]
    pub fn effective_direction(&self) -> Direction {
        self.section.direction().or_else(|| self.session.direction()).unwrap_or(Direction::SendRecv)
    }

    fn piece(&self, from: u32, to: u32) -> &'d str {
        self.section.text.get(from as usize..to as usize).unwrap_or_default()
    }
}

impl<'d> Deref for Media<'d> {
    type Target = Section<'d>;

    fn deref(&self) -> &Section<'d> {
        &self.section
    }
}

impl std::fmt::Debug for Media<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Media")
            .field("index", &self.index)
            .field("kind", &self.media_kind())
            .field("lines", &self.section.slots.len())
            .finish_non_exhaustive()
    }
}
