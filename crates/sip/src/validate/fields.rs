//! The checks of single fields that more than one step needs.

use missiva_core::{Fault, FaultKind};

use super::Rules;
use crate::error::Place;
use crate::header::{Address, Contact, Field, Via};
use crate::{HeaderName, Message, Method, ParseError, Part, Uri, field};

/// The Request-URI, which may carry no headers (RFC 3261 section 19.1.1, table 1).
pub(super) fn request_line(message: &Message) -> Result<(), ParseError> {
    match message.request_uri() {
        Some(Ok(Uri::Sip(uri))) if !uri.headers().is_empty() => {
            let at = message.request_uri_at() + uri.as_str().len() - uri.headers().as_str().len();
            Err(Fault::new(FaultKind::Unexpected, 0).of(Part::RequestUri, at))
        }
        Some(uri) => uri.map(|_| ()),
        None => Ok(()),
    }
}

/// What every message must have, and once (RFC 3261 section 8.1.1).
pub(super) fn dialog_fields(message: &Message, rules: &Rules<'_>) -> Result<(), ParseError> {
    message.only::<field::To>()?;
    let from = message.only::<field::From>()?;
    if from.tag().is_none() && !rules.rfc2543 {
        return Err(lacking(HeaderName::From));
    }
    check_tag::<field::From>(message)?;
    check_tag::<field::To>(message)?;
    message.only::<field::CallId>()?;
    message.only::<field::CSeq>()?;
    let via = message.get::<field::Via>()?.ok_or_else(|| lacking(HeaderName::Via))?;
    check_via(&via, place(message, HeaderName::Via))?;
    let is_request = message.method().is_some();
    match at_most_one::<field::MaxForwards>(message)? {
        None if is_request && !rules.rfc2543 => Err(lacking(HeaderName::MaxForwards)),
        _ => Ok(()),
    }
}

pub(super) fn check_cseq(message: &Message, method: Method<'_>) -> Result<(), ParseError> {
    match message.get::<field::CSeq>() {
        Ok(Some(cseq)) if cseq.method != method => {}
        _ => return Ok(()),
    }
    Err(Fault::new(FaultKind::Conflict, 0)
        .of(Part::Header(HeaderName::CSeq), place(message, HeaderName::CSeq)))
}

/// The star stands alone, in a REGISTER, with an `Expires` of zero (RFC 3261 section 10.2.2).
pub(super) fn check_star(message: &Message) -> Result<(), ParseError> {
    let contacts = || message.all::<field::Contact>();
    let starred = contacts().any(|contact| matches!(contact, Ok(Contact::Any)));
    if !starred {
        return Ok(());
    }
    let alone = contacts().count() == 1;
    let registers = message.method() == Some(Method::Register);
    let expires = message.get::<field::Expires>()?.map(|expires| expires.0);
    if alone && registers && expires == Some(0) { Ok(()) } else { Err(star_fault(message)) }
}

pub(super) fn star_fault(message: &Message) -> ParseError {
    let at = place(message, HeaderName::Contact);
    Fault::new(FaultKind::Conflict, 0).of(Part::Header(HeaderName::Contact), at)
}

/// One tag names one dialog: `tag` has a value, and stands once (RFC 3261 sections 25.1 and 7.3.1).
pub(super) fn check_tag<F>(message: &Message) -> Result<(), ParseError>
where
    F: for<'a> Field<Value<'a> = Address<'a>>,
{
    match message.get::<F>() {
        Ok(Some(address)) => check_address_tag::<F>(&address, place(message, F::NAME)),
        _ => Ok(()),
    }
}

/// The same of one address, whose field's value starts at byte `at`.
pub(super) fn check_address_tag<F: Field>(
    address: &Address<'_>,
    at: usize,
) -> Result<(), ParseError> {
    let is_tag = |param: &crate::Param<'_>| param.name.eq_ignore_ascii_case("tag");
    let tags = address.params.iter().filter(is_tag).count();
    if tags > 1 || tags == 1 && address.tag().is_none() {
        return Err(Fault::new(FaultKind::Conflict, 0).of(Part::Header(F::NAME), at));
    }
    Ok(())
}

pub(super) fn check_via(via: &Via<'_>, at: usize) -> Result<(), ParseError> {
    via.check_params().map_err(|kind| Fault::new(kind, 0).of(Part::Header(HeaderName::Via), at))
}

pub(super) fn at_most_one<F: Field>(message: &Message) -> Result<Option<F::Value<'_>>, ParseError> {
    match message.only::<F>() {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind == FaultKind::Empty && !message.has(F::NAME) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Where the value of the first line of a field stands.
pub(super) fn place(message: &Message, name: HeaderName) -> usize {
    message.headers().find(|line| line.name() == name).map_or(0, |line| line.value_at())
}

pub(super) fn lacking(name: HeaderName) -> ParseError {
    Fault::new(FaultKind::Empty, 0).of(Part::Header(name), 0)
}

pub(super) fn at_start(kind: FaultKind) -> ParseError {
    Fault::new(kind, 0).of(Part::StartLine, 0)
}
