//! `Subscription-State` (RFC 6665 section 4.1.3).

use std::time::Duration;

use bytes::BytesMut;
use missiva_core::Fault;
use missiva_core::scan::Cursor;

use super::Value;
use super::word::word;
use crate::params::Params;

word! {
    /// How a subscription stands, as the notifier sees it.
    ///
    /// ```
    /// use missiva_sip::header::{EndReason, SubscriptionPhase, SubscriptionState, Value};
    ///
    /// let state = SubscriptionState::parse("terminated;reason=probation;retry-after=60")?;
    /// assert_eq!(state.phase(), Some(SubscriptionPhase::Terminated));
    /// assert_eq!(state.reason(), Some(EndReason::Probation));
    /// assert_eq!(state.retry_after().map(|time| time.as_secs()), Some(60));
    /// # Ok::<(), missiva_core::Fault>(())
    /// ```
    SubscriptionState {
        /// `active`, `pending`, `terminated` or one to come.
        state,
        /// `expires`, `reason`, `retry-after` and any other.
        params
    }
    numbers "expires" "retry-after"
}

/// The states that RFC 6665 knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "lowercase"))]
pub enum SubscriptionPhase {
    /// Accepted: notifications come.
    Active,
    /// Received, and not yet decided on.
    Pending,
    /// Over.
    Terminated,
}

/// Why a subscription ended (RFC 6665 section 4.1.3); it says whether a new one makes sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "lowercase"))]
pub enum EndReason {
    /// Ended, and to be asked for again at once.
    Deactivated,
    /// Not decided on in time; to be asked for again later.
    Giveup,
    /// The state will never change again.
    Invariant,
    /// What was watched is no more.
    Noresource,
    /// To be asked for again later, at the earliest after `retry-after`.
    Probation,
    /// Forbidden; not to be asked for again.
    Rejected,
    /// It ran out.
    Timeout,
}

impl SubscriptionState<'_> {
    /// The state, when it is one of the three known.
    #[must_use]
    pub fn phase(&self) -> Option<SubscriptionPhase> {
        let table = [
            ("active", SubscriptionPhase::Active),
            ("pending", SubscriptionPhase::Pending),
            ("terminated", SubscriptionPhase::Terminated),
        ];
        find(&table, self.state)
    }

    /// How long the subscription still lasts.
    #[must_use]
    pub fn expires(&self) -> Option<Duration> {
        self.seconds("expires")
    }

    /// Why it ended; `None` too when the reason is not one of those known.
    #[must_use]
    pub fn reason(&self) -> Option<EndReason> {
        let table = [
            ("deactivated", EndReason::Deactivated),
            ("giveup", EndReason::Giveup),
            ("invariant", EndReason::Invariant),
            ("noresource", EndReason::Noresource),
            ("probation", EndReason::Probation),
            ("rejected", EndReason::Rejected),
            ("timeout", EndReason::Timeout),
        ];
        find(&table, self.params.value("reason")?)
    }

    /// How long to wait before asking again.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.seconds("retry-after")
    }

    fn seconds(&self, name: &str) -> Option<Duration> {
        let seconds = self.params.number(name).ok()??;
        Some(Duration::from_secs(seconds.into()))
    }
}

fn find<T: Copy>(table: &[(&str, T)], word: &str) -> Option<T> {
    table.iter().find(|entry| entry.0.eq_ignore_ascii_case(word)).map(|entry| entry.1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use missiva_core::FaultKind;

    #[test]
    fn states_are_read_and_written() {
        let table = [
            ("ACTIVE;expires=600", Ok((Some(SubscriptionPhase::Active), Some(600), None))),
            ("pending", Ok((Some(SubscriptionPhase::Pending), None, None))),
            (
                "terminated;reason=NoResource",
                Ok((Some(SubscriptionPhase::Terminated), None, Some(EndReason::Noresource))),
            ),
            ("waiting;reason=x", Ok((None, None, None))),
            ("", Err((FaultKind::End, 0))),
            ("active;expires=-1", Err((FaultKind::Number, 15))),
            ("active;retry-after=", Err((FaultKind::End, 19))),
            ("active expires=1", Err((FaultKind::Unexpected, 7))),
        ];
        for (text, expected) in table {
            let got = SubscriptionState::parse(text);
            assert_eq!(
                got.map(|state| (
                    state.phase(),
                    state.expires().map(|time| time.as_secs()),
                    state.reason()
                ))
                .map_err(|fault| (fault.kind, fault.at)),
                expected,
                "{text}"
            );
            assert!(got.is_err() || got.unwrap().to_text() == text);
        }
    }
}
