//! The checks of a request, in their order.

use missiva_core::{Fault, FaultKind};

use super::fields::{
    at_start, check_cseq, check_star, dialog_fields, lacking, place, request_line, star_fault,
};
use super::{Refusal, Rules, faults};
use crate::error::Place;
use crate::header::Contact;
use crate::message::StartLine;
use crate::{HeaderName, Message, Method, ParseError, Part, field};

/// Checks a request before anything else is done with it.
///
/// Of several reasons to turn a request down the first one in this order decides. It is that of RFC 3261 section 16.3
/// for a proxy and of section 8.2 for a server, which agree where both speak:
///
/// | step | answer | clause of RFC 3261 |
/// | --- | --- | --- |
/// | the version is SIP/2.0 | 505 | 21.5.6: nothing else can be judged without it |
/// | Request-URI and body are of a size that is handled | 414, 513 | 21.4.12, 21.5.7 |
/// | syntax: the Request-URI, the fields that every request must have, and those that later steps read | 400 | 16.3 step 1, 8.1.1 |
/// | the method is known | 501 | 8.2.1, 21.5.2 |
/// | `CSeq` says the same method | 400 | 8.1.1.5; an unknown method comes first (RFC 4475 section 3.1.2.18) |
/// | the scheme of the Request-URI | 416 | 16.3 step 2, 8.2.2.1 |
/// | a hop is left, for a proxy | 483 | 16.3 step 3 |
/// | `Require`; for a proxy `Proxy-Require` | 420 | 8.2.2.3; 16.3 step 5 |
/// | a body says what it is | 400 | 8.2.3, 20.15 |
/// | the fields that the method asks for | 400, 489 | 8.2.5, and the method's own document |
/// | with [`Rules::strict`], every other field | 400 | none: RFC 3261 has malformed ones ignored |
///
/// Fields that are neither mandatory nor asked for by a step are not read: a malformed one is to be ignored (RFC 3261
/// sections 8.2 and 16.3).
///
/// # Errors
///
/// The first reason to turn it down.
pub fn request(message: &Message, rules: &Rules<'_>) -> Result<(), Refusal> {
    let StartLine::Request { method, uri, version } = message.start_line() else {
        return Err(bad(at_start(FaultKind::Value)));
    };
    if !version.eq_ignore_ascii_case("SIP/2.0") {
        return Err(Refusal::new(505, at_start(FaultKind::Unsupported)));
    }
    check_sizes(message, uri, rules)?;
    request_line(message).map_err(bad)?;
    dialog_fields(message, rules).map_err(bad)?;
    read_later_fields(message, rules).map_err(bad)?;
    if !rules.methods.is_empty() && !rules.methods.contains(&method) {
        return Err(Refusal::new(501, at_start(FaultKind::Unsupported)));
    }
    check_cseq(message, method).map_err(bad)?;
    check_scheme(message, rules)?;
    check_hops(message, rules)?;
    check_extensions(message, rules)?;
    if message.body_len() > 0 && !message.has(HeaderName::ContentType) {
        return Err(bad(lacking(HeaderName::ContentType)));
    }
    check_method_fields(message, method, rules)?;
    match faults(message).first().filter(|_| rules.strict) {
        Some(error) => Err(bad(*error)),
        None => Ok(()),
    }
}

fn check_sizes(message: &Message, uri: &str, rules: &Rules<'_>) -> Result<(), Refusal> {
    if uri.len() > rules.max_uri {
        let at = message.request_uri_at();
        return Err(Refusal::new(414, Fault::new(FaultKind::Limit, 0).of(Part::RequestUri, at)));
    }
    if message.body_len() > rules.max_body {
        let at = message.head().len();
        return Err(Refusal::new(513, Fault::new(FaultKind::Limit, 0).of(Part::Body, at)));
    }
    Ok(())
}

/// What the steps after this one read must be well-formed, whichever of them comes to it (RFC 3261 section 16.3 step
/// 1): the list of extensions, and for a proxy the route on which it sends the request on.
fn read_later_fields(message: &Message, rules: &Rules<'_>) -> Result<(), ParseError> {
    if asks_for_extensions(message) {
        unsupported(message, rules).find_map(Result::err).map_or(Ok(()), Err)?;
    }
    if rules.proxy {
        message.all::<field::Route>().find_map(Result::err).map_or(Ok(()), Err)?;
    }
    Ok(())
}

fn check_scheme(message: &Message, rules: &Rules<'_>) -> Result<(), Refusal> {
    let Some(Ok(uri)) = message.request_uri() else { return Ok(()) };
    if rules.schemes.iter().any(|scheme| scheme.eq_ignore_ascii_case(uri.scheme())) {
        return Ok(());
    }
    let error =
        Fault::new(FaultKind::Unsupported, 0).of(Part::RequestUri, message.request_uri_at());
    Err(Refusal::new(416, error))
}

fn check_hops(message: &Message, rules: &Rules<'_>) -> Result<(), Refusal> {
    match message.get::<field::MaxForwards>() {
        Ok(Some(hops)) if hops.0 == 0 && rules.proxy => {
            let at = place(message, HeaderName::MaxForwards);
            let error =
                Fault::new(FaultKind::Limit, 0).of(Part::Header(HeaderName::MaxForwards), at);
            Err(Refusal::new(483, error))
        }
        _ => Ok(()),
    }
}

fn asks_for_extensions(message: &Message) -> bool {
    !matches!(message.method(), Some(Method::Ack | Method::Cancel))
}

/// `Require` for the element that serves the request, `Proxy-Require` for one that hands it on (RFC 3261 sections
/// 8.2.2.3 and 16.3). ACK and CANCEL are not refused for it.
fn check_extensions(message: &Message, rules: &Rules<'_>) -> Result<(), Refusal> {
    if !asks_for_extensions(message) {
        return Ok(());
    }
    match unsupported(message, rules).next() {
        None => Ok(()),
        Some(Err(error)) => Err(bad(error)),
        Some(Ok(_)) => {
            let name = if rules.proxy { HeaderName::ProxyRequire } else { HeaderName::Require };
            let error =
                Fault::new(FaultKind::Unsupported, 0).of(Part::Header(name), place(message, name));
            Err(Refusal::new(420, error))
        }
    }
}

/// The option tags that the request requires and `rules` do not know: what the `Unsupported` field of a 420 lists.
pub fn unsupported<'a>(
    message: &'a Message,
    rules: &'a Rules<'_>,
) -> impl Iterator<Item = Result<&'a str, ParseError>> {
    let required = message.all::<field::Require>().filter(|_| !rules.proxy);
    let of_proxies = message.all::<field::ProxyRequire>().filter(|_| rules.proxy);
    let known = |tag: &str| rules.extensions.iter().any(|known| known.eq_ignore_ascii_case(tag));
    let tags = required.chain(of_proxies).map(|tag| tag.map(|tag| tag.0));
    tags.filter(move |tag| tag.map_or(true, |tag| !known(tag)))
}

/// What single methods ask for: a `Contact` to answer to, a package to notify of, a place to refer to.
fn check_method_fields(
    message: &Message,
    method: Method<'_>,
    rules: &Rules<'_>,
) -> Result<(), Refusal> {
    match method {
        // RFC 3261 section 8.1.1.8: one Contact in any request that can make a dialog.
        Method::Invite if rules.rfc2543 && !message.has(HeaderName::Contact) => {}
        Method::Invite | Method::Subscribe | Method::Refer | Method::Update => {
            only_contact(message).map_err(bad)?;
        }
        Method::Register => {
            check_star(message).map_err(bad)?;
            message
                .all::<field::Contact>()
                .try_for_each(|contact| contact.map(|_| ()))
                .map_err(bad)?;
        }
        _ => {}
    }
    match method {
        Method::Notify if !message.has(HeaderName::SubscriptionState) => {
            Err(bad(lacking(HeaderName::SubscriptionState)))
        }
        Method::Subscribe | Method::Notify | Method::Publish => {
            match message.only::<field::Event>() {
                Ok(_) => Ok(()),
                Err(error) if error.kind == FaultKind::Empty => Err(Refusal::new(489, error)),
                Err(error) => Err(bad(error)),
            }
        }
        Method::Refer => message.only::<field::ReferTo>().map(|_| ()).map_err(bad),
        Method::Prack => message.only::<field::RAck>().map(|_| ()).map_err(bad),
        _ => Ok(()),
    }
}

fn only_contact(message: &Message) -> Result<(), ParseError> {
    match message.only::<field::Contact>()? {
        Contact::Address(_) => Ok(()),
        Contact::Any => Err(star_fault(message)),
    }
}

const fn bad(error: ParseError) -> Refusal {
    Refusal::new(400, error)
}
