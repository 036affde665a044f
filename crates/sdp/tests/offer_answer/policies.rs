//! What may pass (F-085, F-112, F-121), and preferred streams (F-059).

use missiva_sdp::Description;
use missiva_sdp::attribute::Direction;
use missiva_sdp::negotiate::{
    Allow, Capabilities, Codec, Negotiator, Plan, Policy, Rule, Stream, preferred,
};

use super::{CHAT, answer, audio, author, chat, files, media_of, pcmu, sdp};

type Verdict = Result<&'static str, Rule>;

fn policy(change: impl FnOnce(&mut Policy)) -> Policy {
    let mut policy = Policy::default();
    change(&mut policy);
    policy
}

const FILE: &str = "m=message 7 TCP/MSRP *\na=accept-types:*\na=path:msrp://h/s;tcp\na=file-selector:type:image/png size:100\n\
                    a=file-transfer-id:T\na=sendonly\n";

#[test]
fn offers_are_trimmed_to_what_may_pass() {
    let only = |names: &[&'static str]| Allow::only(names.iter().copied());
    let table: Vec<(&str, Policy, String, Verdict)> = vec![
        (
            "a kind",
            policy(|it| it.kinds = only(&["audio"])),
            "m=audio 1 RTP/AVP 0\nm=video 2 RTP/AVP 31\na=x:kept \n".into(),
            Ok("m=audio 1 RTP/AVP 0\nm=video 0 RTP/AVP 31\na=x:kept \n"),
        ),
        ("no kind", policy(|it| it.kinds = only(&["text"])), "m=audio 1 RTP/AVP 0\nm=video 2 RTP/AVP 31\n".into(), Err(Rule::Nothing)),
        (
            "a protocol",
            policy(|it| it.protocols = only(&["rtp/savp"])),
            "m=audio 1 RTP/AVP 0\nm=audio 2 RTP/SAVP 0\n".into(),
            Ok("m=audio 0 RTP/AVP 0\nm=audio 2 RTP/SAVP 0\n"),
        ),
        (
            "codecs",
            policy(|it| it.codecs = only(&["pcmu", "telephone-event"])),
            "m=audio 1 RTP/AVP 0 8 97 101\na=rtpmap:0 PCMU/8000\na=rtpmap:97 iLBC/8000\na=fmtp:97 mode=20\na=rtpmap:101 telephone-event/8000\na=rtcp-fb:* nack\n".into(),
            Ok("m=audio 1 RTP/AVP 0 101\na=rtpmap:0 PCMU/8000\na=rtpmap:101 telephone-event/8000\na=rtcp-fb:* nack\n"),
        ),
        (
            "tones alone are no stream",
            policy(|it| it.codecs = only(&["telephone-event"])),
            "m=audio 1 RTP/AVP 0 101\na=rtpmap:101 telephone-event/8000\n".into(),
            Err(Rule::Nothing),
        ),
        (
            "repair goes with what it repairs",
            policy(|it| it.codecs = only(&["pcmu", "rtx"])),
            "m=audio 1 RTP/AVP 0 8 98\na=rtpmap:98 rtx/8000\na=fmtp:98 apt=8\n".into(),
            Ok("m=audio 1 RTP/AVP 0\n"),
        ),
        (
            "types",
            policy(|it| it.types = only(&["message/cpim", "image/*"])),
            "m=message 7 TCP/MSRP *\na=accept-types:message/cpim text/plain image/png\na=path:msrp://h/s;tcp\n".into(),
            Ok("m=message 7 TCP/MSRP *\na=accept-types:message/cpim image/png\na=path:msrp://h/s;tcp\n"),
        ),
        (
            "a wide range becomes a narrow one",
            policy(|it| it.types = only(&["message/cpim", "image/*"])),
            "m=message 7 TCP/MSRP *\na=accept-types:*\na=path:msrp://h/s;tcp\n".into(),
            Ok("m=message 7 TCP/MSRP *\na=accept-types:message/cpim image/*\na=path:msrp://h/s;tcp\n"),
        ),
        ("no type", policy(|it| it.types = only(&["image/*"])), CHAT.into(), Err(Rule::Nothing)),
        (
            "wrapped types",
            policy(|it| it.wrapped_types = only(&["text/plain"])),
            "m=message 7 TCP/MSRP *\na=accept-types:message/cpim\na=accept-wrapped-types:text/plain image/png\na=path:msrp://h/s;tcp\n".into(),
            Ok("m=message 7 TCP/MSRP *\na=accept-types:message/cpim\na=accept-wrapped-types:text/plain\na=path:msrp://h/s;tcp\n"),
        ),
        (
            "no wrapped type in a stream of wrappers",
            policy(|it| it.wrapped_types = only(&["text/plain"])),
            "m=message 7 TCP/MSRP *\na=accept-types:message/cpim\na=accept-wrapped-types:image/png\na=path:msrp://h/s;tcp\n".into(),
            Err(Rule::Nothing),
        ),
        ("a size", policy(|it| it.max_size = Some(100)), FILE.into(), Ok(FILE)),
        ("a size one over", policy(|it| it.max_size = Some(99)), FILE.into(), Err(Rule::TooLarge)),
        (
            "the size of messages",
            policy(|it| it.max_size = Some(99)),
            "m=message 7 TCP/MSRP *\na=max-size:5000\n".into(),
            Ok("m=message 7 TCP/MSRP *\na=max-size:99\n"),
        ),
        ("no files", policy(|it| it.files = false), FILE.into(), Err(Rule::Nothing)),
        ("the type of a file", policy(|it| it.types = only(&["text/*"])), FILE.into(), Err(Rule::Nothing)),
        (
            "a direction",
            policy(|it| it.direction = Direction::SendOnly),
            "m=audio 1 RTP/AVP 0\na=sendrecv\na=x:kept\n".into(),
            Ok("m=audio 1 RTP/AVP 0\na=sendonly\na=x:kept\n"),
        ),
        ("a direction that says nothing", policy(|it| it.direction = Direction::SendOnly), "m=audio 1 RTP/AVP 0\n".into(), Ok("m=audio 1 RTP/AVP 0\na=sendonly\n")),
        (
            "a number of streams",
            policy(|it| it.max_streams = Some(1)),
            "m=audio 1 RTP/AVP 0\nm=video 2 RTP/AVP 31\na=cpm-preferred\n".into(),
            Ok("m=audio 0 RTP/AVP 0\nm=video 2 RTP/AVP 31\na=cpm-preferred\n"),
        ),
        (
            "groups lose what is refused",
            policy(|it| it.kinds = only(&["audio"])),
            "a=group:LS 1 2\na=group:FID 2\nm=audio 1 RTP/AVP 0\na=mid:1\nm=video 2 RTP/AVP 31\na=mid:2\n".into(),
            Ok("m=audio 1 RTP/AVP 0\na=mid:1\nm=video 0 RTP/AVP 31\na=mid:2\n"),
        ),
        ("nothing to refuse", policy(|it| it.kinds = only(&["x"])), "m=audio 0 RTP/AVP 0\n".into(), Ok("m=audio 0 RTP/AVP 0\n")),
    ];
    for (what, policy, offer, expected) in table {
        let verdict = policy.trim(&sdp(&offer));
        let status = verdict.as_ref().err().map(|refusal| refusal.status());
        let trimmed = verdict.map(|trimmed| media_of(&trimmed)).map_err(|refusal| refusal.rule);
        assert_eq!(trimmed, expected.map(str::to_owned), "{what}");
        let by_size = expected == Err(Rule::TooLarge);
        assert_eq!(status, expected.err().map(|_| if by_size { 403 } else { 488 }), "{what}");
    }
}

#[test]
fn what_may_pass_as_it_is_shares_its_text() {
    let offer = sdp(CHAT);
    let passed = Policy::default().trim(&offer).unwrap();
    assert_eq!(passed.text().as_bytes().as_ptr(), offer.text().as_bytes().as_ptr());
}

#[test]
fn untouched_lines_leave_as_they_came() {
    let text = "v=0\no=-  1 1 IN IP4 192.0.2.1\ns=-\nc=IN IP4 192.0.2.1\nt=0 0\na=group:LS 1 2\nm=audio 1 RTP/AVP 0 8\na=mid:1\n\
                a=X-Odd:  kept \nm=video 2 RTP/AVP 31\na=mid:2\n";
    let offer = Description::parse(text.into()).unwrap();
    let policy = policy(|it| it.kinds = Allow::only(["audio"]));
    let passed = policy.trim(&offer).unwrap();
    let expected = text
        .replace("LS 1 2\n", "LS 1\r\n")
        .replace("m=video 2 RTP/AVP 31\n", "m=video 0 RTP/AVP 31\r\n");
    assert_eq!(&**passed.text(), expected);
}

#[test]
fn the_accepted_set_goes_back_as_it_is() {
    // F-112, F-121: what the callee takes of the trimmed offer is a valid answer to the whole one.
    let mut alice = Negotiator::new(author("1"));
    let video = |port| Stream::video(port, vec![Codec::new(31, "H261", 90000)]);
    let offer = alice.offer(&Plan::of([video(4002), audio(4000), chat()])).unwrap();
    let policy = policy(|it| it.kinds = Allow::only(["audio", "message"]));
    let passed = policy.trim(&offer).unwrap();
    let mut bob = Negotiator::new(author("2"));
    bob.receive_offer(&passed).unwrap();
    let (answer, _) = bob.answer(&Capabilities::of([audio(5000), video(5002)])).unwrap();
    let outcome = alice.receive_answer(&answer).unwrap();
    let live: Vec<bool> = alice.streams().iter().map(|stream| stream.is_live()).collect();
    assert_eq!((live, outcome.refused.len()), (vec![false, true, false], 0));
}

#[test]
fn our_own_answers_keep_the_policy() {
    let with =
        |policy: Policy, streams: Vec<Stream>| Capabilities { policy, ..Capabilities::of(streams) };
    let both =
        "m=audio 1 RTP/AVP 0 8\nm=message 7 TCP/MSRP *\na=accept-types:*\na=path:msrp://h/s;tcp\n";
    let refused = answer(
        both,
        &with(policy(|it| it.kinds = Allow::only(["audio"])), vec![audio(5000), chat()]),
    );
    assert!(refused.unwrap().ends_with("m=message 0 TCP/MSRP *\n"));
    let codec = answer(
        "m=audio 1 RTP/AVP 0 8\n",
        &with(policy(|it| it.codecs = Allow::only(["PCMA"])), vec![audio(5000)]),
    );
    assert!(codec.unwrap().starts_with("m=audio 5000 RTP/AVP 8\n"));
    let none = answer(
        "m=audio 1 RTP/AVP 0\n",
        &with(policy(|it| it.codecs = Allow::only(["PCMA"])), vec![audio(5000)]),
    );
    assert_eq!(none, Err(Rule::Forbidden));
    let types = answer(CHAT, &with(policy(|it| it.types = Allow::only(["text/*"])), vec![chat()]));
    assert!(types.unwrap().contains("a=accept-types:text/plain\n"));
    let one_way = answer(
        "m=audio 1 RTP/AVP 0\n",
        &with(policy(|it| it.direction = Direction::SendOnly), vec![audio(5000)]),
    );
    assert!(one_way.unwrap().ends_with("a=recvonly\n"));
    assert_eq!(
        answer(FILE, &with(policy(|it| it.files = false), vec![files()])),
        Err(Rule::Forbidden)
    );
    assert_eq!(
        answer(FILE, &with(policy(|it| it.max_size = Some(99)), vec![files()])),
        Err(Rule::TooLarge)
    );
    assert_eq!(
        answer(FILE, &with(policy(|it| it.types = Allow::only(["text/*"])), vec![files()])),
        Err(Rule::Forbidden)
    );
    assert!(answer(FILE, &with(policy(|it| it.max_size = Some(100)), vec![files()])).is_ok());
}

#[test]
fn none_acceptable_means_488() {
    // F-085.
    let mut bob = Negotiator::new(author("2"));
    bob.receive_offer(&sdp("m=audio 1 RTP/AVP 9\nm=video 2 RTP/AVP 31\n")).unwrap();
    let refusal = bob.answer(&Capabilities::of([audio(5000)])).unwrap_err();
    assert_eq!((refusal.media, refusal.rule, refusal.status()), (None, Rule::Nothing, 488));
    bob.reject().unwrap();
}

#[test]
fn a_preferred_stream_is_the_one_that_is_had() {
    // F-059: first, or marked; honoured where only one of the two can be had.
    let video = |port| Stream::video(port, vec![Codec::new(31, "H261", 90000)]);
    let one = Capabilities {
        policy: policy(|it| it.max_streams = Some(1)),
        ..Capabilities::of([audio(5000), video(5002)])
    };
    let plain = sdp("m=audio 1 RTP/AVP 0\nm=video 2 RTP/AVP 31\n");
    let marked = sdp("m=audio 1 RTP/AVP 0\nm=video 2 RTP/AVP 31\na=cpm-preferred\n");
    for (offer, index, live) in [(&plain, 0, [true, false]), (&marked, 1, [false, true])] {
        assert_eq!(preferred(offer), Some(index));
        let mut bob = Negotiator::new(author("2"));
        bob.receive_offer(offer).unwrap();
        let (answer, _) = bob.answer(&one).unwrap();
        let said: Vec<bool> = answer.media().map(|media| media.port() != 0).collect();
        assert_eq!(said, live);
        assert_eq!(preferred(&answer), Some(index));
        assert_eq!(bob.streams()[index].is_preferred(), index == 1);
    }
    assert_eq!(preferred(&sdp("m=audio 0 RTP/AVP 0\nm=video 2 RTP/AVP 31\n")), Some(1));
    assert_eq!(preferred(&sdp("")), None);
    let ours = Stream { preferred: true, ..Stream::audio(4000, vec![pcmu()]) };
    let mut alice = Negotiator::new(author("1"));
    let offer = alice.offer(&Plan::of([video(4002), ours])).unwrap();
    assert_eq!(preferred(&offer), Some(1));
}
