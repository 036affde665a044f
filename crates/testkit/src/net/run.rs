//! How time passes on a network.

use std::collections::BTreeSet;
use std::time::Duration;

use missiva_core::Instant;

use super::{Happening, Net, Notice};
use crate::ladder::Shape;

/// Results of one drain after which a machine is taken for endless.
const MAX_RESULTS: u64 = 1_000_000;

impl Net {
    /// Runs until nothing is under way and no timer runs.
    ///
    /// # Panics
    ///
    /// With the ladder, after [`set_max_steps`](Self::set_max_steps) steps: hosts with periodic timers never come to
    /// rest.
    #[track_caller]
    pub fn run(&mut self) {
        self.steps = 0;
        while self.step(Instant::FAR_FUTURE) {}
    }

    /// Runs until nothing is under way, whatever timers wait: none of them fires unless it is due before.
    ///
    /// # Panics
    ///
    /// With the ladder, after too many steps.
    #[track_caller]
    pub fn run_until_quiet(&mut self) {
        self.steps = 0;
        while let Some((at, _)) = self.queue.keys().next().copied() {
            self.step(at);
        }
    }

    /// Runs until this moment, and leaves the clock there. What falls due at the moment itself happens.
    ///
    /// # Panics
    ///
    /// With the ladder, after too many steps.
    #[track_caller]
    pub fn run_until(&mut self, end: Instant) {
        self.steps = 0;
        while self.step(end) {}
        self.clock.advance_to(end);
    }

    /// Runs for this span.
    ///
    /// # Panics
    ///
    /// With the ladder, after too many steps.
    #[track_caller]
    pub fn run_for(&mut self, span: Duration) {
        self.run_until(self.clock.now() + span);
    }

    /// Runs until the condition holds, which is asked after each step; says whether it ever did before everything
    /// came to rest.
    ///
    /// # Panics
    ///
    /// With the ladder, after too many steps.
    #[track_caller]
    #[must_use]
    pub fn run_until_met(&mut self, mut condition: impl FnMut(&Self) -> bool) -> bool {
        self.steps = 0;
        loop {
            if condition(self) {
                return true;
            }
            if !self.step(Instant::FAR_FUTURE) {
                return false;
            }
        }
    }

    /// Lets the next thing happen if it is due by `end`; says whether there was one.
    #[track_caller]
    fn step(&mut self, end: Instant) -> bool {
        let delivery = self.queue.keys().next().map(|(at, _)| *at);
        let timer = self.deadlines.next().map(|(at, _)| at);
        let Some(at) = [delivery, timer].into_iter().flatten().min().filter(|at| *at <= end) else {
            return false;
        };
        self.steps = self.steps.saturating_add(1);
        if self.steps > self.max_steps {
            let why = format!("the network does not come to rest in {} steps", self.max_steps);
            self.fail(&why);
        }
        self.clock.advance_to(at);
        // What falls due at one moment may happen in either order.
        let timer_first = timer == Some(at) && (delivery != Some(at) || self.chance.one_in(2));
        if timer_first {
            self.fire();
        } else if let Some((_, happening)) = self.queue.pop_first() {
            self.happen(happening);
        }
        true
    }

    /// Wakes the host whose deadline has come.
    #[track_caller]
    fn fire(&mut self) {
        let now = self.clock.now();
        let Some(index) = self.deadlines.take_due(now) else { return };
        let Some(place) = self.hosts.get_mut(index) else { return };
        place.deadline = None;
        let why = place.host.poll_timeout().map_or("timer", |deadline| deadline.why);
        place.host.handle_timeout(now);
        self.mark(index, why.to_owned());
        self.settle(index);
    }

    #[track_caller]
    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Arrive(end) => self.arrive(end),
            Happening::Datagram { host, from, to, bytes } => {
                let sender = self.host_at(from).unwrap_or(host);
                let shape = Shape::Arrow { from: sender, to: host };
                let label = self.label(None, &bytes, "");
                self.ladder.record(self.clock.now(), shape, label, &bytes);
                self.tell(host, Notice::Datagram { from, to, bytes });
            }
            Happening::Notice { host, notice } => {
                let label = match &notice {
                    Notice::Blocked { link } => format!("#{} blocked", link.0 / 2),
                    Notice::Writable { link, room } => {
                        format!("#{} takes {room} bytes", link.0 / 2)
                    }
                    Notice::Down { link, cause } => format!("#{} down: {cause:?}", link.0 / 2),
                    other => crate::short::name(other),
                };
                self.mark(host, label);
                self.tell(host, notice);
            }
        }
    }

    /// Gives a host a notice and fetches what it says to it.
    #[track_caller]
    pub(super) fn tell(&mut self, host: usize, notice: Notice) {
        let now = self.clock.now();
        if let Some(place) = self.hosts.get_mut(host) {
            place.host.handle_notice(now, notice);
        }
        self.settle(host);
    }

    /// Drains a host in the order of the contract: events, transmits, orders, deadline.
    #[track_caller]
    pub(super) fn settle(&mut self, host: usize) {
        let now = self.clock.now();
        let Some(place) = self.hosts.get_mut(host) else { return };
        let (ladder, name) = (&mut self.ladder, &place.name);
        let mut results = 0u64;
        place.host.hear(now, &mut |event| {
            ladder.record(now, Shape::Mark { at: host }, format!("event {event}"), b"");
            results = results.saturating_add(1);
            assert!(results <= MAX_RESULTS, "{name} has had {MAX_RESULTS} events at one moment");
        });
        let mut touched = BTreeSet::new();
        results = 0;
        while let Some(transmit) = self.hosts.get_mut(host).and_then(|one| one.host.poll_transmit())
        {
            touched.extend(self.write(host, &transmit));
            self.count(host, &mut results);
        }
        while let Some(action) = self.hosts.get_mut(host).and_then(|one| one.host.poll_action()) {
            self.act(host, action);
            self.count(host, &mut results);
        }
        for end in touched {
            self.pump(end);
        }
        self.set_deadline(host);
    }

    #[track_caller]
    fn count(&mut self, host: usize, results: &mut u64) {
        *results = results.saturating_add(1);
        if *results > MAX_RESULTS {
            let name = self.hosts.get(host).map_or("", |place| place.name.as_str());
            let why = format!("{name} has had {MAX_RESULTS} results at one moment, and goes on");
            self.fail(&why);
        }
    }

    /// Reads the deadline of a host that is drained.
    #[track_caller]
    fn set_deadline(&mut self, host: usize) {
        let now = self.clock.now();
        let Some(place) = self.hosts.get_mut(host) else { return };
        let deadline = place.host.poll_timeout();
        if let Some(due) = deadline.filter(|due| due.at <= now) {
            let why = format!(
                "clause 3 of the contract: {} is drained, and its deadline {} ({}) is not after {now}",
                place.name, due.at, due.why
            );
            self.fail(&why);
        }
        let at = deadline.map(|due| due.at).filter(|at| *at != Instant::FAR_FUTURE);
        if at == place.deadline {
            return;
        }
        place.deadline = at;
        match at {
            Some(at) => self.deadlines.set(host, at + self.chance.span(self.lateness)),
            None => {
                self.deadlines.cancel(&host);
            }
        }
    }
}
