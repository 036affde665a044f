//! Where the headers lie: a handful without an allocation.

use crate::HeaderName;

/// Where one header line lies in its head. A head has 65,535 bytes at most, by its limit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slot {
    /// First byte of the line, which is the first of the name.
    pub(crate) line: u16,
    /// First byte of the value, white space before it left out.
    pub(crate) value: u16,
    /// The byte behind the value, white space left out.
    pub(crate) value_end: u16,
    pub(crate) name_len: u8,
    pub(crate) name: HeaderName,
}

/// All of them, in order. Nearly every message has fewer than [`INLINE`].
#[derive(Clone, Debug)]
pub(crate) struct Slots {
    inline: [Slot; INLINE],
    used: u8,
    more: Vec<Slot>,
}

const INLINE: usize = 12;
const UNUSED: Slot = Slot { line: 0, value: 0, value_end: 0, name_len: 0, name: HeaderName::Other };

impl Slots {
    #[inline]
    pub(crate) const fn new() -> Self {
        Self { inline: [UNUSED; INLINE], used: 0, more: Vec::new() }
    }

    #[inline]
    pub(crate) fn push(&mut self, slot: Slot) {
        match self.inline.get_mut(usize::from(self.used)) {
            Some(place) => {
                *place = slot;
                self.used += 1;
            }
            None => self.more.push(slot),
        }
    }

    /// All of them, so that none are left.
    #[inline]
    pub(crate) fn take(&mut self) -> Self {
        let taken =
            Self { inline: self.inline, used: self.used, more: std::mem::take(&mut self.more) };
        self.used = 0;
        taken
    }

    #[inline]
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Slot> {
        self.inline.get(..usize::from(self.used)).unwrap_or_default().iter().chain(&self.more)
    }

    #[inline]
    pub(crate) const fn len(&self) -> usize {
        self.used as usize + self.more.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_keep_their_order_beyond_the_first_handful() {
        let mut slots = Slots::new();
        for line in 0..40 {
            slots.push(Slot { line, ..UNUSED });
            assert_eq!(slots.len(), usize::from(line) + 1);
        }
        assert!(slots.iter().map(|slot| slot.line).eq(0..40));
    }
}
