//! What a message lacks or contradicts, and which answer that deserves.
//!
//! Parsing says what a message holds; this says whether it may be acted on. The two are apart because a proxy, a
//! registrar and an analyser ask different things of the same bytes. [`request()`] and [`response`] are the checks
//! of RFC 3261 sections 8.2, 16.3 and 18.1; [`faults()`] reads every field there is.

mod faults;
mod fields;
mod params;
mod request;

#[cfg(test)]
mod tests;

use missiva_core::FaultKind;

pub use faults::{faults, line};
pub use request::{request, unsupported};

use self::fields::{at_start, dialog_fields};
use crate::frame::FrameError;
use crate::message::StartLine;
use crate::{Message, Method, ParseError, Part, field};

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
