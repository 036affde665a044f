//! One header of a message.

use std::borrow::Cow;

use missiva_core::scan::Cursor;
use missiva_core::{Fault, FaultKind};

use super::escape;
use super::index::{CORE, UNDECLARED, read_ns};
use super::name::{Known, Space};
use crate::error::Place;
use crate::mime::index::{Named, Raw, Slot};
use crate::{ParseError, Part};

/// A header: its namespace and name, its parameters, and its value as it came.
#[derive(Clone, Copy)]
pub struct CpimHeader<'a> {
    pub(super) raw: Raw<'a>,
    /// All slots of the message, of which a scope names one.
    pub(super) slots: &'a [Slot],
    pub(super) slot: &'a Slot,
}

impl<'a> CpimHeader<'a> {
    /// Which header this is, by namespace and name.
    #[inline]
    #[must_use]
    pub const fn known(&self) -> Known {
        match self.slot.name {
            Named::Cpim(known) => known,
            Named::Mime(_) => Known::Other,
        }
    }

    /// The name as it came, prefix included.
    #[must_use]
    pub fn spelling(&self) -> &'a str {
        let from = self.slot.line as usize;
        let name = self.raw.bytes().get(from..from + usize::from(self.slot.name_len));
        // A name is made of printable ASCII, so this cannot fail.
        name.and_then(|name| std::str::from_utf8(name).ok()).unwrap_or_default()
    }

    /// The name within its namespace.
    #[must_use]
    pub fn name(&self) -> &'a str {
        let name = self.spelling();
        name.split_once('.').map_or(name, |(_, local)| local)
    }

    /// The prefix, empty where there is none.
    #[must_use]
    pub fn prefix(&self) -> &'a str {
        self.spelling().split_once('.').map_or("", |(prefix, _)| prefix)
    }

    /// The URI of the namespace; `None` when the prefix was not declared before this header.
    #[must_use]
    pub fn namespace(&self) -> Option<&'a str> {
        match self.slot.scope {
            CORE => Some(Space::Core.uri()),
            UNDECLARED => None,
            scope => {
                let (_, (from, to)) =
                    read_ns(self.raw.bytes(), self.slots.get(usize::from(scope))?.value)?;
                std::str::from_utf8(self.raw.bytes().get(from as usize..to as usize)?).ok()
            }
        }
    }

    /// The value of the parameter `lang`: the language of the value (RFC 3862 section 3.3).
    #[must_use]
    pub fn language(&self) -> Option<&'a str> {
        self.params().find(|(name, _)| *name == "lang").map(|(_, value)| value)
    }

    /// The parameters between colon and value: `;name=value`, quotes not removed.
    pub fn params(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        let (mut rest, _) = self.split().unwrap_or_default();
        std::iter::from_fn(move || {
            let text = rest.strip_prefix(';')?;
            let end = param_end(text);
            let (param, behind) = text.split_at_checked(end)?;
            rest = behind;
            Some(param.split_once('=').unwrap_or((param, "")))
        })
    }

    /// The value as it came, parameters and the white space at its ends left out.
    ///
    /// # Errors
    ///
    /// The first byte that is not UTF-8.
    #[inline]
    pub fn text(&self) -> Result<&'a str, ParseError> {
        Ok(self.split()?.1)
    }

    /// What the value says, its escapes read.
    ///
    /// # Errors
    ///
    /// The first byte that is not UTF-8.
    pub fn plain(&self) -> Result<Cow<'a, str>, ParseError> {
        self.text().map(escape::unescape)
    }

    /// Everything behind the colon as it came.
    #[must_use]
    pub fn raw(&self) -> &'a [u8] {
        let (from, to) = self.slot.value;
        self.raw.bytes().get(from as usize..to as usize).unwrap_or_default()
    }

    /// Where the value starts, counted from the first byte of the message.
    pub(super) fn value_at(&self) -> usize {
        let behind = self.split().map_or(0, |(params, text)| {
            if params.is_empty() { 0 } else { text.as_ptr() as usize - params.as_ptr() as usize }
        });
        self.slot.value.0 as usize + behind
    }

    /// Parameters and value.
    #[inline]
    fn split(&self) -> Result<(&'a str, &'a str), ParseError> {
        let raw = self.raw.text(self.slot.value, self.part())?;
        // Behind a space a semicolon belongs to the value.
        let colon = self.slot.line + u32::from(self.slot.name_len);
        if !raw.starts_with(';') || self.slot.value.0 != colon + 1 {
            return Ok(("", raw));
        }
        let mut at = 0;
        while raw.get(at..).is_some_and(|rest| rest.starts_with(';')) {
            at += 1 + raw.get(at + 1..).map_or(0, param_end);
        }
        let (params, text) = raw.split_at_checked(at).unwrap_or((raw, ""));
        Ok((params, text.trim_start_matches(' ')))
    }

    /// Reads the value with `parse`, and names the header and the place where it fails.
    #[inline]
    pub(crate) fn read<T>(
        &self,
        parse: impl FnOnce(&'a str) -> Result<T, Fault>,
    ) -> Result<T, ParseError> {
        parse(self.text()?).map_err(|fault| fault.of(self.part(), self.value_at()))
    }

    /// The same with a cursor over the value, which reads faster.
    #[inline(always)]
    pub(crate) fn read_with<T>(
        &self,
        read: impl FnOnce(&mut Cursor<'a>) -> Result<T, Fault>,
    ) -> Result<T, ParseError> {
        let (from, to) = self.slot.value;
        let colon = self.slot.line + u32::from(self.slot.name_len);
        let from = if from == colon + 1 { self.value_at() as u32 } else { from };
        let (mut cursor, base) = self.raw.cursor((from, to), self.part())?;
        read(&mut cursor).map_err(|fault| fault.of(self.part(), base))
    }

    pub(super) const fn part(&self) -> Part {
        self.slot.name.part()
    }

    pub(super) fn fault(&self, kind: FaultKind) -> ParseError {
        ParseError::new(kind, self.part(), self.slot.line as usize)
    }

    /// What stands between the colon and the value, and whether folds are in it.
    pub(super) fn is_plain_line(&self) -> bool {
        let colon = self.slot.line as usize + usize::from(self.slot.name_len);
        let between =
            self.raw.bytes().get(colon + 1..self.slot.value.0 as usize).unwrap_or_default();
        let folded = self.raw().contains(&b'\r');
        let fits = match self.split() {
            Ok(("", text)) => between == b" " || text.is_empty(),
            Ok((params, text)) => {
                let behind = self.raw().get(params.len()..).unwrap_or_default();
                text.is_empty() || behind.first() == Some(&b' ') && behind.get(1) != Some(&b' ')
            }
            Err(_) => true,
        };
        fits && !folded
    }
}

/// Bytes of a parameter, up to the next semicolon or space that is not in quotes.
fn param_end(text: &str) -> usize {
    let mut bytes = text.bytes().enumerate();
    let mut quoted = false;
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'\\' if quoted => drop(bytes.next()),
            b'"' => quoted = !quoted,
            b';' | b' ' if !quoted => return at,
            _ => {}
        }
    }
    text.len()
}

impl std::fmt::Debug for CpimHeader<'_> {
    /// Tells which header it is and how long, and not what it says.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CpimHeader")
            .field("known", &self.known())
            .field("len", &self.raw().len())
            .finish_non_exhaustive()
    }
}
