//! Where the headers of a head lie.

use bytes::Bytes;
use missiva_core::scan::{ByteSet, Cursor};
use missiva_core::{ByteStr, FaultKind};

use super::MimeName;
use crate::lines::{self, Ended, Line, trim};
use crate::{Limits, ParseError, Part};

/// Where one header field lies. Its line ends where the next one starts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slot {
    /// First byte of the line, which is the first of the name.
    pub(crate) line: u32,
    /// First byte of the value and the first behind it, white space at its ends left out.
    pub(crate) value: (u32, u32),
    /// Bytes in the name.
    pub(crate) name_len: u16,
    /// Which field it is; what the number means is up to the head.
    pub(crate) name: Named,
    /// Of a CPIM header: where its namespace was declared.
    pub(crate) scope: u16,
}

/// The name of a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Named {
    Mime(MimeName),
    Cpim(crate::cpim::Known),
}

/// The bytes in which the heads of a message lie, checked to be text once where they are.
#[derive(Clone)]
pub(crate) struct Buffer {
    pub(crate) bytes: Bytes,
    /// The heads, when all of them are UTF-8.
    text: Option<ByteStr>,
}

impl Buffer {
    /// `bytes`, whose heads end before byte `body`.
    #[inline]
    pub(crate) fn new(bytes: Bytes, body: usize) -> Self {
        let text = ByteStr::try_from(bytes.slice(..body.min(bytes.len()))).ok();
        Self { bytes, text }
    }

    #[inline(always)]
    pub(crate) fn raw(&self) -> Raw<'_> {
        match &self.text {
            Some(text) => Raw::Text(text),
            None => Raw::Bytes(&self.bytes),
        }
    }
}

/// Where a header line lies.
#[derive(Clone, Copy)]
pub(crate) enum Raw<'a> {
    /// In heads that are UTF-8 throughout.
    Text(&'a str),
    /// In heads that are not: each value is checked by itself.
    Bytes(&'a [u8]),
}

impl<'a> Raw<'a> {
    pub(crate) const fn bytes(self) -> &'a [u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Bytes(bytes) => bytes,
        }
    }

    /// The text from one byte to another.
    #[inline(always)]
    pub(crate) fn text(self, (from, to): (u32, u32), part: Part) -> Result<&'a str, ParseError> {
        let (from, to) = (from as usize, to as usize);
        match self {
            Self::Text(text) => Ok(text.get(from..to).unwrap_or_default()),
            Self::Bytes(bytes) => {
                let text = std::str::from_utf8(bytes.get(from..to).unwrap_or_default());
                text.map_err(|error| {
                    ParseError::new(FaultKind::Utf8, part, from + error.valid_up_to())
                })
            }
        }
    }

    /// A cursor over the same, and what to add to the offsets of its faults.
    #[inline(always)]
    pub(crate) fn cursor(
        self,
        value: (u32, u32),
        part: Part,
    ) -> Result<(Cursor<'a>, usize), ParseError> {
        match self {
            // Behind a value stands white space or the end of the head, at which every word stops.
            Self::Text(text) => Ok((Cursor::within(text, value.0 as usize, value.1 as usize), 0)),
            Self::Bytes(_) => Ok((Cursor::new(self.text(value, part)?), value.0 as usize)),
        }
    }
}

/// `ftext` of RFC 5322 section 3.6.8: printable, no colon.
const NAME: ByteSet = ByteSet::empty().with_range(0x21, 0x7e).without(b":");

/// Reads the headers from byte `from` on into `slots`; returns where the body starts.
///
/// A head may end with the input: a part that has no body needs no empty line (RFC 2046 section 5.1.1).
#[inline]
pub(crate) fn index(
    bytes: &[u8],
    from: usize,
    limits: &Limits,
    slots: &mut Vec<Slot>,
) -> Result<usize, ParseError> {
    let first = slots.len();
    let ended = lines::read(bytes, from, limits, |line| {
        if matches!(bytes.get(line.start), Some(b' ' | b'\t')) {
            return fold(bytes, line, first, limits, slots);
        }
        let name = bytes.get(line.start..line.colon.min(line.end)).unwrap_or_default();
        if line.colon >= line.end {
            return Err(ParseError::new(FaultKind::Unexpected, Part::HeaderLine, line.end));
        }
        // White space before the colon is obsolete, not forbidden (RFC 5322 section 4.5.8).
        let name = name.trim_ascii_end();
        let known = MimeName::find(name);
        if known == MimeName::Other && !NAME.spans(name) {
            return Err(ParseError::new(FaultKind::Unexpected, Part::HeaderLine, line.start));
        }
        push(bytes, line, name.len(), Named::Mime(known), first, limits, slots)
    })?;
    Ok(match ended {
        Ended::Blank(body) => body,
        Ended::Input => bytes.len(),
    })
}

/// Notes a header whose name was read.
#[inline(always)]
pub(crate) fn push(
    bytes: &[u8],
    line: Line,
    name_len: usize,
    name: Named,
    first: usize,
    limits: &Limits,
    slots: &mut Vec<Slot>,
) -> Result<(), ParseError> {
    let too_many = slots.len() - first >= limits.max_headers;
    let too_long = line.end - line.start > limits.max_header;
    let (Ok(name_len), false) = (u16::try_from(name_len), too_many || too_long) else {
        return Err(ParseError::new(FaultKind::Limit, name.part(), line.start));
    };
    let (from, to) = trim(bytes, line.colon + 1, line.end);
    let value = (from as u32, to as u32);
    slots.push(Slot { line: line.start as u32, value, name_len, name, scope: 0 });
    Ok(())
}

/// A line that begins with white space belongs to the field before it.
#[cold]
pub(crate) fn fold(
    bytes: &[u8],
    line: Line,
    first: usize,
    limits: &Limits,
    slots: &mut [Slot],
) -> Result<(), ParseError> {
    let (from, to) = trim(bytes, line.start, line.end);
    let Some(slot) = slots.get_mut(first..).and_then(<[Slot]>::last_mut) else {
        return Err(ParseError::new(FaultKind::Unexpected, Part::HeaderLine, line.start));
    };
    if line.end - slot.line as usize > limits.max_header {
        return Err(ParseError::new(FaultKind::Limit, slot.name.part(), line.start));
    }
    if to > from {
        if slot.value.0 == slot.value.1 {
            slot.value.0 = from as u32;
        }
        slot.value.1 = to as u32;
    }
    Ok(())
}

impl Named {
    pub(crate) const fn part(self) -> Part {
        match self {
            Self::Mime(name) => Part::Mime(name.as_str()),
            Self::Cpim(name) => Part::Cpim(name.as_str()),
        }
    }
}
