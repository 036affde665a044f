//! From values to bytes.

mod absence;
mod builder;

pub use absence::{absent_from, draw_absent_from};
pub use builder::Builder;
