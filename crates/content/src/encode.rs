//! Small pieces of writing.

use bytes::{BufMut, BytesMut};

/// Appends text.
#[inline]
pub(crate) fn put(text: &str, out: &mut BytesMut) {
    out.put_slice(text.as_bytes());
}
