//! SIP messages without input and output: framing, head index, typed headers, URIs, building, editing, digest.
#![deny(clippy::indexing_slicing)]
#![cfg_attr(not(test), deny(clippy::string_slice))]

mod encode;
mod error;
mod grammar;
mod limits;
mod method;
mod params;
mod quoted;

pub mod digest;
pub mod frame;
pub mod header;
pub mod message;
pub mod uri;
pub mod validate;

pub use error::{ParseError, Part};
pub use header::{Header, HeaderName, field};
pub use limits::Limits;
pub use message::{Builder, Edit, Message};
pub use method::Method;
pub use params::{Param, ParamIter, Params};
pub use quoted::{unfold, unquote};
pub use uri::Uri;
