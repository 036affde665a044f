//! Every combination of `Success-Report` and `Failure-Report`, from both sides.

use std::time::Duration;

use missiva_msrp::StatusCode;
use missiva_msrp::header::{FailureReport, SuccessReport};
use missiva_msrp::session::{
    Event, Outbound, Outcome, Reporting, SessionLimits, SessionOptions, Source,
};

use crate::bench::{Bench, answer, report, requests, send, value};

const SUCCESS: [SuccessReport; 2] = [SuccessReport::Yes, SuccessReport::No];
const FAILURE: [FailureReport; 3] = [FailureReport::Yes, FailureReport::No, FailureReport::Partial];

fn bound() -> (Bench, missiva_msrp::session::SessionId) {
    Bench::bound(SessionLimits::standard(), SessionOptions::default())
}

fn outcome(events: &[Event]) -> Option<Outcome> {
    events.iter().find_map(|event| match event {
        Event::Finished { outcome, .. } => Some(*outcome),
        _ => None,
    })
}

#[test]
fn a_receiver_answers_and_reports_as_it_was_asked() {
    for (success, wish) in [("yes", true), ("no", false), ("", false)] {
        for (failure, answers) in [("yes", true), ("no", false), ("partial", false), ("", true)] {
            let (mut bench, _) = bound();
            let line = |name: &str, value: &str| {
                if value.is_empty() { String::new() } else { format!("{name}: {value}\r\n") }
            };
            let lines = line("Success-Report", success) + &line("Failure-Report", failure);
            let written = bench.say(&send(
                "abcd",
                &format!("{lines}Byte-Range: 1-5/5\r\n"),
                Some("hello"),
                '$',
            ));
            assert_eq!(written.contains("MSRP abcd 200 OK"), answers, "{lines}");
            assert_eq!(requests(&written, "REPORT").len(), usize::from(wish), "{lines}");
            if wish {
                assert_eq!(value(&written, "Byte-Range"), Some("1-5/5"));
                assert_eq!(value(&written, "Status"), Some("000 200 OK"));
                assert_eq!(value(&written, "Message-ID"), Some("m.1.2.3"));
            }
            // What is wrong is answered unless nobody wants to know.
            let lines = format!("{lines}Byte-Range: 1-9/5\r\n");
            let written = bench.say(&send("abce", &lines, Some("hello"), '$'));
            assert_eq!(written.contains("MSRP abce 400 "), failure != "no", "{lines}");
        }
    }
}

#[test]
fn a_sender_finishes_as_the_wishes_of_its_message_say() {
    for success in SUCCESS {
        for failure in FAILURE {
            let (mut bench, session) = bound();
            let outbound = Outbound::new("text/plain").reports(success, failure);
            bench
                .command(|one, now| {
                    one.send(now, session, &outbound, Source::Bytes("hello".into()))
                })
                .unwrap();
            let written = bench.written();
            let (id, message) = (
                requests(&written, "SEND").remove(0),
                value(&written, "Message-ID").unwrap().to_owned(),
            );
            assert_eq!(
                value(&written, "Success-Report"),
                (success == SuccessReport::Yes).then_some("yes")
            );
            if failure == FailureReport::Yes {
                assert_eq!(outcome(&bench.events()), None);
                bench.say(&answer(&id, 200));
            } else if failure == FailureReport::Partial {
                bench.pass(Duration::from_secs(29));
                assert_eq!(outcome(&bench.events()), None);
                bench.pass(Duration::from_secs(1));
            }
            let expected = match (success, failure) {
                (SuccessReport::Yes, _) => {
                    assert_eq!(outcome(&bench.events()), None);
                    bench.say(&report(&message, "Byte-Range: 1-5/5\r\n", "000 200 OK"));
                    Outcome::Delivered
                }
                (_, FailureReport::Yes) => Outcome::Acknowledged,
                _ => Outcome::Unconfirmed,
            };
            assert_eq!(outcome(&bench.events()), Some(expected), "{success:?} {failure:?}");
        }
    }
}

#[test]
fn reports_of_parts_add_up_in_any_order() {
    let (mut bench, session) = bound();
    let outbound = Outbound::new("text/plain").reports(SuccessReport::Yes, FailureReport::No);
    let sent = bench
        .command(|one, now| one.send(now, session, &outbound, Source::Bytes("0123456789".into())))
        .unwrap();
    let message = value(&bench.written(), "Message-ID").unwrap().to_owned();
    for range in ["8-10/10", "1-3/10", "3-6/10"] {
        bench.say(&report(&message, &format!("Byte-Range: {range}\r\n"), "000 200 OK"));
    }
    let ranges: Vec<_> =
        bench.command(|one, _| one.account(sent).unwrap().reported.iter().collect());
    assert_eq!(ranges, [0..6, 7..10]);
    // What is no sense counts for nothing: another namespace, bytes that were never sent.
    bench.say(&report(&message, "Byte-Range: 1-10/10\r\n", "001 200 OK"));
    bench.say(&report(&message, "Byte-Range: 9-3/10\r\n", "000 200 OK"));
    assert_eq!(outcome(&bench.events()), None);
    bench.say(&report(&message, "Byte-Range: 7-*/10\r\n", "000 200 OK"));
    assert_eq!(outcome(&bench.events()), Some(Outcome::Delivered));
    bench.say(&report(&message, "", "000 200 OK"));
    assert!(matches!(bench.events()[..], [Event::LateReport { .. }]));
}

#[test]
fn a_report_of_failure_ends_a_message() {
    let (mut bench, session) = bound();
    let outbound = Outbound::new("text/plain").reports(SuccessReport::Yes, FailureReport::Yes);
    bench
        .command(|one, now| one.send(now, session, &outbound, Source::Bytes("hello".into())))
        .unwrap();
    let written = bench.written();
    bench.say(&answer(&requests(&written, "SEND")[0], 200));
    assert_eq!(
        bench.say(&report(
            value(&written, "Message-ID").unwrap(),
            "Byte-Range: 1-5/5\r\n",
            "000 408 x"
        )),
        ""
    );
    assert_eq!(outcome(&bench.events()), Some(Outcome::Failed { status: StatusCode::TIMEOUT }));
}

#[test]
fn an_application_that_reports_for_itself_is_waited_for() {
    let options = SessionOptions { reporting: Reporting::Application, ..SessionOptions::default() };
    let (mut bench, session) = Bench::bound(SessionLimits::standard(), options);
    let written = bench.say(&send(
        "abcd",
        "Success-Report: yes\r\nByte-Range: 1-5/5\r\n",
        Some("hello"),
        '$',
    ));
    assert_eq!(requests(&written, "REPORT").len(), 0);
    let events = bench.events();
    let [Event::Message { id, .. }] = &events[..] else { panic!("{events:?}") };
    bench.command(|one, now| one.report(now, session, id, StatusCode::OK, Some(0..3))).unwrap();
    assert_eq!(value(&bench.written(), "Byte-Range"), Some("1-3/5"));
    bench.command(|one, now| one.report(now, session, id, StatusCode::FORBIDDEN, None)).unwrap();
    let written = bench.written();
    assert_eq!(
        (value(&written, "Byte-Range"), value(&written, "Status")),
        (Some("1-5/5"), Some("000 403 Forbidden"))
    );
    assert!(bench.command(|one, now| one.report(now, session, id, StatusCode::OK, None)).is_err());
}

#[test]
fn messages_that_wait_for_reports_make_room_for_new_ones() {
    let limits = SessionLimits { max_outgoing: 2, ..SessionLimits::standard() };
    let (mut bench, session) = Bench::bound(limits, SessionOptions::default());
    let outbound = Outbound::new("text/plain").reports(SuccessReport::Yes, FailureReport::No);
    let mut sent = Vec::new();
    for _ in 0..3 {
        let message =
            bench.command(|one, now| one.send(now, session, &outbound, Source::Bytes("x".into())));
        sent.push(message.unwrap());
        bench.written();
    }
    let events = bench.events();
    assert!(
        matches!(&events[..], [Event::Finished { message, outcome: Outcome::Unreported, .. }] if *message == sent[0])
    );
}
