//! The headers before a body: where each lies, and what it says.

use bytes::Bytes;
use missiva_core::scan::{ByteSet, Cursor};
use missiva_core::{ByteStr, Fault, FaultKind};

use super::disposition::number;
use super::{
    ContentId, ContentType, Disposition, Importance, MessageContext, MimeName, Priority,
    Sensitivity, TransferEncoding,
};
use crate::error::Place;
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

/// The MIME headers of one body, read on demand.
#[derive(Clone, Copy)]
pub struct Head<'a> {
    raw: Raw<'a>,
    slots: &'a [Slot],
    /// Bytes of the body behind the head.
    body_len: usize,
}

/// One header line: its name in both senses, and its value as it came.
#[derive(Clone, Copy)]
pub struct MimeHeader<'a> {
    raw: Raw<'a>,
    slot: &'a Slot,
}

impl<'a> MimeHeader<'a> {
    /// Which field this is.
    #[must_use]
    pub const fn name(&self) -> MimeName {
        match self.slot.name {
            Named::Mime(name) => name,
            Named::Cpim(_) => MimeName::Other,
        }
    }

    /// The name as the sender spelled it.
    #[must_use]
    pub fn spelling(&self) -> &'a str {
        let from = self.slot.line as usize;
        let name = self.raw.bytes().get(from..from + usize::from(self.slot.name_len));
        // A name is made of printable ASCII, so this cannot fail.
        name.and_then(|name| std::str::from_utf8(name).ok()).unwrap_or_default()
    }

    /// The value as it came, folds included, without the white space at its ends.
    #[must_use]
    pub fn value(&self) -> &'a [u8] {
        let (from, to) = self.slot.value;
        self.raw.bytes().get(from as usize..to as usize).unwrap_or_default()
    }

    /// The value as text, folds included.
    ///
    /// # Errors
    ///
    /// The first byte that is not UTF-8.
    pub fn text(&self) -> Result<&'a str, ParseError> {
        self.raw.text(self.slot.value, self.slot.name.part())
    }

    /// Reads the value with `parse`, and names the field and the place where it fails.
    #[inline]
    fn read<T>(&self, parse: impl FnOnce(&'a str) -> Result<T, Fault>) -> Result<T, ParseError> {
        parse(self.text()?).map_err(|fault| self.place(fault))
    }

    fn place(&self, fault: Fault) -> ParseError {
        fault.of(self.slot.name.part(), self.slot.value.0 as usize)
    }
}

impl std::fmt::Debug for MimeHeader<'_> {
    /// Tells which field it is and how long, and not what it says.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MimeHeader")
            .field("name", &self.name())
            .field("len", &self.value().len())
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Head<'_> {
    /// Tells how many headers there are, and not what they say.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Head").field("headers", &self.slots.len()).finish_non_exhaustive()
    }
}

impl<'a> Head<'a> {
    pub(crate) const fn new(raw: Raw<'a>, slots: &'a [Slot], body_len: usize) -> Self {
        Self { raw, slots, body_len }
    }

    /// Every header in order.
    #[must_use]
    pub fn headers(&self) -> impl ExactSizeIterator<Item = MimeHeader<'a>> + use<'a> {
        let raw = self.raw;
        self.slots.iter().map(move |slot| MimeHeader { raw, slot })
    }

    /// The first header called `name`, in any case.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<MimeHeader<'a>> {
        self.headers().find(|header| header.spelling().eq_ignore_ascii_case(name))
    }

    /// The header `name`, which may stand once.
    ///
    /// # Errors
    ///
    /// [`FaultKind::Conflict`] at a second one: two readers may choose differently.
    #[inline]
    pub fn only(&self, name: MimeName) -> Result<Option<MimeHeader<'a>>, ParseError> {
        let mut found = None;
        for slot in self.slots {
            if slot.name == Named::Mime(name) {
                if found.is_some() {
                    let at = slot.line as usize;
                    return Err(ParseError::new(FaultKind::Conflict, slot.name.part(), at));
                }
                found = Some(MimeHeader { raw: self.raw, slot });
            }
        }
        Ok(found)
    }

    #[inline]
    fn read<T>(
        &self,
        name: MimeName,
        parse: impl FnOnce(&'a str) -> Result<T, Fault>,
    ) -> Result<Option<T>, ParseError> {
        self.only(name)?.map(|header| header.read(parse)).transpose()
    }

    /// What the body is, where it says so.
    ///
    /// # Errors
    ///
    /// Two such headers, or one that cannot be read.
    pub fn content_type(&self) -> Result<Option<ContentType<'a>>, ParseError> {
        let Some(header) = self.only(MimeName::ContentType)? else { return Ok(None) };
        let part = header.slot.name.part();
        let (mut cursor, base) = self.raw.cursor(header.slot.value, part)?;
        ContentType::read(&mut cursor).map(Some).map_err(|fault| fault.of(part, base))
    }

    /// How the body is written; `7bit` where it does not say so.
    ///
    /// # Errors
    ///
    /// Two such headers, or one that names no known encoding.
    pub fn transfer_encoding(&self) -> Result<TransferEncoding, ParseError> {
        let encoding = self.read(MimeName::ContentTransferEncoding, TransferEncoding::parse)?;
        Ok(encoding.unwrap_or_default())
    }

    /// What the body is for.
    ///
    /// # Errors
    ///
    /// Two such headers, or one that cannot be read.
    pub fn disposition(&self) -> Result<Option<Disposition<'a>>, ParseError> {
        self.read(MimeName::ContentDisposition, Disposition::parse)
    }

    /// What the body is called.
    ///
    /// # Errors
    ///
    /// Two such headers, or one that cannot be read.
    pub fn content_id(&self) -> Result<Option<ContentId<'a>>, ParseError> {
        self.read(MimeName::ContentId, ContentId::parse)
    }

    /// How many bytes its writer says the body has. The body goes on to the end of what holds it whatever this says,
    /// since most writers leave it out.
    ///
    /// # Errors
    ///
    /// Two such headers, or one that is no number.
    pub fn content_length(&self) -> Result<Option<u64>, ParseError> {
        self.read(MimeName::ContentLength, number)
    }

    /// How private the message is.
    ///
    /// # Errors
    ///
    /// Two such headers, or one that is no known word.
    pub fn sensitivity(&self) -> Result<Option<Sensitivity>, ParseError> {
        self.read(MimeName::Sensitivity, Sensitivity::parse)
    }

    /// How much the writer thinks of the message.
    ///
    /// # Errors
    ///
    /// Two such headers, or one that is no known word.
    pub fn importance(&self) -> Result<Option<Importance>, ParseError> {
        self.read(MimeName::Importance, Importance::parse)
    }

    /// How fast the message should go.
    ///
    /// # Errors
    ///
    /// Two such headers, or one that is no known word.
    pub fn priority(&self) -> Result<Option<Priority>, ParseError> {
        self.read(MimeName::Priority, Priority::parse)
    }

    /// What kind of message it was where it came from.
    ///
    /// # Errors
    ///
    /// Two such headers, or one that is no known word.
    pub fn message_context(&self) -> Result<Option<MessageContext>, ParseError> {
        self.read(MimeName::MessageContext, MessageContext::parse)
    }

    /// Everything that a strict reading has against the headers, each field at most once.
    #[must_use]
    pub fn faults(&self) -> Vec<ParseError> {
        let mut faults = Vec::new();
        let mut note = |fault: Option<ParseError>| faults.extend(fault);
        for (name, strict) in STRICT {
            note(match self.only(*name) {
                Err(fault) => Some(fault),
                Ok(header) => header.and_then(|header| header.read(strict).err()),
            });
        }
        if let Ok(Some(length)) = self.content_length()
            && length != self.body_len as u64
            && let Ok(Some(header)) = self.only(MimeName::ContentLength)
        {
            note(Some(header.place(Fault::new(FaultKind::Conflict, 0))));
        }
        for header in self.headers() {
            note(header.text().err().filter(|_| header.name() == MimeName::Other));
        }
        faults
    }
}

/// A reading of one value in which nothing is tolerated.
type Strict = fn(&str) -> Result<(), Fault>;

/// The fields whose values have a grammar here.
const STRICT: &[(MimeName, Strict)] = &[
    (MimeName::ContentType, |text| refuse(ContentType::parse(text)?.strict_fault())),
    (MimeName::ContentDisposition, |text| refuse(Disposition::parse(text)?.strict_fault())),
    (MimeName::ContentTransferEncoding, |text| TransferEncoding::parse(text).map(drop)),
    (MimeName::ContentId, |text| {
        ContentId::parse(text)?;
        refuse((!text.contains('<')).then(|| Fault::new(FaultKind::Unexpected, 0)))
    }),
    (MimeName::ContentLength, |text| number(text).map(drop)),
    (MimeName::MimeVersion, |text| {
        let version: String = text.split_whitespace().collect();
        refuse((!version.starts_with("1.0")).then(|| Fault::new(FaultKind::Value, 0)))
    }),
    (MimeName::Sensitivity, |text| Sensitivity::parse(text).map(drop)),
    (MimeName::Importance, |text| Importance::parse(text).map(drop)),
    (MimeName::Priority, |text| Priority::parse(text).map(drop)),
    (MimeName::MessageContext, |text| MessageContext::parse(text).map(drop)),
];

fn refuse(fault: Option<Fault>) -> Result<(), Fault> {
    fault.map_or(Ok(()), Err)
}
