//! The machines of composing and the policy of reports, driven by bytes.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::time::Duration;

use missiva_content::composing::{
    Change, Heard, IsComposing, Receiver, ReceiverSettings, Sender, SenderSettings, State,
};
use missiva_content::imdn::Dispositions;
use missiva_content::imdn::policy::{Outcome, Owed, Rules};
use missiva_core::{Instant, Machine};

/// One user who writes, and three whom the others hear of; two bytes a step.
pub fn composing(data: &[u8]) {
    let mut sender = Sender::new(SenderSettings::default());
    let settings = ReceiverSettings { max_senders: 2, ..ReceiverSettings::default() };
    let mut receiver = Receiver::new(settings);
    let mut now = Instant::ORIGIN;
    let mut said = State::Idle;
    let mut shown = BTreeMap::new();
    for step in data.chunks_exact(2) {
        let (choice, amount) = (step[0], step[1]);
        now += Duration::from_secs(u64::from(amount));
        sender.handle_timeout(now);
        receiver.handle_timeout(now);
        let who = choice >> 3 & 3;
        match choice & 7 {
            0 | 1 => sender.typed(now),
            2 => sender.sent(now),
            3 => sender.cleared(now),
            4 | 5 => {
                let mut status = IsComposing::new(State::Active);
                status.refresh = NonZeroU32::new(u32::from(amount));
                receiver.handle_input(now, Heard::Status(who, status));
            }
            6 => receiver.handle_input(now, Heard::Status(who, IsComposing::new(State::Idle))),
            _ if choice & 0x80 == 0 => receiver.handle_input(now, Heard::Message(who)),
            _ => receiver.handle_input(now, Heard::Left(who)),
        }
        if choice & 7 == 2 {
            // The message itself says that its writer is idle.
            said = State::Idle;
        }
        if choice & 0x40 == 0 {
            while let Some(status) = sender.poll_event() {
                assert!(status.state != State::Idle || said == State::Active, "idle said twice");
                said = status.state;
            }
            assert_eq!(said == State::Active, sender.is_active());
            while let Some(change) = receiver.poll_event() {
                match change {
                    Change::Started(who, _) => drop(shown.insert(who, ())),
                    Change::Stopped(who) => {
                        assert!(shown.remove(&who).is_some(), "stopped and never started");
                    }
                }
            }
            assert!(receiver.composing().eq(shown.keys()), "events and state differ");
            assert!(shown.len() <= 2);
        }
    }
}

const OUTCOMES: [Outcome; 3] = [Outcome::Delivered, Outcome::DeliveryFailed, Outcome::Displayed];

/// The first byte is what was asked for; each further one is something that happens.
pub fn policy(data: &[u8]) {
    let Some((wanted, steps)) = data.split_first() else { return };
    for tell_forbidden in [false, true] {
        let rules = Rules { tell_forbidden };
        let mut owed = Owed::wanting(Dispositions::from_bits(*wanted), rules);
        let mut sent: Vec<Outcome> = Vec::new();
        for step in steps {
            let outcome = OUTCOMES[usize::from(*step) % OUTCOMES.len()];
            let was_open = owed.is_open();
            let reports: Vec<Outcome> = owed.settle(outcome).collect();
            assert!(was_open || reports.is_empty(), "a report that nobody waits for");
            for report in reports {
                let twice = sent.iter().any(|one| one.kind() == report.kind());
                assert!(!twice, "two reports of a kind");
                sent.push(report);
            }
            assert!(owed.is_settled(outcome.kind()));
            // A restart forgets nothing.
            owed = Owed::restore(owed.bits(), rules);
        }
    }
}
