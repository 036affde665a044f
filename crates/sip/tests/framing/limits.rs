//! Every limit at its edge, one over, and far over; on datagrams and on streams.

use super::*;
use missiva_sip::header::{AuthenticationInfo, Challenge, CpmId, Credentials, Value, Via};
use missiva_sip::uri::{UriHeaders, UriParams};
use missiva_sip::{HeaderName, Params, field};

const SMALL: Limits = Limits { max_head: 400, max_header: 100, max_headers: 5, max_body: 30 };

/// Tries a message both ways. A stream goes on afterwards unless it closes.
fn check(bytes: &[u8], limits: &Limits, expected: Option<(FaultKind, Part, Recover)>, name: &str) {
    let seen = datagram(bytes, limits);
    // A datagram closes nothing.
    let alone = expected.map(|(kind, part, _)| (kind, part, Recover::Skip));
    assert_eq!(seen.fault(), alone, "{name} as a datagram");

    let next = request(&[], "next");
    let mut framer = StreamFramer::with_limits(Side::Accepting, *limits);
    let seen = read(&mut framer, [bytes, &next]);
    assert_eq!(seen[0].fault(), expected, "{name} in a stream");
    if expected.is_some_and(|(_, _, recover)| recover == Recover::Close) {
        assert_eq!((seen.len(), framer.buffered()), (1, 0), "{name}: nothing after it");
    } else {
        assert_eq!(seen[1].body(), Some(&b"next"[..]), "{name}: the next message");
        assert_eq!(seen.len(), 2);
    }
}

/// A message whose head has exactly `len` bytes, in lines of 40 to 80 bytes.
fn head_of(len: usize) -> Vec<u8> {
    let bare = request(&[], "").len();
    let mut fill = len - bare;
    let mut lines = Vec::new();
    while fill > 0 {
        let line = if fill > 80 { 40 } else { fill };
        lines.push(format!("Z:{}", "y".repeat(line - 4)));
        fill -= line;
    }
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let bytes = request(&lines, "");
    assert_eq!(bytes.len(), len);
    bytes
}

#[test]
fn heads() {
    let limits = Limits { max_headers: 10_000, ..SMALL };
    let over = Some((FaultKind::Limit, Part::Framing, Recover::Close));
    for (len, expected) in
        [(399, None), (400, None), (401, over), (402, over), (500, over), (40_000, over)]
    {
        check(&head_of(len), &limits, expected, &format!("a head of {len} bytes"));
    }
    for limits in [Limits::DEFAULT, Limits::strict()] {
        let limits = Limits { max_headers: 10_000, ..limits };
        let at = limits.max_head;
        check(&head_of(at), &limits, None, "a head at its limit");
        check(&head_of(at + 1), &limits, over, "a head one over its limit");
    }
}

#[test]
fn heads_without_end() {
    for line in [
        "MESSAGE sip:a SIP/2.0\r\n",
        "MESSAGE sip:a SIP/2.0\r\nX: ",
        "x",
        "MESSAGE sip:a SIP/2.0\r\nX: y\r\n ",
    ] {
        let mut framer = StreamFramer::with_limits(Side::Accepting, SMALL);
        framer.push(line.as_bytes());
        for at in line.len() + 1..=SMALL.max_head {
            assert!(framer.next().is_ok_and(|frame| frame.is_none()), "{line:?} at {at}");
            framer.push(b"y");
        }
        assert_eq!(framer.buffered(), SMALL.max_head);
        assert!(framer.next().is_ok_and(|frame| frame.is_none()));
        framer.push(b"y");
        let error = framer.next().unwrap_err();
        assert_eq!((error.error.kind, error.recover), (FaultKind::Limit, Recover::Close));
        framer.push(b"more");
        assert_eq!(
            (framer.buffered(), framer.next().is_ok_and(|frame| frame.is_none())),
            (0, true)
        );
    }
}

#[test]
fn header_fields() {
    let limits = Limits { max_head: 1 << 20, ..SMALL };
    let over = Some((FaultKind::Limit, Part::Header(HeaderName::Subject), Recover::Skip));
    for (len, expected) in [(99, None), (100, None), (101, over), (102, over), (50_000, over)] {
        let line = format!("Subject: {}", "y".repeat(len - 9));
        check(&request(&[&line], "body"), &limits, expected, &format!("a line of {len} bytes"));
        // All folded lines count together, with the line ends between them.
        for width in [1, 7, 60] {
            let fold = format!("\r\n {}", "y".repeat(width));
            let mut folded = "Subject: y".to_owned();
            while folded.len() + fold.len() <= len {
                folded.push_str(&fold);
            }
            folded.push_str(&"z".repeat(len - folded.len()));
            check(
                &request(&[&folded], "body"),
                &limits,
                expected,
                &format!("{len} bytes folded at {width}"),
            );
        }
        let blank = format!("Subject: y\r\n{}", " ".repeat(len - 12));
        check(
            &request(&[&blank], "body"),
            &limits,
            expected,
            &format!("{len} bytes, mostly blank"),
        );
    }
}

#[test]
fn start_lines() {
    let over = Some((FaultKind::Limit, Part::StartLine, Recover::Skip));
    for (len, expected) in [(99, None), (100, None), (101, over), (200, over)] {
        let uri = "a".repeat(len - "MESSAGE sip: SIP/2.0".len());
        let text = format!("MESSAGE sip:{uri} SIP/2.0\r\nContent-Length: 4\r\n\r\nbody");
        check(text.as_bytes(), &SMALL, expected, &format!("a start line of {len} bytes"));
    }
}

#[test]
fn header_counts() {
    let limits = Limits { max_head: 1 << 20, ..SMALL };
    // Content-Length is one of them, and it is the one too many.
    let over = Some((FaultKind::Limit, Part::Header(HeaderName::Other), Recover::Skip));
    for (count, expected) in [(4, None), (5, None), (6, over), (7, over), (5_000, over)] {
        let mut lines = vec!["Content-Length: 4"];
        lines.resize(count, "Z: y");
        let text = format!("MESSAGE sip:a SIP/2.0\r\n{}\r\n\r\nbody", lines.join("\r\n"));
        check(text.as_bytes(), &limits, expected, &format!("{count} headers"));
    }
    // Folds are no headers of their own.
    check(&request(&["Z: a\r\n b\r\n c\r\n d\r\n e\r\n f", "Y: z"], ""), &limits, None, "folds");
}

#[test]
fn a_length_behind_the_last_header_that_counts_is_no_length() {
    let limits = Limits { max_head: 1 << 20, ..SMALL };
    let bytes = request(&["Z: y"; 5], "body");
    let seen = stream(&bytes, limits);
    let Seen::Fault { recover, head, .. } = &seen[0] else { panic!("{seen:?}") };
    assert_eq!((*recover, seen.len()), (Recover::Close, 1));
    assert!(head.is_some());
}

/// Where a second statement of the length is over a limit, somebody with other limits reads it.
#[test]
fn a_second_length_that_is_over_a_limit_closes_the_stream() {
    let limits = Limits { max_head: 900, max_header: 200, max_headers: 8, max_body: 50 };
    let long = " ".repeat(300);
    for second in [
        format!("{}Content-Length: 50\r\n", "Z: y\r\n".repeat(8)),
        format!("Content-Length:{long}50\r\n"),
        format!("{long}\r\n 7\r\n"),
        format!("L\t:{long}50\r\n"),
    ] {
        let text = format!("MESSAGE sip:a SIP/2.0\r\nContent-Length: 5\r\n{second}\r\nhello");
        let length = Part::Header(HeaderName::ContentLength);
        let mut framer = StreamFramer::with_limits(Side::Accepting, limits);
        framer.push(text.as_bytes());
        let error = framer.next().unwrap_err();
        assert_eq!((error.error.field, error.recover), (length, Recover::Close), "{second}");
        assert!(matches!(framer.next(), Ok(None)), "{second}");
    }
}

#[test]
fn bodies() {
    let over = Some((FaultKind::Limit, Part::Body, Recover::Skip));
    for (len, expected) in
        [(0, None), (29, None), (30, None), (31, over), (32, over), (100_000, over)]
    {
        check(&request(&[], &"b".repeat(len)), &SMALL, expected, &format!("a body of {len} bytes"));
    }
    // Without a length, a datagram's body is the rest of it.
    for (len, expected) in [(30, None), (31, over), (60_000, over)] {
        let bytes = format!("MESSAGE sip:a SIP/2.0\r\n\r\n{}", "b".repeat(len));
        assert_eq!(datagram(bytes.as_bytes(), &SMALL).fault(), expected, "{len}");
    }
}

#[test]
fn a_body_that_is_too_large_is_announced_and_not_kept() {
    let mut framer = StreamFramer::with_limits(Side::Accepting, SMALL);
    framer.push(b"MESSAGE sip:a SIP/2.0\r\nContent-Length: 4294967295\r\n\r\n");
    let error = framer.next().unwrap_err();
    assert_eq!((error.error.kind, error.recover), (FaultKind::Limit, Recover::Skip));
    let piece = vec![b'b'; 1 << 16];
    for _ in 0..100 {
        framer.push(&piece);
        assert!(framer.next().is_ok_and(|frame| frame.is_none()));
        assert_eq!(framer.buffered(), 0);
    }
}

/// `count` parameters.
fn params(count: usize) -> String {
    (0..count).map(|at| format!(";p{at}=v")).collect()
}

#[test]
fn parameters() {
    for (count, fine) in [(127, true), (128, true), (129, false), (5_000, false)] {
        let text = params(count);
        let kind = |fault: missiva_core::Fault| fault.kind;
        let expected = if fine { Ok(count) } else { Err(FaultKind::Limit) };
        assert_eq!(
            Params::parse(&text).map(|params| params.iter().count()).map_err(kind),
            expected,
            "{count}"
        );
        assert_eq!(
            UriParams::parse(&text).map(|params| params.iter().count()).map_err(kind),
            expected,
            "{count}"
        );
        let via = format!("SIP/2.0/UDP a{text}");
        assert_eq!(
            Via::parse(&via).map(|via| via.params.iter().count()).map_err(kind),
            expected,
            "{count}"
        );
        let headers = text.replacen(';', "?", 1).replace(';', "&");
        let headers = UriHeaders::parse(&headers).map(|headers| headers.iter().count());
        assert_eq!(headers.map_err(kind), expected, "{count} headers of a URI");
    }
}

#[test]
fn parameters_of_challenges_and_credentials() {
    for (count, fine) in [(127, true), (128, true), (129, false), (5_000, false)] {
        let more = |known: &str| {
            let known_count = known.matches('=').count();
            let rest: String = (known_count..count).map(|at| format!(", p{at}=v")).collect();
            format!("{known}{rest}")
        };
        let kind = |result: Result<(), missiva_core::Fault>| result.map_err(|fault| fault.kind);
        let expected = if fine { Ok(()) } else { Err(FaultKind::Limit) };
        let challenge = format!("Digest {}", more("realm=\"r\", nonce=\"n\""));
        assert_eq!(
            kind(Challenge::parse(&challenge).map(drop)),
            expected,
            "{count} in a challenge"
        );
        let credentials =
            more("username=\"u\", realm=\"r\", nonce=\"n\", uri=\"sip:a\", response=\"0\"");
        let credentials = format!("Digest {credentials}");
        assert_eq!(
            kind(Credentials::parse(&credentials).map(drop)),
            expected,
            "{count} in credentials"
        );
        let info = more("nextnonce=\"n\"");
        assert_eq!(
            kind(AuthenticationInfo::parse(&info).map(drop)),
            expected,
            "{count} in an info"
        );
    }
}

#[test]
fn identifiers_of_cpm() {
    for (len, fine) in [(1, true), (255, true), (256, true), (257, false), (30_000, false)] {
        let id = "a".repeat(len);
        let expected = if fine { Ok(CpmId(&id)) } else { Err(FaultKind::Limit) };
        assert_eq!(CpmId::parse(&id).map_err(|fault| fault.kind), expected, "{len}");
    }
    assert_eq!(CpmId::MAX_LEN, 256);
}

#[test]
fn lists_are_as_long_as_their_line() {
    // The line is the limit, so elements need none of their own; reading them all stays linear in the line.
    let values = vec!["SIP/2.0/UDP a"; 10_000].join(",");
    let line = format!("Via: {values}");
    let bytes = request(&[&line], "");
    let limits = [Limits::strict(), Limits::DEFAULT];
    for limits in limits {
        assert!(
            datagram(&bytes, &limits).fault().is_some_and(|(kind, ..)| kind == FaultKind::Limit)
        );
    }
    let long = message(bytes);
    assert_eq!(long.all::<field::Via>().filter(Result::is_ok).count(), 10_000);
}
