//! Byte tables and scanning: the tools on which all text grammars of the workspace are written.

mod block;
mod byte_set;
mod cursor;

pub use block::{BLOCK, has_nul, mark_bytes};
pub use byte_set::ByteSet;
pub use cursor::Cursor;
