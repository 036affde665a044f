//! Whatever description is edited, it stays one, and what was not touched leaves as it came.

use bytes::Bytes;
use missiva_sdp::attribute::{Direction, Token};
use missiva_sdp::line::{Formats, MediaLine, Text};
use missiva_sdp::{Description, Edit, FieldName, ParseError, Rules, Scope, field};

use super::watch;

/// Four edits that the bytes of the description choose, so that every description is good as a seed.
pub fn description(data: &[u8]) {
    let plan = data.iter().fold(7u32, |sum, byte| sum.wrapping_mul(31) ^ u32::from(*byte));
    let plan = plan.wrapping_mul(0x9e37_79b9).to_be_bytes();
    let Ok(description) = Description::parse_with(Bytes::copy_from_slice(data), &Rules::LAB) else {
        return;
    };
    let mut edit = Edit::new(&description);
    let mut touched = Vec::new();
    let mut media = description.media_count();
    for step in plan {
        let scope = match usize::from(step >> 4) % (media + 1) {
            0 => Scope::Session,
            at => Scope::Media(at - 1),
        };
        let done = edit_once(&mut edit, step & 15, scope, &mut touched);
        if step & 15 == ADD && done.is_ok() {
            media += 1;
        }
    }
    let edited = match edit.finish() {
        Ok(edited) => edited,
        // Fields were put where they may not stand, or mandatory ones were taken off.
        Err(error) => return assert!(!touched.is_empty(), "{error}"),
    };
    watch::description(&edited, edited.text().as_bytes(), &Rules::LAB);
    assert_eq!(edited.media_count(), media);
    let untouched = |description: &Description| -> Vec<String> {
        let lines = description.lines().filter(|line| !touched.contains(&line.name()));
        lines.map(|line| line.as_str().to_owned()).collect()
    };
    assert_eq!(untouched(&edited), untouched(&description));
}

/// The step that adds a medium.
const ADD: u8 = 0;

fn edit_once(
    edit: &mut Edit<'_>,
    step: u8,
    scope: Scope,
    touched: &mut Vec<FieldName>,
) -> Result<(), ParseError> {
    let (name, done) = match step {
        ADD => {
            let formats = Formats::parse("0 8").expect("formats");
            let (media, protocol) = ("audio", "RTP/AVP");
            let line = MediaLine { media, port: 9, port_count: None, protocol, formats };
            (FieldName::Media, edit.add_media(&line).map(drop))
        }
        1 => (FieldName::Media, edit.set_port(0, 0)),
        2 => (FieldName::Origin, edit.set_version(u64::from(step))),
        3..=4 => {
            for direction in Direction::ALL {
                touched.push(direction.name());
            }
            (FieldName::Sendrecv, edit.set_direction(scope, Direction::Inactive))
        }
        5 => (FieldName::Mid, edit.set::<field::Mid>(scope, &Token("edited"))),
        6 => (FieldName::SessionName, edit.set::<field::SessionName>(scope, &Text("edited"))),
        7 => (FieldName::Information, edit.add::<field::Information>(scope, &Text("edited"))),
        8 => (FieldName::OtherAttribute, edit.add_attribute(scope, "X-edited", Some("a:b"))),
        9 => (FieldName::OtherAttribute, edit.remove_named(scope, "x-edited").map(drop)),
        10 => (FieldName::Rtpmap, edit.remove(scope, FieldName::Rtpmap).map(drop)),
        11 => (FieldName::Fmtp, edit.retain(scope, FieldName::Fmtp, |_| false).map(drop)),
        12 => (FieldName::Time, edit.remove(scope, FieldName::Time).map(drop)),
        13 => (FieldName::Mid, edit.set::<field::Mid>(scope, &Token("a\r\nb"))),
        14 => (FieldName::OtherAttribute, edit.add_attribute(scope, "X", Some("a\nb"))),
        _ => (FieldName::Media, edit.change_media(0, |line| line.port_count = Some(2))),
    };
    assert!(done.is_err() || !matches!(step, 13 | 14), "a value ends its line");
    if done.is_ok() {
        touched.push(name);
    }
    done
}
