//! Properties of header values: what is built is read back, whatever it holds.

#![allow(clippy::unwrap_used, reason = "what a test prepares itself is known to be there")]

use missiva_sip::Params;
use missiva_sip::header::{
    ContactPredicate, Date, FeatureSet, FeatureValue, NumberRange, Preference, QValue, RetryAfter,
    ServiceId, TagValue, Value, Warning, caller_preference,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

const TOKEN: &str = "[a-zA-Z0-9.!%*_+`'~-]{1,12}";
/// Words as a quoted string may hold them: no control characters.
const WORDS: &str = "[^\\p{Cc}]{0,20}";
/// Words as a comment may hold them without escapes.
const REMARK: &str = "[^\\p{Cc}()\\\\]{0,20}";

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The value of a parameter: nothing, a token, or quoted words.
#[derive(Clone, Debug)]
enum Given {
    Nothing,
    Token(String),
    Words(String),
}

impl Given {
    fn written(&self) -> Option<String> {
        match self {
            Self::Nothing => None,
            Self::Token(token) => Some(token.clone()),
            Self::Words(words) => Some(quoted(words)),
        }
    }

    fn meant(&self) -> Option<&str> {
        match self {
            Self::Nothing => None,
            Self::Token(text) | Self::Words(text) => Some(text),
        }
    }
}

fn given() -> impl Strategy<Value = Given> {
    prop_oneof![Just(Given::Nothing), TOKEN.prop_map(Given::Token), WORDS.prop_map(Given::Words),]
}

fn space() -> impl Strategy<Value = &'static str> {
    select(vec!["", "", "", " ", "\t ", "\r\n "])
}

prop_compose! {
    fn number_range()(a in -10_000_000i64..10_000_000, b in 0i64..10_000_000, open in 0u8..4) -> NumberRange {
        let (min, max) = match open {
            0 => (Some(a), None),
            1 => (None, Some(a)),
            2 => (Some(a), Some(a)),
            _ => (Some(a), Some(a + b)),
        };
        NumberRange::from_millionths(min, max).unwrap()
    }
}

/// One value of a feature tag, as text.
fn feature_value() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        "[a-zA-Z0-9.%*_+`'~-]{1,8}",
        Just("TRUE".to_owned()),
        Just("FALSE".to_owned()),
        number_range().prop_map(|range| range.to_string()),
    ];
    (any::<bool>(), word).prop_map(|(negated, word)| {
        let bang = if negated { "!" } else { "" };
        format!("{bang}{word}")
    })
}

/// A feature tag and its values.
fn feature() -> impl Strategy<Value = (String, Vec<String>)> {
    let tag = prop_oneof![
        "\\+[a-z][a-z0-9.-]{0,8}",
        select(vec!["audio", "video", "methods", "isfocus"]).prop_map(str::to_owned),
    ];
    (tag, vec(feature_value(), 0..4))
}

fn feature_params(features: &[(String, Vec<String>)]) -> String {
    let written = |(tag, values): &(String, Vec<String>)| match values.len() {
        0 => format!(";{tag}"),
        _ => format!(";{tag}=\"{}\"", values.join(",")),
    };
    features.iter().map(written).collect()
}

proptest! {
    #[test]
    fn parameters_are_read_back(
        list in vec((TOKEN, given(), space(), space()), 0..12),
        asked in any::<prop::sample::Index>(),
    ) {
        let mut text = String::new();
        for (name, value, before, after) in &list {
            text.push_str(&format!("{before};{after}{name}"));
            if let Some(value) = value.written() {
                text.push_str(&format!("{before}={after}{value}"));
            }
        }
        let params = Params::parse(&text).unwrap();
        let got: Vec<_> = params.iter().map(|param| (param.name.to_owned(), param.value.map(str::to_owned))).collect();
        let expected: Vec<_> = list.iter().map(|(name, value, ..)| (name.clone(), value.written())).collect();
        prop_assert_eq!(got, expected);
        prop_assert_eq!(params.is_empty(), list.is_empty());
        if !list.is_empty() {
            let name = &asked.get(&list).0;
            let first = list.iter().find(|entry| entry.0.eq_ignore_ascii_case(name)).unwrap();
            let text = params.text(&name.to_uppercase());
            prop_assert_eq!(text.as_deref(), first.1.meant());
        }
        let again = Params::parse(params.as_str()).unwrap();
        prop_assert_eq!(again, params);
    }

    #[test]
    fn repeated_parameters_are_found(names in vec("[aAbB]{1,2}", 0..5)) {
        let text: String = names.iter().map(|name| format!(";{name}")).collect();
        let lower: std::collections::BTreeSet<_> = names.iter().map(|name| name.to_lowercase()).collect();
        let params = Params::parse(&text).unwrap();
        prop_assert_eq!(params.repeated().is_some(), lower.len() < names.len());
    }

    #[test]
    fn dates_and_seconds_agree(seconds in prop_oneof![0..=Date::MAX_UNIX, Date::MIN_UNIX..=Date::MAX_UNIX]) {
        let date = Date::from_unix(seconds).unwrap();
        prop_assert_eq!(date.to_unix(), seconds);
        prop_assert_eq!(Date::parse(&date.to_text()), Ok(date));
        let day = (date.year(), date.month(), date.day());
        let time = (date.hour(), date.minute(), date.second());
        prop_assert_eq!(Date::new(day, time), Some(date));
        if let Some(next) = Date::from_unix(seconds + 86_400) {
            prop_assert!(next > date);
            prop_assert_ne!(next.weekday(), date.weekday());
            let in_a_week = Date::from_unix(seconds + 7 * 86_400);
            prop_assert!(in_a_week.is_none_or(|later| later.weekday() == date.weekday()));
            let is_next = next.day() == date.day() + 1 || next.day() == 1 && date.day() >= 28;
            prop_assert!(is_next, "{} {}", date, next);
        }
    }

    #[test]
    fn what_has_no_date_is_refused(seconds in prop_oneof![i64::MIN..Date::MIN_UNIX, Date::MAX_UNIX + 1..=i64::MAX]) {
        prop_assert_eq!(Date::from_unix(seconds), None);
    }

    #[test]
    fn changed_dates_never_read_as_another_day(seconds in 0..=Date::MAX_UNIX, at in 0usize..29, byte in 0x20u8..0x7f) {
        let mut text = Date::from_unix(seconds).unwrap().to_text().into_bytes();
        text[at] = byte;
        let text = String::from_utf8(text).unwrap();
        if let Ok(date) = Date::parse(&text) {
            prop_assert!(date.to_text().eq_ignore_ascii_case(&text));
        }
    }

    #[test]
    fn warnings_are_read_back(
        code in 0u16..1000,
        agent in prop_oneof![TOKEN, Just("a.example:5060".to_owned()), Just("[2001:db8::1]:5".to_owned())],
        words in WORDS,
        number in option::of(any::<u16>()),
    ) {
        let words = match number {
            Some(number) => format!("{number} {words}"),
            None => words,
        };
        let quoted = quoted(&words);
        let warning = Warning { code, agent: &agent, quoted: &quoted };
        let written = warning.to_text();
        let again = Warning::parse(&written).unwrap();
        prop_assert_eq!(again, warning);
        prop_assert_eq!(again.text(), words);
        if number.is_some() {
            prop_assert_eq!(again.oma_code(), number);
        }
    }

    #[test]
    fn retry_after_is_read_back(
        seconds in any::<u32>(),
        remark in option::of(REMARK),
        duration in option::of(any::<u32>()),
    ) {
        let comment = remark.map(|remark| format!("({remark})"));
        let params = duration.map_or(String::new(), |duration| format!(";duration={duration}"));
        let retry = RetryAfter {
            seconds,
            comment: comment.as_deref(),
            params: Params::parse(&params).unwrap(),
        };
        let written = retry.to_text();
        let again = RetryAfter::parse(&written).unwrap();
        prop_assert_eq!(again, retry);
        prop_assert_eq!(again.duration().map(|time| time.as_secs()), duration.map(u64::from));
    }

    #[test]
    fn preferences_are_read_back(thousandths in 0u16..=1000) {
        let q = QValue::from_thousandths(thousandths).unwrap();
        prop_assert_eq!(QValue::parse(&q.to_string()), Ok(q));
        prop_assert_eq!(QValue::parse(&format!("{}.{:03}", thousandths / 1000, thousandths % 1000)), Ok(q));
    }

    #[test]
    fn number_ranges_are_read_back(a in number_range(), b in number_range()) {
        prop_assert_eq!(NumberRange::parse(&a.to_string()), Some(a));
        prop_assert_eq!(a.overlaps(&b), b.overlaps(&a));
        prop_assert!(a.overlaps(&a) && a.contains(&a));
        prop_assert!(!a.contains(&b) || a.overlaps(&b));
    }

    #[test]
    fn feature_sets_are_read_back(features in vec(feature(), 0..6)) {
        let text = feature_params(&features);
        let set = FeatureSet::new(Params::parse(&text).unwrap());
        let got: Vec<_> = set
            .iter()
            .map(|feature| {
                let values = feature.values().map(|value: FeatureValue<'_>| value.to_string()).collect();
                (feature.tag.to_owned(), values)
            })
            .collect();
        let expected: Vec<(String, Vec<String>)> = features
            .iter()
            .map(|(tag, values)| {
                let one = || vec!["TRUE".to_owned()];
                (tag.clone(), if values.is_empty() { one() } else { values.clone() })
            })
            .collect();
        // A number may be written in more than one way, and words of the grammar in any case.
        let fold = |list: &[(String, Vec<String>)]| format!("{list:?}").to_lowercase();
        prop_assert_eq!(fold(&got), fold(&expected));
        prop_assert_eq!(set.is_empty(), features.is_empty());
    }

    #[test]
    fn a_contact_fits_its_own_features(features in vec(feature(), 1..6)) {
        // One tag twice may say two things that exclude each other.
        let mut features = features;
        features.sort();
        features.dedup_by(|a, b| a.0 == b.0);
        let text = feature_params(&features);
        let contact = FeatureSet::new(Params::parse(&text).unwrap());
        let predicate = format!("*{text};require;explicit");
        let predicate = ContactPredicate::parse(&predicate).unwrap();
        prop_assert_eq!(predicate.prefer(&contact), Preference::Match(QValue::ONE));
        prop_assert_eq!(caller_preference([predicate], &contact), Some(QValue::ONE));
        prop_assert!(predicate.rejects(&contact));
    }

    #[test]
    fn fitting_has_no_direction(a in feature(), b in vec(feature_value(), 1..4)) {
        let (tag, own) = a;
        let texts = [feature_params(&[(tag.clone(), own)]), feature_params(&[(tag.clone(), b)])];
        let features = texts.each_ref().map(|text| {
            FeatureSet::new(Params::parse(text).unwrap()).get(&tag).unwrap()
        });
        prop_assert_eq!(features[0].intersects(&features[1]), features[1].intersects(&features[0]));
    }

    #[test]
    fn preference_and_score_stay_in_bounds(
        contact in vec(feature(), 0..5),
        accept in vec((vec(feature(), 0..4), any::<bool>(), any::<bool>()), 0..4),
    ) {
        let contact = feature_params(&contact);
        let contact = FeatureSet::new(Params::parse(&contact).unwrap());
        let texts: Vec<String> = accept
            .iter()
            .map(|(features, require, explicit)| {
                let flag = |set: bool, word: &'static str| if set { word } else { "" };
                format!("*{}{}{}", feature_params(features), flag(*require, ";require"), flag(*explicit, ";explicit"))
            })
            .collect();
        let predicates: Vec<_> = texts.iter().map(|text| ContactPredicate::parse(text).unwrap()).collect();
        let refused = predicates.iter().any(|predicate| predicate.prefer(&contact) == Preference::Refused);
        let whole = caller_preference(predicates.iter().copied(), &contact);
        prop_assert_eq!(whole.is_none(), refused && !contact.is_empty());
        for predicate in &predicates {
            prop_assert!(predicate.is_required() || predicate.prefer(&contact) != Preference::Refused);
        }
    }

    #[test]
    fn services_are_covered_by_their_parents(labels in vec("[a-z0-9-]{1,6}", 2..6), cut in 1usize..5, tail in "[a-z0-9-]{1,3}") {
        let urn = format!("urn:urn-7:3gpp-service.ims.icsi.{}", labels.join("."));
        let cut = cut.min(labels.len() - 1);
        let parent = format!("urn%3Aurn-7%3A3gpp-service.ims.icsi.{}", labels[..cut].join("."));
        let stranger = format!("{parent}{tail}");
        let child = ServiceId(&urn);
        prop_assert!(ServiceId(&parent).covers(&child) && child.covers(&child));
        prop_assert!(!child.covers(&ServiceId(&parent)));
        prop_assert!(!ServiceId(&parent).covers(&ServiceId(&stranger)));
        let params = format!(";+g.3gpp.icsi-ref=\"{urn}\"");
        let set = FeatureSet::new(Params::parse(&params).unwrap());
        prop_assert!(set.offers(&ServiceId(&parent)));
        let token = set.get("+g.3gpp.icsi-ref").and_then(|feature| feature.values().next());
        prop_assert_eq!(token.map(|value| value.value), Some(TagValue::Token(urn.as_str())));
    }
}
