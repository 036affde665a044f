//! A multipart made from its parts.

use bytes::{BufMut, Bytes, BytesMut};
use memchr::memmem::Finder;
use missiva_core::{Fault, FaultKind, IdSource, Payload};

use crate::mime::ContentType;

/// Puts parts together, with a boundary that stands in none of them.
///
/// ```
/// use missiva_content::mime;
/// use missiva_content::multipart::Builder;
///
/// let sdp = mime::Builder::new("application/sdp").body("v=0\r\n".into()).finish()?;
/// let text = mime::Builder::new("text/plain").body("Hi".into()).finish()?;
/// let built = Builder::new("multipart/mixed").part(sdp).part(text).finish_with("b1")?;
/// assert_eq!(built.content_type, "multipart/mixed;boundary=b1");
/// assert!(built.to_bytes().ends_with(b"\r\n--b1\r\nContent-Type: text/plain\r\n\r\nHi\r\n--b1--\r\n"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Builder {
    essence: String,
    params: Vec<(String, String)>,
    parts: Vec<Payload>,
}

/// A multipart that was built: the value of its `Content-Type`, and the body in pieces that share what they were made
/// from.
#[derive(Clone)]
pub struct Built {
    /// Type, subtype, boundary and the other parameters.
    pub content_type: String,
    /// The body, piece by piece.
    pub pieces: Vec<Bytes>,
}

/// Random bytes in a boundary: 128 bits, so that a second try is never seen.
const RANDOM: usize = 16;
/// Boundaries that are tried before a source of chance is given up, which repeats itself.
const TRIES: usize = 4;

impl Builder {
    /// Starts a multipart of this type: `multipart/mixed`, `multipart/related` …
    #[must_use]
    pub fn new(essence: &str) -> Self {
        Self { essence: essence.to_owned(), params: Vec::new(), parts: Vec::new() }
    }

    /// Adds a parameter of the content type: `type` and `start` of a `multipart/related`.
    #[must_use]
    pub fn param(mut self, name: &str, value: &str) -> Self {
        self.params.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Adds a part: headers, their empty line and a body, as [`mime::Builder`](crate::mime::Builder) makes them and
    /// [`Entity::bytes`](crate::mime::Entity::bytes) gives them out.
    #[must_use]
    pub fn part(mut self, part: Payload) -> Self {
        self.parts.push(part);
        self
    }

    /// Puts the parts together with a boundary drawn from `ids`.
    ///
    /// # Errors
    ///
    /// [`FaultKind::Empty`] without a part, [`FaultKind::Conflict`] when every boundary that was drawn stands in a
    /// part, or what is wrong with the type or a parameter.
    pub fn finish(self, ids: &mut dyn IdSource) -> Result<Built, Fault> {
        for _ in 0..TRIES {
            let boundary = ids.hex(RANDOM);
            if !self.holds(&boundary) {
                return self.join(&boundary);
            }
        }
        Err(Fault::new(FaultKind::Conflict, 0))
    }

    /// Puts the parts together with this boundary.
    ///
    /// # Errors
    ///
    /// [`FaultKind::Conflict`] when a part holds the boundary, [`FaultKind::Value`] when it is none, or as for
    /// [`finish`](Self::finish).
    pub fn finish_with(self, boundary: &str) -> Result<Built, Fault> {
        let is_char = |byte: u8| byte.is_ascii_alphanumeric() || b"'()+_,-./:=? ".contains(&byte);
        let fits = (1..=70).contains(&boundary.len()) && boundary.bytes().all(is_char);
        if !fits || boundary.ends_with(' ') {
            return Err(Fault::new(FaultKind::Value, 0));
        }
        if self.holds(boundary) {
            return Err(Fault::new(FaultKind::Conflict, 0));
        }
        self.join(boundary)
    }

    /// Whether the delimiter stands anywhere in a part, or across the pieces of one.
    fn holds(&self, boundary: &str) -> bool {
        let delimiter = [b"--", boundary.as_bytes()].concat();
        let finder = Finder::new(&delimiter);
        self.parts.iter().any(|part| {
            let inside = part.pieces().any(|piece| finder.find(piece).is_some());
            inside || finder.find(&seams(part, delimiter.len())).is_some()
        })
    }

    fn join(self, boundary: &str) -> Result<Built, Fault> {
        if self.parts.is_empty() {
            return Err(Fault::new(FaultKind::Empty, 0));
        }
        if !self.essence.get(..10).is_some_and(|kind| kind.eq_ignore_ascii_case("multipart/")) {
            return Err(Fault::new(FaultKind::Value, 0));
        }
        let own = self.params.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        if own.clone().any(|(name, _)| name.eq_ignore_ascii_case("boundary")) {
            return Err(Fault::new(FaultKind::Conflict, 0));
        }
        let params: Vec<_> = [("boundary", boundary)].into_iter().chain(own).collect();
        let content_type = ContentType::compose(&self.essence, &params)?;

        let line = format!("\r\n--{boundary}");
        let first = Bytes::from(format!("--{boundary}\r\n"));
        let next = Bytes::from(format!("{line}\r\n"));
        let last = Bytes::from(format!("{line}--\r\n"));
        let mut pieces = Vec::with_capacity(self.parts.len() * 3 + 1);
        for part in self.parts {
            pieces.push(if pieces.is_empty() { first.clone() } else { next.clone() });
            pieces.extend([part.head, part.body, part.tail].into_iter().filter(|p| !p.is_empty()));
        }
        pieces.push(last);
        Ok(Built { content_type, pieces })
    }
}

/// The bytes around the places where the pieces of a part meet, `width` to either side.
fn seams(part: &Payload, width: usize) -> Vec<u8> {
    let mut joined = Vec::new();
    for piece in part.pieces() {
        if piece.len() <= width * 2 {
            joined.extend_from_slice(piece);
            continue;
        }
        joined.extend_from_slice(piece.get(..width).unwrap_or_default());
        // What is left out was looked at; a line end keeps its two sides from meeting.
        joined.extend_from_slice(b"\r\n");
        joined.extend_from_slice(piece.get(piece.len() - width..).unwrap_or_default());
    }
    joined
}

impl Built {
    /// The body in one copy.
    #[must_use]
    pub fn to_bytes(&self) -> Bytes {
        let mut out = BytesMut::with_capacity(self.len());
        self.pieces.iter().for_each(|piece| out.put_slice(piece));
        out.freeze()
    }

    /// Bytes in the body.
    #[must_use]
    pub fn len(&self) -> usize {
        self.pieces.iter().map(Bytes::len).sum()
    }

    /// Whether there is no byte, which a multipart never is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }
}

impl std::fmt::Debug for Built {
    /// Tells sizes and no content.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Built")
            .field("pieces", &self.pieces.len())
            .field("len", &self.len())
            .finish_non_exhaustive()
    }
}
