//! The document that reports what became of a message (`message/imdn+xml`, RFC 5438 section 7).

use bytes::{Bytes, BytesMut};
use missiva_core::FaultKind;

use crate::xml::{Extension, Ns, Reader, Writer};
use crate::{Limits, ParseError};

/// The media type of the document.
pub const MEDIA_TYPE: &str = "message/imdn+xml";

/// A report about one message to one recipient.
///
/// Extension elements of the document and of its status are kept, each in its place; elements of the document's own
/// namespace that RFC 5438 does not know are skipped.
///
/// ```
/// use missiva_content::Limits;
/// use missiva_content::imdn::document::{Delivery, Disposition, Imdn};
///
/// let report = Imdn::new("PH7qAIV8cgH5", "2015-02-17T06:54:27Z", Disposition::Delivery(Delivery::Delivered));
/// let read = Imdn::parse(&report.to_bytes(), &Limits::DEFAULT)?;
/// assert_eq!(read, report);
/// # Ok::<(), missiva_content::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Imdn {
    /// The `imdn.Message-ID` of the message reported on.
    pub message_id: String,
    /// The `DateTime` of that message, as it stood there; some clients put the time of the report. Advisory, hence
    /// text: [`DateTime`](crate::DateTime) reads it when it is one.
    pub datetime: String,
    /// Whom the message reached, where the sender could not tell by itself: after a list server or a redirection.
    pub recipient: Option<Recipient>,
    /// What became of the message. `None` only where an extension says it.
    pub disposition: Option<Disposition>,
    /// Extension elements beside the disposition's.
    pub status_extensions: Vec<Extension>,
    /// Extension elements of the document.
    pub extensions: Vec<Extension>,
}

/// Whom a message reached. The schema has both addresses or none; a document with one of them has it for both.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Recipient {
    /// The address of the one who reports.
    pub uri: String,
    /// The address that the sender wrote.
    pub original_uri: String,
    /// The subject of the message. Where no address stands with it, it has no place and is skipped.
    pub subject: Option<String>,
}

/// Which kind of report it is, and what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
pub enum Disposition {
    /// Whether the message reached the recipient's device.
    Delivery(Delivery),
    /// Whether the recipient saw the message.
    Display(Display),
    /// What an intermediary did with the message.
    Processing(Processing),
}

/// Whether the message reached the recipient's device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
pub enum Delivery {
    /// It did.
    Delivered,
    /// It did not, and will not.
    Failed,
    /// The recipient does not tell.
    Forbidden,
    /// Nobody knows.
    Error,
}

/// Whether the recipient saw the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
pub enum Display {
    /// It was shown.
    Displayed,
    /// The recipient does not tell.
    Forbidden,
    /// Nobody knows.
    Error,
}

/// What an intermediary did with the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
pub enum Processing {
    /// It passed the message on.
    Processed,
    /// It keeps the message for later.
    Stored,
    /// It does not tell.
    Forbidden,
    /// Nobody knows.
    Error,
}

impl Imdn {
    /// A report with nothing but what every report has.
    pub fn new(
        message_id: impl Into<String>,
        datetime: impl Into<String>,
        disposition: Disposition,
    ) -> Self {
        Self {
            message_id: message_id.into(),
            datetime: datetime.into(),
            recipient: None,
            disposition: Some(disposition),
            status_extensions: Vec::new(),
            extensions: Vec::new(),
        }
    }

    /// Reads a document.
    ///
    /// # Errors
    ///
    /// What makes it none: markup, a missing id or date, no disposition or two, a status that its kind does not have.
    pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Self, ParseError> {
        let mut reader = Reader::document(bytes, limits, Ns::Imdn, "imdn")?;
        let mut draft = Draft::default();
        while let Some(child) = reader.child()? {
            draft.read(&mut reader, child)?;
        }
        let report = draft.finish(&reader)?;
        reader.finish()?;
        Ok(report)
    }

    /// Appends the document.
    pub fn write(&self, out: &mut BytesMut) {
        let mut writer = Writer::document(out, Ns::Imdn, "imdn");
        writer.element("message-id", &self.message_id);
        writer.element("datetime", &self.datetime);
        if let Some(Recipient { uri, original_uri, subject }) = &self.recipient {
            writer.element("recipient-uri", uri);
            writer.element("original-recipient-uri", original_uri);
            writer.optional_element("subject", subject.as_deref());
        }
        if let Some(disposition) = self.disposition {
            let (kind, status) = disposition.names();
            writer.start(kind);
            writer.start("status");
            writer.empty(status);
            writer.extensions(&self.status_extensions);
            writer.end();
            writer.end();
        }
        writer.extensions(&self.extensions);
        writer.end();
    }

    /// The document alone.
    #[must_use]
    pub fn to_bytes(&self) -> Bytes {
        let mut out = BytesMut::with_capacity(512);
        self.write(&mut out);
        out.freeze()
    }
}

impl Disposition {
    /// Each disposition with the names of its two elements.
    const ALL: [(Self, &'static str, &'static str); 11] = [
        (Self::Delivery(Delivery::Delivered), DELIVERY, "delivered"),
        (Self::Delivery(Delivery::Failed), DELIVERY, "failed"),
        (Self::Delivery(Delivery::Forbidden), DELIVERY, "forbidden"),
        (Self::Delivery(Delivery::Error), DELIVERY, "error"),
        (Self::Display(Display::Displayed), DISPLAY, "displayed"),
        (Self::Display(Display::Forbidden), DISPLAY, "forbidden"),
        (Self::Display(Display::Error), DISPLAY, "error"),
        (Self::Processing(Processing::Processed), PROCESSING, "processed"),
        (Self::Processing(Processing::Stored), PROCESSING, "stored"),
        (Self::Processing(Processing::Forbidden), PROCESSING, "forbidden"),
        (Self::Processing(Processing::Error), PROCESSING, "error"),
    ];

    fn of(kind: &str, status: &str) -> Option<Self> {
        Self::ALL.iter().find(|one| (one.1, one.2) == (kind, status)).map(|one| one.0)
    }

    fn names(self) -> (&'static str, &'static str) {
        Self::ALL.iter().find(|one| one.0 == self).map_or((DELIVERY, "error"), |one| (one.1, one.2))
    }
}

const DELIVERY: &str = "delivery-notification";
const DISPLAY: &str = "display-notification";
const PROCESSING: &str = "processing-notification";

/// What is read so far.
#[derive(Default)]
struct Draft {
    message_id: Option<String>,
    datetime: Option<String>,
    uri: Option<String>,
    original_uri: Option<String>,
    subject: Option<String>,
    disposition: Option<Disposition>,
    status_extensions: Vec<Extension>,
    extensions: Vec<Extension>,
}

impl Draft {
    fn read(&mut self, reader: &mut Reader<'_>, child: (Ns, &str)) -> Result<(), ParseError> {
        let (field, name, value) = match child {
            (Ns::Imdn, "message-id") => {
                (&mut self.message_id, "message-id", reader.token("message-id")?)
            }
            (Ns::Imdn, "datetime") => (&mut self.datetime, "datetime", reader.string("datetime")?),
            (Ns::Imdn, "recipient-uri") => {
                (&mut self.uri, "recipient-uri", reader.token("recipient-uri")?)
            }
            (Ns::Imdn, "original-recipient-uri") => {
                let uri = reader.token("original-recipient-uri")?;
                (&mut self.original_uri, "original-recipient-uri", uri)
            }
            (Ns::Imdn, "subject") => (&mut self.subject, "subject", reader.string("subject")?),
            (Ns::Imdn, "delivery-notification") => return self.notification(reader, DELIVERY),
            (Ns::Imdn, "display-notification") => return self.notification(reader, DISPLAY),
            (Ns::Imdn, "processing-notification") => return self.notification(reader, PROCESSING),
            _ => return reader.other(Ns::Imdn, &mut self.extensions),
        };
        reader.once(field, name, value)
    }

    fn notification(
        &mut self,
        reader: &mut Reader<'_>,
        kind: &'static str,
    ) -> Result<(), ParseError> {
        let mut found = None;
        while let Some(child) = reader.child()? {
            if child == (Ns::Imdn, "status") {
                let status = self.status(reader, kind)?;
                reader.once(&mut found, "status", status)?;
            } else {
                reader.skip()?;
            }
        }
        let status = found.ok_or_else(|| reader.missing("status"))?;
        // Two reports in one document, of which one would be lost.
        reader.once(&mut self.disposition, kind, status)
    }

    fn status(
        &mut self,
        reader: &mut Reader<'_>,
        kind: &'static str,
    ) -> Result<Disposition, ParseError> {
        let mut found = None;
        while let Some((ns, name)) = reader.child()? {
            if ns == Ns::Imdn {
                let known = Disposition::of(kind, name);
                let status = known.ok_or_else(|| {
                    reader.fault(FaultKind::Value, crate::Part::Element("status"))
                })?;
                reader.once(&mut found, "status", status)?;
                reader.skip()?;
            } else {
                reader.other(Ns::Imdn, &mut self.status_extensions)?;
            }
        }
        found.ok_or_else(|| reader.missing("status"))
    }

    fn finish(self, reader: &Reader<'_>) -> Result<Imdn, ParseError> {
        if self.disposition.is_none() && self.extensions.is_empty() {
            return Err(reader.missing(DELIVERY));
        }
        let subject = self.subject;
        let recipient = match (self.uri, self.original_uri) {
            (None, None) => None,
            (Some(uri), None) => Some((uri.clone(), uri)),
            (None, Some(uri)) => Some((uri.clone(), uri)),
            (Some(uri), Some(original)) => Some((uri, original)),
        };
        Ok(Imdn {
            message_id: self.message_id.ok_or_else(|| reader.missing("message-id"))?,
            datetime: self.datetime.ok_or_else(|| reader.missing("datetime"))?,
            recipient: recipient.map(|(uri, original_uri)| Recipient {
                uri,
                original_uri,
                subject,
            }),
            disposition: self.disposition,
            status_extensions: self.status_extensions,
            extensions: self.extensions,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Part;
    use crate::xml::samples::{extensions, text, token};
    use proptest::prelude::*;

    fn parse(inside: &str) -> Result<Imdn, ParseError> {
        let xml = format!("<imdn xmlns='urn:ietf:params:xml:ns:imdn'>{inside}</imdn>");
        Imdn::parse(xml.as_bytes(), &Limits::DEFAULT)
    }

    const HEAD: &str =
        "<message-id> 34jk324j </message-id><datetime>2008-04-04T12:16:49-05:00</datetime>";

    #[test]
    fn every_status_of_every_kind_is_told_apart() {
        for (disposition, kind, status) in Disposition::ALL {
            let report = parse(&format!("{HEAD}<{kind}><status><{status}/></status></{kind}>"));
            let expected = Imdn::new("34jk324j", "2008-04-04T12:16:49-05:00", disposition);
            assert_eq!(report, Ok(expected), "{kind} {status}");
        }
    }

    #[test]
    fn reports_that_are_none_are_refused() {
        let delivered =
            "<delivery-notification><status><delivered/></status></delivery-notification>";
        let displayed =
            "<display-notification><status><displayed/></status></display-notification>";
        let table = [
            (delivered.to_owned(), FaultKind::Empty, "message-id"),
            (format!("<message-id>a</message-id>{delivered}"), FaultKind::Empty, "datetime"),
            (format!("<message-id> </message-id>{delivered}"), FaultKind::Empty, "message-id"),
            (HEAD.to_owned(), FaultKind::Empty, "delivery-notification"),
            (format!("{HEAD}{HEAD}{delivered}"), FaultKind::Conflict, "message-id"),
            (format!("{HEAD}{delivered}{displayed}"), FaultKind::Conflict, "display-notification"),
            (format!("{HEAD}<delivery-notification/>"), FaultKind::Empty, "status"),
            (
                format!("{HEAD}<delivery-notification><status/></delivery-notification>"),
                FaultKind::Empty,
                "status",
            ),
            (
                format!(
                    "{HEAD}<display-notification><status><delivered/></status></display-notification>"
                ),
                FaultKind::Value,
                "status",
            ),
            (
                format!(
                    "{HEAD}<delivery-notification><status><delivered/><failed/></status></delivery-notification>"
                ),
                FaultKind::Conflict,
                "status",
            ),
        ];
        for (inside, kind, element) in table {
            let fault = parse(&inside).expect_err(&inside);
            assert_eq!((fault.kind, fault.field), (kind, Part::Element(element)), "{inside}");
        }
    }

    #[test]
    fn one_address_stands_for_both() {
        let report = "<delivery-notification><status><failed/></status></delivery-notification>";
        let read = parse(&format!("{HEAD}<recipient-uri>tel:+1</recipient-uri>{report}")).unwrap();
        let recipient =
            Recipient { uri: "tel:+1".into(), original_uri: "tel:+1".into(), subject: None };
        assert_eq!(read.recipient, Some(recipient));
        let read = parse(&format!("{HEAD}<subject>x</subject>{report}")).unwrap();
        assert_eq!(read.recipient, None);
    }

    #[test]
    fn an_extension_may_say_what_became_of_the_message() {
        let read =
            parse(&format!("{HEAD}<i:legacy xmlns:i='urn:example:iw'/><note>kept out</note>"))
                .unwrap();
        assert_eq!((read.disposition, read.extensions.len()), (None, 1));
        assert_eq!(read.extensions[0].namespace(), "urn:example:iw");
    }

    fn reports() -> impl Strategy<Value = Imdn> {
        let recipient = (token(), token(), proptest::option::of(text()))
            .prop_map(|(uri, original_uri, subject)| Recipient { uri, original_uri, subject });
        let disposition = proptest::sample::select(&Disposition::ALL[..]).prop_map(|one| one.0);
        (token(), text(), proptest::option::of(recipient), disposition, extensions(), extensions())
            .prop_map(
                |(message_id, datetime, recipient, disposition, status_extensions, extensions)| {
                    Imdn {
                        message_id,
                        datetime,
                        recipient,
                        disposition: Some(disposition),
                        status_extensions,
                        extensions,
                    }
                },
            )
    }

    proptest! {
        #[test]
        fn reports_come_back(report in reports()) {
            let bytes = report.to_bytes();
            let read = Imdn::parse(&bytes, &Limits::DEFAULT).unwrap();
            prop_assert_eq!(&read, &report);
            prop_assert_eq!(read.to_bytes(), bytes);
        }
    }
}
