//! From bytes to messages: streams, which are cut as they pass, and WebSocket messages, which hold one message each.
//!
//! # Where a message ends
//!
//! RFC 4975 has no length field. A message ends with a line of seven hyphens, the transaction id of its first line, and
//! a flag. Nothing else ends it: hyphens with another id, without a flag or with an unknown one are content. After a
//! fault the framer goes on behind the end-line of the message at fault, which it finds by its id; what looks like the
//! start of another message is never believed.
//!
//! A body may have its length stated in `Byte-Range`. Then the framer looks for the end-line at that place first, and a
//! body that has arrived costs the same time whatever its size. Where the end-line is not there, the body is searched
//! from its first byte, and the disagreement is told in [`End::fault`].

mod event;
mod pieces;
mod stream;
mod waiting;
mod whole;

pub use event::{End, Event, FrameError, Recover};
pub use stream::StreamFramer;
pub use whole::{SUBPROTOCOL, Whole, websocket};
