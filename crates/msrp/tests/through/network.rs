//! Two endpoints with a splice between them, under conditions of a network.

use std::cell::RefCell;
use std::rc::Rc;

use bytes::{Bytes, BytesMut};
use missiva_msrp::header::{FailureReport, SuccessReport};
use missiva_msrp::link::{Framing, LinkInput};
use missiva_msrp::session::{
    Endpoint, Ends, Event, Hand, Matching, Outbound, Outcome, SessionLimits, SessionOptions, Setup,
    Source,
};
use missiva_msrp::splice::{self, SideSetup, Splice, SpliceLimits};
use missiva_testkit::{Action, Checked, Chunking, Net, Notice, Seat, Seeded, StreamPath};

use crate::bench::uri;

fn input(notice: Notice) -> Option<LinkInput> {
    Some(match notice {
        Notice::Up { link, .. } => LinkInput::Up { link, framing: Framing::Stream },
        Notice::Data { link, bytes } => LinkInput::Bytes { link, bytes },
        Notice::Blocked { link } => LinkInput::Blocked { link },
        Notice::Writable { link, .. } => LinkInput::Writable { link },
        Notice::Down { link, .. } => LinkInput::Down { link },
        _ => return None,
    })
}

type Heard = Rc<RefCell<Vec<Event>>>;

fn party(seed: u64) -> (Seat<Checked<Endpoint>>, Heard) {
    let heard = Heard::default();
    let kept = Rc::clone(&heard);
    let endpoint = Endpoint::new(SessionLimits::standard(), Box::new(Seeded::new(seed)));
    let seat =
        Seat::new(Checked::new(endpoint), input).with_application(move |_, _, event, actions| {
            if let Event::Close { link } = &event {
                actions.push_back(Action::Close(*link));
            }
            kept.borrow_mut().push(event);
        });
    (seat, heard)
}

/// Messages of Alice reach Bob through the splice. With a cut of Bob's link, Alice's account says what Bob has.
fn exchange(seed: u64, cut: bool) -> (usize, usize) {
    let mut chance = Seeded::new(seed);
    let mut path = StreamPath { bandwidth: None, ..StreamPath::random(&mut chance) };
    path.window = path.window.map(|window| window.max(2_000));
    let dripping = matches!(path.chunking, Chunking::Drip);
    let mut net = Net::new(seed);
    net.set_streams(path);
    net.set_max_steps(10_000_000);
    net.set_describe(|_| String::new());
    let ((alice, alices), (bob, bobs)) = (party(seed), party(seed + 1));
    let (alice, bob) = (net.add("alice", alice), net.add("bob", bob));
    let splice = Splice::new(SpliceLimits::DEFAULT, Box::new(Seeded::new(seed + 2)));
    let splice = net.add("splice", Seat::new(Checked::new(splice), input));
    let (to_splice, _) = net.connect(alice, splice);
    let (from_splice, _) = net.connect(splice, bob);
    net.run_until_quiet();
    let side = |ours: &str, theirs: &str, setup| SideSetup {
        ends: Ends::new(&uri(ours), &uri(theirs)).unwrap(),
        setup,
        matching: Matching::SessionId,
    };
    let options = SessionOptions { hand: Hand::Slices, ..SessionOptions::default() };
    net.with(bob, |seat, now| {
        let ends = Ends::new(&uri("bob"), &uri("right")).unwrap();
        let options = options.clone();
        seat.machine.command(now, |one, now| one.open(now, ends, Setup::Passive, options)).unwrap()
    });
    net.with(splice, |seat, now| {
        let (a, b) = (
            side("left", "alice", Setup::Passive),
            side("right", "bob", Setup::Active { link: from_splice }),
        );
        seat.machine.command(now, |one, now| one.join(now, a, b)).unwrap();
    });
    let session = net.with(alice, |seat, now| {
        let ends = Ends::new(&uri("alice"), &uri("left")).unwrap();
        let setup = Setup::Active { link: to_splice };
        seat.machine.command(now, |one, now| one.open(now, ends, setup, options)).unwrap()
    });
    net.run_until_quiet();
    let len = chance.within(1..if dripping { 6_000 } else { 300_000 });
    if cut {
        net.cut_after(from_splice, net.carried(from_splice) + chance.below(len as u64));
    }
    let data: Bytes = chance.bytes(len);
    let success = if cut { SuccessReport::No } else { SuccessReport::Yes };
    let outbound = Outbound::new("application/octet-stream").reports(success, FailureReport::Yes);
    net.with(alice, |seat, now| {
        let source = Source::Bytes(data.clone());
        seat.machine.command(now, |one, now| one.send(now, session, &outbound, source)).unwrap()
    });
    net.run();
    let mut got = BytesMut::new();
    for event in bobs.borrow().iter() {
        if let Event::Slice { bytes, .. } = event {
            got.extend_from_slice(bytes);
        }
    }
    assert_eq!(got, data.slice(..got.len()), "seed {seed}");
    let heard = alices.borrow();
    let finished = heard.iter().find_map(|event| match event {
        Event::Finished { outcome, account, .. } => Some((*outcome, account.clone())),
        _ => None,
    });
    let (outcome, account) = finished.unwrap_or_else(|| panic!("seed {seed}: {heard:?}"));
    assert!(account.acknowledged.end() <= got.len() as u64, "seed {seed}");
    if cut {
        assert!(
            matches!(outcome, Outcome::Failed { .. } | Outcome::Acknowledged),
            "seed {seed}: {outcome:?}"
        );
    } else {
        assert_eq!((outcome, got.len()), (Outcome::Delivered, len), "seed {seed}");
        assert!(
            account.acknowledged.is_complete(len as u64)
                && account.reported.is_complete(len as u64)
        );
    }
    let lost =
        net.host(splice).heard.iter().any(|(_, event)| matches!(event, splice::Event::Lost { .. }));
    assert_eq!(lost, cut, "seed {seed}");
    (got.len(), len)
}

#[test]
fn what_goes_through_a_splice_arrives_and_is_acknowledged_to_its_last_byte() {
    for seed in 0..40 {
        exchange(seed, false);
    }
}

#[test]
fn what_was_acknowledged_through_a_splice_has_arrived_when_the_far_link_breaks() {
    let partial = (0..40).filter(|seed| {
        let (got, len) = exchange(*seed, true);
        0 < got && got < len
    });
    assert!(partial.count() > 10);
}
