//! Every body under `fixtures/content` as `missiva inspect` shows it: its verdict and its dump.
//!
//! `UPDATE_GOLDEN=1` rewrites the dumps.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot read its fixtures has nothing to report"
)]

#[allow(dead_code, reason = "shared by several tests, of which each needs its part")]
mod corpus;

use std::fs;

use corpus::{Corpus, Row, check_damaged, check_verdicts};
use missiva_examples::inspect::{Document, Kind, Options, XmlKind, inspect};

const CONTENT: Corpus = Corpus("content");

/// Larger bodies are neither damaged nor dumped.
const SMALL: usize = 8 * 1024;

/// Bodies that are sound around others that are not: the field that is at fault within.
///
/// Their documents were shortened to what the row is about.
const BAD_INSIDE: [(&str, &str); 3] = [
    ("cpim/payload_type.cpim", "<file-info>"),
    ("multipart/imdn_aggregate.mime", "<delivery-notification>"),
    ("multipart/large_invite.mime", "a=path"),
];

#[test]
fn lenient_verdicts_are_those_of_the_tables() {
    check_verdicts(&rows(), |row| dump(row, false), |row| row.lenient, &[]);
}

#[test]
fn strict_verdicts_are_those_of_the_tables() {
    check_verdicts(&rows(), |row| dump(row, true), |row| row.strict, &BAD_INSIDE);
}

#[test]
fn dumps_are_as_they_were() {
    let rows = rows();
    let shown = rows.iter().filter(|row| row.lenient && row.input.len() <= SMALL);
    CONTENT.check_dumps(shown, |row| dump(row, false));
}

#[test]
fn damaged_bodies_are_judged_by_both_modes() {
    check_damaged(rows(), SMALL, dump);
}

/// Whatever the folder says is told from the bytes, unless nothing in them tells it.
#[test]
fn kinds_are_told_from_the_bytes() {
    let rows = rows();
    let told = rows.iter().filter(|row| row.strict && Kind::tell(&row.input) == Some(kind(row)));
    let (told, all) = (told.count(), rows.iter().filter(|row| row.strict).count());
    assert!(told * 4 >= all * 3, "{told} of {all}");
}

/// The rows of both tables.
fn rows() -> Vec<Row> {
    let mut rows = CONTENT.rows();
    let text = fs::read_to_string(CONTENT.root().join("xml/verdicts.tsv")).unwrap();
    rows.extend(text.lines().skip(1).map(|line| {
        let (file, verdict) = line.split_once('\t').unwrap();
        let file = format!("xml/{file}");
        let is_read = verdict == "read";
        let field = if is_read { "-" } else { verdict.split(": ").nth(1).unwrap() };
        let input = fs::read(CONTENT.root().join(&file)).unwrap().into();
        let field = field.to_owned();
        Row { file, stream: false, lenient: is_read, strict: is_read, field, input }
    }));
    assert!(rows.len() > 120, "only {} rows", rows.len());
    rows
}

/// The kind that the folder stands for.
fn kind(row: &Row) -> Kind {
    let folders: Vec<&str> = row.file.split('/').collect();
    match folders[..] {
        ["cpim", _] => Kind::Cpim,
        ["multipart", _] => Kind::Multipart,
        ["mime", _] => Kind::Mime,
        ["xml", folder, _] => Kind::Xml(match folder {
            "imdn" => XmlKind::Imdn,
            "composing" => XmlKind::IsComposing,
            "resource_lists" => XmlKind::ResourceLists,
            "conference" => XmlKind::ConferenceInfo,
            "file_info" => XmlKind::FileTransfer,
            "resume_info" => XmlKind::ResumeInfo,
            "pidf" => XmlKind::Pidf,
            "reginfo" => XmlKind::Reginfo,
            "deferred_list" => XmlKind::DeferredList,
            "session_info" => XmlKind::SessionInfo,
            "file_transfer" => XmlKind::FileTransferHistory,
            "group_state" => XmlKind::GroupState,
            other => panic!("no kind {other}"),
        }),
        _ => panic!("{}", row.file),
    }
}

fn dump(row: &Row, strict: bool) -> Vec<Document> {
    inspect(&row.input, &Options { kind: kind(row), stream: false, strict })
}
