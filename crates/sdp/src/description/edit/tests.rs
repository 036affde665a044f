//! What an edit touches, and what it leaves.

use missiva_core::FaultKind;

use super::*;
use crate::attribute::{Direction, Rtpmap, Setup, Token};
use crate::line::{Bandwidth, BandwidthKind, Connection, Formats, MediaLine, Text};
use crate::{FieldName, field};
use crate::{Leniency, Part, Rules};

const TEXT: &str = "v=0\r\no=A 1 1  IN IP6 2001:DB8::1\r\ns=-\r\nt=0 0\nx=odd\r\na=group:LS 1\r\n\
    m=audio 4000  RTP/AVP 0 97\na=rtpmap:0 PCMU/8000\r\na=rtpmap:97 AMR/8000\r\na=X-odd:  kept \r\na=recvonly\r\n\
    m=message 9 TCP/MSRP *\r\na=setup:actpass";

fn description() -> Description {
    Description::parse(TEXT.into()).unwrap()
}

#[track_caller]
fn check(change: impl FnOnce(&mut Edit<'_>) -> Result<(), ParseError>, expected: &[(&str, &str)]) {
    let description = description();
    let mut edit = Edit::new(&description);
    change(&mut edit).unwrap();
    let expected = expected.iter().fold(TEXT.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from:?}");
        text.replacen(from, to, 1)
    });
    assert_eq!(&**edit.finish().unwrap().text(), expected);
}

#[test]
fn untouched_lines_leave_as_they_came() {
    check(|_| Ok(()), &[]);
}

#[test]
fn the_version_changes_and_the_rest_of_the_origin_does_not() {
    check(|edit| edit.set_version(2), &[("o=A 1 1  IN", "o=A 1 2  IN")]);
    let description = Description::parse_with(
        "s=-\r\nt=0 0\r\n".into(),
        &Rules { leniency: Leniency::LAB, ..Rules::default() },
    )
    .unwrap();
    let error = Edit::new(&description).set_version(2).unwrap_err();
    assert_eq!((error.kind, error.field), (FaultKind::Empty, Part::Field(FieldName::Origin)));
}

#[test]
fn a_direction_takes_the_place_of_another() {
    check(
        |edit| edit.set_direction(Scope::Media(0), Direction::Inactive),
        &[("a=recvonly", "a=inactive")],
    );
    check(
        |edit| edit.set_direction(Scope::Media(1), Direction::SendOnly),
        &[("a=setup:actpass", "a=setup:actpass\r\na=sendonly\r\n")],
    );
    check(
        |edit| edit.set_direction(Scope::Session, Direction::SendRecv),
        &[("a=group:LS 1\r\n", "a=group:LS 1\r\na=sendrecv\r\n")],
    );
}

#[test]
fn a_medium_changes_its_port_and_its_formats() {
    check(
        |edit| edit.set_port(0, 0),
        &[("m=audio 4000  RTP/AVP 0 97\n", "m=audio 0 RTP/AVP 0 97\r\n")],
    );
    check(
        |edit| {
            edit.change_media(0, |line| line.formats = Formats::parse("97").unwrap())?;
            let gone =
                edit.retain(Scope::Media(0), FieldName::Rtpmap, |value| value.starts_with("97"))?;
            assert_eq!(gone, 1);
            Ok(())
        },
        &[
            ("m=audio 4000  RTP/AVP 0 97\n", "m=audio 4000 RTP/AVP 97\r\n"),
            ("a=rtpmap:0 PCMU/8000\r\n", ""),
        ],
    );
}

#[test]
fn lines_are_put_where_they_belong() {
    let connection = Connection::unicast([192, 0, 2, 9].into());
    let bandwidth = Bandwidth { kind: BandwidthKind::As, value: 64 };
    check(
        |edit| {
            edit.set::<field::Connection>(Scope::Media(0), &connection)?;
            edit.add::<field::Bandwidth>(Scope::Media(0), &bandwidth)?;
            edit.set::<field::Connection>(Scope::Session, &connection)
        },
        &[
            ("RTP/AVP 0 97\n", "RTP/AVP 0 97\nc=IN IP4 192.0.2.9\r\nb=AS:64\r\n"),
            ("s=-\r\n", "s=-\r\nc=IN IP4 192.0.2.9\r\n"),
        ],
    );
    let map = Rtpmap { payload: 98, encoding: "X", clock_rate: 1, params: None };
    check(
        |edit| edit.add::<field::Rtpmap>(Scope::Media(0), &map),
        &[("a=recvonly\r\n", "a=recvonly\r\na=rtpmap:98 X/1\r\n")],
    );
    check(
        |edit| edit.set::<field::Rtpmap>(Scope::Media(0), &map),
        &[("a=rtpmap:0 PCMU/8000\r\na=rtpmap:97 AMR/8000\r\n", "a=rtpmap:98 X/1\r\n")],
    );
    check(
        |edit| edit.set::<field::SessionName>(Scope::Session, &Text("call")),
        &[("s=-", "s=call")],
    );
}

#[test]
fn attributes_are_added_and_removed_by_name() {
    check(
        |edit| {
            edit.add_attribute(Scope::Media(0), "X-new", Some("1"))?;
            edit.add_attribute(Scope::Media(1), "msrp-cema", None)?;
            assert_eq!(edit.remove_named(Scope::Media(0), "x-ODD")?, 1);
            assert_eq!(edit.remove_named(Scope::Media(1), "SETUP")?, 1);
            assert_eq!(edit.remove(Scope::Session, FieldName::Group)?, 1);
            assert_eq!(edit.remove(Scope::Session, FieldName::Group)?, 0);
            assert_eq!(edit.remove(Scope::Media(0), FieldName::Media)?, 0);
            Ok(())
        },
        &[
            ("a=group:LS 1\r\n", ""),
            ("a=X-odd:  kept \r\n", ""),
            ("a=recvonly\r\n", "a=recvonly\r\na=X-new:1\r\n"),
            ("a=setup:actpass", "a=msrp-cema\r\n"),
        ],
    );
}

#[test]
fn media_are_added_behind_all_others() {
    let line = MediaLine {
        media: "video",
        port: 5000,
        port_count: None,
        protocol: "RTP/AVP",
        formats: Formats::parse("31").unwrap(),
    };
    check(
        |edit| {
            let scope = edit.add_media(&line)?;
            assert_eq!(scope, Scope::Media(2));
            edit.set::<field::Mid>(scope, &Token("v"))
        },
        &[("a=setup:actpass", "a=setup:actpass\r\nm=video 5000 RTP/AVP 31\r\na=mid:v\r\n")],
    );
}

#[test]
fn lines_are_copied_as_they_stand() {
    let other = description();
    let line = other.media_at(0).unwrap().lines().nth(3).unwrap();
    assert_eq!((line.as_str(), line.attribute()), ("a=X-odd:  kept ", Some("X-odd")));
    check(
        |edit| edit.copy(Scope::Media(1), &line),
        &[("a=setup:actpass", "a=setup:actpass\r\na=X-odd:  kept \r\n")],
    );
}

#[test]
fn empty_lines_at_the_end_do_not_come_between() {
    let text = "v=0\r\no=- 1 1 IN IP4 a.example\r\ns=-\r\nt=0 0\r\n\r\n\r\n";
    let description = Description::parse(text.into()).unwrap();
    let mut edit = Edit::new(&description);
    assert_eq!(&**edit.finish().unwrap().text(), text);
    edit.add_attribute(Scope::Session, "x", None).unwrap();
    let expected = text.replace("\r\n\r\n\r\n", "\r\na=x\r\n");
    assert_eq!(&**edit.finish().unwrap().text(), expected);
}

#[test]
fn what_is_no_value_does_not_go_in() {
    let description = description();
    let mut edit = Edit::new(&description);
    let scope = Scope::Media(0);
    let table = [
        edit.set::<field::Mid>(scope, &Token("a\r\nb")),
        edit.set::<field::SessionName>(Scope::Session, &Text("a\nb")),
        edit.add_attribute(scope, "x", Some("a\r\nb")),
        edit.add_attribute(scope, "x y", None),
        edit.add_attribute(scope, "setup", Some("maybe")),
        edit.add::<field::Setup>(Scope::Media(2), &Setup::Active),
        edit.set_port(7, 0),
        edit.set_version(u64::MAX),
        edit.change_media(0, |line| line.media = ""),
        edit.remove(Scope::Media(2), FieldName::Mid).map(drop),
    ];
    for (at, result) in table.into_iter().enumerate() {
        assert_eq!(result.unwrap_err().line, 0, "{at}");
    }
    assert_eq!(&**edit.finish().unwrap().text(), TEXT);
    edit.remove(Scope::Session, FieldName::Origin).unwrap();
    assert_eq!(edit.finish().unwrap_err().kind, FaultKind::Empty);
}
