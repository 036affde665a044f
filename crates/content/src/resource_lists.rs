//! Lists of addresses (`application/resource-lists+xml`, RFC 4826) with copy control (RFC 5364).

use bytes::{Bytes, BytesMut};

use crate::xml::{Extension, Ns, Reader, Writer, word};
use crate::{Limits, ParseError};

/// The media type of the document.
pub const MEDIA_TYPE: &str = "application/resource-lists+xml";

/// The address that stands for everybody who must not be named (RFC 5365 section 7.3).
pub const ANONYMOUS: &str = "sip:anonymous@anonymous.invalid";

/// A document of lists.
///
/// Extension elements of lists and of what is in them are kept. The attributes of copy control are read in the
/// namespace of RFC 5364, in the one that some vendors spell with a capital, and without any; other foreign
/// attributes are dropped.
///
/// ```
/// use missiva_content::Limits;
/// use missiva_content::resource_lists::{CopyControl, Entry, ResourceLists};
///
/// let lists = ResourceLists::of([
///     Entry::new("tel:+15145551234").copied(CopyControl::To),
///     Entry::new("sip:bob@example.com").copied(CopyControl::Bcc),
/// ]);
/// let read = ResourceLists::parse(&lists.to_bytes(), &Limits::DEFAULT)?;
/// assert_eq!(read, lists);
/// assert_eq!(read.entries().count(), 2);
/// # Ok::<(), missiva_content::ParseError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ResourceLists {
    /// The lists at the top.
    pub lists: Vec<List>,
}

/// A list of addresses and lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct List {
    /// Its name, unique among its siblings.
    pub name: Option<String>,
    /// What to show for it.
    pub display_name: Option<DisplayName>,
    /// What is in it, in order.
    pub items: Vec<Item>,
    /// Extension elements.
    pub extensions: Vec<Extension>,
}

/// What may be in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
pub enum Item {
    /// A list within it.
    List(List),
    /// An address.
    Entry(Entry),
    /// An address in another document of the same server.
    EntryRef(Reference),
    /// A list in another document.
    External(Reference),
}

/// An address.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Entry {
    /// The address; for a request to a list it may carry header fields (`?Session-Replaces=`) and `;method=BYE`.
    pub uri: String,
    /// What to show for it.
    pub display_name: Option<DisplayName>,
    /// In which capacity the message goes there.
    pub copy_control: Option<CopyControl>,
    /// Whether the others must not see the address.
    pub anonymize: bool,
    /// How many addresses this one stands for.
    pub count: Option<u32>,
    /// Extension elements.
    pub extensions: Vec<Extension>,
}

/// A pointer to another document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Reference {
    /// `ref` of an entry, `anchor` of a list; a list may lack it.
    pub uri: Option<String>,
    /// What to show for it.
    pub display_name: Option<DisplayName>,
    /// Extension elements.
    pub extensions: Vec<Extension>,
}

/// A text to be shown, and its language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct DisplayName {
    /// The text.
    pub text: String,
    /// `xml:lang`.
    pub lang: Option<String>,
}

word::words! {
    /// In which capacity a message goes to an address, as in mail.
    CopyControl {
        /// A recipient whom all see.
        To = "to",
        /// A recipient of a copy, whom all see.
        Cc = "cc",
        /// A recipient of a copy, whom no other sees.
        Bcc = "bcc",
    }
}

impl ResourceLists {
    /// One list without a name, as requests to a list have it.
    #[must_use]
    pub fn of(entries: impl IntoIterator<Item = Entry>) -> Self {
        let items = entries.into_iter().map(Item::Entry).collect();
        Self { lists: vec![List { items, ..List::default() }] }
    }

    /// Every address, in the order of the document, however deep its list.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        let mut open: Vec<_> = self.lists.iter().rev().map(|list| list.items.iter()).collect();
        std::iter::from_fn(move || {
            loop {
                match open.last_mut()?.next() {
                    Some(Item::Entry(entry)) => return Some(entry),
                    Some(Item::List(list)) => open.push(list.items.iter()),
                    Some(Item::EntryRef(_) | Item::External(_)) => {}
                    None => {
                        open.pop();
                    }
                }
            }
        })
    }

    /// What each recipient may see of this list (RFC 5365 section 7.3): those of `bcc` are left out, and those who
    /// must not be named are counted together, one entry for each capacity.
    #[must_use]
    pub fn history(&self) -> Self {
        let mut shown: Vec<Entry> = Vec::new();
        let seen = self.entries().filter(|entry| entry.copy_control != Some(CopyControl::Bcc));
        for entry in seen {
            if !entry.anonymize {
                let copy_control = entry.copy_control;
                let display_name = entry.display_name.clone();
                shown.push(Entry { display_name, copy_control, ..Entry::new(&entry.uri) });
                continue;
            }
            let count = entry.count.unwrap_or(1);
            let same = |one: &&mut Entry| {
                one.uri == ANONYMOUS
                    && one.count.is_some()
                    && one.copy_control == entry.copy_control
            };
            if let Some(known) = shown.iter_mut().find(same) {
                known.count = known.count.map(|before| before.saturating_add(count));
            } else {
                let copy_control = entry.copy_control;
                shown.push(Entry { copy_control, count: Some(count), ..Entry::new(ANONYMOUS) });
            }
        }
        Self::of(shown)
    }

    /// Reads a document.
    ///
    /// # Errors
    ///
    /// What makes it none: markup, an entry without `uri`, a capacity, a number or a truth that is none.
    pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Self, ParseError> {
        let mut reader = Reader::document(bytes, limits, Ns::ResourceLists, "resource-lists")?;
        let mut lists = Vec::new();
        while let Some(child) = reader.child()? {
            if child == (Ns::ResourceLists, "list") {
                lists.push(List::read(&mut reader)?);
            } else {
                reader.skip()?;
            }
        }
        reader.finish()?;
        Ok(Self { lists })
    }

    /// Appends the document.
    pub fn write(&self, out: &mut BytesMut) {
        let mut writer = Writer::document(out, Ns::ResourceLists, "resource-lists");
        writer.attribute("xmlns:cp", Ns::CopyControl.uri());
        for list in &self.lists {
            list.write(&mut writer);
        }
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

impl List {
    /// Reads the list that was just opened, with the lists inside: each waits on a stack of our own.
    fn read(reader: &mut Reader<'_>) -> Result<Self, ParseError> {
        let mut list = Self::open(reader)?;
        let mut outer: Vec<Self> = Vec::new();
        loop {
            match reader.child()? {
                Some((Ns::ResourceLists, "list")) => {
                    let inner = Self::open(reader)?;
                    outer.push(std::mem::replace(&mut list, inner));
                }
                Some((Ns::ResourceLists, "display-name")) => {
                    list.display_name = Some(DisplayName::read(reader)?);
                }
                Some((Ns::ResourceLists, "entry")) => {
                    list.items.push(Item::Entry(Entry::read(reader)?));
                }
                Some((Ns::ResourceLists, "entry-ref")) => {
                    let uri = reader.required("ref")?.into_owned();
                    list.items.push(Item::EntryRef(Reference::read(reader, Some(uri))?));
                }
                Some((Ns::ResourceLists, "external")) => {
                    let uri = reader.attribute(Ns::None, "anchor")?.map(Into::into);
                    list.items.push(Item::External(Reference::read(reader, uri)?));
                }
                Some(_) => reader.other(Ns::ResourceLists, &mut list.extensions)?,
                None => match outer.pop() {
                    None => return Ok(list),
                    Some(mut parent) => {
                        parent.items.push(Item::List(list));
                        list = parent;
                    }
                },
            }
        }
    }

    fn open(reader: &Reader<'_>) -> Result<Self, ParseError> {
        let name = reader.attribute(Ns::None, "name")?.map(Into::into);
        Ok(Self { name, ..Self::default() })
    }

    fn write(&self, writer: &mut Writer<'_>) {
        self.write_start(writer);
        let mut open = vec![(self, self.items.iter())];
        while let Some((list, items)) = open.last_mut() {
            match items.next() {
                Some(Item::List(inner)) => {
                    inner.write_start(writer);
                    open.push((inner, inner.items.iter()));
                }
                Some(Item::Entry(entry)) => entry.write(writer),
                Some(Item::EntryRef(to)) => to.write(writer, "entry-ref", "ref"),
                Some(Item::External(to)) => to.write(writer, "external", "anchor"),
                None => {
                    writer.extensions(&list.extensions);
                    writer.end();
                    open.pop();
                }
            }
        }
    }

    fn write_start(&self, writer: &mut Writer<'_>) {
        writer.start("list");
        writer.optional("name", self.name.as_deref());
        DisplayName::write(self.display_name.as_ref(), writer);
    }
}

impl Entry {
    /// An address and nothing more.
    pub fn new(uri: impl Into<String>) -> Self {
        Self {
            uri: uri.into(),
            display_name: None,
            copy_control: None,
            anonymize: false,
            count: None,
            extensions: Vec::new(),
        }
    }

    /// The same in a capacity.
    #[must_use]
    pub fn copied(self, copy_control: CopyControl) -> Self {
        Self { copy_control: Some(copy_control), ..self }
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, ParseError> {
        let mut entry = Self::new(reader.required("uri")?);
        for ns in [Ns::CopyControl, Ns::None] {
            let capacity = reader.typed_attribute(ns, "copyControl", CopyControl::read)?;
            entry.copy_control = entry.copy_control.or(capacity);
            entry.anonymize |= reader.typed_attribute(ns, "anonymize", word::truth)? == Some(true);
            entry.count = entry.count.or(reader.typed_attribute(ns, "count", word::number)?);
        }
        read_named(reader, &mut entry.display_name, &mut entry.extensions)?;
        Ok(entry)
    }

    fn write(&self, writer: &mut Writer<'_>) {
        writer.start("entry");
        writer.attribute("uri", &self.uri);
        writer.optional("cp:copyControl", self.copy_control.map(CopyControl::as_str));
        writer.optional("cp:anonymize", self.anonymize.then_some("true"));
        writer.shown("cp:count", self.count);
        DisplayName::write(self.display_name.as_ref(), writer);
        writer.extensions(&self.extensions);
        writer.end();
    }
}

impl Reference {
    fn read(reader: &mut Reader<'_>, uri: Option<String>) -> Result<Self, ParseError> {
        let mut to = Self { uri, ..Self::default() };
        read_named(reader, &mut to.display_name, &mut to.extensions)?;
        Ok(to)
    }

    fn write(&self, writer: &mut Writer<'_>, name: &'static str, attribute: &'static str) {
        writer.start(name);
        // The schema has `ref` in every `entry-ref`.
        let needed = (attribute == "ref").then_some("");
        writer.optional(attribute, self.uri.as_deref().or(needed));
        DisplayName::write(self.display_name.as_ref(), writer);
        writer.extensions(&self.extensions);
        writer.end();
    }
}

impl DisplayName {
    fn read(reader: &mut Reader<'_>) -> Result<Self, ParseError> {
        let lang = reader.attribute(Ns::Xml, "lang")?.map(Into::into);
        Ok(Self { text: reader.string("display-name")?, lang })
    }

    fn write(name: Option<&Self>, writer: &mut Writer<'_>) {
        if let Some(Self { text, lang }) = name {
            writer.start("display-name");
            writer.optional("xml:lang", lang.as_deref());
            writer.text(text);
            writer.end();
        }
    }
}

/// The children of an entry and of a reference.
fn read_named(
    reader: &mut Reader<'_>,
    name: &mut Option<DisplayName>,
    extensions: &mut Vec<Extension>,
) -> Result<(), ParseError> {
    while let Some(child) = reader.child()? {
        if child == (Ns::ResourceLists, "display-name") {
            *name = Some(DisplayName::read(reader)?);
        } else {
            reader.other(Ns::ResourceLists, extensions)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Part;
    use crate::xml::samples::{extensions, maybe, text};
    use missiva_core::FaultKind;
    use proptest::prelude::*;

    fn parse(inside: &str) -> Result<ResourceLists, ParseError> {
        let xml = format!(
            "<resource-lists xmlns='urn:ietf:params:xml:ns:resource-lists'>{inside}</resource-lists>"
        );
        ResourceLists::parse(xml.as_bytes(), &Limits::DEFAULT)
    }

    #[test]
    fn copy_control_is_read_in_every_spelling() {
        let spellings = [
            "xmlns:cp='urn:ietf:params:xml:ns:copycontrol' cp:copyControl='bcc' cp:anonymize='true' cp:count='3'",
            "xmlns:cp='urn:ietf:params:xml:ns:copyControl' cp:copyControl='BCC' cp:anonymize='1' cp:count=' 3 '",
            "xmlns:q='urn:ietf:params:xml:ns:copycontrol' q:copyControl=' bcc' q:anonymize='true' q:count='03'",
            "copyControl='bcc' anonymize='true' count='3'",
        ];
        for spelling in spellings {
            let lists = parse(&format!("<list><entry uri='tel:+1' {spelling}/></list>")).unwrap();
            let expected = Entry { anonymize: true, count: Some(3), ..Entry::new("tel:+1") };
            let expected = ResourceLists::of([expected.copied(CopyControl::Bcc)]);
            assert_eq!(lists, expected, "{spelling}");
        }
        let foreign =
            parse("<list><entry uri='tel:+1' xmlns:x='urn:x' x:copyControl='to'/></list>");
        assert_eq!(foreign.unwrap(), ResourceLists::of([Entry::new("tel:+1")]));
    }

    #[test]
    fn lists_that_are_none_are_refused() {
        let table = [
            ("<list><entry/></list>", FaultKind::Empty, Part::Attribute("uri")),
            ("<list><entry-ref/></list>", FaultKind::Empty, Part::Attribute("ref")),
            (
                "<list><entry uri='a' copyControl='too'/></list>",
                FaultKind::Value,
                Part::Attribute("copyControl"),
            ),
            (
                "<list><entry uri='a' anonymize='no'/></list>",
                FaultKind::Value,
                Part::Attribute("anonymize"),
            ),
            (
                "<list><entry uri='a' count='-1'/></list>",
                FaultKind::Number,
                Part::Attribute("count"),
            ),
        ];
        for (inside, kind, part) in table {
            let fault = parse(inside).expect_err(inside);
            assert_eq!((fault.kind, fault.field), (kind, part), "{inside}");
        }
    }

    #[test]
    fn entries_are_found_however_deep() {
        let lists = parse(
            "<list name='a'><entry uri='1'/><list><list><entry uri='2'/></list><external anchor='x'/>\
             <entry uri='3'/></list><entry-ref ref='y'/><entry uri='4'/></list><list><entry uri='5'/></list>",
        );
        let lists = lists.unwrap();
        assert_eq!(lists.entries().map(|entry| entry.uri.as_str()).collect::<String>(), "12345");
    }

    #[test]
    fn a_history_hides_who_must_not_be_named() {
        let hidden = |capacity| Entry {
            anonymize: true,
            ..Entry::new("sip:x@example.com").copied(capacity)
        };
        let lists = ResourceLists::of([
            Entry::new("sip:a@example.com").copied(CopyControl::To),
            hidden(CopyControl::To),
            Entry::new("sip:b@example.com").copied(CopyControl::Bcc),
            hidden(CopyControl::Cc),
            hidden(CopyControl::To),
            hidden(CopyControl::Bcc),
            Entry { count: Some(5), ..hidden(CopyControl::To) },
        ]);
        let anonymous = |capacity, count| Entry {
            count: Some(count),
            ..Entry::new(ANONYMOUS).copied(capacity)
        };
        let expected = ResourceLists::of([
            Entry::new("sip:a@example.com").copied(CopyControl::To),
            anonymous(CopyControl::To, 7),
            anonymous(CopyControl::Cc, 1),
        ]);
        assert_eq!(lists.history(), expected);
    }

    fn names() -> impl Strategy<Value = Option<DisplayName>> {
        let name = (text(), maybe(Just("de-CH".to_owned())));
        maybe(name.prop_map(|(text, lang)| DisplayName { text, lang }))
    }

    fn items() -> impl Strategy<Value = Item> {
        let entry =
            (text(), names(), maybe(proptest::sample::select(CopyControl::ALL)), any::<bool>())
                .prop_flat_map(|(uri, display_name, copy_control, anonymize)| {
                    (maybe(any::<u32>()), extensions()).prop_map(move |(count, extensions)| {
                        let (uri, display_name) = (uri.clone(), display_name.clone());
                        Entry { uri, display_name, copy_control, anonymize, count, extensions }
                    })
                });
        let reference =
            (text(), names(), extensions()).prop_map(|(uri, display_name, extensions)| Reference {
                uri: Some(uri),
                display_name,
                extensions,
            });
        let reference = reference.boxed();
        let leaf = prop_oneof![
            entry.prop_map(Item::Entry),
            reference.clone().prop_map(Item::EntryRef),
            reference.prop_map(Item::External),
        ];
        leaf.prop_recursive(3, 12, 4, |inner| lists(inner).prop_map(Item::List))
    }

    fn lists(inner: impl Strategy<Value = Item>) -> impl Strategy<Value = List> {
        (maybe(text()), names(), proptest::collection::vec(inner, 0..4), extensions()).prop_map(
            |(name, display_name, items, extensions)| List {
                name,
                display_name,
                items,
                extensions,
            },
        )
    }

    proptest! {
        #[test]
        fn lists_come_back(lists in proptest::collection::vec(lists(items()), 0..3)) {
            let lists = ResourceLists { lists };
            let bytes = lists.to_bytes();
            let read = ResourceLists::parse(&bytes, &Limits::DEFAULT).unwrap();
            prop_assert_eq!(&read, &lists);
            prop_assert_eq!(read.to_bytes(), bytes);
        }
    }
}
