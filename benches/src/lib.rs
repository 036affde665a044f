//! Missiva's codecs measured beside their peers, in one run.
//!
//! Two front ends share the code here: the `ratios` program, which interleaves all subjects
//! and prints ratios, and the criterion benches, which give each task a group. A family of
//! tasks is a module ([`sip`]): its inputs are fixtures, what a subject does is checked
//! before it is timed, and each task over one input is a [`job::Job`] for `ratios`. Timing
//! ([`measure`]) and the counting of allocations ([`alloc`]) know nothing of protocols.
//!
//! The peers are built with the feature `peers` only.

pub mod alloc;
pub mod job;
pub mod measure;
pub mod sip;

/// Name of our own subject in every report.
pub const OURS: &str = "missiva";
