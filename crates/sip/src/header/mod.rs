//! Header fields: their names, their lines and the types of their values.
//!
//! A value is a view: slices of the message, checked when it was read, gone when the message is. What must live
//! longer is turned into text of its own ([`ByteStr`](missiva_core::ByteStr)).

mod address;
pub mod auth;
mod call_id;
mod cpm;
mod cseq;
mod line;
mod media;
mod name;
mod number;
mod route;
mod table;
mod text;
mod value;
mod via;
mod word;

pub use address::{Address, Contact, InfoUri};
pub use auth::{AuthenticationInfo, Challenge, Credentials};
pub use call_id::{CallId, DialogRef};
pub use cpm::CpmId;
pub use cseq::{CSeq, RAck};
pub use line::Header;
pub(crate) use line::Raw;
pub use media::{MediaRange, MediaType};
pub use number::{ContentLength, MaxBreadth, MaxForwards, Seconds, SecondsParams, SequenceNumber};
pub use route::RouteEntry;
pub use table::{Arity, Field, HeaderName, field, visit};
pub use text::Text;
pub(crate) use value::visit_values;
pub use value::{MaybeSerialize, Value, Values, Visit};
pub use via::Via;
pub use word::{Event, EventType, MethodToken, ParamList, Token, Word};
