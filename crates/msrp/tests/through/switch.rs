//! One chunk to many sessions.

use std::time::Duration;

use bytes::Bytes;
use missiva_core::{LinkId, Machine};
use missiva_msrp::StatusCode;
use missiva_msrp::link::{Framing, LinkInput};
use missiva_msrp::session::{Ends, Matching, Setup};
use missiva_msrp::switch::{Event, MemberId, PassageId, RoomId, Route, Switch, SwitchLimits};
use missiva_testkit::{Contract, Seeded};

use crate::bench::{Bench, empty, ids, send, uri, value};

fn ours(member: u32) -> String {
    uri(&format!("focus{member}"))
}

fn theirs(member: u32) -> String {
    uri(&format!("member{member}"))
}

/// Members on links of their own, all joined.
fn room(limits: SwitchLimits, members: u32) -> (Bench<Switch>, Vec<MemberId>) {
    let mut bench =
        Bench::new(Switch::new(limits, Box::new(Seeded::new(1))), members, |input| input);
    let room = bench.command(|one, _| one.create().unwrap());
    let ids = (1..=members).map(|number| {
        let ends = Ends::new(&ours(number), &theirs(number)).unwrap();
        let member = bench.command(|one, now| {
            one.join(now, room, ends, Setup::Passive, Matching::SessionId).unwrap()
        });
        bench.say(number, &empty("aaaa", &ours(number), &theirs(number)));
        assert!(bench.told(number).starts_with("MSRP aaaa 200 "));
        assert_eq!(bench.events(), [Event::Joined { member }]);
        member
    });
    let ids = ids.collect();
    (bench, ids)
}

fn says(
    bench: &mut Bench<Switch>,
    member: u32,
    id: &str,
    lines: &str,
    body: &str,
    flag: char,
) -> Option<PassageId> {
    bench.say(member, &send(id, &ours(member), &theirs(member), lines, body, flag));
    bench.events().iter().find_map(|event| match event {
        Event::Arriving { passage, .. } => Some(*passage),
        _ => None,
    })
}

#[test]
fn what_one_member_says_all_others_hear() {
    let (mut bench, _) = room(SwitchLimits::DEFAULT, 4);
    let passage =
        says(&mut bench, 1, "cccc", "Byte-Range: 1-5/5\r\nSuccess-Report: yes\r\n", "hello", '$')
            .unwrap();
    assert_eq!((bench.told(1), bench.told(2)), (String::new(), String::new()));
    bench.command(|one, now| one.route(now, passage, Route::Everyone)).unwrap();
    let told = bench.told(1);
    assert!(told.contains("MSRP cccc 200 "), "{told}");
    assert_eq!((ids(&told, "REPORT").len(), value(&told, "Byte-Range")), (1, Some("1-5/5")));
    let mut names = Vec::new();
    for member in 2..=4 {
        let told = bench.told(member);
        assert_eq!(
            (value(&told, "To-Path"), value(&told, "From-Path")),
            (Some(&*theirs(member)), Some(&*ours(member)))
        );
        assert!(told.contains("\r\n\r\nhello\r\n-------") && !told.contains("Success-Report"));
        names.push((ids(&told, "SEND").remove(0), value(&told, "Message-ID").unwrap().to_owned()));
    }
    names.dedup();
    assert_eq!(names.len(), 1);
    assert_ne!(names[0].1, "m.1.2.3");
    assert!(matches!(bench.events()[..], [Event::Passed { bytes: 5, complete: true, .. }]));
    assert!(bench.command(|one, now| one.route(now, passage, Route::Everyone)).is_err());
}

#[test]
fn a_private_message_goes_where_the_application_says() {
    let (mut bench, members) = room(SwitchLimits::DEFAULT, 3);
    let passage = says(&mut bench, 1, "cccc", "Byte-Range: 1-*/8\r\n", "hell", '+').unwrap();
    bench.command(|one, now| one.route(now, passage, Route::Members(vec![members[2]]))).unwrap();
    says(&mut bench, 1, "dddd", "Byte-Range: 5-8/8\r\n", "oooo", '$');
    assert_eq!(bench.told(2), "");
    let told = bench.told(3);
    assert_eq!(ids(&told, "SEND").len(), 2);
    assert!(told.contains("Byte-Range: 1-4/8") && told.contains("Byte-Range: 5-8/8"), "{told}");
    assert_eq!(ids(&bench.told(1), "200"), ["cccc", "dddd"]);
}

#[test]
fn a_message_that_nobody_routes_is_answered_with_408_and_a_refused_one_with_its_status() {
    let (mut bench, _) = room(SwitchLimits::DEFAULT, 2);
    says(&mut bench, 1, "cccc", "", "hello", '$').unwrap();
    bench.pass(Duration::from_secs(10));
    assert!(bench.told(1).starts_with("MSRP cccc 408 "));
    let passage = says(&mut bench, 1, "dddd", "Byte-Range: 1-*/9\r\n", "hello", '+').unwrap();
    bench
        .command(|one, now| one.route(now, passage, Route::Refuse(StatusCode::FORBIDDEN)))
        .unwrap();
    assert!(bench.told(1).starts_with("MSRP dddd 403 "));
    says(&mut bench, 1, "eeee", "Byte-Range: 6-9/9\r\n", "abcd", '$');
    assert!(bench.told(1).starts_with("MSRP eeee 403 "));
    assert_eq!(bench.told(2), "");
}

#[test]
fn a_slow_member_loses_messages_and_nobody_else_does() {
    let limits = SwitchLimits { max_waiting: 6000, ..SwitchLimits::DEFAULT };
    let (mut bench, members) = room(limits, 3);
    bench.input(LinkInput::Blocked { link: LinkId(3) });
    let body = "x".repeat(2500);
    let mut skipped = 0;
    for number in 0..5 {
        bench.say(
            1,
            &send(
                &format!("t{number:04}"),
                &ours(1),
                &theirs(1),
                &format!("Message-ID: m{number:04}\r\n"),
                &body,
                '$',
            ),
        );
        let passage = bench.events().iter().find_map(|event| match event {
            Event::Arriving { passage, .. } => Some(*passage),
            _ => None,
        });
        bench.command(|one, now| one.route(now, passage.unwrap(), Route::Everyone)).unwrap();
        let lost = Event::Skipped { member: members[2], status: None };
        skipped += bench.events().iter().filter(|event| **event == lost).count();
    }
    assert_eq!(
        (ids(&bench.told(2), "SEND").len(), ids(&bench.told(1), "200").len(), skipped),
        (5, 5, 3)
    );
    bench.input(LinkInput::Writable { link: LinkId(3) });
    assert_eq!(ids(&bench.told(3), "SEND").len(), 2);
}

#[test]
fn a_message_whose_sender_leaves_ends_with_a_hash() {
    let (mut bench, members) = room(SwitchLimits::DEFAULT, 2);
    let passage = says(&mut bench, 1, "cccc", "Byte-Range: 1-*/9\r\n", "hello", '+').unwrap();
    bench.command(|one, now| one.route(now, passage, Route::Everyone)).unwrap();
    bench.told(2);
    bench.command(|one, now| one.leave(now, members[0]));
    let told = bench.told(2);
    assert!(told.trim_end().ends_with('#') && told.contains("Byte-Range: 6-5/9"), "{told}");
    assert!(matches!(
        bench.events()[..],
        [Event::Passed { complete: false, .. }, Event::Left { .. }]
    ));
}

#[test]
fn nicknames_are_the_applications_to_grant() {
    let (mut bench, members) = room(SwitchLimits::DEFAULT, 1);
    let ask = |id: &str, name: &str| {
        format!(
            "MSRP {id} NICKNAME\r\nTo-Path: {}\r\nFrom-Path: {}\r\nUse-Nickname: {name}\r\n-------{id}$\r\n",
            ours(1),
            theirs(1)
        )
    };
    bench.say(1, &ask("nnnn", "\"Al\""));
    let events = bench.events();
    let [Event::Nickname { request, member, name }] = &events[..] else { panic!("{events:?}") };
    assert_eq!((*member, &**name), (members[0], "Al"));
    bench
        .command(|one, now| one.answer_nickname(now, *request, StatusCode::NICKNAME_IN_USE))
        .unwrap();
    assert!(bench.told(1).starts_with("MSRP nnnn 425 "));
    bench.say(1, &ask("oooo", "Al"));
    assert!(bench.told(1).starts_with("MSRP oooo 424 "));
    bench.say(1, &ask("pppp", "\"Al\""));
    bench.pass(Duration::from_secs(10));
    assert!(bench.told(1).starts_with("MSRP pppp 408 "));
}

#[test]
fn a_body_is_shared_by_all_who_get_it() {
    let (mut bench, _) = room(SwitchLimits::DEFAULT, 1);
    let room = bench.command(|one, _| one.create().unwrap());
    for number in 2..=1001 {
        bench.input(LinkInput::Up { link: LinkId(number), framing: Framing::Stream });
        let ends = Ends::new(&ours(number), &theirs(number)).unwrap();
        bench.command(|one, now| {
            one.join(now, room, ends, Setup::Passive, Matching::SessionId).unwrap()
        });
        bench.say(number, &empty("aaaa", &ours(number), &theirs(number)));
    }
    bench.events();
    let text = Bytes::from(send(
        "cccc",
        &ours(2),
        &theirs(2),
        "Byte-Range: 1-10000/10000\r\n",
        &"x".repeat(10_000),
        '$',
    ));
    bench
        .machine
        .handle_input(bench.now, LinkInput::Bytes { link: LinkId(2), bytes: text.clone() });
    let passage = bench.events().iter().find_map(|event| match event {
        Event::Arriving { passage, .. } => Some(*passage),
        _ => None,
    });
    bench.written.clear();
    while bench.machine.poll_transmit().is_some() {}
    bench
        .machine
        .command(bench.now, |one, now| one.route(now, passage.unwrap(), Route::Everyone))
        .unwrap();
    bench.events();
    let (mut shared, mut others) = (0, 0);
    let within = text.as_ptr() as usize..text.as_ptr() as usize + text.len();
    while let Some(transmit) = bench.machine.poll_transmit() {
        if within.contains(&(transmit.payload.body.as_ptr() as usize))
            && transmit.payload.body.len() == 10_000
        {
            shared += 1;
        } else {
            others += transmit.payload.len();
        }
    }
    assert_eq!(shared, 999);
    assert!(others < 1000, "{others}");
}

#[derive(Clone, Debug)]
enum Op {
    Input(LinkInput),
    Create,
    Join(u32),
    Leave(MemberId),
    Route(PassageId, bool),
}

#[test]
fn a_switch_keeps_the_contract() {
    let (mut members, mut passages) = (Vec::new(), Vec::new());
    let limits = SwitchLimits {
        links: missiva_msrp::link::LinkLimits {
            max_links: 6,
            max_undrained: 500,
            burst: 16_384,
            max_answers: 16_384,
            ..Default::default()
        },
        max_events: 100,
        max_waiting: 20_000,
        ..SwitchLimits::DEFAULT
    };
    let build = |seed| {
        let mut switch = Switch::new(limits, Box::new(Seeded::new(seed)));
        switch.create().unwrap();
        switch
    };
    let first: RoomId = Switch::new(limits, Box::new(Seeded::new(0))).create().unwrap();
    Contract::<Switch>::new()
        .queue_cap(6000)
        .handle_of(|event| match event {
            Event::Left { member, .. } => Some((member.number() << 1, true)),
            Event::Joined { member } | Event::Skipped { member, .. } => {
                Some((member.number() << 1, false))
            }
            Event::Passed { passage, .. } => Some((passage.number() << 1 | 1, true)),
            Event::Arriving { passage, .. } => Some((passage.number() << 1 | 1, false)),
            _ => None,
        })
        .check_operations(
            0..20,
            build,
            |chance, seen| {
                for event in seen.events {
                    match event {
                        Event::Joined { member } => members.push(*member),
                        Event::Arriving { passage, .. } => passages.push(*passage),
                        _ => {}
                    }
                }
                let number = chance.below(5) as u32;
                let link = LinkId(number);
                match chance.below(14) {
                    0 => Op::Join(number),
                    1 if !members.is_empty() && chance.one_in(4) => {
                        Op::Leave(*chance.pick(&members))
                    }
                    2 => Op::Input(LinkInput::Up { link, framing: Framing::Stream }),
                    3 => Op::Input(LinkInput::Blocked { link }),
                    4 => Op::Input(LinkInput::Writable { link }),
                    5 if chance.one_in(8) => Op::Input(LinkInput::Down { link }),
                    6 | 7 if !passages.is_empty() => {
                        Op::Route(*chance.pick(&passages), chance.one_in(4))
                    }
                    8 if chance.one_in(20) => Op::Create,
                    _ => {
                        let id = format!("t{:04}", chance.below(50));
                        let body = "x".repeat(chance.within(0..3000));
                        let lines = format!("Message-ID: m{:04}\r\n", chance.below(5));
                        let (to, from) = (ours(number), theirs(number));
                        let text = match chance.below(5) {
                            0 => empty(&id, &to, &from),
                            _ => {
                                send(&id, &to, &from, &lines, &body, *chance.pick(&['$', '+', '#']))
                            }
                        };
                        Op::Input(LinkInput::Bytes { link, bytes: text.into() })
                    }
                }
            },
            |switch, now, op| match op {
                Op::Input(input) => switch.handle_input(now, input),
                Op::Create => {
                    let _ = switch.create();
                }
                Op::Join(number) => {
                    let ends = Ends::new(&ours(number), &theirs(number)).unwrap();
                    let _ = switch.join(now, first, ends, Setup::Passive, Matching::SessionId);
                }
                Op::Leave(member) => switch.leave(now, member),
                Op::Route(passage, refuse) => {
                    let route =
                        if refuse { Route::Refuse(StatusCode::FORBIDDEN) } else { Route::Everyone };
                    let _ = switch.route(now, passage, route);
                }
            },
        )
        .unwrap_or_else(|violation| panic!("{violation}"));
}
