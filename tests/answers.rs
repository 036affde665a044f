//! The verdicts of the corpus against the checks of the SIP crate: which faults a strict reader finds, and which
//! answer a server gives.

#![allow(clippy::unwrap_used, reason = "a fixture that cannot be read fails the test")]

use std::path::PathBuf;

use missiva_sip::frame::{self, Frame, Side, StreamFramer};
use missiva_sip::validate::{self, Refusal, Rules};
use missiva_sip::{Limits, Message, Method};

struct Row {
    file: String,
    stream: bool,
    strict: bool,
    field: String,
    answer: String,
    bytes: Vec<u8>,
}

fn rows() -> Vec<Row> {
    let root = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR").unwrap()).join("fixtures/sip");
    let table = std::fs::read_to_string(root.join("verdicts.tsv")).unwrap();
    let rows = table.lines().skip(1).map(|line| {
        let cells: Vec<&str> = line.split('\t').collect();
        Row {
            file: cells[0].to_owned(),
            stream: cells[1] == "stream",
            strict: cells[3] == "accept",
            field: cells[4].to_owned(),
            answer: cells[5].to_owned(),
            bytes: std::fs::read(root.join(cells[0])).unwrap(),
        }
    });
    rows.collect()
}

/// The messages of a fixture, and the reason where they end before it does.
fn messages(row: &Row) -> (Vec<Message>, Option<Refusal>) {
    if !row.stream {
        return match frame::datagram(row.bytes.clone().into(), &Limits::DEFAULT) {
            Ok(Frame::Message(message)) => (vec![message], None),
            Ok(_) => (Vec::new(), None),
            Err(error) => (Vec::new(), Some(Refusal::from(&error))),
        };
    }
    let mut framer = StreamFramer::new(Side::Accepting);
    framer.push(&row.bytes);
    let mut messages = Vec::new();
    loop {
        match framer.next() {
            Ok(Some(Frame::Message(message))) => messages.push(message),
            Ok(Some(_)) => {}
            Ok(None) => return (messages, framer.end().err().map(Refusal::from)),
            Err(error) => return (messages, Some(Refusal::from(&error))),
        }
    }
}

/// What the rest of a server would say: a registrar, an authenticator, an application.
const DECIDED_ABOVE: [&str; 4] =
    ["rfc4475/unksm2.dat", "rfc4475/invut.dat", "rfc4475/regaut01.dat", "rfc4475/sdp01.dat"];

const METHODS: [Method<'static>; 14] = [
    Method::Ack,
    Method::Bye,
    Method::Cancel,
    Method::Info,
    Method::Invite,
    Method::Message,
    Method::Notify,
    Method::Options,
    Method::Prack,
    Method::Publish,
    Method::Refer,
    Method::Register,
    Method::Subscribe,
    Method::Update,
];

/// What an element says that serves, forwards and reads everything.
fn answer(message: &Message) -> Option<u16> {
    message.method()?;
    let mut rules = Rules::default();
    rules.methods = &METHODS;
    let mut proxy = rules;
    proxy.proxy = true;
    let mut strict = rules;
    strict.strict = true;
    [rules, proxy, strict]
        .iter()
        .find_map(|rules| validate::request(message, rules).err())
        .map(|refusal| refusal.code)
}

#[test]
fn the_answer_is_the_one_that_the_table_names() {
    let mut wrong = Vec::new();
    for row in
        rows().iter().filter(|row| row.answer != "-" && !DECIDED_ABOVE.contains(&row.file.as_str()))
    {
        let (messages, error) = messages(row);
        let refused = error.map(|refusal| refusal.code);
        let code = messages.iter().find_map(answer).or(refused);
        let code = code.map_or_else(|| "none".to_owned(), |code| code.to_string());
        if code != row.answer {
            wrong.push(format!(
                "{}: {} {} expected, {code} given, {error:?}",
                row.file, row.answer, row.field
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_strict_reader_finds_faults_where_the_table_says() {
    let mut wrong = Vec::new();
    for row in rows() {
        let (messages, error) = messages(&row);
        let mut faults: Vec<_> = messages.iter().flat_map(validate::faults).collect();
        faults.extend(error.map(|refusal| refusal.error));
        if faults.is_empty() != row.strict {
            wrong.push(format!("{}: strict accept {}, {:?}", row.file, row.strict, faults));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
