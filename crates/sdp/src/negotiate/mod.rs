//! Offers and answers (RFC 3264), with what extends them for message media (RFC 4975, 6135, 6714), files (RFC 5547),
//! connections (RFC 4145) and groups (RFC 5888).
//!
//! Read [`Negotiator`] first: the state machine of one session, without clock and without network. It writes from a
//! [`Plan`] of [`Stream`]s what we offer, from [`Capabilities`] what we answer, and tells by [`Change`]s what became
//! different. [`Agreed`] is what both sides have of one stream. [`Policy`] trims offers on their way through, and
//! [`check_answer`] is for those who only watch. What is refused is a [`Refusal`]: the stream, the [`Rule`] with its
//! clause, and the status code to give.
//!
//! # Preferred streams
//!
//! RFC 3264 section 5 lists formats by preference and says nothing of streams. Here the first stream of an offer is the
//! preferred one (F-059), unless streams are marked by the attribute [`PREFERRED`], which also works in later offers,
//! where places are fixed. Whoever answers gives marked streams precedence where not all can be had, and repeats the
//! mark.
//!
//! # Not here
//!
//! Bundled transport (RFC 8843) and ICE: tags and groups are kept consistent, and the attributes of both travel as
//! [`Stream::attributes`]. A stream with port zero is a refused one even when it has `a=bundle-only`. Capability
//! negotiation (RFC 5939) and preconditions (RFC 3312) are lines like any other.

mod agreed;
mod answer;
mod change;
mod check;
mod codec;
mod error;
mod facts;
mod file;
mod message;
mod plan;
mod policy;
mod rules;
mod session;
mod setup;
mod stream;
mod trim;
mod write;

pub use agreed::{Agreed, Side, Transfer, agreed, preferred};
pub use answer::{Capabilities, Choice};
pub use change::{Change, What, changes};
pub use check::check_answer;
pub use codec::Codec;
pub use error::{Refusal, Rule};
pub use message::{ConnectTo, common_types};
pub use plan::{Plan, Slot, StreamGroup};
pub use policy::{Allow, Policy};
pub use rules::{Demands, Limits};
pub use session::{Negotiator, Outcome, State};
pub use setup::Role;
pub use stream::{File, MessageMedia, Stream};
pub use write::Author;

/// The attribute that marks a preferred stream. No standard has one; peers that do not know it pass over it.
pub const PREFERRED: &str = "cpm-preferred";
