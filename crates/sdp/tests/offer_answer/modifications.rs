//! Sessions that change (RFC 3264 section 8).

use missiva_sdp::attribute::Direction;
use missiva_sdp::line::Address;
use missiva_sdp::negotiate::{
    Capabilities, Change, Codec, Demands, Negotiator, Plan, Rule, Slot, State, Stream, What,
    changes,
};
use missiva_sdp::{Description, field};

use super::{audio, author, chat, media_of, numbered, sdp};

/// Two sides that have agreed on `plan`.
fn pair(plan: &Plan, capabilities: &Capabilities) -> (Negotiator, Negotiator) {
    let (mut alice, mut bob) = (Negotiator::new(author("1")), Negotiator::new(author("2")));
    exchange(&mut alice, &mut bob, plan, capabilities);
    (alice, bob)
}

fn exchange(
    from: &mut Negotiator,
    to: &mut Negotiator,
    plan: &Plan,
    capabilities: &Capabilities,
) -> (Description, Description) {
    let offer = from.offer(plan).unwrap();
    to.receive_offer(&offer).unwrap();
    let (answer, _) = to.answer(capabilities).unwrap();
    from.receive_answer(&answer).unwrap();
    (offer, answer)
}

fn version(description: &Description) -> u64 {
    description.session().get::<field::Origin>().unwrap().unwrap().version
}

#[test]
fn the_version_counts_changes_alone() {
    // RFC 3264 section 8.
    let capabilities = Capabilities::of([audio(5000), audio(5002)]);
    let (mut alice, mut bob) = pair(&Plan::of([audio(4000)]), &capabilities);
    let plan = alice.plan().clone();
    let (same, again) = exchange(&mut alice, &mut bob, &plan, &capabilities);
    assert_eq!((version(&same), version(&again)), (1, 1));
    let mut plan = alice.plan().clone();
    plan.add(audio(4002));
    let (more, answer) = exchange(&mut alice, &mut bob, &plan, &capabilities);
    assert_eq!((version(&more), version(&answer)), (2, 2));
    let origin =
        |one: &Description| one.session().get::<field::Origin>().unwrap().unwrap().to_owned_parts();
    assert_eq!(origin(&same), origin(&more));
}

/// What of `o=` never changes.
trait Parts {
    fn to_owned_parts(&self) -> (String, String, String);
}

impl Parts for missiva_sdp::line::Origin<'_> {
    fn to_owned_parts(&self) -> (String, String, String) {
        (self.username.into(), self.session_id.into(), self.address.host.to_string())
    }
}

#[test]
fn a_refused_offer_uses_its_version_up() {
    let mut alice = Negotiator::new(author("1"));
    let first = alice.offer(&Plan::of([audio(4000)])).unwrap();
    alice.roll_back().unwrap();
    let second = alice.offer(&Plan::of([audio(4002)])).unwrap();
    alice.roll_back().unwrap();
    let third = alice.offer(&Plan::of([audio(4002)])).unwrap();
    assert_eq!([first, second, third].map(|one| version(&one)), [1, 2, 2]);
}

#[test]
fn new_offers_follow_from_the_description_before() {
    const AUDIO: &str = "m=audio 4000 RTP/AVP 0\n";
    const DYNAMIC: &str = "m=audio 4000 RTP/AVP 97\na=rtpmap:97 iLBC/8000\n";
    let table: Vec<(&str, &str, Description, Result<(), Rule>)> = vec![
        ("8: the same", AUDIO, numbered(1, AUDIO), Ok(())),
        ("8: changed and counted", AUDIO, numbered(2, "m=audio 4002 RTP/AVP 0\n"), Ok(())),
        ("8: counted without change", AUDIO, numbered(2, AUDIO), Ok(())),
        (
            "8: changed and not counted",
            AUDIO,
            numbered(1, "m=audio 4002 RTP/AVP 0\n"),
            Err(Rule::Version),
        ),
        ("8: counted down", AUDIO, numbered(0, AUDIO), Err(Rule::Version)),
        (
            "8: another session",
            AUDIO,
            Description::parse(numbered(2, AUDIO).text().replace("o=- 1 ", "o=- 7 ").into())
                .unwrap(),
            Err(Rule::Session),
        ),
        ("8: a stream is missing", AUDIO, numbered(2, ""), Err(Rule::StreamCount)),
        (
            "8.1: a stream more",
            AUDIO,
            numbered(2, "m=audio 4000 RTP/AVP 0\nm=video 1 RTP/AVP 31\n"),
            Ok(()),
        ),
        (
            "8.1: a free place is used again",
            "m=audio 0 RTP/AVP 0\n",
            numbered(2, "m=video 1 RTP/AVP 31\n"),
            Ok(()),
        ),
        ("8.2: a stream is refused", AUDIO, numbered(2, "m=audio 0 RTP/AVP 0\n"), Ok(())),
        (
            "8.3.2: another format",
            DYNAMIC,
            numbered(2, "m=audio 4000 RTP/AVP 98\na=rtpmap:98 AMR/8000\n"),
            Ok(()),
        ),
        (
            "8.3.2: another meaning",
            DYNAMIC,
            numbered(2, "m=audio 4000 RTP/AVP 97\na=rtpmap:97 AMR/8000\n"),
            Err(Rule::PayloadMap),
        ),
        ("8.3.3: another media type", AUDIO, numbered(2, "m=image 4000 udptl t38\n"), Ok(())),
        ("8.4: hold", AUDIO, numbered(2, "m=audio 4000 RTP/AVP 0\na=sendonly\n"), Ok(())),
    ];
    let t38 = || Stream { formats: vec!["t38".into()], ..Stream::new("image", "udptl", 5004) };
    let video = || Stream::video(5002, vec![Codec::new(31, "H261", 90000)]);
    let voice = || {
        Stream::audio(
            5000,
            vec![super::pcmu(), Codec::new(97, "iLBC", 8000), Codec::new(98, "AMR", 8000)],
        )
    };
    for (clause, before, after, expected) in table {
        let capabilities = Capabilities::of([voice(), video(), t38()]);
        let mut negotiator = Negotiator::new(author("2"));
        negotiator.receive_offer(&sdp(before)).unwrap();
        negotiator.answer(&capabilities).unwrap();
        let verdict = negotiator.receive_offer(&after);
        assert_eq!(verdict.map(drop).map_err(|refusal| refusal.rule), expected, "{clause}");
        let state = if expected.is_ok() { State::OfferReceived } else { State::Stable };
        assert_eq!(negotiator.state(), state, "{clause}");
    }
}

#[test]
fn an_answer_follows_from_the_description_before_too() {
    let capabilities = Capabilities::of([audio(5000)]);
    let (mut alice, _) = pair(&Plan::of([audio(4000)]), &capabilities);
    let mut plan = alice.plan().clone();
    plan.hold(0).unwrap();
    alice.offer(&plan).unwrap();
    let stranger = alice.remote().unwrap().text().replace("o=- 2 ", "o=- 3 ");
    let stranger = Description::parse(stranger.into()).unwrap();
    assert_eq!(alice.receive_answer(&stranger).unwrap_err().rule, Rule::Session);
    let lenient = Negotiator::with_demands(author("1"), Demands::LENIENT);
    assert_eq!(lenient.state(), State::Idle);
}

#[test]
fn lenient_elements_take_what_phones_do() {
    let mut bob = Negotiator::with_demands(author("2"), Demands::LENIENT);
    bob.receive_offer(&sdp("m=audio 4000 RTP/AVP 0\n")).unwrap();
    bob.answer(&Capabilities::of([audio(5000)])).unwrap();
    // Held without a count, by another party.
    let held = sdp("m=audio 4000 RTP/AVP 0\na=sendonly\n").text().replace("o=- 1 ", "o=- 9 ");
    bob.receive_offer(&Description::parse(held.into()).unwrap()).unwrap();
    let (answer, _) = bob.answer(&Capabilities::default()).unwrap();
    assert!(answer.text().ends_with("a=recvonly\r\n"));
}

#[test]
fn hold_and_resume_follow_the_direction_that_was() {
    // RFC 3264 section 8.4: sendrecv becomes sendonly, recvonly becomes inactive.
    let table = [
        (Direction::SendRecv, Direction::SendOnly, Direction::RecvOnly),
        (Direction::RecvOnly, Direction::Inactive, Direction::Inactive),
        (Direction::SendOnly, Direction::SendOnly, Direction::RecvOnly),
    ];
    for (direction, offered, answered) in table {
        let capabilities = Capabilities::of([audio(5000)]);
        let (mut alice, mut bob) =
            pair(&Plan::of([Stream { direction, ..audio(4000) }]), &capabilities);
        let mut plan = alice.plan().clone();
        plan.hold(0).unwrap();
        let (offer, answer) = exchange(&mut alice, &mut bob, &plan, &capabilities);
        let said = [&offer, &answer].map(|one| one.media_at(0).unwrap().effective_direction());
        assert_eq!(said, [offered, answered]);
        assert_eq!(bob.streams()[0].direction(), answered);
        let mut plan = alice.plan().clone();
        plan.resume(0).unwrap();
        exchange(&mut alice, &mut bob, &plan, &capabilities);
        assert_eq!(alice.streams()[0].direction(), direction);
    }
}

#[test]
fn both_may_hold_and_each_resumes_for_itself() {
    let capabilities = Capabilities::of([audio(5000)]);
    let (mut alice, mut bob) = pair(&Plan::of([audio(4000)]), &capabilities);
    let mut plan = alice.plan().clone();
    plan.hold(0).unwrap();
    exchange(&mut alice, &mut bob, &plan, &capabilities);
    let mut plan = bob.plan().clone();
    plan.hold(0).unwrap();
    exchange(&mut bob, &mut alice, &plan, &capabilities);
    assert_eq!(alice.streams()[0].direction(), Direction::Inactive);
    let mut plan = alice.plan().clone();
    plan.resume(0).unwrap();
    exchange(&mut alice, &mut bob, &plan, &capabilities);
    assert_eq!(alice.streams()[0].direction(), Direction::RecvOnly);
    let mut plan = bob.plan().clone();
    plan.resume(0).unwrap();
    exchange(&mut bob, &mut alice, &plan, &capabilities);
    assert_eq!(alice.streams()[0].direction(), Direction::SendRecv);
}

#[test]
fn streams_come_and_go_and_their_places_stay() {
    let video = |port| Stream::video(port, vec![Codec::new(31, "H261", 90000)]);
    let capabilities = Capabilities::of([audio(5000), video(5002), chat()]);
    let (mut alice, mut bob) = pair(&Plan::of([audio(4000)]), &capabilities);
    let mut plan = alice.plan().clone();
    assert_eq!(plan.add(video(4002)), 1);
    exchange(&mut alice, &mut bob, &plan, &capabilities);
    let mut plan = bob.plan().clone();
    plan.remove(0).unwrap();
    let (offer, answer) = exchange(&mut bob, &mut alice, &plan, &capabilities);
    assert!(
        media_of(&offer).starts_with("m=audio 0 RTP/AVP 0 8\nm=video 5002"),
        "{}",
        offer.text()
    );
    assert!(
        media_of(&answer).starts_with("m=audio 0 RTP/AVP 0 8\nm=video 4002"),
        "{}",
        answer.text()
    );
    assert!(matches!(alice.plan().slots(), [Slot::Refused { .. }, Slot::Live(_)]));
    // RFC 3264 section 8.1: the free place takes another stream.
    let mut plan = alice.plan().clone();
    assert_eq!(plan.add(Stream { port: 9, ..chat() }), 0);
    exchange(&mut alice, &mut bob, &plan, &capabilities);
    let kinds: Vec<&str> = bob.local().unwrap().media().map(|media| media.kind()).collect();
    assert_eq!(kinds, ["message", "video"]);
}

#[test]
fn a_plan_that_forgets_a_place_makes_no_offer() {
    let capabilities = Capabilities::of([audio(5000)]);
    let (mut alice, _) = pair(&Plan::of([audio(4000)]), &capabilities);
    assert_eq!(alice.offer(&Plan::new()).unwrap_err().rule, Rule::StreamCount);
    assert_eq!(alice.offer(&Plan::of([audio(0)])).unwrap_err().rule, Rule::NoStream);
    assert_eq!(alice.state(), State::Stable);
    let mut plan = alice.plan().clone();
    assert_eq!(plan.hold(1).unwrap_err().rule, Rule::NoStream);
    plan.remove(0).unwrap();
    assert_eq!(plan.resume(0).unwrap_err().rule, Rule::NoStream);
    assert_eq!(plan.set_direction(0, Direction::Inactive).unwrap_err().media, Some(0));
}

#[test]
fn another_address_is_a_change_of_address() {
    // RFC 3264 section 8.3.1.
    let capabilities = Capabilities::of([audio(5000)]);
    let (mut alice, mut bob) = pair(&Plan::of([audio(4000)]), &capabilities);
    let mut plan = alice.plan().clone();
    plan.set_connection(&Address::internet("198.51.100.7".parse().unwrap()));
    let offer = alice.offer(&plan).unwrap();
    assert!(offer.text().contains("IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 198.51.100.7\r\n"));
    assert_eq!(bob.receive_offer(&offer).unwrap(), [Change { media: 0, what: What::Address }]);
}

#[test]
fn changes_are_told_one_by_one() {
    let before = "m=message 7 TCP/MSRP *\na=accept-types:*\na=path:msrp://h/s;tcp\na=setup:actpass\na=sendonly\n\
                  a=file-selector:size:9 type:a/b\na=file-transfer-id:T\na=fingerprint:sha-256 x\na=label:1\n";
    let direction = What::Direction { from: Direction::SendOnly, to: Direction::Inactive };
    let table = [
        ("=sendonly", "=inactive", direction),
        ("message 7", "message 8", What::Address),
        ("TCP/", "TCP/TLS/", What::Protocol),
        ("message 7", "application 7", What::Kind),
        ("/s;", "/t;", What::Path),
        ("types:*", "types:a/b", What::Types),
        ("actpass", "active", What::Setup),
        ("-id:T", "-id:U", What::File),
        ("size:9", "size:8", What::File),
        ("a=file-tr", "a=file-range:2-9\na=file-tr", What::FileRange),
        ("sha-256 x", "sha-256 y", What::Keys),
        ("label:1", "label:2", What::Other),
        ("a=label", "a=cpm-preferred\na=label", What::Preferred),
        ("message 7", "message 0", What::Removed),
    ];
    for (from, to, what) in table {
        let after = before.replacen(from, to, 1);
        let list = changes(Some(&sdp(before)), &sdp(&after)).unwrap();
        assert_eq!(list, [Change { media: 0, what }], "{from} {to}");
    }
    assert_eq!(changes(Some(&sdp(before)), &sdp(before)).unwrap(), []);
    assert_eq!(changes(None, &sdp(before)).unwrap(), [Change { media: 0, what: What::Added }]);
    assert_eq!(
        changes(Some(&sdp(before)), &sdp("")).unwrap(),
        [Change { media: 0, what: What::Removed }]
    );
    let (old, new) = ("m=audio 1 RTP/AVP 0 8\n", "m=audio 1 RTP/AVP 8 0\n");
    assert_eq!(
        changes(Some(&sdp(old)), &sdp(new)).unwrap(),
        [Change { media: 0, what: What::Formats }]
    );
}
