//! MIME: what a body is, what it is for, how it is written (RFC 2045, 2046, 2183).
//!
//! Begin with [`Entity`], a body with its headers, and [`ContentType`].

mod base64;
mod build;
mod charset;
mod content_type;
mod disposition;
mod encoding;
mod entity;
mod external;
mod head;
pub(crate) mod index;
mod name;
mod params;
mod quoted;
mod quoted_printable;
mod value;
mod words;

pub use build::Builder;
pub use content_type::{ContentType, MediaRange};
pub use disposition::{ContentId, Disposition};
pub use encoding::{Junk, TransferEncoding};
pub use entity::Entity;
pub use external::{Access, External};
pub use head::{Head, MimeHeader};
pub use name::MimeName;
pub use params::{Param, ParamIter, Params};
pub use value::MimeValue;
pub use words::{Importance, MessageContext, Priority, Sensitivity};
