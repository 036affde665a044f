//! Descriptions: one buffer, many ranges.

mod build;
mod edit;
mod index;
mod order;
mod rules;
mod section;
mod write;

use bytes::Bytes;
use missiva_core::ByteStr;

use index::{Index, MediaSlot, Slot};

pub use build::Builder;
pub use edit::{Edit, Scope};
pub use rules::Rules;
pub use section::{Line, Media, Section};

use crate::value::Visit;
use crate::{Leniency, ParseError, Part, table};

/// A session description as it came: its text, and where each line lies in it.
///
/// Cloning shares the text. Values are read when they are asked for and borrow from it; a malformed line that nobody
/// reads does no harm, but for `v=` and `m=`, without which nothing has a meaning.
///
/// ```
/// use missiva_sdp::{Description, field};
///
/// let offer = "v=0\r\no=alice 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n\
///              m=message 7654 TCP/MSRP *\r\na=accept-types:message/cpim text/*\r\na=path:msrp://192.0.2.1:7654/jshA7we;tcp\r\n";
/// let offer = Description::parse(offer.into())?;
/// let media = offer.media_at(0).expect("one medium");
/// let path = media.get::<field::Path>()?.expect("a path");
/// assert_eq!((media.kind(), media.port()), ("message", 7654));
/// assert_eq!(path.endpoint().session_id, Some("jshA7we"));
/// # Ok::<(), missiva_sdp::ParseError>(())
/// ```
#[derive(Clone)]
pub struct Description {
    text: ByteStr,
    lines: Vec<Slot>,
    media: Vec<MediaSlot>,
    tolerated: Leniency,
}

impl Description {
    /// Reads a description with the default rules.
    ///
    /// # Errors
    ///
    /// The first fault of its lines or their order, of its version or of an `m=` line.
    pub fn parse(bytes: Bytes) -> Result<Self, ParseError> {
        Self::parse_with(bytes, &Rules::default())
    }

    /// Reads a description.
    ///
    /// # Errors
    ///
    /// As for [`parse`](Self::parse), with what `rules` let through.
    pub fn parse_with(bytes: Bytes, rules: &Rules) -> Result<Self, ParseError> {
        if bytes.len() > rules.limits.max_size {
            let (kind, at) = (missiva_core::FaultKind::Limit, rules.limits.max_size);
            return Err(ParseError::new(kind, Part::Framing, &bytes, at));
        }
        let text = ByteStr::try_from(bytes.clone());
        let text = text.map_err(|fault| {
            ParseError::new(fault.kind, Part::Framing, &bytes, fault.at as usize)
        })?;
        let Index { lines, media, tolerated, .. } = Index::read(&text, rules)?;
        Ok(Self { text, lines, media, tolerated })
    }

    /// The text as it came.
    #[must_use]
    pub const fn text(&self) -> &ByteStr {
        &self.text
    }

    /// Which departures from the grammar were let through.
    #[must_use]
    pub const fn tolerated(&self) -> Leniency {
        self.tolerated
    }

    /// Every line in order.
    pub fn lines(&self) -> impl ExactSizeIterator<Item = Line<'_>> {
        Section::new(self, 0, self.lines.len()).into_lines()
    }

    /// What stands before the first medium.
    #[must_use]
    pub fn session(&self) -> Section<'_> {
        Section::new(
            self,
            0,
            self.media.first().map_or(self.lines.len(), |media| media.first as usize),
        )
    }

    /// Every medium in order.
    pub fn media(&self) -> impl ExactSizeIterator<Item = Media<'_>> {
        self.media.iter().enumerate().map(|(index, slot)| {
            let next = self.media.get(index + 1);
            Media::new(self, index, slot, next.map_or(self.lines.len(), |next| next.first as usize))
        })
    }

    /// The medium at `index`, counted from zero.
    #[must_use]
    pub fn media_at(&self, index: usize) -> Option<Media<'_>> {
        self.media().nth(index)
    }

    /// How many media there are.
    #[must_use]
    pub fn media_count(&self) -> usize {
        self.media.len()
    }

    /// Reads the value of every line and hands it to `visitor` with its own type. Lines that this crate does not know
    /// are passed over.
    ///
    /// # Errors
    ///
    /// The first fault; values before it have been handed over.
    #[inline]
    pub fn visit<V: Visit>(&self, visitor: &mut V) -> Result<(), ParseError> {
        for line in &self.lines {
            table::visit(&self.text, line.name, line.value, visitor)?;
        }
        Ok(())
    }
}

impl std::fmt::Debug for Description {
    /// Tells how much there is, and not what it says.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Description")
            .field("len", &self.text.len())
            .field("lines", &self.lines.len())
            .field("media", &self.media.len())
            .field("tolerated", &self.tolerated)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
