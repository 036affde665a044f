//! Who may use whom: the arrows of `ARCHITECTURE.md`, compared with what the manifests say.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot read the workspace has nothing to report"
)]

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use cargo_metadata::{DependencyKind, MetadataCommand};

/// Each folder of `crates/` and what it may use. A crate that is not listed here may not exist.
const ARROWS: [(&str, &[&str]); 13] = [
    ("core", &[]),
    ("sip", &["core"]),
    ("sdp", &["core"]),
    ("msrp", &["core"]),
    ("content", &["core"]),
    ("imap", &["core"]),
    ("ua", &["sip", "core"]),
    ("session", &["ua", "sdp", "msrp", "content", "core"]),
    ("store", &["imap", "content", "core"]),
    ("functions", &["session", "ua", "sdp", "msrp", "content", "core"]),
    ("net", &["core", "sip", "msrp"]),
    ("persist", &["core", "content", "functions", "store"]),
    ("testkit", &["core"]),
];

/// Crates that read a clock, draw random bytes or open sockets, and are therefore kept out of the wall.
const OUTSIDE_WORLD: [&str; 7] = ["chrono", "getrandom", "mio", "rand", "socket2", "time", "tokio"];

/// Crates of `crates/` that stand outside the wall because driving the world is their work.
const DRIVERS: [&str; 2] = ["net", "persist"];

/// Unpublished packages at the root, which may use everything.
const OPEN: [&str; 3] = ["tests", "benches", "examples"];

/// Features of `rand` that reach for the operating system.
const OS_RANDOMNESS: [&str; 5] = ["getrandom", "os_rng", "std_rng", "sys_rng", "thread_rng"];

/// A package of the workspace, as far as its arrows go.
#[derive(Clone)]
struct Package {
    /// Its folder from the root, with forward slashes.
    folder: String,
    name: String,
    published: bool,
    uses: Vec<Use>,
}

/// One dependency that is not for tests alone.
#[derive(Clone)]
struct Use {
    name: String,
    default_features: bool,
    features: Vec<String>,
}

#[test]
fn every_arrow_between_crates_is_drawn() {
    let wrong = judge(&packages());
    assert!(wrong.is_empty(), "the workspace and its drawing differ:\n{}", wrong.join("\n"));
}

/// What a walled crate's dependencies bring along counts too, with every feature of the crate on.
#[test]
fn no_walled_crate_reaches_the_world_through_others() {
    let mut wrong = Vec::new();
    for package in packages() {
        let Some(folder) = package.folder.strip_prefix("crates/") else {
            continue;
        };
        if !DRIVERS.contains(&folder) {
            wrong.extend(judge_tree(&package.name, &tree(&package.name)));
        }
    }
    assert!(wrong.is_empty(), "crates that reach the world:\n{}", wrong.join("\n"));
}

/// The repository. Asked at run time: builds of two clones may share their output.
fn root() -> PathBuf {
    let here =
        env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    Path::new(&here).parent().unwrap().to_owned()
}

/// The packages of the workspace as their manifests describe them.
fn packages() -> Vec<Package> {
    let metadata = MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .no_deps()
        .exec()
        .expect("cargo metadata runs");
    let root = &metadata.workspace_root;
    metadata
        .packages
        .iter()
        .map(|package| {
            let folder = package.manifest_path.parent().unwrap().strip_prefix(root).unwrap();
            let uses =
                package.dependencies.iter().filter(|one| one.kind != DependencyKind::Development);
            Package {
                folder: folder.as_str().replace('\\', "/"),
                name: package.name.to_string(),
                published: package.publish.as_ref().is_none_or(|registries| !registries.is_empty()),
                uses: uses
                    .map(|one| Use {
                        name: one.name.clone(),
                        default_features: one.uses_default_features,
                        features: one.features.clone(),
                    })
                    .collect(),
            }
        })
        .collect()
}

/// The names of everything that `package` is built from, one a line.
fn tree(package: &str) -> String {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .current_dir(root())
        .args(["tree", "--package", package, "--edges", "normal", "--all-features"])
        .args(["--prefix", "none", "--format", "{p}"])
        .output()
        .expect("cargo tree starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Everything in the manifests that the drawing does not allow.
fn judge(packages: &[Package]) -> Vec<String> {
    packages.iter().flat_map(judge_package).collect()
}

fn judge_package(package: &Package) -> Vec<String> {
    let mut wrong = Vec::new();
    let name = &package.name;
    if OPEN.contains(&package.folder.as_str()) {
        if package.published {
            wrong.push(format!("{name}: must not be published"));
        }
        return wrong;
    }

    let folder = package.folder.strip_prefix("crates/").unwrap_or_default();
    let Some((_, allowed)) = ARROWS.iter().find(|(known, _)| *known == folder) else {
        wrong.push(format!("{name}: the folder {} is not in the drawing", package.folder));
        return wrong;
    };
    if *name != format!("missiva-{folder}") {
        wrong.push(format!("{name}: the package in {} is named missiva-{folder}", package.folder));
    }
    if folder == "testkit" && package.published {
        wrong.push(format!("{name}: must not be published"));
    }
    for used in &package.uses {
        match used.name.strip_prefix("missiva-") {
            Some(other) if !allowed.contains(&other) => {
                wrong.push(format!("{name}: no arrow leads to {}", used.name));
            }
            None if !DRIVERS.contains(&folder) && reaches_the_world(used) => {
                wrong.push(format!("{name}: {} belongs to a driver", used.name));
            }
            _ => {}
        }
    }
    wrong
}

/// Whether the dependency itself reads a clock, draws randomness or opens a socket. `rand` does so only with
/// some of its features, which are on by default.
fn reaches_the_world(used: &Use) -> bool {
    if matches!(used.name.as_str(), "rand" | "rand_core") {
        let asked = used.features.iter().any(|feature| OS_RANDOMNESS.contains(&feature.as_str()));
        return asked || used.name == "rand" && used.default_features;
    }
    OUTSIDE_WORLD.contains(&used.name.as_str())
}

/// The lines of a dependency tree that name a crate of the outside world. `rand` with nothing from the
/// operating system below it is arithmetic: `getrandom` has a line of its own where it is not.
fn judge_tree(package: &str, tree: &str) -> Vec<String> {
    let mut wrong: Vec<String> = tree
        .lines()
        .filter_map(|line| line.split(' ').next())
        .filter(|name| *name != "rand" && OUTSIDE_WORLD.contains(name))
        .map(|name| format!("{package}: brings {name} along"))
        .collect();
    wrong.sort();
    wrong.dedup();
    wrong
}

/// A package with these plain dependencies.
fn sample(folder: &str, uses: &[&str]) -> Package {
    Package {
        folder: folder.to_owned(),
        name: folder.replace("crates/", "missiva-"),
        published: folder.starts_with("crates/") && folder != "crates/testkit",
        uses: uses.iter().map(|name| dependency(name, false, &[])).collect(),
    }
}

fn dependency(name: &str, default_features: bool, features: &[&str]) -> Use {
    let features = features.iter().map(|&feature| feature.to_owned()).collect();
    Use { name: name.to_owned(), default_features, features }
}

#[test]
fn arrows_and_crates_that_are_not_drawn_are_found() {
    for (folder, uses, faults) in [
        ("crates/core", &["bytes"][..], 0),
        ("crates/core", &["missiva-sip"], 1),
        ("crates/sip", &["missiva-core", "bytes"], 0),
        ("crates/sip", &["missiva-sdp"], 1),
        ("crates/ua", &["missiva-sip", "missiva-core"], 0),
        ("crates/ua", &["missiva-session", "missiva-net"], 2),
        ("crates/functions", &["missiva-session", "missiva-content"], 0),
        ("crates/functions", &["missiva-store"], 1),
        ("crates/sip", &["missiva-testkit"], 1),
        ("crates/helpers", &[], 1),
        ("tools", &[], 1),
        ("examples", &["missiva-core", "missiva-net", "tokio"], 0),
        ("crates/net", &["tokio", "socket2"], 0),
        ("crates/persist", &["missiva-functions", "chrono"], 0),
        ("crates/session", &["tokio"], 1),
        ("crates/core", &["getrandom", "time", "mio", "chrono", "socket2"], 5),
    ] {
        let wrong = judge(&[sample(folder, uses)]);
        assert_eq!(wrong.len(), faults, "{folder} uses {uses:?}: {wrong:?}");
    }
}

#[test]
fn randomness_from_the_operating_system_is_found() {
    for (used, faults) in [
        (dependency("rand", true, &[]), 1),
        (dependency("rand", false, &[]), 0),
        (dependency("rand", false, &["thread_rng"]), 1),
        (dependency("rand_core", true, &[]), 0),
        (dependency("rand_core", true, &["os_rng"]), 1),
    ] {
        let package = Package { uses: vec![used], ..sample("crates/core", &[]) };
        assert_eq!(judge(std::slice::from_ref(&package)).len(), faults, "{}", package.uses[0].name);
    }
}

#[test]
fn names_and_publication_are_checked() {
    let named = Package { name: "missiva-core2".to_owned(), ..sample("crates/core", &[]) };
    let published = Package { published: true, ..sample("tests", &[]) };
    let testkit = Package { published: true, ..sample("crates/testkit", &[]) };
    for package in [named, published, testkit] {
        assert_eq!(judge(std::slice::from_ref(&package)).len(), 1, "{}", package.name);
    }
}

#[test]
fn a_tree_that_reaches_the_world_is_found() {
    let tree =
        "missiva-sip v0.1.0\nrand v0.10.0\nrand_core v0.10.0\nuuid v1.0.0\ngetrandom v0.4.0 (*)\n";
    assert_eq!(judge_tree("missiva-sip", tree), ["missiva-sip: brings getrandom along"]);
    assert!(judge_tree("missiva-sip", "missiva-sip v0.1.0\nbytes v1.12.0\n").is_empty());
}
