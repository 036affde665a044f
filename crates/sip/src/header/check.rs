//! What several fields check in the same way: numbers, and parameters that must be there.

use missiva_core::scan::Cursor;
use missiva_core::{Fault, FaultKind};

use crate::params::{Param, Params};

/// Where `part`, a piece of the text that the cursor has read, starts in it.
pub(crate) fn offset(cursor: &Cursor<'_>, part: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(cursor.since(0).as_ptr() as usize)
}

/// The value of the parameter `name`, which must stand exactly once and must have one.
///
/// A parameter that is missing is a fault of the place where the value ends, which is where the cursor stands.
pub(crate) fn required<'a>(
    cursor: &Cursor<'a>,
    params: &Params<'a>,
    name: &str,
) -> Result<&'a str, Fault> {
    let mut found = params.iter().filter(|param| is(param, name));
    let Some(first) = found.next() else {
        return Err(cursor.fault(FaultKind::Empty));
    };
    if let Some(second) = found.next() {
        return Err(Fault::new(FaultKind::Conflict, offset(cursor, second.name)));
    }
    first.value.ok_or_else(|| Fault::new(FaultKind::Empty, offset(cursor, first.name)))
}

/// Checks that the parameter `name`, when it stands, is a decimal number below 2^32.
pub(crate) fn optional_number(
    cursor: &Cursor<'_>,
    params: &Params<'_>,
    name: &str,
) -> Result<(), Fault> {
    match params.get(name) {
        None => Ok(()),
        Some(Param { value: Some(value), .. }) if decimal(value).is_some() => Ok(()),
        Some(param) => {
            Err(Fault::new(FaultKind::Number, offset(cursor, param.value.unwrap_or(param.name))))
        }
    }
}

/// `1*DIGIT` below 2^32, and nothing else: no sign, no white space.
pub(crate) fn decimal(text: &str) -> Option<u32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

/// `3DIGIT`.
pub(crate) fn three_digits(cursor: &mut Cursor<'_>) -> Result<u16, Fault> {
    digits(cursor, 3)
}

/// Exactly `count` digits.
pub(crate) fn digits(cursor: &mut Cursor<'_>, count: usize) -> Result<u16, Fault> {
    let start = cursor.at();
    let fault = Fault::new(FaultKind::Number, start);
    let number = cursor.number(u16::MAX.into()).map_err(|_| fault)?;
    if cursor.at().saturating_sub(start) == count {
        u16::try_from(number).map_err(|_| fault)
    } else {
        Err(fault)
    }
}

fn is(param: &Param<'_>, name: &str) -> bool {
    param.name.eq_ignore_ascii_case(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_required_parameter_stands_once_and_has_a_value() {
        let table = [
            (";a=1;b=2", Ok("2")),
            (";a=1", Err((FaultKind::Empty, 4))),
            (";a=1;b", Err((FaultKind::Empty, 5))),
            (";b=1;a;B=2", Err((FaultKind::Conflict, 7))),
        ];
        for (text, expected) in table {
            let mut cursor = Cursor::new(text);
            let params = Params::read(&mut cursor).unwrap();
            let got = required(&cursor, &params, "b").map_err(|fault| (fault.kind, fault.at));
            assert_eq!(got, expected, "{text}");
        }
    }

    #[test]
    fn a_number_is_digits_alone() {
        let table = [
            ("0", Some(0)),
            ("007", Some(7)),
            ("4294967295", Some(u32::MAX)),
            ("4294967296", None),
            ("+1", None),
            ("", None),
            ("1a", None),
        ];
        for (text, expected) in table {
            assert_eq!(decimal(text), expected, "{text}");
        }
        for (text, expected) in
            [("399", Ok(399)), ("007x", Ok(7)), ("39", Err(0)), ("3999", Err(0))]
        {
            let got = three_digits(&mut Cursor::new(text)).map_err(|fault| fault.at);
            assert_eq!(got, expected, "{text}");
        }
    }
}
