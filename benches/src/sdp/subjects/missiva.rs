//! Our own codec.

use missiva_sdp::{Description, Field, Visit};

use crate::OURS;
use crate::sdp::corpus::Sample;
use crate::sdp::subject::{Level, Refused, Seen, Subject, Task};

pub(super) struct Missiva;

/// Lets go of every value it is shown, inside the timed call.
struct Taken;

impl Visit for Taken {
    #[inline(always)]
    fn value<'a, F: Field>(&mut self, value: F::Value<'a>) {
        std::hint::black_box(&value);
    }
}

impl Subject for Missiva {
    fn name(&self) -> &'static str {
        OURS
    }

    fn level(&self, task: Task) -> Option<Level> {
        match task {
            Task::Typed => Some(Level::Typed),
        }
    }

    fn typed(&mut self, sample: &Sample) -> Result<Seen, Refused> {
        let description = Description::parse(sample.raw.clone()).map_err(|_| Refused)?;
        let faults = usize::from(description.visit(&mut Taken).is_err());
        Ok(Seen { lines: description.lines().len(), media: description.media_count(), faults })
    }
}
