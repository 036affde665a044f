//! Bytes in, nothing assumed: no panic, limits hold, offsets lie inside the input.

use bytes::Bytes;
use missiva_core::{Fault, IdSource};
use missiva_sip::digest::{
    Account, Algorithm, Expected, Freshness, NonceCounts, NonceSource, Outcome, Qop, UriRule,
    verify,
};
use missiva_sip::frame::{Frame, Recover, Side, StreamFramer};
use missiva_sip::header::{ContentLength, Credentials, Value};
use missiva_sip::uri::escape::unescape;
use missiva_sip::uri::{UriHeaders, UriParams};
use missiva_sip::{HeaderName, Limits, Method, Params, Uri, frame, unquote};

use super::watch;

/// A datagram, under ordinary limits and under small ones.
pub fn datagram(data: &[u8]) {
    for limits in [Limits::DEFAULT, watch::SMALL] {
        match frame::datagram(Bytes::copy_from_slice(data), &limits) {
            Ok(Frame::Message(message)) => watch::message(&message, &limits),
            Ok(_) => assert!(data.iter().all(|byte| b"\r\n".contains(byte))),
            Err(error) => {
                assert_eq!(error.recover, Recover::Skip, "a datagram closes nothing");
                watch::refused(&error, data.len(), &limits);
            }
        }
    }
}

/// A WebSocket message: a datagram that may have nothing behind its body.
pub fn websocket(data: &[u8]) {
    for limits in [Limits::DEFAULT, watch::SMALL] {
        match frame::websocket(Bytes::copy_from_slice(data), &limits) {
            Ok(Frame::Message(message)) => {
                watch::message(&message, &limits);
                assert!(data.ends_with(message.bytes()), "nothing is cut off");
            }
            Ok(_) => assert!(data.iter().all(|byte| b"\r\n".contains(byte))),
            Err(error) => {
                assert_eq!(error.recover, Recover::Skip, "the next message is not concerned");
                watch::refused(&error, data.len(), &limits);
            }
        }
    }
}

/// A stream that arrives at once, at both ends of a connection.
pub fn stream(data: &[u8]) {
    for side in [Side::Accepting, Side::Connecting] {
        for limits in [Limits::DEFAULT, watch::SMALL] {
            stream_under(data, side, limits);
        }
    }
}

fn stream_under(data: &[u8], side: Side, limits: Limits) {
    let mut framer = StreamFramer::with_limits(side, limits);
    framer.push(data);
    // Every frame takes two bytes at least.
    for _ in 0..=data.len() {
        match framer.next() {
            Ok(None) => return assert!(framer.buffered() <= data.len()),
            Ok(Some(Frame::Message(message))) => watch::message(&message, &limits),
            Ok(Some(frame)) => {
                assert!(matches!(frame, Frame::Ping) == (side == Side::Accepting));
            }
            Err(error) => {
                watch::refused(&error, data.len(), &limits);
                if error.recover == Recover::Close {
                    framer.push(data);
                    assert_eq!(framer.buffered(), 0, "a closed framer keeps nothing");
                    return assert!(matches!(framer.next(), Ok(None)));
                }
            }
        }
    }
    panic!("more frames than bytes");
}

/// A URI, and everything that can be asked of one.
pub fn uri(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let uri = match Uri::parse(text) {
        Ok(uri) => uri,
        Err(fault) => return within(fault, text),
    };
    assert!(uri.matches(&uri), "a URI matches itself: {text}");
    assert!(!uri.scheme().is_empty());
    if let Some(sip) = uri.as_sip() {
        let _ = (sip.user_parts(), sip.is_gruu(), sip.is_loose_router(), sip.telephone());
    }
    // Comparison with a neighbour goes both ways.
    for (at, _) in text.char_indices().rev().take(8) {
        if let Some(Ok(other)) = text.get(..at).map(Uri::parse) {
            assert_eq!(uri.matches(&other), other.matches(&uri), "{text} and {other}");
        }
    }
}

/// The three kinds of parameter lists.
pub fn params(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    match Params::parse(text) {
        Ok(params) => {
            for param in params {
                assert!(params.has(param.name));
                let _ = param.value.map(unquote);
            }
            let _ = params.repeated();
            assert_eq!(params.is_empty(), params.iter().next().is_none());
        }
        Err(fault) => within(fault, text),
    }
    match UriParams::parse(text) {
        Ok(params) => {
            for param in params.iter() {
                assert!(params.has(param.name));
                let _ = param.value.and_then(unescape);
            }
            assert_eq!(params.as_str(), text);
        }
        Err(fault) => within(fault, text),
    }
    match UriHeaders::parse(text) {
        Ok(headers) => {
            for header in headers.iter() {
                assert!(headers.value(header.name).is_some());
            }
            assert_eq!(headers.as_str(), text);
        }
        Err(fault) => within(fault, text),
    }
}

fn within(fault: Fault, text: &str) {
    assert!(fault.at as usize <= text.len(), "an offset lies in the input: {fault:?}");
}

/// The fields in which a hop, a name or a challenge stands; the whole table is in [`header`].
const ADDRESSES: [&str; 14] = [
    "Contact",
    "From",
    "History-Info",
    "P-Asserted-Identity",
    "P-Associated-URI",
    "P-Served-User",
    "Path",
    "Refer-To",
    "Referred-By",
    "Reply-To",
    "Route",
    "Service-Route",
    "To",
    "Call-Info",
];
const AUTH: [&str; 6] = [
    "Authentication-Info",
    "Authorization",
    "Proxy-Authenticate",
    "Proxy-Authentication-Info",
    "Proxy-Authorization",
    "WWW-Authenticate",
];
const CONTENT: [&str; 12] = [
    "Accept",
    "Accept-Contact",
    "Accept-Encoding",
    "Accept-Language",
    "Content-Disposition",
    "Content-Encoding",
    "Content-ID",
    "Content-Language",
    "Content-Type",
    "Event",
    "Feature-Caps",
    "Reject-Contact",
];

fn fields(names: &[&str], data: &[u8]) {
    let names: Vec<_> = names
        .iter()
        .map(|name| HeaderName::find(name.as_bytes()))
        .filter(|name| *name != HeaderName::Other)
        .collect();
    if let Some(message) = watch::with_headers(&names, data) {
        watch::message(&message, &Limits::lab());
    }
}

/// The value of `Via`.
pub fn via(data: &[u8]) {
    fields(&["Via"], data);
}

/// One value for each field that holds addresses.
pub fn address(data: &[u8]) {
    fields(&ADDRESSES, data);
}

/// One value for each field of digest authentication.
pub fn auth(data: &[u8]) {
    fields(&AUTH, data);
}

/// One value for each field that speaks of content or of features.
pub fn content(data: &[u8]) {
    fields(&CONTENT, data);
}

/// One value for every field of the table.
pub fn header(data: &[u8]) {
    if let Some(message) = watch::with_headers(&every_name(), data) {
        watch::message(&message, &Limits::lab());
    }
    if let Ok(text) = std::str::from_utf8(data) {
        let _ = ContentLength::parse(text);
    }
}

/// Every known name but that of the length, which would decide where the message ends.
pub(crate) fn every_name() -> Vec<HeaderName> {
    HeaderName::all().filter(|name| *name != HeaderName::ContentLength).collect()
}

/// Gives the same byte over and over.
pub(crate) struct Ids(pub(crate) u8);

impl IdSource for Ids {
    fn fill(&mut self, out: &mut [u8]) {
        out.fill(self.0);
    }
}

pub(crate) const ALGORITHMS: [Algorithm; 6] = [
    Algorithm::MD5,
    Algorithm::SHA_256,
    Algorithm::SHA_512_256,
    Algorithm::MD5.session(),
    Algorithm::SHA_256.session(),
    Algorithm::SHA_512_256.session(),
];

/// Credentials of a stranger: they never prove anything, and no nonce of his is ours.
pub fn digest(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let nonces = NonceSource::new([9; 32], 60);
    assert_eq!(nonces.verify(text, 0, b"192.0.2.1"), Freshness::Forged, "nobody guesses a nonce");
    let Ok(Credentials::Digest(credentials)) = Credentials::parse(text) else {
        return;
    };
    // 128 bits and more that do not stand in any seed.
    let account = Account::with_password("alice", b"\xffa secret that no input names\xff");
    let mut counts = NonceCounts::new(2);
    let realm = credentials.realm.to_string();
    for require_qop in [false, true] {
        let expected = Expected {
            realm: &realm,
            algorithms: &ALGORITHMS,
            qops: &[Qop::Auth, Qop::AuthInt],
            require_qop,
            method: Method::Register,
            uri: UriRule::Compared(true),
            body: b"",
            nonce: nonces.verify(&credentials.nonce, 0, b"192.0.2.1"),
            session_key: None,
        };
        let outcome = verify(&credentials, &expected, &account);
        assert!(!matches!(outcome, Outcome::Accepted { .. }), "{outcome:?}");
        let _ = outcome.reply();
        assert_eq!(outcome.counted(&credentials.nonce, &mut counts), outcome);
    }
    assert_eq!(nonces.issue(0, data, &mut Ids(1)).len(), 64);
}
