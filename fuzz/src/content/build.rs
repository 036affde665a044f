//! What the builders give out is what was asked for, or a fault.

use arbitrary::{Result, Unstructured};
use bytes::Bytes;
use missiva_content::Limits;
use missiva_content::cpim::{Address, Builder, Cpim};
use missiva_content::imdn::Dispositions;
use missiva_content::mime::{self, Entity, Junk, TransferEncoding};
use missiva_content::multipart::{self, Tolerance};

use super::draw::{line, maybe, text, token};

/// A multipart of any parts and any boundary.
pub fn multipart(data: &[u8]) {
    let _ = build_multipart(&mut Unstructured::new(data));
}

fn build_multipart(from: &mut Unstructured<'_>) -> Result<()> {
    let boundary = if from.arbitrary()? { token(from)? } else { text(from)? };
    let mut builder = multipart::Builder::new("multipart/related");
    if let Some(value) = maybe(from, text)? {
        builder = builder.param("type", &value);
    }
    let mut bodies = Vec::new();
    for _ in 0..from.int_in_range(0..=4)? {
        let encoding = *from.choose(&[
            TransferEncoding::Base64,
            TransferEncoding::QuotedPrintable,
            TransferEncoding::Binary,
        ])?;
        let mut body = text(from)?;
        if from.ratio(1, 4)? {
            body.push_str(&format!("\r\n--{boundary}\r\n"));
        }
        let part = mime::Builder::new("text/plain").encoding(encoding);
        let Ok(part) = part.body(Bytes::from(body.clone())).finish() else { continue };
        builder = builder.part(part);
        bodies.push(body);
    }
    let Ok(built) = builder.finish_with(&boundary) else { return Ok(()) };
    let head = format!("Content-Type: {}\r\n\r\n", built.content_type);
    let whole = [head.as_bytes(), &built.to_bytes()].concat();
    let entity = Entity::parse(whole.into(), &Limits::lab()).expect("a head of our own");
    let parts = entity.multipart(Tolerance::NONE, &Limits::lab()).expect("a sound multipart");
    let parts = parts.expect("a multipart");
    let read: Vec<_> = parts
        .entities(&Limits::lab())
        .map(|part| part.expect("a part").decoded(Junk::Refuse).expect("its body"))
        .collect();
    assert_eq!(read, bodies);
    Ok(())
}

/// A message of any headers.
pub fn cpim(data: &[u8]) {
    let _ = build_cpim(&mut Unstructured::new(data));
}

fn build_cpim(from: &mut Unstructured<'_>) -> Result<()> {
    let (name, uri, id, subject) = (line(from)?, text(from)?, text(from)?, text(from)?);
    let to = Address::new("im:b@example.com");
    let author = Address::named(&name, &uri);
    let wanted = Dispositions::from_bits(from.arbitrary()?);
    let language = maybe(from, token)?;
    let (namespace, header, value) = (token(from)?, text(from)?, text(from)?);
    let mut builder = Builder::between(&author, &to)
        .message_id(&id)
        .wants(wanted)
        .subject(&subject, language.as_deref());
    let has_header = from.arbitrary()?;
    if has_header {
        builder = builder.header(&format!("urn:{namespace}"), &header, &value);
    }
    let body = text(from)?;
    let content = mime::Builder::new("text/plain").body(body.clone().into()).finish();
    let Ok(content) = content else { return Ok(()) };
    let Ok(built) = builder.content(content).finish() else { return Ok(()) };
    let bytes = Bytes::from(built.to_vec());
    let message = Cpim::parse(bytes, &Limits::lab()).expect("what was built is a message");
    let read = message.from().expect("an address").expect("an author");
    assert_eq!(read.uri(), uri);
    assert_eq!(message.to().count(), 1);
    assert_eq!(message.message_id(), Ok(Some(&*id)));
    assert_eq!(message.wants(), Ok(wanted));
    let (tag, got) = (language.unwrap_or_default(), subject.as_str());
    assert_eq!(message.subject(&tag).expect("text").as_deref(), Some(got));
    if has_header {
        let mut found = message.headers().filter(|one| one.name() == header);
        assert!(found.any(|one| one.plain().is_ok_and(|text| text == value)), "{header:?}");
    }
    assert_eq!(message.body(), body);
    Ok(())
}
