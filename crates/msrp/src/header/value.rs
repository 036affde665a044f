//! What all header values have in common.

use bytes::BytesMut;
use missiva_core::Fault;
use missiva_core::scan::Cursor;

use super::{Field, Header};
use crate::ParseError;

/// The value of a header field: read from text, written to bytes.
///
/// What [`read`](Self::read) returns, [`encode`](Self::encode) writes in its plain form.
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
    #[inline]
    fn parse(text: &'a str) -> Result<Self, Fault> {
        let mut cursor = Cursor::new(text);
        let value = Self::read(&mut cursor)?;
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
    /// The value of the field `F`.
    fn value<'a, F: Field>(&mut self, value: F::Value<'a>);
}

/// Reads the value of a line whose name the caller knows to be that of `F`.
pub(crate) fn visit_value<F: Field, V: Visit>(
    header: &Header<'_>,
    visitor: &mut V,
) -> Result<(), ParseError> {
    visitor.value::<F>(header.read::<F>()?);
    Ok(())
}
