//! Multiparts in multiparts.

use bytes::Bytes;
use missiva_core::FaultKind;

use super::{Multipart, Tolerance};
use crate::mime::Entity;
use crate::{Limits, ParseError, Part};

/// A part that is no multipart itself.
#[derive(Clone, Debug)]
pub struct Leaf {
    /// The part.
    pub entity: Entity,
    /// In how many multiparts it stands: one for a part of the outermost.
    pub depth: usize,
}

/// Goes through all parts that are no multiparts, in order, with no more than the capped number of them open.
///
/// It ends after its first error.
///
/// ```
/// use bytes::Bytes;
/// use missiva_content::Limits;
/// use missiva_content::multipart::{Multipart, Tolerance, Walk};
///
/// let body = Bytes::from_static(b"--a\r\nContent-Type: multipart/mixed;boundary=b\r\n\r\n\
///     --b\r\n\r\nin\r\n--b--\r\n--a\r\n\r\nout\r\n--a--");
/// let parts = Multipart::split(body, "a", Tolerance::NONE, &Limits::DEFAULT)?;
/// let leaves: Vec<_> = Walk::new(&parts, Tolerance::NONE, Limits::DEFAULT).collect::<Result<_, _>>()?;
/// assert_eq!((leaves[0].depth, &leaves[0].entity.body()[..]), (2, &b"in"[..]));
/// assert_eq!((leaves[1].depth, &leaves[1].entity.body()[..]), (1, &b"out"[..]));
/// # Ok::<(), missiva_content::ParseError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Walk {
    /// The multiparts that are open, each with the parts that are still to come, the next one last, and their places
    /// in the outermost body.
    open: Vec<Vec<(usize, Bytes)>>,
    tolerance: Tolerance,
    limits: Limits,
}

impl Walk {
    /// Starts before the first part of `multipart`.
    #[must_use]
    pub fn new(multipart: &Multipart, tolerance: Tolerance, limits: Limits) -> Self {
        Self { open: vec![parts(multipart, 0)], tolerance, limits }
    }

    fn step(&mut self) -> Result<Option<Leaf>, ParseError> {
        loop {
            let Some(level) = self.open.last_mut() else { return Ok(None) };
            let Some((at, bytes)) = level.pop() else {
                self.open.pop();
                continue;
            };
            let place = |error: ParseError| error.shifted(at);
            let entity = Entity::parse(bytes, &self.limits).map_err(place)?;
            let inner = entity.multipart(self.tolerance, &self.limits).map_err(place)?;
            let Some(inner) = inner else {
                return Ok(Some(Leaf { entity, depth: self.open.len() }));
            };
            let at = at + entity.body_at();
            if self.open.len() >= self.limits.max_nesting {
                return Err(ParseError::new(FaultKind::Limit, Part::Body, at));
            }
            self.open.push(parts(&inner, at));
        }
    }
}

impl Iterator for Walk {
    type Item = Result<Leaf, ParseError>;

    fn next(&mut self) -> Option<Self::Item> {
        let step = self.step();
        if step.is_err() {
            self.open.clear();
        }
        step.transpose()
    }
}

fn parts(multipart: &Multipart, base: usize) -> Vec<(usize, Bytes)> {
    let places = multipart.pieces.iter().map(|piece| base + piece.from);
    let mut parts: Vec<_> = places.zip(multipart.parts()).collect();
    parts.reverse();
    parts
}
