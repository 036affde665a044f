//! Who connects, what binds, and what does not.

use std::time::Duration;

use missiva_core::LinkId;
use missiva_msrp::StatusCode;
use missiva_msrp::link::{Framing, LinkInput};
use missiva_msrp::session::{
    CommandError, Ends, Event, Matching, OpenError, Outbound, Reason, SessionLimits,
    SessionOptions, Setup, Source,
};
use missiva_testkit::StreamPath;

use crate::bench::{Bench, LINK, OURS, THEIRS, answer, requests, send, send_between, value};
use crate::party::{BOB, Pair};

#[test]
fn the_active_end_speaks_first_and_both_ends_are_established() {
    let mut pair = Pair::new(1, StreamPath::default());
    let (a, b) = (pair.a, pair.b);
    assert!(matches!(pair.heard(0)[..], [Event::Established { session, .. }] if session == a));
    assert!(matches!(pair.heard(1)[..], [Event::Established { session, .. }] if session == b));
}

#[test]
fn the_first_send_of_an_active_end_is_empty() {
    let mut bench = Bench::new(SessionLimits::standard());
    let session = bench.open(Setup::Active { link: LINK }, SessionOptions::default());
    let written = bench.written();
    assert_eq!(value(&written, "Byte-Range"), Some("1-0/0"));
    assert_eq!(
        (value(&written, "To-Path"), value(&written, "From-Path")),
        (Some(THEIRS), Some(OURS))
    );
    assert!(!written.contains("Content-Type") && !written.contains("\r\n\r\n"));
    assert!(bench.events().is_empty());
    let ids = requests(&written, "SEND");
    assert_eq!(bench.say(&answer(&ids[0], 200)), "");
    assert_eq!(bench.events(), [Event::Established { session, link: LINK }]);
}

#[test]
fn an_active_end_that_nobody_answers_gives_up_after_thirty_seconds() {
    let mut bench = Bench::new(SessionLimits::standard());
    let session = bench.open(Setup::Active { link: LINK }, SessionOptions::default());
    bench.pass(Duration::from_secs(29));
    assert_eq!(bench.events(), []);
    bench.pass(Duration::from_secs(1));
    let closed = Event::Closed { session, reason: Reason::NoAnswer };
    assert_eq!(bench.events(), [closed, Event::Unused { link: LINK }]);
}

#[test]
fn a_passive_end_to_which_nobody_comes_gives_up() {
    let mut bench = Bench::new(SessionLimits::standard());
    let session = bench.open(Setup::Passive, SessionOptions::default());
    let early = bench.command(|one, now| {
        one.send(now, session, &Outbound::new("text/plain"), Source::Bytes("x".into()))
    });
    assert_eq!(early, Err(CommandError::NotOpen));
    bench.pass(Duration::from_secs(60));
    assert_eq!(bench.events(), [Event::Closed { session, reason: Reason::NotBound }]);
}

#[test]
fn a_send_for_nobody_is_answered_with_481() {
    let (mut bench, _) = Bench::bound(SessionLimits::standard(), SessionOptions::default());
    for (to, from) in [
        ("msrp://here.example:2855/unknown;tcp", THEIRS),
        (OURS, "msrp://there.example:2855/mallory;tcp"),
        ("msrp://here.example:2855;tcp", THEIRS),
    ] {
        let written = bench.say(&send_between("abcd", to, from, "", Some("x"), '$'));
        assert!(written.starts_with("MSRP abcd 481 "), "{to} {from} {written}");
        assert_eq!(bench.events(), []);
    }
    let quiet =
        send_between("abcd", "msrp://here/x;tcp", THEIRS, "Failure-Report: no\r\n", Some("x"), '$');
    assert_eq!(bench.say(&quiet), "");
}

#[test]
fn a_session_that_is_on_one_link_is_refused_on_another_with_506() {
    let (mut bench, _) = Bench::bound(SessionLimits::standard(), SessionOptions::default());
    bench.input(LinkInput::Up { link: LinkId(8), framing: Framing::Stream });
    let written = bench.say_on(LinkId(8), &send("abcd", "", Some("x"), '$'));
    assert!(written.starts_with("MSRP abcd 506 "), "{written}");
    assert!(bench.say(&send("abce", "", Some("x"), '$')).starts_with("MSRP abce 200 "));
}

#[test]
fn a_481_and_a_506_end_the_session() {
    for (status, reason) in [(481, Reason::NoSession), (506, Reason::WrongConnection)] {
        let (mut bench, session) =
            Bench::bound(SessionLimits::standard(), SessionOptions::default());
        let sent = bench
            .command(|one, now| {
                one.send(now, session, &Outbound::new("text/plain"), Source::Bytes("x".into()))
            })
            .unwrap();
        let written = bench.written();
        bench.say(&answer(&requests(&written, "SEND")[0], status));
        let events = bench.events();
        let status = StatusCode::new(status).unwrap();
        assert!(
            matches!(&events[..], [Event::Finished { message, outcome, .. }, Event::Closed { reason: why, .. }, Event::Unused { .. }]
                if *message == sent && *why == reason && *outcome == missiva_msrp::session::Outcome::Failed { status }),
            "{events:?}"
        );
    }
}

#[test]
fn several_sessions_share_a_link() {
    let mut pair = Pair::new(2, StreamPath::default());
    let (link, second) = (pair.link, "msrp://alice.example:7777/second0123456789;tcp");
    let other = "msrp://bob.example:8888/other0123456789;tcp";
    let b = pair.command(1, |bob, now| {
        bob.open(now, Ends::new(other, second).unwrap(), Setup::Passive, SessionOptions::default())
            .unwrap()
    });
    let a = pair.command(0, |alice, now| {
        let setup = Setup::Active { link };
        alice
            .open(now, Ends::new(second, other).unwrap(), setup, SessionOptions::default())
            .unwrap()
    });
    pair.net.run_until_quiet();
    pair.heard(1);
    for (session, text) in [(pair.a, "first"), (a, "second")] {
        let source = Source::Bytes(text.into());
        pair.command(0, |alice, now| {
            alice.send(now, session, &Outbound::new("text/plain"), source)
        })
        .unwrap();
    }
    pair.net.run_until_quiet();
    let got = pair.heard(1).into_iter().filter_map(|event| match event {
        Event::Message { session, body, .. } => Some((session, body)),
        _ => None,
    });
    assert_eq!(got.collect::<Vec<_>>(), [(pair.b, "first".into()), (b, "second".into())]);
    // One goes, the other stays; when both are gone the link is told to be of no use.
    for (session, unused) in [(pair.a, 0), (a, 1)] {
        pair.heard(0);
        pair.command(0, |alice, now| alice.close(now, session)).unwrap();
        let events = pair.heard(0);
        assert_eq!(
            events.iter().filter(|event| matches!(event, Event::Unused { .. })).count(),
            unused
        );
    }
}

#[test]
fn whole_uris_are_compared_where_that_was_asked_for() {
    let moved = "msrp://nat.example:4711/ours0123456789;tcp";
    for (matching, status) in [(Matching::SessionId, 200), (Matching::Whole, 481)] {
        let options = SessionOptions { matching, ..SessionOptions::default() };
        let (mut bench, _) = Bench::bound(SessionLimits::standard(), options);
        let written = bench.say(&send_between("abcd", moved, THEIRS, "", Some("x"), '$'));
        assert!(written.starts_with(&format!("MSRP abcd {status} ")), "{written}");
    }
}

#[test]
fn sessions_that_cannot_be_opened_are_refused_at_once() {
    let mut bench = Bench::new(SessionLimits::standard());
    let ends = || Ends::new(OURS, THEIRS).unwrap();
    let nowhere = Setup::Active { link: LinkId(99) };
    let opened =
        bench.command(|one, now| one.open(now, ends(), nowhere, SessionOptions::default()));
    assert_eq!(opened, Err(OpenError::NoLink));
    bench.open(Setup::Passive, SessionOptions::default());
    let again =
        bench.command(|one, now| one.open(now, ends(), Setup::Passive, SessionOptions::default()));
    assert_eq!(again, Err(OpenError::Taken));
    assert!(Ends::new("sip:bob", BOB).is_err() && Ends::new(BOB, "").is_err());
}

#[test]
fn a_keep_alive_is_an_empty_send_after_a_quiet_while() {
    let options =
        SessionOptions { keep_alive: Some(Duration::from_secs(240)), ..SessionOptions::default() };
    let (mut bench, session) = Bench::bound(SessionLimits::standard(), options);
    bench.pass(Duration::from_secs(100));
    bench
        .command(|one, now| {
            one.send(now, session, &Outbound::new("text/plain"), Source::Bytes("x".into()))
        })
        .unwrap();
    let first = requests(&bench.written(), "SEND");
    bench.say(&answer(&first[0], 200));
    assert_eq!(bench.pass(Duration::from_secs(239)), "");
    let written = bench.pass(Duration::from_secs(1));
    assert_eq!(value(&written, "Byte-Range"), Some("1-0/0"));
    bench.events();
    bench.pass(Duration::from_secs(30));
    assert!(matches!(bench.events()[..], [Event::Closed { reason: Reason::NoAnswer, .. }, _]));
}

#[test]
fn a_session_of_which_nothing_is_heard_ends_where_that_was_agreed() {
    let options =
        SessionOptions { idle: Some(Duration::from_secs(600)), ..SessionOptions::default() };
    let (mut bench, session) = Bench::bound(SessionLimits::standard(), options);
    bench.pass(Duration::from_secs(599));
    bench.say(&send("abcd", "", Some("x"), '$'));
    bench.pass(Duration::from_secs(599));
    assert!(matches!(bench.events()[..], [Event::Message { .. }]));
    bench.pass(Duration::from_secs(1));
    assert_eq!(bench.events()[0], Event::Closed { session, reason: Reason::Idle });
}
