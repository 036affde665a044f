//! Header values from parts.

use arbitrary::{Result, Unstructured};
use missiva_sip::header::auth::{
    AuthParam, Challenge, Credentials, DigestChallenge, DigestCredentials,
};
use missiva_sip::header::{Address, CSeq, RAck, Value, Via};
use missiva_sip::uri::Host;
use missiva_sip::uri::escape::{Component, escape};
use missiva_sip::{Method, Params, Uri};

use super::super::draw::{self, maybe};
use super::super::watch;

/// One header value of a kind that the first byte chooses.
pub fn value(data: &[u8]) {
    let mut from = Unstructured::new(data);
    let _ = from.int_in_range(0..=4).and_then(|kind| match kind {
        0 => via(&mut from),
        1 => address(&mut from),
        2 => sequence(&mut from),
        3 => challenge(&mut from),
        _ => credentials(&mut from),
    });
}

/// Written, it stays in its line, and is read as the same.
fn same<'a, V: Value<'a> + PartialEq>(text: &'a str, value: &V) {
    assert!(watch::stays_in_line(text.as_bytes()), "{text:?}");
    let read =
        V::parse(text).unwrap_or_else(|fault| panic!("{value:?} is written as {text:?}: {fault}"));
    assert_eq!(&read, value, "{text:?}");
}

fn params(from: &mut Unstructured<'_>) -> Result<String> {
    let params = draw::named(from, draw::token, draw::token)?;
    Ok(params
        .into_iter()
        .map(|(name, value)| match value {
            Some(value) => format!(";{name}={value}"),
            None => format!(";{name}"),
        })
        .collect())
}

fn via(from: &mut Unstructured<'_>) -> Result<()> {
    let (transport, host, params) = (draw::token(from)?, draw::host(from)?, params(from)?);
    let host = Host::parse(&host).expect("a host");
    let via = Via {
        transport: &transport,
        host,
        port: from.arbitrary()?,
        params: Params::parse(&params).expect("parameters of tokens"),
    };
    same(&via.to_text(), &via);
    Ok(())
}

fn address(from: &mut Unstructured<'_>) -> Result<()> {
    let user = draw::text(from)? + "x";
    let text = format!("sip:{}@{}", escape(&user, Component::User), draw::host(from)?);
    let params = params(from)?;
    let display = maybe(from, draw::token)?.map(|token| format!("\"{token}\""));
    let mut address = Address::new(Uri::parse(&text).expect("an escaped URI"));
    address.display = display.as_deref();
    address.params = Params::parse(&params).expect("parameters of tokens");
    same(&address.to_text(), &address);
    Ok(())
}

fn sequence(from: &mut Unstructured<'_>) -> Result<()> {
    let method = draw::token(from)?;
    let cseq = CSeq { number: from.arbitrary::<u32>()? >> 1, method: Method::new(&method) };
    same(&cseq.to_text(), &cseq);
    let rack = RAck { rseq: from.int_in_range(1..=u32::MAX)?, cseq };
    same(&rack.to_text(), &rack);
    Ok(())
}

fn more(from: &mut Unstructured<'_>) -> Result<Vec<AuthParam<'static>>> {
    // A prefix that no known parameter has.
    let name = |from: &mut Unstructured<'_>| draw::token(from).map(|name| format!("x-{name}"));
    let params = draw::named(from, name, draw::line)?;
    let params = params.iter().map(|(name, value)| AuthParam {
        name: name.clone().into(),
        ..AuthParam::quoted("x", value.as_deref().unwrap_or_default())
    });
    Ok(params.collect())
}

fn challenge(from: &mut Unstructured<'_>) -> Result<()> {
    let built = Challenge::Digest(DigestChallenge {
        realm: draw::line(from)?.into(),
        domain: maybe(from, draw::line)?.map(Into::into),
        nonce: draw::line(from)?.into(),
        opaque: maybe(from, draw::line)?.map(Into::into),
        stale: from.arbitrary()?,
        algorithm: maybe(from, draw::token)?.map(Into::into),
        qop: maybe(from, draw::token)?.map(Into::into),
        charset: None,
        userhash: from.arbitrary()?,
        params: more(from)?,
    });
    same(&built.to_text(), &built);
    Ok(())
}

fn credentials(from: &mut Unstructured<'_>) -> Result<()> {
    let built = Credentials::Digest(DigestCredentials {
        username: missiva_sip::header::auth::Username::Plain(draw::line(from)?.into()),
        userhash: from.arbitrary()?,
        realm: draw::line(from)?.into(),
        nonce: draw::line(from)?.into(),
        uri: draw::line(from)?.into(),
        response: draw::line(from)?.into(),
        algorithm: maybe(from, draw::token)?.map(Into::into),
        cnonce: maybe(from, draw::line)?.map(Into::into),
        opaque: maybe(from, draw::line)?.map(Into::into),
        qop: maybe(from, draw::token)?.map(Into::into),
        nc: maybe(from, |from| from.arbitrary::<u32>())?.map(|count| format!("{count:08x}").into()),
        auts: maybe(from, draw::line)?.map(Into::into),
        params: more(from)?,
    });
    same(&built.to_text(), &built);
    Ok(())
}
