//! The lines of an edit: finding, placing and writing them out.

use bytes::{BufMut, BytesMut};
use missiva_core::{Fault, FaultKind};

use super::{Edit, Piece, Scope};
use crate::description::order::place;
use crate::description::write::write_field;
use crate::description::{Description, Rules};
use crate::encode::put;
use crate::{Field, FieldName, Limits, ParseError, Part};

impl Edit<'_> {
    /// The changed description.
    ///
    /// # Errors
    ///
    /// What can no longer be read, such as a mandatory line that was removed.
    pub fn finish(&self) -> Result<Description, ParseError> {
        let size = self.description.text.len() + self.written.len();
        let mut out = BytesMut::with_capacity(size);
        // Empty lines before the first one belong to none.
        let first = self
            .description
            .lines
            .first()
            .map_or(self.description.text.len(), |line| line.line as usize);
        put(self.description.text.get(..first).unwrap_or_default(), &mut out);
        for (at, line) in self.lines.iter().enumerate() {
            let text = self.text(*line);
            let is_last = at + 1 == self.lines.len();
            match text.find('\n') {
                _ if is_last => put(text, &mut out),
                // Empty lines behind the last line do not stay when others follow it.
                Some(end) if line.to as usize == self.description.text.len() && !line.new => {
                    put(text.get(..=end).unwrap_or_default(), &mut out);
                }
                Some(_) => put(text, &mut out),
                None => {
                    put(text, &mut out);
                    out.put_slice(b"\r\n");
                }
            }
        }
        let rules = Rules { leniency: self.description.tolerated, limits: Limits::lab() };
        Description::parse_with(out.freeze(), &rules)
    }

    /// The lines of `scope`: the first, and the one behind the last.
    pub(super) fn range(
        &self,
        scope: Scope,
        name: FieldName,
    ) -> Result<(usize, usize), ParseError> {
        let mut starts = self.lines.iter().enumerate();
        let mut next = || {
            starts
                .find(|(_, line)| line.name == FieldName::Media)
                .map_or(self.lines.len(), |(at, _)| at)
        };
        match scope {
            Scope::Session => Ok((0, next())),
            Scope::Media(index) => {
                let from = (0..=index).map(|_| next()).last().unwrap_or_default();
                if from >= self.lines.len() {
                    return Err(self.refuse(name, Fault::new(FaultKind::Empty, 0)));
                }
                Ok((from, next()))
            }
        }
    }

    pub(super) fn find(
        &self,
        from: usize,
        to: usize,
        is: impl Fn(&Piece) -> bool,
    ) -> Option<usize> {
        let lines = self.lines.get(from..to)?;
        lines.iter().position(is).map(|at| from + at)
    }

    /// Puts a line where the order of RFC 8866 section 5 wants it: behind the last of its place or of one before.
    pub(super) fn insert(&mut self, from: usize, to: usize, piece: Piece) {
        // A line of which nothing is known goes behind all others.
        let here = if piece.name == FieldName::OtherLine { u8::MAX } else { place(piece.name) };
        let lines = self.lines.get(from..to).unwrap_or_default();
        let before =
            |line: &Piece| line.name == FieldName::Media || (1..=here).contains(&place(line.name));
        let at = lines.iter().rposition(before).map_or(from, |at| from + at + 1);
        self.lines.insert(at, piece);
    }

    pub(super) fn put_at(&mut self, at: usize, piece: Piece) {
        if let Some(place) = self.lines.get_mut(at) {
            *place = piece;
        }
    }

    pub(super) fn drop_lines(
        &mut self,
        from: usize,
        to: usize,
        is: impl Fn(&Piece) -> bool,
    ) -> usize {
        let before = self.lines.len();
        let mut at = 0..before;
        self.lines.retain(|line| {
            let inside = at.next().is_some_and(|at| (from..to).contains(&at));
            !(inside && is(line))
        });
        before - self.lines.len()
    }

    pub(super) fn write<F: Field>(&mut self, value: &F::Value<'_>) -> Result<Piece, ParseError> {
        let start = self.written.len();
        write_field::<F>(value, &mut self.written).map_err(|fault| self.refuse(F::NAME, fault))?;
        Ok(self.piece(F::NAME, start))
    }

    pub(super) fn piece(&self, name: FieldName, start: usize) -> Piece {
        Piece { name, new: true, from: start as u32, to: self.written.len() as u32 }
    }

    pub(super) fn text(&self, line: Piece) -> &str {
        let all = if line.new {
            std::str::from_utf8(&self.written).unwrap_or_default()
        } else {
            self.description.text.as_str()
        };
        all.get(line.from as usize..line.to as usize).unwrap_or_default()
    }

    /// The value of a line, blanks at its ends included.
    pub(super) fn value(&self, line: Piece) -> &str {
        let text = self.text(line).trim_end_matches(['\r', '\n']);
        let value = if line.name.letter() == 'a' {
            text.split_once(':').map(|(_, value)| value)
        } else {
            text.get(2..)
        };
        value.unwrap_or_default()
    }

    /// A fault of a value that was to go in; it stands in no line yet.
    pub(super) fn refuse(&self, name: FieldName, fault: Fault) -> ParseError {
        ParseError { kind: fault.kind, line: 0, field: Part::Field(name), at: fault.at }
    }
}
