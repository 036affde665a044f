//! What a message lacks or contradicts, and which answer that deserves.
//!
//! Parsing says what a message holds; this says whether it may be acted on. The two are apart because a proxy, a
//! registrar and an analyser ask different things of the same bytes. [`request`] and [`response`] are the checks
//! of RFC 3261 sections 8.2, 16.3 and 18.1; [`faults()`] reads every field there is.

mod faults;

use missiva_core::{Fault, FaultKind};

pub use faults::faults;

use crate::error::Place;
use crate::frame::FrameError;
use crate::header::{Address, Contact, Field, Via};
use crate::message::StartLine;
use crate::{HeaderName, Message, Method, ParseError, Part, Uri, field};

/// What the element that checks can do.
///
/// ```
/// use missiva_sip::frame::{self, Frame};
/// use missiva_sip::{Limits, validate};
///
/// let bytes = "OPTIONS soap.beep://192.0.2.103:3002 SIP/2.0\r\nTo: <sip:b@example.com>\r\nFrom: <sip:a@example.net>;tag=1\r\n\
///              Via: SIP/2.0/UDP host.example.com;branch=z9hG4bK1\r\nMax-Forwards: 70\r\nCall-ID: c\r\nCSeq: 1 OPTIONS\r\n\r\n";
/// let Frame::Message(message) = frame::datagram(bytes.into(), &Limits::DEFAULT)? else { panic!("a message") };
/// let refusal = validate::request(&message, &validate::Rules::default()).unwrap_err();
/// assert_eq!((refusal.code, refusal.reason()), (416, "Unsupported URI Scheme"));
/// # Ok::<(), missiva_sip::frame::FrameError>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Rules<'r> {
    /// Schemes of a Request-URI that the element can route or serve; others get a 416.
    pub schemes: &'r [&'r str],
    /// Option tags of `Require` that the element understands; others get a 420.
    pub extensions: &'r [&'r str],
    /// Read `Proxy-Require` in place of `Require`, and refuse a request that has no hop left (483).
    pub proxy: bool,
    /// Bytes in the longest Request-URI; longer ones get a 414.
    pub max_uri: usize,
    /// Bytes in the longest body; longer ones get a 513.
    pub max_body: usize,
    /// Methods that the element knows, for a 501 to all others; empty when it takes any.
    pub methods: &'r [Method<'r>],
    /// Read every field, and refuse a request for any that is malformed.
    pub strict: bool,
    /// Accept a request without `Max-Forwards`, a `From` without tag and an INVITE without `Contact`: elements of
    /// RFC 2543 send none of them
    /// (RFC 4475 section 3.4.1).
    pub rfc2543: bool,
}

impl Default for Rules<'_> {
    fn default() -> Self {
        Self {
            schemes: &["sip", "sips", "tel"],
            extensions: &[],
            proxy: false,
            max_uri: 4096,
            max_body: crate::Limits::DEFAULT.max_body,
            methods: &[],
            strict: false,
            rfc2543: true,
        }
    }
}

/// Why a request is turned down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {error}")]
pub struct Refusal {
    /// The status code of the answer that it deserves. An ACK gets none.
    pub code: u16,
    /// What is wrong, and where.
    #[source]
    pub error: ParseError,
}

impl Refusal {
    const fn new(code: u16, error: ParseError) -> Self {
        Self { code, error }
    }

    /// The reason phrase that goes with the code.
    #[must_use]
    pub const fn reason(&self) -> &'static str {
        match self.code {
            413 => "Request Entity Too Large",
            414 => "Request-URI Too Long",
            416 => "Unsupported URI Scheme",
            420 => "Bad Extension",
            483 => "Too Many Hops",
            489 => "Bad Event",
            501 => "Not Implemented",
            505 => "Version Not Supported",
            513 => "Message Too Large",
            _ => "Bad Request",
        }
    }
}

impl From<ParseError> for Refusal {
    /// The answer to bytes that could not be framed, for an element that still wants to give one.
    fn from(error: ParseError) -> Self {
        let code = match (error.kind, error.field) {
            (FaultKind::Limit, Part::StartLine) => 414,
            (FaultKind::Limit, _) => 513,
            _ => 400,
        };
        Self::new(code, error)
    }
}

impl From<&FrameError> for Refusal {
    fn from(frame: &FrameError) -> Self {
        Self::from(frame.error)
    }
}

/// Checks a request before anything else is done with it.
///
/// Fields that are neither mandatory nor asked for by the method are not read: a malformed one is to be ignored
/// (RFC 3261 section 8.2).
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
    if uri.len() > rules.max_uri {
        return Err(Refusal::new(
            414,
            Fault::new(FaultKind::Limit, 0).of(Part::RequestUri, method.as_str().len() + 1),
        ));
    }
    if message.body_len() > rules.max_body {
        return Err(Refusal::new(
            513,
            Fault::new(FaultKind::Limit, 0).of(Part::Body, message.head().len()),
        ));
    }
    request_line(message).map_err(bad)?;
    dialog_fields(message, rules).map_err(bad)?;
    if !rules.methods.is_empty() && !rules.methods.contains(&method) {
        return Err(Refusal::new(501, at_start(FaultKind::Unsupported)));
    }
    check_cseq(message, method).map_err(bad)?;
    check_scheme(message, rules)?;
    check_hops(message, rules)?;
    check_extensions(message, rules)?;
    check_method_fields(message, method, rules)?;
    if message.body_len() > 0 && !message.has(HeaderName::ContentType) {
        return Err(bad(lacking(HeaderName::ContentType)));
    }
    match faults(message).first().filter(|_| rules.strict) {
        Some(error) => Err(bad(*error)),
        None => Ok(()),
    }
}

/// Checks a response. There is no answer to one: what is wrong is dropped.
///
/// # Errors
///
/// The first reason to drop it.
pub fn response(message: &Message) -> Result<(), ParseError> {
    match message.start_line() {
        StartLine::Response { version, .. } if version.eq_ignore_ascii_case("SIP/2.0") => {}
        _ => return Err(at_start(FaultKind::Unsupported)),
    }
    dialog_fields(message, &Rules { rfc2543: true, ..Rules::default() })?;
    message.only::<field::CSeq>().map(|_| ())
}

/// The Request-URI, which may carry no headers (RFC 3261 section 19.1.1, table 1).
fn request_line(message: &Message) -> Result<(), ParseError> {
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
fn dialog_fields(message: &Message, rules: &Rules<'_>) -> Result<(), ParseError> {
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

fn check_cseq(message: &Message, method: Method<'_>) -> Result<(), ParseError> {
    match message.get::<field::CSeq>() {
        Ok(Some(cseq)) if cseq.method != method => {}
        _ => return Ok(()),
    }
    Err(Fault::new(FaultKind::Conflict, 0)
        .of(Part::Header(HeaderName::CSeq), place(message, HeaderName::CSeq)))
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

/// `Require` for the element that serves the request, `Proxy-Require` for one that hands it on (RFC 3261 sections
/// 8.2.2.3 and 16.3). ACK and CANCEL are not refused for it.
fn check_extensions(message: &Message, rules: &Rules<'_>) -> Result<(), Refusal> {
    if matches!(message.method(), Some(Method::Ack | Method::Cancel)) {
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

/// The star stands alone, in a REGISTER, with an `Expires` of zero (RFC 3261 section 10.2.2).
fn check_star(message: &Message) -> Result<(), ParseError> {
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

fn star_fault(message: &Message) -> ParseError {
    let at = place(message, HeaderName::Contact);
    Fault::new(FaultKind::Conflict, 0).of(Part::Header(HeaderName::Contact), at)
}

/// One tag names one dialog: `tag` has a value, and stands once (RFC 3261 sections 25.1 and 7.3.1).
fn check_tag<F>(message: &Message) -> Result<(), ParseError>
where
    F: for<'a> Field<Value<'a> = Address<'a>>,
{
    let Ok(Some(address)) = message.get::<F>() else { return Ok(()) };
    let params = address.params;
    let is_bare = params.has("tag") && address.tag().is_none();
    if is_bare || params.repeated().is_some_and(|name| name.eq_ignore_ascii_case("tag")) {
        let at = place(message, F::NAME);
        return Err(Fault::new(FaultKind::Conflict, 0).of(Part::Header(F::NAME), at));
    }
    Ok(())
}

fn check_via(via: &Via<'_>, at: usize) -> Result<(), ParseError> {
    via.check_params().map_err(|kind| Fault::new(kind, 0).of(Part::Header(HeaderName::Via), at))
}

fn at_most_one<F: Field>(message: &Message) -> Result<Option<F::Value<'_>>, ParseError> {
    match message.only::<F>() {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind == FaultKind::Empty && !message.has(F::NAME) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Where the value of the first line of a field stands.
fn place(message: &Message, name: HeaderName) -> usize {
    message.headers().find(|line| line.name() == name).map_or(0, |line| line.value_at())
}

fn lacking(name: HeaderName) -> ParseError {
    Fault::new(FaultKind::Empty, 0).of(Part::Header(name), 0)
}

fn at_start(kind: FaultKind) -> ParseError {
    Fault::new(kind, 0).of(Part::StartLine, 0)
}

const fn bad(error: ParseError) -> Refusal {
    Refusal::new(400, error)
}
