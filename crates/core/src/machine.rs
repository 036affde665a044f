//! The one shape of every state machine.

use crate::{Deadline, Instant, Transmit};

/// A protocol or a role without input and output: bytes, time and answers go in; events, bytes and deadlines
/// come out.
///
/// The methods fall into four kinds: `handle_*` (the world speaks), commands (the application speaks: ordinary
/// methods of the type that return `Result` at once), `poll_*` (the machine speaks) and getters. A driver loops:
/// hand in what arrived, drain [`poll_event`](Self::poll_event), drain [`poll_transmit`](Self::poll_transmit),
/// read [`poll_timeout`](Self::poll_timeout), sleep until then or until something arrives.
///
/// # The contract
///
/// 1. `handle_*` cannot fail. What a peer does wrong becomes a protocol answer, an event or a counter.
/// 2. After any number of inputs or commands, drain events, drain transmits, then read the deadline. Several
///    inputs before one drain are legal: results only queue.
/// 3. Once drained, the deadline lies strictly after the latest `now`.
/// 4. A timer is removed before its action runs. An early `handle_timeout` does nothing; a late one fires every
///    timer that is due, in due order, and acts with the present `now`.
/// 5. Time never runs backwards: a machine takes the larger of the last `now` and the one it is given.
/// 6. A parent drains its children inside each of its own mutations and translates what they say; it does not
///    chain their polls into its own.
/// 7. Order is kept within events and, per destination, within transmits; nothing is promised between the two.
///    The event that closes a handle is the last one that names it.
/// 8. Every queue has a cap from the crate's `Limits`, and reaching it has one documented effect.
/// 9. The same seed, inputs and instants give the same bytes: no clock, no global, no hash-map order.
/// 10. `poll_timeout` costs at most `O(log n)`: parents keep their children's deadlines in a
///     [`DeadlineQueue`](crate::DeadlineQueue).
///
/// A question to the outside world (a name to resolve, a policy, a deposit) is an event with an id, a deadline
/// and a default; its answer is an input with the same id. There are no callbacks.
///
/// # Example
///
/// ```
/// use missiva_core::{Deadline, Destination, Instant, LinkId, Machine, Payload, Transmit};
/// use std::{collections::VecDeque, time::Duration};
///
/// /// Says "ping" every second until somebody answers.
/// struct Ping {
///     next: Option<Instant>,
///     out: VecDeque<Transmit>,
///     answered: VecDeque<()>,
/// }
///
/// impl Machine for Ping {
///     type Input = ();
///     type Event = ();
///
///     fn handle_input(&mut self, _now: Instant, _answer: ()) {
///         self.next = None;
///         self.answered.push_back(());
///     }
///
///     fn handle_timeout(&mut self, now: Instant) {
///         if self.next.is_none_or(|at| at > now) {
///             return;
///         }
///         self.next = Some(now + Duration::from_secs(1));
///         let payload = Payload::from(bytes::Bytes::from_static(b"ping"));
///         self.out.push_back(Transmit { to: Destination::Link(LinkId(1)), payload });
///     }
///
///     fn poll_event(&mut self) -> Option<()> {
///         self.answered.pop_front()
///     }
///
///     fn poll_transmit(&mut self) -> Option<Transmit> {
///         self.out.pop_front()
///     }
///
///     fn poll_timeout(&self) -> Option<Deadline> {
///         self.next.map(|at| Deadline { at, why: "ping" })
///     }
/// }
///
/// let mut ping = Ping { next: Some(Instant::ORIGIN), out: VecDeque::new(), answered: VecDeque::new() };
/// ping.handle_timeout(Instant::ORIGIN);
/// assert!(ping.poll_transmit().is_some());
/// assert!(ping.poll_timeout().unwrap().at > Instant::ORIGIN);
/// ping.handle_input(Instant::ORIGIN, ());
/// assert_eq!((ping.poll_event(), ping.poll_timeout()), (Some(()), None));
/// ```
pub trait Machine {
    /// What the world or an answer tells the machine.
    type Input;
    /// What the application must hear or decide.
    type Event;

    /// Something arrived: bytes, a link's fate, an answer to a question.
    fn handle_input(&mut self, now: Instant, input: Self::Input);

    /// Time has passed.
    fn handle_timeout(&mut self, now: Instant);

    /// The next thing to tell the application.
    fn poll_event(&mut self) -> Option<Self::Event>;

    /// The next thing to write.
    fn poll_transmit(&mut self) -> Option<Transmit>;

    /// When to call [`handle_timeout`](Self::handle_timeout), if ever.
    fn poll_timeout(&self) -> Option<Deadline>;
}
