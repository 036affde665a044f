//! What holds for every description that was accepted and for every error that was returned.

use bytes::{Bytes, BytesMut};
use missiva_sdp::{
    Description, Field, FieldName, Leniency, Limits, Line, ParseError, Part, Rules, Value, Visit,
    validate,
};

/// Caps that short inputs reach.
pub(crate) const SMALL: Limits =
    Limits { max_size: 512, max_line: 64, max_lines: 16, max_media: 3 };

/// From the most to the least strict, for each size of limits.
pub(crate) const RULES: [Rules; 6] = [
    Rules { leniency: Leniency::STRICT, limits: SMALL },
    Rules { leniency: Leniency::DEFAULT, limits: SMALL },
    Rules { leniency: Leniency::LAB, limits: SMALL },
    Rules { leniency: Leniency::STRICT, limits: Limits::DEFAULT },
    Rules { leniency: Leniency::DEFAULT, limits: Limits::DEFAULT },
    Rules { leniency: Leniency::LAB, limits: Limits::DEFAULT },
];

/// A description that was accepted: its limits hold, its ranges lie inside it, every value can be asked for.
pub(crate) fn description(description: &Description, data: &[u8], rules: &Rules) {
    let limits = &rules.limits;
    assert_eq!(description.text().as_bytes(), data, "the text is what came");
    assert!(data.len() <= limits.max_size && description.media_count() <= limits.max_media);
    assert!(description.lines().len() <= limits.max_lines);
    let mut first_fault = None;
    for line in description.lines() {
        assert!(line.as_str().len() <= limits.max_line, "a line over its limit");
        self::line(&line, data, &mut first_fault);
    }
    assert_eq!(description.visit(&mut Nothing).err(), first_fault);
    let sections = description.session().lines().len()
        + description.media().map(|media| media.lines().len()).sum::<usize>();
    assert_eq!(sections, description.lines().len(), "every line lies in one section");
    for media in description.media() {
        assert!(!media.kind().is_empty() && !media.protocol_name().is_empty());
        assert_eq!(media.formats().as_str().is_empty(), media.formats().iter().count() == 0);
        let (_, _) = (media.connection(), media.effective_direction());
        assert_eq!(media.lines().next().map(|line| line.name()), Some(FieldName::Media));
    }
    tolerance(description, data, rules);
    validation(description, data);
}

fn line(line: &Line<'_>, data: &[u8], first_fault: &mut Option<ParseError>) {
    let (at, whole) = (line.line_at(), line.as_str());
    assert_eq!(data.get(at..at + whole.len()), Some(whole.as_bytes()), "a line lies in its text");
    assert!(!whole.contains(['\r', '\n', '\0']), "a line breaks: {whole:?}");
    assert!(whole.starts_with(line.letter()));
    let (from, value) = (line.value_at(), line.value());
    assert_eq!(data.get(from..from + value.len()), Some(value.as_bytes()));
    assert!(from >= at + 2 && from + value.len() <= at + whole.len(), "a value lies in its line");
    if let Some(name) = line.attribute() {
        assert_eq!(FieldName::find_attribute(name), line.name(), "{whole:?}");
    }
    if let Err(error) = line.visit(&mut Nothing) {
        located(&error, data);
        assert_eq!(error.field, Part::Field(line.name()));
        let range = from..=from + value.len();
        assert!(
            range.contains(&(error.at as usize)),
            "a fault lies in its value: {error} {whole:?}"
        );
        first_fault.get_or_insert(error);
    }
}

/// What was tolerated is what had to be tolerated.
fn tolerance(description: &Description, data: &[u8], rules: &Rules) {
    let needed = description.tolerated();
    let read = |leniency| {
        let rules = Rules { leniency, limits: rules.limits };
        Description::parse_with(Bytes::copy_from_slice(data), &rules)
    };
    let again = read(needed).expect("what it needed is enough");
    assert_eq!(again.tolerated(), needed);
    for one in needed.iter() {
        assert!(rules.leniency.allows(one), "{one:?} was not allowed");
        match read(needed.without(one)) {
            Ok(_) => panic!("{one:?} was not needed"),
            Err(error) => located(&error, data),
        }
    }
}

fn validation(description: &Description, data: &[u8]) {
    let faults = validate::faults(description);
    for fault in &faults {
        located(fault, data);
    }
    if let Err(refusal) = validate::description(description) {
        located(&refusal.error, data);
        assert!(matches!(refusal.code, 400 | 488 | 606) && refusal.warning() >= 300);
        let known = description.session().has(FieldName::Origin);
        assert!(!faults.is_empty() || !known, "refused without a fault: {refusal}");
    }
}

/// An error: inside the input, at the line that it says.
pub(crate) fn located(error: &ParseError, data: &[u8]) {
    let before = data.get(..error.at as usize).expect("an offset lies in the input");
    let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
    assert_eq!(error.line as usize, line, "{error}");
    assert!(!error.to_string().is_empty());
}

/// Reads for the sake of the faults alone; what can be read can be written on one line.
pub(crate) struct Nothing;

impl Visit for Nothing {
    fn value<'a, F: Field>(&mut self, value: F::Value<'a>) {
        let mut out = BytesMut::new();
        value.encode(&mut out);
        assert!(!out.iter().any(|byte| b"\r\n\0".contains(byte)), "{}: {value:?}", F::NAME);
    }
}

/// A description that has `value` on every line that it can have, but for `v=` and `m=`.
pub(crate) fn with_value(value: &[u8]) -> Option<Description> {
    let value =
        std::str::from_utf8(value).ok().filter(|value| !value.contains(['\r', '\n', '\0']))?;
    let mut text = format!("v=0\r\no={value}\r\n");
    for letter in "siuepcbtrzk".chars() {
        text.push_str(&format!("{letter}={value}\r\n"));
    }
    for name in FieldName::all().filter_map(FieldName::attribute) {
        text.push_str(&format!("a={name}:{value}\r\n"));
    }
    Description::parse_with(text.into(), &Rules::LAB).ok()
}
