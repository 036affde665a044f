//! What a client does with challenges.

use super::*;
use crate::header::AuthenticationInfo;

const REQUEST: Covered<'static> = Covered { method: Method::Register, uri: "sip:r", body: b"" };

fn client() -> ClientAuth {
    ClientAuth::new(Account::with_password("alice", "secret"))
}

fn show(
    auth: &mut ClientAuth,
    by: Challenger,
    lines: &[&str],
    sent: &[Answer],
) -> Result<(), Refused> {
    let challenges: Vec<Challenge<'_>> = lines.iter().map(|line| challenge(line)).collect();
    auth.challenged(by, &challenges, sent)
}

fn answers(auth: &mut ClientAuth) -> Vec<Answer> {
    auth.answers(&REQUEST, &mut Ids::counting()).unwrap()
}

/// Nonce and count of the first answer.
fn used(answers: &[Answer]) -> (&str, Option<u32>) {
    let sent = answers[0].credentials.as_digest().unwrap();
    (&sent.nonce, sent.count())
}

#[test]
fn the_first_supported_challenge_of_each_realm_is_answered() {
    let mut auth = client();
    let lines = [
        "Basic realm=\"a\"",
        "Digest realm=\"a\", nonce=\"1\", algorithm=AKAv2-MD5",
        "Digest realm=\"a\", nonce=\"2\", algorithm=SHA-256, qop=\"auth-conf\"",
        "Digest realm=\"a\", nonce=\"3\", algorithm=SHA-256, qop=\"auth\"",
        "Digest realm=\"b\", nonce=\"4\"",
        "Digest realm=\"a\", nonce=\"5\", algorithm=SHA-512-256, qop=\"auth\"",
    ];
    assert_eq!(show(&mut auth, Challenger::Server, &lines, &[]), Ok(()));
    let proxy = ["Digest realm=\"a\", nonce=\"6\", qop=\"auth-int,auth\""];
    assert_eq!(show(&mut auth, Challenger::Proxy, &proxy, &[]), Ok(()));
    let got: Vec<_> = answers(&mut auth)
        .into_iter()
        .map(|answer| {
            let sent = answer.credentials.as_digest().unwrap().clone();
            (answer.to.field(), sent.nonce.into_owned(), sent.qop, sent.nc, sent.cnonce.is_some())
        })
        .collect();
    let (auth, one) = (Some("auth".into()), Some("00000001".into()));
    assert_eq!(
        got,
        [
            (crate::HeaderName::Authorization, "3".to_owned(), auth.clone(), one.clone(), true),
            (crate::HeaderName::Authorization, "4".to_owned(), None, None, false),
            (crate::HeaderName::ProxyAuthorization, "6".to_owned(), auth, one, true),
        ]
    );
}

#[test]
fn the_preferred_quality_is_taken_when_it_is_offered() {
    for (offered, prefer, taken) in [
        ("auth,auth-int", Qop::Auth, Some("auth")),
        ("auth-int,auth", Qop::Auth, Some("auth")),
        ("auth,auth-int", Qop::AuthInt, Some("auth-int")),
        ("auth", Qop::AuthInt, Some("auth")),
        ("auth-int", Qop::Auth, Some("auth-int")),
        ("x,auth-int", Qop::Auth, Some("auth-int")),
        ("", Qop::Auth, None),
    ] {
        let mut auth = client().prefer(prefer);
        let line = format!("Digest realm=\"r\", nonce=\"n\", qop=\"{offered}\"");
        assert_eq!(show(&mut auth, Challenger::Server, &[&line], &[]), Ok(()));
        let sent = answers(&mut auth);
        let sent = sent[0].credentials.as_digest().unwrap();
        assert_eq!(sent.qop.as_deref(), taken, "{offered}");
    }
}

#[test]
fn counts_rise_with_each_request_and_begin_anew_with_each_nonce() {
    let mut auth = client();
    let line = "Digest realm=\"r\", nonce=\"1\", qop=\"auth\"";
    assert_eq!(show(&mut auth, Challenger::Server, &[line], &[]), Ok(()));
    assert_eq!(used(&answers(&mut auth)), ("1", Some(1)));
    let sent = answers(&mut auth);
    assert_eq!(used(&sent), ("1", Some(2)));

    let stale = "Digest realm=\"r\", nonce=\"2\", qop=\"auth\", stale=true";
    assert_eq!(show(&mut auth, Challenger::Server, &[stale], &sent), Ok(()));
    let sent = answers(&mut auth);
    assert_eq!(used(&sent), ("2", Some(1)));

    let info = AuthenticationInfo::parse("nextnonce=\"3\"").unwrap();
    assert_eq!(auth.confirmed(&sent[0], Some(&info), b""), Proof::Missing);
    assert_eq!(used(&answers(&mut auth)), ("3", Some(1)));
    assert_eq!(used(&answers(&mut auth)), ("3", Some(2)));

    // Another request, sent without credentials, meets the same nonce: its count goes on.
    let same = "Digest realm=\"r\", nonce=\"3\", qop=\"auth\"";
    assert_eq!(show(&mut auth, Challenger::Server, &[same], &[]), Ok(()));
    assert_eq!(used(&answers(&mut auth)), ("3", Some(3)));
}

#[test]
fn a_secret_is_not_offered_twice_to_one_who_refused_it() {
    let mut auth = client();
    let lines = ["1", "2", "3"].map(|nonce| format!("Digest realm=\"r\", nonce=\"{nonce}\""));
    assert_eq!(show(&mut auth, Challenger::Server, &[&lines[0]], &[]), Ok(()));
    let sent = answers(&mut auth);
    assert_eq!(show(&mut auth, Challenger::Server, &[&lines[1]], &sent), Err(Refused::Rejected));

    // Once taken, it is offered again when the server has lost its nonces.
    assert_eq!(auth.confirmed(&sent[0], None, b""), Proof::Missing);
    assert_eq!(show(&mut auth, Challenger::Server, &[&lines[1]], &sent), Ok(()));
    // A second request was under way with the old nonce: the new one may serve it.
    assert_eq!(show(&mut auth, Challenger::Server, &[&lines[2]], &sent), Ok(()));
    let sent = answers(&mut auth);
    assert_eq!(show(&mut auth, Challenger::Server, &[&lines[0]], &sent), Err(Refused::Rejected));

    auth.set_account(Account::with_password("alice", "better"));
    assert_eq!(show(&mut auth, Challenger::Server, &[&lines[0]], &sent), Ok(()));
}

#[test]
fn endless_stale_challenges_are_given_up() {
    let mut auth = client();
    let mut sent = Vec::new();
    for attempt in 1..=10u8 {
        let line = format!("Digest realm=\"r\", nonce=\"{attempt}\", stale=true");
        let expected =
            if attempt <= ClientAuth::MAX_ATTEMPTS { Ok(()) } else { Err(Refused::Rejected) };
        assert_eq!(show(&mut auth, Challenger::Server, &[&line], &sent), expected);
        sent = answers(&mut auth);
    }
}

#[test]
fn stale_challenges_between_successes_have_no_end() {
    let mut auth = client();
    let mut sent = Vec::new();
    for attempt in 1..=10u8 {
        let line = format!("Digest realm=\"r\", nonce=\"{attempt}\", stale=true");
        assert_eq!(show(&mut auth, Challenger::Server, &[&line], &sent), Ok(()));
        sent = answers(&mut auth);
        assert_eq!(auth.confirmed(&sent[0], None, b""), Proof::Missing);
    }
}

#[test]
fn a_proxy_and_a_server_of_one_realm_are_told_apart() {
    let mut auth = client();
    let line = "Digest realm=\"r\", nonce=\"1\"";
    assert_eq!(show(&mut auth, Challenger::Server, &[line], &[]), Ok(()));
    assert_eq!(show(&mut auth, Challenger::Proxy, &[line], &[]), Ok(()));
    let sent = answers(&mut auth);
    let to_server = &sent[..1];
    assert_eq!(show(&mut auth, Challenger::Proxy, &[line], to_server), Ok(()));
    assert_eq!(show(&mut auth, Challenger::Proxy, &[line], &sent), Err(Refused::Rejected));
}

#[test]
fn a_session_goes_on_while_its_nonce_does() {
    let mut auth = client();
    let line = "Digest realm=\"r\", nonce=\"1\", qop=\"auth\", algorithm=MD5-sess";
    let mut ids = Ids::counting();
    let mut cnonces = Vec::new();
    for _ in 0..2 {
        assert_eq!(show(&mut auth, Challenger::Server, &[line], &[]), Ok(()));
        let sent = auth.answers(&REQUEST, &mut ids).unwrap();
        cnonces.push(sent[0].credentials.as_digest().unwrap().cnonce.clone());
    }
    assert_eq!(cnonces[0], cnonces[1]);
}

#[test]
fn what_cannot_be_answered_is_said() {
    let table: &[(&[&str], Refused)] = &[
        (&[], Refused::Unsupported),
        (&["Basic realm=\"r\""], Refused::Unsupported),
        (&["Digest realm=\"r\", nonce=\"n\", algorithm=X"], Refused::Unsupported),
        (&["Digest realm=\"other\", nonce=\"n\""], Refused::NoKey),
    ];
    for (lines, refused) in table {
        let account = Account::with_password("alice", "secret").only_in("r");
        let mut auth = ClientAuth::new(account);
        assert_eq!(show(&mut auth, Challenger::Server, lines, &[]), Err(*refused));
        assert!(answers(&mut auth).is_empty());
    }
}

#[test]
fn realms_are_capped_at_their_edge() {
    for (count, expected) in [(8, Ok(())), (9, Err(Refused::TooMany)), (100, Err(Refused::TooMany))]
    {
        let lines: Vec<String> =
            (0..count).map(|realm| format!("Digest realm=\"{realm}\", nonce=\"n\"")).collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let mut auth = client();
        assert_eq!(show(&mut auth, Challenger::Proxy, &lines, &[]), expected);
        assert_eq!(auth.sessions().count(), if count == 8 { 8 } else { 0 });
    }
}

#[test]
fn a_key_of_one_hash_skips_challenges_of_another() {
    let key = Ha1::new(HashFunction::Md5, "alice", "r", b"secret");
    let mut auth = ClientAuth::new(Account::with_keys("alice", "r", vec![key]));
    let lines = [
        "Digest realm=\"r\", nonce=\"1\", algorithm=SHA-256",
        "Digest realm=\"r\", nonce=\"2\", algorithm=MD5",
    ];
    assert_eq!(show(&mut auth, Challenger::Server, &lines, &[]), Ok(()));
    assert_eq!(used(&answers(&mut auth)), ("2", None));
}

#[test]
fn a_session_keeps_its_client_nonce_and_proofs_are_checked_with_its_key() {
    let account = Account::with_password("alice", "secret");
    let mut auth = client();
    let line = "Digest realm=\"r\", nonce=\"1\", qop=\"auth\", algorithm=SHA-256-sess";
    assert_eq!(show(&mut auth, Challenger::Server, &[line], &[]), Ok(()));
    let mut ids = Ids::counting();
    let first = auth.answers(&REQUEST, &mut ids).unwrap();
    let second = auth.answers(&REQUEST, &mut ids).unwrap();
    let digest = |answers: &[Answer]| answers[0].credentials.as_digest().unwrap().clone();
    assert_eq!(digest(&first).cnonce, digest(&second).cnonce);

    let info = confirm(&digest(&first), &account, b"", Some("2")).unwrap();
    assert_eq!(auth.confirmed(&first[0], Some(&info), b""), Proof::Right);
    assert_eq!(auth.confirmed(&second[0], Some(&info), b""), Proof::Wrong);
    let third = auth.answers(&REQUEST, &mut ids).unwrap();
    assert_eq!(used(&third), ("2", Some(1)));
}

#[test]
fn a_nonce_from_one_who_proves_nothing_right_is_not_taken() {
    let mut auth = client();
    let line = "Digest realm=\"r\", nonce=\"1\", qop=\"auth\"";
    assert_eq!(show(&mut auth, Challenger::Server, &[line], &[]), Ok(()));
    let sent = answers(&mut auth);
    let info = AuthenticationInfo::parse("nextnonce=\"evil\", rspauth=\"00\"").unwrap();
    assert_eq!(auth.confirmed(&sent[0], Some(&info), b""), Proof::Wrong);
    assert_eq!(used(&answers(&mut auth)), ("1", Some(2)));
}

#[test]
fn a_client_nonce_is_new_for_each_request() {
    let mut auth = client();
    let line = "Digest realm=\"r\", nonce=\"1\", qop=\"auth\"";
    assert_eq!(show(&mut auth, Challenger::Server, &[line], &[]), Ok(()));
    let mut ids = Ids::counting();
    let mut cnonce = || {
        let sent = auth.answers(&REQUEST, &mut ids).unwrap();
        sent[0].credentials.as_digest().unwrap().cnonce.clone()
    };
    assert_ne!(cnonce(), cnonce());
}

#[test]
fn names_are_escaped_in_the_header_and_hashed_as_they_are() {
    let account = Account::with_password("a\"b\\c", "p");
    let text = "Digest realm=\"x \\\"y\\\"\", nonce=\"n\"";
    let mut session = Session::new(&digest_challenge(text), Qop::Auth).unwrap();
    let sent = session.answer(&account, &REQUEST, &mut Ids::fixed()).unwrap();
    // The oracle is Python's `hashlib` over the unescaped names.
    assert_eq!(sent.response, "d7554c7fa217e98ba946e0633e8ff8d5");
    let line = Credentials::Digest(sent).to_text();
    assert!(line.starts_with(r#"Digest username="a\"b\\c", realm="x \"y\"", "#), "{line}");
}

#[test]
fn a_name_with_control_characters_is_extended() {
    let account = Account::with_password("a\r\nVia: x", "p");
    let text = "Digest realm=\"r\", nonce=\"n\"";
    let mut session = Session::new(&digest_challenge(text), Qop::Auth).unwrap();
    let sent = session.answer(&account, &REQUEST, &mut Ids::fixed()).unwrap();
    let line = Credentials::Digest(sent).to_text();
    assert!(line.starts_with("Digest username*=UTF-8''a%0D%0AVia%3A%20x, "), "{line}");
    let expected = expected("r", Method::Register, "sip:r");
    let outcome = verify(&credentials(&line), &expected, &account);
    assert_eq!(outcome, Outcome::Accepted { nc: None, issued: 0 });
}

#[test]
fn debug_output_has_no_secret() {
    let mut auth = ClientAuth::new(Account::with_password("alice", "hunter2"));
    let line = "Digest realm=\"r\", nonce=\"n\", qop=\"auth\", algorithm=MD5-sess";
    assert_eq!(show(&mut auth, Challenger::Server, &[line], &[]), Ok(()));
    let sent = answers(&mut auth);
    let cnonce = sent[0].credentials.as_digest().unwrap().cnonce.clone();
    let base = Ha1::new(HashFunction::Md5, "alice", "r", b"hunter2");
    let key = base.session("n", &cnonce.unwrap());
    let printed = format!("{auth:?}");
    assert!(printed.contains("alice"));
    for secret in ["hunter2", base.hex(), key.hex()] {
        assert!(!printed.contains(secret), "{printed}");
    }
    assert!(!printed.contains(&format!("{:?}", b"hunter2")));
}
