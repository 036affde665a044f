//! The beginning of what something says of itself.

use std::fmt::{self, Write};

/// The `Debug` text of `value`, stopped after `most` characters: nobody waits for a megabyte to be printed.
pub(crate) fn debug(value: &impl fmt::Debug, most: usize) -> String {
    let mut short = Short { text: String::new(), left: most };
    if write!(short, "{value:?}").is_err() {
        short.text.push('…');
    }
    short.text
}

/// The name with which `Debug` starts: which variant an event is, and nothing that it holds.
pub(crate) fn name(value: &impl fmt::Debug) -> String {
    let mut text = debug(value, 40);
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    if end > 0 {
        text.truncate(end);
    }
    text
}

struct Short {
    text: String,
    left: usize,
}

impl Write for Short {
    fn write_str(&mut self, piece: &str) -> fmt::Result {
        for c in piece.chars() {
            if self.left == 0 {
                return Err(fmt::Error);
            }
            self.left = self.left.saturating_sub(1);
            self.text.push(c);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    #[allow(dead_code, reason = "printed only")]
    enum Said {
        Nothing,
        Secret(u8),
        Pair { left: u8 },
    }

    #[test]
    fn a_name_tells_the_variant_and_no_content() {
        assert_eq!(name(&Said::Nothing), "Nothing");
        assert_eq!(name(&Said::Secret(7)), "Secret");
        assert_eq!(name(&Said::Pair { left: 7 }), "Pair");
        assert_eq!(name(&()), "()");
    }

    #[test]
    fn long_text_stops() {
        assert_eq!(debug(&"abcdef", 4), "\"abc…");
        assert_eq!(debug(&7, 4), "7");
    }
}
