//! Tests of the feature sets.

use super::*;

fn set(text: &str) -> FeatureSet<'_> {
    FeatureSet::new(Params::parse(text).unwrap())
}

#[test]
fn features_are_told_from_other_parameters() {
    let features =
        set(";q=0.5;expires=1;audio;Video=\"FALSE\";+x;reg-id=1;+sip.isfocus;priority=\"#=1\"");
    let tags: Vec<_> = features.iter().map(|feature| feature.tag).collect();
    assert_eq!(tags, ["audio", "Video", "+x", "+sip.isfocus", "priority"]);
    assert!(features.has("isfocus") && features.has("AUDIO") && features.has("+SIP.audio"));
    assert!(!features.has("video") && features.get("video").is_some());
    assert!(!features.has("+audio") && !features.has("x") && !features.has("q"));
    assert!(set(";q=1").is_empty() && !features.is_empty());
}

#[test]
fn values_are_booleans_numbers_texts_and_tokens() {
    let number = |text| TagValue::Number(NumberRange::parse(text).unwrap());
    let table: [(&str, &[(bool, TagValue<'_>)]); 11] = [
        (";+a", &[(false, TagValue::Boolean(true))]),
        (";+a=\"false\"", &[(false, TagValue::Boolean(false))]),
        (";+a=\"!TRUE\"", &[(true, TagValue::Boolean(true))]),
        (";+a=\"\"", &[]),
        (";+a=\"b, !c\"", &[(false, TagValue::Token("b")), (true, TagValue::Token("c"))]),
        (";+a=\"b;c\"", &[(false, TagValue::Token("b")), (false, TagValue::Token("c"))]),
        (";+a=\"#1:2\"", &[(false, number("#1:2"))]),
        (";+a=\"#x\"", &[(false, TagValue::Token("#x"))]),
        (";+a=\"<a,b>\"", &[(false, TagValue::Text("a,b"))]),
        (";+a=bare", &[(false, TagValue::Token("bare"))]),
        (";+a=\"urn:urn-7:x\"", &[(false, TagValue::Token("urn:urn-7:x"))]),
    ];
    for (text, expected) in table {
        let feature = set(text).get("+a").unwrap();
        let got: Vec<_> = feature.values().map(|value| (value.negated, value.value)).collect();
        assert_eq!(got, expected, "{text}");
    }
}

#[test]
fn values_intersect() {
    let table = [
        ("a", "A", true),
        ("a", "b", false),
        ("a,b", "b,c", true),
        ("!a", "b", true),
        ("!a", "a", false),
        ("!a", "!a", true),
        ("TRUE", "FALSE", false),
        ("TRUE", "!FALSE", true),
        ("#=1", "#1:2", true),
        ("#=3", "#1:2", false),
        ("!#1:2", "#=1", false),
        ("!#1:2", "#1:3", true),
        ("#=1", "1", false),
        ("<a>", "<a>", true),
        ("<a>", "<A>", false),
        ("<a>", "a", false),
        ("urn%3aa", "URN:A", true),
        ("", "a", false),
    ];
    for (a, b, expected) in table {
        let (a, b) = (format!(";+x=\"{a}\""), format!(";+x=\"{b}\""));
        let feature = |text| set(text).get("+x").unwrap();
        assert_eq!(feature(&a).intersects(&feature(&b)), expected, "{a} {b}");
        assert_eq!(feature(&b).intersects(&feature(&a)), expected, "{b} {a}");
    }
}

#[test]
fn service_references_come_in_every_deployed_form() {
    let icsi = "urn:urn-7:3gpp-service.ims.icsi.oma.cpm";
    let escaped = icsi.replace(':', "%3A");
    let session = format!("{icsi}.session");
    for text in [
        format!(";+g.3gpp.icsi-ref=\"{escaped}.msg,{escaped}.session\""),
        format!(";+g.3gpp.icsi-ref=\"{icsi}.msg; {icsi}.session\""),
        format!(";+G.3GPP.ICSI-REF=\"{escaped}.msg\";+g.3gpp.icsi-ref=\"{escaped}.session\""),
    ] {
        let features = set(&text);
        let labels: Vec<_> = features.services().filter_map(|s| s.icsi()).collect();
        assert_eq!(labels, ["oma.cpm.msg", "oma.cpm.session"], "{text}");
        assert!(features.offers(&ServiceId(&session)));
        assert!(!features.offers(&ServiceId("urn:urn-7:3gpp-service.ims.icsi.oma.cpm.mess")));
    }
    let group = format!(";+g.3gpp.icsi-ref=\"{escaped}.session.group\"");
    assert!(set(&group).offers(&ServiceId(&session)));
    let iari = ";+g.3gpp.iari-ref=\"urn%3Aurn-7%3A3gpp-application.ims.iari.rcs.geopush\"";
    assert_eq!(set(iari).applications().next().and_then(|id| id.iari()), Some("rcs.geopush"));
}

#[test]
fn instances_lose_their_brackets() {
    let table = [
        (
            ";+sip.instance=\"<urn:gsma:imei:35469106-056673-0>\"",
            Some("urn:gsma:imei:35469106-056673-0"),
        ),
        (";+sip.instance=\"urn:uuid:1\"", Some("urn:uuid:1")),
        (";+sip.instance=\"<a\\\\b>\"", Some("a\\b")),
        (";+sip.instance", None),
        ("", None),
    ];
    for (text, expected) in table {
        assert_eq!(set(text).instance().as_deref(), expected, "{text}");
    }
}
