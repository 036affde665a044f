//! One random walk of a machine and its twins.
//!
//! All lanes are built from one seed and get the same operations at the same instants, each with a liberty that the
//! contract grants, and must say the same in the end:
//!
//! ```text
//!  Reference   drained after each operation
//!  Same        likewise                                                          clause 9
//!  Backwards   now and then given an instant before the latest one               clause 5
//!  Early       woken again and again before anything is due                      clause 4
//!  Late        drained once in several operations                                clauses 2 and 7
//! ```

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::time::Duration;

use missiva_core::{Destination, Instant, Machine, Payload, Transmit};

use super::checked::show;
use super::{Checked, Contract, Seen, Violation};
use crate::{Clock, Seeded, short};

/// A walk with its lanes.
pub(super) struct Walk<'a, M: Machine, A> {
    contract: &'a Contract<M>,
    apply: &'a A,
    chance: Seeded,
    now: Instant,
    /// Whether every machine has been given the present moment.
    known: bool,
    reference: Lane<M>,
    twins: Vec<Lane<M>>,
}

/// A machine with its liberty and with what it said.
struct Lane<M: Machine> {
    liberty: Liberty,
    machine: Checked<M>,
    events: Vec<M::Event>,
    transmits: Vec<Transmit>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Liberty {
    Reference,
    Same,
    Backwards,
    Early,
    Late,
}

impl Liberty {
    const fn clause(self) -> u8 {
        match self {
            Self::Reference | Self::Same => 9,
            Self::Backwards => 5,
            Self::Early => 4,
            Self::Late => 2,
        }
    }

    const fn meaning(self) -> &'static str {
        match self {
            Self::Reference | Self::Same => "a twin from the same seed differs",
            Self::Backwards => "a twin whose time ran backwards differs",
            Self::Early => "a twin that was woken early differs",
            Self::Late => "a twin that was drained late differs",
        }
    }
}

/// The last moves, in words.
#[derive(Default)]
pub(super) struct Log {
    moves: VecDeque<String>,
    now: Instant,
}

impl Log {
    const KEEP: usize = 24;

    fn push(&mut self, now: Instant, text: &str) {
        if self.moves.len() == Self::KEEP {
            self.moves.pop_front();
        }
        self.moves.push_back(format!("{now} {text}"));
        self.now = now;
    }

    pub(super) const fn now(&self) -> Instant {
        self.now
    }

    pub(super) fn clear(&mut self) {
        self.moves.clear();
    }

    pub(super) fn into_moves(self) -> Vec<String> {
        self.moves.into()
    }
}

impl<'a, M, A> Walk<'a, M, A>
where
    M: Machine,
    M::Event: PartialEq + fmt::Debug,
{
    pub(super) fn new(
        contract: &'a Contract<M>,
        seed: u64,
        build: &impl Fn(u64) -> M,
        apply: &'a A,
    ) -> Self {
        let lane = |liberty| {
            let machine = contract.watch(build(seed));
            // The others must not be woken early, or nothing would be left to compare with.
            let machine =
                if liberty == Liberty::Early { machine } else { machine.without_probing() };
            Lane { liberty, machine, events: Vec::new(), transmits: Vec::new() }
        };
        let mut twins = vec![lane(Liberty::Same), lane(Liberty::Backwards), lane(Liberty::Early)];
        if contract.late_by > 0 {
            twins.push(lane(Liberty::Late));
        }
        Self {
            contract,
            apply,
            chance: Seeded::new(seed),
            now: Clock::new().now(),
            known: false,
            reference: lane(Liberty::Reference),
            twins,
        }
    }

    /// Walks, and compares whenever everybody was drained.
    pub(super) fn run<Op: Clone + fmt::Debug>(
        mut self,
        generate: &mut impl FnMut(&mut Seeded, Seen<'_, M>) -> Op,
        log: &mut Log,
    ) -> Result<(), Violation>
    where
        A: Fn(&mut M, Instant, Op),
    {
        let mut seen = 0;
        let mut apart = 0;
        self.meet()?;
        for _ in 0..self.contract.steps {
            self.pass_time(log)?;
            let lane = &self.reference;
            let events = lane.events.get(seen..).unwrap_or_default();
            let view = Seen { machine: lane.machine.get(), events, now: self.now };
            let op = generate(&mut self.chance, view);
            seen = lane.events.len();
            // Only now are the last events forgotten: the generator has seen them.
            if apart >= self.contract.late_by || self.chance.one_in(4) {
                self.meet()?;
                (seen, apart) = (0, 0);
            }
            log.push(self.now, &short::debug(&op, 120));
            self.operate(&op);
            self.drain_punctual()?;
            apart += 1;
        }
        self.meet()
    }

    /// Feeds without draining, then counts. For a machine with a cap only.
    pub(super) fn flood<Op: Clone + fmt::Debug>(
        mut self,
        generate: &mut impl FnMut(&mut Seeded, Seen<'_, M>) -> Op,
        log: &mut Log,
    ) -> Result<(), Violation>
    where
        A: Fn(&mut M, Instant, Op),
    {
        let Some(cap) = self.contract.queue_cap else { return Ok(()) };
        let lane = &mut self.reference;
        for _ in 0..cap.saturating_mul(2).saturating_add(64) {
            let seen = Seen { machine: lane.machine.get(), events: &[], now: self.now };
            let op = generate(&mut self.chance, seen);
            log.push(self.now, &short::debug(&op, 120));
            lane.machine.command(self.now, |machine, now| (self.apply)(machine, now, op));
            if self.chance.one_in(8) {
                self.now += self.chance.span(Duration::from_millis(100));
                log.push(self.now, "timeout, undrained");
                lane.machine.handle_timeout(self.now);
            }
        }
        lane.drain()
    }

    /// Moves the clock, and mostly wakes everybody when something is due; a driver that has an input at hand may
    /// give that first.
    fn pass_time(&mut self, log: &mut Log) -> Result<(), Violation> {
        let deadline = self.reference.machine.poll_timeout().map(|due| due.at);
        let near = deadline.filter(|at| at.since(self.now) < FAR);
        let chance = &mut self.chance;
        let before = self.now;
        self.now = match (chance.below(6), near) {
            (0, _) => before,
            (1, _) => before + chance.span(Duration::from_millis(10)),
            (2, Some(at)) => before.max(at),
            (3, Some(at)) => before.max(at - Duration::from_nanos(1)),
            (4, _) => before + chance.span(FAR),
            _ => before + chance.span(Duration::from_secs(5)),
        };
        self.known &= self.now == before;
        let between = before + chance.span(self.now - before);
        if deadline.is_none_or(|at| at > between) {
            for lane in self.twins.iter_mut().filter(|lane| lane.liberty == Liberty::Early) {
                lane.machine.handle_timeout(between);
            }
        }
        let due = deadline.is_some_and(|at| at <= self.now);
        let wake = if due { !self.chance.one_in(4) } else { self.chance.one_in(8) };
        if wake {
            log.push(self.now, if due { "timeout" } else { "early timeout" });
            let (now, twins) = (self.now, self.twins.iter_mut());
            for lane in std::iter::once(&mut self.reference).chain(twins) {
                lane.machine.handle_timeout(now);
            }
            self.known |= due;
            self.drain_punctual()?;
        }
        Ok(())
    }

    /// Gives everybody the same operation, one of them sometimes at an instant that is past.
    fn operate<Op: Clone>(&mut self, op: &Op)
    where
        A: Fn(&mut M, Instant, Op),
    {
        // An earlier instant counts as the latest one, so that must be the present moment already.
        let backwards = self.known && self.chance.one_in(2);
        let past = self.now - self.chance.span(Duration::from_secs(100));
        let (now, apply, twins) = (self.now, self.apply, self.twins.iter_mut());
        for lane in std::iter::once(&mut self.reference).chain(twins) {
            let given = if backwards && lane.liberty == Liberty::Backwards { past } else { now };
            lane.machine.command(given, |machine, now| apply(machine, now, op.clone()));
        }
        self.known = true;
    }

    fn drain_punctual(&mut self) -> Result<(), Violation> {
        self.reference.drain()?;
        let punctual = self.twins.iter_mut().filter(|lane| lane.liberty != Liberty::Late);
        for lane in punctual {
            lane.drain()?;
        }
        Ok(())
    }

    /// Everybody is drained and compared.
    fn meet(&mut self) -> Result<(), Violation> {
        self.reference.drain()?;
        for lane in &mut self.twins {
            lane.drain()?;
            lane.compare(&self.reference, self.now)?;
            lane.events.clear();
            lane.transmits.clear();
        }
        self.reference.events.clear();
        self.reference.transmits.clear();
        Ok(())
    }
}

impl<M: Machine> Lane<M>
where
    M::Event: PartialEq + fmt::Debug,
{
    /// Fetches what there is, as a driver does.
    fn drain(&mut self) -> Result<(), Violation> {
        while let Some(event) = self.machine.poll_event() {
            self.events.push(event);
            if self.machine.is_endless() {
                break;
            }
        }
        while let Some(transmit) = self.machine.poll_transmit() {
            self.transmits.push(transmit);
            if self.machine.is_endless() {
                break;
            }
        }
        // Asked again, as careless drivers do: nothing may come.
        if let Some(event) = self.machine.poll_event() {
            self.events.push(event);
        }
        if let Some(transmit) = self.machine.poll_transmit() {
            self.transmits.push(transmit);
        }
        self.machine.verdict().map_err(|fault| {
            if self.liberty != Liberty::Backwards {
                return fault;
            }
            // The reference has kept the clause: time that ran backwards is what made the difference.
            let what = format!("{}: {}", self.liberty.meaning(), fault.what);
            Violation { clause: self.liberty.clause(), what, ..fault }
        })
    }

    /// Whether this lane said what the reference said.
    fn compare(&self, reference: &Self, now: Instant) -> Result<(), Violation> {
        let fault = |clause, what: String| {
            Err(Violation::new(clause, now, format!("{}: {what}", self.liberty.meaning())))
        };
        let clause = self.liberty.clause();
        if let Some(what) = difference("event", &reference.events, &self.events) {
            return fault(clause, what);
        }
        if self.liberty == Liberty::Late {
            let (ours, theirs) =
                (by_destination(&reference.transmits), by_destination(&self.transmits));
            if ours != theirs {
                return fault(7, "its transmits to one destination are others".to_owned());
            }
        } else if let Some(what) = difference("transmit", &reference.transmits, &self.transmits) {
            return fault(clause, what);
        }
        let (ours, theirs) = (reference.machine.poll_timeout(), self.machine.poll_timeout());
        if ours != theirs {
            return fault(clause, format!("deadline {} became {}", show(ours), show(theirs)));
        }
        Ok(())
    }
}

/// The farthest that one step of a walk goes: beyond any timer of the standards.
const FAR: Duration = Duration::from_secs(10 * 86_400);

/// Where two lists part.
fn difference<T: PartialEq + fmt::Debug>(what: &str, ours: &[T], theirs: &[T]) -> Option<String> {
    let say = |list: &[T], at| {
        list.get(at).map_or_else(|| "none".to_owned(), |one| short::debug(one, 120))
    };
    let longest = ours.len().max(theirs.len());
    let at = (0..longest).find(|at| ours.get(*at) != theirs.get(*at))?;
    let (before, after) = (say(ours, at), say(theirs, at));
    let hidden = if before == after { ", in content that is not shown" } else { "" };
    Some(format!("{what} {before} became {after}{hidden}"))
}

fn by_destination(transmits: &[Transmit]) -> BTreeMap<Destination, Vec<&Payload>> {
    let mut sorted: BTreeMap<Destination, Vec<&Payload>> = BTreeMap::new();
    for transmit in transmits {
        sorted.entry(transmit.to).or_default().push(&transmit.payload);
    }
    sorted
}
