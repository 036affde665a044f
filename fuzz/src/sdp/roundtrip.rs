//! What was accepted is written again, and read again as the same.

use bytes::Bytes;
use missiva_sdp::{Builder, Description, Edit, Field, Rules, Value, Visit, field};

use super::watch;

/// A description as it came, and a value on every line.
pub fn description(data: &[u8]) {
    if let Ok(description) = Description::parse_with(Bytes::copy_from_slice(data), &Rules::LAB) {
        let edited = Edit::new(&description).finish().expect("what was accepted is accepted");
        assert_eq!(edited.text().as_bytes(), data, "no edit changes nothing");
        assert_eq!(edited.tolerated(), description.tolerated());
        copied(&description);
        values(&description);
    }
    if let Some(description) = watch::with_value(data) {
        values(&description);
    }
}

/// A description that needed no leniency is copied line by line.
fn copied(description: &Description) {
    let Ok(Some(origin)) = description.session().get::<field::Origin>() else { return };
    if !description.tolerated().is_strict() {
        return;
    }
    let mut builder = Builder::new(&origin);
    for line in description.lines().skip(2) {
        builder = builder.copy(&line);
    }
    let copy = builder.finish().expect("lines in their order");
    let lines = |description: &Description| -> Vec<String> {
        description.lines().skip(2).map(|line| line.as_str().to_owned()).collect()
    };
    assert_eq!(lines(&copy), lines(description));
    let ours = copy.session().get::<field::Origin>();
    assert_eq!(ours, Ok(Some(origin)));
}

fn values(description: &Description) {
    for line in description.lines() {
        // A fault is no business of this family.
        let _ = line.visit(&mut Again);
    }
}

struct Again;

impl Visit for Again {
    fn value<'a, F: Field>(&mut self, value: F::Value<'a>) {
        let text = value.to_text();
        let again = F::Value::parse(&text).unwrap_or_else(|fault| {
            panic!("{}: {value:?} is written as {text:?}: {fault}", F::NAME)
        });
        assert_eq!(again.to_text(), text, "{}: {value:?}", F::NAME);
        let (before, after) = (format!("{value:?}"), format!("{again:?}"));
        assert_eq!(before, after, "{} is written as {text:?}", F::NAME);
    }
}
