//! "No allocation" as a number: framing, index and typed values of the three messages that are measured.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "what a test prepares itself is known to be there"
)]

use std::hint::black_box;

use bytes::Bytes;
use missiva_benches::alloc::{Counting, Tally, least};
use missiva_benches::sip::corpus;
use missiva_sip::frame::{Frame, datagram, datagram_with};
use missiva_sip::header::{Field, Visit, visit};
use missiva_sip::message::Index;
use missiva_sip::{Limits, Message};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

struct Taken;

impl Visit for Taken {
    fn value<'a, F: Field>(&mut self, value: F::Value<'a>) {
        black_box(&value);
    }
}

fn messages() -> Vec<(&'static str, Vec<Bytes>)> {
    let raw = |input: corpus::Input| {
        (input.name, input.samples.into_iter().map(|sample| sample.raw).collect::<Vec<_>>())
    };
    corpus::inputs().into_iter().map(raw).collect()
}

fn message(frame: Frame) -> Message {
    match frame {
        Frame::Message(message) => message,
        other => panic!("{other:?}"),
    }
}

const NONE: Tally = Tally { calls: 0.0, bytes: 0.0 };

/// One test: a tally counts what all threads ask for.
#[test]
fn framing_and_typing_allocate_what_they_promise() {
    let limits = Limits::DEFAULT;
    for (name, inputs) in messages() {
        assert!(!inputs.is_empty(), "{name}");

        // The first use of a buffer from the network turns it into a shared one; that is the driver's cost.
        for bytes in &inputs {
            black_box(bytes.clone());
        }

        let mut index = Some(message(datagram(inputs[0].clone(), &limits).unwrap()).into_index());
        let reused = least(inputs.len(), || {
            for bytes in &inputs {
                let storage = index.take().unwrap_or_default();
                let message = message(datagram_with(bytes.clone(), &limits, storage).unwrap());
                index = Some(message.into_index());
            }
        });
        assert_eq!(reused, NONE, "{name}: frame and index with storage from before");

        let fresh = least(inputs.len(), || {
            for bytes in &inputs {
                black_box(message(datagram_with(bytes.clone(), &limits, Index::new()).unwrap()));
            }
        });
        assert!(fresh.calls <= 1.0, "{name}: one vector a message, not {}", fresh.calls);

        let read: Vec<Message> =
            inputs.iter().map(|bytes| message(datagram(bytes.clone(), &limits).unwrap())).collect();
        let typed = least(read.len(), || {
            for message in &read {
                for header in message.headers() {
                    visit(&header, &mut Taken).unwrap();
                }
            }
        });
        assert_eq!(typed, NONE, "{name}: every header typed");

        let asked = least(read.len(), || {
            for message in &read {
                black_box(message.request_uri().map(Result::unwrap));
                black_box((message.start_line(), message.head(), message.body()));
            }
        });
        assert_eq!(asked, NONE, "{name}: start line, Request-URI and body");
    }
}
