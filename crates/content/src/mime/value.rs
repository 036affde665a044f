//! What one header line says, whichever field it is.

use super::disposition::number;
use super::head::MimeHeader;
use super::{
    ContentId, ContentType, Disposition, Importance, MessageContext, MimeName, Priority,
    Sensitivity, TransferEncoding,
};
use crate::ParseError;

/// The value of a header line by its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(untagged))]
#[non_exhaustive]
pub enum MimeValue<'a> {
    /// `Content-Type`.
    ContentType(ContentType<'a>),
    /// `Content-Disposition`.
    Disposition(Disposition<'a>),
    /// `Content-ID`.
    ContentId(ContentId<'a>),
    /// `Content-Transfer-Encoding`.
    TransferEncoding(TransferEncoding),
    /// `Content-Length`.
    Length(u64),
    /// `Sensitivity`.
    Sensitivity(Sensitivity),
    /// `Importance`.
    Importance(Importance),
    /// `Priority`.
    Priority(Priority),
    /// `Message-Context`.
    MessageContext(MessageContext),
    /// A field whose value has no grammar here, folds included.
    Text(&'a str),
}

impl<'a> MimeHeader<'a> {
    /// The value, read as its field demands. That a field stands twice is not seen here.
    ///
    /// # Errors
    ///
    /// What makes it no value of its field.
    pub fn typed(&self) -> Result<MimeValue<'a>, ParseError> {
        match self.name() {
            MimeName::ContentType => self.read(ContentType::parse).map(MimeValue::ContentType),
            MimeName::ContentDisposition => {
                self.read(Disposition::parse).map(MimeValue::Disposition)
            }
            MimeName::ContentId => self.read(ContentId::parse).map(MimeValue::ContentId),
            MimeName::ContentTransferEncoding => {
                self.read(TransferEncoding::parse).map(MimeValue::TransferEncoding)
            }
            MimeName::ContentLength => self.read(number).map(MimeValue::Length),
            MimeName::Sensitivity => self.read(Sensitivity::parse).map(MimeValue::Sensitivity),
            MimeName::Importance => self.read(Importance::parse).map(MimeValue::Importance),
            MimeName::Priority => self.read(Priority::parse).map(MimeValue::Priority),
            MimeName::MessageContext => {
                self.read(MessageContext::parse).map(MimeValue::MessageContext)
            }
            _ => self.text().map(MimeValue::Text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mime::Entity;
    use crate::{Limits, Part};
    use bytes::Bytes;

    #[test]
    fn every_line_has_the_value_of_its_field() {
        let text = "Content-Type: text/plain\r\nContent-Length: 7\r\ncontent-id: <1@a>\r\nX-Odd: as it is\r\n\
                    Content-Transfer-Encoding: base64\r\nContent-Disposition: inline\r\nPriority: urgent\r\n\
                    Importance: high\r\nSensitivity: private\r\nMessage-Context: voice-message\r\n\r\n";
        let entity = Entity::parse(Bytes::from(text), &Limits::DEFAULT).unwrap();
        let values: Vec<_> =
            entity.head().headers().map(|header| header.typed().unwrap()).collect();
        assert_eq!(
            values,
            [
                MimeValue::ContentType(ContentType::parse("text/plain").unwrap()),
                MimeValue::Length(7),
                MimeValue::ContentId(ContentId("1@a")),
                MimeValue::Text("as it is"),
                MimeValue::TransferEncoding(TransferEncoding::Base64),
                MimeValue::Disposition(Disposition::parse("inline").unwrap()),
                MimeValue::Priority(Priority::Urgent),
                MimeValue::Importance(Importance::High),
                MimeValue::Sensitivity(Sensitivity::Private),
                MimeValue::MessageContext(MessageContext::Voice),
            ]
        );
        let odd = Bytes::from_static(b"A: b\r\nContent-Length: x\r\n\r\n");
        let odd = Entity::parse(odd, &Limits::DEFAULT).unwrap();
        let fault = odd.head().headers().find_map(|header| header.typed().err()).unwrap();
        assert_eq!((fault.field, fault.at), (Part::Mime("Content-Length"), 22));
    }
}
