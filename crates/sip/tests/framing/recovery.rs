//! What happens after a bad message: the next one is read, or the link is closed.

use super::*;
use missiva_sip::HeaderName;

const LIMITS: Limits = Limits { max_head: 600, max_header: 200, max_headers: 8, max_body: 50 };
const LENGTH: Part = Part::Header(HeaderName::ContentLength);

/// A message, with what is wrong with it.
type Case = (&'static str, String, FaultKind, Part, bool);

fn case(name: &'static str, text: &str, kind: FaultKind, part: Part, readable: bool) -> Case {
    (name, text.to_owned(), kind, part, readable)
}

fn with_length(lines: &str, body: &str) -> String {
    format!("MESSAGE sip:a SIP/2.0\r\n{lines}Content-Length: {}\r\n\r\n{body}", body.len())
}

#[test]
fn a_message_with_a_known_end_is_skipped() {
    let many = "Z: y\r\n".repeat(8);
    let cases = [
        case(
            "no colon",
            &with_length("Subject\r\n", "body"),
            FaultKind::Unexpected,
            Part::HeaderLine,
            true,
        ),
        case(
            "no name",
            &with_length(": x\r\n", "body"),
            FaultKind::Unexpected,
            Part::HeaderLine,
            true,
        ),
        case(
            "a blank in the name",
            &with_length("A b: x\r\n", "b"),
            FaultKind::Unexpected,
            Part::HeaderLine,
            true,
        ),
        case(
            "a fold of nothing",
            &with_length(" x\r\n", "body"),
            FaultKind::Unexpected,
            Part::HeaderLine,
            true,
        ),
        case(
            "no start line",
            "hello\r\nContent-Length: 4\r\n\r\nbody",
            FaultKind::Unexpected,
            Part::StartLine,
            false,
        ),
        case(
            "HTTP",
            "GET / HTTP/1.1\r\nContent-Length: 0\r\n\r\n",
            FaultKind::Unexpected,
            Part::StartLine,
            false,
        ),
        case(
            "a code of two digits",
            "SIP/2.0 99 x\r\nl: 0\r\n\r\n",
            FaultKind::Number,
            Part::StartLine,
            false,
        ),
        case("a large body", &with_length("", &"b".repeat(51)), FaultKind::Limit, Part::Body, true),
        case(
            "a huge body",
            &with_length("", &"\r\n".repeat(50_000)),
            FaultKind::Limit,
            Part::Body,
            true,
        ),
        case(
            "too many headers",
            &format!("MESSAGE sip:a SIP/2.0\r\nl: 4\r\n{many}\r\nbody"),
            FaultKind::Limit,
            Part::Header(HeaderName::Other),
            true,
        ),
        case(
            "a long header",
            &with_length(&format!("Subject: {}\r\n", "x".repeat(200)), "body"),
            FaultKind::Limit,
            Part::Header(HeaderName::Subject),
            true,
        ),
    ];
    let good = request(&["Subject: good"], "good");
    for (name, bad, kind, part, readable) in cases {
        let expected = Some((kind, part, Recover::Skip));
        let bytes = [&good[..], bad.as_bytes(), &good, b"\r\n\r\n", bad.as_bytes(), &good].concat();
        for step in [bytes.len(), 1, 7, 64] {
            let mut framer = StreamFramer::with_limits(Side::Accepting, LIMITS);
            let seen = read(&mut framer, bytes.chunks(step));
            let faults: Vec<_> = seen.iter().map(Seen::fault).collect();
            assert_eq!(faults, [None, expected, None, None, expected, None], "{name} by {step}");
            let bodies = [0, 2, 5].map(|at| seen[at].body());
            assert_eq!(bodies, [Some(&b"good"[..]); 3], "{name} by {step}");
            assert_eq!((&seen[3], framer.buffered()), (&Seen::Ping, 0), "{name} by {step}");
            let Seen::Fault { head, .. } = &seen[1] else { unreachable!() };
            assert_eq!(head.is_some(), readable, "{name}: whether its head came along");
        }
        let alone = datagram(bad.as_bytes(), &LIMITS);
        assert_eq!(alone.fault(), expected, "{name} as a datagram");
    }
}

#[test]
fn a_message_without_a_known_end_closes() {
    let head = |line: &str| format!("MESSAGE sip:a SIP/2.0\r\n{line}\r\n\r\n");
    let number = |value: &str| head(&format!("Content-Length: {value}"));
    let conflict = FaultKind::Conflict;
    let cases = [
        case("bare CR", &with_length("Z: a\rb\r\n", ""), FaultKind::BareCr, Part::Framing, false),
        case(
            "CR before CR LF",
            &with_length("Z: a\r\r\n", ""),
            FaultKind::BareCr,
            Part::Framing,
            false,
        ),
        case("bare LF", &with_length("Z: a\nb\r\n", ""), FaultKind::BareLf, Part::Framing, false),
        case(
            "LF alone",
            "MESSAGE sip:a SIP/2.0\nl: 0\n\n",
            FaultKind::BareLf,
            Part::Framing,
            false,
        ),
        case(
            "LF as end",
            "MESSAGE sip:a SIP/2.0\r\nl: 0\r\n\n",
            FaultKind::BareLf,
            Part::Framing,
            false,
        ),
        case("NUL", &with_length("Z: a\0b\r\n", ""), FaultKind::Nul, Part::Framing, false),
        case(
            "NUL in the start line",
            "MESSAGE sip:\0 SIP/2.0\r\nl: 0\r\n\r\n",
            FaultKind::Nul,
            Part::Framing,
            false,
        ),
        case("no length", &head("Z: y"), FaultKind::Empty, LENGTH, true),
        case("no header", "MESSAGE sip:a SIP/2.0\r\n\r\n", FaultKind::Empty, LENGTH, true),
        case("empty", &number(""), FaultKind::Number, LENGTH, true),
        case("negative", &number("-1"), FaultKind::Number, LENGTH, true),
        case("signed", &number("+1"), FaultKind::Number, LENGTH, true),
        case("two words", &number("1 2"), FaultKind::Number, LENGTH, true),
        case("a list", &number("1,1"), FaultKind::Number, LENGTH, true),
        case("hexadecimal", &number("0x10"), FaultKind::Number, LENGTH, true),
        case("folded digits", &number("1\r\n 2"), FaultKind::Number, LENGTH, true),
        case("2^32", &number("4294967296"), FaultKind::Number, LENGTH, true),
        case("2^64 + 5", &number("18446744073709551621"), FaultKind::Number, LENGTH, true),
        case("thirty digits", &number(&"9".repeat(30)), FaultKind::Number, LENGTH, true),
        case(
            "two lengths",
            &head("Content-Length: 1\r\nContent-Length: 2"),
            conflict,
            LENGTH,
            true,
        ),
        case("the same twice", &head("Content-Length: 0\r\nl: 0"), conflict, LENGTH, true),
        case("the second is none", &head("Content-Length: 0\r\nl: x"), conflict, LENGTH, true),
        case(
            "a fault, then no length",
            &head("no colon"),
            FaultKind::Unexpected,
            Part::HeaderLine,
            true,
        ),
        case(
            "a fault, then a bad length",
            &head("no colon\r\nContent-Length: x"),
            FaultKind::Number,
            LENGTH,
            true,
        ),
        case(
            "a long head",
            &with_length(&"Z: y\r\n".repeat(100), ""),
            FaultKind::Limit,
            Part::Framing,
            false,
        ),
    ];
    let good = request(&["Subject: good"], "good");
    for (name, bad, kind, part, readable) in cases {
        let bytes = [&good[..], bad.as_bytes(), &good].concat();
        for step in [bytes.len(), 1, 7, 64] {
            let mut framer = StreamFramer::with_limits(Side::Accepting, LIMITS);
            let seen = read(&mut framer, bytes.chunks(step));
            assert_eq!(seen[0].body(), Some(&b"good"[..]), "{name} by {step}");
            assert_eq!(seen[1].fault(), Some((kind, part, Recover::Close)), "{name} by {step}");
            assert_eq!(seen.len(), 2, "{name} by {step}: nothing after it");
            let Seen::Fault { head, at, .. } = &seen[1] else { unreachable!() };
            assert_eq!(head.is_some(), readable, "{name}: whether its head came along");
            assert!(*at as usize <= bad.len(), "{name}: offset {at}");
            framer.push(&good);
            assert_eq!(
                (framer.buffered(), framer.next().is_ok_and(|frame| frame.is_none())),
                (0, true),
                "{name}"
            );
        }
    }
}

#[test]
fn a_refused_head_tells_enough_for_an_answer() {
    let text = "INVITE sip:a@example.com SIP/2.0\r\nVia: SIP/2.0/TCP b;branch=z9hG4bK1\r\nCall-ID: 7@b\r\n\
                Content-Length: x\r\n\r\n";
    for error in [frame::datagram(text.into(), &Limits::DEFAULT).unwrap_err(), {
        let mut framer = StreamFramer::new(Side::Accepting);
        framer.push(text.as_bytes());
        framer.next().unwrap_err()
    }] {
        let head = error.message.unwrap();
        assert_eq!(head.method(), Some(missiva_sip::Method::Invite));
        let via = head.get::<missiva_sip::field::Via>().unwrap().unwrap();
        assert_eq!(via.branch(), Some("z9hG4bK1"));
        assert_eq!(head.get::<missiva_sip::field::CallId>().unwrap().unwrap().0, "7@b");
        assert!(head.body().is_empty());
    }
}

#[test]
fn folds_of_a_refused_line_do_not_join_the_line_before_it() {
    for bad in ["no colon", "@: x", &format!("Subject: {}", "x".repeat(200))] {
        let lines = format!("Via: SIP/2.0/TCP b\r\n{bad}\r\n folded\r\nTo: <sip:a>\r\n folded\r\n");
        let text = with_length(&lines, "");
        let error = frame::datagram(text.into_bytes().into(), &LIMITS).unwrap_err();
        let head = error.message.unwrap();
        let values: Vec<_> = head.headers().map(|header| header.bytes()).collect();
        assert_eq!(values, [&b"SIP/2.0/TCP b"[..], b"<sip:a>\r\n folded", b"0"], "{bad}");
    }
}

#[test]
fn a_stream_that_ends_inside_a_message_says_where() {
    let end = |part, at| Err((FaultKind::End, part, at));
    let table = [
        ("", Ok(())),
        ("\r\n", Ok(())),
        ("MESSAGE sip:a", end(Part::Framing, 13)),
        ("MESSAGE sip:a SIP/2.0\r\nl: 4\r\n\r\n", end(Part::Body, 31)),
        ("MESSAGE sip:a SIP/2.0\r\nl: 4\r\n\r\nbod", end(Part::Body, 34)),
        ("MESSAGE sip:a SIP/2.0\r\nl: 4\r\n\r\nbody", Ok(())),
        ("MESSAGE sip:a SIP/2.0\r\nl: 51\r\n\r\nbody", end(Part::Body, 0)),
        ("MESSAGE sip:a SIP/2.0\r\n\r\n", Ok(())),
    ];
    for (text, expected) in table {
        let mut framer = StreamFramer::with_limits(Side::Accepting, LIMITS);
        read(&mut framer, [text.as_bytes()]);
        let got = framer.end().map_err(|error| (error.kind, error.field, error.at));
        assert_eq!(got, expected, "{text}");
    }
}
