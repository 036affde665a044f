//! Merging news into what is known, each element by its own rule (RFC 4575 section 4.6).

use std::collections::HashMap;

use super::element::{Endpoint, Media, State, Uri, Uris, User};
use super::{ConferenceInfo, Description};

/// A change of something that is not there, or is there twice.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unplaced;

/// An element with a name and a `state`.
trait Keyed {
    fn key(&self) -> Option<&str>;
    fn state(&self) -> State;
    fn set_state(&mut self, state: State);
    /// Takes over what a partial element has.
    fn absorb(&mut self, news: Self) -> Result<(), Unplaced>;
    /// Makes it a whole one.
    fn settle(&mut self);
}

/// Puts each of `news` where it belongs.
fn merge_keyed<T: Keyed>(known: &mut Vec<T>, news: Vec<T>) -> Result<(), Unplaced> {
    let mut places = Places::of(known, news.len());
    let mut deleted = false;
    for mut one in news {
        let place = match one.key() {
            Some(key) => places.find(key, known)?,
            None if known.is_empty() => None,
            None => return Err(Unplaced),
        };
        let state = one.state();
        deleted |= state == State::Deleted;
        match place.and_then(|place| known.get_mut(place)) {
            Some(old) if state == State::Partial && old.state() != State::Deleted => {
                old.absorb(one)?;
            }
            Some(old) => {
                one.settle();
                if state == State::Deleted {
                    one.set_state(State::Deleted);
                }
                *old = one;
            }
            None if state == State::Deleted => {}
            None => {
                one.settle();
                places.add(one.key(), known.len());
                known.push(one);
            }
        }
    }
    if deleted {
        known.retain(|one| one.state() != State::Deleted);
    }
    Ok(())
}

/// Where each name stands; worth its making only for many lookups.
struct Places(Option<HashMap<String, Vec<usize>>>);

impl Places {
    fn of<T: Keyed>(known: &[T], lookups: usize) -> Self {
        if lookups < 8 || known.len() < 8 {
            return Self(None);
        }
        let mut map: HashMap<String, Vec<usize>> = HashMap::with_capacity(known.len());
        for (place, key) in known.iter().enumerate().filter_map(|(at, one)| Some((at, one.key()?)))
        {
            map.entry(key.to_owned()).or_default().push(place);
        }
        Self(Some(map))
    }

    fn find<T: Keyed>(&self, key: &str, known: &[T]) -> Result<Option<usize>, Unplaced> {
        let mut found = known.iter().enumerate().filter(|(_, one)| one.key() == Some(key));
        let (first, second) = match &self.0 {
            None => (found.next().map(|(at, _)| at), found.next().map(|(at, _)| at)),
            Some(map) => {
                let places = map.get(key).map(Vec::as_slice).unwrap_or_default();
                (places.first().copied(), places.get(1).copied())
            }
        };
        if second.is_some() { Err(Unplaced) } else { Ok(first) }
    }

    fn add(&mut self, key: Option<&str>, place: usize) {
        if let (Some(map), Some(key)) = (&mut self.0, key) {
            map.entry(key.to_owned()).or_default().push(place);
        }
    }
}

impl ConferenceInfo {
    /// Makes a whole state of a full document.
    pub(super) fn settle(&mut self) {
        self.state = State::Full;
        settle_list(&mut self.users);
        if self.users_state == Some(State::Deleted) {
            self.users.clear();
        }
        self.users_state = (!self.users.is_empty()).then_some(State::Full);
        if let Some(about) = &mut self.description {
            settle_uris(&mut about.conf_uris);
            settle_uris(&mut about.service_uris);
        }
        if let Some(by) = &mut self.host {
            settle_uris(&mut by.uris);
        }
        settle_uris(&mut self.sidebars_by_ref);
    }

    /// Takes over what a partial document says.
    pub(super) fn absorb(&mut self, news: Self) -> Result<(), Unplaced> {
        self.version = news.version;
        if let Some(mut about) = news.description {
            let old = self.description.take().unwrap_or_default();
            let Description { conf_uris, service_uris, .. } = old;
            about.conf_uris = merged_uris(conf_uris, about.conf_uris);
            about.service_uris = merged_uris(service_uris, about.service_uris);
            self.description = Some(about);
        }
        if let Some(mut by) = news.host {
            by.uris = merged_uris(self.host.take().and_then(|old| old.uris), by.uris);
            self.host = Some(by);
        }
        replace(&mut self.conference_state, news.conference_state);
        match news.users_state {
            None => {}
            Some(State::Partial) => merge_keyed(&mut self.users, news.users)?,
            Some(State::Full) => self.users = news.users,
            Some(State::Deleted) => self.users.clear(),
        }
        if news.sidebars_by_ref.is_some() {
            self.sidebars_by_ref = merged_uris(self.sidebars_by_ref.take(), news.sidebars_by_ref);
        }
        replace(&mut self.sidebars_by_val, news.sidebars_by_val);
        replace_list(&mut self.extensions, news.extensions);
        if news.users_state.is_some_and(|state| state != State::Partial) {
            settle_list(&mut self.users);
        }
        self.users_state = (!self.users.is_empty()).then_some(State::Full);
        Ok(())
    }
}

impl Keyed for User {
    fn key(&self) -> Option<&str> {
        self.entity.as_deref()
    }

    fn state(&self) -> State {
        self.state
    }

    fn set_state(&mut self, state: State) {
        self.state = state;
    }

    fn absorb(&mut self, news: Self) -> Result<(), Unplaced> {
        replace(&mut self.display_text, news.display_text);
        if news.associated_aors.is_some() {
            self.associated_aors = merged_uris(self.associated_aors.take(), news.associated_aors);
        }
        replace_list(&mut self.roles, news.roles);
        replace(&mut self.languages, news.languages);
        replace(&mut self.cascaded_focus, news.cascaded_focus);
        self.your_own |= news.your_own;
        replace_list(&mut self.extensions, news.extensions);
        merge_keyed(&mut self.endpoints, news.endpoints)
    }

    fn settle(&mut self) {
        self.state = State::Full;
        settle_uris(&mut self.associated_aors);
        settle_list(&mut self.endpoints);
    }
}

impl Keyed for Endpoint {
    fn key(&self) -> Option<&str> {
        self.entity.as_deref()
    }

    fn state(&self) -> State {
        self.state
    }

    fn set_state(&mut self, state: State) {
        self.state = state;
    }

    fn absorb(&mut self, news: Self) -> Result<(), Unplaced> {
        replace(&mut self.display_text, news.display_text);
        replace(&mut self.referred, news.referred);
        replace(&mut self.status, news.status);
        replace(&mut self.joining_method, news.joining_method);
        replace(&mut self.joining_info, news.joining_info);
        replace(&mut self.disconnection_method, news.disconnection_method);
        replace(&mut self.disconnection_info, news.disconnection_info);
        replace(&mut self.call_info, news.call_info);
        replace_list(&mut self.extensions, news.extensions);
        merge_plain(&mut self.media, news.media, |a: &Media, b| a.id == b.id);
        Ok(())
    }

    fn settle(&mut self) {
        self.state = State::Full;
    }
}

fn settle_list<T: Keyed>(list: &mut Vec<T>) {
    list.retain(|one| one.state() != State::Deleted);
    list.iter_mut().for_each(T::settle);
}

fn settle_uris(uris: &mut Option<Uris>) {
    *uris = merged_uris(None, uris.take());
}

/// The addresses after news of them; no list without an address.
fn merged_uris(known: Option<Uris>, news: Option<Uris>) -> Option<Uris> {
    let news = news?;
    let entries = match news.state {
        State::Deleted => Vec::new(),
        State::Full => news.entries,
        State::Partial => {
            let mut entries = known.map(|known| known.entries).unwrap_or_default();
            merge_plain(&mut entries, news.entries, |a: &Uri, b| a.uri == b.uri);
            entries
        }
    };
    (!entries.is_empty()).then_some(Uris { state: State::Full, entries })
}

/// News of elements that have a name and no `state`.
fn merge_plain<T>(known: &mut Vec<T>, news: Vec<T>, same: impl Fn(&T, &T) -> bool) {
    for one in news {
        match known.iter_mut().find(|old| same(old, &one)) {
            Some(old) => *old = one,
            None => known.push(one),
        }
    }
}

fn replace<T>(known: &mut Option<T>, news: Option<T>) {
    if news.is_some() {
        *known = news;
    }
}

fn replace_list<T>(known: &mut Vec<T>, news: Vec<T>) {
    if !news.is_empty() {
        *known = news;
    }
}
