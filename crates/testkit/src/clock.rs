//! Time that passes when a test says so.

use std::time::Duration;

use missiva_core::{Instant, WallClock};

/// A clock that stands still until it is moved, and never goes back.
///
/// ```
/// use missiva_testkit::Clock;
/// use std::time::Duration;
///
/// let mut clock = Clock::new();
/// let start = clock.now();
/// clock.advance(Duration::from_secs(32));
/// assert_eq!(clock.now() - start, Duration::from_secs(32));
/// clock.advance_to(start);
/// assert_eq!(clock.now() - start, Duration::from_secs(32));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clock {
    now: Instant,
}

impl Clock {
    /// 2026-01-01T00:00:00Z, the calendar date of the origin.
    pub const UNIX_ORIGIN: Duration = Duration::from_secs(1_767_225_600);

    /// How long after the origin a clock starts: far enough for a test to name earlier instants.
    pub const START: Duration = Duration::from_secs(1_000);

    /// A clock at its start.
    #[must_use]
    pub fn new() -> Self {
        Self { now: Instant::ORIGIN + Self::START }
    }

    /// The present moment.
    #[must_use]
    pub const fn now(&self) -> Instant {
        self.now
    }

    /// Lets time pass.
    pub fn advance(&mut self, span: Duration) {
        self.now += span;
    }

    /// Moves on to `at`; does nothing when that is past.
    pub fn advance_to(&mut self, at: Instant) {
        self.now = self.now.max(at);
    }

    /// The calendar that goes with this clock: always the same, so that dates in messages repeat.
    #[must_use]
    pub const fn wall() -> WallClock {
        WallClock::new(Instant::ORIGIN, Self::UNIX_ORIGIN)
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::new()
    }
}
