//! What all sessions of a link may keep together.

/// Bytes and open messages of a link, shared by its sessions: each of them takes from it and gives back.
///
/// ```
/// use missiva_msrp::receive::Budget;
///
/// let mut budget = Budget::new(1000, 2);
/// assert!(budget.take(1000) && !budget.take(1));
/// budget.give(1);
/// assert_eq!(budget.used(), 999);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    used: usize,
    max: usize,
    open: usize,
    max_open: usize,
}

impl Budget {
    /// A budget of `max` bytes and `max_open` messages.
    #[must_use]
    pub const fn new(max: usize, max_open: usize) -> Self {
        Self { used: 0, max, open: 0, max_open }
    }

    /// Takes `bytes`, unless they are more than is left.
    #[must_use]
    pub const fn take(&mut self, bytes: usize) -> bool {
        let used = self.used.saturating_add(bytes);
        let fits = used <= self.max;
        if fits {
            self.used = used;
        }
        fits
    }

    /// Gives `bytes` back.
    pub const fn give(&mut self, bytes: usize) {
        self.used = self.used.saturating_sub(bytes);
    }

    /// Opens a message, unless too many are open.
    #[must_use]
    pub(super) const fn open(&mut self) -> bool {
        let fits = self.open < self.max_open;
        if fits {
            self.open += 1;
        }
        fits
    }

    pub(super) const fn close(&mut self) {
        self.open = self.open.saturating_sub(1);
    }

    /// Bytes that are taken.
    #[must_use]
    pub const fn used(&self) -> usize {
        self.used
    }

    /// Messages that are open.
    #[must_use]
    pub const fn open_messages(&self) -> usize {
        self.open
    }
}

impl Default for Budget {
    /// Twice what one session may keep, and eight times the messages that it may have open.
    fn default() -> Self {
        Self::new(64 * 1024 * 1024, 1024)
    }
}
