//! Where chance comes from.

/// A source of random bytes, given to a machine at construction.
///
/// The library has no default: a weak one would end up in production. A driver hands in the operating system's
/// generator; a test hands in a seeded one and gets the same bytes every run. Branches, tags, Call-IDs, MSRP
/// session ids, nonces and boundaries are all drawn from here.
///
/// ```
/// use missiva_core::IdSource;
///
/// struct Counting(u8);
///
/// impl IdSource for Counting {
///     fn fill(&mut self, out: &mut [u8]) {
///         for byte in out {
///             *byte = self.0;
///             self.0 = self.0.wrapping_add(1);
///         }
///     }
/// }
///
/// assert_eq!(Counting(0).hex(4), "00010203");
/// ```
pub trait IdSource: Send {
    /// Fills `out` with bytes that nobody can guess.
    fn fill(&mut self, out: &mut [u8]);

    /// `bytes` random bytes as lower-case hexadecimal text: a token in every grammar of this workspace.
    fn hex(&mut self, bytes: usize) -> String {
        let mut raw = vec![0; bytes];
        self.fill(&mut raw);
        let mut text = String::with_capacity(bytes.saturating_mul(2));
        for byte in raw {
            for nibble in [byte >> 4, byte & 15] {
                text.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
            }
        }
        text
    }
}
