//! CPIM messages: who writes to whom, around any content (RFC 3862).
//!
//! [`Cpim`] is a message that came, [`Builder`] makes one, [`Edit`] changes one on its way.

mod address;
mod build;
mod edit;
pub(crate) mod escape;
mod faults;
mod header;
mod index;
mod name;
mod value;

use std::borrow::Cow;

use bytes::Bytes;
use missiva_core::scan::{ByteSet, Cursor};
use missiva_core::{Fault, FaultKind};

pub use address::Address;
pub use build::Builder;
pub use edit::Edit;
pub use header::CpimHeader;
pub use name::{Known, Space};
pub use value::CpimValue;

pub(crate) use name::is_token;

use crate::error::Place;
use crate::mime::index::{Buffer, Named};
use crate::mime::{ContentType, Head, Junk};
use crate::{DateTime, Limits, ParseError, Part};
use index::Index;

/// A message as it came: its bytes, and where each header lies in them.
///
/// Reading it costs one pass and one vector. What a header says is read on demand; one that cannot be read is the
/// fault of whoever asks for it. Headers are told apart by the URIs of their namespaces, never by their prefixes.
///
/// ```
/// use bytes::Bytes;
/// use missiva_content::Limits;
/// use missiva_content::cpim::Cpim;
///
/// let bytes = Bytes::from_static(b"From: <sip:alice@example.com>\r\nTo: <sip:bob@example.com>\r\n\
///     DateTime: 2015-02-17T06:54:27Z\r\nNS: i <urn:ietf:params:imdn>\r\ni.Message-ID: PH7qAIV8cgH5\r\n\
///     Subject:;lang=fr Salut\r\n\r\nContent-Type: text/plain;charset=UTF-8\r\n\r\nBonjour");
/// let message = Cpim::parse(bytes, &Limits::DEFAULT)?;
/// assert_eq!(message.from()?.map(|from| from.uri()), Some("sip:alice@example.com"));
/// assert_eq!(message.message_id()?, Some("PH7qAIV8cgH5"));
/// assert_eq!(message.subject("fr-CA")?.as_deref(), Some("Salut"));
/// assert_eq!(message.body(), "Bonjour");
/// # Ok::<(), missiva_content::ParseError>(())
/// ```
#[derive(Clone)]
pub struct Cpim {
    buffer: Buffer,
    index: Index,
}

/// A header that a reader must know: its namespace, when that was declared, and its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Required<'a> {
    /// The URI of the namespace; `None` when the prefix was not declared.
    pub namespace: Option<&'a str>,
    /// The name within it.
    pub name: &'a str,
}

impl Cpim {
    /// Reads the headers of the message and those of its content.
    ///
    /// A message may begin with its own MIME headers, as stored ones do. A head must end with an empty line; that of
    /// the content may end with the message.
    ///
    /// # Errors
    ///
    /// A line that is no header, a bare CR or LF, a NUL before the body, a missing empty line, a limit.
    #[inline]
    pub fn parse(bytes: Bytes, limits: &Limits) -> Result<Self, ParseError> {
        let index = index::index(&bytes, limits)?;
        Ok(Self { buffer: Buffer::new(bytes, index.body), index })
    }

    /// Every header in order.
    #[must_use]
    pub fn headers(&self) -> impl ExactSizeIterator<Item = CpimHeader<'_>> + Clone {
        let Index { slots, first, content_first, .. } = &self.index;
        let own = slots.get(*first..*content_first).unwrap_or_default();
        let raw = self.buffer.raw();
        own.iter().map(move |slot| CpimHeader { raw, slots, slot })
    }

    /// The headers called `name` in the namespace with this URI, in order. Case counts in both.
    pub fn get<'a>(
        &'a self,
        namespace: &'a str,
        name: &'a str,
    ) -> impl Iterator<Item = CpimHeader<'a>> + 'a {
        self.headers()
            .filter(move |header| header.name() == name && header.namespace() == Some(namespace))
    }

    /// The headers that are `known`, in order.
    pub fn all(&self, known: Known) -> impl Iterator<Item = CpimHeader<'_>> + Clone {
        self.headers().filter(move |header| header.known() == known)
    }

    /// The header that is `known`, which may stand once.
    ///
    /// # Errors
    ///
    /// [`FaultKind::Conflict`] at a second one: two readers may choose differently.
    #[inline]
    pub fn only(&self, known: Known) -> Result<Option<CpimHeader<'_>>, ParseError> {
        let Index { slots, first, content_first, .. } = &self.index;
        let own = slots.get(*first..*content_first).unwrap_or_default();
        let mut found = None;
        for slot in own {
            if slot.name == Named::Cpim(known) {
                let header = CpimHeader { raw: self.buffer.raw(), slots, slot };
                if found.is_some() {
                    return Err(header.fault(FaultKind::Conflict));
                }
                found = Some(header);
            }
        }
        Ok(found)
    }

    /// Who wrote it. In 1-1 chat this is [anonymous](Address::ANONYMOUS) and SIP says who; in a group it is the
    /// speaker.
    ///
    /// # Errors
    ///
    /// Two such headers, or one that is no address.
    #[inline]
    pub fn from(&self) -> Result<Option<Address<'_>>, ParseError> {
        self.only(Known::From)?.map(|header| header.read_with(Address::read)).transpose()
    }

    /// To whom it goes.
    pub fn to(&self) -> impl Iterator<Item = Result<Address<'_>, ParseError>> {
        self.addresses(Known::To)
    }

    /// Who gets it too.
    pub fn cc(&self) -> impl Iterator<Item = Result<Address<'_>, ParseError>> {
        self.addresses(Known::Cc)
    }

    /// The addresses in the headers that are `known`, in order.
    pub(crate) fn addresses(
        &self,
        known: Known,
    ) -> impl Iterator<Item = Result<Address<'_>, ParseError>> {
        self.all(known).map(|header| header.read_with(Address::read))
    }

    /// When it was written.
    ///
    /// # Errors
    ///
    /// Two such headers, or one that is no date in any shape that is deployed.
    #[inline]
    pub fn date_time(&self) -> Result<Option<DateTime>, ParseError> {
        self.only(Known::DateTime)?.map(|header| header.read_with(DateTime::read)).transpose()
    }

    /// What it is about in the language that comes closest to `language` by its first subtags, else in the one
    /// without a language, else in the first.
    ///
    /// # Errors
    ///
    /// A subject that is not UTF-8.
    pub fn subject(&self, language: &str) -> Result<Option<Cow<'_, str>>, ParseError> {
        let closeness = |header: &CpimHeader<'_>| match header.language() {
            None => 1,
            Some(own) => {
                let pairs = own.split('-').zip(language.split('-'));
                let same = pairs.take_while(|(a, b)| a.eq_ignore_ascii_case(b)).count();
                if same > 0 { 1 + same } else { 0 }
            }
        };
        // The first of those that are equally close.
        let best = self
            .all(Known::Subject)
            .reduce(|best, next| if closeness(&next) > closeness(&best) { next } else { best });
        best.map(|header| header.plain()).transpose()
    }

    /// The headers that `Require` names, each in its namespace.
    pub fn required(&self) -> impl Iterator<Item = Result<Required<'_>, ParseError>> {
        self.all(Known::Require).flat_map(move |header| {
            let (text, fault) = match header.text() {
                Ok(text) => (text, None),
                Err(fault) => ("", Some(Err(fault))),
            };
            let names = text.split(',').map(|name| name.trim_matches([' ', '\t']));
            let names = names.filter(|name| !name.is_empty());
            fault.into_iter().chain(names.map(move |name| Ok(self.resolve(&header, name))))
        })
    }

    /// The first header that `Require` names and `is_known` does not take. Whoever reads a message with one must
    /// refuse it (RFC 3862 section 3.5).
    ///
    /// # Errors
    ///
    /// A `Require` that is not UTF-8.
    pub fn unmet(
        &self,
        mut is_known: impl FnMut(&str, &str) -> bool,
    ) -> Result<Option<Required<'_>>, ParseError> {
        for required in self.required() {
            let required = required?;
            if !required.namespace.is_some_and(|namespace| is_known(namespace, required.name)) {
                return Ok(Some(required));
            }
        }
        Ok(None)
    }

    /// `name` as it would be read where `header` stands.
    fn resolve<'a>(&'a self, header: &CpimHeader<'a>, name: &'a str) -> Required<'a> {
        let (prefix, local) = name.split_once('.').unwrap_or(("", name));
        let before = self.headers().take_while(|other| other.slot.line < header.slot.line);
        let declared = before.filter(|other| other.known() == Known::Ns).filter_map(|ns| {
            let (own, uri) = self.namespace_of(&ns)?;
            (own == prefix).then_some(uri)
        });
        let core = prefix.is_empty().then_some(Space::Core.uri());
        Required { namespace: declared.last().or(core), name: local }
    }

    /// Every namespace that was declared, in order: prefix, empty for the default, and URI.
    pub fn namespaces(&self) -> impl Iterator<Item = (&str, &str)> {
        self.all(Known::Ns).filter_map(|header| self.namespace_of(&header))
    }

    fn namespace_of<'a>(&'a self, header: &CpimHeader<'a>) -> Option<(&'a str, &'a str)> {
        let (prefix, uri) = index::read_ns(self.bytes(), header.slot.value)?;
        let text = |(from, to): (u32, u32)| {
            std::str::from_utf8(self.bytes().get(from as usize..to as usize)?).ok()
        };
        Some((text(prefix)?, text(uri)?))
    }

    /// The MIME headers of the content.
    #[must_use]
    pub fn content(&self) -> Head<'_> {
        let slots = self.index.slots.get(self.index.content_first..).unwrap_or_default();
        Head::new(self.buffer.raw(), slots, self.buffer.bytes.len() - self.index.body)
    }

    /// What the content is: what its header says, or plain text.
    ///
    /// # Errors
    ///
    /// Two such headers, or one that cannot be read.
    #[inline]
    pub fn content_type(&self) -> Result<ContentType<'_>, ParseError> {
        Ok(self.content().content_type()?.unwrap_or(ContentType::DEFAULT))
    }

    /// The content as it came. It goes on to the end of the message, whatever `Content-Length` says.
    #[must_use]
    pub fn body(&self) -> Bytes {
        self.buffer.bytes.slice(self.index.body..)
    }

    /// The content with its transfer encoding undone.
    ///
    /// # Errors
    ///
    /// An encoding that is not known, or bytes that are none of it.
    pub fn decoded(&self, junk: Junk) -> Result<Bytes, ParseError> {
        let encoding = self.content().transfer_encoding()?;
        let decoded = encoding.decode(&self.body(), junk);
        decoded.map_err(|fault| fault.of(Part::Encoding, self.index.body))
    }

    /// The MIME headers of the content and the content, as they came.
    #[must_use]
    pub fn entity(&self) -> Bytes {
        self.buffer.bytes.slice(self.index.content..)
    }

    /// The whole message as it came.
    #[must_use]
    pub const fn bytes(&self) -> &Bytes {
        &self.buffer.bytes
    }
}

/// A comma list, walked by its words without the white space around them.
pub(crate) fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split(',').map(move |word| {
        let trimmed = word.trim_matches([' ', '\t']);
        (trimmed.as_ptr() as usize - text.as_ptr() as usize, trimmed)
    })
}

/// A word that makes up the whole of what the cursor is over: what an identifier may be in practice.
#[inline]
pub(crate) fn identifier<'a>(cursor: &mut Cursor<'a>, max: usize) -> Result<&'a str, Fault> {
    const WORD: ByteSet = ByteSet::empty().with_range(0x21, 0x7e).with_range(0x80, 0xff);
    let start = cursor.at();
    if cursor.is_end() {
        return Err(cursor.fault(FaultKind::Empty));
    }
    let word = cursor.take(&WORD);
    if word.len() > max {
        return Err(Fault::new(FaultKind::Limit, start + max));
    }
    cursor.finish()?;
    Ok(word)
}

impl std::fmt::Debug for Cpim {
    /// Tells sizes and no content.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cpim")
            .field("headers", &self.headers().len())
            .field("body", &(self.bytes().len() - self.index.body))
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
