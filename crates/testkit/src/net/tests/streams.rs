//! Links: order, division, pace, pressure.

use super::*;
use crate::{Action, Chunking, Seeded, StreamPath};

#[test]
fn bytes_arrive_whole_and_in_order_under_every_condition() {
    for seed in 0..150 {
        let mut chance = Seeded::new(seed);
        let (mut net, alice, near, bob, far) = pair(seed, StreamPath::random(&mut chance));
        let (mut there, mut back) = (Vec::new(), Vec::new());
        for _ in 0..chance.below(20) {
            let len = chance.within(0..3_000);
            let bytes = chance.bytes(len);
            if chance.one_in(2) {
                write(&mut net, alice, near, &bytes);
                there.extend_from_slice(&bytes);
            } else {
                write(&mut net, bob, far, &bytes);
                back.extend_from_slice(&bytes);
            }
            net.run_for(chance.span(ms(20)));
        }
        net.run();
        assert!(arrived(&net, bob, far) == there, "seed {seed}");
        assert!(arrived(&net, alice, near) == back, "seed {seed}");
        assert_eq!(net.carried(near), there.len() as u64);
    }
}

#[test]
fn a_link_is_up_before_anything_else_is_heard_of_it() {
    let mut net = Net::new(1);
    let (alice, bob) = (wire(&mut net, "alice"), wire(&mut net, "bob"));
    let (near, far) = net.connect_over(Protocol::Tls, alice, bob);
    let start = net.now();
    // Both write before they know.
    write(&mut net, alice, near, b"early");
    write(&mut net, bob, far, b"too");
    net.run();
    let up = |link, peer, opened| Notice::Up {
        link,
        protocol: Protocol::Tls,
        peer,
        opened,
        room: usize::MAX,
    };
    assert_eq!(net.host(bob).heard[0], (start + ms(1), up(far, net.address(alice), false)));
    assert_eq!(net.host(alice).heard[0], (start + ms(2), up(near, net.address(bob), true)));
    assert_eq!(arrived(&net, bob, far), b"early");
    assert_eq!(arrived(&net, alice, near), b"too");
}

#[test]
fn what_is_written_is_divided_as_asked() {
    let lengths = |chunking, protocol| {
        let mut net = Net::new(5);
        net.set_streams(StreamPath { chunking, ..StreamPath::default() });
        let (alice, bob) = (wire(&mut net, "alice"), wire(&mut net, "bob"));
        let (near, far) = net.connect_over(protocol, alice, bob);
        for len in [3, 4] {
            write(&mut net, alice, near, &[b'x'; 9][..len]);
        }
        net.run();
        pieces(&net, bob, far).iter().map(|(_, bytes)| bytes.len()).collect::<Vec<_>>()
    };
    assert_eq!(lengths(Chunking::Whole, Protocol::Tcp), [3, 4]);
    assert_eq!(lengths(Chunking::Drip, Protocol::Tcp), [1; 7]);
    assert_eq!(lengths(Chunking::Fixed(2), Protocol::Tcp), [2, 2, 2, 1]);
    for chunking in [Chunking::Drip, Chunking::Fixed(2), Chunking::Random(2)] {
        assert_eq!(lengths(chunking, Protocol::Ws), [3, 4], "{chunking:?}");
        assert_eq!(lengths(chunking, Protocol::Wss), [3, 4], "{chunking:?}");
    }
}

#[test]
fn random_chunks_split_writes_and_join_them() {
    let path = StreamPath { chunking: Chunking::Random(10), ..StreamPath::default() };
    let (mut net, alice, near, bob, far) = pair(3, path);
    for _ in 0..200 {
        write(&mut net, alice, near, &[b'x'; 10]);
    }
    net.run();
    let pieces = pieces(&net, bob, far);
    assert!(pieces.iter().any(|(_, bytes)| bytes.len() < 10));
    assert!(pieces.iter().any(|(_, bytes)| bytes.len() > 10));
    assert_eq!(arrived(&net, bob, far).len(), 2_000);
}

#[test]
fn three_pieces_of_a_payload_arrive_as_one_write() {
    let (mut net, alice, near, bob, far) = pair(1, StreamPath::default());
    let payload = Payload {
        head: Bytes::from_static(b"head "),
        body: Bytes::from_static(b"body "),
        tail: Bytes::from_static(b"tail"),
    };
    let transmit = Transmit { to: Destination::Link(near), payload };
    net.with(alice, |seat, now| seat.machine.command(now, |wire, _| wire.out.push_back(transmit)));
    net.run();
    let pieces = pieces(&net, bob, far);
    assert_eq!(pieces.len(), 1);
    assert_eq!(pieces[0].1, "head body tail");
}

#[test]
fn bandwidth_and_latency_say_when_bytes_arrive() {
    let path = StreamPath {
        latency: ms(100),
        bandwidth: Some(1_000),
        chunking: Chunking::Fixed(50),
        ..StreamPath::default()
    };
    let (mut net, alice, near, bob, far) = pair(1, path);
    let start = net.now();
    write(&mut net, alice, near, &[b'x'; 100]);
    net.run();
    let times: Vec<Duration> = pieces(&net, bob, far).iter().map(|(at, _)| *at - start).collect();
    assert_eq!(times, [ms(150), ms(200)]);
}

#[test]
fn links_overtake_each_other_and_bytes_on_one_link_never_do() {
    let mut net = Net::new(11);
    net.set_streams(StreamPath { jitter: ms(500), ..StreamPath::default() });
    let (alice, bob) = (wire(&mut net, "alice"), wire(&mut net, "bob"));
    let links: Vec<_> = (0..8).map(|_| net.connect(alice, bob)).collect();
    net.run();
    for round in 0..10 {
        for (near, _) in &links {
            write(&mut net, alice, *near, &[round]);
        }
    }
    net.run();
    let mut order = Vec::new();
    for (_, notice) in &net.host(bob).heard {
        if let Notice::Data { bytes, .. } = notice {
            order.push(bytes[0]);
        }
    }
    assert!(!order.is_sorted(), "no link was overtaken: {order:?}");
    for (_, far) in &links {
        assert_eq!(arrived(&net, bob, *far), (0..10).collect::<Vec<u8>>());
    }
}

#[test]
fn a_full_window_blocks_and_relieves_its_writer_and_loses_nothing() {
    let path = StreamPath {
        latency: ms(10),
        window: Some(100),
        chunking: Chunking::Fixed(10),
        ..StreamPath::default()
    };
    let (mut net, alice, near, bob, far) = pair(1, path);
    assert!(matches!(net.host(alice).heard[0].1, Notice::Up { room: 100, .. }));
    write(&mut net, alice, near, &[b'x'; 99]);
    net.run();
    assert_eq!(when(&net, alice, |notice| *notice == Notice::Blocked { link: near }), None);
    write(&mut net, alice, near, &[b'x'; 100]);
    net.run();
    let blocked = when(&net, alice, |notice| *notice == Notice::Blocked { link: near });
    let writable = when(&net, alice, |notice| matches!(notice, Notice::Writable { .. }));
    assert_eq!(writable.unwrap() - blocked.unwrap(), ms(10));
    assert_eq!(net.peak_waiting(near), 0);
    // A writer that does not care makes bytes wait, and is found out.
    write(&mut net, alice, near, &[b'x'; 1_000]);
    net.run();
    assert_eq!(net.peak_waiting(near), 900);
    assert_eq!(arrived(&net, bob, far).len(), 1_199);
    let told = net.host(alice).heard.iter().filter_map(|(_, notice)| match notice {
        Notice::Blocked { .. } => Some(true),
        Notice::Writable { room, .. } => {
            assert!((50..=100).contains(room));
            Some(false)
        }
        _ => None,
    });
    // In turn, and relieved at last.
    let told: Vec<bool> = told.collect();
    assert!(told.iter().enumerate().all(|(at, blocked)| *blocked == (at % 2 == 0)), "{told:?}");
    assert_eq!(told.last(), Some(&false));
}

#[test]
fn a_write_larger_than_the_window_passes_it() {
    for protocol in [Protocol::Tcp, Protocol::Ws] {
        let mut net = Net::new(1);
        net.set_streams(StreamPath { window: Some(10), ..StreamPath::default() });
        let (alice, bob) = (wire(&mut net, "alice"), wire(&mut net, "bob"));
        let (near, far) = net.connect_over(protocol, alice, bob);
        write(&mut net, alice, near, &[b'x'; 25]);
        write(&mut net, alice, near, b"y");
        net.run();
        let lengths: Vec<_> = pieces(&net, bob, far).iter().map(|(_, b)| b.len()).collect();
        let expected = if protocol == Protocol::Ws { vec![25, 1] } else { vec![10, 10, 5, 1] };
        assert_eq!(lengths, expected, "{protocol:?}");
    }
}

#[test]
fn a_transmit_to_an_address_finds_or_opens_a_link() {
    let mut net = Net::new(1);
    let (alice, bob) = (wire(&mut net, "alice"), wire(&mut net, "bob"));
    let (here, there) = (net.address(alice), net.address(bob));
    send(&mut net, alice, Protocol::Tcp, there, b"one ");
    send(&mut net, alice, Protocol::Tcp, there, b"two ");
    net.run();
    send(&mut net, alice, Protocol::Tcp, there, b"three");
    // The other way goes over the same link.
    send(&mut net, bob, Protocol::Tcp, here, b"back");
    net.run();
    assert_eq!(arrived(&net, bob, LinkId(1)), b"one two three");
    assert_eq!(arrived(&net, alice, LinkId(0)), b"back");
    // Another protocol is another link, and a dead link is not found again.
    send(&mut net, alice, Protocol::Tls, there, b"secret");
    net.cut(LinkId(0));
    net.run();
    send(&mut net, alice, Protocol::Tcp, there, b"anew");
    net.run();
    assert_eq!(arrived(&net, bob, LinkId(3)), b"secret");
    assert_eq!(arrived(&net, bob, LinkId(5)), b"anew");
    let nobody = "192.0.2.1:5060".parse().unwrap();
    send(&mut net, alice, Protocol::Tcp, nobody, b"hello?");
    net.with(bob, |seat, _| seat.order(Action::Connect(Protocol::Ws, nobody)));
    net.run();
    let last = |node: Ear| net.host(node).heard.last().unwrap().1.clone();
    assert_eq!(last(alice), Notice::Unreachable { protocol: Protocol::Tcp, to: nobody });
    assert_eq!(last(bob), Notice::Unreachable { protocol: Protocol::Ws, to: nobody });
}

#[test]
#[should_panic(expected = "bob writes to link 0, which is not one of its own")]
fn an_end_belongs_to_its_host() {
    let (mut net, _, near, bob, _) = pair(1, StreamPath::default());
    write(&mut net, bob, near, b"forged");
}
