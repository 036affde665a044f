//! Descriptions changed: the next offer of a session, a description on its way through.

mod lines;

use bytes::BytesMut;
use missiva_core::{Fault, FaultKind};

use super::build::check_known;
use super::write::{write_attribute, write_copy};
use super::{Description, Line};
use crate::attribute::{Direction, Flag};
use crate::encode::put;
use crate::grammar::words;
use crate::line::MediaLine;
use crate::{Field, FieldName, ParseError, field};

/// A description that is to be changed.
///
/// It is a list of lines, most of which stay: those leave as they came, byte by byte. Only a line that is touched is
/// written anew. Values that go in are checked like those of a [`Builder`](super::Builder).
///
/// ```
/// use missiva_sdp::attribute::Direction;
/// use missiva_sdp::{Description, Edit, Scope};
///
/// let text = "v=0\no=- 1 1 IN IP4 192.0.2.1\ns=-\nt=0 0\nm=audio 4000 RTP/AVP 0\na=X-odd:  kept \na=sendrecv\n";
/// let description = Description::parse(text.into())?;
/// let mut edit = Edit::new(&description);
/// edit.set_version(2)?;
/// edit.set_direction(Scope::Media(0), Direction::Inactive)?;
/// assert_eq!(
///     &**edit.finish()?.text(),
///     "v=0\no=- 1 2 IN IP4 192.0.2.1\r\ns=-\nt=0 0\nm=audio 4000 RTP/AVP 0\na=X-odd:  kept \na=inactive\r\n"
/// );
/// # Ok::<(), missiva_sdp::ParseError>(())
/// ```
pub struct Edit<'d> {
    description: &'d Description,
    lines: Vec<Piece>,
    /// What was written for this edit; pieces point into it.
    written: BytesMut,
}

/// The part of a description that an edit is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// What stands before the first medium.
    Session,
    /// The medium at this place, counted from zero.
    Media(usize),
}

/// One line with its line end.
#[derive(Clone, Copy, Debug)]
struct Piece {
    name: FieldName,
    /// Whether the range is one of the edit's own text.
    new: bool,
    from: u32,
    to: u32,
}

impl<'d> Edit<'d> {
    /// An edit that changes nothing yet.
    #[must_use]
    pub fn new(description: &'d Description) -> Self {
        let end = description.text.len() as u32;
        let ends = description.lines.iter().skip(1).map(|next| next.line).chain([end]);
        let mut lines = Vec::with_capacity(description.lines.len() + 8);
        lines.extend(description.lines.iter().zip(ends).map(|(line, to)| Piece {
            name: line.name,
            new: false,
            from: line.line,
            to,
        }));
        Self { description, lines, written: BytesMut::with_capacity(256) }
    }

    /// Puts `value` in the place of what the field `F` says now, or where it belongs when it says nothing. Further
    /// lines of the field go.
    ///
    /// # Errors
    ///
    /// A value that is none, a medium that is not there.
    pub fn set<F: Field>(&mut self, scope: Scope, value: &F::Value<'_>) -> Result<(), ParseError> {
        let (from, to) = self.range(scope, F::NAME)?;
        let piece = self.write::<F>(value)?;
        match self.find(from, to, |line| line.name == F::NAME) {
            Some(at) => {
                self.put_at(at, piece);
                self.drop_lines(at + 1, to, |line| line.name == F::NAME);
            }
            None => self.insert(from, to, piece),
        }
        Ok(())
    }

    /// Adds a line of the field `F` behind those that are there.
    ///
    /// # Errors
    ///
    /// As for [`set`](Self::set).
    pub fn add<F: Field>(&mut self, scope: Scope, value: &F::Value<'_>) -> Result<(), ParseError> {
        let (from, to) = self.range(scope, F::NAME)?;
        let piece = self.write::<F>(value)?;
        self.insert(from, to, piece);
        Ok(())
    }

    /// Adds an attribute from text.
    ///
    /// # Errors
    ///
    /// A name that is no token, a value that the attribute does not allow, a medium that is not there.
    pub fn add_attribute(
        &mut self,
        scope: Scope,
        name: &str,
        value: Option<&str>,
    ) -> Result<(), ParseError> {
        let known = FieldName::find_attribute(name);
        let (from, to) = self.range(scope, known)?;
        let start = self.written.len();
        let checked = check_known(known, value.unwrap_or_default());
        let checked = checked.and_then(|()| write_attribute(name, value, &mut self.written));
        checked.map_err(|fault| self.refuse(known, fault))?;
        let piece = self.piece(known, start);
        self.insert(from, to, piece);
        Ok(())
    }

    /// Adds a line of another description as it stands there.
    ///
    /// # Errors
    ///
    /// A medium that is not there.
    pub fn copy(&mut self, scope: Scope, line: &Line<'_>) -> Result<(), ParseError> {
        let (from, to) = self.range(scope, line.name())?;
        let start = self.written.len();
        write_copy(line, &mut self.written);
        let piece = self.piece(line.name(), start);
        self.insert(from, to, piece);
        Ok(())
    }

    /// Takes off every line of the field `name`, and says how many there were. An `m=` line stays, since other media
    /// are counted by it (RFC 3264 section 8): refuse the stream with port zero.
    ///
    /// # Errors
    ///
    /// A medium that is not there.
    pub fn remove(&mut self, scope: Scope, name: FieldName) -> Result<usize, ParseError> {
        let (from, to) = self.range(scope, name)?;
        if name == FieldName::Media {
            return Ok(0);
        }
        Ok(self.drop_lines(from, to, |line| line.name == name))
    }

    /// Keeps the lines of the field `name` of which `keep` approves when it is shown their values, and says how many
    /// went.
    ///
    /// # Errors
    ///
    /// A medium that is not there.
    pub fn retain(
        &mut self,
        scope: Scope,
        name: FieldName,
        mut keep: impl FnMut(&str) -> bool,
    ) -> Result<usize, ParseError> {
        let (from, to) = self.range(scope, name)?;
        let gone: Vec<bool> = self
            .lines
            .iter()
            .enumerate()
            .map(|(at, line)| {
                (from..to).contains(&at)
                    && line.name == name
                    && name != FieldName::Media
                    && !keep(self.value(*line))
            })
            .collect();
        let before = self.lines.len();
        let mut gone = gone.into_iter();
        self.lines.retain(|_| !gone.next().unwrap_or_default());
        Ok(before - self.lines.len())
    }

    /// Takes off every attribute that is spelled `name`, and says how many there were; for attributes that this crate
    /// does not know.
    ///
    /// # Errors
    ///
    /// A medium that is not there.
    pub fn remove_named(&mut self, scope: Scope, name: &str) -> Result<usize, ParseError> {
        let known = FieldName::find_attribute(name);
        if known != FieldName::OtherAttribute {
            return self.remove(scope, known);
        }
        let (from, to) = self.range(scope, known)?;
        let before = self.lines.len();
        let mut at = 0..before;
        let lines = std::mem::take(&mut self.lines);
        let is = |line: &Piece| {
            let text = self.text(*line).trim_end_matches(['\r', '\n']);
            let spelled = text.get(2..).and_then(|rest| rest.split(':').next());
            spelled.is_some_and(|spelled| spelled.eq_ignore_ascii_case(name))
        };
        let kept = lines.into_iter().filter(|line| {
            let inside = at.next().is_some_and(|at| (from..to).contains(&at));
            !(inside && line.name == known && is(line))
        });
        self.lines = kept.collect();
        Ok(before - self.lines.len())
    }

    /// Says which way media flow, in the place of what says so now.
    ///
    /// # Errors
    ///
    /// A medium that is not there.
    pub fn set_direction(&mut self, scope: Scope, direction: Direction) -> Result<(), ParseError> {
        let (from, to) = self.range(scope, direction.name())?;
        let piece = match direction {
            Direction::SendRecv => self.write::<field::Sendrecv>(&Flag),
            Direction::SendOnly => self.write::<field::Sendonly>(&Flag),
            Direction::RecvOnly => self.write::<field::Recvonly>(&Flag),
            Direction::Inactive => self.write::<field::Inactive>(&Flag),
        }?;
        let says = |line: &Piece| Direction::of(line.name).is_some();
        match self.find(from, to, says) {
            Some(at) => {
                self.put_at(at, piece);
                self.drop_lines(at + 1, to, says);
            }
            None => self.insert(from, to, piece),
        }
        Ok(())
    }

    /// Changes the port of a medium; zero refuses it.
    ///
    /// # Errors
    ///
    /// A medium that is not there.
    pub fn set_port(&mut self, media: usize, port: u16) -> Result<(), ParseError> {
        self.change_media(media, |line| line.port = port)
    }

    /// Changes the `m=` line of a medium.
    ///
    /// # Errors
    ///
    /// A medium that is not there, a line that is none.
    pub fn change_media(
        &mut self,
        media: usize,
        change: impl FnOnce(&mut MediaLine<'_>),
    ) -> Result<(), ParseError> {
        let scope = Scope::Media(media);
        let (from, _) = self.range(scope, FieldName::Media)?;
        let value = self.lines.get(from).map_or("", |line| self.value(*line)).to_owned();
        let line = crate::Value::parse(value.trim_matches([' ', '\t']));
        let mut line: MediaLine<'_> = line.map_err(|fault| self.refuse(FieldName::Media, fault))?;
        change(&mut line);
        self.set::<field::Media>(scope, &line)
    }

    /// Adds a medium behind all others, and says where it is.
    ///
    /// # Errors
    ///
    /// A line that is none.
    pub fn add_media(&mut self, line: &MediaLine<'_>) -> Result<Scope, ParseError> {
        let piece = self.write::<field::Media>(line)?;
        let count = self.lines.iter().filter(|line| line.name == FieldName::Media).count();
        self.lines.push(piece);
        Ok(Scope::Media(count))
    }

    /// Counts the change in `o=`. The rest of the line stays as it is spelled, since peers compare it byte by byte.
    ///
    /// # Errors
    ///
    /// No `o=`, or one that cannot be read.
    pub fn set_version(&mut self, version: u64) -> Result<(), ParseError> {
        let missing = Fault::new(FaultKind::Empty, 0);
        let at = self.find(0, self.lines.len(), |line| line.name == FieldName::Origin);
        let piece = at.and_then(|at| self.lines.get(at)).copied();
        let (Some(at), Some(piece)) = (at, piece) else {
            return Err(self.refuse(FieldName::Origin, missing));
        };
        let value = self.value(piece).to_owned();
        let Some(old) = words(&value).nth(2) else {
            return Err(self.refuse(FieldName::Origin, missing));
        };
        let from = (old.as_ptr() as usize).saturating_sub(value.as_ptr() as usize);
        let (before, after) = value.split_at_checked(from).unwrap_or_default();
        let after = after.get(old.len()..).unwrap_or_default();
        let value = format!("{before}{version}{after}");
        check_known(FieldName::Origin, value.trim_matches([' ', '\t']))
            .map_err(|fault| self.refuse(FieldName::Origin, fault))?;
        let start = self.written.len();
        put("o=", &mut self.written);
        put(&value, &mut self.written);
        put("\r\n", &mut self.written);
        let piece = self.piece(FieldName::Origin, start);
        self.put_at(at, piece);
        Ok(())
    }
}

impl std::fmt::Debug for Edit<'_> {
    /// Tells how much there is, and not what it says.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Edit")
            .field("lines", &self.lines.len())
            .field("new", &self.lines.iter().filter(|line| line.new).count())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
