//! A body with its own headers: a part of a multipart, the content of a CPIM message, a stored object.

use bytes::Bytes;

use super::Head;
use super::index::{Buffer, Slot, index};
use super::{ContentType, Junk};
use crate::error::Place;
use crate::multipart::{Multipart, Tolerance};
use crate::{Limits, ParseError, Part};

/// Headers, an empty line, a body: one buffer, of which nothing was changed or copied.
///
/// ```
/// use bytes::Bytes;
/// use missiva_content::Limits;
/// use missiva_content::mime::{Entity, Junk};
///
/// let bytes = Bytes::from_static(b"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\nSGVsbG8=");
/// let entity = Entity::parse(bytes, &Limits::DEFAULT)?;
/// assert!(entity.content_type()?.is("text/plain"));
/// assert_eq!(entity.decoded(Junk::Refuse)?, "Hello");
/// # Ok::<(), missiva_content::ParseError>(())
/// ```
#[derive(Clone)]
pub struct Entity {
    buffer: Buffer,
    slots: Vec<Slot>,
    body: usize,
}

/// Room for the headers of an ordinary part.
const USUAL_HEADERS: usize = 8;

impl Entity {
    /// Reads the headers; what they say is read on demand.
    ///
    /// # Errors
    ///
    /// A line that is no header, a line end that is none, a NUL before the body, a limit.
    pub fn parse(bytes: Bytes, limits: &Limits) -> Result<Self, ParseError> {
        let mut slots = Vec::with_capacity(USUAL_HEADERS);
        let body = index(&bytes, 0, limits, &mut slots)?;
        Ok(Self { buffer: Buffer::new(bytes, body), slots, body })
    }

    /// The headers.
    #[must_use]
    pub fn head(&self) -> Head<'_> {
        Head::new(self.buffer.raw(), &self.slots, self.buffer.bytes.len() - self.body)
    }

    /// What the body is: what its header says, or plain text.
    ///
    /// # Errors
    ///
    /// Two such headers, or one that cannot be read.
    pub fn content_type(&self) -> Result<ContentType<'_>, ParseError> {
        Ok(self.head().content_type()?.unwrap_or(ContentType::DEFAULT))
    }

    /// The body as it came.
    #[must_use]
    pub fn body(&self) -> Bytes {
        self.buffer.bytes.slice(self.body..)
    }

    /// Where the body starts.
    #[must_use]
    pub const fn body_at(&self) -> usize {
        self.body
    }

    /// The body with its transfer encoding undone.
    ///
    /// # Errors
    ///
    /// An encoding that is not known, or bytes that are none of it.
    pub fn decoded(&self, junk: Junk) -> Result<Bytes, ParseError> {
        let encoding = self.head().transfer_encoding()?;
        let decoded = encoding.decode(&self.body(), junk);
        decoded.map_err(|fault| fault.of(Part::Encoding, self.body))
    }

    /// The parts of the body, when it is a multipart.
    ///
    /// # Errors
    ///
    /// See [`Multipart::of`]; offsets count from the first byte of the headers.
    pub fn multipart(
        &self,
        tolerance: Tolerance,
        limits: &Limits,
    ) -> Result<Option<Multipart>, ParseError> {
        let kind = self.content_type()?;
        if !kind.is_multipart() {
            return Ok(None);
        }
        let parts = Multipart::of(&kind, self.body(), tolerance, limits);
        parts.map(Some).map_err(|error| error.shifted(self.body))
    }

    /// Headers and body as they came.
    #[must_use]
    pub const fn bytes(&self) -> &Bytes {
        &self.buffer.bytes
    }
}

impl std::fmt::Debug for Entity {
    /// Tells sizes and no content.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Entity")
            .field("headers", &self.slots.len())
            .field("body", &(self.buffer.bytes.len() - self.body))
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mime::{ContentId, Disposition, MimeName, Sensitivity};
    use missiva_core::FaultKind;

    fn parse(text: &str) -> Result<Entity, ParseError> {
        Entity::parse(Bytes::from(text.to_owned()), &Limits::DEFAULT)
    }

    #[test]
    fn headers_are_typed_and_the_body_is_a_slice() {
        let text = "content-type: Message/CPIM\r\nContent-ID: <1@a>\r\nContent-Disposition:\r\n\tnotification\r\n\
                    Content-Length: 4\r\nSensitivity: private\r\nX-Odd : \u{e4}\r\n\r\nbody";
        let entity = parse(text).unwrap();
        let head = entity.head();
        assert!(entity.content_type().unwrap().is("message/cpim"));
        assert_eq!(head.content_id(), Ok(Some(ContentId("1@a"))));
        assert_eq!(head.disposition().unwrap(), Some(Disposition::parse("notification").unwrap()));
        assert_eq!(
            (head.content_length(), head.sensitivity()),
            (Ok(Some(4)), Ok(Some(Sensitivity::Private)))
        );
        assert_eq!(head.get("x-odd").unwrap().spelling(), "X-Odd");
        assert_eq!(
            head.headers()
                .map(|header| header.name())
                .filter(|name| *name == MimeName::Other)
                .count(),
            1
        );
        assert_eq!(entity.body(), "body");
        assert_eq!(entity.body().as_ptr(), entity.bytes()[entity.body_at()..].as_ptr());
        assert_eq!(head.faults(), []);
    }

    #[test]
    fn a_part_without_a_body_needs_no_empty_line() {
        for text in [
            "",
            "\r\n",
            "Content-Type: text/plain",
            "Content-Type: text/plain\r\n",
            "Content-Type: text/plain\r\n\r\n",
        ] {
            let entity = parse(text).unwrap();
            assert!(
                entity.body().is_empty() && entity.content_type().unwrap().is("text/plain"),
                "{text:?}"
            );
        }
        assert_eq!(parse("\r\nbody").unwrap().body(), "body");
    }

    #[test]
    fn what_is_no_header_is_refused_where_it_stands() {
        for (text, kind, field, at) in [
            ("Content-type text/xml\r\n\r\n", FaultKind::Unexpected, Part::HeaderLine, 21),
            (": x\r\n\r\n", FaultKind::Unexpected, Part::HeaderLine, 0),
            ("a b: x\r\n\r\n", FaultKind::Unexpected, Part::HeaderLine, 0),
            (" fold\r\n\r\n", FaultKind::Unexpected, Part::HeaderLine, 0),
            ("a: b\nc: d\r\n\r\n", FaultKind::BareLf, Part::Head, 4),
            ("a: \0\r\n\r\n", FaultKind::Nul, Part::Head, 3),
        ] {
            let error = parse(text).unwrap_err();
            assert_eq!((error.kind, error.field, error.at), (kind, field, at), "{text:?}");
        }
    }

    #[test]
    fn a_value_that_cannot_be_read_is_the_fault_of_its_field() {
        let entity = parse("Content-Type: a/b\r\nContent-Type: c/d\r\nContent-Length: x\r\nContent-Transfer-Encoding: x-uu\r\n\r\n").unwrap();
        let error = entity.content_type().unwrap_err();
        assert_eq!(
            (error.kind, error.field, error.at),
            (FaultKind::Conflict, Part::Mime("Content-Type"), 19)
        );
        assert_eq!(entity.head().content_length().unwrap_err().at, 54);
        assert_eq!(
            entity.decoded(Junk::Skip).unwrap_err().field,
            Part::Mime("Content-Transfer-Encoding")
        );
        assert_eq!(entity.head().faults().len(), 3);
    }

    #[test]
    fn limits_hold_at_the_edge_and_over_it() {
        let limits = Limits { max_headers: 3, max_header: 10, ..Limits::DEFAULT };
        for (text, fine) in [
            ("a: 1\r\n".repeat(3), true),
            ("a: 1\r\n".repeat(4), false),
            ("a: 1\r\n".repeat(5000), false),
            ("a: 4567890\r\n".to_owned(), true),
            ("a: 45678901\r\n".to_owned(), false),
            ("a: 4\r\n 5678".to_owned(), false),
            ("a:\r\n 5678".to_owned(), true),
            (format!("a: {}\r\n", "x".repeat(50_000)), false),
        ] {
            let got = Entity::parse(Bytes::from(text), &limits);
            assert_eq!(
                got.as_ref().map_err(|error| error.kind).err(),
                (!fine).then_some(FaultKind::Limit)
            );
        }
    }
}
