//! Every message under `fixtures/sip`: its verdict, its dump, and its frames however it is cut.
//!
//! `UPDATE_GOLDEN=1` rewrites the dumps.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot read its fixtures has nothing to report"
)]

mod corpus;

use corpus::{Corpus, Random, Row, check_damaged, check_verdicts, print};
use missiva_examples::inspect::{Document, Kind, Options, StreamReader, inspect};
use missiva_sip::Limits;
use missiva_sip::frame::{self, Frame, Side, StreamFramer};

const SIP: Corpus = Corpus("sip");

/// The folders whose accepted messages have a dump beside them.
const DUMPED: [&str; 3] = ["rfc4475", "rfc5118", "cpm"];

#[test]
fn every_file_has_a_row_and_every_row_a_file() {
    let rows = SIP.rows();
    SIP.check_files(&rows, None);
    assert!(rows.len() > 250, "only {} rows", rows.len());
}

#[test]
fn lenient_verdicts_are_those_of_the_table() {
    check_verdicts(&SIP.rows(), |row| dump(row, false), |row| row.lenient, &[]);
}

#[test]
fn strict_verdicts_are_those_of_the_table() {
    check_verdicts(&SIP.rows(), |row| dump(row, true), |row| row.strict, &[]);
}

#[test]
fn dumps_are_as_they_were() {
    let rows = SIP.rows();
    let dumped = |row: &&Row| row.lenient && DUMPED.iter().any(|one| row.file.starts_with(one));
    SIP.check_dumps(rows.iter().filter(dumped), |row| dump(row, false));
}

#[test]
fn accepted_messages_are_the_bytes_that_came() {
    for row in SIP.rows().into_iter().filter(|row| row.lenient) {
        let mut rest = &row.input[..];
        for frame in frames(&row) {
            let Frame::Message(message) = frame else {
                continue;
            };
            rest = &rest[line_ends(rest)..];
            let whole = [message.head(), &message.body()].concat();
            assert!(rest.starts_with(&whole), "{}", row.file);
            rest = &rest[whole.len()..];
        }
        let gone = line_ends(rest) == rest.len() || !row.stream;
        assert!(gone, "{}: {} bytes are in no frame", row.file, rest.len());
    }
}

#[test]
fn any_division_of_a_stream_gives_the_same_frames() {
    for row in SIP.rows().into_iter().filter(|row| row.stream) {
        let (input, expected) = (&row.input[..], cut(&[&row.input]));
        if input.len() <= SMALL {
            for at in 0..=input.len() {
                let (one, two) = input.split_at(at);
                assert_eq!(cut(&[one, two]), expected, "{} cut at {at}", row.file);
            }
        } else {
            for seed in 0..SEEDS {
                let pieces = pieces(input, seed);
                assert_eq!(cut(&pieces), expected, "{} with seed {seed}", row.file);
            }
        }
        let bytes: Vec<&[u8]> = input.chunks(1).collect();
        assert_eq!(cut(&bytes), expected, "{} byte by byte", row.file);
    }
}

/// Documents come out the same too, offsets and all.
#[test]
fn any_division_of_a_stream_gives_the_same_documents() {
    for row in SIP.rows().into_iter().filter(|row| row.stream) {
        let expected = print(&dump(&row, true));
        for seed in 0..4 {
            let mut reader = StreamReader::new(true);
            let mut documents = Vec::new();
            for piece in pieces(&row.input, seed) {
                documents.extend(reader.push(piece));
            }
            documents.extend(reader.finish());
            assert_eq!(print(&documents), expected, "{} with seed {seed}", row.file);
        }
    }
}

#[test]
fn damaged_messages_are_judged_by_both_modes() {
    check_damaged(SIP.rows(), SMALL, dump);
}

/// Streams up to this size are divided at every byte.
const SMALL: usize = 4096;
/// How often a larger one is divided by chance.
const SEEDS: u64 = 200;

/// Pieces of up to a quarter of the input, sizes drawn from the seed.
fn pieces(input: &[u8], seed: u64) -> Vec<&[u8]> {
    let mut random = Random::new(seed);
    let (mut rest, mut pieces) = (input, Vec::new());
    while !rest.is_empty() {
        let size = random.below(1 + input.len() / 4).min(rest.len());
        let (piece, after) = rest.split_at(size);
        pieces.push(piece);
        rest = after;
    }
    pieces
}

/// What a framer makes of the pieces, in words that can be compared.
fn cut(pieces: &[&[u8]]) -> Vec<String> {
    let mut framer = StreamFramer::new(Side::Accepting);
    let mut seen = Vec::new();
    for piece in pieces {
        framer.push(piece);
        loop {
            match framer.next() {
                Ok(None) => break,
                Ok(Some(Frame::Message(message))) => {
                    let (head, body) = (message.head(), message.body());
                    seen.push(format!("{}|{}", head.escape_ascii(), body.escape_ascii()));
                }
                Ok(Some(frame)) => seen.push(format!("{frame:?}")),
                Err(error) => {
                    let head = error.message.map_or(0, |message| message.head().len());
                    seen.push(format!("{} {:?} {head}", error.error, error.recover));
                }
            }
        }
    }
    seen.push(format!("{} left", framer.buffered()));
    seen
}

/// The frames of a row that is accepted.
fn frames(row: &Row) -> Vec<Frame> {
    if !row.stream {
        return vec![frame::datagram(row.input.clone(), &Limits::DEFAULT).unwrap()];
    }
    let mut framer = StreamFramer::new(Side::Accepting);
    framer.push(&row.input);
    std::iter::from_fn(|| framer.next().unwrap()).collect()
}

fn dump(row: &Row, strict: bool) -> Vec<Document> {
    let options = Options { kind: Kind::Sip, stream: row.stream, strict };
    inspect(&row.input, &options)
}

fn line_ends(bytes: &[u8]) -> usize {
    let other = bytes.iter().position(|byte| !matches!(byte, b'\r' | b'\n'));
    other.unwrap_or(bytes.len())
}
