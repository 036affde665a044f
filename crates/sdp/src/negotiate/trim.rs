//! Offers on their way through: what the policy forbids is taken out, all other lines leave as they came.

use super::codec::{is_aid, read_codecs};
use super::facts::{Common, Facts};
use super::{Allow, Demands, Policy, Refusal, Rule};
use crate::attribute::{Fmtp, Group};
use crate::line::Formats;
use crate::msrp::TypeList;
use crate::{Description, Edit, FieldName, Media, Scope, Value, field};

impl Policy {
    /// What of an offer may be forwarded: streams that may not pass have port zero, formats and types that may not pass
    /// are gone. An offer of which everything may pass is the one that came, and shares its text.
    ///
    /// # Errors
    ///
    /// No stream is left (488; F-085), or the offer cannot be read (400).
    pub fn trim(&self, offer: &Description) -> Result<Description, Refusal> {
        let limits = Demands::LENIENT.limits;
        if offer.media_count() > limits.max_streams {
            return Err(Refusal::whole(Rule::TooManyStreams));
        }
        let common = Common::read(&offer.session())?;
        let mut trim = Trim { policy: self, edit: Edit::new(offer), touched: false };
        let mut judged = Vec::with_capacity(offer.media_count());
        for media in offer.media().filter(|media| media.port() != 0) {
            let located = |error| Refusal::of(media.index(), Rule::Malformed(error));
            let facts = Facts::read(&media, &common).map_err(located)?;
            judged.push((media, facts, trim.judge(&media, &facts)));
        }
        trim.cap_streams(&mut judged);
        let some = !judged.is_empty();
        let mut gone: Vec<&str> = Vec::new();
        let mut live = 0;
        for (media, facts, verdict) in &judged {
            match verdict {
                Ok(()) => live += 1,
                Err(_) => {
                    trim.refuse(media)?;
                    gone.extend(facts.mid);
                }
            }
        }
        if some && live == 0 {
            let rules = judged.iter().filter_map(|(media, _, verdict)| {
                verdict.err().map(|rule| Refusal::of(media.index(), rule))
            });
            let mut rules = rules.filter(|refusal| refusal.rule != Rule::Forbidden);
            return Err(rules.next().unwrap_or(Refusal::whole(Rule::Nothing)));
        }
        trim.drop_members(offer, &gone)?;
        if trim.touched { trim.edit.finish().map_err(Refusal::from) } else { Ok(offer.clone()) }
    }
}

struct Trim<'p, 'd> {
    policy: &'p Policy,
    edit: Edit<'d>,
    touched: bool,
}

impl<'d> Trim<'_, 'd> {
    /// Takes out of one stream what may not pass, and says whether anything useful is left.
    fn judge(&mut self, media: &Media<'d>, facts: &Facts<'d>) -> Result<(), Rule> {
        let policy = self.policy;
        let allowed =
            policy.kinds.allows(media.kind()) && policy.protocols.allows(media.protocol_name());
        if !allowed || facts.is_file() && !policy.files {
            return Err(Rule::Forbidden);
        }
        if facts.is_file() {
            self.judge_file(facts)?;
        }
        self.trim_types(media, facts)?;
        if media.protocol().is_rtp() && policy.codecs != Allow::Any {
            self.trim_codecs(media)?;
        }
        self.trim_direction(media, facts)
    }

    fn judge_file(&self, facts: &Facts<'d>) -> Result<(), Rule> {
        let selector = facts.selector.unwrap_or_default();
        if selector.media_type.is_some_and(|media| !self.policy.types.allows_type(media)) {
            return Err(Rule::Forbidden);
        }
        match (selector.size, self.policy.max_size) {
            (Some(size), Some(max)) if size > max => Err(Rule::TooLarge),
            _ => Ok(()),
        }
    }

    fn trim_types(&mut self, media: &Media<'d>, facts: &Facts<'d>) -> Result<(), Rule> {
        let scope = Scope::Media(media.index());
        let lists = [
            (facts.accept_types, &self.policy.types, FieldName::AcceptTypes),
            (facts.accept_wrapped_types, &self.policy.wrapped_types, FieldName::AcceptWrappedTypes),
        ];
        for (list, allow, name) in lists {
            let Some(list) = list.filter(|_| *allow != Allow::Any) else { continue };
            let left = allow.narrow(list.iter());
            if left.iter().copied().eq(list.iter().map(|range| range.as_str())) {
                continue;
            }
            // Without wrapped types a stream of wrappers carries nothing.
            let bare = facts.accept_types.is_none_or(|types| {
                types.iter().any(|range| !super::message::is_wrapper(range.essence()))
            });
            if left.is_empty() && (name == FieldName::AcceptTypes || !bare) {
                return Err(Rule::Forbidden);
            }
            self.touched = true;
            let text = left.join(" ");
            let result = match (TypeList::parse(&text), name) {
                (Err(_), _) => self.edit.remove(scope, name).map(drop),
                (Ok(types), FieldName::AcceptTypes) => {
                    self.edit.set::<field::AcceptTypes>(scope, &types)
                }
                (Ok(types), _) => self.edit.set::<field::AcceptWrappedTypes>(scope, &types),
            };
            result.map_err(Rule::Malformed)?;
        }
        if let (Some(size), Some(max)) = (facts.max_size, self.policy.max_size)
            && size > max
        {
            self.touched = true;
            let value = crate::attribute::Number(max);
            self.edit.set::<field::MaxSize>(scope, &value).map_err(Rule::Malformed)?;
        }
        Ok(())
    }

    fn trim_codecs(&mut self, media: &Media<'d>) -> Result<(), Rule> {
        let mut codecs = Vec::new();
        let read = read_codecs(media, &Demands::LENIENT.limits, &mut codecs);
        read.map_err(Rule::Malformed)?.ok_or(Rule::TooManyFormats)?;
        let allowed =
            |codec: &&super::codec::OfferedCodec<'_>| self.policy.codecs.allows(codec.map.encoding);
        let mut kept: Vec<u8> =
            codecs.iter().filter(allowed).map(|codec| codec.map.payload).collect();
        // Repair of a format that is gone goes too.
        let orphans: Vec<u8> = codecs
            .iter()
            .filter(|codec| {
                let apt = codec.fmtp.and_then(|fmtp: Fmtp<'_>| fmtp.param("apt"));
                apt.is_some_and(|apt| !apt.parse().is_ok_and(|apt: u8| kept.contains(&apt)))
            })
            .map(|codec| codec.map.payload)
            .collect();
        kept.retain(|payload| !orphans.contains(payload));
        let useful = |codec: &super::codec::OfferedCodec<'_>| {
            kept.contains(&codec.map.payload) && !is_aid(codec.map.encoding)
        };
        let aids_alone = codecs.iter().all(|codec| is_aid(codec.map.encoding));
        if kept.is_empty() || !aids_alone && !codecs.iter().any(useful) {
            return Err(Rule::Forbidden);
        }
        let is_kept =
            |format: &str| format.parse().is_ok_and(|payload: u8| kept.contains(&payload));
        if media.formats().iter().all(is_kept) {
            return Ok(());
        }
        self.touched = true;
        let left: Vec<&str> = media.formats().iter().filter(|format| is_kept(format)).collect();
        let left = left.join(" ");
        let formats = Formats::parse(&left).map_err(|_| Rule::Formats)?;
        let scope = Scope::Media(media.index());
        let line = crate::line::MediaLine {
            media: media.kind(),
            port: media.port(),
            port_count: media.port_count(),
            protocol: media.protocol_name(),
            formats,
        };
        self.edit.set::<field::Media>(scope, &line).map_err(Rule::Malformed)?;
        for name in [FieldName::Rtpmap, FieldName::Fmtp, FieldName::RtcpFb] {
            let mine = |value: &str| {
                let format = value.split(' ').next().unwrap_or_default();
                format == "*" || is_kept(format)
            };
            self.edit.retain(scope, name, mine).map_err(Rule::Malformed)?;
        }
        Ok(())
    }

    fn trim_direction(&mut self, media: &Media<'d>, facts: &Facts<'d>) -> Result<(), Rule> {
        let left = facts.direction.and(self.policy.direction);
        if left != facts.direction {
            self.touched = true;
            let scope = Scope::Media(media.index());
            self.edit.set_direction(scope, left).map_err(Rule::Malformed)?;
            if facts.is_file() {
                return Err(Rule::Forbidden);
            }
        }
        Ok(())
    }

    /// Keeps as many streams as may be there at once, those first that the offerer prefers.
    fn cap_streams(&self, judged: &mut [(Media<'d>, Facts<'d>, Result<(), Rule>)]) {
        let Some(max) = self.policy.max_streams else { return };
        let mut order: Vec<usize> = (0..judged.len()).collect();
        order.sort_by_key(|at| judged.get(*at).is_none_or(|(_, facts, _)| !facts.preferred));
        let mut live = 0;
        for at in order {
            if let Some((_, _, verdict)) = judged.get_mut(at)
                && verdict.is_ok()
            {
                live += 1;
                if live > max {
                    *verdict = Err(Rule::Forbidden);
                }
            }
        }
    }

    fn refuse(&mut self, media: &Media<'d>) -> Result<(), Refusal> {
        self.touched = true;
        self.edit
            .set_port(media.index(), 0)
            .map_err(|error| Refusal::of(media.index(), Rule::Malformed(error)))
    }

    /// Takes refused streams out of their groups (RFC 5888 section 9.2).
    fn drop_members(&mut self, offer: &Description, gone: &[&str]) -> Result<(), Refusal> {
        let concerned = offer
            .session()
            .all::<field::Group>()
            .flatten()
            .any(|group| group.mids().any(|mid| gone.contains(&mid)));
        if !concerned {
            return Ok(());
        }
        self.edit.remove(Scope::Session, FieldName::Group)?;
        for group in offer.session().all::<field::Group>() {
            let group = group?;
            let mut text = group.semantics.to_owned();
            let left = group.mids().filter(|mid| !gone.contains(mid));
            left.for_each(|mid| {
                text.push(' ');
                text.push_str(mid);
            });
            if text.len() == group.semantics.len() {
                continue;
            }
            if let Ok(group) = Group::parse(&text) {
                self.edit.add::<field::Group>(Scope::Session, &group)?;
            }
        }
        Ok(())
    }
}
