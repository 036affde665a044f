//! From plain data to descriptions.

use missiva_core::ByteStr;

use super::plan::{Slot, StreamGroup};
use super::{PREFERRED, Plan, Refusal, Rule, Stream};
use crate::attribute::Group;
use crate::line::{Address, Bandwidth, Connection, Formats, MediaLine, Origin, Text};
use crate::{Builder, Description, FieldName, ParseError, Value, field};

/// Who writes our descriptions: what stands in `o=`, and the address that `c=` has unless the plan says otherwise.
///
/// ```
/// use missiva_sdp::line::Address;
/// use missiva_sdp::negotiate::Author;
///
/// let address = Address::internet("192.0.2.1".parse()?);
/// let author = Author::new("2890844526", 2890844526, &address).named("alice");
/// # Ok::<(), std::net::AddrParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Author {
    username: ByteStr,
    session_id: ByteStr,
    pub(super) version: u64,
    address: ByteStr,
}

impl Author {
    /// The author of the session `session_id`, digits which nobody else should use, whose first description has
    /// `version`. RFC 3264 section 5 asks for one below 2^62, so that it can be counted up.
    #[must_use]
    pub fn new(session_id: &str, version: u64, address: &Address<'_>) -> Self {
        Self {
            username: ByteStr::from_static("-"),
            session_id: session_id.into(),
            version,
            address: address.to_text().into(),
        }
    }

    /// The same with the name of the user on the machine.
    #[must_use]
    pub fn named(self, username: &str) -> Self {
        Self { username: username.into(), ..self }
    }
}

/// Writes what `plan` says in `version`. The times are those of `offer`, when it is an answer (RFC 3264 section 6).
pub(super) fn write(
    plan: &Plan,
    author: &Author,
    version: u64,
    offer: Option<&Description>,
) -> Result<Description, Refusal> {
    let address =
        Address::parse(&author.address).map_err(|fault| unwritable(FieldName::Origin, fault))?;
    let origin =
        Origin { username: &author.username, session_id: &author.session_id, version, address };
    let mut builder = Builder::new(&origin);
    builder = builder.line::<field::SessionName>(&Text("-"));
    let connection = plan.connection.as_deref().unwrap_or(&author.address);
    builder = connect(builder, connection)?;
    if let Some(offer) = offer {
        let times = offer.session().lines().filter(|line| {
            matches!(line.name(), FieldName::Time | FieldName::Repeat | FieldName::Zone)
        });
        builder = times.fold(builder, |builder, line| builder.copy(&line));
    }
    for group in &plan.groups {
        builder = write_group(builder, group, plan)?;
    }
    for (name, value) in &plan.attributes {
        builder = attribute(builder, name, value.as_deref());
    }
    for (index, slot) in plan.slots.iter().enumerate() {
        let located = |refusal: Refusal| Refusal::of(index, refusal.rule);
        builder = write_slot(builder, slot).map_err(located)?;
    }
    builder.finish().map_err(|error| Refusal::whole(Rule::Unwritable(error)))
}

fn unwritable(field: FieldName, fault: missiva_core::Fault) -> Refusal {
    let error =
        ParseError { kind: fault.kind, line: 0, field: crate::Part::Field(field), at: fault.at };
    Refusal::whole(Rule::Unwritable(error))
}

fn connect(builder: Builder, text: &str) -> Result<Builder, Refusal> {
    let value =
        Connection::parse(text).map_err(|fault| unwritable(FieldName::Connection, fault))?;
    Ok(builder.line::<field::Connection>(&value))
}

fn attribute(builder: Builder, name: &str, value: Option<&str>) -> Builder {
    match value {
        Some(value) => builder.attribute(name, value),
        None => builder.flag(name),
    }
}

/// Members that are not live go, and a group without members goes with them.
fn write_group(builder: Builder, group: &StreamGroup, plan: &Plan) -> Result<Builder, Refusal> {
    let live = |mid: &&ByteStr| {
        plan.slots.iter().filter_map(Slot::stream).any(|stream| stream.mid.as_ref() == Some(*mid))
    };
    let mut text = group.semantics.to_string();
    let mut members = group.mids.iter().filter(live).peekable();
    if members.peek().is_none() {
        return Ok(builder);
    }
    for mid in members {
        text.push(' ');
        text.push_str(mid);
    }
    let group = Group::parse(&text).map_err(|fault| unwritable(FieldName::Group, fault))?;
    Ok(builder.line::<field::Group>(&group))
}

fn write_slot(builder: Builder, slot: &Slot) -> Result<Builder, Refusal> {
    match slot {
        Slot::Live(stream) => write_stream(builder, stream),
        Slot::Refused { kind, protocol, formats } => media(builder, kind, 0, protocol, formats),
    }
}

fn media(
    builder: Builder,
    kind: &str,
    port: u16,
    protocol: &str,
    formats: &str,
) -> Result<Builder, Refusal> {
    // A refused stream needs a format like any other (RFC 3264 section 6), and some peers offer none.
    let formats = if formats.is_empty() { "0" } else { formats };
    let formats = Formats::parse(formats).map_err(|fault| unwritable(FieldName::Media, fault))?;
    Ok(builder.media(&MediaLine { media: kind, port, port_count: None, protocol, formats }))
}

fn write_stream(builder: Builder, stream: &Stream) -> Result<Builder, Refusal> {
    let formats = stream.format_text();
    let mut builder = media(builder, &stream.kind, stream.port, &stream.protocol, &formats)?;
    if let Some(information) = &stream.information {
        builder = builder.line::<field::Information>(&Text(information));
    }
    if let Some(connection) = &stream.connection {
        builder = connect(builder, connection)?;
    }
    for bandwidth in &stream.bandwidth {
        let value =
            Bandwidth::parse(bandwidth).map_err(|fault| unwritable(FieldName::Bandwidth, fault))?;
        builder = builder.line::<field::Bandwidth>(&value);
    }
    builder = write_codecs(builder, stream);
    builder = write_message(builder, stream);
    builder = write_file(builder, stream);
    let connection = [
        ("setup", stream.setup.map(crate::attribute::Setup::as_str)),
        ("mid", stream.mid.as_deref()),
    ];
    for (name, value) in connection {
        builder = value.into_iter().fold(builder, |builder, value| builder.attribute(name, value));
    }
    if let Some(reuse) = stream.reuse {
        builder = builder.attribute("connection", reuse.as_str());
    }
    if stream.rtcp_mux {
        builder = builder.flag("rtcp-mux");
    }
    if stream.preferred {
        builder = builder.flag(PREFERRED);
    }
    for (name, value) in &stream.attributes {
        builder = attribute(builder, name, value.as_deref());
    }
    Ok(builder.direction(stream.offered_direction()))
}

fn write_codecs(mut builder: Builder, stream: &Stream) -> Builder {
    for codec in &stream.codecs {
        let payload = codec.payload;
        let map = format!("{payload} {}/{}", codec.encoding, codec.clock_rate);
        builder = if codec.channels > 1 {
            builder.attribute("rtpmap", &format!("{map}/{}", codec.channels))
        } else {
            builder.attribute("rtpmap", &map)
        };
        if let Some(params) = &codec.fmtp {
            builder = builder.attribute("fmtp", &format!("{payload} {params}"));
        }
        for feedback in &codec.feedback {
            builder = builder.attribute("rtcp-fb", &format!("{payload} {feedback}"));
        }
    }
    builder
}

fn write_message(mut builder: Builder, stream: &Stream) -> Builder {
    let Some(message) = &stream.message else { return builder };
    builder = builder.attribute("accept-types", &message.accept_types);
    if let Some(types) = &message.accept_wrapped_types {
        builder = builder.attribute("accept-wrapped-types", types);
    }
    if let Some(size) = message.max_size {
        builder = builder.attribute("max-size", &size.to_string());
    }
    builder = builder.attribute("path", &message.path);
    if message.cema {
        builder = builder.flag("msrp-cema");
    }
    if let Some(tokens) = &message.chatroom {
        builder = if tokens.is_empty() {
            builder.flag("chatroom")
        } else {
            builder.attribute("chatroom", tokens)
        };
    }
    builder
}

fn write_file(mut builder: Builder, stream: &Stream) -> Builder {
    let Some(file) = &stream.file else { return builder };
    builder = if file.selector.is_empty() {
        builder.flag("file-selector")
    } else {
        builder.attribute("file-selector", &file.selector)
    };
    if !file.transfer_id.is_empty() {
        builder = builder.attribute("file-transfer-id", &file.transfer_id);
    }
    let texts = [
        ("file-disposition", &file.disposition),
        ("file-date", &file.date),
        ("file-icon", &file.icon),
    ];
    for (name, value) in texts {
        builder = value.iter().fold(builder, |builder, value| builder.attribute(name, value));
    }
    match file.range {
        Some(range) => builder.attribute("file-range", &range.to_text()),
        None => builder,
    }
}
