#![doc = include_str!("../README.md")]
//!
//! # Where to read on
//!
//! [`frame`] turns bytes into heads, slices of bodies and ends. [`Head`] has the headers, [`header`] the types of their
//! values, and [`field`] names the one that is wanted. [`uri`] has the addresses in them. The machines stand on these:
//! [`session`], [`relay`], [`splice`] and [`switch`].

#![deny(clippy::indexing_slicing)]
#![cfg_attr(not(test), deny(clippy::string_slice))]

mod error;
mod flag;
mod grammar;
mod head;
mod ident;
mod leg;
mod limits;
mod method;
mod slab;
mod status;
mod through;

pub mod check;
pub mod encode;
pub mod frame;
pub mod header;
pub mod link;
pub mod receive;
pub mod relay;
pub mod send;
pub mod session;
pub mod splice;
pub mod switch;
pub mod uri;

pub use error::{ParseError, Part};
pub use flag::Flag;
pub use head::{Head, StartLine};
pub use header::{Header, HeaderName, field};
pub use ident::{MessageId, TransactionId};
pub use limits::Limits;
pub use method::Method;
pub use status::StatusCode;
pub use uri::Uri;
