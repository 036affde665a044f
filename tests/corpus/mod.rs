//! What the tests of all corpora share: the table of verdicts, the dumps beside the files, damage by chance.
//!
//! A corpus is a folder below `fixtures` with a `verdicts.tsv`. `UPDATE_GOLDEN=1` rewrites the dumps.

#![allow(unreachable_pub, reason = "a module of several tests")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot read its fixtures has nothing to report"
)]

#[path = "../replace.rs"]
mod replace;

use std::collections::BTreeSet;
use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use missiva_examples::inspect::{Document, Finding};
use replace::replace;

/// The end of a dump's name.
const GOLDEN: &str = ".golden.json";

/// One row of `verdicts.tsv`.
pub struct Row {
    /// As it is named from the corpus.
    pub file: String,
    pub stream: bool,
    pub lenient: bool,
    pub strict: bool,
    /// The field that is at fault where the input is refused; `-` where it never is.
    pub field: String,
    pub input: Bytes,
}

/// A folder below `fixtures`.
#[derive(Clone, Copy)]
pub struct Corpus(pub &'static str);

impl Corpus {
    /// Asked at run time: builds of two clones may share their output.
    pub fn root(self) -> PathBuf {
        let here =
            env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        Path::new(&here).join("fixtures").join(self.0)
    }

    pub fn rows(self) -> Vec<Row> {
        let text = fs::read_to_string(self.root().join("verdicts.tsv")).unwrap();
        let mut lines = text.lines();
        let heading: Vec<&str> = lines.next().unwrap().split('\t').collect();
        lines.map(|line| self.row(&heading, line)).collect()
    }

    fn row(self, heading: &[&str], line: &str) -> Row {
        let cells: Vec<&str> = line.split('\t').collect();
        assert_eq!(cells.len(), heading.len(), "cells of {line}");
        let cell = |name| heading.iter().position(|one| *one == name).map(|at| cells[at]);
        let file = cell("file").expect("a column of files");
        let one_of = |name, yes, no| {
            let cell = cell(name).unwrap_or(no);
            assert!(cell == yes || cell == no, "{file}: {cell}");
            cell == yes
        };
        let field = cell("field").expect("a column of fields").to_owned();
        let row = Row {
            file: file.to_owned(),
            stream: one_of("transport", "stream", "datagram"),
            lenient: one_of("lenient", "accept", "reject"),
            strict: one_of("strict", "accept", "reject"),
            field,
            input: fs::read(self.root().join(file)).expect(file).into(),
        };
        assert!(row.lenient || !row.strict, "{file}: strict accepts more");
        assert!(row.strict || row.field != "-", "{file}: no field is at fault");
        assert!(cell("reason").is_some_and(|reason| !reason.is_empty()), "{file}: no reason");
        row
    }

    /// Every file has a row, and every row a file of its own; those below `other` have a table of their own.
    pub fn check_files(self, rows: &[Row], other: Option<&str>) {
        let named: BTreeSet<&str> = rows.iter().map(|row| &*row.file).collect();
        assert_eq!(named.len(), rows.len(), "a file has two rows");
        let present = self.files();
        let ours = present.iter().filter(|name| other.is_none_or(|other| !name.starts_with(other)));
        let present = ours.map(String::as_str).collect::<BTreeSet<_>>();
        let odd: Vec<_> = named.symmetric_difference(&present).collect();
        assert!(odd.is_empty(), "only a row, or only a file: {odd:?}");
    }

    /// Compares the dumps of these rows with those beside the files; no other dump may be there.
    pub fn check_dumps<'r>(
        self,
        rows: impl Iterator<Item = &'r Row>,
        dump: impl Fn(&Row) -> Vec<Document>,
    ) {
        let update = env::var_os("UPDATE_GOLDEN").is_some();
        let (mut wrong, mut known) = (Vec::new(), BTreeSet::new());
        for row in rows {
            let name = Path::new(&row.file).with_extension("").display().to_string() + GOLDEN;
            let (path, got) = (self.root().join(&name), print(&dump(row)));
            if update {
                replace(&path, &got);
            } else if fs::read_to_string(&path).ok().as_deref() != Some(&got) {
                wrong.push(row.file.clone());
            }
            assert!(known.insert(name), "two files have the dump of {}", row.file);
        }
        let all = self.names().into_iter().filter(|name| name.ends_with(GOLDEN));
        wrong.extend(all.filter(|name| !known.contains(name)));
        assert!(
            wrong.is_empty(),
            "the dumps differ, are missing or have no input; UPDATE_GOLDEN=1 rewrites them:\n{}",
            wrong.join("\n")
        );
    }

    /// The inputs, as the table names them.
    fn files(self) -> Vec<String> {
        let is_input = |name: &String| {
            // A name that begins with a dot is a dump that is being written.
            let hidden = name.rsplit('/').next().is_some_and(|name| name.starts_with('.'));
            !(hidden
                || name.ends_with("README.md")
                || name.ends_with(".tsv")
                || name.ends_with(GOLDEN))
        };
        self.names().into_iter().filter(is_input).collect()
    }

    /// Every file of the folder and of those below it.
    fn names(self) -> Vec<String> {
        let (mut folders, mut names) = (vec![self.root()], Vec::new());
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let name = path.strip_prefix(self.root()).unwrap();
                    names.push(name.display().to_string());
                }
            }
        }
        names
    }
}

/// Compares the verdicts of one mode with those that are `expected`; a refusal must name the field of the row.
///
/// `excused` are files with a field that may be at fault although the row is accepted, and must be.
pub fn check_verdicts(
    rows: &[Row],
    dump: impl Fn(&Row) -> Vec<Document>,
    expected: impl Fn(&Row) -> bool,
    excused: &[(&str, &str)],
) {
    let mut wrong = Vec::new();
    for row in rows {
        let documents = dump(row);
        let faults: Vec<&Finding> = documents.iter().flat_map(|one| &one.faults).collect();
        let excuses = excused.iter().filter(|(file, _)| *file == row.file);
        let verdict = if expected(row) {
            let excuses: BTreeSet<&str> = excuses.map(|(_, field)| *field).collect();
            faults.iter().map(|fault| &*fault.field).collect::<BTreeSet<_>>() == excuses
        } else {
            faults.iter().any(|fault| fault.field == row.field)
        };
        if !verdict {
            let said = faults.iter().map(ToString::to_string).collect::<Vec<_>>();
            let wanted = if expected(row) { "accept" } else { &row.field };
            wrong.push(format!("{}: wanted {wanted}, got {said:?}", row.file));
        }
        for fault in faults {
            assert!(fault.offset <= row.input.len(), "{}: {fault}", row.file);
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// Whatever is done to an input, strict mode accepts nothing that lenient mode refuses, and every fault lies within the
/// input. Inputs over `longest` are left alone.
pub fn check_damaged(rows: Vec<Row>, longest: usize, dump: impl Fn(&Row, bool) -> Vec<Document>) {
    for (seed, mut row) in (0..).zip(rows) {
        if row.input.len() > longest {
            continue;
        }
        let whole = row.input.clone();
        let mut random = Random::new(seed);
        for _ in 0..DAMAGES {
            row.input = damage(&whole, &mut random).into();
            let [lenient, strict] = [false, true].map(|strict| -> Vec<Finding> {
                dump(&row, strict).iter().flat_map(|one| one.faults.clone()).collect()
            });
            let input = row.input.escape_ascii();
            assert!(lenient.is_empty() || !strict.is_empty(), "{}: {input}", row.file);
            let inside = strict.iter().all(|fault| fault.offset <= row.input.len());
            assert!(inside, "{}: {strict:?}: {input}", row.file);
        }
    }
}

/// How often each input is damaged.
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

/// Numbers that look random and are the same in every run (xorshift).
pub struct Random(u64);

impl Random {
    pub const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(2).wrapping_add(0x9e37_79b9_7f4a_7c15))
    }

    pub fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % end
    }
}

/// Documents as the program prints them.
pub fn print(documents: &[Document]) -> String {
    documents.iter().fold(String::new(), |mut text, document| {
        writeln!(text, "{:#}", document.json).unwrap();
        text
    })
}
