//! The legs of a machine, and which of them a message is for.

use std::collections::HashMap;

use bytes::Bytes;
use missiva_core::{LimitExceeded, LinkId};

use super::{Ends, Matching, Pending};
use crate::slab::{Key, Slab};
use crate::{Head, StatusCode, Uri};

/// One end of a session; `D` is what its machine keeps of it, `W` what it keeps of a request that waits for an answer.
#[derive(Debug)]
pub(crate) struct Leg<D, W> {
    pub(crate) ends: Ends,
    /// Both path lines of its requests.
    pub(crate) lines: Bytes,
    pub(crate) matching: Matching,
    /// The link that it is bound to.
    pub(crate) link: Option<LinkId>,
    pub(crate) pending: Pending<W>,
    pub(crate) data: D,
}

/// All legs.
#[derive(Debug)]
pub(crate) struct Legs<D, W> {
    legs: Slab<Leg<D, W>>,
    /// By the session id of the own end.
    names: HashMap<Box<str>, Key>,
    max: usize,
}

/// What a SEND is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Opened {
    pub(crate) leg: Key,
    /// Whether the leg was waiting for it.
    pub(crate) binds: bool,
}

/// A session that cannot be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The own URI has no session id, by which messages would find the session.
    #[error("the URI has no session id")]
    Unnamed,
    /// Another session has this session id.
    #[error("the session id is taken")]
    Taken,
    /// The link is not up.
    #[error("the link is not up")]
    NoLink,
    /// Too many sessions are open.
    #[error(transparent)]
    Limit(#[from] LimitExceeded),
}

impl<D, W> Legs<D, W> {
    pub(crate) fn new(max: usize) -> Self {
        Self { legs: Slab::new(), names: HashMap::new(), max }
    }

    /// A leg that is bound to nothing.
    pub(crate) fn open(
        &mut self,
        ends: Ends,
        matching: Matching,
        data: D,
    ) -> Result<Key, OpenError> {
        let local = ends.local().as_uri();
        let name = local.session_id().ok_or(OpenError::Unnamed)?;
        if self.names.contains_key(name) {
            return Err(OpenError::Taken);
        }
        LimitExceeded::check("max_sessions", self.max, self.legs.len().saturating_add(1))?;
        let (name, lines) = (Box::from(name), ends.lines());
        let leg = Leg { ends, lines, matching, link: None, pending: Pending::new(), data };
        let key = self.legs.insert(leg);
        self.names.insert(name, key);
        Ok(key)
    }

    pub(crate) fn remove(&mut self, key: Key) -> Option<Leg<D, W>> {
        let leg = self.legs.remove(key)?;
        if let Some(name) = leg.ends.local().as_uri().session_id() {
            self.names.remove(name);
        }
        Some(leg)
    }

    pub(crate) fn get(&self, key: Key) -> Option<&Leg<D, W>> {
        self.legs.get(key)
    }

    pub(crate) fn get_mut(&mut self, key: Key) -> Option<&mut Leg<D, W>> {
        self.legs.get_mut(key)
    }

    pub(crate) const fn len(&self) -> usize {
        self.legs.len()
    }

    /// The leg that a request on `link` is for, and that is ready for it.
    ///
    /// # Errors
    ///
    /// What to answer: 400 for paths that cannot be read, 481 for a session that is not here or whose other end is
    /// somebody else, 506 for one that is bound to another link. An end of a session is nobody's relay: a path that goes
    /// on behind it is no session of ours either.
    pub(crate) fn find(&self, link: LinkId, head: &Head) -> Result<Opened, StatusCode> {
        let to = head.to_path().map_err(|_| StatusCode::BAD_REQUEST)?;
        let from = head.from_path().map_err(|_| StatusCode::BAD_REQUEST)?;
        let (key, leg) = self.named(&to.first()).ok_or(StatusCode::NO_SESSION)?;
        let agrees = to.len() == 1
            && leg.matching.agrees(leg.ends.local(), &to.first())
            && leg.matching.agrees(leg.ends.peer(), &from.last());
        match leg.link {
            _ if !agrees => Err(StatusCode::NO_SESSION),
            None => Ok(Opened { leg: key, binds: true }),
            Some(bound) if bound == link => Ok(Opened { leg: key, binds: false }),
            Some(_) => Err(StatusCode::WRONG_CONNECTION),
        }
    }

    /// What a response on `link` answers.
    pub(crate) fn answered(&mut self, link: LinkId, head: &Head) -> Option<(Key, W)> {
        let to = head.to_path().ok()?;
        let (key, _) = self.named(&to.first())?;
        let leg = self.legs.get_mut(key).filter(|leg| leg.link == Some(link))?;
        leg.pending.take(head.transaction_id()).map(|what| (key, what))
    }

    fn named(&self, uri: &Uri<'_>) -> Option<(Key, &Leg<D, W>)> {
        let key = *self.names.get(uri.session_id()?)?;
        Some((key, self.legs.get(key)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;
    use crate::frame::websocket;

    const LOCAL: &str = "msrp://192.0.2.1:9/local0123456789;tcp";
    const PEER: &str = "msrp://192.0.2.2:9/peer0123456789;tcp";

    fn head(to: &str, from: &str) -> Head {
        let text = format!(
            "MSRP a786 SEND\r\nTo-Path: {to}\r\nFrom-Path: {from}\r\nMessage-ID: 12339\r\n-------a786$\r\n"
        );
        websocket(text.into(), &Limits::DEFAULT).unwrap().head
    }

    fn legs(matching: Matching) -> (Legs<(), ()>, Key) {
        let mut legs = Legs::new(2);
        let key = legs.open(Ends::new(LOCAL, PEER).unwrap(), matching, ()).unwrap();
        (legs, key)
    }

    #[test]
    fn a_request_finds_its_session_by_both_session_ids() {
        const MOVED: &str = "msrp://198.51.100.7:4711/local0123456789;tcp";
        let no_session = Err(StatusCode::NO_SESSION);
        for (to, from, by_id, whole) in [
            (LOCAL, PEER, true, true),
            (MOVED, PEER, true, false),
            (LOCAL, "msrp://198.51.100.7:1/peer0123456789;tcp", true, false),
            (LOCAL, "msrp://relay.example/x;tcp msrp://192.0.2.2:9/peer0123456789;tcp", true, true),
            (LOCAL, "msrp://192.0.2.2:9/mallory;tcp", false, false),
            ("msrp://192.0.2.1:9/unknown;tcp", PEER, false, false),
            ("msrp://192.0.2.1:9;tcp", PEER, false, false),
            ("msrp://192.0.2.1:9/local0123456789;tcp msrp://192.0.2.3/x;tcp", PEER, false, false),
        ] {
            for (matching, found) in [(Matching::SessionId, by_id), (Matching::Whole, whole)] {
                let (legs, key) = legs(matching);
                let expected =
                    if found { Ok(Opened { leg: key, binds: true }) } else { no_session };
                assert_eq!(
                    legs.find(LinkId(1), &head(to, from)),
                    expected,
                    "{to} {from} {matching:?}"
                );
            }
        }
    }

    #[test]
    fn a_session_on_one_link_is_not_to_be_had_on_another() {
        let (mut legs, key) = legs(Matching::SessionId);
        legs.get_mut(key).unwrap().link = Some(LinkId(1));
        let head = head(LOCAL, PEER);
        assert_eq!(legs.find(LinkId(1), &head), Ok(Opened { leg: key, binds: false }));
        assert_eq!(legs.find(LinkId(2), &head), Err(StatusCode::WRONG_CONNECTION));
        legs.remove(key).unwrap();
        assert_eq!(legs.find(LinkId(1), &head), Err(StatusCode::NO_SESSION));
    }

    #[test]
    fn session_ids_are_taken_once_and_sessions_have_a_limit() {
        let (mut legs, _) = legs(Matching::SessionId);
        let mut open =
            |local: &str| legs.open(Ends::new(local, PEER).unwrap(), Matching::Whole, ());
        assert_eq!(open(LOCAL), Err(OpenError::Taken));
        assert_eq!(open("msrp://192.0.2.1:9;tcp"), Err(OpenError::Unnamed));
        assert!(open("msrp://192.0.2.1:9/second;tcp").is_ok());
        let limit = LimitExceeded { limit: "max_sessions", max: 2 };
        assert_eq!(open("msrp://192.0.2.1:9/third;tcp"), Err(OpenError::Limit(limit)));
    }
}
