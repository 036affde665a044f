//! Whatever can be put together is valid, and is read as what was put together.

mod message;
mod uri;
mod value;

pub use message::{edit, message, reply};
pub use uri::uri;
pub use value::value;
