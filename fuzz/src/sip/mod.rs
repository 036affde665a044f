//! SIP: a module a family.

pub mod build;
pub mod parse;
pub mod roundtrip;
pub mod split;
mod watch;

use super::draw;
