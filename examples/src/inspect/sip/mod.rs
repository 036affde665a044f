//! SIP: messages, streams of them, URIs and header values.

mod dump;
mod start;
mod stream;
mod strict;
mod typed;
mod validation;
mod value;

pub(super) use dump::datagram;
pub use stream::StreamReader;
pub(super) use value::{header, uri};
