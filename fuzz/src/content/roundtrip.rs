//! What was accepted is written again, and read again as the same.

use bytes::Bytes;
use missiva_content::Limits;
use missiva_content::cpim::{Builder, Cpim, CpimValue, Edit, Known};
use missiva_content::mime::Entity;
use missiva_content::multipart::{self, Multipart, Tolerance};
use missiva_core::Payload;

use super::watch::DOCUMENTS;

/// The parts of a multipart, put together with another boundary.
pub fn multipart(data: &[u8]) {
    let limits = Limits::DEFAULT;
    let body = Bytes::copy_from_slice(data);
    let Ok(parts) = Multipart::split(body, "b", Tolerance::NONE, &limits) else { return };
    let mut builder = multipart::Builder::new("multipart/mixed");
    for part in parts.parts() {
        builder = builder.part(Payload { head: part, ..Payload::default() });
    }
    // A part that holds the new boundary is refused.
    let Ok(built) = builder.finish_with("another") else { return };
    let head = format!("Content-Type: {}\r\n\r\n", built.content_type);
    let whole = [head.as_bytes(), &built.to_bytes()].concat();
    let entity = Entity::parse(whole.into(), &limits).expect("a head of our own");
    let again = entity.multipart(Tolerance::NONE, &limits).expect("a sound multipart");
    let again = again.expect("a multipart");
    assert!(again.parts().eq(parts.parts()), "the parts are other ones");
}

/// A message without an edit is the bytes that came, and its addresses and dates are written as they were read.
pub fn cpim(data: &[u8]) {
    let Ok(message) = Cpim::parse(Bytes::copy_from_slice(data), &Limits::DEFAULT) else { return };
    let same = Edit::new(&message).finish().expect("no edit").to_vec();
    assert_eq!(same, data, "no edit changes nothing");
    let mut builder = Builder::new();
    let mut kept = Vec::new();
    for header in message.headers() {
        let Ok(value) = header.typed() else { continue };
        builder = match (&value, header.known()) {
            (CpimValue::Address(address), Known::From) => builder.from(address),
            (CpimValue::Address(address), Known::To) => builder.to(address),
            (CpimValue::DateTime(date), _) => builder.date_time(*date),
            (CpimValue::Text(text), Known::Subject) => builder.subject(text, header.language()),
            _ => continue,
        };
        kept.push(format!("{value:?}"));
    }
    // What only a lenient reader takes is not written.
    let Ok(built) = builder.finish() else { return };
    let again = Cpim::parse(built.to_vec().into(), &Limits::lab()).expect("what was written");
    let read = again.headers().map(|header| format!("{:?}", header.typed().expect("a value")));
    let wrong: Vec<_> = read.filter(|value| !kept.contains(value)).collect();
    let dates = wrong.iter().all(|value| value.starts_with("DateTime"));
    assert!(dates, "{wrong:?} of {kept:?}");
}

/// A document of any kind: its value is written, read as the same, and written alike.
pub fn xml(data: &[u8]) {
    for read in DOCUMENTS {
        let Ok((_, written)) = read(data, &Limits::DEFAULT) else { continue };
        for bytes in &written {
            let (value, again) = read(bytes, &Limits::lab()).unwrap_or_else(|error| {
                panic!("{error}: {}", String::from_utf8_lossy(bytes));
            });
            // A value may differ from what came in what writing makes plain; from then on it is the same.
            assert_eq!(again, written, "{}", String::from_utf8_lossy(bytes));
            let (once_more, _) = read(bytes, &Limits::lab()).expect("the same bytes");
            assert_eq!(value, once_more);
        }
    }
}
