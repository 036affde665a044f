//! Byte tables and scanning: the tools on which all text grammars of the workspace are written.

mod byte_set;
mod cursor;
mod lines;

pub use byte_set::ByteSet;
pub use cursor::Cursor;
pub use lines::{LineFault, check_lines};
