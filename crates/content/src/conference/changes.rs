//! What a focus tells its subscribers: the difference between two states.

use std::collections::{BTreeMap, BTreeSet};

use super::element::{State, User};
use super::{ConferenceInfo, Uris};

impl ConferenceInfo {
    /// A partial document that leads a subscriber from the whole state `before` to this one.
    ///
    /// A user in whom anything changed is told whole. Where no partial document can tell the difference (something
    /// other than a user vanished, or a user has no address of its own) it is the whole state. The order of users is
    /// not told: new ones come last.
    #[must_use]
    pub fn changes_since(&self, before: &Self, version: u32) -> Self {
        let mut whole = Self { version: Some(version), ..self.clone() };
        whole.settle();
        if vanished(before, self) {
            return whole;
        }
        let Some(users) = changed_users(&before.users, &whole.users) else {
            return whole;
        };
        let Self {
            description,
            host,
            conference_state,
            sidebars_by_ref,
            sidebars_by_val,
            extensions,
            ..
        } = whole;
        Self {
            state: State::Partial,
            description: description.filter(|now| before.description.as_ref() != Some(now)),
            host: host.filter(|now| before.host.as_ref() != Some(now)),
            conference_state: conference_state
                .filter(|now| before.conference_state.as_ref() != Some(now)),
            users_state: (!users.is_empty()).then_some(State::Partial),
            users,
            sidebars_by_ref: sidebars_by_ref
                .filter(|now: &Uris| before.sidebars_by_ref.as_ref() != Some(now)),
            sidebars_by_val: sidebars_by_val
                .filter(|now| before.sidebars_by_val.as_ref() != Some(now)),
            extensions: if extensions == before.extensions { Vec::new() } else { extensions },
            ..Self::new(self.entity.clone(), version)
        }
    }
}

/// Whether something is gone of which no partial document can say so.
fn vanished(before: &ConferenceInfo, now: &ConferenceInfo) -> bool {
    fn gone<T>(before: &Option<T>, now: &Option<T>) -> bool {
        before.is_some() && now.is_none()
    }
    gone(&before.description, &now.description)
        || gone(&before.host, &now.host)
        || gone(&before.conference_state, &now.conference_state)
        || gone(&before.sidebars_by_ref, &now.sidebars_by_ref)
        || gone(&before.sidebars_by_val, &now.sidebars_by_val)
        || !before.extensions.is_empty() && now.extensions.is_empty()
}

/// New and changed users whole, those who are gone as deleted; `None` when one cannot be named.
fn changed_users(before: &[User], now: &[User]) -> Option<Vec<User>> {
    let known: BTreeMap<&str, &User> = named(before)?;
    let present: BTreeSet<&str> = named(now)?.into_keys().collect();
    let gone = known.keys().filter(|entity| !present.contains(**entity));
    let mut changed: Vec<User> =
        gone.map(|entity| User { state: State::Deleted, ..User::new(*entity) }).collect();
    let is_new =
        |user: &&User| user.entity.as_deref().and_then(|entity| known.get(entity)) != Some(user);
    changed.extend(now.iter().filter(is_new).cloned());
    Some(changed)
}

/// The users by address, if each has one of its own.
fn named(users: &[User]) -> Option<BTreeMap<&str, &User>> {
    let map: BTreeMap<&str, &User> =
        users.iter().map(|user| Some((user.entity.as_deref()?, user))).collect::<Option<_>>()?;
    (map.len() == users.len()).then_some(map)
}
