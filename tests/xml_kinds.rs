//! Every kind of XML document, by the folder of its fixtures.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot read the repository has nothing to report"
)]
#![allow(dead_code, reason = "shared by two tests, of which each needs its part")]

use std::env;
use std::fmt::Debug;
use std::fs;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use missiva_content::composing::IsComposing;
use missiva_content::conference::ConferenceInfo;
use missiva_content::deferred_list::DeferredList;
use missiva_content::file_info::{FileTransfer, ResumeInfo};
use missiva_content::imdn::document::Imdn;
use missiva_content::pidf::Presence;
use missiva_content::reginfo::Reginfo;
use missiva_content::resource_lists::ResourceLists;
use missiva_content::stored::{FileTransferHistory, GroupState, SessionInfo, Shape};
use missiva_content::{Limits, ParseError};

/// A kind of document.
pub(crate) struct Kind {
    /// The folder of its fixtures.
    pub(crate) folder: &'static str,
    /// Its root in an empty document.
    pub(crate) root: &'static str,
    /// Reads a document and writes it again.
    pub(crate) read: fn(&[u8], &Limits) -> Result<Read, ParseError>,
    /// The schema that a written document keeps.
    pub(crate) schema: fn(&str) -> &'static str,
}

/// What was read.
#[derive(Debug, PartialEq)]
pub(crate) struct Read {
    /// The value.
    pub(crate) shown: String,
    /// The value as it is written; the second, if any, is in a shape that is no XML document.
    pub(crate) written: Vec<Bytes>,
}

macro_rules! kind {
    ($folder:literal, $root:literal, $type:ty, $schema:expr) => {
        kind!($folder, $root, $type, $schema, |value| vec![value.to_bytes()])
    };
    ($folder:literal, $root:literal, $type:ty, $schema:expr, $write:expr) => {
        Kind {
            folder: $folder,
            root: $root,
            read: |bytes, limits| {
                let value = <$type>::parse(bytes, limits)?;
                let write: fn(&$type) -> Vec<Bytes> = $write;
                Ok(Read { shown: shown(&value), written: write(&value) })
            },
            schema: $schema,
        }
    };
}

pub(crate) const KINDS: [Kind; 12] = [
    kind!("imdn", "<imdn xmlns='urn:ietf:params:xml:ns:imdn'>", Imdn, |_| "imdn"),
    kind!(
        "composing",
        "<isComposing xmlns='urn:ietf:params:xml:ns:im-iscomposing'>",
        IsComposing,
        |_| "im-iscomposing"
    ),
    kind!(
        "resource_lists",
        "<resource-lists xmlns='urn:ietf:params:xml:ns:resource-lists'>",
        ResourceLists,
        |_| "resource-lists-with-copy-control"
    ),
    kind!(
        "conference",
        "<conference-info xmlns='urn:ietf:params:xml:ns:conference-info' entity='sip:a@b'>",
        ConferenceInfo,
        |xml| if xml.contains(" yourown=") { "conference-rcs" } else { "conference" }
    ),
    kind!("file_info", "<file>", FileTransfer, |xml| {
        if xml.contains("<am:playing-length>") { "rcs-fthttp-audio" } else { "rcs-fthttp" }
    }),
    kind!("resume_info", "<file-resume-info>", ResumeInfo, |_| "stored-objects"),
    kind!(
        "pidf",
        "<presence xmlns='urn:ietf:params:xml:ns:pidf' entity='a:b'>",
        Presence,
        |_| "pidf-with-services"
    ),
    kind!(
        "reginfo",
        "<reginfo xmlns='urn:ietf:params:xml:ns:reginfo' version='0' state='full'>",
        Reginfo,
        |_| "reginfo-with-gruu"
    ),
    kind!(
        "deferred_list",
        "<deferred-list xmlns='urn:missiva:xml:ns:deferred-list'>",
        DeferredList,
        |_| "deferred-list"
    ),
    kind!("session_info", "<session>", SessionInfo, |_| "stored-objects", |value| {
        vec![value.to_bytes(Shape::Rooted), value.to_bytes(Shape::Fragment)]
    }),
    kind!("file_transfer", "<file-transfer>", FileTransferHistory, |_| "stored-objects", |value| {
        vec![value.to_bytes(Shape::Rooted), value.to_bytes(Shape::Fragment)]
    }),
    kind!(
        "group_state",
        "<groupstate timestamp='2012-06-13T16:39:57-05:00' lastfocussessionid='a' group-type='Open'>",
        GroupState,
        |_| "stored-objects"
    ),
];

fn shown(value: &impl Debug) -> String {
    format!("{value:#?}\n")
}

/// The fixtures of the whole package.
pub(crate) fn fixtures() -> PathBuf {
    let here =
        env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    Path::new(&here).join("fixtures")
}

/// The documents of a kind, in the order of their names.
pub(crate) fn documents(kind: &Kind) -> Vec<(String, Vec<u8>)> {
    let folder = fixtures().join("content/xml").join(kind.folder);
    let entries = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<_> =
        entries.filter(|path| path.extension().is_some_and(|end| end == "xml")).collect();
    paths.sort();
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    paths.iter().map(|path| (name(path), fs::read(path).unwrap())).collect()
}
