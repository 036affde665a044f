//! The head index: where each header line lies, found in one resumable pass.

use missiva_core::FaultKind;
use missiva_core::scan::{BLOCK, has_nul, mark_bytes};

use super::nul::QuotedPairs;
use super::start_line::Start;
use crate::grammar::{TOKEN, trim_blanks_end};
use crate::{HeaderName, Limits, ParseError, Part};

/// Where one header field lies in its head; heads are shorter than 4 GiB by their limit. Its line ends where the next one starts.
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

/// The pass over one head, sixty-four bytes at a time. It remembers how far it came, so that a head that drips in
/// byte by byte costs as much as one that comes at once.
#[derive(Clone, Debug)]
pub(crate) struct HeadScan {
    pub(crate) slots: Vec<Slot>,
    pub(crate) start: Option<Start>,
    /// First byte of the block that comes next; all before it was read.
    base: usize,
    /// Bit 0 is set when the byte before the block is a CR.
    carry: u64,
    /// First byte of the line that is being read.
    line: usize,
    /// The first colon of that line, when an earlier block had it.
    colon: Option<usize>,
    /// The first fault that leaves the boundaries of the message clear.
    pub(crate) fault: Option<ParseError>,
    content_length: Option<usize>,
    /// A statement of the length that is over a limit, so that nobody reads it.
    unread_length: Option<ParseError>,
    /// How many headers stood before the last line that was refused: its folds are not theirs.
    refused: Option<usize>,
    /// There when a NUL has come behind a backslash, which ordinary heads do not pay for.
    pairs: Option<Box<QuotedPairs>>,
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
            base: 0,
            carry: 0,
            line: 0,
            colon: None,
            fault: None,
            content_length: None,
            unread_length: None,
            refused: None,
            pairs: None,
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
        while let Some(block) = bytes.get(self.base..).and_then(<[u8]>::first_chunk) {
            if let Some(end) = self.read_block(bytes, block, u64::MAX, limits)? {
                return Ok(Some(end));
            }
        }
        if let Some(end) = self.read_rest(bytes, limits)? {
            return Ok(Some(end));
        }
        if bytes.len() > limits.max_head {
            return Err(ParseError::new(FaultKind::Limit, Part::Framing, limits.max_head));
        }
        Ok(None)
    }

    /// Reads the lines that end in the bytes behind the last whole block.
    #[inline(never)]
    fn read_rest(&mut self, bytes: &[u8], limits: &Limits) -> Result<Option<usize>, ParseError> {
        let rest = bytes.get(self.base..).unwrap_or_default();
        // Padded with a byte that means nothing here.
        let mut block = [b' '; BLOCK];
        for (place, byte) in block.iter_mut().zip(rest) {
            *place = *byte;
        }
        self.read_block(bytes, &block, !u64::MAX.unbounded_shl(rest.len() as u32), limits)
    }

    /// Reads the lines that end in one block. `here` has a bit for each byte that is there.
    #[inline(always)]
    fn read_block(
        &mut self,
        bytes: &[u8],
        block: &[u8; BLOCK],
        here: u64,
        limits: &Limits,
    ) -> Result<Option<usize>, ParseError> {
        let [feeds, returns, colons] =
            mark_bytes(block, [b'\n', b'\r', b':']).map(|mask| mask & here);
        // Every LF follows a CR, and behind every CR stands an LF.
        let mut bad = ((returns << 1 | self.carry) ^ feeds) & here;
        if has_nul(block) {
            bad |= self.bad_nuls(bytes, block, here);
        }
        let (mut line, mut first_colon) = (self.line, self.colon);
        let unread = u64::MAX.unbounded_shl(line.saturating_sub(self.base) as u32);
        let (mut feeds, mut colons) = (feeds & unread, colons & unread);
        while feeds != 0 {
            // All bits up to the line end and with it.
            let until = feeds ^ feeds.wrapping_sub(1);
            if bad & until != 0 {
                return Err(self.line_fault(bad, bytes, limits));
            }
            let next = self.base + feeds.trailing_zeros() as usize + 1;
            let colon = first_colon
                .unwrap_or_else(|| self.base + (colons & until).trailing_zeros() as usize);
            if next > limits.max_head {
                return Err(ParseError::new(FaultKind::Limit, Part::Framing, limits.max_head));
            }
            if next - line == 2 && self.start.is_some() {
                return Ok(Some(next));
            }
            self.read_line(bytes, line, next - 2, colon, limits);
            (line, first_colon) = (next, None);
            (feeds, colons) = (feeds & !until, colons & !until);
        }
        self.line = line;
        self.colon = first_colon;
        if bad != 0 {
            return Err(self.line_fault(bad, bytes, limits));
        }
        if here == u64::MAX {
            if first_colon.is_none() && colons != 0 {
                self.colon = Some(self.base + colons.trailing_zeros() as usize);
            }
            self.carry = returns >> 63;
            self.base += BLOCK;
        }
        Ok(None)
    }

    /// A NUL is let through in a quoted pair alone (RFC 3261 section 25.1, RFC 4475 section 3.1.1.2).
    #[cold]
    fn bad_nuls(&mut self, bytes: &[u8], block: &[u8; BLOCK], here: u64) -> u64 {
        let [nuls] = mark_bytes(block, [0]);
        let (mut nuls, mut bad) = (nuls & here, 0);
        while nuls != 0 {
            let bit = nuls & nuls.wrapping_neg();
            let at = self.base + bit.trailing_zeros() as usize;
            let before = at.checked_sub(1).and_then(|before| bytes.get(before));
            // What follows the first bad one is of no interest: it may be body.
            let pairs = || Box::new(QuotedPairs::new());
            if before != Some(&b'\\') || !self.pairs.get_or_insert_with(pairs).has(bytes, at) {
                bad |= bit;
                break;
            }
            nuls ^= bit;
        }
        bad
    }

    /// Reads the line from byte `at` to byte `end`, whose first colon is at `colon` or beyond its end.
    #[inline(always)]
    fn read_line(&mut self, bytes: &[u8], at: usize, end: usize, colon: usize, limits: &Limits) {
        match bytes.get(at) {
            _ if self.start.is_none() => self.read_start(bytes, end, limits),
            Some(b' ' | b'\t') => self.read_fold(bytes, at, end, limits),
            _ => self.read_header(bytes, at, end, colon, limits),
        }
    }

    #[inline(never)]
    fn read_start(&mut self, bytes: &[u8], end: usize, limits: &Limits) {
        let line = bytes.get(..end).unwrap_or_default();
        let start = Start::read(line);
        if line.len() > limits.max_header {
            self.keep(FaultKind::Limit, Part::StartLine, limits.max_header);
        }
        if let Err(fault) = start {
            self.fault.get_or_insert(fault);
        }
        self.start = Some(start.unwrap_or(Start::Unreadable));
    }

    #[inline(always)]
    fn read_header(&mut self, bytes: &[u8], at: usize, end: usize, colon: usize, limits: &Limits) {
        if colon >= end {
            return self.keep(FaultKind::Unexpected, Part::HeaderLine, end);
        }
        let Some((name, name_len)) = read_name(bytes.get(at..).unwrap_or_default(), colon - at)
        else {
            return self.keep(FaultKind::Unexpected, Part::HeaderLine, at);
        };
        if end - at > limits.max_header || self.slots.len() >= limits.max_headers {
            return self.keep_limit(name, at);
        }
        if name == HeaderName::ContentLength {
            self.note_content_length(at);
        }
        let (from, to) = trim(bytes, colon + 1, end);
        if self.slots.capacity() == 0 {
            self.slots.reserve(USUAL_HEADERS);
        }
        self.slots.push(Slot { line: at as u32, value: (from as u32, to as u32), name_len, name });
    }

    /// A line that begins with white space belongs to the field before it (RFC 3261 section 7.3.1).
    #[cold]
    fn read_fold(&mut self, bytes: &[u8], at: usize, end: usize, limits: &Limits) {
        if self.refused == Some(self.slots.len()) {
            return;
        }
        let (from, to) = trim(bytes, at, end);
        let Some(slot) = self.slots.last_mut() else {
            return self.keep(FaultKind::Unexpected, Part::HeaderLine, at);
        };
        if end - slot.line as usize > limits.max_header {
            let name = slot.name;
            return self.keep_limit(name, at);
        }
        if to > from {
            if slot.value.0 == slot.value.1 {
                slot.value.0 = from as u32;
            }
            slot.value.1 = to as u32;
        }
    }

    /// Two statements of the length may disagree for two readers, so the second is refused even when it says the
    /// same.
    fn note_content_length(&mut self, at: usize) {
        if self.content_length.is_some() {
            self.fault = Some(ParseError::new(
                FaultKind::Conflict,
                Part::Header(HeaderName::ContentLength),
                at,
            ));
        }
        self.content_length = Some(self.slots.len());
    }

    /// What `Content-Length` says: a fault when it is no plain number or stands twice.
    pub(crate) fn content_length(&self, bytes: &[u8]) -> Result<Option<usize>, ParseError> {
        if let Some(fault) = self.fault.filter(|fault| fault.kind == FaultKind::Conflict) {
            return Err(fault);
        }
        // Behind the last header that was let in, nobody looked for it.
        if let Some(fault) = self
            .fault
            .filter(|fault| fault.kind == FaultKind::Limit && self.content_length.is_none())
        {
            return Err(fault);
        }
        if let Some(fault) = self.unread_length {
            return Err(fault);
        }
        let Some(slot) = self.content_length.and_then(|at| self.slots.get(at)) else {
            return Ok(None);
        };
        let (from, to) = (slot.value.0 as usize, slot.value.1 as usize);
        let digits = bytes.get(from..to).unwrap_or_default();
        let bad =
            || ParseError::new(FaultKind::Number, Part::Header(HeaderName::ContentLength), from);
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

    /// The first bad byte; behind the limit it is the limit that counts, as it is for bytes that come one by one.
    #[cold]
    fn line_fault(&self, bad: u64, bytes: &[u8], limits: &Limits) -> ParseError {
        let at = self.base + bad.trailing_zeros() as usize;
        if at >= limits.max_head {
            return ParseError::new(FaultKind::Limit, Part::Framing, limits.max_head);
        }
        // A bit where no LF stands accuses the CR before it.
        let (kind, at) = match bytes.get(at) {
            Some(b'\n') => (FaultKind::BareLf, at),
            Some(0) if self.previous_is_not_cr(bytes, at) => (FaultKind::Nul, at),
            _ => (FaultKind::BareCr, at.saturating_sub(1)),
        };
        ParseError::new(kind, Part::Framing, at)
    }

    fn previous_is_not_cr(&self, bytes: &[u8], at: usize) -> bool {
        at.checked_sub(1).and_then(|before| bytes.get(before)) != Some(&b'\r')
    }

    /// Refuses a line that is over a limit. When it states the length, two readers could see two lengths.
    #[cold]
    fn keep_limit(&mut self, name: HeaderName, at: usize) {
        let part = Part::Header(name);
        if name == HeaderName::ContentLength {
            self.unread_length = Some(ParseError::new(FaultKind::Limit, part, at));
        }
        self.keep(FaultKind::Limit, part, at);
    }

    #[cold]
    fn keep(&mut self, kind: FaultKind, part: Part, at: usize) {
        self.refused = Some(self.slots.len());
        self.fault.get_or_insert_with(|| ParseError::new(kind, part, at));
    }
}

/// What stands before the colon: a token, with white space after it at most.
#[inline(always)]
fn read_name(ahead: &[u8], colon: usize) -> Option<(HeaderName, u16)> {
    match HeaderName::find_at(ahead, colon) {
        HeaderName::Other => read_odd_name(ahead.get(..colon)?),
        name => Some((name, colon as u16)),
    }
}

#[cold]
fn read_odd_name(before: &[u8]) -> Option<(HeaderName, u16)> {
    let name = trim_blanks_end(before);
    let len = u16::try_from(name.len()).ok()?;
    TOKEN.spans(name).then(|| (HeaderName::find(name), len))
}

/// The bytes `from` to `to`, without the white space at their ends.
#[inline(always)]
fn trim(bytes: &[u8], from: usize, to: usize) -> (usize, usize) {
    let blank = |at: usize| matches!(bytes.get(at), Some(b' ' | b'\t'));
    // One space and a value without white space at its end is what nearly all lines have.
    let from = from + usize::from(bytes.get(from) == Some(&b' '));
    if !blank(from) && !blank(to - 1) && from < to {
        (from, to)
    } else {
        trim_slowly(bytes, from, to)
    }
}

#[cold]
fn trim_slowly(bytes: &[u8], from: usize, to: usize) -> (usize, usize) {
    let from = from.min(to);
    let value = bytes.get(from..to).unwrap_or_default();
    let blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let Some(first) = value.iter().position(|byte| !blank(byte)) else { return (to, to) };
    let last = value.iter().rposition(|byte| !blank(byte)).unwrap_or(first);
    (from + first, from + last + 1)
}
