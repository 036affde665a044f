//! Whatever two sides want and whatever happens on the way, both end with one view, and every answer is valid.

use missiva_sdp::Description;
use missiva_sdp::attribute::{Direction, Setup};
use missiva_sdp::negotiate::{
    Agreed, Capabilities, Codec, Demands, File, MessageMedia, Negotiator, Outcome, Plan, Refusal,
    Rule, Slot, State, Stream, check_answer,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::author;

const FILE: &str = "name:\"a\" type:image/png size:100 hash:sha-1:72:24:5F:E8:65:3D:DA:F3:71:36:2F:86:D4:71:91:3E:E4:A2:CE:2E";

/// One thing that a side does, and what becomes of it.
#[derive(Clone, Debug)]
struct Step {
    by_first: bool,
    action: Action,
    fate: Fate,
}

#[derive(Clone, Debug)]
enum Action {
    Add(Box<Stream>),
    Remove(usize),
    Hold(usize),
    Resume(usize),
    Direct(usize, Direction),
    Refresh,
}

#[derive(Clone, Copy, Debug)]
enum Fate {
    Delivered,
    /// The offer does not arrive.
    OfferLost,
    /// The other side answers with a failure.
    Rejected,
    /// The answer does not arrive, and both come to know of it.
    AnswerLost,
    /// The other side offers at the same time.
    Glare,
}

fn codecs() -> impl Strategy<Value = Vec<Codec>> {
    let all = vec![
        Codec::new(0, "PCMU", 8000),
        Codec::new(8, "PCMA", 8000),
        Codec::new(9, "G722", 8000),
        Codec::new(96, "iLBC", 8000),
        Codec::new(97, "AMR-WB", 16000).with_fmtp("octet-align=1"),
        Codec::new(98, "opus", 48000).with_channels(2),
        Codec::new(99, "telephone-event", 8000),
    ];
    (subsequence(all, 1..=7), 0..4u8).prop_map(|(mut codecs, shift)| {
        // The two sides number in their own ways.
        let dynamic = codecs.iter_mut().filter(|codec| codec.payload >= 96);
        dynamic.for_each(|codec| codec.payload += 5 * shift);
        codecs
    })
}

fn message() -> impl Strategy<Value = MessageMedia> {
    let types = ["message/cpim", "text/plain", "text/*", "image/png", "*"].to_vec();
    let wrapped = ["text/plain", "image/*", "*"].to_vec();
    let parts = (
        subsequence(types, 1..=5),
        subsequence(wrapped, 0..=3),
        any::<bool>(),
        option::of(50..150u64),
        any::<u16>(),
    );
    parts.prop_map(|(types, wrapped, cema, max_size, id)| {
        let media = MessageMedia::new(&format!("msrp://192.0.2.9:9/s{id};tcp"), &types.join(" "));
        let media = MessageMedia { cema, max_size, ..media };
        if wrapped.is_empty() { media } else { media.wrapping(&wrapped.join(" ")) }
    })
}

fn stream() -> impl Strategy<Value = Stream> {
    let kind = prop_oneof![
        codecs().prop_map(|codecs| Stream::audio(4000, codecs)),
        subsequence(vec![Codec::new(31, "H261", 90000), Codec::new(34, "H263", 90000)], 1..=2)
            .prop_map(|codecs| Stream::video(4002, codecs)),
        message().prop_map(|media| Stream::message(9, media)),
    ];
    let setup =
        option::of(select(vec![Setup::Active, Setup::Passive, Setup::ActPass, Setup::HoldConn]));
    let parts =
        (kind, select(Direction::ALL.to_vec()), any::<bool>(), setup, any::<bool>(), any::<bool>());
    parts.prop_map(|(stream, direction, held, setup, rtcp_mux, preferred)| {
        let setup = setup.filter(|_| stream.message.is_some());
        Stream { direction, held, setup, rtcp_mux, preferred, ..stream }
    })
}

/// A stream that a side adds: of any kind, or a file to give or to ask for.
fn added() -> impl Strategy<Value = Stream> {
    let file = (message(), any::<bool>(), 0..1000u32, option::of(1..101u64)).prop_map(
        |(media, gives, id, start)| {
            let range = start.map(|start| missiva_sdp::file::FileRange { start, stop: None });
            let selector = if gives { FILE } else { &FILE[FILE.find("hash").unwrap()..] };
            let file = File {
                selector: selector.into(),
                transfer_id: format!("t{id}").into(),
                range,
                ..File::ANY
            };
            let direction = if gives { Direction::SendOnly } else { Direction::RecvOnly };
            Stream::file(9, media, file, direction)
        },
    );
    prop_oneof![3 => stream(), 1 => file]
}

fn capabilities() -> impl Strategy<Value = Capabilities> {
    let place =
        message().prop_map(|media| Stream { file: Some(File::ANY), ..Stream::message(9, media) });
    let streams = vec(prop_oneof![4 => stream(), 1 => place], 0..6);
    (streams, any::<bool>(), any::<bool>()).prop_map(|(streams, ours_first, has_file)| {
        let mut capabilities = Capabilities { ours_first, ..Capabilities::of(streams) };
        capabilities.files.extend(has_file.then(|| FILE.into()));
        capabilities.groups.push("LS".into());
        capabilities
    })
}

fn step() -> impl Strategy<Value = Step> {
    let at = 0..6usize;
    let action = prop_oneof![
        3 => added().prop_map(|stream| Action::Add(Box::new(stream))),
        1 => at.clone().prop_map(Action::Remove),
        1 => at.clone().prop_map(Action::Hold),
        1 => at.clone().prop_map(Action::Resume),
        1 => (at, select(Direction::ALL.to_vec())).prop_map(|(at, direction)| Action::Direct(at, direction)),
        1 => Just(Action::Refresh),
    ];
    let fate = prop_oneof![
        6 => Just(Fate::Delivered),
        1 => Just(Fate::OfferLost),
        1 => Just(Fate::Rejected),
        1 => Just(Fate::AnswerLost),
        1 => Just(Fate::Glare),
    ];
    (any::<bool>(), action, fate).prop_map(|(by_first, action, fate)| Step {
        by_first,
        action,
        fate,
    })
}

/// What a side has, as far as the other has it too. `mirrored` turns it around.
fn view(negotiator: &Negotiator, mirrored: bool) -> Vec<String> {
    let turned = |direction: Direction| if mirrored { direction.reversed() } else { direction };
    let one = |stream: &Agreed<'_>| {
        let codecs: Vec<String> = stream.codecs().iter().map(|map| format!("{map:?}")).collect();
        let role = stream.role().map(|role| if mirrored { role.reversed() } else { role });
        let transfer =
            stream.transfer().map(|one| (one.sends != mirrored, one.id, one.file, one.range));
        let paths = if mirrored {
            (stream.remote_path(), stream.local_path())
        } else {
            (stream.local_path(), stream.remote_path())
        };
        format!(
            "{} {} {:?} {codecs:?} {role:?} {transfer:?} {paths:?} {} {} {}",
            stream.local.kind(),
            stream.is_live(),
            turned(stream.direction()),
            stream.rtcp_mux(),
            stream.is_anchored(),
            stream.is_preferred(),
        )
    };
    negotiator.streams().iter().map(one).collect()
}

/// The plan that the action makes of what is there; nothing when it has nothing to act on.
fn act(negotiator: &Negotiator, action: &Action, tag: usize) -> Option<Plan> {
    let mut plan = negotiator.plan().clone();
    match action {
        Action::Add(stream) => {
            let mid = Some(format!("m{tag}").into());
            let at = plan.add(Stream { mid, ..Stream::clone(stream) });
            assert!(matches!(plan.slots()[at], Slot::Live(_)));
        }
        Action::Remove(at) => plan.remove(*at).ok()?,
        Action::Hold(at) => plan.hold(*at).ok()?,
        Action::Resume(at) => plan.resume(*at).ok()?,
        Action::Direct(at, direction) => {
            // A file goes the way that it goes.
            plan.stream(*at).filter(|stream| stream.file.is_none())?;
            plan.set_direction(*at, *direction).ok()?;
        }
        Action::Refresh => {}
    }
    Some(plan)
}

fn answer(
    to: &mut Negotiator,
    offer: &Description,
    capabilities: &Capabilities,
) -> Result<(Description, Outcome), Refusal> {
    to.receive_offer(offer).unwrap_or_else(|refusal| panic!("{refusal}: {}", offer.text()));
    let before = to.remote().cloned();
    let result = to.answer(capabilities);
    if let Ok((answer, _)) = &result {
        let verdict = check_answer(offer, answer, None, &Demands::STRICT);
        assert_eq!(verdict, Ok(()), "{}\n{}", offer.text(), answer.text());
    } else {
        assert_eq!(to.remote().map(|one| one.text().clone()), before.map(|one| one.text().clone()));
    }
    result
}

fn run(
    from: &mut Negotiator,
    to: &mut Negotiator,
    capabilities: &Capabilities,
    plan: &Plan,
    fate: Fate,
) {
    let offer = from.offer(plan).unwrap_or_else(|refusal| panic!("{refusal}: {plan:?}"));
    match fate {
        Fate::OfferLost => from.roll_back().unwrap(),
        Fate::Rejected => {
            to.receive_offer(&offer).unwrap();
            to.reject().unwrap();
            from.roll_back().unwrap();
        }
        Fate::Glare => {
            let theirs = to.offer(&to.plan().clone()).unwrap();
            assert_eq!(to.receive_offer(&offer).unwrap_err().rule, Rule::Glare);
            assert_eq!(from.receive_offer(&theirs).unwrap_err().rule, Rule::Glare);
            from.roll_back().unwrap();
            to.roll_back().unwrap();
        }
        Fate::AnswerLost => match answer(to, &offer, capabilities) {
            Ok(_) => {
                from.roll_back().unwrap();
                to.roll_back().unwrap();
            }
            Err(_) => {
                to.reject().unwrap();
                from.roll_back().unwrap();
            }
        },
        Fate::Delivered => match answer(to, &offer, capabilities) {
            Ok((answer, outcome)) => {
                let heard = from.receive_answer(&answer);
                let heard = heard.unwrap_or_else(|refusal| panic!("{refusal}: {}", answer.text()));
                assert_eq!((heard.local, heard.remote), (outcome.remote, outcome.local));
            }
            Err(_) => {
                to.reject().unwrap();
                from.roll_back().unwrap();
            }
        },
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn both_sides_end_with_one_view(
        ours in capabilities(),
        theirs in capabilities(),
        first in vec(added(), 0..4),
        steps in vec(step(), 0..12),
    ) {
        let (mut alice, mut bob) = (Negotiator::new(author("1")), Negotiator::new(author("2")));
        let start = first.into_iter().enumerate().map(|(at, stream)| {
            Stream { mid: Some(format!("i{at}").into()), ..stream }
        });
        run(&mut alice, &mut bob, &theirs, &Plan::of(start), Fate::Delivered);
        for (tag, step) in steps.iter().enumerate() {
            let (from, to, capabilities) = if step.by_first {
                (&mut alice, &mut bob, &theirs)
            } else {
                (&mut bob, &mut alice, &ours)
            };
            if let Some(plan) = act(from, &step.action, tag) {
                run(from, to, capabilities, &plan, step.fate);
            }
            prop_assert_eq!(view(&alice, false), view(&bob, true));
            prop_assert!(matches!(alice.state(), State::Idle | State::Stable));
            prop_assert_eq!(alice.state(), bob.state());
            prop_assert_eq!(alice.plan().slots().len(), bob.plan().slots().len());
        }
    }
}
