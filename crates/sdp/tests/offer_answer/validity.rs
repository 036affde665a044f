//! Which answers are valid for which offers: a row for each rule kept and for each rule broken.

use missiva_sdp::negotiate::{Demands, Rule, check_answer};

use super::{CHAT, numbered, sdp};

const AUDIO: &str = "m=audio 4000 RTP/AVP 0 8\n";
const PUSH: &str = "m=message 7000 TCP/MSRP *\na=sendonly\na=accept-types:*\na=path:msrp://h/s;tcp\n\
                    a=file-selector:name:\"a\" type:image/png size:100\na=file-transfer-id:T1\n";

fn push(changes: &[(&str, &str)]) -> String {
    changes.iter().fold(PUSH.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replace(from, to)
    })
}

#[test]
fn answers_keep_the_rules_of_their_clauses() {
    let setup = |role: &str| format!("{CHAT}a=setup:{role}\n");
    let connection =
        |word: &str| format!("m=image 4000 TCP t38\na=setup:actpass\na=connection:{word}\n");
    let answered =
        |word: &str| format!("m=image 5000 TCP t38\na=setup:active\na=connection:{word}\n");
    let multicast = |rest: &str| format!("m=audio 4000 RTP/AVP 0\nc=IN IP4 224.2.1.1/127\n{rest}");
    let grouped = |group: &str, mids: [&str; 2]| {
        format!(
            "{group}m=audio 4000 RTP/AVP 0\na=mid:{}\nm=video 4002 RTP/AVP 31\na=mid:{}\n",
            mids[0], mids[1]
        )
    };
    let (ls, both) = ("a=group:LS 1 2\n", ["1", "2"]);
    let refused_video =
        "a=group:LS 1 2\nm=audio 1 RTP/AVP 0\na=mid:1\nm=video 0 RTP/AVP 31\na=mid:2\n";
    let shrunk = "a=group:LS 1\nm=audio 1 RTP/AVP 0\na=mid:1\nm=video 0 RTP/AVP 31\n";
    let recv = ("sendonly", "recvonly");
    let ranged = |range: &str| push(&[("a=file-tr", &format!("a=file-range:{range}\na=file-tr"))]);
    let ranged_answer = |range: &str| ranged(range).replace("sendonly", "recvonly");
    let table: Vec<(&str, String, String, Result<(), Rule>)> = vec![
        ("3264 6: as many streams", AUDIO.into(), AUDIO.into(), Ok(())),
        ("3264 6: too few streams", AUDIO.repeat(2), AUDIO.into(), Err(Rule::StreamCount)),
        ("3264 6: too many streams", AUDIO.into(), AUDIO.repeat(2), Err(Rule::StreamCount)),
        ("3264 5: no streams", String::new(), String::new(), Ok(())),
        ("3264 6: refused", AUDIO.into(), "m=audio 0 RTP/AVP 0\n".into(), Ok(())),
        ("3264 6: another type", AUDIO.into(), "m=video 1 RTP/AVP 0\n".into(), Err(Rule::Kind)),
        (
            "3264 6: another type, refused",
            AUDIO.into(),
            "m=video 0 RTP/AVP 0\n".into(),
            Err(Rule::Kind),
        ),
        ("3264 6: type in another case", AUDIO.into(), "m=AUDIO 1 RTP/AVP 0\n".into(), Ok(())),
        (
            "3264 6: another protocol",
            AUDIO.into(),
            "m=audio 1 RTP/SAVP 0\n".into(),
            Err(Rule::Protocol),
        ),
        (
            "3264 6: port zero stays",
            "m=audio 0 RTP/AVP 0\n".into(),
            "m=audio 0 RTP/AVP 0\n".into(),
            Ok(()),
        ),
        (
            "3264 6: port zero revived",
            "m=audio 0 RTP/AVP 0\n".into(),
            AUDIO.into(),
            Err(Rule::Revived),
        ),
        ("3264 6.1: one format is enough", AUDIO.into(), "m=audio 1 RTP/AVP 8\n".into(), Ok(())),
        (
            "3264 6.1: more formats than offered",
            AUDIO.into(),
            "m=audio 1 RTP/AVP 0 3\n".into(),
            Ok(()),
        ),
        (
            "3264 6.1: none of the formats",
            AUDIO.into(),
            "m=audio 1 RTP/AVP 3\n".into(),
            Err(Rule::Formats),
        ),
        (
            "3264 6.1: another number for the same format",
            "m=audio 1 RTP/AVP 97\na=rtpmap:97 iLBC/8000\n".into(),
            "m=audio 1 RTP/AVP 99\na=rtpmap:99 ilbc/8000\n".into(),
            Ok(()),
        ),
        (
            "3264 6.1: the same number for another format",
            "m=audio 1 RTP/AVP 97\na=rtpmap:97 iLBC/8000\n".into(),
            "m=audio 1 RTP/AVP 97\na=rtpmap:97 iLBC/16000\n".into(),
            Err(Rule::Formats),
        ),
        (
            "3264 6: other formats by name",
            "m=image 1 udptl t38\n".into(),
            "m=image 1 udptl t38\n".into(),
            Ok(()),
        ),
        (
            "3264 6: another format by name",
            "m=image 1 udptl t38\n".into(),
            "m=image 1 udptl t30\n".into(),
            Err(Rule::Formats),
        ),
        (
            "3264 6.1: sendonly, recvonly",
            format!("{AUDIO}a=sendonly\n"),
            format!("{AUDIO}a=recvonly\n"),
            Ok(()),
        ),
        (
            "3264 6.1: sendonly, inactive",
            format!("{AUDIO}a=sendonly\n"),
            format!("{AUDIO}a=inactive\n"),
            Ok(()),
        ),
        (
            "3264 6.1: sendonly, sendonly",
            format!("{AUDIO}a=sendonly\n"),
            format!("{AUDIO}a=sendonly\n"),
            Err(Rule::Direction),
        ),
        (
            "3264 6.1: sendonly, sendrecv",
            format!("{AUDIO}a=sendonly\n"),
            AUDIO.into(),
            Err(Rule::Direction),
        ),
        (
            "3264 6.1: recvonly, sendonly",
            format!("{AUDIO}a=recvonly\n"),
            format!("{AUDIO}a=sendonly\n"),
            Ok(()),
        ),
        (
            "3264 6.1: recvonly, recvonly",
            format!("{AUDIO}a=recvonly\n"),
            format!("{AUDIO}a=recvonly\n"),
            Err(Rule::Direction),
        ),
        (
            "3264 6.1: inactive, inactive",
            format!("{AUDIO}a=inactive\n"),
            format!("{AUDIO}a=inactive\n"),
            Ok(()),
        ),
        (
            "3264 6.1: inactive, recvonly",
            format!("{AUDIO}a=inactive\n"),
            format!("{AUDIO}a=recvonly\n"),
            Err(Rule::Direction),
        ),
        (
            "3264 6.1: the session's direction",
            format!("a=sendonly\n{AUDIO}"),
            AUDIO.into(),
            Err(Rule::Direction),
        ),
        ("3264 6.2: multicast", multicast("a=recvonly\n"), multicast("a=recvonly\n"), Ok(())),
        (
            "3264 6.2: multicast, other direction",
            multicast("a=recvonly\n"),
            multicast("a=sendonly\n"),
            Err(Rule::Multicast),
        ),
        ("3264 6.2: multicast, unicast", multicast(""), AUDIO.into(), Err(Rule::Multicast)),
        (
            "8866 5.7: an address",
            "m=audio 1 RTP/AVP 0\nc=IN IP4 192.0.2.3\n".into(),
            AUDIO.into(),
            Ok(()),
        ),
        (
            "5761 5.1.1: mux answered",
            format!("{AUDIO}a=rtcp-mux\n"),
            format!("{AUDIO}a=rtcp-mux\n"),
            Ok(()),
        ),
        ("5761 5.1.1: mux declined", format!("{AUDIO}a=rtcp-mux\n"), AUDIO.into(), Ok(())),
        (
            "5761 5.1.1: mux not offered",
            AUDIO.into(),
            format!("{AUDIO}a=rtcp-mux\n"),
            Err(Rule::RtcpMux),
        ),
        (
            "8858 4: mux only",
            format!("{AUDIO}a=rtcp-mux\na=rtcp-mux-only\n"),
            format!("{AUDIO}a=rtcp-mux\n"),
            Ok(()),
        ),
        (
            "8858 4: mux only, not answered",
            format!("{AUDIO}a=rtcp-mux\na=rtcp-mux-only\n"),
            AUDIO.into(),
            Err(Rule::RtcpMuxOnly),
        ),
        ("5888 9.1: the same tags", grouped("", both), grouped("", both), Ok(())),
        ("5888 9.1: another tag", grouped("", both), grouped("", ["1", "3"]), Err(Rule::Mid)),
        ("5888 9.1: a tag not offered", AUDIO.into(), format!("{AUDIO}a=mid:1\n"), Err(Rule::Mid)),
        (
            "5888 4: one tag for two streams",
            grouped("", both),
            grouped("", ["1", "1"]),
            Err(Rule::Mid),
        ),
        ("5888 9.2: the same group", grouped(ls, both), grouped(ls, both), Ok(())),
        ("5888 9.2: no group", grouped(ls, both), grouped("", both), Ok(())),
        ("5888 9.2: a group not offered", grouped("", both), grouped(ls, both), Err(Rule::Group)),
        (
            "5888 9.2: other semantics",
            grouped(ls, both),
            grouped("a=group:FID 1 2\n", both),
            Err(Rule::Group),
        ),
        (
            "5888 9.2: a refused stream in it",
            grouped(ls, both),
            refused_video.into(),
            Err(Rule::Group),
        ),
        ("5888 9.2: a refused stream out of it", grouped(ls, both), shrunk.into(), Ok(())),
        ("4145 4.1: active, passive", setup("active"), setup("passive"), Ok(())),
        ("4145 4.1: active, holdconn", setup("active"), setup("holdconn"), Ok(())),
        ("4145 4.1: active, active", setup("active"), setup("active"), Err(Rule::Setup)),
        ("4145 4.1: active, actpass", setup("active"), setup("actpass"), Err(Rule::Setup)),
        ("4145 4.1: passive, active", setup("passive"), setup("active"), Ok(())),
        ("4145 4.1: passive, holdconn", setup("passive"), setup("holdconn"), Ok(())),
        ("4145 4.1: passive, passive", setup("passive"), setup("passive"), Err(Rule::Setup)),
        ("4145 4.1: actpass, active", setup("actpass"), setup("active"), Ok(())),
        ("4145 4.1: actpass, passive", setup("actpass"), setup("passive"), Ok(())),
        ("4145 4.1: actpass, holdconn", setup("actpass"), setup("holdconn"), Ok(())),
        ("4145 4.1: actpass, actpass", setup("actpass"), setup("actpass"), Err(Rule::Setup)),
        ("4145 4.1: holdconn, holdconn", setup("holdconn"), setup("holdconn"), Ok(())),
        ("4145 4.1: holdconn, active", setup("holdconn"), setup("active"), Err(Rule::Setup)),
        ("6135 4.2.2: passive, nothing", setup("passive"), CHAT.into(), Ok(())),
        ("6135 4.2.2: nothing, passive", CHAT.into(), setup("passive"), Ok(())),
        ("6135 4.2.2: nothing, active", CHAT.into(), setup("active"), Err(Rule::Setup)),
        ("4145 5.1: existing, new", connection("existing"), answered("new"), Ok(())),
        ("4145 5.1: existing, existing", connection("existing"), answered("existing"), Ok(())),
        ("4145 5.1: new, existing", connection("new"), answered("existing"), Err(Rule::Connection)),
        ("4975 8.1: a path", CHAT.into(), CHAT.into(), Ok(())),
        (
            "4975 8.1: no path",
            CHAT.into(),
            CHAT.lines().take(2).map(|line| format!("{line}\n")).collect(),
            Err(Rule::Path),
        ),
        ("4975 6: no session-id", CHAT.into(), CHAT.replace("/theirs;", ";"), Err(Rule::Path)),
        (
            "4975 6: msrps over TCP",
            CHAT.into(),
            CHAT.replace("msrp:", "msrps:"),
            Err(Rule::PathScheme),
        ),
        (
            "4975 8.6: no accept-types",
            CHAT.into(),
            CHAT.replace("a=accept-types", "a=no-types"),
            Err(Rule::AcceptTypes),
        ),
        ("5547 8.3: the file, accepted", PUSH.into(), push(&[recv]), Ok(())),
        ("5547 8.3: the file, less said", PUSH.into(), push(&[recv, ("name:\"a\" ", "")]), Ok(())),
        (
            "5547 8.3: another size",
            PUSH.into(),
            push(&[recv, ("size:100", "size:99")]),
            Err(Rule::FileSelector),
        ),
        (
            "5547 8.3: another name",
            PUSH.into(),
            push(&[recv, ("\"a\"", "\"b\"")]),
            Err(Rule::FileSelector),
        ),
        (
            "5547 8.3: another type",
            PUSH.into(),
            push(&[recv, ("/png", "/gif")]),
            Err(Rule::FileSelector),
        ),
        (
            "5547 8.1: another identifier",
            PUSH.into(),
            push(&[recv, ("T1", "T2")]),
            Err(Rule::FileTransferId),
        ),
        (
            "5547 8.1: no identifier",
            PUSH.into(),
            push(&[recv, ("a=file-transfer-id:T1\n", "")]),
            Err(Rule::FileTransferId),
        ),
        (
            "5547 8.3: no selector",
            PUSH.into(),
            push(&[
                recv,
                ("a=file-selector:name:\"a\" type:image/png size:100\na=file-transfer-id:T1\n", ""),
            ]),
            Err(Rule::FileUnknown),
        ),
        (
            "5547 8.3: a file that was not offered",
            format!("{CHAT}a=sendonly\n"),
            push(&[recv]),
            Err(Rule::FileSelector),
        ),
        ("5547 8.3: both give", PUSH.into(), PUSH.into(), Err(Rule::Direction)),
        ("5547 6: the offered range", ranged("11-*"), ranged_answer("11-100"), Ok(())),
        ("5547 6: part of the range", ranged("11-*"), ranged_answer("51-*"), Ok(())),
        ("5547 6: before the range", ranged("11-*"), ranged_answer("1-*"), Err(Rule::FileRange)),
        ("5547 6: behind the range", ranged("1-50"), ranged_answer("1-60"), Err(Rule::FileRange)),
        ("5547 6: beyond the file", PUSH.into(), ranged_answer("1-101"), Err(Rule::FileRange)),
    ];
    for (clause, offer, answer, expected) in table {
        let verdict = check_answer(&sdp(&offer), &sdp(&answer), None, &Demands::STRICT);
        assert_eq!(verdict.map_err(|refusal| refusal.rule), expected, "{clause}");
    }
}

#[test]
fn a_refusal_names_the_stream() {
    let offer = sdp(&AUDIO.repeat(3));
    let answer = sdp(&format!("{AUDIO}{AUDIO}m=video 1 RTP/AVP 0\n"));
    let refusal = check_answer(&offer, &answer, None, &Demands::STRICT).unwrap_err();
    assert_eq!((refusal.media, refusal.rule, refusal.status()), (Some(2), Rule::Kind, 400));
}

#[test]
fn an_answer_has_the_times_of_its_offer() {
    // RFC 3264 section 6.
    let timed = |lines: &str| {
        numbered(1, "").text().replace("t=0 0\r\n", lines) + "m=audio 1 RTP/AVP 0\r\n"
    };
    let parse = |lines: &str| missiva_sdp::Description::parse(timed(lines).into()).unwrap();
    let (offer, other) = (parse("t=1 2\r\n"), parse("t=0 0\r\n"));
    assert_eq!(check_answer(&offer, &offer, None, &Demands::STRICT), Ok(()));
    let refusal = check_answer(&offer, &other, None, &Demands::STRICT).unwrap_err();
    assert_eq!(refusal.rule, Rule::Times);
    assert_eq!(check_answer(&offer, &other, None, &Demands::LENIENT), Ok(()));
}

#[test]
fn what_is_not_demanded_is_let_through() {
    let plain = CHAT.replace("a=accept-types:message/cpim text/plain\n", "");
    assert_eq!(check_answer(&sdp(CHAT), &sdp(&plain), None, &Demands::LENIENT), Ok(()));
    let silent = push(&[("sendonly", "recvonly"), ("a=file-transfer-id:T1\n", "")]);
    assert_eq!(check_answer(&sdp(PUSH), &sdp(&silent), None, &Demands::LENIENT), Ok(()));
    // But two identifiers are two transfers whoever looks.
    let other = push(&[("sendonly", "recvonly"), ("T1", "T2")]);
    let refusal = check_answer(&sdp(PUSH), &sdp(&other), None, &Demands::LENIENT).unwrap_err();
    assert_eq!(refusal.rule, Rule::FileTransferId);
}

#[test]
fn an_address_is_needed_by_streams_that_are_there() {
    let bare = |lines: &str| {
        let text = format!("v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\n{lines}");
        missiva_sdp::Description::parse(text.into()).unwrap()
    };
    let verdict =
        check_answer(&sdp(AUDIO), &bare("m=audio 1 RTP/AVP 0\r\n"), None, &Demands::STRICT);
    assert_eq!(verdict.unwrap_err().rule, Rule::Address);
    let verdict =
        check_answer(&sdp(AUDIO), &bare("m=audio 0 RTP/AVP 0\r\n"), None, &Demands::STRICT);
    assert_eq!(verdict, Ok(()));
}
