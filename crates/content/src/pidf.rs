//! Presence (`application/pidf+xml`, RFC 3863) with OMA's descriptions of services: what a contact can do.
//!
//! Extension elements of the document, of tuples and of their status are kept, each in its place.

use bytes::{Bytes, BytesMut};
use missiva_core::FaultKind;

use crate::xml::{Extension, Ns, Reader, Writer, word};
use crate::{DateTime, Limits, ParseError, Part};

/// The media type of the document.
pub const MEDIA_TYPE: &str = "application/pidf+xml";

/// What is known of somebody's presence.
///
/// ```
/// use missiva_content::Limits;
/// use missiva_content::pidf::{Basic, Presence, Service, Tuple};
///
/// let mut presence = Presence::new("tel:+15145551234");
/// presence.tuples.push(Tuple {
///     basic: Some(Basic::Open),
///     service: Some(Service::new(Service::CHAT, "2.0")),
///     ..Tuple::new("t1")
/// });
/// let read = Presence::parse(&presence.to_bytes(), &Limits::DEFAULT)?;
/// assert!(read.offers(Service::CHAT, "2.0"));
/// # Ok::<(), missiva_content::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Presence {
    /// Whose presence it is.
    pub entity: String,
    /// One for each service and device.
    pub tuples: Vec<Tuple>,
    /// Remarks.
    pub notes: Vec<Note>,
    /// Extension elements: persons and devices of the data model (RFC 4479) among them.
    pub extensions: Vec<Extension>,
}

/// A way to reach somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Tuple {
    /// Its name in the document: an XML name.
    pub id: String,
    /// Whether it works now.
    pub basic: Option<Basic>,
    /// Extension elements of its status.
    pub status_extensions: Vec<Extension>,
    /// Which service it is.
    pub service: Option<Service>,
    /// Extension elements: capabilities, devices.
    pub extensions: Vec<Extension>,
    /// Where.
    pub contact: Option<Contact>,
    /// Remarks.
    pub notes: Vec<Note>,
    /// Since when.
    pub timestamp: Option<DateTime>,
}

word::words! {
    /// Whether somebody can be reached.
    Basic {
        /// Yes.
        Open = "open",
        /// No.
        Closed = "closed",
    }
}

/// OMA's description of a service.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Service {
    /// Its name.
    pub id: String,
    /// Its version: numbers with a point between.
    pub version: String,
    /// What to show for it.
    pub description: Option<String>,
}

/// An address and its weight.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Contact {
    /// The address.
    pub uri: String,
    /// How much it is preferred over others, in thousandths: at most 1000.
    pub priority: Option<u16>,
}

/// A remark and its language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Note {
    /// The text.
    pub text: String,
    /// `xml:lang`.
    pub lang: Option<String>,
}

impl Service {
    /// CPM chat in version 2.0, SIMPLE chat (as [`IM_SESSION`](Self::IM_SESSION)) in 1.0.
    pub const CHAT: &'static str = "org.openmobilealliance:ChatSession";
    /// Chat of SIMPLE IM.
    pub const IM_SESSION: &'static str = "org.openmobilealliance:IM-session";
    /// Pager and large messages.
    pub const STANDALONE: &'static str = "org.openmobilealliance:StandaloneMsg";
    /// Files over MSRP.
    pub const FILE_TRANSFER: &'static str = "org.openmobilealliance:File-Transfer";
    /// Files over HTTP.
    pub const FILE_TRANSFER_HTTP: &'static str = "org.openmobilealliance:File-Transfer-HTTP";

    /// A service without a text to show.
    pub fn new(id: impl Into<String>, version: impl Into<String>) -> Self {
        Self { id: id.into(), version: version.into(), description: None }
    }
}

impl Presence {
    /// Somebody of whom nothing is known.
    pub fn new(entity: impl Into<String>) -> Self {
        Self {
            entity: entity.into(),
            tuples: Vec::new(),
            notes: Vec::new(),
            extensions: Vec::new(),
        }
    }

    /// Whether an open tuple has this service in this version.
    #[must_use]
    pub fn offers(&self, id: &str, version: &str) -> bool {
        let open = self.tuples.iter().filter(|tuple| tuple.basic == Some(Basic::Open));
        open.filter_map(|tuple| tuple.service.as_ref())
            .any(|service| service.id == id && service.version == version)
    }

    /// Reads a document.
    ///
    /// # Errors
    ///
    /// What makes it none: markup, no `entity`, a tuple without `id` or status, a word, a priority or a date that is
    /// none.
    pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Self, ParseError> {
        let mut reader = Reader::document(bytes, limits, Ns::Pidf, "presence")?;
        let mut presence = Self::new(reader.required("entity")?);
        while let Some(child) = reader.child()? {
            match child {
                (Ns::Pidf, "tuple") => presence.tuples.push(Tuple::read(&mut reader)?),
                (Ns::Pidf, "note") => presence.notes.push(Note::read(&mut reader)?),
                _ => reader.other(Ns::Pidf, &mut presence.extensions)?,
            }
        }
        reader.finish()?;
        Ok(presence)
    }

    /// Appends the document.
    pub fn write(&self, out: &mut BytesMut) {
        let mut writer = Writer::document(out, Ns::Pidf, "presence");
        writer.attribute("xmlns:op", Ns::OmaPresence.uri());
        writer.attribute("entity", &self.entity);
        for tuple in &self.tuples {
            tuple.write(&mut writer);
        }
        Note::write_all(&self.notes, &mut writer);
        writer.extensions(&self.extensions);
        writer.end();
    }

    /// The document alone.
    #[must_use]
    pub fn to_bytes(&self) -> Bytes {
        let mut out = BytesMut::with_capacity(256 + 384 * self.tuples.len());
        self.write(&mut out);
        out.freeze()
    }
}

impl Tuple {
    /// A tuple with nothing but its name.
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            basic: None,
            status_extensions: Vec::new(),
            service: None,
            extensions: Vec::new(),
            contact: None,
            notes: Vec::new(),
            timestamp: None,
        }
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, ParseError> {
        let mut tuple = Self::new(reader.required("id")?);
        let mut status = None;
        while let Some(child) = reader.child()? {
            match child {
                (Ns::Pidf, "status") => {
                    reader.once(&mut status, "status", ())?;
                    tuple.read_status(reader)?;
                }
                (Ns::OmaPresence, "service-description") => {
                    let service = Service::read(reader)?;
                    reader.once(&mut tuple.service, "service-description", service)?;
                }
                (Ns::Pidf, "contact") => {
                    let contact = Contact::read(reader)?;
                    reader.once(&mut tuple.contact, "contact", contact)?;
                }
                (Ns::Pidf, "note") => tuple.notes.push(Note::read(reader)?),
                (Ns::Pidf, "timestamp") => {
                    let since = reader.typed("timestamp", word::date)?;
                    reader.once(&mut tuple.timestamp, "timestamp", since)?;
                }
                _ => reader.other(Ns::Pidf, &mut tuple.extensions)?,
            }
        }
        status.ok_or_else(|| reader.missing("status"))?;
        Ok(tuple)
    }

    fn read_status(&mut self, reader: &mut Reader<'_>) -> Result<(), ParseError> {
        while let Some(child) = reader.child()? {
            if child == (Ns::Pidf, "basic") {
                let basic = reader.typed("basic", Basic::read)?;
                reader.once(&mut self.basic, "basic", basic)?;
            } else {
                reader.other(Ns::Pidf, &mut self.status_extensions)?;
            }
        }
        Ok(())
    }

    fn write(&self, writer: &mut Writer<'_>) {
        writer.start("tuple");
        writer.attribute("id", &self.id);
        writer.start("status");
        writer.optional_element("basic", self.basic.map(Basic::as_str));
        writer.extensions(&self.status_extensions);
        writer.end();
        if let Some(Service { id, version, description }) = &self.service {
            writer.start("op:service-description");
            writer.element("op:service-id", id);
            writer.element("op:version", version);
            writer.optional_element("op:description", description.as_deref());
            writer.end();
        }
        writer.extensions(&self.extensions);
        if let Some(Contact { uri, priority }) = &self.contact {
            writer.start("contact");
            writer.shown("priority", priority.map(Thousandths));
            writer.text(uri);
            writer.end();
        }
        Note::write_all(&self.notes, writer);
        writer.date("timestamp", self.timestamp.as_ref());
        writer.end();
    }
}

impl Service {
    fn read(reader: &mut Reader<'_>) -> Result<Self, ParseError> {
        let (mut id, mut version, mut description) = (None, None, None);
        while let Some(child) = reader.child()? {
            match child {
                (Ns::OmaPresence, "service-id") => {
                    let name = reader.token("service-id")?;
                    reader.once(&mut id, "service-id", name)?;
                }
                (Ns::OmaPresence, "version") => {
                    let number = reader.token("version")?;
                    reader.once(&mut version, "version", number)?;
                }
                // It may stand once for each language; the first is kept.
                (Ns::OmaPresence, "description") if description.is_none() => {
                    description = Some(reader.string("description")?);
                }
                _ => reader.skip()?,
            }
        }
        Ok(Self {
            id: id.ok_or_else(|| reader.missing("service-id"))?,
            version: version.ok_or_else(|| reader.missing("version"))?,
            description,
        })
    }
}

impl Contact {
    fn read(reader: &mut Reader<'_>) -> Result<Self, ParseError> {
        let priority = reader.typed_attribute(Ns::None, "priority", read_thousandths)?;
        let uri = reader.typed("contact", |text| Ok(text.to_owned()))?;
        if uri.is_empty() {
            return Err(reader.fault(FaultKind::Empty, Part::Element("contact")));
        }
        Ok(Self { uri, priority })
    }
}

impl Note {
    fn read(reader: &mut Reader<'_>) -> Result<Self, ParseError> {
        let lang = reader.attribute(Ns::Xml, "lang")?.map(Into::into);
        Ok(Self { text: reader.string("note")?, lang })
    }

    fn write_all(notes: &[Self], writer: &mut Writer<'_>) {
        for Self { text, lang } in notes {
            writer.start("note");
            writer.optional("xml:lang", lang.as_deref());
            writer.text(text);
            writer.end();
        }
    }
}

/// A quality value: from 0 to 1 with at most three digits behind the point.
#[derive(Clone, Copy)]
struct Thousandths(u16);

impl std::fmt::Display for Thousandths {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let value = self.0.min(1000);
        write!(f, "{}.{:03}", value / 1000, value % 1000)
    }
}

fn read_thousandths(text: &str) -> Result<u16, FaultKind> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let whole: u16 = word::number(whole)?;
    if fraction.len() > 3 || whole > 1 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(FaultKind::Number);
    }
    let fraction: u16 = word::number(&format!("{fraction:0<3}"))?;
    let value = whole * 1000 + fraction;
    if value <= 1000 { Ok(value) } else { Err(FaultKind::Number) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::samples::{date, extensions, maybe, text, token};
    use proptest::prelude::*;
    use proptest::sample::select;

    fn parse(inside: &str) -> Result<Presence, ParseError> {
        let xml = format!(
            "<p:presence xmlns:p='urn:ietf:params:xml:ns:pidf' xmlns:o='urn:oma:xml:prs:pidf:oma-pres' \
             entity='tel:+1'>{inside}</p:presence>"
        );
        Presence::parse(xml.as_bytes(), &Limits::DEFAULT)
    }

    #[test]
    fn priorities_have_three_digits_at_most() {
        let table = [
            ("0", 0),
            ("1", 1000),
            ("0.5", 500),
            ("0.05", 50),
            ("1.000", 1000),
            ("0.999", 999),
            ("1.", 1000),
        ];
        for (text, value) in table {
            assert_eq!(read_thousandths(text), Ok(value), "{text}");
        }
        for text in ["", ".5", "1.001", "2", "0.0005", "-0.5", "0.x", "1.0.0"] {
            assert_eq!(read_thousandths(text), Err(FaultKind::Number), "{text}");
        }
    }

    #[test]
    fn documents_that_are_none_are_refused() {
        let tuple = |inside: &str| format!("<p:tuple id='a'>{inside}</p:tuple>");
        let service =
            "<o:service-description><o:service-id>x</o:service-id></o:service-description>";
        let table = [
            ("<p:tuple/>".to_owned(), FaultKind::Empty, Part::Attribute("id")),
            (tuple(""), FaultKind::Empty, Part::Element("status")),
            (tuple("<p:status/><p:status/>"), FaultKind::Conflict, Part::Element("status")),
            (
                tuple("<p:status><p:basic>ajar</p:basic></p:status>"),
                FaultKind::Value,
                Part::Element("basic"),
            ),
            (tuple(&format!("<p:status/>{service}")), FaultKind::Empty, Part::Element("version")),
            (
                tuple("<p:status/><p:contact priority='7'>x</p:contact>"),
                FaultKind::Number,
                Part::Attribute("priority"),
            ),
            (
                tuple("<p:status/><p:contact> </p:contact>"),
                FaultKind::Empty,
                Part::Element("contact"),
            ),
            (
                tuple("<p:status/><p:timestamp>x</p:timestamp>"),
                FaultKind::Unexpected,
                Part::Element("timestamp"),
            ),
        ];
        for (inside, kind, part) in table {
            let fault = parse(&inside).expect_err(&inside);
            assert_eq!((fault.kind, fault.field), (kind, part), "{inside}");
        }
    }

    #[test]
    fn a_service_is_offered_by_an_open_tuple_only() {
        let tuple = |basic: &str| {
            format!(
                "<p:tuple id='a'><p:status><p:basic>{basic}</p:basic></p:status><o:service-description>\
                 <o:service-id>org.openmobilealliance:ChatSession</o:service-id><o:version>2.0</o:version>\
                 <o:description>Chat</o:description><o:description>Plaudern</o:description>\
                 </o:service-description></p:tuple>"
            )
        };
        for (basic, offered) in [("open", true), ("closed", false)] {
            let presence = parse(&tuple(basic)).unwrap();
            assert_eq!(presence.offers(Service::CHAT, "2.0"), offered);
            assert!(!presence.offers(Service::CHAT, "1.0"));
            assert_eq!(
                presence.tuples[0].service.as_ref().unwrap().description.as_deref(),
                Some("Chat")
            );
        }
    }

    fn notes() -> impl Strategy<Value = Vec<Note>> {
        let note =
            (text(), maybe(Just("fr".to_owned()))).prop_map(|(text, lang)| Note { text, lang });
        proptest::collection::vec(note, 0..3)
    }

    fn tuples() -> impl Strategy<Value = Tuple> {
        let service = (token(), token(), maybe(text()))
            .prop_map(|(id, version, description)| Service { id, version, description });
        let contact =
            (token(), maybe(0..=1000_u16)).prop_map(|(uri, priority)| Contact { uri, priority });
        let status = (maybe(select(Basic::ALL)), extensions());
        (token(), status, maybe(service), extensions(), maybe(contact), notes(), maybe(date()))
            .prop_map(
                |(
                    id,
                    (basic, status_extensions),
                    service,
                    extensions,
                    contact,
                    notes,
                    timestamp,
                )| Tuple {
                    id,
                    basic,
                    status_extensions,
                    service,
                    extensions,
                    contact,
                    notes,
                    timestamp,
                },
            )
    }

    proptest! {
        #[test]
        fn documents_come_back(
            entity in text(),
            tuples in proptest::collection::vec(tuples(), 0..3),
            notes in notes(),
            extensions in extensions(),
        ) {
            let presence = Presence { entity, tuples, notes, extensions };
            let bytes = presence.to_bytes();
            let read = Presence::parse(&bytes, &Limits::DEFAULT).unwrap();
            prop_assert_eq!(&read, &presence);
            prop_assert_eq!(read.to_bytes(), bytes);
        }
    }
}
