//! Edits from outside: lists taken off value by value, and where their faults lie.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "what a test prepares itself is known to be there"
)]

use missiva_core::FaultKind;
use missiva_sip::frame::{self, Frame};
use missiva_sip::message::ForwardError;
use missiva_sip::{
    Builder, Edit, HeaderName, Limits, Message, Method, ParseError, Part, Uri, field,
};

fn message(lines: &str) -> Message {
    let text = format!("BYE sip:bob@example.com SIP/2.0\r\n{lines}\r\n");
    let Ok(Frame::Message(message)) = frame::datagram(text.into(), &Limits::lab()) else {
        panic!("a message: {lines}")
    };
    message
}

fn head(edit: Edit<'_>) -> String {
    let head = String::from_utf8(edit.finish().head.to_vec()).unwrap();
    head.strip_suffix("Content-Length: 0\r\n\r\n").unwrap().split_once("\r\n").unwrap().1.to_owned()
}

#[test]
fn values_are_taken_off_one_by_one() {
    let message =
        message("X: y\r\nrOuTe :<sip:a>,<sip:b> , \r\n <sip:c>  \r\nRoute: <sip:d>\r\nZ: z\r\n");
    let mut edit = Edit::new(&message);
    let table = [
        "X: y\r\nrOuTe: <sip:b> , \r\n <sip:c>\r\nRoute: <sip:d>\r\nZ: z\r\n",
        "X: y\r\nrOuTe: <sip:c>\r\nRoute: <sip:d>\r\nZ: z\r\n",
        "X: y\r\nRoute: <sip:d>\r\nZ: z\r\n",
        "X: y\r\nZ: z\r\n",
    ];
    for (gone, expected) in (1..).zip(table) {
        assert_eq!(edit.consume_route(), Ok(true));
        let mut again = Edit::new(&message);
        for _ in 0..gone {
            again.consume_route().unwrap();
        }
        assert_eq!(head(again), expected);
    }
    assert_eq!(edit.consume_route(), Ok(false));
}

#[test]
fn lists_of_two_fields_are_taken_off_in_turns() {
    let message = message(
        "Route: <sip:a>, <sip:b>, <sip:c>\r\nVia: SIP/2.0/UDP a, SIP/2.0/UDP b, SIP/2.0/UDP c\r\n",
    );
    let mut edit = Edit::new(&message);
    for _ in 0..2 {
        edit.consume_route().unwrap();
        edit.pop_via().unwrap();
    }
    edit.add_text("Supported", "a, b, c").unwrap();
    edit.remove_first::<field::Supported>().unwrap();
    edit.add_text("Supported", "d").unwrap();
    assert_eq!(
        head(edit),
        "Route: <sip:c>\r\nVia: SIP/2.0/UDP c\r\nSupported: b, c\r\nSupported: d\r\n"
    );
}

#[test]
fn what_the_edit_wrote_is_taken_off_too() {
    let message = message("");
    let mut edit = Edit::new(&message);
    edit.add_text("Supported", "a, b,c").unwrap();
    edit.add_text("k", "d").unwrap();
    for _ in 0..4 {
        assert_eq!(edit.remove_first::<field::Supported>(), Ok(true));
    }
    assert_eq!(edit.remove_first::<field::Supported>(), Ok(false));
    assert_eq!(head(edit), "");
}

#[test]
fn an_empty_list_has_no_first_value() {
    let message = message("Supported:\r\nk: a,b\r\n");
    let mut edit = Edit::new(&message);
    assert_eq!(edit.remove_first::<field::Supported>(), Ok(true));
    assert_eq!(edit.remove_first::<field::Supported>(), Ok(true));
    assert_eq!(edit.remove_first::<field::Supported>(), Ok(false));
    assert_eq!(head(edit), "Supported:\r\n");
}

#[test]
fn a_comma_divides_lists_alone() {
    let message = message("Max-Forwards: 70, 71\r\n");
    let mut edit = Edit::new(&message);
    let error = edit.remove_first::<field::MaxForwards>().unwrap_err();
    assert_eq!((error.kind, error.at), (FaultKind::Unexpected, at(&message, ", 71")));
}

/// Where `part` stands in the message.
fn at(message: &Message, part: &str) -> u32 {
    let text = std::str::from_utf8(message.head()).unwrap();
    u32::try_from(text.find(part).unwrap()).unwrap()
}

#[test]
fn offsets_are_those_of_the_message_however_much_is_gone() {
    let message = message("Route:  <sip:a>, <sip:b>,\r\n <sip:c>, @\r\nMax-Forwards: x\r\n");
    let mut edit = Edit::new(&message);
    let bad = ParseError {
        kind: FaultKind::Unexpected,
        field: Part::Header(HeaderName::Route),
        at: at(&message, ", @") + 2,
    };
    for _ in 0..3 {
        assert_eq!(edit.consume_route(), Ok(true));
    }
    assert_eq!((edit.consume_route(), edit.consume_route()), (Err(bad), Err(bad)));
    let at = at(&message, "x\r\n");
    let bad =
        ParseError { kind: FaultKind::Number, field: Part::Header(HeaderName::MaxForwards), at };
    assert_eq!(edit.decrement_max_forwards(), Err(ForwardError::Malformed(bad)));
    let bytes = b"BYE sip:a SIP/2.0\r\nRoute: <sip:a>, \"\xff\" <sip:b>\r\n\r\n";
    let Ok(Frame::Message(message)) = frame::datagram(bytes[..].into(), &Limits::DEFAULT) else {
        panic!()
    };
    let error = Edit::new(&message).consume_route().unwrap_err();
    assert_eq!((error.kind, error.at), (FaultKind::Utf8, 36));
}

/// Copying what is left of ten thousand values each time would move gigabytes.
#[test]
fn a_long_list_is_taken_off_in_the_time_that_it_takes_to_read() {
    let list = |count: usize| vec!["SIP/2.0/UDP p.example.com;branch=z9hG4bK1"; count].join(", ");
    let cost = |count: usize| {
        let message = message(&format!("Via: {}\r\n", list(count)));
        let start = now();
        let mut edit = Edit::new(&message);
        for _ in 0..count {
            edit.pop_via().unwrap();
        }
        assert_eq!(head(edit), "");
        now().saturating_sub(start)
    };
    // Four times the values take four times as long when time is linear and sixteen times when it is quadratic.
    let mut best = (std::time::Duration::MAX, std::time::Duration::MAX);
    for _ in 0..6 {
        best = (best.0.min(cost(2_500)), best.1.min(cost(10_000)));
        if best.1 < best.0 * 8 {
            return;
        }
    }
    panic!("{best:?}");
}

/// Processor time of this thread.
fn now() -> std::time::Duration {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    std::time::Duration::new(now.tv_sec.unsigned_abs(), u32::try_from(now.tv_nsec).unwrap_or(0))
}

/// However its name is spelled, `CSeq` says the method of the request (RFC 3261 section 8.1.1.5).
#[test]
fn a_builder_compares_the_methods_of_any_spelling_of_cseq() {
    let uri = Uri::parse("sip:bob@example.com").unwrap();
    let build = |name, value| {
        Builder::request(Method::Invite, &uri).text("Subject", "CSeq: 1 INVITE").text(name, value)
    };
    for name in ["CSeq", "cseq", "CSEQ"] {
        assert!(build(name, "1 INVITE").finish().is_ok(), "{name}");
        let error = build(name, "1 BYE").finish().unwrap_err();
        assert_eq!(error.kind, FaultKind::Conflict, "{name}");
    }
}
