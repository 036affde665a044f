//! The lines of an edit: finding, rewriting and writing them out.

use bytes::{BufMut, BytesMut};
use missiva_core::{Fault, FaultKind};

use super::{Edit, Line};
use crate::encode::put_number;
use crate::error::Place;
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
        Ok(self.line(F::NAME, start))
    }

    pub(super) fn line(&self, name: HeaderName, start: usize) -> Line {
        Line { name, new: true, from: start as u32, to: self.written.len() as u32 }
    }

    /// Ends a line that was begun at `start` and puts it in the place of line `at`.
    pub(super) fn replace(&mut self, at: usize, start: usize) {
        self.written.put_slice(b"\r\n");
        let name = self.lines.get(at).map_or(HeaderName::Other, |line| line.name);
        let line = self.line(name, start);
        if let Some(place) = self.lines.get_mut(at) {
            *place = line;
        }
    }

    /// Begins a line with the name of line `at` as it was spelled.
    pub(super) fn copy_name(&mut self, at: usize) -> usize {
        let name = self.spelling(at).to_vec();
        let start = self.written.len();
        self.written.put_slice(&name);
        self.written.put_slice(b": ");
        start
    }

    pub(super) fn bytes(&self, at: usize) -> &[u8] {
        let Some(line) = self.lines.get(at) else { return &[] };
        let all: &[u8] = if line.new { &self.written } else { self.message.head() };
        all.get(line.from as usize..line.to as usize).unwrap_or_default()
    }

    pub(super) fn spelling(&self, at: usize) -> &[u8] {
        let line = self.bytes(at);
        line.split(|byte| *byte == b':').next().unwrap_or_default().trim_ascii_end()
    }

    /// The value of line `at` without the white space at its ends, and where it stands in the message.
    pub(super) fn value(&self, at: usize) -> Result<(&str, usize), ParseError> {
        let line = self.bytes(at);
        let colon = line.iter().position(|byte| *byte == b':').unwrap_or(line.len());
        let value = line.get(colon.saturating_add(1)..).unwrap_or_default();
        let base =
            colon.saturating_add(1) + value.len().saturating_sub(value.trim_ascii_start().len());
        let (name, from) = self
            .lines
            .get(at)
            .map_or((HeaderName::Other, 0), |line| (line.name, line.from as usize));
        let text = std::str::from_utf8(value.trim_ascii());
        let text = text.map_err(|error| {
            Fault::new(FaultKind::Utf8, error.valid_up_to()).of(Part::Header(name), from + base)
        })?;
        Ok((text, from + base))
    }
}
