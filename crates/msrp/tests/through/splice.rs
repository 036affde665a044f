//! Two sessions made one.

use std::time::Duration;

use missiva_core::{LinkId, Machine};
use missiva_msrp::link::{Framing, LinkInput};
use missiva_msrp::session::{Ends, Matching, Setup};
use missiva_msrp::splice::{Event, PairId, Passed, Reason, Side, SideSetup, Splice, SpliceLimits};
use missiva_testkit::{Contract, Seeded};

use crate::bench::{Bench, answer, empty, ids, send, uri, value};

fn side(ours: &str, theirs: &str) -> SideSetup {
    let ends = Ends::new(&uri(ours), &uri(theirs)).unwrap();
    SideSetup { ends, setup: Setup::Passive, matching: Matching::SessionId }
}

/// Alice on link 1, Bob on link 2.
fn joined(limits: SpliceLimits) -> (Bench<Splice>, PairId) {
    let mut bench = Bench::new(Splice::new(limits, Box::new(Seeded::new(1))), 2, |input| input);
    let pair = bench
        .command(|one, now| one.join(now, side("left", "alice"), side("right", "bob")).unwrap());
    bench.say(1, &empty("aaaa", &uri("left"), &uri("alice")));
    bench.say(2, &empty("bbbb", &uri("right"), &uri("bob")));
    assert!(
        bench.told(1).starts_with("MSRP aaaa 200 ") && bench.told(2).starts_with("MSRP bbbb 200 ")
    );
    assert_eq!(bench.events(), [Event::Joined { pair }]);
    (bench, pair)
}

fn from_alice(id: &str, lines: &str, body: &str, flag: char) -> String {
    send(id, &uri("left"), &uri("alice"), lines, body, flag)
}

#[test]
fn a_chunk_goes_across_with_other_paths_and_nothing_else_changed() {
    let (mut bench, pair) = joined(SpliceLimits::DEFAULT);
    bench.say(
        1,
        &from_alice(
            "cccc",
            "Byte-Range: 1-5/5\r\nSuccess-Report: yes\r\nX-Own:  odd \r\n",
            "hello",
            '$',
        ),
    );
    assert_eq!(bench.told(1), "");
    let across = bench.told(2);
    let id = ids(&across, "SEND").remove(0);
    let expected = format!(
        "MSRP {id} SEND\r\nTo-Path: {}\r\nFrom-Path: {}\r\nByte-Range: 1-5/5\r\nMessage-ID: m.1.2.3\r\n\
         Success-Report: yes\r\nX-Own:  odd \r\nContent-Type: text/plain\r\n\r\nhello\r\n-------{id}$\r\n",
        uri("bob"),
        uri("right")
    );
    assert_eq!(across, expected);
    bench.say(2, &answer(&id, 200, &uri("right"), &uri("bob")));
    assert!(bench.told(1).starts_with("MSRP cccc 200 "));
    let report = format!(
        "MSRP rrrr REPORT\r\nTo-Path: {}\r\nFrom-Path: {}\r\nMessage-ID: m.1.2.3\r\nByte-Range: 1-5/5\r\nStatus: 000 200 OK\r\n-------rrrr$\r\n",
        uri("right"),
        uri("bob")
    );
    bench.say(2, &report);
    let told = bench.told(1);
    assert_eq!(
        (value(&told, "To-Path"), value(&told, "From-Path")),
        (Some(&*uri("alice")), Some(&*uri("left")))
    );
    assert_eq!(
        (value(&told, "Byte-Range"), value(&told, "Status")),
        (Some("1-5/5"), Some("000 200 OK"))
    );
    assert_eq!(bench.command(|one, _| one.passed(pair)), Some(Passed { to_b: 5, to_a: 0 }));
}

#[test]
fn the_answer_of_the_other_side_is_the_answer() {
    for status in [200, 400, 403, 413, 415] {
        let (mut bench, _) = joined(SpliceLimits::DEFAULT);
        bench.say(1, &from_alice("cccc", "", "hello", '$'));
        let id = ids(&bench.told(2), "SEND").remove(0);
        bench.say(2, &answer(&id, status, &uri("right"), &uri("bob")));
        assert!(bench.told(1).starts_with(&format!("MSRP cccc {status} ")), "{status}");
    }
}

#[test]
fn an_answer_that_does_not_come_is_a_408_before_the_sender_stops_waiting() {
    let (mut bench, _) = joined(SpliceLimits::DEFAULT);
    bench.say(1, &from_alice("cccc", "", "hello", '$'));
    bench.say(
        1,
        &from_alice("dddd", "Failure-Report: partial\r\nMessage-ID: other\r\n", "hello", '$'),
    );
    bench.pass(Duration::from_secs(24));
    assert_eq!(bench.told(1), "");
    bench.pass(Duration::from_secs(1));
    let told = bench.told(1);
    assert!(told.starts_with("MSRP cccc 408 ") && !told.contains("dddd"), "{told}");
}

#[test]
fn a_side_that_is_lost_is_told_to_the_other_with_481() {
    let (mut bench, pair) = joined(SpliceLimits::DEFAULT);
    bench.say(1, &from_alice("cccc", "", "hello", '$'));
    bench.input(LinkInput::Down { link: LinkId(2) });
    assert!(bench.told(1).starts_with("MSRP cccc 481 "));
    let lost = Event::Lost { pair, side: Side::B, reason: Reason::LinkDown };
    assert_eq!(bench.events(), [lost, Event::Ended { pair, passed: Passed { to_b: 5, to_a: 0 } }]);
    bench.say(1, &from_alice("dddd", "", "hello", '$'));
    assert!(bench.told(1).starts_with("MSRP dddd 481 "));
}

#[test]
fn what_waits_is_bounded_and_the_link_that_brings_it_is_held() {
    let limits = SpliceLimits { max_waiting: 10_000, ..SpliceLimits::DEFAULT };
    let (mut bench, pair) = joined(limits);
    bench.input(LinkInput::Blocked { link: LinkId(2) });
    let body = "x".repeat(4000);
    bench.say(1, &from_alice("cccc", "Byte-Range: 1-4000/20000\r\n", &body, '+'));
    assert_eq!(bench.events(), []);
    bench.say(1, &from_alice("dddd", "Byte-Range: 4001-8000/20000\r\n", &body, '+'));
    assert_eq!(bench.events(), [Event::Hold { link: LinkId(1) }]);
    // The driver reads on all the same.
    bench.say(1, &from_alice("eeee", "Byte-Range: 8001-12000/20000\r\n", &body, '+'));
    assert_eq!(bench.events()[0], Event::Dropped { pair, to: Side::B });
    let told = bench.told(1);
    let mut refused = ids(&told, "413");
    refused.sort();
    assert_eq!(refused, ["cccc", "dddd", "eeee"]);
    bench.input(LinkInput::Writable { link: LinkId(2) });
    assert_eq!(bench.told(2), "");
}

#[test]
fn sides_that_cannot_be_opened_leave_nothing_behind() {
    let mut bench =
        Bench::new(Splice::new(SpliceLimits::DEFAULT, Box::new(Seeded::new(1))), 1, |input| input);
    let twice = bench.command(|one, now| one.join(now, side("left", "alice"), side("left", "bob")));
    assert!(twice.is_err() && bench.command(|one, _| one.is_empty()));
    assert!(
        bench
            .command(|one, now| one.join(now, side("left", "alice"), side("right", "bob")))
            .is_ok()
    );
    bench.now += Duration::from_secs(60);
    bench.machine.handle_timeout(bench.now);
    assert!(matches!(
        bench.events()[..],
        [Event::Lost { reason: Reason::NotBound, .. }, Event::Ended { .. }]
    ));
}

#[derive(Clone, Debug)]
enum Op {
    Input(LinkInput),
    Join,
    Part(PairId),
}

#[test]
fn a_splice_keeps_the_contract() {
    let mut pairs: Vec<PairId> = Vec::new();
    let limits = SpliceLimits {
        links: missiva_msrp::link::LinkLimits {
            max_links: 6,
            max_undrained: 500,
            burst: 16_384,
            max_answers: 16_384,
            ..Default::default()
        },
        max_events: 100,
        max_waiting: 20_000,
        ..SpliceLimits::DEFAULT
    };
    Contract::<Splice>::new()
        .queue_cap(4000)
        .handle_of(|event| match event {
            Event::Ended { pair, .. } => Some((pair.number(), true)),
            Event::Joined { pair } | Event::Lost { pair, .. } | Event::Dropped { pair, .. } => {
                Some((pair.number(), false))
            }
            _ => None,
        })
        .check_operations(
            0..20,
            |seed| Splice::new(limits, Box::new(Seeded::new(seed))),
            |chance, seen| {
                pairs.extend(seen.events.iter().filter_map(|event| match event {
                    Event::Joined { pair } => Some(*pair),
                    _ => None,
                }));
                let link = LinkId(chance.below(5) as u32);
                match chance.below(12) {
                    0 => Op::Join,
                    1 if !pairs.is_empty() && chance.one_in(5) => Op::Part(*chance.pick(&pairs)),
                    2 => Op::Input(LinkInput::Up { link, framing: Framing::Stream }),
                    3 => Op::Input(LinkInput::Blocked { link }),
                    4 => Op::Input(LinkInput::Writable { link }),
                    5 if chance.one_in(8) => Op::Input(LinkInput::Down { link }),
                    _ => {
                        let (to, from) = *chance.pick(&[("left", "alice"), ("right", "bob")]);
                        let id = format!("t{:04}", chance.below(50));
                        let body = "x".repeat(chance.within(0..3000));
                        let wishes = *chance.pick(&[
                            "",
                            "Failure-Report: no\r\n",
                            "Failure-Report: partial\r\n",
                        ]);
                        let text = match chance.below(6) {
                            0 => empty(&id, &uri(to), &uri(from)),
                            1 => answer(&id, 200, &uri(to), &uri(from)),
                            _ => send(
                                &id,
                                &uri(to),
                                &uri(from),
                                wishes,
                                &body,
                                *chance.pick(&['$', '+', '#']),
                            ),
                        };
                        Op::Input(LinkInput::Bytes { link, bytes: text.into() })
                    }
                }
            },
            |splice, now, op| match op {
                Op::Input(input) => splice.handle_input(now, input),
                Op::Join => drop(splice.join(now, side("left", "alice"), side("right", "bob"))),
                Op::Part(pair) => splice.part(now, pair),
            },
        )
        .unwrap_or_else(|violation| panic!("{violation}"));
}
