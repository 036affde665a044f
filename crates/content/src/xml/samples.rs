//! Values for the round trips of every document.

use proptest::prelude::*;

use super::Extension;
use crate::DateTime;

/// Text that XML can carry, with what has to be escaped in it.
pub(crate) fn text() -> impl Strategy<Value = String> {
    "([ -~]|[\t\n\r<>&\"'é“€😀\u{85}\u{2028}]|\\]\\]>){0,24}"
}

/// Text without white space around it, and not empty.
pub(crate) fn token() -> impl Strategy<Value = String> {
    text().prop_map(|text| format!("x{}", text.trim_matches([' ', '\t', '\n', '\r'])))
}

/// A date with any offset that XML Schema allows.
pub(crate) fn date() -> impl Strategy<Value = DateTime> {
    let shapes = prop_oneof![
        Just(String::from("Z")),
        Just(String::from("-00:00")),
        (0..14, 0..60).prop_map(|(hours, minutes)| format!("+{hours:02}:{minutes:02}")),
        (0..14, 0..60).prop_map(|(hours, minutes)| format!("-{hours:02}:{minutes:02}")),
    ];
    (1900..2200, 1..13, 1..29, 0..86_400, 0..1_000_000_000_u32, shapes).prop_map(
        |(year, month, day, second, nanos, offset)| {
            let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
            let text = format!(
                "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{nanos:09}{offset}"
            );
            DateTime::parse(&text).unwrap()
        },
    )
}

/// A foreign element of one of some shapes.
pub(crate) fn extension() -> impl Strategy<Value = Extension> {
    let shapes = vec![
        "<e:x xmlns:e='urn:example:e'/>",
        "<x xmlns='urn:example:e' a='1'>text &amp; more<y/></x>",
        "<e:x xmlns:e='urn:example:e'><f:y xmlns:f='urn:example:f' f:a='b'/><!-- c --></e:x>",
        "<e:x xmlns:e='urn:example:e'><z xmlns=''>1</z><![CDATA[<&]]></e:x>",
        "<cp:x xmlns:cp='urn:example:e' xml:lang='de'><op:y xmlns:op='urn:example:f'/></cp:x>",
    ];
    proptest::sample::select(shapes).prop_map(|xml| Extension::parse(xml.as_bytes()).unwrap())
}

/// None to two of them.
pub(crate) fn extensions() -> impl Strategy<Value = Vec<Extension>> {
    proptest::collection::vec(extension(), 0..3)
}

/// Perhaps one.
pub(crate) fn maybe<T>(inner: T) -> impl Strategy<Value = Option<T::Value>>
where
    T: Strategy,
    T::Value: Clone,
{
    proptest::option::of(inner)
}
