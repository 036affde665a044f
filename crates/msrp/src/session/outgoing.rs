//! One message on its way out: what was written, answered and reported of it, and when it is done with.

use std::ops::Range;

use missiva_core::LinkId;

use super::{Account, Outcome};
use crate::header::{FailureReport, SuccessReport};
use crate::send::SendId;
use crate::slab::Key;
use crate::{Flag, MessageId, StatusCode};

/// A message that was handed in.
#[derive(Debug)]
pub(super) struct Outgoing {
    pub(super) session: Key,
    pub(super) link: LinkId,
    pub(super) id: MessageId,
    /// Its number in the outbox of the link, for as long as that has it.
    pub(super) sending: Option<SendId>,
    pub(super) success: SuccessReport,
    pub(super) failure: FailureReport,
    pub(super) account: Account,
    /// Chunks that wait for their answers.
    pub(super) unanswered: usize,
    /// With which flag its last chunk ended.
    pub(super) ended: Option<Flag>,
    /// What went wrong first.
    pub(super) failed: Option<StatusCode>,
    /// Bytes that the source was asked for.
    pub(super) wanted: u64,
}

impl Outgoing {
    /// How it went, once that is known.
    pub(super) fn outcome(&self) -> Option<Outcome> {
        if let (Some(status), None) = (self.failed, self.sending) {
            return Some(Outcome::Failed { status });
        }
        match self.ended? {
            Flag::More => None,
            Flag::Abort => Some(Outcome::Aborted),
            Flag::Last if self.unanswered > 0 => None,
            Flag::Last => match (self.success, self.failure) {
                (SuccessReport::Yes, _) => self.is_reported().then_some(Outcome::Delivered),
                (SuccessReport::No, FailureReport::Yes) => Some(Outcome::Acknowledged),
                (SuccessReport::No, _) => Some(Outcome::Unconfirmed),
            },
        }
    }

    /// Whether it waits for nothing but reports.
    pub(super) fn awaits_reports(&self) -> bool {
        self.ended == Some(Flag::Last) && self.unanswered == 0 && self.outcome().is_none()
    }

    /// Whether reports of success cover all of it. Of a message without content one report covers all.
    fn is_reported(&self) -> bool {
        let total = self.account.written;
        self.account.reported.is_complete(total.max(u64::from(total == 0)))
    }

    /// Notes what a report says. The bytes of it that were not written are nobody's to report.
    pub(super) fn report(&mut self, status: StatusCode, range: &Range<u64>) {
        if status.is_success() {
            let most = if self.account.written == 0 && self.ended == Some(Flag::Last) {
                1
            } else {
                self.account.written
            };
            let empty = most == 1 && self.account.written == 0;
            let range = if empty { 0..1 } else { range.start..range.end.min(most) };
            self.account.reported.insert(range);
        } else {
            self.failed.get_or_insert(status);
        }
    }

    /// The account as the application gets it.
    pub(super) fn into_account(self) -> Account {
        let mut account = self.account;
        if account.written == 0 {
            account.reported = crate::receive::Ranges::new();
        }
        account
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::slab::Slab;

    fn outgoing(success: SuccessReport, failure: FailureReport) -> Outgoing {
        Outgoing {
            session: Slab::new().insert(()),
            link: LinkId(1),
            id: MessageId::parse("abcd").unwrap(),
            sending: None,
            success,
            failure,
            account: Account { written: 10, ..Account::default() },
            unanswered: 0,
            ended: Some(Flag::Last),
            failed: None,
            wanted: 0,
        }
    }

    #[test]
    fn each_combination_of_reports_has_its_end() {
        use FailureReport::{No, Partial, Yes};
        for failure in [Yes, Partial, No] {
            let mut silent = outgoing(SuccessReport::No, failure);
            let expected =
                if failure == Yes { Outcome::Acknowledged } else { Outcome::Unconfirmed };
            assert_eq!(silent.outcome(), Some(expected));
            silent.unanswered = 1;
            assert_eq!(silent.outcome(), None);
            silent.failed = Some(StatusCode::FORBIDDEN);
            let failed = Outcome::Failed { status: StatusCode::FORBIDDEN };
            assert_eq!(silent.outcome(), Some(failed));

            let mut asking = outgoing(SuccessReport::Yes, failure);
            assert!(asking.outcome().is_none() && asking.awaits_reports());
            asking.report(StatusCode::OK, &(5..20));
            asking.report(StatusCode::OK, &(0..4));
            assert_eq!(asking.outcome(), None);
            asking.report(StatusCode::OK, &(3..6));
            assert_eq!(asking.outcome(), Some(Outcome::Delivered));
            assert!(asking.into_account().reported.iter().eq(std::iter::once(0..10)));
        }
    }

    #[test]
    fn a_message_without_content_is_reported_all_the_same() {
        let mut empty = outgoing(SuccessReport::Yes, FailureReport::Yes);
        empty.account.written = 0;
        assert_eq!(empty.outcome(), None);
        empty.report(StatusCode::OK, &(0..0));
        assert_eq!(empty.outcome(), Some(Outcome::Delivered));
        assert!(empty.into_account().reported.is_empty());
    }
}
