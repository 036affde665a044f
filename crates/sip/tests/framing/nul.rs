//! A NUL stands behind a backslash in a quoted string or a comment, and nowhere else.

use missiva_core::FaultKind;
use missiva_sip::frame::{self, Recover, Side, StreamFramer};
use missiva_sip::{Limits, Part};

use super::{Seen, read};

/// Header lines with a NUL each, and whether RFC 3261 section 25.1 has a place for it.
const LINES: [(&str, bool); 30] = [
    ("To: \"a\\\0b\" <sip:a>", true),
    ("t : \"\\\0\" <sip:a>", true),
    ("Contact: <sip:a>;x=\"\\\\\\\0\", \"\\\"\\\0\" <sip:b>", true),
    ("To: \"folded\r\n again\\\0\" <sip:a>", true),
    ("To: \"a\\\\\r\n \\\0\" <sip:a>", true),
    (
        "To: \"long ................................................................ \\\0\" <sip:a>",
        true,
    ),
    ("X-Unknown: x=\"\\\0\"", true),
    ("Server: a (b (c\\\0) \\\0)", true),
    ("User-Agent: (\\)\\\0)", true),
    ("Retry-After: 5 (\"\\\0);x=\"(\\\0\"", true),
    ("X-Unknown: \\\0", false),
    ("X-Unknown: \"a\" \\\0", false),
    ("X-Unknown: (\\\0)", false),
    ("X-Unknown: \"a\"\r\n \\\0", false),
    // The backslash is escaped itself.
    ("To: \"a\\\\\0\" <sip:a>", false),
    ("To: \"a\\\\\r\n\\\0\" <sip:a>", false),
    ("To: \"a\0\" <sip:a>", false),
    // Only a folded line goes on with the string.
    ("To: \"a\r\nX: \\\0", false),
    ("To\\\0: a", false),
    ("\"\\\0\": a", false),
    ("\"\\\0\"", false),
    (" \"\\\0\"", true),
    ("Call-ID: \"\\\0\"", false),
    ("i: (\\\0)", false),
    ("In-Reply-To: \"\\\0\"", false),
    ("Subject: \"\\\0\"", false),
    ("Organization: (\\\0)", false),
    ("Server: \"\\\0\"", false),
    ("Server: (a) \\\0", false),
    ("Server: (a (b) c)) \\\0", false),
];

#[test]
fn a_quoted_pair_alone_may_hold_a_nul() {
    for (line, fine) in LINES {
        for before in ["", "Subject: \"(\r\n", "X: \"\\\0\r\n"] {
            let text =
                format!("MESSAGE sip:a SIP/2.0\r\n{before}To: <sip:a>\r\n{line}\r\nl: 0\r\n\r\n");
            check(&text, fine);
        }
    }
}

#[test]
fn a_start_line_has_no_quoted_pairs() {
    for start in [
        "MESSAGE sip:\"\\\0\" SIP/2.0",
        "\"\\\0\" sip:a SIP/2.0",
        "MESSAGE sip:a \\\0",
        "SIP/2.0 200 \"\\\0\"",
        "SIP/2.0 200 (\\\0)",
        "SIP/2.0 200 To: \"\\\0\"",
    ] {
        check(&format!("{start}\r\nl: 0\r\n\r\n"), false);
    }
}

#[test]
fn a_body_may_hold_any_nul() {
    for body in ["\0", "\\\0", "\r\n\r\n\0", "a\0\\\0"] {
        let text = format!("MESSAGE sip:a SIP/2.0\r\nl: {}\r\n\r\n{body}", body.len());
        check(&text, true);
    }
}

/// However the bytes come: at once, or by so many, which moves the NUL to every place of a block.
fn check(text: &str, fine: bool) {
    let shown = text.escape_debug();
    let at = u32::try_from(text.rfind('\0').unwrap()).unwrap();
    match frame::datagram(text.to_owned().into(), &Limits::DEFAULT) {
        Ok(_) => assert!(fine, "{shown}"),
        // A field that begins with white space is refused for that.
        Err(error) if fine => assert_eq!(error.error.field, Part::HeaderLine, "{shown}"),
        Err(error) => {
            assert_eq!((error.error.kind, error.error.at), (FaultKind::Nul, at), "{shown}")
        }
    }
    for step in (1..text.len()).step_by(7) {
        let mut framer = StreamFramer::new(Side::Accepting);
        let seen = read(&mut framer, text.as_bytes().chunks(step));
        let nul = Some((FaultKind::Nul, Part::Framing, Recover::Close));
        assert_eq!(seen.first().and_then(Seen::fault) == nul, !fine, "{shown} by {step}");
    }
}
