//! What an endpoint tells its application.

use std::ops::Range;
use std::time::Duration;

use bytes::Bytes;
use missiva_core::{ByteStr, LinkId};

use crate::receive::Ranges;
use crate::slab::handle;
use crate::{Head, MessageId, StatusCode, field};

handle! {
    /// A session.
    SessionId
}

handle! {
    /// A message that was handed in to be sent.
    SentId
}

handle! {
    /// A URI at a relay.
    LoginId
}

/// What the application hears.
///
/// [`Closed`](Self::Closed) is the last event of a session and [`Finished`](Self::Finished) the last of a message that was
/// sent. A message that comes in is named by its session and its `Message-ID`; its last event is
/// [`Message`](Self::Message), [`Complete`](Self::Complete) or [`Incomplete`](Self::Incomplete).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// The session is bound to its link: the other end has answered the first SEND, or has sent one.
    Established {
        /// The session.
        session: SessionId,
        /// Its link.
        link: LinkId,
    },
    /// The first chunk of a message has come, and the session wants to be asked how it is handed over.
    Incoming {
        /// The session.
        session: SessionId,
        /// The message.
        id: MessageId,
        /// What its content is.
        labels: Labels,
        /// Bytes in it, when the sender has said so.
        total: Option<u64>,
    },
    /// A whole message.
    Message {
        /// The session.
        session: SessionId,
        /// The message.
        id: MessageId,
        /// What its content is.
        labels: Labels,
        /// Its content.
        body: Bytes,
    },
    /// Bytes of a message that is handed over in slices; each begins where the one before it ended.
    Slice {
        /// The session.
        session: SessionId,
        /// The message.
        id: MessageId,
        /// Bytes of the message before these.
        at: u64,
        /// A slice of what the link brought.
        bytes: Bytes,
    },
    /// All slices of a message were handed over.
    Complete {
        /// The session.
        session: SessionId,
        /// The message.
        id: MessageId,
        /// What its content is.
        labels: Labels,
        /// Bytes in it.
        total: u64,
    },
    /// A message that had begun will not be complete: it was given up or refused, or its link is gone.
    Incomplete {
        /// The session.
        session: SessionId,
        /// The message.
        id: MessageId,
        /// Which bytes came.
        received: Ranges,
        /// With what its sender was answered, if it was refused.
        refused: Option<StatusCode>,
    },
    /// A source should feed these bytes. What was wanted once stays wanted.
    Want {
        /// The message.
        message: SentId,
        /// Which bytes, counted from zero.
        range: Range<u64>,
    },
    /// Bytes of a message were answered with 200.
    Acknowledged {
        /// The message.
        message: SentId,
        /// Which bytes, counted from zero.
        range: Range<u64>,
    },
    /// A report on a message came.
    Reported {
        /// The message.
        message: SentId,
        /// What became of it.
        status: StatusCode,
        /// Of which bytes, counted from zero.
        range: Range<u64>,
    },
    /// A report came on a message that is finished or unknown here.
    LateReport {
        /// The session.
        session: SessionId,
        /// The message.
        id: MessageId,
        /// What became of it.
        status: StatusCode,
    },
    /// A message that was sent is done with.
    Finished {
        /// The message.
        message: SentId,
        /// How it went.
        outcome: Outcome,
        /// What is known of its bytes.
        account: Account,
    },
    /// A nickname was granted or not (RFC 7701).
    Nickname {
        /// The session.
        session: SessionId,
        /// The answer; 408 when there was none.
        status: StatusCode,
    },
    /// A relay has granted a URI, or lets it be kept.
    LoggedIn {
        /// Which.
        login: LoginId,
        /// What comes before the own URI in the `path` of a description: the way from outside, the farthest relay first.
        path: ByteStr,
        /// For how long. It is asked for again before that.
        expires: Duration,
    },
    /// A relay grants no URI any more. This is the last event of the login.
    LoggedOut {
        /// Which.
        login: LoginId,
        /// What the relay said, 408 for nothing, 403 when it did not know the secret either; nothing when the link is
        /// gone or the application has logged out.
        status: Option<StatusCode>,
    },
    /// A session is gone. What was not finished on it was told of before.
    Closed {
        /// The session.
        session: SessionId,
        /// Why.
        reason: Reason,
    },
    /// No session is left on this link. Who opened it may close it.
    Unused {
        /// The link.
        link: LinkId,
    },
    /// Close this link: it brings what is no MSRP, or takes too little.
    Close {
        /// The link.
        link: LinkId,
    },
}

/// What the content of a message is: the MIME headers of its first chunk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels {
    /// `Content-Type`.
    pub media_type: ByteStr,
    /// `Content-Disposition`, where there is one.
    pub disposition: Option<ByteStr>,
    /// `Content-ID` without its angle brackets, where there is one.
    pub content_id: Option<ByteStr>,
    /// `Content-Description`, where there is one.
    pub description: Option<ByteStr>,
}

impl Labels {
    pub(crate) fn of(head: &Head) -> Self {
        let text = |name| {
            let mut lines = head.headers().filter(move |header| header.name() == name);
            lines.next().and_then(|header| header.text().ok()).map(ByteStr::from)
        };
        let content_id = head.get::<field::ContentId>().ok().flatten();
        Self {
            media_type: text(crate::HeaderName::ContentType).unwrap_or_default(),
            disposition: text(crate::HeaderName::ContentDisposition),
            content_id: content_id.map(|id| ByteStr::from(id.0)),
            description: text(crate::HeaderName::ContentDescription),
        }
    }
}

/// How sending a message went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// Reports say that the other end has all of it.
    Delivered,
    /// The next hop has answered all of it with 200.
    Acknowledged,
    /// It was written, and nobody complained.
    Unconfirmed,
    /// An answer, or a report, says that it failed.
    Failed {
        /// What it said. A 408 may also be ours: nothing was said for thirty seconds.
        status: StatusCode,
    },
    /// The application gave it up, or its source had fewer bytes than it had promised.
    Aborted,
    /// The reports that were asked for did not come before as many messages waited for theirs as may.
    Unreported,
    /// The session ended before.
    SessionEnded,
}

/// What is known of the bytes of a message that was sent, counted from zero.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// Bytes that were written to the link, from the first one on.
    pub written: u64,
    /// Bytes whose chunks were answered with 200.
    pub acknowledged: Ranges,
    /// Bytes of which a report said that they arrived.
    pub reported: Ranges,
}

/// Why a session is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// The application closed it.
    Closed,
    /// The application closed it, and what was left could not be finished in time.
    DrainTimeout,
    /// Its link is down.
    LinkDown,
    /// Its link brought what is no MSRP, or took too little, and is to be closed.
    LinkLost,
    /// The other end knows nothing of the session (481).
    NoSession,
    /// The other end has the session on another link (506).
    WrongConnection,
    /// Nobody connected in time.
    NotBound,
    /// The other end did not answer a SEND without content.
    NoAnswer,
    /// Nothing was heard for as long as the session allows.
    Idle,
}
