//! A head that comes byte by byte costs what it costs at once, times a constant; and never more memory than allowed.

use super::*;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// A head of about `len` bytes.
type Shape = fn(usize) -> Vec<u8>;

const SHAPES: [(&str, Shape); 5] = [
    ("short lines", |len| lines(len, "X: y\r\n")),
    ("one long line", |len| lines(len, &format!("X: {}\r\n", "y".repeat(len - 100)))),
    ("folded lines", |len| lines(len, &format!("X: y{}\r\n", "\r\n y".repeat((len - 100) / 4)))),
    ("NULs in quoted pairs", |len| {
        lines(len, &format!("X: \"{}\"\r\n", "\\\0\r\n ".repeat((len - 100) / 5)))
    }),
    ("colons and blanks", |len| lines(len, &format!("X: {}\r\n", ": \t".repeat((len - 100) / 3)))),
];

fn lines(len: usize, line: &str) -> Vec<u8> {
    let mut text = "MESSAGE sip:a@example.com SIP/2.0\r\nContent-Length: 0\r\n".to_owned();
    while text.len() + line.len() <= len {
        text.push_str(line);
    }
    text.push_str("\r\n");
    text.into_bytes()
}

/// Processor time of this thread: what other work the machine has does not count.
fn now() -> Duration {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(now.tv_sec.unsigned_abs(), u32::try_from(now.tv_nsec).unwrap_or(0))
}

/// How long a stream takes that drips in.
fn cost(bytes: &[u8]) -> Duration {
    let mut framer = StreamFramer::with_limits(Side::Accepting, Limits::lab());
    let start = now();
    let mut frames = 0;
    for byte in bytes {
        framer.push(std::slice::from_ref(byte));
        frames += usize::from(framer.next().unwrap().is_some());
    }
    assert_eq!(frames, 1);
    now().saturating_sub(start)
}

/// Four times the bytes take four times as long when time is linear and sixteen times when it is quadratic; eight lies
/// between. A disturbance can only add, so the best of a few rounds counts, the two lengths taking turns.
#[test]
fn time_grows_with_the_bytes_and_not_with_their_square() {
    for (name, shape) in &SHAPES[..4] {
        let (short, long) = (shape(50_000), shape(200_000));
        let mut best = (Duration::MAX, Duration::MAX);
        let mut ratio = f64::INFINITY;
        for _ in 0..6 {
            best = (best.0.min(cost(&short)), best.1.min(cost(&long)));
            ratio = best.1.as_secs_f64() / best.0.as_secs_f64();
            if ratio < 8.0 {
                break;
            }
        }
        assert!(ratio < 8.0, "{name}: {best:?}");
    }
}

#[test]
fn memory_is_capped_while_a_head_drips_in() {
    for (name, shape) in SHAPES {
        for limits in [Limits::DEFAULT, Limits::strict()] {
            let bytes = shape(100_000);
            let mut framer = StreamFramer::with_limits(Side::Accepting, limits);
            let mut faults = Vec::new();
            for byte in &bytes {
                framer.push(std::slice::from_ref(byte));
                assert!(framer.buffered() <= limits.max_head + 1, "{name}");
                if let Err(error) = framer.next() {
                    faults.push((error.error.kind, error.recover));
                }
                assert!(framer.buffered() <= limits.max_head, "{name}");
            }
            assert_eq!(faults, [(FaultKind::Limit, Recover::Close)], "{name}");
            assert_eq!(framer.buffered(), 0, "{name}");
        }
    }
}

#[test]
fn memory_is_capped_while_a_body_drips_in() {
    let limits = Limits { max_head: 200, max_header: 100, max_headers: 8, max_body: 1000 };
    for (len, most) in [(1000, 1200), (1001, 200)] {
        let bytes = request(&[], &"b".repeat(len)).repeat(3);
        let mut framer = StreamFramer::with_limits(Side::Accepting, limits);
        let mut seen = Vec::new();
        for byte in &bytes {
            seen.extend(read(&mut framer, [std::slice::from_ref(byte)]));
            assert!(framer.buffered() <= most, "{len}: {}", framer.buffered());
        }
        assert_eq!((seen.len(), framer.buffered()), (3, 0));
        assert!(seen.iter().all(|frame| frame.body().is_some() == (len == 1000)));
    }
}
