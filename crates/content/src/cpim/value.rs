//! What one header says, whichever it is.

use std::borrow::Cow;

use missiva_core::{Fault, FaultKind};

use super::{Address, CpimHeader, Known, identifier, index};
use crate::imdn::{Dispositions, MAX_MESSAGE_ID};
use crate::{DateTime, ParseError};

/// The value of a header by its type.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(untagged))]
#[non_exhaustive]
pub enum CpimValue<'a> {
    /// `From`, `To`, `cc`, and the addresses of RFC 5438.
    Address(Address<'a>),
    /// `DateTime`.
    DateTime(DateTime),
    /// `NS`.
    Namespace {
        /// What stands for the namespace; empty where names without a prefix are in it.
        prefix: &'a str,
        /// The namespace.
        uri: &'a str,
    },
    /// `imdn.Message-ID`.
    MessageId(&'a str),
    /// `imdn.Disposition-Notification`.
    Dispositions(Dispositions),
    /// `Subject`, `Require` and whatever is not known, escapes read.
    Text(Cow<'a, str>),
}

impl<'a> CpimHeader<'a> {
    /// The value, read as leniently as it is by the message. That a header stands twice is not seen here.
    ///
    /// # Errors
    ///
    /// What makes it no value of its header.
    #[inline]
    pub fn typed(&self) -> Result<CpimValue<'a>, ParseError> {
        match self.known() {
            Known::From
            | Known::To
            | Known::Cc
            | Known::OriginalTo
            | Known::ImdnRecordRoute
            | Known::ImdnRoute => self.read_with(Address::read).map(CpimValue::Address),
            Known::DateTime => self.read_with(DateTime::read).map(CpimValue::DateTime),
            Known::MessageId => {
                let id = self.read_with(|cursor| identifier(cursor, MAX_MESSAGE_ID));
                id.map(CpimValue::MessageId)
            }
            Known::DispositionNotification => {
                self.read_with(Dispositions::read).map(CpimValue::Dispositions)
            }
            Known::Ns => self.namespace_declared(),
            _ => self.plain().map(CpimValue::Text),
        }
    }

    fn namespace_declared(&self) -> Result<CpimValue<'a>, ParseError> {
        let bytes = self.raw.bytes();
        let text = |(from, to): (u32, u32)| {
            std::str::from_utf8(bytes.get(from as usize..to as usize)?).ok()
        };
        let read = index::read_ns(bytes, self.slot.value)
            .and_then(|(prefix, uri)| Some((text(prefix)?, text(uri)?)));
        match read {
            Some((prefix, uri)) => Ok(CpimValue::Namespace { prefix, uri }),
            None => self.read(|_| Err(Fault::new(FaultKind::Unexpected, 0))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cpim::Cpim;
    use crate::{Limits, Part};
    use bytes::Bytes;

    #[test]
    fn every_header_has_its_value() {
        let text = "From: A <im:a@example.com>\r\nTo: <im:b@example.com>\r\nDateTime: 2015-02-17T06:54:27Z\r\n\
                    NS: i <urn:ietf:params:imdn>\r\ni.Message-ID: 7\r\ni.Disposition-Notification: display\r\n\
                    Subject: a\\tb\r\nX: y\r\nNS: odd\r\nDateTime: never\r\n\r\n\r\n";
        let message = Cpim::parse(Bytes::from(text), &Limits::DEFAULT).unwrap();
        let values: Vec<_> = message.headers().map(|header| header.typed()).collect();
        let uri = "urn:ietf:params:imdn";
        let expected = [
            CpimValue::Address(Address::parse("A <im:a@example.com>").unwrap()),
            CpimValue::Address(Address::new("im:b@example.com")),
            CpimValue::DateTime(DateTime::parse("2015-02-17T06:54:27Z").unwrap()),
            CpimValue::Namespace { prefix: "i", uri },
            CpimValue::MessageId("7"),
            CpimValue::Dispositions(Dispositions::DISPLAY),
            CpimValue::Text("a\tb".into()),
            CpimValue::Text("y".into()),
        ];
        for (value, expected) in values.iter().zip(&expected) {
            assert_eq!(value.as_ref(), Ok(expected));
        }
        let faults: Vec<_> = values.iter().filter_map(|value| value.as_ref().err()).collect();
        assert_eq!(faults.len(), 2);
        assert_eq!(faults[0].field, Part::Cpim("NS"));
        assert_eq!(faults[0].at as usize, text.find("odd").unwrap());
        assert_eq!(faults[1].field, Part::Cpim("DateTime"));
    }
}
