//! The ground floor of Missiva: what every protocol crate and every machine shares.
//!
//! Nothing here knows a protocol. Read [`Machine`] first: it is the one shape that every state machine of the
//! workspace has, and its ten-clause contract is what drivers and tests rely on. [`scan::Cursor`] comes second:
//! all text grammars are written on it.
//!
//! | module | what it holds |
//! | --- | --- |
//! | [`time`] | [`Instant`], a count that the driver chose, and [`WallClock`], which turns it into a date |
//! | [`deadline`] | [`Deadline`] and the keyed, ordered [`DeadlineQueue`] |
//! | [`id`] | [`IdSource`], where all randomness comes from |
//! | [`link`](mod@link) | [`LinkId`], [`Protocol`] and [`Destination`]: where bytes go |
//! | [`payload`] | [`Payload`] and [`Transmit`]: bytes on their way out, never copied to be joined |
//! | [`text`] | [`ByteStr`], validated text that shares a buffer |
//! | [`limits`] | how every crate of the workspace bounds hostile input |
//! | [`scan`] | byte sets, the cursor, and whole-buffer checks |
//! | [`machine`] | the trait and its contract |
//!
//! ```
//! use missiva_core::{Deadline, DeadlineQueue, Instant};
//! use std::time::Duration;
//!
//! let start = Instant::ORIGIN;
//! let mut timers = DeadlineQueue::new();
//! timers.set("retransmit", start + Duration::from_millis(500));
//! timers.set("give up", start + Duration::from_secs(32));
//! assert_eq!(timers.next(), Some((start + Duration::from_millis(500), &"retransmit")));
//! assert_eq!(timers.take_due(start + Duration::from_secs(1)), Some("retransmit"));
//! assert_eq!(timers.take_due(start + Duration::from_secs(1)), None);
//! # let _ = Deadline { at: start, why: "example" };
//! ```

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
