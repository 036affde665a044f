//! "No allocation per attribute line" as a number: descriptions read, and their values typed.

#![allow(clippy::unwrap_used, reason = "what a test prepares itself is known to be there")]

use std::hint::black_box;

use bytes::Bytes;
use missiva_benches::alloc::{Counting, Tally, least};
use missiva_benches::sdp::corpus;
use missiva_sdp::{Description, Field, Visit};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

struct Taken;

impl Visit for Taken {
    fn value<'a, F: Field>(&mut self, value: F::Value<'a>) {
        black_box(&value);
    }
}

const NONE: Tally = Tally { calls: 0.0, bytes: 0.0 };

/// One test: a tally counts what all threads ask for.
#[test]
fn reading_allocates_the_vectors_of_lines_and_media_and_typing_nothing() {
    let offers: Vec<Bytes> = corpus::offer().into_iter().map(|sample| sample.raw).collect();
    // The first use of a buffer from the network turns it into a shared one; that is the driver's cost.
    for bytes in &offers {
        black_box(bytes.clone());
    }
    let read = least(offers.len(), || {
        for bytes in &offers {
            black_box(Description::parse(bytes.clone()).unwrap());
        }
    });
    assert!(read.calls <= 2.0, "one vector of lines and one of media, not {}", read.calls);

    let descriptions: Vec<Description> =
        offers.iter().map(|bytes| Description::parse(bytes.clone()).unwrap()).collect();
    let typed = least(descriptions.len(), || {
        for description in &descriptions {
            description.visit(&mut Taken).unwrap();
        }
    });
    assert_eq!(typed, NONE, "every line typed");

    // However short the lines are, only the vector grows.
    let many = [&offers[0][..], &b"a=x\r\n".repeat(4000)].concat();
    let many = Bytes::from(many);
    black_box(many.clone());
    let grown = least(1, || {
        black_box(Description::parse(many.clone()).unwrap());
    });
    assert!(grown.calls <= 6.0, "{} allocations for 4000 lines", grown.calls);
}
