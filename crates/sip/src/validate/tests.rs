//! Of two defects of a request, which one is answered.

use super::*;
use crate::Limits;
use crate::frame::{Frame, datagram};

/// A request in pieces, each of which a defect can spoil without touching the others.
struct Draft {
    method: &'static str,
    counted: &'static str,
    scheme: &'static str,
    rest: String,
    version: &'static str,
    to: &'static str,
    hops: &'static str,
    require: &'static str,
    route: &'static str,
    refer_to: &'static str,
    content_type: &'static str,
    subject: &'static str,
    body: String,
}

impl Default for Draft {
    fn default() -> Self {
        Self {
            method: "REFER",
            counted: "REFER",
            scheme: "sip:",
            rest: "b@example.com".to_owned(),
            version: "SIP/2.0",
            to: "To: <sip:b@example.com>\r\n",
            hops: "70",
            require: "known",
            route: "<sip:p;lr>",
            refer_to: "<sip:c@example.com>",
            content_type: "Content-Type: text/plain\r\n",
            subject: "s",
            body: "body".to_owned(),
        }
    }
}

impl Draft {
    fn build(&self) -> Message {
        let Self { method, counted, scheme, rest, version, to, .. } = self;
        let Self { hops, require, route, refer_to, content_type, subject, body, .. } = self;
        let text = format!(
            "{method} {scheme}{rest} {version}\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1\r\n{to}\
             From: <sip:a@example.com>;tag=1\r\nCall-ID: c\r\nCSeq: 1 {counted}\r\nMax-Forwards: {hops}\r\n\
             Proxy-Require: {require}\r\nRoute: {route}\r\nContact: <sip:a@example.com>\r\n\
             Refer-To: {refer_to}\r\nContent-Disposition: {subject}\r\n{content_type}\r\n{body}"
        );
        match datagram(text.into(), &Limits::DEFAULT) {
            Ok(Frame::Message(message)) => message,
            other => panic!("{other:?}"),
        }
    }
}

type Spoil = fn(&mut Draft);

/// Each step that can refuse a request, in the order of RFC 3261 section 16.3 (and 8.2 where that is silent): a
/// defect for it, the status code, the field.
const STEPS: [(&str, Spoil, u16, Part); 17] = {
    use crate::HeaderName as Name;
    [
        ("a foreign version", |draft| draft.version = "SIP/3.0", 505, Part::StartLine),
        ("a long URI", |draft| draft.rest.push_str(&"x".repeat(200)), 414, Part::RequestUri),
        ("a large body", |draft| draft.body.push_str(&"x".repeat(200)), 513, Part::Body),
        ("a malformed URI", |draft| draft.rest.insert_str(0, "%4@"), 400, Part::RequestUri),
        ("no To", |draft| draft.to = "", 400, Part::Header(Name::To)),
        ("malformed hops", |draft| draft.hops = "x", 400, Part::Header(Name::MaxForwards)),
        (
            "malformed extensions",
            |draft| draft.require = "new, @",
            400,
            Part::Header(Name::ProxyRequire),
        ),
        ("a malformed route", |draft| draft.route = "<sip:p", 400, Part::Header(Name::Route)),
        ("an unknown method", |draft| draft.method = "FETCH", 501, Part::StartLine),
        ("another method counted", |draft| draft.counted = "BYE", 400, Part::Header(Name::CSeq)),
        ("an unknown scheme", |draft| draft.scheme = "soap.beep:", 416, Part::RequestUri),
        ("no hop left", |draft| draft.hops = "0", 483, Part::Header(Name::MaxForwards)),
        (
            "an unknown extension",
            |draft| draft.require = "known, new",
            420,
            Part::Header(Name::ProxyRequire),
        ),
        (
            "a body of no type",
            |draft| draft.content_type = "",
            400,
            Part::Header(Name::ContentType),
        ),
        ("nowhere to refer to", |draft| draft.refer_to = "@", 400, Part::Header(Name::ReferTo)),
        (
            "any other field",
            |draft| draft.subject = "@",
            400,
            Part::Header(Name::ContentDisposition),
        ),
        ("nothing", |_| {}, 200, Part::Framing),
    ]
};

fn rules() -> Rules<'static> {
    Rules {
        extensions: &["known"],
        proxy: true,
        max_uri: 100,
        max_body: 100,
        methods: &[Method::Refer, Method::Bye],
        strict: true,
        ..Rules::default()
    }
}

#[test]
fn of_two_defects_the_one_that_is_looked_for_first_is_answered() {
    for (at, (first, spoil_first, code, field)) in STEPS.iter().enumerate() {
        for (second, spoil_second, ..) in STEPS.iter().skip(at) {
            // Defects of one field exclude each other: the one that spoils it last would hide the other.
            let mut draft = Draft::default();
            spoil_second(&mut draft);
            spoil_first(&mut draft);
            let refusal = request(&draft.build(), &rules()).err();
            let got =
                refusal.map_or((200, Part::Framing), |refusal| (refusal.code, refusal.error.field));
            assert_eq!(got, (*code, *field), "{first} before {second}");
        }
    }
}

#[test]
fn a_server_does_not_read_what_only_a_proxy_needs() {
    let mut draft = Draft { require: "@", route: "<sip:p", hops: "0", ..Draft::default() };
    let rules = Rules { proxy: false, strict: false, ..rules() };
    assert_eq!(request(&draft.build(), &rules), Ok(()));
    draft.hops = "x";
    assert_eq!(request(&draft.build(), &rules).map_err(|refusal| refusal.code), Err(400));
}

#[test]
fn no_extension_keeps_a_request_from_being_acknowledged_or_cancelled() {
    for method in ["ACK", "CANCEL"] {
        for require in ["new", "@"] {
            let draft = Draft { method, counted: method, require, ..Draft::default() };
            let rules = Rules { methods: &[], strict: false, ..rules() };
            assert_eq!(request(&draft.build(), &rules), Ok(()), "{method} {require}");
        }
    }
}

#[test]
fn a_name_stands_once_among_the_parameters_of_any_value() {
    let twice = [
        "Accept: a/b, a/c;x;x",
        "Accept-Contact: *;a;a",
        "Accept-Encoding: gzip;x;x",
        "Accept-Language: en;x;x",
        "Alert-Info: <http://a>;x;x",
        "Answer-Mode: Auto;x;x",
        "Contact: <sip:a;x;%78>",
        "Content-Disposition: session;x;x",
        "Content-Type: a/b;x=1;x=2",
        "Event: a;x;x",
        "Feature-Caps: *;+a;+a",
        "History-Info: <sip:a>;index=1;x;x",
        "Info-Package: a;x;x",
        "Join: a;from-tag=1;to-tag=2;x;x",
        "P-Access-Network-Info: IEEE-802.11;x;x",
        "P-Asserted-Identity: <sip:a;x;x>",
        "P-Served-User: <sip:a>;x;x",
        "P-Visited-Network-ID: a;x;x",
        "Reason: SIP;x;x",
        "Record-Route: <sip:a>, <sip:b;lr;lr>",
        "Refer-Sub: true;x;x",
        "Refer-To: <sip:a>;x;x",
        "Referred-By: <sip:a>;x;x",
        "Retry-After: 5;x;x",
        "Route: <sip:a>;x;x",
        "Security-Client: tls;x;x",
        "Session-Expires: 90;x;x",
        "Session-ID: 0123456789abcdef0123456789abcdef;x;x",
        "Subscription-State: active;x;x",
        "Target-Dialog: a;local-tag=1;remote-tag=2;x;x",
        "To: <tel:+1;x;x>",
        "Via: SIP/2.0/UDP a;x;x",
    ];
    for line in twice {
        let text = format!("OPTIONS sip:a SIP/2.0\r\n{line}\r\n\r\n");
        let Ok(Frame::Message(message)) = datagram(text.into(), &Limits::DEFAULT) else {
            panic!("{line}")
        };
        let header = message.headers().next().unwrap();
        let found = faults(&message);
        assert_eq!(found, super::line(&header), "{line}");
        let start = line.rfind(';').unwrap() + 1;
        let at = u32::try_from("OPTIONS sip:a SIP/2.0\r\n".len() + start).unwrap();
        let field = Part::Header(header.name());
        assert_eq!(found, [ParseError { kind: FaultKind::Conflict, field, at }], "{line}");
    }
}

#[test]
fn one_tag_names_one_dialog_whatever_else_stands_twice() {
    for params in [";tag=1;tag=2", ";x;x;tag=1;TAG=2", ";tag", ";tag=1;tag"] {
        let to = format!("To: <sip:b@example.com>{params}\r\n");
        let draft = Draft { to: to.leak(), ..Draft::default() };
        let refusal = request(&draft.build(), &Rules { strict: false, ..rules() }).unwrap_err();
        let field = Part::Header(crate::HeaderName::To);
        assert_eq!((refusal.code, refusal.error.field), (400, field), "{params}");
    }
    let to = "To: <sip:b@example.com>;x;x;tag=1\r\n";
    let draft = Draft { to, ..Draft::default() };
    assert_eq!(request(&draft.build(), &Rules { strict: false, ..rules() }), Ok(()));
}

/// RFC 3325 sections 9.1 and 9.2.
#[test]
fn an_identity_is_asserted_once_as_each_kind_of_uri() {
    let table = [
        ("<sip:a@b>, <tel:+1>", None),
        ("<tel:+1>\r\nP-Asserted-Identity: <sips:a@b>", None),
        ("<http://x>", Some(FaultKind::Value)),
        ("<sip:a@b>, <sips:c@d>", Some(FaultKind::Conflict)),
        ("<tel:+1>\r\nP-Asserted-Identity: <tel:+2>", Some(FaultKind::Conflict)),
    ];
    for (value, expected) in table {
        let text = format!("OPTIONS sip:a SIP/2.0\r\nP-Asserted-Identity: {value}\r\n\r\n");
        let Ok(Frame::Message(message)) = datagram(text.into(), &Limits::DEFAULT) else {
            panic!("a message: {value}")
        };
        let faults: Vec<_> = faults(&message).into_iter().map(|fault| fault.kind).collect();
        assert_eq!(faults, Vec::from_iter(expected), "{value}");
    }
}
