//! Files hold one idea each: how long they may grow.
//!
//! A file may have 400 lines outside its tests, or up to 800 when one of its first five lines says
//! `// size: <reason>`. A crate's `lib.rs` has at most 200. The tests at the end of a file are not counted, and
//! a `tests.rs` beside the file it tests is held to 800 lines only.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot read the repository has nothing to report"
)]

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

/// Lines outside tests that a file may have without a reason.
const SOFT: usize = 400;
/// Lines outside tests that no reason lifts.
const HARD: usize = 800;
/// Lines that a crate's `lib.rs` may have: documentation, modules, re-exports.
const LIB: usize = 200;
/// How many lines from the top the reason is looked for.
const REASON_WITHIN: usize = 5;
/// Where Rust files live.
const FOLDERS: [&str; 5] = ["crates", "tests", "benches", "examples", "fuzz"];

#[test]
fn no_file_outgrows_its_limit() {
    let root = root();
    let mut files = Vec::new();
    for folder in FOLDERS {
        collect(&root.join(folder), &mut files);
    }
    assert!(files.len() > 5, "only {} Rust files found: is this the repository?", files.len());

    let mut offenders = Vec::new();
    for file in files {
        let name = file.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
        offenders.extend(judge(&name, &fs::read_to_string(&file).unwrap()));
    }
    assert!(offenders.is_empty(), "files that outgrew their limit:\n{}", offenders.join("\n"));
}

/// The repository. Asked at run time: builds of two clones may share their output.
fn root() -> PathBuf {
    let here =
        env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    Path::new(&here).parent().unwrap().to_owned()
}

/// Every `.rs` file below `folder`, in order, build output and hidden folders left out.
fn collect(folder: &Path, into: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            if name != "target" && !name.starts_with('.') {
                collect(&path, into);
            }
        } else if name.ends_with(".rs") {
            into.push(path);
        }
    }
}

/// What is wrong with the file's size, if anything.
fn judge(name: &str, text: &str) -> Option<String> {
    let file = name.rsplit('/').next().unwrap_or(name);
    if file == "tests.rs" && name.starts_with("crates/") {
        let lines = text.lines().count();
        return (lines > HARD).then(|| format!("{name}: {lines} lines of tests, at most {HARD}"));
    }

    let lines = lines_outside_tests(text);
    if file == "lib.rs" && name.starts_with("crates/") && lines > LIB {
        return Some(format!("{name}: {lines} lines, a crate's lib.rs has at most {LIB}"));
    }
    if lines > HARD {
        return Some(format!("{name}: {lines} lines outside tests, never more than {HARD}"));
    }
    if lines > SOFT && !has_reason(text) {
        return Some(format!(
            "{name}: {lines} lines outside tests, at most {SOFT} without `// size: <reason>`"
        ));
    }
    None
}

/// Lines before the module of tests that closes the file.
///
/// A `#[cfg(test)]` on anything but a module with a body (`mod tests;`, an import) does not end the count: the
/// lines after it are code.
fn lines_outside_tests(text: &str) -> usize {
    let lines: Vec<&str> = text.lines().collect();
    lines
        .iter()
        .enumerate()
        .position(|(at, line)| *line == "#[cfg(test)]" && opens_module(&lines[at + 1..]))
        .unwrap_or(lines.len())
}

/// Whether the item that comes next, past further attributes, is a module with a body.
fn opens_module(lines: &[&str]) -> bool {
    lines
        .iter()
        .find(|line| !line.starts_with("#["))
        .is_some_and(|line| line.contains("mod ") && line.ends_with('{'))
}

/// Whether the top of the file says why it is long.
fn has_reason(text: &str) -> bool {
    text.lines()
        .take(REASON_WITHIN)
        .filter_map(|line| line.split_once("// size:"))
        .any(|(_, reason)| !reason.trim().is_empty())
}

#[test]
fn limits_hold_at_the_edge_and_fail_one_over() {
    let code = |lines: usize| "x\n".repeat(lines);
    let reason = "//! A table.\n// size: one row a header\n";
    for (name, text, fine) in [
        ("crates/a/src/b.rs", code(SOFT), true),
        ("crates/a/src/b.rs", code(SOFT + 1), false),
        ("fuzz/src/lib.rs", code(SOFT + 1), false),
        ("crates/a/src/b.rs", reason.to_owned() + &code(HARD - 2), true),
        ("crates/a/src/b.rs", reason.to_owned() + &code(HARD - 1), false),
        ("crates/a/src/b.rs", "// size:  \n".to_owned() + &code(SOFT), false),
        ("crates/a/src/b.rs", code(REASON_WITHIN) + "// size: late\n" + &code(SOFT), false),
        ("crates/a/src/lib.rs", code(LIB), true),
        ("crates/a/src/lib.rs", code(LIB + 1), false),
        ("crates/a/src/b/tests.rs", code(HARD), true),
        ("crates/a/src/b/tests.rs", code(HARD + 1), false),
    ] {
        let lines = text.lines().count();
        assert_eq!(judge(name, &text).is_none(), fine, "{name} with {lines} lines");
    }
}

#[test]
fn only_a_module_of_tests_ends_the_count() {
    for (text, lines) in [
        ("a\n#[cfg(test)]\nmod tests {\nb\n}\n", 1),
        ("a\n#[cfg(test)]\n#[allow(unused)]\nmod tests {\nb\n}\n", 1),
        ("a\n#[cfg(test)]\nmod tests;\nb\n", 4),
        ("a\n#[cfg(test)]\nuse b::c;\nd\n", 4),
        ("a\n    #[cfg(test)]\n    mod tests {\nb\n}\n", 5),
    ] {
        assert_eq!(lines_outside_tests(text), lines, "{text:?}");
    }
}
