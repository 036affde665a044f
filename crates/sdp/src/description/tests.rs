//! Descriptions as they come, well-formed and not.

use missiva_core::FaultKind;

use super::*;
use crate::{FieldName, Limits, Tolerance, field};

const OFFER: &str = "v=0\r\no=alice 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\na=sendonly\r\n\
    m=audio 49170 RTP/AVP 0 97\r\na=rtpmap:97 AMR/8000\r\na=X-odd: kept \r\n\
    m=message 7654 TCP/MSRP *\r\nc=IN IP6 2001:db8::1\r\na=accept-types:*\r\na=path:msrp://h:7654/s;tcp\r\na=recvonly\r\n";

fn parse(text: &str) -> Result<Description, ParseError> {
    Description::parse(text.to_owned().into())
}

#[test]
fn values_are_read_from_their_section() {
    let offer = parse(OFFER).unwrap();
    assert_eq!(offer.session().get::<field::Origin>().unwrap().unwrap().username, "alice");
    assert_eq!(offer.media_count(), 2);
    let [audio, message] = [0, 1].map(|at| offer.media_at(at).unwrap());
    assert_eq!((audio.kind(), audio.port(), audio.protocol_name()), ("audio", 49170, "RTP/AVP"));
    assert_eq!(audio.formats().iter().collect::<Vec<_>>(), ["0", "97"]);
    assert_eq!(audio.get::<field::Rtpmap>().unwrap().unwrap().encoding, "AMR");
    assert_eq!(audio.named("x-ODD").collect::<Vec<_>>(), [" kept "]);
    assert!(audio.get::<field::Path>().unwrap().is_none());
    assert_eq!((audio.direction(), audio.effective_direction().sends()), (None, true));
    assert!(!audio.effective_direction().receives() && message.effective_direction().receives());
    assert_eq!(audio.connection().unwrap().unwrap().to_text_for_test(), "IN IP4 192.0.2.1");
    assert_eq!(message.connection().unwrap().unwrap().to_text_for_test(), "IN IP6 2001:db8::1");
    assert_eq!(message.formats().as_str(), "*");
    assert!(offer.media_at(2).is_none());
    assert!(offer.tolerated().is_strict());
    assert_eq!(offer.lines().len(), 14);
    assert_eq!(offer.lines().map(|line| line.letter()).collect::<String>(), "vosctamaamcaaa");
}

trait ToText {
    fn to_text_for_test(&self) -> String;
}

impl<'a, V: crate::Value<'a>> ToText for V {
    fn to_text_for_test(&self) -> String {
        self.to_text()
    }
}

#[test]
fn what_is_let_through_is_told() {
    let table = [
        (OFFER.replace("\r\n", "\n"), Tolerance::BareLf, FaultKind::BareLf, 1, 3),
        (
            OFFER.trim_end().to_owned(),
            Tolerance::NoFinalLineEnd,
            FaultKind::End,
            14,
            OFFER.len() - 2,
        ),
        (format!("{OFFER}\r\n"), Tolerance::EmptyLines, FaultKind::Empty, 15, OFFER.len()),
        (OFFER.replace("s=-\r\n", ""), Tolerance::NoSessionName, FaultKind::Empty, 3, 35),
        (OFFER.replace("t=0 0\r\n", ""), Tolerance::NoTime, FaultKind::Empty, 5, 60),
        (OFFER.replace("c=IN IP4", "c= IN IP4"), Tolerance::Blanks, FaultKind::Unexpected, 4, 42),
        (
            OFFER.replace("c=IN IP4 192.0.2.1", "c=IN IP4 192.0.2.1 "),
            Tolerance::Blanks,
            FaultKind::Unexpected,
            4,
            58,
        ),
        (OFFER.replace("AVP 0 97", "AVP 0  97"), Tolerance::Blanks, FaultKind::Unexpected, 7, 102),
        (OFFER.replace("AVP 0 97", "AVP\t0 97"), Tolerance::Blanks, FaultKind::Unexpected, 7, 100),
        (
            OFFER.replace("t=0 0", "y=x\r\nt=0 0"),
            Tolerance::UnknownLine,
            FaultKind::Unsupported,
            5,
            60,
        ),
        (
            OFFER.replace("7654 TCP/MSRP *", "0 TCP/MSRP"),
            Tolerance::NoFormat,
            FaultKind::End,
            10,
            165,
        ),
    ];
    for (text, tolerance, kind, line, at) in table {
        let lenient = parse(&text).unwrap_or_else(|error| panic!("{tolerance:?}: {error}"));
        assert_eq!(lenient.tolerated(), Leniency::STRICT.with(tolerance));
        assert_eq!(&**lenient.text(), text);
        lenient.visit(&mut Nobody).unwrap_or_else(|error| panic!("{tolerance:?}: {error}"));
        let rules = Rules {
            leniency: Leniency::LAB.without(Tolerance::Order).without(tolerance),
            limits: Limits::DEFAULT,
        };
        let error = Description::parse_with(text.clone().into(), &rules).unwrap_err();
        assert_eq!((error.kind, error.line, error.at as usize), (kind, line, at), "{tolerance:?}");
    }
}

/// Is shown everything and remembers nothing.
struct Nobody;

impl Visit for Nobody {
    fn value<'a, F: crate::Field>(&mut self, _: F::Value<'a>) {}
}

#[test]
fn what_cannot_be_read_is_refused_where_it_stands() {
    let table: [(&str, FaultKind, Part, u32, usize); 23] = [
        (
            "v=0\r\no=x\r\ns=x\r\nt=0 0\r\nm=audio 1 RTP/AVP\r\n",
            FaultKind::End,
            Part::Field(FieldName::Media),
            5,
            39,
        ),
        ("", FaultKind::Empty, Part::Field(FieldName::Version), 1, 0),
        ("v", FaultKind::End, Part::Line, 1, 1),
        ("v=1\r\n", FaultKind::Empty, Part::Field(FieldName::Origin), 2, 5),
        ("v=0\ro=", FaultKind::BareCr, Part::Framing, 1, 3),
        ("v=0\r\no=x\r", FaultKind::BareCr, Part::Framing, 2, 8),
        ("v=0\0\r\n", FaultKind::Nul, Part::Framing, 1, 3),
        ("v=0\r\n=x\r\n", FaultKind::Unexpected, Part::Line, 2, 5),
        ("v=0\r\no x\r\n", FaultKind::Unexpected, Part::Line, 2, 6),
        ("v=0\r\n o=x\r\n", FaultKind::Unexpected, Part::Line, 2, 5),
        ("v =0\r\n", FaultKind::Unexpected, Part::Line, 1, 1),
        ("v=0\r\n1=x\r\n", FaultKind::Unexpected, Part::Line, 2, 5),
        ("v=0\r\no=x\r\no=x\r\n", FaultKind::Conflict, Part::Field(FieldName::Origin), 3, 10),
        ("v=0\r\ns=x\r\n", FaultKind::Empty, Part::Field(FieldName::Origin), 2, 5),
        ("o=x\r\n", FaultKind::Empty, Part::Field(FieldName::Version), 1, 0),
        ("v=0\r\no=x\r\ns=x\r\nt=0 0\r\na=\r\n", FaultKind::Unexpected, Part::Line, 5, 24),
        ("v=0\r\no=x\r\ns=x\r\nt=0 0\r\na=:x\r\n", FaultKind::Unexpected, Part::Line, 5, 24),
        ("v=0\r\no=x\r\ns=x\r\nt=0 0\r\na=a b\r\n", FaultKind::Unexpected, Part::Line, 5, 24),
        (
            "v=0\r\no=x\r\ns=x\r\nt=0 0\r\na=x\r\nc=x\r\n",
            FaultKind::Unexpected,
            Part::Field(FieldName::Connection),
            6,
            27,
        ),
        (
            "v=0\r\no=x\r\ns=x\r\nt=0 0\r\nm=audio x\r\n",
            FaultKind::Number,
            Part::Field(FieldName::Media),
            5,
            30,
        ),
        (
            "v=0\r\no=x\r\ns=x\r\nt=0 0\r\nm=\r\n",
            FaultKind::End,
            Part::Field(FieldName::Media),
            5,
            24,
        ),
        (
            "v=2\r\no=x\r\ns=x\r\nt=0 0\r\n",
            FaultKind::Unsupported,
            Part::Field(FieldName::Version),
            1,
            2,
        ),
        ("v=\r\no=x\r\ns=x\r\nt=0 0\r\n", FaultKind::Number, Part::Field(FieldName::Version), 1, 2),
    ];
    for (text, kind, field, line, at) in table {
        let error = parse(text).expect_err(text);
        assert_eq!(
            (error.kind, error.field, error.line, error.at as usize),
            (kind, field, line, at),
            "{text:?}"
        );
    }
    let error = Description::parse(b"v=0\r\ns=\xff\r\n"[..].into()).unwrap_err();
    assert_eq!(
        (error.kind, error.field, error.line, error.at),
        (FaultKind::Utf8, Part::Framing, 2, 7)
    );
}

/// Lines of every length, so that each line end falls on each place of a block.
#[test]
fn lines_are_found_wherever_they_lie() {
    for len in 0..200 {
        for end in ["\r\n", "\n"] {
            let text = format!(
                "v=0{end}o=x{end}s={}{end}t=0 0{end}a=x:{}:b{end}a=mid:1{end}",
                "s".repeat(len),
                "é".repeat(len)
            );
            let description = parse(&text).unwrap();
            let values: Vec<_> = description.lines().map(|line| line.value().len()).collect();
            assert_eq!(values, [1, 1, len, 3, 2 * len + 2, 1]);
            let cut = format!("{}\r", text.trim_end_matches(['\r', '\n']));
            assert_eq!(parse(&cut).unwrap_err().kind, FaultKind::BareCr, "{len}");
        }
    }
}

#[test]
fn limits_hold_at_the_edge_and_fail_one_over() {
    let head = "v=0\r\no=x\r\ns=x\r\nt=0 0\r\n";
    let limits = Limits { max_size: 1000, max_line: 100, max_lines: 20, max_media: 8 };
    let rules = Rules { leniency: Leniency::STRICT, limits };
    let attribute = |len: usize| format!("{head}a=x:{}\r\n", "y".repeat(len - 4));
    let lines = |count: usize| head.to_owned() + &"a=x\r\n".repeat(count - 4);
    let media = |count: usize| head.to_owned() + &"m=a 0 b c\r\n".repeat(count);
    let size = |len: usize| head.to_owned() + &"a=x:1\r\n".repeat((len - head.len()) / 7);
    let wide = Rules { limits: Limits { max_lines: 1000, ..limits }, ..rules };
    let head_len = head.len();
    for (text, rules, fault) in [
        (attribute(100), rules, None),
        (attribute(101), rules, Some(head_len)),
        (attribute(900), rules, Some(head_len)),
        (lines(20), rules, None),
        (lines(21), rules, Some(head_len + 16 * 5)),
        (lines(100), rules, Some(head_len + 16 * 5)),
        (media(8), rules, None),
        (media(9), rules, Some(head_len + 8 * 11)),
        (media(50), wide, Some(head_len + 8 * 11)),
        (size(996), wide, None),
        (size(1003), wide, Some(1000)),
        (size(100_000), wide, Some(1000)),
    ] {
        let got = Description::parse_with(text.clone().into(), &rules);
        let got = got.map_err(|error| (error.kind, error.at as usize)).err();
        assert_eq!(got, fault.map(|at| (FaultKind::Limit, at)), "{}", text.len());
    }
    assert_eq!(size(1003).len(), 1002);
}
