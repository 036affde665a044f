#![doc = include_str!("../README.md")]
//!
//! # Where to read on
//!
//! [`Description`] is what arrived, [`Section`] and [`Media`] are its parts. [`line`](mod@line), [`attribute`], [`msrp`] and
//! [`file`](mod@file) have the types of the values, [`field`] names the line that is wanted.
//! [`negotiate`] makes sessions of them: offers, answers, policy, and what changed.
//! [`validate`] is the step after parsing: what a session cannot do without, and the answer to a description without it.

#![deny(clippy::indexing_slicing)]
#![cfg_attr(not(test), deny(clippy::string_slice))]

mod description;
mod encode;
mod error;
mod grammar;
mod leniency;
mod limits;
mod name;
mod table;
mod value;

pub mod attribute;
pub mod file;
pub mod line;
pub mod msrp;
pub mod negotiate;
pub mod validate;

pub use description::{Builder, Description, Edit, Line, Media, Rules, Scope, Section};
pub use error::{ParseError, Part};
pub use leniency::{Leniency, Tolerance};
pub use limits::Limits;
pub use table::{Arity, Field, FieldName, Level, field};
pub use value::{MaybeSerialize, Value, Visit};
