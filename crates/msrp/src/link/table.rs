//! The links of a machine, and what waits to be written to them.

use std::collections::{HashMap, VecDeque};

use bytes::Bytes;
use missiva_core::{Destination, Instant, LinkId, Payload, Transmit};

use super::{Framer, Framing, LinkLimits};

/// Every link of a machine with `T`, which the machine keeps for it.
#[derive(Debug)]
pub(crate) struct Links<T> {
    limits: LinkLimits,
    links: HashMap<LinkId, Link<T>>,
    out: VecDeque<(Kind, Transmit)>,
}

/// What counts against which cap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Request,
    Answer,
}

#[derive(Debug)]
struct Link<T> {
    /// Taken out while it is read from.
    framer: Option<Box<Framer>>,
    blocked: bool,
    /// Bytes of requests that wait to be drained.
    requests: usize,
    /// Bytes of answers that wait to be drained, or were written while the link was blocked.
    answers: usize,
    /// When the link last took bytes after it had been blocked.
    relieved: Instant,
    data: T,
}

/// A link whose peer reads too little.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Choked;

impl<T> Links<T> {
    pub(crate) fn new(limits: LinkLimits) -> Self {
        Self { limits, links: HashMap::new(), out: VecDeque::new() }
    }

    /// A link is there; says whether there was room for it. One that is known already stays as it is.
    pub(crate) fn up(&mut self, now: Instant, link: LinkId, framing: Framing, data: T) -> bool {
        if self.links.contains_key(&link) {
            return true;
        }
        if self.links.len() >= self.limits.max_links || self.out.len() >= self.limits.max_undrained
        {
            return false;
        }
        let framer = Some(Box::new(Framer::new(framing, self.limits.framing)));
        let entry = Link { framer, blocked: false, requests: 0, answers: 0, relieved: now, data };
        self.links.insert(link, entry);
        true
    }

    /// Forgets a link. What waits to be drained still goes out.
    pub(crate) fn remove(&mut self, link: LinkId) -> Option<T> {
        self.links.remove(&link).map(|entry| entry.data)
    }

    pub(crate) fn get(&self, link: LinkId) -> Option<&T> {
        self.links.get(&link).map(|entry| &entry.data)
    }

    pub(crate) fn get_mut(&mut self, link: LinkId) -> Option<&mut T> {
        self.links.get_mut(&link).map(|entry| &mut entry.data)
    }

    pub(crate) fn contains(&self, link: LinkId) -> bool {
        self.links.contains_key(&link)
    }

    /// Takes out what reads the link, with `bytes` to be read; to be given back unless the link is removed meanwhile.
    pub(crate) fn start_reading(&mut self, link: LinkId, bytes: Bytes) -> Option<Box<Framer>> {
        let mut framer = self.links.get_mut(&link)?.framer.take()?;
        framer.push(bytes);
        Some(framer)
    }

    pub(crate) fn stop_reading(&mut self, link: LinkId, framer: Box<Framer>) {
        if let Some(entry) = self.links.get_mut(&link) {
            entry.framer = Some(framer);
        }
    }

    pub(crate) fn block(&mut self, link: LinkId) {
        if let Some(entry) = self.links.get_mut(&link) {
            entry.blocked = true;
        }
    }

    /// The link takes bytes again.
    pub(crate) fn unblock(&mut self, now: Instant, link: LinkId) {
        if let Some(entry) = self.links.get_mut(&link) {
            entry.blocked = false;
            entry.relieved = now;
            entry.answers = 0;
        }
    }

    /// When the link last took bytes after it had been blocked; when it came up, if it never was.
    pub(crate) fn relieved(&self, link: LinkId) -> Option<Instant> {
        self.links.get(&link).map(|entry| entry.relieved)
    }

    pub(crate) fn is_blocked(&self, link: LinkId) -> bool {
        self.links.get(&link).is_none_or(|entry| entry.blocked)
    }

    /// Bytes of requests that may be written now.
    pub(crate) fn room(&self, link: LinkId) -> usize {
        match self.links.get(&link) {
            Some(entry) if !entry.blocked => self.limits.burst.saturating_sub(entry.requests),
            _ => 0,
        }
    }

    /// Writes a request for which there was room.
    pub(crate) fn write(&mut self, link: LinkId, payload: Payload) {
        if let Some(entry) = self.links.get_mut(&link) {
            entry.requests = entry.requests.saturating_add(payload.len());
            self.out.push_back((Kind::Request, Transmit { to: Destination::Link(link), payload }));
        }
    }

    /// Writes an answer or a report, which waits for no room.
    ///
    /// # Errors
    ///
    /// Too much of it waits: the link is of no more use.
    pub(crate) fn answer(&mut self, link: LinkId, bytes: Bytes) -> Result<(), Choked> {
        let Some(entry) = self.links.get_mut(&link) else { return Ok(()) };
        let waiting = entry.answers.saturating_add(bytes.len());
        if waiting > self.limits.max_answers {
            return Err(Choked);
        }
        entry.answers = waiting;
        let transmit = Transmit { to: Destination::Link(link), payload: Payload::from(bytes) };
        self.out.push_back((Kind::Answer, transmit));
        Ok(())
    }

    pub(crate) fn poll(&mut self) -> Option<Transmit> {
        let (kind, transmit) = self.out.pop_front()?;
        let Destination::Link(link) = transmit.to else { return Some(transmit) };
        if let Some(entry) = self.links.get_mut(&link) {
            let len = transmit.payload.len();
            match kind {
                Kind::Request => entry.requests = entry.requests.saturating_sub(len),
                Kind::Answer if entry.blocked => {}
                Kind::Answer => entry.answers = entry.answers.saturating_sub(len),
            }
        }
        Some(transmit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(max_answers: usize) -> Links<()> {
        let limits = LinkLimits { burst: 10, max_answers, max_links: 2, ..LinkLimits::DEFAULT };
        let mut links = Links::new(limits);
        assert!(links.up(Instant::ORIGIN, LinkId(1), Framing::Stream, ()));
        links
    }

    fn payload(len: usize) -> Payload {
        Payload::from(Bytes::from(vec![b'x'; len]))
    }

    #[test]
    fn requests_wait_for_room_and_get_it_when_they_are_drained() {
        let mut links = links(10);
        links.write(LinkId(1), payload(7));
        assert_eq!(links.room(LinkId(1)), 3);
        links.write(LinkId(1), payload(7));
        assert_eq!(links.room(LinkId(1)), 0);
        assert_eq!(links.poll().unwrap().payload.len(), 7);
        assert_eq!(links.room(LinkId(1)), 3);
        links.block(LinkId(1));
        assert_eq!((links.room(LinkId(1)), links.room(LinkId(9))), (0, 0));
        links.unblock(Instant::ORIGIN, LinkId(1));
        assert_eq!(links.room(LinkId(1)), 3);
    }

    #[test]
    fn a_peer_that_does_not_read_its_answers_is_cut_off() {
        for (len, result) in [(10, Ok(())), (11, Err(Choked)), (10_000, Err(Choked))] {
            let mut links = links(10);
            links.block(LinkId(1));
            assert_eq!(links.answer(LinkId(1), Bytes::from(vec![b'x'; len])), result);
            while links.poll().is_some() {}
            // Drained or not: while the link is blocked it waits in the driver.
            assert_eq!(links.answer(LinkId(1), Bytes::from_static(b"x")).is_ok(), len > 10);
            links.unblock(Instant::ORIGIN, LinkId(1));
            assert_eq!(links.answer(LinkId(1), Bytes::from_static(b"x")), Ok(()));
        }
    }

    #[test]
    fn links_have_a_limit() {
        let mut links = links(10);
        assert!(links.up(Instant::ORIGIN, LinkId(2), Framing::Stream, ()));
        assert!(links.up(Instant::ORIGIN, LinkId(2), Framing::Stream, ()));
        assert!(!links.up(Instant::ORIGIN, LinkId(3), Framing::Stream, ()));
        links.remove(LinkId(1));
        assert!(links.up(Instant::ORIGIN, LinkId(3), Framing::Stream, ()));
    }
}
