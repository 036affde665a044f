//! What is answered: formats, directions and messages (RFC 3264 section 6, RFC 4975 section 8).

use missiva_sdp::attribute::Direction;
use missiva_sdp::negotiate::{Capabilities, Choice, Codec, MessageMedia, Negotiator, Rule, Stream};

use super::{CHAT, answer, answer_to, audio, author, chat, media_of, pcma, pcmu, sdp};

fn tones() -> Codec {
    Codec::new(101, "telephone-event", 8000).with_fmtp("0-16")
}

/// The answer of one audio stream that has `codecs`.
fn heard(codecs: Vec<Codec>, offer: &str) -> Result<String, Rule> {
    answer(offer, &Capabilities::of([Stream::audio(5000, codecs)]))
}

/// A clause, our codecs, an offer, and the answer to it.
type Row = (&'static str, Vec<Codec>, &'static str, Result<String, Rule>);

#[test]
fn formats_keep_their_order_and_their_numbers() {
    let ilbc = || Codec::new(97, "iLBC", 8000);
    let amr = |fmtp: &str| Codec::new(96, "AMR", 8000).with_fmtp(fmtp);
    let opus = Codec::new(111, "opus", 48000).with_channels(2);
    let h264 = |fmtp: &str| Codec::new(99, "H264", 90000).with_fmtp(fmtp);
    let head = |formats: &str| format!("m=audio 5000 RTP/AVP {formats}\n");
    let table: Vec<Row> = vec![
        (
            "3264 6.1: the order of the offer",
            vec![pcmu(), pcma()],
            "m=audio 1 RTP/AVP 8 0\n",
            Ok(head("8 0") + "a=rtpmap:8 PCMA/8000\na=rtpmap:0 PCMU/8000\na=sendrecv\n"),
        ),
        ("3264 6: nothing in common", vec![pcmu()], "m=audio 1 RTP/AVP 8\n", Err(Rule::Formats)),
        (
            "3264 6.1: the number of the offer",
            vec![ilbc()],
            "m=audio 1 RTP/AVP 120\na=rtpmap:120 ILBC/8000\n",
            Ok(head("120") + "a=rtpmap:120 iLBC/8000\na=sendrecv\n"),
        ),
        (
            "4855 3: another clock is another format",
            vec![ilbc()],
            "m=audio 1 RTP/AVP 97\na=rtpmap:97 iLBC/16000\n",
            Err(Rule::Formats),
        ),
        (
            "4855 3: as many channels",
            vec![opus.clone()],
            "m=audio 1 RTP/AVP 111\na=rtpmap:111 opus/48000/2\n",
            Ok(head("111") + "a=rtpmap:111 opus/48000/2\na=sendrecv\n"),
        ),
        (
            "4855 3: fewer channels",
            vec![opus],
            "m=audio 1 RTP/AVP 111\na=rtpmap:111 opus/48000\n",
            Err(Rule::Formats),
        ),
        (
            "3264 5.1: a number without meaning",
            vec![ilbc()],
            "m=audio 1 RTP/AVP 97\n",
            Err(Rule::Formats),
        ),
        (
            "4733: tones beside a codec",
            vec![pcmu(), tones()],
            "m=audio 1 RTP/AVP 0 98\na=rtpmap:98 telephone-event/8000\na=fmtp:98 0-15\n",
            Ok(head("0 98")
                + "a=rtpmap:0 PCMU/8000\na=rtpmap:98 telephone-event/8000\na=fmtp:98 0-16\na=sendrecv\n"),
        ),
        (
            "4733: tones without a codec",
            vec![pcmu(), tones()],
            "m=audio 1 RTP/AVP 8 98\na=rtpmap:98 telephone-event/8000\n",
            Err(Rule::Formats),
        ),
        (
            "3264 10.1: tones alone, as they were offered",
            vec![pcmu(), tones()],
            "m=audio 1 RTP/AVP 98\na=rtpmap:98 telephone-event/8000\na=recvonly\n",
            Ok(head("98") + "a=rtpmap:98 telephone-event/8000\na=fmtp:98 0-16\na=sendonly\n"),
        ),
        (
            "4867 8.3.1: the same alignment",
            vec![amr("octet-align=1")],
            "m=audio 1 RTP/AVP 96 97\na=rtpmap:96 AMR/8000\na=rtpmap:97 AMR/8000\na=fmtp:97 octet-align=1; mode-set=7\n",
            Ok(head("97") + "a=rtpmap:97 AMR/8000\na=fmtp:97 octet-align=1\na=sendrecv\n"),
        ),
        (
            "4867 8.3.1: another alignment",
            vec![amr("octet-align=1")],
            "m=audio 1 RTP/AVP 96\na=rtpmap:96 AMR/8000\na=fmtp:96 octet-align=0\n",
            Err(Rule::Formats),
        ),
        (
            "6184 8.2.2: the same profile and mode",
            vec![h264("profile-level-id=42e01f;packetization-mode=1")],
            "m=audio 1 RTP/AVP 99\na=rtpmap:99 H264/90000\na=fmtp:99 profile-level-id=42801e;packetization-mode=1\n",
            Ok(head("99")
                + "a=rtpmap:99 H264/90000\na=fmtp:99 profile-level-id=42e01f;packetization-mode=1\na=sendrecv\n"),
        ),
        (
            "6184 8.2.2: another profile",
            vec![h264("profile-level-id=42e01f;packetization-mode=1")],
            "m=audio 1 RTP/AVP 99\na=rtpmap:99 H264/90000\na=fmtp:99 profile-level-id=64001f;packetization-mode=1\n",
            Err(Rule::Formats),
        ),
        (
            "6184 8.2.2: another mode",
            vec![h264("packetization-mode=1")],
            "m=audio 1 RTP/AVP 99\na=rtpmap:99 H264/90000\n",
            Err(Rule::Formats),
        ),
        (
            "4588 8.6: repair of what is there",
            vec![pcmu(), Codec::new(97, "rtx", 8000).with_fmtp("apt=0")],
            "m=audio 1 RTP/AVP 8 0 98 99\na=rtpmap:98 rtx/8000\na=fmtp:98 apt=8\na=rtpmap:99 rtx/8000\na=fmtp:99 apt=0\n",
            Ok(head("0 99")
                + "a=rtpmap:0 PCMU/8000\na=rtpmap:99 rtx/8000\na=fmtp:99 apt=0\na=sendrecv\n"),
        ),
        (
            "4585 4.2: feedback that is offered",
            vec![pcmu().with_feedback("nack").with_feedback("nack pli").with_feedback("ccm fir")],
            "m=audio 1 RTP/AVP 0\na=rtcp-fb:0 nack\na=rtcp-fb:* ccm fir\na=rtcp-fb:8 nack pli\n",
            Ok(head("0")
                + "a=rtpmap:0 PCMU/8000\na=rtcp-fb:0 nack\na=rtcp-fb:0 ccm fir\na=sendrecv\n"),
        ),
    ];
    for (clause, codecs, offer, expected) in table {
        assert_eq!(heard(codecs, offer), expected, "{clause}");
    }
}

#[test]
fn our_order_counts_where_we_say_so() {
    let capabilities = Capabilities { ours_first: true, ..Capabilities::of([audio(5000)]) };
    let said = answer("m=audio 1 RTP/AVP 8 0\n", &capabilities).unwrap();
    assert!(said.starts_with("m=audio 5000 RTP/AVP 0 8\n"), "{said}");
}

#[test]
fn directions_are_what_both_want() {
    // RFC 3264 section 6.1: offer, wish, held, answer.
    use Direction::{Inactive, RecvOnly, SendOnly, SendRecv};
    let table = [
        (SendRecv, SendRecv, false, SendRecv),
        (SendRecv, SendOnly, false, SendOnly),
        (SendRecv, RecvOnly, false, RecvOnly),
        (SendRecv, Inactive, false, Inactive),
        (SendOnly, SendRecv, false, RecvOnly),
        (SendOnly, SendOnly, false, Inactive),
        (SendOnly, RecvOnly, false, RecvOnly),
        (SendOnly, Inactive, false, Inactive),
        (RecvOnly, SendRecv, false, SendOnly),
        (RecvOnly, SendOnly, false, SendOnly),
        (RecvOnly, RecvOnly, false, Inactive),
        (RecvOnly, Inactive, false, Inactive),
        (Inactive, SendRecv, false, Inactive),
        (Inactive, SendOnly, false, Inactive),
        (Inactive, RecvOnly, false, Inactive),
        (Inactive, Inactive, false, Inactive),
        // Section 8.4: who holds receives nothing.
        (SendRecv, SendRecv, true, SendOnly),
        (SendOnly, SendRecv, true, Inactive),
        (RecvOnly, SendRecv, true, SendOnly),
        (SendRecv, RecvOnly, true, Inactive),
    ];
    for (offered, direction, held, expected) in table {
        let word = offered.name().attribute().unwrap();
        let capabilities = Capabilities::of([Stream { direction, held, ..audio(5000) }]);
        let said = answer(&format!("m=audio 1 RTP/AVP 0\na={word}\n"), &capabilities).unwrap();
        let expected = expected.name().attribute().unwrap();
        assert!(
            said.ends_with(&format!("a={expected}\n")),
            "{offered:?} {direction:?} {held}: {said}"
        );
    }
}

#[test]
fn multicast_is_answered_where_it_is() {
    // RFC 3264 section 6.2.
    let said = answer(
        "m=audio 4000 RTP/AVP 0\nc=IN IP4 224.2.1.1/127\na=recvonly\n",
        &Capabilities::of([audio(5000)]),
    );
    let expected =
        "m=audio 4000 RTP/AVP 0\nc=IN IP4 224.2.1.1/127\na=rtpmap:0 PCMU/8000\na=recvonly\n";
    assert_eq!(said.unwrap(), expected);
}

#[test]
fn times_are_those_of_the_offer() {
    // RFC 3264 section 6.
    let text = sdp("m=audio 1 RTP/AVP 0\n")
        .text()
        .replace("t=0 0\r\n", "t=3034423619 3042462419\r\nr=7d 1h 0 25h\r\n");
    let offer = missiva_sdp::Description::parse(text.into()).unwrap();
    let said = answer_to(&offer, &Capabilities::of([audio(5000)])).unwrap();
    assert!(
        said.text().contains("t=3034423619 3042462419\r\nr=7d 1h 0 25h\r\nm=audio 5000"),
        "{}",
        said.text()
    );
}

#[test]
fn each_stream_is_taken_once_and_the_rest_is_refused() {
    let offer = "m=audio 1 RTP/AVP 0\nm=video 2 RTP/AVP 31\nm=audio 0 RTP/AVP 0\nm=audio 3 RTP/AVP 0\nm=audio 4 RTP/AVP 0\n";
    let said = answer(offer, &Capabilities::of([audio(5000), audio(5002)])).unwrap();
    let lines: Vec<&str> = said.lines().filter(|line| line.starts_with("m=")).collect();
    let expected = [
        "m=audio 5000 RTP/AVP 0",
        "m=video 0 RTP/AVP 31",
        "m=audio 0 RTP/AVP 0",
        "m=audio 5002 RTP/AVP 0",
        "m=audio 0 RTP/AVP 0",
    ];
    assert_eq!(lines, expected);
}

#[test]
fn an_offer_of_nothing_is_answered_by_nothing() {
    // RFC 3264 section 5: streams come later. Section 8.2: all of them may go.
    assert_eq!(answer("", &Capabilities::default()), Ok(String::new()));
    let gone = "m=audio 0 RTP/AVP 0\n";
    assert_eq!(answer(gone, &Capabilities::default()), Ok(gone.to_owned()));
}

#[test]
fn the_application_may_decide_about_each_stream() {
    let offer = sdp("m=audio 1 RTP/AVP 0\nm=audio 2 RTP/AVP 0\nm=audio 3 RTP/AVP 0\n");
    let mut negotiator = Negotiator::new(author("2"));
    negotiator.receive_offer(&offer).unwrap();
    let choices = [Choice::Decline, Choice::Accept(Box::new(audio(6000)))];
    let (said, outcome) =
        negotiator.answer_with(&Capabilities::of([audio(5000)]), &choices).unwrap();
    let ports: Vec<u16> = said.media().map(|media| media.port()).collect();
    assert_eq!(ports, [0, 6000, 5000]);
    let refused: Vec<_> =
        outcome.refused.iter().map(|refusal| (refusal.media, refusal.rule)).collect();
    assert_eq!(refused, [(Some(0), Rule::Declined)]);
}

#[test]
fn a_choice_that_does_not_fit_is_refused() {
    let mut negotiator = Negotiator::new(author("2"));
    negotiator.receive_offer(&sdp("m=audio 1 RTP/AVP 0\n")).unwrap();
    let choice = [Choice::Accept(Box::new(chat()))];
    let refusal = negotiator.answer_with(&Capabilities::default(), &choice).unwrap_err();
    assert_eq!((refusal.media, refusal.rule, refusal.status()), (Some(0), Rule::Unsupported, 488));
    // The offer is still there.
    assert!(negotiator.answer(&Capabilities::of([audio(5000)])).is_ok());
}

#[test]
fn messages_need_a_type_that_both_take() {
    // RFC 4975 section 8.6: types and wrapped types of the offer, of ours, verdict.
    let table = [
        ("message/cpim", Some("text/plain"), "message/cpim", Some("text/*"), Ok(())),
        ("text/plain", None, "message/cpim", None, Err(Rule::Types)),
        ("*", None, "message/cpim", None, Ok(())),
        ("text/*", None, "text/plain", None, Ok(())),
        ("image/*", None, "text/*", None, Err(Rule::Types)),
        ("message/cpim", Some("image/png"), "message/cpim", Some("text/*"), Err(Rule::Types)),
        (
            "message/cpim text/plain",
            Some("image/png"),
            "message/cpim text/plain",
            Some("text/*"),
            Ok(()),
        ),
        ("message/cpim", None, "message/cpim", Some("text/*"), Ok(())),
    ];
    for (types, wrapped, ours, our_wrapped, expected) in table {
        let mut offer =
            format!("m=message 7 TCP/MSRP *\na=accept-types:{types}\na=path:msrp://h/s;tcp\n");
        if let Some(wrapped) = wrapped {
            offer += &format!("a=accept-wrapped-types:{wrapped}\n");
        }
        let mut media = MessageMedia::new("msrp://192.0.2.9:9/ours;tcp", ours);
        media.accept_wrapped_types = our_wrapped.map(Into::into);
        let said = answer(&offer, &Capabilities::of([Stream::message(9, media)]));
        assert_eq!(said.map(drop), expected, "{types} {wrapped:?} {ours} {our_wrapped:?}");
    }
}

#[test]
fn both_know_what_may_be_sent() {
    let mut negotiator = Negotiator::new(author("2"));
    let offer = CHAT.replace("message/cpim text/plain", "message/cpim image/* text/*")
        + "a=max-size:2048\n";
    negotiator.receive_offer(&sdp(&offer)).unwrap();
    let mut ours = chat();
    ours.message.as_mut().unwrap().accept_types = "message/cpim text/plain image/* audio/*".into();
    negotiator.answer(&Capabilities::of([ours])).unwrap();
    let streams = negotiator.streams();
    let common: Vec<&str> = streams[0].common_types().iter().map(|range| range.as_str()).collect();
    assert_eq!(common, ["message/cpim", "text/plain", "image/*"]);
    assert!(streams[0].peer_takes("text/html") && !streams[0].peer_takes("audio/amr"));
    assert_eq!(streams[0].peer_max_size(), Some(2048));
}

#[test]
fn what_we_say_has_nothing_that_ends_its_line() {
    let evil = Stream {
        attributes: vec![("x".into(), Some("a\r\nm=audio 1 RTP/AVP 0".into()))],
        ..audio(5000)
    };
    let mut negotiator = Negotiator::new(author("2"));
    negotiator.receive_offer(&sdp("m=audio 1 RTP/AVP 0\n")).unwrap();
    let refusal = negotiator.answer(&Capabilities::of([evil])).unwrap_err();
    assert!(matches!(refusal.rule, Rule::Unwritable(_)) && refusal.status() == 500, "{refusal}");
    assert!(media_of(negotiator.outstanding().unwrap()).starts_with("m=audio 1"));
}
