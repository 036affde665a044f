//! The pass over a head: where each line lies, and where the head ends.

use missiva_core::FaultKind;
use missiva_core::scan::{BLOCK, has_nul, mark_bytes};

use super::start_line::PREFIX;
use super::{Slot, Slots, Start};
use crate::error::Place;
use crate::grammar::TOKEN;
use crate::{Flag, HeaderName, Limits, ParseError, Part};

/// Sixty-four bytes at a time, and it remembers how far it came: a head that drips in byte by byte has no more than
/// its last, unfinished block read again.
#[derive(Clone, Debug)]
pub(crate) struct HeadScan {
    pub(crate) slots: Slots,
    pub(crate) start: Option<Start>,
    /// First byte of the block that comes next; all before it was read.
    base: usize,
    /// Bit 0 is set when the byte before the block is a CR.
    carry: u64,
    /// First byte of the line that is being read.
    pub(crate) line: usize,
    /// The first colon of that line, when an earlier block had it.
    colon: Option<usize>,
    /// The first fault of a line; the lines around it are clear.
    pub(crate) fault: Option<ParseError>,
    /// Bytes of the start line, its line end included.
    pub(crate) start_len: usize,
}

/// How a head ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HeadEnd {
    /// With an empty line: a body begins at `next`.
    Body { next: usize },
    /// With the end-line of a message without a body: the next message begins at `next`.
    EndLine { next: usize, flag: Flag },
}

/// Hyphens at the start of an end-line.
pub(crate) const HYPHENS: &[u8; 7] = b"-------";

impl HeadScan {
    #[inline]
    pub(crate) const fn new() -> Self {
        Self {
            slots: Slots::new(),
            start: None,
            base: 0,
            carry: 0,
            line: 0,
            colon: None,
            fault: None,
            start_len: 0,
        }
    }

    /// What was read, ready to read the next head.
    #[inline]
    pub(crate) fn finish(&mut self) -> (Option<Start>, Slots, Option<ParseError>) {
        (self.base, self.carry, self.line, self.colon, self.start_len) = (0, 0, 0, None, 0);
        (self.start.take(), self.slots.take(), self.fault.take())
    }

    /// Reads on in `bytes`, which begins with the head and holds at least what it held before.
    ///
    /// A returned error ends the reading of this head; `line` is then the first line that was not read. A fault that
    /// concerns its line alone is kept in `fault`.
    #[inline]
    pub(crate) fn advance(
        &mut self,
        bytes: &[u8],
        limits: &Limits,
    ) -> Result<Option<HeadEnd>, ParseError> {
        // Before all other faults, so that the first one is the same however the bytes are divided.
        if self.start.is_none() && bytes.iter().zip(PREFIX).any(|(byte, expected)| byte != expected)
        {
            return Err(ParseError::new(FaultKind::Value, Part::StartLine, 0));
        }
        while let Some(block) = bytes.get(self.base..).and_then(<[u8]>::first_chunk) {
            if let Some(end) = self.read_block(bytes, block, u64::MAX, limits)? {
                return Ok(Some(end));
            }
        }
        if let Some(end) = self.read_rest(bytes, limits)? {
            return Ok(Some(end));
        }
        self.check_unfinished(bytes, limits)?;
        Ok(None)
    }

    /// Refuses a line that is too long before its end has come.
    fn check_unfinished(&self, bytes: &[u8], limits: &Limits) -> Result<(), ParseError> {
        if bytes.len() > max_head(limits) {
            return Err(self.limit_fault(limits));
        }
        // Behind the line may stand the first half of its line end.
        if self.start.is_none() && bytes.len() > limits.max_start_line + 1 {
            return Err(self.limit_fault(limits));
        }
        Ok(())
    }

    /// Reads the lines that end in the bytes behind the last whole block.
    #[inline(never)]
    fn read_rest(&mut self, bytes: &[u8], limits: &Limits) -> Result<Option<HeadEnd>, ParseError> {
        let rest = bytes.get(self.base..).unwrap_or_default();
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
    ) -> Result<Option<HeadEnd>, ParseError> {
        let [feeds, returns, colons] =
            mark_bytes(block, [b'\n', b'\r', b':']).map(|mask| mask & here);
        // Every LF follows a CR, and behind every CR stands an LF.
        let mut bad = ((returns << 1 | self.carry) ^ feeds) & here;
        if has_nul(block) {
            let [nuls] = mark_bytes(block, [0]);
            bad |= nuls & here;
        }
        let (mut line, mut first_colon) = (self.line, self.colon);
        let unread = u64::MAX.unbounded_shl(line.saturating_sub(self.base) as u32);
        let (mut feeds, mut colons) = (feeds & unread, colons & unread);
        while feeds != 0 {
            // All bits up to the line end and with it.
            let until = feeds ^ feeds.wrapping_sub(1);
            if bad & until != 0 {
                self.line = line;
                return Err(self.line_fault(bad, bytes, limits));
            }
            let next = self.base + feeds.trailing_zeros() as usize + 1;
            if next > max_head(limits) {
                self.line = line;
                return Err(self.limit_fault(limits));
            }
            let colon = first_colon
                .unwrap_or_else(|| self.base + (colons & until).trailing_zeros() as usize);
            if let Some(end) = self.read_line(bytes, line, next, colon, limits)? {
                return Ok(Some(end));
            }
            (line, first_colon) = (next, None);
            (feeds, colons) = (feeds & !until, colons & !until);
        }
        (self.line, self.colon) = (line, first_colon);
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

    /// Reads the line from byte `at` to byte `next`, line end included; its first colon is at `colon` or beyond it.
    #[inline(always)]
    fn read_line(
        &mut self,
        bytes: &[u8],
        at: usize,
        next: usize,
        colon: usize,
        limits: &Limits,
    ) -> Result<Option<HeadEnd>, ParseError> {
        let line = bytes.get(at..next - 2).unwrap_or_default();
        if self.start.is_none() {
            return self.read_start(line, next, limits).map(|()| None);
        }
        match line.first() {
            None => return Ok(Some(HeadEnd::Body { next })),
            Some(b'-') => {
                if let Some(flag) = self.read_end_line(bytes, line) {
                    // The head ends before this line.
                    self.line = at;
                    return Ok(Some(HeadEnd::EndLine { next, flag }));
                }
            }
            _ => {}
        }
        self.read_header(line, at, colon - at, limits);
        Ok(None)
    }

    fn read_start(&mut self, line: &[u8], next: usize, limits: &Limits) -> Result<(), ParseError> {
        if line.len() > limits.max_start_line {
            let at = limits.max_start_line;
            return Err(ParseError::new(FaultKind::Limit, Part::StartLine, at));
        }
        self.start = Some(Start::read(line).map_err(|fault| fault.of(Part::StartLine, 0))?);
        self.start_len = next;
        Ok(())
    }

    /// The flag, when the line is the end-line of this message. One with another id is none.
    #[inline]
    fn read_end_line(&self, bytes: &[u8], line: &[u8]) -> Option<Flag> {
        let id = self.start?.transaction_id(bytes);
        let rest = line.strip_prefix(HYPHENS)?.strip_prefix(id.as_bytes())?;
        match rest {
            [flag] => Flag::from_byte(*flag),
            _ => None,
        }
    }

    #[inline(always)]
    fn read_header(&mut self, line: &[u8], at: usize, colon: usize, limits: &Limits) {
        let Some((name, _)) = line.split_at_checked(colon).filter(|(_, value)| !value.is_empty())
        else {
            return self.keep(FaultKind::Unexpected, Part::HeaderLine, at);
        };
        let known = HeaderName::find(name);
        if known == HeaderName::Other && !is_name(name) {
            return self.keep(FaultKind::Unexpected, Part::HeaderLine, at);
        }
        if line.len() > limits.max_header || self.slots.len() >= limits.max_headers {
            return self.keep(FaultKind::Limit, Part::Header(known), at);
        }
        let (from, to) = trim(line, colon + 1);
        let (from, to) = (at + from, at + to);
        self.slots.push(Slot {
            line: at as u16,
            value: from as u16,
            value_end: to as u16,
            name_len: name.len() as u8,
            name: known,
        });
    }

    /// The first bad byte; behind the limit it is the limit that counts, as it is for bytes that come one by one.
    #[cold]
    fn line_fault(&self, bad: u64, bytes: &[u8], limits: &Limits) -> ParseError {
        let at = self.base + bad.trailing_zeros() as usize;
        if at >= max_head(limits) {
            return self.limit_fault(limits);
        }
        let after_cr = at.checked_sub(1).and_then(|before| bytes.get(before)) == Some(&b'\r');
        // A bit where no LF stands accuses the CR before it.
        let (kind, at) = match bytes.get(at) {
            Some(b'\n') => (FaultKind::BareLf, at),
            Some(0) if !after_cr => (FaultKind::Nul, at),
            _ => (FaultKind::BareCr, at.saturating_sub(1)),
        };
        let part = if self.start.is_none() { Part::StartLine } else { Part::Framing };
        ParseError::new(kind, part, at)
    }

    /// Too long: the first line, until it is there, or the head.
    #[cold]
    fn limit_fault(&self, limits: &Limits) -> ParseError {
        let (part, most) = match self.start {
            None => (Part::StartLine, limits.max_start_line),
            Some(_) => (Part::Framing, max_head(limits)),
        };
        ParseError::new(FaultKind::Limit, part, most)
    }

    #[cold]
    fn keep(&mut self, kind: FaultKind, part: Part, at: usize) {
        self.fault.get_or_insert_with(|| ParseError::new(kind, part, at));
    }
}

/// The bytes of `line` from `from` on, without the white space at their ends.
#[inline(always)]
fn trim(line: &[u8], from: usize) -> (usize, usize) {
    let blank = |byte: Option<&u8>| matches!(byte, Some(b' ' | b'\t'));
    // One space, and no white space at the end, is what nearly all lines have.
    let from = from + usize::from(line.get(from) == Some(&b' '));
    if !blank(line.get(from)) && !blank(line.last()) {
        (from, line.len())
    } else {
        trim_slowly(line, from)
    }
}

#[cold]
fn trim_slowly(line: &[u8], from: usize) -> (usize, usize) {
    let value = line.get(from..).unwrap_or_default();
    let blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let Some(first) = value.iter().position(|byte| !blank(byte)) else {
        return (line.len(), line.len());
    };
    let last = value.iter().rposition(|byte| !blank(byte)).unwrap_or(first);
    (from + first, from + last + 1)
}

/// `hname = ALPHA *token`, of a length that a slot can hold.
#[cold]
fn is_name(name: &[u8]) -> bool {
    name.first().is_some_and(u8::is_ascii_alphabetic)
        && TOKEN.spans(name)
        && name.len() <= usize::from(u8::MAX)
}

/// Offsets have sixteen bits.
#[inline]
fn max_head(limits: &Limits) -> usize {
    limits.max_head.min(usize::from(u16::MAX))
}
