//! The contract of machines, on a random walk through links, sessions, bytes and commands.

use std::time::Duration;

use bytes::Bytes;
use missiva_core::LinkId;
use missiva_msrp::header::{FailureReport, SuccessReport};
use missiva_msrp::link::{Framing, LinkInput};
use missiva_msrp::session::{
    Endpoint, Ends, Event, Hand, Outbound, SentId, SessionId, SessionLimits, SessionOptions, Setup,
    Source,
};
use missiva_msrp::{MessageId, StatusCode};
use missiva_testkit::{Contract, Seeded};

use crate::bench::{OURS, THEIRS, report, send};

#[derive(Clone, Debug)]
enum Op {
    Input(LinkInput),
    Open(Setup, bool),
    Send(SessionId, bool, usize, SuccessReport, FailureReport),
    Feed(SentId, usize),
    Finish(SentId),
    Abort(SentId),
    Close(SessionId, bool),
    Refuse(SessionId, MessageId),
    Stream(SessionId, MessageId),
    Report(SessionId, MessageId),
}

/// What the generator has seen of the machine's world.
#[derive(Default)]
struct World {
    links: Vec<LinkId>,
    next: u32,
    sessions: Vec<SessionId>,
    sent: Vec<SentId>,
    incoming: Vec<(SessionId, MessageId)>,
}

impl World {
    fn learn(&mut self, events: &[Event]) {
        for event in events {
            match event {
                Event::Established { session, .. } => self.sessions.push(*session),
                Event::Incoming { session, id, .. } | Event::Message { session, id, .. } => {
                    self.incoming.push((*session, *id));
                }
                Event::Want { message, .. } | Event::Acknowledged { message, .. } => {
                    self.sent.push(*message)
                }
                _ => {}
            }
        }
    }

    fn draw(&mut self, chance: &mut Seeded) -> Op {
        let link = if self.links.is_empty() || chance.one_in(30) {
            self.next += 1;
            self.links.push(LinkId(self.next));
            return Op::Input(LinkInput::Up { link: LinkId(self.next), framing: Framing::Stream });
        } else {
            *chance.pick(&self.links)
        };
        match chance.below(16) {
            0 => Op::Open(
                if chance.one_in(2) { Setup::Passive } else { Setup::Active { link } },
                chance.one_in(2),
            ),
            1 => Op::Input(LinkInput::Blocked { link }),
            2 | 3 => Op::Input(LinkInput::Writable { link }),
            4 if chance.one_in(10) => Op::Input(LinkInput::Down { link }),
            5..=7 if !self.sessions.is_empty() => {
                let session = *chance.pick(&self.sessions);
                let success = *chance.pick(&[SuccessReport::Yes, SuccessReport::No]);
                let failure =
                    *chance.pick(&[FailureReport::Yes, FailureReport::No, FailureReport::Partial]);
                Op::Send(session, chance.one_in(3), chance.within(0..3000), success, failure)
            }
            8 if !self.sent.is_empty() => {
                let sent = *chance.pick(&self.sent);
                match chance.below(4) {
                    0 => Op::Finish(sent),
                    1 => Op::Abort(sent),
                    _ => Op::Feed(sent, chance.within(0..1000)),
                }
            }
            9 if !self.sessions.is_empty() && chance.one_in(4) => {
                Op::Close(*chance.pick(&self.sessions), chance.one_in(2))
            }
            10 if !self.incoming.is_empty() => {
                let (session, id) = *chance.pick(&self.incoming);
                match chance.below(3) {
                    0 => Op::Refuse(session, id),
                    1 => Op::Stream(session, id),
                    _ => Op::Report(session, id),
                }
            }
            _ => Op::Input(LinkInput::Bytes { link, bytes: text(chance).into() }),
        }
    }
}

/// What a peer may say, sensible or not.
fn text(chance: &mut Seeded) -> String {
    let number = chance.below(40);
    let message = format!("Message-ID: m{:04}\r\n", chance.below(6));
    let body = "x".repeat(chance.within(0..200));
    let flag = *chance.pick(&['$', '+', '#']);
    let range = match chance.below(4) {
        0 => String::new(),
        1 => "Byte-Range: 1-*/*\r\n".to_owned(),
        2 => format!("Byte-Range: 1-{}/{}\r\n", body.len(), body.len()),
        _ => format!("Byte-Range: {}-*/400\r\n", chance.below(300)),
    };
    match chance.below(8) {
        0 => send(&format!("bind{number}"), "Byte-Range: 1-0/0\r\n", None, '$'),
        1 => report(&format!("m{:04}", chance.below(6)), &range, "000 200 OK"),
        2 => format!(
            "MSRP t{number:04} 200 OK\r\nTo-Path: {OURS}\r\nFrom-Path: {THEIRS}\r\n-------t{number:04}$\r\n"
        ),
        3 => "\r\n".to_owned(),
        4 if chance.one_in(10) => "garbage\r\n\r\n".to_owned(),
        _ => {
            let wishes = *chance.pick(&[
                "",
                "Success-Report: yes\r\n",
                "Failure-Report: no\r\n",
                "Failure-Report: partial\r\n",
            ]);
            send(&format!("t{number:04}"), &format!("{message}{wishes}{range}"), Some(&body), flag)
        }
    }
}

fn apply(endpoint: &mut Endpoint, now: missiva_core::Instant, op: Op) {
    use missiva_core::Machine;
    match op {
        Op::Input(input) => endpoint.handle_input(now, input),
        Op::Open(setup, ask) => {
            let options = SessionOptions {
                hand: if ask { Hand::Ask } else { Hand::Slices },
                keep_alive: Some(Duration::from_secs(100)),
                idle: Some(Duration::from_secs(3600)),
                ..SessionOptions::default()
            };
            let _ = endpoint.open(now, Ends::new(OURS, THEIRS).unwrap(), setup, options);
        }
        Op::Send(session, pull, len, success, failure) => {
            let outbound = Outbound::new("text/plain").reports(success, failure);
            let source = if pull {
                Source::Pull { total: None }
            } else {
                Source::Bytes(vec![b'y'; len].into())
            };
            let _ = endpoint.send(now, session, &outbound, source);
        }
        Op::Feed(sent, len) => {
            let _ = endpoint.feed(now, sent, Bytes::from(vec![b'z'; len]));
        }
        Op::Finish(sent) => {
            let _ = endpoint.finish(now, sent);
        }
        Op::Abort(sent) => {
            let _ = endpoint.abort(now, sent);
        }
        Op::Close(session, drain) => {
            let _ =
                if drain { endpoint.close(now, session) } else { endpoint.close_now(now, session) };
        }
        Op::Refuse(session, id) => {
            let _ = endpoint.refuse(now, session, &id, StatusCode::TOO_LARGE);
        }
        Op::Stream(session, id) => {
            let _ = endpoint.stream(now, session, &id);
        }
        Op::Report(session, id) => {
            let _ = endpoint.report(now, session, &id, StatusCode::OK, None);
        }
    }
}

fn limits() -> SessionLimits {
    let mut limits = SessionLimits::standard();
    limits.max_events = 200;
    limits.links.max_links = 8;
    limits.links.max_undrained = 500;
    limits.links.burst = 16 * 1024;
    limits.send.max_controls = 100;
    limits
}

#[test]
fn an_endpoint_keeps_the_contract() {
    let mut world = World::default();
    Contract::<Endpoint>::new()
        .steps(300)
        .queue_cap(3000)
        .handle_of(|event| match event {
            Event::Closed { session, .. } => Some((session.number() << 1, true)),
            Event::Established { session, .. }
            | Event::Message { session, .. }
            | Event::Slice { session, .. } => Some((session.number() << 1, false)),
            Event::Finished { message, .. } => Some((message.number() << 1 | 1, true)),
            Event::Want { message, .. }
            | Event::Acknowledged { message, .. }
            | Event::Reported { message, .. } => Some((message.number() << 1 | 1, false)),
            _ => None,
        })
        .check_operations(
            0..25,
            |seed| Endpoint::new(limits(), Box::new(Seeded::new(seed))),
            |chance, seen| {
                world.learn(seen.events);
                world.draw(chance)
            },
            apply,
        )
        .unwrap_or_else(|violation| panic!("{violation}"));
}
