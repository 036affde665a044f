//! Links that end: cut at a byte, at a moment, by chance, or closed.

use super::*;
use crate::{Action, Cause, Chunking, Seeded, StreamPath};

#[test]
fn a_link_is_cut_after_exactly_the_byte_that_was_chosen() {
    for (chosen, chunking) in [
        (0, Chunking::Whole),
        (1, Chunking::Whole),
        (57, Chunking::Whole),
        (57, Chunking::Random(9)),
    ] {
        let path = StreamPath { chunking, news: ms(900), ..StreamPath::default() };
        let (mut net, alice, near, bob, far) = pair(2, path);
        net.cut_after(near, chosen);
        let bytes: Vec<u8> = (0..100).collect();
        write(&mut net, alice, near, &bytes);
        net.run();
        assert_eq!(arrived(&net, bob, far), bytes[..chosen as usize], "{chosen} {chunking:?}");
        assert_eq!(net.carried(near), chosen);
        assert!(!net.is_up(near) && !net.is_up(far));
        let down =
            |link| move |notice: &Notice| *notice == Notice::Down { link, cause: Cause::Cut };
        let (first, second) = (when(&net, alice, down(near)), when(&net, bob, down(far)));
        assert!(first.is_some() && second.is_some() && first != second, "{first:?} {second:?}");
    }
}

#[test]
fn a_cut_loses_what_is_under_way_and_what_is_written_before_the_news() {
    let path = StreamPath { latency: ms(100), news: ms(50), ..StreamPath::default() };
    let (mut net, alice, near, bob, far) = pair(4, path);
    write(&mut net, alice, near, b"arrives");
    net.run_for(ms(100));
    write(&mut net, alice, near, b"under way");
    write(&mut net, bob, far, b"this too");
    net.run_for(ms(50));
    net.cut(near);
    write(&mut net, alice, near, b"into the void");
    net.run();
    assert_eq!(arrived(&net, bob, far), b"arrives");
    assert_eq!(arrived(&net, alice, near), b"");
    let ladder = net.ladder().to_string();
    assert!(ladder.contains("#0 cut, 17 bytes lost"), "{ladder}");
    assert!(ladder.contains("13 bytes written to a dead link: into the void"), "{ladder}");
    // Cut once more, nothing happens.
    let rungs = net.ladder().total();
    net.cut(far);
    net.run();
    assert_eq!(net.ladder().total(), rungs);
}

#[test]
fn a_random_cut_leaves_a_prefix_in_both_directions() {
    let (mut cut, mut lengths) = (0, std::collections::BTreeSet::new());
    for seed in 0..60 {
        let path = StreamPath {
            cut_within: Some(3_000),
            chunking: Chunking::Random(100),
            window: Some(500),
            ..StreamPath::default()
        };
        let (mut net, alice, near, bob, far) = pair(seed, path);
        let bytes = net.chance().bytes(2_000);
        write(&mut net, alice, near, &bytes);
        write(&mut net, bob, far, &bytes);
        net.run();
        let (there, back) = (arrived(&net, bob, far), arrived(&net, alice, near));
        assert!(bytes.starts_with(&there) && bytes.starts_with(&back), "seed {seed}");
        assert_eq!((net.carried(near), net.carried(far)), (there.len() as u64, back.len() as u64));
        cut += u32::from(!net.is_up(near));
        lengths.insert(there.len());
    }
    assert!((10..60).contains(&cut), "{cut} links were cut");
    assert!(lengths.len() > 10);
}

#[test]
fn a_closed_link_delivers_what_was_written_and_then_both_ends_hear_of_it() {
    let (mut net, alice, near, bob, far) =
        pair(1, StreamPath { latency: ms(10), ..StreamPath::default() });
    write(&mut net, alice, near, b"goodbye");
    net.with(alice, |seat, _| seat.order(Action::Close(near)));
    write(&mut net, alice, near, b"too late");
    net.run();
    assert_eq!(arrived(&net, bob, far), b"goodbye");
    for (node, link) in [(alice, near), (bob, far)] {
        let last = &net.host(node).heard.last().unwrap().1;
        assert_eq!(*last, Notice::Down { link, cause: Cause::Closed });
    }
    assert!(!net.is_up(near) && !net.is_up(far));
}

#[test]
fn a_link_that_both_ends_close_goes_down_once() {
    let (mut net, alice, near, bob, far) = pair(1, StreamPath::default());
    net.close(near);
    net.close(far);
    net.run();
    for node in [alice, bob] {
        let downs = net.host(node).heard.iter().filter(|(_, n)| matches!(n, Notice::Down { .. }));
        assert_eq!(downs.count(), 1);
    }
}

#[test]
fn a_link_that_is_cut_before_it_is_there_is_unreachable() {
    let mut net = Net::new(1);
    let (alice, bob) = (wire(&mut net, "alice"), wire(&mut net, "bob"));
    let (near, _) = net.connect(alice, bob);
    net.with(alice, |seat, _| seat.order(Action::Reset(near)));
    net.run();
    let to = net.address(bob);
    assert_eq!(net.host(alice).heard[0].1, Notice::Unreachable { protocol: Protocol::Tcp, to });
    assert!(net.host(bob).heard.is_empty());
}

/// What may be heard of one link: up, then anything, then down once, and nothing more.
fn assert_life(seed: u64, net: &Net, node: Ear, link: LinkId) {
    let mut up = false;
    let mut down = false;
    for (_, notice) in &net.host(node).heard {
        let (on, first, last) = match notice {
            Notice::Up { link, .. } => (*link, true, false),
            Notice::Down { link, .. } => (*link, false, true),
            Notice::Data { link, .. }
            | Notice::Blocked { link }
            | Notice::Writable { link, .. } => (*link, false, false),
            _ => continue,
        };
        if on == link {
            assert!(!down, "seed {seed}: {notice:?} after the end\n{}", net.ladder());
            assert_eq!(up, !first, "seed {seed}: {notice:?}\n{}", net.ladder());
            (up, down) = (true, last);
        }
    }
    assert!(down || !up || net.is_up(link), "seed {seed}: no news of the end\n{}", net.ladder());
}

#[test]
fn any_life_of_a_link_is_told_in_order_and_delivers_a_prefix() {
    for seed in 0..300 {
        let mut chance = Seeded::new(seed);
        let path = StreamPath::random(&mut chance);
        let cut_within = chance.one_in(4).then_some(2_000);
        let mut net = Net::new(seed);
        net.set_streams(StreamPath { cut_within, ..path });
        let (alice, bob) = (wire(&mut net, "alice"), wire(&mut net, "bob"));
        let (near, far) = net.connect(alice, bob);
        let mut written = [Vec::new(), Vec::new()];
        for _ in 0..30 {
            let side = chance.within(0..2);
            let (node, end) = [(alice, near), (bob, far)][side];
            match chance.below(20) {
                0 => net.close(end),
                1 if chance.one_in(4) => net.cut(end),
                2 if chance.one_in(4) => net.cut_after(end, chance.below(3_000)),
                3..12 => {
                    let len = chance.within(0..400);
                    let bytes = chance.bytes(len);
                    write(&mut net, node, end, &bytes);
                    written[side].extend_from_slice(&bytes);
                }
                _ => net.run_for(chance.span(ms(100))),
            }
        }
        net.run();
        for (end, node, other, sent) in
            [(near, bob, far, &written[0]), (far, alice, near, &written[1])]
        {
            let got = arrived(&net, node, other);
            assert!(sent.starts_with(&got), "seed {seed}");
            assert_eq!(net.carried(end), got.len() as u64, "seed {seed}");
            assert!(!net.is_up(end) || got == *sent, "seed {seed}: bytes stay under way");
            assert_life(seed, &net, node, other);
        }
    }
}
