//! URIs from parts.

use arbitrary::{Result, Unstructured};
use missiva_sip::Uri;
use missiva_sip::uri::escape::{Component, escape, unescape};

use super::super::draw::{self, maybe};

/// A SIP URI from parts, escaped component by component.
pub fn uri(data: &[u8]) {
    let _ = uri_from(&mut Unstructured::new(data));
}

fn uri_from(from: &mut Unstructured<'_>) -> Result<()> {
    let mut text = from.choose(&["sip:", "sips:"])?.to_string();
    let user = maybe(from, draw::text)?.filter(|user| !user.is_empty());
    let password = if user.is_some() { maybe(from, draw::text)? } else { None };
    if let Some(user) = &user {
        text.push_str(&escape(user, Component::User));
        if let Some(password) = &password {
            text.push(':');
            text.push_str(&escape(password, Component::Password));
        }
        text.push('@');
    }
    let host = draw::host(from)?;
    text.push_str(&host);
    let port = from.arbitrary::<Option<u16>>()?;
    if let Some(port) = port {
        text.push_str(&format!(":{port}"));
    }
    let some = |from: &mut Unstructured<'_>| draw::text(from).map(|text| text + "x");
    let params = draw::named(from, some, some)?;
    for (name, value) in &params {
        text.push(';');
        text.push_str(&escape(name, Component::Param));
        if let Some(value) = value {
            text.push('=');
            text.push_str(&escape(value, Component::Param));
        }
    }
    let headers = draw::named(from, some, draw::text)?;
    for (index, (name, value)) in headers.iter().enumerate() {
        text.push(if index == 0 { '?' } else { '&' });
        text.push_str(&escape(name, Component::Header));
        text.push('=');
        text.push_str(&escape(value.as_deref().unwrap_or_default(), Component::Header));
    }

    let read = Uri::parse(&text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
    let sip = read.as_sip().expect("a SIP URI");
    let plain = |text: Option<&str>| text.and_then(unescape).map(|text| text.into_owned());
    assert_eq!(plain(sip.user()), user, "{text}");
    assert_eq!(plain(sip.password()), password, "{text}");
    assert_eq!((sip.host().to_string(), sip.port()), (host, port), "{text}");
    assert_eq!(sip.params().iter().count(), params.len(), "{text}");
    for (param, (name, value)) in sip.params().iter().zip(&params) {
        assert_eq!((plain(Some(param.name)).as_ref(), &plain(param.value)), (Some(name), value));
    }
    assert_eq!(sip.headers().iter().count(), headers.len(), "{text}");
    for (header, (name, value)) in sip.headers().iter().zip(&headers) {
        let value = value.clone().unwrap_or_default();
        assert_eq!(
            (plain(Some(header.name)).as_ref(), plain(header.value)),
            (Some(name), Some(value))
        );
    }
    assert!(read.matches(&read));
    Ok(())
}
