//! Where bodies end, and that their bytes are those that were pushed.

use bytes::Bytes;
use missiva_core::FaultKind;
use missiva_msrp::frame::{Event, StreamFramer};
use missiva_msrp::{Flag, Part};

use super::{PATHS, bodies, ends, faults, read, send};

#[test]
fn a_body_of_stated_length_is_a_slice_of_what_was_pushed() {
    let body = vec![b'x'; 64 * 1024];
    let input = Bytes::from(send("abcd", "Byte-Range: 1-65536/65536\r\n", &body, '$'));
    let mut framer = StreamFramer::new();
    framer.push(input.clone());
    let Ok(Some(Event::Head(head))) = framer.next() else { panic!() };
    let Ok(Some(Event::Body(slice))) = framer.next() else { panic!() };
    assert_eq!(slice, body);
    let place = slice.as_ptr() as usize - input.as_ptr() as usize;
    assert_eq!(place, head.bytes().len() + 2);
    assert!(
        matches!(framer.next(), Ok(Some(Event::End(end))) if end.flag == Flag::Last && end.fault.is_none())
    );
    assert!(matches!(framer.next(), Ok(None)));
}

#[test]
fn a_body_that_comes_in_pieces_goes_out_in_slices_of_them() {
    let input = Bytes::from(send("abcd", "", &[b'y'; 5000], '+'));
    let mut framer = StreamFramer::new();
    let mut out = 0;
    for at in (0..input.len()).step_by(700) {
        let piece = input.slice(at..(at + 700).min(input.len()));
        framer.push(piece.clone());
        while let Some(event) = framer.next().unwrap() {
            if let Event::Body(slice) = event {
                let inside = (slice.as_ptr() as usize).wrapping_sub(input.as_ptr() as usize);
                assert!(inside < input.len(), "a copy");
                out += slice.len();
            }
        }
    }
    assert_eq!(out, 5000);
}

#[test]
fn bodies_hold_anything_but_their_own_end_line() {
    let tricky: [&[u8]; 11] = [
        b"",
        b"\r\n",
        b"\r\n-------",
        b"-------abcd",
        b"\r\n-------abcd",
        b"\r\n-------abcd$\r",
        b"\r\n-------abce$\r\n",
        b"\r\n-------abcde$\r\n",
        b"\r\n------abcd$\r\n",
        b"\r\n-------abcd!\r\nMSRP abcd SEND\r\n",
        b"\0\xff\r\n\r\n--------abcd$\r\n",
    ];
    for body in tricky {
        let len = body.len();
        for range in [
            String::new(),
            format!("Byte-Range: 1-{len}/{len}\r\n"),
            "Byte-Range: 1-*/*\r\n".into(),
        ] {
            let mut input = send("abcd", &range, body, '#');
            input.extend(send("efgh", "", b"next", '$'));
            let seen = read([&input[..]]);
            assert_eq!(bodies(&seen), [body, b"next"], "{} {range}", body.escape_ascii());
            assert!(ends(&seen).iter().all(|end| end.fault.is_none() && !end.bare));
        }
    }
}

#[test]
fn requests_without_content_end_behind_their_headers() {
    let input = format!(
        "MSRP abcd SEND\r\n{PATHS}Byte-Range: 1-0/0\r\n-------abcd$\r\nMSRP efgh 200 OK\r\n{PATHS}-------efgh$\r\n"
    );
    let seen = read([input.as_bytes()]);
    assert_eq!(bodies(&seen), [b"", b""]);
    assert!(ends(&seen).iter().all(|end| end.flag == Flag::Last && end.fault.is_none()));
}

#[test]
fn an_end_line_right_behind_the_empty_line_is_one() {
    for range in ["", "Byte-Range: 1-0/0\r\n", "Byte-Range: 1-*/0\r\n"] {
        let input = format!(
            "MSRP abcd SEND\r\n{PATHS}{range}\r\n-------abcd$\r\nMSRP efgh 200 OK\r\n{PATHS}-------efgh$\r\n"
        );
        let seen = read([input.as_bytes()]);
        assert_eq!(bodies(&seen), [b"", b""], "{range}");
        assert!(ends(&seen)[0].bare && !ends(&seen)[1].bare);
    }
}

#[test]
fn a_range_that_is_not_the_length_is_told_and_the_end_line_counts() {
    // The example of RFC 4975 section 4 has 14 bytes and says 16.
    for (range, body) in
        [("1-16/16", &b"Hi, I'm Alice!"[..]), ("1-3/3", b"four"), ("1-0/0", b"x"), ("3-5/9", b"")]
    {
        let mut input = send("abcd", &format!("Byte-Range: {range}\r\n"), body, '$');
        let head_len = input.len() - body.len() - "\r\n-------abcd$\r\n".len();
        input.extend(send("efgh", "", b"next", '$'));
        let seen = read([&input[..]]);
        assert_eq!(bodies(&seen), [body, b"next"], "{range}");
        let fault = ends(&seen)[0].fault.unwrap();
        assert_eq!((fault.kind, fault.field), (FaultKind::Conflict, Part::Body));
        assert_eq!(fault.at as usize, head_len + body.len());
        assert_eq!(ends(&seen)[1].fault, None);
    }
}

#[test]
fn a_range_that_contradicts_itself_says_nothing_of_the_length() {
    for range in ["5-3/10", "0-3/4", "1-9/4", "x", "1-4/4\r\nByte-Range: 1-4/4"] {
        let input = send("abcd", &format!("Byte-Range: {range}\r\n"), b"four", '$');
        let seen = read([&input[..]]);
        assert_eq!((bodies(&seen), ends(&seen)[0].fault), (vec![&b"four"[..]], None), "{range}");
    }
}

#[test]
fn a_range_that_promises_too_much_does_not_hold_a_message_up() {
    let first = send("abcd", "Byte-Range: 1-5000/5000\r\n", b"short", '$');
    let mut framer = StreamFramer::new();
    framer.push(first.into());
    let mut events = 0;
    while framer.next().unwrap().is_some() {
        events += 1;
    }
    assert_eq!((events, framer.buffered()), (3, 0), "head, body and end without a byte more");
}

#[test]
fn an_end_line_with_another_id_is_content_where_it_was_due_and_elsewhere() {
    // Nobody can tell it from a body that holds a message, so the own end-line is waited for.
    let mut input = send("abcd", "Byte-Range: 1-5/5\r\n", b"hello", '$');
    let end = input.len();
    input[end - 7..end - 3].copy_from_slice(b"abce");
    let seen = read([&input[..]]);
    assert_eq!(faults(&seen).len(), 1);
    assert_eq!(faults(&seen)[0].0, FaultKind::End);

    input.extend(b"rest\r\n-------abcd$\r\n");
    let seen = read([&input[..]]);
    assert_eq!(bodies(&seen), [b"hello\r\n-------abce$\r\nrest"]);
    assert!(ends(&seen)[0].fault.is_some());
}
