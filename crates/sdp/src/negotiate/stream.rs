//! One stream as one side wants it: plain data, from which offers and answers are written.

use missiva_core::ByteStr;

use super::Codec;
use crate::Value;
use crate::attribute::{ConnectionReuse, Direction, Setup};
use crate::file::{FileRange, FileSelector};
use crate::line::Address;

/// One stream as we want it. In an offer it is what we ask for, in [`Capabilities`](super::Capabilities) it is what we
/// take.
///
/// ```
/// use missiva_sdp::attribute::{Direction, Setup};
/// use missiva_sdp::negotiate::{Codec, MessageMedia, Stream};
///
/// let call = Stream::audio(49170, vec![Codec::new(0, "PCMU", 8000), Codec::new(101, "telephone-event", 8000)]);
/// let chat = Stream {
///     setup: Some(Setup::ActPass),
///     ..Stream::message(9, MessageMedia::new("msrp://192.0.2.1:9/f4k3s3ss10n;tcp", "message/cpim text/plain"))
/// };
/// assert_eq!((&*call.protocol, &*chat.protocol, chat.direction), ("RTP/AVP", "TCP/MSRP", Direction::SendRecv));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stream {
    /// The media type: `audio`, `message`.
    pub kind: ByteStr,
    /// The transport protocol: `RTP/AVP`, `TCP/MSRP`.
    pub protocol: ByteStr,
    /// The port; never zero, since that refuses a stream.
    pub port: u16,
    /// The formats of an RTP stream.
    pub codecs: Vec<Codec>,
    /// The formats of any other stream.
    pub formats: Vec<ByteStr>,
    /// Which way media may flow.
    pub direction: Direction,
    /// Whether we hold the stream: nothing is to come in (RFC 3264 section 8.4).
    pub held: bool,
    /// Which role we can have in opening the connection. Nothing and `actpass` take either; of the two only `actpass`
    /// is written into offers.
    pub setup: Option<Setup>,
    /// Whether the connection that is there may stay.
    pub reuse: Option<ConnectionReuse>,
    /// What a stream of message media has.
    pub message: Option<MessageMedia>,
    /// The file, for a stream that carries one. In capabilities: [`File::ANY`] takes whichever is offered.
    pub file: Option<File>,
    /// Whether RTCP may come in at the port of RTP. It is answered where it is offered.
    pub rtcp_mux: bool,
    /// The identification tag in our offers. Answers use the tag of the offer.
    pub mid: Option<ByteStr>,
    /// Whether the user prefers this stream to others (F-059).
    pub preferred: bool,
    /// The value of a `c=` of its own.
    pub connection: Option<ByteStr>,
    /// What `i=` says.
    pub information: Option<ByteStr>,
    /// The values of `b=` lines.
    pub bandwidth: Vec<ByteStr>,
    /// Other attributes, in order; those without value have none.
    pub attributes: Vec<(ByteStr, Option<ByteStr>)>,
}

impl Stream {
    /// A stream of any kind, both ways.
    #[must_use]
    pub fn new(kind: &str, protocol: &str, port: u16) -> Self {
        Self {
            kind: kind.into(),
            protocol: protocol.into(),
            port,
            codecs: Vec::new(),
            formats: Vec::new(),
            direction: Direction::SendRecv,
            held: false,
            setup: None,
            reuse: None,
            message: None,
            file: None,
            rtcp_mux: false,
            mid: None,
            preferred: false,
            connection: None,
            information: None,
            bandwidth: Vec::new(),
            attributes: Vec::new(),
        }
    }

    /// Audio over RTP.
    #[must_use]
    pub fn audio(port: u16, codecs: Vec<Codec>) -> Self {
        Self { codecs, ..Self::new("audio", "RTP/AVP", port) }
    }

    /// Video over RTP.
    #[must_use]
    pub fn video(port: u16, codecs: Vec<Codec>) -> Self {
        Self { codecs, ..Self::new("video", "RTP/AVP", port) }
    }

    /// Messages over MSRP.
    #[must_use]
    pub fn message(port: u16, message: MessageMedia) -> Self {
        Self {
            message: Some(message),
            formats: vec![ByteStr::from_static("*")],
            ..Self::new("message", "TCP/MSRP", port)
        }
    }

    /// A file over MSRP that goes out (`sendonly`) or is asked for (`recvonly`).
    #[must_use]
    pub fn file(port: u16, message: MessageMedia, file: File, direction: Direction) -> Self {
        Self { file: Some(file), direction, ..Self::message(port, message) }
    }

    /// The direction that we say in an offer: that of the wish, without what a held stream would bring in (RFC 3264
    /// section 8.4).
    #[must_use]
    pub const fn offered_direction(&self) -> Direction {
        if self.held { Direction::new(self.direction.sends(), false) } else { self.direction }
    }

    /// The same stream with a `c=` of its own.
    #[must_use]
    pub fn at(self, address: &Address<'_>) -> Self {
        Self { connection: Some(address.to_text().into()), ..self }
    }

    /// Whether `kind` and `protocol` are those of this stream.
    pub(super) fn is(&self, kind: &str, protocol: &str) -> bool {
        self.kind.eq_ignore_ascii_case(kind) && self.protocol.eq_ignore_ascii_case(protocol)
    }
}

/// What a stream of message media has (RFC 4975 section 8).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageMedia {
    /// The URIs that lead here, relays first.
    pub path: ByteStr,
    /// The types that are taken, the best first.
    pub accept_types: ByteStr,
    /// The types that are taken inside of others.
    pub accept_wrapped_types: Option<ByteStr>,
    /// The largest message or file that is taken.
    pub max_size: Option<u64>,
    /// Whether the connection may go by `c=` and `m=` instead of the path (RFC 6714).
    pub cema: bool,
    /// What a chat room can do (RFC 7701).
    pub chatroom: Option<ByteStr>,
}

impl MessageMedia {
    /// Message media that are reached by `path`.
    #[must_use]
    pub fn new(path: &str, accept_types: &str) -> Self {
        Self {
            path: path.into(),
            accept_types: accept_types.into(),
            accept_wrapped_types: None,
            max_size: None,
            cema: false,
            chatroom: None,
        }
    }

    /// The same with types that are taken inside of others.
    #[must_use]
    pub fn wrapping(self, types: &str) -> Self {
        Self { accept_wrapped_types: Some(types.into()), ..self }
    }
}

/// A file of one transfer (RFC 5547 section 6).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct File {
    /// The value of `a=file-selector`.
    pub selector: ByteStr,
    /// The value of `a=file-transfer-id`: a new one for each new transfer.
    pub transfer_id: ByteStr,
    /// The value of `a=file-disposition`.
    pub disposition: Option<ByteStr>,
    /// The value of `a=file-date`.
    pub date: Option<ByteStr>,
    /// The value of `a=file-icon`.
    pub icon: Option<ByteStr>,
    /// Which octets: of a transfer that goes on where an earlier one ended.
    pub range: Option<FileRange>,
}

impl File {
    /// Whichever file is offered; for capabilities.
    pub const ANY: Self = Self {
        selector: ByteStr::new(),
        transfer_id: ByteStr::new(),
        disposition: None,
        date: None,
        icon: None,
        range: None,
    };

    /// A file and a new transfer of it.
    #[must_use]
    pub fn new(selector: &FileSelector<'_>, transfer_id: &str) -> Self {
        Self { selector: selector.to_text().into(), transfer_id: transfer_id.into(), ..Self::ANY }
    }

    /// The same from `range` on.
    #[must_use]
    pub fn with_range(self, range: FileRange) -> Self {
        Self { range: Some(range), ..self }
    }
}
