//! The documents themselves, made without the program.

use bytes::Bytes;
use missiva_examples::inspect::{Document, Kind, Options, inspect};
use serde_json::json;

const HEAD: &str = "OPTIONS sip:b@example.com SIP/2.0\r\nVia: SIP/2.0/TCP a.example.com;branch=z9hG4bK1\r\n\
    From: <sip:a@example.com>;tag=1\r\nTo: <sip:b@example.com>\r\nCall-ID: 1@a\r\nCSeq: 1 OPTIONS\r\n\
    Max-Forwards: 70\r\n";

#[test]
fn bodies_have_a_kind() {
    for (fields, body, kind) in [
        ("Content-Type: application/sdp", "v=0\r\n", "sdp"),
        ("c: Application / SDP;x=y", "anything", "sdp"),
        ("Content-Type: message/cpim", "From: <im:a>", "cpim"),
        ("Content-Type: multipart/mixed;boundary=b", "--b--", "multipart"),
        ("Content-Type: application/reginfo+xml", "<a/>", "xml"),
        ("Content-Type: text/xml", "<a/>", "xml"),
        ("Content-Type: text/plain", "hi", "text"),
        ("Content-Type: message/sipfrag", "SIP/2.0 200 OK", "sip"),
        ("Content-Type: application/json", "{}", "text"),
        ("Content-Type: application/octet-stream", "\0", "binary"),
        ("Content-Encoding: gzip\r\nContent-Type: application/sdp", "v=0\r\n", "binary"),
        ("Content-Encoding: identity\r\nContent-Type: application/sdp", "v=0\r\n", "sdp"),
        ("Content-Type: bad", "hi", "text"),
        ("Supported:", "v=0\r\no=-", "sdp"),
        ("Supported:", "<?xml version='1.0'?>", "xml"),
        ("Supported:", "SIP/2.0 200 OK\r\n\r\n", "sip"),
        ("Supported:", "hi", "text"),
        ("Supported:", "\u{7f}", "binary"),
    ] {
        let document = datagram(format!("{HEAD}{fields}\r\n\r\n{body}").into(), false);
        assert_eq!(document.json["body"]["kind"], kind, "{fields} {body:?}");
        assert_eq!(document.json["body"]["size"], body.len());
    }
}

const OFFER: &str = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n\
    m=audio 4000 RTP/AVP 0\r\na=PTIME:20\r\na=X-own:1\r\na=sendonly\r\n";

#[test]
fn descriptions_are_shown_line_by_line() {
    for (kind, input) in [(Kind::Auto, OFFER), (Kind::Sdp, OFFER)] {
        let options = Options { kind, stream: false, strict: true };
        let document = inspect(&Bytes::from(input), &options).remove(0);
        assert!(document.faults.is_empty());
        let json = document.json;
        assert_eq!((&json["kind"], &json["offset"]), (&json!("sdp"), &json!(0)));
        let letters: String = json["lines"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|line| line["type"].as_str())
            .collect();
        assert_eq!(letters, "vosct");
        assert_eq!(json["lines"][1]["value"]["session_id"], "1");
        assert_eq!(
            json["media"][0]["lines"].as_array().map(|lines| lines[1..].to_vec()),
            Some(vec![
                json!({ "type": "a", "name": "ptime", "as": "PTIME", "raw": "a=PTIME:20", "value": "20" }),
                json!({ "type": "a", "name": "X-own", "raw": "a=X-own:1" }),
                json!({ "type": "a", "name": "sendonly", "raw": "a=sendonly", "value": true }),
            ])
        );
        assert_eq!((&json["tolerated"], &json["validation"]), (&json!([]), &json!([])));
    }
}

/// What is wrong in a body counts from the start of the input, and never makes the message malformed.
#[test]
fn faults_of_a_description_in_a_body_are_placed() {
    let body = OFFER.replace("PTIME:20", "ptime:x");
    let input = format!("{HEAD}Content-Type: application/sdp\r\n\r\n{body}");
    let at = input.find("ptime:x").unwrap_or_default() + 6;
    let what = "invalid or out-of-range number";
    let finding = json!({ "offset": at, "line": 7, "field": "a=ptime", "what": what });

    let lenient = datagram(input.clone().into(), false);
    assert!(lenient.faults.is_empty());
    assert_eq!(lenient.json["tolerated"], json!([finding]));
    let content = &lenient.json["body"]["content"];
    assert_eq!(content["offset"], input.len() - body.len());
    assert_eq!(content["media"][0]["lines"][1]["error"], finding);

    let strict = datagram(input.into(), true);
    assert!(strict.faults.is_empty());
    assert_eq!(strict.json["tolerated"], json!([finding]));
    assert_eq!(strict.json["body"]["content"]["faults"], json!([finding]));
    let said = strict.tolerated.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(said, [format!("offset {at}, line 7: a=ptime: {what}")]);
}

#[test]
fn a_description_that_is_refused_shows_what_could_be_read() {
    let late = OFFER.replace("s=-\r\n", "").replace("t=0 0\r\n", "t=0 0\r\ns=-\r\n");
    let input = format!("{HEAD}Content-Type: application/sdp\r\n\r\n{late}");
    let at = input.find("s=-").unwrap_or_default();
    let lenient = datagram(input.clone().into(), false);
    assert!(lenient.faults.is_empty());
    let content = &lenient.json["body"]["content"];
    assert_eq!(
        (&content["kind"], &content["faults"][0]["offset"]),
        (&json!("malformed"), &json!(at))
    );
    assert_eq!(content["validation"][0]["status"], 400);
    assert_eq!(content["lines"].as_array().map(Vec::len), Some(5));
    assert_eq!(lenient.json["tolerated"], content["faults"]);
    assert!(datagram(input.into(), true).faults.is_empty());

    let options = Options { kind: Kind::Sdp, stream: false, strict: false };
    let alone = inspect(&Bytes::from(late), &options).remove(0);
    assert_eq!((&alone.json["kind"], alone.faults.len()), (&json!("malformed"), 1));
}

/// Nobody asks how deep bodies lie in each other before they are there.
#[test]
fn bodies_in_bodies_are_looked_into_so_far() {
    let mut input = format!("{HEAD}Subject: \u{1}\r\n\r\n");
    for _ in 0..20 {
        input = format!("{HEAD}Content-Type: message/sip\r\n\r\n{input}");
    }
    let document = datagram(input.clone().into(), true);
    assert!(document.faults.is_empty());
    let (mut json, mut depth) = (&document.json, 0);
    while let Some(content) = json["body"].get("content") {
        (json, depth) = (content, depth + 1);
        assert_eq!(json["kind"], "request");
    }
    assert_eq!((depth, &json["body"]["kind"]), (8, &json!("sip")));
}

#[test]
fn long_bodies_are_cut_between_characters() {
    let body =
        |text: &str| datagram(format!("{HEAD}\r\n{text}").into(), false).json["body"].clone();
    let long = body(&"\u{e9}".repeat(1000));
    assert_eq!(long["shown"], 1024);
    let odd = body(&format!("x{}", "\u{e9}".repeat(1000)));
    assert_eq!((&odd["shown"], &odd["size"]), (&json!(1023), &json!(2001)));
    assert_eq!(odd["text"].as_str().map(str::len), Some(1023));
    assert_eq!(body("hi")["shown"], json!(null));
    assert_eq!(body("\0\u{1}"), json!({ "kind": "binary", "size": 2, "hex": "0001" }));
    assert_eq!(body(""), json!(null));
}

#[test]
fn bad_fields_stand_in_their_place() {
    let input = [HEAD.as_bytes(), b"Expires: soon\r\nQ: \xff\\\r\n\r\n"].concat();
    let (expires, odd) = (HEAD.len() + 9, HEAD.len() + 18);
    let document = datagram(input.clone().into(), false);
    let headers = document.json["headers"].as_array().map(|all| all[6..].to_vec());
    let what = "invalid or out-of-range number";
    let error = json!({ "offset": expires, "field": "Expires", "what": what });
    assert_eq!(
        headers,
        Some(vec![
            json!({ "name": "Expires", "raw": "soon", "error": error }),
            json!({ "name": "Q", "raw": r"\xff\\", "escaped": true }),
        ])
    );
    assert!(document.faults.is_empty());
    let second = json!({ "offset": odd, "field": "Q", "what": "invalid UTF-8" });
    assert_eq!(document.json["tolerated"], json!([error, second]));

    let strict = datagram(input.into(), true);
    assert_eq!(strict.json["tolerated"], json!([]));
    assert_eq!(strict.json["faults"], document.json["tolerated"]);
    assert_eq!(strict.faults.len(), 2);
}

/// What the crate's own check does not find.
#[test]
fn strict_mode_reads_what_is_in_every_field() {
    for (field, faults) in [
        ("Contact: <sip:a@example.com>;q=1;Q=0.5", &["Contact"][..]),
        ("Contact: <sip:a@example.com;ob;ob>", &["Contact"]),
        ("Contact: <sip:a@example.com;ob>;ob", &[]),
        ("X-Any: a\u{1}b", &["X-Any"]),
        ("X-Any: a\r\n\tb", &[]),
        ("Via: SIP/2.0/UDP b.example.com;ttl=256", &["Via"]),
    ] {
        let document = datagram(format!("{HEAD}{field}\r\n\r\n").into(), true);
        let found: Vec<&str> = document.faults.iter().map(|fault| &*fault.field).collect();
        assert_eq!(found, faults, "{field}");
    }
}

#[test]
fn bytes_behind_the_body_are_told_and_no_fault() {
    let input = format!("{HEAD}Content-Length: 2\r\n\r\nhi there");
    let document = datagram(input.clone().into(), true);
    let what = "6 bytes after it are cut off";
    let expected = json!([{ "offset": input.len() - 6, "field": "body", "what": what }]);
    assert_eq!(document.json["tolerated"], expected);
    assert!(document.faults.is_empty());
}

/// A body over its limit is passed over, and the message after it is found where it is.
#[test]
fn offsets_hold_after_a_message_that_is_skipped() {
    let large = 2 * 1024 * 1024;
    let first = format!("{HEAD}Content-Length: {large}\r\n\r\n{}", "x".repeat(large));
    let second = format!("{HEAD}Content-Length: 0\r\n\r\n");
    let bad = "WHAT\r\nContent-Length: 0\r\n\r\n";
    let input = [&first, "\r\n", &second, bad].concat();
    let options = Options { kind: Kind::Sip, stream: true, strict: false };
    let documents = inspect(&Bytes::from(input), &options);
    let seen: Vec<_> =
        documents.iter().map(|one| (&one.json["kind"], &one.json["offset"])).collect();
    let (at, after) = (first.len() + 2, first.len() + 2 + second.len());
    assert_eq!(
        seen,
        [
            (&json!("malformed"), &json!(0)),
            (&json!("request"), &json!(at)),
            (&json!("malformed"), &json!(after)),
        ]
    );
    assert_eq!(documents[0].faults[0].field, "body");
    assert_eq!(documents[2].faults[0].offset, after + 4);
}

fn datagram(input: Bytes, strict: bool) -> Document {
    let options = Options { kind: Kind::Sip, stream: false, strict };
    inspect(&input, &options).remove(0)
}

#[test]
fn a_header_value_by_itself_is_read_strictly_too() {
    let conflict = Some("contradicts another part of the message");
    let table = [
        ("To", "<sip:b@example.com>;x=1;y;X=2", 26, conflict),
        ("Contact", "<sip:b>, <sip:c;lr;lr>", 19, conflict),
        ("P-Asserted-Identity", "<tel:+1;x=1;x=1>", 12, conflict),
        ("Content-Type", "text/plain;a=1;a=1", 15, conflict),
        ("From", "<sip:b>;tag", 0, conflict),
        ("Via", "SIP/2.0/UDP a;ttl=256", 0, Some("invalid or out-of-range number")),
        ("Via", "SIP/2.0/UDP a;ttl=+5", 0, Some("invalid or out-of-range number")),
        ("Contact", "<sip:b>;q=2", 10, Some("invalid or out-of-range number")),
        ("X-New", "a;x;x \u{1}", 6, Some("unexpected byte")),
        ("X-New", "\u{7f}", 0, Some("unexpected byte")),
        ("From", "<sip:a@b>;tag=\"q\"", 14, Some("unexpected byte")),
        ("To", "<sip:a@b>;tag=[::1]", 14, Some("unexpected byte")),
        ("Via", "SIP/2.0/UDP a, SIP/2.0/UDP b;branch", 29, Some("missing or empty")),
        ("Via", "SIP/2.0/UDP a;branch=\"x\"", 21, Some("unexpected byte")),
        ("Via", "SIP/2.0/UDP a;maddr=-x", 20, Some("invalid host or address")),
        ("Contact", "<sip:a@b>, <sip:c@d>;reg-id=0", 28, Some("invalid or out-of-range number")),
        ("Contact", "<sip:a@b>;reg-id=2147483648", 17, Some("invalid or out-of-range number")),
        ("Contact", "<sip:a@b>;reg-id=2147483647;expires=4294967295", 0, None),
        ("Accept-Encoding", "gzip;q=5", 7, Some("invalid or out-of-range number")),
        ("Accept-Language", "en;q=0.5, de;q=1.1", 15, Some("invalid or out-of-range number")),
        ("Security-Client", "tls;q=2", 6, Some("invalid or out-of-range number")),
        ("Request-Disposition", "fork, foo", 6, Some("value is not one of those allowed")),
        (
            "Request-Disposition",
            "Fork, queue, no-fork",
            13,
            Some("contradicts another part of the message"),
        ),
        ("Request-Disposition", "proxy, no-cancel, fork, recurse, parallel, no-queue", 0, None),
        // What depends on the rest of a message is no fault of one value.
        ("Contact", "*", 0, None),
        ("CSeq", "1 BYE", 0, None),
        ("X-New", "a;x;x\t\r\n b", 0, None),
        ("P-Charging-Function-Addresses", "ccf=a;ccf=b", 0, None),
    ];
    for (name, value, offset, what) in table {
        let read = |strict| {
            let options =
                Options { kind: Kind::Header(name.to_owned()), strict, ..Options::default() };
            inspect(&Bytes::from(value), &options).remove(0)
        };
        assert!(read(false).faults.is_empty(), "{name}: {value}");
        let expected = what.map(|what| json!([{ "offset": offset, "field": name, "what": what }]));
        let Document { json, faults, .. } = read(true);
        assert_eq!(json.get("faults"), expected.as_ref(), "{name}: {value}");
        assert_eq!(faults.len(), usize::from(what.is_some()));
    }
}

#[test]
fn a_uri_by_itself_is_read_strictly_too() {
    for (text, offset) in
        [("sip:a@b;lr", None), ("sip:a@b;lr;LR", Some(11)), ("tel:+1;a=1;b=1;a=2", Some(15))]
    {
        let read = |strict| {
            let options = Options { kind: Kind::Uri, strict, ..Options::default() };
            inspect(&Bytes::from(text), &options).remove(0)
        };
        assert!(read(false).faults.is_empty(), "{text}");
        let found = read(true).faults.first().map(|fault| fault.offset);
        assert_eq!(found, offset, "{text}");
    }
}
