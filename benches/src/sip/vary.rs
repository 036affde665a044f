//! Makes look-alikes of a fixture: other words, same grammar, about the same size.

use std::collections::HashMap;

use crate::sip::corpus::find;

/// A look-alike may be this much longer or shorter than its fixture, in percent.
const SIZE_BAND: usize = 10;

/// Text that stands for one real thing throughout a message, and what may stand in for it.
const WORDS: &[(&str, &[&str])] = &[
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

/// SplitMix64: small, seeded, and good enough to keep a branch predictor guessing.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % sides.max(1) as u64) as usize
    }
}

/// The fixture and `count - 1` look-alikes, the same ones in every run.
///
/// # Panics
///
/// If the fixture cannot be varied within the size band, which is a fault of the tables above.
pub(crate) fn vary(fixture: &[u8], count: usize) -> Vec<Vec<u8>> {
    let Ok(text) = std::str::from_utf8(fixture) else {
        panic!("a fixture is not UTF-8");
    };
    let slack = text.len() * SIZE_BAND / 100;
    let mut dice = Dice(0x6d69_7373_6976_6121);
    let mut made = vec![fixture.to_vec()];
    for _ in 0..count * 50 {
        if made.len() == count {
            return made;
        }
        let other = with_length(&with_ids(&with_words(text, &mut dice), &mut dice));
        if other.len().abs_diff(text.len()) <= slack && !made.contains(&other) {
            made.push(other);
        }
    }
    panic!("only {} of {count} look-alikes fit the size band", made.len());
}

fn with_words(text: &str, dice: &mut Dice) -> String {
    let mut text = text.to_owned();
    for (word, others) in WORDS {
        // One side of the die keeps the original.
        if let Some(other) = others.get(dice.roll(others.len() + 1)) {
            text = text.replace(word, other);
        }
    }
    text
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

fn pick(alphabet: &[u8], dice: &mut Dice) -> char {
    char::from(alphabet[dice.roll(alphabet.len())])
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
