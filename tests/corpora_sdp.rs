//! Every description under `fixtures/sdp` as `missiva inspect` shows it: its verdict, its answer, its dump.
//!
//! `UPDATE_GOLDEN=1` rewrites the dumps.

#![allow(clippy::unwrap_used, reason = "a fixture that is accepted can be read")]

mod corpus;

use corpus::{Corpus, Row, check_damaged, check_verdicts};
use missiva_examples::inspect::{Document, Finding, Kind, Options, inspect};
use serde_json::Value;

const SDP: Corpus = Corpus("sdp");

/// Larger descriptions are not damaged.
const SMALL: usize = 8 * 1024;

#[test]
fn every_file_has_a_row_and_every_row_a_file() {
    // The exchanges of two descriptions have a table of their own.
    SDP.check_files(&SDP.rows(), Some("negotiation/"));
}

/// The table refuses what deserves an answer, whether its lines can be told apart or not.
#[test]
fn lenient_verdicts_are_those_of_the_table() {
    let judge = |row: &Row| {
        let mut documents = dump(row, false);
        for document in &mut documents {
            let refusals = document.json["validation"].as_array().into_iter().flatten();
            let field = |refusal: &Value| refusal["field"].as_str().unwrap().to_owned();
            document.faults = refusals.map(|one| Finding::new(0, field(one), "")).collect();
        }
        documents
    };
    check_verdicts(&SDP.rows(), judge, |row| row.lenient, &[]);
}

#[test]
fn strict_verdicts_are_those_of_the_table() {
    check_verdicts(&SDP.rows(), |row| dump(row, true), |row| row.strict, &[]);
}

#[test]
fn dumps_are_as_they_were() {
    let rows = SDP.rows();
    SDP.check_dumps(rows.iter().filter(|row| row.lenient), |row| dump(row, false));
}

#[test]
fn damaged_descriptions_are_judged_by_both_modes() {
    check_damaged(SDP.rows(), SMALL, dump);
}

fn dump(row: &Row, strict: bool) -> Vec<Document> {
    let options = Options { kind: Kind::Sdp, stream: row.stream, strict };
    inspect(&row.input, &options)
}
