//! The elements of a conference document (RFC 4575 section 5).

use crate::DateTime;
use crate::xml::{Extension, word};

word::words! {
    /// How much an element says about its subject.
    State {
        /// All: what was known before is void.
        Full = "full",
        /// What is new: what is not in it stays.
        Partial = "partial",
        /// The subject is gone.
        Deleted = "deleted",
    }
}

word::words! {
    /// What an endpoint does.
    EndpointStatus {
        /// It is known and not yet called.
        Pending = "pending",
        /// The focus calls it.
        DialingOut = "dialing-out",
        /// It calls the focus.
        DialingIn = "dialing-in",
        /// It rings.
        Alerting = "alerting",
        /// It is in the conference and hears nothing of it.
        OnHold = "on-hold",
        /// It is in the conference.
        Connected = "connected",
        /// It is in the conference and the others hear nothing of it.
        MutedViaFocus = "muted-via-focus",
        /// It is about to leave.
        Disconnecting = "disconnecting",
        /// It left.
        Disconnected = "disconnected",
    }
}

word::words! {
    /// How an endpoint came in.
    JoiningMethod {
        /// By itself.
        DialedIn = "dialed-in",
        /// It was called.
        DialedOut = "dialed-out",
        /// It is the focus.
        FocusOwner = "focus-owner",
    }
}

word::words! {
    /// How an endpoint left.
    DisconnectionMethod {
        /// By itself.
        Departed = "departed",
        /// It was thrown out.
        Booted = "booted",
        /// It never came, or was lost; the reason tells.
        Failed = "failed",
        /// It was busy.
        Busy = "busy",
    }
}

word::words! {
    /// Which way media flow, as the endpoint sees it.
    MediaStatus {
        /// To the endpoint.
        RecvOnly = "recvonly",
        /// From the endpoint.
        SendOnly = "sendonly",
        /// Both ways.
        SendRecv = "sendrecv",
        /// Neither way.
        Inactive = "inactive",
    }
}

/// What a conference is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Description {
    /// What to show for it.
    pub display_text: Option<String>,
    /// Its subject.
    pub subject: Option<String>,
    /// More about it.
    pub free_text: Option<String>,
    /// Words to find it by, with spaces between.
    pub keywords: Option<String>,
    /// Addresses to reach it at.
    pub conf_uris: Option<Uris>,
    /// Addresses of what belongs to it: a web page, a recording.
    pub service_uris: Option<Uris>,
    /// How many may take part.
    pub maximum_user_count: Option<u32>,
    /// The media that it offers.
    pub available_media: Vec<Medium>,
    /// Extension elements.
    pub extensions: Vec<Extension>,
}

/// A medium that a conference offers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Medium {
    /// Its name in the session descriptions.
    pub label: String,
    /// What to show for it.
    pub display_text: Option<String>,
    /// `audio`, `video`, `message` …
    pub kind: String,
    /// Which way it flows at first.
    pub status: Option<MediaStatus>,
    /// Extension elements.
    pub extensions: Vec<Extension>,
}

/// Who hosts a conference.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Host {
    /// What to show.
    pub display_text: Option<String>,
    /// A page about it.
    pub web_page: Option<String>,
    /// Addresses to reach it at.
    pub uris: Option<Uris>,
    /// Extension elements.
    pub extensions: Vec<Extension>,
}

/// Addresses, of which there may be all or only the new ones.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Uris {
    /// Whether these are all.
    pub state: State,
    /// The addresses.
    pub entries: Vec<Uri>,
}

/// An address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Uri {
    /// The address itself.
    pub uri: String,
    /// What to show for it.
    pub display_text: Option<String>,
    /// What it is for.
    pub purpose: Option<String>,
    /// When it was changed, why and by whom.
    pub modified: Option<Execution>,
    /// Extension elements.
    pub extensions: Vec<Extension>,
}

/// When something was done, why and by whom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Execution {
    /// When.
    pub when: Option<DateTime>,
    /// Why; for a refusal often `SIP;cause=603;text="Decline"`.
    pub reason: Option<String>,
    /// By whom.
    pub by: Option<String>,
}

impl Execution {
    /// The status code of the protocol in the reason (RFC 3326), which tells a refusal (603) from other failures.
    #[must_use]
    pub fn cause(&self) -> Option<u16> {
        let mut params = self.reason.as_deref()?.split(';').map(str::trim);
        if !params.next()?.eq_ignore_ascii_case("sip") {
            return None;
        }
        let cause = params.find_map(|param| {
            let (name, value) = param.split_once('=')?;
            name.trim().eq_ignore_ascii_case("cause").then_some(value.trim())
        })?;
        cause.parse().ok()
    }
}

/// A user, who may be there with several devices.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct User {
    /// The address. Somebody without a name has one that says nothing.
    pub entity: Option<String>,
    /// Whether this is all about the user.
    pub state: State,
    /// What to show: a name or a pseudonym.
    pub display_text: Option<String>,
    /// Other addresses of the same user.
    pub associated_aors: Option<Uris>,
    /// What the user may do.
    pub roles: Vec<String>,
    /// Languages, with spaces between.
    pub languages: Option<String>,
    /// The conference that this user really is.
    pub cascaded_focus: Option<String>,
    /// The user's devices.
    pub endpoints: Vec<Endpoint>,
    /// Whether the user is the one who gets the document (`yourown`, an attribute of deployed RCS servers).
    pub your_own: bool,
    /// Extension elements.
    pub extensions: Vec<Extension>,
}

impl User {
    /// Somebody of whom nothing but the address is known.
    pub fn new(entity: impl Into<String>) -> Self {
        Self {
            entity: Some(entity.into()),
            state: State::Full,
            display_text: None,
            associated_aors: None,
            roles: Vec::new(),
            languages: None,
            cascaded_focus: None,
            endpoints: Vec::new(),
            your_own: false,
            extensions: Vec::new(),
        }
    }
}

/// A device of a user.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Endpoint {
    /// Its address.
    pub entity: Option<String>,
    /// Whether this is all about it.
    pub state: State,
    /// What to show for it.
    pub display_text: Option<String>,
    /// Who brought it in.
    pub referred: Option<Execution>,
    /// What it does.
    pub status: Option<EndpointStatus>,
    /// How it came in.
    pub joining_method: Option<JoiningMethod>,
    /// When it came in, why and by whom.
    pub joining_info: Option<Execution>,
    /// How it left.
    pub disconnection_method: Option<DisconnectionMethod>,
    /// When it left, why and by whom.
    pub disconnection_info: Option<Execution>,
    /// Its streams.
    pub media: Vec<Media>,
    /// `call-info`: the dialog between it and the focus.
    pub call_info: Option<Extension>,
    /// Extension elements.
    pub extensions: Vec<Extension>,
}

impl Endpoint {
    /// A device and what it does.
    pub fn new(entity: impl Into<String>, status: EndpointStatus) -> Self {
        Self { entity: Some(entity.into()), status: Some(status), ..Self::unknown() }
    }

    pub(super) const fn unknown() -> Self {
        Self {
            entity: None,
            state: State::Full,
            display_text: None,
            referred: None,
            status: None,
            joining_method: None,
            joining_info: None,
            disconnection_method: None,
            disconnection_info: None,
            media: Vec::new(),
            call_info: None,
            extensions: Vec::new(),
        }
    }
}

/// A stream of a device.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Media {
    /// Its name within the device.
    pub id: String,
    /// What to show for it.
    pub display_text: Option<String>,
    /// `audio`, `video`, `message` …
    pub kind: Option<String>,
    /// Its name in the session description.
    pub label: Option<String>,
    /// Its source: an SSRC.
    pub src_id: Option<String>,
    /// Which way it flows.
    pub status: Option<MediaStatus>,
    /// Extension elements.
    pub extensions: Vec<Extension>,
}
