//! Datagrams: lost, doubled, late, damaged.

use super::*;
use crate::DatagramPath;

const COUNT: u16 = 1_000;

/// A thousand numbered datagrams over this path.
fn thousand(seed: u64, path: DatagramPath) -> Vec<Bytes> {
    let mut net = Net::new(seed);
    net.set_datagrams(path);
    let (alice, bob) = (wire(&mut net, "alice"), wire(&mut net, "bob"));
    let to = net.address(bob);
    for n in 0..COUNT {
        send(&mut net, alice, Protocol::Udp, to, &n.to_be_bytes());
        net.run_for(ms(1));
    }
    net.run();
    datagrams(&net, bob)
}

fn numbers(datagrams: &[Bytes]) -> Vec<u16> {
    datagrams.iter().map(|bytes| u16::from_be_bytes([bytes[0], bytes[1]])).collect()
}

#[test]
fn nothing_bad_happens_by_default() {
    assert_eq!(numbers(&thousand(1, DatagramPath::default())), (0..COUNT).collect::<Vec<_>>());
}

#[test]
fn the_asked_share_is_lost() {
    let path = DatagramPath { loss: 0.3, ..DatagramPath::default() };
    let arrived = numbers(&thousand(1, path));
    assert!((600..800).contains(&arrived.len()), "{}", arrived.len());
    assert!(arrived.is_sorted());
    assert!(thousand(1, DatagramPath { loss: 1.0, ..path }).is_empty());
}

#[test]
fn the_asked_share_arrives_twice() {
    let path = DatagramPath { duplicate: 0.2, ..DatagramPath::default() };
    let mut arrived = numbers(&thousand(1, path));
    assert!((1_100..1_300).contains(&arrived.len()), "{}", arrived.len());
    arrived.dedup();
    assert_eq!(arrived, (0..COUNT).collect::<Vec<_>>());
}

#[test]
fn jitter_lets_later_datagrams_overtake() {
    let path = DatagramPath { jitter: ms(20), ..DatagramPath::default() };
    let mut arrived = numbers(&thousand(1, path));
    assert!(!arrived.is_sorted());
    arrived.sort_unstable();
    assert_eq!(arrived, (0..COUNT).collect::<Vec<_>>());
}

#[test]
fn a_corrupt_datagram_differs_in_one_bit() {
    let path = DatagramPath { corrupt: 0.5, ..DatagramPath::default() };
    let arrived = numbers(&thousand(1, path));
    let turned = (0..COUNT).zip(&arrived).map(|(sent, got)| (sent ^ got).count_ones());
    let turned: Vec<u32> = turned.collect();
    assert!(turned.iter().all(|bits| *bits <= 1));
    assert!((400..600).contains(&turned.iter().sum::<u32>()));
}

#[test]
fn a_datagram_over_the_mtu_is_lost_and_the_ladder_says_so() {
    let mut net = Net::new(1);
    net.set_datagrams(DatagramPath { mtu: Some(1_300), ..DatagramPath::default() });
    let (alice, bob) = (wire(&mut net, "alice"), wire(&mut net, "bob"));
    let to = net.address(bob);
    send(&mut net, alice, Protocol::Udp, to, &[b'x'; 1_300]);
    send(&mut net, alice, Protocol::Udp, to, &[b'x'; 1_301]);
    send(&mut net, alice, Protocol::Udp, to, b"");
    net.run();
    let lengths: Vec<_> = datagrams(&net, bob).iter().map(Bytes::len).collect();
    assert_eq!(lengths, [1_300, 0]);
    assert!(net.ladder().to_string().contains("1301 bytes too large"));
}

#[test]
fn conditions_between_two_hosts_hold_in_one_direction() {
    let mut net = Net::new(1);
    let (alice, bob) = (wire(&mut net, "alice"), wire(&mut net, "bob"));
    let dead = DatagramPath { loss: 1.0, ..DatagramPath::default() };
    net.set_datagrams_between(alice, bob, dead);
    let (here, there) = (net.address(alice), net.address(bob));
    send(&mut net, alice, Protocol::Udp, there, b"ping");
    send(&mut net, bob, Protocol::Udp, here, b"pong");
    net.run();
    assert!(datagrams(&net, bob).is_empty());
    assert_eq!(datagrams(&net, alice), ["pong"]);
}

#[test]
fn datagrams_come_from_an_address_of_the_family_they_go_to() {
    let mut net = Net::new(1);
    let (alice, bob) = (wire(&mut net, "alice"), wire(&mut net, "bob"));
    let (from, to) = ("[2001:db8::1]:5060".parse().unwrap(), "[2001:db8::2]:5060".parse().unwrap());
    send(&mut net, alice, Protocol::Udp, to, b"nobody is there");
    net.bind(bob, to);
    send(&mut net, alice, Protocol::Udp, to, b"no address to send from");
    net.bind(alice, from);
    send(&mut net, alice, Protocol::Udp, to, b"hello");
    net.run();
    let bytes = Bytes::from_static(b"hello");
    assert_eq!(net.host(bob).heard.len(), 1);
    assert_eq!(net.host(bob).heard[0].1, Notice::Datagram { from, to, bytes });
}

#[test]
#[should_panic(expected = "10.0.0.1:5060 is taken")]
fn an_address_has_one_owner() {
    let mut net = Net::new(1);
    let (alice, bob) = (wire(&mut net, "alice"), wire(&mut net, "bob"));
    let taken = net.address(alice);
    net.bind(bob, taken);
}
