//! What differs between look-alikes of SIP messages.

use std::collections::HashMap;

use crate::sip::corpus::find;
use crate::vary::{self, Dice, Words, pick, with_words};

/// Text that stands for one real thing throughout a message, and what may stand in for it.
const WORDS: Words = &[
    ("Alice Example", &["Ann Example", "Caroline M. Example", "Zoe Example-Longname", "D Example"]),
    ("alice", &["ann", "caroline.m", "zoe_42", "+12015550144", "d-9", "maximilian"]),
    ("bob", &["robert", "b", "bo.b", "+12015550177", "hannah%20b", "ulrich-7"]),
    ("home1.example.com", &["ims.example.com", "home-one.example.com", "h1.example.com"]),
    ("home2.example.net", &["ims2.example.net", "h2.example.net", "far-away.example.net"]),
    ("visit1.example.org", &["v.example.org", "visited-17.example.org", "roam.example.org"]),
    ("2001:db8:10::25", &["2001:db8::1", "2001:db8:10:44::1:25", "2001:db8:7::a"]),
    ("192.0.2.44", &["192.0.2.9", "192.0.2.201", "198.51.100.77"]),
    (";comp=sigcomp", &["", ";comp=sigcomp;keep", ";alias"]),
    (";rport", &["", ";rport=5061", ";rport;keep=30"]),
    (";ob>", &[">", ";ob;transport=tcp>", ";transport=udp;ob>"]),
    (";lr;orig", &[";lr", ";lr;orig;ue-rx=1", ";orig;lr"]),
    (", gruu", &["", ", gruu, outbound", ", norefersub"]),
    (", REFER", &["", ", REFER, NOTIFY", ", INFO"]),
    (", 100rel", &["", ", 100rel, replaces", ", precondition"]),
    (";explicit", &["", ";explicit;video"]),
    ("TCP ", &["UDP ", "TLS ", "TCP "]),
    (
        "Hello Bob, are you in the office today?",
        &["See you.", "Running late; wait for me at the gate?"],
    ),
];

/// Marks behind which an identifier stands; each is replaced by another of similar length.
const MARKS: &[&str] = &[
    "branch=z9hG4bK",
    ";tag=",
    "Call-ID: ",
    "icid-value=\"",
    "Conversation-ID: ",
    "Contribution-ID: ",
    "imei:",
    "<sip:cb03",
    "<sip:6fbe",
];

/// The fixture and `count - 1` look-alikes.
pub(crate) fn vary(fixture: &[u8], count: usize) -> Vec<Vec<u8>> {
    vary::vary(fixture, count, |text, dice| {
        with_length(&with_ids(&with_words(text, WORDS, dice), dice))
    })
}

fn with_ids(text: &str, dice: &mut Dice) -> String {
    let mut seen: HashMap<String, String> = HashMap::new();
    let mut out = String::with_capacity(text.len() + 64);
    let mut rest = text;
    while let Some((at, mark)) =
        MARKS.iter().filter_map(|mark| rest.find(mark).map(|at| (at, *mark))).min()
    {
        let (before, tail) = rest.split_at(at + mark.len());
        let end = tail
            .find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '.'))
            .unwrap_or(tail.len());
        let (old, after) = tail.split_at(end);
        out.push_str(before);
        // A value that occurs twice (a tag in From and in Replaces, say) stays the same value.
        let new = seen.entry(old.to_owned()).or_insert_with(|| other_id(old, mark, dice));
        out.push_str(new);
        rest = after;
    }
    out + rest
}

/// Another identifier in the alphabet of `old`; its length moves a little unless fixed by form.
fn other_id(old: &str, mark: &str, dice: &mut Dice) -> String {
    let fixed = mark.ends_with("-ID: ") && mark != "Call-ID: " || mark == "imei:";
    let alphabet: &[u8] = match mark {
        "imei:" => b"0123456789",
        _ if fixed => b"0123456789abcdef",
        _ => b"0123456789abcdefghijkmnpqrstuvwxyzABCDEFGHKLMNPQRSTUVWXYZ",
    };
    let mut new: String = old
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { pick(alphabet, dice) } else { c })
        .collect();
    if !fixed {
        for _ in 0..dice.roll(8) {
            new.push(pick(alphabet, dice));
        }
        let keep = new.len().max(6) - dice.roll(4);
        new.truncate(keep);
    }
    new.trim_end_matches(['.', '-']).to_owned()
}

/// Writes the Content-Length that the changed body has.
fn with_length(text: &str) -> Vec<u8> {
    let Some(head_end) = find(text.as_bytes(), b"\r\n\r\n") else {
        return text.as_bytes().to_vec();
    };
    let (head, body) = text.split_at(head_end + 4);
    let Some(at) = head.rfind("Content-Length: ") else {
        return text.as_bytes().to_vec();
    };
    format!("{}Content-Length: {}\r\n\r\n{body}", &head[..at], body.len()).into_bytes()
}
