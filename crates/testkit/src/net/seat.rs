//! The host for one machine.

use std::collections::VecDeque;
use std::fmt;

use missiva_core::{Deadline, Instant, Machine, Transmit};

use super::{Action, Host, Notice};
use crate::short;

/// A machine, what it makes of notices, and what its application does with events.
///
/// Without an application the events are kept in [`heard`](Self::heard) for the test to read.
pub struct Seat<M: Machine> {
    /// The machine. Command it through [`Net::with`](super::Net::with), so that what it says is fetched at once.
    pub machine: M,
    /// The events that came, and when, unless an application took them.
    pub heard: Vec<(Instant, M::Event)>,
    translate: Translate<M>,
    application: Option<Application<M>>,
    actions: VecDeque<Action>,
}

type Translate<M> = Box<dyn FnMut(Notice) -> Option<<M as Machine>::Input>>;
type Application<M> = Box<dyn FnMut(&mut M, Instant, <M as Machine>::Event, &mut VecDeque<Action>)>;

impl<M: Machine> Seat<M> {
    /// A machine on the network. `translate` says what a notice is in the machine's words, or that it is of no
    /// interest.
    pub fn new(machine: M, translate: impl FnMut(Notice) -> Option<M::Input> + 'static) -> Self {
        Self {
            machine,
            heard: Vec::new(),
            translate: Box::new(translate),
            application: None,
            actions: VecDeque::new(),
        }
    }

    /// With an application: it gets each event, may command the machine, and gives the network orders.
    #[must_use]
    pub fn with_application(
        mut self,
        application: impl FnMut(&mut M, Instant, M::Event, &mut VecDeque<Action>) + 'static,
    ) -> Self {
        self.application = Some(Box::new(application));
        self
    }

    /// Gives the network an order, from within [`Net::with`](super::Net::with).
    pub fn order(&mut self, action: Action) {
        self.actions.push_back(action);
    }
}

impl<M> Host for Seat<M>
where
    M: Machine + 'static,
    M::Event: fmt::Debug,
{
    fn handle_notice(&mut self, now: Instant, notice: Notice) {
        if let Some(input) = (self.translate)(notice) {
            self.machine.handle_input(now, input);
        }
    }

    fn handle_timeout(&mut self, now: Instant) {
        self.machine.handle_timeout(now);
    }

    fn hear(&mut self, now: Instant, tell: &mut dyn FnMut(String)) {
        while let Some(event) = self.machine.poll_event() {
            tell(short::name(&event));
            match &mut self.application {
                Some(application) => application(&mut self.machine, now, event, &mut self.actions),
                None => self.heard.push((now, event)),
            }
        }
    }

    fn poll_transmit(&mut self) -> Option<Transmit> {
        self.machine.poll_transmit()
    }

    fn poll_action(&mut self) -> Option<Action> {
        self.actions.pop_front()
    }

    fn poll_timeout(&self) -> Option<Deadline> {
        self.machine.poll_timeout()
    }
}

impl<M: Machine> fmt::Debug for Seat<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Seat({} events heard)", self.heard.len())
    }
}
