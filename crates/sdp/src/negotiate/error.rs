//! Why a negotiation step is refused, and what to answer.

use std::fmt;

use crate::ParseError;

/// A step that is refused: which stream, by which rule, and through the rule what to say to the peer.
///
/// ```
/// use missiva_sdp::negotiate::{Refusal, Rule};
///
/// let refusal = Refusal::of(1, Rule::Kind);
/// assert_eq!((refusal.status(), refusal.to_string()), (400, "media 1: the media type is another one".to_owned()));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Refusal {
    /// The index of the `m=` line, counted from zero; nothing when the description as a whole is at fault.
    pub media: Option<u16>,
    /// The rule that was broken.
    pub rule: Rule,
}

impl Refusal {
    /// The description as a whole breaks `rule`.
    #[must_use]
    pub const fn whole(rule: Rule) -> Self {
        Self { media: None, rule }
    }

    /// The stream at `media` breaks `rule`.
    #[must_use]
    pub fn of(media: usize, rule: Rule) -> Self {
        Self { media: Some(u16::try_from(media).unwrap_or(u16::MAX)), rule }
    }

    /// The status code for a request that carried the description. A description that came in a response cannot be
    /// answered: acknowledge it and send BYE (RFC 3261 section 13.2.2.4); an element between two legs gives this code
    /// to the other leg.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.rule.status()
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(media) = self.media {
            write!(f, "media {media}: ")?;
        }
        self.rule.fmt(f)
    }
}

impl From<ParseError> for Refusal {
    fn from(error: ParseError) -> Self {
        Self::whole(Rule::Malformed(error))
    }
}

macro_rules! rules {
    ($($(#[$doc:meta])* $name:ident $(($inner:ty))? => $status:literal, $text:literal;)*) => {
        /// The rules of the negotiation, each with the clause that sets it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Rule {
            $($(#[$doc])* $name $(($inner))?,)*
        }

        impl Rule {
            /// The status code that the rule deserves.
            #[must_use]
            pub fn status(&self) -> u16 {
                if let Self::Malformed(error) = self {
                    return crate::validate::Refusal::from(*error).code;
                }
                match self {
                    $(rules!(@pattern $name $($inner)?) => $status,)*
                }
            }

            const fn text(&self) -> &'static str {
                match self {
                    $(rules!(@pattern $name $($inner)?) => $text,)*
                }
            }
        }
    };
    (@pattern $name:ident $inner:ty) => { Self::$name(_) };
    (@pattern $name:ident) => { Self::$name };
}

rules! {
    /// A line that has to be read cannot be (RFC 8866 section 9). 400, or what [`validate`](crate::validate) says of it.
    Malformed(ParseError) => 400, "a line cannot be read";
    /// Both sides made an offer at once (RFC 3264 section 4, RFC 3261 section 14.2): answer 491, ours stays
    /// outstanding. 491.
    Glare => 491, "an offer of ours is outstanding";
    /// An offer while an earlier one of the peer has no answer yet (RFC 3264 section 4, RFC 3261 section 14.2): answer
    /// 500 with `Retry-After`. 500.
    Pending => 500, "an earlier offer has no answer yet";
    /// An answer that nobody asked for (RFC 3264 section 4). 400.
    Unasked => 400, "an answer without offer";
    /// A command of the application at the wrong time. 500.
    OutOfTurn => 500, "not possible in this state";
    /// A stream that the application names is not there. 500.
    NoStream => 500, "no such stream";
    /// What the application wants to say is no valid line. 500.
    Unwritable(ParseError) => 500, "a line of our own is not valid";
    /// `o=` names another session than before (RFC 3264 section 8). 400.
    Session => 400, "the origin is another one";
    /// The version fell, or it stayed although the description changed (RFC 3264 section 8). 400.
    Version => 400, "the version was not counted";
    /// An answer has as many streams as its offer (RFC 3264 section 6); a new offer has no fewer than the description
    /// before (section 8). 400.
    StreamCount => 400, "the number of streams does not fit";
    /// More streams than [`Limits::max_streams`](super::Limits). 488.
    TooManyStreams => 488, "more streams than are allowed";
    /// More formats in one stream than [`Limits::max_formats`](super::Limits). 488.
    TooManyFormats => 488, "more formats than are allowed";
    /// The media type of an answer is that of its offer (RFC 3264 section 6). 400.
    Kind => 400, "the media type is another one";
    /// The protocol of an answer is that of its offer (RFC 3264 section 6). 400.
    Protocol => 400, "the protocol is another one";
    /// A stream has an address, or the session has one (RFC 8866 section 5.7). 488.
    Address => 488, "no address";
    /// `t=` of an answer is that of its offer (RFC 3264 section 6). 400.
    Times => 400, "the time is another one";
    /// What is offered with port zero is answered so (RFC 3264 section 6). 400.
    Revived => 400, "a refused stream is answered";
    /// The answer sends what the offer does not receive, or the reverse (RFC 3264 section 6.1). 488.
    Direction => 488, "the directions do not fit";
    /// No format of the offer is in the answer (RFC 3264 section 6), or we have none of them. 488.
    Formats => 488, "no format in common";
    /// A payload type got another meaning (RFC 3264 section 8.3.2). 488.
    PayloadMap => 488, "a payload type changed its meaning";
    /// Address, port and direction of multicast are those of the offer (RFC 3264 section 6.2). 488.
    Multicast => 488, "multicast is answered by another address or direction";
    /// The roles do not fit (RFC 4145 section 4.1, RFC 6135 section 4.2). 488.
    Setup => 488, "the connection roles do not fit";
    /// A new connection is wanted and the old one answered (RFC 4145 section 5.1). 400.
    Connection => 400, "a new connection cannot be an old one";
    /// `rtcp-mux` is answered only when it is offered (RFC 5761 section 5.1.1). 400.
    RtcpMux => 400, "rtcp-mux was not offered";
    /// `rtcp-mux-only` leaves no choice (RFC 8858 section 4). 488.
    RtcpMuxOnly => 488, "rtcp-mux is required";
    /// `mid` of an answer is that of its offer (RFC 5888 section 9.1), and no two streams share one (section 4). 400.
    Mid => 400, "the identification tag does not fit";
    /// A group of an answer has the semantics of an offered one, and of its members those that were accepted (RFC
    /// 5888 section 9.2). 400.
    Group => 400, "a group has members that were not offered";
    /// A stream of message media has a path with a session-id (RFC 4975 sections 6 and 8.1). 488.
    Path => 488, "no path to the message session";
    /// A path of `msrps` goes over `TCP/TLS/MSRP` and one of `msrp` over `TCP/MSRP` (RFC 4975 section 6). 606.
    PathScheme => 606, "the path does not fit the protocol";
    /// A stream of message media has accept-types (RFC 4975 section 8.6). 488.
    AcceptTypes => 488, "no list of accepted types";
    /// Neither side takes a type that the other could send (RFC 4975 section 8.6). 488.
    Types => 488, "no media type in common";
    /// One wants a file transfer and the other does not know of any (RFC 5547 sections 8.3 and 8.5). 488.
    FileUnknown => 488, "file transfer is not supported";
    /// A file is offered with `sendonly` and asked for with `recvonly` (RFC 5547 sections 8.2.1 and 8.2.2). 488.
    FileDirection => 488, "a file goes one way";
    /// The selector says nothing by which the file could be judged (RFC 5547 sections 8.2.1 and 8.2.2), or the answer
    /// speaks of another file (section 8.3). 488.
    FileSelector => 488, "the file selector does not fit";
    /// No transfer identifier, or another one in the answer (RFC 5547 section 8.1). 488.
    FileTransferId => 488, "the file transfer identifier does not fit";
    /// Octets behind the end of the file, or outside of what was offered (RFC 5547 section 6). 606.
    FileRange => 606, "the range is not within the file";
    /// The file has digests, and none of their algorithms is known (RFC 5547 section 6). 488.
    FileHash => 488, "no known hash algorithm";
    /// No file here is the one that is asked for (RFC 5547 section 8.3.2). 488.
    NoSuchFile => 488, "no such file";
    /// The file is larger than what is taken: `Warning` 133 says so in the field. 403.
    TooLarge => 403, "the file is too large";
    /// The policy does not let this pass (F-085, F-112). 488.
    Forbidden => 488, "the policy forbids it";
    /// Nothing here is able to take this stream (RFC 3264 section 6). 488.
    Unsupported => 488, "nothing takes this stream";
    /// The application does not want the stream (RFC 3264 section 6). 488.
    Declined => 488, "declined";
    /// No stream is left (RFC 3264 section 6, F-085). 488.
    Nothing => 488, "no stream is acceptable";
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(error) | Self::Unwritable(error) => {
                write!(f, "{}: {error}", self.text())
            }
            _ => f.write_str(self.text()),
        }
    }
}
