//! Every cap: at the limit, one over, far over.

use missiva_core::FaultKind;
use missiva_msrp::frame::{Event, Recover, StreamFramer};
use missiva_msrp::{HeaderName, Limits, Part};

use super::{PATHS, bodies, faults, read_with, send};

const SMALL: Limits = Limits {
    max_start_line: 64,
    max_head: 1000,
    max_header: 300,
    max_headers: 6,
    max_held: 500,
    max_overrun: 100,
    max_body: 2000,
};

/// The faults of a message, and whether the one behind it was read.
fn judge(input: Vec<u8>) -> (Vec<(FaultKind, Part, Recover)>, bool) {
    let input = [input, send("next", "", b"next", '$')].concat();
    let seen = read_with(SMALL, [&input[..]]);
    for size in [1, 7, 100] {
        assert_eq!(read_with(SMALL, input.chunks(size)), seen, "in pieces of {size}");
    }
    (faults(&seen), bodies(&seen).contains(&&b"next"[..]))
}

#[test]
fn first_lines_end_at_their_limit() {
    let response =
        |len: usize| format!("MSRP abcd 200 {}\r\n{PATHS}-------abcd$\r\n", "x".repeat(len - 14));
    assert_eq!(judge(response(64).into()), (vec![], true));
    for len in [65, 5000] {
        let refused = (FaultKind::Limit, Part::StartLine, Recover::Close);
        assert_eq!(judge(response(len).into()), (vec![refused], false), "{len}");
    }
}

#[test]
fn heads_end_at_their_limit() {
    let fixed = format!("MSRP abcd SEND\r\n{PATHS}\r\n").len();
    let head = |len: usize| {
        let mut lines = String::new();
        let mut left = len - fixed;
        while left > 0 {
            let line = if left > 290 + 20 { 290 } else { left };
            lines += &format!("X: {}\r\n", "x".repeat(line - 5));
            left -= line;
        }
        format!("MSRP abcd SEND\r\n{PATHS}{lines}\r\nbody\r\n-------abcd$\r\n")
    };
    assert_eq!(judge(head(1000).into()), (vec![], true));
    let refused = (FaultKind::Limit, Part::Framing, Recover::Skip);
    for len in [1001, 1100, 1900] {
        assert_eq!(judge(head(len).into()), (vec![refused], true), "{len}");
    }
    // What is passed over counts as a body.
    let given_up = (FaultKind::Limit, Part::Body, Recover::Close);
    assert_eq!(judge(head(10_000).into()), (vec![refused, given_up], false));
}

#[test]
fn header_lines_end_at_their_limit() {
    let line = |len: usize| {
        format!("MSRP abcd SEND\r\n{PATHS}X: {}\r\n-------abcd$\r\n", "x".repeat(len - 3))
    };
    assert_eq!(judge(line(300).into()), (vec![], true));
    for len in [301, 600] {
        let refused = (FaultKind::Limit, Part::Header(HeaderName::Other), Recover::Skip);
        assert_eq!(judge(line(len).into()), (vec![refused], true), "{len}");
    }
}

#[test]
fn headers_are_counted() {
    let lines = |count: usize| {
        format!("MSRP abcd SEND\r\n{PATHS}{}-------abcd$\r\n", "X: y\r\n".repeat(count - 2))
    };
    assert_eq!(judge(lines(6).into()), (vec![], true));
    for count in [7, 100] {
        let refused = (FaultKind::Limit, Part::Header(HeaderName::Other), Recover::Skip);
        assert_eq!(judge(lines(count).into()), (vec![refused], true), "{count}");
    }
}

#[test]
fn bodies_of_stated_length_wait_up_to_their_limit() {
    for (len, waits) in [(400, true), (484, true), (485, false), (5000, false)] {
        let range = format!("Byte-Range: 1-{len}/{len}\r\n");
        let limits = Limits { max_body: 1 << 20, ..SMALL };
        let mut framer = StreamFramer::with_limits(limits);
        let input = send("abcd", &range, &vec![b'x'; len], '$');
        let (first, last) = input.split_at(input.len() - 10);
        framer.push(first.to_vec().into());
        assert!(matches!(framer.next(), Ok(Some(Event::Head(_)))));
        assert_eq!(matches!(framer.next(), Ok(None)), waits, "{len}");
        framer.push(last.to_vec().into());
        let mut ends = 0;
        while let Some(event) = framer.next().unwrap() {
            ends += u32::from(matches!(event, Event::End(end) if end.fault.is_none()));
        }
        assert_eq!(ends, 1, "{len}");
    }
}

#[test]
fn a_wrong_id_in_the_end_line_is_found_out_within_its_limit() {
    let overdue = (FaultKind::Conflict, Part::EndLine, Recover::Close);
    for range in ["1-5/5", "1-*/5"] {
        for (behind, found_out) in [(50, false), (5000, true)] {
            let mut input = send("abcd", &format!("Byte-Range: {range}\r\n"), b"hello", '$');
            let end = input.len();
            input[end - 7..end - 3].copy_from_slice(b"abce");
            input.extend(vec![b'x'; behind]);
            let seen = read_with(SMALL, [&input[..]]);
            assert_eq!(faults(&seen) == [overdue], found_out, "{range} {behind}");
        }
    }
}

#[test]
fn endless_bodies_are_found_out() {
    for (len, refused) in [(2000, false), (2001, true), (100_000, true)] {
        let input = send("abcd", "Byte-Range: 1-*/*\r\n", &vec![b'x'; len], '$');
        let mut framer = StreamFramer::with_limits(SMALL);
        let mut fault = None;
        for piece in input.chunks(100) {
            framer.push(piece.to_vec().into());
            loop {
                match framer.next() {
                    Ok(None) => break,
                    Ok(Some(_)) => {}
                    Err(error) => {
                        fault = Some((error.error.kind, error.error.field, error.recover))
                    }
                }
            }
        }
        let expected = (FaultKind::Limit, Part::Body, Recover::Close);
        assert_eq!(fault, refused.then_some(expected), "{len}");
    }
}

#[test]
fn a_peer_that_never_ends_a_line_holds_no_memory() {
    let mut framer = StreamFramer::new();
    framer.push(b"MSRP abcd SEND\r\nX: ".to_vec().into());
    let mut refused = 0;
    for _ in 0..10_000 {
        framer.push(vec![b'x'; 1000].into());
        loop {
            match framer.next() {
                Ok(None) => break,
                Ok(Some(_)) => panic!("nothing is given out"),
                Err(error) => {
                    assert_eq!(error.recover, Recover::Skip);
                    refused += 1;
                }
            }
        }
        assert!(framer.buffered() <= 20 * 1024);
    }
    assert_eq!(refused, 1);
}
