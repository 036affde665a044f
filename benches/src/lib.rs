//! Missiva's codecs measured beside their peers, in one run.
//!
//! Two front ends share the code here: the `ratios` program, which interleaves all subjects
//! and prints ratios, and the criterion benches, which give each task a group. The inputs are
//! fixtures ([`corpus`]); what a subject does is checked ([`check`]) before it is timed
//! ([`measure`]), and its allocations are counted ([`alloc`]).
//!
//! The peers are built with the feature `peers` only.

pub mod accepts;
pub mod alloc;
pub mod check;
pub mod corpus;
pub mod measure;
pub mod subject;
pub mod subjects;
mod vary;
