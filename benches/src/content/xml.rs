//! Reports and signs of typing.

use bytes::Bytes;
use missiva_content::Limits;
use missiva_content::composing::IsComposing;
use missiva_content::imdn::document::Imdn;

use super::{FLOOR, Subject};
use crate::OURS;

pub(super) fn reports() -> Vec<Subject> {
    #[allow(unused_mut, reason = "peers are added where they are built")]
    let mut subjects = vec![Subject { name: OURS, level: "T", work: report }, floor()];
    #[cfg(feature = "peers")]
    subjects.push(Subject { name: PEER, level: "T", work: super::serde_xml::report });
    subjects
}

pub(super) fn signs() -> Vec<Subject> {
    #[allow(unused_mut, reason = "peers are added where they are built")]
    let mut subjects = vec![Subject { name: OURS, level: "T", work: sign }, floor()];
    #[cfg(feature = "peers")]
    subjects.push(Subject { name: PEER, level: "T", work: super::serde_xml::sign });
    subjects
}

#[cfg(feature = "peers")]
const PEER: &str = "quick-xml serde 0.42.0";

fn report(bytes: &Bytes) -> Option<usize> {
    let report = std::hint::black_box(Imdn::parse(bytes, &Limits::DEFAULT).ok()?);
    let texts = [report.message_id, report.datetime];
    let texts = texts.iter().filter(|text| !text.is_empty()).count();
    Some(texts + usize::from(report.disposition.is_some()))
}

fn sign(bytes: &Bytes) -> Option<usize> {
    let sign = std::hint::black_box(IsComposing::parse(bytes, &Limits::DEFAULT).ok()?);
    let parts = [sign.last_active.is_some(), sign.content_type.is_some(), sign.refresh.is_some()];
    Some(1 + parts.iter().filter(|part| **part).count())
}

/// Every angle bracket.
fn floor() -> Subject {
    let work = |bytes: &Bytes| Some(memchr::memchr2_iter(b'<', b'>', bytes).count());
    Subject { name: FLOOR, level: "scan", work }
}
