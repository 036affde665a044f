//! Many bytes at a time: sixty-four to mark, sixteen to cross.

use wide::{i8x16, u8x16};

/// Bytes in one block.
pub const BLOCK: usize = 64;

/// Where each of `wanted` stands in `block`: bit `i` of a mask is set when byte `i` is the wanted one.
///
/// Framers walk these masks instead of the bytes: the next line end is the lowest set bit.
///
/// ```
/// use missiva_core::scan::mark_bytes;
///
/// let mut block = [0u8; 64];
/// block[..6].copy_from_slice(b"a:b\r\n:");
/// let [feeds, colons] = mark_bytes(&block, [b'\n', b':']);
/// assert_eq!((feeds.trailing_zeros(), colons), (4, 0b10_0010));
/// ```
#[inline(always)]
#[must_use]
pub fn mark_bytes<const N: usize>(block: &[u8; BLOCK], wanted: [u8; N]) -> [u64; N] {
    let (quarters, _) = block.as_chunks::<16>();
    let mut masks = [0u64; N];
    for (quarter, shift) in quarters.iter().zip([0u32, 16, 32, 48]) {
        let bytes = u8x16::new(*quarter);
        for (mask, byte) in masks.iter_mut().zip(wanted) {
            let found = bytes.simd_eq(u8x16::splat(byte)).to_bitmask();
            *mask |= u64::from(found) << shift;
        }
    }
    masks
}

/// Whether a NUL stands in `block`.
#[inline(always)]
#[must_use]
pub fn has_nul(block: &[u8; BLOCK]) -> bool {
    let (quarters, _) = block.as_chunks::<16>();
    let least = quarters.iter().fold(u8x16::MAX, |least, quarter| least.min(u8x16::new(*quarter)));
    least.simd_eq(u8x16::ZERO).to_bitmask() != 0
}

/// How many letters, digits, hyphens and dots `chunk` begins with.
#[inline(always)]
pub(crate) fn word_run(chunk: &[u8; 16]) -> usize {
    let bytes = i8x16::from_ne_bytes(*chunk);
    let words = within(bytes, b'0', b'9')
        | within(bytes | i8x16::splat(0x20), b'a', b'z')
        | within(bytes, b'-', b'.');
    leading(words.to_bitmask())
}

/// How many bytes `chunk` begins with that are no control, double quote or backslash.
#[inline(always)]
pub(crate) fn text_run(chunk: &[u8; 16]) -> usize {
    let bytes = i8x16::from_ne_bytes(*chunk);
    let is = |byte: u8| bytes.simd_eq(i8x16::splat(byte.cast_signed()));
    let stops = within(bytes, 0x00, 0x1f) | is(0x7f) | is(b'"') | is(b'\\');
    leading(!stops.to_bitmask())
}

/// Lanes whose byte lies between two ASCII bytes: moved up so that the range ends at the largest signed value, one
/// signed comparison tells.
#[inline(always)]
fn within(bytes: i8x16, first: u8, last: u8) -> i8x16 {
    let moved = bytes + i8x16::splat((0x7f - last).cast_signed());
    moved.simd_gt(i8x16::splat((0x7e - (last - first)).cast_signed()))
}

#[inline(always)]
const fn leading(mask: u32) -> usize {
    (!mask | 0x1_0000).trailing_zeros() as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn marks_are_where_the_bytes_are(bytes in prop::collection::vec(prop::sample::select(b"ab:\r\n\0\xff".to_vec()), 64)) {
            let block: [u8; 64] = bytes.clone().try_into().unwrap();
            for (mask, wanted) in mark_bytes(&block, [b':', b'\r', 0, 0xff]).into_iter().zip([b':', b'\r', 0, 0xff]) {
                for (at, byte) in bytes.iter().enumerate() {
                    prop_assert_eq!(mask >> at & 1 == 1, *byte == wanted);
                }
            }
        }
    }

    #[test]
    fn every_byte_is_crossed_or_stops_as_its_set_says() {
        for byte in 0..=u8::MAX {
            let word = byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.';
            let text = !(byte.is_ascii_control() || byte == b'"' || byte == b'\\');
            for at in 0..16 {
                let mut chunk = [b'a'; 16];
                chunk[at] = byte;
                assert_eq!(word_run(&chunk), if word { 16 } else { at }, "{byte} at {at}");
                assert_eq!(text_run(&chunk), if text { 16 } else { at }, "{byte} at {at}");
            }
        }
    }
}
