//! CPIM: every header read into its type, and those of the content.

use bytes::Bytes;
use missiva_content::Limits;
use missiva_content::cpim::Cpim;

use super::{FLOOR, Subject};
use crate::OURS;

/// Six headers of the message and two of its content.
pub(super) const VALUES: usize = 8;

pub(super) fn subjects() -> Vec<Subject> {
    vec![
        Subject { name: OURS, level: "T", work: typed },
        Subject { name: "missiva, asked", level: "T", work: asked },
        Subject { name: "missiva, index", level: "N", work: index },
        Subject { name: FLOOR, level: "scan", work: scan },
    ]
}

/// Every header in order, whatever it is.
fn typed(bytes: &Bytes) -> Option<usize> {
    let message = Cpim::parse(bytes.clone(), &Limits::DEFAULT).ok()?;
    let mut values = 0;
    for header in message.headers() {
        std::hint::black_box(header.typed().ok()?);
        values += 1;
    }
    for header in message.content().headers() {
        std::hint::black_box(header.typed().ok()?);
        values += 1;
    }
    std::hint::black_box(message.body());
    Some(values)
}

/// What a client asks for by name.
fn asked(bytes: &Bytes) -> Option<usize> {
    let message = Cpim::parse(bytes.clone(), &Limits::DEFAULT).ok()?;
    std::hint::black_box(message.from().ok()??);
    for address in message.to() {
        std::hint::black_box(address.ok()?);
    }
    std::hint::black_box(message.date_time().ok()??);
    std::hint::black_box(message.message_id().ok()??);
    std::hint::black_box(message.wants().ok()?);
    std::hint::black_box(message.content_type().ok()?);
    std::hint::black_box(message.content().content_length().ok()??);
    std::hint::black_box(message.body());
    Some(VALUES)
}

/// The headers told apart and recognised.
fn index(bytes: &Bytes) -> Option<usize> {
    let message = Cpim::parse(bytes.clone(), &Limits::DEFAULT).ok()?;
    Some(message.headers().len() + message.content().headers().len())
}

/// Each line by its end and its colon, through both heads.
fn scan(bytes: &Bytes) -> Option<usize> {
    let (mut rest, mut blanks, mut lines) = (&bytes[..], 0, 0);
    while blanks < 2 {
        let end = memchr::memchr(b'\n', rest)?;
        let line = rest.get(..end)?;
        if line.len() <= 1 {
            blanks += 1;
        } else {
            lines += usize::from(memchr::memchr(b':', line).is_some());
        }
        rest = rest.get(end + 1..)?;
    }
    Some(lines)
}
