//! Message media: MSRP URIs and the attributes of RFC 4975, RFC 6714 and RFC 7701.

mod chatroom;
mod path;
mod types;
mod uri;

pub use chatroom::Chatroom;
pub use path::Path;
pub(crate) use types::quoted;
pub use types::{MediaRange, TypeList};
pub use uri::MsrpUri;
