//! The conditions between two hosts.

use std::time::Duration;

use crate::Seeded;

/// The conditions of a stream: ordered and whole until it is cut.
///
/// ```
/// use missiva_testkit::{Chunking, StreamPath};
/// use std::time::Duration;
///
/// let modem = StreamPath {
///     latency: Duration::from_millis(150),
///     bandwidth: Some(7_000),
///     chunking: Chunking::Random(1_400),
///     ..StreamPath::default()
/// };
/// assert_eq!(modem.window, None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamPath {
    /// How long each byte travels.
    pub latency: Duration,
    /// By how much longer at most, drawn for each piece; pieces never overtake each other on one link.
    pub jitter: Duration,
    /// Bytes a second in each direction; `None` is no limit.
    pub bandwidth: Option<u64>,
    /// How what was written is divided on its way.
    pub chunking: Chunking,
    /// Bytes under way at once in each direction; what is written beyond waits at the writer, which is told
    /// (`Notice::Blocked`, `Notice::Writable`). `None` is no limit.
    pub window: Option<usize>,
    /// Cut the link after some number of bytes below this, drawn at its beginning, in a direction that is drawn too.
    pub cut_within: Option<u64>,
    /// How long it takes at most until an end learns of a cut, drawn for each end.
    pub news: Duration,
}

impl StreamPath {
    /// Conditions drawn from a seed: anything from a clean loopback to a dripping line, without a cut.
    #[must_use]
    pub fn random(chance: &mut Seeded) -> Self {
        let chunking = match chance.below(4) {
            0 => Chunking::Whole,
            1 => Chunking::Drip,
            2 => Chunking::Fixed(chance.within(1..2_000)),
            _ => Chunking::Random(chance.within(1..5_000)),
        };
        Self {
            latency: chance.span(Duration::from_millis(200)),
            jitter: chance.span(Duration::from_millis(100)),
            bandwidth: chance.one_in(2).then(|| 10_000u64.saturating_add(chance.below(10_000_000))),
            chunking,
            window: chance.one_in(2).then(|| chance.within(1..100_000)),
            cut_within: None,
            news: chance.span(Duration::from_secs(2)),
        }
    }
}

impl Default for StreamPath {
    /// One millisecond, nothing else.
    fn default() -> Self {
        Self {
            latency: Duration::from_millis(1),
            jitter: Duration::ZERO,
            bandwidth: None,
            chunking: Chunking::Whole,
            window: None,
            cut_within: None,
            news: Duration::from_millis(1),
        }
    }
}

/// How a stream divides what was written. WebSocket keeps its messages whole under each of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Chunking {
    /// What was written as one transmit arrives as one, if the window allows.
    Whole,
    /// Byte by byte.
    Drip,
    /// Pieces of so many bytes, over the borders of transmits where several wait.
    Fixed(usize),
    /// Pieces of one byte to this many, drawn; what arrives at one moment is sometimes joined again.
    Random(usize),
}

/// The conditions of datagrams between two hosts. Nothing bad happens by default.
///
/// ```
/// use missiva_testkit::DatagramPath;
/// use std::time::Duration;
///
/// let lossy = DatagramPath { loss: 0.3, jitter: Duration::from_millis(80), ..DatagramPath::default() };
/// assert_eq!(lossy.duplicate, 0.0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DatagramPath {
    /// How long a datagram travels.
    pub latency: Duration,
    /// By how much longer at most, drawn for each: a later datagram may overtake an earlier one.
    pub jitter: Duration,
    /// The share that is lost.
    pub loss: f64,
    /// The share that arrives twice, each copy with a jitter of its own.
    pub duplicate: f64,
    /// The share of which one bit is turned.
    pub corrupt: f64,
    /// Bytes of the largest datagram that passes; a larger one is lost.
    pub mtu: Option<usize>,
}

impl Default for DatagramPath {
    /// One millisecond, nothing else.
    fn default() -> Self {
        Self {
            latency: Duration::from_millis(1),
            jitter: Duration::ZERO,
            loss: 0.0,
            duplicate: 0.0,
            corrupt: 0.0,
            mtu: None,
        }
    }
}
