//! Two endpoints on a network, and what their applications heard.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use bytes::Bytes;
use missiva_core::{Instant, LinkId, Protocol};
use missiva_msrp::link::{Framing, LinkInput};
use missiva_msrp::session::{
    Endpoint, Ends, Event, Outbound, SentId, SessionId, SessionLimits, SessionOptions, Setup,
    Source,
};
use missiva_testkit::{Action, Checked, Net, Node, Notice, Seat, Seeded, StreamPath};

pub(crate) type Place = Seat<Checked<Endpoint>>;

/// What the application of one endpoint knows.
#[derive(Default)]
pub(crate) struct Memory {
    pub(crate) events: Vec<Event>,
    /// What pulled messages are fed from.
    pub(crate) files: BTreeMap<SentId, Bytes>,
}

/// Endpoints with a session between them.
pub(crate) struct Pair {
    pub(crate) net: Net,
    pub(crate) alice: Node<Place>,
    pub(crate) bob: Node<Place>,
    pub(crate) a: SessionId,
    pub(crate) b: SessionId,
    pub(crate) link: LinkId,
    pub(crate) memories: [Rc<RefCell<Memory>>; 2],
}

pub(crate) const ALICE: &str = "msrp://alice.example:7777/alice0123456789;tcp";
pub(crate) const BOB: &str = "msrp://bob.example:8888/bob0123456789;tcp";

pub(crate) fn input(notice: Notice) -> Option<LinkInput> {
    Some(match notice {
        Notice::Up { link, protocol, .. } => {
            let framing = match protocol {
                Protocol::Ws | Protocol::Wss => Framing::WebSocket,
                _ => Framing::Stream,
            };
            LinkInput::Up { link, framing }
        }
        Notice::Data { link, bytes } => LinkInput::Bytes { link, bytes },
        Notice::Blocked { link } => LinkInput::Blocked { link },
        Notice::Writable { link, .. } => LinkInput::Writable { link },
        Notice::Down { link, .. } => LinkInput::Down { link },
        _ => return None,
    })
}

fn seat(seed: u64, limits: SessionLimits) -> (Place, Rc<RefCell<Memory>>) {
    let memory = Rc::new(RefCell::new(Memory::default()));
    let kept = Rc::clone(&memory);
    let endpoint = Checked::new(Endpoint::new(limits, Box::new(Seeded::new(seed))));
    let seat = Seat::new(endpoint, input).with_application(move |machine, now, event, actions| {
        match &event {
            Event::Close { link } => actions.push_back(Action::Close(*link)),
            Event::Want { message, range } => {
                let bytes = kept.borrow().files.get(message).cloned();
                let Some(file) = bytes else { return };
                let (from, to) = (range.start as usize, (range.end as usize).min(file.len()));
                if from < to {
                    machine
                        .command(now, |one, now| one.feed(now, *message, file.slice(from..to)))
                        .unwrap();
                }
                if to == file.len() {
                    // A message whose total was stated may have ended with these bytes.
                    let _ = machine.command(now, |one, now| one.finish(now, *message));
                }
            }
            _ => {}
        }
        kept.borrow_mut().events.push(event);
    });
    (seat, memory)
}

impl Pair {
    /// A session under these conditions, established.
    pub(crate) fn new(seed: u64, path: StreamPath) -> Self {
        Self::with(seed, path, Protocol::Tcp, SessionLimits::standard(), SessionOptions::default())
    }

    pub(crate) fn with(
        seed: u64,
        path: StreamPath,
        protocol: Protocol,
        limits: SessionLimits,
        options: SessionOptions,
    ) -> Self {
        let mut net = Net::new(seed);
        net.set_streams(path);
        net.set_max_steps(30_000_000);
        net.set_describe(|_| String::new());
        let (alice, alices) = seat(seed, limits);
        let (bob, bobs) = seat(seed + 1000, limits);
        let (alice, bob) = (net.add("alice", alice), net.add("bob", bob));
        let (link, _) = net.connect_over(protocol, alice, bob);
        let b = net.with(bob, |seat, now| {
            let ends = Ends::new(BOB, ALICE).unwrap();
            let options = options.clone();
            seat.machine
                .command(now, |bob, now| bob.open(now, ends, Setup::Passive, options))
                .unwrap()
        });
        net.run_until_quiet();
        let a = net.with(alice, |seat, now| {
            let ends = Ends::new(ALICE, BOB).unwrap();
            seat.machine
                .command(now, |alice, now| alice.open(now, ends, Setup::Active { link }, options))
                .unwrap()
        });
        net.run_until_quiet();
        Self { net, alice, bob, a, b, link, memories: [alices, bobs] }
    }

    /// Commands one of them.
    pub(crate) fn command<T>(
        &mut self,
        who: usize,
        act: impl FnOnce(&mut Endpoint, Instant) -> T,
    ) -> T {
        let node = [self.alice, self.bob][who];
        self.net.with(node, |seat, now| seat.machine.command(now, act))
    }

    pub(crate) fn session(&self, who: usize) -> SessionId {
        [self.a, self.b][who]
    }

    /// Sends a message from one to the other.
    pub(crate) fn send(&mut self, who: usize, outbound: &Outbound, body: Bytes) -> SentId {
        let session = self.session(who);
        self.command(who, |one, now| one.send(now, session, outbound, Source::Bytes(body))).unwrap()
    }

    /// The same, pulled.
    pub(crate) fn pull(
        &mut self,
        who: usize,
        outbound: &Outbound,
        body: Bytes,
        total: bool,
    ) -> SentId {
        let session = self.session(who);
        let total = total.then_some(body.len() as u64);
        let memory = Rc::clone(&self.memories[who]);
        self.command(who, |one, now| {
            let sent = one.send(now, session, outbound, Source::Pull { total }).unwrap();
            memory.borrow_mut().files.insert(sent, body);
            sent
        })
        // The first event that wants bytes comes behind this.
    }

    /// What one of them heard since it was asked last.
    pub(crate) fn heard(&mut self, who: usize) -> Vec<Event> {
        std::mem::take(&mut self.memories[who].borrow_mut().events)
    }
}
