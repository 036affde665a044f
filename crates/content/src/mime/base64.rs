//! base64 (RFC 2045 section 6.8, RFC 4648 section 4).

use ::base64::Engine;
use ::base64::alphabet::STANDARD as ALPHABET;
use ::base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use missiva_core::scan::ByteSet;
use missiva_core::{Fault, FaultKind};

use super::encoding::Junk;

const LETTERS: ByteSet = ByteSet::alphanumeric().with(b"+/");
/// Letters that are put together before they are decoded: a multiple of four.
const BATCH: usize = 4096;
/// Bytes that make one line of 76 letters.
const LINE: usize = 57;

/// Without padding, which is counted here; surplus bits are looked at by the caller.
const BARE: GeneralPurpose = GeneralPurpose::new(
    &ALPHABET,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(::base64::engine::DecodePaddingMode::RequireNone),
);

/// Lines of 76 letters, each with its end.
pub(super) fn encode(plain: &[u8]) -> Vec<u8> {
    let lines = plain.len().div_ceil(LINE);
    let mut out = Vec::with_capacity(plain.len().div_ceil(3) * 4 + lines * 2);
    let mut line = [0u8; LINE / 3 * 4];
    for piece in plain.chunks(LINE) {
        // A line has room for its bytes, so nothing is left out.
        let used = STANDARD.encode_slice(piece, &mut line).unwrap_or_default();
        out.extend_from_slice(line.get(..used).unwrap_or_default());
        out.extend_from_slice(b"\r\n");
    }
    out
}

/// What the letters stand for. White space is passed over; `junk` says what becomes of other bytes.
pub(super) fn decode(text: &[u8], junk: Junk) -> Result<Vec<u8>, Fault> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3 + 3);
    let mut batch = Batch { letters: [0; BATCH], used: 0 };
    let (mut padding, mut last) = (0usize, 0usize);
    for (at, &byte) in text.iter().enumerate() {
        match byte {
            _ if LETTERS.has(byte) => {
                if padding > 0 {
                    // Some readers stop at the padding and some go on: what the body says would depend on them.
                    return Err(Fault::new(FaultKind::Conflict, at));
                }
                last = at;
                batch.push(byte, &mut out);
            }
            b'=' => padding = padding.saturating_add(1),
            b' ' | b'\t' | b'\r' | b'\n' => {}
            _ if junk == Junk::Refuse => return Err(Fault::new(FaultKind::Unexpected, at)),
            _ => {}
        }
    }
    let (rest, surplus) = batch.finish(&mut out);
    if rest == 1 {
        return Err(Fault::new(FaultKind::End, text.len()));
    }
    if junk == Junk::Refuse {
        if padding != (4 - rest) % 4 {
            return Err(Fault::new(FaultKind::End, text.len()));
        }
        if surplus {
            return Err(Fault::new(FaultKind::Value, last));
        }
    }
    Ok(out)
}

/// Letters that wait to be decoded; memory beside the output does not grow with the body.
struct Batch {
    letters: [u8; BATCH],
    used: usize,
}

impl Batch {
    #[inline(always)]
    fn push(&mut self, letter: u8, out: &mut Vec<u8>) {
        if let Some(place) = self.letters.get_mut(self.used) {
            *place = letter;
        }
        self.used += 1;
        if self.used == BATCH {
            self.flush(out);
        }
    }

    fn flush(&mut self, out: &mut Vec<u8>) {
        let letters = self.letters.get(..self.used).unwrap_or_default();
        // The letters were checked one by one; only a single one over cannot be decoded, which the caller refuses.
        let _ = BARE.decode_vec(letters, out);
        self.used = 0;
    }

    /// How many letters the last group of four has, and whether it has bits that stand for nothing.
    fn finish(mut self, out: &mut Vec<u8>) -> (usize, bool) {
        let rest = self.used % 4;
        let last = self.used.checked_sub(1).and_then(|at| self.letters.get(at)).copied();
        let bits = last.map_or(0, value);
        let surplus = match rest {
            2 => bits & 0b1111 != 0,
            3 => bits & 0b11 != 0,
            _ => false,
        };
        self.flush(out);
        (rest, surplus)
    }
}

/// The six bits of a letter.
const fn value(letter: u8) -> u8 {
    match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        b'+' => 62,
        _ => 63,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    type Expected = Result<&'static str, (FaultKind, u32)>;

    #[test]
    fn junk_is_refused_or_left_out_as_asked() {
        let table: [(&str, Expected, Expected); 14] = [
            ("", Ok(""), Ok("")),
            // RFC 4648 section 10.
            ("Zg==", Ok("f"), Ok("f")),
            ("Zm8=", Ok("fo"), Ok("fo")),
            ("Zm9vYmFy", Ok("foobar"), Ok("foobar")),
            ("Zm9v\r\nYmFy\r\n", Ok("foobar"), Ok("foobar")),
            (" Z m 9 v ", Ok("foo"), Ok("foo")),
            ("Zm9v!YmFy", Err((FaultKind::Unexpected, 4)), Ok("foobar")),
            ("Zm9\0v\u{e4}", Err((FaultKind::Unexpected, 3)), Ok("foo")),
            ("Zm8", Err((FaultKind::End, 3)), Ok("fo")),
            ("Zm9v=", Err((FaultKind::End, 5)), Ok("foo")),
            ("Zm8=Zm8=", Err((FaultKind::Conflict, 4)), Err((FaultKind::Conflict, 4))),
            ("Zm9vY", Err((FaultKind::End, 5)), Err((FaultKind::End, 5))),
            ("Zm9=", Err((FaultKind::Value, 2)), Ok("fo")),
            ("====", Err((FaultKind::End, 4)), Ok("")),
        ];
        for (text, strict, lenient) in table {
            for (junk, expected) in [(Junk::Refuse, strict), (Junk::Skip, lenient)] {
                let got = decode(text.as_bytes(), junk).map_err(|fault| (fault.kind, fault.at));
                assert_eq!(got, expected.map(|text| text.as_bytes().to_vec()), "{text:?} {junk:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn what_is_encoded_is_decoded(plain in prop::collection::vec(any::<u8>(), 0..7000)) {
            let text = encode(&plain);
            prop_assert!(text.split(|&byte| byte == b'\n').all(|line| line.len() <= 77));
            prop_assert_eq!(decode(&text, Junk::Refuse), Ok(plain.clone()));
            let junk: Vec<u8> = text.iter().flat_map(|&byte| [byte, b'*', 0xff]).collect();
            prop_assert_eq!(decode(&junk, Junk::Skip), Ok(plain));
        }
    }
}
