//! A body that is somewhere else: `message/external-body` (RFC 2046 section 5.2.3, RFC 2017).

use std::borrow::Cow;

use bytes::Bytes;
use missiva_core::{Fault, FaultKind};

use super::{ContentType, Entity};
use crate::error::Place;
use crate::{Limits, ParseError, Part};

/// Where the content is, and what it will be once it is fetched.
///
/// CPM forwards a stored object by its IMAP URL in this shape, without the client having it.
///
/// ```
/// use bytes::Bytes;
/// use missiva_content::Limits;
/// use missiva_content::mime::{Access, Entity, External};
///
/// let bytes = Bytes::from_static(b"Content-Type: message/external-body; access-type=URL;\r\n \
///     URL=\"imap://store.example.com/a;\r\n uid=7\"; size=12\r\n\r\nContent-Type: image/jpeg\r\nContent-ID: <1@a>\r\n\r\n");
/// let entity = Entity::parse(bytes, &Limits::DEFAULT)?;
/// let external = External::of(&entity, &Limits::DEFAULT)?.expect("it is one");
/// assert_eq!(external.access, Access::Url("imap://store.example.com/a;uid=7".into()));
/// assert_eq!(external.size, Some(12));
/// assert!(external.content.content_type()?.is("image/jpeg"));
/// # Ok::<(), missiva_content::ParseError>(())
/// ```
#[derive(Clone, Debug)]
pub struct External<'a> {
    /// How to get at the content.
    pub access: Access<'a>,
    /// Bytes of the content before any transfer encoding.
    pub size: Option<u64>,
    /// When it goes away, as its writer has it: a date of RFC 5322.
    pub expiration: Option<Cow<'a, str>>,
    /// Whether it may be changed there (`permission=read-write`).
    pub writable: bool,
    /// The headers that the content will have; whatever stands behind them means nothing for a URL.
    pub content: Entity,
}

/// How to get at content that is somewhere else.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Access<'a> {
    /// By its URL (RFC 2017 section 3), white space taken out, which is how a long one is broken.
    Url(String),
    /// In another way (`ftp`, `mail-server` …), whose parameters are those of the content type.
    Other(Cow<'a, str>),
}

/// The type itself.
const ESSENCE: &str = "message/external-body";

impl<'a> External<'a> {
    /// What `entity` points to; `None` when it is no external body.
    ///
    /// # Errors
    ///
    /// No `access-type`, a URL missing or with a character that no URL has, a size that is no number, or headers
    /// that are none.
    pub fn of(entity: &'a Entity, limits: &Limits) -> Result<Option<Self>, ParseError> {
        let kind = entity.content_type()?;
        if !kind.is(ESSENCE) {
            return Ok(None);
        }
        let faulty = |fault: FaultKind| {
            let value = entity.head().get("Content-Type").map_or(0, |header| {
                header.value().as_ptr() as usize - entity.bytes().as_ptr() as usize
            });
            Fault::new(fault, 0).of(Part::Mime("Content-Type"), value)
        };
        let text = |name| kind.params.text(name);
        let access = text("access-type").ok_or_else(|| faulty(FaultKind::Empty))?;
        let access = if access.eq_ignore_ascii_case("URL") {
            let url = text("URL").ok_or_else(|| faulty(FaultKind::Empty))?;
            Access::Url(url_of(&url).ok_or_else(|| faulty(FaultKind::Unexpected))?)
        } else {
            Access::Other(access)
        };
        let size = text("size").map(|size| size.parse().map_err(|_| faulty(FaultKind::Number)));
        let content = Entity::parse(entity.body(), limits)
            .map_err(|error| error.shifted(entity.body_at()))?;
        Ok(Some(Self {
            access,
            size: size.transpose()?,
            expiration: text("expiration"),
            writable: text("permission")
                .is_some_and(|word| word.eq_ignore_ascii_case("read-write")),
            content,
        }))
    }

    /// The value of `Content-Type` and the body of a reference to `url`. `headers` are those that the content will
    /// have, [built](super::Builder) without a body; RFC 2046 wants a `Content-ID` among them.
    ///
    /// # Errors
    ///
    /// [`FaultKind::Unexpected`] for a URL with white space or a character beyond ASCII, which it has to escape.
    pub fn compose(
        url: &str,
        size: Option<u64>,
        headers: &Bytes,
    ) -> Result<(String, Bytes), Fault> {
        if let Some(at) = url.bytes().position(|byte| !byte.is_ascii_graphic()) {
            return Err(Fault::new(FaultKind::Unexpected, at));
        }
        let size = size.map(|size| size.to_string());
        let mut params = vec![("access-type", "URL"), ("URL", url)];
        params.extend(size.as_deref().map(|size| ("size", size)));
        Ok((ContentType::compose(ESSENCE, &params)?, headers.clone()))
    }
}

/// The URL without the white space that breaks it; `None` when something else in it is no part of a URL.
fn url_of(text: &str) -> Option<String> {
    let url: String = text.split_ascii_whitespace().collect();
    (!url.is_empty() && url.bytes().all(|byte| byte.is_ascii_graphic())).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entity(kind: &str) -> Entity {
        let text =
            format!("X: y\r\nContent-Type: {kind}\r\n\r\nContent-Type: text/plain\r\n\r\nphantom");
        Entity::parse(Bytes::from(text), &Limits::DEFAULT).unwrap()
    }

    #[test]
    fn what_lacks_its_place_is_refused() {
        for (kind, fault) in [
            ("message/external-body", FaultKind::Empty),
            ("message/external-body;access-type=URL", FaultKind::Empty),
            ("message/external-body;access-type=URL;URL=\" \"", FaultKind::Unexpected),
            ("message/external-body;access-type=url;URL=\"http://a/ä\"", FaultKind::Unexpected),
            ("message/external-body;access-type=x;size=y", FaultKind::Number),
        ] {
            let entity = entity(kind);
            let error = External::of(&entity, &Limits::DEFAULT).unwrap_err();
            assert_eq!(
                (error.kind, error.field, error.at),
                (fault, Part::Mime("Content-Type"), 20),
                "{kind}"
            );
        }
        assert!(External::of(&entity("message/cpim"), &Limits::DEFAULT).unwrap().is_none());
    }

    #[test]
    fn other_ways_and_what_is_said_about_them_are_kept() {
        // RFC 2046 section 5.2.3.3, in part.
        let entity = entity(
            "message/external-body; access-type=ANON-FTP; site=\"a.example\"; permission=read-write; expiration=\"Fri, 14 Jun 1991 19:13:14 -0400\"",
        );
        let external = External::of(&entity, &Limits::DEFAULT).unwrap().unwrap();
        assert_eq!(external.access, Access::Other("ANON-FTP".into()));
        assert!(external.writable && external.expiration.unwrap().starts_with("Fri"));
    }

    #[test]
    fn a_reference_is_read_back() {
        let headers = Bytes::from_static(b"Content-Type: video/mp4\r\nContent-ID: <v@a>\r\n\r\n");
        let url = "imap://bob@store.example.com/Default/c1;UIDVALIDITY=3/;UID=7;URLAUTH=submit+bob:internal:91354a";
        let (kind, body) = External::compose(url, Some(1_048_576), &headers).unwrap();
        let bytes = [format!("Content-Type: {kind}\r\n\r\n").as_bytes(), &body].concat();
        let entity = Entity::parse(bytes.into(), &Limits::DEFAULT).unwrap();
        let external = External::of(&entity, &Limits::DEFAULT).unwrap().unwrap();
        assert_eq!(
            (external.access, external.size),
            (Access::Url(url.to_owned()), Some(1_048_576))
        );
        assert!(external.content.content_type().unwrap().is("video/mp4"));
        assert!(External::compose("http://a b", None, &headers).is_err());
    }
}
