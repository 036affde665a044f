//! Reassembly: any order, any overlap, every refusal, and the account of memory.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot read its own messages has nothing to report"
)]

mod limits;

use bytes::Bytes;
use missiva_core::{FaultKind, Instant};
use missiva_msrp::frame::End;
use missiva_msrp::header::{ByteRange, Value};
use missiva_msrp::receive::{
    Begun, Budget, Chunk, Delivery, Inbox, Mode, Ranges, ReceiveLimits, Refusal,
};
use missiva_msrp::{Flag, MessageId, StatusCode};
use proptest::prelude::*;

fn id(name: &str) -> MessageId {
    MessageId::parse(name).unwrap()
}

const fn end(flag: Flag) -> End {
    End { flag, body: 0, fault: None, bare: false }
}

/// An inbox with its budget.
struct Fixture {
    inbox: Inbox,
    budget: Budget,
    mode: Mode,
    now: Instant,
}

impl Fixture {
    fn new(mode: Mode, limits: ReceiveLimits) -> Self {
        Self {
            inbox: Inbox::new(limits),
            budget: Budget::new(1 << 20, 100),
            mode,
            now: Instant::ORIGIN,
        }
    }

    fn begin(&mut self, name: &str, range: &str) -> Result<Begun, Refusal> {
        let chunk = Chunk { id: id(name), range: ByteRange::parse(range).unwrap() };
        self.inbox.begin(self.now, &chunk, self.mode, &mut self.budget)
    }

    fn body(&mut self, body: &[u8]) -> Result<(), Refusal> {
        self.inbox.body(Bytes::copy_from_slice(body), &mut self.budget)
    }

    fn end(&mut self, flag: Flag) -> Result<(), Refusal> {
        self.inbox.end(&end(flag), &mut self.budget)
    }

    /// A whole chunk of the message `1234`.
    fn chunk(&mut self, range: &str, body: &[u8], flag: Flag) -> Result<Begun, Refusal> {
        let begun = self.begin("1234", range)?;
        if !body.is_empty() {
            self.body(body)?;
        }
        self.end(flag)?;
        Ok(begun)
    }

    fn deliveries(&mut self) -> Vec<Delivery> {
        std::iter::from_fn(|| self.inbox.poll()).collect()
    }
}

fn whole(bytes: &'static [u8]) -> Delivery {
    Delivery::Whole { id: id("1234"), bytes: Bytes::from_static(bytes) }
}

fn slice(at: u64, bytes: &'static [u8]) -> Delivery {
    Delivery::Slice { id: id("1234"), at, bytes: Bytes::from_static(bytes) }
}

fn ranges(runs: &[std::ops::Range<u64>]) -> Ranges {
    let mut ranges = Ranges::new();
    runs.iter().for_each(|run| ranges.insert(run.clone()));
    ranges
}

const ALL: ReceiveLimits = ReceiveLimits::DEFAULT;

#[test]
fn a_message_in_one_chunk_is_the_slice_that_came() {
    let mut fixture = Fixture::new(Mode::Whole, ALL);
    let body = Bytes::from_static(b"hello");
    assert_eq!(fixture.begin("1234", "1-5/5"), Ok(Begun::First));
    fixture.inbox.body(body.clone(), &mut fixture.budget).unwrap();
    fixture.end(Flag::Last).unwrap();
    let Some(Delivery::Whole { bytes, .. }) = fixture.inbox.poll() else { panic!() };
    assert_eq!(bytes.as_ptr(), body.as_ptr());
    assert_eq!(
        (fixture.inbox.kept(), fixture.budget.used(), fixture.budget.open_messages()),
        (0, 0, 0)
    );
}

#[test]
fn an_empty_message_is_a_message() {
    for range in ["1-0/0", "1-*/0", "1-*/*"] {
        let mut fixture = Fixture::new(Mode::Whole, ALL);
        fixture.chunk(range, b"", Flag::Last).unwrap();
        assert_eq!(fixture.deliveries(), [whole(b"")], "{range}");
    }
}

#[test]
fn chunks_out_of_order_become_one_message() {
    for mode in [Mode::Whole, Mode::Slices] {
        let mut fixture = Fixture::new(mode, ALL);
        fixture.chunk("7-9/9", b"ghi", Flag::Last).unwrap();
        fixture.chunk("4-*/9", b"def", Flag::More).unwrap();
        assert_eq!(
            fixture.inbox.received(&id("1234")),
            Some(&ranges(std::slice::from_ref(&(3..9))))
        );
        assert_eq!((fixture.deliveries(), fixture.inbox.kept()), (vec![], 6));
        fixture.chunk("1-3/9", b"abc", Flag::More).unwrap();
        let expected = match mode {
            Mode::Whole => vec![whole(b"abcdefghi")],
            Mode::Slices => vec![
                slice(0, b"abc"),
                slice(3, b"def"),
                slice(6, b"ghi"),
                Delivery::Complete { id: id("1234"), total: 9 },
            ],
        };
        assert_eq!(fixture.deliveries(), expected);
        assert_eq!((fixture.inbox.kept(), fixture.budget.used()), (0, 0));
    }
}

#[test]
fn slices_in_order_go_out_before_the_chunk_ends() {
    let mut fixture = Fixture::new(Mode::Slices, ALL);
    fixture.begin("1234", "1-*/*").unwrap();
    fixture.body(b"abc").unwrap();
    assert_eq!(fixture.deliveries(), [slice(0, b"abc")]);
    fixture.body(b"de").unwrap();
    assert_eq!(fixture.deliveries(), [slice(3, b"de")]);
    assert_eq!(fixture.inbox.kept(), 0);
    fixture.end(Flag::Last).unwrap();
    assert_eq!(fixture.deliveries(), [Delivery::Complete { id: id("1234"), total: 5 }]);
}

#[test]
fn of_bytes_that_overlap_the_first_count() {
    let mut fixture = Fixture::new(Mode::Whole, ALL);
    fixture.chunk("3-5/8", b"cde", Flag::More).unwrap();
    fixture.chunk("1-8/8", b"ABCDEFGH", Flag::Last).unwrap();
    assert_eq!(fixture.deliveries(), [whole(b"ABcdeFGH")]);
}

#[test]
fn a_message_that_ended_is_not_delivered_again() {
    let mut fixture = Fixture::new(Mode::Whole, ALL);
    assert_eq!(fixture.chunk("1-3/3", b"abc", Flag::Last), Ok(Begun::First));
    assert_eq!(fixture.chunk("1-3/3", b"abc", Flag::Last), Ok(Begun::Again));
    assert_eq!(fixture.deliveries(), [whole(b"abc")]);
}

#[test]
fn a_message_given_up_by_its_sender_is_accounted_for() {
    let mut fixture = Fixture::new(Mode::Slices, ALL);
    fixture.chunk("1-*/9", b"abc", Flag::More).unwrap();
    fixture.chunk("6-*/9", b"fg", Flag::Abort).unwrap();
    let received = ranges(&[0..3, 5..7]);
    let given_up = Delivery::GivenUp { id: id("1234"), received, refusal: None };
    assert_eq!(fixture.deliveries(), [slice(0, b"abc"), given_up]);
    assert_eq!(fixture.chunk("1-*/9", b"abc", Flag::More), Ok(Begun::Again));
    assert_eq!((fixture.inbox.kept(), fixture.budget.open_messages()), (0, 0));
}

#[test]
fn the_total_is_that_of_the_last_chunk_when_nobody_says_it() {
    let mut fixture = Fixture::new(Mode::Whole, ALL);
    fixture.chunk("1-*/*", b"abc", Flag::More).unwrap();
    fixture.chunk("4-*/*", b"de", Flag::Last).unwrap();
    assert_eq!(fixture.deliveries(), [whole(b"abcde")]);
}

#[test]
fn the_line_end_that_closes_a_body_may_be_counted() {
    // RFC 4975 section 4: `Byte-Range: 1-16/16` for the fourteen bytes of "Hi, I'm Alice!".
    let mut fixture = Fixture::new(Mode::Whole, ALL);
    fixture.chunk("1-16/16", b"Hi, I'm Alice!", Flag::Last).unwrap();
    assert_eq!(fixture.deliveries(), [whole(b"Hi, I'm Alice!")]);
}

#[test]
fn contradictions_are_answered_with_400() {
    type Case = (&'static str, &'static [(&'static str, &'static [u8], Flag)]);
    let table: [Case; 8] = [
        ("a total that changes", &[("1-3/9", b"abc", Flag::More), ("4-6/8", b"def", Flag::More)]),
        (
            "a total behind which bytes came",
            &[("1-*/*", b"abcdef", Flag::More), ("1-3/3", b"abc", Flag::More)],
        ),
        ("a body behind its range", &[("1-3/9", b"abcd", Flag::More)]),
        ("a body behind the total", &[("1-*/3", b"abcd", Flag::Last)]),
        ("a last chunk before the total", &[("1-*/9", b"abc", Flag::Last)]),
        (
            "a last chunk before others",
            &[("5-*/*", b"efg", Flag::More), ("1-*/*", b"abc", Flag::Last)],
        ),
        (
            "a last chunk behind the total",
            &[("1-3/3", b"", Flag::More), ("4-*/3", b"x", Flag::Last)],
        ),
        ("a last chunk shorter than its range", &[("1-9/9", b"abc", Flag::Last)]),
    ];
    for (name, chunks) in table {
        for mode in [Mode::Whole, Mode::Slices] {
            let mut fixture = Fixture::new(mode, ALL);
            let (last, first) = chunks.split_last().unwrap();
            for (range, body, flag) in first {
                fixture.chunk(range, body, *flag).expect(name);
            }
            let refusal = fixture.chunk(last.0, last.1, last.2).expect_err(name);
            assert_eq!(
                (refusal.code, refusal.kind),
                (StatusCode::BAD_REQUEST, FaultKind::Conflict),
                "{name}"
            );
            let told = fixture
                .deliveries()
                .into_iter()
                .filter(|delivery| matches!(delivery, Delivery::GivenUp { refusal: Some(_), .. }));
            assert_eq!(told.count(), 1, "{name}");
            assert_eq!(
                (fixture.inbox.kept(), fixture.budget.used(), fixture.budget.open_messages()),
                (0, 0, 0)
            );
            assert_eq!(fixture.begin("1234", "1-3/9"), Err(refusal), "{name}: it stays refused");
        }
    }
}

#[test]
fn the_rest_of_a_refused_chunk_is_passed_over() {
    let mut fixture = Fixture::new(Mode::Slices, ALL);
    fixture.begin("1234", "1-3/9").unwrap();
    fixture.body(b"abcd").unwrap_err();
    fixture.deliveries();
    assert_eq!((fixture.body(b"efg"), fixture.end(Flag::Last)), (Ok(()), Ok(())));
    assert_eq!(fixture.deliveries(), []);
}

#[test]
fn a_message_that_the_application_wants_no_more_of_is_refused() {
    let mut fixture = Fixture::new(Mode::Slices, ALL);
    fixture.chunk("1-3/9", b"abc", Flag::More).unwrap();
    fixture.inbox.reject(&id("1234"), StatusCode::TOO_LARGE, &mut fixture.budget);
    assert_eq!(fixture.begin("1234", "4-6/9").unwrap_err().code, StatusCode::TOO_LARGE);
}

proptest! {
    /// Chunks of one message in any order, with overlaps and repetitions, cut into slices of any size.
    #[test]
    fn any_order_gives_the_message(
        len in 0usize..300,
        cuts in prop::collection::vec((0usize..300, 0usize..80), 0..12),
        size in 1usize..40,
        seed in any::<u64>(),
        whole in any::<bool>(),
        known in any::<bool>(),
    ) {
        let message: Vec<u8> = (0..len).map(|at| (at * 7 + at / 256) as u8).collect();
        // Some chunks anywhere, then all of it in steps, then shuffled.
        let mut chunks: Vec<(usize, usize)> = cuts.into_iter().map(|(at, size)| (at.min(len), (at + size).min(len))).collect();
        chunks.extend((0..len).step_by(50).map(|at| (at, (at + 50).min(len))));
        chunks.push((len, len));
        let mut state = seed | 1;
        for at in (1..chunks.len()).rev() {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            chunks.swap(at, (state >> 33) as usize % (at + 1));
        }
        let mode = if whole { Mode::Whole } else { Mode::Slices };
        let mut fixture = Fixture::new(mode, ALL);
        let total = if known { len.to_string() } else { "*".into() };
        let (mut out, mut done) = (Vec::new(), 0);
        for (from, to) in chunks {
            let range = format!("{}-{to}/{total}", from + 1);
            fixture.begin("1234", &range).unwrap();
            for slice in message[from..to].chunks(size) {
                fixture.body(slice).unwrap();
            }
            fixture.end(if to == len { Flag::Last } else { Flag::More }).unwrap();
            for delivery in fixture.deliveries() {
                match delivery {
                    Delivery::Slice { at, bytes, .. } => {
                        prop_assert_eq!(at as usize, out.len());
                        out.extend_from_slice(&bytes);
                    }
                    Delivery::Whole { bytes, .. } => {
                        out.extend_from_slice(&bytes);
                        done += 1;
                    }
                    Delivery::Complete { total, .. } => {
                        prop_assert_eq!(total as usize, len);
                        done += 1;
                    }
                    other => prop_assert!(false, "{:?}", other),
                }
            }
        }
        prop_assert_eq!((out, done), (message, 1));
        prop_assert_eq!((fixture.inbox.kept(), fixture.budget.used(), fixture.budget.open_messages()), (0, 0, 0));
    }
}
