//! A relay between its clients and everybody else.

use std::time::Duration;

use missiva_core::{LinkId, Machine};
use missiva_msrp::link::{Framing, LinkInput};
use missiva_msrp::relay::{
    Answer, AskId, Event, Input, Question, Relay, RelayIdentity, RelayLimits, Secret,
};
use missiva_msrp::session::{Endpoint, Event as Heard, LoginOptions, SessionLimits};
use missiva_msrp::uri::UriBuf;
use missiva_testkit::{Contract, Seeded};

use crate::bench::{Bench, answer, ids, send, uri, value};

const RELAY: &str = "msrp://relay.example:2855;tcp";

fn relay(seed: u64, limits: RelayLimits) -> Relay {
    let identity = RelayIdentity {
        uri: UriBuf::parse(RELAY.into()).unwrap(),
        realm: "example".into(),
        nonce_key: [7; 32],
    };
    Relay::new(identity, limits, Box::new(Seeded::new(seed)))
}

/// Alice's client on link 1 of the relay, logged in; the relay's link 2 goes elsewhere.
fn logged_in(expires: Option<u32>, secret: &str) -> (Bench<Relay>, Endpoint, Vec<Heard>) {
    let mut bench = Bench::new(relay(1, RelayLimits::DEFAULT), 2, Input::Link);
    let mut client = Endpoint::new(SessionLimits::standard(), Box::new(Seeded::new(2)));
    client.handle_input(bench.now, LinkInput::Up { link: LinkId(9), framing: Framing::Stream });
    let options = LoginOptions {
        relay: RELAY.into(),
        local: uri("alice").as_str().into(),
        username: "alice".into(),
        secret: Secret::Password(secret.into()),
        expires,
    };
    client.log_in(bench.now, LinkId(9), options).unwrap();
    let heard = converse(&mut bench, &mut client);
    (bench, client, heard)
}

/// Carries bytes between client and relay until both are silent; the relay's users are known.
fn converse(bench: &mut Bench<Relay>, client: &mut Endpoint) -> Vec<Heard> {
    let mut heard = Vec::new();
    loop {
        let mut silent = true;
        while let Some(transmit) = client.poll_transmit() {
            silent = false;
            bench.say(1, &String::from_utf8(transmit.payload.to_vec()).unwrap());
        }
        for event in bench.events() {
            if let Event::Ask { ask, question: Question::Secret { username, .. } } = event {
                let secret = (&*username == "alice").then(|| Secret::Password("pass".into()));
                bench
                    .machine
                    .handle_input(bench.now, Input::Answer { ask, answer: Answer::Secret(secret) });
            }
        }
        let text = bench.told(1);
        if !text.is_empty() {
            silent = false;
            client
                .handle_input(bench.now, LinkInput::Bytes { link: LinkId(9), bytes: text.into() });
        }
        heard.extend(std::iter::from_fn(|| client.poll_event()));
        if silent {
            return heard;
        }
    }
}

fn granted() -> (Bench<Relay>, String) {
    let (bench, _, heard) = logged_in(None, "pass");
    let [Heard::LoggedIn { path, .. }] = &heard[..] else { panic!("{heard:?}") };
    (bench, path.to_string())
}

fn ask_of(events: &[Event]) -> AskId {
    let [Event::Ask { ask, question: Question::Link { .. } }] = events else {
        panic!("{events:?}")
    };
    *ask
}

#[test]
fn a_client_logs_in_with_a_digest_and_again_before_its_time_is_over() {
    let (mut bench, mut client, heard) = logged_in(None, "pass");
    let [Heard::LoggedIn { path, expires, .. }] = &heard[..] else { panic!("{heard:?}") };
    assert!(path.starts_with("msrp://relay.example:2855/") && path.ends_with(";tcp"));
    assert_eq!(*expires, Duration::from_secs(3600));
    let due = client.poll_timeout().unwrap();
    assert_eq!(due.at, bench.now + Duration::from_secs(2880));
    bench.now = due.at;
    client.handle_timeout(due.at);
    let again = converse(&mut bench, &mut client);
    let [Heard::LoggedIn { path: kept, .. }] = &again[..] else { panic!("{again:?}") };
    assert_eq!(kept, path);
    bench.pass(Duration::from_secs(3599));
    assert_eq!(bench.command(|one, _| one.granted()), 1);
    bench.pass(Duration::from_secs(1));
    assert_eq!(bench.command(|one, _| one.granted()), 0);
}

#[test]
fn a_wrong_password_is_refused_and_bounds_are_kept() {
    let (_, _, heard) = logged_in(None, "wrong");
    assert!(
        matches!(heard[..], [Heard::LoggedOut { status: Some(status), .. }] if status.number() == 401),
        "{heard:?}"
    );
    for (wished, granted) in [(1, 60), (60, 60), (3600, 3600), (99_999, 3600)] {
        let (_, _, heard) = logged_in(Some(wished), "pass");
        let [Heard::LoggedIn { expires, .. }] = heard[..] else { panic!("{heard:?}") };
        assert_eq!(expires, Duration::from_secs(granted), "{wished}");
    }
}

#[test]
fn what_a_client_sends_is_answered_at_once_and_goes_on_with_moved_paths() {
    let (mut bench, token) = granted();
    let to = format!("{token} {}", uri("bob"));
    bench.say(1, &send("cccc", &to, &uri("alice"), "Byte-Range: 1-5/5\r\n", "hello", '$'));
    assert!(bench.told(1).starts_with("MSRP cccc 200 "));
    let ask = ask_of(&bench.events());
    bench
        .machine
        .handle_input(bench.now, Input::Answer { ask, answer: Answer::Link(Some(LinkId(2))) });
    let told = bench.told(2);
    assert_eq!(
        (value(&told, "To-Path"), value(&told, "From-Path")),
        (Some(&*uri("bob")), Some(&*format!("{token} {}", uri("alice"))))
    );
    assert!(told.contains("\r\n\r\nhello\r\n-------"));
    // What fails behind is reported along the way back.
    bench.say(2, &answer(&ids(&told, "SEND")[0], 415, &token, &uri("bob")));
    let report = bench.told(1);
    assert_eq!(ids(&report, "REPORT").len(), 1);
    assert_eq!(
        (value(&report, "To-Path"), value(&report, "From-Path")),
        (Some(&*uri("alice")), Some(&*token))
    );
    assert_eq!(
        (value(&report, "Status"), value(&report, "Byte-Range")),
        (Some("000 415 Unsupported Media Type"), Some("1-5/5"))
    );
}

#[test]
fn what_others_send_goes_to_the_client_and_nowhere_else() {
    let (mut bench, token) = granted();
    let to = format!("{token} {}", uri("alice"));
    bench.say(2, &send("cccc", &to, &uri("bob"), "", "hello", '$'));
    assert!(bench.told(2).starts_with("MSRP cccc 200 "));
    let told = bench.told(1);
    assert_eq!(
        (value(&told, "To-Path"), value(&told, "From-Path")),
        (Some(&*uri("alice")), Some(&*format!("{token} {}", uri("bob"))))
    );
    let elsewhere = format!("{token} {}", uri("carol"));
    bench.say(2, &send("dddd", &elsewhere, &uri("bob"), "", "hello", '$'));
    assert!(bench.told(2).starts_with("MSRP dddd 403 "));
    let unknown = format!("msrp://relay.example:2855/unknown;tcp {}", uri("alice"));
    bench.say(2, &send("eeee", &unknown, &uri("bob"), "", "hello", '$'));
    assert!(bench.told(2).starts_with("MSRP eeee 481 "));
    // Reports and their like pass through and are not answered.
    let report = format!(
        "MSRP rrrr REPORT\r\nTo-Path: {to}\r\nFrom-Path: {}\r\nMessage-ID: m.1.2.3\r\nStatus: 000 200 OK\r\n-------rrrr$\r\n",
        uri("bob")
    );
    bench.say(2, &report);
    assert_eq!(bench.told(2), "");
    assert_eq!(ids(&bench.told(1), "REPORT").len(), 1);
}

#[test]
fn a_hop_that_cannot_be_had_or_does_not_answer_is_reported_with_408() {
    for wishes in ["", "Failure-Report: partial\r\n", "Failure-Report: no\r\n"] {
        let (mut bench, token) = granted();
        let to = format!("{token} {}", uri("bob"));
        bench.say(1, &send("cccc", &to, &uri("alice"), wishes, "hello", '$'));
        bench.told(1);
        bench.pass(Duration::from_secs(10));
        assert_eq!(
            ids(&bench.told(1), "REPORT").len(),
            usize::from(!wishes.contains("no")),
            "{wishes}"
        );
        bench.say(1, &send("dddd", &to, &uri("alice"), wishes, "hello", '$'));
        bench.told(1);
        let ask = ask_of(&bench.events());
        bench
            .machine
            .handle_input(bench.now, Input::Answer { ask, answer: Answer::Link(Some(LinkId(2))) });
        bench.pass(Duration::from_secs(30));
        let told = bench.told(1);
        assert_eq!(ids(&told, "REPORT").len(), usize::from(wishes.is_empty()), "{wishes}");
        assert_eq!(value(&told, "Status"), wishes.is_empty().then_some("000 408 Request Timeout"));
    }
}

#[test]
fn a_request_that_is_no_send_is_answered_end_to_end() {
    let (mut bench, token) = granted();
    let to = format!("{token} {}", uri("bob"));
    let text = format!(
        "MSRP nnnn NICKNAME\r\nTo-Path: {to}\r\nFrom-Path: {}\r\nUse-Nickname: \"Al\"\r\n-------nnnn$\r\n",
        uri("alice")
    );
    bench.say(1, &text);
    assert_eq!(bench.told(1), "");
    let ask = ask_of(&bench.events());
    bench
        .machine
        .handle_input(bench.now, Input::Answer { ask, answer: Answer::Link(Some(LinkId(2))) });
    let told = bench.told(2);
    let id = ids(&told, "NICKNAME").remove(0);
    bench.say(2, &answer(&id, 425, &format!("{token} {}", uri("alice")), &uri("bob")));
    let told = bench.told(1);
    assert!(told.starts_with("MSRP nnnn 425 "), "{told}");
    assert_eq!(
        (value(&told, "To-Path"), value(&told, "From-Path")),
        (Some(&*uri("alice")), Some(&*format!("{token} {}", uri("bob"))))
    );
}

#[test]
fn a_client_that_is_gone_takes_its_uri_along() {
    let (mut bench, token) = granted();
    bench.input(LinkInput::Down { link: LinkId(1) });
    assert!(matches!(&bench.events()[..], [Event::Revoked { uri }] if uri.as_str() == token));
    bench
        .say(2, &send("cccc", &format!("{token} {}", uri("alice")), &uri("bob"), "", "hello", '$'));
    assert!(bench.told(2).starts_with("MSRP cccc 481 "));
}

#[test]
fn a_relay_keeps_the_contract() {
    let mut asks: Vec<AskId> = Vec::new();
    let limits = RelayLimits {
        links: missiva_msrp::link::LinkLimits {
            max_links: 6,
            max_undrained: 500,
            burst: 16_384,
            max_answers: 16_384,
            ..Default::default()
        },
        max_events: 100,
        max_waiting: 20_000,
        max_asks: 20,
        ..RelayLimits::DEFAULT
    };
    Contract::<Relay>::new()
        .queue_cap(4000)
        .check(
            0..20,
            |seed| relay(seed, limits),
            |chance, seen| {
                asks.extend(seen.events.iter().filter_map(|event| match event {
                    Event::Ask { ask, .. } => Some(*ask),
                    _ => None,
                }));
                let link = LinkId(chance.below(5) as u32);
                let input = match chance.below(12) {
                    0 | 1 if !asks.is_empty() => {
                        let answer = match chance.below(3) {
                            0 => Answer::Link(Some(link)),
                            1 => Answer::Link(None),
                            _ => Answer::Secret(Some(Secret::Password("pass".into()))),
                        };
                        return Input::Answer { ask: *chance.pick(&asks), answer };
                    }
                    2 => LinkInput::Up { link, framing: Framing::Stream },
                    3 => LinkInput::Blocked { link },
                    4 => LinkInput::Writable { link },
                    5 if chance.one_in(8) => LinkInput::Down { link },
                    6 | 7 => {
                        let text = format!("MSRP auth AUTH\r\nTo-Path: {RELAY}\r\nFrom-Path: {}\r\n-------auth$\r\n", uri("alice"));
                        LinkInput::Bytes { link, bytes: text.into() }
                    }
                    _ => {
                        let to = format!("msrp://relay.example:2855/unknown;tcp {}", uri("bob"));
                        let body = "x".repeat(chance.within(0..3000));
                        LinkInput::Bytes { link, bytes: send("cccc", &to, &uri("alice"), "", &body, '$').into() }
                    }
                };
                Input::Link(input)
            },
        )
        .unwrap_or_else(|violation| panic!("{violation}"));
}
