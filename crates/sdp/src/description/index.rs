//! The line index: where each line lies, found in one pass.

use missiva_core::FaultKind;
use missiva_core::scan::{BLOCK, has_nul, mark_bytes};

use super::Rules;
use super::order::{Breach, Order};
use crate::grammar::TOKEN;
use crate::line::MediaLine;
use crate::{FieldName, Leniency, ParseError, Part, Tolerance, field, table};

/// Where one line lies; descriptions are shorter than 4 GiB by their limit. A line ends where the next one starts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slot {
    /// First byte of the line, which is its type letter.
    pub(crate) line: u32,
    /// First and last-but-one byte of the value.
    pub(crate) value: (u32, u32),
    pub(crate) name: FieldName,
}

/// One medium: its first line, and what that line says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MediaSlot {
    /// Index of the `m=` line among the lines.
    pub(crate) first: u32,
    /// Where the media type ends.
    pub(crate) kind_end: u32,
    pub(crate) port: u16,
    pub(crate) port_count: Option<u16>,
    pub(crate) protocol: (u32, u32),
    /// Where the formats begin; they end with the value.
    pub(crate) formats: u32,
}

/// The pass over one description, sixty-four bytes at a time.
pub(crate) struct Index<'t> {
    text: &'t str,
    rules: Rules,
    pub(crate) lines: Vec<Slot>,
    pub(crate) media: Vec<MediaSlot>,
    pub(crate) tolerated: Leniency,
    order: Order,
}

/// Bytes of an ordinary line, to guess how many there are.
const USUAL_LINE: usize = 24;

impl<'t> Index<'t> {
    /// Reads all lines of `text`.
    pub(crate) fn read(text: &'t str, rules: &Rules) -> Result<Self, ParseError> {
        let lines = (text.len() / USUAL_LINE + 4).min(rules.limits.max_lines);
        let mut index = Self {
            text,
            rules: *rules,
            lines: Vec::with_capacity(lines),
            media: Vec::new(),
            tolerated: Leniency::STRICT,
            order: Order::new(rules.leniency.allows(Tolerance::Order)),
        };
        if text.len() > rules.limits.max_size || u32::try_from(text.len()).is_err() {
            return Err(index.fault(FaultKind::Limit, Part::Framing, rules.limits.max_size));
        }
        index.read_blocks()?;
        index.check_end()?;
        index.note_blanks()?;
        Ok(index)
    }

    fn read_blocks(&mut self) -> Result<(), ParseError> {
        let bytes = self.text.as_bytes();
        let mut scan = Scan { line: 0, colon: None, carry: 0 };
        let (blocks, rest) = bytes.as_chunks::<BLOCK>();
        for (at, block) in blocks.iter().enumerate() {
            self.read_block(block, at * BLOCK, u64::MAX, &mut scan)?;
        }
        let mut block = [0; BLOCK];
        for (place, byte) in block.iter_mut().zip(rest) {
            *place = *byte;
        }
        if !rest.is_empty() {
            let here = !u64::MAX.unbounded_shl(rest.len() as u32);
            self.read_block(&block, blocks.len() * BLOCK, here, &mut scan)?;
        }
        let end = bytes.len();
        if scan.carry == 1 {
            return Err(self.fault(FaultKind::BareCr, Part::Framing, end - 1));
        }
        if scan.line < end {
            self.tolerate(Tolerance::NoFinalLineEnd, FaultKind::End, Part::Framing, end)?;
            self.read_line(scan.line, end, scan.colon.unwrap_or(end))?;
        }
        Ok(())
    }

    /// Reads the lines that end in one block, which starts at `base`. `here` has a bit for each byte that is there.
    #[inline(always)]
    fn read_block(
        &mut self,
        block: &[u8; BLOCK],
        base: usize,
        here: u64,
        scan: &mut Scan,
    ) -> Result<(), ParseError> {
        let [feeds, returns, colons] =
            mark_bytes(block, [b'\n', b'\r', b':']).map(|mask| mask & here);
        // A bit where no LF follows a CR, or where an LF follows none.
        let behind_returns = returns << 1 | scan.carry;
        let odd = (behind_returns ^ feeds) & here;
        if odd != 0 || has_nul(block) {
            self.check_odd(block, base, here, behind_returns & !feeds & here)?;
        }
        let (mut left, mut colons) = (feeds, colons);
        while left != 0 {
            // All bits up to the line end and with it.
            let until = left ^ left.wrapping_sub(1);
            let feed = base + left.trailing_zeros() as usize;
            let bare = odd & until & !(until >> 1) != 0;
            let end = if bare { feed } else { feed - 1 };
            let colon = scan.colon.take();
            let colon = colon.unwrap_or_else(|| base + (colons & until).trailing_zeros() as usize);
            if bare {
                self.tolerate(Tolerance::BareLf, FaultKind::BareLf, Part::Framing, feed)?;
            }
            self.read_line(scan.line, end, colon)?;
            scan.line = feed + 1;
            (left, colons) = (left & !until, colons & !until);
        }
        if scan.colon.is_none() && colons != 0 {
            scan.colon = Some(base + colons.trailing_zeros() as usize);
        }
        scan.carry = if here == u64::MAX {
            returns >> 63
        } else {
            // Whether the very last byte of the text is a CR.
            u64::from(here & !(here >> 1) & returns != 0)
        };
        Ok(())
    }

    /// Refuses CRs without LF, and NULs.
    #[cold]
    fn check_odd(
        &self,
        block: &[u8; BLOCK],
        base: usize,
        here: u64,
        after_bare_cr: u64,
    ) -> Result<(), ParseError> {
        let [nuls] = mark_bytes(block, [0]);
        let nul = (nuls & here).trailing_zeros() as usize;
        let cr = after_bare_cr.trailing_zeros() as usize;
        if nul < BLOCK && nul < cr {
            return Err(self.fault(FaultKind::Nul, Part::Framing, base + nul));
        }
        if cr < BLOCK {
            return Err(self.fault(
                FaultKind::BareCr,
                Part::Framing,
                (base + cr).saturating_sub(1),
            ));
        }
        Ok(())
    }

    /// Reads the line from byte `at` to byte `end`, whose first colon is at `colon` or behind it.
    #[inline(always)]
    fn read_line(&mut self, at: usize, end: usize, colon: usize) -> Result<(), ParseError> {
        let bytes = self.text.as_bytes();
        let (Some(&letter), Some(b'=')) = (bytes.get(at), bytes.get(at + 1)) else {
            return self.read_odd_line(at, end);
        };
        let (name, from) = if letter == b'a' {
            let name_end = colon.min(end);
            let name = FieldName::find_at(bytes, at + 2, name_end);
            if name == FieldName::OtherAttribute
                && !TOKEN.spans(bytes.get(at + 2..name_end).unwrap_or_default())
            {
                return Err(self.fault(FaultKind::Unexpected, Part::Line, at + 2));
            }
            (name, (name_end + 1).min(end))
        } else {
            (FieldName::of_letter(letter), at + 2)
        };
        if end - at > self.rules.limits.max_line || self.lines.len() >= self.rules.limits.max_lines
        {
            return Err(self.fault(FaultKind::Limit, Part::Field(name), at));
        }
        if name == FieldName::OtherLine {
            self.check_unknown(letter, at)?;
        }
        if let Err(breach) = self.order.next(name) {
            self.break_order(breach, name, at)?;
        }
        let value = if name.is_free() { (from, end) } else { self.trim(from, end, name)? };
        let line = Slot { line: at as u32, value: (value.0 as u32, value.1 as u32), name };
        if name == FieldName::Media {
            self.read_media(&line)?;
        }
        self.lines.push(line);
        Ok(())
    }

    #[cold]
    fn read_odd_line(&mut self, at: usize, end: usize) -> Result<(), ParseError> {
        if at == end {
            return self.tolerate(Tolerance::EmptyLines, FaultKind::Empty, Part::Line, at);
        }
        let letter = self.text.as_bytes().get(at);
        let at = if letter.is_some_and(u8::is_ascii_lowercase) { at + 1 } else { at };
        let kind = if at == end { FaultKind::End } else { FaultKind::Unexpected };
        Err(self.fault(kind, Part::Line, at))
    }

    #[cold]
    fn check_unknown(&mut self, letter: u8, at: usize) -> Result<(), ParseError> {
        if !letter.is_ascii_alphabetic() {
            return Err(self.fault(FaultKind::Unexpected, Part::Line, at));
        }
        let part = Part::Field(FieldName::OtherLine);
        self.tolerate(Tolerance::UnknownLine, FaultKind::Unsupported, part, at)
    }

    #[cold]
    fn break_order(
        &mut self,
        breach: Breach,
        name: FieldName,
        at: usize,
    ) -> Result<(), ParseError> {
        for missing in breach.missing() {
            let tolerance = match missing {
                FieldName::Version => Tolerance::NoVersion,
                FieldName::Origin => Tolerance::NoOrigin,
                FieldName::SessionName => Tolerance::NoSessionName,
                _ => Tolerance::NoTime,
            };
            self.tolerate(tolerance, FaultKind::Empty, Part::Field(missing), at)?;
        }
        match breach.kind {
            Some(FaultKind::Unexpected) => {
                self.tolerate(Tolerance::Order, FaultKind::Unexpected, Part::Field(name), at)
            }
            Some(kind) => Err(self.fault(kind, Part::Field(name), at)),
            None => Ok(()),
        }
    }

    /// The bytes `from` to `to`, without the white space at their ends.
    #[inline(always)]
    fn trim(
        &mut self,
        from: usize,
        to: usize,
        name: FieldName,
    ) -> Result<(usize, usize), ParseError> {
        let bytes = self.text.as_bytes();
        let blank = |at: usize| matches!(bytes.get(at), Some(b' ' | b'\t'));
        if from < to && (blank(from) || blank(to - 1)) {
            return self.trim_blanks(from, to, name);
        }
        Ok((from, to))
    }

    #[cold]
    fn trim_blanks(
        &mut self,
        from: usize,
        to: usize,
        name: FieldName,
    ) -> Result<(usize, usize), ParseError> {
        let value = self.text.get(from..to).unwrap_or_default();
        let front = value.trim_start_matches([' ', '\t']).len();
        let back = value.trim_end_matches([' ', '\t']).len();
        let at = if front < value.len() { from } else { from + back };
        self.tolerate(Tolerance::Blanks, FaultKind::Unexpected, Part::Field(name), at)?;
        let start = from + (value.len() - front);
        Ok((start, (from + back).max(start)))
    }

    #[inline(always)]
    fn read_media(&mut self, line: &Slot) -> Result<(), ParseError> {
        if self.media.len() >= self.rules.limits.max_media {
            return Err(self.fault(
                FaultKind::Limit,
                Part::Field(FieldName::Media),
                line.line as usize,
            ));
        }
        let (from, to) = line.value;
        let mut cursor = missiva_core::scan::Cursor::within(self.text, from as usize, to as usize);
        let media: MediaLine<'t> = table::read::<field::Media>(self.text, &mut cursor)?;
        if media.formats.as_str().is_empty() {
            let part = Part::Field(FieldName::Media);
            if media.port != 0 {
                return Err(self.fault(FaultKind::End, part, to as usize));
            }
            self.tolerate(Tolerance::NoFormat, FaultKind::End, part, to as usize)?;
        }
        let place =
            |part: &str| (part.as_ptr() as usize).wrapping_sub(self.text.as_ptr() as usize) as u32;
        let protocol = place(media.protocol);
        if self.media.capacity() == 0 {
            self.media.reserve(4);
        }
        self.media.push(MediaSlot {
            first: self.lines.len() as u32,
            kind_end: from + media.media.len() as u32,
            port: media.port,
            port_count: media.port_count,
            protocol: (protocol, protocol + media.protocol.len() as u32),
            formats: to - media.formats.as_str().len() as u32,
        });
        Ok(())
    }

    fn check_end(&mut self) -> Result<(), ParseError> {
        if let Err(breach) = self.order.end() {
            self.break_order(breach, FieldName::OtherLine, self.text.len())?;
        }
        // The version is the one value that decides whether the rest means what it seems to mean.
        match self.lines.iter().find(|line| line.name == FieldName::Version) {
            Some(line) => {
                let (from, to) = line.value;
                let mut cursor =
                    missiva_core::scan::Cursor::within(self.text, from as usize, to as usize);
                table::read::<field::Version>(self.text, &mut cursor).map(drop)
            }
            None => Ok(()),
        }
    }

    /// Looks for tabs and runs of blanks inside values that have words.
    fn note_blanks(&mut self) -> Result<(), ParseError> {
        let bytes = self.text.as_bytes();
        let doubled = memchr::memmem::find(bytes, b"  ").or_else(|| memchr::memchr(b'\t', bytes));
        if doubled.is_some() { self.find_blanks() } else { Ok(()) }
    }

    #[cold]
    fn find_blanks(&mut self) -> Result<(), ParseError> {
        let odd = self.lines.iter().filter(|line| !line.name.is_free()).find_map(|line| {
            let (from, to) = (line.value.0 as usize, line.value.1 as usize);
            let value = self.text.as_bytes().get(from..to)?;
            let mut quoted = false;
            let at = value.iter().zip(value.iter().skip(1).chain([&0])).position(|(byte, next)| {
                quoted ^= *byte == b'"';
                // A file may have any name.
                !quoted && (*byte == b'\t' || *byte == b' ' && *next == b' ')
            });
            at.map(|at| (line.name, from + at))
        });
        match odd {
            Some((name, at)) => {
                self.tolerate(Tolerance::Blanks, FaultKind::Unexpected, Part::Field(name), at)
            }
            None => Ok(()),
        }
    }

    #[cold]
    fn tolerate(
        &mut self,
        tolerance: Tolerance,
        kind: FaultKind,
        part: Part,
        at: usize,
    ) -> Result<(), ParseError> {
        if !self.rules.leniency.allows(tolerance) {
            return Err(self.fault(kind, part, at));
        }
        self.tolerated = self.tolerated.with(tolerance);
        Ok(())
    }

    #[cold]
    fn fault(&self, kind: FaultKind, part: Part, at: usize) -> ParseError {
        ParseError::new(kind, part, self.text.as_bytes(), at)
    }
}

/// What one block leaves for the next.
struct Scan {
    /// First byte of the line that is being read.
    line: usize,
    /// The first colon of that line, when an earlier block had it.
    colon: Option<usize>,
    /// Bit 0 is set when the byte before the block is a CR.
    carry: u64,
}
