//! Peers that cost more than they bring.

use std::time::Duration;

use bytes::Bytes;
use missiva_core::Machine;
use missiva_msrp::link::LinkInput;
use missiva_msrp::receive::ReceiveLimits;
use missiva_msrp::session::{Event, Outbound, Reason, SessionLimits, SessionOptions, Source};

use crate::bench::{Bench, LINK, send};

#[test]
fn ten_thousand_messages_that_begin_and_never_end_are_bounded_and_given_up_in_the_end() {
    let (mut bench, _) = Bench::bound(SessionLimits::standard(), SessionOptions::default());
    let (mut taken, mut refused) = (0, 0);
    for number in 0..10_000 {
        let lines = format!("Message-ID: open.{number}\r\nByte-Range: 1-*/1000\r\n");
        let written = bench.say(&send(&format!("t{number:05}"), &lines, Some("some"), '+'));
        if written.contains(" 200 ") {
            taken += 1
        } else {
            refused += usize::from(written.contains(" 413 "))
        }
    }
    assert_eq!(
        (taken, refused),
        (ReceiveLimits::DEFAULT.max_open, 10_000 - ReceiveLimits::DEFAULT.max_open)
    );
    assert_eq!(bench.events(), []);
    bench.pass(Duration::from_secs(301));
    let given_up = bench.events();
    assert_eq!(given_up.len(), taken);
    assert!(given_up.iter().all(|event| matches!(event, Event::Incomplete { refused: None, .. })));
    assert!(
        bench
            .say(&send("abcd", "Message-ID: fresh\r\n", Some("x"), '$'))
            .starts_with("MSRP abcd 200 ")
    );
}

#[test]
fn one_byte_a_second_is_a_message_in_the_end() {
    let (mut bench, _) = Bench::bound(SessionLimits::standard(), SessionOptions::default());
    let text = send("abcd", "Byte-Range: 1-5/5\r\n", Some("hello"), '$');
    let mut written = String::new();
    for byte in text.bytes() {
        assert_eq!(written, "");
        bench.input(LinkInput::Bytes { link: LINK, bytes: Bytes::copy_from_slice(&[byte]) });
        written = bench.written() + &bench.pass(Duration::from_secs(1));
    }
    assert!(written.starts_with("MSRP abcd 200 "), "{written}");
    assert!(matches!(&bench.events()[..], [Event::Message { body, .. }] if body == "hello"));
}

#[test]
fn a_message_of_which_nothing_comes_any_more_is_given_up() {
    let (mut bench, _) = Bench::bound(SessionLimits::standard(), SessionOptions::default());
    bench.say(&send("abcd", "Byte-Range: 1-*/9\r\n", Some("abc"), '+'));
    bench.pass(Duration::from_secs(299));
    bench.say(&send("abce", "Byte-Range: 4-*/9\r\n", Some("def"), '+'));
    bench.pass(Duration::from_secs(299));
    assert_eq!(bench.events(), []);
    bench.pass(Duration::from_secs(2));
    assert!(
        matches!(&bench.events()[..], [Event::Incomplete { received, .. }] if received.covered() == 6)
    );
}

#[test]
fn a_peer_that_asks_and_does_not_read_is_cut_off() {
    let mut limits = SessionLimits::standard();
    limits.send.max_controls = 10;
    let (mut bench, session) = Bench::bound(limits, SessionOptions::default());
    bench.input(LinkInput::Blocked { link: LINK });
    for number in 0..11 {
        assert_eq!(bench.events().len(), usize::from(number > 0), "{number}");
        bench.say(&send(
            &format!("t{number:04}"),
            &format!("Message-ID: m{number:04}\r\n"),
            Some("x"),
            '$',
        ));
    }
    let events = bench.events();
    assert!(events.contains(&Event::Close { link: LINK }), "{events:?}");
    assert!(events.contains(&Event::Closed { session, reason: Reason::LinkLost }));
}

#[test]
fn a_blocked_link_is_written_nothing_to_and_goes_on_where_it_stopped() {
    let (mut bench, session) = Bench::bound(SessionLimits::standard(), SessionOptions::default());
    bench.input(LinkInput::Blocked { link: LINK });
    let source = Source::Bytes(vec![b'x'; 100_000].into());
    bench.command(|one, now| one.send(now, session, &Outbound::new("text/plain"), source)).unwrap();
    assert_eq!(bench.written(), "");
    assert!(bench.endpoint.poll_timeout().is_none_or(|due| due.why != "more to write"));
    bench.input(LinkInput::Writable { link: LINK });
    assert!(bench.written().len() > 100_000);
}

#[test]
fn what_is_written_at_once_is_bounded() {
    let (mut bench, session) = Bench::bound(SessionLimits::standard(), SessionOptions::default());
    let source = Source::Bytes(vec![b'x'; 5_000_000].into());
    bench.command(|one, now| one.send(now, session, &Outbound::new("text/plain"), source)).unwrap();
    let mut bytes = 0;
    while let Some(transmit) = bench.endpoint.poll_transmit() {
        bytes += transmit.payload.len();
    }
    assert!((256 * 1024..512 * 1024).contains(&bytes), "{bytes}");
    assert_eq!(bench.endpoint.poll_timeout().map(|due| due.why), Some("more to write"));
}

#[test]
fn events_that_nobody_fetches_cost_the_link_that_brings_more() {
    let limits = SessionLimits { max_events: 5, ..SessionLimits::standard() };
    let (mut bench, session) = Bench::bound(limits, SessionOptions::default());
    for number in 0..8 {
        bench.say(&send(
            &format!("t{number:04}"),
            &format!("Message-ID: m{number:04}\r\n"),
            Some("x"),
            '$',
        ));
    }
    let events = bench.events();
    assert_eq!(events.iter().filter(|event| matches!(event, Event::Message { .. })).count(), 6);
    assert!(events.contains(&Event::Closed { session, reason: Reason::LinkLost }));
}
