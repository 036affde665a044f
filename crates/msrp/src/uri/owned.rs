//! URIs that live longer than the message that brought them.

use std::fmt;

use missiva_core::{ByteStr, Fault};

use super::{Marks, Uri};

/// A [`Uri`] with text of its own, or a share of a buffer: what a session keeps of a path.
///
/// ```
/// use missiva_core::ByteStr;
/// use missiva_msrp::uri::UriBuf;
///
/// let kept = UriBuf::parse(ByteStr::from("msrp://h:1/x;tcp"))?;
/// assert_eq!(kept.as_uri().session_id(), Some("x"));
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct UriBuf {
    text: ByteStr,
    marks: Marks,
}

impl UriBuf {
    /// Reads a URI that makes up the whole of `text`, which is kept without a copy.
    ///
    /// # Errors
    ///
    /// The first byte that RFC 4975 does not allow.
    pub fn parse(text: ByteStr) -> Result<Self, Fault> {
        let marks = Uri::parse(&text)?.marks();
        Ok(Self { text, marks })
    }

    /// The URI in parts.
    #[must_use]
    pub fn as_uri(&self) -> Uri<'_> {
        Uri::checked(&self.text, self.marks)
    }

    /// The URI as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl From<Uri<'_>> for UriBuf {
    /// Copies the text, so that the message's buffer can go.
    fn from(uri: Uri<'_>) -> Self {
        Self { text: ByteStr::from(uri.as_str()), marks: uri.marks() }
    }
}

impl fmt::Display for UriBuf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for UriBuf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UriBuf({})", &*self.text)
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for UriBuf {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.as_uri().serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kept_uris_are_those_that_were_read() {
        let uri = Uri::parse("msrp://a@h:1/x;tcp;p").unwrap();
        let kept = UriBuf::from(uri);
        assert_eq!((kept.as_uri(), kept.as_str()), (uri, uri.as_str()));
        assert!(UriBuf::parse(ByteStr::from("msrp://h/x;tcp ")).is_err());
    }
}
