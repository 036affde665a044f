//! Where bytes stand, and how they are to be read.

/// What a kind's reader must know beyond the bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// Where the bytes start in the input.
    pub(super) base: usize,
    /// Whether nothing is tolerated.
    pub(super) strict: bool,
    /// How many bodies they lie in.
    pub(super) depth: usize,
}

impl Place {
    /// The start of the input.
    pub(super) const fn top(strict: bool) -> Self {
        Self { base: 0, strict, depth: 0 }
    }

    /// The place `by` bytes on.
    pub(super) const fn ahead(self, by: usize) -> Self {
        Self { base: self.base.saturating_add(by), ..self }
    }

    /// The start of bytes that were decoded, which do not stand in the input.
    pub(super) const fn unfolded(self) -> Self {
        Self { base: 0, ..self }
    }

    /// The place of something that lies in the body of what is here.
    pub(super) const fn inside(self, by: usize) -> Self {
        Self { depth: self.depth + 1, ..self.ahead(by) }
    }
}
