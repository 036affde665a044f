//! Start lines cut into their parts, bytes as they came.

use missiva_sip::Message;

/// The parts of a start line whose shape is known.
#[derive(Clone, Copy, Debug)]
pub(super) enum StartParts<'a> {
    Request {
        method: &'a [u8],
        /// Without the white space that may stand around it.
        uri: &'a [u8],
        uri_at: usize,
        version: &'a [u8],
    },
    Response {
        version: &'a [u8],
        code: u16,
        reason: &'a [u8],
    },
}

/// Bytes in `SIP/2.0`.
const VERSION: usize = 7;
/// Bytes in `SIP/2.0 200 `.
const BEFORE_REASON: usize = 12;

impl<'a> StartParts<'a> {
    /// The parts of the start line of a message that was read.
    pub(super) fn of(message: &'a Message) -> Self {
        let head = message.head();
        let line = head.split(|byte| *byte == b'\r').next().unwrap_or(head);
        let part = |from: usize, to: usize| line.get(from..to).unwrap_or_default();
        if let Some(code) = message.status() {
            let reason = part(BEFORE_REASON, line.len());
            return Self::Response { version: part(0, VERSION), code, reason };
        }
        let method = line.iter().position(|byte| *byte == b' ').unwrap_or(line.len());
        let end = line.trim_ascii_end().len();
        let version_at = end.saturating_sub(VERSION);
        let between = part(method + 1, version_at.saturating_sub(1));
        let blank = between.len() - between.trim_ascii_start().len();
        Self::Request {
            method: part(0, method),
            uri: between.trim_ascii(),
            uri_at: method + 1 + blank,
            version: part(version_at, end),
        }
    }
}
