//! "Nothing beyond the header vector" as a number: CPIM messages read to typed headers.

#![allow(clippy::unwrap_used, reason = "what a test prepares itself is known to be there")]

use std::hint::black_box;

use missiva_benches::alloc::{Counting, Tally, least};
use missiva_benches::content::corpus;
use missiva_content::Limits;
use missiva_content::cpim::Cpim;
use missiva_content::multipart::{Multipart, Tolerance};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const NONE: Tally = Tally { calls: 0.0, bytes: 0.0 };

/// One test: a tally counts what all threads ask for.
#[test]
fn a_message_costs_one_vector_and_its_values_nothing() {
    let (limits, inputs) = (Limits::DEFAULT, corpus::chat());
    // The first use of a buffer from the network turns it into a shared one; that is the driver's cost.
    for bytes in &inputs {
        black_box(bytes.clone());
    }
    let fresh = least(inputs.len(), || {
        for bytes in &inputs {
            black_box(Cpim::parse(bytes.clone(), &limits).unwrap());
        }
    });
    assert!(fresh.calls <= 1.0, "one vector a message, not {}", fresh.calls);

    let read: Vec<Cpim> =
        inputs.iter().map(|bytes| Cpim::parse(bytes.clone(), &limits).unwrap()).collect();
    let typed = least(read.len(), || {
        for message in &read {
            for header in message.headers() {
                black_box(header.typed().unwrap());
            }
            for header in message.content().headers() {
                black_box(header.typed().unwrap());
            }
            black_box((message.from().unwrap(), message.date_time().unwrap()));
            black_box((message.message_id().unwrap(), message.wants().unwrap()));
            black_box((message.content_type().unwrap(), message.body()));
        }
    });
    assert_eq!(typed, NONE, "every header typed");

    let large = corpus::large();
    for body in &large {
        black_box(body.clone());
    }
    let split = least(large.len(), || {
        for body in &large {
            let none = Tolerance::NONE;
            black_box(Multipart::split(body.clone(), corpus::BOUNDARY, none, &limits).unwrap());
        }
    });
    assert!(split.bytes < 1024.0, "no part is copied: {} bytes", split.bytes);
}
