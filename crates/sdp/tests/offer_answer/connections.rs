//! Who opens the connection, and where to (RFC 4145, RFC 6135, RFC 6714), tags and groups (RFC 5888), RTCP (RFC 5761).

use missiva_sdp::attribute::{ConnectionReuse, Setup};
use missiva_sdp::line::Host;
use missiva_sdp::negotiate::{Capabilities, Negotiator, Plan, Role, Rule, Stream};

use super::{CHAT, answer, answer_to, audio, author, chat, sdp};

fn chat_with(setup: Option<Setup>) -> Stream {
    Stream { setup, ..chat() }
}

#[test]
fn roles_are_resolved_by_offer_and_wish() {
    use Setup::{ActPass, Active, HoldConn, Passive};
    // RFC 4145 section 4.1, RFC 6135 section 4.2.2: offer, wish, answer, role of the answerer.
    let table = [
        (Some(Active), None, Ok(Some(Passive)), Role::Listens),
        (Some(Active), Some(Passive), Ok(Some(Passive)), Role::Listens),
        (Some(Active), Some(ActPass), Ok(Some(Passive)), Role::Listens),
        (Some(Active), Some(Active), Err(Rule::Setup), Role::Holds),
        (Some(Passive), None, Ok(Some(Active)), Role::Connects),
        (Some(Passive), Some(Active), Ok(Some(Active)), Role::Connects),
        (Some(Passive), Some(Passive), Err(Rule::Setup), Role::Holds),
        (Some(ActPass), None, Ok(Some(Active)), Role::Connects),
        (Some(ActPass), Some(Active), Ok(Some(Active)), Role::Connects),
        (Some(ActPass), Some(Passive), Ok(Some(Passive)), Role::Listens),
        (Some(HoldConn), None, Ok(Some(HoldConn)), Role::Holds),
        (Some(HoldConn), Some(Active), Ok(Some(HoldConn)), Role::Holds),
        (Some(ActPass), Some(HoldConn), Ok(Some(HoldConn)), Role::Holds),
        // Who says nothing connects, as RFC 4975 section 5.4 has it.
        (None, Some(Passive), Ok(None), Role::Listens),
        (None, None, Ok(None), Role::Listens),
    ];
    for (offered, wish, expected, role) in table {
        let mut alice = Negotiator::new(author("1"));
        let mut bob = Negotiator::new(author("2"));
        let offer = alice.offer(&Plan::of([chat_with(offered)])).unwrap();
        bob.receive_offer(&offer).unwrap();
        let answered = bob.answer(&Capabilities::of([chat_with(wish)]));
        let said = answered.as_ref().map_err(|refusal| refusal.rule).map(|(answer, _)| {
            answer.media_at(0).unwrap().get::<missiva_sdp::field::Setup>().unwrap()
        });
        assert_eq!(said, expected, "{offered:?} {wish:?}");
        let Ok((answer, _)) = answered else { continue };
        alice.receive_answer(&answer).unwrap();
        assert_eq!(bob.streams()[0].role(), Some(role), "{offered:?} {wish:?}");
        assert_eq!(alice.streams()[0].role(), Some(role.reversed()), "{offered:?} {wish:?}");
    }
}

#[test]
fn a_role_stays_through_new_offers() {
    let (mut alice, mut bob) = (Negotiator::new(author("1")), Negotiator::new(author("2")));
    let capabilities = Capabilities::of([chat_with(Some(Setup::Passive))]);
    let offer = alice.offer(&Plan::of([chat_with(Some(Setup::ActPass))])).unwrap();
    bob.receive_offer(&offer).unwrap();
    let (answer, _) = bob.answer(&capabilities).unwrap();
    alice.receive_answer(&answer).unwrap();
    // The one who listened offers anew, with either role.
    let mut plan = bob.plan().clone();
    plan.stream_mut(0).unwrap().setup = Some(Setup::ActPass);
    let offer = bob.offer(&plan).unwrap();
    alice.receive_offer(&offer).unwrap();
    alice.answer(&Capabilities::default()).unwrap();
    assert_eq!(alice.streams()[0].role(), Some(Role::Connects));
}

#[test]
fn a_new_connection_is_answered_by_a_new_one() {
    // RFC 4145 section 5.1.
    let fax = |reuse| Stream {
        formats: vec!["t38".into()],
        setup: Some(Setup::ActPass),
        reuse,
        ..Stream::new("image", "TCP", 5000)
    };
    let table = [
        ("a=connection:new\n", None, "a=connection:new\n"),
        ("a=connection:new\n", Some(ConnectionReuse::Existing), "a=connection:new\n"),
        ("a=connection:existing\n", None, "a=connection:existing\n"),
        ("a=connection:existing\n", Some(ConnectionReuse::New), "a=connection:new\n"),
        ("", Some(ConnectionReuse::Existing), ""),
    ];
    for (offered, wish, expected) in table {
        let offer = format!("m=image 4000 TCP t38\na=setup:active\n{offered}");
        let said = answer(&offer, &Capabilities::of([fax(wish)])).unwrap();
        assert_eq!(said, format!("m=image 5000 TCP t38\na=setup:passive\n{expected}a=sendrecv\n"));
    }
}

#[test]
fn anchored_connections_go_by_lines_and_others_by_paths() {
    // RFC 6714 section 4: whether we know it, whether the peer does, where c= says; host, port, anchored, mismatch.
    let path = "a=path:msrp://192.0.2.1:7000/theirs;tcp\n";
    let table = [
        (true, true, "192.0.2.1", "192.0.2.1", 7000, true, false),
        (true, true, "198.51.100.1", "198.51.100.1", 7000, true, false),
        (true, false, "192.0.2.1", "192.0.2.1", 7000, false, false),
        (true, false, "198.51.100.1", "192.0.2.1", 7000, false, true),
        (false, true, "198.51.100.1", "192.0.2.1", 7000, false, true),
        (false, false, "192.0.2.1", "192.0.2.1", 7000, false, false),
    ];
    for (ours, theirs, line, host, port, anchored, mismatch) in table {
        let mark = if theirs { "a=msrp-cema\n" } else { "" };
        let offer =
            format!("m=message 7000 TCP/MSRP *\nc=IN IP4 {line}\na=accept-types:*\n{path}{mark}");
        let mut stream = chat();
        stream.message.as_mut().unwrap().cema = ours;
        let mut bob = Negotiator::new(author("2"));
        bob.receive_offer(&sdp(&offer)).unwrap();
        let (said, _) = bob.answer(&Capabilities::of([stream])).unwrap();
        // The answer has the attribute only when the offer has it.
        assert_eq!(said.text().contains("a=msrp-cema\r\n"), ours && theirs);
        let streams = bob.streams();
        let to = streams[0].connect_to().unwrap();
        assert_eq!(to.host, Host::V4(host.parse().unwrap()));
        assert_eq!(
            (to.port, to.anchored, to.mismatch),
            (port, anchored, mismatch),
            "{ours} {theirs} {line}"
        );
        assert_eq!(streams[0].is_anchored(), anchored);
        // What we want is not forgotten.
        assert_eq!(bob.plan().stream(0).unwrap().message.as_ref().unwrap().cema, ours);
    }
}

#[test]
fn a_relay_is_where_a_path_begins() {
    let offer = CHAT.replace("a=path:", "a=path:msrp://relay.example.com:9000/r;tcp ");
    let mut bob = Negotiator::new(author("2"));
    bob.receive_offer(&sdp(&offer)).unwrap();
    bob.answer(&Capabilities::of([chat()])).unwrap();
    let streams = bob.streams();
    let to = streams[0].connect_to().unwrap();
    assert_eq!((to.host, to.port, to.mismatch), (Host::Name("relay.example.com"), 9000, true));
    assert_eq!(streams[0].remote_path().unwrap().endpoint().session_id, Some("theirs"));
    assert_eq!(streams[0].local_path().unwrap().endpoint().session_id, Some("ours"));
}

#[test]
fn rtcp_shares_a_port_only_when_both_say_so() {
    // RFC 5761 section 5.1.1, RFC 8858 section 4.
    let table = [
        ("a=rtcp-mux\n", true, Ok(true)),
        ("a=rtcp-mux\n", false, Ok(false)),
        ("", true, Ok(false)),
        ("a=rtcp-mux\na=rtcp-mux-only\n", true, Ok(true)),
        ("a=rtcp-mux\na=rtcp-mux-only\n", false, Err(Rule::RtcpMuxOnly)),
    ];
    for (lines, rtcp_mux, expected) in table {
        let offer = format!("m=audio 4000 RTP/AVP 0\n{lines}");
        let said = answer(&offer, &Capabilities::of([Stream { rtcp_mux, ..audio(5000) }]));
        assert_eq!(
            said.map(|said| said.contains("a=rtcp-mux\n")),
            expected,
            "{lines:?} {rtcp_mux}"
        );
    }
}

#[test]
fn groups_keep_what_is_accepted() {
    // RFC 5888 section 9.2.
    let offer = "a=group:LS 1 2\na=group:FID 2 3\na=group:XY 1\nm=audio 1 RTP/AVP 0\na=mid:1\nm=video 2 RTP/AVP 31\na=mid:2\n\
                 m=audio 3 RTP/AVP 0\na=mid:3\n";
    let capabilities = Capabilities {
        groups: vec!["LS".into(), "fid".into()],
        ..Capabilities::of([audio(5000), audio(5002)])
    };
    let said = answer_to(&sdp(offer), &capabilities).unwrap();
    let groups: Vec<String> = said.session().named("group").map(str::to_owned).collect();
    assert_eq!(groups, ["LS 1", "FID 3"]);
    let mids: Vec<Option<String>> =
        said.media().map(|media| media.named("mid").next().map(str::to_owned)).collect();
    assert_eq!(mids, [Some("1".to_owned()), None, Some("3".to_owned())]);
}

#[test]
fn tags_of_an_offer_differ() {
    let offer = "m=audio 1 RTP/AVP 0\na=mid:1\nm=audio 3 RTP/AVP 0\na=mid:1\n";
    let refusal = answer_to(&sdp(offer), &Capabilities::of([audio(5000)])).unwrap_err();
    assert_eq!((refusal.media, refusal.rule, refusal.status()), (Some(1), Rule::Mid, 400));
}
