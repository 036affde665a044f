//! Message media: which types both sides have, and where to connect (RFC 4975 section 8, RFC 6714).

use super::facts::Facts;
use super::{MessageMedia, Rule};
use crate::Value;
use crate::line::Host;
use crate::msrp::{MediaRange, Path, TypeList};

/// Whether some content is within both ranges.
pub(super) fn overlap(one: &MediaRange<'_>, other: &MediaRange<'_>) -> bool {
    one.accepts(other.essence()) || other.accepts(one.essence())
}

/// Whether some content is within both lists.
pub(super) fn meet(one: &TypeList<'_>, other: &TypeList<'_>) -> bool {
    one.iter().any(|range| other.iter().any(|another| overlap(&range, &another)))
}

/// Whether content of the type `media` is taken, bare or inside of another.
pub(super) fn takes(
    types: Option<&TypeList<'_>>,
    wrapped: Option<&TypeList<'_>>,
    media: &str,
) -> bool {
    let Some(types) = types else { return true };
    let wraps = || wrapped.is_some_and(|wrapped| wrapped.accepts(media));
    types.accepts(media) || types.accepts("message/cpim") && wraps()
}

/// Whether `ours` can answer a stream that is no file transfer.
pub(super) fn assess(offered: &Facts<'_>, ours: &MessageMedia) -> Result<(), Rule> {
    let list = |text| TypeList::parse(text).map_err(|_| Rule::Types);
    let types = list(&ours.accept_types)?;
    if offered.accept_types.is_some_and(|offered| !meet(&offered, &types)) {
        return Err(Rule::Types);
    }
    // Wrapped types matter where wrapping is all that the two have in common.
    let bare = offered.accept_types.is_none_or(|offered| {
        offered.iter().any(|range| {
            types.iter().any(|one| {
                overlap(&range, &one) && !(is_wrapper(range.essence()) || is_wrapper(one.essence()))
            })
        })
    });
    match (&ours.accept_wrapped_types, offered.accept_wrapped_types) {
        (Some(ours), Some(offered)) if !bare => {
            if meet(&list(ours)?, &offered) {
                Ok(())
            } else {
                Err(Rule::Types)
            }
        }
        _ => Ok(()),
    }
}

pub(super) fn is_wrapper(media: &str) -> bool {
    media.eq_ignore_ascii_case("message/cpim") || media.eq_ignore_ascii_case("multipart/mixed")
}

/// The ranges of `ours` that the other side takes too: what may be sent.
///
/// A range of ours that is wider than theirs yields theirs.
pub fn common_types<'a>(ours: &TypeList<'a>, theirs: &TypeList<'a>) -> Vec<MediaRange<'a>> {
    let mut common: Vec<MediaRange<'a>> = Vec::new();
    for one in ours.iter() {
        for other in theirs.iter() {
            let narrow = if other.accepts(one.essence()) {
                one
            } else if one.accepts(other.essence()) {
                other
            } else {
                continue;
            };
            if !common.iter().any(|known| known.essence().eq_ignore_ascii_case(narrow.essence())) {
                common.push(narrow);
            }
        }
    }
    common
}

/// Where to open the connection of an MSRP stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConnectTo<'d> {
    /// The machine.
    pub host: Host<'d>,
    /// The port.
    pub port: u16,
    /// Whether `c=` and `m=` decided, because both sides know RFC 6714, and not the path.
    pub anchored: bool,
    /// Whether `c=` and `m=` name another place than the path although the peer does not know RFC 6714: something
    /// between the two has changed one of them, and connections may fail (RFC 6714 section 4.2.1). A new offer
    /// without `a=msrp-cema`, or through a relay, is the way out.
    pub mismatch: bool,
}

/// Where the peer, which says `remote` and the port `port`, is to be reached, when we say `cema` or do not.
pub(super) fn connect_to<'d>(cema: bool, remote: &Facts<'d>, port: u16) -> Option<ConnectTo<'d>> {
    let line = remote.connection.map(|connection| connection.address.host);
    let hop = remote.path.as_ref().map(Path::next_hop);
    match (hop, line) {
        (_, Some(host)) if cema && remote.cema => {
            Some(ConnectTo { host, port, anchored: true, mismatch: false })
        }
        (Some(hop), line) => {
            let same = line.is_none_or(|line| same_host(line, hop.host));
            let mismatch = !same || port != hop.port_or_default();
            Some(ConnectTo {
                host: hop.host,
                port: hop.port_or_default(),
                anchored: false,
                mismatch,
            })
        }
        (None, _) => None,
    }
}

fn same_host(one: Host<'_>, other: Host<'_>) -> bool {
    match (one, other) {
        (Host::Name(one), Host::Name(other)) => one.eq_ignore_ascii_case(other),
        (one, other) => one == other,
    }
}
