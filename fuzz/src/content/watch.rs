//! Every kind of XML document, and caps that short inputs reach.

use bytes::Bytes;
use missiva_content::composing::IsComposing;
use missiva_content::conference::ConferenceInfo;
use missiva_content::deferred_list::DeferredList;
use missiva_content::file_info::{FileTransfer, ResumeInfo};
use missiva_content::imdn::document::Imdn;
use missiva_content::pidf::Presence;
use missiva_content::reginfo::Reginfo;
use missiva_content::resource_lists::ResourceLists;
use missiva_content::stored::{FileTransferHistory, GroupState, SessionInfo, Shape};
use missiva_content::{Limits, ParseError};

/// Caps that short inputs reach.
pub(crate) const SMALL: Limits = Limits {
    max_head: 512,
    max_header: 128,
    max_headers: 8,
    max_parts: 3,
    max_nesting: 2,
    max_document: 2048,
    max_depth: 6,
    max_elements: 32,
    max_attributes: 4,
    max_text: 64,
};

/// What reads a document and writes it again, in each shape that it has.
pub(crate) type Again = fn(&[u8], &Limits) -> Result<(String, Vec<Bytes>), ParseError>;

macro_rules! again {
    ($type:ty) => {
        again!($type, |value| vec![value.to_bytes()])
    };
    ($type:ty, $write:expr) => {
        |bytes, limits| {
            let value = <$type>::parse(bytes, limits)?;
            let write: fn(&$type) -> Vec<Bytes> = $write;
            Ok((format!("{value:?}"), write(&value)))
        }
    };
}

/// Every kind of document.
pub(crate) const DOCUMENTS: [Again; 12] = [
    again!(Imdn),
    again!(IsComposing),
    again!(ResourceLists),
    again!(ConferenceInfo),
    again!(FileTransfer),
    again!(ResumeInfo),
    again!(Presence),
    again!(Reginfo),
    again!(DeferredList),
    again!(SessionInfo, |value| {
        vec![value.to_bytes(Shape::Rooted), value.to_bytes(Shape::Fragment)]
    }),
    again!(FileTransferHistory, |value| {
        vec![value.to_bytes(Shape::Rooted), value.to_bytes(Shape::Fragment)]
    }),
    again!(GroupState),
];

/// An error lies inside the input, and says something.
pub(crate) fn located(error: &ParseError, data: &[u8]) {
    assert!(error.at as usize <= data.len(), "{error} in {} bytes", data.len());
    assert!(!error.to_string().is_empty());
}

/// Whether `part` is a slice of `whole`.
pub(crate) fn is_within(part: &[u8], whole: &[u8]) -> bool {
    let (part, whole) = (part.as_ptr_range(), whole.as_ptr_range());
    whole.start <= part.start && part.end <= whole.end
}
