//! The messages that are measured: three fixtures, and for each a set of look-alikes.
//!
//! A parser fed the same bytes a million times is judged by how well the branch predictor
//! learnt them. So the timed loop walks over [`VARIANTS`] messages that have the same header
//! lines in the same order, but other users, hosts, identifiers and parameters. They are
//! made from a fixed seed: every run, on every machine, measures the same bytes.

use bytes::Bytes;

use crate::sip::vary::vary;

/// How many look-alikes the timed loop walks over, the fixture itself being the first.
pub const VARIANTS: usize = 32;

/// One of the three inputs, under the name that the reports use.
#[derive(Debug, Clone)]
pub struct Input {
    /// `invite`, `message` or `ok`.
    pub name: &'static str,
    /// The fixture and its look-alikes.
    pub samples: Vec<Sample>,
}

impl Input {
    /// Mean size of the SIP form, for throughput figures.
    #[must_use]
    pub fn mean_len(&self) -> usize {
        self.samples.iter().map(|s| s.raw.len()).sum::<usize>() / self.samples.len().max(1)
    }
}

/// One message, in every form that a subject may want it in.
///
/// Whatever is kept here is made before the clock starts; what a subject derives from `raw`
/// is on its own account.
#[derive(Debug, Clone)]
pub struct Sample {
    /// The SIP message as it came from the wire.
    pub raw: Bytes,
    /// The same header lines and body under an HTTP start line, for httparse.
    pub http: Vec<u8>,
    /// What a builder is given to make this message from nothing.
    pub plan: Plan,
}

impl Sample {
    /// Takes a message apart as far as the bench itself needs it.
    ///
    /// Deliberately naive (no folding, no compact names): it serves our own fixtures. Corpus
    /// messages pass through it too, but there only `raw` is used.
    #[must_use]
    pub fn new(raw: Bytes) -> Self {
        let http = http_twin(&raw);
        let plan = Plan::read(&raw);
        Self { raw, http, plan }
    }

    /// Header lines that a parser must report.
    #[must_use]
    pub fn header_lines(&self) -> usize {
        self.plan.headers.len()
    }

    /// Whether the message is a request.
    #[must_use]
    pub fn is_request(&self) -> bool {
        matches!(self.plan.start, Start::Request { .. })
    }
}

/// The parts of a message in the order in which a builder is to write them.
///
/// Values are plain text, made before the clock starts. A builder that knows a header by
/// type parses or constructs that type inside the timed call.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Start line.
    pub start: Start,
    /// Name and value of each header line, in order.
    pub headers: Vec<(String, String)>,
    /// Body bytes.
    pub body: Bytes,
    /// Line feeds in the body, known beforehand for the subject that only counts them.
    body_lines: usize,
}

/// A start line in parts.
#[derive(Debug, Clone)]
pub enum Start {
    /// Method and Request-URI.
    Request {
        /// Method token.
        method: String,
        /// Request-URI text.
        uri: String,
    },
    /// Status code and reason phrase.
    Response {
        /// Three digits.
        code: u16,
        /// Reason phrase.
        reason: String,
    },
}

impl Plan {
    fn read(raw: &Bytes) -> Self {
        let head_end = find(raw, b"\r\n\r\n").unwrap_or(raw.len());
        let body = raw.slice((head_end + 4).min(raw.len())..);
        let head = String::from_utf8_lossy(&raw[..head_end]).into_owned();
        let mut lines = head.split("\r\n");
        let first = lines.next().unwrap_or_default();
        let mut words = first.splitn(3, ' ');
        let (one, two, three) = (
            words.next().unwrap_or_default(),
            words.next().unwrap_or_default(),
            words.next().unwrap_or_default(),
        );
        let start = if one.starts_with("SIP/") {
            Start::Response { code: two.parse().unwrap_or(0), reason: three.to_owned() }
        } else {
            Start::Request { method: one.to_owned(), uri: two.to_owned() }
        };
        let headers = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
            .collect();
        let body_lines = memchr::memchr_iter(b'\n', &body).count();
        Self { start, headers, body, body_lines }
    }

    /// Line feeds in the body.
    #[must_use]
    pub fn body_lines(&self) -> usize {
        self.body_lines
    }

    /// First value of the header called `name`, or the empty string.
    #[must_use]
    pub fn value(&self, name: &str) -> &str {
        self.headers.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v)
    }
}

/// The three inputs with their look-alikes.
///
/// # Panics
///
/// If a fixture does not have the shape that the reports promise for it.
#[must_use]
pub fn inputs() -> Vec<Input> {
    let shapes: [(&'static str, &'static [u8], usize); 3] = [
        ("invite", include_bytes!("../../fixtures/invite.sip"), 25),
        ("message", include_bytes!("../../fixtures/message.sip"), 10),
        ("ok", include_bytes!("../../fixtures/ok.sip"), 12),
    ];
    shapes.map(|(name, bytes, lines)| input(name, bytes, lines)).into()
}

fn input(name: &'static str, bytes: &'static [u8], lines: usize) -> Input {
    let samples: Vec<Sample> =
        vary(bytes, VARIANTS).into_iter().map(|raw| Sample::new(raw.into())).collect();
    for sample in &samples {
        assert_eq!(sample.header_lines(), lines, "{name}: wrong number of header lines");
        assert_eq!(
            sample.plan.value("Content-Length"),
            sample.plan.body.len().to_string(),
            "{name}: Content-Length does not match the body"
        );
    }
    Input { name, samples }
}

fn http_twin(raw: &[u8]) -> Vec<u8> {
    let line_end = find(raw, b"\r\n").unwrap_or(raw.len());
    let start: &[u8] =
        if raw.starts_with(b"SIP/") { b"HTTP/1.1 200 OK" } else { b"POST /x HTTP/1.1" };
    [start, &raw[line_end..]].concat()
}

/// Where `needle` first occurs.
pub(crate) fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    memchr::memmem::find(haystack, needle)
}
