//! Links that break at any byte: both ends know exactly what the other has.

use bytes::Bytes;
use missiva_core::Protocol;
use missiva_msrp::session::{
    Event, Hand, Outbound, Outcome, Reason, SessionLimits, SessionOptions,
};
use missiva_testkit::{Seeded, StreamPath};

use crate::party::Pair;

#[test]
fn what_was_acknowledged_before_a_cut_has_arrived_and_is_all_that_was_answered() {
    let mut chance = Seeded::new(5);
    let data: Bytes = chance.bytes(400_000);
    let (mut partial, mut whole) = (0, 0);
    for seed in 0..120 {
        let path = StreamPath { cut_within: None, ..StreamPath::random(&mut chance) };
        let path = StreamPath {
            bandwidth: None,
            window: path.window.map(|window| window.max(500)),
            ..path
        };
        let dripping = matches!(path.chunking, missiva_testkit::Chunking::Drip);
        let len = chance.within(1..if dripping { 8_000 } else { data.len() });
        let options = SessionOptions { hand: Hand::Slices, ..SessionOptions::default() };
        let mut pair = Pair::with(seed, path, Protocol::Tcp, SessionLimits::standard(), options);
        let before = pair.net.carried(pair.link);
        pair.net.cut_after(pair.link, before + chance.below(len as u64 + 2_000));
        let sent = pair.send(0, &Outbound::new("application/octet-stream"), data.slice(..len));
        pair.net.run();

        let events = pair.heard(0);
        let (outcome, account) = events
            .iter()
            .find_map(|event| match event {
                Event::Finished { message, outcome, account } if *message == sent => {
                    Some((*outcome, account.clone()))
                }
                _ => None,
            })
            .unwrap_or_else(|| panic!("seed {seed}: {events:?}"));
        // Every answer that came is in the account, and no other.
        let mut answered = missiva_msrp::receive::Ranges::new();
        for event in &events {
            if let Event::Acknowledged { range, .. } = event {
                answered.insert(range.clone());
            }
        }
        assert_eq!(account.acknowledged, answered, "seed {seed}");

        let (mut got, mut complete, mut incomplete) = (0u64, false, None);
        for event in pair.heard(1) {
            match event {
                Event::Slice { at, bytes, .. } => {
                    assert_eq!(at, got);
                    let from = usize::try_from(at).unwrap();
                    assert_eq!(bytes, data.slice(from..from + bytes.len()), "seed {seed}");
                    got += bytes.len() as u64;
                }
                Event::Complete { total, .. } => complete = total == got,
                Event::Incomplete { received, .. } => incomplete = Some(received),
                Event::Closed { reason, .. } => assert_eq!(reason, Reason::LinkDown),
                _ => {}
            }
        }
        // Whatever was acknowledged has arrived.
        assert!(account.acknowledged.end() <= got, "seed {seed}: {account:?} {got}");
        assert!(got <= account.written);
        match outcome {
            Outcome::Acknowledged => {
                assert!(complete && account.acknowledged.is_complete(len as u64), "seed {seed}");
                whole += 1;
            }
            Outcome::SessionEnded => {
                assert!(
                    events.iter().any(|event| matches!(
                        event,
                        Event::Closed { reason: Reason::LinkDown, .. }
                    ))
                );
                if !complete && got > 0 {
                    assert_eq!(incomplete.unwrap().contiguous(), got, "seed {seed}");
                    partial += 1;
                }
            }
            other => panic!("seed {seed}: {other:?}"),
        }
    }
    assert!(partial > 30 && whole > 0, "{partial} {whole}");
}
