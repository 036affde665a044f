//! How large a piece is: as much as the link carries in a tenth of a second.

use std::time::Duration;

/// The size of pieces on one link. It starts small, doubles at most with each chunk that the peer has answered, and is
/// halved when one fails.
///
/// Chat messages fit into the smallest piece, so a link that carries nothing else never needs another. A link for files
/// starts larger with [`Pace::starting_at`].
///
/// ```
/// use std::time::Duration;
/// use missiva_msrp::send::Pace;
///
/// let mut pace = Pace::default();
/// pace.observe(2048, Duration::from_millis(5));
/// assert_eq!(pace.piece(), 4096);
/// pace.observe(4096, Duration::from_secs(10));
/// assert_eq!(pace.piece(), Pace::SMALLEST);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    piece: usize,
}

/// What a piece should take.
const TIME: Duration = Duration::from_millis(100);

impl Pace {
    /// The largest chunk that need not be interruptible (RFC 4975 section 7.1.1).
    pub const SMALLEST: usize = 2048;

    /// A pace that starts with pieces of `piece` bytes.
    #[must_use]
    pub const fn starting_at(piece: usize) -> Self {
        Self { piece: if piece < Self::SMALLEST { Self::SMALLEST } else { piece } }
    }

    /// Bytes in a piece.
    #[must_use]
    pub const fn piece(&self) -> usize {
        self.piece
    }

    /// The peer has answered `bytes`, this long after they began to be written.
    pub fn observe(&mut self, bytes: u64, elapsed: Duration) {
        let micros = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX).max(1);
        let fits = bytes.saturating_mul(TIME.as_micros() as u64) / micros;
        let fits = usize::try_from(fits).unwrap_or(usize::MAX);
        *self = Self::starting_at(fits.min(self.piece.saturating_mul(2)));
    }

    /// A chunk was not answered in time.
    pub fn fail(&mut self) {
        *self = Self::starting_at(self.piece / 2);
    }
}

impl Default for Pace {
    fn default() -> Self {
        Self::starting_at(Self::SMALLEST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fast_link_gets_large_pieces_step_by_step_and_a_slow_one_small_ones() {
        let mut pace = Pace::default();
        for step in 1..=5 {
            pace.observe(1 << 20, Duration::from_millis(1));
            assert_eq!(pace.piece(), 2048 << step);
        }
        // A hundred kilobytes a second.
        pace.observe(10_000, Duration::from_millis(100));
        assert_eq!(pace.piece(), 10_000);
        pace.fail();
        assert_eq!(pace.piece(), 5000);
        pace.fail();
        pace.fail();
        assert_eq!(pace.piece(), Pace::SMALLEST);
        pace.observe(u64::MAX, Duration::ZERO);
        assert_eq!(pace.piece(), 4096);
        assert_eq!(Pace::starting_at(0).piece(), Pace::SMALLEST);
    }
}
