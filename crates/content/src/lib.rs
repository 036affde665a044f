#![doc = include_str!("../README.md")]
//!
//! # Where to read on
//!
//! [`cpim`] has the messages of RCS chat, [`mime`] what a body is, [`multipart`] several in one, [`imdn`] reports of
//! what became of a message. [`DateTime`] is the time that all of these formats write, [`Limits`] what a peer may
//! send, [`ParseError`] what was wrong with it.

#![deny(clippy::indexing_slicing)]
#![cfg_attr(not(test), deny(clippy::string_slice))]

mod datetime;
mod encode;
mod error;
mod grammar;
mod limits;
mod lines;

pub mod cpim;
pub mod imdn;
pub mod mime;
pub mod multipart;

pub use datetime::DateTime;
pub use error::{ParseError, Part};
pub use limits::Limits;
