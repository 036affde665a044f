//! Whatever can be put together is valid, and is read as what was put together.

use arbitrary::{Result, Unstructured};
use missiva_sdp::attribute::{Direction, Fmtp, Rtpmap, Token};
use missiva_sdp::file::{FileName, FileRange, FileSelector};
use missiva_sdp::line::{
    Address, Bandwidth, BandwidthKind, Connection, Formats, MediaLine, Origin, Text, Time,
};
use missiva_sdp::{Builder, Description, Field, FieldName, Rules, Value, field};

use super::draw::{self, maybe};
use super::watch;

/// Whatever is handed to the builder, what it gives out is the description that was asked for; or it gives a fault.
pub fn description(data: &[u8]) {
    let _ = description_from(&mut Unstructured::new(data));
}

/// What a line must say when it comes out.
struct Asked {
    name: FieldName,
    /// The attribute as it is to be spelled.
    spelling: Option<String>,
    value: String,
}

fn description_from(from: &mut Unstructured<'_>) -> Result<()> {
    let (username, id) = (text(from)?, number(from)?);
    let address = Address::internet(std::net::Ipv6Addr::from(from.arbitrary::<u128>()?).into());
    let origin =
        Origin { username: &username, session_id: &id, version: from.arbitrary()?, address };
    let mut builder = Builder::new(&origin);
    let mut asked = Vec::new();
    for _ in 0..from.int_in_range(0..=8)? {
        builder = line(from, builder, &mut asked)?;
    }
    let Ok(built) = builder.finish() else { return Ok(()) };

    let own = Description::parse_with(built.text().as_bytes().to_vec().into(), &Rules::STRICT);
    assert!(own.is_ok(), "what is built is strict: {:?}", built.text());
    watch::description(&built, built.text().as_bytes(), &Rules::LAB);
    assert_eq!(built.session().get::<field::Origin>(), Ok(Some(origin)));
    let given = |name| asked.iter().any(|line| line.name == name);
    let due = [FieldName::SessionName, FieldName::Time];
    let mut lines = built.lines().skip(2).filter(|line| {
        // Those two are written where they are due.
        given(line.name()) || !due.contains(&line.name())
    });
    for asked in &asked {
        let line = lines.next().expect("no line is lost");
        assert_eq!((line.name(), line.value()), (asked.name, &*asked.value));
        assert_eq!(line.attribute(), asked.spelling.as_deref());
        assert_eq!(line.visit(&mut watch::Nothing), Ok(()), "{:?}", line.as_str());
    }
    assert!(lines.next().is_none(), "and none is added");
    Ok(())
}

/// Any text; now and then one that would end its line.
fn text(from: &mut Unstructured<'_>) -> Result<String> {
    if from.arbitrary()? { draw::token(from) } else { draw::text(from) }
}

fn number(from: &mut Unstructured<'_>) -> Result<String> {
    if from.ratio(7, 8)? { Ok(from.arbitrary::<u64>()?.to_string()) } else { draw::text(from) }
}

/// A name from the table, or any other.
fn name(from: &mut Unstructured<'_>) -> Result<String> {
    let names: Vec<&str> = FieldName::all().filter_map(FieldName::attribute).collect();
    if from.arbitrary()? { Ok((*from.choose(&names)?).to_owned()) } else { text(from) }
}

fn typed<F: Field>(builder: Builder, value: &F::Value<'_>, asked: &mut Vec<Asked>) -> Builder {
    let spelling = F::NAME.attribute().map(str::to_owned);
    asked.push(Asked { name: F::NAME, spelling, value: value.to_text() });
    builder.line::<F>(value)
}

fn line(from: &mut Unstructured<'_>, builder: Builder, asked: &mut Vec<Asked>) -> Result<Builder> {
    Ok(match from.int_in_range(0..=12)? {
        0 => typed::<field::SessionName>(builder, &Text(&text(from)?), asked),
        1 => {
            let ip = std::net::Ipv4Addr::from(from.arbitrary::<u32>()?).into();
            typed::<field::Connection>(builder, &Connection::unicast(ip), asked)
        }
        2 => {
            let other = text(from)?;
            let kind = *from.choose(&[BandwidthKind::As, BandwidthKind::Other(&other)])?;
            let value = Bandwidth { kind, value: from.arbitrary()? };
            typed::<field::Bandwidth>(builder, &value, asked)
        }
        3 => {
            let time = Time { start: from.arbitrary()?, stop: from.arbitrary()? };
            typed::<field::Time>(builder, &time, asked)
        }
        4..=5 => {
            let (media, protocol, formats) = (text(from)?, text(from)?, text(from)?);
            let Ok(formats) = Formats::parse(&formats) else { return Ok(builder) };
            let line = MediaLine {
                media: &media,
                port: from.arbitrary()?,
                port_count: from.arbitrary()?,
                protocol: &protocol,
                formats,
            };
            typed::<field::Media>(builder, &line, asked)
        }
        6 => {
            let (encoding, params) = (text(from)?, maybe(from, text)?);
            let value = Rtpmap {
                payload: from.arbitrary()?,
                encoding: &encoding,
                clock_rate: from.arbitrary()?,
                params: params.as_deref(),
            };
            typed::<field::Rtpmap>(builder, &value, asked)
        }
        7 => {
            let (format, params) = (text(from)?, text(from)?);
            typed::<field::Fmtp>(builder, &Fmtp { format: &format, params: &params }, asked)
        }
        8 => typed::<field::Mid>(builder, &Token(&text(from)?), asked),
        9 => {
            let escaped = FileName::escape(&draw::text(from)?);
            let value = FileSelector {
                name: FileName::new(&escaped).ok(),
                media_type: None,
                size: from.arbitrary()?,
                ..FileSelector::default()
            };
            typed::<field::FileSelector>(builder, &value, asked)
        }
        10 => {
            let value = FileRange { start: from.arbitrary()?, stop: from.arbitrary()? };
            typed::<field::FileRange>(builder, &value, asked)
        }
        11 => {
            let direction = *from.choose(&Direction::ALL)?;
            let (name, value) = (direction.name(), String::new());
            asked.push(Asked { name, spelling: name.attribute().map(str::to_owned), value });
            builder.direction(direction)
        }
        _ => {
            let (name, value) = (name(from)?, maybe(from, text)?);
            let known = FieldName::find_attribute(&name);
            let spelling = Some(name.clone());
            let builder = match &value {
                Some(value) => builder.attribute(&name, value),
                None => builder.flag(&name),
            };
            asked.push(Asked { name: known, spelling, value: value.unwrap_or_default() });
            builder
        }
    })
}
