//! Properties of URIs, hosts, parameters, hops and addresses, and of the table of names.

#![allow(clippy::unwrap_used, reason = "what a test prepares itself is known to be there")]

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use bytes::Bytes;
use missiva_sip::frame::{Frame, datagram};
use missiva_sip::header::{Address, Contact, Field, Value, Via, Visit, visit};
use missiva_sip::uri::escape::{Component, escape, unescape};
use missiva_sip::uri::{Host, SipUri, UriParams};
use missiva_sip::{HeaderName, Limits, Method, Params, Uri, unquote};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

const TOKEN: &str = "[a-zA-Z0-9.!%*_+`'~-]{1,12}";
const TEXT: &str = "\\PC{0,12}";

/// A SIP URI in parts, none of them escaped.
#[derive(Clone, Debug, PartialEq)]
struct Parts {
    secure: bool,
    user: Option<(String, Option<String>)>,
    host: String,
    port: Option<u16>,
    params: Vec<(String, Option<String>)>,
    headers: Vec<(String, String)>,
}

impl Parts {
    fn written(&self) -> String {
        let mut text = if self.secure { "sips:" } else { "sip:" }.to_owned();
        if let Some((user, password)) = &self.user {
            text.push_str(&escape(user, Component::User));
            if let Some(password) = password {
                text.push(':');
                text.push_str(&escape(password, Component::Password));
            }
            text.push('@');
        }
        text.push_str(&self.host);
        if let Some(port) = self.port {
            text.push_str(&format!(":{port}"));
        }
        for (name, value) in &self.params {
            text.push_str(&format!(";{}", escape(name, Component::Param)));
            if let Some(value) = value {
                text.push_str(&format!("={}", escape(value, Component::Param)));
            }
        }
        for (at, (name, value)) in self.headers.iter().enumerate() {
            let mark = if at == 0 { '?' } else { '&' };
            let (name, value) = (escape(name, Component::Header), escape(value, Component::Header));
            text.push_str(&format!("{mark}{name}={value}"));
        }
        text
    }

    fn read(uri: &SipUri<'_>) -> Self {
        let plain = |text: &str| unescape(text).unwrap().into_owned();
        let pairs = |params: UriParams<'_>| {
            params.iter().map(|param| (plain(param.name), param.value.map(plain))).collect()
        };
        let headers = uri.headers();
        let headers = headers.iter().map(|one| (plain(one.name), plain(one.value.unwrap())));
        Self {
            secure: uri.is_secure(),
            user: uri.user().map(|user| (plain(user), uri.password().map(plain))),
            host: uri.host().to_string(),
            port: uri.port(),
            params: pairs(uri.params()),
            headers: headers.collect(),
        }
    }
}

fn name() -> impl Strategy<Value = String> {
    "[a-zA-Z0-9]([a-zA-Z0-9_-]{0,8}[a-zA-Z0-9])?(\\.[a-zA-Z]([a-zA-Z0-9_-]{0,8}[a-zA-Z0-9])?){0,3}\\.?"
        .prop_filter("all digits and dots is an address", |name| {
            !name.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        })
}

fn host() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => name(),
        1 => any::<u32>().prop_map(|bits| Ipv4Addr::from(bits).to_string()),
        1 => any::<u128>().prop_map(|bits| format!("[{}]", Ipv6Addr::from(bits))),
    ]
}

prop_compose! {
    fn parts()(
        secure in any::<bool>(),
        user in option::of(("\\PC{1,12}", option::of(TEXT))),
        host in host(),
        port in option::of(any::<u16>()),
        params in vec(("\\PC{1,8}", option::of("\\PC{1,8}")), 0..5),
        headers in vec(("\\PC{1,8}", TEXT), 0..4),
    ) -> Parts {
        Parts { secure, user, host, port, params, headers }
    }
}

/// URIs that differ a little, so that some of them match.
fn kin() -> impl Strategy<Value = String> {
    let part = |choices: &[&'static str]| select(choices.to_vec());
    prop_oneof![
        4 => (
            part(&["sip:", "SIP:", "sips:"]),
            part(&["", "a@", "%61@", "A@", "a:p@", "a:%70@"]),
            part(&["b.example", "B.EXAMPLE", "b.example.", "[::1]", "[0::0:1]", "192.0.2.1", "192.000.002.001"]),
            part(&["", ":5060", ":05060"]),
            part(&["", ";x=1", ";X=%31", ";x=2", ";y", ";y=", ";lr;x=1", ";x=1;x=2", ";transport=tcp", ";transport=TCP", ";gr"]),
            part(&["", "?a=b", "?A=b", "?a=b&c=d", "?c=d&a=b", "?a=b&a=c"]),
        ).prop_map(|(a, b, c, d, e, f)| [a, b, c, d, e, f].concat()),
        1 => (
            part(&["tel:+1-2", "TEL:+12", "tel:+1.2;ext=1", "tel:+12;EXT=1-", "tel:+12;x=y", "tel:+12;X=Y;ext=1", "tel:+12;e%78t=1"]),
        ).prop_map(|(text,)| text.to_owned()),
        1 => (part(&["urn:a", "URN:a", "urn:%61", "urn:A", "im:a"]),).prop_map(|(text,)| text.to_owned()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn uris_of_any_parts_are_read_as_these_parts(parts in parts()) {
        let text = parts.written();
        let uri = Uri::parse(&text).map_err(|fault| TestCaseError::fail(format!("{text}: {fault}")))?;
        prop_assert_eq!(Parts::read(uri.as_sip().unwrap()), parts);
        prop_assert_eq!(uri.to_string(), &*text);
        prop_assert!(uri.matches(&uri));
    }

    #[test]
    fn any_text_is_a_uri_or_a_fault_inside_it(text in prop_oneof!["\\PC{0,40}", "(sip|tel|urn|x):[!-~]{0,30}"]) {
        match Uri::parse(&text) {
            Ok(uri) => prop_assert!(uri.matches(&uri)),
            Err(fault) => prop_assert!(fault.at as usize <= text.len()),
        }
    }

    #[test]
    fn comparison_is_reflexive_and_symmetric(a in kin(), b in kin()) {
        let (Ok(left), Ok(right)) = (Uri::parse(&a), Uri::parse(&b)) else { return Ok(()) };
        prop_assert!(left.matches(&left) && right.matches(&right));
        prop_assert_eq!(left.matches(&right), right.matches(&left));
    }

    #[test]
    fn escapes_and_their_case_change_no_identity(parts in parts(), upper in any::<bool>()) {
        let text = parts.written();
        // A reserved byte and its escape are not the same (RFC 3261 section 19.1.4).
        let spelled = |byte: u8| match byte {
            b';' | b'/' | b'?' | b':' | b'@' | b'&' | b'=' | b'+' | b'$' | b',' => escape(char::from(byte).encode_utf8(&mut [0; 4]), Component::User).into_owned(),
            _ if upper => format!("%{byte:02X}"),
            _ => format!("%{byte:02x}"),
        };
        let Some((user, _)) = &parts.user else { return Ok(()) };
        let escaped: String = user.bytes().map(spelled).collect();
        let plain = escape(user, Component::User).into_owned();
        let other = text.replacen(&plain, &escaped, 1);
        let (Ok(a), Ok(b)) = (Uri::parse(&text), Uri::parse(&other)) else { return Ok(()) };
        // The user may also be found in the scheme, which is not the place that was meant.
        prop_assume!(b.as_sip().and_then(SipUri::user).is_some_and(|user| user == escaped));
        prop_assert!(a.matches(&b) && b.matches(&a));
    }

    #[test]
    fn addresses_of_four_are_those_of_the_standard_library(text in "[0-9]{1,3}(\\.[0-9]{1,3}){0,4}") {
        let uri = format!("sip:{text}");
        let ours = Uri::parse(&uri).ok().and_then(|uri| Some(uri.as_sip()?.host()));
        // Leading zeros are allowed by RFC 3261 and decimal; the standard library has none of them.
        let plain: Vec<&str> = text.split('.').map(|part| {
            let short = part.trim_start_matches('0');
            if short.is_empty() { "0" } else { short }
        }).collect();
        match plain.join(".").parse::<Ipv4Addr>() {
            Ok(address) => prop_assert_eq!(ours.and_then(|host| host.ip()), Some(IpAddr::V4(address))),
            // A single number is a name; everything else with dots is nothing.
            Err(_) => prop_assert_eq!(ours.is_some(), !text.contains('.')),
        }
    }

    #[test]
    fn addresses_of_six_are_those_of_the_standard_library(
        text in prop_oneof!["[0-9a-fA-F:.]{0,20}", "([0-9a-f]{0,4}:){1,8}[0-9a-f]{0,5}", "(::)?([0-9a-f]{1,4}:){0,6}(1\\.2\\.3\\.4)?"]
    ) {
        let uri = format!("sip:[{text}]");
        let ours = Uri::parse(&uri).ok().and_then(|uri| Some(uri.as_sip()?.host()));
        // RFC 5118 section 4.10 asks to take a third colon before an IPv4 address.
        prop_assume!(!text.contains(":::"));
        let theirs = text.parse().ok().map(IpAddr::V6);
        prop_assert_eq!(ours.and_then(|host| host.ip()), theirs, "{}", text);
    }

    #[test]
    fn hosts_print_as_they_are_read(bits in any::<u128>(), short in any::<u32>()) {
        for address in [IpAddr::V6(bits.into()), IpAddr::V6(Ipv4Addr::from(short).to_ipv6_mapped()), IpAddr::V4(short.into())] {
            let host = match address {
                IpAddr::V4(address) => address.to_string(),
                IpAddr::V6(address) => format!("[{address}]"),
            };
            let text = format!("sip:{host}");
            let read = Uri::parse(&text).unwrap().as_sip().unwrap().host();
            prop_assert_eq!((read.as_str(), read.ip()), (host.as_str(), Some(address)));
            prop_assert_eq!(Host::parse(&host), Ok(read));
        }
    }

    #[test]
    fn parameters_are_found_whatever_the_space_around_them(
        params in vec((TOKEN, option::of(prop_oneof![TOKEN.prop_map(|token| token), "[^\\p{Cc}]{0,9}".prop_map(|words| quoted(&words))])), 0..9),
        blank in select(vec!["", " ", "\t ", "\r\n "])
    ) {
        let text: String = params.iter().map(|(name, value)| match value {
            Some(value) => format!("{blank};{blank}{name}{blank}={blank}{value}"),
            None => format!("{blank};{blank}{name}"),
        }).collect();
        let read = Params::parse(&text).map_err(|fault| TestCaseError::fail(format!("{text:?}: {fault}")))?;
        let listed: Vec<_> = read.iter().map(|param| (param.name.to_owned(), param.value.map(str::to_owned))).collect();
        prop_assert_eq!(&listed, &params);
        for (name, _) in &params {
            let first = params.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).unwrap();
            prop_assert_eq!(read.value(&name.to_ascii_uppercase()), first.1.as_deref());
        }
        let twice = params.iter().enumerate().any(|(at, (name, _))| {
            params[..at].iter().any(|(other, _)| other.eq_ignore_ascii_case(name))
        });
        prop_assert_eq!(read.repeated().is_some(), twice);
    }

    #[test]
    fn hops_are_read_as_they_are_written(
        transport in TOKEN, host in host(), port in option::of(any::<u16>()),
        params in vec((TOKEN, option::of(TOKEN)), 0..5), blank in select(vec![" ", "\t", " \r\n  "])
    ) {
        let params: String = params.iter().map(|(name, value)| match value {
            Some(value) => format!(";{name}={value}"),
            None => format!(";{name}"),
        }).collect();
        let at = port.map(|port| format!(":{port}")).unwrap_or_default();
        let text = format!("SIP/2.0/{transport}{blank}{host}{at}{params}");
        let via = Via::parse(&text).map_err(|fault| TestCaseError::fail(format!("{text:?}: {fault}")))?;
        prop_assert_eq!((via.transport, via.host.to_string(), via.port), (&*transport, host, port));
        prop_assert_eq!(via.params.as_str(), &*params);
        let again = via.to_text();
        prop_assert_eq!(Via::parse(&again), Ok(via));
    }

    #[test]
    fn addresses_are_read_as_they_are_written(
        display in option::of("[^\\p{Cc}]{0,12}"), parts in parts(), params in vec((TOKEN, option::of(TOKEN)), 0..4)
    ) {
        let uri = parts.written();
        let params: String = params.iter().map(|(name, value)| match value {
            Some(value) => format!(";{name}={value}"),
            None => format!(";{name}"),
        }).collect();
        let shown = display.as_deref().map(quoted).unwrap_or_default();
        let text = format!("{shown}<{uri}>{params}");
        let address = Address::parse(&text).map_err(|fault| TestCaseError::fail(format!("{text:?}: {fault}")))?;
        let name = address.display_name();
        prop_assert_eq!(name.as_deref(), display.as_deref());
        prop_assert_eq!((address.uri.as_str(), address.params.as_str()), (&*uri, &*params));
        let again = address.to_text();
        prop_assert_eq!(Address::parse(&again), Ok(address));
        prop_assert_eq!(Contact::parse(&again), Ok(Contact::Address(address)));
    }

    #[test]
    fn names_are_found_as_a_plain_search_finds_them(
        name in prop_oneof![
            "[A-Za-z-]{0,30}",
            "[!-~]{0,3}",
            (0..200usize, any::<prop::sample::Index>(), "[a-zA-Z-]").prop_map(|(at, spoil, letter)| {
                let names: Vec<HeaderName> = HeaderName::all().collect();
                let mut name = names[at % names.len()].as_str().to_owned();
                let at = spoil.index(name.len());
                name.replace_range(at..=at, &letter);
                name
            }),
            (0..200usize, any::<u64>()).prop_map(|(at, upper)| {
                let names: Vec<HeaderName> = HeaderName::all().collect();
                let name = names[at % names.len()].as_str();
                let turn = |(at, letter): (usize, char)| {
                    if upper >> (at % 64) & 1 == 1 { letter.to_ascii_uppercase() } else { letter.to_ascii_lowercase() }
                };
                name.chars().enumerate().map(turn).collect()
            }),
        ]
    ) {
        prop_assert_eq!(HeaderName::find(name.as_bytes()), plain_find(&name), "{}", name);
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn plain_find(name: &str) -> HeaderName {
    let is = |known: &HeaderName| {
        let compact = known.compact().map(String::from);
        known.as_str().eq_ignore_ascii_case(name)
            || compact.is_some_and(|letter| letter.eq_ignore_ascii_case(name))
    };
    HeaderName::all().find(is).unwrap_or(HeaderName::Other)
}

#[test]
fn every_name_of_up_to_two_letters_is_found_as_a_plain_search_finds_it() {
    for a in 0..=255u8 {
        let one = [a];
        let expected = std::str::from_utf8(&one).map_or(HeaderName::Other, plain_find);
        assert_eq!(HeaderName::find(&one), expected, "{one:?}");
        for b in b'!'..=b'~' {
            let two = [a, b];
            let expected = std::str::from_utf8(&two).map_or(HeaderName::Other, plain_find);
            assert_eq!(HeaderName::find(&two), expected, "{two:?}");
        }
    }
}

/// A message in which many kinds of value stand.
const FULL: &str = "INVITE sip:+15550100;phone-context=example.com@[2001:db8::1]:5060;user=phone?a=b SIP/2.0\r\n\
    Via: SIP / 2.0 / UDP a.example.com:5060;branch=z9hG4bK1;received=192.0.2.1;rport=7, SIP/2.0/TCP b\r\n\
    f: \"A \\\"B\\\" \u{e9}\" <sip:a@example.com;gr=x>;tag=1\r\nTo: Bob <tel:+1-555-0100;ext=7>\r\n\
    m: <sip:a@192.0.2.1;ob>;+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.msg\";q=0.5\r\n\
    i: 7@a\r\nCSeq: 7 INVITE\r\nMax-Forwards: 70\r\nRoute: <sip:p1;lr>,\r\n <sip:p2;lr>\r\n\
    Accept-Contact: *;+g.oma.sip-im;require;explicit\r\nDate: Sat, 13 Nov 2010 23:29:00 GMT\r\n\
    Warning: 301 example.com \"x\"\r\nAccept: application/sdp;level=1, text/*;q=0.1\r\n\
    Authorization: Digest username=\"u\", realm=\"r\", nonce=\"n\", uri=\"sip:a\", response=\"0\", qop=auth, nc=00000001, cnonce=\"c\"\r\n\
    P-Access-Network-Info: 3GPP-UTRAN-TDD;utran-cell-id-3gpp=23456789\r\nSession-Expires: 1800;refresher=uac\r\n\
    Conversation-ID: f81d4fae-7dec-11d0-a765-00a0c91e6bf6\r\nHistory-Info: <sip:a@b?Reason=SIP%3Bcause%3D302>;index=1.1\r\n\
    User-Agent: a/1 (x (y)) b\r\nContent-Type: multipart/mixed;boundary=\"x y\"\r\nl: 4\r\n\r\nbody";

struct Count(usize);

impl Visit for Count {
    fn value<'a, F: Field>(&mut self, value: F::Value<'a>) {
        self.0 += value.to_text().len();
    }
}

/// Types everything that can be read, in whatever state it is.
fn touch(bytes: Bytes) -> bool {
    let (message, accepted) = match datagram(bytes, &Limits::DEFAULT) {
        Ok(Frame::Message(message)) => (message, true),
        Ok(_) => return false,
        Err(error) => match error.message {
            Some(message) => (*message, false),
            None => return false,
        },
    };
    let _ = message.request_uri().map(|uri| uri.map(|uri| uri.to_string()));
    for header in message.headers() {
        let _ = visit(&header, &mut Count(0));
    }
    accepted
}

#[test]
fn no_prefix_and_no_changed_byte_of_a_sound_message_panics() {
    let bytes = FULL.as_bytes();
    assert!(touch(Bytes::from_static(bytes)));
    for end in 0..bytes.len() {
        // Cut by the transport, and cut by a sender who ended it in good order.
        touch(Bytes::copy_from_slice(&bytes[..end]));
        touch([&bytes[..end], b"\r\n\r\n"].concat().into());
    }
    for at in 0..bytes.len() {
        for byte in *b"\0\r\n \"\\<>%;,:\x80" {
            let mut changed = bytes.to_vec();
            changed[at] = byte;
            touch(changed.into());
        }
    }
}

#[test]
fn every_value_of_a_full_message_is_sound() {
    let Ok(Frame::Message(message)) = datagram(FULL.into(), &Limits::DEFAULT) else {
        panic!("a message")
    };
    assert_eq!(message.method(), Some(Method::Invite));
    for header in message.headers() {
        let mut count = Count(0);
        assert_eq!(visit(&header, &mut count), Ok(()), "{}", header.name());
        assert!(count.0 > 0, "{}", header.name());
        assert_ne!(header.name(), HeaderName::Other);
    }
    let from = message.get::<missiva_sip::field::From>().unwrap().unwrap();
    assert_eq!(from.display.map(unquote).as_deref(), Some("A \"B\" \u{e9}"));
}
