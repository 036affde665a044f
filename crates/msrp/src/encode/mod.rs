//! From values to bytes: messages made from nothing, messages on their way out again, and end-lines.

mod absence;
mod builder;
mod forward;

use bytes::{Bytes, BytesMut};

pub use absence::{absent_from, draw_absent_from};
pub use builder::Builder;
pub use forward::Forward;

pub(crate) use builder::put_end_line;

use crate::{Flag, TransactionId};

/// The end-line of a message, for those whose body has gone out in pieces. Behind a body, be it an empty one, it begins
/// with the line end that closes the body.
///
/// ```
/// use missiva_msrp::{Flag, TransactionId, encode};
///
/// let id = TransactionId::parse("a786")?;
/// assert_eq!(encode::end_line(&id, Flag::More, true), "\r\n-------a786+\r\n");
/// assert_eq!(encode::end_line(&id, Flag::Last, false), "-------a786$\r\n");
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[must_use]
pub fn end_line(id: &TransactionId, flag: Flag, has_body: bool) -> Bytes {
    let mut out = BytesMut::with_capacity(64);
    put_end_line(id, flag, has_body, &mut out);
    out.freeze()
}
