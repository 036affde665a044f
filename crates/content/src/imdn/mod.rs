//! What became of a message: instant message disposition notifications (RFC 5438).
//!
//! The [fields](Dispositions) stand in the head of a [CPIM message](crate::cpim::Cpim); [`policy`] says which reports
//! are owed for one, and which way they go; the [`document`] is the report itself.

pub mod document;
mod fields;
pub mod policy;

pub use fields::{Dispositions, MAX_MESSAGE_ID};
