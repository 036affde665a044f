//! Chunking: turns, interruptions, back-pressure, and that what goes out comes in.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot read its own messages has nothing to report"
)]

use std::collections::BTreeMap;

use bytes::Bytes;
use missiva_core::{IdSource, Instant, Payload};
use missiva_msrp::frame::{Event, StreamFramer, websocket};
use missiva_msrp::header::{ByteRange, MediaType, Path, SuccessReport, Value};
use missiva_msrp::receive::{Budget, Chunk, Delivery, Inbox, Mode, ReceiveLimits};
use missiva_msrp::send::{
    Envelope, Framing, Outbox, Pace, Piece, SendError, SendId, SendLimits, Sent, Source,
};
use missiva_msrp::{Flag, Limits, MessageId, field};
use proptest::prelude::*;

/// Numbers that look random and are the same in every run.
struct Seeded(u64);

impl IdSource for Seeded {
    fn fill(&mut self, out: &mut [u8]) {
        for byte in out {
            self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            *byte = (self.0 >> 40) as u8;
        }
    }
}

fn envelope(id: &str) -> Envelope {
    let to = Path::parse("msrp://b.example:2855/bob;tcp").unwrap();
    let from = Path::parse("msrp://a.example:2855/alice;tcp").unwrap();
    let (id, media) = (MessageId::parse(id).unwrap(), MediaType::parse("text/plain").unwrap());
    Envelope::new(&to, &from, &id, &media, |lines| {
        lines.header::<field::SuccessReport>(&SuccessReport::Yes)
    })
    .unwrap()
}

fn bytes(len: usize) -> Bytes {
    (0..len).map(|at| (at % 251) as u8).collect::<Vec<u8>>().into()
}

fn control(text: &'static str) -> Payload {
    Payload::from(Bytes::from_static(text.as_bytes()))
}

/// What goes out, in words: `1+2048` for bytes of message 1 behind which its chunk goes on, `1+2048$` where it ends.
fn script(outbox: &mut Outbox) -> Vec<String> {
    let mut ids = Seeded(1);
    let mut words = Vec::new();
    while let Some(Sent { payload, piece }) = outbox.poll(&mut ids) {
        words.push(match piece {
            None => String::from_utf8(payload.to_vec()).unwrap(),
            Some(Piece { message, ended, .. }) => {
                let flag = ended.map_or(String::new(), |flag| char::from(flag.byte()).to_string());
                format!("{}:{}{flag}", message.0, payload.body.len())
            }
        });
    }
    words
}

/// The range of the next chunk.
fn next_range(outbox: &mut Outbox) -> String {
    let sent = outbox.poll(&mut Seeded(1)).unwrap();
    let text = String::from_utf8(sent.payload.head.to_vec()).unwrap();
    text.lines().find_map(|line| line.strip_prefix("Byte-Range: ")).unwrap().to_owned()
}

#[test]
fn a_short_message_is_one_chunk_that_says_where_it_ends() {
    for (len, range) in [(0, "1-0/0"), (1, "1-1/1"), (2048, "1-2048/2048"), (2049, "1-*/2049")] {
        let mut outbox = Outbox::new(SendLimits::DEFAULT);
        outbox.send(envelope("1234"), Source::Bytes(bytes(len))).unwrap();
        assert_eq!(next_range(&mut outbox), range);
    }
}

#[test]
fn a_long_message_alone_is_one_chunk_in_pieces() {
    let mut outbox = Outbox::new(SendLimits::DEFAULT);
    outbox.send(envelope("1234"), Source::Bytes(bytes(5000))).unwrap();
    assert_eq!(script(&mut outbox), ["0:2048", "0:2048", "0:904$"]);
    assert!(outbox.is_idle() && outbox.messages().next().is_none());
}

#[test]
fn pieces_are_slices_of_the_source() {
    let source = bytes(5000);
    let mut outbox = Outbox::new(SendLimits::DEFAULT);
    outbox.send(envelope("1234"), Source::Bytes(source.clone())).unwrap();
    let mut ids = Seeded(1);
    while let Some(sent) = outbox.poll(&mut ids) {
        let at = (sent.payload.body.as_ptr() as usize).wrapping_sub(source.as_ptr() as usize);
        assert!(at < source.len());
    }
}

#[test]
fn a_long_message_yields_to_a_short_one_and_goes_on_where_it_stopped() {
    let mut outbox = Outbox::new(SendLimits::DEFAULT);
    let mut ids = Seeded(1);
    outbox.send(envelope("long"), Source::Bytes(bytes(6000))).unwrap();
    let first = outbox.poll(&mut ids).unwrap();
    outbox.send(envelope("short"), Source::Bytes(bytes(10))).unwrap();
    assert_eq!(script(&mut outbox), ["0:0+", "1:10$", "0:2048", "0:1904$"]);
    assert_eq!(first.piece.unwrap().range, 0..2048);

    let mut outbox = Outbox::new(SendLimits::DEFAULT);
    outbox.send(envelope("long"), Source::Bytes(bytes(6000))).unwrap();
    outbox.poll(&mut ids).unwrap();
    outbox.respond(control("200")).unwrap();
    outbox.poll(&mut ids).unwrap();
    assert_eq!(outbox.poll(&mut ids).unwrap().payload, control("200"));
    assert_eq!(next_range(&mut outbox), "2049-*/6000");
}

#[test]
fn messages_take_turns_of_equal_size() {
    let mut outbox = Outbox::new(SendLimits::DEFAULT);
    for (id, len) in [("aaaa", 5000), ("bbbb", 5000), ("cccc", 100)] {
        outbox.send(envelope(id), Source::Bytes(bytes(len))).unwrap();
    }
    let expected = ["0:2048+", "1:2048+", "2:100$", "0:2048+", "1:2048+", "0:904$", "1:904$"];
    assert_eq!(script(&mut outbox), expected);
}

#[test]
fn responses_and_reports_go_before_chunks_in_their_order() {
    let mut outbox = Outbox::new(SendLimits::DEFAULT);
    outbox.send(envelope("aaaa"), Source::Bytes(bytes(10))).unwrap();
    outbox.respond(control("200")).unwrap();
    outbox.respond(control("REPORT")).unwrap();
    assert_eq!(script(&mut outbox), ["200", "REPORT", "0:10$"]);
}

#[test]
fn a_message_that_is_given_up_ends_with_a_hash() {
    let mut ids = Seeded(1);
    // In an open chunk, between two chunks, and before the first.
    let mut outbox = Outbox::new(SendLimits::DEFAULT);
    let id = outbox.send(envelope("aaaa"), Source::Bytes(bytes(9000))).unwrap();
    outbox.poll(&mut ids).unwrap();
    outbox.abort(id).unwrap();
    assert_eq!(script(&mut outbox), ["0:0#"]);

    let mut outbox = Outbox::new(SendLimits::DEFAULT);
    let id = outbox.send(envelope("aaaa"), Source::Bytes(bytes(9000))).unwrap();
    outbox.send(envelope("bbbb"), Source::Bytes(bytes(9))).unwrap();
    outbox.poll(&mut ids).unwrap();
    outbox.abort(id).unwrap();
    assert_eq!(script(&mut outbox), ["1:9$", "0:0#"]);

    let id = outbox.send(envelope("cccc"), Source::Bytes(bytes(9000))).unwrap();
    outbox.abort(id).unwrap();
    assert_eq!((script(&mut outbox).len(), outbox.abort(id)), (0, Err(SendError::Unknown)));
}

#[test]
fn a_source_is_asked_for_what_there_is_room_for() {
    let limits = SendLimits { max_ahead: 3000, ..SendLimits::DEFAULT };
    let mut outbox = Outbox::new(limits);
    let id = outbox.send(envelope("aaaa"), Source::Pull { total: Some(7000) }).unwrap();
    let wanted = |outbox: &Outbox| outbox.wants().next().map(|want| want.range);
    assert_eq!(wanted(&outbox), Some(0..3000));
    assert!(outbox.is_idle());
    outbox.feed(id, bytes(1000)).unwrap();
    assert_eq!(wanted(&outbox), Some(1000..3000));
    for len in [2001, 100_000] {
        assert_eq!(outbox.feed(id, bytes(len)), Err(SendError::NotWanted), "{len}");
    }
    outbox.feed(id, bytes(2000)).unwrap();
    assert_eq!(wanted(&outbox), None);
    assert_eq!(script(&mut outbox), ["0:1000", "0:2000", "0:0+"], "it waits for more");
    assert_eq!(wanted(&outbox), Some(3000..6000));
    outbox.feed(id, bytes(3000)).unwrap();
    assert_eq!(script(&mut outbox), ["0:2048", "0:952", "0:0+"]);
    assert_eq!(outbox.feed(id, bytes(1001)), Err(SendError::NotWanted), "behind the total");
    outbox.feed(id, bytes(1000)).unwrap();
    assert_eq!(script(&mut outbox), ["0:1000$"]);
    assert_eq!(outbox.feed(id, bytes(1)), Err(SendError::Unknown));
}

#[test]
fn a_source_of_unknown_size_ends_when_it_says_so() {
    let mut outbox = Outbox::new(SendLimits::DEFAULT);
    let id = outbox.send(envelope("aaaa"), Source::Pull { total: None }).unwrap();
    outbox.feed(id, bytes(10)).unwrap();
    assert_eq!(next_range(&mut outbox), "1-*/*");
    assert_eq!(script(&mut outbox), ["0:0+"]);
    outbox.finish(id).unwrap();
    assert_eq!(next_range(&mut outbox), "11-10/10");

    let id = outbox.send(envelope("bbbb"), Source::Pull { total: Some(20) }).unwrap();
    outbox.feed(id, bytes(10)).unwrap();
    script(&mut outbox);
    outbox.finish(id).unwrap();
    assert_eq!(script(&mut outbox), ["1:0#"], "it had promised more");
}

#[test]
fn chunks_end_at_their_limit() {
    let limits = SendLimits { max_chunk: 4096, ..SendLimits::DEFAULT };
    let mut outbox = Outbox::new(limits);
    outbox.send(envelope("aaaa"), Source::Bytes(bytes(9000))).unwrap();
    assert_eq!(script(&mut outbox), ["0:2048", "0:2048+", "0:2048", "0:2048+", "0:808$"]);
}

#[test]
fn pieces_grow_with_the_pace_up_to_their_limit() {
    for (start, expected) in [(65_536, 65_536), (65_537, 65_536), (1 << 30, 65_536)] {
        let mut outbox =
            Outbox::with_framing(SendLimits::DEFAULT, Framing::Stream, Pace::starting_at(start));
        outbox.send(envelope("aaaa"), Source::Bytes(bytes(1 << 18))).unwrap();
        assert_eq!(outbox.poll(&mut Seeded(1)).unwrap().payload.body.len(), expected);
    }
}

#[test]
fn queues_end_at_their_limit() {
    let limits = SendLimits { max_messages: 3, max_controls: 2, ..SendLimits::DEFAULT };
    let mut outbox = Outbox::new(limits);
    for at in 0..10 {
        let sent = outbox.send(envelope("aaaa"), Source::Bytes(bytes(1)));
        assert_eq!(sent, if at < 3 { Ok(SendId(at)) } else { Err(SendError::Full) });
        assert_eq!(
            outbox.respond(control("x")),
            if at < 2 { Ok(()) } else { Err(SendError::Full) }
        );
    }
    script(&mut outbox);
    assert!(outbox.send(envelope("aaaa"), Source::Bytes(bytes(1))).is_ok());
}

#[test]
fn envelopes_refuse_what_is_not_a_line() {
    let to = Path::parse("msrp://b/2;tcp").unwrap();
    let (id, media) = (MessageId::parse("1234").unwrap(), MediaType::parse("a/b").unwrap());
    for (name, value) in [
        ("X", "a\r\nb"),
        ("Byte-Range", "1-5/5"),
        ("Message-ID", "abcd"),
        ("Content-Type", "c/d"),
        ("X Y", "z"),
        ("", "z"),
        ("Expires", "x"),
    ] {
        assert!(
            Envelope::new(&to, &to, &id, &media, |lines| lines.text(name, value)).is_err(),
            "{name}"
        );
    }
    assert!(
        Envelope::new(&to, &to, &id, &media, |lines| lines.text("Content-ID", "<a@b>")).is_ok()
    );
}

/// Draws the same ids again and again.
struct Repeating(Vec<u8>, usize);

impl IdSource for Repeating {
    fn fill(&mut self, out: &mut [u8]) {
        out.fill(self.0[self.1 % self.0.len()]);
        self.1 += 1;
    }
}

#[test]
fn an_id_that_stands_in_the_body_is_not_taken() {
    let guessed = "-------000000000000000000000000$\r\n";
    // In the first piece: another id. Behind it, or across two slices: the chunk ends before it.
    for before in [0usize, 10, 2030, 2048, 2060, 5000] {
        for cut in [0, 3, 20, guessed.len()] {
            let body = [vec![b'x'; before], guessed.as_bytes().to_vec(), vec![b'y'; 3000]].concat();
            let mut outbox = Outbox::new(SendLimits::DEFAULT);
            let id = outbox
                .send(envelope("aaaa"), Source::Pull { total: Some(body.len() as u64) })
                .unwrap();
            let (one, two) = body.split_at(before + cut);
            outbox.feed(id, one.to_vec().into()).unwrap();
            outbox.feed(id, two.to_vec().into()).unwrap();
            let mut wire = Vec::new();
            let mut ids = Repeating(vec![0, 0, 1, 2], 0);
            while let Some(sent) = outbox.poll(&mut ids) {
                wire.extend(sent.payload.to_vec());
            }
            assert_eq!(receive(&wire, 1000), [("aaaa".to_owned(), body)], "{before} {cut}");
        }
    }
}

/// The messages in a stream, in the order of their ends.
fn receive(wire: &[u8], size: usize) -> Vec<(String, Vec<u8>)> {
    let (mut framer, mut inbox) = (StreamFramer::new(), Inbox::new(ReceiveLimits::DEFAULT));
    let mut budget = Budget::default();
    let mut messages = Vec::new();
    for piece in wire.chunks(size) {
        framer.push(Bytes::copy_from_slice(piece));
        while let Some(event) = framer.next().unwrap() {
            match event {
                Event::Head(head) => {
                    let chunk = Chunk::of(&head).unwrap();
                    inbox.begin(Instant::ORIGIN, &chunk, Mode::Whole, &mut budget).unwrap();
                }
                Event::Body(slice) => inbox.body(slice, &mut budget).unwrap(),
                Event::End(end) => {
                    assert_eq!(end.fault, None);
                    inbox.end(&end, &mut budget).unwrap();
                }
            }
            while let Some(Delivery::Whole { id, bytes }) = inbox.poll() {
                messages.push((id.as_str().to_owned(), bytes.to_vec()));
            }
        }
    }
    assert!(framer.finish().is_ok());
    messages
}

#[test]
fn stated_chunks_and_websocket_messages_are_one_payload_each() {
    for framing in [Framing::StreamOfStatedChunks, Framing::Messages] {
        let mut outbox =
            Outbox::with_framing(SendLimits::DEFAULT, framing, Pace::starting_at(4096));
        outbox.send(envelope("aaaa"), Source::Bytes(bytes(10_000))).unwrap();
        let mut ids = Seeded(1);
        let mut at = 0;
        while let Some(sent) = outbox.poll(&mut ids) {
            let whole = websocket(sent.payload.to_vec().into(), &Limits::DEFAULT).unwrap();
            let range = whole.head.only::<field::ByteRange>().unwrap();
            let end = (at + 4096).min(10_000);
            assert_eq!(range, ByteRange { start: at + 1, end: Some(end), total: Some(10_000) });
            assert_eq!(whole.end.flag, if end == 10_000 { Flag::Last } else { Flag::More });
            at = end;
        }
        assert_eq!(at, 10_000);
    }
}

proptest! {
    #[test]
    fn what_goes_out_comes_in(
        messages in prop::collection::vec((0usize..12_000, 0usize..30, any::<bool>()), 1..6),
        size in 1usize..5000,
        seed in any::<u64>(),
        stated in any::<bool>(),
    ) {
        let framing = if stated { Framing::StreamOfStatedChunks } else { Framing::Stream };
        let limits = SendLimits { max_chunk: 5000, max_ahead: 3000, ..SendLimits::DEFAULT };
        let mut outbox = Outbox::with_framing(limits, framing, Pace::default());
        let (mut ids, mut wire, mut sources) = (Seeded(seed), Vec::new(), BTreeMap::new());
        let mut waiting: Vec<_> = messages.iter().enumerate().collect();
        waiting.reverse();
        let mut expected = BTreeMap::new();
        for step in 0.. {
            if let Some((number, (len, _, pull))) = waiting.last().filter(|(_, (_, at, _))| *at <= step).copied() {
                waiting.pop();
                let (name, body) = (format!("id{number:04}"), bytes(*len));
                expected.insert(name.clone(), body.to_vec());
                let source = if *pull { Source::Pull { total: None } } else { Source::Bytes(body.clone()) };
                let id = outbox.send(envelope(&name), source).unwrap();
                if *pull {
                    sources.insert(id, body);
                }
            }
            let wants: Vec<_> = outbox.wants().collect();
            for want in wants {
                let Some(body) = sources.get(&want.message) else { continue };
                let (from, to) = (want.range.start as usize, (want.range.end as usize).min(body.len()));
                if from < to {
                    outbox.feed(want.message, body.slice(from..to)).unwrap();
                } else {
                    outbox.finish(want.message).unwrap();
                    sources.remove(&want.message);
                }
            }
            match outbox.poll(&mut ids) {
                Some(sent) => wire.extend(sent.payload.to_vec()),
                None if waiting.is_empty() && sources.is_empty() && outbox.is_idle() => break,
                None => {}
            }
        }
        let received: BTreeMap<_, _> = receive(&wire, size).into_iter().collect();
        prop_assert_eq!(received, expected);
    }
}
