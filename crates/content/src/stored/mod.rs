//! The bodies of objects in a message store: who took part in a session or a file transfer, what was recorded of it,
//! and the state of a group.
//!
//! [`SessionInfo`] and [`FileTransferHistory`] exist in two [`Shape`]s. What CPM V2.0 shows is a row of elements
//! without a root, which is no XML document; deployed stores put a root around it. Both are read, also where the
//! quotation marks are typographic, an ampersand stands for itself, or elements have any namespace. Elements that are
//! not known are skipped.

mod group_state;
mod media;

pub use group_state::{GroupState, GroupType, Participant};
pub use media::{ConversationType, FileTransferHistory, MediaObject, SessionInfo, Shape};

/// The media type of [`SessionInfo`].
pub const SESSION_INFO: &str = "application/x-cpm-session";
/// The media type of [`FileTransferHistory`].
pub const FILE_TRANSFER: &str = "application/x-cpm-file-transfer";
/// The media type of [`GroupState`].
pub const GROUP_STATE: &str = "application/group-state-object+xml";
