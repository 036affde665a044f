//! Ten thousand messages under every condition that a network has.

use std::collections::BTreeMap;

use bytes::{Bytes, BytesMut};
use missiva_core::Protocol;
use missiva_msrp::MessageId;
use missiva_msrp::header::{FailureReport, SuccessReport};
use missiva_msrp::session::{
    Event, Hand, Outbound, Outcome, SentId, SessionLimits, SessionOptions,
};
use missiva_testkit::{Chunking, Seeded, StreamPath};

use crate::party::Pair;

const LARGEST: usize = 5_000_000;

/// Conditions, and how many bytes they carry in reasonable time.
fn conditions(chance: &mut Seeded) -> (StreamPath, usize) {
    let mut path = StreamPath::random(chance);
    // Without a window the driver has no way to say that a slow link takes no more.
    if let Some(bandwidth) = &mut path.bandwidth {
        *bandwidth = (*bandwidth).max(20_000);
        let most = usize::try_from(*bandwidth * 2).unwrap();
        path.window = Some(path.window.unwrap_or(most).clamp(1000, most));
    }
    let piece = match path.chunking {
        Chunking::Drip => 1,
        Chunking::Fixed(len) => len,
        Chunking::Random(len) => len / 2 + 1,
        _ => 4000,
    };
    (path, piece.min(path.window.unwrap_or(usize::MAX)) * 3_000)
}

/// Mostly small, rarely large.
fn size(chance: &mut Seeded, most: usize) -> usize {
    let bits = chance.below(13) + chance.below(5) + if chance.one_in(20) { 8 } else { 0 };
    let size = chance.within(0..1 << bits).min(LARGEST);
    if size > most { chance.within(0..400) } else { size }
}

struct Expected {
    body: Bytes,
    outcome: Outcome,
    success: SuccessReport,
    failure: FailureReport,
}

/// Exchanges messages in both directions and says how many bytes they had.
fn exchange(seed: u64, count: usize, data: &Bytes) -> usize {
    let mut chance = Seeded::new(seed);
    let (path, mut budget) = conditions(&mut chance);
    let protocol = if chance.one_in(4) { Protocol::Ws } else { Protocol::Tcp };
    let hand = if chance.one_in(2) { Hand::Whole } else { Hand::Slices };
    let options = SessionOptions { hand, ..SessionOptions::default() };
    let mut pair = Pair::with(seed, path, protocol, SessionLimits::standard(), options);
    let mut expected: [BTreeMap<SentId, Expected>; 2] = [BTreeMap::new(), BTreeMap::new()];
    let mut bodies: [BTreeMap<MessageId, Bytes>; 2] = [BTreeMap::new(), BTreeMap::new()];
    let mut bytes = 0;
    let forced = matches!(path.chunking, Chunking::Whole)
        && path.bandwidth.is_none()
        && path.window.is_none();
    for number in 0..count {
        let who = chance.within(0..2);
        let size = if forced && number == 7 { LARGEST } else { size(&mut chance, budget) };
        budget = budget.saturating_sub(size);
        bytes += size;
        let from = chance.within(0..data.len() - size + 1);
        let body = data.slice(from..from + size);
        let success = *chance.pick(&[SuccessReport::Yes, SuccessReport::No]);
        let failure =
            *chance.pick(&[FailureReport::Yes, FailureReport::No, FailureReport::Partial]);
        let outcome = match (success, failure) {
            (SuccessReport::Yes, _) => Outcome::Delivered,
            (_, FailureReport::Yes) => Outcome::Acknowledged,
            _ => Outcome::Unconfirmed,
        };
        let id = MessageId::parse(&format!("message.{number}")).unwrap();
        let mut outbound = Outbound::new("application/octet-stream").reports(success, failure);
        outbound.id = Some(id);
        let sent = if chance.one_in(3) {
            let total = chance.one_in(2);
            let sent = pair.pull(who, &outbound, body.clone(), total);
            feed(&mut pair, who, sent, &body);
            sent
        } else {
            pair.send(who, &outbound, body.clone())
        };
        expected[who].insert(sent, Expected { body: body.clone(), outcome, success, failure });
        bodies[1 - who].insert(id, body);
        if chance.one_in(3) {
            let span = chance.span(std::time::Duration::from_millis(500));
            pair.net.run_for(span);
        }
    }
    pair.net.run();
    for who in 0..2 {
        let events = pair.heard(who);
        judge_incoming(seed, &events, std::mem::take(&mut bodies[who]));
        judge_outgoing(seed, &events, std::mem::take(&mut expected[who]));
    }
    bytes
}

/// Feeds a pulled message that was promised nothing: what it wants comes as events, and it ends when all was fed.
fn feed(pair: &mut Pair, who: usize, sent: SentId, body: &Bytes) {
    if body.is_empty() {
        // One whose total is known to be nothing is gone already.
        let _ = pair.command(who, |one, now| one.finish(now, sent));
    }
}

fn judge_incoming(seed: u64, events: &[Event], mut bodies: BTreeMap<MessageId, Bytes>) {
    let mut slices: BTreeMap<MessageId, BytesMut> = BTreeMap::new();
    for event in events {
        match event {
            Event::Message { id, body, .. } => {
                assert_eq!(bodies.remove(id).unwrap(), body, "seed {seed}: {id}");
            }
            Event::Slice { id, at, bytes, .. } => {
                let gathered = slices.entry(*id).or_default();
                assert_eq!(gathered.len() as u64, *at);
                gathered.extend_from_slice(bytes);
            }
            Event::Complete { id, total, .. } => {
                let gathered = slices.remove(id).unwrap_or_default();
                assert_eq!(gathered.len() as u64, *total);
                assert_eq!(bodies.remove(id).unwrap(), gathered, "seed {seed}: {id}");
            }
            Event::Incomplete { .. } | Event::Closed { .. } | Event::LateReport { .. } => {
                panic!("seed {seed}: {event:?}")
            }
            _ => {}
        }
    }
    assert!(bodies.is_empty() && slices.is_empty(), "seed {seed}: {} did not come", bodies.len());
}

fn judge_outgoing(seed: u64, events: &[Event], mut expected: BTreeMap<SentId, Expected>) {
    for event in events {
        let Event::Finished { message, outcome, account } = event else { continue };
        let Expected { body, outcome: right, success, failure } = expected.remove(message).unwrap();
        let all: Vec<_> = (!body.is_empty()).then_some(0..body.len() as u64).into_iter().collect();
        assert_eq!(*outcome, right, "seed {seed}: {message:?}");
        assert_eq!(account.written, body.len() as u64);
        let reported: Vec<_> = account.reported.iter().collect();
        assert_eq!(reported, if success == SuccessReport::Yes { all.clone() } else { Vec::new() });
        let acknowledged: Vec<_> = account.acknowledged.iter().collect();
        assert_eq!(
            acknowledged,
            if failure == FailureReport::Yes { all } else { Vec::new() },
            "seed {seed}"
        );
    }
    assert!(expected.is_empty(), "seed {seed}: {} are not finished", expected.len());
}

#[test]
fn ten_thousand_messages_arrive_byte_by_byte_as_they_were_sent() {
    let data = Seeded::new(99).bytes(LARGEST);
    let total: usize = (0..50).map(|seed| exchange(seed, 200, &data)).sum();
    assert!(total > 20_000_000, "{total}");
}
