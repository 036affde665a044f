//! rsiprtp: owned strings; attributes are typed on demand.

use rsiprtp::sdp::parser::SessionDescription;

use crate::sdp::corpus::Sample;
use crate::sdp::subject::{Level, Refused, Seen, Subject, Task};

pub(super) struct Rsiprtp;

impl Subject for Rsiprtp {
    fn name(&self) -> &'static str {
        "rsiprtp 0.4.1"
    }

    fn level(&self, task: Task) -> Option<Level> {
        match task {
            Task::Typed => Some(Level::Lines),
        }
    }

    fn typed(&mut self, sample: &Sample) -> Result<Seen, Refused> {
        let read = SessionDescription::parse(&sample.text).map_err(|_| Refused)?;
        let read = std::hint::black_box(read);
        let some = |present: bool| usize::from(present);
        // Version, origin, name and time are always there.
        let session = 4 + some(read.session_info.is_some()) + some(read.connection.is_some());
        let media = read.media.iter().map(|media| {
            1 + some(media.connection.is_some()) + media.bandwidth.len() + media.attributes.len()
        });
        let lines = session + read.attributes.len() + media.sum::<usize>();
        Ok(Seen { lines, media: read.media.len(), faults: 0 })
    }
}
