//! Multiparts: where the parts are.

use bytes::Bytes;
use memchr::memmem;
use missiva_content::Limits;
use missiva_content::multipart::{Multipart, Tolerance};

use super::corpus::BOUNDARY;
use super::{FLOOR, Subject};
use crate::OURS;

pub(super) fn subjects() -> Vec<Subject> {
    #[allow(unused_mut, reason = "peers are added where they are built")]
    let mut subjects = vec![
        Subject { name: OURS, level: "F", work: split },
        Subject { name: FLOOR, level: "scan", work: find },
    ];
    #[cfg(feature = "peers")]
    subjects.push(Subject { name: "mail-parser 0.11", level: "E", work: mail });
    subjects
}

fn split(body: &Bytes) -> Option<usize> {
    let parts = Multipart::split(body.clone(), BOUNDARY, Tolerance::NONE, &Limits::DEFAULT);
    parts.ok().map(|parts| parts.len())
}

/// One pass for the boundary.
fn find(body: &Bytes) -> Option<usize> {
    Some(memmem::find_iter(body, BOUNDARY.as_bytes()).count())
}

/// The same body behind the head that names its boundary, which is put before it and not measured apart.
#[cfg(feature = "peers")]
fn mail(body: &Bytes) -> Option<usize> {
    let head = format!("Content-Type: multipart/mixed;boundary={BOUNDARY}\r\n\r\n");
    let whole = [head.as_bytes(), body].concat();
    let message = mail_parser::MessageParser::default().parse(&whole)?;
    Some(message.parts.len() - 1)
}
