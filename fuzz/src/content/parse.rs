//! Bytes in, nothing assumed: no panic, limits hold, offsets lie inside the input.

use bytes::Bytes;
use missiva_content::Limits;
use missiva_content::cpim::Cpim;
use missiva_content::mime::TransferEncoding;
use missiva_content::mime::{
    ContentId, ContentType, Disposition, Entity, External, Junk, MediaRange,
};
use missiva_content::multipart::{Multipart, Tolerance, Walk};
use missiva_content::xml;

use super::watch::{DOCUMENTS, SMALL, is_within, located};

const LENIENT: Tolerance = Tolerance { missing_close: true, longer_line: true };

/// Headers with a body, and a body alone whose boundary is `b`.
pub fn multipart(data: &[u8]) {
    let whole = Bytes::copy_from_slice(data);
    for limits in [Limits::DEFAULT, SMALL] {
        let strict = split(&whole, Tolerance::NONE, &limits);
        let lenient = split(&whole, LENIENT, &limits);
        assert!(!strict || lenient, "leniency refuses what strictness accepts");
        let Ok(entity) = Entity::parse(whole.clone(), &limits) else { continue };
        match entity.multipart(LENIENT, &limits) {
            Ok(Some(parts)) => parts_of(&parts, &entity.body(), &limits),
            Ok(None) => {}
            Err(error) => located(&error, data),
        }
    }
}

fn split(body: &Bytes, tolerance: Tolerance, limits: &Limits) -> bool {
    match Multipart::split(body.clone(), "b", tolerance, limits) {
        Ok(parts) => {
            parts_of(&parts, body, limits);
            assert!(parts.is_closed() || tolerance.missing_close);
            true
        }
        Err(error) => {
            located(&error, body);
            false
        }
    }
}

fn parts_of(parts: &Multipart, body: &Bytes, limits: &Limits) {
    assert!(!parts.is_empty() && parts.len() <= limits.max_parts);
    assert!(parts.parts().all(|part| is_within(&part, body)), "a part was copied");
    let joined: Vec<u8> = parts.pieces().flat_map(Vec::from).collect();
    assert_eq!(joined, *body, "every byte is in one piece");
    for leaf in Walk::new(parts, LENIENT, *limits) {
        match leaf {
            Ok(leaf) => assert!(leaf.depth <= limits.max_nesting),
            Err(error) => located(&error, body),
        }
    }
}

/// A message, all of whose headers are asked for.
pub fn cpim(data: &[u8]) {
    for limits in [Limits::DEFAULT, SMALL] {
        let message = match Cpim::parse(Bytes::copy_from_slice(data), &limits) {
            Ok(message) => message,
            Err(error) => {
                located(&error, data);
                continue;
            }
        };
        assert_eq!(message.bytes(), data);
        assert!(message.headers().len() <= limits.max_headers);
        for header in message.headers() {
            assert!(is_within(header.raw(), message.bytes()) || header.raw().is_empty());
            match header.typed() {
                Ok(value) => assert!(!format!("{value:?}").is_empty()),
                Err(error) => located(&error, data),
            }
            let _ = (header.language(), header.params().count(), header.namespace());
        }
        for line in message.content().headers() {
            line.typed().map_or_else(|error| located(&error, data), drop);
        }
        let asked = [
            message.from().err(),
            message.date_time().err(),
            message.subject("fr-CA").err(),
            message.message_id().err(),
            message.wants().err(),
            message.original_to().err(),
            message.content_type().err(),
            message.decoded(Junk::Skip).err(),
            message.decoded(Junk::Refuse).err(),
            message.unmet(|_, _| false).err(),
        ];
        let lists = message.to().chain(message.cc()).chain(message.routes());
        let lists = lists.chain(message.record_routes()).filter_map(Result::err);
        for error in asked.into_iter().flatten().chain(lists).chain(message.faults()) {
            located(&error, data);
        }
        assert!(data.ends_with(&message.entity()) && message.entity().ends_with(&message.body()));
    }
}

/// Headers with a body, and any text as a value.
pub fn mime(data: &[u8]) {
    for limits in [Limits::DEFAULT, SMALL] {
        let entity = match Entity::parse(Bytes::copy_from_slice(data), &limits) {
            Ok(entity) => entity,
            Err(error) => {
                located(&error, data);
                continue;
            }
        };
        for header in entity.head().headers() {
            header.typed().map_or_else(|error| located(&error, data), drop);
        }
        for error in entity.head().faults() {
            located(&error, data);
        }
        for junk in [Junk::Refuse, Junk::Skip] {
            match entity.decoded(junk) {
                Ok(plain) => assert!(plain.len() <= entity.body().len()),
                Err(error) => located(&error, data),
            }
        }
        External::of(&entity, &limits).map_or_else(|error| located(&error, data), drop);
    }
    let body = Bytes::copy_from_slice(data);
    for encoding in [TransferEncoding::Base64, TransferEncoding::QuotedPrintable] {
        let encoded = encoding.encode(&body).expect("any bytes");
        assert_eq!(encoding.decode(&encoded, Junk::Refuse), Ok(body.clone()));
        let (strict, lax) =
            (encoding.decode(&body, Junk::Refuse), encoding.decode(&body, Junk::Skip));
        if let Ok(strict) = strict {
            assert_eq!(lax, Ok(strict), "what needs no leniency is read alike");
        }
    }
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(kind) = ContentType::parse(text) {
        let written = kind.to_string();
        let again = ContentType::parse(&written).expect("what was written is read");
        assert_eq!(again.to_string(), written);
        // Names are written in small letters.
        assert!(again.is(&format!("{}/{}", kind.kind, kind.subtype)), "{written}");
        for param in kind.params.iter() {
            assert_eq!(kind.params.text(param.name), again.params.text(param.name), "{written}");
        }
        assert!(kind.strict_fault().is_none_or(|fault| fault.at as usize <= text.len()));
    }
    if let Ok(disposition) = Disposition::parse(text) {
        let _ = (disposition.filename(), disposition.size(), disposition.is_optional());
    }
    if let Ok(id) = ContentId::parse(text) {
        assert!(id.is_target_of(&id.to_uri()), "{text:?}");
    }
    let _ = MediaRange::parse(text);
}

/// Every reader of documents.
pub fn xml(data: &[u8]) {
    for limits in [Limits::DEFAULT, SMALL] {
        xml::root(data, &limits).map_or_else(|error| located(&error, data), drop);
        for read in DOCUMENTS {
            read(data, &limits).map_or_else(|error| located(&error, data), drop);
        }
    }
}
