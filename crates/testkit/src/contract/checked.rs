//! A machine under watch.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use missiva_core::{Deadline, Destination, Instant, Machine, Transmit};

use super::{Contract, Violation};

/// A machine that keeps to the contract, or else. It is a [`Machine`] itself, so it goes wherever the machine goes.
///
/// On every call it looks at what can be seen from outside; before inputs to a drained machine it also wakes the
/// machine early, which must not change anything.
pub struct Checked<M: Machine> {
    machine: M,
    contract: Contract<M>,
    /// Whether a violation panics.
    strict: bool,
    /// Whether the machine is woken early now and then.
    probing: bool,
    latest: Instant,
    /// Since the last thing that could change the machine: events were drained, then transmits.
    events_drained: bool,
    drained: bool,
    /// Results since the machine was last drained.
    pulled: usize,
    closed: BTreeSet<u64>,
    due: Option<Instant>,
    order: BTreeMap<Destination, u64>,
    broken: RefCell<Option<Violation>>,
}

impl<M: Machine> Checked<M> {
    /// A machine that panics when it breaks a clause that needs no explanation.
    #[must_use]
    pub fn new(machine: M) -> Self {
        Self::with(machine, Contract::new(), true)
    }

    pub(super) fn with(machine: M, contract: Contract<M>, strict: bool) -> Self {
        Self {
            machine,
            contract,
            strict,
            probing: true,
            latest: Instant::ORIGIN,
            events_drained: false,
            drained: false,
            pulled: 0,
            closed: BTreeSet::new(),
            due: None,
            order: BTreeMap::new(),
            broken: RefCell::new(None),
        }
    }

    /// The same without waking the machine early.
    pub(super) fn without_probing(mut self) -> Self {
        self.probing = false;
        self
    }

    /// The machine, to be looked at.
    #[must_use]
    pub const fn get(&self) -> &M {
        &self.machine
    }

    /// Commands the machine. The command passes the instant on to it, or follows a
    /// [`handle_timeout`](Machine::handle_timeout) with the same one.
    pub fn command<T>(&mut self, now: Instant, act: impl FnOnce(&mut M, Instant) -> T) -> T {
        self.begin(now);
        act(&mut self.machine, now)
    }

    /// Whether the machine has kept the contract so far.
    ///
    /// # Errors
    ///
    /// How it was broken first.
    pub fn verdict(&self) -> Result<(), Violation> {
        self.check_deadline();
        self.broken.borrow().clone().map_or(Ok(()), Err)
    }

    /// Before anything that may change the machine.
    fn begin(&mut self, now: Instant) {
        self.check_deadline();
        if self.probing && self.drained && self.is_early(self.latest) {
            self.wake_early(self.latest, self.latest);
        }
        self.latest = self.latest.max(now);
        self.disturb();
    }

    const fn disturb(&mut self) {
        self.events_drained = false;
        self.drained = false;
    }

    /// Whether no timer is due at this moment.
    fn is_early(&self, now: Instant) -> bool {
        self.machine.poll_timeout().is_none_or(|deadline| deadline.at > now)
    }

    /// Clause 4: a drained machine is woken before anything is due.
    fn wake_early(&mut self, now: Instant, given: Instant) {
        let before = self.machine.poll_timeout();
        self.machine.handle_timeout(given);
        let after = self.machine.poll_timeout();
        if before != after {
            let what = format!(
                "an early handle_timeout moved the deadline from {} to {}",
                show(before),
                show(after)
            );
            self.report(Violation::new(4, now, what));
        }
        if self.machine.poll_event().is_some() {
            self.report(Violation::new(4, now, "an early handle_timeout brought an event"));
        }
        if self.machine.poll_transmit().is_some() {
            self.report(Violation::new(4, now, "an early handle_timeout brought a transmit"));
        }
    }

    /// Clauses 3 and 10.
    fn check_deadline(&self) -> Option<Deadline> {
        let deadline = self.machine.poll_timeout();
        let again = self.machine.poll_timeout();
        if deadline != again {
            let what = format!("poll_timeout said {} and then {}", show(deadline), show(again));
            self.report(Violation::new(10, self.latest, what));
        }
        if self.drained
            && self.latest < Instant::FAR_FUTURE
            && let Some(due) = deadline.filter(|due| due.at <= self.latest)
        {
            let what =
                format!("drained, the deadline {} is not after {}", show(Some(due)), self.latest);
            self.report(Violation::new(3, self.latest, what));
        }
        deadline
    }

    fn check_event(&mut self, event: &M::Event) {
        if self.events_drained {
            let what = "an event came after the events were drained, without an input";
            self.report(Violation::new(6, self.latest, what));
        }
        if let Some((handle, closes)) = self.contract.handle_of.as_ref().and_then(|of| of(event)) {
            if self.closed.contains(&handle) {
                let what = format!("an event names handle {handle}, which was closed");
                self.report(Violation::new(7, self.latest, what));
            }
            if closes {
                self.closed.insert(handle);
            }
        }
        if let Some(due) = self.contract.due_of.as_ref().and_then(|of| of(event)) {
            if self.due.is_some_and(|before| before > due) {
                let what = format!("a timer due at {due} fired after one that was due later");
                self.report(Violation::new(4, self.latest, what));
            }
            self.due = Some(due);
        }
        self.count();
    }

    fn check_transmit(&mut self, transmit: &Transmit) {
        if self.drained {
            let what = "a transmit came after the machine was drained, without an input";
            self.report(Violation::new(2, self.latest, what));
        }
        if let Some(number) = self.contract.order_of.as_ref().and_then(|of| of(transmit)) {
            let before = self.order.insert(transmit.to, number);
            if let Some(before) = before.filter(|before| *before > number) {
                let what = format!("transmit {number} follows {before} to the same destination");
                self.report(Violation::new(7, self.latest, what));
            }
        }
        self.count();
    }

    /// Clause 8.
    fn count(&mut self) {
        self.pulled = self.pulled.saturating_add(1);
        let cap = self.contract.queue_cap.unwrap_or(ENDLESS);
        if self.pulled == cap.saturating_add(1) {
            let what = format!("one drain brought more than {cap} results");
            self.report(Violation::new(8, self.latest, what));
        }
    }

    pub(super) fn report(&self, violation: Violation) {
        assert!(!self.strict, "{violation}");
        self.broken.borrow_mut().get_or_insert(violation);
    }

    /// Whether more was said at once than anybody can want.
    pub(super) const fn is_endless(&self) -> bool {
        self.pulled > ENDLESS
    }
}

/// Results of one drain after which a machine without a cap is taken for endless.
const ENDLESS: usize = 1_000_000;

impl<M: Machine> Machine for Checked<M> {
    type Input = M::Input;
    type Event = M::Event;

    fn handle_input(&mut self, now: Instant, input: M::Input) {
        self.begin(now);
        self.machine.handle_input(now, input);
    }

    fn handle_timeout(&mut self, now: Instant) {
        self.check_deadline();
        let effective = self.latest.max(now);
        let early = self.drained && self.is_early(effective);
        self.latest = effective;
        if early {
            self.wake_early(effective, now);
        } else {
            self.disturb();
            self.machine.handle_timeout(now);
        }
    }

    fn poll_event(&mut self) -> Option<M::Event> {
        let event = self.machine.poll_event();
        match &event {
            Some(event) => self.check_event(event),
            None => self.events_drained = true,
        }
        event
    }

    fn poll_transmit(&mut self) -> Option<Transmit> {
        let transmit = self.machine.poll_transmit();
        match &transmit {
            Some(transmit) => self.check_transmit(transmit),
            None if self.events_drained => {
                self.drained = true;
                self.pulled = 0;
                self.check_deadline();
            }
            None => {}
        }
        transmit
    }

    fn poll_timeout(&self) -> Option<Deadline> {
        self.check_deadline()
    }
}

impl<M: Machine + fmt::Debug> fmt::Debug for Checked<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Checked").field(&self.machine).finish()
    }
}

pub(super) fn show(deadline: Option<Deadline>) -> String {
    deadline.map_or_else(|| "none".to_owned(), |due| format!("{} ({})", due.at, due.why))
}
