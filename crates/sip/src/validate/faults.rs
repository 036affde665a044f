//! Every fault of a message at once.

use super::{check_cseq, check_star, check_tag, check_via, request_line};
use crate::header;
use crate::message::{Nothing, StartLine};
use crate::{Message, ParseError, field};

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
    keep(check_star(message));
    keep(check_tag::<field::From>(message));
    keep(check_tag::<field::To>(message));
    faults
}
