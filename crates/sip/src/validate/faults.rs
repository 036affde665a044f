//! Every fault of a message at once.

use missiva_core::{Fault, FaultKind};

use super::fields::{check_cseq, check_star, check_tag, check_via, request_line};
use crate::error::Place;
use crate::header::{self, Arity, Contact, Header};
use crate::message::{Nothing, StartLine};
use crate::{Message, ParseError, Part, field};

/// Everything that is wrong with a message, each field read: what an analyser shows and a strict element refuses.
///
/// Besides the grammar of each field this is a start line with exactly the spaces and the version it must have,
/// and a `CSeq` whose method is that of the request. Fields that are missing are no fault here.
#[must_use]
pub fn faults(message: &Message) -> Vec<ParseError> {
    let mut faults = Vec::new();
    let mut keep = |result: Result<(), ParseError>| faults.extend(result.err());
    keep(message.exact_start_line());
    if let StartLine::Request { method, .. } = message.start_line() {
        keep(request_line(message));
        keep(check_cseq(message, method));
    }
    for line in message.headers() {
        keep(line.text().map(|_| ()));
        if line.text().is_ok() {
            keep(header::visit(&line, &mut Nothing));
        }
    }
    for line in message.headers() {
        let vias = line.values::<field::Via>().into_iter().flatten().filter_map(Result::ok);
        for via in vias {
            keep(check_via(&via, line.value_at()));
        }
    }
    for (at, line) in message.headers().enumerate() {
        let alone = line.name().arity() == Arity::One;
        let again = alone && message.headers().take(at).any(|other| other.name() == line.name());
        if again {
            keep(Err(fault(FaultKind::Conflict, &line)));
        }
        keep(check_preferences(&line));
    }
    keep(check_star(message));
    keep(check_tag::<field::From>(message));
    keep(check_tag::<field::To>(message));
    faults
}

/// `q` and `expires`, which are numbers of their own (RFC 3261 section 25.1).
fn check_preferences(line: &Header<'_>) -> Result<(), ParseError> {
    let bad = |_| fault(FaultKind::Number, line);
    for contact in line.values::<field::Contact>().into_iter().flatten().flatten() {
        if let Contact::Address(address) = contact {
            address.params.q().map_err(bad)?;
            address.params.number("expires").map_err(bad)?;
        }
    }
    for range in line.values::<field::Accept>().into_iter().flatten().flatten() {
        range.0.params.q().map_err(bad)?;
    }
    Ok(())
}

fn fault(kind: FaultKind, line: &Header<'_>) -> ParseError {
    Fault::new(kind, 0).of(Part::Header(line.name()), line.value_at())
}
