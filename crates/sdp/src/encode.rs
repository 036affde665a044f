//! Small pieces of writing.

use std::fmt::{Display, Write};

use bytes::{BufMut, BytesMut};

/// Appends text.
#[inline]
pub(crate) fn put(text: &str, out: &mut BytesMut) {
    out.put_slice(text.as_bytes());
}

/// Appends something that prints itself; a growable buffer never refuses.
pub(crate) fn put_display(value: impl Display, out: &mut BytesMut) {
    let _ = write!(out, "{value}");
}
