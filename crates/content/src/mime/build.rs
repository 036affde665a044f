//! Bodies with headers, made from values.

use bytes::{BufMut, Bytes, BytesMut};
use missiva_core::{Fault, FaultKind, Payload};

use super::{ContentId, ContentType, Disposition, MimeName, Sensitivity, TransferEncoding};
use crate::encode::put;
use crate::error::Place;
use crate::{ParseError, Part};

/// Makes headers and a body. Each value is read back by its field's grammar before it stays, and none can end its
/// line.
///
/// ```
/// use missiva_content::mime::{Builder, TransferEncoding};
///
/// let part = Builder::new("text/plain;charset=UTF-8")
///     .content_id("1@example.com")
///     .encoding(TransferEncoding::Base64)
///     .body("Grüße".into())
///     .finish()?;
/// assert_eq!(part.to_vec(), b"Content-Type: text/plain;charset=UTF-8\r\nContent-ID: <1@example.com>\r\n\
///     Content-Transfer-Encoding: base64\r\n\r\nR3LDvMOfZQ==\r\n");
/// # Ok::<(), missiva_content::ParseError>(())
/// ```
#[derive(Clone)]
pub struct Builder {
    head: BytesMut,
    encoding: Option<TransferEncoding>,
    body: Bytes,
    fault: Option<ParseError>,
}

impl Builder {
    /// Starts with what the body is.
    #[must_use]
    pub fn new(content_type: &str) -> Self {
        let start = Self { head: BytesMut::new(), encoding: None, body: Bytes::new(), fault: None };
        start.add(MimeName::ContentType, content_type)
    }

    /// Says what the body is for.
    #[must_use]
    pub fn disposition(self, value: &str) -> Self {
        self.add(MimeName::ContentDisposition, value)
    }

    /// Names the body; `id` comes without angle brackets.
    #[must_use]
    pub fn content_id(self, id: &str) -> Self {
        self.add(MimeName::ContentId, &format!("<{id}>"))
    }

    /// Says how private the message is.
    #[must_use]
    pub fn sensitivity(self, value: Sensitivity) -> Self {
        self.add(MimeName::Sensitivity, value.as_str())
    }

    /// Writes the body in `encoding`, and says so.
    #[must_use]
    pub fn encoding(mut self, encoding: TransferEncoding) -> Self {
        if self.encoding.replace(encoding).is_some() {
            self.refuse(MimeName::ContentTransferEncoding, Fault::new(FaultKind::Conflict, 0));
        }
        let value = encoding.as_str();
        self.write(MimeName::ContentTransferEncoding.as_str(), value);
        self
    }

    /// Adds a header of another field.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        match MimeName::find(name.as_bytes()) {
            MimeName::Other if crate::grammar::TOKEN.spans(name.as_bytes()) => {
                self.check(MimeName::Other, value);
                self.write(name, value);
                self
            }
            MimeName::Other => {
                self.refuse(MimeName::Other, Fault::new(FaultKind::Value, 0));
                self
            }
            MimeName::ContentTransferEncoding => match TransferEncoding::parse(value) {
                Ok(encoding) => self.encoding(encoding),
                Err(fault) => {
                    self.refuse(MimeName::ContentTransferEncoding, fault);
                    self
                }
            },
            known => self.add(known, value),
        }
    }

    /// The body, before any transfer encoding.
    #[must_use]
    pub fn body(mut self, body: Bytes) -> Self {
        self.body = body;
        self
    }

    /// Headers with their empty line, and the body, which is shared when no encoding changes it.
    ///
    /// # Errors
    ///
    /// The first value that was no value of its field, or the byte of the body that its encoding cannot carry.
    pub fn finish(mut self) -> Result<Payload, ParseError> {
        if let Some(fault) = self.fault {
            return Err(fault);
        }
        let body = match self.encoding {
            Some(encoding) => {
                encoding.encode(&self.body).map_err(|fault| fault.of(Part::Encoding, 0))?
            }
            None => self.body,
        };
        self.head.put_slice(b"\r\n");
        Ok(Payload::new(self.head.freeze(), body))
    }

    fn add(mut self, name: MimeName, value: &str) -> Self {
        self.check(name, value);
        if self.has(name) {
            self.refuse(name, Fault::new(FaultKind::Conflict, 0));
        }
        self.write(name.as_str(), value);
        self
    }

    fn has(&self, name: MimeName) -> bool {
        self.head.as_ref().split(|&byte: &u8| byte == b'\n').any(|line| {
            line.split(|&byte| byte == b':').next().is_some_and(|text| MimeName::find(text) == name)
        })
    }

    fn check(&mut self, name: MimeName, value: &str) {
        if let Err(fault) = check(name, value) {
            self.refuse(name, fault);
        }
    }

    fn refuse(&mut self, name: MimeName, fault: Fault) {
        self.fault.get_or_insert_with(|| fault.of(Part::Mime(name.as_str()), 0));
    }

    fn write(&mut self, name: &str, value: &str) {
        put(name, &mut self.head);
        self.head.put_slice(b": ");
        put(value, &mut self.head);
        self.head.put_slice(b"\r\n");
    }
}

/// Whether `value` is one line and a value of its field.
pub(crate) fn check(name: MimeName, value: &str) -> Result<(), Fault> {
    let control = |c: char| c.is_control() && c != '\t';
    if let Some(at) = value.find(control) {
        return Err(Fault::new(FaultKind::Unexpected, at));
    }
    match name {
        MimeName::ContentType => ContentType::parse(value)?.strict_fault().map_or(Ok(()), Err),
        MimeName::ContentDisposition => {
            Disposition::parse(value)?.strict_fault().map_or(Ok(()), Err)
        }
        MimeName::ContentId => ContentId::parse(value).map(drop),
        MimeName::ContentLength => super::disposition::number(value).map(drop),
        MimeName::Sensitivity => Sensitivity::parse(value).map(drop),
        MimeName::Importance => super::Importance::parse(value).map(drop),
        MimeName::Priority => super::Priority::parse(value).map(drop),
        MimeName::MessageContext => super::MessageContext::parse(value).map(drop),
        _ => Ok(()),
    }
}

impl std::fmt::Debug for Builder {
    /// Tells sizes and no content.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Builder")
            .field("head", &self.head.len())
            .field("body", &self.body.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;
    use crate::mime::{Entity, Junk};

    #[test]
    fn nothing_that_is_given_ends_its_line() {
        let kind = "text/plain";
        for (built, field) in [
            (Builder::new("text/plain\r\nEvil: 1"), "Content-Type"),
            (Builder::new("text"), "Content-Type"),
            (Builder::new("text/plain;boundary=a=b"), "Content-Type"),
            (Builder::new(kind).disposition("a\nb"), "Content-Disposition"),
            (Builder::new(kind).content_id("a>\r\nb: <c"), "Content-ID"),
            (Builder::new(kind).header("X", "a\u{85}b"), ""),
            (Builder::new(kind).header("X: y", "a"), ""),
            (Builder::new(kind).header("", "a"), ""),
            (Builder::new(kind).header("content-type", "a/b"), "Content-Type"),
            (Builder::new(kind).header("Sensitivity", "loud"), "Sensitivity"),
            (
                Builder::new(kind).header("Content-Transfer-Encoding", "x-uu"),
                "Content-Transfer-Encoding",
            ),
            (
                Builder::new(kind)
                    .encoding(TransferEncoding::Binary)
                    .encoding(TransferEncoding::Base64),
                "Content-Transfer-Encoding",
            ),
        ] {
            let error = built.finish().unwrap_err();
            assert_eq!(error.field, Part::Mime(field), "{error}");
        }
        let body = Builder::new(kind).encoding(TransferEncoding::SevenBit).body("ä".into());
        assert_eq!(body.finish().unwrap_err().field, Part::Encoding);
    }

    #[test]
    fn what_is_built_is_read_back() {
        let body = Bytes::from_static(b"\0\xff any bytes \r\n\r\n");
        for encoding in [
            None,
            Some(TransferEncoding::Binary),
            Some(TransferEncoding::Base64),
            Some(TransferEncoding::QuotedPrintable),
        ] {
            let builder = Builder::new("image/jpeg;name=a")
                .disposition("icon")
                .content_id("i@a")
                .sensitivity(Sensitivity::Personal);
            let builder = builder.header("X-Odd", "gr\u{f6}\u{df}e").body(body.clone());
            let built = encoding.into_iter().fold(builder, Builder::encoding).finish().unwrap();
            let entity = Entity::parse(built.to_vec().into(), &Limits::DEFAULT).unwrap();
            assert_eq!(entity.decoded(Junk::Skip).unwrap(), body);
            assert!(entity.content_type().unwrap().is("image/jpeg"));
            assert!(entity.head().disposition().unwrap().unwrap().is("icon"));
            assert_eq!(entity.head().sensitivity(), Ok(Some(Sensitivity::Personal)));
            assert_eq!(entity.head().get("x-odd").unwrap().text(), Ok("gr\u{f6}\u{df}e"));
            assert_eq!(entity.head().faults(), []);
        }
    }
}
