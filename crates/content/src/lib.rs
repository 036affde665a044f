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

pub mod composing;
pub mod conference;
pub mod cpim;
pub mod deferred_list;
pub mod file_info;
pub mod imdn;
pub mod mime;
pub mod multipart;
pub mod pidf;
pub mod reginfo;
pub mod resource_lists;
pub mod stored;
pub mod xml;

pub use datetime::DateTime;
pub use error::{ParseError, Part};
pub use limits::Limits;
