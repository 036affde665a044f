//! Messages from the builder, and messages that were edited.

use arbitrary::{Result, Unstructured};
use bytes::Bytes;
use missiva_sip::frame::{self, Frame, FrameError};
use missiva_sip::header::{Address, MaxForwards, MediaType, RouteEntry, Value, Via};
use missiva_sip::uri::escape::{Component, escape};
use missiva_sip::{Builder, Edit, HeaderName, Limits, Message, Method, Uri, field};

use super::super::draw::{self, maybe};
use super::super::watch;

fn framed(bytes: Vec<u8>) -> Message {
    match frame::datagram(bytes.clone().into(), &Limits::lab()) {
        Ok(Frame::Message(message)) => message,
        other => panic!("{:?} is read as {other:?}", String::from_utf8_lossy(&bytes)),
    }
}

/// Whatever is handed to the builder, what it gives out is the message that was asked for; or it gives a fault.
pub fn message(data: &[u8]) {
    let _ = message_from(&mut Unstructured::new(data));
}

/// A header name and a value, some of which cannot stand in a message.
fn line(from: &mut Unstructured<'_>) -> Result<(String, String)> {
    let name = match from.int_in_range(0..=3)? {
        0 => draw::token(from)?,
        1 => draw::text(from)?,
        _ => {
            let names: Vec<HeaderName> = HeaderName::all().collect();
            from.choose(&names)?.as_str().to_owned()
        }
    };
    let value = match from.int_in_range(0..=3)? {
        0 => draw::text(from)?,
        1 => draw::token(from)?,
        2 => format!("<sip:{}>", draw::host(from)?),
        _ => from.arbitrary::<u32>()?.to_string(),
    };
    Ok((name, value))
}

fn message_from(from: &mut Unstructured<'_>) -> Result<()> {
    let method = if from.arbitrary()? { draw::token(from)? } else { draw::text(from)? };
    let target =
        format!("sip:{}@{}", escape(&draw::text(from)?, Component::User), draw::host(from)?);
    let target = Uri::parse(&target).or_else(|_| Uri::parse("tel:+1")).expect("a URI");
    let (code, reason) = (from.arbitrary::<u16>()?, draw::text(from)?);
    let request = from.arbitrary::<bool>()?;
    let mut builder = if request {
        Builder::request(Method::new(&method), &target)
    } else {
        Builder::response(code, &reason)
    };
    let mut lines = Vec::new();
    for _ in 0..from.int_in_range(0..=6)? {
        let (name, value) = line(from)?;
        builder = builder.text(&name, &value);
        lines.push((name, value));
    }
    let media = MediaType::parse("text/plain").expect("a media type");
    let body = maybe(from, |from| from.bytes(from.len().min(32)).map(<[u8]>::to_vec))?;
    if let Some(body) = &body {
        builder = builder.body(&media, Bytes::copy_from_slice(body));
    }
    let Ok(payload) = builder.finish() else {
        return Ok(());
    };

    let built = framed(payload.to_vec());
    watch::message(&built, &Limits::lab());
    assert_eq!(&built.body()[..], body.as_deref().unwrap_or_default());
    if request {
        assert_eq!(built.method(), Some(Method::new(&method)));
        let uri = built.request_uri().expect("a request").expect("a URI");
        assert_eq!(uri.as_str(), target.as_str());
    } else {
        assert_eq!(built.status(), Some(code));
    }
    let mut headers = built.headers();
    for (name, value) in &lines {
        let header = headers.next().expect("no line is lost");
        assert_eq!(header.spelling(), name);
        assert_eq!(header.bytes(), value.trim_matches([' ', '\t']).as_bytes());
        let mut faults = watch::Nothing;
        assert_eq!(missiva_sip::header::visit(&header, &mut faults), Ok(()), "{name}: {value}");
    }
    assert_eq!(headers.len(), usize::from(body.is_some()) + 1, "and none is added");
    Ok(())
}

/// Whatever message is edited, it stays one, and what was not touched leaves as it came.
pub fn edit(data: &[u8]) {
    // The bytes of the message choose the edits, so that every message is good as a seed.
    let plan = data.iter().fold(7u32, |sum, byte| sum.wrapping_mul(31) ^ u32::from(*byte));
    let plan = plan.wrapping_mul(0x9e37_79b9).to_be_bytes();
    let Ok(Frame::Message(message)) = frame::datagram(Bytes::copy_from_slice(data), &Limits::lab())
    else {
        return;
    };
    let same = Edit::new(&message).finish();
    let mut expected = message.head().to_vec();
    let has_length = message.has(HeaderName::ContentLength);
    if !has_length {
        expected.truncate(expected.len() - 2);
        expected.extend(format!("Content-Length: {}\r\n\r\n", message.body_len()).into_bytes());
    }
    assert_eq!(
        (&same.head[..], &same.body),
        (&expected[..], &message.body()),
        "no edit changes more"
    );

    let via = Via::parse("SIP/2.0/UDP proxy.example.com;branch=z9hG4bKnew").expect("a Via");
    let hop = Address::parse("<sip:proxy.example.com;lr>").expect("an address");
    let mut edit = Edit::new(&message);
    let mut touched = Vec::new();
    touch(&mut touched, HeaderName::ContentLength, !has_length);
    for step in plan {
        match step % 11 {
            0 => touch(&mut touched, HeaderName::Via, edit.push_via(&via).is_ok()),
            1 => touch(&mut touched, HeaderName::Via, edit.pop_via().is_ok()),
            2 => touch(&mut touched, HeaderName::RecordRoute, edit.add_record_route(&hop).is_ok()),
            3 => touch(&mut touched, HeaderName::Route, edit.consume_route().is_ok()),
            4 => {
                let other = Uri::parse("sip:other.example.com").expect("a URI");
                edit.set_request_uri(&other).expect("a URI without headers");
            }
            5 => {
                touch(&mut touched, HeaderName::MaxForwards, edit.decrement_max_forwards().is_ok())
            }
            6 => touch(
                &mut touched,
                HeaderName::MaxForwards,
                edit.set::<field::MaxForwards>(&MaxForwards(1)).is_ok(),
            ),
            7 => touch(
                &mut touched,
                HeaderName::Route,
                edit.insert_first::<field::Route>(&RouteEntry(hop)).is_ok(),
            ),
            8 => touch(&mut touched, HeaderName::Subject, edit.remove(HeaderName::Subject) > 0),
            9 => touch(
                &mut touched,
                HeaderName::Route,
                edit.replace_first::<field::Route>(&RouteEntry(hop)).is_ok(),
            ),
            _ => touch(
                &mut touched,
                HeaderName::Organization,
                edit.add_text("Organization", "edited").is_ok(),
            ),
        }
    }
    let payload = edit.finish();
    assert_eq!(payload.body, message.body());
    let edited = framed(payload.to_vec());
    assert_eq!(edited.body(), message.body());
    assert_eq!(edited.method(), message.method());
    assert_eq!(edited.status(), message.status());
    let untouched = |message: &Message| -> Vec<(String, Vec<u8>)> {
        message
            .headers()
            .filter(|header| !touched.contains(&header.name()))
            .map(|header| (header.spelling().to_owned(), header.bytes().to_vec()))
            .collect()
    };
    assert_eq!(untouched(&edited), untouched(&message));
}

fn touch(touched: &mut Vec<HeaderName>, name: HeaderName, done: bool) {
    if done {
        touched.push(name);
    }
}

/// A response to whatever could be read of a request, good or bad, is a sound message with the same fields.
pub fn reply(data: &[u8]) {
    let request = match frame::datagram(Bytes::copy_from_slice(data), &Limits::lab()) {
        Ok(Frame::Message(message)) => message,
        Err(FrameError { message: Some(message), .. }) => *message,
        _ => return,
    };
    for code in [100, 400] {
        let Ok(payload) = Builder::reply(&request, code, "x", Some("new")).finish() else {
            continue;
        };
        let response = framed(payload.to_vec());
        watch::message(&response, &Limits::lab());
        assert_eq!((response.status(), response.body().len()), (Some(code), 0));
        for name in [HeaderName::Via, HeaderName::From, HeaderName::CallId, HeaderName::CSeq] {
            let values = |message: &Message| -> Vec<Vec<u8>> {
                let lines = message.headers().filter(|header| header.name() == name);
                // Of a field that may stand once, the first line is taken.
                let lines = lines.take(if name == HeaderName::Via { usize::MAX } else { 1 });
                lines.map(|header| header.bytes().to_vec()).collect()
            };
            assert_eq!(values(&response), values(&request), "{name}");
        }
        let tag = |message: &Message| match message.only::<field::To>() {
            Ok(to) => Some(to.params.get("tag").map(|tag| tag.value.map(str::to_owned))),
            _ => None,
        };
        if let (400, Some(before)) = (code, tag(&request)) {
            assert_eq!(tag(&response), Some(before.or_else(|| Some(Some("new".to_owned())))));
        }
    }
}
