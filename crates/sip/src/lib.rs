#![doc = include_str!("../README.md")]
//!
//! # Where to read on
//!
//! [`frame`] turns bytes into a [`Message`](message::Message), strict in every mode about where it ends. [`header`]
//! has the types of the values, [`field`] names the field that is wanted, and both are read on demand. [`uri`] has
//! the addresses in them, [`digest`] both sides of authentication. [`validate`] is the step after parsing: what a
//! request lacks, and every fault for those who want none.

#![deny(clippy::indexing_slicing)]
#![cfg_attr(not(test), deny(clippy::string_slice))]

mod encode;
mod error;
mod grammar;
mod limits;
mod method;
mod params;
mod quoted;

pub mod digest;
pub mod frame;
pub mod header;
pub mod message;
pub mod uri;
pub mod validate;

pub use error::{ParseError, Part};
pub use header::{Header, HeaderName, field};
pub use limits::Limits;
pub use message::{Builder, Edit, Message};
pub use method::Method;
pub use params::{Param, ParamIter, Params};
pub use quoted::{quote, unfold, unquote};
pub use uri::Uri;
