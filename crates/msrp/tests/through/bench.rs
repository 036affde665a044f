//! A machine with links whose peers are made of text.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use missiva_core::{Destination, Instant, LinkId, Machine};
use missiva_msrp::link::{Framing, LinkInput};
use missiva_testkit::Checked;

/// A machine and what it wrote to each link.
pub(crate) struct Bench<M: Machine> {
    pub(crate) machine: Checked<M>,
    pub(crate) now: Instant,
    pub(crate) written: BTreeMap<LinkId, String>,
    pub(crate) wrap: fn(LinkInput) -> M::Input,
}

impl<M: Machine> Bench<M> {
    pub(crate) fn new(machine: M, links: u32, wrap: fn(LinkInput) -> M::Input) -> Self {
        let now = Instant::ORIGIN + Duration::from_secs(1000);
        let mut bench =
            Self { machine: Checked::new(machine), now, written: BTreeMap::new(), wrap };
        for link in 1..=links {
            bench.input(LinkInput::Up { link: LinkId(link), framing: Framing::Stream });
        }
        bench
    }

    pub(crate) fn input(&mut self, input: LinkInput) {
        self.machine.handle_input(self.now, (self.wrap)(input));
    }

    /// A peer says this, and the machine what it has to say.
    pub(crate) fn say(&mut self, link: u32, text: &str) {
        let bytes = Bytes::copy_from_slice(text.as_bytes());
        self.input(LinkInput::Bytes { link: LinkId(link), bytes });
        self.drain();
    }

    pub(crate) fn command<T>(&mut self, act: impl FnOnce(&mut M, Instant) -> T) -> T {
        let result = self.machine.command(self.now, act);
        self.drain();
        result
    }

    fn drain(&mut self) {
        while let Some(transmit) = self.machine.poll_transmit() {
            let Destination::Link(link) = transmit.to else { panic!("no link") };
            let text = String::from_utf8_lossy(&transmit.payload.to_vec()).into_owned();
            self.written.entry(link).or_default().push_str(&text);
        }
    }

    /// What was written to a link since it was asked last.
    pub(crate) fn told(&mut self, link: u32) -> String {
        self.drain();
        self.written.remove(&LinkId(link)).unwrap_or_default()
    }

    pub(crate) fn events(&mut self) -> Vec<M::Event> {
        std::iter::from_fn(|| self.machine.poll_event()).collect()
    }

    pub(crate) fn pass(&mut self, span: Duration) {
        let end = self.now + span;
        loop {
            while self.machine.poll_event().is_some() {}
            self.drain();
            let Some(due) = self.machine.poll_timeout().filter(|due| due.at <= end) else { break };
            self.now = due.at;
            self.machine.handle_timeout(due.at);
        }
        self.now = end;
    }
}

pub(crate) fn uri(name: &str) -> String {
    format!("msrp://{name}.example:2855/{name}0123456789;tcp")
}

pub(crate) fn send(id: &str, to: &str, from: &str, lines: &str, body: &str, flag: char) -> String {
    let lines = if lines.contains("Message-ID") {
        lines.to_owned()
    } else {
        format!("Message-ID: m.1.2.3\r\n{lines}")
    };
    format!(
        "MSRP {id} SEND\r\nTo-Path: {to}\r\nFrom-Path: {from}\r\n{lines}Content-Type: text/plain\r\n\r\n{body}\r\n-------{id}{flag}\r\n"
    )
}

pub(crate) fn empty(id: &str, to: &str, from: &str) -> String {
    format!(
        "MSRP {id} SEND\r\nTo-Path: {to}\r\nFrom-Path: {from}\r\nMessage-ID: empty\r\nByte-Range: 1-0/0\r\n-------{id}$\r\n"
    )
}

pub(crate) fn answer(id: &str, status: u16, to: &str, from: &str) -> String {
    format!("MSRP {id} {status} x\r\nTo-Path: {to}\r\nFrom-Path: {from}\r\n-------{id}$\r\n")
}

/// Transaction ids of the messages whose first line says `word`.
pub(crate) fn ids(text: &str, word: &str) -> Vec<String> {
    let lines = text.lines().filter(|line| line.starts_with("MSRP "));
    let words = lines.map(|line| line.split(' ').collect::<Vec<_>>());
    words.filter(|words| words[2] == word).map(|words| words[1].to_owned()).collect()
}

pub(crate) fn value<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}
