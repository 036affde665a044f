//! The headers before a body: where each lies, and what it says.

use missiva_core::{Fault, FaultKind};

use super::disposition::number;
use super::index::{Named, Raw, Slot};
use super::{
    ContentId, ContentType, Disposition, Importance, MessageContext, MimeName, Priority,
    Sensitivity, TransferEncoding,
};
use crate::ParseError;
use crate::error::Place;

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
    pub(super) fn read<T>(
        &self,
        parse: impl FnOnce(&'a str) -> Result<T, Fault>,
    ) -> Result<T, ParseError> {
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
