//! What waits for a user who was away: a list of deferred messages.
//!
//! CPM V2.0 asks for such a list (size, sender and time of each message, and a way to fetch it) and no public text
//! says how it is written. So this form is this crate's own, and [`DeferredList`] has no more in it than the
//! architecture asks for: whoever learns the true form writes another reader and another writer for the same type.

use bytes::{Bytes, BytesMut};

use crate::xml::{Ns, Reader, Writer, word};
use crate::{DateTime, Limits, ParseError};

/// The media type that this crate uses for its form.
pub const MEDIA_TYPE: &str = "application/vnd.missiva.deferred-list+xml";

/// Deferred messages of one user, oldest first.
///
/// Elements and attributes that it does not know are skipped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct DeferredList {
    /// The messages.
    pub items: Vec<Deferred>,
}

/// One message that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Deferred {
    /// What to ask for it by: its `imdn.Message-ID`.
    pub id: String,
    /// Its size in bytes.
    pub size: u64,
    /// The address of its sender.
    pub from: String,
    /// When it was sent.
    pub date: DateTime,
    /// When it will be discarded.
    pub expires: Option<DateTime>,
    /// Its subject.
    pub subject: Option<String>,
    /// The media type of its content.
    pub content_type: Option<String>,
}

impl DeferredList {
    /// Reads a document.
    ///
    /// # Errors
    ///
    /// What makes it none: markup, a message without id, size, sender or date, a number or a date that is none.
    pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Self, ParseError> {
        let mut reader = Reader::document(bytes, limits, Ns::DeferredList, "deferred-list")?;
        let mut items = Vec::new();
        while let Some(child) = reader.child()? {
            if child == (Ns::DeferredList, "message") {
                items.push(Deferred::read(&mut reader)?);
            } else {
                reader.skip()?;
            }
        }
        reader.finish()?;
        Ok(Self { items })
    }

    /// Appends the document.
    pub fn write(&self, out: &mut BytesMut) {
        let mut writer = Writer::document(out, Ns::DeferredList, "deferred-list");
        for item in &self.items {
            item.write(&mut writer);
        }
        writer.end();
    }

    /// The document alone.
    #[must_use]
    pub fn to_bytes(&self) -> Bytes {
        let mut out = BytesMut::with_capacity(128 + 320 * self.items.len());
        self.write(&mut out);
        out.freeze()
    }
}

impl Deferred {
    fn read(reader: &mut Reader<'_>) -> Result<Self, ParseError> {
        let id = reader.required("id")?.into_owned();
        let (mut size, mut from, mut date, mut expires) = (None, None, None, None);
        let (mut subject, mut content_type) = (None, None);
        while let Some(child) = reader.child()? {
            match child {
                (Ns::DeferredList, "size") => {
                    let bytes = reader.typed("size", word::number)?;
                    reader.once(&mut size, "size", bytes)?;
                }
                (Ns::DeferredList, "from") => {
                    let address = reader.token("from")?;
                    reader.once(&mut from, "from", address)?;
                }
                (Ns::DeferredList, "date") => {
                    let sent = reader.typed("date", word::date)?;
                    reader.once(&mut date, "date", sent)?;
                }
                (Ns::DeferredList, "expires") => {
                    let end = reader.typed("expires", word::date)?;
                    reader.once(&mut expires, "expires", end)?;
                }
                (Ns::DeferredList, "subject") => {
                    let text = reader.string("subject")?;
                    reader.once(&mut subject, "subject", text)?;
                }
                (Ns::DeferredList, "content-type") => {
                    let kind = reader.token("content-type")?;
                    reader.once(&mut content_type, "content-type", kind)?;
                }
                _ => reader.skip()?,
            }
        }
        Ok(Self {
            id,
            size: size.ok_or_else(|| reader.missing("size"))?,
            from: from.ok_or_else(|| reader.missing("from"))?,
            date: date.ok_or_else(|| reader.missing("date"))?,
            expires,
            subject,
            content_type,
        })
    }

    fn write(&self, writer: &mut Writer<'_>) {
        writer.start("message");
        writer.attribute("id", &self.id);
        writer.shown_element("size", Some(self.size));
        writer.element("from", &self.from);
        writer.date("date", Some(&self.date));
        writer.date("expires", self.expires.as_ref());
        writer.optional_element("subject", self.subject.as_deref());
        writer.optional_element("content-type", self.content_type.as_deref());
        writer.end();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Part;
    use crate::xml::samples::{date, maybe, text, token};
    use missiva_core::FaultKind;
    use proptest::prelude::*;

    #[test]
    fn a_message_without_what_a_user_must_know_is_refused() {
        let whole = "<message id='a'><size>1</size><from>tel:+1</from><date>2015-02-17T06:54:27Z</date></message>";
        let table = [
            (" id='a'", FaultKind::Empty, Part::Attribute("id")),
            ("<size>1</size>", FaultKind::Empty, Part::Element("size")),
            ("<from>tel:+1</from>", FaultKind::Empty, Part::Element("from")),
            ("<date>2015-02-17T06:54:27Z</date>", FaultKind::Empty, Part::Element("date")),
            (">1<", FaultKind::Number, Part::Element("size")),
        ];
        let parse = |inside: &str| {
            let xml = format!(
                "<deferred-list xmlns='urn:missiva:xml:ns:deferred-list'>{inside}<x/></deferred-list>"
            );
            DeferredList::parse(xml.as_bytes(), &Limits::DEFAULT)
        };
        assert_eq!(parse(whole).unwrap().items.len(), 1);
        for (without, kind, part) in table {
            let replacement = if without == ">1<" { "><" } else { "" };
            let fault = parse(&whole.replace(without, replacement)).expect_err(without);
            assert_eq!((fault.kind, fault.field), (kind, part), "{without}");
        }
    }

    fn items() -> impl Strategy<Value = Deferred> {
        let optional = (maybe(date()), maybe(text()), maybe(token()));
        (text(), any::<u64>(), token(), date(), optional).prop_map(
            |(id, size, from, date, (expires, subject, content_type))| Deferred {
                id,
                size,
                from,
                date,
                expires,
                subject,
                content_type,
            },
        )
    }

    proptest! {
        #[test]
        fn lists_come_back(items in proptest::collection::vec(items(), 0..4)) {
            let list = DeferredList { items };
            let bytes = list.to_bytes();
            let read = DeferredList::parse(&bytes, &Limits::DEFAULT).unwrap();
            prop_assert_eq!(&read, &list);
            prop_assert_eq!(read.to_bytes(), bytes);
        }
    }
}
