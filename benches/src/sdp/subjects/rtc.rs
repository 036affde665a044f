//! rtc-sdp: a state machine over a reader; attributes are a name and text.

use std::io::Cursor;

use rtc_sdp::SessionDescription;

use crate::sdp::corpus::Sample;
use crate::sdp::subject::{Level, Refused, Seen, Subject, Task};

pub(super) struct Rtc;

impl Subject for Rtc {
    fn name(&self) -> &'static str {
        "rtc-sdp 0.21.1"
    }

    fn level(&self, task: Task) -> Option<Level> {
        match task {
            Task::Typed => Some(Level::Lines),
        }
    }

    fn typed(&mut self, sample: &Sample) -> Result<Seen, Refused> {
        let mut reader = Cursor::new(&sample.raw[..]);
        let read = SessionDescription::unmarshal(&mut reader).map_err(|_| Refused)?;
        let read = std::hint::black_box(read);
        let some = |present: bool| usize::from(present);
        // Version, origin and name are always there.
        let session = 3
            + some(read.session_information.is_some())
            + some(read.uri.is_some())
            + some(read.email_address.is_some())
            + some(read.phone_number.is_some())
            + some(read.connection_information.is_some())
            + read.bandwidth.len()
            + read.time_descriptions.iter().map(|time| 1 + time.repeat_times.len()).sum::<usize>()
            + some(!read.time_zones.is_empty())
            + some(read.encryption_key.is_some());
        let media = read.media_descriptions.iter().map(|media| {
            1 + some(media.media_title.is_some())
                + some(media.connection_information.is_some())
                + media.bandwidth.len()
                + some(media.encryption_key.is_some())
                + media.attributes.len()
        });
        let lines = session + read.attributes.len() + media.sum::<usize>();
        Ok(Seen { lines, media: read.media_descriptions.len(), faults: 0 })
    }
}
