//! What is let through although RFC 8866 forbids it.

/// One departure from the grammar that peers are known for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[non_exhaustive]
#[repr(u8)]
pub enum Tolerance {
    /// Lines that end in LF alone (RFC 8866 section 5 asks parsers to take them).
    BareLf,
    /// A last line without its line end.
    NoFinalLineEnd,
    /// Empty lines, as bodies have at their end.
    EmptyLines,
    /// White space at the ends of a value, tabs, and more than one space between its words.
    Blanks,
    /// A type letter that RFC 8866 does not define; the line is kept.
    UnknownLine,
    /// No `s=`.
    NoSessionName,
    /// No `t=`.
    NoTime,
    /// No format in the `m=` line of a stream with port zero.
    NoFormat,
    /// No `o=`. Offers and answers cannot be told apart by version then.
    NoOrigin,
    /// No `v=`.
    NoVersion,
    /// Lines out of order within the session's part or within one medium.
    Order,
}

impl Tolerance {
    /// Every tolerance.
    pub const ALL: [Self; 11] = [
        Self::BareLf,
        Self::NoFinalLineEnd,
        Self::EmptyLines,
        Self::Blanks,
        Self::UnknownLine,
        Self::NoSessionName,
        Self::NoTime,
        Self::NoFormat,
        Self::NoOrigin,
        Self::NoVersion,
        Self::Order,
    ];

    const fn bit(self) -> u16 {
        1 << self as u8
    }
}

/// A set of tolerances: those that a reader grants, or those that a description needed.
///
/// ```
/// use missiva_sdp::{Leniency, Tolerance};
///
/// let rules = Leniency::STRICT.with(Tolerance::BareLf);
/// assert!(rules.allows(Tolerance::BareLf) && !rules.allows(Tolerance::NoTime));
/// assert!(Leniency::DEFAULT.allows(Tolerance::NoTime) && !Leniency::DEFAULT.allows(Tolerance::Order));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Leniency(u16);

impl Leniency {
    /// RFC 8866 to the letter.
    pub const STRICT: Self = Self(0);

    /// What RFC 4566 peers still send and nobody misunderstands.
    pub const DEFAULT: Self = Self::STRICT
        .with(Tolerance::BareLf)
        .with(Tolerance::NoFinalLineEnd)
        .with(Tolerance::EmptyLines)
        .with(Tolerance::Blanks)
        .with(Tolerance::UnknownLine)
        .with(Tolerance::NoSessionName)
        .with(Tolerance::NoTime)
        .with(Tolerance::NoFormat);

    /// Everything that can still be read, for analysing captures.
    pub const LAB: Self =
        Self::DEFAULT.with(Tolerance::NoOrigin).with(Tolerance::NoVersion).with(Tolerance::Order);

    /// This set and `more`.
    #[must_use]
    pub const fn with(self, more: Tolerance) -> Self {
        Self(self.0 | more.bit())
    }

    /// This set less `fewer`.
    #[must_use]
    pub const fn without(self, fewer: Tolerance) -> Self {
        Self(self.0 & !fewer.bit())
    }

    /// Whether the set has `one`.
    #[inline]
    #[must_use]
    pub const fn allows(self, one: Tolerance) -> bool {
        self.0 & one.bit() != 0
    }

    /// Whether the set is empty.
    #[must_use]
    pub const fn is_strict(self) -> bool {
        self.0 == 0
    }

    /// The members.
    pub fn iter(self) -> impl Iterator<Item = Tolerance> {
        Tolerance::ALL.into_iter().filter(move |one| self.allows(*one))
    }
}

impl Default for Leniency {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl std::fmt::Debug for Leniency {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Leniency {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}
