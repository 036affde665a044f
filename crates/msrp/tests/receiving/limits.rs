//! Every cap of an inbox: at the limit, one over, far over; and peers that never finish.

use std::time::Duration;

use missiva_core::Instant;
use missiva_msrp::receive::{Begun, Budget, Delivery, Mode, ReceiveLimits};
use missiva_msrp::{Flag, StatusCode};

use super::{ALL, Fixture, id};

const SMALL: ReceiveLimits = ReceiveLimits {
    max_message: 100,
    max_whole: 50,
    max_waiting: 10,
    max_kept: 60,
    max_open: 5,
    max_ranges: 4,
    max_finished: 3,
};

/// The code for a message that comes in these chunks, if any.
fn code(mode: Mode, chunks: &[(&str, usize)]) -> Option<u16> {
    let mut fixture = Fixture::new(mode, SMALL);
    for (range, len) in chunks {
        if let Err(refusal) = fixture.chunk(range, &vec![b'x'; *len], Flag::More) {
            assert_eq!((fixture.inbox.kept(), fixture.budget.used()), (0, 0));
            return Some(refusal.code.number());
        }
    }
    None
}

#[test]
fn messages_end_at_their_limit() {
    for (mode, most) in [(Mode::Whole, 50), (Mode::Slices, 100)] {
        for (len, refused) in [(most, None), (most + 1, Some(413)), (10 * most, Some(413))] {
            assert_eq!(code(mode, &[("1-*/*", len)]), refused, "{len}");
            assert_eq!(code(mode, &[(&format!("1-*/{len}"), 1)]), refused, "{len}");
        }
    }
}

#[test]
fn waiting_bytes_and_runs_end_at_their_limit() {
    for (len, refused) in [(10, None), (11, Some(413)), (40, Some(413))] {
        assert_eq!(code(Mode::Slices, &[("2-*/*", len)]), refused, "{len}");
    }
    let chunks = ["2-*/*", "4-*/*", "6-*/*", "8-*/*", "10-*/*"].map(|range| (range, 1));
    assert_eq!(code(Mode::Slices, &chunks[..4]), None);
    assert_eq!(code(Mode::Slices, &chunks), Some(413));
}

#[test]
fn a_session_keeps_no_more_than_its_limit() {
    for (second, refused) in [(20, false), (21, true), (40, true)] {
        let mut fixture = Fixture::new(Mode::Whole, SMALL);
        fixture.chunk("1-*/*", &[b'x'; 40], Flag::More).unwrap();
        fixture.begin("5678", "1-*/*").unwrap();
        assert_eq!(fixture.body(&vec![b'y'; second]).is_err(), refused, "{second}");
    }
}

#[test]
fn a_link_keeps_no_more_than_its_budget() {
    for (max, refused) in [(10, false), (9, true), (0, true)] {
        let mut fixture = Fixture::new(Mode::Whole, ALL);
        fixture.budget = Budget::new(max, 10);
        fixture.begin("1234", "1-*/*").unwrap();
        assert_eq!(
            fixture.body(&[b'x'; 10]).map_err(|refusal| refusal.code.number()),
            if refused { Err(413) } else { Ok(()) }
        );
    }
}

#[test]
fn a_peer_that_opens_10000_messages_and_finishes_none_is_bounded() {
    let mut fixture = Fixture::new(Mode::Whole, ALL);
    let mut refused = 0;
    for number in 0..10_000 {
        match fixture.begin(&format!("id{number:05}"), "1-*/*") {
            Ok(_) => {
                fixture.body(&[b'x'; 1000]).unwrap();
                fixture.end(Flag::More).unwrap();
            }
            Err(refusal) => {
                assert_eq!(refusal.code, StatusCode::TOO_LARGE);
                refused += 1;
            }
        }
    }
    // The budget of the link has room for 100 messages, the session for 128.
    assert_eq!((refused, fixture.inbox.open().count(), fixture.inbox.kept()), (9900, 100, 100_000));
    fixture.inbox.close(&mut fixture.budget);
    assert_eq!((fixture.budget.used(), fixture.budget.open_messages()), (0, 0));
    assert_eq!(fixture.deliveries().len(), 100);
}

#[test]
fn open_messages_end_at_their_limit_and_make_room_when_they_end() {
    let mut fixture = Fixture::new(Mode::Whole, SMALL);
    for name in ["aaaa", "bbbb", "cccc", "dddd", "eeee"] {
        fixture.begin(name, "1-*/*").unwrap();
        fixture.end(Flag::More).unwrap();
    }
    assert_eq!(fixture.begin("ffff", "1-*/*").unwrap_err().code, StatusCode::TOO_LARGE);
    fixture.begin("aaaa", "1-*/*").unwrap();
    fixture.end(Flag::Last).unwrap();
    assert_eq!(fixture.begin("ffff", "1-*/*"), Ok(Begun::First));
}

#[test]
fn messages_of_which_nothing_comes_are_given_up() {
    let mut fixture = Fixture::new(Mode::Whole, ALL);
    fixture.begin("aaaa", "1-*/*").unwrap();
    fixture.now = Instant::ORIGIN + Duration::from_secs(10);
    fixture.begin("bbbb", "1-*/*").unwrap();
    assert_eq!(fixture.inbox.oldest(), Some(Instant::ORIGIN));
    fixture.inbox.expire(fixture.now, &mut fixture.budget);
    assert!(fixture.inbox.open().map(|(id, _)| *id).eq([id("bbbb")]));
    assert!(matches!(fixture.deliveries()[..], [Delivery::GivenUp { refusal: None, .. }]));
    assert_eq!(fixture.begin("aaaa", "1-*/*"), Ok(Begun::Again));
}
