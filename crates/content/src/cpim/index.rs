//! Where the headers of a message lie, and in which namespace each is: one pass, one vector.

use missiva_core::FaultKind;

use super::name::{Known, Space, is_name};
use crate::lines::{self, Ended, Line};
use crate::mime::head::{self, Named, Slot};
use crate::{Limits, ParseError, Part};

/// `scope` of a header in the namespace that nobody has to declare.
pub(super) const CORE: u16 = u16::MAX;
/// `scope` of a header whose prefix was not declared before it.
pub(super) const UNDECLARED: u16 = u16::MAX - 1;

/// Namespaces that one message may declare; two or three are seen. Each prefix is looked for among them.
pub(crate) const MAX_NAMESPACES: usize = 32;

/// Headers that scopes can count.
const MAX_SCOPE: usize = 65_000;

/// Room for the headers of an ordinary message, CPIM and MIME, so that the vector is allocated once.
const USUAL_HEADERS: usize = 16;

/// What the pass found.
#[derive(Clone)]
pub(super) struct Index {
    /// The headers of the message's own MIME block, where it came with one; then those of CPIM; then those of the
    /// content.
    pub(super) slots: Vec<Slot>,
    /// The first slot of CPIM, and the first of the content.
    pub(super) first: usize,
    pub(super) content_first: usize,
    /// The first byte of the CPIM head, of its empty line, of the content's head and of its body.
    pub(super) head: usize,
    pub(super) blank: usize,
    pub(super) content: usize,
    pub(super) body: usize,
}

/// A namespace that was declared.
#[derive(Clone, Copy)]
struct Declared {
    /// Where the prefix lies; empty for the default.
    prefix: (u32, u32),
    slot: u16,
    space: Space,
}

/// The namespaces in force.
struct Scopes {
    declared: [Declared; MAX_NAMESPACES],
    used: usize,
}

pub(super) fn index(bytes: &[u8], limits: &Limits) -> Result<Index, ParseError> {
    let mut slots = Vec::with_capacity(USUAL_HEADERS);
    let head = if starts_with_mime(bytes) { head::index(bytes, 0, limits, &mut slots)? } else { 0 };
    let first = slots.len();
    let mut scopes = Scopes::new();
    let ended = lines::read(bytes, head, limits, |line| {
        read_header(bytes, line, first, limits, &mut slots, &mut scopes)
    })?;
    let Ended::Blank(content) = ended else {
        return Err(ParseError::new(FaultKind::End, Part::Head, bytes.len()));
    };
    let content_first = slots.len();
    let body = head::index(bytes, content, limits, &mut slots)?;
    Ok(Index { slots, first, content_first, head, blank: content - 2, content, body })
}

/// Whether the message begins with the MIME headers that say that it is one, as RFC 3862 section 2 prints it and
/// stores keep it. In a CPIM head, `Content-Type` is nothing.
fn starts_with_mime(bytes: &[u8]) -> bool {
    let name = bytes.get(..12).is_some_and(|name| name.eq_ignore_ascii_case(b"Content-Type"));
    name && matches!(bytes.get(12), Some(b':' | b' ' | b'\t'))
}

#[inline(always)]
fn read_header(
    bytes: &[u8],
    line: Line,
    first: usize,
    limits: &Limits,
    slots: &mut Vec<Slot>,
    scopes: &mut Scopes,
) -> Result<(), ParseError> {
    if matches!(bytes.get(line.start), Some(b' ' | b'\t')) {
        return head::fold(bytes, line, first, limits, slots);
    }
    if line.colon >= line.end {
        return Err(ParseError::new(FaultKind::Unexpected, Part::HeaderLine, line.end));
    }
    let name = bytes.get(line.start..line.colon).unwrap_or_default();
    if !is_name(name) {
        return Err(ParseError::new(FaultKind::Unexpected, Part::HeaderLine, line.start));
    }
    let (scope, space, local) = scopes.resolve(bytes, name);
    let known = Known::find(space, local);
    if slots.len() >= MAX_SCOPE {
        return Err(ParseError::new(FaultKind::Limit, Part::Cpim(known.as_str()), line.start));
    }
    head::push(bytes, line, name.len(), Named::Cpim(known), first, limits, slots)?;
    let count = slots.len();
    if let Some(slot) = slots.last_mut() {
        slot.scope = scope;
        if known == Known::Ns {
            scopes.declare(bytes, slot, count - 1)?;
        }
    }
    Ok(())
}

/// Prefix and URI of an `NS` header, as places in `bytes`: `[prefix SP] "<" URI ">"`; the space is left out by some.
pub(super) fn read_ns(bytes: &[u8], value: (u32, u32)) -> Option<((u32, u32), (u32, u32))> {
    let (from, to) = value;
    let text = bytes.get(from as usize..to as usize)?;
    let uri = text.strip_suffix(b">")?;
    let open = memchr::memchr(b'<', uri)?;
    let prefix = text.get(..open)?.trim_ascii_end();
    let inner = uri.get(open + 1..)?;
    let fits =
        !inner.is_empty() && inner.iter().all(|&byte| byte > b' ' && byte != b'<' && byte != b'>');
    let is_prefix = prefix.is_empty() || is_name(prefix) && !prefix.contains(&b'.');
    let start = from + open as u32 + 1;
    (fits && is_prefix).then_some(((from, from + prefix.len() as u32), (start, to - 1)))
}

impl Scopes {
    fn new() -> Self {
        let none = Declared { prefix: (0, 0), slot: CORE, space: Space::Core };
        Self { declared: [none; MAX_NAMESPACES], used: 0 }
    }

    /// The scope of `name`, its namespace, and the name within it.
    #[inline(always)]
    fn resolve<'a>(&self, bytes: &[u8], name: &'a [u8]) -> (u16, Space, &'a [u8]) {
        // The header that declares is never in a namespace that was declared.
        if self.used == 0 && !name.contains(&b'.') || name == b"NS" {
            return (CORE, Space::Core, name);
        }
        let (prefix, local) = match name.iter().position(|&byte| byte == b'.') {
            Some(dot) => name.split_at(dot),
            None => (&[][..], name),
        };
        let local = local.strip_prefix(b".").unwrap_or(local);
        // The latest declaration counts.
        for one in self.declared.iter().take(self.used).rev() {
            let (from, to) = one.prefix;
            if bytes.get(from as usize..to as usize) == Some(prefix) {
                return (one.slot, one.space, local);
            }
        }
        if prefix.is_empty() {
            (CORE, Space::Core, name)
        } else {
            (UNDECLARED, Space::Other, local)
        }
    }

    /// Notes a namespace. A declaration that cannot be read declares nothing, and what uses it stays unknown.
    fn declare(&mut self, bytes: &[u8], slot: &Slot, at: usize) -> Result<(), ParseError> {
        let Some((prefix, uri)) = read_ns(bytes, slot.value) else { return Ok(()) };
        let uri = bytes.get(uri.0 as usize..uri.1 as usize).unwrap_or_default();
        let Some(place) = self.declared.get_mut(self.used) else {
            return Err(ParseError::new(FaultKind::Limit, Part::Cpim("NS"), slot.line as usize));
        };
        // Scopes are counted up to a cap that a u16 holds.
        *place = Declared { prefix, slot: at as u16, space: Space::of_uri(uri) };
        self.used += 1;
        Ok(())
    }
}
