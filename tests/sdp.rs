//! Every description under `fixtures/sdp`: its verdict, and that nothing is lost on the way in and out.

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
use missiva_sdp::line::Origin;
use missiva_sdp::validate::{self, Refusal};
use missiva_sdp::{
    Builder, Description, Edit, Field, FieldName, Leniency, Limits, ParseError, Rules, Value,
    Visit, field,
};

/// The folders of descriptions, each with a row per file in `verdicts.tsv`.
const FOLDERS: [&str; 9] =
    ["rfc", "phones", "ims", "cpm", "files", "browsers", "odd", "tolerated", "bad"];

/// One row of `verdicts.tsv`.
struct Row {
    file: String,
    lenient: bool,
    strict: bool,
    /// Where the strict reading objects.
    line: String,
    field: String,
    /// The status code that the objection deserves.
    answer: String,
    input: Bytes,
}

#[test]
fn every_file_has_a_row_and_every_row_a_file() {
    let rows = rows();
    let named: BTreeSet<&String> = rows.iter().map(|row| &row.file).collect();
    assert_eq!(named.len(), rows.len(), "a file has two rows");
    let present: BTreeSet<String> = FOLDERS.into_iter().flat_map(files).collect();
    let present = present.iter().collect::<BTreeSet<_>>();
    let odd: Vec<_> = named.symmetric_difference(&present).collect();
    assert!(odd.is_empty(), "only a row, or only a file: {odd:?}");
    let accepted = rows.iter().filter(|row| row.strict).count();
    assert!(accepted >= 60, "only {accepted} descriptions to the letter");
}

#[test]
fn verdicts_are_those_of_the_table() {
    let mut wrong = Vec::new();
    for row in rows() {
        let lenient = judge(&row.input);
        if lenient.is_ok() != row.lenient {
            wrong.push(format!("{}: lenient: {lenient:?}", row.file));
        }
        let strict = judge_strictly(&row.input);
        let said = match strict {
            Ok(()) => ["accept", "-", "-", "-"].map(str::to_owned),
            Err(error) => {
                assert!(error.at as usize <= row.input.len(), "{}: {error}", row.file);
                let line = line_of(&row.input, error.at as usize);
                assert_eq!(error.line as usize, line, "{}: {error}", row.file);
                let answer = Refusal::from(error).code.to_string();
                ["reject".to_owned(), error.line.to_string(), error.field.to_string(), answer]
            }
        };
        let verdict = if row.strict { "accept" } else { "reject" };
        if said != [verdict, &*row.line, &*row.field, &*row.answer] {
            wrong.push(format!("{}: strict: {said:?}", row.file));
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// What the lenient reading refuses is refused with the answer of the table too.
#[test]
fn refusals_carry_the_answer_of_the_table() {
    for row in rows().into_iter().filter(|row| !row.lenient) {
        let refusal = judge(&row.input).unwrap_err();
        assert_eq!(refusal.code.to_string(), row.answer, "{}: {refusal}", row.file);
    }
}

#[test]
fn accepted_descriptions_leave_as_they_came() {
    for row in rows().into_iter().filter(|row| row.lenient) {
        let description = Description::parse(row.input.clone()).unwrap();
        assert_eq!(description.text().as_bytes(), &row.input, "{}", row.file);
        let edited = Edit::new(&description).finish().unwrap();
        assert_eq!(edited.text(), description.text(), "{}", row.file);
        assert_eq!(edited.tolerated(), description.tolerated(), "{}", row.file);
    }
}

/// A builder that copies every line makes the same description, with line ends and blanks in order.
#[test]
fn exact_descriptions_can_be_built_line_by_line() {
    for row in rows().into_iter().filter(|row| row.strict) {
        let description = Description::parse(row.input.clone()).unwrap();
        let origin: Origin<'_> = description.session().get::<field::Origin>().unwrap().unwrap();
        let copied = description
            .lines()
            .skip(2)
            .fold(Builder::new(&origin), |builder, line| builder.copy(&line));
        assert_eq!(copied.finish().unwrap().text(), description.text(), "{}", row.file);
    }
}

#[test]
fn values_are_read_back_as_they_were_written() {
    for row in rows().into_iter().filter(|row| row.lenient) {
        let description = Description::parse(row.input.clone()).unwrap();
        for line in description.lines() {
            // A line that nobody reads may be malformed in the lenient reading.
            let _ = line.visit(&mut Again(&row.file));
        }
    }
}

/// Writes each value and reads what was written.
struct Again<'r>(&'r str);

impl Visit for Again<'_> {
    fn value<'a, F: Field>(&mut self, value: F::Value<'a>) {
        let text = value.to_text();
        let again = F::Value::parse(&text)
            .unwrap_or_else(|fault| panic!("{}: {}: {text:?}: {fault}", self.0, F::NAME));
        assert_eq!(again.to_text(), text, "{}: {}", self.0, F::NAME);
    }
}

/// Every tolerance that a description needed is one that the strict reading lacks.
#[test]
fn what_was_tolerated_is_what_strictness_refuses() {
    for row in rows() {
        let Ok(description) = Description::parse(row.input.clone()) else { continue };
        let exact = Rules { leniency: description.tolerated(), limits: Limits::DEFAULT };
        assert!(Description::parse_with(row.input.clone(), &exact).is_ok(), "{}", row.file);
        for tolerance in description.tolerated().iter() {
            let less = Rules { leniency: exact.leniency.without(tolerance), ..exact };
            let refused = Description::parse_with(row.input.clone(), &less);
            assert!(refused.is_err(), "{}: {tolerance:?}", row.file);
        }
        let strict = Description::parse_with(row.input.clone(), &Rules::STRICT);
        assert_eq!(strict.is_ok(), description.tolerated().is_strict(), "{}", row.file);
    }
}

/// Whatever is done to a description, nothing panics, every fault lies within the input, and what the strict reading
/// accepts the lenient one does.
#[test]
fn damaged_descriptions_are_judged_by_both_readings() {
    for (seed, row) in (0..).zip(rows()) {
        if row.input.len() > SMALL {
            continue;
        }
        let mut random = Random(seed);
        for _ in 0..DAMAGES {
            let input: Bytes = damage(&row.input, &mut random).into();
            let (lenient, strict) = (judge(&input), judge_strictly(&input));
            let shown = input.escape_ascii();
            assert!(lenient.is_ok() || strict.is_err(), "{}: {lenient:?} {shown}", row.file);
            for error in [strict.err(), lenient.err().map(|refusal| refusal.error)] {
                let inside = error.is_none_or(|error| error.at as usize <= input.len());
                assert!(inside, "{}: {error:?}: {shown}", row.file);
            }
            check_lab(&input);
        }
    }
}

/// With every tolerance on, what is read leaves as it came, and every line that has a value has it again.
fn check_lab(input: &Bytes) {
    let Ok(description) = Description::parse_with(input.clone(), &Rules::LAB) else { return };
    let edited = Edit::new(&description).finish().unwrap();
    assert_eq!(edited.text().as_bytes(), input);
    for line in description.lines() {
        let _ = line.visit(&mut Again("damaged"));
    }
    let _ = validate::faults(&description);
}

#[test]
fn a_lab_reads_what_is_out_of_order() {
    let of = |file: &str| rows().into_iter().find(|row| row.file == file).unwrap().input;
    for file in ["connection-behind-attribute", "no-origin", "no-version", "name-before-origin"] {
        let input = of(&format!("bad/{file}.sdp"));
        let read = Description::parse_with(input, &Rules::LAB).unwrap();
        assert!(read.tolerated().iter().any(|one| !Leniency::DEFAULT.allows(one)), "{file}");
    }
    let read = Description::parse_with(of("bad/ten-thousand-media.sdp"), &Rules::LAB).unwrap();
    assert_eq!(read.media_count(), 10_000);
    assert_eq!(read.media().filter(|media| !media.has(FieldName::Media)).count(), 0);
}

/// The default rules and what a session needs.
fn judge(input: &Bytes) -> Result<(), Refusal> {
    validate::description(&Description::parse(input.clone())?)
}

fn judge_strictly(input: &Bytes) -> Result<(), ParseError> {
    let description = Description::parse_with(input.clone(), &Rules::STRICT)?;
    validate::faults(&description).first().map_or(Ok(()), |error| Err(*error))
}

fn line_of(input: &[u8], at: usize) -> usize {
    input[..at].iter().filter(|byte| **byte == b'\n').count() + 1
}

/// Descriptions up to this size are damaged.
const SMALL: usize = 8192;
/// How often each is.
const DAMAGES: usize = 60;

/// The input with a few bytes changed, left out or put in twice.
fn damage(input: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = input.to_vec();
    for _ in 0..=random.below(3) {
        let at = random.below(bytes.len() + 1);
        let end = (at + random.below(12)).min(bytes.len());
        let odd = *b"\r\n\0 \t:;,/\"%*=-+aomvt0\xff\xc3";
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

/// Numbers that look like chance and are the same on every run (SplitMix64).
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ mixed >> 31) % end.max(1) as u64) as usize
    }
}

fn rows() -> Vec<Row> {
    let text = fs::read_to_string(fixtures().join("verdicts.tsv")).unwrap();
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("file\tlenient\tstrict\tline\tfield\tanswer\treason"));
    lines.map(row).collect()
}

fn row(line: &str) -> Row {
    let cells: Vec<&str> = line.split('\t').collect();
    let [file, lenient, strict, at, field, answer, reason] = cells[..] else {
        panic!("not a row of seven cells: {line}");
    };
    let accepts = |cell: &str| {
        assert!(cell == "accept" || cell == "reject", "{file}: {cell}");
        cell == "accept"
    };
    let row = Row {
        file: file.to_owned(),
        lenient: accepts(lenient),
        strict: accepts(strict),
        line: at.to_owned(),
        field: field.to_owned(),
        answer: answer.to_owned(),
        input: fs::read(fixtures().join(file)).expect(file).into(),
    };
    assert!(row.lenient || !row.strict, "{file}: strict accepts more");
    assert!(!reason.is_empty(), "{file}: no reason");
    row
}

/// The descriptions of a folder, as the table names them.
fn files(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(fixtures().join(folder)).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.ends_with(".sdp")).map(|name| format!("{folder}/{name}")).collect()
}

/// The folder of the fixtures. Asked at run time: builds of two clones may share their output.
fn fixtures() -> PathBuf {
    let here =
        env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    Path::new(&here).join("fixtures/sdp")
}
