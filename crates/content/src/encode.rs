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

/// Appends a decimal number.
pub(crate) fn put_number(mut value: u64, out: &mut BytesMut) {
    let mut digits = [0u8; 20];
    let mut used = 0usize;
    for slot in digits.iter_mut().rev() {
        *slot = b'0' | u8::try_from(value % 10).unwrap_or(0);
        value /= 10;
        used = used.saturating_add(1);
        if value == 0 {
            break;
        }
    }
    out.put_slice(digits.get(digits.len().saturating_sub(used)..).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_in_decimal() {
        for value in [0, 7, 10, 4_294_967_295, u64::MAX] {
            let mut out = BytesMut::new();
            put_number(value, &mut out);
            assert_eq!(out, value.to_string().as_bytes());
        }
    }
}
