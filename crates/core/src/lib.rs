#![doc = include_str!("../README.md")]
//!
//! # Where to read on
//!
//! [`Machine`] with its contract, and [`scan::Cursor`]. The other modules: [`time`], [`deadline`], [`id`],
//! [`link`](mod@link), [`payload`], [`text`], [`fault`], [`limits`], [`machine`].

#![deny(clippy::indexing_slicing)]
#![cfg_attr(not(test), deny(clippy::string_slice))]

pub mod deadline;
pub mod fault;
pub mod id;
pub mod limits;
pub mod link;
pub mod machine;
pub mod payload;
pub mod scan;
pub mod text;
pub mod time;

pub use deadline::{Deadline, DeadlineQueue};
pub use fault::{Fault, FaultKind};
pub use id::IdSource;
pub use limits::LimitExceeded;
pub use link::{Destination, LinkId, Protocol};
pub use machine::Machine;
pub use payload::{Payload, Transmit};
pub use text::ByteStr;
pub use time::{Instant, WallClock};
