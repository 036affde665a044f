//! webrtc-sdp: types the attributes that browsers use, in the one call that it offers. What it leaves out it tells of.

use crate::sdp::corpus::Sample;
use crate::sdp::subject::{Level, Refused, Seen, Subject, Task};

pub(super) struct Webrtc;

impl Subject for Webrtc {
    fn name(&self) -> &'static str {
        "webrtc-sdp 0.3.17"
    }

    fn level(&self, task: Task) -> Option<Level> {
        match task {
            Task::Typed => Some(Level::Typed),
        }
    }

    fn typed(&mut self, sample: &Sample) -> Result<Seen, Refused> {
        let read = webrtc_sdp::parse_sdp(&sample.text, false).map_err(|_| Refused)?;
        let read = std::hint::black_box(read);
        // A line that it does not keep is one of the warnings.
        let lines = sample.lines.saturating_sub(read.warnings.len());
        Ok(Seen { lines, media: read.media.len(), faults: 0 })
    }
}
