//! Every XML body that the crates write is valid by its schema.
//!
//! The outside oracle is xmllint. Where it is not installed this says so and does nothing, except on a build server
//! (`CI=true`), where its absence is a failure.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that cannot read the repository has nothing to report"
)]

mod xml_kinds;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use missiva_content::composing::{IsComposing, Sender, SenderSettings, State};
use missiva_content::conference::{ConferenceInfo, Endpoint, EndpointStatus, User};
use missiva_content::imdn::document::{Delivery, Display, Disposition, Imdn, Processing};
use missiva_content::resource_lists::ResourceLists;
use missiva_content::{DateTime, Limits};
use missiva_core::{Instant, Machine, WallClock};

use xml_kinds::{KINDS, documents, fixtures};

/// A document with a vendor's element, which the schema of its kind has no room for: kept rather than lost.
const NO_ROOM: &str = "04_odd_prefix_vendor.xml";

/// What is written for every fixture that is read.
#[test]
fn what_is_written_for_each_fixture_is_valid() {
    let mut bodies = Bodies::new("fixtures");
    for kind in &KINDS {
        let documents = documents(kind);
        for (name, bytes) in documents.into_iter().filter(|(name, _)| name != NO_ROOM) {
            if let Ok(read) = (kind.read)(&bytes, &Limits::DEFAULT) {
                let schema = (kind.schema)(&String::from_utf8_lossy(&read.written[0]));
                bodies.add(schema, &format!("{}-{name}", kind.folder), &read.written[0]);
            }
        }
    }
    assert!(bodies.count() >= 50, "{} bodies", bodies.count());
    bodies.validate();
}

/// What is built rather than read.
#[test]
fn what_is_built_is_valid() {
    let mut bodies = Bodies::new("built");
    let dispositions = [
        Disposition::Delivery(Delivery::Delivered),
        Disposition::Delivery(Delivery::Failed),
        Disposition::Delivery(Delivery::Forbidden),
        Disposition::Delivery(Delivery::Error),
        Disposition::Display(Display::Displayed),
        Disposition::Display(Display::Forbidden),
        Disposition::Display(Display::Error),
        Disposition::Processing(Processing::Processed),
        Disposition::Processing(Processing::Stored),
        Disposition::Processing(Processing::Forbidden),
        Disposition::Processing(Processing::Error),
    ];
    for (number, disposition) in dispositions.into_iter().enumerate() {
        let report = Imdn::new("a<\u{1}&\"\u{ffff}>]]>", "2015-02-17T06:54:27Z", disposition);
        bodies.add("imdn", &format!("imdn-{number}.xml"), &report.to_bytes());
    }

    let clock = WallClock::new(Instant::ORIGIN, std::time::Duration::from_secs(1_424_156_067));
    let mut sender =
        Sender::new(SenderSettings { clock: Some(clock), ..SenderSettings::default() });
    sender.typed(Instant::ORIGIN);
    let active = sender.poll_event().unwrap();
    sender.cleared(Instant::ORIGIN);
    let idle = sender.poll_event().unwrap();
    for (name, status) in
        [("active", active), ("idle", idle), ("bare", IsComposing::new(State::Idle))]
    {
        bodies.add("im-iscomposing", &format!("composing-{name}.xml"), &status.to_bytes());
    }

    let shared = fixtures().join("content/xml/resource_lists/01_rfc5364_copy_control.xml");
    let lists = ResourceLists::parse(&fs::read(shared).unwrap(), &Limits::DEFAULT).unwrap();
    bodies.add("resource-lists-with-copy-control", "history.xml", &lists.history().to_bytes());

    let mut before = ConferenceInfo::new("sip:c@example.com", 1);
    before.users.push(User::new("sip:gone@example.com"));
    let mut after = ConferenceInfo::new("sip:c@example.com", 2);
    after.users.push(User {
        endpoints: vec![Endpoint::new("sip:a@192.0.2.1", EndpointStatus::Connected)],
        ..User::new("sip:a@example.com")
    });
    bodies.add("conference", "changes.xml", &after.changes_since(&before, 2).to_bytes());
    bodies.validate();
}

/// A date reads as one of XML Schema, whatever way it was written.
#[test]
fn dates_are_valid_whatever_their_shape() {
    let mut bodies = Bodies::new("dates");
    let shapes = [
        "2015-02-17T06:54:27Z",
        "2015-02-17t06:54:27.1234567+0200",
        "2015-02-17 06:54:27",
        "2015-02-17T06:54:27-00:00",
        "2016-12-31T23:59:60Z",
        "2015-02-17T24:00:00-05",
    ];
    for (number, shape) in shapes.into_iter().enumerate() {
        let status = IsComposing {
            last_active: DateTime::parse(shape).ok(),
            ..IsComposing::new(State::Idle)
        };
        assert!(status.last_active.is_some(), "{shape}");
        bodies.add("im-iscomposing", &format!("{number}.xml"), &status.to_bytes());
    }
    bodies.validate();
}

/// The schemas refuse what is wrong: a check that lets everything pass proves nothing.
#[test]
fn the_oracle_refuses_what_is_wrong() {
    if !is_installed() {
        return;
    }
    let mut bodies = Bodies::new("wrong");
    let wrong = [
        ("imdn", "<imdn xmlns='urn:ietf:params:xml:ns:imdn'><message-id>a</message-id></imdn>"),
        ("im-iscomposing", "<isComposing xmlns='urn:ietf:params:xml:ns:im-iscomposing'/>"),
        ("conference", "<conference-info xmlns='urn:ietf:params:xml:ns:conference-info'/>"),
        (
            "resource-lists-with-copy-control",
            "<resource-lists xmlns='urn:ietf:params:xml:ns:resource-lists'><list><entry uri='a:b' \
             xmlns:c='urn:ietf:params:xml:ns:copycontrol' c:copyControl='x'/></list></resource-lists>",
        ),
        ("rcs-fthttp", "<file xmlns='urn:gsma:params:xml:ns:rcs:rcs:fthttp'/>"),
        ("stored-objects", "<groupstate/>"),
    ];
    for (schema, xml) in wrong {
        let path = bodies.add(schema, &format!("{schema}.xml"), xml.as_bytes());
        assert!(!lint(schema, &[path]).0, "{schema} lets it pass");
    }
}

/// Bodies to be validated, by their schema.
struct Bodies {
    folder: PathBuf,
    by_schema: BTreeMap<&'static str, Vec<PathBuf>>,
}

impl Bodies {
    fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("schemas").join(name);
        fs::create_dir_all(&folder).unwrap();
        Self { folder, by_schema: BTreeMap::new() }
    }

    fn add(&mut self, schema: &'static str, name: &str, body: &[u8]) -> PathBuf {
        let path = self.folder.join(name);
        fs::write(&path, body).unwrap();
        self.by_schema.entry(schema).or_default().push(path.clone());
        path
    }

    fn count(&self) -> usize {
        self.by_schema.values().map(Vec::len).sum()
    }

    fn validate(&self) {
        if !is_installed() {
            return;
        }
        for (schema, paths) in &self.by_schema {
            let (passed, said) = lint(schema, paths);
            assert!(passed, "{said}");
        }
    }
}

fn lint(schema: &str, paths: &[PathBuf]) -> (bool, String) {
    let schema = fixtures().join("xsd").join(format!("{schema}.xsd"));
    let output = Command::new("xmllint")
        .args(["--noout", "--nonet", "--schema"])
        .arg(schema)
        .args(paths)
        .output()
        .unwrap();
    (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
}

/// Whether there is an xmllint. On a build server there must be.
fn is_installed() -> bool {
    let found = Command::new("xmllint").arg("--version").output().is_ok();
    let must = env::var_os("CI").is_some_and(|value| value == "true");
    assert!(found || !must, "xmllint is missing: install libxml2-utils");
    if !found {
        println!("xmllint is not installed: nothing is validated");
    }
    found
}
