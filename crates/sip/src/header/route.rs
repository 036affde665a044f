//! `Route`, `Record-Route`, `Path` and `Service-Route` (RFC 3261 sections 20.30 and 20.34, RFC 3327, RFC 3608).

use bytes::BytesMut;
use missiva_core::Fault;
use missiva_core::scan::Cursor;

use super::{Address, Value};

/// One hop of a route: an address whose angle brackets must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct RouteEntry<'a>(pub Address<'a>);

impl<'a> Value<'a> for RouteEntry<'a> {
    #[inline]
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        Address::read_name_addr(cursor).map(Self)
    }

    fn encode(&self, out: &mut BytesMut) {
        self.0.encode(out);
    }

    fn repeated(&self) -> Option<&'a str> {
        self.0.repeated()
    }
}
