//! Telling the others (RFC 3994 section 3.2).
//!
//! ```text
//!                 typed: say active, start idle timer and refresh timer
//!        ┌───────────────────────────────────────────────────────────┐
//!        │                                                           ▼
//!    ┌───┴──┐   idle timer, or cleared: say idle                 ┌────────┐ typed: restart idle timer
//!    │ idle │◄───────────────────────────────────────────────────┤ active ├──┐
//!    │      │◄───────────────────────────────────────────────────┤        │◄─┘ refresh timer: say active,
//!    └──────┘   sent, or closed: say nothing                     └────────┘    restart refresh timer
//! ```

use std::num::NonZeroU32;
use std::time::Duration;

use missiva_core::{Deadline, Instant, Machine, Transmit, WallClock};

use super::{IsComposing, State};
use crate::DateTime;

/// How a [`Sender`] behaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SenderSettings {
    /// How long after the last sign of activity a user counts as idle. RFC 3994 section 3.2 has 15 seconds.
    pub idle_after: Duration,
    /// For how many seconds the others take the user for active without hearing more. RFC 3994 section 3.2 has 120;
    /// less than 60 is taken for 60.
    pub refresh: NonZeroU32,
    /// How long before that time it is said again, so that it does not lapse while the word is on its way. The time
    /// between two is never less than 60 seconds.
    pub margin: Duration,
    /// What is composed; `None` for text.
    pub content_type: Option<String>,
    /// Tells the hour for `lastactive`; without one, the element is left out.
    pub clock: Option<WallClock>,
}

impl Default for SenderSettings {
    fn default() -> Self {
        Self {
            idle_after: Duration::from_secs(15),
            refresh: NonZeroU32::MIN.saturating_add(119),
            margin: Duration::from_secs(5),
            content_type: None,
            clock: None,
        }
    }
}

/// Turns what one user does in one conversation into status documents.
///
/// The documents are its events; whoever owns the conversation puts them into it. Only the latest counts: one that
/// was not drained gives way to the next, and a pair of `active` and `idle` that was never drained is not said at all.
/// It transmits nothing by itself.
///
/// ```
/// use missiva_content::composing::{Sender, SenderSettings, State};
/// use missiva_core::{Instant, Machine};
/// use std::time::Duration;
///
/// let mut sender = Sender::new(SenderSettings::default());
/// sender.typed(Instant::ORIGIN);
/// assert_eq!(sender.poll_event().map(|status| status.state), Some(State::Active));
/// sender.handle_timeout(Instant::ORIGIN + Duration::from_secs(15));
/// assert_eq!(sender.poll_event().map(|status| status.state), Some(State::Idle));
/// ```
#[derive(Clone, Debug)]
pub struct Sender {
    settings: SenderSettings,
    now: Instant,
    active: Option<Active>,
    /// What the others were told last.
    told: State,
    /// What they are to be told next.
    pending: Option<IsComposing>,
}

/// The timers of the active state.
#[derive(Clone, Copy, Debug)]
struct Active {
    last: Instant,
    idle: Instant,
    refresh: Instant,
}

impl Sender {
    /// A user who is idle.
    #[must_use]
    pub const fn new(settings: SenderSettings) -> Self {
        Self { settings, now: Instant::ORIGIN, active: None, told: State::Idle, pending: None }
    }

    /// The user pressed a key, or records, or picks a picture.
    pub fn typed(&mut self, now: Instant) {
        let now = self.advance(now);
        let idle = now + self.settings.idle_after.max(Duration::from_millis(1));
        match &mut self.active {
            Some(active) if active.refresh > now => (active.last, active.idle) = (now, idle),
            _ => {
                self.active = Some(Active { last: now, idle, refresh: now + self.interval() });
                self.say(State::Active, now);
            }
        }
    }

    /// The user's message went out. The others know by it that the user composes no more, and are told nothing.
    pub fn sent(&mut self, now: Instant) {
        self.advance(now);
        self.active = None;
        self.pending = None;
        self.told = State::Idle;
    }

    /// The user threw the draft away, or left.
    pub fn cleared(&mut self, now: Instant) {
        let now = self.advance(now);
        if self.active.is_some() {
            self.rest(now);
        }
    }

    /// Whether the user counts as composing.
    #[must_use]
    pub const fn is_active(&self) -> bool {
        self.active.is_some()
    }

    /// Tells the hour from now on.
    pub const fn set_clock(&mut self, clock: WallClock) {
        self.settings.clock = Some(clock);
    }

    fn advance(&mut self, now: Instant) -> Instant {
        self.now = self.now.max(now);
        self.now
    }

    /// From active to idle, aloud.
    fn rest(&mut self, now: Instant) {
        let last = self.active.take().map_or(now, |active| active.last);
        if self.told == State::Active {
            self.say(State::Idle, last);
        } else {
            // They never heard of it.
            self.pending = None;
        }
    }

    fn say(&mut self, state: State, last: Instant) {
        let SenderSettings { content_type, clock, .. } = &self.settings;
        self.pending = Some(IsComposing {
            state,
            last_active: clock.as_ref().and_then(|clock| whole_seconds(clock, last)),
            content_type: content_type.clone().filter(|_| state == State::Active),
            refresh: Some(self.refresh()).filter(|_| state == State::Active),
            extensions: Vec::new(),
        });
    }

    fn refresh(&self) -> NonZeroU32 {
        self.settings.refresh.max(LEAST_REFRESH)
    }

    /// Between two words of `active`.
    fn interval(&self) -> Duration {
        let least = Duration::from_secs(LEAST_REFRESH.get().into());
        let told = Duration::from_secs(self.refresh().get().into());
        told.saturating_sub(self.settings.margin).max(least)
    }
}

/// Nobody needs to know a fraction of a second.
fn whole_seconds(clock: &WallClock, at: Instant) -> Option<DateTime> {
    DateTime::from_unix(DateTime::at(clock, at).unix_seconds(), 0)
}

/// RFC 3994 section 3.2: not more often than once a minute.
const LEAST_REFRESH: NonZeroU32 = NonZeroU32::MIN.saturating_add(59);

impl Machine for Sender {
    /// Nothing comes from the others.
    type Input = std::convert::Infallible;
    /// A document to be sent.
    type Event = IsComposing;

    fn handle_input(&mut self, _now: Instant, input: Self::Input) {
        match input {}
    }

    fn handle_timeout(&mut self, now: Instant) {
        let now = self.advance(now);
        let Some(active) = &mut self.active else {
            return;
        };
        if active.idle <= now {
            self.rest(now);
        } else if active.refresh <= now {
            let last = active.last;
            let next = now + self.interval();
            self.active = self.active.map(|active| Active { refresh: next, ..active });
            self.say(State::Active, last);
        }
    }

    fn poll_event(&mut self) -> Option<IsComposing> {
        let status = self.pending.take()?;
        self.told = status.state;
        Some(status)
    }

    fn poll_transmit(&mut self) -> Option<Transmit> {
        None
    }

    fn poll_timeout(&self) -> Option<Deadline> {
        let active = self.active?;
        Some(if active.idle <= active.refresh {
            Deadline { at: active.idle, why: "idle" }
        } else {
            Deadline { at: active.refresh, why: "refresh" }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Instant {
        Instant::ORIGIN + Duration::from_secs(seconds)
    }

    fn said(sender: &mut Sender) -> Option<State> {
        let state = sender.poll_event().map(|status| status.state);
        assert_eq!((sender.poll_event(), sender.poll_transmit().is_none()), (None, true));
        state
    }

    fn wakes(sender: &Sender) -> Option<(u64, &'static str)> {
        sender.poll_timeout().map(|next| ((next.at - Instant::ORIGIN).as_secs(), next.why))
    }

    #[test]
    fn a_user_who_stops_typing_is_idle_after_15_seconds() {
        let mut sender = Sender::new(SenderSettings::default());
        assert_eq!((said(&mut sender), wakes(&sender)), (None, None));
        sender.typed(at(1));
        assert_eq!((said(&mut sender), wakes(&sender)), (Some(State::Active), Some((16, "idle"))));
        sender.typed(at(10));
        assert_eq!((said(&mut sender), wakes(&sender)), (None, Some((25, "idle"))));
        sender.handle_timeout(at(16));
        assert_eq!((said(&mut sender), sender.is_active()), (None, true));
        sender.handle_timeout(at(25));
        assert_eq!((said(&mut sender), wakes(&sender)), (Some(State::Idle), None));
        sender.handle_timeout(at(100));
        assert_eq!(said(&mut sender), None);
    }

    #[test]
    fn a_user_who_goes_on_typing_is_told_of_again() {
        let mut sender = Sender::new(SenderSettings::default());
        for second in 0..=240 {
            sender.handle_timeout(at(second));
            sender.typed(at(second));
            let expected = matches!(second, 0 | 115 | 230).then_some(State::Active);
            assert_eq!(said(&mut sender), expected, "{second}");
            assert!(sender.poll_timeout().unwrap().at > at(second));
        }
    }

    #[test]
    fn nobody_is_told_more_often_than_once_a_minute() {
        for (refresh, told, again) in [(1, 60, 60), (60, 60, 60), (64, 64, 60), (90, 90, 85)] {
            let refresh = NonZeroU32::new(refresh).unwrap();
            let mut sender = Sender::new(SenderSettings { refresh, ..SenderSettings::default() });
            sender.typed(at(0));
            assert_eq!(sender.poll_event().unwrap().refresh.unwrap().get(), told);
            for second in 1..again {
                sender.handle_timeout(at(second));
                sender.typed(at(second));
                assert_eq!(said(&mut sender), None);
            }
            assert_eq!(wakes(&sender), Some((again, "refresh")));
            sender.handle_timeout(at(again));
            assert_eq!(said(&mut sender), Some(State::Active));
        }
    }

    #[test]
    fn a_message_that_went_out_needs_no_word() {
        let mut sender = Sender::new(SenderSettings::default());
        sender.typed(at(0));
        assert_eq!(said(&mut sender), Some(State::Active));
        sender.sent(at(5));
        assert_eq!((said(&mut sender), wakes(&sender)), (None, None));
        sender.typed(at(6));
        assert_eq!(said(&mut sender), Some(State::Active));
        sender.cleared(at(7));
        assert_eq!(said(&mut sender), Some(State::Idle));
        sender.cleared(at(8));
        assert_eq!(said(&mut sender), None);
    }

    #[test]
    fn what_was_never_drained_is_not_said_twice() {
        let mut sender = Sender::new(SenderSettings::default());
        sender.typed(at(0));
        sender.handle_timeout(at(20));
        assert_eq!(said(&mut sender), None);
        sender.typed(at(30));
        sender.sent(at(31));
        assert_eq!(said(&mut sender), None);
    }

    #[test]
    fn a_document_tells_when_the_user_was_active() {
        let clock = WallClock::new(at(0), Duration::from_secs(1_424_156_067));
        let settings =
            SenderSettings { content_type: Some("audio/amr".into()), ..SenderSettings::default() };
        let mut sender = Sender::new(settings);
        sender.set_clock(clock);
        sender.typed(at(0));
        let first = sender.poll_event().unwrap();
        assert_eq!(first.last_active.unwrap().to_string(), "2015-02-17T06:54:27Z");
        assert_eq!(
            (first.content_type.as_deref(), first.refresh.unwrap().get()),
            (Some("audio/amr"), 120)
        );
        sender.handle_timeout(at(60));
        let last = sender.poll_event().unwrap();
        assert_eq!(last.last_active.unwrap().to_string(), "2015-02-17T06:54:27Z");
        assert_eq!((last.content_type, last.refresh), (None, None));
    }

    #[test]
    fn time_never_runs_backwards() {
        let mut sender = Sender::new(SenderSettings::default());
        sender.typed(at(100));
        sender.typed(at(50));
        assert_eq!(wakes(&sender), Some((115, "idle")));
    }
}
