//! The proof that a body does not hold the end-line of its message.
//!
//! RFC 4975 section 7.1 has the sender choose a transaction id for which the body has no end-line. One pass of `memmem`
//! proves it, and it is not needed where the body is too short to hold seven hyphens, the id and a flag: nearly all
//! chat messages about composing and delivery have no room for it in a chunk of their own, and reports have no body.
//! A Byte-Range with a stated end does not replace the proof: a receiver may search all the same.
//!
//! A proof holds for as long as its bytes and its id do. An id has to be new on its link only, so one that was proved
//! for a body serves on as many links as the body goes to.

use bytes::Bytes;
use memchr::memmem;
use missiva_core::IdSource;

use crate::TransactionId;
use crate::head::HYPHENS;

/// Whether no end-line with the id `id` stands in `body`.
///
/// ```
/// use missiva_msrp::{TransactionId, encode};
///
/// let id = TransactionId::parse("abcd")?;
/// assert!(encode::absent_from(&id, b"-------abce$"));
/// assert!(!encode::absent_from(&id, b"-------abcd$"));
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[must_use]
pub fn absent_from(id: &TransactionId, body: &[u8]) -> bool {
    let id = id.as_str().as_bytes();
    if body.len() <= HYPHENS.len() + id.len() {
        return true;
    }
    // Room for the longest id behind the hyphens.
    let mut needle = [0; 39];
    for (place, byte) in needle.iter_mut().zip(HYPHENS.iter().chain(id)) {
        *place = *byte;
    }
    let needle = needle.get(..HYPHENS.len() + id.len()).unwrap_or_default();
    memmem::find(body, needle).is_none()
}

/// A new id of which [`absent_from`] holds. One try is enough unless somebody guessed the id.
pub fn draw_absent_from(ids: &mut dyn IdSource, body: &Bytes) -> TransactionId {
    loop {
        let id = TransactionId::draw(ids);
        if absent_from(&id, body) {
            return id;
        }
    }
}
