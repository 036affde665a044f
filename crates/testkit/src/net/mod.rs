//! A network in virtual time.

mod deliver;
mod host;
mod path;
mod pipe;
mod run;
mod seat;
#[cfg(test)]
mod tests;

use std::any::Any;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use bytes::Bytes;
use missiva_core::{DeadlineQueue, Instant, LinkId, Protocol};

pub use host::{Action, Cause, Host, Notice};
pub use path::{Chunking, DatagramPath, StreamPath};
pub use seat::Seat;

use crate::ladder::Shape;
use crate::{Clock, Ladder, Seeded};
use pipe::{Pipe, State};

/// Hosts, links and datagrams between them, in virtual time, with every fault that was asked for.
///
/// The same seed and the same calls give the same run, byte for byte. Nothing happens until a test lets time pass
/// ([`run`](Self::run) and its siblings). A run that never ends, a machine that never stops talking and a deadline
/// that is not in the future panic with the [`Ladder`]; a test that fails for any other reason while the network
/// exists gets the ladder on standard error.
///
/// A transmit to an address goes as a datagram over UDP. Over every other protocol it goes on the link that the host
/// has to that address, which is opened when there is none.
pub struct Net {
    clock: Clock,
    chance: Seeded,
    hosts: Vec<Place>,
    owners: BTreeMap<SocketAddr, usize>,
    /// The pipe of a number carries what is written at the link end of that number; ends `2n` and `2n + 1` are one
    /// link.
    pipes: Vec<Pipe>,
    queue: BTreeMap<(Instant, u64), Happening>,
    sequence: u64,
    deadlines: DeadlineQueue<usize>,
    ladder: Ladder,
    describe: Describe,
    streams: StreamPath,
    datagrams: DatagramPath,
    between: BTreeMap<(usize, usize), DatagramPath>,
    lateness: Duration,
    max_steps: u64,
    steps: u64,
    /// Whether the ladder was printed already.
    told: bool,
}

/// The words of the ladder for what travels.
type Describe = Box<dyn Fn(&[u8]) -> String>;

/// A host and what the network knows of it.
struct Place {
    name: String,
    addresses: Vec<SocketAddr>,
    host: Box<dyn Host>,
    /// The deadline that it named last.
    deadline: Option<Instant>,
}

/// What the future holds.
enum Happening {
    /// Something at the front of this pipe arrives.
    Arrive(usize),
    /// A datagram arrives.
    Datagram { host: usize, from: SocketAddr, to: SocketAddr, bytes: Bytes },
    /// A host learns something of a link of its own, or of one that it did not get.
    Notice { host: usize, notice: Notice },
}

/// The name of a host of type `H` on its network.
pub struct Node<H> {
    index: usize,
    kind: PhantomData<fn() -> H>,
}

impl<H> Clone for Node<H> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<H> Copy for Node<H> {}

impl<H> fmt::Debug for Node<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Node({})", self.index)
    }
}

impl Net {
    /// Steps of one run after which it is taken for endless, unless a test sets another number.
    pub const MAX_STEPS: u64 = 1_000_000;

    /// A network without hosts.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            clock: Clock::new(),
            chance: Seeded::new(seed),
            hosts: Vec::new(),
            owners: BTreeMap::new(),
            pipes: Vec::new(),
            queue: BTreeMap::new(),
            sequence: 0,
            deadlines: DeadlineQueue::new(),
            ladder: Ladder::new(),
            describe: Box::new(first_line),
            streams: StreamPath::default(),
            datagrams: DatagramPath::default(),
            between: BTreeMap::new(),
            lateness: Duration::ZERO,
            max_steps: Self::MAX_STEPS,
            steps: 0,
            told: false,
        }
    }

    /// The conditions of links that are opened from now on.
    pub fn set_streams(&mut self, path: StreamPath) {
        self.streams = path;
    }

    /// The conditions of datagrams sent from now on, but for pairs of hosts with conditions of their own.
    pub fn set_datagrams(&mut self, path: DatagramPath) {
        self.datagrams = path;
    }

    /// The conditions of datagrams from one host to another, in this direction only.
    pub fn set_datagrams_between<A, B>(&mut self, from: Node<A>, to: Node<B>, path: DatagramPath) {
        self.between.insert((from.index, to.index), path);
    }

    /// Wakes hosts late, by a span drawn up to this one: a driver is never punctual.
    pub fn set_lateness(&mut self, most: Duration) {
        self.lateness = most;
    }

    /// Steps of one run after which it is taken for endless.
    pub fn set_max_steps(&mut self, steps: u64) {
        self.max_steps = steps;
    }

    /// How the ladder summarises what travels; the first line of text by default.
    pub fn set_describe(&mut self, describe: impl Fn(&[u8]) -> String + 'static) {
        self.describe = Box::new(describe);
    }

    /// How many rungs the ladder keeps.
    pub fn keep_rungs(&mut self, rungs: usize) {
        self.ladder.keep(rungs);
    }

    /// Puts a host on the network, with an address of its own.
    pub fn add<H: Host>(&mut self, name: &str, host: H) -> Node<H> {
        let index = self.hosts.len();
        self.hosts.push(Place {
            name: name.to_owned(),
            addresses: vec![address(index)],
            host: Box::new(host),
            deadline: None,
        });
        self.owners.insert(address(index), index);
        self.ladder.add_lane(name);
        self.settle(index);
        Node { index, kind: PhantomData }
    }

    /// Gives a host one more address.
    #[track_caller]
    pub fn bind<H>(&mut self, node: Node<H>, address: SocketAddr) {
        if self.host_at(address).is_some() {
            self.fail(&format!("{address} is taken"));
        }
        self.owners.insert(address, node.index);
        if let Some(place) = self.hosts.get_mut(node.index) {
            place.addresses.push(address);
        }
    }

    /// The address that the network gave to a host.
    #[must_use]
    pub fn address<H>(&self, node: Node<H>) -> SocketAddr {
        address(node.index)
    }

    /// A host, to be looked at.
    #[must_use]
    #[track_caller]
    pub fn host<H: Host>(&self, node: Node<H>) -> &H {
        let host = self.hosts.get(node.index).map(|place| place.host.as_ref() as &dyn Any);
        let Some(host) = host.and_then(|host| host.downcast_ref()) else {
            panic!("{node:?} belongs to another network")
        };
        host
    }

    /// Commands a host: `act` gets it and the present moment, and what it says is fetched afterwards.
    #[track_caller]
    pub fn with<H: Host, T>(&mut self, node: Node<H>, act: impl FnOnce(&mut H, Instant) -> T) -> T {
        let now = self.clock.now();
        let host = self.hosts.get_mut(node.index).map(|place| place.host.as_mut() as &mut dyn Any);
        let Some(host) = host.and_then(|host| host.downcast_mut()) else {
            panic!("{node:?} belongs to another network")
        };
        let result = act(host, now);
        self.settle(node.index);
        result
    }

    /// The present moment.
    #[must_use]
    pub const fn now(&self) -> Instant {
        self.clock.now()
    }

    /// Chance for the test itself, from the same seed.
    pub fn chance(&mut self) -> &mut Seeded {
        &mut self.chance
    }

    /// What happened so far.
    #[must_use]
    pub const fn ladder(&self) -> &Ladder {
        &self.ladder
    }

    /// Opens a link between two hosts over TCP, under the conditions for streams. Returns both ends.
    pub fn connect<A, B>(&mut self, from: Node<A>, to: Node<B>) -> (LinkId, LinkId) {
        let peer = address(to.index);
        self.open(from.index, to.index, peer, Protocol::Tcp)
    }

    /// The same over a protocol of choice; WebSocket keeps the borders of what is written.
    pub fn connect_over<A, B>(
        &mut self,
        protocol: Protocol,
        from: Node<A>,
        to: Node<B>,
    ) -> (LinkId, LinkId) {
        let peer = address(to.index);
        self.open(from.index, to.index, peer, protocol)
    }

    /// Closes a link at one end: what was written there before still arrives, then both ends hear of it.
    pub fn close(&mut self, end: LinkId) {
        let end = number(end);
        if let Some(pipe) = self.pipes.get_mut(end)
            && pipe.state == State::Open
        {
            pipe.state = State::Closing;
            self.pump(end);
        }
    }

    /// Cuts a link now. What is under way is lost in both directions, and each end learns of it in its own time.
    pub fn cut(&mut self, end: LinkId) {
        self.cut_pipes(number(end), Cause::Cut);
    }

    /// Cuts a link as soon as so many bytes written at this end, counted from its beginning, have arrived.
    pub fn cut_after(&mut self, end: LinkId, bytes: u64) {
        if let Some(pipe) = self.pipes.get_mut(number(end)) {
            pipe.cut_after = Some(bytes);
        }
    }

    /// Whether a link is there, or on its way to be.
    #[must_use]
    pub fn is_up(&self, end: LinkId) -> bool {
        self.pipes.get(number(end)).is_some_and(|pipe| pipe.state != State::Gone)
    }

    /// How many bytes written at this end have arrived at the other.
    #[must_use]
    pub fn carried(&self, end: LinkId) -> u64 {
        self.pipes.get(number(end)).map_or(0, |pipe| pipe.carried)
    }

    /// The most bytes that ever waited at this end because the window was full: how well the machine heeds
    /// back-pressure.
    #[must_use]
    pub fn peak_waiting(&self, end: LinkId) -> usize {
        self.pipes.get(number(end)).map_or(0, |pipe| pipe.peak)
    }

    /// Panics with the ladder.
    ///
    /// # Panics
    ///
    /// Always.
    #[track_caller]
    pub fn fail(&mut self, why: &str) -> ! {
        self.told = true;
        panic!("{why}\n{}", self.ladder)
    }

    fn schedule(&mut self, at: Instant, happening: Happening) {
        self.queue.insert((at, self.sequence), happening);
        self.sequence = self.sequence.saturating_add(1);
    }

    fn mark(&mut self, host: usize, label: String) {
        self.ladder.record(self.clock.now(), Shape::Mark { at: host }, label, b"");
    }

    fn host_at(&self, address: SocketAddr) -> Option<usize> {
        self.owners.get(&address).copied()
    }
}

impl Drop for Net {
    /// A test that fails shows what the network did.
    fn drop(&mut self) {
        if std::thread::panicking() && !self.told {
            eprintln!("the network until then:\n{}", self.ladder);
        }
    }
}

impl fmt::Debug for Net {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hosts, links) = (self.hosts.len(), self.pipes.len() / 2);
        write!(f, "Net({hosts} hosts, {links} links, {})", self.clock.now())
    }
}

/// The first line of a text, shortened; what is no printable ASCII becomes a dot.
///
/// ```
/// assert_eq!(missiva_testkit::first_line(b"SIP/2.0 200 OK\r\nVia: ..."), "SIP/2.0 200 OK");
/// assert_eq!(missiva_testkit::first_line(&[0, 255, b'a']), "..a");
/// ```
#[must_use]
pub fn first_line(bytes: &[u8]) -> String {
    const MOST: usize = 48;
    let printable = |byte: &u8| match byte {
        b' '..=b'~' => char::from(*byte),
        _ => '.',
    };
    bytes
        .iter()
        .take_while(|byte| !matches!(byte, b'\r' | b'\n'))
        .take(MOST)
        .map(printable)
        .collect()
}

fn number(end: LinkId) -> usize {
    usize::try_from(end.0).unwrap_or(usize::MAX)
}

fn link(end: usize) -> LinkId {
    LinkId(u32::try_from(end).unwrap_or(u32::MAX))
}

/// Each host gets an address of 10.0.0.0/8.
fn address(index: usize) -> SocketAddr {
    let [_, high, middle, low] =
        u32::try_from(index).unwrap_or(u32::MAX).saturating_add(1).to_be_bytes();
    SocketAddr::new(IpAddr::V4(Ipv4Addr::new(10, high, middle, low)), 5060)
}
