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

#[inline(always)]
pub(crate) fn visit_values<F: Field, V: Visit>(
    header: &Header<'_>,
    visitor: &mut V,
) -> Result<(), ParseError> {
    for value in Values::<F>::of(*header) {
        visitor.value::<F>(value?);
    }
    Ok(())
}

/// The values of one header line, in order; ends after the first fault.
#[derive(Clone, Copy, Debug)]
pub struct Values<'a, F> {
    header: Header<'a>,
    cursor: Cursor<'a>,
    state: State,
    field: std::marker::PhantomData<F>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    First,
    Next,
    Done,
}

impl<'a, F: Field> Values<'a, F> {
    /// The values of `header`, whose name the caller knows to be that of `F`.
    #[inline]
    #[must_use]
    pub fn of(header: Header<'a>) -> Self {
        let cursor = Cursor::new(header.text().unwrap_or_default());
        Self {
            header,
            cursor,
            state: State::First,
            field: std::marker::PhantomData,
        }
    }

    #[inline(always)]
    fn read(&mut self) -> Result<Option<F::Value<'a>>, Fault> {
        let list = matches!(F::ARITY, Arity::List | Arity::MaybeEmpty);
        lws(&mut self.cursor);
        if self.state == State::Next {
            if self.cursor.is_end() {
                return Ok(None);
            }
            if !list {
                return Err(self.cursor.unexpected());
            }
            self.cursor.expect(b',')?;
            lws(&mut self.cursor);
        } else {
            if F::ARITY == Arity::MaybeEmpty && self.cursor.is_end() {
                return Ok(None);
            }
            self.state = State::Next;
        }
        F::Value::read(&mut self.cursor).map(Some)
    }
}

impl<'a, F: Field> Iterator for Values<'a, F> {
    type Item = Result<F::Value<'a>, ParseError>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if self.state == State::Done {
            return None;
        }
        if self.state == State::First && self.header.text().is_err() {
            self.state = State::Done;
            return self.header.text().err().map(Err);
        }
        match self.read() {
            Ok(Some(value)) => Some(Ok(value)),
            Ok(None) => {
                self.state = State::Done;
                None
            }
            Err(fault) => {
                self.state = State::Done;
                Some(Err(
                    fault.of(crate::Part::Header(F::NAME), self.header.value_at())
                ))
            }
        }
    }
}
