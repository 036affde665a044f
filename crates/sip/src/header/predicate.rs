//! Which devices a caller wants: `Accept-Contact`, `Reject-Contact` (RFC 3841), and what proxies offer:
//! `Feature-Caps` (RFC 6809).

use bytes::{BufMut, BytesMut};
use missiva_core::Fault;
use missiva_core::scan::Cursor;

use super::check::offset;
use super::{FeatureSet, QValue, Value};
use crate::encode::put;
use crate::params::Params;

/// Features that a device shall have, or shall not have: one value of `Accept-Contact` or `Reject-Contact`.
///
/// ```
/// use missiva_sip::Params;
/// use missiva_sip::header::{ContactPredicate, FeatureSet, Preference, QValue, Value};
///
/// let predicate = ContactPredicate::parse("*;audio;mobility=\"mobile\";require")?;
/// let contact = Params::parse(";audio;mobility=\"fixed\"")?;
/// assert_eq!(predicate.prefer(&FeatureSet::new(contact)), Preference::Refused);
/// let contact = Params::parse(";audio")?;
/// assert_eq!(predicate.prefer(&FeatureSet::new(contact)), Preference::Match(QValue::parse("0.5")?));
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ContactPredicate<'a> {
    /// The features, `require`, `explicit` and any other.
    pub params: Params<'a>,
}

/// What a predicate of `Accept-Contact` says about one contact (RFC 3841 section 7.2.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preference {
    /// It fits, this well.
    Match(QValue),
    /// It does not fit, and may be tried all the same.
    NoMatch,
    /// It does not fit, and must not be tried.
    Refused,
}

impl<'a> ContactPredicate<'a> {
    /// The features.
    #[must_use]
    pub const fn features(&self) -> FeatureSet<'a> {
        FeatureSet::new(self.params)
    }

    /// Whether contacts that do not fit must not be tried.
    #[must_use]
    pub fn is_required(&self) -> bool {
        self.params.has("require")
    }

    /// Whether contacts that do not name every feature do not fit.
    #[must_use]
    pub fn is_explicit(&self) -> bool {
        self.params.has("explicit")
    }

    /// What this value of `Accept-Contact` says about a contact.
    ///
    /// A contact fits when none of the features that it names speaks against it. The score is the share of the
    /// predicate's features that it names.
    #[must_use]
    pub fn prefer(&self, contact: &FeatureSet<'_>) -> Preference {
        let (mut terms, mut named) = (0usize, 0usize);
        for wanted in self.features().iter() {
            terms = terms.saturating_add(1);
            match contact.fits(&wanted) {
                Some(true) => named = named.saturating_add(1),
                Some(false) => return self.unfit(Preference::NoMatch),
                None => {}
            }
        }
        let score = share(named, terms);
        if score < QValue::ONE && self.is_explicit() {
            self.unfit(Preference::Match(QValue::ZERO))
        } else {
            Preference::Match(score)
        }
    }

    /// Whether this value of `Reject-Contact` rules a contact out: the contact names every feature of it, and all
    /// of them fit (RFC 3841 section 7.2.4).
    #[must_use]
    pub fn rejects(&self, contact: &FeatureSet<'_>) -> bool {
        !self.features().is_empty()
            && self.features().iter().all(|unwanted| contact.fits(&unwanted) == Some(true))
    }

    fn unfit(&self, otherwise: Preference) -> Preference {
        if self.is_required() { Preference::Refused } else { otherwise }
    }
}

/// How well a contact fits all values of `Accept-Contact`: the average over those that match; `None` when one of
/// them refuses it.
///
/// A contact that names no feature at all is not concerned, and fits as well as can be (RFC 3841 section 7.2.4).
#[must_use]
pub fn caller_preference<'a>(
    accept: impl IntoIterator<Item = ContactPredicate<'a>>,
    contact: &FeatureSet<'_>,
) -> Option<QValue> {
    if contact.is_empty() {
        return Some(QValue::ONE);
    }
    let (mut sum, mut matched, mut asked) = (0usize, 0usize, 0usize);
    for predicate in accept {
        asked = asked.saturating_add(1);
        match predicate.prefer(contact) {
            Preference::Refused => return None,
            Preference::NoMatch => {}
            Preference::Match(score) => {
                sum = sum.saturating_add(score.thousandths().into());
                matched = matched.saturating_add(1);
            }
        }
    }
    if asked == 0 {
        return Some(QValue::ONE);
    }
    let average = sum.checked_div(matched).unwrap_or_default();
    QValue::from_thousandths(u16::try_from(average).ok()?)
}

/// `part` of `whole` in thousandths; nothing of nothing is all.
fn share(part: usize, whole: usize) -> QValue {
    part.saturating_mul(1000)
        .checked_div(whole)
        .and_then(|share| QValue::from_thousandths(u16::try_from(share).ok()?))
        .unwrap_or(QValue::ONE)
}

impl<'a> Value<'a> for ContactPredicate<'a> {
    /// `"*" *(SEMI ac-params)`. Drafts before RFC 3841 had an address in place of the star; it is refused.
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        Ok(Self { params: read_starred(cursor)? })
    }

    fn encode(&self, out: &mut BytesMut) {
        encode_starred(&self.params, out);
    }

    fn repeated(&self) -> Option<&'a str> {
        self.params.repeated()
    }
}

/// What the element that adds the field can do, and so everybody behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct FeatureCaps<'a> {
    /// The indicators, each with its plus sign.
    pub params: Params<'a>,
}

impl<'a> FeatureCaps<'a> {
    /// The indicators as features.
    #[must_use]
    pub const fn features(&self) -> FeatureSet<'a> {
        FeatureSet::new(self.params)
    }
}

impl<'a> Value<'a> for FeatureCaps<'a> {
    /// `"*" *(SEMI feature-cap)`, where `feature-cap` begins with a plus sign (RFC 6809 section 6.3).
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let params = read_starred(cursor)?;
        match params.iter().find(|param| !param.name.starts_with('+')) {
            None => Ok(Self { params }),
            Some(param) => {
                Err(Fault::new(missiva_core::FaultKind::Unexpected, offset(cursor, param.name)))
            }
        }
    }

    fn encode(&self, out: &mut BytesMut) {
        encode_starred(&self.params, out);
    }

    fn repeated(&self) -> Option<&'a str> {
        self.params.repeated()
    }
}

fn read_starred<'a>(cursor: &mut Cursor<'a>) -> Result<Params<'a>, Fault> {
    cursor.expect(b'*')?;
    Params::read(cursor)
}

fn encode_starred(params: &Params<'_>, out: &mut BytesMut) {
    out.put_u8(b'*');
    put(params.as_str(), out);
}

#[cfg(test)]
mod tests {
    use super::*;
    use missiva_core::FaultKind;

    fn set(text: &str) -> FeatureSet<'_> {
        FeatureSet::new(Params::parse(text).unwrap())
    }

    #[test]
    fn a_star_begins_every_predicate() {
        let table = [
            ("*", Ok("*")),
            ("*;audio;require;explicit", Ok("*;audio;require;explicit")),
            ("* ;audio", Ok("* ;audio")),
            ("<sip:a@b>;audio", Err((FaultKind::Unexpected, 0))),
            ("sip:a@b", Err((FaultKind::Unexpected, 0))),
            ("", Err((FaultKind::End, 0))),
            ("*audio", Err((FaultKind::Unexpected, 1))),
            ("*;", Err((FaultKind::End, 2))),
        ];
        for (text, expected) in table {
            let got = ContactPredicate::parse(text);
            let written = got.map(|predicate| predicate.to_text());
            assert_eq!(
                written.map_err(|fault| (fault.kind, fault.at)),
                expected.map(str::to_owned),
                "{text}"
            );
        }
        let fault = FeatureCaps::parse("*;+a;b").unwrap_err();
        assert_eq!((fault.kind, fault.at), (FaultKind::Unexpected, 5));
        let caps = FeatureCaps::parse("*;+g.3gpp.srvcc=\"<sip:a@b>\";+x").unwrap();
        assert_eq!(caps.features().iter().count(), 2);
    }

    #[test]
    fn accepting_scores_refuses_or_passes() {
        let fits = |thousandths| Preference::Match(QValue::from_thousandths(thousandths).unwrap());
        let table = [
            ("*;audio;video", ";audio;video", fits(1000)),
            ("*;audio;video", ";audio", fits(500)),
            ("*;audio;video", ";text", fits(0)),
            ("*;audio;video;text", ";audio", fits(333)),
            ("*;audio;video", ";audio;video=\"FALSE\"", Preference::NoMatch),
            ("*;audio;require", ";audio=\"FALSE\"", Preference::Refused),
            ("*;audio;require", ";video", fits(0)),
            ("*;audio;explicit", ";video", fits(0)),
            ("*;audio;video;explicit", ";audio", fits(0)),
            ("*;audio;require;explicit", ";video", Preference::Refused),
            ("*;audio;require;explicit", ";audio", fits(1000)),
            ("*;methods=\"INVITE,BYE\"", ";methods=\"bye\"", fits(1000)),
            ("*", ";audio", fits(1000)),
            ("*;+a=\"c\"", ";+a=\"b\";+a=\"c\"", fits(1000)),
        ];
        for (predicate, contact, expected) in table {
            let predicate = ContactPredicate::parse(predicate).unwrap();
            assert_eq!(predicate.prefer(&set(contact)), expected, "{predicate:?} {contact}");
        }
    }

    #[test]
    fn rejecting_needs_every_feature_named() {
        let table = [
            ("*;actor=\"msg-taker\";video", ";actor=\"msg-taker\";video", true),
            ("*;actor=\"msg-taker\";video", ";actor=\"msg-taker\"", false),
            ("*;actor=\"msg-taker\"", ";actor=\"principal\"", false),
            ("*;video", ";video=\"FALSE\"", false),
            ("*", ";video", false),
        ];
        for (predicate, contact, expected) in table {
            let predicate = ContactPredicate::parse(predicate).unwrap();
            assert_eq!(predicate.rejects(&set(contact)), expected, "{contact}");
        }
    }

    #[test]
    fn preferences_are_averaged_over_the_values_that_match() {
        let accept = |texts: &[&'static str]| -> Vec<_> {
            let predicate = |text: &&'static str| ContactPredicate::parse(text).unwrap();
            texts.iter().map(predicate).collect()
        };
        let table: [(&[&'static str], &str, Option<u16>); 6] = [
            (&["*;audio;video", "*;audio"], ";audio", Some(750)),
            (&["*;audio;require;explicit"], ";video", None),
            (&["*;audio", "*;video"], ";audio;video=\"FALSE\"", Some(1000)),
            (&["*;audio"], ";audio=\"FALSE\"", Some(0)),
            (&["*;audio;require;explicit"], ";q=0.5", Some(1000)),
            (&[], ";audio", Some(1000)),
        ];
        for (texts, contact, expected) in table {
            let got = caller_preference(accept(texts), &set(contact));
            assert_eq!(got.map(QValue::thousandths), expected, "{texts:?} {contact}");
        }
    }
}
