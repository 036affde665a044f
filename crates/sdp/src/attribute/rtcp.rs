//! `a=rtcp` (RFC 3605) and `a=rtcp-fb` (RFC 4585).

use bytes::{BufMut, BytesMut};
use missiva_core::Fault;
use missiva_core::scan::Cursor;

use crate::encode::{put, put_display};
use crate::grammar::{more, port, rest, space, token, word};
use crate::line::Address;
use crate::value::Value;

/// `a=rtcp`: where RTCP goes, when that is not one port above RTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct RtcpPort<'a> {
    /// The port.
    pub port: u16,
    /// The machine, when it is another one.
    pub address: Option<Address<'a>>,
}

impl<'a> Value<'a> for RtcpPort<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let port = port(cursor)?;
        let address = if more(cursor) { Some(Address::read(cursor)?) } else { None };
        Ok(Self { port, address })
    }

    fn encode(&self, out: &mut BytesMut) {
        put_display(self.port, out);
        if let Some(address) = self.address {
            out.put_u8(b' ');
            address.encode(out);
        }
    }
}

/// `a=rtcp-fb`: which feedback a format understands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct RtcpFeedback<'a> {
    /// The payload type, or `*` for all.
    pub format: &'a str,
    /// `ack`, `nack`, `ccm`, `trr-int`, `goog-remb`.
    pub kind: &'a str,
    /// `pli`, `fir`, a number; empty when there is none.
    pub param: &'a str,
}

impl<'a> Value<'a> for RtcpFeedback<'a> {
    #[inline]
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let format = word(cursor)?;
        space(cursor)?;
        let kind = token(cursor)?;
        let param = if more(cursor) { rest(cursor) } else { "" };
        Ok(Self { format, kind, param })
    }

    fn encode(&self, out: &mut BytesMut) {
        put(self.format, out);
        out.put_u8(b' ');
        put(self.kind, out);
        if !self.param.is_empty() {
            out.put_u8(b' ');
            put(self.param, out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rtcp_attributes_are_read_in_parts() {
        for text in ["53020", "53020 IN IP4 192.0.2.4", "53020 IN IP6 2001:db8::4"] {
            assert_eq!(RtcpPort::parse(text).unwrap().to_text(), text);
        }
        for text in ["", "x", "53020 IN", "65536"] {
            assert!(RtcpPort::parse(text).is_err(), "{text}");
        }
        for text in
            ["98 nack pli", "* ccm fir", "* trr-int 5000", "0 ack", "96 ccm tmmbr smaxpr=120"]
        {
            assert_eq!(RtcpFeedback::parse(text).unwrap().to_text(), text);
        }
        for text in ["", "98", "98 ", "98 :"] {
            assert!(RtcpFeedback::parse(text).is_err(), "{text}");
        }
    }
}
