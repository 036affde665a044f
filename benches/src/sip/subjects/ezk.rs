//! ezk-sip-types: reference-counted slices, typed on demand with nom 7.
//!
//! The crate has lines and headers, not messages: its companion core crate puts them
//! together, bound to a runtime. The few lines that do so are repeated here, in the cheapest
//! form that its interface allows (values stay slices).

use std::io::Write as _;

use bytesstr::BytesStr;
use ezk_sip_types::header::typed::{
    Allow, CSeq, CallID, Contact, ContentLength, ContentType, FromTo, MaxForwards, Routing,
    SessionExpires, Supported, Via,
};
use ezk_sip_types::msg::{Line, MessageLine, PullParser};
use ezk_sip_types::parse::Parse;
use ezk_sip_types::print::AppendCtx;
use ezk_sip_types::{Headers, Name};

use crate::sip::check::OUR_VIA;
use crate::sip::corpus::{Sample, Start};
use crate::sip::subject::{Level, Refused, Seen, Subject, Task, Wire};

pub(super) struct Ezk;

struct Message {
    line: MessageLine,
    headers: Headers,
    body: bytes::Bytes,
}

fn parse(sample: &Sample) -> Result<Message, Refused> {
    let raw = &sample.raw;
    let mut lines = PullParser::new(raw, 0);
    let text = |line: Option<Result<_, _>>| match line {
        Some(Ok(bytes)) => std::str::from_utf8(bytes).map(Some).map_err(|_| Refused),
        Some(Err(_)) => Err(Refused),
        None => Ok(None),
    };
    let first = text(lines.next())?.ok_or(Refused)?;
    let (_, line) = MessageLine::parse(raw)(first).map_err(|_| Refused)?;
    let mut headers = Headers::with_capacity(32);
    while let Some(line) = text(lines.next())? {
        let (_, Line { name, value }) = Line::parse(raw, line).map_err(|_| Refused)?;
        headers.extend([(name, value)]);
    }
    let start = lines.head_end();
    // RFC 3261 18.3: without Content-Length, a datagram's body is all that follows.
    let end = match headers.try_get_named::<ContentLength>() {
        Some(Ok(length)) => start.checked_add(length.0),
        Some(Err(_)) => None,
        None => Some(raw.len()),
    };
    let end = end.filter(|end| *end <= raw.len()).ok_or(Refused)?;
    Ok(Message { line, headers, body: raw.slice(start..end) })
}

fn write(message: &Message, wire: &mut Wire) -> Result<(), Refused> {
    let out = wire.buffer();
    write!(out, "{}\r\n{}\r\n", message.line.default_print_ctx(), message.headers)
        .map_err(|_| Refused)?;
    out.extend_from_slice(&message.body);
    Ok(())
}

impl Subject for Ezk {
    fn name(&self) -> &'static str {
        "ezk-sip-types 0.6.5"
    }

    fn level(&self, task: Task) -> Option<Level> {
        Some(match task {
            Task::Frame | Task::Index | Task::Forward => Level::Names,
            Task::ProxyTop | Task::Typed => Level::Typed,
            Task::Build => Level::Text,
        })
    }

    fn index(&mut self, sample: &Sample) -> Result<Seen, Refused> {
        let message = std::hint::black_box(parse(sample)?);
        Ok(Seen::lines(message.headers.iter().count()))
    }

    fn proxy_top(&mut self, sample: &Sample) -> Result<Seen, Refused> {
        let headers = parse(sample)?.headers;
        let mut seen = Seen::default();
        seen.note_opt(headers.try_get_named::<Via>());
        seen.note_opt(headers.try_get::<Routing>(Name::ROUTE));
        seen.note_opt(headers.try_get_named::<MaxForwards>());
        seen.note_opt(headers.try_get::<FromTo>(Name::FROM));
        seen.note_opt(headers.try_get::<FromTo>(Name::TO));
        seen.note_opt(headers.try_get_named::<CallID>());
        seen.note_opt(headers.try_get_named::<CSeq>());
        seen.note_opt(headers.try_get_named::<ContentLength>());
        Ok(seen)
    }

    fn typed(&mut self, sample: &Sample) -> Result<Seen, Refused> {
        let headers = parse(sample)?.headers;
        let mut seen = Seen::lines(headers.iter().count());
        seen.note_opt(headers.try_get_named::<Vec<Via>>());
        seen.note_opt(headers.try_get::<Vec<Routing>>(Name::ROUTE));
        seen.note_opt(headers.try_get::<Vec<Routing>>(Name::RECORD_ROUTE));
        seen.note_opt(headers.try_get_named::<Vec<Contact>>());
        seen.note_opt(headers.try_get::<FromTo>(Name::FROM));
        seen.note_opt(headers.try_get::<FromTo>(Name::TO));
        seen.note_opt(headers.try_get_named::<CallID>());
        seen.note_opt(headers.try_get_named::<CSeq>());
        seen.note_opt(headers.try_get_named::<MaxForwards>());
        seen.note_opt(headers.try_get_named::<Vec<Allow>>());
        seen.note_opt(headers.try_get_named::<Vec<Supported>>());
        seen.note_opt(headers.try_get_named::<SessionExpires>());
        seen.note_opt(headers.try_get_named::<ContentType>());
        seen.note_opt(headers.try_get_named::<ContentLength>());
        Ok(seen)
    }

    fn forward(&mut self, sample: &Sample, wire: &mut Wire) -> Result<(), Refused> {
        let mut message = parse(sample)?;
        let headers = &mut message.headers;
        if message.line.is_request() {
            let hops: MaxForwards = headers.get_named().map_err(|_| Refused)?;
            headers.remove(&Name::MAX_FORWARDS);
            headers.insert_named(&MaxForwards(hops.0.saturating_sub(1)));
            drop_first(headers, Name::ROUTE);
            // Inserting in front of values of the same name would put ours behind them.
            let others = headers.remove(&Name::VIA).unwrap_or_default();
            headers.insert_front(Name::VIA, OUR_VIA);
            headers.extend(others.into_iter().map(|value| (Name::VIA, value)));
        } else {
            drop_first(headers, Name::VIA);
        }
        write(&message, wire)
    }

    fn build(&mut self, sample: &Sample, wire: &mut Wire) -> Result<(), Refused> {
        let plan = &sample.plan;
        let start = match &plan.start {
            Start::Request { method, uri } => format!("{method} {uri} SIP/2.0"),
            Start::Response { code, reason } => format!("SIP/2.0 {code} {reason}"),
        };
        let line: MessageLine = start.parse().map_err(|_| Refused)?;
        let mut headers = Headers::with_capacity(32);
        for (name, value) in &plan.headers {
            headers.insert(BytesStr::from(name.as_str()), value.as_str());
        }
        write(&Message { line, headers, body: plan.body.clone() }, wire)
    }
}

/// Its headers cannot lose one value of several, so all are taken and the rest put back.
fn drop_first(headers: &mut Headers, name: Name) {
    let values = headers.remove(&name).unwrap_or_default();
    headers.extend(values.into_iter().skip(1).map(|value| (name.clone(), value)));
}
