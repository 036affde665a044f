//! Sessions: the end points of MSRP.
//!
//! An [`Endpoint`] has links and sessions on them, any number of each and any number of sessions on one link. A driver
//! tells it of links ([`LinkInput`](crate::link::LinkInput)) and writes what it says; an application opens sessions,
//! sends and receives messages. Everything that RFC 4975 says of an end is done here: who connects, which link a session
//! is on, transactions and their thirty seconds, reports, answers and what they mean.
//!
//! ```text
//! one session
//!
//!               ┌──────────── first SEND of the peer ────────────┐
//!   open, passive ► Waiting                                      ▼
//!                    │ 60 s                  open, active ► Established ─── close ───► Draining
//!                    ▼                                           │                        │ all is answered,
//!                 (closed) ◄── link down, 481, 506, no answer, ──┴────────────────────────┤ or 30 s have passed
//!                              idle                                                       ▼
//!                                                                                      (closed)
//! one message on its way out
//!
//!   send ► Waiting ─► Sending ── last byte written ──► Sent ── all chunks answered ──► (finished)
//!                        │                              │          │ Success-Report: yes
//!                        │ abort, 4xx, REPORT of failure│          └──► Reported ─► (finished)
//!                        └──► given up with `#` ────────┴─────────────────────────► (finished)
//! ```
//!
//! # What is heard of a message that was sent
//!
//! | `Failure-Report` | `Success-Report` | finished when |
//! | --- | --- | --- |
//! | `yes` | `no` | each chunk was answered with 200: [`Outcome::Acknowledged`] |
//! | `partial` | `no` | thirty seconds have passed without a complaint: [`Outcome::Unconfirmed`] |
//! | `no` | `no` | the last byte was written: [`Outcome::Unconfirmed`] |
//! | any | `yes` | reports of success cover every byte: [`Outcome::Delivered`] |
//! | `yes`, `partial` | any | an answer or a report says that it failed: [`Outcome::Failed`] |
//!
//! Whatever the outcome, the [`Account`] says which bytes were acknowledged and which were reported, as exactly as the
//! peer said it; a file is resumed from there.

mod answers;
mod ending;
mod endpoint;
mod event;
mod login;
mod options;
mod outgoing;
mod receiving;
mod reports;
mod sending;

pub use endpoint::Endpoint;
pub use event::{Account, Event, Labels, LoginId, Outcome, Reason, SentId, SessionId};
pub use login::LoginOptions;
pub use options::{Accept, Hand, Outbound, Reporting, SessionLimits, SessionOptions};

pub use crate::leg::{Ends, Matching, OpenError, Setup};
pub use crate::send::Source;
pub use sending::CommandError;
