//! The plain reference: what a pass over the lines costs.

use crate::sdp::corpus::Sample;
use crate::sdp::subject::{Level, Refused, Seen, Subject, Task};
use crate::sdp::subjects::FLOOR;

/// memchr from line end to line end, with a look at each type letter.
pub(super) struct Memchr;

impl Subject for Memchr {
    fn name(&self) -> &'static str {
        FLOOR
    }

    fn level(&self, task: Task) -> Option<Level> {
        match task {
            Task::Typed => Some(Level::Scan),
        }
    }

    fn typed(&mut self, sample: &Sample) -> Result<Seen, Refused> {
        let (mut seen, mut start) = (Seen::default(), 0);
        for end in memchr::memchr_iter(b'\n', &sample.raw) {
            seen.lines += 1;
            seen.media += usize::from(sample.raw.get(start) == Some(&b'm'));
            start = end + 1;
        }
        Ok(seen)
    }
}
