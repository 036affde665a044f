//! One endpoint and a peer made of text.

use std::time::Duration;

use bytes::Bytes;
use missiva_core::{Instant, LinkId, Machine};
use missiva_msrp::link::{Framing, LinkInput};
use missiva_msrp::session::{
    Endpoint, Ends, Event, SessionId, SessionLimits, SessionOptions, Setup,
};
use missiva_testkit::{Checked, Seeded};

pub(crate) const LINK: LinkId = LinkId(7);
pub(crate) const OURS: &str = "msrp://here.example:2855/ours0123456789;tcp";
pub(crate) const THEIRS: &str = "msrp://there.example:2855/theirs0123456789;tcp";

/// An endpoint with one link.
pub(crate) struct Bench {
    pub(crate) endpoint: Checked<Endpoint>,
    pub(crate) now: Instant,
}

impl Bench {
    pub(crate) fn new(limits: SessionLimits) -> Self {
        let endpoint = Checked::new(Endpoint::new(limits, Box::new(Seeded::new(1))));
        let mut bench = Self { endpoint, now: Instant::ORIGIN + Duration::from_secs(1000) };
        bench.input(LinkInput::Up { link: LINK, framing: Framing::Stream });
        bench
    }

    /// With a passive session that is bound to the link.
    pub(crate) fn bound(limits: SessionLimits, options: SessionOptions) -> (Self, SessionId) {
        let mut bench = Self::new(limits);
        let session = bench.open(Setup::Passive, options);
        bench.say(&send("bind", "Byte-Range: 1-0/0\r\n", None, '$'));
        bench.events();
        (bench, session)
    }

    pub(crate) fn open(&mut self, setup: Setup, options: SessionOptions) -> SessionId {
        let ends = Ends::new(OURS, THEIRS).unwrap();
        self.command(|one, now| one.open(now, ends, setup, options)).unwrap()
    }

    pub(crate) fn command<T>(&mut self, act: impl FnOnce(&mut Endpoint, Instant) -> T) -> T {
        self.endpoint.command(self.now, act)
    }

    pub(crate) fn input(&mut self, input: LinkInput) {
        self.endpoint.handle_input(self.now, input);
    }

    /// The peer says this; what the endpoint writes comes back as text.
    pub(crate) fn say(&mut self, text: &str) -> String {
        self.say_on(LINK, text)
    }

    pub(crate) fn say_on(&mut self, link: LinkId, text: &str) -> String {
        self.input(LinkInput::Bytes { link, bytes: Bytes::copy_from_slice(text.as_bytes()) });
        self.written()
    }

    /// What is written by now.
    pub(crate) fn written(&mut self) -> String {
        let mut text = Vec::new();
        loop {
            while let Some(transmit) = self.endpoint.poll_transmit() {
                text.extend(transmit.payload.to_vec());
            }
            let soon = self.now + Duration::from_millis(1);
            match self.endpoint.poll_timeout() {
                Some(due) if due.at < soon && due.why == "more to write" => {
                    self.now = due.at;
                    self.endpoint.handle_timeout(self.now);
                }
                _ => return String::from_utf8_lossy(&text).into_owned(),
            }
        }
    }

    pub(crate) fn events(&mut self) -> Vec<Event> {
        std::iter::from_fn(|| self.endpoint.poll_event()).collect()
    }

    /// Time passes, timer by timer.
    pub(crate) fn pass(&mut self, span: Duration) -> String {
        let end = self.now + span;
        let mut text = String::new();
        while let Some(due) = self.endpoint.poll_timeout().filter(|due| due.at <= end) {
            self.now = due.at;
            self.endpoint.handle_timeout(self.now);
            text += &self.written();
        }
        self.now = end;
        self.endpoint.handle_timeout(end);
        text + &self.written()
    }
}

/// A SEND of the peer; `lines` are whole lines. A body brings its type with it.
pub(crate) fn send(id: &str, lines: &str, body: Option<&str>, flag: char) -> String {
    send_between(id, OURS, THEIRS, lines, body, flag)
}

pub(crate) fn send_between(
    id: &str,
    to: &str,
    from: &str,
    lines: &str,
    body: Option<&str>,
    flag: char,
) -> String {
    let message = if lines.contains("Message-ID") { "" } else { "Message-ID: m.1.2.3\r\n" };
    let kind = if lines.contains("Content-Type") || body.is_none() {
        ""
    } else {
        "Content-Type: text/plain\r\n"
    };
    let body = body.map(|body| format!("\r\n{body}\r\n")).unwrap_or_default();
    format!(
        "MSRP {id} SEND\r\nTo-Path: {to}\r\nFrom-Path: {from}\r\n{message}{lines}{kind}{body}-------{id}{flag}\r\n"
    )
}

/// The transaction ids and first lines of the requests in what was written.
pub(crate) fn requests(text: &str, method: &str) -> Vec<String> {
    let lines = text.lines().filter(|line| line.starts_with("MSRP "));
    let words = lines.map(|line| line.split(' ').collect::<Vec<_>>());
    words.filter(|words| words[2] == method).map(|words| words[1].to_owned()).collect()
}

/// The answer of the peer.
pub(crate) fn answer(id: &str, status: u16) -> String {
    format!(
        "MSRP {id} {status} Whatever\r\nTo-Path: {OURS}\r\nFrom-Path: {THEIRS}\r\n-------{id}$\r\n"
    )
}

/// A report of the peer.
pub(crate) fn report(message: &str, range: &str, status: &str) -> String {
    format!(
        "MSRP rrrr REPORT\r\nTo-Path: {OURS}\r\nFrom-Path: {THEIRS}\r\nMessage-ID: {message}\r\n{range}Status: {status}\r\n-------rrrr$\r\n"
    )
}

/// The value of a header in what was written.
pub(crate) fn value<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}
