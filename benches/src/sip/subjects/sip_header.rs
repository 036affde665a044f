//! sip-header: a header grammar with diagnostics; no messages, so nothing to write.

use sip_header::{SipHeaderLookup, SipMessageHeaders, extract_request_line};

use crate::sip::corpus::Sample;
use crate::sip::subject::{Level, Refused, Seen, Subject, Task};

pub(super) struct SipHeader;

/// It reads text. Bodies may be binary, so only the head has to be UTF-8.
fn head(sample: &Sample) -> Result<&str, Refused> {
    let end = crate::sip::corpus::find(&sample.raw, b"\r\n\r\n").ok_or(Refused)?;
    std::str::from_utf8(&sample.raw[..end + 4]).map_err(|_| Refused)
}

fn note<T, E>(seen: &mut Seen, value: Result<Option<T>, E>) {
    seen.note_opt(value.transpose());
}

impl Subject for SipHeader {
    fn name(&self) -> &'static str {
        "sip-header 1.0.0-beta.9"
    }

    fn level(&self, task: Task) -> Option<Level> {
        match task {
            Task::Frame | Task::Index => Some(Level::Frame),
            Task::ProxyTop | Task::Typed => Some(Level::Typed),
            Task::Forward | Task::Build => None,
        }
    }

    fn index(&mut self, sample: &Sample) -> Result<Seen, Refused> {
        let text = head(sample)?;
        // A status line is `Ok(None)`: it has no type for one.
        std::hint::black_box(extract_request_line(text).map_err(|_| Refused)?);
        let headers = std::hint::black_box(SipMessageHeaders::new(text));
        Ok(Seen::lines(headers.len()))
    }

    fn proxy_top(&mut self, sample: &Sample) -> Result<Seen, Refused> {
        let text = head(sample)?;
        let headers = SipMessageHeaders::new(text);
        let mut seen = Seen::default();
        if let Some(line) = extract_request_line(text).map_err(|_| Refused)? {
            seen.note(line.uri());
        }
        note(&mut seen, headers.via());
        note(&mut seen, headers.route());
        note(&mut seen, headers.sip_from());
        note(&mut seen, headers.sip_to());
        note(&mut seen, headers.call_id());
        note(&mut seen, headers.content_length());
        Ok(seen)
    }

    fn typed(&mut self, sample: &Sample) -> Result<Seen, Refused> {
        let text = head(sample)?;
        let headers = SipMessageHeaders::new(text);
        let mut seen = Seen::lines(headers.len());
        if let Some(line) = extract_request_line(text).map_err(|_| Refused)? {
            seen.note(line.uri());
        }
        note(&mut seen, headers.via());
        note(&mut seen, headers.route());
        note(&mut seen, headers.record_route());
        note(&mut seen, headers.sip_from());
        note(&mut seen, headers.sip_to());
        note(&mut seen, headers.call_id());
        note(&mut seen, headers.contact());
        note(&mut seen, headers.p_asserted_identity());
        note(&mut seen, headers.allow());
        note(&mut seen, headers.supported());
        note(&mut seen, headers.content_type());
        note(&mut seen, headers.content_length());
        Ok(seen)
    }
}
