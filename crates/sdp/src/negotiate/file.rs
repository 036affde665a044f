//! Files: which are given and taken, and how an answer tells (RFC 5547 section 8).

use missiva_core::ByteStr;

use super::facts::Facts;
use super::message::takes;
use super::{Capabilities, File, Rule, Stream};
use crate::Value;
use crate::attribute::Direction;
use crate::file::{FileRange, FileSelector};
use crate::msrp::TypeList;

/// Whether a stream that carries a file makes sense by itself (RFC 5547 sections 8.1 and 8.2).
pub(super) fn check(facts: &Facts<'_>, needs_id: bool) -> Result<(), Rule> {
    let selector = facts.selector.unwrap_or_default();
    let has_hash = selector.hashes.iter().next().is_some();
    let (known, told) = match facts.direction {
        Direction::SendOnly => (selector.media_type.is_some() || selector.size.is_some(), has_hash),
        Direction::RecvOnly => (
            selector.name.is_some() || selector.media_type.is_some() || selector.size.is_some(),
            has_hash,
        ),
        // A transfer that was agreed on may rest for a while.
        Direction::Inactive => (true, true),
        Direction::SendRecv => return Err(Rule::FileDirection),
    };
    if !known && !told {
        return Err(Rule::FileSelector);
    }
    if needs_id && facts.transfer_id.is_none() {
        return Err(Rule::FileTransferId);
    }
    range_within(facts.range, selector.size)
}

/// Whether `range` lies within a file of `size`, as far as that is known.
pub(super) fn range_within(range: Option<FileRange>, size: Option<u64>) -> Result<(), Rule> {
    match (range, size) {
        (Some(range), Some(size)) if range.len(size).is_none() => Err(Rule::FileRange),
        _ => Ok(()),
    }
}

/// Whether the file has digests, and none by an algorithm that is known here.
fn has_unknown_hash(selector: &FileSelector<'_>, known: &[ByteStr]) -> bool {
    let mut hashes = selector.hashes.iter().peekable();
    let knows = |algorithm: &str| known.iter().any(|one| one.eq_ignore_ascii_case(algorithm));
    hashes.peek().is_some() && !hashes.any(|hash| knows(hash.algorithm))
}

/// What `ours` answers to a stream that carries a file.
pub(super) fn answer(
    offered: &Facts<'_>,
    text: &ByteStr,
    ours: &Stream,
    capabilities: &Capabilities,
) -> Result<File, Rule> {
    let selector = offered.selector.unwrap_or_default();
    if has_unknown_hash(&selector, &capabilities.hashes) {
        return Err(Rule::FileHash);
    }
    let wanted = ours.file.as_ref().and_then(|file| file.range);
    let transfer_id = offered.transfer_id.map(|id| text.share(id)).unwrap_or_default();
    let range = narrowed(offered.range, wanted)?;
    if offered.direction == Direction::RecvOnly {
        let file = pick(&selector, ours, capabilities)?;
        let chosen = FileSelector::parse(&file).map_err(|_| Rule::NoSuchFile)?;
        range_within(range, chosen.size)?;
        let media = chosen.media_type.unwrap_or_default();
        let taken =
            takes(offered.accept_types.as_ref(), offered.accept_wrapped_types.as_ref(), media);
        if !media.is_empty() && !taken {
            return Err(Rule::Types);
        }
        if let (Some(size), Some(max)) = (chosen.size, offered.max_size)
            && size > max
        {
            return Err(Rule::TooLarge);
        }
        return Ok(File { selector: file, transfer_id, range, ..File::ANY });
    }
    range_within(range, selector.size)?;
    take(&selector, ours, capabilities)?;
    Ok(File { selector: text.share(offered.selector_text), transfer_id, range, ..File::ANY })
}

/// Whether a file that is offered can be taken.
fn take(
    selector: &FileSelector<'_>,
    ours: &Stream,
    capabilities: &Capabilities,
) -> Result<(), Rule> {
    let Some(message) = &ours.message else { return Ok(()) };
    let policy = &capabilities.policy;
    if let Some(size) = selector.size {
        let max = message.max_size.into_iter().chain(policy.max_size).min();
        if max.is_some_and(|max| size > max) {
            return Err(Rule::TooLarge);
        }
    }
    let Some(media) = selector.media_type else { return Ok(()) };
    if !policy.types.allows_type(media) {
        return Err(Rule::Forbidden);
    }
    let types = TypeList::parse(&message.accept_types).ok();
    let wrapped = message.accept_wrapped_types.as_deref();
    let wrapped = wrapped.and_then(|wrapped| TypeList::parse(wrapped).ok());
    if takes(types.as_ref(), wrapped.as_ref(), media) { Ok(()) } else { Err(Rule::Types) }
}

/// The file that is asked for: the one that the application chose, or the first that fits (RFC 5547 section 8.3.2).
fn pick(
    wanted: &FileSelector<'_>,
    ours: &Stream,
    capabilities: &Capabilities,
) -> Result<ByteStr, Rule> {
    let chosen = ours.file.iter().map(|file| &file.selector).filter(|text| !text.is_empty());
    let fits = |text: &&ByteStr| FileSelector::parse(text).is_ok_and(|file| wanted.selects(&file));
    chosen.chain(&capabilities.files).find(fits).cloned().ok_or(Rule::NoSuchFile)
}

/// The part that is left when both say which part they want. The answerer may have more of the file than the offerer
/// thinks, or less.
fn narrowed(
    offered: Option<FileRange>,
    wanted: Option<FileRange>,
) -> Result<Option<FileRange>, Rule> {
    let Some(wanted) = wanted else { return Ok(offered) };
    let whole = offered.unwrap_or(FileRange::WHOLE);
    let stop = match (whole.stop, wanted.stop) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    };
    if wanted.start < whole.start || stop.is_some_and(|stop| wanted.start > stop.saturating_add(1))
    {
        return Err(Rule::FileRange);
    }
    Ok(Some(FileRange { start: wanted.start, stop }))
}

/// The file of a transfer that goes on: with the part that was agreed on, as long as it lies within what is offered.
pub(super) fn keep(file: &File, offered: Option<FileRange>) -> File {
    let range = file.range.filter(|range| narrowed(offered, Some(*range)).is_ok());
    File { range, ..file.clone() }
}

/// Whether an answer fits its offer, both of which carry a file (RFC 5547 section 8.3).
pub(super) fn check_answer(offer: &Facts<'_>, answer: &Facts<'_>, echo: bool) -> Result<(), Rule> {
    let Some(answered) = answer.selector else {
        // An answer without selector comes from a peer that took the stream for a conversation.
        return if echo { Err(Rule::FileUnknown) } else { Ok(()) };
    };
    match (offer.transfer_id, answer.transfer_id) {
        (Some(offered), Some(answered)) if offered != answered => return Err(Rule::FileTransferId),
        (Some(_), None) if echo => return Err(Rule::FileTransferId),
        (None, Some(_)) => return Err(Rule::FileTransferId),
        _ => {}
    }
    let offered = offer.selector.unwrap_or_default();
    if !agree(&offered, &answered) {
        return Err(Rule::FileSelector);
    }
    range_within(answer.range, answered.size.or(offered.size))?;
    let (Some(offered), Some(answered)) = (offer.range, answer.range) else { return Ok(()) };
    let behind = match (offered.stop, answered.stop) {
        (Some(offered), Some(answered)) => answered > offered,
        _ => false,
    };
    if answered.start < offered.start || behind { Err(Rule::FileRange) } else { Ok(()) }
}

/// Whether two selectors can speak of one file: nothing that both say differs.
fn agree(one: &FileSelector<'_>, other: &FileSelector<'_>) -> bool {
    let name = match (one.name, other.name) {
        (Some(one), Some(other)) => one.octets() == other.octets(),
        _ => true,
    };
    let media = match (one.media_type, other.media_type) {
        (Some(one), Some(other)) => one.eq_ignore_ascii_case(other),
        _ => true,
    };
    let size = match (one.size, other.size) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    };
    let hashes = one
        .hashes
        .iter()
        .all(|hash| other.hash(hash.algorithm).is_none_or(|digest| digest == hash.digest));
    name && media && size && hashes
}
