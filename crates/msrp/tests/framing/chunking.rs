//! However the bytes are divided, the messages are the same.

use bytes::Bytes;
use missiva_msrp::frame::StreamFramer;
use proptest::prelude::*;

use super::{Log, PATHS, read, send};

/// Every kind of message, good and bad, one behind the other.
fn stream() -> Vec<u8> {
    let bodiless =
        |id: &str, line: &str| format!("MSRP {id} {line}\r\n{PATHS}-------{id}$\r\n").into_bytes();
    [
        send("a001", "Byte-Range: 1-5/5\r\n", b"hello", '$'),
        bodiless("a001", "200 OK"),
        b"\r\n\r\n".to_vec(),
        send("a002", "Byte-Range: 1-*/*\r\n", b"x\r\n-------a003$\r\ny\r", '+'),
        send("a003", "Byte-Range: 1-9/9\r\n", b"short", '$'),
        send("a004", "Byte-Range: 1-2/2\r\n", b"longer\r\n-------a005$\r\n", '#'),
        bodiless("a005", "REPORT"),
        format!("MSRP a006 SEND\r\n{PATHS}\r\n-------a006$\r\n").into_bytes(),
        format!("MSRP a007 SEND\r\n{PATHS}no colon\r\n\r\nbody\r\n-------a007$\r\n").into_bytes(),
        format!("MSRP a008 SEND\r\n{PATHS}Bare: \n\r\n\r\nbody\r\n-------a008$\r\n").into_bytes(),
        send("a009", "", b"", '$'),
        send("a010", "Byte-Range: 1-0/0\r\n", b"", '$'),
    ]
    .concat()
}

#[test]
fn two_pieces_cut_anywhere_give_the_same_messages() {
    let input = stream();
    let expected = read([&input[..]]);
    assert_eq!(expected.len(), 11, "{expected:#?}");
    for at in 0..=input.len() {
        let (one, two) = input.split_at(at);
        assert_eq!(read([one, two]), expected, "cut at {at}");
    }
}

#[test]
fn bytes_one_by_one_give_the_same_messages() {
    let input = stream();
    assert_eq!(read(input.chunks(1)), read([&input[..]]));
}

/// A byte at a time, a head of the largest size and a body cost time in proportion to their bytes: a second of patience
/// is a hundred times what they need.
#[test]
fn a_peer_that_drips_costs_no_more_than_its_bytes() {
    let header = format!("X-Long: {}\r\n", "x".repeat(7000));
    let input = send(
        "abcd",
        &(header.clone() + &header + "Byte-Range: 1-200000/200000\r\n"),
        &[b'-'; 200_000],
        '$',
    );
    let mut framer = StreamFramer::new();
    let mut log = Log::default();
    let shared = Bytes::from(input);
    for at in 0..shared.len() {
        framer.push(shared.slice(at..=at));
        log.drain(&mut framer);
        assert!(framer.buffered() <= 16 * 1024);
    }
    assert_eq!(super::bodies(&log.0)[0].len(), 200_000);
}

proptest! {
    #[test]
    fn any_division_gives_the_same_messages(cuts in prop::collection::vec(0usize..2000, 0..20)) {
        let input = stream();
        let mut cuts: Vec<usize> = cuts.into_iter().map(|at| at.min(input.len())).collect();
        cuts.push(input.len());
        cuts.sort_unstable();
        let mut from = 0;
        let pieces = cuts.iter().map(|&at| {
            let piece = &input[from..at];
            from = at;
            piece
        });
        prop_assert_eq!(read(pieces.collect::<Vec<_>>()), read([&input[..]]));
    }

    #[test]
    fn any_body_comes_out_as_it_went_in(
        body in prop::collection::vec(prop_oneof![Just(b'-'), Just(b'\r'), Just(b'\n'), Just(b'a'), Just(b'$'), any::<u8>()], 0..200),
        size in 1usize..50,
        stated in any::<bool>(),
    ) {
        let range = if stated { format!("Byte-Range: 1-{0}/{0}\r\n", body.len()) } else { String::new() };
        let input = [send("aaaa1", &range, &body, '$'), send("aaaa2", "", b"next", '$')].concat();
        let seen = read(input.chunks(size));
        prop_assert_eq!(super::bodies(&seen), [&body[..], b"next"]);
    }

    #[test]
    fn garbage_never_panics(
        pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..50), 0..20),
        head in any::<bool>(),
    ) {
        let start: &[u8] = if head { b"MSRP abcd SEND\r\n" } else { b"" };
        read(std::iter::once(start).chain(pieces.iter().map(|piece| &piece[..])));
    }
}
