//! The same documents as structs of serde. Namespaces, twins and limits are not looked at.

use bytes::Bytes;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Report {
    message_id: String,
    datetime: String,
    delivery_notification: Notification,
}

#[derive(Debug, Deserialize)]
struct Notification {
    status: Status,
}

#[derive(Debug, Deserialize)]
struct Status {
    #[serde(rename = "$value")]
    word: Word,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Word {
    Delivered,
    Failed,
    Forbidden,
    Error,
}

#[derive(Debug, Deserialize)]
struct Sign {
    state: String,
    lastactive: Option<String>,
    contenttype: Option<String>,
    refresh: Option<u32>,
}

pub(super) fn report(bytes: &Bytes) -> Option<usize> {
    let report: Report = quick_xml::de::from_str(std::str::from_utf8(bytes).ok()?).ok()?;
    let Report { message_id, datetime, delivery_notification } = std::hint::black_box(report);
    let word = delivery_notification.status.word;
    let known = matches!(word, Word::Delivered | Word::Failed | Word::Forbidden | Word::Error);
    Some(
        usize::from(!message_id.is_empty())
            + usize::from(!datetime.is_empty())
            + usize::from(known),
    )
}

pub(super) fn sign(bytes: &Bytes) -> Option<usize> {
    let sign: Sign = quick_xml::de::from_str(std::str::from_utf8(bytes).ok()?).ok()?;
    let Sign { state, lastactive, contenttype, refresh } = std::hint::black_box(sign);
    let parts = [!state.is_empty(), lastactive.is_some(), contenttype.is_some(), refresh.is_some()];
    Some(parts.iter().filter(|part| **part).count())
}
