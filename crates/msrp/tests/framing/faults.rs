//! What happens after a fault: the end-line of the message at fault is found by its id.

use missiva_core::FaultKind;
use missiva_msrp::frame::{Event, Recover, StreamFramer};
use missiva_msrp::{HeaderName, Part};

use super::{PATHS, bodies, faults, read, send};

#[test]
fn a_head_that_cannot_be_read_is_passed_over_to_its_end_line() {
    let table = [
        ("no colon\r\n", FaultKind::Unexpected, Part::HeaderLine),
        (": no name\r\n", FaultKind::Unexpected, Part::HeaderLine),
        (" folded: x\r\n", FaultKind::Unexpected, Part::HeaderLine),
        ("-------efgh$\r\n", FaultKind::Unexpected, Part::HeaderLine),
        ("-------abcd\r\n", FaultKind::Unexpected, Part::HeaderLine),
        ("9x: y\r\n", FaultKind::Unexpected, Part::HeaderLine),
        ("X: bare\nY: lf\r\n", FaultKind::BareLf, Part::Framing),
        ("X: bare\rY: cr\r\n", FaultKind::BareCr, Part::Framing),
        ("X: nul\0\r\n", FaultKind::Nul, Part::Framing),
    ];
    for (line, kind, part) in table {
        for rest in
            ["Content-Type: text/plain\r\n\r\nbody\r\nMSRP aaaa SEND\r\n-------aaaa$\r\n\r\n", ""]
        {
            let mut input =
                format!("MSRP abcd SEND\r\n{PATHS}{line}{rest}-------abcd$\r\n").into_bytes();
            input.extend(send("next", "", b"next", '$'));
            let seen = read([&input[..]]);
            assert_eq!(faults(&seen), [(kind, part, Recover::Skip)], "{line}");
            assert_eq!(bodies(&seen), [b"next"], "{line}{rest}");
        }
    }
}

#[test]
fn the_head_of_a_refused_message_is_there_to_be_answered() {
    for line in ["no colon\r\n", "X: bare\nY: lf\r\n"] {
        let mut framer = StreamFramer::new();
        framer.push(
            format!("MSRP abcd SEND\r\n{PATHS}{line}Message-ID: 1234\r\n-------abcd$\r\n").into(),
        );
        let error = framer.next().unwrap_err();
        let head = error.head.unwrap();
        assert_eq!(head.transaction_id(), "abcd");
        assert_eq!(head.from_path().unwrap().first().session_id(), Some("alice"));
        assert!(framer.next().unwrap().is_none());
        assert_eq!(framer.finish().map_err(|error| error.error), Ok(()));
    }
}

#[test]
fn a_first_line_that_is_none_closes_the_stream() {
    let table: [(&[u8], FaultKind); 9] = [
        (b"GET / HTTP/1.1\r\n\r\n", FaultKind::Value),
        (b"\x16\x03\x01", FaultKind::Value),
        (b"M", FaultKind::End),
        (b"MSRQ", FaultKind::Value),
        (b"MSRP abc SEND\r\n", FaultKind::End),
        (b"MSRP abcd SEND\n", FaultKind::BareLf),
        (b"MSRP ab\0d SEND\r\n", FaultKind::Nul),
        (b"\n", FaultKind::Value),
        (b"\rMSRP", FaultKind::BareCr),
    ];
    for (input, kind) in table {
        let more = send("next", "", b"next", '$');
        let seen = read([input]);
        assert_eq!(faults(&seen)[0].0, kind, "{}", input.escape_ascii());
        assert_eq!(faults(&seen)[0].2, Recover::Close);
        if kind != FaultKind::End {
            assert!(bodies(&read([input, &more])).is_empty(), "nothing is read behind it");
        }
    }
}

#[test]
fn a_stream_that_ends_within_a_message_says_so() {
    let input = send("abcd", "Byte-Range: 1-5/5\r\n", b"hello", '$');
    for at in 1..input.len() {
        let seen = read([&input[..at]]);
        let (kind, _, recover) = *faults(&seen).last().unwrap();
        assert_eq!((kind, recover), (FaultKind::End, Recover::Close), "cut at {at}");
    }
    assert!(faults(&read([&input[..]])).is_empty());
}

#[test]
fn values_are_read_when_they_are_asked_for() {
    let mut framer = StreamFramer::new();
    framer.push(send("abcd", "Byte-Range: 1-x/5\r\n", b"hello", '$').into());
    let Ok(Some(Event::Head(head))) = framer.next() else { panic!() };
    let error = head.get::<missiva_msrp::field::ByteRange>().unwrap_err();
    assert_eq!((error.kind, error.field), (FaultKind::Number, Part::Header(HeaderName::ByteRange)));
    assert_eq!(&head.bytes()[error.at as usize..][..1], b"x");
}
