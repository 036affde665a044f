//! Every message under `fixtures/sip`: its verdict, its dump, and its frames however it is cut.
//!
//! `UPDATE_GOLDEN=1` rewrites the dumps.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot read its fixtures has nothing to report"
)]

mod replace;

use std::collections::BTreeSet;
use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use missiva_examples::inspect::{Document, Finding, Kind, Options, StreamReader, inspect};
use missiva_sip::Limits;
use missiva_sip::frame::{self, Frame, Side, StreamFramer};
use replace::replace;

/// The folders of messages, each with a row per file in `verdicts.tsv`.
const FOLDERS: [&str; 4] = ["rfc4475", "rfc5118", "cpm", "framing"];
/// The folders whose accepted messages have a dump beside them.
const DUMPED: [&str; 3] = ["rfc4475", "rfc5118", "cpm"];
/// The end of a dump's name.
const GOLDEN: &str = ".golden.json";

/// One row of `verdicts.tsv`.
struct Row {
    file: String,
    stream: bool,
    lenient: bool,
    strict: bool,
    /// The field that is at fault where the message is refused; `-` where it never is.
    field: String,
    input: Bytes,
}

#[test]
fn every_file_has_a_row_and_every_row_a_file() {
    let rows: Vec<String> = rows().into_iter().map(|row| row.file).collect();
    let named: BTreeSet<&String> = rows.iter().collect();
    assert_eq!(named.len(), rows.len(), "a file has two rows");

    let present: BTreeSet<String> = FOLDERS.into_iter().flat_map(messages).collect();
    let present = present.iter().collect::<BTreeSet<_>>();
    let odd: Vec<_> = named.symmetric_difference(&present).collect();
    assert!(odd.is_empty(), "only a row, or only a file: {odd:?}");
    assert!(rows.len() > 250, "only {} rows", rows.len());
}

#[test]
fn lenient_verdicts_are_those_of_the_table() {
    check_verdicts(false, |row| row.lenient);
}

#[test]
fn strict_verdicts_are_those_of_the_table() {
    check_verdicts(true, |row| row.strict);
}

/// Compares the verdicts of one mode with the table; a refusal must name the field that the table names.
fn check_verdicts(strict: bool, expected: impl Fn(&Row) -> bool) {
    let mut wrong = Vec::new();
    for row in rows() {
        let documents = dump(&row, strict);
        let faults: Vec<&Finding> = documents.iter().flat_map(|one| &one.faults).collect();
        let verdict = if expected(&row) {
            faults.is_empty()
        } else {
            faults.iter().any(|fault| fault.field == row.field)
        };
        if !verdict {
            let said = faults.iter().map(ToString::to_string).collect::<Vec<_>>();
            let wanted = if expected(&row) { "accept" } else { &row.field };
            wrong.push(format!("{}: wanted {wanted}, got {said:?}", row.file));
        }
        for fault in faults {
            assert!(fault.offset <= row.input.len(), "{}: {fault}", row.file);
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn dumps_are_as_they_were() {
    let update = env::var_os("UPDATE_GOLDEN").is_some();
    let (mut wrong, mut known) = (Vec::new(), BTreeSet::new());
    for row in rows().into_iter().filter(|row| row.lenient) {
        if !DUMPED.iter().any(|folder| row.file.starts_with(folder)) {
            continue;
        }
        let path = fixtures().join(&row.file).with_extension("").display().to_string() + GOLDEN;
        let got = print(&dump(&row, false));
        if update {
            replace(Path::new(&path), &got);
        } else if fs::read_to_string(&path).ok().as_deref() != Some(&got) {
            wrong.push(row.file.clone());
        }
        known.insert(path);
    }
    let stale = DUMPED.into_iter().flat_map(goldens).filter(|path| !known.contains(path));
    wrong.extend(stale);
    assert!(
        wrong.is_empty(),
        "the dumps differ, are missing or have no message; UPDATE_GOLDEN=1 rewrites them:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn accepted_messages_are_the_bytes_that_came() {
    for row in rows().into_iter().filter(|row| row.lenient) {
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
    for row in rows().into_iter().filter(|row| row.stream) {
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
    for row in rows().into_iter().filter(|row| row.stream) {
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

/// Whatever is done to a message, strict mode accepts nothing that lenient mode refuses, and every fault lies within
/// the input.
#[test]
fn damaged_messages_are_judged_by_both_modes() {
    for (seed, mut row) in (0..).zip(rows()) {
        if row.input.len() > SMALL {
            continue;
        }
        let whole = row.input.clone();
        let mut random = Random::new(seed);
        for _ in 0..DAMAGES {
            row.input = damage(&whole, &mut random).into();
            let [lenient, strict] = [false, true].map(|strict| dump(&row, strict));
            let faults = |documents: &[Document]| -> Vec<Finding> {
                documents.iter().flat_map(|one| one.faults.clone()).collect()
            };
            let (lenient, strict) = (faults(&lenient), faults(&strict));
            let input = row.input.escape_ascii();
            assert!(lenient.is_empty() || !strict.is_empty(), "{}: {input}", row.file);
            let inside = strict.iter().all(|fault| fault.offset <= row.input.len());
            assert!(inside, "{}: {strict:?}: {input}", row.file);
        }
    }
}

/// How often each message is damaged.
const DAMAGES: usize = 25;

/// The input with a few bytes changed, left out or put in twice.
fn damage(input: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = input.to_vec();
    for _ in 0..=random.below(3) {
        let at = random.below(bytes.len() + 1);
        let end = (at + random.below(8)).min(bytes.len());
        let odd = *b"\r\n\0 \t:;,<>\"\\@%[]=\xff\xc3*0";
        let piece = match random.below(4) {
            0 => Vec::new(),
            1 => bytes[at..end].repeat(2),
            2 => vec![random.below(256) as u8],
            _ => vec![odd[random.below(odd.len())]],
        };
        bytes.splice(at..end, piece);
    }
    bytes
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

/// Numbers that look random and are the same in every run (xorshift).
struct Random(u64);

impl Random {
    const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(2).wrapping_add(0x9e37_79b9_7f4a_7c15))
    }

    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % end
    }
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

/// Documents as the program prints them.
fn print(documents: &[Document]) -> String {
    documents.iter().fold(String::new(), |mut text, document| {
        writeln!(text, "{:#}", document.json).unwrap();
        text
    })
}

fn line_ends(bytes: &[u8]) -> usize {
    let other = bytes.iter().position(|byte| !matches!(byte, b'\r' | b'\n'));
    other.unwrap_or(bytes.len())
}

fn rows() -> Vec<Row> {
    let text = fs::read_to_string(fixtures().join("verdicts.tsv")).unwrap();
    let mut lines = text.lines();
    let heading = "file\ttransport\tlenient\tstrict\tfield\tanswer\treason";
    assert_eq!(lines.next(), Some(heading));
    lines.map(row).collect()
}

fn row(line: &str) -> Row {
    let cells: Vec<&str> = line.split('\t').collect();
    let [file, transport, lenient, strict, field, _, reason] = cells[..] else {
        panic!("not a row of seven cells: {line}");
    };
    let one_of = |cell: &str, yes, no| {
        assert!(cell == yes || cell == no, "{file}: {cell}");
        cell == yes
    };
    let row = Row {
        file: file.to_owned(),
        stream: one_of(transport, "stream", "datagram"),
        lenient: one_of(lenient, "accept", "reject"),
        strict: one_of(strict, "accept", "reject"),
        field: field.to_owned(),
        input: fs::read(fixtures().join(file)).expect(file).into(),
    };
    assert!(row.lenient || !row.strict, "{file}: strict accepts more");
    assert!(row.strict || field != "-", "{file}: no field is at fault");
    assert!(!reason.is_empty(), "{file}: no reason");
    row
}

/// The messages of a folder, as the table names them.
fn messages(folder: &str) -> Vec<String> {
    let names = names(folder);
    let names = names.filter(|name| name != "README.md" && !name.ends_with(GOLDEN));
    names.map(|name| format!("{folder}/{name}")).collect()
}

/// The dumps of a folder.
fn goldens(folder: &str) -> Vec<String> {
    let names = names(folder).filter(|name| name.ends_with(GOLDEN));
    names.map(|name| fixtures().join(folder).join(name).display().to_string()).collect()
}

fn names(folder: &str) -> impl Iterator<Item = String> {
    let entries = fs::read_dir(fixtures().join(folder)).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    // A dump that is being replaced.
    names.filter(|name| !name.starts_with('.'))
}

/// The folder of the fixtures. Asked at run time: builds of two clones may share their output.
fn fixtures() -> PathBuf {
    let here =
        env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    Path::new(&here).join("fixtures/sip")
}
