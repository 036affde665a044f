//! SIP: a module a family.

pub mod build;
mod draw;
pub mod parse;
pub mod roundtrip;
pub mod split;
mod watch;
