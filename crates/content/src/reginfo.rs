//! Which devices are registered (`application/reginfo+xml`, RFC 3680).
//!
//! Extension elements are kept; public and temporary GRUU (RFC 5628) are typed.

use bytes::{Bytes, BytesMut};
use missiva_core::FaultKind;

use crate::xml::{Extension, Ns, Reader, Writer, word};
use crate::{Limits, ParseError, Part};

/// The media type of the document.
pub const MEDIA_TYPE: &str = "application/reginfo+xml";

/// The registrations of a user's addresses.
///
/// ```
/// use missiva_content::Limits;
/// use missiva_content::reginfo::Reginfo;
///
/// let xml = br#"<reginfo xmlns="urn:ietf:params:xml:ns:reginfo" version="0" state="full">
///   <registration aor="sip:a@example.com" id="r1" state="active">
///     <contact id="c1" state="active" event="registered"><uri>sip:a@192.0.2.1</uri>
///       <unknown-param name="+g.3gpp.icsi-ref">"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.msg"</unknown-param>
///     </contact></registration></reginfo>"#;
/// let info = Reginfo::parse(xml, &Limits::DEFAULT)?;
/// let contact = &info.registrations[0].contacts[0];
/// assert!(contact.param("+G.3gpp.icsi-ref").is_some_and(|value| value.contains("oma.cpm.msg")));
/// # Ok::<(), missiva_content::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Reginfo {
    /// The number of the document within its subscription.
    pub version: u32,
    /// Whether it has all registrations.
    pub state: Extent,
    /// One for each address of record.
    pub registrations: Vec<Registration>,
    /// Extension elements.
    pub extensions: Vec<Extension>,
}

word::words! {
    /// How much a document tells.
    Extent {
        /// All.
        Full = "full",
        /// What is new.
        Partial = "partial",
    }
}

/// The registration of one address.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Registration {
    /// The address of record.
    pub aor: String,
    /// Its name within the subscription.
    pub id: String,
    /// Whether a device is registered.
    pub state: RegistrationState,
    /// The devices.
    pub contacts: Vec<Contact>,
    /// Extension elements.
    pub extensions: Vec<Extension>,
}

word::words! {
    /// Whether a device is registered under an address.
    RegistrationState {
        /// None ever was.
        Init = "init",
        /// One is.
        Active = "active",
        /// None is any more.
        Terminated = "terminated",
    }
}

/// A device under an address.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Contact {
    /// Its name within the subscription.
    pub id: String,
    /// Whether it is registered.
    pub state: ContactState,
    /// What last happened to it.
    pub event: ContactEvent,
    /// Seconds for which it is registered still.
    pub expires: Option<u64>,
    /// Seconds after which it may try again.
    pub retry_after: Option<u64>,
    /// Seconds for which it has been registered.
    pub duration_registered: Option<u64>,
    /// Its weight, as it was written.
    pub q: Option<String>,
    /// The Call-ID of its last REGISTER.
    pub call_id: Option<String>,
    /// The CSeq of its last REGISTER.
    pub cseq: Option<u64>,
    /// Where it is.
    pub uri: String,
    /// What to show for it.
    pub display_name: Option<DisplayName>,
    /// `unknown-param`: parameters of its Contact that RFC 3680 does not name, feature tags among them.
    pub params: Vec<(String, String)>,
    /// Its public GRUU.
    pub pub_gruu: Option<String>,
    /// Its temporary GRUU and the CSeq from which on that holds.
    pub temp_gruu: Option<(String, u32)>,
    /// Extension elements.
    pub extensions: Vec<Extension>,
}

word::words! {
    /// Whether a device is registered.
    ContactState {
        /// It is.
        Active = "active",
        /// It is no more.
        Terminated = "terminated",
    }
}

word::words! {
    /// What last happened to a device's registration.
    ContactEvent {
        /// The device registered.
        Registered = "registered",
        /// It was put there by an administrator.
        Created = "created",
        /// The device registered again.
        Refreshed = "refreshed",
        /// An administrator made it shorter.
        Shortened = "shortened",
        /// It was not refreshed in time.
        Expired = "expired",
        /// An administrator ended it; the device may register at once.
        Deactivated = "deactivated",
        /// An administrator ended it; the device may register later.
        Probation = "probation",
        /// The device ended it.
        Unregistered = "unregistered",
        /// An administrator ended it for good.
        Rejected = "rejected",
    }
}

/// A text to be shown, and its language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct DisplayName {
    /// The text.
    pub text: String,
    /// `xml:lang`.
    pub lang: Option<String>,
}

impl Reginfo {
    /// Reads a document.
    ///
    /// # Errors
    ///
    /// What makes it none: markup, a missing attribute, a contact without `uri`, a word or a number that is none.
    pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Self, ParseError> {
        let mut reader = Reader::document(bytes, limits, Ns::Reginfo, "reginfo")?;
        let mut info = Self {
            version: required(&reader, "version", word::number)?,
            state: required(&reader, "state", Extent::read)?,
            registrations: Vec::new(),
            extensions: Vec::new(),
        };
        while let Some(child) = reader.child()? {
            if child == (Ns::Reginfo, "registration") {
                info.registrations.push(Registration::read(&mut reader)?);
            } else {
                reader.other(Ns::Reginfo, &mut info.extensions)?;
            }
        }
        reader.finish()?;
        Ok(info)
    }

    /// Appends the document.
    pub fn write(&self, out: &mut BytesMut) {
        let mut writer = Writer::document(out, Ns::Reginfo, "reginfo");
        writer.attribute("xmlns:gr", Ns::Gruu.uri());
        writer.shown("version", Some(self.version));
        writer.attribute("state", self.state.as_str());
        for registration in &self.registrations {
            registration.write(&mut writer);
        }
        writer.extensions(&self.extensions);
        writer.end();
    }

    /// The document alone.
    #[must_use]
    pub fn to_bytes(&self) -> Bytes {
        let mut out = BytesMut::with_capacity(1024);
        self.write(&mut out);
        out.freeze()
    }
}

impl Registration {
    fn read(reader: &mut Reader<'_>) -> Result<Self, ParseError> {
        let mut registration = Self {
            aor: reader.required("aor")?.into_owned(),
            id: reader.required("id")?.into_owned(),
            state: required(reader, "state", RegistrationState::read)?,
            contacts: Vec::new(),
            extensions: Vec::new(),
        };
        while let Some(child) = reader.child()? {
            if child == (Ns::Reginfo, "contact") {
                registration.contacts.push(Contact::read(reader)?);
            } else {
                reader.other(Ns::Reginfo, &mut registration.extensions)?;
            }
        }
        Ok(registration)
    }

    fn write(&self, writer: &mut Writer<'_>) {
        writer.start("registration");
        writer.attribute("aor", &self.aor);
        writer.attribute("id", &self.id);
        writer.attribute("state", self.state.as_str());
        for contact in &self.contacts {
            contact.write(writer);
        }
        writer.extensions(&self.extensions);
        writer.end();
    }
}

impl Contact {
    /// A device with nothing but what every one has.
    pub fn new(
        id: impl Into<String>,
        state: ContactState,
        event: ContactEvent,
        uri: impl Into<String>,
    ) -> Self {
        Self {
            id: id.into(),
            state,
            event,
            expires: None,
            retry_after: None,
            duration_registered: None,
            q: None,
            call_id: None,
            cseq: None,
            uri: uri.into(),
            display_name: None,
            params: Vec::new(),
            pub_gruu: None,
            temp_gruu: None,
            extensions: Vec::new(),
        }
    }

    /// The value of a Contact parameter that RFC 3680 does not name; the empty text when it has none.
    #[must_use]
    pub fn param(&self, name: &str) -> Option<&str> {
        let mut named = self.params.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
        named.next().map(|(_, value)| value.as_str())
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, ParseError> {
        let number = |name| reader.typed_attribute(Ns::None, name, word::number);
        let mut contact = Self {
            expires: number("expires")?,
            retry_after: number("retry-after")?,
            duration_registered: number("duration-registered")?,
            q: reader.attribute(Ns::None, "q")?.map(Into::into),
            call_id: reader.attribute(Ns::None, "callid")?.map(Into::into),
            cseq: number("cseq")?,
            ..Self::new(
                reader.required("id")?,
                required(reader, "state", ContactState::read)?,
                required(reader, "event", ContactEvent::read)?,
                "",
            )
        };
        let mut uri = None;
        while let Some(child) = reader.child()? {
            match child {
                (Ns::Reginfo, "uri") => {
                    let address = reader.token("uri")?;
                    reader.once(&mut uri, "uri", address)?;
                }
                _ => contact.read_optional(reader, child)?,
            }
        }
        contact.uri = uri.ok_or_else(|| reader.missing("uri"))?;
        Ok(contact)
    }

    fn read_optional(
        &mut self,
        reader: &mut Reader<'_>,
        child: (Ns, &str),
    ) -> Result<(), ParseError> {
        match child {
            (Ns::Reginfo, "display-name") => {
                let lang = reader.attribute(Ns::Xml, "lang")?.map(Into::into);
                let name = DisplayName { text: reader.string("display-name")?, lang };
                reader.once(&mut self.display_name, "display-name", name)
            }
            (Ns::Reginfo, "unknown-param") => {
                let name = reader.required("name")?.into_owned();
                self.params.push((name, reader.string("unknown-param")?));
                Ok(())
            }
            (Ns::Gruu, "pub-gruu") => {
                let uri = reader.required("uri")?.into_owned();
                reader.once(&mut self.pub_gruu, "pub-gruu", uri)?;
                reader.skip()
            }
            (Ns::Gruu, "temp-gruu") => {
                let uri = reader.required("uri")?.into_owned();
                let first = required(reader, "first-cseq", word::number)?;
                reader.once(&mut self.temp_gruu, "temp-gruu", (uri, first))?;
                reader.skip()
            }
            _ => reader.other(Ns::Reginfo, &mut self.extensions),
        }
    }

    fn write(&self, writer: &mut Writer<'_>) {
        writer.start("contact");
        writer.attribute("id", &self.id);
        writer.attribute("state", self.state.as_str());
        writer.attribute("event", self.event.as_str());
        writer.shown("expires", self.expires);
        writer.shown("retry-after", self.retry_after);
        writer.shown("duration-registered", self.duration_registered);
        writer.optional("q", self.q.as_deref());
        writer.optional("callid", self.call_id.as_deref());
        writer.shown("cseq", self.cseq);
        writer.element("uri", &self.uri);
        if let Some(DisplayName { text, lang }) = &self.display_name {
            writer.start("display-name");
            writer.optional("xml:lang", lang.as_deref());
            writer.text(text);
            writer.end();
        }
        for (name, value) in &self.params {
            writer.start("unknown-param");
            writer.attribute("name", name);
            writer.text(value);
            writer.end();
        }
        if let Some(uri) = &self.pub_gruu {
            writer.start("gr:pub-gruu");
            writer.attribute("uri", uri);
            writer.end();
        }
        if let Some((uri, first)) = &self.temp_gruu {
            writer.start("gr:temp-gruu");
            writer.attribute("uri", uri);
            writer.shown("first-cseq", Some(first));
            writer.end();
        }
        writer.extensions(&self.extensions);
        writer.end();
    }
}

fn required<T>(
    reader: &Reader<'_>,
    name: &'static str,
    read: impl FnOnce(&str) -> Result<T, FaultKind>,
) -> Result<T, ParseError> {
    let value = reader.typed_attribute(Ns::None, name, read)?;
    value.ok_or_else(|| reader.fault(FaultKind::Empty, Part::Attribute(name)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::samples::{extensions, maybe, text, token};
    use proptest::prelude::*;
    use proptest::sample::select;

    const WHOLE: &str = "<reginfo xmlns='urn:ietf:params:xml:ns:reginfo' version='1' state='full'>\
        <registration aor='sip:a@a.example' id='r' state='active'><contact id='c' state='active' event='registered' \
        expires='7'><uri>sip:a@192.0.2.1</uri><unknown-param name='audio'/></contact></registration></reginfo>";

    #[test]
    fn documents_that_are_none_are_refused() {
        let parse = |xml: &str| Reginfo::parse(xml.as_bytes(), &Limits::DEFAULT);
        assert_eq!(parse(WHOLE).unwrap().registrations[0].contacts[0].param("AUDIO"), Some(""));
        let table = [
            ("version='1'", "", FaultKind::Empty, Part::Attribute("version")),
            ("version='1'", "version='x'", FaultKind::Number, Part::Attribute("version")),
            ("state='full'", "", FaultKind::Empty, Part::Attribute("state")),
            ("state='full'", "state='deleted'", FaultKind::Value, Part::Attribute("state")),
            ("aor='sip:a@a.example'", "", FaultKind::Empty, Part::Attribute("aor")),
            ("id='c'", "", FaultKind::Empty, Part::Attribute("id")),
            ("event='registered'", "event='happened'", FaultKind::Value, Part::Attribute("event")),
            ("expires='7'", "expires='-7'", FaultKind::Number, Part::Attribute("expires")),
            ("<uri>sip:a@192.0.2.1</uri>", "", FaultKind::Empty, Part::Element("uri")),
            ("<uri>", "<uri>x</uri><uri>", FaultKind::Conflict, Part::Element("uri")),
            ("name='audio'", "", FaultKind::Empty, Part::Attribute("name")),
        ];
        for (before, after, kind, part) in table {
            let fault = parse(&WHOLE.replace(before, after)).expect_err(after);
            assert_eq!((fault.kind, fault.field), (kind, part), "{before} → {after}");
        }
    }

    fn contacts() -> impl Strategy<Value = Contact> {
        let head = (text(), select(ContactState::ALL), select(ContactEvent::ALL), token());
        let times =
            (maybe(any::<u64>()), maybe(any::<u64>()), maybe(any::<u64>()), maybe(any::<u64>()));
        let texts = (maybe(text()), maybe(text()), maybe(text()), maybe((text(), any::<u32>())));
        let name = maybe(
            (text(), maybe(Just("en".to_owned())))
                .prop_map(|(text, lang)| DisplayName { text, lang }),
        );
        let params = proptest::collection::vec((text(), text()), 0..3);
        (head, times, texts, name, params, extensions()).prop_map(
            |(
                (id, state, event, uri),
                times,
                (q, call_id, pub_gruu, temp_gruu),
                display_name,
                params,
                extensions,
            )| {
                Contact {
                    expires: times.0,
                    retry_after: times.1,
                    duration_registered: times.2,
                    cseq: times.3,
                    q,
                    call_id,
                    display_name,
                    params,
                    pub_gruu,
                    temp_gruu,
                    extensions,
                    ..Contact::new(id, state, event, uri)
                }
            },
        )
    }

    fn registrations() -> impl Strategy<Value = Registration> {
        let contacts = proptest::collection::vec(contacts(), 0..3);
        (text(), text(), select(RegistrationState::ALL), contacts, extensions()).prop_map(
            |(aor, id, state, contacts, extensions)| Registration {
                aor,
                id,
                state,
                contacts,
                extensions,
            },
        )
    }

    proptest! {
        #[test]
        fn documents_come_back(
            version in any::<u32>(),
            state in select(Extent::ALL),
            registrations in proptest::collection::vec(registrations(), 0..3),
            extensions in extensions(),
        ) {
            let info = Reginfo { version, state, registrations, extensions };
            let bytes = info.to_bytes();
            let read = Reginfo::parse(&bytes, &Limits::DEFAULT).unwrap();
            prop_assert_eq!(&read, &info);
            prop_assert_eq!(read.to_bytes(), bytes);
        }
    }
}
