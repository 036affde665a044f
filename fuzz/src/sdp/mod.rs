//! SDP: a module a family.

pub mod build;
pub mod edit;
pub mod parse;
pub mod roundtrip;
mod watch;

use super::draw;
