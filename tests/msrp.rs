//! Every message under `fixtures/msrp`: its verdict, its bytes written again, and its frames however it is cut.

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
use missiva_core::Instant;
use missiva_msrp::frame::{End, Event, FrameError, Recover, StreamFramer, websocket};
use missiva_msrp::header::{Field, Header, Value, Visit, visit};
use missiva_msrp::receive::{Budget, Chunk, Inbox, Mode, ReceiveLimits};
use missiva_msrp::{Head, Limits, Method, Part, check, encode};

/// One row of `verdicts.tsv`.
struct Row {
    file: String,
    stream: bool,
    accept: bool,
    field: String,
    answer: String,
    input: Bytes,
}

/// A message, or what is wrong with the bytes where one should be.
#[derive(Clone, Debug)]
enum Item {
    Message { head: Head, body: Vec<u8>, end: End },
    Fault(FrameError),
}

#[test]
fn every_file_has_a_row_and_every_row_a_file() {
    let rows = rows();
    let named: BTreeSet<&str> = rows.iter().map(|row| &*row.file).collect();
    assert_eq!(named.len(), rows.len(), "a file has two rows");
    let mut present = BTreeSet::new();
    for folder in fs::read_dir(fixtures()).unwrap().map(|entry| entry.unwrap().path()) {
        if folder.is_dir() {
            for file in fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
                present.insert(file.strip_prefix(fixtures()).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    let present: BTreeSet<&str> = present.iter().map(|name| &**name).collect();
    let odd: Vec<_> = present.symmetric_difference(&named).copied().collect();
    assert!(odd.is_empty(), "only a row, or only a file: {odd:?}");
    assert!(rows.len() >= 80, "only {} rows", rows.len());
}

#[test]
fn verdicts_are_those_of_the_table() {
    let mut wrong = Vec::new();
    for row in rows() {
        let found = judge(&items(&row));
        let wanted = (!row.accept).then(|| (row.field.clone(), row.answer.clone()));
        if found != wanted {
            wrong.push(format!("{}: wanted {wanted:?}, got {found:?}", row.file));
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn accepted_messages_are_written_as_they_came() {
    for row in rows().into_iter().filter(|row| row.accept) {
        let mut out = Vec::new();
        let mut rest = &row.input[..];
        for item in items(&row) {
            let Item::Message { head, body, end } = item else { panic!("{}", row.file) };
            // Line ends between messages are in no message.
            let between = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            out.extend_from_slice(&rest[..between]);
            let from = out.len();
            out.extend_from_slice(head.bytes());
            if head.has_body() {
                out.extend_from_slice(b"\r\n");
            }
            out.extend_from_slice(&body);
            let closed = head.has_body() && !end.bare;
            out.extend_from_slice(&encode::end_line(
                &head.transaction().unwrap(),
                end.flag,
                closed,
            ));
            rest = &rest[between + out.len() - from..];
        }
        out.extend_from_slice(rest);
        assert!(rest.iter().all(|byte| matches!(byte, b'\r' | b'\n')), "{}", row.file);
        assert_eq!(out, row.input, "{}", row.file);
    }
}

/// Each value of each header is read, written and read again.
#[test]
fn values_round_trip() {
    struct Again(usize);
    impl Visit for Again {
        fn value<'a, F: Field>(&mut self, value: F::Value<'a>) {
            let text = value.to_text();
            let again = F::Value::parse(&text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
            assert_eq!(again.to_text(), text);
            self.0 += 1;
        }
    }
    let mut again = Again(0);
    for row in rows().into_iter().filter(|row| row.accept) {
        for item in items(&row) {
            let Item::Message { head, .. } = item else { panic!("{}", row.file) };
            for header in head.headers() {
                visit(&header, &mut again).unwrap();
            }
        }
    }
    assert!(again.0 > 400, "only {} values", again.0);
}

#[test]
fn any_division_of_a_stream_gives_the_same_messages() {
    for row in rows().into_iter().filter(|row| row.stream) {
        let (input, expected) = (&row.input[..], print(&cut(&[&row.input])));
        if input.len() <= SMALL {
            for at in 0..=input.len() {
                let (one, two) = input.split_at(at);
                assert_eq!(print(&cut(&[one, two])), expected, "{} cut at {at}", row.file);
            }
        }
        for seed in 0..SEEDS {
            let pieces = pieces(input, seed);
            assert_eq!(print(&cut(&pieces)), expected, "{} with seed {seed}", row.file);
        }
        let bytes: Vec<&[u8]> = input.chunks(1).collect();
        assert_eq!(print(&cut(&bytes)), expected, "{} byte by byte", row.file);
    }
}

/// Whatever is done to a message, nothing panics, and every fault lies within the input.
#[test]
fn damaged_messages_are_judged() {
    for (seed, row) in (0..).zip(rows()) {
        if row.input.len() > SMALL {
            continue;
        }
        let mut random = Random::new(seed);
        for _ in 0..50 {
            let input = Bytes::from(damage(&row.input, &mut random));
            for stream in [true, false] {
                let damaged = Row {
                    input: input.clone(),
                    stream,
                    file: row.file.clone(),
                    accept: false,
                    field: String::new(),
                    answer: String::new(),
                };
                let found = items(&damaged);
                judge(&found);
                for item in found {
                    if let Item::Fault(error) = item {
                        assert!(
                            error.error.at as usize <= input.len() + 1,
                            "{}: {error}",
                            row.file
                        );
                    }
                }
            }
        }
    }
}

/// The first fault of these messages, and what it deserves.
fn judge(items: &[Item]) -> Option<(String, String)> {
    let mut inbox = Inbox::new(ReceiveLimits::DEFAULT);
    let mut budget = Budget::default();
    items.iter().find_map(|item| match item {
        Item::Fault(error) => {
            let answer = match (error.recover, &error.head) {
                (Recover::Close, _) => "close",
                (Recover::Skip, Some(head)) if is_answered(head) => "400",
                (Recover::Skip, _) => "-",
            };
            Some((error.error.field.to_string(), answer.to_owned()))
        }
        Item::Message { head, body, end } => {
            judge_message(head, body, end, &mut inbox, &mut budget).map(|(part, code)| {
                let answer = if is_answered(head) { code.to_string() } else { "-".to_owned() };
                (part.to_string(), answer)
            })
        }
    })
}

/// Whether a response to it can be built.
fn is_answered(head: &Head) -> bool {
    head.method().is_some()
        && encode::Builder::reply(head, missiva_msrp::StatusCode::BAD_REQUEST).is_ok()
}

fn judge_message(
    head: &Head,
    body: &[u8],
    end: &End,
    inbox: &mut Inbox,
    budget: &mut Budget,
) -> Option<(Part, u16)> {
    let checked = match head.method() {
        Some(_) => check::request(head, &check::Rules::default()),
        None => check::paths(head, &check::Rules::default()).map_err(Into::into),
    };
    if let Err(refusal) = checked {
        return Some((refusal.part, refusal.code.number()));
    }
    let unread = |header: Header<'_>| visit(&header, &mut Nothing).err();
    if let Some(error) = head.headers().find_map(unread) {
        return Some((error.field, 400));
    }
    if head.method() != Some(Method::Send) || check::carries_nothing(head) {
        return None;
    }
    let taken = Chunk::of(head).and_then(|chunk| {
        inbox.begin(Instant::ORIGIN, &chunk, Mode::Slices, budget)?;
        inbox.body(Bytes::copy_from_slice(body), budget)?;
        inbox.end(end, budget)
    });
    taken.err().map(|refusal| (refusal.part, refusal.code.number()))
}

struct Nothing;

impl Visit for Nothing {
    fn value<'a, F: Field>(&mut self, _value: F::Value<'a>) {}
}

fn items(row: &Row) -> Vec<Item> {
    if row.stream {
        return cut(&[&row.input]);
    }
    vec![match websocket(row.input.clone(), &Limits::DEFAULT) {
        Ok(whole) => Item::Message { head: whole.head, body: whole.body.to_vec(), end: whole.end },
        Err(error) => Item::Fault(error),
    }]
}

/// What a framer makes of the pieces.
fn cut(pieces: &[&[u8]]) -> Vec<Item> {
    let mut framer = StreamFramer::new();
    let (mut items, mut open) = (Vec::new(), None);
    for piece in pieces {
        framer.push(Bytes::copy_from_slice(piece));
        loop {
            match framer.next() {
                Ok(None) => break,
                Ok(Some(Event::Head(head))) => open = Some((head, Vec::new())),
                Ok(Some(Event::Body(slice))) => open.as_mut().unwrap().1.extend_from_slice(&slice),
                Ok(Some(Event::End(end))) => {
                    let (head, body) = open.take().unwrap();
                    items.push(Item::Message { head, body, end });
                }
                Err(error) => items.push(Item::Fault(error)),
            }
        }
    }
    items.extend(framer.finish().err().map(Item::Fault));
    items
}

/// Items in words that can be compared.
fn print(items: &[Item]) -> Vec<String> {
    let print = |item: &Item| match item {
        Item::Message { head, body, end } => {
            format!("{}|{}|{end:?}", head.bytes().escape_ascii(), body.escape_ascii())
        }
        Item::Fault(error) => {
            let head = error.head.as_ref().map(|head| head.bytes().escape_ascii().to_string());
            format!("{} {:?} {head:?}", error.error, error.recover)
        }
    };
    items.iter().map(print).collect()
}

/// The input with a few bytes changed, left out or put in twice.
fn damage(input: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = input.to_vec();
    for _ in 0..=random.below(3) {
        let at = random.below(bytes.len() + 1);
        let end = (at + random.below(8)).min(bytes.len());
        let odd = *b"\r\n\0 \t:;,<>\"\\-$+#*/\xff\xc3";
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

/// Streams up to this size are divided at every byte.
const SMALL: usize = 2048;
/// How often each is divided by chance.
const SEEDS: u64 = 20;

/// Pieces of up to a quarter of the input, sizes drawn from the seed.
fn pieces(input: &[u8], seed: u64) -> Vec<&[u8]> {
    let mut random = Random::new(seed);
    let (mut rest, mut pieces) = (input, Vec::new());
    while !rest.is_empty() {
        let size = random.below(1 + input.len() / 4).min(rest.len());
        let (piece, after) = rest.split_at(size);
        pieces.push(piece);
        rest = after;
    }
    pieces
}

/// Numbers that look random and are the same in every run (xorshift).
struct Random(u64);

impl Random {
    const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(2).wrapping_add(0x9e37_79b9_7f4a_7c15))
    }

    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % end
    }
}

fn rows() -> Vec<Row> {
    let text = fs::read_to_string(fixtures().join("verdicts.tsv")).unwrap();
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("file\ttransport\tverdict\tfield\tanswer\treason"));
    lines.map(row).collect()
}

fn row(line: &str) -> Row {
    let cells: Vec<&str> = line.split('\t').collect();
    let [file, transport, verdict, field, answer, reason] = cells[..] else {
        panic!("not a row of six cells: {line}");
    };
    let one_of = |cell: &str, yes, no| {
        assert!(cell == yes || cell == no, "{file}: {cell}");
        cell == yes
    };
    let row = Row {
        file: file.to_owned(),
        stream: one_of(transport, "stream", "websocket"),
        accept: one_of(verdict, "accept", "reject"),
        field: field.to_owned(),
        answer: answer.to_owned(),
        input: fs::read(fixtures().join(file)).expect(file).into(),
    };
    assert_eq!(row.accept, field == "-", "{file}: a fault has a field");
    assert!(!reason.is_empty(), "{file}: no reason");
    row
}

/// The folder of the fixtures. Asked at run time: builds of two clones may share their output.
fn fixtures() -> PathBuf {
    let here =
        env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    Path::new(&here).join("fixtures/msrp")
}
