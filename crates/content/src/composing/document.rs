//! The status document (`application/im-iscomposing+xml`, RFC 3994 section 3.4 and 5).

use std::num::NonZeroU32;

use bytes::{Bytes, BytesMut};
use missiva_core::FaultKind;

use crate::xml::{Extension, Ns, Reader, Writer, word};
use crate::{DateTime, Limits, ParseError};

/// The media type of the document.
pub const MEDIA_TYPE: &str = "application/im-iscomposing+xml";

/// Whether somebody is composing a message.
///
/// Elements of other namespaces are kept; those of its own that RFC 3994 does not know are skipped.
///
/// ```
/// use missiva_content::Limits;
/// use missiva_content::composing::{IsComposing, State};
///
/// let xml = br#"<isComposing xmlns="urn:ietf:params:xml:ns:im-iscomposing"><state>active</state></isComposing>"#;
/// assert_eq!(IsComposing::parse(xml, &Limits::DEFAULT)?, IsComposing::new(State::Active));
/// # Ok::<(), missiva_content::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct IsComposing {
    /// Whether a message is being composed now.
    pub state: State,
    /// When the composer was last seen active.
    pub last_active: Option<DateTime>,
    /// The media type, or the kind of it, that is being composed. Without it, text is.
    pub content_type: Option<String>,
    /// For how many seconds `active` holds without being said again.
    pub refresh: Option<NonZeroU32>,
    /// Extension elements.
    pub extensions: Vec<Extension>,
}

/// Whether a message is being composed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
pub enum State {
    /// It is.
    Active,
    /// It is not. Words that are not known mean this too (RFC 3994 section 3.3).
    Idle,
}

impl IsComposing {
    /// A document with nothing but a state.
    #[must_use]
    pub const fn new(state: State) -> Self {
        Self { state, last_active: None, content_type: None, refresh: None, extensions: Vec::new() }
    }

    /// Reads a document.
    ///
    /// # Errors
    ///
    /// What makes it none: markup, a missing state, a date or a number that is none, an element that stands twice.
    pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Self, ParseError> {
        let mut reader = Reader::document(bytes, limits, Ns::Composing, "isComposing")?;
        let mut state = None;
        let mut read = Self::new(State::Idle);
        while let Some(child) = reader.child()? {
            match child {
                (Ns::Composing, "state") => {
                    let word = reader.typed("state", read_state)?;
                    reader.once(&mut state, "state", word)?;
                }
                (Ns::Composing, "lastactive") => {
                    let date = reader.typed("lastactive", word::date)?;
                    reader.once(&mut read.last_active, "lastactive", date)?;
                }
                (Ns::Composing, "contenttype") => {
                    let kind = reader.token("contenttype")?;
                    reader.once(&mut read.content_type, "contenttype", kind)?;
                }
                (Ns::Composing, "refresh") => {
                    let seconds = reader.typed("refresh", read_seconds)?;
                    reader.once(&mut read.refresh, "refresh", seconds)?;
                }
                _ => reader.other(Ns::Composing, &mut read.extensions)?,
            }
        }
        read.state = state.ok_or_else(|| reader.missing("state"))?;
        reader.finish()?;
        Ok(read)
    }

    /// Appends the document.
    pub fn write(&self, out: &mut BytesMut) {
        let mut writer = Writer::document(out, Ns::Composing, "isComposing");
        writer.element("state", if self.state == State::Active { "active" } else { "idle" });
        writer.date("lastactive", self.last_active.as_ref());
        writer.optional_element("contenttype", self.content_type.as_deref());
        writer.shown_element("refresh", self.refresh);
        writer.extensions(&self.extensions);
        writer.end();
    }

    /// The document alone.
    #[must_use]
    pub fn to_bytes(&self) -> Bytes {
        let mut out = BytesMut::with_capacity(256);
        self.write(&mut out);
        out.freeze()
    }
}

fn read_state(text: &str) -> Result<State, FaultKind> {
    match text {
        "" => Err(FaultKind::Empty),
        word if word.eq_ignore_ascii_case("active") => Ok(State::Active),
        _ => Ok(State::Idle),
    }
}

/// The schema has no upper bound; a century is as good as more.
fn read_seconds(text: &str) -> Result<NonZeroU32, FaultKind> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number {
        return Err(FaultKind::Number);
    }
    NonZeroU32::new(text.parse().unwrap_or(u32::MAX)).ok_or(FaultKind::Number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Part;
    use crate::xml::samples::{date, extensions, maybe, token};
    use proptest::prelude::*;

    fn parse(inside: &str) -> Result<IsComposing, ParseError> {
        let xml = format!(
            "<c:isComposing xmlns:c='urn:ietf:params:xml:ns:im-iscomposing' \
            xmlns:x='urn:example:x'>{inside}</c:isComposing>"
        );
        IsComposing::parse(xml.as_bytes(), &Limits::DEFAULT)
    }

    #[test]
    fn the_example_of_the_standard_is_read() {
        let read = parse(
            "<c:state>active</c:state><c:contenttype>text/plain</c:contenttype>\
             <c:lastactive>2003-01-27T10:43:00Z</c:lastactive><c:refresh>90</c:refresh>",
        );
        let expected = IsComposing {
            last_active: DateTime::parse("2003-01-27T10:43:00Z").ok(),
            content_type: Some("text/plain".into()),
            refresh: NonZeroU32::new(90),
            ..IsComposing::new(State::Active)
        };
        assert_eq!(read, Ok(expected));
    }

    #[test]
    fn a_state_that_is_not_known_is_idle() {
        for word in ["idle", "IDLE", "dreaming"] {
            let read =
                parse(&format!("<c:state> {word}\n</c:state><c:mood>x</c:mood><x:mood>x</x:mood>"));
            let read = read.unwrap();
            assert_eq!((read.state, read.extensions.len()), (State::Idle, 1), "{word}");
        }
    }

    #[test]
    fn documents_that_are_none_are_refused() {
        let table = [
            ("", FaultKind::Empty, "state"),
            ("<c:state/>", FaultKind::Empty, "state"),
            ("<state>active</state>", FaultKind::Empty, "state"),
            ("<c:state>active</c:state><c:state>idle</c:state>", FaultKind::Conflict, "state"),
            ("<c:refresh>0</c:refresh>", FaultKind::Number, "refresh"),
            ("<c:refresh>-5</c:refresh>", FaultKind::Number, "refresh"),
            ("<c:refresh>1.5</c:refresh>", FaultKind::Number, "refresh"),
            ("<c:refresh/>", FaultKind::Number, "refresh"),
            ("<c:lastactive>today</c:lastactive>", FaultKind::Unexpected, "lastactive"),
            ("<c:contenttype/>", FaultKind::Empty, "contenttype"),
        ];
        for (inside, kind, element) in table {
            let fault = parse(inside).expect_err(inside);
            assert_eq!((fault.kind, fault.field), (kind, Part::Element(element)), "{inside}");
        }
        let long = parse("<c:state>active</c:state><c:refresh>99999999999</c:refresh>").unwrap();
        assert_eq!(long.refresh, NonZeroU32::new(u32::MAX));
    }

    fn documents() -> impl Strategy<Value = IsComposing> {
        let refresh = maybe(1..=u32::MAX).prop_map(|seconds| seconds.and_then(NonZeroU32::new));
        (any::<bool>(), maybe(date()), maybe(token()), refresh, extensions()).prop_map(
            |(active, last_active, content_type, refresh, extensions)| IsComposing {
                state: if active { State::Active } else { State::Idle },
                last_active,
                content_type,
                refresh,
                extensions,
            },
        )
    }

    proptest! {
        #[test]
        fn documents_come_back(document in documents()) {
            let bytes = document.to_bytes();
            let read = IsComposing::parse(&bytes, &Limits::DEFAULT).unwrap();
            prop_assert_eq!(&read, &document);
            prop_assert_eq!(read.to_bytes(), bytes);
        }
    }
}
