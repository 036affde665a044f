//! Numbers in feature tags: `#=1`, `#>=1.5`, `#1:5` (RFC 3840 section 9).

use std::fmt;

use missiva_core::scan::{ByteSet, Cursor};

/// The numbers from one to another, both included; an end that is missing is open.
///
/// ```
/// use missiva_sip::header::NumberRange;
///
/// let range = NumberRange::parse("#1:5.5").unwrap();
/// assert!(range.overlaps(&NumberRange::parse("#>=5.5").unwrap()));
/// assert!(!range.overlaps(&NumberRange::parse("#=6").unwrap()));
/// assert_eq!(range.to_string(), "#1:5.5");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NumberRange {
    min: Option<i64>,
    max: Option<i64>,
}

/// Numbers are kept in millionths.
const SCALE: i64 = 1_000_000;
const DIGITS: ByteSet = ByteSet::digits();

impl NumberRange {
    /// A range between two numbers of millionths; `None` when both ends are open or stand in the wrong order.
    #[must_use]
    pub fn from_millionths(min: Option<i64>, max: Option<i64>) -> Option<Self> {
        let ordered = match (min, max) {
            (Some(min), Some(max)) => min <= max,
            (None, None) => false,
            _ => true,
        };
        ordered.then_some(Self { min, max })
    }

    /// Reads `"#" numeric-relation`; `None` for all else, and for numbers beyond 9 * 10^12 or with more than six
    /// places behind the dot.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut cursor = Cursor::new(text);
        cursor.expect(b'#').ok()?;
        let (min, max) = if cursor.eat_word(">=") {
            (Some(read_number(&mut cursor)?), None)
        } else if cursor.eat_word("<=") {
            (None, Some(read_number(&mut cursor)?))
        } else if cursor.eat(b'=') {
            let number = Some(read_number(&mut cursor)?);
            (number, number)
        } else {
            let min = read_number(&mut cursor)?;
            cursor.expect(b':').ok()?;
            (Some(min), Some(read_number(&mut cursor)?))
        };
        cursor.is_end().then(|| Self::from_millionths(min, max)).flatten()
    }

    /// The lower end in millionths.
    #[must_use]
    pub const fn min_millionths(&self) -> Option<i64> {
        self.min
    }

    /// The upper end in millionths.
    #[must_use]
    pub const fn max_millionths(&self) -> Option<i64> {
        self.max
    }

    /// Whether some number lies in both ranges.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        let (low, high) = (self.low().max(other.low()), self.high().min(other.high()));
        low <= high
    }

    /// Whether every number of `other` lies in this range.
    #[must_use]
    pub fn contains(&self, other: &Self) -> bool {
        self.low() <= other.low() && self.high() >= other.high()
    }

    fn low(&self) -> i64 {
        self.min.unwrap_or(i64::MIN)
    }

    fn high(&self) -> i64 {
        self.max.unwrap_or(i64::MAX)
    }
}

/// `number = [ "+" / "-" ] 1*DIGIT ["." 0*DIGIT]`, in millionths.
fn read_number(cursor: &mut Cursor<'_>) -> Option<i64> {
    let negative = cursor.peek() == Some(b'-');
    if !cursor.eat(b'-') {
        cursor.eat(b'+');
    }
    let whole: i64 = cursor.take(&DIGITS).parse().ok()?;
    let fraction = if cursor.eat(b'.') { cursor.take(&DIGITS).trim_end_matches('0') } else { "" };
    if fraction.len() > 6 {
        return None;
    }
    let millionths = format!("{fraction:0<6}").parse().ok()?;
    let value = whole.checked_mul(SCALE)?.checked_add(millionths)?;
    Some(if negative { value.saturating_neg() } else { value })
}

struct Millionths(i64);

impl fmt::Display for Millionths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = self.0.unsigned_abs();
        let scale = SCALE.unsigned_abs();
        if self.0 < 0 {
            f.write_str("-")?;
        }
        write!(f, "{}", size / scale)?;
        let fraction = format!("{:06}", size % scale);
        match fraction.trim_end_matches('0') {
            "" => Ok(()),
            digits => write!(f, ".{digits}"),
        }
    }
}

impl fmt::Display for NumberRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.min.map(Millionths), self.max.map(Millionths)) {
            (Some(min), Some(max)) if min.0 == max.0 => write!(f, "#={min}"),
            (Some(min), Some(max)) => write!(f, "#{min}:{max}"),
            (Some(min), None) => write!(f, "#>={min}"),
            (None, Some(max)) => write!(f, "#<={max}"),
            (None, None) => Ok(()),
        }
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for NumberRange {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_and_written() {
        let table = [
            ("#=1", Some("#=1")),
            ("#>=+1.50", Some("#>=1.5")),
            ("#<=-0.000001", Some("#<=-0.000001")),
            ("#1:5", Some("#1:5")),
            ("#-5:-1.", Some("#-5:-1")),
            ("#5:1", None),
            ("#1", None),
            ("#", None),
            ("#=", None),
            ("#=x", None),
            ("#=1x", None),
            ("#=0.0000001", None),
            ("#=9999999999999999", None),
            ("1", None),
            ("", None),
        ];
        for (text, expected) in table {
            let got = NumberRange::parse(text);
            assert_eq!(got.map(|range| range.to_string()).as_deref(), expected, "{text}");
            if let Some(range) = got {
                assert_eq!(NumberRange::parse(&range.to_string()), Some(range));
            }
        }
    }

    #[test]
    fn ranges_overlap_and_contain() {
        let range = |text| NumberRange::parse(text).unwrap();
        let table = [
            ("#=1", "#1:2", true, false),
            ("#1:2", "#=1", true, true),
            ("#>=2", "#<=2", true, false),
            ("#>=2", "#<=1.9", false, false),
            ("#>=2", "#3:4", true, true),
        ];
        for (a, b, overlaps, contains) in table {
            assert_eq!(range(a).overlaps(&range(b)), overlaps, "{a} {b}");
            assert_eq!(range(b).overlaps(&range(a)), overlaps, "{a} {b}");
            assert_eq!(range(a).contains(&range(b)), contains, "{a} {b}");
        }
    }
}
