//! A message on its way out again, of which only the touched headers are written anew.

use bytes::{BufMut, BytesMut};
use missiva_core::{FaultKind, Payload};

use super::build::{free_prefix, read_back};
use super::index::read_ns;
use super::{Address, Cpim, Known, Space};
use crate::{ParseError, Part};

/// Changes to a message that was read. Lines that nobody touched leave as they came, byte by byte, and so does the
/// content.
///
/// ```
/// use bytes::Bytes;
/// use missiva_content::Limits;
/// use missiva_content::cpim::{Address, Cpim, Edit};
///
/// let bytes = Bytes::from_static(b"From: Eve <sip:eve@example.com>\r\nX:  odd \r\n\r\n\r\nHi");
/// let message = Cpim::parse(bytes, &Limits::DEFAULT)?;
/// // A server does not believe what a client says of itself.
/// let mut edit = Edit::new(&message);
/// edit.set_from(&Address::new("sip:bob@example.com"))?;
/// assert_eq!(edit.finish()?.to_vec(), b"From: <sip:bob@example.com>\r\nX:  odd \r\n\r\n\r\nHi");
/// # Ok::<(), missiva_content::ParseError>(())
/// ```
#[derive(Clone)]
pub struct Edit<'a> {
    message: &'a Cpim,
    lines: Vec<Line>,
    content: Option<Payload>,
}

#[derive(Clone)]
enum Line {
    /// A header of the message, by its place in it.
    Kept(usize, Known),
    /// One that is new, with its line end.
    New(Known, String),
}

impl Line {
    const fn known(&self) -> Known {
        match self {
            Self::Kept(_, known) | Self::New(known, _) => *known,
        }
    }
}

impl<'a> Edit<'a> {
    /// Changes nothing so far.
    #[must_use]
    pub fn new(message: &'a Cpim) -> Self {
        let lines = message.headers().enumerate();
        let lines = lines.map(|(at, header)| Line::Kept(at, header.known())).collect();
        Self { message, lines, content: None }
    }

    /// Replaces who wrote it.
    ///
    /// # Errors
    ///
    /// An address with a control character.
    pub fn set_from(&mut self, address: &Address<'_>) -> Result<(), ParseError> {
        self.set(Known::From, std::slice::from_ref(address))
    }

    /// Replaces to whom it goes.
    ///
    /// # Errors
    ///
    /// An address with a control character.
    pub fn set_to(&mut self, addresses: &[Address<'_>]) -> Result<(), ParseError> {
        self.set(Known::To, addresses)
    }

    /// Notes to whom it went, before [`set_to`](Self::set_to) changes that. What another noted before stays, since
    /// it is nearer to the truth (RFC 5438 section 6.4).
    ///
    /// # Errors
    ///
    /// An address with a control character.
    pub fn note_original_to(&mut self, address: &Address<'_>) -> Result<(), ParseError> {
        if self.lines.iter().any(|line| line.known() == Known::OriginalTo) {
            return Ok(());
        }
        self.set(Known::OriginalTo, std::slice::from_ref(address))
    }

    /// Asks for the reports on this message, above all who asked before (RFC 5438 section 6.5).
    ///
    /// # Errors
    ///
    /// An address with a control character.
    pub fn push_record_route(&mut self, address: &Address<'_>) -> Result<(), ParseError> {
        let known = Known::ImdnRecordRoute;
        let at = self.lines.iter().position(|line| line.known() == known);
        self.insert(at.unwrap_or(self.lines.len()), known, address)
    }

    /// Takes the topmost station off the way of a report, as the one that it names does (RFC 5438 section 6.6).
    pub fn pop_route(&mut self) -> bool {
        let at = self.lines.iter().position(|line| line.known() == Known::ImdnRoute);
        at.map(|at| self.lines.remove(at)).is_some()
    }

    /// Leaves out every header that is `known`. `NS` is kept: others may need it.
    pub fn remove(&mut self, known: Known) {
        if !matches!(known, Known::Ns | Known::Other) {
            self.lines.retain(|line| line.known() != known);
        }
    }

    /// Replaces the content: MIME headers, their empty line and a body.
    pub fn set_content(&mut self, content: Payload) {
        self.content = Some(content);
    }

    /// The message as it is now.
    ///
    /// # Errors
    ///
    /// A new header that cannot be read back; what came is not looked at again.
    pub fn finish(self) -> Result<Payload, ParseError> {
        let index = &self.message.index;
        let bytes = self.message.bytes();
        let mut head = BytesMut::with_capacity(index.body + 64);
        head.put_slice(bytes.get(..index.head).unwrap_or_default());
        for line in &self.lines {
            match line {
                Line::Kept(at, _) => head.put_slice(self.kept(*at)),
                Line::New(_, text) => head.put_slice(text.as_bytes()),
            }
        }
        head.put_slice(b"\r\n");
        Ok(match self.content {
            Some(content) => {
                head.put_slice(&content.head);
                Payload { head: head.freeze(), body: content.body, tail: content.tail }
            }
            None => {
                head.put_slice(bytes.get(index.content..index.body).unwrap_or_default());
                Payload::new(head.freeze(), self.message.body())
            }
        })
    }

    /// A line as it came, with its folds and its end.
    fn kept(&self, at: usize) -> &[u8] {
        let index = &self.message.index;
        let own = index.slots.get(index.first..index.content_first).unwrap_or_default();
        let start = own.get(at).map_or(index.blank, |slot| slot.line as usize);
        let end = own.get(at + 1).map_or(index.blank, |slot| slot.line as usize);
        self.message.bytes().get(start..end).unwrap_or_default()
    }

    fn set(&mut self, known: Known, addresses: &[Address<'_>]) -> Result<(), ParseError> {
        let at = self.lines.iter().position(|line| line.known() == known);
        // What cannot be written must not take away what is there.
        for address in addresses {
            check(known, address)?;
        }
        self.remove(known);
        let mut at = at.unwrap_or(self.lines.len());
        for address in addresses {
            let before = self.lines.len();
            self.insert(at, known, address)?;
            at += self.lines.len() - before;
        }
        Ok(())
    }

    /// Puts a line in at `at`, with a declaration before it where its namespace has no prefix there.
    fn insert(&mut self, at: usize, known: Known, address: &Address<'_>) -> Result<(), ParseError> {
        check(known, address)?;
        let space = known.space();
        let before = self.lines.get(..at).unwrap_or_default();
        let declared = before.iter().filter_map(|line| self.declaration(line));
        let scopes: Vec<(String, String)> = declared.collect();
        let in_force = |prefix: &str| {
            scopes.iter().rev().find(|(other, _)| other == prefix).map(|(_, uri)| uri.as_str())
        };
        let usable = scopes.iter().map(|(prefix, _)| prefix).find(|prefix| {
            // A default namespace would serve here and be lost on whoever reads the name alone.
            !prefix.is_empty() && in_force(prefix) == Some(space.uri())
        });
        let name = known.as_str();
        let core = in_force("").is_none_or(|uri| uri == Space::Core.uri());
        let mut added = Vec::new();
        let name = match usable {
            _ if space == Space::Core && core => name.to_owned(),
            Some(prefix) => format!("{prefix}.{name}"),
            None => {
                let taken: Vec<_> =
                    self.lines.iter().filter_map(|line| self.declaration(line)).collect();
                let prefix = free_prefix(space.uri(), |prefix| {
                    taken.iter().any(|(other, _)| other == prefix)
                });
                added.push(Line::New(Known::Ns, format!("NS: {prefix} <{}>\r\n", space.uri())));
                format!("{prefix}.{name}")
            }
        };
        added.push(Line::New(known, format!("{name}: {address}\r\n")));
        let at = at.min(self.lines.len());
        self.lines.splice(at..at, added);
        Ok(())
    }

    /// Prefix and URI of a line that declares a namespace.
    fn declaration(&self, line: &Line) -> Option<(String, String)> {
        if line.known() != Known::Ns {
            return None;
        }
        match line {
            Line::Kept(at, _) => {
                let header = self.message.headers().nth(*at)?;
                let (prefix, uri) = self.message.namespace_of(&header)?;
                Some((prefix.to_owned(), uri.to_owned()))
            }
            Line::New(_, text) => {
                let value = text.strip_prefix("NS: ")?.trim_end();
                let (prefix, uri) = read_ns(value.as_bytes(), (0, value.len() as u32))?;
                let part = |(from, to): (u32, u32)| value.get(from as usize..to as usize);
                Some((part(prefix)?.to_owned(), part(uri)?.to_owned()))
            }
        }
    }
}

/// Whether the address makes one line that is read back as itself.
fn check(known: Known, address: &Address<'_>) -> Result<(), ParseError> {
    let text = address.to_string();
    if text.contains(char::is_control) {
        return Err(ParseError::new(FaultKind::Unexpected, Part::Cpim(known.as_str()), 0));
    }
    read_back(&format!("From: {text}\r\n\r\n").into(), 1)
        .map_err(|fault| ParseError::new(fault.kind, Part::Cpim(known.as_str()), 0))
}

impl std::fmt::Debug for Edit<'_> {
    /// Tells sizes and no content.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Edit").field("lines", &self.lines.len()).finish_non_exhaustive()
    }
}
