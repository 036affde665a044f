//! One header line of a message.

use missiva_core::FaultKind;
use missiva_core::scan::Cursor;

use super::{Field, HeaderName, Values};
use crate::message::Slot;
use crate::{ParseError, Part};

/// A header line: its name in both senses, and its value as it came.
#[derive(Clone, Copy)]
pub struct Header<'a> {
    name: HeaderName,
    name_len: u16,
    line: u32,
    value: (u32, u32),
    head: Raw<'a>,
}

/// The head in which the line stands.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Raw<'a> {
    /// UTF-8 throughout, as was found in one go.
    Text(&'a str),
    /// Not looked at, or not UTF-8: each value is checked by itself.
    Bytes(&'a [u8]),
}

impl<'a> Raw<'a> {
    #[inline]
    pub(crate) fn new(head: &'a [u8]) -> Self {
        simdutf8::basic::from_utf8(head).map_or(Self::Bytes(head), Self::Text)
    }
}

impl<'a> Header<'a> {
    #[inline(always)]
    pub(crate) const fn new(head: Raw<'a>, slot: &Slot) -> Self {
        Self { name: slot.name, name_len: slot.name_len, line: slot.line, value: slot.value, head }
    }

    /// Which field this is.
    #[inline]
    #[must_use]
    pub const fn name(&self) -> HeaderName {
        self.name
    }

    /// The name as the sender spelled it, compact or long, in whatever case.
    #[must_use]
    pub fn spelling(&self) -> &'a str {
        let from = self.line as usize;
        let bytes = self.head_bytes().get(from..from + usize::from(self.name_len));
        // A name is made of token bytes, so this cannot fail.
        bytes.and_then(|name| std::str::from_utf8(name).ok()).unwrap_or_default()
    }

    /// The value as it came, folds included, without the white space at its ends.
    #[must_use]
    pub fn bytes(&self) -> &'a [u8] {
        let (from, to) = self.range();
        self.head_bytes().get(from..to).unwrap_or_default()
    }

    /// The value as text, folds included.
    ///
    /// # Errors
    ///
    /// The first byte that is not UTF-8.
    pub fn text(&self) -> Result<&'a str, ParseError> {
        let (from, to) = self.range();
        match self.head {
            Raw::Text(text) => Ok(text.get(from..to).unwrap_or_default()),
            Raw::Bytes(_) => std::str::from_utf8(self.bytes()).map_err(|error| {
                let at = from + error.valid_up_to();
                ParseError::new(FaultKind::Utf8, Part::Header(self.name), at)
            }),
        }
    }

    /// Where the value starts, counted from the first byte of the message.
    #[must_use]
    pub const fn value_at(&self) -> usize {
        self.value.0 as usize
    }

    /// The values in this line, when it is one of the field `F`.
    #[must_use]
    pub fn values<F: Field>(&self) -> Option<Values<'a, F>> {
        (self.name == F::NAME).then(|| Values::of(*self))
    }

    /// A cursor over the value, and the offset to add to its faults.
    #[inline(always)]
    pub(crate) fn cursor(&self) -> Result<(Cursor<'a>, usize), ParseError> {
        match self.head {
            Raw::Text(text) => {
                let (from, to) = self.range();
                Ok((Cursor::within(text, from, to), 0))
            }
            Raw::Bytes(_) => Ok((Cursor::new(self.text()?), self.value_at())),
        }
    }

    const fn range(&self) -> (usize, usize) {
        (self.value.0 as usize, self.value.1 as usize)
    }

    const fn head_bytes(&self) -> &'a [u8] {
        match self.head {
            Raw::Text(text) => text.as_bytes(),
            Raw::Bytes(bytes) => bytes,
        }
    }
}

impl std::fmt::Debug for Header<'_> {
    /// Tells which field it is and how long, and not what it says.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Header")
            .field("name", &self.name)
            .field("len", &self.bytes().len())
            .finish_non_exhaustive()
    }
}
