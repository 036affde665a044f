//! What became different from one description of a side to its next.

use super::PREFERRED;
use super::codec::read_codecs;
use super::facts::{Common, Facts};
use super::{Limits, Refusal, Rule};
use crate::attribute::Direction;
use crate::{Description, FieldName, Media};

/// One thing that changed in one stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// The index of the stream.
    pub media: usize,
    /// What changed.
    pub what: What,
}

/// What can change in a stream (RFC 3264 section 8).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum What {
    /// It was not there, or refused, and is there now (section 8.1).
    Added,
    /// It has port zero now (section 8.2).
    Removed,
    /// Another media type (section 8.3.3).
    Kind,
    /// Another protocol.
    Protocol,
    /// Another direction: hold and resume (section 8.4).
    Direction {
        /// What it was.
        from: Direction,
        /// What it is.
        to: Direction,
    },
    /// Another address or port (section 8.3.1).
    Address,
    /// Other formats, or others of their parameters (section 8.3.2).
    Formats,
    /// Another path: another message session (RFC 4975 section 8.1).
    Path,
    /// Other types of messages, or another size (RFC 4975 section 8.6).
    Types,
    /// Another role in opening the connection, or a new connection (RFC 4145 sections 4 and 5).
    Setup,
    /// Another transfer identifier or another file: a new transfer (RFC 5547 section 8.1).
    File,
    /// Another part of the same file.
    FileRange,
    /// Other keys or fingerprints.
    Keys,
    /// It is preferred now, or no more (F-059).
    Preferred,
    /// Another line, of which the negotiation knows nothing.
    Other,
}

/// What changed from `old`, if there was one, to `new`. Streams of which nothing changed are not told.
///
/// ```
/// use missiva_sdp::Description;
/// use missiva_sdp::attribute::Direction;
/// use missiva_sdp::negotiate::{Change, What, changes};
///
/// let text = |line: &str| format!("v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n{line}");
/// let old = Description::parse(text("").into())?;
/// let new = Description::parse(text("a=sendonly\r\n").into())?;
/// let what = What::Direction { from: Direction::SendRecv, to: Direction::SendOnly };
/// assert_eq!(changes(Some(&old), &new)?, [Change { media: 0, what }]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// A line that cannot be read.
pub fn changes(old: Option<&Description>, new: &Description) -> Result<Vec<Change>, Refusal> {
    let mut list = Vec::new();
    let after = Common::read(&new.session())?;
    let before = old.map(|old| Common::read(&old.session())).transpose()?;
    for media in new.media() {
        let located = |error| Refusal::of(media.index(), Rule::Malformed(error));
        let was = old.and_then(|old| old.media_at(media.index()));
        let mut add = |what| list.push(Change { media: media.index(), what });
        match (was.filter(|was| was.port() != 0), media.port() != 0) {
            (None, true) => add(What::Added),
            (Some(_), false) => add(What::Removed),
            (None, false) => {}
            (Some(was), true) => {
                let before = before.as_ref().unwrap_or(&after);
                let old = Facts::read(&was, before).map_err(located)?;
                let new = Facts::read(&media, &after).map_err(located)?;
                compare(&was, &old, &media, &new, &mut add);
                if formats_differ(&was, &media).map_err(located)? {
                    add(What::Formats);
                }
                if let Some(what) = lines_differ(&was, &media) {
                    add(what);
                }
            }
        }
    }
    // Streams that a broken description leaves out are gone (RFC 3264 section 8 forbids to leave them out).
    let left_out = old.into_iter().flat_map(Description::media).skip(new.media_count());
    list.extend(left_out.map(|media| Change { media: media.index(), what: What::Removed }));
    Ok(list)
}

fn compare(
    was: &Media<'_>,
    old: &Facts<'_>,
    is: &Media<'_>,
    new: &Facts<'_>,
    add: &mut impl FnMut(What),
) {
    let mut note = |differs: bool, what| {
        if differs {
            add(what);
        }
    };
    let text = |path: Option<crate::msrp::Path<'_>>| path.map(|path| path.as_str().to_owned());
    note(!was.kind().eq_ignore_ascii_case(is.kind()), What::Kind);
    note(!was.protocol_name().eq_ignore_ascii_case(is.protocol_name()), What::Protocol);
    let (from, to) = (old.direction, new.direction);
    note(from != to, What::Direction { from, to });
    note(old.connection != new.connection || was.port() != is.port(), What::Address);
    note(text(old.path) != text(new.path) || old.cema != new.cema, What::Path);
    let types = |facts: &Facts<'_>| {
        let text =
            |list: Option<crate::msrp::TypeList<'_>>| list.map(|list| list.as_str().to_owned());
        (text(facts.accept_types), text(facts.accept_wrapped_types), facts.max_size)
    };
    note(types(old) != types(new), What::Types);
    note(old.setup != new.setup || old.reuse != new.reuse, What::Setup);
    let file = old.transfer_id != new.transfer_id || old.selector != new.selector;
    note(file, What::File);
    note(!file && old.range != new.range, What::FileRange);
    note(old.preferred != new.preferred, What::Preferred);
}

fn formats_differ(was: &Media<'_>, is: &Media<'_>) -> Result<bool, crate::ParseError> {
    if !is.protocol().is_rtp() {
        return Ok(was.formats().as_str() != is.formats().as_str());
    }
    let (mut old, mut new) = (Vec::new(), Vec::new());
    read_codecs(was, &Limits::DEFAULT, &mut old)?;
    read_codecs(is, &Limits::DEFAULT, &mut new)?;
    let same = old.len() == new.len()
        && old.iter().zip(&new).all(|(old, new)| {
            old.map.payload == new.map.payload
                && old.map.same_codec(&new.map)
                && old.fmtp == new.fmtp
        });
    Ok(!same)
}

/// Looks at the lines of which no other change speaks.
fn lines_differ(was: &Media<'_>, is: &Media<'_>) -> Option<What> {
    let differ = |wanted: fn(FieldName) -> bool| {
        let lines = |media: &Media<'_>| {
            let lines = media.lines().filter(|line| {
                let marks =
                    line.attribute().is_some_and(|name| name.eq_ignore_ascii_case(PREFERRED));
                wanted(line.name()) && !marks
            });
            lines.map(|line| line.as_str().to_owned()).collect::<Vec<_>>()
        };
        lines(was) != lines(is)
    };
    if differ(is_key) {
        Some(What::Keys)
    } else if differ(is_other) {
        Some(What::Other)
    } else {
        None
    }
}

const fn is_key(name: FieldName) -> bool {
    matches!(
        name,
        FieldName::Crypto
            | FieldName::Fingerprint
            | FieldName::KeyMgmt
            | FieldName::Key
            | FieldName::TlsId
    )
}

const fn is_other(name: FieldName) -> bool {
    !matches!(
        name,
        FieldName::Media
            | FieldName::Connection
            | FieldName::Setup
            | FieldName::ConnectionReuse
            | FieldName::Path
            | FieldName::MsrpCema
            | FieldName::AcceptTypes
            | FieldName::AcceptWrappedTypes
            | FieldName::MaxSize
            | FieldName::FileSelector
            | FieldName::FileTransferId
            | FieldName::FileRange
            | FieldName::Rtpmap
            | FieldName::Fmtp
    ) && Direction::of(name).is_none()
        && !is_key(name)
}
