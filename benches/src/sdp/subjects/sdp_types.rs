//! sdp-types: owned strings; attributes are typed on demand.

use sdp_types::Session;

use crate::sdp::corpus::Sample;
use crate::sdp::subject::{Level, Refused, Seen, Subject, Task};

pub(super) struct SdpTypes;

impl Subject for SdpTypes {
    fn name(&self) -> &'static str {
        "sdp-types 0.3.1"
    }

    fn level(&self, task: Task) -> Option<Level> {
        match task {
            Task::Typed => Some(Level::Lines),
        }
    }

    fn typed(&mut self, sample: &Sample) -> Result<Seen, Refused> {
        let read = Session::parse(&sample.raw).map_err(|_| Refused)?;
        let read = std::hint::black_box(read);
        let some = |present: bool| usize::from(present);
        // Version, origin and name are always there.
        let session = 3
            + some(read.session_description.is_some())
            + some(read.uri.is_some())
            + read.emails.len()
            + read.phones.len()
            + some(read.connection.is_some())
            + read.bandwidths.len()
            + read.times.iter().map(|time| 1 + time.repeats.len()).sum::<usize>()
            + some(!read.time_zones.is_empty())
            + some(read.key.is_some());
        let media = read.medias.iter().map(|media| {
            1 + some(media.media_title.is_some())
                + media.connections.len()
                + media.bandwidths.len()
                + some(media.key.is_some())
                + media.attributes.len()
        });
        let lines = session + read.attributes.len() + media.sum::<usize>();
        Ok(Seen { lines, media: read.medias.len(), faults: 0 })
    }
}
