//! Text that shares a buffer.

use std::fmt;
use std::ops::Deref;

use bytes::Bytes;
use bytestring::ByteString;

use crate::{Fault, FaultKind};

/// UTF-8 text over [`Bytes`]: validated once, cloned and sliced without copying.
///
/// What a machine keeps of a message (a Call-ID, a URI) is a `ByteStr` into the buffer that arrived.
///
/// ```
/// use bytes::Bytes;
/// use missiva_core::ByteStr;
///
/// let line = ByteStr::try_from(Bytes::from_static(b"Call-ID: abc")).unwrap();
/// let value = line.share(&line[9..]);
/// assert_eq!(&*value, "abc");
/// ```
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ByteStr(ByteString);

impl ByteStr {
    /// Empty text.
    #[must_use]
    pub const fn new() -> Self {
        Self(ByteString::new())
    }

    /// Text that lives as long as the program.
    #[must_use]
    pub const fn from_static(text: &'static str) -> Self {
        Self(ByteString::from_static(text))
    }

    /// The text itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The bytes below.
    #[must_use]
    pub fn as_bytes(&self) -> &Bytes {
        self.0.as_bytes()
    }

    /// `part` as text of its own: shares the buffer when `part` was borrowed from this text, copies otherwise.
    #[must_use]
    pub fn share(&self, part: &str) -> Self {
        let (start, whole) = (part.as_ptr() as usize, self.0.as_ptr() as usize);
        let inside = start >= whole
            && start.saturating_add(part.len()) <= whole.saturating_add(self.0.len());
        if inside { Self(self.0.slice_ref(part)) } else { Self::from(part) }
    }
}

impl Deref for ByteStr {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for ByteStr {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl From<&str> for ByteStr {
    fn from(text: &str) -> Self {
        Self(ByteString::from(text))
    }
}

impl From<String> for ByteStr {
    fn from(text: String) -> Self {
        Self(ByteString::from(text))
    }
}

impl TryFrom<Bytes> for ByteStr {
    type Error = Fault;

    fn try_from(bytes: Bytes) -> Result<Self, Fault> {
        ByteString::try_from(bytes)
            .map(Self)
            .map_err(|error| Fault::new(FaultKind::Utf8, error.valid_up_to()))
    }
}

impl fmt::Debug for ByteStr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl fmt::Display for ByteStr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for ByteStr {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_text_points_into_the_same_buffer() {
        let whole = ByteStr::from("alpha beta".to_owned());
        let part = whole.share(&whole[6..]);
        assert_eq!(&*part, "beta");
        assert_eq!(part.as_bytes().as_ptr(), whole[6..].as_ptr());
    }

    #[test]
    fn foreign_text_is_copied() {
        let whole = ByteStr::from_static("alpha");
        assert_eq!(&*whole.share("gamma"), "gamma");
    }

    #[test]
    fn bytes_that_are_not_text_are_refused_where_they_go_wrong() {
        let fault = ByteStr::try_from(Bytes::from_static(b"ab\xffcd")).unwrap_err();
        assert_eq!((fault.kind, fault.at), (FaultKind::Utf8, 2));
    }
}
