//! Values in a named character set with escapes (RFC 2231 section 4).

use bytes::{BufMut, BytesMut};
use missiva_core::scan::ByteSet;

use super::quoted::unquote;

/// `attribute-char`: what needs no escape.
const PLAIN: ByteSet = ByteSet::alphanumeric().with(b"!#$&+-.^_`{|}~");

/// A value that is being put together.
#[derive(Debug)]
pub(super) struct Extended {
    bytes: Vec<u8>,
    latin: bool,
}

impl Extended {
    /// Starts with `charset'language'text`; `None` for a character set that is not known.
    pub(super) fn split(text: &str) -> Option<Self> {
        let (charset, rest) = text.split_once('\'')?;
        let (_, text) = rest.split_once('\'')?;
        let is = |name: &str| charset.eq_ignore_ascii_case(name);
        let latin = is("iso-8859-1");
        if !(latin || charset.is_empty() || is("utf-8") || is("us-ascii")) {
            return None;
        }
        let mut value = Self { bytes: Vec::new(), latin };
        value.push(text, true)?;
        Some(value)
    }

    /// Starts with text that names no character set.
    pub(super) fn plain(text: &str) -> Self {
        Self { bytes: unquote(text).as_bytes().to_vec(), latin: false }
    }

    /// Adds a piece; `None` for an escape that is none.
    pub(super) fn push(&mut self, text: &str, escaped: bool) -> Option<()> {
        if !escaped {
            self.bytes.extend_from_slice(unquote(text).as_bytes());
            return Some(());
        }
        let mut bytes = text.bytes();
        while let Some(byte) = bytes.next() {
            if byte != b'%' {
                self.bytes.push(byte);
                continue;
            }
            let mut nibble = || char::from(bytes.next()?).to_digit(16);
            let value = nibble()? << 4 | nibble()?;
            self.bytes.push(u8::try_from(value).ok()?);
        }
        Some(())
    }

    /// The text, when it is one in its character set.
    pub(super) fn finish(self) -> Option<String> {
        if self.latin {
            return Some(self.bytes.into_iter().map(char::from).collect());
        }
        String::from_utf8(self.bytes).ok()
    }
}

/// Appends `text` with every byte escaped that is no `attribute-char`.
pub(super) fn write_escaped(text: &str, out: &mut BytesMut) {
    let hex = |nibble: u8| if nibble < 10 { b'0' + nibble } else { b'A' + nibble - 10 };
    for byte in text.bytes() {
        if PLAIN.has(byte) {
            out.put_u8(byte);
        } else {
            out.put_slice(&[b'%', hex(byte >> 4), hex(byte & 15)]);
        }
    }
}
