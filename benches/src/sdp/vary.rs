//! What differs between look-alikes of session descriptions.

use crate::vary::{self, Dice, Words, pick, with_words};

const WORDS: Words = &[
    ("o=alice", &["o=-", "o=ann", "o=caroline.m", "o=maximilian", "o=d-9"]),
    (
        "pc33.home1.example.com",
        &["ue.ims.example.com", "h1.example.net", "a17.home-one.example.org"],
    ),
    ("IN IP4 192.0.2.44", &["IN IP4 198.51.100.7", "IN IP4 192.0.2.201", "IN IP6 2001:db8::1:25"]),
    ("m=audio 49170", &["m=audio 4000", "m=audio 50002", "m=audio 16384"]),
    ("m=video 51372", &["m=video 4002", "m=video 50004", "m=video 16386"]),
    ("7654", &["9", "2855", "49152", "9000"]),
    (" 97 98 ", &[" 98 97 ", " 97 98 18 ", " 97 98 9 "]),
    ("AMR-WB/16000/1", &["AMR-WB/16000", "EVS/16000/1", "opus/48000/2"]),
    (
        "mode-change-capability=2;max-red=220",
        &["mode-set=0,1,2;max-red=0", "br=5.9-24.4;bw=nb-swb"],
    ),
    ("profile-level-id=42e01f", &["profile-level-id=640c1f", "profile-level-id=42000a"]),
    ("a=ptime:20", &["a=ptime:30", "a=ptime:10"]),
    ("a=sendrecv", &["a=sendonly", "a=inactive", "a=recvonly"]),
    ("actpass", &["active", "passive"]),
    ("octet-stream", &["pdf", "vnd.example.own", "zip"]),
    ("My cool picture.jpg", &["IMG_0001.jpg", "Ferien am Meer 17.jpeg", "a%22b.jpg"]),
    ("image/jpeg", &["image/png", "image/heic", "video/mp4"]),
    ("size:32349", &["size:4092", "size:104857600", "size:700000"]),
    ("attachment", &["render", "attachment;handling=optional"]),
    (
        "Mon, 15 May 2006 15:01:31 +0300",
        &["Tue, 03 Nov 2026 08:00:00 +0000", "Sun, 01 Mar 2026 23:59:59 -0700"],
    ),
];

/// Marks behind which an identifier stands, and the letters of others.
const MARKS: &[(&str, &[u8])] = &[
    ("o=alice 3", b"0123456789"),
    ("a=file-transfer-id:", b"0123456789abcdefghijkmnpqrstuvwxyzABCDEFGHKLMNPQRSTUVWXYZ"),
    (":7654/", b"0123456789abcdefghijkmnpqrstuvwxyzABCDEFGHKLMNPQRSTUVWXYZ"),
    ("SHA-1 ", b"0123456789ABCDEF"),
    ("hash:sha-1:", b"0123456789ABCDEF"),
];

/// The fixture and `count - 1` look-alikes.
pub(crate) fn vary(fixture: &[u8], count: usize) -> Vec<Vec<u8>> {
    vary::vary(fixture, count, |text, dice| with_words(&with_ids(text, dice), WORDS, dice).into())
}

/// Other identifiers, each as long as the one before and with its colons where they were.
fn with_ids(text: &str, dice: &mut Dice) -> String {
    let mut text = text.to_owned();
    for (mark, alphabet) in MARKS {
        let Some(at) = text.find(mark) else { continue };
        let (before, rest) = text.split_at(at + mark.len());
        let is_id = |c: char| c.is_ascii_alphanumeric() || c == ':';
        let (old, after) = rest.split_at(rest.find(|c| !is_id(c)).unwrap_or(rest.len()));
        let new: String =
            old.chars().map(|c| if c == ':' { c } else { pick(alphabet, dice) }).collect();
        text = format!("{before}{new}{after}");
    }
    text
}
