//! The present state of a conference, out of the documents of a subscription (RFC 4575 section 4.6).
//!
//! ```text
//!               full                        partial, next in number: merge
//!    ┌───────┐ ─────────────────────────► ┌─────────┐ ──┐
//!    │ blank │                            │ current │ ◄─┘ full, later in number: replace
//!    └───┬───┘                            └─┬─────┬─┘
//!        │ partial: ask                     │  ▲  │ deleted
//!        ▼      a number is missing, or a   │  │  ▼
//!    ┌──────┐   change cannot be placed: ask│  │ ┌───────┐
//!    │ lost │ ◄─────────────────────────────┘  │ │ ended │
//!    └──┬───┘ ─────────────────────────────────┘ └───────┘
//!       └ partial: ask     full, later in number
//! ```

use super::ConferenceInfo;
use super::element::{State, User};

/// What a document did to a [`Roster`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The view is what the sender's was when it wrote the document.
    Merged,
    /// The document is not newer than what is known; nothing changed.
    Duplicate,
    /// Something was lost, or the document cannot be understood without what was. There is no view until a whole
    /// state comes: ask for one, by refreshing the subscription or by a new one. Said for each document until then.
    Resubscribe,
    /// The conference is over.
    Ended,
    /// The document is about another conference; nothing changed.
    OtherConference,
    /// More users, devices and streams than are allowed. There is no view.
    OverLimit,
}

/// Merges the documents of one subscription.
///
/// Elements that have no `state` of their own are replaced whole when they stand in a partial document; users, their
/// devices and lists of addresses follow their `state`, streams their `id`. What a partial document says of a user
/// without address, or of one who stands twice, cannot be placed and counts as lost.
#[derive(Clone, Debug)]
pub struct Roster {
    /// What is shown, or was before something was lost.
    info: Option<ConferenceInfo>,
    standing: Standing,
    /// The highest number of this subscription.
    seen: Option<u32>,
    /// Users, devices and streams in `info`.
    weight: usize,
    limit: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Blank,
    Current,
    Lost,
    Ended,
}

impl Roster {
    /// A subscription of which nothing has come. It holds at most `limit` users, devices and streams together.
    #[must_use]
    pub const fn new(limit: usize) -> Self {
        Self { info: None, standing: Standing::Blank, seen: None, weight: 0, limit }
    }

    /// The present state; `None` before the first document and while something is lost.
    ///
    /// It is a whole state in all its parts: no user and no device in it is partial or deleted.
    #[must_use]
    pub fn view(&self) -> Option<&ConferenceInfo> {
        self.info.as_ref().filter(|_| matches!(self.standing, Standing::Current | Standing::Ended))
    }

    /// The state before something was lost: to be shown meanwhile, not to be relied on.
    #[must_use]
    pub const fn last_known(&self) -> Option<&ConferenceInfo> {
        self.info.as_ref()
    }

    /// Whether a whole state has to be asked for.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        self.standing == Standing::Lost
    }

    /// A new subscription begins, with numbers of its own. The old view is no longer current.
    pub const fn resubscribed(&mut self) {
        self.seen = None;
        self.standing = Standing::Blank;
    }

    /// Takes the next document.
    pub fn merge(&mut self, document: ConferenceInfo) -> Outcome {
        if self.info.as_ref().is_some_and(|known| known.entity != document.entity) {
            return Outcome::OtherConference;
        }
        let before = self.seen;
        if let Some(number) = document.version {
            if before.is_some_and(|seen| number <= seen) {
                return Outcome::Duplicate;
            }
            self.seen = Some(number);
        }
        match document.state {
            State::Full => self.replace(document),
            State::Deleted => self.end(document),
            State::Partial => {
                let is_next = before.is_some_and(|seen| {
                    seen.checked_add(1).is_some() && document.version == seen.checked_add(1)
                });
                if self.standing == Standing::Current && is_next {
                    self.update(document)
                } else {
                    self.lose(Outcome::Resubscribe)
                }
            }
        }
    }

    fn replace(&mut self, mut document: ConferenceInfo) -> Outcome {
        document.settle();
        self.weight = document.users.iter().map(weigh).fold(0, usize::saturating_add);
        if self.weight > self.limit {
            return self.lose(Outcome::OverLimit);
        }
        self.seen = document.version;
        self.info = Some(document);
        self.standing = Standing::Current;
        Outcome::Merged
    }

    fn end(&mut self, document: ConferenceInfo) -> Outcome {
        let bare =
            ConferenceInfo { version: document.version, ..ConferenceInfo::new(document.entity, 0) };
        self.info = Some(bare);
        self.weight = 0;
        self.standing = Standing::Ended;
        Outcome::Ended
    }

    fn update(&mut self, document: ConferenceInfo) -> Outcome {
        let Some(info) = &mut self.info else {
            return self.lose(Outcome::Resubscribe);
        };
        // Only what the document touches is weighed, so that its cost is its own.
        let users_state = document.users_state;
        let added: usize = document.users.iter().map(weigh).fold(0, usize::saturating_add);
        if info.absorb(document).is_err() {
            return self.lose(Outcome::Resubscribe);
        }
        self.weight = match users_state {
            None | Some(State::Partial) => self.weight.saturating_add(added),
            Some(State::Full) => added,
            Some(State::Deleted) => 0,
        };
        if self.weight > self.limit {
            // The sum counts what was replaced twice.
            self.weight = info.users.iter().map(weigh).fold(0, usize::saturating_add);
        }
        if self.weight > self.limit {
            return self.lose(Outcome::OverLimit);
        }
        Outcome::Merged
    }

    const fn lose(&mut self, outcome: Outcome) -> Outcome {
        self.standing = Standing::Lost;
        outcome
    }
}

/// A user with all devices and their streams.
fn weigh(user: &User) -> usize {
    let streams = user.endpoints.iter().map(|endpoint| endpoint.media.len());
    streams.fold(1 + user.endpoints.len(), usize::saturating_add)
}
