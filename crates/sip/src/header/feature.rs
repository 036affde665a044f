//! Feature sets: what the parameters of a Contact say about a device (RFC 3840).

use std::borrow::Cow;
use std::fmt;

use super::{NumberRange, ServiceId};
use crate::params::{Param, Params};
use crate::uri::escape::eq_resolved;

/// The feature tags among the parameters of `Contact`, `Accept-Contact`, `Reject-Contact` or `Feature-Caps`.
///
/// ```
/// use missiva_sip::Params;
/// use missiva_sip::header::{FeatureSet, ServiceId};
///
/// let params = Params::parse(
///     ";expires=600;isfocus;+sip.instance=\"<urn:uuid:1>\"\
///      ;+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.msg,urn%3Aurn-7%3A3gpp-service.ims.icsi.mmtel\"",
/// )?;
/// let features = FeatureSet::new(params);
/// assert_eq!(features.iter().count(), 3);
/// assert!(features.has("isfocus") && !features.has("automata"));
/// assert_eq!(features.instance().as_deref(), Some("urn:uuid:1"));
/// let labels: Vec<_> = features.services().filter_map(|service| service.icsi()).collect();
/// assert_eq!(labels, ["oma.cpm.msg", "mmtel"]);
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FeatureSet<'a> {
    params: Params<'a>,
}

/// One feature tag with its values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Feature<'a> {
    /// The tag as it was spelled, the plus sign included.
    pub tag: &'a str,
    /// The value as it was written, quotes included.
    raw: Option<&'a str>,
}

/// One value of a feature tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeatureValue<'a> {
    /// Whether all but this value is meant.
    pub negated: bool,
    /// The value.
    pub value: TagValue<'a>,
}

/// What a value of a feature tag may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TagValue<'a> {
    /// `TRUE` or `FALSE`; a tag without a value says `TRUE`.
    Boolean(bool),
    /// Numbers.
    Number(NumberRange),
    /// Text from between angle brackets, backslashes included; compared with regard to case.
    Text(&'a str),
    /// A token, escapes included; compared without regard to case.
    Token(&'a str),
}

/// The tags that go without a plus sign and without `sip.` (RFC 3840 section 9).
const BASE_TAGS: [&str; 20] = [
    "actor",
    "application",
    "audio",
    "automata",
    "class",
    "control",
    "data",
    "description",
    "duplex",
    "events",
    "extensions",
    "isfocus",
    "language",
    "methods",
    "mobility",
    "priority",
    "schemes",
    "text",
    "type",
    "video",
];

impl<'a> FeatureSet<'a> {
    /// The features among `params`.
    #[must_use]
    pub const fn new(params: Params<'a>) -> Self {
        Self { params }
    }

    /// Every feature tag in order; all other parameters are left out.
    pub fn iter(&self) -> impl Iterator<Item = Feature<'a>> + use<'a> {
        self.params.into_iter().filter_map(Feature::from_param)
    }

    /// The feature called `tag`, which is spelled as in the header: `isfocus`, `+g.3gpp.icsi-ref`.
    #[must_use]
    pub fn get(&self, tag: &str) -> Option<Feature<'a>> {
        self.iter().find(|feature| is_same_tag(feature.tag, tag))
    }

    /// Whether `tag` is there and does not say `FALSE`.
    #[must_use]
    pub fn has(&self, tag: &str) -> bool {
        self.get(tag).is_some_and(|feature| !feature.is_false())
    }

    /// Whether this set has a value in common with `wanted`; `None` when it does not name the tag.
    pub(super) fn fits(&self, wanted: &Feature<'_>) -> Option<bool> {
        let mut found = self
            .iter()
            .filter(|feature| is_same_tag(feature.tag, wanted.tag))
            .map(|feature| wanted.intersects(&feature));
        let first = found.next()?;
        Some(first || found.any(|fits| fits))
    }

    /// Whether there is no feature tag at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }

    /// The name of the device (`+sip.instance`) without its angle brackets.
    #[must_use]
    pub fn instance(&self) -> Option<Cow<'a, str>> {
        self.params.text("+sip.instance").map(strip_brackets)
    }

    /// The communication services (`+g.3gpp.icsi-ref`).
    pub fn services(&self) -> impl Iterator<Item = ServiceId<'a>> + use<'a> {
        self.references("+g.3gpp.icsi-ref")
    }

    /// The applications (`+g.3gpp.iari-ref`).
    pub fn applications(&self) -> impl Iterator<Item = ServiceId<'a>> + use<'a> {
        self.references("+g.3gpp.iari-ref")
    }

    /// Whether `service` is among the services and applications, or the parent of one of them.
    #[must_use]
    pub fn offers(&self, service: &ServiceId<'_>) -> bool {
        self.services().chain(self.applications()).any(|found| service.covers(&found))
    }

    /// Every value of every tag called `tag`: devices write one tag with many values, or one for each.
    fn references(&self, tag: &'static str) -> impl Iterator<Item = ServiceId<'a>> + use<'a> {
        self.iter()
            .filter(move |feature| is_same_tag(feature.tag, tag))
            .flat_map(|feature| feature.values())
            .filter_map(|value| match value {
                FeatureValue {
                    negated: false,
                    value: TagValue::Token(text) | TagValue::Text(text),
                } => Some(ServiceId(text)),
                _ => None,
            })
    }
}

fn strip_brackets(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(inner(text, '<', '>').unwrap_or(text)),
        Cow::Owned(text) => match inner(&text, '<', '>') {
            Some(inner) => Cow::Owned(inner.to_owned()),
            None => Cow::Owned(text),
        },
    }
}

fn inner(text: &str, open: char, close: char) -> Option<&str> {
    text.strip_prefix(open)?.strip_suffix(close)
}

/// How a parameter is named.
#[derive(PartialEq)]
enum Name {
    /// A base tag: short for `sip.` and it.
    Base,
    /// Another tag: it has a plus sign.
    Other,
    /// No feature tag.
    Stranger,
}

/// What kind of name a parameter has, and the name without what goes without saying.
fn canonical(tag: &str) -> (Name, &str) {
    let is_base = |name: &str| BASE_TAGS.iter().any(|base| base.eq_ignore_ascii_case(name));
    match tag.strip_prefix('+') {
        None if is_base(tag) => (Name::Base, tag),
        None => (Name::Stranger, tag),
        Some(name) => match name.split_at_checked(4) {
            Some((sip, rest)) if sip.eq_ignore_ascii_case("sip.") && is_base(rest) => {
                (Name::Base, rest)
            }
            _ => (Name::Other, name),
        },
    }
}

fn is_same_tag(a: &str, b: &str) -> bool {
    let ((a_kind, a), (b_kind, b)) = (canonical(a), canonical(b));
    a_kind == b_kind && a.eq_ignore_ascii_case(b)
}

impl<'a> Feature<'a> {
    /// The feature that a parameter is, if it is one.
    #[must_use]
    pub fn from_param(param: Param<'a>) -> Option<Self> {
        let is_feature = canonical(param.name).0 != Name::Stranger;
        is_feature.then_some(Self { tag: param.name, raw: param.value })
    }

    /// Every value in order. A tag without a value has the one value `TRUE`. Values are divided by commas, and by
    /// semicolons too, which an older stack writes.
    pub fn values(&self) -> impl Iterator<Item = FeatureValue<'a>> + use<'a> {
        let text = self.raw.map(|raw| inner(raw, '"', '"').unwrap_or(raw));
        let (single, list) = match text {
            None => (Some(TagValue::Boolean(true)), ""),
            Some(text) => match inner(text, '<', '>') {
                Some(string) => (Some(TagValue::Text(string)), ""),
                None => (None, text),
            },
        };
        let single = single.map(|value| FeatureValue { negated: false, value });
        let list = list
            .split([',', ';'])
            .map(str::trim)
            .filter(|piece| !piece.is_empty())
            .map(FeatureValue::new);
        single.into_iter().chain(list)
    }

    /// Whether the feature is denied: `="FALSE"`, `="!TRUE"`.
    #[must_use]
    pub fn is_false(&self) -> bool {
        self.values().next().is_some_and(|first| {
            first.value == TagValue::Boolean(first.negated) && self.values().count() == 1
        })
    }

    /// Whether some value fits both this tag and `other` (RFC 2533 section 4.2, as RFC 3841 section 7.2.4 uses it).
    #[must_use]
    pub fn intersects(&self, other: &Feature<'_>) -> bool {
        self.values().any(|own| other.values().any(|its| own.intersects(&its)))
    }
}

impl<'a> FeatureValue<'a> {
    /// `tag-value = ["!"] (token-nobang / boolean / numeric)`; what is no number and no boolean is a token.
    fn new(text: &'a str) -> Self {
        let bare = text.strip_prefix('!');
        let word = bare.unwrap_or(text);
        let value = if word.eq_ignore_ascii_case("true") {
            TagValue::Boolean(true)
        } else if word.eq_ignore_ascii_case("false") {
            TagValue::Boolean(false)
        } else {
            NumberRange::parse(word).map_or(TagValue::Token(word), TagValue::Number)
        };
        Self { negated: bare.is_some(), value }
    }

    /// Whether something is allowed by both values.
    fn intersects(&self, other: &FeatureValue<'_>) -> bool {
        let same = self.value.is_same(&other.value);
        match (self.negated, other.negated) {
            (false, false) => match (self.value, other.value) {
                (TagValue::Number(a), TagValue::Number(b)) => a.overlaps(&b),
                _ => same,
            },
            (true, true) => true,
            _ => {
                let (outside, inside) = if self.negated {
                    (self.value, other.value)
                } else {
                    (other.value, self.value)
                };
                match (outside, inside) {
                    (TagValue::Number(a), TagValue::Number(b)) => !a.contains(&b),
                    _ => !same,
                }
            }
        }
    }
}

impl TagValue<'_> {
    fn is_same(&self, other: &TagValue<'_>) -> bool {
        match (self, other) {
            (Self::Token(a), TagValue::Token(b)) => eq_resolved(a, b),
            (Self::Boolean(a), TagValue::Boolean(b)) => a == b,
            (Self::Number(a), TagValue::Number(b)) => a == b,
            (Self::Text(a), TagValue::Text(b)) => a == b,
            _ => false,
        }
    }
}

impl fmt::Display for FeatureValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.negated { "!" } else { "" })?;
        match self.value {
            TagValue::Boolean(true) => f.write_str("TRUE"),
            TagValue::Boolean(false) => f.write_str("FALSE"),
            TagValue::Number(range) => range.fmt(f),
            TagValue::Text(text) => write!(f, "<{text}>"),
            TagValue::Token(token) => f.write_str(token),
        }
    }
}

#[cfg(test)]
mod tests;
