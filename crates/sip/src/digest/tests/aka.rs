//! AKA: passwords, nonces and the two ways of an answer.

use super::*;
use crate::header::auth::Username;
use missiva_core::FaultKind;

const RES: [u8; 8] = [0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17];

/// Sixteen bytes that count up from the first one.
fn key(first: u8) -> [u8; 16] {
    std::array::from_fn(|at| first + u8::try_from(at).unwrap())
}

/// RAND and AUTN of the bytes 0 to 31, and two more of the server.
const NONCE: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh///g==";
const REGISTER: Covered<'static> =
    Covered { method: Method::Register, uri: "sip:ims.example", body: b"" };

/// The name of the algorithm, the password where it is text, the response to the first request.
///
/// The oracle is Python: `hmac.new(res + ik + ck, b"http-digest-akav2-password", hash)` in base64, then `hashlib` over
/// `alice:ims.example:` with the password, `REGISTER:sip:ims.example`, and the nonces between them.
const ANSWERS: [(&str, &str, &str); 5] = [
    ("AKAv1-MD5", "", "ebcd9cda276b855ad4051472e8ba7ec5"),
    ("AKAv1-SHA-256", "", "5b51f4d0652095ce581b0c27f2acac668c0bb0fcd20aac708f93e14cf2ef53ac"),
    ("AKAv2-MD5", "ZWC6r719/sEJ6FhQISwdjA==", "b1220a97901c47ffdece7fcfdc5036d4"),
    (
        "AKAv2-SHA-256",
        "7e6gxCGA5R9dtOuuJhTGFIVLWjWNh7gfZgFwRIieppM=",
        "0880fd8854cd00080043229a1b02c86074c404680ddc6f17a889b29dbb0c1815",
    ),
    (
        "AKAv2-SHA-512-256",
        "Ty1/mc+Yo5hLaVeGt/EpDwehS6lAeSPJhu0sVX+1tcY=",
        "094545e486604da6c0f4f7d43de32b7bc67653421818468a5ba42f8d1c20c08c",
    ),
];

fn line(algorithm: &str) -> String {
    format!("Digest realm=\"ims.example\", nonce=\"{NONCE}\", qop=\"auth\", algorithm={algorithm}")
}

#[test]
fn answers_are_computed_with_what_the_sim_gave() {
    for (name, text, response) in ANSWERS {
        let algorithm = AkaAlgorithm::parse(name).unwrap();
        let password = algorithm.password(&RES, &key(0x20), &key(0x40));
        let expected_password = if text.is_empty() { &RES[..] } else { text.as_bytes() };
        assert_eq!(password, expected_password, "{name}");

        let line = line(name);
        let asked = digest_challenge(&line);
        let account = Account::with_password("alice", &password);
        let mut session = Session::with_aka(&asked, Qop::Auth).unwrap();
        let answer = session.answer(&account, &REGISTER, &mut Ids::fixed()).unwrap();
        assert_eq!((&*answer.response, answer.algorithm_name()), (response, name));

        let read = Credentials::Digest(answer.clone()).to_text();
        let read = credentials(&read);
        let expected = expected("ims.example", Method::Register, "sip:ims.example");
        let accepted = Outcome::Accepted { nc: Some(1), issued: 0 };
        assert_eq!(verify_aka(&read, &expected, algorithm, &account), accepted, "{name}");
        let wrong = Account::with_password("alice", "RES");
        assert_eq!(verify_aka(&read, &expected, algorithm, &wrong), Outcome::WrongResponse);
        // Whoever did not challenge with AKA does not take it, nor one version for the other.
        assert_eq!(verify(&read, &expected, &account), Outcome::Unsupported);
        let version = match algorithm.version {
            AkaVersion::V1 => AkaVersion::V2,
            AkaVersion::V2 => AkaVersion::V1,
        };
        let other = AkaAlgorithm { version, ..algorithm };
        assert_eq!(verify_aka(&read, &expected, other, &account), Outcome::Unsupported);

        let info = confirm(&read, &account, b"", None).unwrap();
        assert_eq!(check(&info, &answer, &account, b""), Proof::Right, "{name}");
        assert_eq!(check(&info, &answer, &wrong, b""), Proof::Wrong, "{name}");
    }
}

#[test]
fn a_password_that_no_sim_made_is_not_offered() {
    for (name, ..) in ANSWERS {
        let line = line(name);
        assert!(Session::new(&digest_challenge(&line), Qop::Auth).is_none());
    }
    let plain = line("MD5");
    assert!(Session::with_aka(&digest_challenge(&plain), Qop::Auth).is_none());
}

#[test]
fn a_sim_out_of_step_answers_with_its_count() {
    let auts = Auts(std::array::from_fn(|at| u8::try_from(at).unwrap()));
    let line = line("AKAv1-MD5");
    let mut session = Session::with_aka(&digest_challenge(&line), Qop::Auth).unwrap();
    let answer = session.resynchronise("alice", auts, &REGISTER, &mut Ids::fixed()).unwrap();
    let text = Credentials::Digest(answer).to_text();
    let read = credentials(&text);
    assert_eq!(read.auts.as_deref(), Some("AAECAwQFBgcICQoLDA0="));
    assert_eq!(Auts::parse(read.auts.as_deref().unwrap()), Ok(auts));
    assert_eq!(
        (&*read.response, &read.username),
        ("1192dd92a64c5561c43448c66477d61d", &Username::new("alice"))
    );

    let expected = expected("ims.example", Method::Register, "sip:ims.example");
    let algorithm = AkaAlgorithm::parse("AKAv1-MD5").unwrap();
    let account = Account::with_password("alice", RES);
    let outcome = verify_aka(&read, &expected, algorithm, &account);
    assert_eq!((outcome, outcome.reply()), (Outcome::Unproven, Reply::Challenge { stale: false }));
}

#[test]
fn a_nonce_is_taken_apart_and_put_together() {
    let nonce = AkaNonce::parse(NONCE).unwrap();
    assert_eq!((nonce.rand, nonce.autn), (key(0), key(16)));
    assert_eq!((&*nonce.server_data, &*nonce.to_text()), (&[0xff, 0xfe][..], NONCE));
    let bare = AkaNonce { server_data: Vec::new(), ..nonce };
    let text = bare.to_text();
    assert_eq!(AkaNonce::parse(text.trim_end_matches('=')), Ok(bare));
    let table = [
        ("", FaultKind::End),
        ("AAAA", FaultKind::End),
        ("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg==", FaultKind::End),
        ("A", FaultKind::Value),
        ("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=A", FaultKind::Value),
        ("AAEC AwQF", FaultKind::Value),
        ("AAEC-_", FaultKind::Value),
    ];
    for (text, kind) in table {
        assert_eq!(AkaNonce::parse(text).map_err(|fault| fault.kind), Err(kind), "{text}");
    }
    for text in ["", "AAECAwQFBgcICQoLDA==", "AAECAwQFBgcICQoLDA0O", "#AECAwQFBgcICQoLDA0="] {
        assert_eq!(Auts::parse(text).map_err(|fault| fault.kind), Err(FaultKind::Value), "{text}");
    }
}

#[test]
fn names_have_a_version_and_a_digest() {
    for name in ["AKAv1-MD5", "AKAv1-MD5-sess", "AKAv2-SHA-512-256", "AKAv2-SHA-256-sess"] {
        assert_eq!(AkaAlgorithm::parse(name).unwrap().to_string(), name);
        assert!(AkaAlgorithm::parse(&name.to_lowercase()).is_some());
        assert!(Algorithm::parse(name).is_none());
    }
    for name in ["MD5", "AKAv3-MD5", "AKAv1", "AKAv1-", "AKAv1-X", "AKA-MD5", "MD5-sess"] {
        assert_eq!(AkaAlgorithm::parse(name), None, "{name}");
    }
}
