//! Where requests go, and what is passed on of them.

use bytes::{Bytes, BytesMut};
use missiva_core::LinkId;

use super::hops::What;
use super::machine::{OnLink, Relay};
use crate::encode::{Forward, draw_absent_from};
use crate::frame::{End, Event as Frame};
use crate::grammar::put;
use crate::header::{FailureReport, Path, Value};
use crate::link::{Links, Reads, reply};
use crate::slab::Key;
use crate::through::{self, Fields, Keep, Passing, Piece, Queued};
use crate::{Flag, Head, MessageId, Method, StatusCode, TransactionId, check};

/// What is being read from a link.
#[derive(Debug, Default)]
#[allow(clippy::large_enum_variant, reason = "there is one of them for each link")]
pub(super) enum Reading {
    /// Nothing, or something that is passed over.
    #[default]
    Nothing,
    /// A SEND that goes on.
    Chunk(Chunk),
}

/// A SEND that goes on.
#[derive(Debug)]
pub(super) struct Chunk {
    hop: Key,
    lines: Bytes,
    fields: Fields,
    passing: Passing,
    origin: Option<Key>,
    loud: bool,
    head: Head,
}

/// A SEND of which failures are to be reported.
#[derive(Debug)]
pub(super) struct Origin {
    pub(super) link: LinkId,
    /// Both path lines of a report.
    pub(super) lines: Bytes,
    pub(super) message: MessageId,
    /// Pieces that are not answered.
    pub(super) pieces: usize,
    pub(super) ended: bool,
}

/// The next hop of a request, and its paths from there.
struct Way {
    hop: Key,
    to: String,
    from: String,
}

impl Reads for Relay {
    type Data = OnLink;

    fn links(&mut self) -> &mut Links<OnLink> {
        &mut self.links
    }

    fn on_frame(&mut self, link: LinkId, event: Frame) {
        match event {
            Frame::Head(head) => {
                let reading = self.on_head(link, head);
                if let Some(on_link) = self.links.get_mut(link) {
                    on_link.reading = reading;
                }
            }
            Frame::Body(slice) => {
                let Some(on_link) = self.links.get_mut(link) else { return };
                let Reading::Chunk(chunk) = &mut on_link.reading else { return };
                if let Some(piece) = chunk.passing.body(slice) {
                    let (hop, lines, fields) =
                        (chunk.hop, chunk.lines.clone(), chunk.fields.clone());
                    let (message, origin, loud) = (chunk.passing.id, chunk.origin, chunk.loud);
                    self.pass(link, hop, (&lines, &fields), message, (origin, loud), piece);
                }
            }
            Frame::End(end) => {
                let Some(on_link) = self.links.get_mut(link) else { return };
                if let Reading::Chunk(chunk) = std::mem::take(&mut on_link.reading) {
                    self.on_end(link, chunk, &end);
                }
            }
        }
    }

    fn give_up(&mut self, link: LinkId) {
        if self.links.contains(link) {
            self.events.push_back(super::Event::Close { link });
            self.lose_link(link);
        }
    }
}

impl Relay {
    fn on_head(&mut self, link: LinkId, head: Head) -> Reading {
        let Some(method) = head.method() else {
            self.on_answer(link, &head);
            return Reading::Nothing;
        };
        let is_report = method == Method::Report;
        let result = match method {
            Method::Send => self.on_send(link, &head),
            Method::Auth if self.is_for_relay(&head) => {
                self.on_auth(link, &head);
                Ok(Reading::Nothing)
            }
            _ => self.pass_request(link, &head).map(|()| Reading::Nothing),
        };
        result.unwrap_or_else(|status| {
            if !is_report && head.failure_report() != FailureReport::No {
                self.refuse(link, &head, status);
            }
            Reading::Nothing
        })
    }

    fn is_for_relay(&self, head: &Head) -> bool {
        head.to_path().is_ok_and(|to| to.len() == 1 && self.is_own(&to.first()))
    }

    fn on_send(&mut self, link: LinkId, head: &Head) -> Result<Reading, StatusCode> {
        check::request(head, &check::Rules::default()).map_err(|refusal| refusal.code)?;
        let passing = Passing::of(head).map_err(|refusal| refusal.code)?;
        let Way { hop, to, from } = self.way(link, head)?;
        let mut lines = BytesMut::with_capacity(to.len() + from.len() + 32);
        for part in ["To-Path: ", &to, "\r\nFrom-Path: ", &from, "\r\n"] {
            put(part, &mut lines);
        }
        let wants = head.failure_report();
        let origin = if wants == FailureReport::No {
            None
        } else {
            let back = head.from_path().map_err(|_| StatusCode::BAD_REQUEST)?;
            let here = head.to_path().map_err(|_| StatusCode::BAD_REQUEST)?.first();
            let lines = format!("To-Path: {}\r\nFrom-Path: {here}\r\n", back.as_str()).into();
            let message = passing.id;
            Some(self.origins.insert(Origin { link, lines, message, pieces: 0, ended: false }))
        };
        Ok(Reading::Chunk(Chunk {
            hop,
            lines: lines.freeze(),
            fields: Fields::of(head, Keep::All),
            passing,
            origin,
            loud: wants == FailureReport::Yes,
            head: head.clone(),
        }))
    }

    /// Where a request goes. What comes from a client goes anywhere; what comes from elsewhere goes to the client that the
    /// first URI was granted to. Two clients of one relay may have each other's URIs in a row.
    fn way(&mut self, link: LinkId, head: &Head) -> Result<Way, StatusCode> {
        let mut to = head.to_path().map_err(|_| StatusCode::BAD_REQUEST)?;
        let mut from = head.from_path().map_err(|_| StatusCode::BAD_REQUEST)?.as_str().to_owned();
        let mut comes_from = Some(link);
        loop {
            let first = to.first();
            let name = first.session_id().filter(|_| self.is_own(&first));
            let key = name.and_then(|name| self.names.get(name)).ok_or(StatusCode::NO_SESSION)?;
            let token = self.tokens.get(*key).ok_or(StatusCode::NO_SESSION)?;
            let rest = to.rest().ok_or(StatusCode::NO_SESSION)?;
            from = format!("{first} {from}");
            let next = rest.first();
            let hop = if comes_from.take() != Some(token.link) {
                if !token.previous.as_uri().matches(&next) {
                    return Err(StatusCode::FORBIDDEN);
                }
                let client = token.link;
                self.hop_of(client)?
            } else if self.is_own(&next) {
                to = rest;
                continue;
            } else {
                self.hop_to(&next)?
            };
            return Ok(Way { hop, to: rest.as_str().to_owned(), from });
        }
    }

    /// Writes a piece to the next hop, or lets it wait there.
    fn pass(
        &mut self,
        link: LinkId,
        hop: Key,
        (lines, fields): (&Bytes, &Fields),
        message: MessageId,
        (origin, loud): (Option<Key>, bool),
        piece: Piece,
    ) {
        let id = draw_absent_from(self.ids.as_mut(), &piece.body);
        let (range, flag) = (piece.range, piece.flag);
        let what = match origin {
            None => What::Nothing,
            Some(origin) => {
                if let Some(entry) = self.origins.get_mut(origin) {
                    entry.pieces = entry.pieces.saturating_add(1);
                }
                What::Piece { origin, range, loud }
            }
        };
        let payload = through::piece(&id, lines, fields, piece);
        self.enqueue(hop, Queued { id, message, flag, payload, what }, (lines, fields), &range);
        self.hold(hop, link);
    }

    /// RFC 4976 section 6.4.1: the previous hop is answered at once. What fails behind is reported.
    fn on_end(&mut self, link: LinkId, chunk: Chunk, end: &End) {
        let Chunk { hop, lines, fields, passing, origin, loud, head } = chunk;
        let message = passing.id;
        let (mut piece, sound) = passing.end(end);
        if !sound {
            piece.flag = Flag::Abort;
        }
        self.pass(link, hop, (&lines, &fields), message, (origin, loud), piece);
        if let Some(key) = origin
            && let Some(entry) = self.origins.get_mut(key)
        {
            entry.ended = true;
            if entry.pieces == 0 {
                self.origins.remove(key);
            }
        }
        let status = if sound { StatusCode::OK } else { StatusCode::BAD_REQUEST };
        if (loud || !sound && origin.is_some())
            && let Some(answer) = reply(&head, status)
        {
            self.answer(link, answer);
        }
    }

    /// A request that is no SEND goes on as it is, and is answered by whom it is for.
    fn pass_request(&mut self, link: LinkId, head: &Head) -> Result<(), StatusCode> {
        if head.has_body() {
            return Err(StatusCode::UNKNOWN_METHOD);
        }
        let Way { hop, to, from } = self.way(link, head)?;
        let id = TransactionId::draw(self.ids.as_mut());
        let bytes = forward(head, &id, &to, &from).ok_or(StatusCode::BAD_REQUEST)?;
        let what = match head.method() {
            Some(Method::Report) | None => What::Nothing,
            Some(_) => What::Request { link, head: Box::new(head.clone()) },
        };
        self.pass_control(hop, bytes, id, what)
    }

    /// An answer. That to a SEND ends here; all others go on the way that their requests came.
    fn on_answer(&mut self, link: LinkId, head: &Head) {
        let Some(status) = head.status() else { return };
        let Some((hop, what)) = self.take_pending(link, head.transaction_id()) else { return };
        match what {
            What::Nothing => {}
            What::Piece { .. } => self.settle(what, status),
            What::Request { link, head: request } => {
                let paths = head.to_path().ok().and_then(|to| Some((to, to.rest()?)));
                let from = head.from_path().ok();
                if let (Some((to, rest)), Some(from), Some(id)) =
                    (paths, from, request.transaction())
                {
                    let from = format!("{} {}", to.first(), from.as_str());
                    if let Some(bytes) = forward(head, &id, rest.as_str(), &from) {
                        self.answer(link, bytes);
                    }
                }
            }
        }
        self.pump(hop);
    }
}

/// A head without a body, with other paths.
fn forward(head: &Head, id: &TransactionId, to: &str, from: &str) -> Option<Bytes> {
    let (to, from) = (Path::parse(to).ok()?, Path::parse(from).ok()?);
    let payload = Forward::new(head, id).paths(&to, &from).finish(Bytes::new(), Flag::Last).ok()?;
    Some(payload.to_vec().into())
}
