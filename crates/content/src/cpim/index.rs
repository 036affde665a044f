//! Where the headers of a message lie, and in which namespace each is: one pass, one vector.

use missiva_core::FaultKind;

use super::name::{Known, Space, is_name};
use crate::lines::{self, Ended, Line};
use crate::mime::index::{self as head, Named, Slot};
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

/// The namespaces in force, in order: the slot of each, bytes in its prefix, and which it is.
///
/// Small arrays, since they are made for each message and seldom hold more than two.
struct Scopes {
    slots: [u16; MAX_NAMESPACES],
    prefixes: [u16; MAX_NAMESPACES],
    spaces: [Space; MAX_NAMESPACES],
    used: usize,
    /// Whether names without a prefix may be in another namespace than that of RFC 3862.
    default: bool,
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
    let (scope, known) = scopes.resolve(bytes, slots, name);
    // A known name is a name.
    if known == Known::Other && !is_name(name) {
        return Err(ParseError::new(FaultKind::Unexpected, Part::HeaderLine, line.start));
    }
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
    const fn new() -> Self {
        Self {
            slots: [0; MAX_NAMESPACES],
            prefixes: [0; MAX_NAMESPACES],
            spaces: [Space::Other; MAX_NAMESPACES],
            used: 0,
            default: false,
        }
    }

    /// The scope of `name`, and which header it is.
    #[inline(always)]
    fn resolve(&self, bytes: &[u8], slots: &[Slot], name: &[u8]) -> (u16, Known) {
        // The header that declares is never in a namespace that was declared.
        if !self.default || name == b"NS" {
            let known = Known::find(Space::Core, name);
            if known != Known::Other {
                return (CORE, known);
            }
        }
        let dot = name.iter().position(|&byte| byte == b'.');
        let (prefix, local) = match dot {
            Some(dot) => (name.get(..dot), name.get(dot + 1..)),
            None => (Some(&[][..]), Some(name)),
        };
        let (prefix, local) = (prefix.unwrap_or_default(), local.unwrap_or_default());
        if dot.is_some() || self.default {
            // The latest declaration counts.
            for at in (0..self.used).rev() {
                let slot = self.slots.get(at).copied().unwrap_or(CORE);
                let from = slots.get(usize::from(slot)).map_or(0, |slot| slot.value.0 as usize);
                let length = self.prefixes.get(at).copied().map_or(0, usize::from);
                if length == prefix.len() && bytes.get(from..from + length) == Some(prefix) {
                    let space = self.spaces.get(at).copied().unwrap_or(Space::Other);
                    return (slot, Known::find(space, local));
                }
            }
        }
        (if dot.is_some() { UNDECLARED } else { CORE }, Known::Other)
    }

    /// Notes a namespace. A declaration that cannot be read declares nothing, and what uses it stays unknown.
    fn declare(&mut self, bytes: &[u8], slot: &Slot, at: usize) -> Result<(), ParseError> {
        let Some((prefix, uri)) = read_ns(bytes, slot.value) else { return Ok(()) };
        let too_much = || ParseError::new(FaultKind::Limit, Part::Cpim("NS"), slot.line as usize);
        let uri = bytes.get(uri.0 as usize..uri.1 as usize).unwrap_or_default();
        let length = u16::try_from(prefix.1 - prefix.0).map_err(|_| too_much())?;
        let places = self.slots.get_mut(self.used).zip(self.prefixes.get_mut(self.used));
        let places = places.zip(self.spaces.get_mut(self.used)).ok_or_else(too_much)?;
        // Scopes are counted up to a cap that a u16 holds.
        (*places.0.0, *places.0.1, *places.1) = (at as u16, length, Space::of_uri(uri));
        self.used += 1;
        self.default |= length == 0;
        Ok(())
    }
}
