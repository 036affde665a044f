//! Several bodies in one (RFC 2046 section 5.1, RFC 2387).
//!
//! [`Multipart`] finds the parts in one pass over one buffer, [`Walk`] goes through multiparts in multiparts, and
//! [`Builder`] makes one.

mod build;
mod split;
mod walk;

use bytes::Bytes;
use missiva_core::FaultKind;

pub use build::{Builder, Built};
pub use walk::{Leaf, Walk};

use crate::mime::{ContentId, ContentType, Entity};
use crate::{Limits, ParseError, Part};
use split::Piece;

/// What a reader of multiparts lets pass. Nothing by default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tolerance {
    /// The last part may end with the body, without the closing boundary: old CPM stored objects lack it.
    pub missing_close: bool,
    /// A line that begins with the boundary and goes on is content. RFC 2046 section 5.1.1 calls it a boundary and
    /// most readers do not, so without this it is refused: where a part ends would depend on who reads.
    pub longer_line: bool,
}

impl Tolerance {
    /// Nothing is let pass.
    pub const NONE: Self = Self { missing_close: false, longer_line: false };
}

/// A multipart body and where its parts lie in it.
///
/// Every byte of the body is in the preamble, a delimiter, a part or the epilogue, and nothing is copied.
///
/// ```
/// use bytes::Bytes;
/// use missiva_content::Limits;
/// use missiva_content::multipart::{Multipart, Tolerance};
///
/// let body = Bytes::from_static(b"--b1\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n\r\n--b1\r\n\r\nHello\r\n--b1--");
/// let parts = Multipart::split(body, "b1", Tolerance::NONE, &Limits::DEFAULT)?;
/// assert_eq!(parts.len(), 2);
/// let sdp = parts.find("application/sdp", &Limits::DEFAULT)?.expect("a session description");
/// assert_eq!(sdp.body(), "v=0\r\n");
/// # Ok::<(), missiva_content::ParseError>(())
/// ```
#[derive(Clone)]
pub struct Multipart {
    body: Bytes,
    pieces: Vec<Piece>,
    /// First byte behind the last delimiter line that was read.
    end: usize,
    closed: bool,
}

/// Bytes in the longest boundary that is read. RFC 2046 allows 70.
const MAX_BOUNDARY: usize = 256;

impl Multipart {
    /// Finds the parts of `body`, whose content type names the boundary.
    ///
    /// # Errors
    ///
    /// No `boundary` parameter, or what [`split`](Self::split) has to say.
    pub fn of(
        kind: &ContentType<'_>,
        body: Bytes,
        tolerance: Tolerance,
        limits: &Limits,
    ) -> Result<Self, ParseError> {
        match kind.params.text("boundary") {
            Some(boundary) => Self::split(body, &boundary, tolerance, limits),
            None => Err(ParseError::new(FaultKind::Empty, Part::Boundary, 0)),
        }
    }

    /// Finds the parts of `body` in one pass.
    ///
    /// A boundary counts at the beginning of a line alone. White space behind it belongs to it. The line end before
    /// it is no part of what it ends.
    ///
    /// # Errors
    ///
    /// [`Part::Boundary`] with [`FaultKind::Value`] for a boundary that is none, [`FaultKind::Empty`] when there is no
    /// part, [`FaultKind::End`] when the closing one is missing, [`FaultKind::Unexpected`] for a line that begins like
    /// one; [`FaultKind::Limit`] for too many parts.
    pub fn split(
        body: Bytes,
        boundary: &str,
        tolerance: Tolerance,
        limits: &Limits,
    ) -> Result<Self, ParseError> {
        // RFC 2046 ends a boundary with anything but a space, since that would be transport padding.
        let is_one = !boundary.is_empty()
            && boundary.len() <= MAX_BOUNDARY
            && !boundary.ends_with(' ')
            && !boundary.contains(|c: char| c.is_control());
        if !is_one {
            return Err(ParseError::new(FaultKind::Value, Part::Boundary, 0));
        }
        let (pieces, end, closed) = split::split(&body, boundary, tolerance, limits)?;
        Ok(Self { body, pieces, end, closed })
    }

    /// How many parts there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.pieces.len()
    }

    /// Whether there is no part, which [`split`](Self::split) refuses.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// The parts, headers and all, as slices of the body.
    #[must_use]
    pub fn parts(&self) -> impl ExactSizeIterator<Item = Bytes> + '_ {
        self.pieces.iter().map(|piece| self.body.slice(piece.from..piece.to))
    }

    /// The parts with their headers read.
    pub fn entities<'a>(
        &'a self,
        limits: &'a Limits,
    ) -> impl Iterator<Item = Result<Entity, ParseError>> + 'a {
        self.pieces.iter().map(move |piece| self.entity(piece, limits))
    }

    fn entity(&self, piece: &Piece, limits: &Limits) -> Result<Entity, ParseError> {
        let entity = Entity::parse(self.body.slice(piece.from..piece.to), limits);
        entity.map_err(|error| error.shifted(piece.from))
    }

    /// The first part of type `essence`. The order of parts means nothing in CPM.
    ///
    /// # Errors
    ///
    /// A part before it whose headers cannot be read.
    pub fn find(&self, essence: &str, limits: &Limits) -> Result<Option<Entity>, ParseError> {
        self.find_by(limits, |entity| Ok(entity.content_type()?.is(essence)))
    }

    /// The part to which a `cid:` URI points.
    ///
    /// # Errors
    ///
    /// A part before it whose headers cannot be read.
    pub fn target_of(&self, uri: &str, limits: &Limits) -> Result<Option<Entity>, ParseError> {
        self.find_by(limits, |entity| {
            Ok(entity.head().content_id()?.is_some_and(|id| id.is_target_of(uri)))
        })
    }

    /// The part with which a `multipart/related` begins: that which `start` names, else the first (RFC 2387 section
    /// 3.2).
    ///
    /// # Errors
    ///
    /// A `start` that no part has, or a part before it whose headers cannot be read.
    pub fn root(&self, kind: &ContentType<'_>, limits: &Limits) -> Result<Entity, ParseError> {
        let none = || ParseError::new(FaultKind::Empty, Part::Mime("Content-ID"), 0);
        let found = match kind.params.text("start") {
            Some(start) => {
                let wanted = ContentId::parse(&start).map_err(|_| none())?;
                self.find_by(limits, |entity| Ok(entity.head().content_id()? == Some(wanted)))?
            }
            None => self.pieces.first().map(|first| self.entity(first, limits)).transpose()?,
        };
        found.ok_or_else(none)
    }

    /// The best of a `multipart/alternative`: the last part that `can_show` takes (RFC 2046 section 5.1.4).
    ///
    /// # Errors
    ///
    /// A part behind it whose headers cannot be read.
    pub fn best(
        &self,
        limits: &Limits,
        mut can_show: impl FnMut(&ContentType<'_>) -> bool,
    ) -> Result<Option<Entity>, ParseError> {
        for piece in self.pieces.iter().rev() {
            let entity = self.entity(piece, limits)?;
            if can_show(&entity.content_type()?) {
                return Ok(Some(entity));
            }
        }
        Ok(None)
    }

    /// The first part that `is_it` takes.
    fn find_by(
        &self,
        limits: &Limits,
        is_it: impl Fn(&Entity) -> Result<bool, ParseError>,
    ) -> Result<Option<Entity>, ParseError> {
        for entity in self.entities(limits) {
            let entity = entity?;
            if is_it(&entity)? {
                return Ok(Some(entity));
            }
        }
        Ok(None)
    }

    /// What stands before the first delimiter.
    #[must_use]
    pub fn preamble(&self) -> Bytes {
        self.body.slice(..self.pieces.first().map_or(0, |piece| piece.delimiter))
    }

    /// What stands behind the closing delimiter.
    #[must_use]
    pub fn epilogue(&self) -> Bytes {
        self.body.slice(self.end..)
    }

    /// Whether the closing delimiter was there.
    #[must_use]
    pub const fn is_closed(&self) -> bool {
        self.closed
    }

    /// Everything in order: preamble, then delimiter and part by turns, closing delimiter, epilogue. Joined, they are
    /// the body.
    pub fn pieces(&self) -> impl Iterator<Item = Bytes> + '_ {
        let last = self.pieces.last().map_or(0, |piece| piece.to);
        let parts = self.pieces.iter().flat_map(|piece| {
            [self.body.slice(piece.delimiter..piece.from), self.body.slice(piece.from..piece.to)]
        });
        std::iter::once(self.preamble())
            .chain(parts)
            .chain([self.body.slice(last..self.end), self.epilogue()])
    }

    /// The body as it came.
    #[must_use]
    pub const fn body(&self) -> &Bytes {
        &self.body
    }
}

impl std::fmt::Debug for Multipart {
    /// Tells sizes and no content.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Multipart")
            .field("parts", &self.pieces.len())
            .field("len", &self.body.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
