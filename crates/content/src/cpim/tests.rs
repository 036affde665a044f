//! Messages in the shapes that are seen, and what is wrong with others.

use bytes::Bytes;
use missiva_core::{FaultKind, Payload};
use proptest::prelude::*;

use super::*;
use crate::imdn::Dispositions;
use crate::mime;

fn parse(text: &str) -> Result<Cpim, ParseError> {
    Cpim::parse(Bytes::from(text.to_owned()), &Limits::DEFAULT)
}

/// RFC 3862 section 5, the headers of the message itself left out.
const RFC_EXAMPLE: &str = "From: MR SANDERS <im:piglet@100akerwood.com>\r\n\
    To: Depressed Donkey <im:eeyore@100akerwood.com>\r\n\
    DateTime: 2000-12-13T13:40:00-08:00\r\n\
    Subject: the weather will be fine today\r\n\
    Subject:;lang=fr beau temps prevu pour aujourd'hui\r\n\
    NS: MyFeatures <mid:MessageFeatures@id.foo.com>\r\n\
    Require: MyFeatures.VitalMessageOption\r\n\
    MyFeatures.VitalMessageOption: Confirmation-requested\r\n\
    MyFeatures.WackyMessageOption: Use-silly-font\r\n\r\n\
    Content-type: text/xml; charset=utf-8\r\nContent-ID: <1234567890@foo.com>\r\n\r\n\
    <body>\r\nHere is the text of my message.\r\n</body>\r\n";

#[test]
fn the_example_of_the_document_says_what_it_says() {
    let outer = format!("Content-type: Message/CPIM\r\n\r\n{RFC_EXAMPLE}");
    for text in [RFC_EXAMPLE, &outer] {
        let message = parse(text).unwrap();
        let from = message.from().unwrap().unwrap();
        assert_eq!(
            (from.name().as_deref(), from.uri()),
            (Some("MR SANDERS"), "im:piglet@100akerwood.com")
        );
        let to: Vec<_> = message.to().map(|to| to.unwrap().uri()).collect();
        assert_eq!(to, ["im:eeyore@100akerwood.com"]);
        assert_eq!(message.date_time().unwrap().unwrap().to_string(), "2000-12-13T13:40:00-08:00");
        for (wanted, subject) in [
            ("", "the weather will be fine today"),
            ("de", "the weather will be fine today"),
            ("FR", "beau temps prevu pour aujourd'hui"),
        ] {
            assert_eq!(message.subject(wanted).unwrap().as_deref(), Some(subject));
        }
        let mid = "mid:MessageFeatures@id.foo.com";
        let required: Vec<_> = message.required().map(Result::unwrap).collect();
        assert_eq!(required, [Required { namespace: Some(mid), name: "VitalMessageOption" }]);
        assert!(
            message
                .unmet(|uri, name| uri == mid && name == "VitalMessageOption")
                .unwrap()
                .is_none()
        );
        assert_eq!(message.unmet(|_, _| false).unwrap(), Some(required[0]));
        let wacky: Vec<_> =
            message.get(mid, "WackyMessageOption").map(|header| header.text().unwrap()).collect();
        assert_eq!(wacky, ["Use-silly-font"]);
        assert!(message.content_type().unwrap().is("text/xml"));
        assert_eq!(message.content().content_id().unwrap().unwrap().0, "1234567890@foo.com");
        assert!(message.body().starts_with(b"<body>\r\n"));
        assert_eq!(message.faults(), []);
        assert_eq!(message.bytes(), text.as_bytes());
    }
}

#[test]
fn prefixes_mean_what_was_declared_before_them_and_nothing_else() {
    let text = "imdn.Message-ID: early\r\nNS: x <urn:ietf:params:imdn>\r\nx.Message-ID: one\r\n\
                NS: imdn <urn:other>\r\nimdn.Message-ID: two\r\nNS: x <urn:other>\r\nx.Message-ID: three\r\n\
                NS: <urn:ietf:params:imdn>\r\nMessage-ID: four\r\nFrom: <sip:a@b>\r\nNS: <urn:ietf:params:cpim-headers:>\r\n\
                From: <sip:c@d>\r\nX.y: z\r\n\r\n";
    let message = parse(text).unwrap();
    let values =
        |known| message.all(known).map(|header| header.text().unwrap()).collect::<Vec<_>>();
    assert_eq!(values(Known::MessageId), ["one", "four"]);
    assert_eq!(values(Known::From), ["<sip:c@d>"]);
    let namespaces: Vec<_> = message
        .headers()
        .filter(|header| header.known() != Known::Ns)
        .map(|header| header.namespace())
        .collect();
    let imdn = Some("urn:ietf:params:imdn");
    let other = Some("urn:other");
    assert_eq!(
        namespaces,
        [None, imdn, other, other, imdn, imdn, Some("urn:ietf:params:cpim-headers:"), None]
    );
    assert_eq!(message.namespaces().count(), 5);
    let early = message.headers().next().unwrap();
    assert_eq!((early.prefix(), early.name(), early.known()), ("imdn", "Message-ID", Known::Other));
    assert_eq!(message.faults().iter().filter(|fault| fault.kind == FaultKind::Value).count(), 2);
}

#[test]
fn names_are_compared_by_case() {
    let message = parse("from: <sip:a@b>\r\nCC: <sip:a@b>\r\ndatetime: x\r\n\r\n").unwrap();
    assert!(message.headers().all(|header| header.known() == Known::Other));
}

#[test]
fn parameters_stand_between_colon_and_value() {
    let message = parse("Subject:;lang=de;x=\"a; \\\"b\" Gr\\u00FC\\u00dfe\r\nSubject: ;not=one\r\nSubject:;lang=en\r\n\r\n").unwrap();
    let all: Vec<_> = message.all(Known::Subject).collect();
    assert_eq!(all[0].params().collect::<Vec<_>>(), [("lang", "de"), ("x", "\"a; \\\"b\"")]);
    assert_eq!((all[0].language(), &*all[0].plain().unwrap()), (Some("de"), "Grüße"));
    assert_eq!((all[1].language(), all[1].text().unwrap()), (None, ";not=one"));
    assert_eq!((all[2].language(), all[2].text().unwrap()), (Some("en"), ""));
    assert_eq!(message.subject("de-AT").unwrap().as_deref(), Some("Grüße"));
}

#[test]
fn deployed_shapes_are_read_and_a_strict_reading_names_them() {
    for (text, fault) in [
        ("To: sip:bob@example.com\r\n\r\n\r\nx", Some(("To", FaultKind::Unexpected))),
        (
            "DateTime: 2015-02-17T08:54:27.1234567+0200\r\n\r\n\r\nx",
            Some(("DateTime", FaultKind::Unexpected)),
        ),
        ("From:<sip:a@b>\r\n\r\n\r\nx", Some(("From", FaultKind::Unexpected))),
        ("Subject: a\r\n b\r\n\r\n\r\nx", Some(("Subject", FaultKind::Unexpected))),
        ("Subject: C:\\dir\r\n\r\n\r\nx", Some(("Subject", FaultKind::Escape))),
        ("Subject:;lang=toolonglanguage x\r\n\r\n\r\nx", Some(("Subject", FaultKind::Value))),
        (
            "NS: imdn<urn:ietf:params:imdn>\r\nimdn.Message-ID: a\r\n\r\n\r\nx",
            Some(("NS", FaultKind::Unexpected)),
        ),
        (
            "NS: imdn <urn:ietf:params:imdn>\r\nimdn.Message-ID: a@b\r\n\r\n\r\nx",
            Some(("Message-ID", FaultKind::Unexpected)),
        ),
        ("From: <sip:a@b>\r\nFrom: <sip:c@d>\r\n\r\n\r\nx", Some(("From", FaultKind::Conflict))),
        ("a.b: c\r\n\r\n\r\nx", Some(("", FaultKind::Value))),
        ("a(b: c\r\n\r\n\r\nx", Some(("", FaultKind::Unexpected))),
        ("Require: a, b\r\n\r\n\r\nx", None),
        (
            "NS: imdn <urn:ietf:params:imdn>\r\nimdn.Message-ID: a\r\nimdn.Disposition-Notification: display\r\n\r\n\r\nx",
            Some(("DateTime", FaultKind::Empty)),
        ),
    ] {
        let message = parse(text).unwrap_or_else(|error| panic!("{text:?}: {error}"));
        assert_eq!(message.body(), "x", "{text:?}");
        let found = message.faults().first().map(|fault| (fault.field, fault.kind));
        assert_eq!(found, fault.map(|(name, kind)| (Part::Cpim(name), kind)), "{text:?}");
    }
}

#[test]
fn the_content_may_be_encoded_and_may_be_missing() {
    let message = parse("From: <sip:a@b>\r\n\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\nSGVsbG8=\r\n").unwrap();
    assert_eq!(message.decoded(Junk::Refuse).unwrap(), "Hello");
    assert!(message.entity().starts_with(b"Content-Type") && message.entity().ends_with(b"8=\r\n"));
    for text in [
        "From: <sip:a@b>\r\n\r\n",
        "From: <sip:a@b>\r\n\r\nContent-Type: text/plain",
        "\r\n\r\n",
        "\r\n",
    ] {
        let message = parse(text).unwrap_or_else(|error| panic!("{text:?}: {error}"));
        assert!(
            message.body().is_empty() && message.content_type().unwrap().is("text/plain"),
            "{text:?}"
        );
    }
    let bad =
        parse("From: <sip:a@b>\r\n\r\nContent-Transfer-Encoding: base64\r\n\r\nSGV*").unwrap();
    let error = bad.decoded(Junk::Refuse).unwrap_err();
    assert_eq!((error.field, error.at), (Part::Encoding, 59));
}

#[test]
fn what_is_no_message_is_refused_where_it_goes_wrong() {
    for (text, kind, field, at) in [
        ("", FaultKind::End, Part::Head, 0),
        ("From: <sip:a@b>\r\n", FaultKind::End, Part::Head, 17),
        ("From <sip>\r\n\r\n", FaultKind::Unexpected, Part::HeaderLine, 10),
        ("From : <sip:a@b>\r\n\r\n", FaultKind::Unexpected, Part::HeaderLine, 0),
        (": x\r\n\r\n", FaultKind::Unexpected, Part::HeaderLine, 0),
        (" x: y\r\n\r\n", FaultKind::Unexpected, Part::HeaderLine, 0),
        ("A: b\n\n", FaultKind::BareLf, Part::Head, 4),
        ("A: b\rC: d\r\n\r\n", FaultKind::BareCr, Part::Head, 4),
        ("A: \0\r\n\r\n", FaultKind::Nul, Part::Head, 3),
        (
            "A: b\r\n\r\nContent-Type text/plain\r\n\r\n",
            FaultKind::Unexpected,
            Part::HeaderLine,
            31,
        ),
    ] {
        let error = parse(text).unwrap_err();
        assert_eq!((error.kind, error.field, error.at), (kind, field, at), "{text:?}");
    }
    let message =
        Cpim::parse(Bytes::from_static(b"From: \xff\r\nSubject: \xff\r\n\r\n"), &Limits::DEFAULT)
            .unwrap();
    let error = message.from().unwrap_err();
    assert_eq!((error.kind, error.field, error.at), (FaultKind::Utf8, Part::Cpim("From"), 6));
    assert_eq!(message.subject("").unwrap_err().at, 18);
}

#[test]
fn limits_hold_at_the_edge_and_over_it() {
    let limits = Limits { max_headers: 40, ..Limits::DEFAULT };
    let names =
        |count: usize| (0..count).map(|at| format!("NS: p{at} <urn:{at}>\r\n")).collect::<String>();
    for (text, fine) in [
        ("To: <sip:a@b>\r\n".repeat(40), true),
        ("To: <sip:a@b>\r\n".repeat(41), false),
        ("To: <sip:a@b>\r\n".repeat(10_000), false),
        (names(index::MAX_NAMESPACES), true),
        (names(index::MAX_NAMESPACES + 1), false),
        (names(40) + &"X: y\r\n".repeat(1000), false),
    ] {
        let got = Cpim::parse((text + "\r\n").into(), &limits);
        assert_eq!(got.err().map(|error| error.kind), (!fine).then_some(FaultKind::Limit));
    }
    // A head is counted by itself: that of the content has its own.
    let text = "A: b\r\n".repeat(40) + "\r\n" + &"C: d\r\n".repeat(40) + "\r\n";
    assert!(Cpim::parse(text.into(), &limits).is_ok());
    let lab = Cpim::parse(("A: b\r\n".repeat(65_001) + "\r\n").into(), &Limits::lab());
    assert_eq!(lab.unwrap_err().kind, FaultKind::Limit);
}

fn text(body: &str) -> Payload {
    mime::Builder::new("text/plain;charset=UTF-8").body(body.to_owned().into()).finish().unwrap()
}

fn read(payload: &Payload) -> Cpim {
    let message = Cpim::parse(payload.to_vec().into(), &Limits::DEFAULT).unwrap();
    assert_eq!(message.faults(), []);
    message
}

#[test]
fn what_is_built_is_read_back() {
    let date = DateTime::parse("2026-11-21T12:00:00Z").unwrap();
    let alice = Address::named("Alice \"A\" \u{c5}", "sip:alice@example.com");
    let payload = Builder::between(&alice, &Address::new("tel:+15145551234"))
        .to(&Address::new("sip:c@d"))
        .cc(&Address::new("mailto:e@f"))
        .date_time(date)
        .subject("line\r\nFrom: <sip:eve@x> \\", None)
        .subject("Gr\u{fc}\u{df}e", Some("de"))
        .message_id("m1")
        .wants(Dispositions::DISPLAY)
        .original_to(&Address::new("sip:list@x"))
        .record_route(&Address::new("sip:1@x"))
        .header("http://www.openmobilealliance.org/cpm/", "Payload-Type", "text/plain")
        .header("urn:x", "Odd", "a\nb")
        .header("urn:x", "Other", "c")
        .require(&[("urn:x", "Odd"), ("urn:ietf:params:imdn", "Message-ID")])
        .content(text("Hi"))
        .finish()
        .unwrap();
    let message = read(&payload);
    assert_eq!(message.from().unwrap().unwrap().name().as_deref(), Some("Alice \"A\" \u{c5}"));
    assert_eq!(message.to().count() + message.cc().count(), 3);
    assert_eq!(message.subject("").unwrap().as_deref(), Some("line\r\nFrom: <sip:eve@x> \\"));
    assert_eq!(message.subject("de").unwrap().as_deref(), Some("Gr\u{fc}\u{df}e"));
    assert_eq!(message.date_time(), Ok(Some(date)));
    assert_eq!(
        (message.message_id(), message.wants()),
        (Ok(Some("m1")), Ok(Dispositions::DISPLAY))
    );
    assert_eq!(message.get("urn:x", "Odd").next().unwrap().plain().unwrap(), "a\nb");
    assert_eq!(message.all(Known::PayloadType).count(), 1);
    assert_eq!(
        message.required().map(|name| name.unwrap().namespace.unwrap()).collect::<Vec<_>>(),
        ["urn:x", "urn:ietf:params:imdn"]
    );
    assert_eq!(
        message.namespaces().map(|(prefix, _)| prefix).collect::<Vec<_>>(),
        ["imdn", "cpm", "ns"]
    );
    assert_eq!(message.body(), "Hi");
}

#[test]
fn builders_refuse_what_would_be_another_header() {
    let new = Builder::new;
    let evil = "sip:a@b>\r\nFrom: <sip:eve@x";
    for (built, field) in [
        (new().from(&Address::new(evil)), "From"),
        (new().to(&Address::new("sip:a b")), "To"),
        (new().to(&Address::new("")), "To"),
        (new().to(&Address::new("no-scheme")), "To"),
        (new().from(&Address::new("sip:a")).from(&Address::new("sip:b")), "From"),
        (new().message_id("a b"), "Message-ID"),
        (new().message_id("a\r\nb: c"), "Message-ID"),
        (new().message_id(""), "Message-ID"),
        (new().subject("x", Some("en x\r\n")), "Subject"),
        (new().namespace("a b", "urn:x"), "NS"),
        (new().namespace("a", "urn:x>"), "NS"),
        (new().namespace("", "urn:x"), "NS"),
        (new().header("urn:x", "a: b", "c"), ""),
        (new().header("urn:\r\nx", "a", "c"), ""),
        (new().header("urn:ietf:params:cpim-headers:", "NS", "c"), "NS"),
        (new().header("urn:ietf:params:cpim-headers:", "From", "c\r\nd"), "From"),
        (new().require(&[]), "Require"),
        (new().require(&[("urn:x", "a,b")]), "Require"),
    ] {
        assert_eq!(built.finish().unwrap_err().field, Part::Cpim(field));
    }
    let evil = Payload::new(Bytes::from_static(b"no header\r\n\r\n"), Bytes::new());
    assert_eq!(new().content(evil).finish().unwrap_err().field, Part::HeaderLine);
}

#[test]
fn a_prefix_that_was_declared_anew_is_not_used_for_its_old_namespace() {
    let payload = Builder::new()
        .namespace("a", "urn:1")
        .namespace("a", "urn:2")
        .header("urn:1", "X", "one")
        .header("urn:2", "X", "two")
        .finish()
        .unwrap();
    let message = read(&payload);
    assert_eq!(message.get("urn:1", "X").next().unwrap().text(), Ok("one"));
    assert_eq!(message.get("urn:2", "X").next().unwrap().text(), Ok("two"));
}

#[test]
fn the_shapes_of_conversations_have_names() {
    let (alice, bob) = (Address::new("sip:alice@x"), Address::new("sip:bob@x"));
    for (built, from, to) in [
        (
            Builder::anonymous(),
            "sip:anonymous@anonymous.invalid",
            "sip:anonymous@anonymous.invalid",
        ),
        (Builder::to_group(&alice, "sip:focus@x;s=1"), "sip:alice@x", "sip:focus@x;s=1"),
        (Builder::from_group(&alice, Some(&bob)), "sip:alice@x", "sip:bob@x"),
        (Builder::from_group(&alice, None), "sip:alice@x", "sip:anonymous@anonymous.invalid"),
    ] {
        let message = read(&built.finish().unwrap());
        assert_eq!(message.from().unwrap().unwrap().uri(), from);
        assert_eq!(message.to().next().unwrap().unwrap().uri(), to);
    }
}

#[test]
fn only_touched_headers_change_on_the_way() {
    let text = "Content-Type: message/cpim\r\n\r\nFrom:  <sip:eve@x> \r\nTo: <sip:list@x>\r\nTo: <sip:b@x>\r\nSubject:;lang=xx odd\r\n folded \r\n\
                NS: imdn <urn:other>\r\nimdn.X: 1\r\n\r\nContent-Type : text/plain\r\n\r\nbody";
    let message = parse(text).unwrap();
    assert_eq!(Edit::new(&message).finish().unwrap().to_vec(), text.as_bytes());

    let mut edit = Edit::new(&message);
    edit.set_from(&Address::new("sip:alice@x")).unwrap();
    edit.note_original_to(&Address::new("sip:list@x")).unwrap();
    edit.note_original_to(&Address::new("sip:other@x")).unwrap();
    edit.set_to(&[Address::new("sip:c@x"), Address::new("sip:d@x")]).unwrap();
    edit.push_record_route(&Address::new("sip:1@x")).unwrap();
    edit.push_record_route(&Address::new("sip:2@x")).unwrap();
    assert!(!edit.pop_route());
    for evil in ["sip:a\r\nb", "", "sip:a b"] {
        assert!(edit.set_to(&[Address::new(evil)]).is_err(), "{evil:?}");
    }
    let out = String::from_utf8(edit.finish().unwrap().to_vec()).unwrap();
    assert_eq!(
        out,
        "Content-Type: message/cpim\r\n\r\nFrom: <sip:alice@x>\r\nTo: <sip:c@x>\r\nTo: <sip:d@x>\r\nSubject:;lang=xx odd\r\n folded \r\n\
                NS: imdn <urn:other>\r\nimdn.X: 1\r\nNS: imdn1 <urn:ietf:params:imdn>\r\nimdn1.Original-To: <sip:list@x>\r\n\
                imdn1.IMDN-Record-Route: <sip:2@x>\r\nimdn1.IMDN-Record-Route: <sip:1@x>\r\n\r\nContent-Type : text/plain\r\n\r\nbody"
    );
    let message = parse(&out).unwrap();
    let routes: Vec<_> = message.record_routes().map(|route| route.unwrap().uri()).collect();
    assert_eq!(routes, ["sip:2@x", "sip:1@x"]);
}

#[test]
fn content_is_replaced_and_headers_are_taken_out() {
    let message =
        parse("NS: i <urn:ietf:params:imdn>\r\ni.Message-ID: a\r\nSubject: x\r\n\r\n\r\nold")
            .unwrap();
    let mut edit = Edit::new(&message);
    edit.remove(Known::Subject);
    edit.remove(Known::Ns);
    edit.set_content(text("new"));
    let out = edit.finish().unwrap();
    assert!(
        out.head
            .starts_with(b"NS: i <urn:ietf:params:imdn>\r\ni.Message-ID: a\r\n\r\nContent-Type")
    );
    assert_eq!(out.body, "new");
}

proptest! {
    #[test]
    fn any_values_make_a_message_that_says_them(
        name in "\\PC{0,12}|[\\x00-\\x7f]{1,12}", subject in "\\PC{0,20}|[\\x00-\\x7f]{0,20}", id in "[a-zA-Z0-9]{1,20}", bits: u8, body: Vec<u8>,
    ) {
        let from = Address::named(&name, "sip:a@b");
        let content = mime::Builder::new("application/octet-stream").body(body.clone().into()).finish().unwrap();
        let date = DateTime::from_unix(0, 0).unwrap();
        let wanted = Dispositions::from_bits(bits);
        let built = Builder::new().from(&from).subject(&subject, Some("en")).date_time(date).message_id(&id).wants(wanted).content(content).finish().unwrap();
        let message = read(&built);
        prop_assert_eq!(message.from().unwrap().unwrap().name().unwrap_or_default(), name);
        prop_assert_eq!(message.subject("en").unwrap().unwrap().into_owned(), subject);
        prop_assert_eq!((message.message_id().unwrap(), message.wants().unwrap()), (Some(id.as_str()), wanted));
        prop_assert_eq!(message.body().to_vec(), body);
        prop_assert_eq!(Edit::new(&message).finish().unwrap().to_vec(), message.bytes().to_vec());
    }

    #[test]
    fn no_bytes_are_lost_or_read_twice(pieces in prop::collection::vec(prop::sample::select(
        vec!["From: <sip:a@b>\r\n", "NS: i <urn:ietf:params:imdn>\r\n", "i.Message-ID: x\r\n", " fold\r\n", "\r\n", "Subject:;lang=x y\r\n", "Content-Type: a/b\r\n", "x", ":", "\u{e4}", "NS: <u>\r\n", "\t\r\n"]), 0..14)) {
        let text = pieces.concat();
        let Ok(message) = parse(&text) else { return Ok(()) };
        prop_assert_eq!(Edit::new(&message).finish().unwrap().to_vec(), text.as_bytes());
        for fault in message.faults() {
            prop_assert!(fault.at as usize <= text.len());
        }
        for header in message.headers() {
            let _ = (header.namespace(), header.name(), header.params().count(), header.plain(), header.language());
        }
        let _ = (message.from(), message.to().count(), message.date_time(), message.required().count(), message.content_type());
    }
}
