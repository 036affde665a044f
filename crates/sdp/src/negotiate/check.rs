//! Whether a description may follow another: answers and their offers (RFC 3264 section 6), new offers and what was
//! there before (section 8).

use super::codec::{OfferedCodec, read_codecs, static_map};
use super::facts::{Common, Facts};
use super::{Demands, Refusal, Rule, file, setup};
use crate::line::Protocol;
use crate::{Description, FieldName, Media, ParseError, Part, field};

/// What the streams of a description say; nothing for those that have port zero.
pub(super) fn read_facts<'d>(
    description: &'d Description,
    demands: &Demands,
) -> Result<Vec<Option<Facts<'d>>>, Refusal> {
    if description.media_count() > demands.limits.max_streams {
        return Err(Refusal::whole(Rule::TooManyStreams));
    }
    let common = Common::read(&description.session())?;
    let mut all = Vec::with_capacity(description.media_count());
    for media in description.media() {
        let facts = if media.port() == 0 {
            None
        } else {
            let facts = Facts::read(&media, &common);
            let facts = facts.map_err(|error| Refusal::of(media.index(), malformed(error)))?;
            check_alone(&media, &facts, demands)
                .map_err(|rule| Refusal::of(media.index(), rule))?;
            Some(facts)
        };
        all.push(facts);
    }
    Ok(all)
}

fn malformed(error: ParseError) -> Rule {
    match (error.field, error.kind) {
        (Part::Field(FieldName::Path), missiva_core::FaultKind::Empty) => Rule::Path,
        _ => Rule::Malformed(error),
    }
}

/// What must hold of one stream by itself.
fn check_alone(media: &Media<'_>, facts: &Facts<'_>, demands: &Demands) -> Result<(), Rule> {
    if facts.connection.is_none() {
        return Err(Rule::Address);
    }
    if media.protocol().is_msrp() {
        let path = facts.path.ok_or(Rule::Path)?;
        if path.endpoint().secure != (media.protocol() == Protocol::TcpTlsMsrp) {
            return Err(Rule::PathScheme);
        }
        if facts.accept_types.is_none() && demands.accept_types {
            return Err(Rule::AcceptTypes);
        }
        if facts.is_file() {
            file::check(facts, demands.file_transfer_id)?;
        }
    }
    if media.formats().iter().take(demands.limits.max_formats + 1).count()
        > demands.limits.max_formats
    {
        return Err(Rule::TooManyFormats);
    }
    Ok(())
}

/// Whether `offer` may be made by a peer whose last description was `before`.
pub(super) fn check_offer<'d>(
    before: Option<&Description>,
    offer: &'d Description,
    demands: &Demands,
) -> Result<Vec<Option<Facts<'d>>>, Refusal> {
    if let Some(before) = before {
        check_origin(before, offer, demands)?;
        if offer.media_count() < before.media_count() {
            return Err(Refusal::whole(Rule::StreamCount));
        }
    }
    let facts = read_facts(offer, demands)?;
    for (index, one) in facts.iter().enumerate() {
        let Some(mid) = one.as_ref().and_then(|facts| facts.mid) else { continue };
        let mut others = facts.iter().take(index).flatten();
        if others.any(|other| other.mid == Some(mid)) {
            return Err(Refusal::of(index, Rule::Mid));
        }
    }
    if let Some(before) = before {
        check_payload_maps(before, offer, demands)?;
    }
    Ok(facts)
}

/// RFC 3264 section 8: `o=` is that of the description before, and the version counts the changes.
fn check_origin(
    before: &Description,
    after: &Description,
    demands: &Demands,
) -> Result<(), Refusal> {
    let old = before.session().get::<field::Origin>()?;
    let (Some(old), Some(new)) = (old, after.session().get::<field::Origin>()?) else {
        return Ok(());
    };
    if demands.origin && !old.same_session(&new) {
        return Err(Refusal::whole(Rule::Session));
    }
    let changed = before.text().as_str() != after.text().as_str();
    let counted = new.version > old.version || new.version == old.version && !changed;
    if demands.version && old.same_session(&new) && !counted {
        return Err(Refusal::whole(Rule::Version));
    }
    Ok(())
}

/// RFC 3264 section 8.3.2: dynamic payload types keep their meaning.
fn check_payload_maps(
    before: &Description,
    after: &Description,
    demands: &Demands,
) -> Result<(), Refusal> {
    let (mut old, mut new) = (Vec::new(), Vec::new());
    for (was, is) in before.media().zip(after.media()) {
        let same = was.kind().eq_ignore_ascii_case(is.kind());
        if !demands.payload_map
            || was.port() == 0
            || is.port() == 0
            || !same
            || !is.protocol().is_rtp()
        {
            continue;
        }
        let located = |error| Refusal::of(is.index(), Rule::Malformed(error));
        read_codecs(&was, &demands.limits, &mut old).map_err(located)?;
        read_codecs(&is, &demands.limits, &mut new).map_err(located)?;
        let changed = |codec: &OfferedCodec<'_>| {
            static_map(codec.map.payload).is_none()
                && old.iter().any(|known| {
                    known.map.payload == codec.map.payload && !known.map.same_codec(&codec.map)
                })
        };
        if new.iter().any(changed) {
            return Err(Refusal::of(is.index(), Rule::PayloadMap));
        }
    }
    Ok(())
}

/// Whether `answer` is valid for `offer`. `before` is the last description of the one who answers.
///
/// # Errors
///
/// The first rule that is broken, and in which stream.
pub fn check_answer(
    offer: &Description,
    answer: &Description,
    before: Option<&Description>,
    demands: &Demands,
) -> Result<(), Refusal> {
    if let Some(before) = before {
        check_origin(before, answer, demands)?;
    }
    if offer.media_count() != answer.media_count() {
        return Err(Refusal::whole(Rule::StreamCount));
    }
    check_times(offer, answer, demands)?;
    let answered = read_facts(answer, demands)?;
    let common = Common::read(&offer.session())?;
    let mut codecs = (Vec::new(), Vec::new());
    for ((asked, said), facts) in offer.media().zip(answer.media()).zip(&answered) {
        let located = |rule| Refusal::of(said.index(), rule);
        if !asked.kind().eq_ignore_ascii_case(said.kind()) {
            return Err(located(Rule::Kind));
        }
        if !asked.protocol_name().eq_ignore_ascii_case(said.protocol_name()) {
            return Err(located(Rule::Protocol));
        }
        let Some(facts) = facts else { continue };
        if asked.port() == 0 {
            return Err(located(Rule::Revived));
        }
        let offered = Facts::read(&asked, &common).map_err(|error| located(malformed(error)))?;
        check_stream(&asked, &offered, &said, facts, demands).map_err(located)?;
        check_formats(&asked, &said, demands, &mut codecs).map_err(located)?;
    }
    check_groups(offer, answer, &answered)
}

fn check_times(
    offer: &Description,
    answer: &Description,
    demands: &Demands,
) -> Result<(), Refusal> {
    let times = |description: &Description| description.session().get::<field::Time>();
    match (times(offer)?, times(answer)?) {
        (Some(asked), Some(said)) if demands.times && asked != said => {
            Err(Refusal::whole(Rule::Times))
        }
        _ => Ok(()),
    }
}

/// What an accepted stream must hold to.
fn check_stream(
    asked: &Media<'_>,
    offered: &Facts<'_>,
    said: &Media<'_>,
    facts: &Facts<'_>,
    demands: &Demands,
) -> Result<(), Rule> {
    if offered.is_multicast() {
        // Both sides look at a multicast group from the same side (RFC 3264 section 6.2).
        let same = offered.connection == facts.connection && asked.port() == said.port();
        return if same && offered.direction == facts.direction {
            Ok(())
        } else {
            Err(Rule::Multicast)
        };
    }
    let most = offered.direction.reversed();
    if facts.direction.and(most) != facts.direction {
        return Err(Rule::Direction);
    }
    if !setup::fits(offered.setup, facts.setup) {
        return Err(Rule::Setup);
    }
    if !setup::reuse_fits(offered.reuse, facts.reuse) {
        return Err(Rule::Connection);
    }
    if facts.rtcp_mux && !offered.rtcp_mux && !offered.rtcp_mux_only {
        return Err(Rule::RtcpMux);
    }
    if offered.rtcp_mux_only && !facts.rtcp_mux {
        return Err(Rule::RtcpMuxOnly);
    }
    if facts.mid.is_some() && facts.mid != offered.mid {
        return Err(Rule::Mid);
    }
    if offered.is_file() {
        return file::check_answer(offered, facts, demands.file_transfer_id);
    }
    if facts.is_file() { Err(Rule::FileSelector) } else { Ok(()) }
}

/// At least one format of the offer is in the answer (RFC 3264 section 6.1).
fn check_formats<'d>(
    asked: &Media<'d>,
    said: &Media<'d>,
    demands: &Demands,
    (offered, answered): &mut (Vec<OfferedCodec<'d>>, Vec<OfferedCodec<'d>>),
) -> Result<(), Rule> {
    let fits = if asked.protocol().is_rtp() {
        read_codecs(asked, &demands.limits, offered).map_err(Rule::Malformed)?;
        read_codecs(said, &demands.limits, answered).map_err(Rule::Malformed)?;
        let same =
            |codec: &OfferedCodec<'_>| offered.iter().any(|one| one.map.same_codec(&codec.map));
        answered.iter().any(same)
    } else {
        said.formats().iter().any(|format| asked.formats().has(format))
    };
    if fits { Ok(()) } else { Err(Rule::Formats) }
}

/// RFC 5888 section 9.2: a group of the answer has an offered one above it, and no refused stream in it.
fn check_groups(
    offer: &Description,
    answer: &Description,
    answered: &[Option<Facts<'_>>],
) -> Result<(), Refusal> {
    for group in answer.session().all::<field::Group>() {
        let group = group?;
        let above = offer.session().all::<field::Group>().flatten().any(|offered| {
            offered.semantics.eq_ignore_ascii_case(group.semantics)
                && group.mids().all(|mid| offered.mids().any(|known| known == mid))
        });
        let live =
            group.mids().all(|mid| answered.iter().flatten().any(|facts| facts.mid == Some(mid)));
        if !above || !live {
            return Err(Refusal::whole(Rule::Group));
        }
    }
    Ok(())
}
