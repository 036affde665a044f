//! Every body under `fixtures/content/{mime,multipart,cpim}`: its verdict, and its bytes after a way through.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot read its fixtures has nothing to report"
)]

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use missiva_content::cpim::{Cpim, Edit};
use missiva_content::imdn::policy::{Outcome, Owed, Rules};
use missiva_content::mime::{Entity, External, Junk, TransferEncoding};
use missiva_content::multipart::{Tolerance, Walk};
use missiva_content::{Limits, ParseError};

/// The folders of bodies, each with a row per file in `verdicts.tsv`.
const FOLDERS: [&str; 3] = ["mime", "multipart", "cpim"];
const LIMITS: Limits = Limits::DEFAULT;
/// What the lenient reading lets pass.
const TOLERANT: Tolerance = Tolerance { missing_close: true, longer_line: false };

/// One row of `verdicts.tsv`.
struct Row {
    file: String,
    kind: Kind,
    lenient: bool,
    strict: bool,
    /// The field that is at fault where the body is refused; `-` where it never is.
    field: String,
    input: Bytes,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Mime,
    Multipart,
    Cpim,
}

#[test]
fn every_file_has_a_row_and_every_row_a_file() {
    let rows: Vec<String> = rows().into_iter().map(|row| row.file).collect();
    let named: BTreeSet<&String> = rows.iter().collect();
    assert_eq!(named.len(), rows.len(), "a file has two rows");
    let present: BTreeSet<String> = FOLDERS.into_iter().flat_map(bodies).collect();
    let odd: Vec<_> = named.symmetric_difference(&present.iter().collect()).copied().collect();
    assert!(odd.is_empty(), "only a row, or only a file: {odd:?}");
    assert!(rows.len() > 100, "only {} rows", rows.len());
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
        let faults = faults(row.kind, &row.input, strict);
        let verdict = if expected(&row) {
            faults.is_empty()
        } else {
            faults.iter().any(|fault| fault.field.to_string() == row.field)
        };
        if !verdict {
            let wanted = if expected(&row) { "accept" } else { &row.field };
            let said: Vec<_> = faults.iter().map(ToString::to_string).collect();
            wrong.push(format!("{}: wanted {wanted}, got {said:?}", row.file));
        }
        for fault in faults {
            assert!(fault.at as usize <= row.input.len(), "{}: {fault}", row.file);
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// Everything that one reading has against a body.
fn faults(kind: Kind, input: &Bytes, strict: bool) -> Vec<ParseError> {
    let mut faults = Vec::new();
    let read = match kind {
        Kind::Mime => read_entity(input, strict, &mut faults),
        Kind::Multipart => read_multipart(input, strict, &mut faults),
        Kind::Cpim => read_cpim(input, strict, &mut faults),
    };
    faults.extend(read.err());
    faults
}

const fn junk(strict: bool) -> Junk {
    if strict { Junk::Refuse } else { Junk::Skip }
}

fn read_entity(
    input: &Bytes,
    strict: bool,
    faults: &mut Vec<ParseError>,
) -> Result<(), ParseError> {
    let entity = Entity::parse(input.clone(), &LIMITS)?;
    if strict {
        faults.extend(entity.head().faults());
    }
    entity.content_type()?;
    // Who names no encoding did not promise short lines of ASCII.
    if !strict || entity.head().get("Content-Transfer-Encoding").is_some() {
        entity.decoded(junk(strict))?;
    }
    External::of(&entity, &LIMITS)?;
    Ok(())
}

fn read_multipart(
    input: &Bytes,
    strict: bool,
    faults: &mut Vec<ParseError>,
) -> Result<(), ParseError> {
    let entity = Entity::parse(input.clone(), &LIMITS)?;
    if strict {
        faults.extend(entity.head().faults());
    }
    let tolerance = if strict { Tolerance::NONE } else { TOLERANT };
    let parts = entity.multipart(tolerance, &LIMITS)?.expect("a fixture of this kind is one");
    for leaf in Walk::new(&parts, tolerance, LIMITS) {
        read_entity(leaf?.entity.bytes(), strict, faults)?;
    }
    Ok(())
}

fn read_cpim(input: &Bytes, strict: bool, faults: &mut Vec<ParseError>) -> Result<(), ParseError> {
    let message = Cpim::parse(input.clone(), &LIMITS)?;
    if strict {
        faults.extend(message.faults());
    }
    message.from()?;
    for address in message.to().chain(message.cc()) {
        address?;
    }
    for address in message.record_routes().chain(message.routes()) {
        address?;
    }
    for name in message.required() {
        name?;
    }
    message.subject("")?;
    message.date_time()?;
    message.message_id()?;
    message.wants()?;
    message.original_to()?;
    read_entity(&message.entity(), strict, &mut Vec::new())
}

#[test]
fn what_is_accepted_leaves_as_the_bytes_that_came() {
    for row in rows() {
        if row.kind == Kind::Cpim {
            if let Ok(message) = Cpim::parse(row.input.clone(), &LIMITS) {
                let out = Edit::new(&message).finish().unwrap();
                assert_eq!(out.to_vec(), row.input, "{}", row.file);
            }
            continue;
        }
        let Ok(entity) = Entity::parse(row.input.clone(), &LIMITS) else { continue };
        assert_eq!(entity.bytes(), &row.input, "{}", row.file);
        if let Ok(Some(parts)) = entity.multipart(TOLERANT, &LIMITS) {
            let joined: Vec<u8> = parts.pieces().flat_map(Vec::from).collect();
            assert_eq!(joined, entity.body(), "{}", row.file);
            let inside = parts.parts().all(|part| is_within(&part, &row.input));
            assert!(inside, "{}: a part was copied", row.file);
        }
    }
}

/// Whether `part` is a slice of `whole`.
fn is_within(part: &[u8], whole: &[u8]) -> bool {
    let (part, whole) = (part.as_ptr_range(), whole.as_ptr_range());
    whole.start <= part.start && part.end <= whole.end
}

#[test]
fn what_was_decoded_can_be_encoded_again() {
    let mut seen = BTreeSet::new();
    for row in rows().into_iter().filter(|row| row.kind == Kind::Mime && row.lenient) {
        let entity = Entity::parse(row.input.clone(), &LIMITS).unwrap();
        let plain = entity.decoded(Junk::Skip).unwrap();
        assert!(plain.len() <= row.input.len());
        for encoding in [TransferEncoding::Base64, TransferEncoding::QuotedPrintable] {
            let encoded = encoding.encode(&plain).unwrap();
            assert_eq!(encoding.decode(&encoded, Junk::Refuse), Ok(plain.clone()), "{}", row.file);
        }
        seen.insert(entity.head().transfer_encoding().unwrap().as_str());
    }
    assert!(seen.len() >= 4, "the fixtures have {seen:?} alone");
}

/// Whatever is done to a body, the strict reading accepts nothing that the lenient one refuses, and every fault lies
/// within the input.
#[test]
fn damaged_bodies_are_judged_by_both_readings() {
    for (seed, row) in (0..).zip(rows()) {
        if row.input.len() > 4096 {
            continue;
        }
        let mut random = Random(seed * 2 + 0x9e37_79b9_7f4a_7c15);
        for _ in 0..50 {
            let input = Bytes::from(damage(&row.input, &mut random));
            // A multipart whose type is gone is a body of another kind.
            let is_multipart = Entity::parse(input.clone(), &LIMITS)
                .is_ok_and(|entity| entity.content_type().is_ok_and(|kind| kind.is_multipart()));
            let kind = match row.kind {
                Kind::Multipart if !is_multipart => Kind::Mime,
                kind => kind,
            };
            let [lenient, strict] = [false, true].map(|strict| faults(kind, &input, strict));
            let shown = input.escape_ascii();
            assert!(lenient.is_empty() || !strict.is_empty(), "{}: {shown}", row.file);
            let inside = strict.iter().all(|fault| fault.at as usize <= input.len());
            assert!(inside, "{}: {strict:?}: {shown}", row.file);
        }
    }
}

/// The input with a few bytes changed, left out or put in twice.
fn damage(input: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = input.to_vec();
    for _ in 0..=random.below(3) {
        let at = random.below(bytes.len() + 1);
        let end = (at + random.below(8)).min(bytes.len());
        let odd = *b"\r\n\0 \t:;,<>\"\\.=-()\xff\xc3*0";
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

/// Numbers that look random and are the same in every run (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % end
    }
}

#[test]
fn messages_of_real_clients_ask_for_what_they_want() {
    use Outcome::{Delivered, DeliveryFailed, Displayed};
    for (file, happened, sent) in [
        ("cpim/chat_1_1.cpim", &[Delivered, Displayed, Displayed][..], &[Delivered, Displayed][..]),
        ("cpim/rfc5438_request.cpim", &[DeliveryFailed], &[DeliveryFailed]),
        ("cpim/rfc5438_report.cpim", &[Delivered, Displayed], &[]),
        ("cpim/composing.cpim", &[Delivered, Displayed], &[]),
        ("cpim/prefix_undeclared.cpim", &[Delivered, Displayed], &[]),
    ] {
        let message =
            Cpim::parse(fs::read(fixtures().join(file)).unwrap().into(), &LIMITS).unwrap();
        let mut owed = Owed::of(&message, Rules::default()).unwrap();
        let got: Vec<_> = happened.iter().flat_map(|outcome| owed.settle(*outcome)).collect();
        assert_eq!(got, sent, "{file}");
    }
}

fn rows() -> Vec<Row> {
    let text = fs::read_to_string(fixtures().join("verdicts.tsv")).unwrap();
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("file\tkind\tlenient\tstrict\tfield\treason"));
    lines.map(row).collect()
}

fn row(line: &str) -> Row {
    let cells: Vec<&str> = line.split('\t').collect();
    let [file, kind, lenient, strict, field, reason] = cells[..] else {
        panic!("not a row of six cells: {line}");
    };
    let verdict = |cell: &str| {
        assert!(cell == "accept" || cell == "reject", "{file}: {cell}");
        cell == "accept"
    };
    let kind = match kind {
        "mime" => Kind::Mime,
        "multipart" => Kind::Multipart,
        "cpim" => Kind::Cpim,
        other => panic!("{file}: no kind {other}"),
    };
    let row = Row {
        file: file.to_owned(),
        kind,
        lenient: verdict(lenient),
        strict: verdict(strict),
        field: field.to_owned(),
        input: fs::read(fixtures().join(file)).expect(file).into(),
    };
    assert!(row.lenient || !row.strict, "{file}: strict accepts more");
    assert!(row.strict == (field == "-"), "{file}: a field is at fault where something is");
    assert!(!reason.is_empty(), "{file}: no reason");
    row
}

/// The bodies of a folder, as the table names them.
fn bodies(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(fixtures().join(folder)).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let names = names.filter(|name| !name.starts_with('.') && !name.ends_with(".golden.json"));
    names.map(|name| format!("{folder}/{name}")).collect()
}

/// The folder of the fixtures. Asked at run time: builds of two clones may share their output.
fn fixtures() -> PathBuf {
    let here =
        env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    Path::new(&here).join("fixtures/content")
}
