//! Time as a parameter.

use std::fmt;
use std::ops::{Add, AddAssign, Sub};
use std::time::Duration;

/// A moment on the driver's monotonic clock: nanoseconds since an origin that the driver chose.
///
/// It is a plain number, so it prints, replays from a trace and exists on every target. Arithmetic saturates:
/// a machine that is handed odd instants may wait too long, never overflow.
///
/// ```
/// use missiva_core::Instant;
/// use std::time::Duration;
///
/// let t1 = Instant::ORIGIN + Duration::from_millis(500);
/// assert_eq!(t1 - Instant::ORIGIN, Duration::from_millis(500));
/// assert_eq!(Instant::ORIGIN - t1, Duration::ZERO);
/// assert_eq!(t1.to_string(), "0.500000000s");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Instant(u64);

impl Instant {
    /// The driver's origin.
    pub const ORIGIN: Self = Self(0);

    /// The last moment that can be told; a deadline here never comes.
    pub const FAR_FUTURE: Self = Self(u64::MAX);

    /// The moment `nanos` nanoseconds after the origin.
    #[must_use]
    pub const fn from_nanos(nanos: u64) -> Self {
        Self(nanos)
    }

    /// Nanoseconds since the origin.
    #[must_use]
    pub const fn as_nanos(self) -> u64 {
        self.0
    }

    /// How long ago `earlier` was; zero when it lies ahead.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Duration {
        Duration::from_nanos(self.0.saturating_sub(earlier.0))
    }
}

impl Add<Duration> for Instant {
    type Output = Self;

    fn add(self, span: Duration) -> Self {
        Self(self.0.saturating_add(whole_nanos(span)))
    }
}

impl AddAssign<Duration> for Instant {
    fn add_assign(&mut self, span: Duration) {
        *self = *self + span;
    }
}

impl Sub for Instant {
    type Output = Duration;

    fn sub(self, earlier: Self) -> Duration {
        self.since(earlier)
    }
}

impl Sub<Duration> for Instant {
    type Output = Self;

    fn sub(self, span: Duration) -> Self {
        Self(self.0.saturating_sub(whole_nanos(span)))
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:09}s", self.0 / NANOS_PER_SECOND, self.0 % NANOS_PER_SECOND)
    }
}

/// The relation between the monotonic clock and the calendar.
///
/// A machine is given one at construction and a corrected one by an input; it never asks the system.
///
/// ```
/// use missiva_core::{Instant, WallClock};
/// use std::time::Duration;
///
/// let clock = WallClock::new(Instant::ORIGIN, Duration::from_secs(1_795_262_400));
/// assert_eq!(clock.unix_seconds(Instant::ORIGIN + Duration::from_secs(60)), 1_795_262_460);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WallClock {
    anchor: Instant,
    unix: Duration,
}

impl WallClock {
    /// At `anchor`, the time since 1970-01-01T00:00:00Z was `unix`.
    #[must_use]
    pub const fn new(anchor: Instant, unix: Duration) -> Self {
        Self { anchor, unix }
    }

    /// Time since 1970-01-01T00:00:00Z at `now`.
    #[must_use]
    pub fn unix(&self, now: Instant) -> Duration {
        if now >= self.anchor {
            self.unix.saturating_add(now.since(self.anchor))
        } else {
            self.unix.saturating_sub(self.anchor.since(now))
        }
    }

    /// Whole seconds since 1970-01-01T00:00:00Z at `now`.
    #[must_use]
    pub fn unix_seconds(&self, now: Instant) -> u64 {
        self.unix(now).as_secs()
    }
}

fn whole_nanos(span: Duration) -> u64 {
    u64::try_from(span.as_nanos()).unwrap_or(u64::MAX)
}

const NANOS_PER_SECOND: u64 = 1_000_000_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arithmetic_saturates_at_both_ends() {
        assert_eq!(Instant::FAR_FUTURE + Duration::MAX, Instant::FAR_FUTURE);
        assert_eq!(Instant::ORIGIN - Duration::from_secs(1), Instant::ORIGIN);
        assert_eq!(Instant::ORIGIN.since(Instant::FAR_FUTURE), Duration::ZERO);
    }

    #[test]
    fn wall_time_runs_both_ways_from_its_anchor() {
        let anchor = Instant::from_nanos(10 * NANOS_PER_SECOND);
        let clock = WallClock::new(anchor, Duration::from_secs(1_000));
        assert_eq!(clock.unix_seconds(anchor), 1_000);
        assert_eq!(clock.unix_seconds(anchor + Duration::from_secs(5)), 1_005);
        assert_eq!(clock.unix_seconds(Instant::ORIGIN), 990);
    }
}
