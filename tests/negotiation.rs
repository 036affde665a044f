//! Every offer under `fixtures/sdp/negotiation`, with its answer or without: which rule it breaks, and what to say.

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

use missiva_sdp::Description;
use missiva_sdp::line::Address;
use missiva_sdp::negotiate::{
    Author, Capabilities, Codec, Demands, File, MessageMedia, Negotiator, Refusal, Stream,
    check_answer,
};

#[test]
fn every_exchange_gets_the_verdict_of_the_table() {
    let table = fs::read_to_string(fixtures().join("verdicts.tsv")).unwrap();
    let mut lines = table.lines();
    assert_eq!(lines.next(), Some("offer\tanswer\tmedia\trule\tstatus\treason"));
    let (mut named, mut wrong, mut count) = (BTreeSet::new(), Vec::new(), 0);
    for line in lines {
        let cells: Vec<&str> = line.split('\t').collect();
        let [offer, answer, media, rule, status, reason] = cells[..] else {
            panic!("not a row of six cells: {line}");
        };
        assert!(!reason.is_empty(), "{offer}: no reason");
        count += 1;
        named.insert(offer.to_owned());
        named.extend((answer != "-").then(|| answer.to_owned()));
        let verdict = judge(offer, answer);
        if said(verdict) != [media, rule, status] {
            wrong.push(format!("{offer}: {verdict:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count >= 25, "only {count} rows");
    let entries = fs::read_dir(fixtures()).unwrap();
    let present: BTreeSet<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".sdp"))
        .collect();
    let odd: Vec<_> = named.symmetric_difference(&present).collect();
    assert!(odd.is_empty(), "only a row, or only a file: {odd:?}");
}

fn judge(offer: &str, answer: &str) -> Result<(), Refusal> {
    let offer = read(offer);
    if answer != "-" {
        return check_answer(&offer, &read(answer), None, &Demands::STRICT);
    }
    let address = Address::internet("192.0.2.2".parse().unwrap());
    let mut bob = Negotiator::new(Author::new("2", 1, &address));
    bob.receive_offer(&offer)?;
    let (answer, _) = bob.answer(&capabilities())?;
    check_answer(&offer, &answer, None, &Demands::STRICT)
}

/// What the one who is asked can take.
fn capabilities() -> Capabilities {
    let message = |path: &str| MessageMedia::new(path, "message/cpim text/plain image/*");
    let file = Stream::message(9, message("msrp://192.0.2.2:9/f;tcp"));
    Capabilities::of([
        Stream::audio(4000, vec![Codec::new(0, "PCMU", 8000)]),
        Stream::video(4002, vec![Codec::new(31, "H261", 90000)]),
        Stream::message(9, message("msrp://192.0.2.2:9/m;tcp")),
        Stream { file: Some(File::ANY), ..file },
    ])
}

/// Media, rule and status as the table has them.
fn said(verdict: Result<(), Refusal>) -> [String; 3] {
    let Err(refusal) = verdict else { return ["-"; 3].map(str::to_owned) };
    let media = refusal.media.map_or_else(|| "-".to_owned(), |media| media.to_string());
    let rule = format!("{:?}", refusal.rule);
    let rule = rule.split('(').next().unwrap_or_default().to_owned();
    [media, rule, refusal.status().to_string()]
}

fn read(name: &str) -> Description {
    let bytes = fs::read(fixtures().join(name)).expect(name);
    Description::parse(bytes.into()).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The folder of the fixtures. Asked at run time: builds of two clones may share their output.
fn fixtures() -> PathBuf {
    let here =
        env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    Path::new(&here).join("fixtures/sdp/negotiation")
}
