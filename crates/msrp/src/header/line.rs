//! One header line of a message.

use missiva_core::FaultKind;

use super::{Field, HeaderName, Value};
use crate::error::Place;
use crate::head::Slot;
use crate::{ParseError, Part};

/// A header line: its name in both senses, and its value as it came.
#[derive(Clone, Copy)]
pub struct Header<'a> {
    head: &'a [u8],
    slot: Slot,
}

impl<'a> Header<'a> {
    #[inline]
    pub(crate) const fn new(head: &'a [u8], slot: Slot) -> Self {
        Self { head, slot }
    }

    /// A line of which `value` is the value alone, to be read back.
    pub(crate) fn of_value(value: &'a [u8], name: HeaderName) -> Self {
        let value_end = u16::try_from(value.len()).unwrap_or(u16::MAX);
        Self { head: value, slot: Slot { line: 0, value: 0, value_end, name_len: 0, name } }
    }

    /// Which field this is.
    #[inline]
    #[must_use]
    pub const fn name(&self) -> HeaderName {
        self.slot.name
    }

    /// The name as the sender spelled it.
    #[must_use]
    pub fn spelling(&self) -> &'a str {
        let from = usize::from(self.slot.line);
        let bytes = self.head.get(from..from + usize::from(self.slot.name_len));
        // A name is made of token bytes, so this cannot fail.
        bytes.and_then(|name| std::str::from_utf8(name).ok()).unwrap_or_default()
    }

    /// The value as it came, without the white space at its ends.
    #[inline]
    #[must_use]
    pub fn bytes(&self) -> &'a [u8] {
        let (from, to) = (usize::from(self.slot.value), usize::from(self.slot.value_end));
        self.head.get(from..to).unwrap_or_default()
    }

    /// The value as text.
    ///
    /// # Errors
    ///
    /// The first byte that is not UTF-8.
    #[inline]
    pub fn text(&self) -> Result<&'a str, ParseError> {
        std::str::from_utf8(self.bytes()).map_err(|error| {
            let at = self.value_at() + error.valid_up_to();
            ParseError::new(FaultKind::Utf8, Part::Header(self.name()), at)
        })
    }

    /// Where the value starts, counted from the first byte of the message.
    #[must_use]
    pub const fn value_at(&self) -> usize {
        self.slot.value as usize
    }

    /// The value, read as that of the field `F`.
    ///
    /// # Errors
    ///
    /// What the grammar of `F` does not allow.
    #[inline]
    pub fn read<F: Field>(&self) -> Result<F::Value<'a>, ParseError> {
        F::Value::parse(self.text()?)
            .map_err(|fault| fault.of(Part::Header(F::NAME), self.value_at()))
    }

    /// Where the line starts.
    pub(crate) const fn line_at(&self) -> usize {
        self.slot.line as usize
    }

    /// The whole line, line end included.
    pub(crate) fn line(&self) -> &'a [u8] {
        let rest = self.head.get(usize::from(self.slot.line)..).unwrap_or_default();
        let value_end = usize::from(self.slot.value_end - self.slot.line);
        // Behind the value stands white space at most, then the line end.
        let blanks = rest.get(value_end..).unwrap_or_default();
        let blanks = blanks.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        rest.get(..value_end + blanks + 2).unwrap_or_default()
    }
}

impl std::fmt::Debug for Header<'_> {
    /// Tells which field it is and how long, and not what it says.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Header")
            .field("name", &self.name())
            .field("len", &self.bytes().len())
            .finish_non_exhaustive()
    }
}
