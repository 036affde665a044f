//! One situation a test: what a peer does, and what it is told.

use std::time::Duration;

use missiva_msrp::StatusCode;
use missiva_msrp::header::{FailureReport, SuccessReport};
use missiva_msrp::link::LinkInput;
use missiva_msrp::session::{
    Accept, Event, Hand, Outbound, Outcome, Reason, SessionId, SessionLimits, SessionOptions,
    Source,
};

use crate::bench::{Bench, LINK, answer, requests, send, value};

fn bound(options: SessionOptions) -> (Bench, SessionId) {
    Bench::bound(SessionLimits::standard(), options)
}

fn plain() -> (Bench, SessionId) {
    bound(SessionOptions::default())
}

fn sending(
    bench: &mut Bench,
    session: SessionId,
    len: usize,
) -> (missiva_msrp::session::SentId, Vec<String>) {
    let source = Source::Bytes(vec![b'x'; len].into());
    let sent = bench
        .command(|one, now| one.send(now, session, &Outbound::new("text/plain"), source))
        .unwrap();
    (sent, requests(&bench.written(), "SEND"))
}

fn finished(events: &[Event]) -> Option<(Outcome, Vec<std::ops::Range<u64>>)> {
    events.iter().find_map(|event| match event {
        Event::Finished { outcome, account, .. } => {
            Some((*outcome, account.acknowledged.iter().collect()))
        }
        _ => None,
    })
}

#[test]
fn an_empty_send_is_answered_and_delivers_nothing() {
    let (mut bench, _) = plain();
    for body in [None, Some("")] {
        let written = bench.say(
            &send("abcd", "Byte-Range: 1-0/0\r\n", body, '$')
                .replace("Content-Type: text/plain\r\n", ""),
        );
        assert!(written.starts_with("MSRP abcd 200 "), "{written}");
        assert_eq!(bench.events(), []);
    }
    let written =
        bench.say(&send("abcd", "Byte-Range: 1-0/0\r\nSuccess-Report: yes\r\n", None, '$'));
    assert_eq!(requests(&written, "REPORT").len(), 1);
}

#[test]
fn a_message_without_bytes_is_a_message() {
    let (mut bench, _) = plain();
    bench.say(&send("abcd", "Byte-Range: 1-0/0\r\n", Some(""), '$'));
    assert!(matches!(&bench.events()[..], [Event::Message { body, .. }] if body.is_empty()));
}

#[test]
fn a_type_that_was_not_agreed_is_answered_with_415() {
    let accept = Accept::list("message/cpim image/*");
    let (mut bench, _) = bound(SessionOptions { accept, ..SessionOptions::default() });
    for (kind, status) in
        [("text/plain", 415), ("message/cpim", 200), ("Image/PNG;x=y", 200), ("image", 400)]
    {
        let written = bench.say(&send(
            "abcd",
            &format!("Message-ID: {kind:.4}\r\nContent-Type: {kind}\r\n"),
            Some("x"),
            '$',
        ));
        assert!(written.starts_with(&format!("MSRP abcd {status} ")), "{kind} {written}");
    }
    let taken =
        bench.events().iter().filter(|event| matches!(event, Event::Message { .. })).count();
    assert_eq!(taken, 2);
}

#[test]
fn a_message_that_is_too_large_is_answered_with_413_at_its_head_or_where_it_grows_too_large() {
    let (mut bench, _) = bound(SessionOptions { max_size: Some(10), ..SessionOptions::default() });
    for (lines, body, status) in [
        ("Message-ID: fits\r\nByte-Range: 1-10/10\r\n", "0123456789", 200),
        ("Message-ID: over1\r\nByte-Range: 1-11/11\r\n", "0123456789a", 413),
        ("Message-ID: over2\r\nByte-Range: 1-*/*\r\n", "0123456789a", 413),
        ("Message-ID: far.over\r\nByte-Range: 1-5/5000000\r\n", "01234", 413),
        ("Message-ID: far.over\r\nByte-Range: 6-10/5000000\r\n", "01234", 413),
    ] {
        let written = bench.say(&send("abcd", lines, Some(body), '$'));
        assert!(written.starts_with(&format!("MSRP abcd {status} ")), "{lines} {written}");
    }
}

#[test]
fn a_413_stops_the_message_with_a_hash() {
    let (mut bench, session) = plain();
    bench.input(LinkInput::Blocked { link: LINK });
    bench.input(LinkInput::Writable { link: LINK });
    let (_, ids) = sending(&mut bench, session, 3_000_000);
    assert!(ids.len() > 1, "{ids:?}");
    let before = bench.events();
    assert_eq!(finished(&before), None);
    bench.say(&answer(&ids[0], 413));
    let (outcome, acknowledged) = finished(&bench.events()).unwrap();
    assert_eq!(
        (outcome, acknowledged),
        (Outcome::Failed { status: StatusCode::TOO_LARGE }, vec![])
    );
}

#[test]
fn a_message_that_is_stopped_midway_ends_with_a_hash() {
    for status in [413, 400, 403, 415, 423] {
        let limits = SessionLimits { max_unanswered: 1, ..SessionLimits::standard() };
        let (mut bench, session) = Bench::bound(limits, SessionOptions::default());
        let (_, ids) = sending(&mut bench, session, 3_000_000);
        assert_eq!(ids.len(), 1);
        let written = bench.say(&answer(&ids[0], status));
        assert!(written.trim_end().ends_with('#'), "{status} {}", written.len());
        let status = StatusCode::new(status).unwrap();
        assert_eq!(finished(&bench.events()), Some((Outcome::Failed { status }, vec![])));
    }
}

#[test]
fn a_peer_that_never_answers_is_taken_to_have_said_408_after_thirty_seconds() {
    let (mut bench, session) = plain();
    let (_, ids) = sending(&mut bench, session, 10);
    assert_eq!(ids.len(), 1);
    bench.pass(Duration::from_secs(29));
    assert_eq!(finished(&bench.events()), None);
    bench.pass(Duration::from_secs(1));
    let failed = Outcome::Failed { status: StatusCode::TIMEOUT };
    assert_eq!(finished(&bench.events()), Some((failed, vec![])));
    // The session goes on, and an answer that comes too late is nobody's.
    bench.say(&answer(&ids[0], 200));
    assert_eq!(bench.events(), []);
    assert!(bench.say(&send("abcd", "", Some("x"), '$')).starts_with("MSRP abcd 200 "));
}

#[test]
fn methods_that_an_end_does_not_know_are_answered_with_501() {
    let (mut bench, _) = plain();
    for method in ["AUTH", "NICKNAME", "FETCH"] {
        let text = send("abcd", "", None, '$').replace(" SEND", &format!(" {method}"));
        assert!(bench.say(&text).starts_with("MSRP abcd 501 "), "{method}");
    }
    assert_eq!(
        bench.say(&send("abcd", "Status: 000 200 OK\r\n", None, '$').replace(" SEND", " REPORT")),
        ""
    );
}

#[test]
fn contradictions_are_answered_with_400() {
    for (lines, body, flag) in [
        ("Byte-Range: 5-3/10\r\n", "abc", '$'),
        ("Byte-Range: 0-3/10\r\n", "abc", '$'),
        ("Byte-Range: 1-3/2\r\n", "abc", '$'),
        ("Byte-Range: 1-9/9\r\n", "abc", '$'),
        ("Byte-Range: 1-2/3\r\n", "abc", '$'),
        ("Byte-Range: x\r\n", "abc", '$'),
        ("Message-ID: no\r\n", "abc", '$'),
    ] {
        let (mut bench, _) = plain();
        let written = bench.say(&send("abcd", lines, Some(body), flag));
        assert!(written.starts_with("MSRP abcd 400 "), "{lines} {written}");
        assert!(!bench.events().iter().any(|event| matches!(event, Event::Message { .. })));
        assert!(
            bench
                .say(&send("abce", "Message-ID: other\r\n", Some("x"), '$'))
                .starts_with("MSRP abce 200 ")
        );
    }
}

#[test]
fn a_total_that_changes_is_answered_with_400() {
    let (mut bench, _) = plain();
    assert!(
        bench
            .say(&send("aaaa", "Byte-Range: 1-3/9\r\n", Some("abc"), '+'))
            .starts_with("MSRP aaaa 200 ")
    );
    assert!(
        bench
            .say(&send("bbbb", "Byte-Range: 4-6/8\r\n", Some("abc"), '+'))
            .starts_with("MSRP bbbb 400 ")
    );
    let events = bench.events();
    assert!(
        matches!(&events[..], [Event::Incomplete { received, refused: Some(StatusCode::BAD_REQUEST), .. }] if received.covered() == 3),
        "{events:?}"
    );
}

#[test]
fn an_end_line_with_another_id_costs_its_message_and_then_the_link() {
    let (mut bench, session) = plain();
    let text = send("abcd", "Byte-Range: 1-3/3\r\n", Some("abc"), '$')
        .replace("-------abcd$", "-------dcba$");
    // What follows the place of the end-line is more than the range has.
    assert!(bench.say(&text).starts_with("MSRP abcd 400 "));
    bench.events();
    bench.input(LinkInput::Bytes { link: LINK, bytes: vec![b'x'; 70_000].into() });
    let events = bench.events();
    assert!(events.contains(&Event::Close { link: LINK }));
    assert_eq!(events.last(), Some(&Event::Closed { session, reason: Reason::LinkLost }));
}

#[test]
fn chunks_come_in_any_order_and_twice() {
    let (mut bench, _) = plain();
    for (id, range, body, flag) in [
        ("aaaa", "7-9/9", "ghi", '$'),
        ("bbbb", "1-4/9", "abcd", '+'),
        ("cccc", "1-4/9", "abcd", '+'),
        ("dddd", "3-6/9", "cdef", '+'),
        ("eeee", "3-6/9", "cdef", '+'),
    ] {
        let written = bench.say(&send(id, &format!("Byte-Range: {range}\r\n"), Some(body), flag));
        assert!(written.starts_with(&format!("MSRP {id} 200 ")), "{written}");
    }
    assert!(matches!(&bench.events()[..], [Event::Message { body, .. }] if body == "abcdefghi"));
}

#[test]
fn an_application_that_is_asked_may_stream_a_message_or_refuse_it() {
    let (mut bench, session) =
        bound(SessionOptions { hand: Hand::Ask, ..SessionOptions::default() });
    bench.say(&send("aaaa", "Byte-Range: 1-3/9\r\n", Some("abc"), '+'));
    let events = bench.events();
    let [Event::Incoming { id, total: Some(9), .. }] = events[..] else { panic!("{events:?}") };
    bench.command(|one, now| one.stream(now, session, &id)).unwrap();
    assert!(matches!(&bench.events()[..], [Event::Slice { at: 0, bytes, .. }] if bytes == "abc"));
    bench.say(&send("bbbb", "Byte-Range: 4-6/9\r\n", Some("def"), '+'));
    assert!(matches!(&bench.events()[..], [Event::Slice { at: 3, bytes, .. }] if bytes == "def"));
    bench.command(|one, now| one.refuse(now, session, &id, StatusCode::TOO_LARGE)).unwrap();
    assert!(
        bench
            .say(&send("cccc", "Byte-Range: 7-9/9\r\n", Some("ghi"), '$'))
            .starts_with("MSRP cccc 413 ")
    );
    let events = bench.events();
    assert!(
        matches!(&events[..], [Event::Incomplete { received, refused: Some(StatusCode::TOO_LARGE), .. }] if received.covered() == 6),
        "{events:?}"
    );
    assert!(
        bench.command(|one, now| one.refuse(now, session, &id, StatusCode::TOO_LARGE)).is_err()
    );
}

#[test]
fn a_message_that_its_sender_gives_up_is_told_of_with_what_came() {
    let (mut bench, _) = plain();
    bench.say(&send("aaaa", "Byte-Range: 1-*/9\r\n", Some("abc"), '+'));
    let written = bench.say(&send("bbbb", "Byte-Range: 4-*/9\r\n", Some("d"), '#'));
    assert!(written.starts_with("MSRP bbbb 200 "), "{written}");
    let events = bench.events();
    assert!(
        matches!(&events[..], [Event::Incomplete { received, refused: None, .. }] if received.contiguous() == 4),
        "{events:?}"
    );
}

#[test]
fn an_application_gives_a_message_up() {
    let limits = SessionLimits { max_unanswered: 1, ..SessionLimits::standard() };
    let (mut bench, session) = Bench::bound(limits, SessionOptions::default());
    let (first, ids) = sending(&mut bench, session, 3_000_000);
    let (second, none) = sending(&mut bench, session, 10);
    assert_eq!((ids.len(), none.len()), (1, 0));
    bench.command(|one, now| one.abort(now, second)).unwrap();
    assert!(matches!(bench.events()[..], [Event::Finished { outcome: Outcome::Aborted, .. }]));
    bench.command(|one, now| one.abort(now, first)).unwrap();
    let written = bench.say(&answer(&ids[0], 200));
    assert!(written.trim_end().ends_with('#'));
    let ids = requests(&written, "SEND");
    bench.say(&answer(&ids[0], 200));
    assert_eq!(finished(&bench.events()).unwrap().0, Outcome::Aborted);
}

#[test]
fn closing_waits_for_answers_and_not_for_reports() {
    let (mut bench, session) = plain();
    let outbound = Outbound::new("text/plain").reports(SuccessReport::Yes, FailureReport::Yes);
    bench.command(|one, now| one.send(now, session, &outbound, Source::Bytes("x".into()))).unwrap();
    let ids = requests(&bench.written(), "SEND");
    bench.command(|one, now| one.close(now, session)).unwrap();
    let late =
        bench.command(|one, now| one.send(now, session, &outbound, Source::Bytes("x".into())));
    assert!(late.is_err() && bench.events().is_empty());
    bench.say(&answer(&ids[0], 200));
    let events = bench.events();
    assert!(
        matches!(
            events[..],
            [
                Event::Acknowledged { .. },
                Event::Finished { outcome: Outcome::SessionEnded, .. },
                Event::Closed { reason: Reason::Closed, .. },
                Event::Unused { .. }
            ]
        ),
        "{events:?}"
    );
    assert!(bench.say(&send("abcd", "", Some("x"), '$')).starts_with("MSRP abcd 481 "));
}

#[test]
fn closing_does_not_wait_for_ever() {
    let (mut bench, session) = plain();
    bench.input(LinkInput::Blocked { link: LINK });
    sending(&mut bench, session, 10);
    bench.command(|one, now| one.close(now, session)).unwrap();
    bench.pass(Duration::from_secs(30));
    assert!(bench.events().contains(&Event::Closed { session, reason: Reason::DrainTimeout }));
}

#[test]
fn a_nickname_is_asked_for_and_answered() {
    let (mut bench, session) = plain();
    bench.command(|one, now| one.nickname(now, session, "Alice \"the\" great")).unwrap();
    let written = bench.written();
    assert_eq!(value(&written, "Use-Nickname"), Some("\"Alice \\\"the\\\" great\""));
    bench.say(&answer(&requests(&written, "NICKNAME")[0], 425));
    assert_eq!(bench.events(), [Event::Nickname { session, status: StatusCode::NICKNAME_IN_USE }]);
}
