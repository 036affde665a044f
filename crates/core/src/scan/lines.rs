//! Whole-buffer checks that the compiler turns into vector code.

use memchr::{memchr, memchr2};

/// What is wrong with the line ends of a text block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineFault {
    /// A CR that no LF follows, at this offset.
    BareCr(usize),
    /// An LF that follows no CR, at this offset.
    BareLf(usize),
    /// A NUL byte, at this offset.
    Nul(usize),
}

/// Checks that `block` holds no NUL and that CR and LF stand only as CRLF pairs. A CR as the last byte passes:
/// its LF may still be on the way.
///
/// # Errors
///
/// The first fault. Where line ends may be ambiguous, two readers of one byte stream may see two different
/// messages; so this is checked strictly, in every mode.
///
/// ```
/// use missiva_core::scan::{LineFault, check_lines};
///
/// assert!(check_lines(b"a: 1\r\nb: 2\r\n").is_ok());
/// assert_eq!(check_lines(b"a: 1\nb: 2\r\n"), Err(LineFault::BareLf(4)));
/// ```
pub fn check_lines(block: &[u8]) -> Result<(), LineFault> {
    let Some((&first, rest)) = block.split_first() else {
        return Ok(());
    };
    // One pass without branches: a CR at i must go with an LF at i + 1, and the other way round.
    let mut bad = u8::from(first == b'\n') | u8::from(first == 0);
    for (&byte, &next) in block.iter().zip(rest) {
        bad |= u8::from(byte == b'\r') ^ u8::from(next == b'\n');
        bad |= u8::from(next == 0);
    }
    if bad == 0 {
        Ok(())
    } else {
        Err(first_fault(block))
    }
}

#[cold]
fn first_fault(block: &[u8]) -> LineFault {
    let nul = memchr(0, block).unwrap_or(block.len());
    let mut at = 0;
    while let Some(found) = block
        .get(at..nul)
        .and_then(|rest| memchr2(b'\r', b'\n', rest))
    {
        let here = at.saturating_add(found);
        let next = block.get(here.saturating_add(1));
        match block.get(here) {
            Some(b'\n') => return LineFault::BareLf(here),
            _ if next == Some(&b'\n') => at = here.saturating_add(2),
            _ => return LineFault::BareCr(here),
        }
    }
    LineFault::Nul(nul)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_first_fault_is_named() {
        let table: [(&[u8], Result<(), LineFault>); 9] = [
            (b"", Ok(())),
            (b"plain", Ok(())),
            (b"a\r\nb\r\n\r\n", Ok(())),
            (b"a\r", Ok(())),
            (b"\n", Err(LineFault::BareLf(0))),
            (b"a\rb", Err(LineFault::BareCr(1))),
            (b"a\r\r\n", Err(LineFault::BareCr(1))),
            (b"a\r\n\nb", Err(LineFault::BareLf(3))),
            (b"\r\n\0\n", Err(LineFault::Nul(2))),
        ];
        for (block, expected) in table {
            assert_eq!(check_lines(block), expected, "{}", block.escape_ascii());
        }
    }

    proptest! {
        #[test]
        fn the_vector_pass_and_the_plain_walk_agree(
            block in prop::collection::vec(prop::sample::select(b"ab\r\n\0".to_vec()), 0..80)
        ) {
            let mut expected = Ok(());
            for (at, &byte) in block.iter().enumerate() {
                let before = at.checked_sub(1).map(|i| block[i]);
                expected = match byte {
                    0 => Err(LineFault::Nul(at)),
                    b'\n' if before != Some(b'\r') => Err(LineFault::BareLf(at)),
                    b'\r' if block.get(at + 1).is_some_and(|&next| next != b'\n') => Err(LineFault::BareCr(at)),
                    _ => continue,
                };
                break;
            }
            prop_assert_eq!(check_lines(&block), expected);
        }
    }
}
