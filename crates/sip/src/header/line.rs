//! One header line of a message.

use missiva_core::FaultKind;

use super::{Field, HeaderName, Values};
use crate::error::Place;
use crate::{ParseError, Part};

/// A header line: its name in both senses, and its value as it came.
#[derive(Clone, Copy, Debug)]
pub struct Header<'a> {
    name: HeaderName,
    spelling: &'a str,
    value: Raw<'a>,
    at: usize,
}

/// A value whose head was UTF-8 throughout, or one of a head that was not.
#[derive(Clone, Copy, Debug)]
enum Raw<'a> {
    Text(&'a str),
    Bytes(&'a [u8]),
}

impl<'a> Header<'a> {
    pub(crate) const fn from_text(
        name: HeaderName,
        spelling: &'a str,
        value: &'a str,
        at: usize,
    ) -> Self {
        Self {
            name,
            spelling,
            value: Raw::Text(value),
            at,
        }
    }

    pub(crate) const fn from_bytes(
        name: HeaderName,
        spelling: &'a str,
        value: &'a [u8],
        at: usize,
    ) -> Self {
        Self {
            name,
            spelling,
            value: Raw::Bytes(value),
            at,
        }
    }

    /// Which field this is.
    #[inline]
    #[must_use]
    pub const fn name(&self) -> HeaderName {
        self.name
    }

    /// The name as the sender spelled it, compact or long, in whatever case.
    #[must_use]
    pub const fn spelling(&self) -> &'a str {
        self.spelling
    }

    /// The value as it came, folds included, without the white space at its ends.
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        match self.value {
            Raw::Text(text) => text.as_bytes(),
            Raw::Bytes(bytes) => bytes,
        }
    }

    /// The value as text, folds included.
    ///
    /// # Errors
    ///
    /// The first byte that is not UTF-8.
    #[inline]
    pub fn text(&self) -> Result<&'a str, ParseError> {
        match self.value {
            Raw::Text(text) => Ok(text),
            Raw::Bytes(bytes) => std::str::from_utf8(bytes).map_err(|error| {
                missiva_core::Fault::new(FaultKind::Utf8, error.valid_up_to())
                    .of(Part::Header(self.name), self.at)
            }),
        }
    }

    /// Where the value starts, counted from the first byte of the message.
    #[must_use]
    pub const fn value_at(&self) -> usize {
        self.at
    }

    /// The values in this line, when it is one of the field `F`.
    #[must_use]
    pub fn values<F: Field>(&self) -> Option<Values<'a, F>> {
        (self.name == F::NAME).then(|| Values::of(*self))
    }
}
