//! Receiving: chunks become messages.
//!
//! An [`Inbox`] belongs to one session. It is told of a chunk in three steps, as a framer tells of it, and says in
//! [`Delivery`]s what the application gets: a message at once when it is small, or its bytes in order as they come. How
//! much all sessions of a link may keep together is the [`Budget`] that is handed in.
//!
//! Chunks may come in any order, overlap and repeat; of a byte that comes twice the first one counts. Bytes are counted
//! from zero here, and from one on the wire.

mod budget;
mod chunk;
mod finished;
mod inbox;
mod limits;
mod message;
mod ranges;

pub use budget::Budget;
pub use chunk::{Chunk, Refusal};
pub use inbox::{Begun, Delivery, Inbox, Mode};
pub use limits::ReceiveLimits;
pub use ranges::Ranges;

use finished::{Fate, Finished};
use message::Message;
