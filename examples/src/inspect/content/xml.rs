//! XML documents: each kind by its name, its media type and its root.

use bytes::Bytes;
use missiva_content::composing::{self, IsComposing};
use missiva_content::conference::{self, ConferenceInfo};
use missiva_content::deferred_list::{self, DeferredList};
use missiva_content::file_info::{self, FileTransfer, ResumeInfo};
use missiva_content::imdn::document::{self as report, Imdn};
use missiva_content::pidf::{self, Presence};
use missiva_content::reginfo::{self, Reginfo};
use missiva_content::resource_lists::{self, ResourceLists};
use missiva_content::stored::{self, FileTransferHistory, GroupState, SessionInfo};
use missiva_content::{ParseError, xml};
use serde_json::{Map, Value};

use super::{Judged, LIMITS, refused};
use crate::inspect::Document;
use crate::inspect::body::Labels;
use crate::inspect::place::Place;

/// What an XML document is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum XmlKind {
    /// A report of what became of a message (RFC 5438).
    Imdn,
    /// Whether somebody is composing (RFC 3994).
    IsComposing,
    /// Recipients (RFC 4826, 5364).
    ResourceLists,
    /// Who takes part in a conference (RFC 4575).
    ConferenceInfo,
    /// Where a file lies (GSMA RCC.07).
    FileTransfer,
    /// How far an upload came.
    ResumeInfo,
    /// Presence and services (RFC 3863).
    Pidf,
    /// Who is registered where (RFC 3680).
    Reginfo,
    /// Messages that wait.
    DeferredList,
    /// What a stored session was.
    SessionInfo,
    /// What a stored file transfer was.
    FileTransferHistory,
    /// What a stored group is.
    GroupState,
}

/// How a kind is known, and how it is read.
struct Row {
    kind: XmlKind,
    name: &'static str,
    media_type: Option<&'static str>,
    /// The root's namespaces, of which the empty one is none, and its name.
    namespaces: &'static [&'static str],
    root: &'static str,
    read: fn(&[u8]) -> Result<Value, ParseError>,
}

macro_rules! row {
    ($kind:ident, $name:literal, $media:expr, $namespaces:expr, $root:literal) => {
        row!($kind: $kind, $name, $media, $namespaces, $root)
    };
    ($kind:ident: $type:ty, $name:literal, $media:expr, $namespaces:expr, $root:literal) => {
        Row {
            kind: XmlKind::$kind,
            name: $name,
            media_type: $media,
            namespaces: &$namespaces,
            root: $root,
            read: |bytes| {
                let value = <$type>::parse(bytes, &LIMITS)?;
                Ok(serde_json::to_value(value).unwrap_or_default())
            },
        }
    };
}

const FILE: [&str; 2] = ["", "urn:gsma:params:xml:ns:rcs:rcs:fthttp"];

const ROWS: [Row; 12] = [
    row!(Imdn, "imdn", Some(report::MEDIA_TYPE), ["urn:ietf:params:xml:ns:imdn"], "imdn"),
    row!(
        IsComposing,
        "iscomposing",
        Some(composing::MEDIA_TYPE),
        ["urn:ietf:params:xml:ns:im-iscomposing"],
        "isComposing"
    ),
    row!(
        ResourceLists,
        "resource-lists",
        Some(resource_lists::MEDIA_TYPE),
        ["urn:ietf:params:xml:ns:resource-lists"],
        "resource-lists"
    ),
    row!(
        ConferenceInfo,
        "conference-info",
        Some(conference::MEDIA_TYPE),
        ["urn:ietf:params:xml:ns:conference-info"],
        "conference-info"
    ),
    row!(FileTransfer, "file-transfer", Some(file_info::MEDIA_TYPE), FILE, "file"),
    row!(ResumeInfo, "file-resume-info", None, FILE, "file-resume-info"),
    row!(Pidf: Presence, "pidf", Some(pidf::MEDIA_TYPE), ["urn:ietf:params:xml:ns:pidf"], "presence"),
    row!(
        Reginfo,
        "reginfo",
        Some(reginfo::MEDIA_TYPE),
        ["urn:ietf:params:xml:ns:reginfo"],
        "reginfo"
    ),
    row!(
        DeferredList,
        "deferred-list",
        Some(deferred_list::MEDIA_TYPE),
        ["urn:missiva:xml:ns:deferred-list"],
        "deferred-list"
    ),
    row!(SessionInfo, "session-info", Some(stored::SESSION_INFO), ANY, "session"),
    row!(
        FileTransferHistory,
        "file-transfer-history",
        Some(stored::FILE_TRANSFER),
        ANY,
        "file-transfer"
    ),
    row!(GroupState, "group-state", Some(stored::GROUP_STATE), ANY, "groupstate"),
];

/// Stored objects have whatever namespace their writer thought of.
const ANY: [&str; 1] = ["*"];

/// The first elements of stored objects that lack their root.
const ROOTLESS: [(&str, XmlKind); 2] =
    [("session-type", XmlKind::SessionInfo), ("file-transfer-type", XmlKind::FileTransferHistory)];

impl XmlKind {
    /// Every kind.
    pub fn all() -> impl Iterator<Item = Self> {
        ROWS.iter().map(|row| row.kind)
    }

    /// The name in documents and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().map_or("xml", |row| row.name)
    }

    /// The kind that bears this name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        ROWS.iter().find(|row| row.name == name).map(|row| row.kind)
    }

    /// The kind of bodies of this media type, spelled in small letters.
    #[must_use]
    pub fn of_media_type(essence: &str) -> Option<Self> {
        ROWS.iter().find(|row| row.media_type == Some(essence)).map(|row| row.kind)
    }

    /// The kind of a document by its root.
    #[must_use]
    pub fn tell(bytes: &[u8]) -> Option<Self> {
        let root = xml::root(bytes, &LIMITS).ok()??;
        let is_root = |row: &&Row| {
            let known = |ns: &&str| *ns == "*" || *ns == root.namespace;
            row.root == root.name && row.namespaces.iter().any(known)
        };
        let rootless = || ROOTLESS.iter().find(|(name, _)| *name == root.name);
        let found = ROWS.iter().find(is_root).map(|row| row.kind);
        found.or_else(|| rootless().map(|(_, kind)| *kind))
    }

    fn row(self) -> Option<&'static Row> {
        ROWS.iter().find(|row| row.kind == self)
    }
}

/// A document of this kind that makes up all of `bytes`.
pub(in crate::inspect) fn document(kind: XmlKind, bytes: &Bytes, place: Place) -> Document {
    let Some(row) = kind.row() else { return Judged::default().document("xml", Map::new(), place) };
    match (row.read)(bytes) {
        Ok(value) => {
            let mut shown = Map::new();
            shown.insert("value".to_owned(), without_nothing(value));
            Judged::default().document(row.name, shown, place)
        }
        Err(error) => refused(error, place),
    }
}

/// A document of whatever kind its root or else its media type says; nothing is said of others.
pub(in crate::inspect) fn any(bytes: &Bytes, labels: Labels<'_>, place: Place) -> Option<Document> {
    let by_type = labels.essence().and_then(|essence| XmlKind::of_media_type(&essence));
    let kind = by_type.or_else(|| XmlKind::tell(bytes))?;
    Some(document(kind, bytes, place))
}

/// A value without the members that say nothing.
fn without_nothing(value: Value) -> Value {
    let says = |value: &Value| match value {
        Value::Null => false,
        Value::Array(items) => !items.is_empty(),
        _ => true,
    };
    match value {
        Value::Object(members) => {
            let members = members.into_iter().filter(|(_, value)| says(value));
            members.map(|(name, value)| (name, without_nothing(value))).collect()
        }
        Value::Array(items) => items.into_iter().map(without_nothing).collect(),
        other => other,
    }
}
