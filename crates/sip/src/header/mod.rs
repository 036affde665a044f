//! Header fields: their names, their lines and the types of their values.
//!
//! A value is a view: slices of the message, checked when it was read, gone when the message is. What must live
//! longer is turned into text of its own ([`ByteStr`](missiva_core::ByteStr)).

mod address;
mod answer;
pub mod auth;
mod call_id;
mod charging;
mod check;
mod content;
mod cpm;
mod cseq;
mod date;
mod feature;
mod history;
mod identity;
mod info;
mod language;
mod line;
mod media;
mod name;
mod network;
mod number;
mod number_range;
mod predicate;
mod priority;
mod privacy;
mod product;
mod qvalue;
mod reason;
mod refer;
mod route;
mod security;
mod service;
mod session_id;
mod subscription;
mod table;
mod text;
mod timing;
mod value;
mod via;
mod warning;
mod word;

pub use address::{Address, Contact, InfoUri};
pub use answer::{AnswerMode, AnswerState, EarlyMedia, ServedUser, SessionCase};
pub use auth::{AuthenticationInfo, Challenge, Credentials};
pub use call_id::{CallId, DialogRef, TargetDialog};
pub use charging::{ChargingAddresses, ChargingVector};
pub use content::{ContentId, Disposition, Handling, MimeVersion};
pub use cpm::CpmId;
pub use cseq::{CSeq, RAck};
pub use date::Date;
pub use feature::{Feature, FeatureSet, FeatureValue, TagValue};
pub use history::{HistoryInfo, Retarget};
pub use identity::Identity;
pub use info::{GeolocationError, GeolocationRouting};
pub use language::{CodingRange, Language, LanguageRange};
pub use line::Header;
pub(crate) use line::Raw;
pub use media::{MediaRange, MediaType};
pub use network::{AccessNetwork, PrivateNetwork, VisitedNetwork};
pub use number::{
    ContentLength, MaxBreadth, MaxForwards, Refresher, Seconds, SecondsParams, SequenceNumber,
};
pub use number_range::NumberRange;
pub use predicate::{ContactPredicate, FeatureCaps, Preference, caller_preference};
pub use priority::{Priority, PriorityLevel, ResourcePriority};
pub use privacy::{Privacy, PrivacyKind};
pub use product::{Product, Products};
pub use qvalue::QValue;
pub use reason::Reason;
pub use refer::{ReferSub, ReferTo, ReferredBy};
pub use route::RouteEntry;
pub use security::{MediaToken, Security};
pub use service::ServiceId;
pub use session_id::SessionId;
pub use subscription::{EndReason, SubscriptionPhase, SubscriptionState};
pub use table::{Arity, Field, HeaderName, field, visit};
pub use text::Text;
pub use timing::{RetryAfter, SecondsText, Timestamp};
pub(crate) use value::visit_values;
pub use value::{MaybeSerialize, Value, Values, Visit};
pub use via::Via;
pub use warning::Warning;
pub use word::{Event, EventType, MethodToken, Token, Word};
