//! Sending: messages become chunks, and share a link.
//!
//! An [`Outbox`] belongs to one link. It gives out one [`Payload`](missiva_core::Payload) at a time, whenever the driver
//! can write one; nothing is made before. Responses and reports go first. Messages take turns, each a piece of equal
//! size, so that a long message never keeps a short one waiting for more than a piece: its chunk is interrupted, and
//! goes on in another with the bytes that follow. Nothing is sent twice: MSRP runs on reliable transports, and what a
//! lost link took with it is for the session to settle.

mod envelope;
mod limits;
mod outbox;
mod outgoing;
mod pace;
mod supply;

pub use envelope::Envelope;
pub use limits::SendLimits;
pub use outbox::{Framing, Outbox, Piece, SendError, SendId, Sent};
pub use pace::Pace;
pub use supply::{Source, Want};

use outgoing::Outgoing;
use supply::Supply;
