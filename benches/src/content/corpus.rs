//! The inputs: fixtures with their look-alikes, and a multipart that is made.

use bytes::Bytes;

use crate::vary::{self, Dice, Words, pick, with_words};

/// Messages in a rotation.
const ROTATION: usize = 32;

const CHAT: &[u8] = include_bytes!("../../fixtures/chat.cpim");
const DELIVERED: &[u8] = include_bytes!("../../fixtures/delivered.imdn");
const ACTIVE: &[u8] = include_bytes!("../../fixtures/active.composing");

/// Parts of the large multipart.
pub const PARTS: usize = 3;
/// About how many bytes the large multipart has.
pub const LARGE: usize = 10 * 1024 * 1024;
/// What separates its parts.
pub const BOUNDARY: &str = "boundary-7a1f08c2e4b94d6f";

const WORDS: Words = &[
    (
        "From: <sip:anonymous@anonymous.invalid>",
        &["From: <sip:alice@home1.example.net>", "From: Alice <im:al@example.com>"],
    ),
    (
        "To: <sip:anonymous@anonymous.invalid>",
        &["To: <tel:+12015550123>", "To: <sip:+12015550199@ims.example.com>"],
    ),
    (
        "positive-delivery, display",
        &["display, positive-delivery", "positive-delivery,negative-delivery"],
    ),
    (".123Z", &["Z", "+01:00", ".5Z"]),
    ("station", &["harbour", "library", "corner"]),
    ("<delivered/>", &["<failed/>", "<error/>", "<forbidden/>"]),
    ("<state>active</state>", &["<state>idle</state>"]),
    (">60<", &[">90<", ">120<"]),
    ("text/plain<", &["image<", "text/html<"]),
];

/// A chat message with the headers of IMDN.
#[must_use]
pub fn chat() -> Vec<Bytes> {
    look_alikes(CHAT)
}

/// A report of delivery.
#[must_use]
pub fn delivered() -> Vec<Bytes> {
    look_alikes(DELIVERED)
}

/// A sign of typing.
#[must_use]
pub fn active() -> Vec<Bytes> {
    look_alikes(ACTIVE)
}

fn look_alikes(fixture: &[u8]) -> Vec<Bytes> {
    let change =
        |text: &str, dice: &mut Dice| with_words(&with_digits(text, dice), WORDS, dice).into();
    vary::vary(fixture, ROTATION, change).into_iter().map(Bytes::from).collect()
}

/// Another identifier and another time.
fn with_digits(text: &str, dice: &mut Dice) -> String {
    let id: String = (0..16).map(|_| pick(b"0123456789abcdef", dice)).collect();
    let time = format!("T0{}:{}{}:27", dice.roll(10), dice.roll(6), dice.roll(10));
    text.replace("7a1f08c2e4b94d6f", &id).replace("T06:54:27", &time)
}

/// Multiparts of 10 MB: two small parts and a large one, whose bytes are of any value and full of line ends.
#[must_use]
pub fn large() -> Vec<Bytes> {
    (0..2u64).map(multipart).collect()
}

fn multipart(seed: u64) -> Bytes {
    let mut body = format!(
        "--{BOUNDARY}\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n\r\n--{BOUNDARY}\r\n\
         Content-Type: text/plain\r\n\r\nHello\r\n--{BOUNDARY}\r\nContent-Type: video/mp4\r\n\
         Content-Transfer-Encoding: binary\r\n\r\n"
    )
    .into_bytes();
    let mut state = seed.wrapping_mul(2).wrapping_add(0x9e37_79b9_7f4a_7c15);
    while body.len() < LARGE {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        body.extend_from_slice(&state.to_le_bytes());
        if state.is_multiple_of(16) {
            body.extend_from_slice(b"\r\n--");
        }
    }
    body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
    body.into()
}
