//! A machine that keeps the contract, and the same machine with one fault for each clause that can be seen.

use std::cell::Cell;
use std::collections::{BTreeMap, VecDeque};
use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use bytes::Bytes;
use missiva_core::{
    Deadline, DeadlineQueue, Destination, IdSource, Instant, LinkId, Machine, Payload, Transmit,
};

use super::{Checked, Contract, Violation};
use crate::Seeded;

/// How a clerk goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    None,
    PanicsAtZero,
    ForgetsWhatIsNotDrained,
    WritesAfterItsDrain,
    FiresOneTimerOnly,
    LeavesTimersToTimeouts,
    FiresEarly,
    PutsOffWhenWokenEarly,
    DrawsWhenWokenEarly,
    FiresLastTimerFirst,
    BelievesThePast,
    HearsItsChildLate,
    NamesTheClosed,
    WritesLastFirst,
    HasNoCap,
    NeverEnds,
    DrawsFromNowhere,
    MovesItsDeadlineWhenAsked,
}

/// Opens cases that expire, and writes numbered letters to three links.
///
/// ```text
///  Open ──► Opened(case) ──► after a while: Expired(case), which is the last of it
///  Write ──► a letter to a link
/// ```
struct Clerk {
    fault: Fault,
    now: Instant,
    ids: Seeded,
    cases: u64,
    due: BTreeMap<u64, Instant>,
    timers: DeadlineQueue<u64>,
    letters: u64,
    events: VecDeque<Event>,
    out: VecDeque<Transmit>,
    asked: Cell<u64>,
    /// Something that a child has said and nobody has fetched.
    child: bool,
}

#[derive(Clone, Debug)]
enum Input {
    Open(u64),
    Write(u32),
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Event {
    Opened(u64, String),
    Expired { case: u64, due: Instant },
    Written,
}

/// Events and letters that wait at most; further ones are dropped, the effect of this cap.
const CAP: usize = 32;

impl Clerk {
    fn new(fault: Fault, seed: u64) -> Self {
        Self {
            fault,
            now: Instant::ORIGIN,
            ids: Seeded::new(seed),
            cases: 0,
            due: BTreeMap::new(),
            timers: DeadlineQueue::new(),
            letters: 0,
            events: VecDeque::new(),
            out: VecDeque::new(),
            asked: Cell::new(0),
            child: false,
        }
    }

    fn say(&mut self, event: Event) {
        if self.fault == Fault::HasNoCap || self.events.len() < CAP / 2 {
            self.events.push_back(event);
        }
    }

    fn pass(&mut self, now: Instant) {
        let past = self.fault == Fault::BelievesThePast;
        self.now = if past { now } else { self.now.max(now) };
    }

    fn fire_due(&mut self) {
        let mut fired = Vec::new();
        while let Some(case) = self.timers.take_due(self.now) {
            fired.push(case);
            if self.fault == Fault::FiresOneTimerOnly {
                break;
            }
        }
        if self.fault == Fault::FiresLastTimerFirst {
            fired.reverse();
        }
        for case in fired {
            let due = self.due.remove(&case).unwrap();
            self.say(Event::Expired { case, due });
            if self.fault == Fault::NamesTheClosed {
                self.say(Event::Opened(case, String::new()));
            }
        }
    }
}

impl Machine for Clerk {
    type Input = Input;
    type Event = Event;

    fn handle_input(&mut self, now: Instant, input: Input) {
        self.pass(now);
        if self.fault != Fault::LeavesTimersToTimeouts {
            self.fire_due();
        }
        if self.fault == Fault::ForgetsWhatIsNotDrained {
            self.events.clear();
        }
        match input {
            Input::Open(0) if self.fault == Fault::PanicsAtZero => panic!("a case of no time"),
            // Nothing that is over its cap is begun.
            Input::Open(_) if self.due.len() >= CAP / 4 => {}
            Input::Open(seconds) => {
                let case = self.cases;
                self.cases += 1;
                let mut name = self.ids.hex(4);
                if self.fault == Fault::DrawsFromNowhere {
                    name = RandomState::new().hash_one(case).to_string();
                }
                self.due.insert(case, self.now + Duration::from_secs(seconds + 1));
                self.timers.set(case, self.now + Duration::from_secs(seconds + 1));
                self.say(Event::Opened(case, name));
            }
            Input::Write(link) => {
                let payload = Payload::from(Bytes::copy_from_slice(&self.letters.to_be_bytes()));
                self.letters += 1;
                if self.fault == Fault::HasNoCap || self.out.len() < CAP / 2 {
                    let to = Destination::Link(LinkId(link % 3));
                    self.out.push_back(Transmit { to, payload });
                }
                self.child = true;
            }
        }
    }

    fn handle_timeout(&mut self, now: Instant) {
        self.pass(now);
        let next = self.timers.next().map(|(at, case)| (at, *case));
        if let Some((at, case)) = next.filter(|(at, _)| *at > self.now) {
            match self.fault {
                Fault::FiresEarly => {
                    self.now = self.now.max(at);
                    self.fire_due();
                }
                Fault::PutsOffWhenWokenEarly => self.timers.set(case, at + Duration::from_nanos(1)),
                _ => {}
            }
        }
        if self.fault == Fault::DrawsWhenWokenEarly {
            self.ids.number();
        }
        self.fire_due();
    }

    fn poll_event(&mut self) -> Option<Event> {
        if self.fault == Fault::NeverEnds && self.cases > 0 {
            return Some(Event::Written);
        }
        self.events.pop_front()
    }

    fn poll_transmit(&mut self) -> Option<Transmit> {
        let letter = match self.fault {
            Fault::WritesLastFirst => self.out.pop_back(),
            _ => self.out.pop_front(),
        };
        if letter.is_none() && std::mem::take(&mut self.child) {
            match self.fault {
                Fault::HearsItsChildLate => self.events.push_back(Event::Written),
                Fault::WritesAfterItsDrain => {
                    let to = Destination::Link(LinkId(9));
                    self.out.push_back(Transmit { to, payload: Payload::default() });
                }
                _ => {}
            }
        }
        letter
    }

    fn poll_timeout(&self) -> Option<Deadline> {
        self.asked.set(self.asked.get() + 1);
        let moved = self.fault == Fault::MovesItsDeadlineWhenAsked;
        let put_off = Duration::from_nanos(if moved { self.asked.get() } else { 0 });
        self.timers.next().map(|(at, _)| Deadline { at: at + put_off, why: "case" })
    }
}

fn contract() -> Contract<Clerk> {
    Contract::new()
        .handle_of(|event| match event {
            Event::Opened(case, _) => Some((*case, false)),
            Event::Expired { case, .. } => Some((*case, true)),
            Event::Written => None,
        })
        .due_of(|event| match event {
            Event::Expired { due, .. } => Some(*due),
            _ => None,
        })
        .order_of(|transmit| transmit.payload.head.as_ref().try_into().ok().map(u64::from_be_bytes))
        .queue_cap(CAP)
}

fn draw(chance: &mut Seeded) -> Input {
    if chance.one_in(2) {
        Input::Open(chance.below(40))
    } else {
        Input::Write(chance.below(3) as u32)
    }
}

fn walk(contract: &Contract<Clerk>, fault: Fault) -> Result<(), Violation> {
    contract.check(0..20, |seed| Clerk::new(fault, seed), |chance, _| draw(chance))
}

#[test]
fn a_clerk_without_fault_keeps_the_contract() {
    let kept = contract().check(
        0..200,
        |seed| Clerk::new(Fault::None, seed),
        |chance, seen| {
            assert!(seen.machine.due.len() <= CAP);
            draw(chance)
        },
    );
    kept.unwrap_or_else(|violation| panic!("{violation}"));
}

#[test]
fn each_fault_is_found_under_its_clause() {
    for (fault, clause, words) in [
        (Fault::PanicsAtZero, 1, "the machine panics: a case of no time"),
        (Fault::ForgetsWhatIsNotDrained, 2, "drained late"),
        (Fault::WritesAfterItsDrain, 2, "a transmit came after the machine was drained"),
        (Fault::FiresOneTimerOnly, 3, "is not after"),
        (Fault::LeavesTimersToTimeouts, 3, "is not after"),
        (Fault::FiresEarly, 4, "an early handle_timeout"),
        (Fault::PutsOffWhenWokenEarly, 4, "an early handle_timeout moved the deadline"),
        (Fault::DrawsWhenWokenEarly, 4, "a twin that was woken early differs"),
        (Fault::FiresLastTimerFirst, 4, "fired after one that was due later"),
        (Fault::BelievesThePast, 5, "time ran backwards"),
        (Fault::HearsItsChildLate, 6, "after the events were drained"),
        (Fault::NamesTheClosed, 7, "which was closed"),
        (Fault::WritesLastFirst, 7, "to the same destination"),
        (Fault::HasNoCap, 8, "more than 32 results"),
        (Fault::NeverEnds, 8, "more than 32 results"),
        (Fault::DrawsFromNowhere, 9, "a twin from the same seed differs"),
        (Fault::MovesItsDeadlineWhenAsked, 10, "poll_timeout said"),
    ] {
        let violation = walk(&contract(), fault).expect_err(&format!("{fault:?}"));
        assert_eq!(violation.clause, clause, "{fault:?}: {violation}");
        assert!(violation.to_string().contains(words), "{fault:?}: {violation}");
    }
}

/// What needs no explanation is found without one, and order by comparison with a twin that is drained late.
#[test]
fn a_plain_contract_sees_what_twins_show() {
    for (fault, clause) in [
        (Fault::ForgetsWhatIsNotDrained, 2),
        (Fault::FiresOneTimerOnly, 3),
        (Fault::BelievesThePast, 5),
        (Fault::WritesLastFirst, 7),
        (Fault::NeverEnds, 8),
        (Fault::DrawsFromNowhere, 9),
    ] {
        let violation = walk(&Contract::new(), fault).expect_err(&format!("{fault:?}"));
        assert_eq!(violation.clause, clause, "{fault:?}: {violation}");
    }
}

#[test]
fn a_lazy_machine_is_not_compared_with_one_that_is_drained_late() {
    assert_eq!(walk(&Contract::new().late_by(0), Fault::WritesLastFirst), Ok(()));
}

#[test]
fn a_violation_tells_the_seed_and_the_moves_and_repeats() {
    let first = walk(&contract(), Fault::PanicsAtZero).unwrap_err();
    let again = walk(&contract(), Fault::PanicsAtZero).unwrap_err();
    assert_eq!(first, again);
    assert!(first.seed.is_some());
    assert!(first.moves.last().unwrap().ends_with("Open(0)"), "{first}");
    assert!(first.moves.len() <= 24);
}

#[test]
fn commands_are_operations_too() {
    let found = Contract::new().check_operations(
        0..20,
        |seed| Clerk::new(Fault::FiresEarly, seed),
        |chance, _| chance.below(40),
        |clerk, now, seconds| clerk.handle_input(now, Input::Open(seconds)),
    );
    assert_eq!(found.unwrap_err().clause, 4);
}

#[test]
fn a_guarded_machine_panics_at_its_first_fault() {
    let mut clerk = Checked::new(Clerk::new(Fault::FiresEarly, 1));
    clerk.handle_input(Instant::from_nanos(5), Input::Open(7));
    while clerk.poll_event().is_some() {}
    assert_eq!(clerk.poll_transmit(), None);
    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        clerk.handle_input(Instant::from_nanos(6), Input::Write(0));
    }));
    let words = panic.unwrap_err().downcast::<String>().unwrap();
    assert!(words.contains("clause 4 of the contract is broken at 0.000000005s"), "{words}");
}

#[test]
fn a_watched_machine_remembers_its_first_fault_only() {
    let mut clerk = contract().watch(Clerk::new(Fault::FiresOneTimerOnly, 1));
    for _ in 0..3 {
        clerk.handle_input(Instant::ORIGIN, Input::Open(1));
    }
    assert_eq!(clerk.verdict(), Ok(()));
    let late = Instant::ORIGIN + Duration::from_secs(60);
    clerk.handle_timeout(late);
    // Undrained, nothing can be said.
    assert_eq!(clerk.verdict(), Ok(()));
    while clerk.poll_event().is_some() {}
    assert_eq!(clerk.poll_transmit(), None);
    let first = clerk.verdict().unwrap_err();
    assert_eq!((first.clause, first.at), (3, late));
    clerk.command(late, |clerk, _| clerk.say(Event::Opened(0, String::new())));
    while clerk.poll_event().is_some() {}
    assert_eq!(clerk.verdict().unwrap_err(), first);
    assert_eq!(clerk.get().cases, 3);
}

#[test]
fn a_jump_over_many_deadlines_fires_all_in_due_order() {
    let mut clerk = contract().guard(Clerk::new(Fault::None, 1));
    for seconds in [9, 2, 5] {
        clerk.handle_input(Instant::ORIGIN, Input::Open(seconds));
    }
    clerk.handle_timeout(Instant::ORIGIN + Duration::from_secs(3_600));
    let expired: Vec<u64> = std::iter::from_fn(|| clerk.poll_event())
        .filter_map(|event| match event {
            Event::Expired { case, .. } => Some(case),
            _ => None,
        })
        .collect();
    assert_eq!(expired, [1, 2, 0]);
    assert_eq!((clerk.poll_transmit(), clerk.poll_timeout()), (None, None));
}

#[test]
fn a_generator_sees_every_event_once() {
    let mut next = 0;
    let kept = Contract::new().check(
        3..4,
        |seed| Clerk::new(Fault::None, seed),
        |chance, seen| {
            for event in seen.events {
                if let Event::Opened(case, _) = event {
                    assert_eq!(*case, next);
                    next += 1;
                }
            }
            assert_eq!(seen.machine.cases, next);
            draw(chance)
        },
    );
    assert_eq!(kept, Ok(()));
    assert!(next > 20, "{next}");
}
