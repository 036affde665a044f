//! Conference documents both ways, and rosters that lose some of them.

use missiva_core::FaultKind;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::*;
use crate::Part as Field;
use crate::xml::samples::{date, extensions, maybe, text, token};

fn parse(inside: &str) -> Result<ConferenceInfo, ParseError> {
    let xml = format!(
        "<conference-info xmlns='urn:ietf:params:xml:ns:conference-info' entity='sip:c@a.example' {inside}</conference-info>"
    );
    ConferenceInfo::parse(xml.as_bytes(), &Limits::DEFAULT)
}

fn merge(roster: &mut Roster, inside: &str) -> Outcome {
    roster.merge(parse(inside).unwrap_or_else(|fault| panic!("{inside}: {fault}")))
}

/// Users and what their devices do, for short comparisons.
fn shown(roster: &Roster) -> String {
    let Some(view) = roster.view() else {
        return "?".to_owned();
    };
    let mut text = String::new();
    for user in &view.users {
        text.push_str(user.entity.as_deref().unwrap_or("-"));
        for endpoint in &user.endpoints {
            let status = endpoint.status.map_or("?", EndpointStatus::as_str);
            text.push_str(&format!("[{}:{status}]", endpoint.entity.as_deref().unwrap_or("-")));
        }
        text.push(' ');
    }
    text.trim_end().to_owned()
}

const FIRST: &str = "version='1'><users>\
    <user entity='a'><endpoint entity='1'><status>connected</status></endpoint>\
    <endpoint entity='2'><status>pending</status></endpoint></user><user entity='b'/></users>";

#[test]
fn documents_that_are_none_are_refused() {
    let user = |inside: &str| format!("><users><user>{inside}</user></users>");
    let table = [
        ("version='-1'>".to_owned(), FaultKind::Number, Field::Attribute("version")),
        ("version='4294967296'>".to_owned(), FaultKind::Number, Field::Attribute("version")),
        ("state='most'>".to_owned(), FaultKind::Value, Field::Attribute("state")),
        ("><users/><users/>".to_owned(), FaultKind::Conflict, Field::Element("users")),
        (
            user("<endpoint><status>dancing</status></endpoint>"),
            FaultKind::Value,
            Field::Element("status"),
        ),
        (user("<endpoint><media/></endpoint>"), FaultKind::Empty, Field::Attribute("id")),
        (
            user("<endpoint><joining-info><when>now</when></joining-info></endpoint>"),
            FaultKind::Unexpected,
            Field::Element("when"),
        ),
        (
            user("<associated-aors><entry/></associated-aors>"),
            FaultKind::Empty,
            Field::Element("uri"),
        ),
        (
            "><conference-state><active>maybe</active></conference-state>".to_owned(),
            FaultKind::Value,
            Field::Element("active"),
        ),
    ];
    for (inside, kind, field) in table {
        let fault = parse(&inside).expect_err(&inside);
        assert_eq!((fault.kind, fault.field), (kind, field), "{inside}");
    }
    let nameless = b"<conference-info xmlns='urn:ietf:params:xml:ns:conference-info'/>";
    let fault = ConferenceInfo::parse(nameless, &Limits::DEFAULT).unwrap_err();
    assert_eq!((fault.kind, fault.field), (FaultKind::Empty, Field::Attribute("entity")));
}

#[test]
fn a_refusal_is_told_by_its_cause() {
    let table = [
        ("SIP;cause=603;text=\"Decline\"", Some(603)),
        ("sip ; text=\"x\" ; Cause = 486", Some(486)),
        ("Q.850;cause=16", None),
        ("SIP", None),
        ("busy", None),
    ];
    for (reason, cause) in table {
        let execution = Execution { reason: Some(reason.into()), ..Execution::default() };
        assert_eq!(execution.cause(), cause, "{reason}");
    }
}

#[test]
fn a_partial_document_changes_what_it_names() {
    let table = [
        ("", "a[1:connected][2:pending] b"),
        ("<users state='partial'/>", "a[1:connected][2:pending] b"),
        ("<users/>", ""),
        ("<users><user entity='c'/></users>", "c"),
        ("<users state='deleted'/>", ""),
        ("<users state='partial'><user entity='c'/></users>", "a[1:connected][2:pending] b c"),
        (
            "<users state='partial'><user entity='c' state='partial'/></users>",
            "a[1:connected][2:pending] b c",
        ),
        (
            "<users state='partial'><user entity='c' state='deleted'/></users>",
            "a[1:connected][2:pending] b",
        ),
        (
            "<users state='partial'><user entity='b' state='deleted'/></users>",
            "a[1:connected][2:pending]",
        ),
        ("<users state='partial'><user entity='a'/></users>", "a b"),
        (
            "<users state='partial'><user entity='a' state='partial'/></users>",
            "a[1:connected][2:pending] b",
        ),
        (
            "<users state='partial'><user entity='a' state='partial'><endpoint entity='2' state='partial'>\
             <status>connected</status></endpoint></user></users>",
            "a[1:connected][2:connected] b",
        ),
        (
            "<users state='partial'><user entity='a' state='partial'><endpoint entity='1' state='deleted'/>\
             <endpoint entity='3'/></user></users>",
            "a[2:pending][3:?] b",
        ),
        (
            "<users state='partial'><user entity='a' state='deleted'/><user entity='a' state='partial'/></users>",
            "a b",
        ),
    ];
    for (news, expected) in table {
        let mut roster = Roster::new(100);
        assert_eq!(merge(&mut roster, FIRST), Outcome::Merged);
        assert_eq!(
            merge(&mut roster, &format!("version='2' state='partial'>{news}")),
            Outcome::Merged,
            "{news}"
        );
        assert_eq!(shown(&roster), expected, "{news}");
    }
}

#[test]
fn what_a_partial_user_does_not_say_stays() {
    let mut roster = Roster::new(100);
    merge(
        &mut roster,
        "version='1'><users><user entity='a' yourown='true'><display-text>Ann</display-text><roles><entry>chair</entry>\
         </roles><endpoint entity='1'><status>connected</status><media id='1'><type>message</type></media>\
         <media id='2'><type>audio</type></media></endpoint></user></users>",
    );
    merge(
        &mut roster,
        "version='2' state='partial'><users state='partial'><user entity='a' state='partial'>\
         <endpoint entity='1' state='partial'><disconnection-method>failed</disconnection-method>\
         <media id='2'><type>video</type></media></endpoint></user></users>",
    );
    let user = roster.view().unwrap().user("a").unwrap();
    assert_eq!(
        (user.display_text.as_deref(), user.your_own, user.roles.len()),
        (Some("Ann"), true, 1)
    );
    let endpoint = &user.endpoints[0];
    assert_eq!(endpoint.status, Some(EndpointStatus::Connected));
    assert_eq!(endpoint.disconnection_method, Some(DisconnectionMethod::Failed));
    let kinds: Vec<_> = endpoint.media.iter().map(|media| media.kind.as_deref()).collect();
    assert_eq!(kinds, [Some("message"), Some("video")]);
}

#[test]
fn a_gap_asks_for_the_whole_state() {
    let mut roster = Roster::new(100);
    assert_eq!(merge(&mut roster, "version='1' state='partial'>"), Outcome::Resubscribe);
    assert_eq!(merge(&mut roster, FIRST), Outcome::Duplicate);
    assert_eq!(merge(&mut roster, &FIRST.replace("'1'>", "'2'>")), Outcome::Merged);
    assert_eq!(merge(&mut roster, "version='2' state='partial'>"), Outcome::Duplicate);
    assert_eq!(merge(&mut roster, "version='4' state='partial'>"), Outcome::Resubscribe);
    assert_eq!((shown(&roster).as_str(), roster.is_lost()), ("?", true));
    assert!(roster.last_known().is_some());
    // Late or repeated: it says nothing about now.
    assert_eq!(merge(&mut roster, "version='3'>"), Outcome::Duplicate);
    assert_eq!(merge(&mut roster, "version='5' state='partial'>"), Outcome::Resubscribe);
    assert_eq!(
        merge(&mut roster, "version='6'><users><user entity='c'/></users>"),
        Outcome::Merged
    );
    assert_eq!((shown(&roster).as_str(), roster.is_lost()), ("c", false));
    // A later whole state needs nothing before it.
    assert_eq!(merge(&mut roster, "version='9'>"), Outcome::Merged);

    roster.resubscribed();
    assert!(roster.view().is_none());
    assert_eq!(
        merge(&mut roster, "version='0'><users><user entity='d'/></users>"),
        Outcome::Merged
    );
    assert_eq!(shown(&roster), "d");
}

#[test]
fn documents_without_numbers_must_be_whole() {
    let mut roster = Roster::new(100);
    assert_eq!(merge(&mut roster, "><users><user entity='a'/></users>"), Outcome::Merged);
    assert_eq!(merge(&mut roster, "><users><user entity='b'/></users>"), Outcome::Merged);
    assert_eq!(shown(&roster), "b");
    assert_eq!(merge(&mut roster, "state='partial'>"), Outcome::Resubscribe);
    assert_eq!(merge(&mut roster, FIRST), Outcome::Merged);
    assert_eq!(merge(&mut roster, "state='partial'>"), Outcome::Resubscribe);
}

#[test]
fn the_number_after_the_last_is_none() {
    let mut roster = Roster::new(100);
    assert_eq!(merge(&mut roster, "version='4294967295'>"), Outcome::Merged);
    assert_eq!(merge(&mut roster, "version='0' state='partial'>"), Outcome::Duplicate);
    assert_eq!(merge(&mut roster, "state='partial'>"), Outcome::Resubscribe);
}

#[test]
fn news_that_cannot_be_placed_count_as_lost() {
    let table = [
        "<users state='partial'><user state='partial'/></users>",
        "<users state='partial'><user entity='a' state='partial'><endpoint/></user></users>",
    ];
    for news in table {
        let mut roster = Roster::new(100);
        merge(&mut roster, FIRST);
        assert_eq!(
            merge(&mut roster, &format!("version='2' state='partial'>{news}")),
            Outcome::Resubscribe,
            "{news}"
        );
        assert!(roster.view().is_none());
    }
    let mut roster = Roster::new(100);
    merge(&mut roster, "version='1'><users><user entity='a'/><user entity='a'/></users>");
    let news = "version='2' state='partial'><users state='partial'><user entity='a' state='deleted'/></users>";
    assert_eq!(merge(&mut roster, news), Outcome::Resubscribe);
}

#[test]
fn another_conference_and_the_end_are_told_apart() {
    let mut roster = Roster::new(100);
    merge(&mut roster, FIRST);
    let other = ConferenceInfo::new("sip:other@a.example", 2);
    assert_eq!(roster.merge(other), Outcome::OtherConference);
    assert_eq!(shown(&roster), "a[1:connected][2:pending] b");
    assert_eq!(merge(&mut roster, "version='7' state='deleted'>"), Outcome::Ended);
    assert_eq!(roster.view().map(|view| view.users.len()), Some(0));
    assert_eq!(merge(&mut roster, "version='8' state='partial'>"), Outcome::Resubscribe);
}

#[test]
fn a_roster_does_not_outgrow_its_limit() {
    let mut roster = Roster::new(5);
    assert_eq!(merge(&mut roster, FIRST), Outcome::Merged);
    // The same again and again is no growth.
    for version in 2..20 {
        let news = format!(
            "version='{version}' state='partial'><users state='partial'><user entity='b'/></users>"
        );
        assert_eq!(merge(&mut roster, &news), Outcome::Merged);
    }
    let grow = |version, user: &str| {
        format!(
            "version='{version}' state='partial'><users state='partial'><user entity='{user}'/></users>"
        )
    };
    assert_eq!(merge(&mut roster, &grow(20, "c")), Outcome::Merged);
    assert_eq!(merge(&mut roster, &grow(21, "d")), Outcome::OverLimit);
    assert!(roster.view().is_none());
    let crowd = "<user/>".repeat(6);
    assert_eq!(
        merge(&mut roster, &format!("version='22'><users>{crowd}</users>")),
        Outcome::OverLimit
    );
}

fn word<T: Copy + std::fmt::Debug + 'static>(
    all: &'static [T],
) -> impl Strategy<Value = Option<T>> {
    maybe(select(all))
}

fn executions() -> impl Strategy<Value = Option<Execution>> {
    maybe((maybe(date()), maybe(text()), maybe(token())).prop_map(|(when, reason, by)| Execution {
        when,
        reason,
        by,
    }))
}

fn uris() -> impl Strategy<Value = Option<Uris>> {
    let uri = (token(), maybe(text()), maybe(text()), executions(), extensions()).prop_map(
        |(uri, display_text, purpose, modified, extensions)| Uri {
            uri,
            display_text,
            purpose,
            modified,
            extensions,
        },
    );
    let list = (select(State::ALL), proptest::collection::vec(uri, 1..3));
    maybe(list.prop_map(|(state, entries)| Uris { state, entries }))
}

fn endpoints() -> impl Strategy<Value = Endpoint> {
    let media = (text(), maybe(text()), maybe(text()), word(MediaStatus::ALL), extensions())
        .prop_map(|(id, display_text, kind, status, extensions)| Media {
            id,
            label: kind.clone(),
            src_id: display_text.clone(),
            display_text,
            kind,
            status,
            extensions,
        });
    let how = (word(EndpointStatus::ALL), word(JoiningMethod::ALL), word(DisconnectionMethod::ALL));
    let who = (maybe(text()), select(State::ALL), maybe(text()));
    let done = (executions(), executions(), executions());
    (who, how, done, proptest::collection::vec(media, 0..3), any::<bool>(), extensions()).prop_map(
        |(
            (entity, state, display_text),
            (status, joining, left),
            (a, b, c),
            media,
            called,
            extensions,
        )| {
            let call =
                br#"<call-info xmlns="urn:ietf:params:xml:ns:conference-info"><sip/></call-info>"#;
            Endpoint {
                entity,
                state,
                display_text,
                referred: a,
                status,
                joining_method: joining,
                joining_info: b,
                disconnection_method: left,
                disconnection_info: c,
                media,
                call_info: called.then(|| Extension::parse(call).unwrap()),
                extensions,
            }
        },
    )
}

fn users() -> impl Strategy<Value = User> {
    let who = (maybe(text()), select(State::ALL), maybe(text()), uris());
    let more = (
        proptest::collection::vec(text(), 0..3),
        maybe("[a-z]{2}( [a-z]{2}){0,2}"),
        maybe(token()),
    );
    (who, more, proptest::collection::vec(endpoints(), 0..3), any::<bool>(), extensions()).prop_map(
        |(
            (entity, state, display_text, aors),
            (roles, languages, focus),
            endpoints,
            your_own,
            extensions,
        )| User {
            entity,
            state,
            display_text,
            associated_aors: aors,
            roles,
            languages,
            cascaded_focus: focus,
            endpoints,
            your_own,
            extensions,
        },
    )
}

fn descriptions() -> impl Strategy<Value = Description> {
    let medium = (text(), maybe(text()), text(), word(MediaStatus::ALL), extensions()).prop_map(
        |(label, display_text, kind, status, extensions)| Medium {
            label,
            display_text,
            kind,
            status,
            extensions,
        },
    );
    let texts =
        (maybe(text()), maybe(text()), maybe(text()), maybe("[a-z]{1,3}( [a-z]{1,3}){0,2}"));
    (
        texts,
        uris(),
        uris(),
        maybe(any::<u32>()),
        proptest::collection::vec(medium, 0..2),
        extensions(),
    )
        .prop_map(
            |(
                (display_text, subject, free_text, keywords),
                conf_uris,
                service_uris,
                most,
                media,
                extensions,
            )| Description {
                display_text,
                subject,
                free_text,
                keywords,
                conf_uris,
                service_uris,
                maximum_user_count: most,
                available_media: media,
                extensions,
            },
        )
}

fn documents() -> impl Strategy<Value = ConferenceInfo> {
    let host = (maybe(text()), maybe(token()), uris(), extensions()).prop_map(
        |(display_text, web_page, uris, extensions)| Host {
            display_text,
            web_page,
            uris,
            extensions,
        },
    );
    let how = (maybe(any::<u32>()), maybe(any::<bool>()), maybe(any::<bool>()), extensions())
        .prop_map(|(user_count, active, locked, extensions)| ConferenceState {
            user_count,
            active,
            locked,
            extensions,
        });
    let head = (text(), select(State::ALL), maybe(any::<u32>()));
    let users = maybe((select(State::ALL), proptest::collection::vec(users(), 0..3)));
    (head, maybe(descriptions()), maybe(host), maybe(how), users, (uris(), extensions())).prop_map(
        |(
            (entity, state, version),
            description,
            host,
            conference_state,
            users,
            (sidebars, extensions),
        )| {
            let (users_state, users) =
                users.map_or((None, Vec::new()), |(state, users)| (Some(state), users));
            ConferenceInfo {
                entity,
                state,
                version,
                description,
                host,
                conference_state,
                users_state,
                users,
                sidebars_by_ref: sidebars,
                sidebars_by_val: None,
                extensions,
            }
        },
    )
}

/// What happens on the way of one document.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Arrives,
    Lost,
    Twice,
    AfterTheNext,
}

/// One thing that changes at the focus, or a whole state sent for no reason.
#[derive(Clone, Debug)]
enum Happens {
    Joins(User),
    Leaves(Index),
    Status(Index, EndpointStatus),
    Subject(String),
    Whole,
}

fn happenings() -> impl Strategy<Value = (Happens, Fate)> {
    let happens = prop_oneof![
        4 => users().prop_map(Happens::Joins),
        2 => any::<Index>().prop_map(Happens::Leaves),
        4 => (any::<Index>(), select(EndpointStatus::ALL)).prop_map(|(who, status)| Happens::Status(who, status)),
        1 => text().prop_map(Happens::Subject),
        1 => Just(Happens::Whole),
    ];
    let fate = prop_oneof![
        8 => Just(Fate::Arrives),
        1 => Just(Fate::Lost),
        1 => Just(Fate::Twice),
        1 => Just(Fate::AfterTheNext),
    ];
    (happens, fate)
}

/// The focus: changes its state and says so, mostly in partial documents, sometimes naming one device only.
fn tell(now: &mut ConferenceInfo, happens: Happens, number: u32) -> ConferenceInfo {
    let before = now.clone();
    match happens {
        Happens::Joins(user) => {
            let entity = Some(format!("sip:{number}@a.example"));
            let endpoints: Vec<_> = user.endpoints.into_iter().take(1).collect();
            let user = User { entity, state: State::Full, endpoints, ..user };
            now.users.push(user);
        }
        Happens::Leaves(who) if !now.users.is_empty() => {
            now.users.remove(who.index(now.users.len()));
        }
        Happens::Status(who, status) if !now.users.is_empty() => {
            let place = who.index(now.users.len());
            let user = &mut now.users[place];
            let endpoint = Endpoint::new("sip:device@a.example", status);
            match user.endpoints.iter_mut().find(|known| known.entity == endpoint.entity) {
                None => user.endpoints = vec![endpoint],
                Some(known) => {
                    known.status = Some(status);
                    let news = Endpoint { state: State::Partial, ..endpoint };
                    let user = User {
                        state: State::Partial,
                        endpoints: vec![news],
                        ..User::new(user.entity.clone().unwrap())
                    };
                    return ConferenceInfo {
                        state: State::Partial,
                        users_state: Some(State::Partial),
                        users: vec![user],
                        ..ConferenceInfo::new(now.entity.clone(), number)
                    };
                }
            }
        }
        Happens::Subject(subject) => {
            now.description =
                Some(Description { subject: Some(subject), ..Description::default() });
        }
        Happens::Whole => return ConferenceInfo { version: Some(number), ..now.clone() },
        Happens::Leaves(_) | Happens::Status(..) => {}
    }
    now.settle();
    now.changes_since(&before, number)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn documents_come_back(document in documents()) {
        let bytes = document.to_bytes();
        let read = ConferenceInfo::parse(&bytes, &Limits::DEFAULT).unwrap();
        prop_assert_eq!(&read, &document);
        prop_assert_eq!(read.to_bytes(), bytes);
    }

    #[test]
    fn the_difference_leads_from_one_state_to_the_other(before in documents(), after in documents()) {
        let mut roster = Roster::new(1000);
        let first = ConferenceInfo { state: State::Full, version: Some(1), entity: "e".into(), ..before };
        prop_assert_eq!(roster.merge(first), Outcome::Merged);
        let mut after = ConferenceInfo { state: State::Full, version: Some(2), entity: "e".into(), ..after };
        after.settle();
        let news = after.changes_since(roster.view().unwrap(), 2);
        prop_assert_eq!(roster.merge(news), Outcome::Merged);
        let mut view = roster.view().unwrap().clone();
        view.users.sort_by(|a, b| a.entity.cmp(&b.entity));
        after.users.sort_by(|a, b| a.entity.cmp(&b.entity));
        prop_assert_eq!(view, after);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    /// Some documents are lost, some come twice or late; the last one arrives. The roster either shows what the focus
    /// has, or knows that it does not.
    #[test]
    fn a_roster_is_right_or_says_that_it_is_lost(sequence in proptest::collection::vec(happenings(), 1..14)) {
        let mut focus = ConferenceInfo::new("sip:c@a.example", 0);
        let mut roster = Roster::new(1000);
        let mut late = None;
        roster.merge(focus.clone());
        let last = sequence.len() - 1;
        for (place, (happens, fate)) in sequence.into_iter().enumerate() {
            let number = u32::try_from(place).unwrap() + 1;
            let sent = tell(&mut focus, happens, number).to_bytes();
            focus.version = Some(number);
            let document = || ConferenceInfo::parse(&sent, &Limits::DEFAULT).unwrap();
            let arrives = match fate {
                Fate::Lost | Fate::AfterTheNext if place < last => 0,
                Fate::Twice => 2,
                _ => 1,
            };
            for _ in 0..arrives {
                roster.merge(document());
            }
            if let Some(late) = late.take() {
                roster.merge(late);
            }
            if matches!(fate, Fate::AfterTheNext) {
                late = Some(document());
            }
        }
        match roster.view() {
            Some(view) => {
                let mut whole = focus.clone();
                whole.settle();
                prop_assert_eq!(view, &whole);
            }
            None => {
                prop_assert!(roster.is_lost());
                // The whole state that was asked for makes it right.
                roster.resubscribed();
                prop_assert_eq!(roster.merge(focus.clone()), Outcome::Merged);
                let mut whole = focus.clone();
                whole.settle();
                prop_assert_eq!(roster.view(), Some(&whole));
            }
        }
    }
}
