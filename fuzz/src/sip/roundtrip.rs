//! What was accepted is written again, and read again as the same.

use arbitrary::Unstructured;
use bytes::Bytes;
use missiva_sip::digest::{
    Account, Algorithm, Covered, Expected, Freshness, Outcome, Qop, Session, UriRule, verify,
};
use missiva_sip::frame::Frame;
use missiva_sip::header::auth::{Challenge, DigestChallenge};
use missiva_sip::header::{Credentials, Field, Value, Visit, visit};
use missiva_sip::{Limits, Message, Method, Uri, frame};

use super::parse::{ALGORITHMS, Ids, every_name};
use super::{draw, watch};

/// Head and body are the bytes that came, and give the same message when they come again.
pub fn message(data: &[u8]) {
    let limits = Limits::DEFAULT;
    let read = |bytes: Bytes| match frame::datagram(bytes, &limits) {
        Ok(Frame::Message(message)) => Some(message),
        _ => None,
    };
    let Some(message) = read(Bytes::copy_from_slice(data)) else {
        return;
    };
    let (head, body) = (message.head(), &message.body()[..]);
    let leading = data.chunks_exact(2).take_while(|pair| *pair == b"\r\n").count() * 2;
    assert_eq!(data.get(leading..leading + head.len()), Some(head));
    let from = leading + head.len();
    assert_eq!(data.get(from..from + body.len()), Some(body));
    let again = read([head, body].concat().into()).expect("what was accepted is accepted");
    assert_eq!((again.head(), &again.body()[..]), (head, body));
    assert_eq!(again.start_line(), message.start_line());
    values(&message);
}

/// A URI is written as it is read.
pub fn uri(data: &[u8]) {
    let Some(uri) = std::str::from_utf8(data).ok().and_then(|text| Uri::parse(text).ok()) else {
        return;
    };
    let text = uri.to_string();
    let again =
        Uri::parse(&text).unwrap_or_else(|fault| panic!("{uri:?} is written as {text}: {fault}"));
    assert!(uri.matches(&again) && again.matches(&uri), "{uri:?} is written as {text}");
    assert_eq!(again.to_string(), text);
}

/// Every header field of the table, all with the same value.
pub fn header(data: &[u8]) {
    if let Some(message) = watch::with_headers(&every_name(), data) {
        values(&message);
    }
}

fn values(message: &Message) {
    for header in message.headers() {
        // A fault is no business of this family.
        let _ = visit(&header, &mut Again);
    }
}

struct Again;

impl Visit for Again {
    fn value<'a, F: Field>(&mut self, value: F::Value<'a>) {
        let text = value.to_text();
        let again = F::Value::parse(&text).unwrap_or_else(|fault| {
            panic!("{}: {value:?} is written as {text:?}: {fault}", F::NAME)
        });
        assert_eq!(again.to_text(), text, "{}: {value:?}", F::NAME);
        let (before, after) = (shape(&value), shape(&again));
        assert_eq!(before, after, "{} is written as {text:?}", F::NAME);
    }
}

/// A value as it prints, without the white space and the case of keywords, which writing may change.
fn shape(value: &impl std::fmt::Debug) -> String {
    let mut text = format!("{value:?}");
    for blank in ["\\r", "\\n", "\\t", " "] {
        text = text.replace(blank, "");
    }
    text.to_ascii_lowercase()
}

/// Whatever a server asks, the client's answer is accepted once it has been written and read.
pub fn digest(data: &[u8]) {
    let _ = digest_of(&mut Unstructured::new(data));
}

fn digest_of(from: &mut Unstructured<'_>) -> arbitrary::Result<()> {
    let algorithm: Algorithm = *from.choose(&ALGORITHMS)?;
    let (realm, nonce) = (draw::line(from)?, draw::line(from)?);
    let (username, uri) = (draw::line(from)?, draw::line(from)?);
    if nonce.is_empty() {
        return Ok(());
    }
    let account = Account::with_password(&username, from.arbitrary::<[u8; 4]>()?);
    let asked = DigestChallenge {
        realm: realm.as_str().into(),
        nonce: nonce.as_str().into(),
        algorithm: Some(algorithm.as_str().into()),
        qop: from.arbitrary::<bool>()?.then_some("auth,auth-int".into()),
        opaque: from.arbitrary::<bool>()?.then(|| draw::line(from)).transpose()?.map(Into::into),
        userhash: from.arbitrary()?,
        ..DigestChallenge::default()
    };
    let preferred = *from.choose(&[Qop::Auth, Qop::AuthInt])?;
    let body = from.bytes(from.len().min(64))?;

    let sent = Challenge::Digest(asked).to_text();
    let read = Challenge::parse(&sent).unwrap_or_else(|fault| panic!("{sent:?}: {fault}"));
    let challenge = read.as_digest().expect("a Digest challenge stays one");
    assert_eq!((&*challenge.realm, &*challenge.nonce), (&*realm, &*nonce));

    let mut session = Session::new(challenge, preferred).expect("an algorithm that is known");
    let covered = Covered { method: Method::Register, uri: &uri, body };
    for turn in 1..=2 {
        let Ok(answer) = session.answer(&account, &covered, &mut Ids(turn)) else {
            return Ok(());
        };
        let sent = Credentials::Digest(answer).to_text();
        let read = Credentials::parse(&sent).unwrap_or_else(|fault| panic!("{sent:?}: {fault}"));
        let credentials = read.as_digest().expect("Digest credentials stay so");
        // The key of a session is that of its first nonce, which a server keeps.
        if algorithm.session && turn > 1 {
            return Ok(());
        }
        let expected = Expected {
            realm: &realm,
            algorithms: &ALGORITHMS,
            qops: &[Qop::Auth, Qop::AuthInt],
            require_qop: false,
            method: Method::Register,
            uri: UriRule::Exactly(&uri),
            body,
            nonce: Freshness::Fresh { issued: 7 },
            session_key: None,
        };
        let outcome = verify(credentials, &expected, &account);
        assert!(matches!(outcome, Outcome::Accepted { issued: 7, .. }), "{sent}: {outcome:?}");
    }
    Ok(())
}
