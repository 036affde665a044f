//! How time passes, what repeats, and what a failure shows.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::*;
use crate::{Action, Chunking, DatagramPath, StreamPath};

/// Beats `beats` times, one second apart, and tells each beat; a broken one leaves its timer where it was.
struct Heart {
    next: Option<Instant>,
    beats: u32,
    broken: bool,
    events: VecDeque<u32>,
}

impl Heart {
    fn new(beats: u32) -> Self {
        Self { next: None, beats, broken: false, events: VecDeque::new() }
    }

    fn start(&mut self, now: Instant) {
        self.next = Some(now + Duration::from_secs(1));
    }
}

impl Machine for Heart {
    type Input = ();
    type Event = u32;

    fn handle_input(&mut self, now: Instant, (): ()) {
        self.handle_timeout(now);
    }

    fn handle_timeout(&mut self, now: Instant) {
        while let Some(at) = self.next.filter(|at| *at <= now && !self.broken) {
            self.beats -= 1;
            self.next = (self.beats > 0).then(|| at + Duration::from_secs(1));
            self.events.push_back(self.beats);
        }
    }

    fn poll_event(&mut self) -> Option<u32> {
        self.events.pop_front()
    }

    fn poll_transmit(&mut self) -> Option<Transmit> {
        None
    }

    fn poll_timeout(&self) -> Option<Deadline> {
        self.next.map(|at| Deadline { at, why: "beat" })
    }
}

fn beating(net: &mut Net, beats: u32) -> Node<Seat<Checked<Heart>>> {
    let node = net.add("heart", Seat::new(Checked::new(Heart::new(beats)), |_| None));
    net.with(node, |seat, now| seat.machine.command(now, Heart::start));
    node
}

/// What a panic says.
fn words(act: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(act)).unwrap_err();
    *panic.downcast::<String>().unwrap()
}

#[test]
fn timers_fire_at_their_moment_and_not_before() {
    let mut net = Net::new(1);
    let start = net.now();
    let heart = beating(&mut net, 3);
    net.run_for(ms(999));
    assert!(net.host(heart).heard.is_empty());
    net.run_for(ms(1));
    assert_eq!(net.host(heart).heard, [(start + ms(1_000), 2)]);
    net.run_until_quiet();
    assert_eq!(net.now(), start + ms(1_000));
    net.run();
    assert_eq!(net.host(heart).heard.last(), Some(&(start + ms(3_000), 0)));
    assert_eq!(net.now(), start + ms(3_000));
    net.run_until(start + ms(9_000));
    assert_eq!(net.now(), start + ms(9_000));
    net.run_until(start);
    assert_eq!(net.now(), start + ms(9_000));
}

#[test]
fn a_late_driver_fires_timers_late() {
    let mut net = Net::new(1);
    net.set_lateness(ms(300));
    let start = net.now();
    let heart = beating(&mut net, 50);
    net.run();
    let mut late = Duration::ZERO;
    for ((at, _), n) in net.host(heart).heard.iter().zip(1..) {
        let due = start + Duration::from_secs(n);
        assert!(*at >= due && *at <= due + ms(300));
        late = late.max(*at - due);
    }
    assert!(late > ms(200));
    assert_eq!(net.host(heart).heard.len(), 50);
}

#[test]
fn a_run_stops_when_its_condition_holds() {
    let mut net = Net::new(1);
    let heart = beating(&mut net, 5);
    assert!(net.run_until_met(|net| net.host(heart).heard.len() == 2));
    assert_eq!(net.host(heart).heard.len(), 2);
    assert!(!net.run_until_met(|net| net.host(heart).heard.len() == 9));
}

/// Everything at once: lossy datagrams, jumpy links, answers to what arrives.
fn busy(seed: u64) -> (String, u64, u64) {
    let mut net = Net::new(seed);
    net.keep_rungs(usize::MAX);
    net.set_datagrams(DatagramPath {
        jitter: ms(50),
        loss: 0.3,
        duplicate: 0.2,
        corrupt: 0.1,
        ..DatagramPath::default()
    });
    net.set_streams(StreamPath {
        jitter: ms(50),
        chunking: Chunking::Random(40),
        window: Some(64),
        cut_within: Some(5_000),
        ..StreamPath::default()
    });
    let (alice, bob) = (wire(&mut net, "alice"), wire(&mut net, "bob"));
    let to = net.address(bob);
    for _ in 0..20 {
        let len = net.chance().within(1..200);
        let bytes = net.chance().bytes(len);
        send(&mut net, alice, Protocol::Udp, to, &bytes);
        send(&mut net, alice, Protocol::Tcp, to, &bytes);
        net.run_for(ms(7));
    }
    net.run();
    (net.ladder().to_string(), net.ladder().digest(), net.ladder().total())
}

#[test]
fn the_same_seed_gives_the_same_ladder_byte_for_byte() {
    for seed in 0..20 {
        let first = busy(seed);
        assert_eq!(first, busy(seed));
        assert_ne!(first, busy(seed + 1_000));
        assert!(first.2 > 50);
    }
}

#[test]
fn a_ladder_shows_hosts_arrows_timers_and_the_first_line() {
    let mut net = Net::new(1);
    let (alice, bob) = (wire(&mut net, "alice"), wire(&mut net, "bob"));
    let to = net.address(bob);
    send(&mut net, alice, Protocol::Udp, to, b"OPTIONS sip:b SIP/2.0\r\nVia: secret");
    net.run();
    let expected = "                        alice          bob\n\
                    \u{20}    1000.001000000s       |------------>|       34 bytes: OPTIONS sip:b SIP/2.0\n\
                    \u{20}    1000.001000000s       |             *       event Datagram\n";
    let ladder = net.ladder().to_string();
    assert_eq!(&ladder[..expected.len().min(ladder.len())], expected, "{ladder}");
    net.set_describe(|bytes| format!("<{}>", bytes.len()));
    send(&mut net, alice, Protocol::Udp, to, b"private");
    net.run();
    assert!(net.ladder().to_string().contains("7 bytes: <7>"));
    assert!(!net.ladder().to_string().contains("private"));
}

#[test]
fn a_network_that_does_not_come_to_rest_shows_its_ladder() {
    let mut net = Net::new(1);
    net.set_max_steps(100);
    let echo = |machine: &mut Wire, _: Instant, notice: Notice, _: &mut VecDeque<Action>| {
        if let Notice::Datagram { from, .. } = notice {
            machine.send(Protocol::Udp, from, b"and again");
        }
    };
    let alice = net.add("alice", Seat::new(Wire::default(), Some).with_application(echo));
    let bob = net.add("bob", Seat::new(Wire::default(), Some).with_application(echo));
    let to = net.address(bob);
    net.with(alice, |seat, _| seat.machine.send(Protocol::Udp, to, b"hello"));
    let words = words(|| net.run());
    assert!(words.starts_with("the network does not come to rest in 100 steps\n"), "{words}");
    assert!(words.contains("<------------|       9 bytes: and again"), "{words}");
}

#[test]
fn a_deadline_that_is_not_in_the_future_shows_the_ladder() {
    let mut net = Net::new(1);
    let seat = Seat::new(Heart { broken: true, ..Heart::new(1) }, |_| None);
    let node = net.add("heart", seat);
    net.with(node, |seat, now| seat.machine.start(now));
    let words = words(|| net.run());
    assert!(words.starts_with("clause 3 of the contract: heart is drained"), "{words}");
    assert!(words.contains("*       beat"), "{words}");
}

/// Goes on and on, in the way it is told.
struct Endless {
    transmits: bool,
}

impl Machine for Endless {
    type Input = Notice;
    type Event = ();

    fn handle_input(&mut self, _now: Instant, _notice: Notice) {}

    fn handle_timeout(&mut self, _now: Instant) {}

    fn poll_event(&mut self) -> Option<()> {
        (!self.transmits).then_some(())
    }

    fn poll_transmit(&mut self) -> Option<Transmit> {
        let to = Destination::Address(Protocol::Udp, "192.0.2.1:5060".parse().unwrap());
        Some(Transmit { to, payload: Payload::default() })
    }

    fn poll_timeout(&self) -> Option<Deadline> {
        None
    }
}

#[test]
fn a_machine_that_never_stops_talking_is_stopped() {
    for transmits in [false, true] {
        let words = words(|| {
            let mut net = Net::new(1);
            let application = |_: &mut Endless, _: Instant, (): (), _: &mut VecDeque<Action>| {};
            let seat = Seat::new(Endless { transmits }, Some).with_application(application);
            net.add("talker", seat);
        });
        assert!(words.starts_with("talker has had 1000000"), "{words}");
    }
}

#[test]
fn a_host_of_another_network_is_refused() {
    let mut other = Net::new(1);
    other.add("first", Seat::new(Heart::new(1), |_| None));
    let heart = beating(&mut other, 1);
    let mut net = Net::new(1);
    wire(&mut net, "alice");
    assert!(words(|| assert!(net.host(heart).heard.is_empty())).contains("another network"));
    assert!(words(|| net.with(heart, |_, _| ())).contains("another network"));
}
