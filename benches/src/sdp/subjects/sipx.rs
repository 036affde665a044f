//! sipx-sdp: owned strings; attributes are typed on demand.

use crate::sdp::corpus::Sample;
use crate::sdp::subject::{Level, Refused, Seen, Subject, Task};

pub(super) struct Sipx;

impl Subject for Sipx {
    fn name(&self) -> &'static str {
        "sipx-sdp 1.0.1"
    }

    fn level(&self, task: Task) -> Option<Level> {
        match task {
            Task::Typed => Some(Level::Lines),
        }
    }

    fn typed(&mut self, sample: &Sample) -> Result<Seen, Refused> {
        let read = sipx_sdp::parse(&sample.text).map_err(|_| Refused)?;
        let read = std::hint::black_box(read);
        let some = |present: bool| usize::from(present);
        // Version, origin and name are always there.
        let session = 3 + some(read.connection.is_some()) + read.timing.len() + read.other.len();
        let media = read.media.iter().map(|media| {
            1 + some(media.connection.is_some()) + media.attributes.len() + media.other.len()
        });
        let lines = session + read.attributes.len() + media.sum::<usize>();
        Ok(Seen { lines, media: read.media.len(), faults: 0 })
    }
}
