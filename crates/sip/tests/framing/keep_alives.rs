//! Line ends between messages (RFC 3261 section 7.5, RFC 5626 sections 3.5.1 and 4.4.1).

use super::*;

fn seen(side: Side, bytes: &[u8]) -> (Vec<Seen>, usize) {
    let mut framer = StreamFramer::new(side);
    let seen = read(&mut framer, [bytes]);
    (seen, framer.buffered())
}

#[test]
fn the_accepting_end_answers_pairs_and_skips_single_line_ends() {
    let ping = Seen::Ping;
    for (bytes, expected, left) in [
        (&b"\r\n\r\n"[..], vec![ping.clone()], 0),
        (b"\r\n\r\n\r\n\r\n", vec![ping.clone(), ping.clone()], 0),
        (b"\r\n", vec![], 2),
        (b"\r\n\r", vec![], 3),
        (b"\r", vec![], 1),
        (b"\r\n\r\n\r\n", vec![ping], 2),
        (b"", vec![], 0),
    ] {
        assert_eq!(seen(Side::Accepting, bytes), (expected, left), "{bytes:?}");
    }
}

#[test]
fn the_connecting_end_takes_each_line_end_for_an_answer() {
    for (bytes, pongs, left) in
        [(&b"\r\n"[..], 1, 0), (b"\r\n\r\n", 2, 0), (b"\r", 0, 1), (b"\r\n\r", 1, 1)]
    {
        assert_eq!(seen(Side::Connecting, bytes), (vec![Seen::Pong; pongs], left), "{bytes:?}");
    }
}

#[test]
fn line_ends_stand_before_between_and_behind_messages() {
    let (one, two) = (request(&["Subject: 1"], "one"), request(&["Subject: 2"], ""));
    let bytes = [b"\r\n", &one[..], b"\r\n\r\n", &two, b"\r\n", &one, b"\r\n\r\n"].concat();
    let (frames, left) = seen(Side::Accepting, &bytes);
    let bodies: Vec<_> = frames.iter().map(Seen::body).collect();
    assert_eq!(bodies, [Some(&b"one"[..]), None, Some(b""), Some(b"one"), None]);
    assert_eq!((&frames[1], &frames[4], left), (&Seen::Ping, &Seen::Ping, 0));

    let (frames, left) = seen(Side::Connecting, &bytes);
    let pongs = frames.iter().filter(|frame| **frame == Seen::Pong).count();
    assert_eq!((frames.len(), pongs, left), (9, 6, 0));
}

#[test]
fn a_datagram_of_line_ends_is_a_keep_alive() {
    let limits = Limits::DEFAULT;
    for (bytes, expected) in
        [(&b"\r\n"[..], Seen::Pong), (b"\r\n\r\n", Seen::Ping), (b"\r\n\r\n\r\n", Seen::Ping)]
    {
        assert_eq!(datagram(bytes, &limits), expected, "{bytes:?}");
    }
    for bytes in [&b""[..], b"\r", b"\r\n\r", b"\n"] {
        assert!(datagram(bytes, &limits).fault().is_some(), "{bytes:?}");
    }
}

#[test]
fn messages_in_one_piece_come_out_one_by_one() {
    let bytes: Vec<u8> = (0..50).flat_map(|at| request(&["Subject: x"], &at.to_string())).collect();
    let mut framer = StreamFramer::new(Side::Accepting);
    let frames = read(&mut framer, [&bytes[..]]);
    let bodies: Vec<String> = frames
        .iter()
        .map(|frame| String::from_utf8(frame.body().unwrap().to_vec()).unwrap())
        .collect();
    let expected: Vec<String> = (0..50).map(|at| at.to_string()).collect();
    assert_eq!((bodies, framer.buffered()), (expected, 0));
}

#[test]
fn a_body_may_look_like_anything() {
    let inner = request(&["Subject: \0 \r \n"], "x");
    let body = format!("\r\n\r\n{}\0\r\n", String::from_utf8(inner).unwrap());
    let whole = request(&[], &body);
    let frames = stream(&[&whole[..], &whole].concat(), Limits::DEFAULT);
    assert_eq!(frames.iter().map(Seen::body).collect::<Vec<_>>(), [Some(body.as_bytes()); 2]);
}
