//! A subscriber who loses documents either has the sender's view, or knows that it has none.

use arbitrary::{Result, Unstructured};
use missiva_content::Limits;
use missiva_content::conference::{
    ConferenceInfo, Endpoint, EndpointStatus, Outcome, Roster, State, User,
};

/// A conference that changes as the bytes say; some documents are lost, some come twice.
pub fn conference(data: &[u8]) {
    let _ = run(&mut Unstructured::new(data));
}

fn run(from: &mut Unstructured<'_>) -> Result<()> {
    let mut now = ConferenceInfo::new("sip:c@example.com", 0);
    let mut told = now.clone();
    let mut roster = Roster::new(100);
    let mut version = 0u32;
    let mut last = None;
    for _ in 0..from.int_in_range(1..=24)? {
        change(from, &mut now)?;
        version += 1;
        now.version = Some(version);
        let is_full = from.ratio(1, 4)?;
        let document = if is_full { now.clone() } else { now.changes_since(&told, version) };
        told = now.clone();
        if from.ratio(1, 5)? {
            continue;
        }
        let bytes = document.to_bytes();
        let read = ConferenceInfo::parse(&bytes, &Limits::DEFAULT).expect("what was written");
        let outcome = roster.merge(read.clone());
        last = Some(read);
        match outcome {
            Outcome::Merged => assert_eq!(view(&roster), Some(users(&now)), "a silent difference"),
            Outcome::Resubscribe => assert!(roster.is_lost() && roster.view().is_none()),
            other => panic!("{other:?}"),
        }
        if from.ratio(1, 5)? {
            // Twice is no more than once.
            let before = view(&roster);
            if let Some(read) = &last {
                assert_eq!(roster.merge(read.clone()), Outcome::Duplicate);
            }
            assert_eq!(view(&roster), before);
        }
        if roster.is_lost() && from.arbitrary()? {
            roster.resubscribed();
            assert_eq!(roster.merge(now.clone()), Outcome::Merged);
            assert_eq!(view(&roster), Some(users(&now)));
        }
    }
    if let Some(read) = last {
        let over = ConferenceInfo { state: State::Deleted, version: Some(version + 1), ..read };
        assert_eq!(roster.merge(over), Outcome::Ended);
    }
    Ok(())
}

/// Somebody comes, goes, or changes.
fn change(from: &mut Unstructured<'_>, now: &mut ConferenceInfo) -> Result<()> {
    let entity = format!("sip:{}@example.com", from.int_in_range(0..=7)?);
    now.users.retain(|user| user.entity.as_deref() != Some(&*entity));
    if from.ratio(2, 3)? {
        let status = *from.choose(EndpointStatus::ALL)?;
        let mut user = User::new(entity.clone());
        for device in 0..from.int_in_range(0..=2)? {
            user.endpoints.push(Endpoint::new(format!("{entity};gr={device}"), status));
        }
        now.users.push(user);
    }
    Ok(())
}

fn view(roster: &Roster) -> Option<Vec<String>> {
    roster.view().map(users)
}

/// Users in an order of their own, since partial documents do not tell any.
fn users(info: &ConferenceInfo) -> Vec<String> {
    let mut users: Vec<_> = info
        .users
        .iter()
        .map(|user| {
            let mut devices: Vec<_> = user
                .endpoints
                .iter()
                .map(|device| format!("{:?} {:?}", device.entity, device.status))
                .collect();
            devices.sort();
            format!("{:?} {devices:?}", user.entity)
        })
        .collect();
    users.sort();
    users
}
