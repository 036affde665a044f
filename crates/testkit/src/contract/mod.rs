//! The ten clauses of `missiva_core::Machine`, as far as they can be seen from outside.
//!
//! | clause | what is checked |
//! | --- | --- |
//! | 1 | no input panics |
//! | 2 | several inputs before one drain give the same results as one by one; a drained machine stays drained |
//! | 3 | the deadline of a drained machine lies after the latest `now`, after late timers too |
//! | 4 | an early `handle_timeout` yields nothing and changes nothing; timers that are late fire in due order |
//! | 5 | an instant before the latest one counts as the latest one |
//! | 6 | draining transmits brings no further events: a parent has drained its children before |
//! | 7 | transmits to one destination keep their order however late they are drained; nothing names a closed handle |
//! | 8 | inputs without a drain fill no queue beyond its cap |
//! | 9 | two machines of one seed say the same |
//! | 10 | asking for the deadline does not change it |

mod checked;
mod operations;
#[cfg(test)]
mod tests;
mod violation;
mod walk;

use std::fmt;
use std::rc::Rc;

use missiva_core::{Instant, Machine, Transmit};

pub use checked::Checked;
pub use violation::Violation;

/// What is to be checked of a machine: the clauses that need nothing are always on, the others when a test says how
/// to see them.
///
/// ```
/// # use missiva_core::{Deadline, Instant, Machine, Transmit};
/// # struct Echo(std::collections::VecDeque<u64>);
/// # impl Machine for Echo {
/// #     type Input = u64;
/// #     type Event = u64;
/// #     fn handle_input(&mut self, _: Instant, input: u64) { if self.0.len() < 16 { self.0.push_back(input) } }
/// #     fn handle_timeout(&mut self, _: Instant) {}
/// #     fn poll_event(&mut self) -> Option<u64> { self.0.pop_front() }
/// #     fn poll_transmit(&mut self) -> Option<Transmit> { None }
/// #     fn poll_timeout(&self) -> Option<Deadline> { None }
/// # }
/// use missiva_testkit::Contract;
///
/// Contract::new()
///     .queue_cap(16)
///     .check(0..20, |_seed| Echo(Default::default()), |chance, _seen| chance.below(100))?;
/// # Ok::<(), missiva_testkit::Violation>(())
/// ```
pub struct Contract<M: Machine> {
    handle_of: Option<Look<M::Event, (u64, bool)>>,
    due_of: Option<Look<M::Event, Instant>>,
    order_of: Option<Look<Transmit, u64>>,
    queue_cap: Option<usize>,
    late_by: usize,
    steps: usize,
}

type Look<T, Found> = Rc<dyn Fn(&T) -> Option<Found>>;

/// What a generator of inputs may look at.
#[derive(Debug)]
pub struct Seen<'a, M: Machine> {
    /// One of the machines under test; its twins are in the same state.
    pub machine: &'a M,
    /// The events that came since the last input, questions among them.
    pub events: &'a [M::Event],
    /// The present moment.
    pub now: Instant,
}

impl<M: Machine> Contract<M> {
    /// The clauses that need no explanation.
    #[must_use]
    pub fn new() -> Self {
        Self {
            handle_of: None,
            due_of: None,
            order_of: None,
            queue_cap: None,
            late_by: 4,
            steps: 200,
        }
    }

    /// Clause 7: which handle an event names, and whether it closes it. No later event may name it. Handles are
    /// numbers that are not used twice in one run.
    #[must_use]
    pub fn handle_of(mut self, look: impl Fn(&M::Event) -> Option<(u64, bool)> + 'static) -> Self {
        self.handle_of = Some(Rc::new(look));
        self
    }

    /// Clause 4: for an event that a timer brought, when that timer was due. The instants may not decrease.
    #[must_use]
    pub fn due_of(mut self, look: impl Fn(&M::Event) -> Option<Instant> + 'static) -> Self {
        self.due_of = Some(Rc::new(look));
        self
    }

    /// Clause 7: a number in a transmit that may not decrease towards one destination.
    #[must_use]
    pub fn order_of(mut self, look: impl Fn(&Transmit) -> Option<u64> + 'static) -> Self {
        self.order_of = Some(Rc::new(look));
        self
    }

    /// Clause 8: the most events and transmits together that may come of one drain.
    #[must_use]
    pub fn queue_cap(mut self, results: usize) -> Self {
        self.queue_cap = Some(results);
        self
    }

    /// After how many operations a twin is drained that is drained late; 4 unless a test says otherwise. Its queues
    /// must hold what so many operations bring, or the effect of their caps is taken for a difference.
    ///
    /// Zero is for a machine that decides what to write when it is asked to write: what it says depends on when it is
    /// drained, so late draining is not compared.
    #[must_use]
    pub fn late_by(mut self, operations: usize) -> Self {
        self.late_by = operations;
        self
    }

    /// How many steps a walk has; 200 unless a test says otherwise.
    #[must_use]
    pub fn steps(mut self, steps: usize) -> Self {
        self.steps = steps;
        self
    }

    /// A machine that panics when it breaks the contract; for a [`Net`](crate::Net) and for tests of its own.
    #[must_use]
    pub fn guard(&self, machine: M) -> Checked<M> {
        Checked::with(machine, self.clone(), true)
    }

    /// A machine that remembers how it first broke the contract: [`Checked::verdict`].
    #[must_use]
    pub fn watch(&self, machine: M) -> Checked<M> {
        Checked::with(machine, self.clone(), false)
    }
}

impl<M: Machine> Default for Contract<M> {
    fn default() -> Self {
        Self::new()
    }
}

impl<M: Machine> Clone for Contract<M> {
    fn clone(&self) -> Self {
        Self {
            handle_of: self.handle_of.clone(),
            due_of: self.due_of.clone(),
            order_of: self.order_of.clone(),
            queue_cap: self.queue_cap,
            late_by: self.late_by,
            steps: self.steps,
        }
    }
}

impl<M: Machine> fmt::Debug for Contract<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Contract")
            .field("handles", &self.handle_of.is_some())
            .field("due_order", &self.due_of.is_some())
            .field("transmit_order", &self.order_of.is_some())
            .field("queue_cap", &self.queue_cap)
            .field("late_by", &self.late_by)
            .field("steps", &self.steps)
            .finish()
    }
}
