//! `CONFORMANCE.md` says nothing that a test does not prove.
//!
//! `UPDATE_GOLDEN=1` rewrites the table of counts from the rows.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot read the repository has nothing to report"
)]

mod replace;

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Component, Path, PathBuf};

use replace::replace;

/// The last id; the first is 1.
const LAST: usize = 603;
/// Longest description that still fits a line of the table.
const LONGEST: usize = 80;
/// What stands around the generated table of counts.
const COUNTS: (&str, &str) = ("<!-- counts -->\n", "<!-- /counts -->\n");

/// One row of the table.
struct Row<'a> {
    /// The line of the file, from 1.
    line: usize,
    /// The heading under which it stands.
    group: &'a str,
    id: &'a str,
    what: &'a str,
    state: &'a str,
    test: &'a str,
}

#[test]
fn every_row_is_in_order_and_proved() {
    let root = root();
    let text = fs::read_to_string(root.join("CONFORMANCE.md")).unwrap();
    let source = |path: &str| fs::read_to_string(root.join(path)).ok();

    let (rows, mut wrong) = read(&text);
    wrong.extend(judge(&rows, LAST, &source));
    assert!(wrong.is_empty(), "CONFORMANCE.md:\n{}", wrong.join("\n"));
}

#[test]
fn counts_at_the_top_agree_with_the_rows() {
    let path = root().join("CONFORMANCE.md");
    let text = fs::read_to_string(&path).unwrap();
    let expected = counts(&read(&text).0);
    let (before, found, after) =
        split_counts(&text).expect("the marks around the counts are there");
    if env::var_os("UPDATE_GOLDEN").is_some() {
        let text = [before, COUNTS.0, &expected, COUNTS.1, after].concat();
        replace(&path, &text);
        return;
    }
    let stale: Vec<&str> =
        expected.lines().filter(|line| !found.lines().any(|other| other == *line)).collect();
    assert!(
        found == expected,
        "the counts differ from the rows, UPDATE_GOLDEN=1 rewrites them:\n{}",
        stale.join("\n")
    );
}

/// The repository. Asked at run time: builds of two clones may share their output.
fn root() -> PathBuf {
    let here =
        env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    Path::new(&here).parent().unwrap().to_owned()
}

/// The rows of the table, and the lines that look like rows and are none.
fn read(text: &str) -> (Vec<Row<'_>>, Vec<String>) {
    let (mut rows, mut wrong, mut group) = (Vec::new(), Vec::new(), "");
    for (line, content) in (1..).zip(text.lines()) {
        if let Some(heading) = content.strip_prefix("## ") {
            group = heading;
        } else if content.trim_start_matches(['|', ' ']).starts_with("F-") {
            let cells: Vec<&str> = content.split('|').map(str::trim).collect();
            if let ["", id, what, state, test, ""] = cells[..] {
                rows.push(Row { line, group, id, what, state, test });
            } else {
                wrong.push(format!("line {line}: not a row of four cells"));
            }
        }
    }
    (rows, wrong)
}

/// Everything that is wrong with the rows, which must run from 1 to `last`.
fn judge(rows: &[Row<'_>], last: usize, source: &dyn Fn(&str) -> Option<String>) -> Vec<String> {
    let mut wrong = Vec::new();
    for (number, row) in (1..).zip(rows) {
        let mut say = |what: &str| wrong.push(format!("line {}: {}: {what}", row.line, row.id));
        if row.id != format!("F-{number:03}") {
            say(&format!("F-{number:03} must stand here"));
        }
        if row.what.is_empty() || row.what.chars().count() > LONGEST {
            say("what must work is said in 1 to 80 characters");
        }
        match row.state {
            "no" if row.test != "-" => say("a row that is `no` names no test"),
            "works" | "part" => {
                for test in row.test.split(", ") {
                    if let Err(fault) = find_test(test, source) {
                        say(&format!("{test}: {fault}"));
                    }
                }
            }
            "no" => {}
            _ => say("the state is works, part or no"),
        }
    }
    if rows.len() != last {
        wrong.push(format!("{} rows, there must be {last}", rows.len()));
    }
    wrong
}

/// Whether `` `path.rs::test_fn` `` names a test that exists and runs.
fn find_test(name: &str, source: &dyn Fn(&str) -> Option<String>) -> Result<(), &'static str> {
    let inner = name.strip_prefix('`').and_then(|rest| rest.strip_suffix('`'));
    let (path, function) = inner
        .and_then(|inner| inner.split_once("::"))
        .filter(|(path, function)| path.ends_with(".rs") && is_word(function))
        .ok_or("a test is written `path.rs::test_fn`")?;
    if !Path::new(path).components().all(|part| matches!(part, Component::Normal(_))) {
        return Err("the path starts at the root of the repository");
    }
    let text = source(path).ok_or("there is no such file")?;
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let mut found = Err("there is no such function");
    for at in (0..lines.len()).filter(|&at| declares(lines[at], function)) {
        let attributes = attributes_above(&lines[..at]);
        if attributes.iter().any(|line| line.starts_with("#[ignore")) {
            found = Err("the test is ignored");
        } else if attributes
            .iter()
            .any(|line| line.starts_with("#[test]") || line.contains("::test"))
        {
            return Ok(());
        } else {
            found = Err("the function is not a test");
        }
    }
    found
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Whether the line declares a function of that name. Functions inside `proptest!` look the same.
fn declares(line: &str, function: &str) -> bool {
    let line = line.strip_prefix("pub ").unwrap_or(line);
    let line = line.strip_prefix("async ").unwrap_or(line);
    line.strip_prefix("fn ")
        .and_then(|rest| rest.strip_prefix(function))
        .is_some_and(|rest| rest.starts_with(['(', '<']))
}

/// The attributes directly above a function, comments left out.
fn attributes_above<'a>(above: &[&'a str]) -> Vec<&'a str> {
    let mut attributes = Vec::new();
    let mut inside = false;
    for &line in above.iter().rev() {
        if line.starts_with("#[") {
            inside = false;
            attributes.push(line);
        } else if line == ")]" {
            inside = true;
        } else if !inside && !line.starts_with("//") {
            break;
        }
    }
    attributes
}

/// The table of counts that belongs to the rows.
fn counts(rows: &[Row<'_>]) -> String {
    let mut groups: Vec<(&str, [usize; 4])> = Vec::new();
    let mut all = [0; 4];
    for row in rows {
        if groups.last().is_none_or(|(group, _)| *group != row.group) {
            groups.push((row.group, [0; 4]));
        }
        let state = ["works", "part", "no"].iter().position(|state| *state == row.state);
        for at in state.into_iter().chain([3]) {
            groups.last_mut().unwrap().1[at] += 1;
            all[at] += 1;
        }
    }
    groups.push(("**all**", all));

    let mut table =
        "| group | works | part | no | rows |\n| --- | ---: | ---: | ---: | ---: |\n".to_owned();
    for (group, [works, part, no, rows]) in groups {
        writeln!(table, "| {group} | {works} | {part} | {no} | {rows} |").unwrap();
    }
    table
}

/// What stands before, between and after the marks around the counts.
fn split_counts(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once(COUNTS.0)?;
    let (between, after) = rest.split_once(COUNTS.1)?;
    Some((before, between, after))
}

/// A source file with a test of every kind, for the checks of the checks.
const SAMPLE: &str = r#"
#[test]
fn plain() {}

/// Words.
#[test]
#[should_panic(
    expected = "x"
)]
// More words.
fn with_attributes() {}

#[test]
#[ignore = "slow"]
fn ignored() {}

fn helper() {}

// #[test]
// fn comment() {}

proptest! {
    #[test]
    fn property(x in 0..9) {}
}
"#;

#[test]
fn tests_are_found_only_where_they_run() {
    let source = |path: &str| (path == "crates/a/src/b.rs").then(|| SAMPLE.to_owned());
    for (name, fine) in [
        ("`crates/a/src/b.rs::plain`", true),
        ("`crates/a/src/b.rs::with_attributes`", true),
        ("`crates/a/src/b.rs::property`", true),
        ("`crates/a/src/b.rs::ignored`", false),
        ("`crates/a/src/b.rs::helper`", false),
        ("`crates/a/src/b.rs::comment`", false),
        ("`crates/a/src/b.rs::plai`", false),
        ("`crates/a/src/b.rs::missing`", false),
        ("`crates/a/src/c.rs::plain`", false),
        ("`../a/src/b.rs::plain`", false),
        ("`/crates/a/src/b.rs::plain`", false),
        ("crates/a/src/b.rs::plain", false),
        ("`crates/a/src/b.rs`", false),
        ("-", false),
        ("", false),
    ] {
        assert_eq!(find_test(name, &source).is_ok(), fine, "{name}");
    }
}

#[test]
fn rows_that_are_wrong_are_found() {
    let source = |path: &str| (path == "a.rs").then(|| SAMPLE.to_owned());
    let faults = |text: &str, last| {
        let (rows, mut wrong) = read(text);
        wrong.extend(judge(&rows, last, &source));
        wrong.len()
    };
    let long = "é".repeat(LONGEST + 1);
    for (text, expected) in [
        ("| F-001 | x | no | - |\n| F-002 | y | works | `a.rs::plain` |", 0),
        ("| F-001 | x | part | `a.rs::plain`, `a.rs::property` |\n| F-002 | y | no | - |", 0),
        ("| F-001 | x | part | `a.rs::plain`, `a.rs::gone` |\n| F-002 | y | no | - |", 1),
        ("| F-001 | x | no | - |\n| F-001 | x | no | - |", 1),
        ("| F-002 | x | no | - |\n| F-001 | x | no | - |", 2),
        ("| F-001 | x | no | - |", 1),
        ("| F-001 | x | no | `a.rs::plain` |\n| F-002 | y | no | - |", 1),
        ("| F-001 | x | works | - |\n| F-002 | y | no | - |", 1),
        ("| F-001 | x | yes | - |\n| F-002 | y | no | - |", 1),
        ("| F-001 |  | no | - |\n| F-002 | y | no | - |", 1),
        ("| F-001 | x | no | - | - |\n| F-001 | x | no | - |\n| F-002 | y | no | - |", 1),
        (&format!("| F-001 | {long} | no | - |\n| F-002 | y | no | - |"), 1),
    ] {
        assert_eq!(faults(text, 2), expected, "{text}");
    }
}

#[test]
fn counts_follow_the_rows() {
    let text =
        "## A\n| F-001 | x | no | - |\n| F-002 | x | works | - |\n## B\n| F-003 | x | part | - |\n";
    let table = counts(&read(text).0);
    let expected =
        ["| A | 1 | 0 | 1 | 2 |", "| B | 0 | 1 | 0 | 1 |", "| **all** | 1 | 1 | 1 | 3 |"];
    assert_eq!(table.lines().skip(2).collect::<Vec<_>>(), expected);
    assert_eq!(split_counts("a<!-- counts -->\nb<!-- /counts -->\nc"), Some(("a", "b", "c")));
}
