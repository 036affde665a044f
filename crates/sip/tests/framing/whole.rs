//! Messages that come whole, as datagrams and as WebSocket messages: what stands before them and behind them.

use super::*;

const TEXT: &str = "MESSAGE sip:a SIP/2.0\r\nContent-Length: 4\r\n\r\n";

fn websocket(bytes: &[u8]) -> Seen {
    match frame::websocket(bytes.to_vec().into(), &Limits::DEFAULT) {
        Ok(frame) => Seen::of(frame),
        Err(error) => Seen::refused(&error),
    }
}

fn fault(seen: &Seen) -> Option<(FaultKind, Part, u32)> {
    if let Seen::Fault { kind, field, at, .. } = seen { Some((*kind, *field, *at)) } else { None }
}

#[test]
fn bytes_behind_the_body_are_cut_off_or_refused() {
    let head = TEXT.len() as u32;
    for (body, fine) in [("body", true), ("bodyx", false), ("body\r\n\r\n", false)] {
        let bytes = [TEXT, body].concat();
        let seen = datagram(bytes.as_bytes(), &Limits::DEFAULT);
        assert_eq!(seen.body(), Some(&b"body"[..]), "{body} as a datagram");
        let seen = websocket(bytes.as_bytes());
        let expected = if fine { None } else { Some((FaultKind::Conflict, Part::Body, head + 4)) };
        assert_eq!(fault(&seen), expected, "{body} in a WebSocket message");
    }
}

#[test]
fn without_a_length_the_body_is_the_rest() {
    let bytes = b"MESSAGE sip:a SIP/2.0\r\n\r\nrest";
    for seen in [datagram(bytes, &Limits::DEFAULT), websocket(bytes)] {
        assert_eq!(seen.body(), Some(&b"rest"[..]));
    }
}

#[test]
fn offsets_count_from_the_first_byte_of_the_message() {
    for before in ["", "\r\n", "\r\n\r\n"] {
        let at = |text: &str| {
            let bytes = [before, text].concat();
            let seen = datagram(bytes.as_bytes(), &Limits::DEFAULT);
            assert_eq!(fault(&seen), fault(&websocket(bytes.as_bytes())), "{text}");
            fault(&seen)
        };
        let short = [TEXT, "bod"].concat();
        assert_eq!(at(&short), Some((FaultKind::End, Part::Body, short.len() as u32)));
        assert_eq!(at("MESSAGE sip:a"), Some((FaultKind::End, Part::Framing, 13)));
        assert_eq!(
            at("MESSAGE sip:a SIP/2.0\r\nX\r\n\r\n"),
            Some((FaultKind::Unexpected, Part::HeaderLine, 24))
        );
    }
}

#[test]
fn a_missing_length_is_blamed_on_what_may_have_hidden_it() {
    let limits = Limits { max_head: 1 << 20, max_header: 100, max_headers: 5, max_body: 30 };
    let body = "b".repeat(31);
    let many = format!("MESSAGE sip:a SIP/2.0\r\n{}\r\n{body}", "Z: y\r\n".repeat(6));
    let many = datagram(many.as_bytes(), &limits).fault();
    let limit = (FaultKind::Limit, Part::Header(missiva_sip::HeaderName::Other), Recover::Skip);
    assert_eq!(many, Some(limit));
    let other = datagram(format!("MESSAGE sip:a SIP/2.0\r\nZ\r\n\r\n{body}").as_bytes(), &limits);
    assert_eq!(other.fault(), Some((FaultKind::Unexpected, Part::HeaderLine, Recover::Skip)));
    let seen = stream(b"MESSAGE sip:a SIP/2.0\r\nZ\r\n\r\n", limits);
    assert_eq!(seen[0].fault(), Some((FaultKind::Unexpected, Part::HeaderLine, Recover::Close)));
}

#[test]
fn white_space_around_values_is_no_part_of_them() {
    let text = "MESSAGE sip:a SIP/2.0\r\nA: \tb c\t \r\nB:d \r\nC: \r\nD:\r\nl:4\t\r\n\r\nbody";
    let message = message(text.as_bytes().to_vec());
    let values: Vec<_> = message.headers().map(|header| header.bytes()).collect();
    assert_eq!(values, [&b"b c"[..], b"d", b"", b"", b"4"]);
}
