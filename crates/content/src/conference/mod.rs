//! Who is in a conference (`application/conference-info+xml`, RFC 4575).
//!
//! [`ConferenceInfo`] is a document, whole or partial; [`Roster`] merges the documents of one subscription into the
//! present state and says when it cannot; [`ConferenceInfo::changes_since`] is what the other side sends.
//!
//! Elements of other namespaces are kept where the schema has room for them; elements of the own namespace that the
//! schema does not know, and attributes that are not named here, are dropped. Sidebars and the details of a call are
//! kept as they came.

mod changes;
mod element;
mod merge;
mod read;
mod roster;
mod write;

#[cfg(test)]
mod tests;

pub use element::{
    Description, DisconnectionMethod, Endpoint, EndpointStatus, Execution, Host, JoiningMethod,
    Media, MediaStatus, Medium, State, Uri, Uris, User,
};
pub use roster::{Outcome, Roster};

use bytes::{Bytes, BytesMut};

use crate::xml::{Extension, Ns, Reader, Writer};
use crate::{Limits, ParseError};

/// The media type of the document.
pub const MEDIA_TYPE: &str = "application/conference-info+xml";

/// The state of a conference, or what is new about it.
///
/// ```
/// use missiva_content::Limits;
/// use missiva_content::conference::{ConferenceInfo, Outcome, Roster};
///
/// let first = br#"<conference-info xmlns="urn:ietf:params:xml:ns:conference-info" entity="sip:c@example.com"
///     version="1"><users><user entity="sip:bob@example.com"/></users></conference-info>"#;
/// let third = br#"<conference-info xmlns="urn:ietf:params:xml:ns:conference-info" entity="sip:c@example.com"
///     version="3" state="partial"/>"#;
///
/// let mut roster = Roster::new(100);
/// assert_eq!(roster.merge(ConferenceInfo::parse(first, &Limits::DEFAULT)?), Outcome::Merged);
/// assert_eq!(roster.view().map(|view| view.users.len()), Some(1));
/// assert_eq!(roster.merge(ConferenceInfo::parse(third, &Limits::DEFAULT)?), Outcome::Resubscribe);
/// assert!(roster.view().is_none());
/// # Ok::<(), missiva_content::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ConferenceInfo {
    /// The address of the conference.
    pub entity: String,
    /// Whether the document is the whole state, news, or the end.
    pub state: State,
    /// Its number within the subscription.
    pub version: Option<u32>,
    /// What the conference is about.
    pub description: Option<Description>,
    /// Who hosts it.
    pub host: Option<Host>,
    /// `conference-state`: how it goes.
    pub conference_state: Option<ConferenceState>,
    /// Whether `users` is all of them or news; `None` when the document has no such element.
    pub users_state: Option<State>,
    /// Who is in it.
    pub users: Vec<User>,
    /// `sidebars-by-ref`: conferences inside it.
    pub sidebars_by_ref: Option<Uris>,
    /// `sidebars-by-val`: the same with all their state.
    pub sidebars_by_val: Option<Extension>,
    /// Extension elements.
    pub extensions: Vec<Extension>,
}

/// How a conference goes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ConferenceState {
    /// How many users it has, the unseen too.
    pub user_count: Option<u32>,
    /// Whether it runs.
    pub active: Option<bool>,
    /// Whether nobody may join.
    pub locked: Option<bool>,
    /// Extension elements.
    pub extensions: Vec<Extension>,
}

impl ConferenceInfo {
    /// A whole state with nobody in it.
    pub fn new(entity: impl Into<String>, version: u32) -> Self {
        Self {
            entity: entity.into(),
            state: State::Full,
            version: Some(version),
            description: None,
            host: None,
            conference_state: None,
            users_state: None,
            users: Vec::new(),
            sidebars_by_ref: None,
            sidebars_by_val: None,
            extensions: Vec::new(),
        }
    }

    /// The user with this address.
    #[must_use]
    pub fn user(&self, entity: &str) -> Option<&User> {
        self.users.iter().find(|user| user.entity.as_deref() == Some(entity))
    }

    /// Reads a document.
    ///
    /// # Errors
    ///
    /// What makes it none: markup, no `entity`, a word, a number, a truth or a date that is none, an element that
    /// stands twice.
    pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Self, ParseError> {
        let mut reader = Reader::document(bytes, limits, Ns::Conference, "conference-info")?;
        let info = read::conference(&mut reader)?;
        reader.finish()?;
        Ok(info)
    }

    /// Appends the document. `yourown`, which the schema of RFC 4575 does not have, is written where it is set.
    pub fn write(&self, out: &mut BytesMut) {
        let mut writer = Writer::document(out, Ns::Conference, "conference-info");
        write::conference(self, &mut writer);
        writer.end();
    }

    /// The document alone.
    #[must_use]
    pub fn to_bytes(&self) -> Bytes {
        let mut out = BytesMut::with_capacity(512 + 256 * self.users.len());
        self.write(&mut out);
        out.freeze()
    }
}
