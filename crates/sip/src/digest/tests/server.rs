//! Every outcome of verification, and replay.

use super::*;
use crate::Uri;
use proptest::prelude::*;

const REALM: &str = "example.com";
const URI: &str = "sip:example.com";

fn account() -> Account {
    Account::with_password("alice", "secret")
}

fn request() -> Covered<'static> {
    Covered { method: Method::Register, uri: URI, body: b"body" }
}

fn wanted() -> Expected<'static> {
    Expected { body: b"body", ..expected(REALM, Method::Register, URI) }
}

/// Credentials that are right, for a challenge with `more` parameters.
fn right(more: &str) -> DigestCredentials<'static> {
    let text = format!("Digest realm=\"{REALM}\", nonce=\"n\"{more}");
    let mut session = Session::new(&digest_challenge(&text), Qop::Auth).unwrap();
    session.answer(&account(), &request(), &mut Ids::counting()).unwrap()
}

#[test]
fn every_outcome_has_its_cause() {
    type Spoil = fn(&mut DigestCredentials<'static>, &mut Expected<'static>);
    let accepted = Outcome::Accepted { nc: Some(1), issued: 0 };
    let table: &[(&str, Spoil, Outcome)] = &[
        ("nothing", |_, _| {}, accepted),
        ("upper-case response", |c, _| c.response = c.response.to_uppercase().into(), accepted),
        (
            "matching uri",
            |_, e| e.uri = UriRule::Matching(Uri::parse("sip:EXAMPLE.com").unwrap()),
            accepted,
        ),
        ("compared uri", |_, e| e.uri = UriRule::Compared(true), accepted),
        ("expired", |_, e| e.nonce = Freshness::Expired { issued: 0 }, Outcome::Stale),
        ("forged", |_, e| e.nonce = Freshness::Forged, Outcome::Stale),
        ("response", |c, _| c.response = "0".repeat(32).into(), Outcome::WrongResponse),
        ("short response", |c, _| c.response = "0".into(), Outcome::WrongResponse),
        (
            "stale and wrong",
            |c, e| {
                e.nonce = Freshness::Expired { issued: 0 };
                c.response = "0".repeat(32).into();
            },
            Outcome::WrongResponse,
        ),
        ("method", |_, e| e.method = Method::Invite, Outcome::WrongResponse),
        ("other nonce", |c, _| c.nonce = "m".into(), Outcome::WrongResponse),
        ("other cnonce", |c, _| c.cnonce = Some("m".into()), Outcome::WrongResponse),
        ("other count", |c, _| c.nc = Some("00000002".into()), Outcome::WrongResponse),
        ("other quality", |c, _| c.qop = Some("auth-int".into()), Outcome::WrongResponse),
        ("no quality", |c, _| c.qop = None, Outcome::WrongResponse),
        ("other algorithm", |c, _| c.algorithm = Some("SHA-256".into()), Outcome::WrongResponse),
        ("user", |c, _| c.username = crate::header::auth::Username::new("bob"), Outcome::WrongUser),
        ("userhash", |c, _| c.userhash = true, Outcome::WrongUser),
        ("realm", |c, _| c.realm = "example.org".into(), Outcome::WrongRealm),
        ("realm in other case", |c, _| c.realm = "EXAMPLE.com".into(), Outcome::WrongRealm),
        ("uri", |c, _| c.uri = "sip:example.org".into(), Outcome::WrongUri),
        ("compared", |_, e| e.uri = UriRule::Compared(false), Outcome::WrongUri),
        (
            "no uri",
            |c, e| {
                c.uri = "example.com".into();
                e.uri = UriRule::Matching(Uri::parse("sip:example.com").unwrap());
            },
            Outcome::WrongUri,
        ),
        ("empty nonce", |c, _| c.nonce = "".into(), Outcome::Unproven),
        ("empty response", |c, _| c.response = "".into(), Outcome::Unproven),
        ("AKA", |c, _| c.algorithm = Some("AKAv1-MD5".into()), Outcome::Unsupported),
        (
            "algorithm not offered",
            |_, e| e.algorithms = &[Algorithm::SHA_256],
            Outcome::Unsupported,
        ),
        ("quality unknown", |c, _| c.qop = Some("auth-conf".into()), Outcome::Unsupported),
        ("quality not offered", |_, e| e.qops = &[Qop::AuthInt], Outcome::Unsupported),
        (
            "quality required",
            |c, e| {
                c.qop = None;
                e.require_qop = true;
            },
            Outcome::Unsupported,
        ),
        ("no cnonce", |c, _| c.cnonce = None, Outcome::Malformed),
        ("no count", |c, _| c.nc = None, Outcome::Malformed),
        ("count zero", |c, _| c.nc = Some("00000000".into()), Outcome::Malformed),
        ("count not a number", |c, _| c.nc = Some("zz".into()), Outcome::Malformed),
        (
            "session without cnonce",
            |c, _| {
                c.algorithm = Some("MD5-sess".into());
                c.qop = None;
                c.cnonce = None;
            },
            Outcome::Malformed,
        ),
    ];
    for (name, spoil, outcome) in table {
        let (mut sent, mut wanted) = (right(", qop=\"auth\""), wanted());
        spoil(&mut sent, &mut wanted);
        assert_eq!(verify(&sent, &wanted, &account()), *outcome, "{name}");
    }
}

#[test]
fn a_body_counts_only_for_integrity() {
    for (more, outcome) in [
        (", qop=\"auth-int\"", Outcome::WrongResponse),
        (", qop=\"auth\"", Outcome::Accepted { nc: Some(1), issued: 0 }),
        ("", Outcome::Accepted { nc: None, issued: 0 }),
    ] {
        let changed = Expected { body: b"other", ..wanted() };
        assert_eq!(verify(&right(more), &changed, &account()), outcome, "{more}");
    }
}

#[test]
fn outcomes_deserve_their_answers() {
    let table = [
        (Outcome::Accepted { nc: None, issued: 0 }, Reply::Serve, None, None),
        (Outcome::Stale, Reply::Challenge { stale: true }, Some(401), Some(407)),
        (Outcome::Replayed, Reply::Challenge { stale: true }, Some(401), Some(407)),
        (Outcome::WrongResponse, Reply::Forbidden, Some(403), Some(403)),
        (Outcome::WrongUser, Reply::Forbidden, Some(403), Some(403)),
        (Outcome::WrongRealm, Reply::Challenge { stale: false }, Some(401), Some(407)),
        (Outcome::Unproven, Reply::Challenge { stale: false }, Some(401), Some(407)),
        (Outcome::Unsupported, Reply::Challenge { stale: false }, Some(401), Some(407)),
        (Outcome::WrongUri, Reply::BadRequest, Some(400), Some(400)),
        (Outcome::Malformed, Reply::BadRequest, Some(400), Some(400)),
    ];
    for (outcome, reply, server, proxy) in table {
        assert_eq!(outcome.reply(), reply);
        assert_eq!(reply.status(Challenger::Server), server);
        assert_eq!(reply.status(Challenger::Proxy), proxy);
    }
}

#[test]
fn keys_serve_as_well_as_the_password() {
    let keyed =
        |hash| Account::with_keys("alice", REALM, vec![Ha1::new(hash, "alice", REALM, b"secret")]);
    let sent = right(", qop=\"auth\", algorithm=SHA-256-sess, userhash=true");
    assert_eq!(
        verify(&sent, &wanted(), &keyed(HashFunction::Sha256)),
        Outcome::Accepted { nc: Some(1), issued: 0 }
    );
    assert_eq!(verify(&sent, &wanted(), &keyed(HashFunction::Md5)), Outcome::Unsupported);
}

#[test]
fn a_replay_is_refused_and_the_next_count_is_not() {
    let mut counts = NonceCounts::new(8);
    let text = format!("Digest realm=\"{REALM}\", nonce=\"n\", qop=\"auth\"");
    let mut session = Session::new(&digest_challenge(&text), Qop::Auth).unwrap();
    let mut next = || session.answer(&account(), &request(), &mut Ids::counting()).unwrap();
    let mut serve = |sent: &DigestCredentials<'_>| {
        verify(sent, &wanted(), &account()).counted(&sent.nonce, &mut counts)
    };
    let (first, second) = (next(), next());
    assert_eq!(serve(&second), Outcome::Accepted { nc: Some(2), issued: 0 });
    assert_eq!(serve(&second), Outcome::Replayed);
    assert_eq!(serve(&first), Outcome::Replayed);
    assert_eq!(serve(&next()), Outcome::Accepted { nc: Some(3), issued: 0 });

    let mut wrong = next();
    wrong.response = "0".repeat(32).into();
    assert_eq!(serve(&wrong), Outcome::WrongResponse);
}

#[test]
fn without_a_count_a_nonce_is_good_once() {
    let mut counts = NonceCounts::new(8);
    let sent = right("");
    let accepted = Outcome::Accepted { nc: None, issued: 0 };
    let mut serve = || verify(&sent, &wanted(), &account()).counted("n", &mut counts);
    assert_eq!(serve(), accepted);
    assert_eq!(serve(), Outcome::Replayed);
}

#[test]
fn a_kept_session_key_outlives_its_nonces() {
    let text = format!("Digest realm=\"{REALM}\", nonce=\"n\", qop=\"auth\", algorithm=MD5-sess");
    let mut session = Session::new(&digest_challenge(&text), Qop::Auth).unwrap();
    let mut next = |nonce| {
        session.next_nonce(nonce);
        session.answer(&account(), &request(), &mut Ids::counting()).unwrap()
    };
    let first = next("n");
    let base = account().key(HashFunction::Md5, REALM).unwrap();
    let key = base.session("n", first.cnonce.as_deref().unwrap());
    let kept = Expected { session_key: Some(&key), ..wanted() };
    let second = next("m");
    assert_eq!((&*second.nonce, second.count()), ("m", Some(1)));
    let accepted = Outcome::Accepted { nc: Some(1), issued: 0 };
    assert_eq!(verify(&first, &kept, &account()), accepted);
    assert_eq!(verify(&second, &kept, &account()), accepted);
    assert_eq!(verify(&second, &wanted(), &account()), Outcome::WrongResponse);
}

#[test]
fn a_kept_session_key_is_for_sessions_alone() {
    let key = account().key(HashFunction::Md5, REALM).unwrap().session("n", "c");
    let kept = Expected { session_key: Some(&key), ..wanted() };
    let accepted = Outcome::Accepted { nc: Some(1), issued: 0 };
    assert_eq!(verify(&right(", qop=\"auth\""), &kept, &account()), accepted);
}

#[test]
fn a_hash_is_no_extended_name() {
    let mut sent = right(", qop=\"auth\", userhash=true");
    assert!(account().is_named_by(&sent));
    let name = sent.username.as_str().to_owned();
    sent.username = crate::header::auth::Username::Extended(name.into());
    assert_eq!(verify(&sent, &wanted(), &account()), Outcome::WrongUser);
}

#[test]
fn a_wrong_proof_is_noticed() {
    let sent = right(", qop=\"auth-int\"");
    let info = confirm(&sent, &account(), b"ok", Some("next")).unwrap();
    assert_eq!(check(&info, &sent, &account(), b"ok"), Proof::Right);
    assert_eq!(check(&info, &sent, &account(), b"ko"), Proof::Wrong);
    let stranger = Account::with_password("alice", "guess");
    assert_eq!(check(&info, &sent, &stranger, b"ok"), Proof::Wrong);
    assert_eq!(check(&info, &sent, &stranger.only_in("x"), b"ok"), Proof::Wrong);

    type Spoil = fn(&mut crate::header::AuthenticationInfo<'static>);
    let table: [(Spoil, Proof); 7] = [
        (|info| info.rspauth = None, Proof::Missing),
        (|info| info.rspauth = Some("".into()), Proof::Wrong),
        (|info| info.cnonce = Some("x".into()), Proof::Wrong),
        (|info| info.nc = Some("00000002".into()), Proof::Wrong),
        (|info| info.qop = Some("auth".into()), Proof::Wrong),
        (|info| info.qop = Some("x".into()), Proof::Wrong),
        (|info| (info.qop, info.nc, info.cnonce) = (None, None, None), Proof::Right),
    ];
    for (spoil, proof) in table {
        let mut info = info.clone();
        spoil(&mut info);
        assert_eq!(check(&info, &sent, &account(), b"ok"), proof, "{info:?}");
    }
}

proptest! {
    #[test]
    fn the_right_password_is_taken_and_no_other(
        username in "[^\\r\\n\\x00]{1,12}",
        realm in "[^\\r\\n\\x00]{0,12}",
        password in "\\PC{0,12}",
        other in "\\PC{0,12}",
        body in prop::collection::vec(any::<u8>(), 0..40),
        algorithm in prop::sample::select(vec!["MD5", "MD5-sess", "SHA-256", "sha-256-SESS", "SHA-512-256"]),
        qops in prop::sample::select(vec![vec![], vec![Qop::Auth], vec![Qop::AuthInt, Qop::Auth]]),
        (prefer_int, userhash) in any::<(bool, bool)>(),
        uses in 1u32..4,
    ) {
        let algorithm = Algorithm::parse(algorithm).unwrap();
        let asked = Challenges {
            algorithms: &[algorithm],
            qops: &qops,
            userhash,
            ..Challenges::new(&realm)
        };
        let line = asked.build("5f3a", false).next().unwrap().to_text();
        let prefer = if prefer_int { Qop::AuthInt } else { Qop::Auth };
        let account = Account::with_password(&username, &password);
        let mut session = Session::new(&digest_challenge(&line), prefer).unwrap();
        for count in 1..=uses {
            let request = Covered { method: Method::Message, uri: "sip:a@b", body: &body };
            let sent = session.answer(&account, &request, &mut Ids::counting()).unwrap();
            let line = Credentials::Digest(sent).to_text();
            let arrived = credentials(&line);
            let expected = Expected { body: &body, ..expected(&realm, Method::Message, "sip:a@b") };
            let nc = (!qops.is_empty()).then_some(count);
            prop_assert_eq!(verify(&arrived, &expected, &account), Outcome::Accepted { nc, issued: 0 });
            if other != password {
                let guessed = Account::with_password(&username, &other);
                prop_assert_eq!(verify(&arrived, &expected, &guessed), Outcome::WrongResponse);
            }
        }
    }
}

#[test]
fn from_the_first_request_to_the_confirmation() {
    let source = NonceSource::new([9; 32], 60);
    let mut counts = NonceCounts::new(16);
    let mut ids = Ids::counting();
    let mut client = ClientAuth::new(account());
    let mut sent: Vec<Answer> = Vec::new();
    // Seconds between the requests, and whether the answer to the first try is accepted.
    for (now, first_try) in [(1_000u64, false), (1_010, true), (1_100, false), (1_101, true)] {
        let mut tries = 0;
        let outcome = loop {
            tries += 1;
            let (outcome, stale) = match sent.first().and_then(|sent| sent.credentials.as_digest())
            {
                Some(arrived) => {
                    let nonce = source.verify(&arrived.nonce, now, b"flow");
                    let expected = Expected { nonce, ..wanted() };
                    let outcome =
                        verify(arrived, &expected, &account()).counted(&arrived.nonce, &mut counts);
                    (outcome, outcome == Outcome::Stale)
                }
                None => (Outcome::Unproven, false),
            };
            if let Outcome::Accepted { .. } = outcome {
                break outcome;
            }
            let nonce = source.issue(now, b"flow", &mut ids);
            let challenges: Vec<Challenge<'_>> =
                Challenges::new(REALM).build(&nonce, stale).collect();
            assert_eq!(
                client.challenged(Challenger::Server, &challenges, &sent),
                Ok(()),
                "{outcome:?}"
            );
            sent = client.answers(&request(), &mut ids).unwrap();
        };
        assert_eq!(tries == 1, first_try, "{now}: {outcome:?}");
        let arrived = sent[0].credentials.as_digest().unwrap();
        assert_eq!(arrived.algorithm_name(), "SHA-512-256");
        let info = confirm(arrived, &account(), b"", None).unwrap();
        assert_eq!(client.confirmed(&sent[0], Some(&info), b""), Proof::Right);
        sent = client.answers(&request(), &mut ids).unwrap();
    }
}
