//! Parameters with a grammar of their own, where the general one (RFC 3261 section 25.1, `generic-param`) lets pass.

use missiva_core::{Fault, FaultKind};

use crate::error::Place;
use crate::grammar::TOKEN;
use crate::header::{Header, QValue};
use crate::uri::Host;
use crate::{HeaderName, Params, ParseError, Part, field};

/// A parameter, and what its value must be where it stands.
type Rule = (&'static str, fn(Option<&str>) -> Result<(), FaultKind>);

/// RFC 3261 section 25.1. A tag without a value is told apart elsewhere.
const TAG: Rule = ("tag", |value| value.map_or(Ok(()), |_| token(value)));
const BRANCH: Rule = ("branch", token);
const MADDR: Rule = ("maddr", |value| match Host::parse(value.unwrap_or_default()) {
    Ok(_) => Ok(()),
    Err(_) => Err(FaultKind::Host),
});
const Q: Rule = ("q", |value| match QValue::parse(value.unwrap_or_default()) {
    Ok(_) => Ok(()),
    Err(fault) => Err(fault.kind),
});
const EXPIRES: Rule = ("expires", |value| number(value, 0).map(drop));
/// RFC 5626 section 4.2: one or more, below 2^31.
const REG_ID: Rule = ("reg-id", |value| match number(value, 1)? {
    ..0x8000_0000 => Ok(()),
    _ => Err(FaultKind::Number),
});

/// Holds the parameters of every value of a line against rules.
macro_rules! each {
    ($header:ident, $field:ident, $value:ident => $params:expr, $($rule:expr),+) => {
        for $value in $header.values::<field::$field>().into_iter().flatten().flatten() {
            let params: Option<&Params<'_>> = $params;
            for rule in [$($rule),+] {
                check($header, params, rule)?;
            }
        }
    };
}

/// Checks the parameters of one line of which a standard says more than that they are parameters.
pub(super) fn check_params(header: &Header<'_>) -> Result<(), ParseError> {
    match header.name() {
        HeaderName::From => each!(header, From, from => Some(&from.params), TAG),
        HeaderName::To => each!(header, To, to => Some(&to.params), TAG),
        HeaderName::Via => each!(header, Via, via => Some(&via.params), BRANCH, MADDR),
        HeaderName::Contact => {
            each!(header, Contact, one => one.address().map(|one| &one.params), Q, EXPIRES, REG_ID);
        }
        HeaderName::Accept => each!(header, Accept, range => Some(&range.0.params), Q),
        HeaderName::AcceptEncoding => {
            each!(header, AcceptEncoding, range => Some(&range.params), Q);
        }
        HeaderName::AcceptLanguage => {
            each!(header, AcceptLanguage, range => Some(&range.params), Q);
        }
        HeaderName::SecurityClient => each!(header, SecurityClient, one => Some(&one.params), Q),
        HeaderName::SecurityServer => each!(header, SecurityServer, one => Some(&one.params), Q),
        HeaderName::SecurityVerify => each!(header, SecurityVerify, one => Some(&one.params), Q),
        _ => {}
    }
    Ok(())
}

/// The fault of the first parameter of a rule's name, at its value.
fn check(
    header: &Header<'_>,
    params: Option<&Params<'_>>,
    (name, holds): Rule,
) -> Result<(), ParseError> {
    let Some(param) = params.and_then(|params| params.get(name)) else { return Ok(()) };
    holds(param.value).map_err(|kind| {
        let part = param.value.unwrap_or(param.name).as_ptr() as usize;
        let at = part.saturating_sub(header.bytes().as_ptr() as usize);
        Fault::new(kind, at).of(Part::Header(header.name()), header.value_at())
    })
}

fn token(value: Option<&str>) -> Result<(), FaultKind> {
    match value {
        None => Err(FaultKind::Empty),
        Some(value) if TOKEN.spans(value.as_bytes()) => Ok(()),
        Some(_) => Err(FaultKind::Unexpected),
    }
}

/// `1*DIGIT`, no less than `least`.
fn number(value: Option<&str>, least: u32) -> Result<u32, FaultKind> {
    let value = value.filter(|value| value.bytes().all(|byte| byte.is_ascii_digit()));
    let value = value.and_then(|value| value.parse().ok());
    value.filter(|value| *value >= least).ok_or(FaultKind::Number)
}
