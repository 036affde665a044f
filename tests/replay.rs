//! The bodies of the fuzz targets on stable Rust: every fixture and every committed seed through each of them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot read the repository has nothing to report"
)]

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

#[path = "../fuzz/src/lib.rs"]
#[allow(unreachable_pub, reason = "a crate of its own in its own workspace")]
mod fuzz;

/// Longer inputs are cut for all targets but those that read whole messages.
const LONGEST: usize = 8 * 1024;
/// The targets that read whole messages.
const WHOLE: [&str; 7] = [
    "parse_datagram",
    "parse_websocket",
    "parse_stream",
    "roundtrip_message",
    "build_edit",
    "build_reply",
    "split_stream",
];

fn root() -> PathBuf {
    let here =
        env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    Path::new(&here).parent().unwrap().to_owned()
}

fn files_below(folder: &Path, found: &mut Vec<(PathBuf, Vec<u8>)>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files_below(&path, found);
        } else {
            let bytes = fs::read(&path).unwrap();
            found.push((path, bytes));
        }
    }
}

/// Runs `body` on one input, and names the input when it panics.
fn run(body: fn(&[u8]), input: &[u8], path: &Path) {
    struct Name<'a>(&'a Path);
    impl Drop for Name<'_> {
        #[allow(clippy::print_stderr, reason = "the input that failed")]
        fn drop(&mut self) {
            if std::thread::panicking() {
                eprintln!("the input is {}", self.0.display());
            }
        }
    }
    let name = Name(path);
    body(input);
    drop(name);
}

fn replay(target: &str) {
    let listed = fuzz::TARGETS.iter().find(|listed| listed.name == target);
    let fuzz::Target { body, fixtures, .. } = *listed.expect("a target of the list");
    let mut inputs = Vec::new();
    files_below(&root().join("tests/fixtures").join(fixtures), &mut inputs);
    let fixtures = inputs.len();
    files_below(&root().join("fuzz/seeds"), &mut inputs);
    assert!(fixtures > 50 && inputs.len() > fixtures + 100, "the corpora are there");
    for (index, (path, bytes)) in inputs.iter().enumerate() {
        let whole = WHOLE.contains(&target);
        let bytes = if whole { bytes } else { &bytes[..bytes.len().min(LONGEST)] };
        run(body, bytes, path);
        if target == "split_stream" && index < fixtures {
            // A fixture has no bytes in front that say how to cut it.
            for choice in 0..4 {
                for seed in [0, 77] {
                    run(body, &[&[choice, seed], bytes].concat(), path);
                }
            }
        }
    }
}

macro_rules! replays {
    ($($target:ident)*) => {
        $(
            #[test]
            fn $target() {
                replay(stringify!($target));
            }
        )*

        const REPLAYED: &[&str] = &[$(stringify!($target)),*];
    };
}

replays! {
    parse_datagram parse_websocket parse_stream parse_uri parse_params parse_via parse_address parse_auth parse_content
    parse_header parse_digest roundtrip_message roundtrip_uri roundtrip_header roundtrip_digest build_uri
    build_value build_message build_edit build_reply split_stream
}

#[test]
fn every_target_is_listed_everywhere() {
    let folder = root().join("fuzz");
    let listed: BTreeSet<&str> = fuzz::TARGETS.iter().map(|target| target.name).collect();
    assert_eq!(listed.len(), fuzz::TARGETS.len());
    assert_eq!(listed, REPLAYED.iter().copied().collect(), "in this file");

    let mut files = Vec::new();
    files_below(&folder.join("fuzz_targets"), &mut files);
    assert_eq!(listed.len(), files.len(), "in fuzz/fuzz_targets");
    for target in fuzz::TARGETS {
        let path = folder.join("fuzz_targets").join(target.name).with_extension("rs");
        let text = fs::read_to_string(&path).unwrap();
        let call = format!("missiva_fuzz::{}(data)", target.path);
        assert!(text.contains(&call), "{}: {call}", path.display());
    }

    let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
    let readme = fs::read_to_string(folder.join("README.md")).unwrap();
    for name in &listed {
        assert!(manifest.contains(&format!("name = \"{name}\"")), "{name} in fuzz/Cargo.toml");
        assert!(readme.contains(&format!("| `{name}` |")), "{name} in fuzz/README.md");
    }
}

#[test]
fn seeds_stay_small() {
    let mut seeds = Vec::new();
    files_below(&root().join("fuzz/seeds"), &mut seeds);
    let bytes: usize = seeds.iter().map(|(_, bytes)| bytes.len()).sum();
    assert!(bytes <= 300 * 1024, "{bytes} bytes of seeds");
}
