//! What travels inside messages: a module a family.

pub mod build;
pub mod drive;
pub mod merge;
pub mod parse;
pub mod roundtrip;
mod watch;

use super::draw;
