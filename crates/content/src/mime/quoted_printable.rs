//! quoted-printable (RFC 2045 section 6.7).

use missiva_core::{Fault, FaultKind};

use super::encoding::Junk;

/// Characters in the longest line, its end left out.
const MAX_LINE: usize = 76;

/// Text in lines of at most 76 characters. A CRLF stays a line end; a CR or LF alone is escaped, and so is all that
/// is no printable ASCII.
pub(super) fn encode(plain: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(plain.len() + plain.len() / 8 + 16);
    let mut line = 0usize;
    let mut rest = plain;
    while let Some((&byte, behind)) = rest.split_first() {
        if rest.starts_with(b"\r\n") {
            out.extend_from_slice(b"\r\n");
            line = 0;
            rest = rest.get(2..).unwrap_or_default();
            continue;
        }
        let ends_line = behind.is_empty() || behind.starts_with(b"\r\n");
        let plainly = match byte {
            b'=' => false,
            // White space at the end of a line is lost on its way.
            b' ' | b'\t' => !ends_line,
            _ => matches!(byte, 0x21..=0x7e),
        };
        let width = if plainly { 1 } else { 3 };
        // A soft line break takes a place of its own, which the last character of a line may have.
        if line + width > if ends_line { MAX_LINE } else { MAX_LINE - 1 } {
            out.extend_from_slice(b"=\r\n");
            line = 0;
        }
        if plainly {
            out.push(byte);
        } else {
            out.extend_from_slice(&[b'=', hex(byte >> 4), hex(byte & 15)]);
        }
        line += width;
        rest = behind;
    }
    out
}

const fn hex(nibble: u8) -> u8 {
    if nibble < 10 { b'0' + nibble } else { b'A' + nibble - 10 }
}

/// What the text stands for. White space at the end of a line is dropped in both modes, as a relay put it there.
pub(super) fn decode(text: &[u8], junk: Junk) -> Result<Vec<u8>, Fault> {
    let strict = junk == Junk::Refuse;
    let mut out = Vec::with_capacity(text.len());
    // What `out` has without the white space that may turn out to end a line, and where the line began.
    let (mut solid, mut line) = (0usize, 0usize);
    let mut at = 0usize;
    while let Some(&byte) = text.get(at) {
        let rest = text.get(at..).unwrap_or_default();
        let fault = |kind| Err(Fault::new(kind, at));
        if rest.starts_with(b"\r\n") {
            out.truncate(solid);
            out.extend_from_slice(b"\r\n");
            (solid, at) = (out.len(), at + 2);
            line = at;
            continue;
        }
        if strict && at - line >= MAX_LINE {
            return fault(FaultKind::Limit);
        }
        match byte {
            b'=' => {
                if let Some(value) = escaped(rest) {
                    out.push(value);
                    at += 2;
                } else if let Some(length) = soft_break(rest) {
                    if strict && length == rest.len() && !rest.ends_with(b"\n") {
                        return fault(FaultKind::End);
                    }
                    (solid, at) = (out.len(), at + length);
                    line = at;
                    continue;
                } else if strict {
                    return fault(FaultKind::Escape);
                } else {
                    out.push(byte);
                }
                solid = out.len();
            }
            b' ' | b'\t' => out.push(byte),
            b'\r' if strict => return fault(FaultKind::BareCr),
            b'\n' if strict => return fault(FaultKind::BareLf),
            0x21..=0x7e => {
                out.push(byte);
                solid = out.len();
            }
            _ if strict => return fault(FaultKind::Unexpected),
            _ => {
                if byte == b'\n' {
                    out.truncate(solid);
                }
                out.push(byte);
                solid = out.len();
            }
        }
        at += 1;
    }
    out.truncate(solid);
    Ok(out)
}

/// The byte of an escape. Small letters are against RFC 2045 and read everywhere.
fn escaped(rest: &[u8]) -> Option<u8> {
    let nibble = |at: usize| rest.get(at).and_then(|&byte| char::from(byte).to_digit(16));
    u8::try_from(nibble(1)? << 4 | nibble(2)?).ok()
}

/// How long a soft line break is: an equals sign, white space that a relay added, a line end or the end.
fn soft_break(rest: &[u8]) -> Option<usize> {
    let behind = rest.get(1..).unwrap_or_default();
    let blanks = behind.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    match behind.get(blanks..).unwrap_or_default() {
        [] => Some(rest.len()),
        [b'\r', b'\n', ..] => Some(1 + blanks + 2),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    type Expected = Result<&'static [u8], (FaultKind, u32)>;

    #[test]
    fn text_is_read_with_and_without_junk() {
        let table: [(&[u8], Expected, &[u8]); 13] = [
            (b"", Ok(b""), b""),
            (b"a=3Db", Ok(b"a=b"), b"a=b"),
            (b"a=3db", Ok(b"a=b"), b"a=b"),
            // RFC 2045 section 6.7.
            (
                b"Now's the time =\r\nfor all folk to come=\r\n to the aid",
                Ok(b"Now's the time for all folk to come to the aid"),
                b"Now's the time for all folk to come to the aid",
            ),
            (b"a \t\r\nb  ", Ok(b"a\r\nb"), b"a\r\nb"),
            (b"a=20\r\n", Ok(b"a \r\n"), b"a \r\n"),
            (b"a=  \r\nb", Ok(b"ab"), b"ab"),
            (b"a=", Err((FaultKind::End, 1)), b"a"),
            (b"a=G1", Err((FaultKind::Escape, 1)), b"a=G1"),
            (b"a=4", Err((FaultKind::Escape, 1)), b"a=4"),
            (b"gr\xc3\xb6", Err((FaultKind::Unexpected, 2)), b"gr\xc3\xb6"),
            (b"a \nb", Err((FaultKind::BareLf, 2)), b"a\nb"),
            (b"a\rb", Err((FaultKind::BareCr, 1)), b"a\rb"),
        ];
        for (text, strict, lenient) in table {
            let got = decode(text, Junk::Refuse).map_err(|fault| (fault.kind, fault.at));
            assert_eq!(got, strict.map(<[u8]>::to_vec), "{}", text.escape_ascii());
            assert_eq!(decode(text, Junk::Skip), Ok(lenient.to_vec()), "{}", text.escape_ascii());
        }
    }

    #[test]
    fn a_line_at_its_limit_is_read_and_a_longer_one_is_not() {
        for (length, fine) in [(76, true), (77, false), (100_000, false)] {
            let line = [&vec![b'x'; length][..], b"\r\n"].concat();
            assert_eq!(decode(&line, Junk::Refuse).is_ok(), fine, "{length}");
            assert_eq!(decode(&line, Junk::Skip).unwrap().len(), length + 2);
        }
    }

    proptest! {
        #[test]
        fn what_is_encoded_is_decoded(plain in prop::collection::vec(
            prop_oneof![3 => any::<u8>(), 2 => prop::sample::select(b"\r\n \t=ab".to_vec())], 0..400)) {
            let text = encode(&plain);
            prop_assert!(text.split(|&byte| byte == b'\n').all(|line| line.len() <= 77));
            prop_assert_eq!(decode(&text, Junk::Refuse), Ok(plain.clone()));
            prop_assert_eq!(decode(&text, Junk::Skip), Ok(plain));
        }
    }
}
