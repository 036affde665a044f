//! Values go to text and back, texts to values and back, and nothing can end its line.

use std::net::IpAddr;

use missiva_sdp::attribute::*;
use missiva_sdp::file::*;
use missiva_sdp::line::*;
use missiva_sdp::msrp::*;
use missiva_sdp::{
    Builder, Description, Edit, Field, FieldName, Rules, Scope, Value, Visit, field, validate,
};
use proptest::prelude::*;

/// Writes a value and reads it.
#[track_caller]
fn there_and_back<'a, V: Value<'a> + PartialEq>(value: &V, text: &'a str) {
    let again = V::parse(text).unwrap_or_else(|fault| panic!("{text:?}: {fault}"));
    assert_eq!(&again, value, "{text:?}");
}

macro_rules! round {
    ($value:expr) => {{
        let value = $value;
        let text = value.to_text();
        there_and_back(&value, &text);
    }};
}

const TOKEN: &str = "[A-Za-z0-9!#$%&'*+.^_`{|}~-]{1,12}";
const WORD: &str = "[!-~à-ü]{1,12}";
const NAME: &str = "[a-z][a-z0-9]{0,8}(\\.[a-z]{2,5}){0,2}";
const REST: &str = "[!-~]([ -~]{0,20}[!-~])?";

fn host() -> impl Strategy<Value = (Option<IpAddr>, String)> {
    (prop::option::of(any::<IpAddr>()), NAME)
}

fn address<'a>((ip, name): &'a (Option<IpAddr>, String)) -> Address<'a> {
    match ip {
        Some(ip) => Address::internet(*ip),
        None => Address { network: "IN", kind: "IP4", host: Host::Name(name) },
    }
}

fn date() -> impl Strategy<Value = DateTime> {
    (1900..=9999u16, 1..=12u8, 1..=28u8, 0..=23u8, 0..=59u8, 0..=60u8, -1439..=1439i16).prop_map(
        |(year, month, day, hour, minute, second, offset)| DateTime {
            year,
            month,
            day,
            hour,
            minute,
            second,
            offset,
        },
    )
}

fn flow() -> impl Strategy<Value = Flow> {
    prop::sample::select(vec![Flow::None, Flow::Send, Flow::Recv, Flow::SendRecv])
}

proptest! {
    #[test]
    fn lines_go_there_and_back(
        username in WORD, session_id in "[0-9]{1,30}", version in 0..=i64::MAX as u64, host in host(),
        kind in TOKEN, number in 0..=i64::MAX as u64, port: u16, count in prop::option::of(1..=u16::MAX),
        formats in prop::collection::vec(WORD, 1..5), proto in "[A-Z]{1,4}(/[A-Z]{1,4}){0,3}", ttl: u8, groups in 1u32..,
    ) {
        round!(Origin { username: &username, session_id: &session_id, version, address: address(&host) });
        round!(Connection { address: address(&host), ttl: None, count: None });
        let group = Address::internet(IpAddr::from([224, 2, ttl, 1]));
        round!(Connection { address: group, ttl: Some(ttl), count: Some(groups) });
        round!(Bandwidth { kind: BandwidthKind::of(&kind), value: number });
        round!(Time { start: number, stop: version });
        let formats = formats.join(" ");
        let formats = Formats::parse(&formats).unwrap();
        round!(MediaLine { media: &kind, port, port_count: count, protocol: &proto, formats });
        let repeat = format!("{version} {number}h 0 {port}m");
        round!(Repeat::parse(&repeat).unwrap());
        let zones = format!("{version} -{port}h {number} {ttl}");
        round!(ZoneAdjustments::parse(&zones).unwrap());
    }

    #[test]
    fn attributes_go_there_and_back(
        payload in 0..=127u8, encoding in TOKEN, clock_rate: u32, params in prop::option::of(TOKEN), text in REST,
        tokens in prop::collection::vec(TOKEN, 1..4), port: u16, host in host(), octets in prop::collection::vec(any::<u8>(), 1..40),
        tag in 0..=999_999_999u32, flow in flow(), priority: u32, ice in "[A-Za-z0-9+/]{1,32}", ip: IpAddr,
    ) {
        round!(Rtpmap { payload, encoding: &encoding, clock_rate, params: params.as_deref() });
        round!(Fmtp { format: &encoding, params: &text });
        round!(RtcpPort { port, address: params.is_some().then(|| address(&host)) });
        round!(RtcpFeedback { format: "*", kind: &encoding, param: &text });
        let list = tokens.join(" ");
        round!(TokenList::parse(&list).unwrap());
        round!(Group::parse(&list).unwrap());
        round!(Chatroom::parse(&list).unwrap());
        let contents = tokens.join(",");
        round!(ContentList::parse(&contents).unwrap());
        let pairs = HexPairs::write(&octets);
        let digest = HexPairs::parse(&pairs).unwrap();
        prop_assert!(digest.octets().eq(octets.iter().copied()));
        round!(Fingerprint { algorithm: "x-new", digest });
        round!(Crypto { tag, suite: &encoding, keys: "inline:AAAA|2^20", session: &text });
        round!(CurrentStatus { kind: "qos", status: "e2e", flow });
        round!(ConfirmStatus { kind: &encoding, status: "local", flow });
        round!(DesiredStatus { kind: "qos", strength: Strength::Failure, status: "remote", flow });
        let address = ip.to_string();
        round!(Candidate {
            foundation: &ice, component: clock_rate, transport: "UDP", priority, address: &address, port, kind: "host",
            extensions: &text
        });
        round!(IceText(&ice));
    }

    #[test]
    fn message_media_go_there_and_back(
        secure: bool, userinfo in prop::option::of("[a-z0-9%:~]{1,8}"), host in host(), port in prop::option::of(any::<u16>()),
        session_id in "[A-Za-z0-9._~+=/-]{1,20}", transport in "[a-z0-9]{1,6}", params in "([a-z]{1,3}(=[a-z]{1,3})?(;[a-z]{1,3}){0,2})?",
        relays in 0..4usize, kind in "[a-z]{1,5}/[a-z+.]{1,8}", quoted in "[ -!#-\\[\\]-~]{0,9}",
    ) {
        let uri = MsrpUri {
            secure, userinfo: userinfo.as_deref(), host: address(&host).host, port, session_id: Some(&session_id),
            transport: &transport, params: &params
        };
        round!(uri);
        prop_assert!(uri.matches(&uri) && uri.matches_session(&uri));
        let other = MsrpUri { secure: !secure, ..uri };
        prop_assert!(!uri.matches(&other));
        let path = vec![uri.to_string(); relays + 1].join(" ");
        let path = Path::parse(&path).unwrap();
        prop_assert_eq!((path.uris().count(), path.endpoint()), (relays + 1, uri));
        round!(path);
        let types = format!("{kind} {kind};x=\"{quoted}\" *");
        let types = TypeList::parse(&types).unwrap();
        prop_assert!(types.iter().count() == 3 && types.accepts(&kind));
        round!(types);
    }

    #[test]
    fn files_go_there_and_back(
        name in "\\PC{1,20}", odd in "[\r\n\"%\0]{0,3}", size in prop::option::of(0..=i64::MAX as u64), sha1: [u8; 20], sha256: [u8; 32],
        with_type: bool, hashes in 0..3usize, start in 1..=1000u64, more in prop::option::of(0..=1000u64), dates in prop::array::uniform3(prop::option::of(date())),
    ) {
        let name = name + &odd;
        let escaped = FileName::escape(&name);
        let file_name = FileName::new(&escaped).unwrap();
        prop_assert_eq!(file_name.decode(), &*name);
        let (one, two) = (HexPairs::write(&sha1), HexPairs::write(&sha256));
        let mut selector = FileSelector { name: Some(file_name), size, ..FileSelector::default() };
        selector.media_type = with_type.then_some("text/plain;charset=\"utf 8\"");
        let list = [("sha-1", &one), ("sha-256", &two)];
        for (algorithm, pairs) in list.into_iter().take(hashes) {
            let digest = HexPairs::parse(pairs).unwrap();
            selector.hashes.add(FileHash { algorithm, digest }).unwrap();
        }
        prop_assert!(selector.selects(&selector));
        round!(selector);
        round!(FileRange { start, stop: more.map(|more| start + more) });
        let [creation, modification, read] = dates;
        if dates.iter().any(Option::is_some) {
            round!(FileDate { creation, modification, read });
        }
    }

    /// What is read from any text is written so that it is read again.
    #[test]
    fn texts_that_are_read_are_read_again(text in "[ -~]{0,40}|[a-z0-9:/;=\" .*-]{0,60}") {
        for name in FieldName::all() {
            let prefix = match name.attribute() {
                Some(attribute) => format!("a={attribute}:"),
                None => format!("{}=", name.letter()),
            };
            let line = format!("v=0\r\n{prefix}{text}\r\n");
            if let Ok(description) = Description::parse_with(line.into(), &Rules::LAB) {
                let _ = description.visit(&mut Again);
            }
        }
    }

    /// Any bytes are a description or a fault within them, and a description leaves as it came.
    #[test]
    fn any_bytes_are_judged(bytes in prop::collection::vec(prop::sample::select(b"vost=amc:0 19.\r\n\r\n\r\nINP4\xc3\x00".to_vec()), 0..300)) {
        match Description::parse_with(bytes.clone().into(), &Rules::LAB) {
            Ok(description) => {
                prop_assert_eq!(&description.text().as_bytes()[..], &bytes[..]);
                let edited = Edit::new(&description).finish().unwrap();
                prop_assert_eq!(edited.text(), description.text());
                let _ = validate::faults(&description);
            }
            Err(error) => prop_assert!(error.at as usize <= bytes.len()),
        }
    }

    /// A text that goes in makes one line or none.
    #[test]
    fn nothing_ends_its_line(name in "[a-zA-Z:\r\n =-]{0,8}", value in "[a-z:= \r\n\0]{0,12}") {
        let origin = Origin { username: "-", session_id: "1", version: 1, address: Address::internet([192, 0, 2, 1].into()) };
        let base = Builder::new(&origin).finish().unwrap();
        if let Ok(built) = Builder::new(&origin).attribute(&name, &value).finish() {
            prop_assert_eq!(built.lines().len(), base.lines().len() + 1);
            prop_assert_eq!(built.lines().last().unwrap().attribute(), Some(&*name));
        }
        let mut edit = Edit::new(&base);
        let added = edit.add_attribute(Scope::Session, &name, Some(&value)).is_ok();
        let named = edit.set::<field::SessionName>(Scope::Session, &Text(&value)).is_ok();
        let edited = edit.finish().unwrap();
        prop_assert_eq!(edited.lines().len(), base.lines().len() + usize::from(added));
        prop_assert_eq!(named, edited.session().get::<field::SessionName>().unwrap() == Some(Text(&value)));
    }
}

/// Writes each value and reads what was written.
struct Again;

impl Visit for Again {
    fn value<'a, F: Field>(&mut self, value: F::Value<'a>) {
        let text = value.to_text();
        let again = F::Value::parse(&text).unwrap_or_else(|fault| panic!("{text:?}: {fault}"));
        assert_eq!(again.to_text(), text, "{}", F::NAME);
    }
}
