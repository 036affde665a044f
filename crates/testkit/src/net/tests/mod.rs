//! The network, by its conditions.

mod datagrams;
mod endings;
mod runs;
mod streams;

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use missiva_core::{Deadline, Destination, Instant, LinkId, Machine, Payload, Protocol, Transmit};

use super::{Net, Node, Notice, Seat};
use crate::{Checked, StreamPath};

/// Hears everything and writes what it is told to.
#[derive(Default)]
struct Wire {
    heard: VecDeque<Notice>,
    out: VecDeque<Transmit>,
}

impl Wire {
    fn write(&mut self, link: LinkId, bytes: &[u8]) {
        let payload = Payload::from(Bytes::copy_from_slice(bytes));
        self.out.push_back(Transmit { to: Destination::Link(link), payload });
    }

    fn send(&mut self, protocol: Protocol, to: SocketAddr, bytes: &[u8]) {
        let payload = Payload::from(Bytes::copy_from_slice(bytes));
        self.out.push_back(Transmit { to: Destination::Address(protocol, to), payload });
    }
}

impl Machine for Wire {
    type Input = Notice;
    type Event = Notice;

    fn handle_input(&mut self, _now: Instant, notice: Notice) {
        self.heard.push_back(notice);
    }

    fn handle_timeout(&mut self, _now: Instant) {}

    fn poll_event(&mut self) -> Option<Notice> {
        self.heard.pop_front()
    }

    fn poll_transmit(&mut self) -> Option<Transmit> {
        self.out.pop_front()
    }

    fn poll_timeout(&self) -> Option<Deadline> {
        None
    }
}

type Ear = Node<Seat<Checked<Wire>>>;

fn wire(net: &mut Net, name: &str) -> Ear {
    net.add(name, Seat::new(Checked::new(Wire::default()), Some))
}

/// Two hosts and a link under these conditions; it is up at both ends.
fn pair(seed: u64, path: StreamPath) -> (Net, Ear, LinkId, Ear, LinkId) {
    let mut net = Net::new(seed);
    net.set_streams(path);
    let (alice, bob) = (wire(&mut net, "alice"), wire(&mut net, "bob"));
    let (near, far) = net.connect(alice, bob);
    net.run();
    (net, alice, near, bob, far)
}

fn write(net: &mut Net, node: Ear, link: LinkId, bytes: &[u8]) {
    net.with(node, |seat, now| seat.machine.command(now, |wire, _| wire.write(link, bytes)));
}

fn send(net: &mut Net, node: Ear, protocol: Protocol, to: SocketAddr, bytes: &[u8]) {
    net.with(node, |seat, now| seat.machine.command(now, |wire, _| wire.send(protocol, to, bytes)));
}

/// What arrived on a link, piece by piece, and when.
fn pieces(net: &Net, node: Ear, link: LinkId) -> Vec<(Instant, Bytes)> {
    let heard = net.host(node).heard.iter();
    heard
        .filter_map(|(at, notice)| match notice {
            Notice::Data { link: on, bytes } if *on == link => Some((*at, bytes.clone())),
            _ => None,
        })
        .collect()
}

fn arrived(net: &Net, node: Ear, link: LinkId) -> Vec<u8> {
    pieces(net, node, link).into_iter().flat_map(|(_, bytes)| bytes).collect()
}

/// The datagrams that arrived.
fn datagrams(net: &Net, node: Ear) -> Vec<Bytes> {
    let heard = net.host(node).heard.iter();
    heard
        .filter_map(|(_, notice)| match notice {
            Notice::Datagram { bytes, .. } => Some(bytes.clone()),
            _ => None,
        })
        .collect()
}

/// When this notice came, if it did.
fn when(net: &Net, node: Ear, like: impl Fn(&Notice) -> bool) -> Option<Instant> {
    net.host(node).heard.iter().find(|(_, notice)| like(notice)).map(|(at, _)| *at)
}

const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}
