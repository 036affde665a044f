//! The valid messages of RFC 4475 section 3.1.1, and what its text says that their fields hold.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a message that cannot be read fails its test where it is read"
)]

use std::env;
use std::fs;
use std::path::Path;

use missiva_sip::frame::{self, Frame};
use missiva_sip::header::{Address, Contact};
use missiva_sip::message::StartLine;
use missiva_sip::uri::SipUri;
use missiva_sip::uri::escape::unescape;
use missiva_sip::{HeaderName, Limits, Message, Method, Uri, field};

/// Section 3.1.1.1: folds, white space and cases of every kind.
#[test]
fn wsinv_a_short_tortuous_invite() {
    let message = read("wsinv");
    assert_eq!(message.method(), Some(Method::Invite));
    let uri = request_uri(&message);
    assert_eq!((uri.user(), uri.host().to_string().as_str()), (Some("vivekg"), CHAIR));
    assert!(uri.params().has("unknownparam"));
    assert_eq!(uri.params().value("unknownparam"), None);

    let to = message.only::<field::To>().unwrap();
    assert_eq!((to.tag(), sip(&to).user()), (Some("1918181833n"), Some("vivekg")));
    let from = message.only::<field::From>().unwrap();
    assert_eq!(from.display_name().as_deref(), Some(r#"J Rosenberg \""#));
    assert_eq!((from.tag(), sip(&from).user()), (Some("98asjd8"), Some("jdrosen")));

    // Leading zeros.
    assert_eq!(message.only::<field::MaxForwards>().unwrap().0, 68);
    let cseq = message.only::<field::CSeq>().unwrap();
    assert_eq!((cseq.number, cseq.method), (9, Method::Invite));
    assert_eq!(message.only::<field::CallId>().unwrap().0, "wsinv.ndaksdj@192.0.2.1");
    assert_eq!(message.only::<field::ContentLength>().unwrap().0, 150);
    assert_eq!(message.body_len(), 150);
    assert_eq!(message.only::<field::Subject>().unwrap().0, "");

    // Long and short names, one line and two values, all in order.
    assert_eq!(
        vias(&message),
        [
            ("UDP", "192.0.2.2".to_owned(), Some("390skdjuw")),
            ("TCP", "spindle.example.com".to_owned(), Some("z9hG4bK9ikj8")),
            ("UDP", "192.168.255.111".to_owned(), Some("z9hG4bK30239")),
        ]
    );

    let route = message.only::<field::Route>().unwrap().0;
    assert!(sip(&route).is_loose_router());
    assert_eq!(sip(&route).params().value("unknownwith"), Some("value"));
    assert!(sip(&route).params().has("unknown-no-value"));

    let Ok(Contact::Address(contact)) = message.only::<field::Contact>() else {
        panic!("an address")
    };
    assert_eq!(contact.display_name().as_deref(), Some(r#"Quoted string """#));
    assert_eq!(contact.params.value("newparam"), Some("newvalue"));
    assert!(contact.params.has("secondparam"));
    assert_eq!(contact.params.value("q"), Some("0.33"));

    // Unknown fields, one of them with a value that would be no list of parameters.
    let unknown: Vec<_> = unknown(&message).collect();
    assert_eq!(
        unknown,
        [
            ("NewFangledHeader", "newfangled value\r\n continued newfangled value"),
            ("UnknownHeaderWithUnusualValue", ";;,,;;,;"),
        ]
    );
}

const CHAIR: &str = "chair-dnrc.example.com";

/// Section 3.1.1.2: every character that a token, a word, a user and a quoted string may have.
#[test]
fn intmeth_wide_range_of_valid_characters() {
    let message = read("intmeth");
    let method = "!interesting-Method0123456789_*+`.%indeed'~";
    assert_eq!(message.method(), Some(Method::Other(method)));
    assert_eq!(message.only::<field::CSeq>().unwrap().method, Method::Other(method));
    let uri = request_uri(&message);
    assert_eq!(uri.user(), Some("1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*"));
    assert_eq!(uri.password(), Some("&it+has=1,weird!*pas$wo~d_too.(doesn't-it)"));
    assert_eq!(vias(&message)[0].2, Some("z9hG4bK-.!%66*_+`'~"));

    // Quoted pairs, a NUL among them.
    let to = message.only::<field::To>().unwrap();
    assert_eq!(to.display_name().as_deref(), Some("BEL:\u{7} NUL:\0 DEL:\u{7f}"));
    assert_eq!(sip(&to).user(), uri.user());
    // Several tokens in place of a quoted string.
    let from = message.only::<field::From>().unwrap();
    assert_eq!(from.display_name().as_deref(), Some("token1~` token2'+_ token3*%!.-"));
    assert_eq!(from.params.text("fromParam''~+*_!.-%").as_deref(), Some("работающий"));
    assert_eq!(from.tag(), Some("_token~1'+`*%!-."));
    // A percent sign escapes nothing in a word, and a quote opens nothing.
    let call_id = message.only::<field::CallId>().unwrap();
    assert_eq!(call_id.0, r#"intmeth.word%ZK-!.*_+'@word`~)(><:\/"][?}{"#);
    assert_eq!(message.only::<field::MaxForwards>().unwrap().0, 255);
    let unknown: Vec<_> = unknown(&message).collect();
    assert_eq!(unknown, [("extensionHeader-!.%*+_`'~", "\u{feff}大停電")]);
}

/// Section 3.1.1.3: escapes are resolved once, and part nothing.
#[test]
fn esc01_valid_use_of_the_percent_escape() {
    let message = read("esc01");
    let uri = request_uri(&message);
    assert_eq!(uri.user(), Some("sips%3Auser%40example.com"));
    assert_eq!(plain(uri.user()), "sips:user@example.com");
    assert_eq!(uri.host().to_string(), "example.net");
    assert_eq!(plain(sip(&message.only::<field::To>().unwrap()).user()), "user");
    let from = message.only::<field::From>().unwrap();
    assert_eq!((plain(sip(&from).user()).as_str(), from.tag()), ("I have spaces", Some("938")));

    let contacts = contacts(&message);
    let contact = sip(&contacts[0]);
    assert_eq!(plain(contact.user()), "caller");
    let params: Vec<_> = contact.params().iter().collect();
    let params = params.iter().map(|param| (plain(Some(param.name)), param.value.map(Some)));
    let params: Vec<_> = params.map(|(name, value)| (name, value.map(plain))).collect();
    let expected = [("lr".to_owned(), None), ("name".to_owned(), Some("value%41".to_owned()))];
    assert_eq!(params, expected);

    let plain = Uri::parse("sip:user@example.com").unwrap();
    assert!(message.only::<field::To>().unwrap().uri.matches(&plain));
}

/// Section 3.1.1.4: an escaped NUL ends nothing.
#[test]
fn escnull_escaped_nulls_in_uris() {
    let message = read("escnull");
    let to = message.only::<field::To>().unwrap();
    assert_eq!(plain(sip(&to).user()), "null-\0-null");
    let from = message.only::<field::From>().unwrap();
    assert_eq!((from.tag(), from.uri.matches(&to.uri)), (Some("839923423"), true));
    let contacts = contacts(&message);
    let users: Vec<_> = contacts.iter().map(|contact| plain(sip(contact).user())).collect();
    assert_eq!(users, ["\0", "\0\0"]);
    assert!(!contacts[0].uri.matches(&contacts[1].uri));
}

/// Section 3.1.1.5: a percent sign outside URIs is a character like any other.
#[test]
fn esc02_use_of_percent_when_it_is_not_an_escape() {
    let message = read("esc02");
    assert_eq!(message.method(), Some(Method::Other("RE%47IST%45R")));
    assert_eq!(message.only::<field::CSeq>().unwrap().method, Method::Other("RE%47IST%45R"));
    for address in [message.only::<field::To>(), message.only::<field::From>()] {
        assert_eq!(address.unwrap().display_name().as_deref(), Some("%Z%45"));
    }
    assert_eq!(vias(&message)[0].2, Some("z9hG4bK209%fzsnel234"));
    let contacts = contacts(&message);
    let users: Vec<_> = contacts.iter().filter_map(|contact| sip(contact).user()).collect();
    assert_eq!(users, ["alias1", "alias3"]);
    let unknown: Vec<_> = unknown(&message).collect();
    assert_eq!(unknown, [("C%6Fntact", "<sip:alias2@host2.example.com>")]);
}

/// Section 3.1.1.6.
#[test]
fn lwsdisp_no_white_space_between_display_name_and_bracket() {
    let from = read("lwsdisp");
    let from = from.only::<field::From>().unwrap();
    assert_eq!(from.display_name().as_deref(), Some("caller"));
    assert_eq!((sip(&from).user(), from.tag()), (Some("caller"), Some("323")));
}

/// Section 3.1.1.7: long values, and many of them.
#[test]
fn longreq_long_values_in_header_fields() {
    let message = read("longreq");
    let vias = vias(&message);
    assert_eq!(vias.len(), 34);
    let numbered = (1..=33).rev().map(|number| format!("sip{number}.example.com"));
    let hosts: Vec<_> = numbered.chain(["host.example.com".to_owned()]).collect();
    assert!(vias.iter().map(|(_, host, _)| host).eq(&hosts));
    let last = message.all::<field::Via>().last().unwrap().unwrap();
    assert_eq!(last.received(), Some("192.0.2.5"));
    assert!(last.branch().unwrap().starts_with("verylonglong"));

    let to = message.only::<field::To>().unwrap();
    let display = format!("I have a user name of {} proportion", "extreme".repeat(10));
    assert_eq!(to.display_name().as_deref(), Some(display.as_str()));
    assert_eq!((sip(&to).user(), sip(&to).port()), (Some("user"), Some(6000)));
    assert_eq!(sip(&to).params().iter().count(), 3);
    assert_eq!(sip(&to).params().value("longparamname"), None);
    let from = message.only::<field::From>().unwrap();
    let tag = format!("12{}424", "982".repeat(50));
    assert_eq!((from.params.iter().count(), from.tag()), (3, Some(tag.as_str())));
    assert_eq!(from.params.iter().last().unwrap().value, None);
    let call_id = message.only::<field::CallId>().unwrap().0;
    assert!(call_id.starts_with("longreq.onereally") && call_id.ends_with("reallylongcallid"));
    assert_eq!(message.only::<field::ContentLength>().unwrap().0, 150);
    assert_eq!(message.headers().len(), 43);
}

/// Section 3.1.1.8: what follows the message in its datagram is no part of it.
#[test]
fn dblreq_extra_trailing_octets_in_a_datagram() {
    let message = read("dblreq");
    assert_eq!(message.method(), Some(Method::Register));
    assert_eq!((message.headers().len(), message.body_len()), (8, 0));
    assert_eq!(vias(&message).len(), 1);
}

/// Section 3.1.1.9: the semicolon belongs to the user part.
#[test]
fn semiuri_semicolon_separated_parameters_in_the_user_part() {
    let message = read("semiuri");
    let uri = request_uri(&message);
    assert_eq!(plain(uri.user()), "user;par=u@example.net");
    assert_eq!(uri.host().to_string(), "example.com");
    assert!(uri.params().is_empty());
    let (user, params) = uri.user_parts().unwrap();
    assert_eq!((user, params.value("par")), ("user", Some("u%40example.net")));
    let accepted = message.all::<field::Accept>().map(|range| range.unwrap().0);
    let accepted: Vec<_> = accepted.map(|media| [media.kind, media.subtype].join("/")).collect();
    assert_eq!(
        accepted,
        [
            "application/sdp",
            "application/pkcs7-mime",
            "multipart/mixed",
            "multipart/signed",
            "message/sip",
            "message/sipfrag",
        ]
    );
}

/// Section 3.1.1.10.
#[test]
fn transports_varied_and_unknown_transport_types() {
    let message = read("transports");
    let transports: Vec<_> = vias(&message).iter().map(|(transport, ..)| *transport).collect();
    assert_eq!(transports, ["UDP", "SCTP", "TLS", "UNKNOWN", "TCP"]);
}

/// Section 3.1.1.11: the body is bytes, NUL included.
#[test]
fn mpart01_multipart_mime_message() {
    let message = read("mpart01");
    assert_eq!(message.method(), Some(Method::Message));
    let media = message.only::<field::ContentType>().unwrap();
    assert!(media.is("multipart", "mixed"));
    assert_eq!(media.params.value("boundary"), Some("7a9cbec02ceef655"));
    let body = message.body();
    assert_eq!(body.len(), 553);
    assert!(body.starts_with(b"--7a9cbec02ceef655\r\n") && body.contains(&0));
    assert!(body.trim_ascii_end().ends_with(b"--7a9cbec02ceef655--"));
}

/// Section 3.1.1.12.
#[test]
fn unreason_unusual_reason_phrase() {
    let message = read("unreason");
    let StartLine::Response { code, reason, version } = message.start_line() else {
        panic!("a response")
    };
    assert_eq!((code, version), (200, "SIP/2.0"));
    assert_eq!(reason, "= 2**3 * 5**2 но сто девяносто девять - простое");
}

/// Section 3.1.1.13.
#[test]
fn noreason_empty_reason_phrase() {
    let message = read("noreason");
    let expected = StartLine::Response { code: 100, reason: "", version: "SIP/2.0" };
    assert_eq!(message.start_line(), expected);
}

/// A message by its name in the RFC. The folder is asked at run time: builds of two clones may share their output.
fn read(name: &str) -> Message {
    let here =
        env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    let path = Path::new(&here).join(format!("fixtures/sip/rfc4475/{name}.dat"));
    match frame::datagram(fs::read(path).unwrap().into(), &Limits::DEFAULT) {
        Ok(Frame::Message(message)) => message,
        other => panic!("{name}: {other:?}"),
    }
}

fn request_uri(message: &Message) -> SipUri<'_> {
    match message.request_uri() {
        Some(Ok(Uri::Sip(uri))) => uri,
        other => panic!("{other:?}"),
    }
}

fn sip<'a>(address: &Address<'a>) -> SipUri<'a> {
    *address.uri.as_sip().unwrap()
}

/// Transport, host and branch of every Via.
fn vias(message: &Message) -> Vec<(&str, String, Option<&str>)> {
    let vias = message.all::<field::Via>().map(Result::unwrap);
    vias.map(|via| (via.transport, via.host.to_string(), via.branch())).collect()
}

fn contacts(message: &Message) -> Vec<Address<'_>> {
    let contacts = message.all::<field::Contact>();
    contacts.map(|contact| *contact.unwrap().address().unwrap()).collect()
}

/// Name and value of every field that the crate does not know.
fn unknown(message: &Message) -> impl Iterator<Item = (&str, &str)> {
    let lines = message.headers().filter(|line| line.name() == HeaderName::Other);
    lines.map(|line| (line.spelling(), line.text().unwrap()))
}

/// Text without its escapes.
fn plain(text: Option<&str>) -> String {
    unescape(text.unwrap()).unwrap().into_owned()
}
