//! What a measured library looks like to the bench, and how its work is checked.
//!
//! The timed function is the checked function: a subject reports what it found on every call
//! ([`Seen`]), so it cannot do one thing for the check and another for the clock.

use crate::sip::corpus::Sample;

/// A task of the bench. The names are stable: later runs are compared by them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// Start line and header lines told apart; names need not be known.
    Frame,
    /// Frame, and each header's name recognised.
    Index,
    /// What a proxy reads: Request-URI, top Via, top Route, Max-Forwards, tags, Call-ID,
    /// CSeq, Content-Length.
    ProxyTop,
    /// Every header that the library has a type for, read into that type.
    Typed,
    /// Parsed, edited as a proxy does, written.
    Forward,
    /// Made from nothing and written.
    Build,
}

impl Task {
    /// The tasks that `ratios` prints.
    pub const REPORTED: [Self; 4] = [Self::Index, Self::Typed, Self::Forward, Self::Build];

    /// The stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Frame => "sip-frame",
            Self::Index => "sip-index",
            Self::ProxyTop => "sip-proxy-top",
            Self::Typed => "sip-typed",
            Self::Forward => "sip-forward",
            Self::Build => "sip-build",
        }
    }
}

/// How much work a subject really does; compare equals only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Looks at the bytes and knows nothing of messages.
    Scan,
    /// Start line split, header lines sliced or copied, nothing interpreted.
    Frame,
    /// Frame, and names mapped to a known set, Request-URI typed.
    Names,
    /// Names, and Via, From, To, CSeq, Contact, Route, Record-Route typed, with whatever else
    /// the library types.
    Typed,
    /// Types what it knows in the one call that it offers.
    Eager,
    /// Copies values in and out as text, without reading them.
    Text,
    /// The same work on the HTTP twin.
    Http,
}

impl Level {
    /// As the reports name it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Scan => "scan",
            Self::Frame => "F",
            Self::Names => "N",
            Self::Typed => "T",
            Self::Eager => "E",
            Self::Text => "text",
            Self::Http => "F (HTTP)",
        }
    }
}

/// What a subject reports about one message.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Seen {
    /// Header lines found.
    pub headers: usize,
    /// Values read into a type.
    pub typed: usize,
    /// Values that the library has a type for but could not read.
    pub faults: usize,
}

impl Seen {
    /// A plain count of header lines.
    #[must_use]
    pub fn lines(headers: usize) -> Self {
        Self { headers, ..Self::default() }
    }

    /// Notes one typed value; the value itself is dropped here, inside the timed call.
    pub fn note<T, E>(&mut self, value: Result<T, E>) {
        match std::hint::black_box(value) {
            Ok(_) => self.typed += 1,
            Err(_) => self.faults += 1,
        }
    }

    /// Notes a value that is allowed to be absent.
    pub fn note_opt<T, E>(&mut self, value: Option<Result<T, E>>) {
        if let Some(value) = value {
            self.note(value);
        }
    }
}

/// The subject refused the message, or does not do the task at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused;

/// Where a subject leaves the message that it wrote.
///
/// Libraries differ in what they return; wrapping a `Vec` into `Bytes` would charge them for
/// our convenience, so each leaves what it has. A library that can write into a caller's
/// buffer takes [`Wire::buffer`], which keeps its capacity from message to message.
#[derive(Debug, Default)]
pub struct Wire {
    reused: Vec<u8>,
    given: Option<Given>,
}

#[derive(Debug)]
enum Given {
    Vec(Vec<u8>),
    Bytes(bytes::Bytes),
}

impl Wire {
    /// An empty buffer that keeps the capacity of earlier messages.
    pub fn buffer(&mut self) -> &mut Vec<u8> {
        self.given = None;
        self.reused.clear();
        &mut self.reused
    }

    /// Takes a message that the library allocated; the one before is dropped.
    pub fn give(&mut self, message: Vec<u8>) {
        self.given = Some(Given::Vec(message));
    }

    /// As [`Wire::give`], for libraries that return shared bytes.
    pub fn give_bytes(&mut self, message: bytes::Bytes) {
        self.given = Some(Given::Bytes(message));
    }

    /// What was written last.
    #[must_use]
    pub fn written(&self) -> &[u8] {
        match &self.given {
            Some(Given::Vec(v)) => v,
            Some(Given::Bytes(b)) => b,
            None => &self.reused,
        }
    }
}

/// A library under measurement. A task that it does not offer keeps the default body, and
/// [`Subject::level`] says `None` for it.
pub trait Subject {
    /// Name in the reports: the crate's, with its version for peers.
    fn name(&self) -> &'static str;

    /// What it does for `task`, or `None` when it is absent from it.
    fn level(&self, task: Task) -> Option<Level>;

    /// Whether it reads SIP at all; plain references do not, and have no say on a corpus.
    fn reads_sip(&self) -> bool {
        true
    }

    /// [`Task::Frame`].
    ///
    /// # Errors
    /// When the message is refused.
    fn frame(&mut self, sample: &Sample) -> Result<Seen, Refused> {
        self.index(sample)
    }

    /// [`Task::Index`].
    ///
    /// # Errors
    /// When the message is refused.
    fn index(&mut self, _sample: &Sample) -> Result<Seen, Refused> {
        Err(Refused)
    }

    /// [`Task::ProxyTop`].
    ///
    /// # Errors
    /// When the message is refused.
    fn proxy_top(&mut self, _sample: &Sample) -> Result<Seen, Refused> {
        Err(Refused)
    }

    /// [`Task::Typed`].
    ///
    /// # Errors
    /// When the message is refused as a whole; single values count in [`Seen::faults`].
    fn typed(&mut self, _sample: &Sample) -> Result<Seen, Refused> {
        Err(Refused)
    }

    /// [`Task::Forward`]: see [`crate::sip::check::forwarded`] for what must come out.
    ///
    /// # Errors
    /// When the message is refused.
    fn forward(&mut self, _sample: &Sample, _wire: &mut Wire) -> Result<(), Refused> {
        Err(Refused)
    }

    /// [`Task::Build`]: the message of `sample.plan`, not looking at `sample.raw`.
    ///
    /// # Errors
    /// When the library refuses a part.
    fn build(&mut self, _sample: &Sample, _wire: &mut Wire) -> Result<(), Refused> {
        Err(Refused)
    }

    /// Runs `task` once.
    ///
    /// # Errors
    /// As the task's own function.
    #[inline]
    fn once(&mut self, task: Task, sample: &Sample, wire: &mut Wire) -> Result<Seen, Refused> {
        match task {
            Task::Frame => self.frame(sample),
            Task::Index => self.index(sample),
            Task::ProxyTop => self.proxy_top(sample),
            Task::Typed => self.typed(sample),
            Task::Forward => self.forward(sample, wire).map(|()| Seen::default()),
            Task::Build => self.build(sample, wire).map(|()| Seen::default()),
        }
    }

    /// Runs `task` over `count` samples in rotation, beginning at `first`.
    ///
    /// A provided method of the trait, so that the loop is compiled for each subject and the
    /// call inside it is direct: a dynamic call per message would blur the small ones.
    fn batch(
        &mut self,
        task: Task,
        samples: &[Sample],
        first: usize,
        count: usize,
        wire: &mut Wire,
    ) -> usize {
        let mut sum = 0_usize;
        for sample in samples.iter().cycle().skip(first % samples.len()).take(count) {
            match std::hint::black_box(self.once(task, std::hint::black_box(sample), wire)) {
                Ok(seen) => sum = sum.wrapping_add(seen.headers + seen.typed + 1),
                Err(Refused) => sum = sum.wrapping_add(1),
            }
        }
        sum
    }
}
