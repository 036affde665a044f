//! The names of both ends of a session.

use bytes::{BufMut, Bytes, BytesMut};
use missiva_core::{ByteStr, Fault, LinkId};

use crate::grammar::put;
use crate::header::{Path, Value};
use crate::uri::UriBuf;

/// Who is at both ends of a session, and by which way one reaches the other: what the two session descriptions say.
///
/// ```
/// use missiva_msrp::session::Ends;
///
/// let ends = Ends::new("msrp://192.0.2.1:9/iau39soe2843z;tcp", "msrp://192.0.2.2:2855/9di4eae923wzd;tcp")?;
/// assert_eq!(ends.local().as_uri().session_id(), Some("iau39soe2843z"));
/// assert_eq!(ends.peer().as_uri().port(), Some(2855));
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ends {
    local: UriBuf,
    peer: UriBuf,
    to: ByteStr,
}

impl Ends {
    /// `local` is the URI of this end, the last one of the `path` in its own description. `to` is the way to the other:
    /// the own relays if there are any, the nearest first, and then the `path` of the other end's description.
    ///
    /// # Errors
    ///
    /// What cannot be read.
    pub fn new(local: &str, to: &str) -> Result<Self, Fault> {
        let path = Path::parse(to)?;
        let local = UriBuf::parse(ByteStr::from(local))?;
        Ok(Self { local, peer: UriBuf::from(path.last()), to: ByteStr::from(to) })
    }

    /// This end.
    #[must_use]
    pub const fn local(&self) -> &UriBuf {
        &self.local
    }

    /// The other end, behind all relays.
    #[must_use]
    pub const fn peer(&self) -> &UriBuf {
        &self.peer
    }

    /// The way to the other end, as `To-Path` has it.
    #[must_use]
    pub fn to(&self) -> &str {
        &self.to
    }

    /// Both path lines of a request.
    pub(crate) fn lines(&self) -> Bytes {
        let mut out = BytesMut::with_capacity(32 + self.to.len() + self.local.as_str().len());
        put("To-Path: ", &mut out);
        put(&self.to, &mut out);
        put("\r\nFrom-Path: ", &mut out);
        put(self.local.as_str(), &mut out);
        out.put_slice(b"\r\n");
        out.freeze()
    }
}

/// Who connects (RFC 4975 section 5.4, the `setup` attribute of RFC 6135).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Setup {
    /// This end has connected, and the link is up. It sends a SEND at once, an empty one when there is nothing to say.
    Active {
        /// The link.
        link: LinkId,
    },
    /// The other end connects. Its first SEND says on which link.
    Passive,
}

/// How much of the URIs in a request must be those of the session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Matching {
    /// The session ids, which nobody can guess. Hosts and ports are rewritten by whatever sits in between: RFC 6714
    /// section 4.2 asks for this where both ends support `msrp-cema`, and many that do not say so need it too.
    #[default]
    SessionId,
    /// All that RFC 4975 section 6.1 compares.
    Whole,
}

impl Matching {
    pub(crate) fn agrees(self, ours: &UriBuf, theirs: &crate::Uri<'_>) -> bool {
        match self {
            Self::SessionId => ours.as_uri().matches_session(theirs),
            Self::Whole => ours.as_uri().matches(theirs),
        }
    }
}
