//! What to answer: each offered stream meets what we can take (RFC 3264 section 6).

use missiva_core::ByteStr;

use super::codec::{OfferedCodec, intersect, read_codecs};
use super::facts::Facts;
use super::plan::{Slot, StreamGroup};
use super::{
    Codec, Demands, File, MessageMedia, Plan, Policy, Refusal, Role, Rule, Stream, file, message,
    setup,
};
use crate::attribute::{Direction, Setup};
use crate::msrp::TypeList;
use crate::{Description, Media, Value, field};

/// What we take of an offer.
#[derive(Clone, Debug, Default)]
pub struct Capabilities {
    /// The streams that we can take, each once: a place of its own has a port or a path of its own. The first that
    /// fits is taken.
    pub streams: Vec<Stream>,
    /// The files that we give when they are asked for: values of `a=file-selector` that say all there is to say.
    pub files: Vec<ByteStr>,
    /// Algorithms of digests that we can compute: `sha-1`.
    pub hashes: Vec<ByteStr>,
    /// Semantics of groups that we understand: `LS`, `BUNDLE` (RFC 5888 section 9.2).
    pub groups: Vec<ByteStr>,
    /// Whether the order of our codecs counts, and not that of the offer.
    pub ours_first: bool,
    /// What may pass.
    pub policy: Policy,
}

impl Capabilities {
    /// These streams, files told by SHA-1 and SHA-256, and a policy that lets everything pass.
    #[must_use]
    pub fn of(streams: impl IntoIterator<Item = Stream>) -> Self {
        let hashes = ["sha-1", "sha-256"].map(ByteStr::from_static).to_vec();
        Self { streams: streams.into_iter().collect(), hashes, ..Self::default() }
    }
}

/// What the application says about one offered stream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Choice {
    /// Whatever the capabilities yield.
    #[default]
    Auto,
    /// Port zero.
    Decline,
    /// This stream, as far as it goes together with the offer.
    Accept(Box<Stream>),
}

/// What is known when an offer is answered.
pub(super) struct Question<'q, 'd> {
    pub(super) offer: &'d Description,
    pub(super) facts: &'q [Option<Facts<'d>>],
    pub(super) capabilities: &'q Capabilities,
    pub(super) choices: &'q [Choice],
    pub(super) demands: &'q Demands,
    /// What we had before.
    pub(super) plan: &'q Plan,
    /// The role that we have in each stream.
    pub(super) roles: &'q [Option<Role>],
}

/// What is answered.
#[derive(Debug)]
pub(super) struct Decision {
    /// What is said.
    pub(super) said: Plan,
    /// What we want where less than that is said.
    pub(super) wishes: Vec<Option<Wish>>,
    /// Why streams were refused.
    pub(super) refused: Vec<Refusal>,
}

/// What of a stream is wanted for good, whatever one answer has to say.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wish {
    direction: Direction,
    held: bool,
    setup: Option<Setup>,
    cema: bool,
}

impl Wish {
    const fn of(stream: &Stream) -> Self {
        let cema = match &stream.message {
            Some(message) => message.cema,
            None => false,
        };
        Self { direction: stream.direction, held: stream.held, setup: stream.setup, cema }
    }

    pub(super) fn restore(self, stream: &mut Stream) {
        // A transfer goes one way from now on (RFC 5547 sections 8.2.1 and 8.2.2).
        if stream.file.is_none() || self.direction != Direction::SendRecv {
            stream.direction = self.direction;
        }
        (stream.held, stream.setup) = (self.held, self.setup);
        if let Some(message) = &mut stream.message {
            message.cema = self.cema;
        }
    }
}

impl<'d> Question<'_, 'd> {
    /// Decides about every stream, those first that somebody prefers (F-059).
    pub(super) fn decide(&self) -> Result<Decision, Refusal> {
        let count = self.facts.len();
        let preferred = |index: &usize| {
            self.facts.get(*index).is_some_and(|facts| facts.is_some_and(|facts| facts.preferred))
        };
        let (first, then): (Vec<usize>, Vec<usize>) = (0..count).partition(preferred);
        let mut slots: Vec<Option<(Slot, Option<Wish>)>> = (0..count).map(|_| None).collect();
        let mut refused = Vec::new();
        let mut free: Vec<Option<&Stream>> = self.capabilities.streams.iter().map(Some).collect();
        let (mut codecs, mut live) = (Vec::new(), 0);
        for index in first.into_iter().chain(then) {
            let Some(media) = self.offer.media_at(index) else { continue };
            let facts = self.facts.get(index).and_then(Option::as_ref);
            let taken = facts.map(|facts| {
                if self.capabilities.policy.max_streams.is_some_and(|max| live >= max) {
                    return Err(Rule::Forbidden);
                }
                self.take(&media, facts, &mut free, &mut codecs)
            });
            let slot = match taken {
                Some(Ok((stream, wish))) => {
                    live += 1;
                    (Slot::Live(Box::new(stream)), Some(wish))
                }
                Some(Err(rule)) => {
                    refused.push(Refusal::of(index, rule));
                    (self.refuse(&media), None)
                }
                None => (self.refuse(&media), None),
            };
            if let Some(place) = slots.get_mut(index) {
                *place = Some(slot);
            }
        }
        if live == 0 && !refused.is_empty() {
            return Err(nothing(&refused));
        }
        refused.sort_by_key(|refusal| refusal.media);
        let (slots, wishes) = slots.into_iter().flatten().unzip();
        let mut said = Plan { slots, groups: Vec::new(), ..self.plan.clone() };
        said.groups = self.groups(&said)?;
        Ok(Decision { said, wishes, refused })
    }

    fn refuse(&self, media: &Media<'d>) -> Slot {
        let share = |text| self.offer.text().share(text);
        Slot::Refused {
            kind: share(media.kind()),
            protocol: share(media.protocol_name()),
            formats: share(media.formats().as_str()),
        }
    }

    /// The stream that answers one that is offered: the one that was there, or else the first that fits.
    fn take<'c>(
        &'c self,
        media: &Media<'d>,
        facts: &Facts<'d>,
        free: &mut [Option<&'c Stream>],
        codecs: &mut Vec<OfferedCodec<'d>>,
    ) -> Result<(Stream, Wish), Rule> {
        let policy = &self.capabilities.policy;
        if !policy.kinds.allows(media.kind()) || !policy.protocols.allows(media.protocol_name()) {
            return Err(Rule::Forbidden);
        }
        if facts.is_file() && !policy.files {
            return Err(Rule::Forbidden);
        }
        if media.protocol().is_rtp()
            && read_codecs(media, &self.demands.limits, codecs).map_err(Rule::Malformed)?.is_none()
        {
            return Err(Rule::TooManyFormats);
        }
        let try_one = |stream: &Stream| {
            self.meet(media, facts, codecs, stream).map(|said| (said, Wish::of(stream)))
        };
        match self.choices.get(media.index()) {
            Some(Choice::Decline) => return Err(Rule::Declined),
            Some(Choice::Accept(stream)) => return try_one(stream),
            Some(Choice::Auto) | None => {}
        }
        let fits = |stream: &Stream| stream.is(media.kind(), media.protocol_name());
        if let Some(stream) = self.plan.stream(media.index())
            && fits(stream)
            && stream.file.is_some() == facts.is_file()
        {
            let Some(file) = &stream.file else { return try_one(stream) };
            // Another identifier is another transfer, of which nothing was said yet (RFC 5547 section 8.1).
            let same = facts.transfer_id.unwrap_or_default() == &*file.transfer_id;
            let next = if same {
                Stream { file: Some(file::keep(file, facts.range)), ..stream.clone() }
            } else {
                Stream { file: Some(File::ANY), direction: Direction::SendRecv, ..stream.clone() }
            };
            return try_one(&next);
        }
        let mut why = None;
        for place in free.iter_mut() {
            let Some(stream) = place.filter(|stream| fits(stream)) else { continue };
            match try_one(stream) {
                Ok(taken) => {
                    *place = None;
                    return Ok(taken);
                }
                // That a stream is not for files says less than what is wrong with one that is.
                Err(rule) => why = why.filter(|why| *why != Rule::FileUnknown).or(Some(rule)),
            }
        }
        Err(why.unwrap_or(Rule::Unsupported))
    }

    /// What `ours` says to one offered stream.
    fn meet(
        &self,
        media: &Media<'d>,
        facts: &Facts<'d>,
        codecs: &[OfferedCodec<'d>],
        ours: &Stream,
    ) -> Result<Stream, Rule> {
        if !ours.is(media.kind(), media.protocol_name()) {
            return Err(Rule::Unsupported);
        }
        if facts.is_file() != ours.file.is_some() {
            return Err(Rule::FileUnknown);
        }
        let text = self.offer.text();
        let role = self.roles.get(media.index()).copied().flatten();
        let mut said = ours.clone();
        (said.kind, said.protocol) = (text.share(media.kind()), text.share(media.protocol_name()));
        said.direction = self.direction(facts, ours);
        said.held = false;
        said.setup = setup::answer(facts.setup, ours.setup, role).ok_or(Rule::Setup)?;
        said.reuse = setup::answer_reuse(facts.reuse, ours.reuse);
        said.rtcp_mux = ours.rtcp_mux && (facts.rtcp_mux || facts.rtcp_mux_only);
        if facts.rtcp_mux_only && !said.rtcp_mux {
            return Err(Rule::RtcpMuxOnly);
        }
        said.mid = facts.mid.map(|mid| text.share(mid));
        said.preferred = facts.preferred;
        if media.protocol().is_rtp() {
            said.codecs = self.codecs(media, codecs, &ours.codecs)?;
        } else {
            said.formats = formats(media, text, &ours.formats)?;
        }
        if facts.is_multicast() {
            let connection = media.connection().map_err(Rule::Malformed)?;
            said.connection = connection.map(|connection| connection.to_text().into());
            said.port = media.port();
        }
        said.file = match &ours.file {
            Some(_) if facts.direction != said.direction.reversed() => {
                return Err(Rule::FileDirection);
            }
            Some(_) => Some(file::answer(facts, text, ours, self.capabilities)?),
            None => None,
        };
        said.message = match &ours.message {
            Some(message) => Some(self.message(facts, message, said.file.as_ref())?),
            None => None,
        };
        Ok(said)
    }

    /// What both want and the policy allows (RFC 3264 section 6.1). Of a multicast group both see the same side
    /// (section 6.2).
    fn direction(&self, facts: &Facts<'_>, ours: &Stream) -> Direction {
        if facts.is_multicast() {
            return facts.direction;
        }
        let allowed = facts.direction.and(self.capabilities.policy.direction);
        allowed.reversed().and(ours.offered_direction())
    }

    fn codecs(
        &self,
        media: &Media<'d>,
        offered: &[OfferedCodec<'d>],
        ours: &[Codec],
    ) -> Result<Vec<Codec>, Rule> {
        let Capabilities { policy, ours_first, .. } = self.capabilities;
        let mut common = intersect(media, self.offer.text(), offered, ours, *ours_first);
        if common.is_empty() {
            return Err(Rule::Formats);
        }
        common.retain(|codec| policy.codecs.allows(&codec.encoding));
        if common.iter().all(|codec| super::codec::is_aid(&codec.encoding))
            && !offered.iter().all(|codec| super::codec::is_aid(codec.map.encoding))
        {
            return Err(Rule::Forbidden);
        }
        Ok(common)
    }

    /// What we take of messages, within the policy.
    fn message(
        &self,
        facts: &Facts<'_>,
        ours: &MessageMedia,
        file: Option<&File>,
    ) -> Result<MessageMedia, Rule> {
        let policy = &self.capabilities.policy;
        let narrow = |list: &ByteStr, allow: &super::Allow| match allow {
            super::Allow::Any => Ok(list.clone()),
            super::Allow::Only(_) => {
                let types = TypeList::parse(list).map_err(|_| Rule::Types)?;
                let left = allow.narrow(types.iter());
                if left.is_empty() { Err(Rule::Forbidden) } else { Ok(left.join(" ").into()) }
            }
        };
        let mut said = MessageMedia {
            accept_types: narrow(&ours.accept_types, &policy.types)?,
            cema: ours.cema && facts.cema,
            max_size: ours.max_size.into_iter().chain(policy.max_size).min(),
            ..ours.clone()
        };
        if let Some(types) = &ours.accept_wrapped_types {
            said.accept_wrapped_types = narrow(types, &policy.wrapped_types).ok();
        }
        if file.is_none() {
            message::assess(facts, &said)?;
        }
        Ok(said)
    }

    /// The offered groups that we understand, with those of their members that we accept (RFC 5888 section 9.2).
    fn groups(&self, said: &Plan) -> Result<Vec<StreamGroup>, Refusal> {
        let text = self.offer.text();
        let mut groups = Vec::new();
        for group in self.offer.session().all::<field::Group>() {
            let group = group?;
            let known = self.capabilities.groups.iter();
            if !known.into_iter().any(|one| one.eq_ignore_ascii_case(group.semantics)) {
                continue;
            }
            let live = |mid: &&str| {
                said.slots
                    .iter()
                    .filter_map(Slot::stream)
                    .any(|stream| stream.mid.as_deref() == Some(*mid))
            };
            let mids: Vec<ByteStr> = group.mids().filter(live).map(|mid| text.share(mid)).collect();
            if !mids.is_empty() {
                groups.push(StreamGroup { semantics: text.share(group.semantics), mids });
            }
        }
        Ok(groups)
    }
}

/// The formats of a stream that is not RTP: those of ours that are offered, or all that are offered when we name none.
fn formats(media: &Media<'_>, text: &ByteStr, ours: &[ByteStr]) -> Result<Vec<ByteStr>, Rule> {
    let known =
        |format: &&str| ours.is_empty() || ours.iter().any(|one| one.eq_ignore_ascii_case(format));
    let common: Vec<ByteStr> =
        media.formats().iter().filter(known).map(|format| text.share(format)).collect();
    if common.is_empty() { Err(Rule::Formats) } else { Ok(common) }
}

/// Why a whole offer is refused: for the one reason that its streams have, or because nothing is left of it.
fn nothing(refused: &[Refusal]) -> Refusal {
    match refused {
        [only] => *only,
        [first, rest @ ..] if rest.iter().all(|other| other.rule == first.rule) => {
            Refusal::whole(first.rule)
        }
        _ => Refusal::whole(Rule::Nothing),
    }
}
