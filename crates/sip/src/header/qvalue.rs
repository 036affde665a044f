//! `qvalue`, and the parameters that are numbers (RFC 3261 section 25.1).

use std::fmt;

use missiva_core::scan::{ByteSet, Cursor};
use missiva_core::{Fault, FaultKind};

use super::check::decimal;
use crate::params::Params;

/// A preference from 0 to 1, in thousandths.
///
/// ```
/// use missiva_sip::Params;
/// use missiva_sip::header::QValue;
///
/// assert_eq!(QValue::parse("0.75")?.thousandths(), 750);
/// assert_eq!(Params::parse(";q=0.5")?.q(), QValue::parse("0.5").map_err(|fault| fault.kind));
/// assert_eq!(Params::NONE.q(), Ok(QValue::ONE));
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QValue(u16);

impl QValue {
    /// Not at all.
    pub const ZERO: Self = Self(0);
    /// Above all, which is also what no `q` means.
    pub const ONE: Self = Self(1000);

    /// A preference in thousandths; `None` above 1000.
    #[must_use]
    pub const fn from_thousandths(thousandths: u16) -> Option<Self> {
        if thousandths <= 1000 { Some(Self(thousandths)) } else { None }
    }

    /// Reads `( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] )`.
    ///
    /// # Errors
    ///
    /// [`FaultKind::Number`] for all else.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let mut cursor = Cursor::new(text);
        let fault = Fault::new(FaultKind::Number, 0);
        let whole = match cursor.peek() {
            Some(b'0') => 0u16,
            Some(b'1') => 1000,
            _ => return Err(fault),
        };
        cursor.bump();
        let digits = if cursor.eat(b'.') { cursor.take(&ByteSet::digits()) } else { "" };
        let scale = match digits.len() {
            0 | 3 => 1,
            1 => 100,
            2 => 10,
            _ => return Err(fault),
        };
        let fraction = digits.parse::<u16>().unwrap_or(0).saturating_mul(scale);
        if cursor.is_end() {
            Self::from_thousandths(whole.saturating_add(fraction)).ok_or(fault)
        } else {
            Err(fault)
        }
    }

    /// The preference in thousandths.
    #[must_use]
    pub const fn thousandths(self) -> u16 {
        self.0
    }
}

impl Default for QValue {
    fn default() -> Self {
        Self::ONE
    }
}

impl fmt::Display for QValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("{}.{:03}", self.0 / 1000, self.0 % 1000);
        f.write_str(text.trim_end_matches('0').trim_end_matches('.'))
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for QValue {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Params<'_> {
    /// The preference `q`: [`QValue::ONE`] when there is none.
    ///
    /// # Errors
    ///
    /// [`FaultKind::Number`] when `q` is no `qvalue`.
    pub fn q(&self) -> Result<QValue, FaultKind> {
        match self.get("q") {
            None => Ok(QValue::ONE),
            Some(param) => {
                QValue::parse(param.value.unwrap_or_default()).map_err(|fault| fault.kind)
            }
        }
    }

    /// The parameter `name` as a decimal number.
    ///
    /// # Errors
    ///
    /// [`FaultKind::Number`] when it stands and is none, or is above 2^32 - 1.
    pub fn number(&self, name: &str) -> Result<Option<u32>, FaultKind> {
        let Some(param) = self.get(name) else {
            return Ok(None);
        };
        decimal(param.value.unwrap_or_default()).map(Some).ok_or(FaultKind::Number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn preferences_are_read_and_written() {
        let table = [
            ("0", Some((0, "0"))),
            ("0.", Some((0, "0"))),
            ("0.5", Some((500, "0.5"))),
            ("0.05", Some((50, "0.05"))),
            ("0.123", Some((123, "0.123"))),
            ("1.000", Some((1000, "1"))),
            ("1.001", None),
            ("0.1234", None),
            ("2", None),
            (".5", None),
            ("", None),
            ("0.5x", None),
        ];
        for (text, expected) in table {
            let got = QValue::parse(text).ok();
            let parts = got.map(|q| (q.thousandths(), q.to_string()));
            assert_eq!(parts, expected.map(|(n, text)| (n, text.to_owned())), "{text}");
            if let Some(q) = got {
                assert_eq!(QValue::parse(&q.to_string()), Ok(q));
            }
        }
    }

    #[test]
    fn numbers_in_parameters_are_checked_when_asked_for() {
        let params = Params::parse(";a=7;b=x;c").unwrap();
        assert_eq!(params.number("A"), Ok(Some(7)));
        assert_eq!(params.number("b"), Err(FaultKind::Number));
        assert_eq!(params.number("c"), Err(FaultKind::Number));
        assert_eq!(params.number("d"), Ok(None));
    }
}
