//! What two descriptions agree on, stream by stream.

use super::codec::read_codecs;
use super::facts::{Common, Facts};
use super::{ConnectTo, Limits, Role, common_types, message, setup};
use crate::attribute::{Direction, Rtpmap};
use crate::file::{FileRange, FileSelector};
use crate::msrp::{MediaRange, Path};
use crate::{Description, Media, ParseError};

/// Which of the two sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// We.
    Local,
    /// The peer.
    Remote,
}

/// One stream as an offer and its answer have it, seen from our side.
#[derive(Clone, Copy, Debug)]
pub struct Agreed<'s> {
    /// Our part.
    pub local: Media<'s>,
    /// The peer's part.
    pub remote: Media<'s>,
    /// Who made the offer.
    pub offerer: Side,
    ours: Option<Facts<'s>>,
    theirs: Option<Facts<'s>>,
}

/// A transfer of a file as it was agreed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transfer<'s> {
    /// Whether the file goes out.
    pub sends: bool,
    /// Names the transfer: the same identifier in a later offer is the same transfer (RFC 5547 section 8.1).
    pub id: Option<&'s str>,
    /// What the one who gives the file says of it.
    pub file: FileSelector<'s>,
    /// Which octets; nothing for all of them. What the answer says counts.
    pub range: Option<FileRange>,
}

/// Every stream of a session that was agreed on, refused ones included.
///
/// # Errors
///
/// A line that cannot be read; there is none in descriptions that a [`Negotiator`](super::Negotiator) accepted.
pub fn agreed<'s>(
    local: &'s Description,
    remote: &'s Description,
    offerer: Side,
) -> Result<Vec<Agreed<'s>>, ParseError> {
    let ours = Common::read(&local.session())?;
    let theirs = Common::read(&remote.session())?;
    let read = |media: Media<'s>, common: &Common<'s>, other: Media<'s>| {
        let live = media.port() != 0 && other.port() != 0;
        live.then(|| Facts::read(&media, common)).transpose()
    };
    let pairs = local.media().zip(remote.media());
    let streams = pairs.map(|(local, remote)| {
        let (ours, theirs) = (read(local, &ours, remote)?, read(remote, &theirs, local)?);
        Ok(Agreed { local, remote, offerer, ours, theirs })
    });
    streams.collect()
}

impl<'s> Agreed<'s> {
    /// The index of the stream.
    #[must_use]
    pub const fn index(&self) -> usize {
        self.local.index()
    }

    /// Whether both sides took the stream.
    #[must_use]
    pub const fn is_live(&self) -> bool {
        self.ours.is_some() && self.theirs.is_some()
    }

    /// Which way media flow, seen from here; neither way in a refused stream.
    #[must_use]
    pub fn direction(&self) -> Direction {
        match (&self.ours, &self.theirs) {
            (Some(ours), Some(theirs)) if ours.is_multicast() => {
                ours.direction.and(theirs.direction)
            }
            (Some(ours), Some(theirs)) => ours.direction.and(theirs.direction.reversed()),
            _ => Direction::Inactive,
        }
    }

    fn offer(&self) -> (Media<'s>, Option<Facts<'s>>) {
        match self.offerer {
            Side::Local => (self.local, self.ours),
            Side::Remote => (self.remote, self.theirs),
        }
    }

    fn answer(&self) -> (Media<'s>, Option<Facts<'s>>) {
        match self.offerer {
            Side::Local => (self.remote, self.theirs),
            Side::Remote => (self.local, self.ours),
        }
    }

    /// The formats of an RTP stream that both sides have, the best first: those of the answer that were offered.
    #[must_use]
    pub fn codecs(&self) -> Vec<Rtpmap<'s>> {
        let (mut offered, mut answered) = (Vec::new(), Vec::new());
        let (offer, answer) = (self.offer().0, self.answer().0);
        let read =
            |media: &Media<'s>, into: &mut Vec<_>| read_codecs(media, &Limits::DEFAULT, into);
        if !self.is_live()
            || read(&offer, &mut offered).is_err()
            || read(&answer, &mut answered).is_err()
        {
            return Vec::new();
        }
        let mut maps: Vec<Rtpmap<'s>> = answered.into_iter().map(|codec| codec.map).collect();
        maps.retain(|map| offered.iter().any(|codec| codec.map.same_codec(map)));
        maps
    }

    /// What we do about the connection.
    #[must_use]
    pub fn role(&self) -> Option<Role> {
        let (_, Some(answer)) = self.answer() else { return None };
        let role = setup::offerer_role(answer.setup);
        Some(if self.offerer == Side::Local { role } else { role.reversed() })
    }

    /// Where to connect to, when this is our role in a stream of message media.
    #[must_use]
    pub fn connect_to(&self) -> Option<ConnectTo<'s>> {
        let (ours, theirs) = (self.ours.as_ref()?, self.theirs.as_ref()?);
        message::connect_to(ours.cema, theirs, self.remote.port())
    }

    /// Whether both sides know RFC 6714, so that paths are compared by their session-ids alone (section 5).
    #[must_use]
    pub fn is_anchored(&self) -> bool {
        matches!((&self.ours, &self.theirs), (Some(ours), Some(theirs)) if ours.cema && theirs.cema)
    }

    /// The path of the peer.
    #[must_use]
    pub fn remote_path(&self) -> Option<Path<'s>> {
        self.theirs.as_ref()?.path
    }

    /// Our path.
    #[must_use]
    pub fn local_path(&self) -> Option<Path<'s>> {
        self.ours.as_ref()?.path
    }

    /// The types that we list and the peer takes: what may be sent without asking anybody.
    #[must_use]
    pub fn common_types(&self) -> Vec<MediaRange<'s>> {
        let lists = self.ours.zip(self.theirs);
        let lists = lists.and_then(|(ours, theirs)| ours.accept_types.zip(theirs.accept_types));
        lists.map(|(ours, theirs)| common_types(&ours, &theirs)).unwrap_or_default()
    }

    /// Whether the peer takes content of the type `media`, bare or inside of another.
    #[must_use]
    pub fn peer_takes(&self, media: &str) -> bool {
        let takes = |facts: &Facts<'s>| {
            message::takes(facts.accept_types.as_ref(), facts.accept_wrapped_types.as_ref(), media)
        };
        self.is_live() && self.theirs.as_ref().is_some_and(takes)
    }

    /// The largest message that the peer takes, if it said so.
    #[must_use]
    pub fn peer_max_size(&self) -> Option<u64> {
        self.theirs.as_ref()?.max_size
    }

    /// Whether RTCP comes in at the port of RTP (RFC 5761): the answer says so.
    #[must_use]
    pub fn rtcp_mux(&self) -> bool {
        self.answer().1.is_some_and(|answer| answer.rtcp_mux)
    }

    /// The file transfer that the stream carries. Nothing when the answerer took the stream for a conversation, or while
    /// the transfer rests because somebody holds it.
    #[must_use]
    pub fn transfer(&self) -> Option<Transfer<'s>> {
        let (offer, answer) = (self.offer().1?, self.answer().1?);
        if !offer.is_file() || self.direction() == Direction::Inactive {
            return None;
        }
        let sends = self.direction().sends();
        let giver = if sends { self.ours } else { self.theirs };
        let file = giver.and_then(|facts| facts.selector).or(offer.selector)?;
        Some(Transfer { sends, id: offer.transfer_id, file, range: answer.range })
    }

    /// Whether one of the two sides prefers this stream (F-059).
    #[must_use]
    pub fn is_preferred(&self) -> bool {
        let marked = |facts: &Option<Facts<'_>>| facts.is_some_and(|facts| facts.preferred);
        marked(&self.ours) || marked(&self.theirs)
    }
}

/// The stream that the author of a description prefers: the first one marked, or else the first that is there, since
/// streams are listed by preference (F-059).
#[must_use]
pub fn preferred(description: &Description) -> Option<usize> {
    let live = || description.media().filter(|media| media.port() != 0);
    let marked = live().find(|media| media.named(super::PREFERRED).next().is_some());
    marked.or_else(|| live().next()).map(|media| media.index())
}
