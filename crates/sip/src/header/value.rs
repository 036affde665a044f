//! What all header values have in common, and how several of them share a line.

use bytes::BytesMut;
use missiva_core::Fault;
use missiva_core::scan::Cursor;

use super::{Arity, Field, Header};
use crate::ParseError;
use crate::error::Place;
use crate::grammar::lws;

/// One value of a header field: read from text, written to bytes.
///
/// What [`read`](Self::read) returns, [`encode`](Self::encode) writes in its plain form: no folds, one space
/// where white space is needed, known keywords in the standard's spelling.
pub trait Value<'a>: Sized + std::fmt::Debug + MaybeSerialize {
    /// Reads one value and stops behind it.
    ///
    /// # Errors
    ///
    /// The first byte that the field's grammar does not allow.
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault>;

    /// Appends the value.
    fn encode(&self, out: &mut BytesMut);

    /// Reads a value that makes up the whole of `text`.
    ///
    /// # Errors
    ///
    /// The first fault, or the first byte that is left over.
    fn parse(text: &'a str) -> Result<Self, Fault> {
        let mut cursor = Cursor::new(text);
        lws(&mut cursor);
        let value = Self::read(&mut cursor)?;
        lws(&mut cursor);
        cursor.finish()?;
        Ok(value)
    }

    /// The name of a parameter, of the value or of the URI in it, that stands there more than once. No name may (RFC
    /// 3261 sections 7.3.1 and 19.1.1), but for fields that say otherwise of their own.
    fn repeated(&self) -> Option<&'a str> {
        None
    }

    /// The value as text.
    fn to_text(&self) -> String {
        let mut out = BytesMut::new();
        self.encode(&mut out);
        String::from_utf8(out.into()).unwrap_or_default()
    }
}

/// `serde::Serialize` when the feature `serde` is on, nothing otherwise.
#[cfg(feature = "serde")]
pub trait MaybeSerialize: serde::Serialize {}
#[cfg(feature = "serde")]
impl<T: serde::Serialize> MaybeSerialize for T {}

/// `serde::Serialize` when the feature `serde` is on, nothing otherwise.
#[cfg(not(feature = "serde"))]
pub trait MaybeSerialize {}
#[cfg(not(feature = "serde"))]
impl<T> MaybeSerialize for T {}

/// Is shown the values of header lines, each with its own type.
pub trait Visit {
    /// One value of the field `F`.
    fn value<'a, F: Field>(&mut self, value: F::Value<'a>);
}

/// Reads all values of a line; the same grammar as [`Values`], without its state between two values.
#[inline(always)]
pub(crate) fn visit_values<F: Field, V: Visit>(
    header: &Header<'_>,
    visitor: &mut V,
) -> Result<(), ParseError> {
    let (mut cursor, base) = header.cursor()?;
    if F::ARITY == Arity::MaybeEmpty && cursor.is_end() {
        return Ok(());
    }
    let faulty = |fault: Fault| fault.of(crate::Part::Header(F::NAME), base);
    loop {
        visitor.value::<F>(F::Value::read(&mut cursor).map_err(faulty)?);
        if !next_value::<F>(&mut cursor).map_err(faulty)? {
            return Ok(());
        }
    }
}

/// Moves from behind one value to the next one, or says that there is none.
#[inline(always)]
fn next_value<F: Field>(cursor: &mut Cursor<'_>) -> Result<bool, Fault> {
    if cursor.is_end() {
        return Ok(false);
    }
    lws(cursor);
    if !F::ARITY.is_list() {
        return Err(cursor.unexpected());
    }
    cursor.expect(b',')?;
    lws(cursor);
    Ok(true)
}

/// The values of one header line, in order; ends after the first fault.
#[derive(Clone, Copy, Debug)]
pub struct Values<'a, F> {
    cursor: Cursor<'a>,
    /// What to add to the offset of a fault.
    base: usize,
    state: State,
    field: std::marker::PhantomData<F>,
}

#[derive(Clone, Copy, Debug)]
enum State {
    First,
    Next,
    Bad(ParseError),
    Done,
}

impl<'a, F: Field> Values<'a, F> {
    /// The values of `header`, whose name the caller knows to be that of `F`.
    #[inline(always)]
    #[must_use]
    pub fn of(header: Header<'a>) -> Self {
        let (cursor, base, state) = match header.cursor() {
            Ok((cursor, base)) => (cursor, base, State::First),
            Err(error) => (Cursor::new(""), 0, State::Bad(error)),
        };
        Self { cursor, base, state, field: std::marker::PhantomData }
    }

    /// Reads the value after the cursor, or `None` at the end of the line.
    #[inline(always)]
    fn read(&mut self, first: bool) -> Result<Option<F::Value<'a>>, Fault> {
        let more = if first {
            F::ARITY != Arity::MaybeEmpty || !self.cursor.is_end()
        } else {
            next_value::<F>(&mut self.cursor)?
        };
        if !more {
            return Ok(None);
        }
        F::Value::read(&mut self.cursor).map(Some)
    }
}

impl<'a, F: Field> Iterator for Values<'a, F> {
    type Item = Result<F::Value<'a>, ParseError>;

    #[inline(always)]
    fn next(&mut self) -> Option<Self::Item> {
        let first = match self.state {
            State::First => true,
            State::Next => false,
            State::Bad(error) => {
                self.state = State::Done;
                return Some(Err(error));
            }
            State::Done => return None,
        };
        self.state = State::Next;
        match self.read(first) {
            Ok(Some(value)) => Some(Ok(value)),
            Ok(None) => {
                self.state = State::Done;
                None
            }
            Err(fault) => {
                self.state = State::Done;
                Some(Err(fault.of(crate::Part::Header(F::NAME), self.base)))
            }
        }
    }
}
