//! WebSocket messages: one message each, by the rules of the stream.

use bytes::Bytes;
use missiva_core::FaultKind;
use missiva_msrp::frame::{Recover, websocket};
use missiva_msrp::{Flag, Limits, Part};

use super::{PATHS, send};

#[test]
fn one_websocket_message_is_one_message() {
    for range in ["", "Byte-Range: 1-5/5\r\n", "Byte-Range: 1-*/5\r\n", "Byte-Range: 1-7/7\r\n"] {
        let bytes = Bytes::from(send("abcd", range, b"hello", '+'));
        let whole = websocket(bytes.clone(), &Limits::DEFAULT).unwrap();
        assert_eq!((&whole.body[..], whole.end.flag), (&b"hello"[..], Flag::More));
        assert_eq!(whole.end.fault.is_some(), range.contains('7'));
        assert!((whole.body.as_ptr() as usize).wrapping_sub(bytes.as_ptr() as usize) < bytes.len());
    }
    let response = format!("MSRP abcd 200 OK\r\n{PATHS}-------abcd$\r\n");
    assert!(websocket(response.into(), &Limits::DEFAULT).unwrap().body.is_empty());
    let bare = format!("MSRP abcd SEND\r\n{PATHS}\r\n-------abcd$\r\n");
    assert!(websocket(bare.into(), &Limits::DEFAULT).unwrap().end.bare);
}

#[test]
fn the_end_of_the_websocket_message_is_the_end_of_the_body() {
    let body = b"-------abcd$\r\nMSRP abcd SEND\r\n\r\n-------abcd+\r\n";
    let whole = websocket(send("abcd", "", body, '$').into(), &Limits::DEFAULT).unwrap();
    assert_eq!((&whole.body[..], whole.end.flag, whole.end.bare), (&body[..], Flag::Last, false));
}

#[test]
fn two_messages_and_halves_are_refused() {
    let one = send("abcd", "Byte-Range: 1-5/5\r\n", b"hello", '$');
    let two = [one.clone(), send("efgh", "", b"", '$')].concat();
    let table = [
        (two, FaultKind::End, Part::EndLine),
        ([&one[..], b"\r\n"].concat(), FaultKind::End, Part::EndLine),
        (
            format!("MSRP abcd SEND\r\n{PATHS}-------abcd$\r\n\r\n").into(),
            FaultKind::Conflict,
            Part::EndLine,
        ),
        (one[..one.len() - 1].to_vec(), FaultKind::End, Part::EndLine),
        (one[..40].to_vec(), FaultKind::End, Part::Framing),
        (Vec::new(), FaultKind::End, Part::Framing),
        (b"hello".to_vec(), FaultKind::Value, Part::StartLine),
        (
            format!("MSRP abcd SEND\r\n{PATHS}x\r\n-------abcd$\r\n").into(),
            FaultKind::Unexpected,
            Part::HeaderLine,
        ),
    ];
    for (input, kind, part) in table {
        let error = websocket(input.clone().into(), &Limits::DEFAULT).unwrap_err();
        assert_eq!((error.error.kind, error.error.field), (kind, part), "{}", input.escape_ascii());
        assert_eq!(error.recover, Recover::Skip);
    }
    let small = Limits { max_body: 4, ..Limits::DEFAULT };
    assert_eq!(websocket(one.into(), &small).unwrap_err().error.kind, FaultKind::Limit);
}
