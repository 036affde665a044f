//! Files offered and asked for (RFC 5547).

mod date;
mod disposition;
mod icon;
mod name;
mod range;
mod selector;

pub use date::{DateTime, FileDate};
pub use disposition::FileDisposition;
pub use icon::FileIcon;
pub use name::FileName;
pub use range::FileRange;
pub use selector::{FileHash, FileSelector, Hashes};
