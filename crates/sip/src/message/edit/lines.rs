//! The lines of an edit: finding, rewriting and writing them out.

use bytes::{BufMut, BytesMut};
use missiva_core::{Fault, FaultKind};

use super::{Edit, Line};
use crate::encode::{put, put_number};
use crate::error::Place;
use crate::grammar::trim_blanks_end;
use crate::header::Field;
use crate::message::write::write_field;
use crate::{HeaderName, ParseError, Part};

impl Edit<'_> {
    /// Runs of untouched lines lie side by side and are copied as one.
    pub(super) fn write_head(&self, out: &mut BytesMut) {
        let head = self.message.head();
        let first = self
            .message
            .slots
            .first()
            .map_or_else(|| self.message.head_len.saturating_sub(2), |slot| slot.line as usize);
        match self.start {
            Some((from, to)) => out.put_slice(self.written.get(from..to).unwrap_or_default()),
            None => out.put_slice(head.get(..first).unwrap_or_default()),
        }
        let mut run = (0usize, 0usize);
        for line in &self.lines {
            if let Some(rest) = self.rests.iter().find(|rest| rest.is_of(line)) {
                out.put_slice(head.get(run.0..run.1).unwrap_or_default());
                run = (0, 0);
                out.put_slice(self.spelling(line));
                out.put_slice(b": ");
                put(rest.text(), out);
                out.put_slice(b"\r\n");
                continue;
            }
            let (from, to) = (line.from as usize, line.to as usize);
            if !line.new && from == run.1 {
                run.1 = to;
                continue;
            }
            out.put_slice(head.get(run.0..run.1).unwrap_or_default());
            if line.new {
                out.put_slice(self.written.get(from..to).unwrap_or_default());
                run = (0, 0);
            } else {
                run = (from, to);
            }
        }
        out.put_slice(head.get(run.0..run.1).unwrap_or_default());
        if self.find(HeaderName::ContentLength).is_none() {
            out.put_slice(b"Content-Length: ");
            put_number(self.message.body_len() as u64, out);
            out.put_slice(b"\r\n");
        }
        out.put_slice(b"\r\n");
    }

    pub(super) fn find(&self, name: HeaderName) -> Option<usize> {
        self.lines.iter().position(|line| line.name == name)
    }

    pub(super) fn write<F: Field>(&mut self, value: &F::Value<'_>) -> Result<Line, ParseError> {
        let start = self.written.len();
        write_field::<F>(value, &mut self.written)?;
        self.line(F::NAME, start)
    }

    /// The line that was written from `start` on; what an edit writes has the same highest offset as a message.
    pub(super) fn line(&self, name: HeaderName, start: usize) -> Result<Line, ParseError> {
        match (u32::try_from(start), u32::try_from(self.written.len())) {
            (Ok(from), Ok(to)) => Ok(Line { name, new: true, from, to }),
            _ => Err(Fault::new(FaultKind::Limit, 0).of(Part::Header(name), 0)),
        }
    }

    /// Ends a line that was begun at `start` and puts it in the place of line `at`.
    pub(super) fn replace(&mut self, at: usize, start: usize) -> Result<(), ParseError> {
        self.written.put_slice(b"\r\n");
        let name = self.lines.get(at).map_or(HeaderName::Other, |line| line.name);
        let line = self.line(name, start)?;
        if let Some(place) = self.lines.get_mut(at) {
            *place = line;
        }
        Ok(())
    }

    /// Begins a line with the name of another one as it was spelled.
    pub(super) fn copy_name(&mut self, line: &Line) -> usize {
        let name = self.spelling(line).to_vec();
        let start = self.written.len();
        self.written.put_slice(&name);
        self.written.put_slice(b": ");
        start
    }

    /// A line as it came, or as the edit wrote it.
    pub(super) fn text_of(&self, line: &Line) -> &[u8] {
        let all: &[u8] = if line.new { &self.written } else { self.message.head() };
        all.get(line.from as usize..line.to as usize).unwrap_or_default()
    }

    pub(super) fn spelling(&self, line: &Line) -> &[u8] {
        let line = self.text_of(line);
        trim_blanks_end(line.split(|byte| *byte == b':').next().unwrap_or_default())
    }

    /// The value of a line without the white space at its ends, and what to add to an offset in it. A line that the
    /// edit wrote stands nowhere in the message, so offsets count from its value's first byte.
    pub(super) fn value(&self, line: &Line) -> Result<(&str, usize), ParseError> {
        let (text, at) = value_of(self.text_of(line));
        let base = if line.new { 0 } else { at.saturating_add(line.from as usize) };
        let text = text.map_err(|fault| fault.of(Part::Header(line.name), base))?;
        Ok((text, base))
    }
}

/// The value in a header line, and where it starts there.
pub(super) fn value_of(line: &[u8]) -> (Result<&str, Fault>, usize) {
    let blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
    let colon = line.iter().position(|byte| *byte == b':').unwrap_or(line.len());
    let from = colon.saturating_add(1);
    let value = line.get(from..).unwrap_or_default();
    let first = value.iter().position(|byte| !blank(byte)).unwrap_or(value.len());
    let end =
        value.iter().rposition(|byte| !blank(byte)).map_or(first, |last| last.saturating_add(1));
    let text = std::str::from_utf8(value.get(first..end).unwrap_or_default());
    let text = text.map_err(|error| Fault::new(FaultKind::Utf8, error.valid_up_to()));
    (text, from.saturating_add(first))
}
