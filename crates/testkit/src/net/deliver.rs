//! What goes from host to host: links, transmits, datagrams.

use std::net::SocketAddr;

use bytes::Bytes;
use missiva_core::{Destination, Instant, LinkId, Protocol, Transmit};

use super::pipe::{Item, Pipe, State};
use super::{Action, Cause, Happening, Net, Notice, address, link, number};
use crate::ladder::Shape;

impl Net {
    /// Makes a link: both ends may write at once, and what they write follows the news that it is there.
    pub(super) fn open(
        &mut self,
        from: usize,
        to: usize,
        peer: SocketAddr,
        protocol: Protocol,
    ) -> (LinkId, LinkId) {
        let now = self.clock.now();
        let near = self.pipes.len();
        let far = near ^ 1;
        let mut there = Pipe::new(from, to, peer, protocol, self.streams);
        let mut back = Pipe::new(to, from, address(from), protocol, self.streams);
        if let Some(most) = self.streams.cut_within {
            let bytes = Some(self.chance.below(most));
            if self.chance.one_in(2) {
                there.cut_after = bytes;
            } else {
                back.cut_after = bytes;
            }
        }
        there.launch(now, Item::Up, &mut self.chance);
        self.pipes.extend([there, back]);
        self.appoint(near);
        (link(near), link(far))
    }

    /// Sends off what waits at this end.
    pub(super) fn pump(&mut self, end: usize) {
        let now = self.clock.now();
        let Some(pipe) = self.pipes.get_mut(end) else { return };
        pipe.pump(now, &mut self.chance);
        let writer = pipe.writer;
        let full = pipe.up && !pipe.blocked && pipe.state == State::Open && pipe.room() == 0;
        if full {
            pipe.blocked = true;
        }
        self.appoint(end);
        if full {
            let notice = Notice::Blocked { link: link(end) };
            self.schedule(now, Happening::Notice { host: writer, notice });
        }
    }

    /// Something at the front of a pipe arrives, unless it was lost meanwhile or came along with its neighbour.
    pub(super) fn arrive(&mut self, end: usize) {
        let now = self.clock.now();
        let Some(pipe) = self.pipes.get_mut(end) else { return };
        match pipe.arrive(now, &mut self.chance) {
            Some(Item::Up) => self.arrive_up(end),
            Some(Item::Bytes(bytes)) => self.arrive_bytes(end, bytes),
            Some(Item::Fin) => self.cut_pipes(end, Cause::Closed),
            None => {}
        }
        self.appoint(end);
    }

    fn appoint(&mut self, end: usize) {
        if let Some(at) = self.pipes.get_mut(end).and_then(Pipe::appoint) {
            self.schedule(at, Happening::Arrive(end));
        }
    }

    /// One end learns that the link is there. The end that accepts it is the first.
    fn arrive_up(&mut self, end: usize) {
        let now = self.clock.now();
        let opened = end % 2 == 1;
        let Some(pipe) = self.pipes.get_mut(end ^ 1) else { return };
        let (reader, writer) = (pipe.writer, pipe.reader);
        let notice = Notice::Up {
            link: link(end ^ 1),
            protocol: pipe.protocol,
            peer: pipe.peer,
            opened,
            room: pipe.room(),
        };
        pipe.up = true;
        if opened {
            let shape = Shape::Bar { left: writer, right: reader };
            self.ladder.record(now, shape, format!("#{} up", end / 2), b"");
        } else {
            pipe.launch(now, Item::Up, &mut self.chance);
        }
        self.tell(reader, notice);
        self.pump(end ^ 1);
    }

    fn arrive_bytes(&mut self, end: usize, mut bytes: Bytes) {
        let now = self.clock.now();
        let Some(pipe) = self.pipes.get_mut(end) else { return };
        let left = pipe.cut_after.map(|limit| limit.saturating_sub(pipe.carried));
        let cut = left.is_some_and(|left| left <= bytes.len() as u64);
        let whole = bytes.len();
        if let Some(left) = left.filter(|_| cut) {
            bytes.truncate(usize::try_from(left).unwrap_or(whole));
        }
        pipe.carried = pipe.carried.saturating_add(bytes.len() as u64);
        let (from, to) = (pipe.writer, pipe.reader);
        let relief = pipe.blocked && pipe.relieved();
        if !bytes.is_empty() {
            let label = self.label(Some(end), &bytes, "");
            self.ladder.record(now, Shape::Arrow { from, to }, label, &bytes);
        }
        if cut {
            self.ladder.record(
                now,
                Shape::Lost { from, to },
                format!("#{} {} bytes lost", end / 2, whole.saturating_sub(bytes.len())),
                b"",
            );
            self.cut_pipes(end, Cause::Cut);
        } else {
            self.pump(end);
            if relief {
                self.relieve(end);
            }
        }
        if !bytes.is_empty() {
            self.tell(to, Notice::Data { link: link(end ^ 1), bytes });
        }
    }

    /// Tells a blocked writer that it may go on, if what waited has not filled the window again.
    fn relieve(&mut self, end: usize) {
        let now = self.clock.now();
        let Some(pipe) = self.pipes.get_mut(end) else { return };
        if pipe.relieved() && pipe.state == State::Open {
            pipe.blocked = false;
            let notice = Notice::Writable { link: link(end), room: pipe.room() };
            let host = pipe.writer;
            self.schedule(now, Happening::Notice { host, notice });
        }
    }

    /// Ends a link: everything under way is lost. Both ends hear of it, a cut in their own time.
    pub(super) fn cut_pipes(&mut self, end: usize, cause: Cause) {
        let now = self.clock.now();
        let ends = [end, end ^ 1];
        let Some((left, right)) = self.pipes.get(end & !1).map(|pipe| (pipe.writer, pipe.reader))
        else {
            return;
        };
        let was_there = ends.iter().any(|end| self.is_up(link(*end)));
        if !was_there && cause == Cause::Cut {
            return;
        }
        let mut lost = 0usize;
        for end in ends {
            let Some(pipe) = self.pipes.get_mut(end) else { continue };
            lost = lost.saturating_add(pipe.lose());
            let (host, news) = (pipe.writer, pipe.path.news);
            let opener = end % 2 == 0;
            if !pipe.up && !opener {
                continue;
            }
            let wait = match cause {
                Cause::Cut => self.chance.span(news),
                Cause::Closed => std::time::Duration::ZERO,
            };
            let notice = if pipe.up {
                Notice::Down { link: link(end), cause }
            } else {
                Notice::Unreachable { protocol: pipe.protocol, to: pipe.peer }
            };
            self.schedule(now + wait, Happening::Notice { host, notice });
        }
        let how = if cause == Cause::Cut { "cut" } else { "closed" };
        let label = format!("#{} {how}, {lost} bytes lost", end / 2);
        self.ladder.record(now, Shape::Bar { left, right }, label, b"");
    }

    /// Takes what a host wants written; returns the end that must be pumped.
    pub(super) fn write(&mut self, host: usize, transmit: &Transmit) -> Option<usize> {
        let end = match transmit.to {
            Destination::Link(end) => number(end),
            Destination::Address(Protocol::Udp, to) => {
                self.send_datagram(host, to, transmit.payload.to_vec().into());
                return None;
            }
            Destination::Address(protocol, to) => self.find_or_open(host, protocol, to)?,
        };
        let Some(pipe) = self.pipes.get_mut(end).filter(|pipe| pipe.writer == host) else {
            let name = self.hosts.get(host).map_or("", |place| place.name.as_str());
            let why = format!("{name} writes to link {end}, which is not one of its own");
            self.fail(&why);
        };
        if pipe.write(&transmit.payload) {
            return Some(end);
        }
        let shape = Shape::Lost { from: host, to: pipe.reader };
        let bytes = transmit.payload.to_vec();
        let label = self.label(Some(end), &bytes, " written to a dead link");
        self.ladder.record(self.clock.now(), shape, label, &bytes);
        None
    }

    /// The host's end of a link to this address, made if there is none.
    fn find_or_open(&mut self, host: usize, protocol: Protocol, to: SocketAddr) -> Option<usize> {
        let known = self.pipes.iter().rposition(|pipe| {
            pipe.writer == host
                && pipe.peer == to
                && pipe.protocol == protocol
                && pipe.state == State::Open
        });
        if known.is_some() {
            return known;
        }
        if let Some(peer) = self.host_at(to) {
            return Some(number(self.open(host, peer, to, protocol).0));
        }
        let at = self.clock.now() + self.streams.latency;
        let notice = Notice::Unreachable { protocol, to };
        self.schedule(at, Happening::Notice { host, notice });
        self.mark(host, format!("nobody at {to}"));
        None
    }

    /// Does what a host orders.
    pub(super) fn act(&mut self, host: usize, action: Action) {
        match action {
            Action::Connect(protocol, to) => {
                self.find_or_open(host, protocol, to);
            }
            Action::Close(end) => self.close(end),
            Action::Reset(end) => self.cut(end),
        }
    }

    fn send_datagram(&mut self, host: usize, to: SocketAddr, bytes: Bytes) {
        let now = self.clock.now();
        let source = self.hosts.get(host).and_then(|place| {
            place.addresses.iter().find(|one| one.is_ipv4() == to.is_ipv4()).copied()
        });
        let (Some(from), Some(target)) = (source, self.host_at(to)) else {
            let label = self.label(None, &bytes, &format!(" to {to}, where nobody is"));
            self.ladder.record(now, Shape::Lost { from: host, to: host }, label, &bytes);
            return;
        };
        let path = self.between.get(&(host, target)).copied().unwrap_or(self.datagrams);
        let too_large = path.mtu.is_some_and(|mtu| bytes.len() > mtu);
        if too_large || self.chance.hits(path.loss) {
            let why = if too_large { " too large" } else { " lost" };
            let label = self.label(None, &bytes, why);
            self.ladder.record(now, Shape::Lost { from: host, to: target }, label, &bytes);
            return;
        }
        let copies = if self.chance.hits(path.duplicate) { 2 } else { 1 };
        for _ in 0..copies {
            let mut bytes = bytes.clone();
            if self.chance.hits(path.corrupt) {
                bytes = self.corrupt(&bytes);
            }
            let at: Instant = now + path.latency + self.chance.span(path.jitter);
            self.schedule(at, Happening::Datagram { host: target, from, to, bytes });
        }
    }

    /// The same datagram with one bit turned.
    fn corrupt(&mut self, bytes: &Bytes) -> Bytes {
        let mut bytes = bytes.to_vec();
        let at = self.chance.within(0..bytes.len());
        let bit = self.chance.below(8);
        if let Some(byte) = bytes.get_mut(at) {
            *byte ^= 1 << bit;
        }
        bytes.into()
    }

    /// The words of a rung for bytes.
    pub(super) fn label(&self, end: Option<usize>, bytes: &[u8], fate: &str) -> String {
        let summary = (self.describe)(bytes);
        let colon = if summary.is_empty() { "" } else { ": " };
        match end {
            Some(end) => format!("#{} {} bytes{fate}{colon}{summary}", end / 2, bytes.len()),
            None => format!("{} bytes{fate}{colon}{summary}", bytes.len()),
        }
    }
}
