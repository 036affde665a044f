//! Makes look-alikes of a fixture: other words, same grammar, about the same size.

/// A look-alike may be this much longer or shorter than its fixture, in percent.
const SIZE_BAND: usize = 10;

/// Text that stands for one real thing throughout a message, and what may stand in for it.
pub(crate) type Words = &'static [(&'static str, &'static [&'static str])];

/// SplitMix64: small, seeded, and good enough to keep a branch predictor guessing.
pub(crate) struct Dice(u64);

impl Dice {
    /// A number below `sides`.
    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % sides.max(1) as u64) as usize
    }
}

/// The fixture and `count - 1` look-alikes that `change` makes of it, the same ones in every run.
///
/// # Panics
///
/// If the fixture cannot be varied within the size band, which is a fault of whoever changes it.
pub(crate) fn vary(
    fixture: &[u8],
    count: usize,
    change: impl Fn(&str, &mut Dice) -> Vec<u8>,
) -> Vec<Vec<u8>> {
    let Ok(text) = std::str::from_utf8(fixture) else {
        panic!("a fixture is not UTF-8");
    };
    let slack = text.len() * SIZE_BAND / 100;
    let mut dice = Dice(0x6d69_7373_6976_6121);
    let mut made = vec![fixture.to_vec()];
    for _ in 0..count * 50 {
        if made.len() == count {
            return made;
        }
        let other = change(text, &mut dice);
        if other.len().abs_diff(text.len()) <= slack && !made.contains(&other) {
            made.push(other);
        }
    }
    panic!("only {} of {count} look-alikes fit the size band", made.len());
}

/// The text with some of `words` replaced.
pub(crate) fn with_words(text: &str, words: Words, dice: &mut Dice) -> String {
    let mut text = text.to_owned();
    for (word, others) in words {
        // One side of the die keeps the original.
        if let Some(other) = others.get(dice.roll(others.len() + 1)) {
            text = text.replace(word, other);
        }
    }
    text
}

/// One byte of `alphabet`.
pub(crate) fn pick(alphabet: &[u8], dice: &mut Dice) -> char {
    char::from(alphabet[dice.roll(alphabet.len())])
}
