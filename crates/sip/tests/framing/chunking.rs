//! However a stream is cut, the frames and the faults are the same.

use super::*;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

pub(crate) const SMALL: Limits =
    Limits { max_head: 260, max_header: 90, max_headers: 7, max_body: 24 };

fn start_line() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => Just("MESSAGE sip:a@example.com SIP/2.0".to_owned()),
        3 => Just("SIP/2.0 200 OK".to_owned()),
        1 => select(vec!["SIP/2.0 2000 OK", "MESSAGE sip:a", "", "sip", "A\tsip:b SIP/2.0", "SIP/2.0 200"]).prop_map(str::to_owned),
        1 => "[ -~]{0,30}",
    ]
}

fn line() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => "[A-Za-z]{1,9}: [!-~ ]{0,20}",
        2 => "X: [a-z]{1,9}(\r\n [a-z]{0,9}){1,9}",
        1 => "X: [a-z]{80,99}",
        1 => select(vec!["no colon", " fold", ": x", "A b: c", "X:", "X :y", "To: \"\\\0\"", "Subject: \u{e9}"]).prop_map(str::to_owned),
    ]
}

fn line_end() -> impl Strategy<Value = &'static str> {
    prop_oneof![60 => Just("\r\n"), 1 => select(vec!["\n", "\r", "\r\r\n", "\0\r\n", "\n\r\n", "\r\n\r\n"])]
}

fn length(body: usize) -> impl Strategy<Value = String> {
    prop_oneof![
        20 => Just(format!("Content-Length: {body}")),
        5 => Just(format!("l:{body:05}")),
        1 => select(vec!["Content-Length: -1", "Content-Length:", "X: y", "l: 1\r\nl: 1", "l: 99999999999", "l: 1000"]).prop_map(str::to_owned),
    ]
}

/// A message, sound or not.
pub(crate) fn unit() -> impl Strategy<Value = Vec<u8>> {
    let lines = vec((line(), line_end()), 0..7);
    (start_line(), line_end(), lines, vec(any::<u8>(), 0..30)).prop_flat_map(
        |(start, end, lines, body)| {
            (length(body.len()), line_end(), line_end()).prop_map(move |(length, end1, end2)| {
                let mut text = format!("{start}{end}");
                for (line, end) in &lines {
                    text.push_str(line);
                    text.push_str(end);
                }
                text.push_str(&format!("{length}{end1}{end2}"));
                [text.as_bytes(), &body].concat()
            })
        },
    )
}

fn whole_stream() -> impl Strategy<Value = Vec<u8>> {
    let between = select(vec!["", "", "\r\n", "\r\n\r\n", "\r\n\r\n\r\n", "\r"]);
    let unit = prop_oneof![20 => unit(), 1 => vec(any::<u8>(), 0..200)];
    vec((between, unit), 0..6).prop_map(|units| {
        units.iter().flat_map(|(between, unit)| [between.as_bytes(), unit].concat()).collect()
    })
}

fn sides() -> impl Strategy<Value = Side> {
    select(vec![Side::Accepting, Side::Connecting])
}

fn limits() -> impl Strategy<Value = Limits> {
    select(vec![SMALL, Limits::DEFAULT])
}

/// `bytes` cut into pieces of these lengths, in turn.
fn cut<'a>(bytes: &'a [u8], lengths: &[usize]) -> Vec<&'a [u8]> {
    let mut rest = bytes;
    let mut pieces = Vec::new();
    for length in lengths.iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let (piece, after) = rest.split_at(rest.len().min(*length));
        pieces.push(piece);
        rest = after;
    }
    pieces
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn any_cut_gives_the_same(
        bytes in whole_stream(), side in sides(), limits in limits(), lengths in vec(1usize..90, 1..8)
    ) {
        let mut framer = StreamFramer::with_limits(side, limits);
        let whole = read(&mut framer, [&bytes[..]]);
        for lengths in [&lengths[..], &[1]] {
            let mut other = StreamFramer::with_limits(side, limits);
            let seen = read(&mut other, cut(&bytes, lengths));
            prop_assert_eq!(&seen, &whole);
            prop_assert_eq!(other.buffered(), framer.buffered());
        }
    }

    #[test]
    fn no_prefix_panics_and_every_offset_lies_inside(bytes in whole_stream(), limits in limits()) {
        for end in 0..=bytes.len() {
            let prefix = &bytes[..end];
            for seen in stream(prefix, limits).iter().chain([&datagram(prefix, &limits)]) {
                if let Seen::Fault { at, .. } = seen {
                    prop_assert!(*at as usize <= end);
                }
            }
        }
    }
}

#[test]
fn every_single_cut_of_a_sound_stream_gives_the_same() {
    let bytes =
        [&request(&["Subject: one\r\n two"], "body")[..], b"\r\n\r\n", &request(&[], ""), b"\r\n"]
            .concat();
    let whole = stream(&bytes, Limits::DEFAULT);
    assert_eq!(whole.len(), 3);
    for at in 0..=bytes.len() {
        let (left, right) = bytes.split_at(at);
        let seen = read(&mut StreamFramer::new(Side::Accepting), [left, right]);
        assert_eq!(seen, whole, "cut at {at}");
    }
}

#[test]
fn a_fault_beyond_the_limit_is_not_seen_before_the_limit() {
    for bad in ["\n", "\rx", "\0"] {
        for before in [SMALL.max_head - 40, SMALL.max_head, SMALL.max_head + 40] {
            let start = "MESSAGE sip:a SIP/2.0\r\nX: ";
            let text = format!(
                "{start}{}{bad}{}\r\n\r\n",
                "y".repeat(before - start.len()),
                "z".repeat(200)
            );
            let whole = stream(text.as_bytes(), SMALL);
            for step in [1, 2, 63, 64, 65] {
                let mut framer = StreamFramer::with_limits(Side::Accepting, SMALL);
                let seen = read(&mut framer, text.as_bytes().chunks(step));
                assert_eq!(seen, whole, "{bad:?} behind {before} bytes by {step}");
            }
        }
    }
}
