//! What an application decides.

use std::time::Duration;

use missiva_core::ByteStr;

use crate::check::Rules;
use crate::header::{FailureReport, MediaType, SuccessReport};
use crate::leg::Matching;
use crate::link::LinkLimits;
use crate::receive::ReceiveLimits;
use crate::send::SendLimits;

/// What is agreed for one session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionOptions {
    /// How URIs are compared.
    pub matching: Matching,
    /// The types of content that are taken: the own `accept-types`. All others are answered with 415. Types that are
    /// taken only inside others (`accept-wrapped-types`) are the application's to judge, which alone opens what wraps
    /// them: see [`refuse`](super::Endpoint::refuse).
    pub accept: Accept,
    /// Bytes of the largest message that is taken: the own `max-size`. Larger ones are answered with 413.
    pub max_size: Option<u64>,
    /// How messages are handed over.
    pub hand: Hand,
    /// Who says that a message has arrived.
    pub reporting: Reporting,
    /// After how long without a request of ours an empty SEND keeps the connection alive. Four minutes is less than
    /// what address translators remember.
    pub keep_alive: Option<Duration>,
    /// After how long without a request or an answer of the other end the session is over.
    pub idle: Option<Duration>,
}

impl Default for SessionOptions {
    /// Any content, messages handed over whole, reports by the endpoint, no keep-alive, no end.
    fn default() -> Self {
        Self {
            matching: Matching::SessionId,
            accept: Accept::Any,
            max_size: None,
            hand: Hand::Whole,
            reporting: Reporting::Endpoint,
            keep_alive: None,
            idle: None,
        }
    }
}

/// Which types of content are taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Accept {
    /// All.
    Any,
    /// Those of a list as `accept-types` has it: `type/subtype`, `type/*` or `*`.
    Only(Vec<ByteStr>),
}

impl Accept {
    /// The types of a list that is divided by spaces, as the attribute has it.
    #[must_use]
    pub fn list(text: &str) -> Self {
        Self::Only(text.split_ascii_whitespace().map(ByteStr::from).collect())
    }

    pub(super) fn takes(&self, media: &MediaType<'_>) -> bool {
        match self {
            Self::Any => true,
            Self::Only(list) => list.iter().any(|accepted| media.is_covered_by(accepted)),
        }
    }
}

/// How messages are handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Hand {
    /// At once, when all is there.
    Whole,
    /// In slices, as they come: for files.
    Slices,
    /// The application is asked with [`Event::Incoming`](super::Event::Incoming). Until it says
    /// [`stream`](super::Endpoint::stream) or [`refuse`](super::Endpoint::refuse), the message is gathered to be handed
    /// over whole.
    Ask,
}

/// Who says that a message has arrived, when its sender wants to hear of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reporting {
    /// The endpoint, as soon as all of it has been handed over.
    Endpoint,
    /// The application, with [`report`](super::Endpoint::report).
    Application,
}

/// A message to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outbound {
    /// `Content-Type`.
    pub media_type: ByteStr,
    /// Whether the other end shall say that it has arrived.
    pub success: SuccessReport,
    /// What is to be said of failures.
    pub failure: FailureReport,
    /// `Content-Disposition`.
    pub disposition: Option<ByteStr>,
    /// `Content-Description`.
    pub description: Option<ByteStr>,
    /// `Content-ID` without angle brackets.
    pub content_id: Option<ByteStr>,
    /// The name of the message, where it must be a certain one; a new one otherwise.
    pub id: Option<crate::MessageId>,
}

impl Outbound {
    /// A message with the wishes for reports that RFC 4975 has by default.
    #[must_use]
    pub fn new(media_type: &str) -> Self {
        Self {
            media_type: ByteStr::from(media_type),
            success: SuccessReport::No,
            failure: FailureReport::Yes,
            disposition: None,
            description: None,
            content_id: None,
            id: None,
        }
    }

    /// The same with other wishes for reports.
    #[must_use]
    pub fn reports(self, success: SuccessReport, failure: FailureReport) -> Self {
        Self { success, failure, ..self }
    }
}

/// How much an endpoint keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionLimits {
    /// Its links.
    pub links: LinkLimits,
    /// What waits to be sent on one link.
    pub send: SendLimits,
    /// What one session keeps of messages that come in.
    pub receive: ReceiveLimits,
    /// Bytes of messages that come in which all sessions of one link keep together. Over it: 413.
    pub link_bytes: usize,
    /// Messages that come in which all sessions of one link have open. Over it: 413.
    pub link_open: usize,
    /// Sessions at once.
    pub max_sessions: usize,
    /// Messages of one session that are sent and not finished. Over it those that wait for nothing but reports are
    /// finished as unreported, the oldest first; when there are none, the application is refused.
    pub max_outgoing: usize,
    /// Chunks of one link that are not answered. Over it no more are written until some are.
    pub max_unanswered: usize,
    /// Messages of one session for which the application owes a report. The oldest is forgotten first.
    pub max_owed: usize,
    /// Events that nobody has fetched. Over it, links that bring more are given up.
    pub max_events: usize,
    /// Within what time a passive session must be bound.
    pub bind_within: Duration,
    /// How long closing may take.
    pub drain_within: Duration,
    /// After how long without a chunk a message that has begun is given up.
    pub stale_after: Duration,
    /// What is let pass in requests.
    pub rules: Rules,
}

impl SessionLimits {
    /// The default caps.
    #[must_use]
    pub fn standard() -> Self {
        Self {
            links: LinkLimits::DEFAULT,
            send: SendLimits::DEFAULT,
            receive: ReceiveLimits::DEFAULT,
            link_bytes: 64 * 1024 * 1024,
            link_open: 1024,
            max_sessions: 65_536,
            max_outgoing: 1024,
            max_unanswered: 1024,
            max_owed: 256,
            max_events: 65_536,
            bind_within: Duration::from_secs(60),
            drain_within: Duration::from_secs(30),
            stale_after: Duration::from_secs(300),
            rules: Rules::default(),
        }
    }
}

impl Default for SessionLimits {
    fn default() -> Self {
        Self::standard()
    }
}
