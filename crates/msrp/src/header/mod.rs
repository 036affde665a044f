//! Header fields: their names, their lines and the types of their values.
//!
//! A value is a view: slices of the message, checked when it was read, gone when the message is. What must live
//! longer is kept by value ([`MessageId`](crate::MessageId), [`UriBuf`](crate::uri::UriBuf)).

mod auth;
mod byte_range;
mod content;
mod line;
mod name;
mod nickname;
mod params;
mod path;
mod report;
mod status;
mod table;
mod text;
mod value;

pub use auth::{AuthParam, AuthParams, Credentials};
pub use byte_range::ByteRange;
pub use content::{ContentId, Disposition, MediaType};
pub use line::Header;
pub use nickname::Nickname;
pub use params::{Param, Params};
pub use path::{MAX_HOPS, Path, PathIter};
pub use report::{FailureReport, SuccessReport};
pub use status::Status;
pub use table::{Arity, Field, HeaderName, field, visit};
pub use text::{Seconds, Text};
pub use value::{MaybeSerialize, Value, Visit};
