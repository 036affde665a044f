//! The head index: where each header line lies, found in one resumable pass.

use memchr::memchr;
use missiva_core::FaultKind;
use missiva_core::scan::{LineFault, check_lines};

use super::start_line::Start;
use crate::grammar::TOKEN;
use crate::{HeaderName, Limits, ParseError, Part};

/// Where one header field lies in its head. Its line ends where the next one starts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slot {
    /// First byte of the line, which is the first of the name.
    pub(crate) line: u32,
    /// First and last-but-one byte of the value, white space at its ends left out.
    pub(crate) value: (u32, u32),
    /// Bytes in the name.
    pub(crate) name_len: u16,
    pub(crate) name: HeaderName,
}

/// The storage of an index. Handing one back to the parser makes parsing free of allocation.
#[derive(Clone, Debug, Default)]
pub struct Index(pub(crate) Vec<Slot>);

impl Index {
    /// Storage that has not been used.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

/// The pass over one head. It remembers how far it came, so that a head that drips in byte by byte costs as much
/// as one that comes at once.
#[derive(Clone, Debug)]
pub(crate) struct HeadScan {
    pub(crate) slots: Vec<Slot>,
    pub(crate) start: Option<Start>,
    /// First byte of the line that is being read.
    line: usize,
    /// Bytes that are known to hold no further line end.
    searched: usize,
    /// The first fault that leaves the boundaries of the message clear.
    pub(crate) fault: Option<ParseError>,
    content_length: Option<usize>,
}

/// Room for the headers of an ordinary message, so that the vector grows at most once.
const USUAL_HEADERS: usize = 32;

impl HeadScan {
    pub(crate) fn new(index: Index) -> Self {
        let Index(mut slots) = index;
        slots.clear();
        Self {
            slots,
            start: None,
            line: 0,
            searched: 0,
            fault: None,
            content_length: None,
        }
    }

    /// Reads on in `bytes`, which begins with the head and holds at least what it held before. Says where the head
    /// ends once its empty line is there.
    ///
    /// A returned error leaves the end of this message unknown. A fault that leaves it clear is kept in `fault`.
    pub(crate) fn advance(
        &mut self,
        bytes: &[u8],
        limits: &Limits,
    ) -> Result<Option<usize>, ParseError> {
        loop {
            let unsearched = bytes.get(self.searched..).unwrap_or_default();
            let Some(found) = memchr(b'\n', unsearched) else {
                self.searched = bytes.len();
                return self.check_growth(bytes.len(), limits).map(|()| None);
            };
            let end = self.searched.saturating_add(found);
            self.searched = end.saturating_add(1);
            if self.searched > limits.max_head {
                return Err(ParseError::new(
                    FaultKind::Limit,
                    Part::Framing,
                    limits.max_head,
                ));
            }
            let line = bytes.get(self.line..end).unwrap_or_default();
            let Some((b'\r', line)) = line.split_last() else {
                return Err(self.line_fault(bytes, end));
            };
            if line.is_empty() && self.start.is_some() {
                return self.finish(bytes).map(Some);
            }
            self.read_line(line, limits);
            self.line = self.searched;
        }
    }

    #[inline(always)]
    fn read_line(&mut self, line: &[u8], limits: &Limits) {
        match line.first() {
            _ if self.start.is_none() => self.read_start(line),
            Some(b' ' | b'\t') => self.read_fold(line, limits),
            _ => self.read_header(line, limits),
        }
    }

    #[inline(never)]
    fn read_start(&mut self, line: &[u8]) {
        match Start::read(line) {
            Ok(start) => self.start = Some(start),
            Err(fault) => {
                self.start = Some(Start::Unreadable);
                self.keep(fault);
            }
        }
    }

    #[inline(always)]
    fn read_header(&mut self, line: &[u8], limits: &Limits) {
        let Some(colon) = memchr(b':', line) else {
            return self.keep_at(FaultKind::Unexpected, Part::HeaderLine, line.len());
        };
        let Some((name, name_len)) = read_name(line.get(..colon).unwrap_or_default()) else {
            return self.keep_at(FaultKind::Unexpected, Part::HeaderLine, 0);
        };
        let (from, to) = trim(line, colon.saturating_add(1));
        if line.len() > limits.max_header || self.slots.len() >= limits.max_headers {
            return self.keep_at(FaultKind::Limit, Part::Header(name), 0);
        }
        if self.slots.capacity() == 0 {
            self.slots.reserve(USUAL_HEADERS);
        }
        let line_at = self.line;
        let place = |at: usize| u32::try_from(line_at.saturating_add(at)).unwrap_or(u32::MAX);
        if name == HeaderName::ContentLength {
            self.note_content_length();
        }
        self.slots.push(Slot {
            line: place(0),
            value: (place(from), place(to)),
            name_len,
            name,
        });
    }

    /// A line that begins with white space belongs to the field before it (RFC 3261 section 7.3.1).
    #[cold]
    fn read_fold(&mut self, line: &[u8], limits: &Limits) {
        let (from, to) = trim(line, 0);
        let (from, to) = (self.line.saturating_add(from), self.line.saturating_add(to));
        let Some(slot) = self.slots.last_mut() else {
            return self.keep_at(FaultKind::Unexpected, Part::HeaderLine, 0);
        };
        let name = slot.name;
        if to.saturating_sub(slot.line as usize) > limits.max_header {
            return self.keep_at(FaultKind::Limit, Part::Header(name), 0);
        }
        if to > from {
            let clip = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
            if slot.value.0 == slot.value.1 {
                slot.value.0 = clip(from);
            }
            slot.value.1 = clip(to);
        }
    }

    /// Two statements of the length may disagree for two readers, so the second is refused even when it says the
    /// same.
    fn note_content_length(&mut self) {
        if self.content_length.is_some() {
            let at = self.line;
            self.fault = Some(ParseError::new(
                FaultKind::Conflict,
                Part::Header(HeaderName::ContentLength),
                at,
            ));
        }
        self.content_length = Some(self.slots.len());
    }

    fn finish(&mut self, bytes: &[u8]) -> Result<usize, ParseError> {
        let head = bytes.get(..self.searched).unwrap_or_default();
        match check_lines(head) {
            Ok(()) => Ok(self.searched),
            Err(fault) => Err(located(fault)),
        }
    }

    /// What `Content-Length` says: a fault when it is no plain number or stands twice.
    pub(crate) fn content_length(&self, bytes: &[u8]) -> Result<Option<usize>, ParseError> {
        if let Some(fault) = self.fault.filter(|fault| fault.kind == FaultKind::Conflict) {
            return Err(fault);
        }
        let Some(slot) = self.content_length.and_then(|at| self.slots.get(at)) else {
            return Ok(None);
        };
        let (from, to) = (slot.value.0 as usize, slot.value.1 as usize);
        let digits = bytes.get(from..to).unwrap_or_default();
        let bad = || {
            ParseError::new(
                FaultKind::Number,
                Part::Header(HeaderName::ContentLength),
                from,
            )
        };
        if digits.is_empty() {
            return Err(bad());
        }
        digits
            .iter()
            .try_fold(0u32, |sum, &byte| {
                let digit = byte.is_ascii_digit().then_some(u32::from(byte & 15))?;
                sum.checked_mul(10)?.checked_add(digit)
            })
            .map(|length| Some(length as usize))
            .ok_or_else(bad)
    }

    fn check_growth(&self, len: usize, limits: &Limits) -> Result<(), ParseError> {
        if len > limits.max_head {
            return Err(ParseError::new(
                FaultKind::Limit,
                Part::Framing,
                limits.max_head,
            ));
        }
        Ok(())
    }

    #[cold]
    fn line_fault(&self, bytes: &[u8], end: usize) -> ParseError {
        let head = bytes.get(..end.saturating_add(1)).unwrap_or_default();
        check_lines(head).map_or_else(located, |()| {
            ParseError::new(FaultKind::BareLf, Part::Framing, end)
        })
    }

    #[cold]
    fn keep_at(&mut self, kind: FaultKind, part: Part, at: usize) {
        let error = ParseError::new(kind, part, self.line.saturating_add(at));
        self.keep(error);
    }

    fn keep(&mut self, error: ParseError) {
        self.fault.get_or_insert(error);
    }
}

fn located(fault: LineFault) -> ParseError {
    let (kind, at) = match fault {
        LineFault::BareCr(at) => (FaultKind::BareCr, at),
        LineFault::BareLf(at) => (FaultKind::BareLf, at),
        LineFault::Nul(at) => (FaultKind::Nul, at),
    };
    ParseError::new(kind, Part::Framing, at)
}

/// What stands before the colon: a token, with white space after it at most.
#[inline(always)]
fn read_name(before: &[u8]) -> Option<(HeaderName, u16)> {
    match HeaderName::find(before) {
        HeaderName::Other => read_odd_name(before),
        name => Some((name, before.len() as u16)),
    }
}

#[cold]
fn read_odd_name(before: &[u8]) -> Option<(HeaderName, u16)> {
    let name = before.trim_ascii_end();
    let len = u16::try_from(name.len()).ok()?;
    TOKEN.spans(name).then(|| (HeaderName::find(name), len))
}

/// The part of `line` from `from` on, without the white space at its ends.
#[inline(always)]
fn trim(line: &[u8], from: usize) -> (usize, usize) {
    let blank = |at: usize| matches!(line.get(at), Some(b' ' | b'\t'));
    let (mut from, mut to) = (from, line.len());
    while blank(from) {
        from = from.saturating_add(1);
    }
    while to > from && blank(to.saturating_sub(1)) {
        to = to.saturating_sub(1);
    }
    (from.min(to), to)
}
