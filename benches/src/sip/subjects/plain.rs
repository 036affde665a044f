//! Plain references: what the bytes alone cost, and what the same lines cost in HTTP.

use std::io::Write as _;
use std::mem::MaybeUninit;

use crate::sip::corpus::{Sample, Start};
use crate::sip::subject::{Level, Refused, Seen, Subject, Task, Wire};
use crate::sip::subjects::FLOOR;

/// Room for header lines; 25 are needed.
const LINES: usize = 64;

/// httparse on the HTTP twin: the floor that nobody in SIP has come near.
///
/// Its header array is left uninitialised, as hyper does: the fastest honest way to call it.
pub(super) struct Httparse;

impl Subject for Httparse {
    fn name(&self) -> &'static str {
        FLOOR
    }

    fn level(&self, task: Task) -> Option<Level> {
        match task {
            // Also beside typed parsing: the targets are stated as multiples of it.
            Task::Frame | Task::Index | Task::Typed => Some(Level::Http),
            Task::ProxyTop | Task::Forward | Task::Build => None,
        }
    }

    fn reads_sip(&self) -> bool {
        false
    }

    fn index(&mut self, sample: &Sample) -> Result<Seen, Refused> {
        let mut lines = [const { MaybeUninit::uninit() }; LINES];
        let http = std::hint::black_box(sample.http.as_slice());
        let headers = if sample.is_request() {
            let mut request = httparse::Request::new(&mut []);
            match request.parse_with_uninit_headers(http, &mut lines) {
                Ok(httparse::Status::Complete(_)) => request.headers.len(),
                _ => return Err(Refused),
            }
        } else {
            let mut response = httparse::Response::new(&mut []);
            let config = httparse::ParserConfig::default();
            match config.parse_response_with_uninit_headers(&mut response, http, &mut lines) {
                Ok(httparse::Status::Complete(_)) => response.headers.len(),
                _ => return Err(Refused),
            }
        };
        std::hint::black_box(&lines);
        Ok(Seen::lines(headers))
    }

    fn typed(&mut self, sample: &Sample) -> Result<Seen, Refused> {
        self.index(sample)
    }
}

/// memchr counting line feeds: one pass over the bytes at the speed of the machine.
pub(super) struct CountLf;

impl Subject for CountLf {
    fn name(&self) -> &'static str {
        "memchr"
    }

    fn level(&self, task: Task) -> Option<Level> {
        matches!(task, Task::Frame | Task::Index).then_some(Level::Scan)
    }

    fn reads_sip(&self) -> bool {
        false
    }

    fn index(&mut self, sample: &Sample) -> Result<Seen, Refused> {
        let feeds = memchr::memchr_iter(b'\n', &sample.raw).count();
        // Not header lines: the start line, the blank line and the body are in it too. The
        // check asks for header lines, so the rest is taken off by what the fixture says.
        let others = sample.plan.body_lines() + 2;
        Ok(Seen::lines(feeds.saturating_sub(others)))
    }
}

/// The standard library's UTF-8 check, and, for building, plain copying of the parts.
pub(super) struct Utf8;

impl Subject for Utf8 {
    fn name(&self) -> &'static str {
        "std"
    }

    fn level(&self, task: Task) -> Option<Level> {
        match task {
            Task::Frame | Task::Index => Some(Level::Scan),
            Task::Build => Some(Level::Text),
            Task::ProxyTop | Task::Typed | Task::Forward => None,
        }
    }

    fn reads_sip(&self) -> bool {
        false
    }

    fn index(&mut self, sample: &Sample) -> Result<Seen, Refused> {
        match std::str::from_utf8(&sample.raw) {
            Ok(text) => {
                std::hint::black_box(text.len());
                Ok(Seen::lines(sample.header_lines()))
            }
            Err(_) => Err(Refused),
        }
    }

    fn build(&mut self, sample: &Sample, wire: &mut Wire) -> Result<(), Refused> {
        let (plan, out) = (&sample.plan, wire.buffer());
        match &plan.start {
            Start::Request { method, uri } => write!(out, "{method} {uri} SIP/2.0\r\n"),
            Start::Response { code, reason } => write!(out, "SIP/2.0 {code} {reason}\r\n"),
        }
        .map_err(|_| Refused)?;
        for (name, value) in &plan.headers {
            out.extend_from_slice(name.as_bytes());
            out.extend_from_slice(b": ");
            out.extend_from_slice(value.as_bytes());
            out.extend_from_slice(b"\r\n");
        }
        out.extend_from_slice(b"\r\n");
        out.extend_from_slice(&plan.body);
        Ok(())
    }
}
