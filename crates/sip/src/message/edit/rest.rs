//! Lists that are taken off value by value, without a copy of what is left each time.

use std::borrow::Cow;

use missiva_core::Fault;
use missiva_core::scan::Cursor;

use super::lines::value_of;
use super::{Edit, Line};
use crate::error::Place;
use crate::grammar::{eat_separator, lws};
use crate::header::{Arity, Field, Value};
use crate::{ParseError, Part};

/// What is left of a line whose first values are gone. Its text is checked and, where the edit wrote it, copied once,
/// so that taking off all of a long list costs as much as reading it.
pub(super) struct Rest<'m> {
    /// The line to which it belongs, by where that starts.
    new: bool,
    line: u32,
    /// The whole value of that line, and how much of it is gone.
    value: Cow<'m, str>,
    gone: usize,
    /// What to add to an offset in the value; zero for what the edit wrote.
    base: usize,
}

impl Rest<'_> {
    pub(super) const fn is_of(&self, line: &Line) -> bool {
        self.new == line.new && self.line == line.from
    }

    pub(super) fn text(&self) -> &str {
        self.value.get(self.gone..).unwrap_or_default()
    }
}

impl<'m> Edit<'m> {
    /// Removes the first value of a field, and its line when nothing else is in it.
    ///
    /// # Errors
    ///
    /// The fault of that value: what follows it cannot be told.
    pub fn remove_first<F: Field>(&mut self) -> Result<bool, ParseError> {
        let Some((at, line)) = self.first_line::<F>() else { return Ok(false) };
        let known = self.rests.iter().position(|rest| rest.is_of(&line));
        let mut rest = match known {
            Some(known) => self.rests.swap_remove(known),
            None => self.whole(&line)?,
        };
        let behind = behind_first::<F>(rest.text());
        let base = rest.base.saturating_add(rest.gone);
        rest.gone = rest.gone.saturating_add(behind.unwrap_or_default().unwrap_or_default());
        match behind {
            Ok(None) => {
                self.lines.remove(at);
            }
            Ok(Some(_)) => self.rests.push(rest),
            Err(_) if known.is_some() => self.rests.push(rest),
            Err(_) => {}
        }
        behind.map(|_| true).map_err(|fault| fault.of(Part::Header(F::NAME), base))
    }

    /// The first line of a field that has a value. A list that may be empty has none where nothing stands.
    fn first_line<F: Field>(&self) -> Option<(usize, Line)> {
        let has_value =
            |line: &Line| F::ARITY != Arity::MaybeEmpty || value_of(self.text_of(line)).0 != Ok("");
        let mut lines = self.lines.iter().copied().enumerate();
        lines.find(|(_, line)| line.name == F::NAME && has_value(line))
    }

    /// The value of a line of which nothing is gone.
    fn whole(&self, line: &Line) -> Result<Rest<'m>, ParseError> {
        let (value, base) = if line.new {
            let (value, base) = self.value(line)?;
            (Cow::Owned(value.to_owned()), base)
        } else {
            // Borrowed from the message and not from the edit.
            let head: &'m [u8] = self.message.head();
            let (from, to) = (line.from as usize, line.to as usize);
            let (value, at) = value_of(head.get(from..to).unwrap_or_default());
            let base = from.saturating_add(at);
            (Cow::Borrowed(value.map_err(|fault| fault.of(Part::Header(line.name), base))?), base)
        };
        Ok(Rest { new: line.new, line: line.from, value, gone: 0, base })
    }
}

/// Where the second value of a list starts.
fn behind_first<F: Field>(text: &str) -> Result<Option<usize>, Fault> {
    let mut cursor = Cursor::new(text);
    F::Value::read(&mut cursor)?;
    if F::ARITY.is_list() && eat_separator(&mut cursor, b',') {
        return if cursor.is_end() { Err(cursor.unexpected()) } else { Ok(Some(cursor.at())) };
    }
    lws(&mut cursor);
    cursor.finish().map(|()| None)
}
