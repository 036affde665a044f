//! `CSeq` and `RAck` (RFC 3261 section 20.16, RFC 3262 section 7.2).

use bytes::{BufMut, BytesMut};
use missiva_core::scan::Cursor;
use missiva_core::{Fault, FaultKind};

use super::Value;
use crate::Method;
use crate::encode::{put, put_number};
use crate::grammar::{self, lws};

/// The place of a request in its dialog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct CSeq<'a> {
    /// Below 2^31 (RFC 3261 section 8.1.1.5).
    pub number: u32,
    /// The request's method.
    pub method: Method<'a>,
}

/// RFC 3261 section 8.1.1.5 asks for less than 2^31.
const MAX_SEQUENCE: u64 = (1 << 31) - 1;

/// `1*DIGIT LWS`, below `max`.
fn number_and_space(cursor: &mut Cursor<'_>, max: u64) -> Result<u32, Fault> {
    let start = cursor.at();
    let number =
        u32::try_from(cursor.number(max)?).map_err(|_| Fault::new(FaultKind::Number, start))?;
    if lws(cursor) { Ok(number) } else { Err(cursor.unexpected()) }
}

impl<'a> Value<'a> for CSeq<'a> {
    #[inline]
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let number = number_and_space(cursor, MAX_SEQUENCE)?;
        let method = Method::new(grammar::token(cursor)?);
        Ok(Self { number, method })
    }

    fn encode(&self, out: &mut BytesMut) {
        put_number(self.number.into(), out);
        out.put_u8(b' ');
        put(self.method.as_str(), out);
    }
}

/// Which reliable provisional response a PRACK confirms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct RAck<'a> {
    /// The response's RSeq.
    pub rseq: u32,
    /// The request's CSeq.
    pub cseq: CSeq<'a>,
}

impl<'a> Value<'a> for RAck<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let start = cursor.at();
        let rseq = number_and_space(cursor, u32::MAX.into())?;
        if rseq == 0 {
            return Err(Fault::new(FaultKind::Number, start));
        }
        Ok(Self { rseq, cseq: CSeq::read(cursor)? })
    }

    fn encode(&self, out: &mut BytesMut) {
        put_number(self.rseq.into(), out);
        out.put_u8(b' ');
        self.cseq.encode(out);
    }
}
