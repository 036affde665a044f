//! The loop in which every machine reads a link.

use bytes::Bytes;
use missiva_core::LinkId;

use super::{Links, reply};
use crate::frame::{Event, FrameError, Recover};
use crate::header::FailureReport;
use crate::{Method, StatusCode};

/// A machine that reads links.
pub(crate) trait Reads {
    /// What it keeps for a link.
    type Data;

    fn links(&mut self) -> &mut Links<Self::Data>;

    /// A piece of a message arrived.
    fn on_frame(&mut self, link: LinkId, event: Event);

    /// The link is of no more use: its stream is lost, or its peer does not read.
    fn give_up(&mut self, link: LinkId);

    /// Reads what arrived on a link, for as long as the link is there.
    fn read(&mut self, link: LinkId, bytes: Bytes) {
        let Some(mut framer) = self.links().start_reading(link, bytes) else { return };
        while self.links().contains(link) {
            match framer.next() {
                Ok(None) => break,
                Ok(Some(event)) => self.on_frame(link, event),
                Err(error) => self.on_fault(link, &error),
            }
        }
        self.links().stop_reading(link, framer);
    }

    /// A message that cannot be read is answered with 400 when it is a request that wants to hear of failures, and passed
    /// over; where nobody knows how to go on, the link is given up.
    fn on_fault(&mut self, link: LinkId, error: &FrameError) {
        if let Some(head) = &error.head
            && !matches!(head.method(), None | Some(Method::Report))
            && head.failure_report() != FailureReport::No
            && let Some(answer) = reply(head, StatusCode::BAD_REQUEST)
        {
            self.answer(link, answer);
        }
        if error.recover == Recover::Close {
            self.give_up(link);
        }
    }

    /// Writes an answer or a report; a peer that reads too few of them loses its link.
    fn answer(&mut self, link: LinkId, bytes: Bytes) {
        if self.links().answer(link, bytes).is_err() {
            self.give_up(link);
        }
    }
}
