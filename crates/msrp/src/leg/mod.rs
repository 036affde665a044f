//! One end of a session, as all machines have it: its names, the link that it is bound to, and what was asked on it and
//! is not answered.
//!
//! ```text
//!             open, active: the link is given
//!   (none) ───────────────────────────────────► Bound ──── link down, 481, 506 ────► (gone)
//!      │                                          ▲
//!      │ open, passive                            │ first SEND on a link that names it
//!      └──────────────────────────► Waiting ──────┘
//! ```
//!
//! RFC 4975 section 5.4: the end that connects sends a SEND at once, and the end that accepts learns from it which link
//! the session is on. From then on a SEND on any other link is answered with 506.

mod ends;
mod pending;
mod table;

pub use ends::{Ends, Matching, Setup};
pub(crate) use pending::Pending;
pub(crate) use table::{Legs, Opened};

pub use table::OpenError;
