//! Files given, asked for, taken in part, and refused (RFC 5547 section 8).

use missiva_sdp::Value;
use missiva_sdp::attribute::Direction;
use missiva_sdp::file::{FileRange, FileSelector};
use missiva_sdp::negotiate::{
    Capabilities, Change, Choice, File, MessageMedia, Negotiator, Plan, Rule, Stream, What,
};

use super::{CHAT, answer, author, chat, files, numbered, sdp};

const SHA1: &str = "hash:sha-1:72:24:5F:E8:65:3D:DA:F3:71:36:2F:86:D4:71:91:3E:E4:A2:CE:2E";

/// The lines of a stream that gives or asks for the file `selector`.
fn file(direction: &str, selector: &str, more: &str) -> String {
    format!(
        "m=message 7000 TCP/MSRP *\na=accept-types:*\na=path:msrp://h/s;tcp\na=file-selector:{selector}\n\
         a=file-transfer-id:T1\n{more}a={direction}\n"
    )
}

fn giver() -> Capabilities {
    let known = format!("name:\"cat.png\" type:image/png size:100 {SHA1}");
    Capabilities { files: vec![known.into()], ..Capabilities::of([files()]) }
}

#[test]
fn offers_of_files_are_judged_by_their_clauses() {
    let md5 = "hash:md4:00:01:02:03";
    let both = format!("{md5} {SHA1}");
    let range = |range: &str| format!("a=file-range:{range}\n");
    let picture = "name:\"cat.png\" type:image/png size:100";
    let table: Vec<(&str, String, Result<(), Rule>, u16)> = vec![
        ("8.2.1: type and size", file("sendonly", picture, ""), Ok(()), 0),
        ("8.2.1: a digest", file("sendonly", SHA1, ""), Ok(()), 0),
        (
            "8.2.1: a name alone",
            file("sendonly", "name:\"cat.png\"", ""),
            Err(Rule::FileSelector),
            488,
        ),
        ("8.2.1: sendrecv", file("sendrecv", picture, ""), Err(Rule::FileDirection), 488),
        ("8.2.2: a name alone", file("recvonly", "name:\"cat.png\"", ""), Ok(()), 0),
        ("8.2.2: a digest", file("recvonly", SHA1, ""), Ok(()), 0),
        ("8.2.2: nothing", file("recvonly", "", ""), Err(Rule::FileSelector), 488),
        (
            "8.3.2: no such file",
            file("recvonly", "name:\"dog.png\"", ""),
            Err(Rule::NoSuchFile),
            488,
        ),
        (
            "8.3.2: not all is true",
            file("recvonly", "name:\"cat.png\" size:99", ""),
            Err(Rule::NoSuchFile),
            488,
        ),
        (
            "6: an unknown algorithm, to give",
            file("sendonly", &format!("{picture} {md5}"), ""),
            Err(Rule::FileHash),
            488,
        ),
        ("6: an unknown algorithm, to ask", file("recvonly", md5, ""), Err(Rule::FileHash), 488),
        ("6: an unknown algorithm beside a known one", file("sendonly", &both, ""), Ok(()), 0),
        ("6: a part", file("sendonly", picture, &range("51-100")), Ok(()), 0),
        ("6: nothing is left", file("sendonly", picture, &range("101-*")), Ok(()), 0),
        (
            "6: behind the end",
            file("sendonly", picture, &range("51-101")),
            Err(Rule::FileRange),
            606,
        ),
        (
            "6: from behind the end",
            file("sendonly", picture, &range("102-*")),
            Err(Rule::FileRange),
            606,
        ),
        (
            "6: behind the end of ours",
            file("recvonly", SHA1, &range("1-101")),
            Err(Rule::FileRange),
            606,
        ),
        (
            "8.1: no identifier",
            file("sendonly", picture, "").replace("a=file-transfer-id:T1\n", ""),
            Err(Rule::FileTransferId),
            488,
        ),
        ("8.5: files are known", format!("{CHAT}a=file-selector\n"), Ok(()), 0),
    ];
    for (clause, offer, expected, status) in table {
        let mut capabilities = giver();
        capabilities.streams.push(chat());
        let mut bob = Negotiator::new(author("2"));
        let verdict = bob.receive_offer(&sdp(&offer)).and_then(|_| bob.answer(&capabilities));
        let refusal = verdict.as_ref().err().map_or(0, |refusal| refusal.status());
        assert_eq!(verdict.map(drop).map_err(|refusal| refusal.rule), expected, "{clause}");
        assert_eq!(refusal, status, "{clause}");
    }
}

#[test]
fn who_knows_no_files_refuses_them() {
    let refused = answer(&file("sendonly", "size:1 type:a/b", ""), &Capabilities::of([chat()]));
    assert_eq!(refused, Err(Rule::FileUnknown));
    // And a place for files is none for a conversation.
    assert_eq!(answer(CHAT, &Capabilities::of([files()])), Err(Rule::FileUnknown));
}

#[test]
fn a_file_that_is_taken_is_named_again() {
    // RFC 5547 section 8.3.1.
    let selector = format!("name:\"c%22at.png\" type:image/png size:100 {SHA1}");
    let said =
        answer(&file("sendonly", &selector, "a=file-range:1-100\n"), &Capabilities::of([files()]));
    let expected = format!(
        "m=message 9 TCP/MSRP *\na=accept-types:*\na=path:msrp://192.0.2.9:9/file;tcp\na=file-selector:{selector}\n\
         a=file-transfer-id:T1\na=file-range:1-100\na=recvonly\n"
    );
    assert_eq!(said.unwrap(), expected);
}

#[test]
fn a_file_that_is_given_is_told_in_full() {
    // RFC 5547 section 8.3.2.
    let mut bob = Negotiator::new(author("2"));
    bob.receive_offer(&sdp(&file("recvonly", SHA1, "a=file-range:51-*\n"))).unwrap();
    let (said, _) = bob.answer(&giver()).unwrap();
    assert!(said.text().ends_with(&format!(
        "a=file-selector:name:\"cat.png\" type:image/png size:100 {SHA1}\r\na=file-transfer-id:T1\r\n\
         a=file-range:51-*\r\na=sendonly\r\n"
    )));
    let streams = bob.streams();
    let transfer = streams[0].transfer().unwrap();
    assert!(transfer.sends);
    assert_eq!((transfer.id, transfer.file.size), (Some("T1"), Some(100)));
    assert_eq!(transfer.range, Some(FileRange { start: 51, stop: None }));
}

#[test]
fn the_receiver_may_take_a_part() {
    // Section 6, and a transfer that goes on where an earlier one ended.
    let part = |start, stop| Stream {
        file: Some(File::ANY.with_range(FileRange { start, stop })),
        ..files()
    };
    let table = [
        ("", (51, None), Ok(Some((51, None)))),
        ("a=file-range:11-*\n", (51, Some(90)), Ok(Some((51, Some(90))))),
        ("a=file-range:11-80\n", (51, None), Ok(Some((51, Some(80))))),
        ("a=file-range:11-*\n", (1, None), Err(Rule::FileRange)),
        ("a=file-range:11-20\n", (51, None), Err(Rule::FileRange)),
        ("", (51, Some(101)), Err(Rule::FileRange)),
    ];
    for (offered, (start, stop), expected) in table {
        let mut bob = Negotiator::new(author("2"));
        bob.receive_offer(&sdp(&file("sendonly", "type:a/b size:100", offered))).unwrap();
        let choice = [Choice::Accept(Box::new(part(start, stop)))];
        let verdict =
            bob.answer_with(&Capabilities::of([]), &choice).map_err(|refusal| refusal.rule);
        let got = verdict.map(|_| {
            bob.streams()[0].transfer().unwrap().range.map(|range| (range.start, range.stop))
        });
        assert_eq!(got, expected, "{offered} {start} {stop:?}");
    }
}

#[test]
fn a_file_must_be_small_enough_and_of_a_type_that_is_taken() {
    let place = |types: &str, max_size| {
        let message =
            MessageMedia { max_size, ..MessageMedia::new("msrp://192.0.2.9:9/file;tcp", types) };
        Capabilities::of([Stream {
            file: Some(File::ANY),
            ..Stream::message(9, message.wrapping("image/*"))
        }])
    };
    let table = [
        ("*", Some(100), Ok(())),
        ("*", Some(99), Err(Rule::TooLarge)),
        ("image/*", None, Ok(())),
        ("text/plain", None, Err(Rule::Types)),
        // Inside of CPIM.
        ("message/cpim", None, Ok(())),
    ];
    for (types, max_size, expected) in table {
        let said =
            answer(&file("sendonly", "type:image/png size:100", ""), &place(types, max_size));
        assert_eq!(said.map(drop), expected, "{types} {max_size:?}");
    }
    assert_eq!(missiva_sdp::negotiate::Refusal::of(0, Rule::TooLarge).status(), 403);
    let narrow = file("recvonly", SHA1, "a=max-size:99\n");
    assert_eq!(answer(&narrow, &giver()).map(drop), Err(Rule::TooLarge));
    let other = file("recvonly", SHA1, "").replace("types:*", "types:text/*");
    assert_eq!(answer(&other, &giver()).map(drop), Err(Rule::Types));
}

#[test]
fn of_several_files_each_is_judged_by_itself() {
    let one = |name: &str, size: u64, id: &str| {
        file("sendonly", &format!("name:\"{name}\" type:a/b size:{size}"), "").replace("T1", id)
    };
    let offer = [one("a", 10, "A"), one("b", 1000, "B"), one("c", 20, "C")].concat();
    let place = |path: &str| {
        let message = MessageMedia { max_size: Some(100), ..MessageMedia::new(path, "*") };
        Stream { file: Some(File::ANY), ..Stream::message(9, message) }
    };
    let mut bob = Negotiator::new(author("2"));
    bob.receive_offer(&sdp(&offer)).unwrap();
    let paths = ["msrp://192.0.2.9/1;tcp", "msrp://192.0.2.9/2;tcp", "msrp://192.0.2.9/3;tcp"];
    let (said, outcome) = bob.answer(&Capabilities::of(paths.map(place))).unwrap();
    let ports: Vec<u16> = said.media().map(|media| media.port()).collect();
    assert_eq!(ports, [9, 0, 9]);
    let refused: Vec<_> =
        outcome.refused.iter().map(|refusal| (refusal.media, refusal.rule)).collect();
    assert_eq!(refused, [(Some(1), Rule::TooLarge)]);
    let streams = bob.streams();
    let ids: Vec<Option<&str>> =
        streams.iter().map(|stream| stream.transfer().and_then(|transfer| transfer.id)).collect();
    assert_eq!(ids, [Some("A"), None, Some("C")]);
}

#[test]
fn an_identifier_is_a_transfer() {
    // RFC 5547 section 8.1: the same one is the same transfer, another one is a new one.
    let lines = file("sendonly", "type:a/b size:100", "");
    let mut bob = Negotiator::new(author("2"));
    bob.receive_offer(&sdp(&lines)).unwrap();
    bob.answer(&Capabilities::of([files()])).unwrap();
    let same = bob.receive_offer(&numbered(2, &lines)).unwrap();
    assert_eq!(same, []);
    bob.answer(&Capabilities::default()).unwrap();
    let other = bob.receive_offer(&numbered(3, &lines.replace("T1", "T2"))).unwrap();
    assert_eq!(other, [Change { media: 0, what: What::File }]);
    bob.answer(&Capabilities::default()).unwrap();
    // Section 8.4: port zero ends it.
    let gone = numbered(4, &lines.replace("message 7000", "message 0"));
    assert_eq!(bob.receive_offer(&gone).unwrap(), [Change { media: 0, what: What::Removed }]);
    bob.answer(&Capabilities::default()).unwrap();
    assert!(bob.streams()[0].transfer().is_none());
}

#[test]
fn what_we_give_and_ask_for_keeps_the_same_rules() {
    let selector = |text: &'static str| FileSelector::parse(text).unwrap();
    let media = || MessageMedia::new("msrp://192.0.2.9:9/file;tcp", "*");
    let table = [
        ("type:a/b size:10", Direction::SendOnly, None, Ok(())),
        ("name:\"x\"", Direction::RecvOnly, None, Ok(())),
        ("name:\"x\"", Direction::SendOnly, None, Err(Rule::FileSelector)),
        ("type:a/b", Direction::SendRecv, None, Err(Rule::FileDirection)),
        (
            "size:10",
            Direction::SendOnly,
            Some(FileRange { start: 12, stop: None }),
            Err(Rule::FileRange),
        ),
    ];
    for (text, direction, range, expected) in table {
        let file = File { range, ..File::new(&selector(text), "T9") };
        let mut alice = Negotiator::new(author("1"));
        let offer = alice.offer(&Plan::of([Stream::file(9, media(), file, direction)]));
        assert_eq!(
            offer.map(drop).map_err(|refusal| refusal.rule),
            expected,
            "{text} {direction:?}"
        );
    }
}

#[test]
fn the_size_of_a_large_message_is_no_file() {
    // A selector that has nothing but a size, and no identifier: seen in large message mode.
    let offer = format!("{CHAT}a=file-selector:size:5000\na=sendonly\n");
    let said = answer(&offer, &Capabilities::of([chat()])).unwrap();
    assert!(said.ends_with("a=recvonly\n") && !said.contains("file-selector"), "{said}");
}
