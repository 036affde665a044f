//! Chunks that pass through: relayed, spliced or switched, and never put together.
//!
//! A chunk goes on in [`Piece`]s: each slice of its body that the framer gives out becomes a chunk of its own, with a
//! range of its own, as RFC 4976 section 6.4.1 allows. So nothing waits for the end of a large chunk, no link is held by
//! one message while its body trickles in, and every piece is a request that is complete when it is written. A chunk
//! whose length is known arrives in one slice and leaves as it came. The bytes of a body are shared, never copied, but
//! for slices so small that a head for each would outweigh them.

mod outlet;
mod passing;
mod write;

pub(crate) use outlet::{Outlet, Pushed, Queued};
pub(crate) use passing::{Passing, Piece};
pub(crate) use write::{Fields, Keep, abort, empty_send, piece, put_request};
