//! Every fault of a message at once.

use missiva_core::{Fault, FaultKind};

use super::fields::{check_address_tag, check_cseq, check_star, check_via, request_line};
use super::params::check_params;
use crate::error::Place;
use crate::header::{self, Arity, AssertedIdentity, Field, Header, Value, Visit};
use crate::message::StartLine;
use crate::{HeaderName, Message, ParseError, Part, Uri, field};

/// Everything that is wrong with a message, each field read: what an analyser shows and a strict element refuses.
///
/// Besides the faults of each [`line()`] this is a start line with exactly the spaces and the version it must have, a
/// `CSeq` whose method is that of the request, a star in `Contact` that means something, and a field that stands once
/// where it may. Fields that are missing are no fault here.
#[must_use]
pub fn faults(message: &Message) -> Vec<ParseError> {
    let mut faults = Vec::new();
    let mut keep = |result: Result<(), ParseError>| faults.extend(result.err());
    keep(message.exact_start_line());
    if let StartLine::Request { method, .. } = message.start_line() {
        keep(request_line(message));
        keep(check_cseq(message, method));
    }
    for (at, header) in message.headers().enumerate() {
        line(&header).into_iter().for_each(|fault| keep(Err(fault)));
        let alone = header.name().arity() == Arity::One;
        let again = alone && message.headers().take(at).any(|other| other.name() == header.name());
        if again {
            keep(Err(fault(FaultKind::Conflict, &header, 0)));
        }
    }
    keep(check_star(message));
    keep(check_identities::<field::PAssertedIdentity>(message));
    keep(check_identities::<field::PPreferredIdentity>(message));
    faults
}

/// Everything that is wrong with one header line, whatever else its message holds.
///
/// Besides the grammar of its field these are parameters that have a grammar of their own, a tag that is none, a name that stands
/// twice among the parameters of one value (RFC 3261 section 7.3.1), and a control character in a field that this
/// crate does not know (section 25.1, `header-value`). Where the grammar is at fault, nothing further is looked for.
///
/// ```
/// use missiva_core::FaultKind;
/// use missiva_sip::frame::{self, Frame};
/// use missiva_sip::{Limits, validate};
///
/// let bytes = "OPTIONS sip:a SIP/2.0\r\nTo: <sip:a>;x=1;X=2\r\nX-New: fine\r\n\r\n";
/// let Frame::Message(message) = frame::datagram(bytes.into(), &Limits::DEFAULT)? else { panic!("a message") };
/// let faults: Vec<_> = message.headers().flat_map(|header| validate::line(&header)).collect();
/// assert_eq!((faults.len(), faults[0].kind, faults[0].at), (1, FaultKind::Conflict, 39));
/// # Ok::<(), missiva_sip::frame::FrameError>(())
/// ```
#[must_use]
pub fn line(header: &Header<'_>) -> Vec<ParseError> {
    let mut repeated = Repeated(None);
    let read = header.text().and_then(|_| header::visit(header, &mut repeated));
    if let Err(error) = read {
        return vec![error];
    }
    let checks = [
        check_control(header),
        check_vias(header),
        check_params(header),
        check_directives(header),
        check_tag::<field::From>(header),
        check_tag::<field::To>(header),
    ];
    let mut faults: Vec<ParseError> = checks.into_iter().filter_map(Result::err).collect();
    // A tag that stands twice is one fault, not two.
    if let Some(name) = repeated.0.filter(|_| faults.is_empty()) {
        let at = name.saturating_sub(header.bytes().as_ptr() as usize);
        faults.push(fault(FaultKind::Conflict, header, at));
    }
    faults
}

/// Where the first name stands in memory that stands twice among its parameters.
struct Repeated(Option<usize>);

impl Visit for Repeated {
    fn value<'a, F: Field>(&mut self, value: F::Value<'a>) {
        self.0 = self.0.or_else(|| value.repeated().map(|name| name.as_ptr() as usize));
    }
}

/// A field that is not known has no grammar but this: text, white space and folds.
fn check_control(header: &Header<'_>) -> Result<(), ParseError> {
    let is_control = |byte: &u8| byte.is_ascii_control() && !matches!(byte, b'\t' | b'\r' | b'\n');
    match header.bytes().iter().position(is_control) {
        Some(at) if header.name() == HeaderName::Other => {
            Err(fault(FaultKind::Unexpected, header, at))
        }
        _ => Ok(()),
    }
}

fn check_vias(header: &Header<'_>) -> Result<(), ParseError> {
    let mut vias = header.values::<field::Via>().into_iter().flatten().flatten();
    vias.try_for_each(|via| check_via(&via, header.value_at()))
}

fn check_tag<F>(header: &Header<'_>) -> Result<(), ParseError>
where
    F: for<'a> Field<Value<'a> = header::Address<'a>>,
{
    let mut addresses = header.values::<F>().into_iter().flatten().flatten();
    addresses.try_for_each(|address| check_address_tag::<F>(&address, header.value_at()))
}

/// The directives of RFC 3841 section 9.1, each beside its opposite. The grammar has no others.
const DIRECTIVES: [[&str; 2]; 6] = [
    ["proxy", "redirect"],
    ["cancel", "no-cancel"],
    ["fork", "no-fork"],
    ["recurse", "no-recurse"],
    ["parallel", "sequential"],
    ["queue", "no-queue"],
];

/// `Request-Disposition` says what it knows, and no two things that exclude each other.
fn check_directives(header: &Header<'_>) -> Result<(), ParseError> {
    let mut said = [None; DIRECTIVES.len()];
    for token in header.values::<field::RequestDisposition>().into_iter().flatten().flatten() {
        let at = (token.0.as_ptr() as usize).saturating_sub(header.bytes().as_ptr() as usize);
        let is = |word: &&str| word.eq_ignore_ascii_case(token.0);
        let known = DIRECTIVES.iter().zip(&mut said).find_map(|(pair, said)| {
            let side = pair.iter().position(is)?;
            Some(said.replace(side).is_none_or(|before| before == side))
        });
        match known {
            Some(true) => {}
            Some(false) => return Err(fault(FaultKind::Conflict, header, at)),
            None => return Err(fault(FaultKind::Value, header, at)),
        }
    }
    Ok(())
}

/// RFC 3325 sections 9.1 and 9.2: one identity, or two of which one is a `sip` or `sips` URI and the other a `tel` one.
fn check_identities<F>(message: &Message) -> Result<(), ParseError>
where
    F: for<'a> Field<Value<'a> = AssertedIdentity<'a>>,
{
    let (mut sip, mut tel) = (false, false);
    for header in message.headers().filter(|header| header.name() == F::NAME) {
        for identity in header.values::<F>().into_iter().flatten().flatten() {
            let uri = identity.0.uri;
            let at = uri.as_str().as_ptr() as usize;
            let at = at.saturating_sub(header.bytes().as_ptr() as usize);
            let before = match uri {
                Uri::Sip(_) => std::mem::replace(&mut sip, true),
                Uri::Tel(_) => std::mem::replace(&mut tel, true),
                Uri::Other(_) => return Err(fault(FaultKind::Value, &header, at)),
            };
            if before {
                return Err(fault(FaultKind::Conflict, &header, at));
            }
        }
    }
    Ok(())
}

/// A fault at byte `at` of the value.
fn fault(kind: FaultKind, header: &Header<'_>, at: usize) -> ParseError {
    Fault::new(kind, at).of(Part::Header(header.name()), header.value_at())
}
