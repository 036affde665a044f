//! Published responses, and responses computed elsewhere.

use super::*;

const ACCEPTED: Outcome = Outcome::Accepted { nc: Some(1), issued: 0 };

#[test]
fn rfc_2617_section_3_5() {
    let sent = credentials(
        "Digest username=\"Mufasa\", realm=\"testrealm@host.com\", \
         nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", uri=\"/dir/index.html\", qop=auth, nc=00000001, \
         cnonce=\"0a4f113b\", response=\"6629fae49393a05397450978507c4ef1\", \
         opaque=\"5ccc069c403ebaf9f0171e9517f40e41\"",
    );
    let account = Account::with_password("Mufasa", "Circle Of Life");
    let expected = expected("testrealm@host.com", Method::Other("GET"), "/dir/index.html");
    assert_eq!(verify(&sent, &expected, &account), ACCEPTED);
}

#[test]
fn rfc_7616_section_3_9_1() {
    let table = [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ];
    let account = Account::with_password("Mufasa", "Circle of Life");
    let expected = expected("http-auth@example.org", Method::Other("GET"), "/dir/index.html");
    for (algorithm, response) in table {
        let text = format!(
            "Digest username=\"Mufasa\", realm=\"http-auth@example.org\", uri=\"/dir/index.html\", \
             algorithm={algorithm}, nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", nc=00000001, \
             cnonce=\"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ\", qop=auth, response=\"{response}\", \
             opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\""
        );
        let outcome = verify(&credentials(&text), &expected, &account);
        assert_eq!(outcome, ACCEPTED, "{algorithm}");
    }
}

/// As erratum 4897 corrects it: the text of the RFC has the first half of a SHA-512, which is no SHA-512/256.
/// The corrected values are also what Python's `hashlib.new("sha512_256")` computes.
#[test]
fn rfc_7616_section_3_9_2() {
    let corrected = (
        "793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b",
        "3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5",
    );
    let printed = (
        "488869477bf257147b804c45308cd62ac4e25eb717b12b298c79e62dcea254ec",
        "ae66e67d6b427bd3f120414a82e4acff38e8ecd9101d6c861229025f607a79dd",
    );
    let table = [
        (corrected.0, corrected.1, ACCEPTED),
        (corrected.0, printed.1, Outcome::WrongResponse),
        (printed.0, printed.1, Outcome::WrongUser),
    ];
    let account = Account::with_password("J\u{e4}s\u{f8}n Doe", "Secret, or not?");
    let expected = expected("api@example.org", Method::Other("GET"), "/doe.json");
    for (username, response, outcome) in table {
        let text = format!(
            "Digest username=\"{username}\", realm=\"api@example.org\", uri=\"/doe.json\", \
             algorithm=SHA-512-256, nonce=\"5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK\", nc=00000001, \
             cnonce=\"NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v\", qop=auth, response=\"{response}\", \
             opaque=\"HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS\", userhash=true"
        );
        assert_eq!(verify(&credentials(&text), &expected, &account), outcome, "{response}");
    }
}

/// Algorithm, quality, response to an INVITE with the body `v=0` and a line end, proof in a 200 without a body.
///
/// The oracle is Python's `hashlib` over the formulas of RFC 7616 section 3.4; user `bob`, password `zanzibar`,
/// and the names in [`both_sides_compute_what_the_oracle_does`].
const ORACLE: &[(&str, &str, &str, &str)] = &[
    ("MD5", "", "bf57e4e0d0bffc0fbaedce64d59add5e", "748e424548c73d52e3bde6eef2d03c69"),
    ("MD5", "auth", "c3f13a625d694ec96de9898e59cf6396", "9e38f825091cc472e2e28a1286f81ed1"),
    ("MD5", "auth-int", "310fdfdc0515672c4f03ad8180342c36", "06fe4367bf29a1183126ca02021200ab"),
    ("MD5-sess", "", "b5ae56d91c6360327c3f31f00cde12f3", "2e16928f29ec350ff9f5a472701a53e5"),
    ("MD5-sess", "auth", "a13f06137edceab073a309360577ce96", "d6af0febfe3ced4396b7d57f7d85b156"),
    (
        "MD5-sess",
        "auth-int",
        "a39a4adddeb44645462196bf8c2c5f7e",
        "4131372d906d21cf8bd47966c514b054",
    ),
    (
        "SHA-256",
        "",
        "38aad98c50c33abe72c5f88dd17246ffcfa6b1f68852c855719ff0659386c0ca",
        "a1423b6e354160f82dc8b2d959d0929697882718f960d1d2bd83077962d593c3",
    ),
    (
        "SHA-256",
        "auth",
        "3e498cb4af20400b07049a71b1afd76e447fc86aa65e655e5b947947fece9d6b",
        "79ab2863902d5edfa5ca51a7ab24e1153ffbd587fdae35cad27a4cb1fc69773f",
    ),
    (
        "SHA-256",
        "auth-int",
        "ba51fd6d7fe78707df718815602b0bc791bfc643c8aff40a75358ebcc31658fd",
        "5d85e21f51155873124f21abfb1e66131aa7e15fd5edbb3a8ab8456d209aac96",
    ),
    (
        "SHA-256-sess",
        "",
        "882f0bd02bbc9f140d509d76abfb5570cb86d197f1f8c19c44ab2bd40f261ddf",
        "f56ef49bac6f5c045bdfe3071cdeed82d22dec73aeee73990e3ee1e16649e36c",
    ),
    (
        "SHA-256-sess",
        "auth",
        "7c2d6c57a08ce669820e99a8213c0daca022153659a3fb0e7e46f30827802da8",
        "455f7e096b8056baa32c7abf70b10c0ab16c33a5ca879e6dba0703e3a6063afc",
    ),
    (
        "SHA-256-sess",
        "auth-int",
        "ff4f2a88326c7d81abdffddf2848a496a0ed2fdebc742b295c0ba5e6f6eda200",
        "34eb1172bf81714133f4ec5cc6da2bb4b9358933ed5552ef0a88b3ac997dc172",
    ),
    (
        "SHA-512-256",
        "",
        "9e960b3a01beb63f1ea5d45d43bd8a2178879d3c9ddbbdb0624187ca823c6eca",
        "ce95c1d398864ebbee4c4707f825f61e7ea7be76960b3f6b0ad268173420ea8f",
    ),
    (
        "SHA-512-256",
        "auth",
        "368b94a074599e70c6958e0e202fe99196bc766c80961bbb2c089b5a3b827327",
        "86249fa0a9c2f79ac4951ebdc8cafc7b5416b177726657c8017693888797aa3c",
    ),
    (
        "SHA-512-256",
        "auth-int",
        "2e4f1da375f907b6d10c80819dee1ab0f8541b311783648ebb8b990fc2fb4a7a",
        "a3eb9288b085ee8a08bfbe59012324def5dc2de4a00756932a01ed5af199a44c",
    ),
    (
        "SHA-512-256-sess",
        "",
        "b2252390fd5a6f16779c345e4e2e52f41c60759e60ef33d0d6729dcdf080a51a",
        "e37f52a139c64f1818b8ad331b449af23b91bcc710da7c7224c60dcd1486635d",
    ),
    (
        "SHA-512-256-sess",
        "auth",
        "79446f8bcd7899290dbf0cc4875d4388d8b8ee7ba0fa862f9475090fedbe12bd",
        "d7d3c1713afb114477cfd2506c2bbdbdab843a784568b5eef465df2830f2de3d",
    ),
    (
        "SHA-512-256-sess",
        "auth-int",
        "56c59abbed1d3910b0520affb66dbff9c7572199ae479a7de331bfdd0b9a5bf0",
        "29b67650309cd399d7a159665c9bc0e0f1832f52319bec2a39611f87d7b3a744",
    ),
];

#[test]
fn both_sides_compute_what_the_oracle_does() {
    let account = Account::with_password("bob", "zanzibar");
    for &(algorithm, qop, response, proof) in ORACLE {
        let offered = match qop {
            "" => String::new(),
            qop => format!(", qop=\"{qop}\""),
        };
        let text = format!(
            "Digest realm=\"biloxi.com\", nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", \
             algorithm={algorithm}{offered}"
        );
        let mut session = Session::new(&digest_challenge(&text), Qop::Auth).unwrap();
        let request =
            Covered { method: Method::Invite, uri: "sip:bob@biloxi.com", body: b"v=0\r\n" };
        let sent = session.answer(&account, &request, &mut Ids::fixed()).unwrap();
        assert_eq!(sent.response, response, "{algorithm} {qop}");

        let expected = Expected {
            body: request.body,
            ..expected("biloxi.com", Method::Invite, "sip:bob@biloxi.com")
        };
        let outcome = verify(&sent, &expected, &account);
        let nc = (!qop.is_empty()).then_some(1);
        assert_eq!(outcome, Outcome::Accepted { nc, issued: 0 });

        let info = confirm(&sent, &account, b"", None).unwrap();
        assert_eq!(info.rspauth.as_deref(), Some(proof), "{algorithm} {qop}");
        assert_eq!(check(&info, &sent, &account, b""), Proof::Right);
        assert_eq!((info.qop.is_some(), info.nc.is_some()), (nc.is_some(), nc.is_some()));
    }
}
