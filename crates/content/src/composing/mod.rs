//! "Is composing": the document that tells it and the two machines around it (RFC 3994).
//!
//! [`IsComposing`] is the document. [`Sender`] turns what a user does into documents to be sent, [`Receiver`] turns
//! received documents into who is composing now. Neither asks for reports on these documents, stores or defers them;
//! nor may whoever carries them (protocol facts of CPM: they exist inside sessions only).

mod document;
mod receiver;
mod sender;

pub use document::{IsComposing, MEDIA_TYPE, State};
pub use receiver::{Change, Heard, Receiver, ReceiverSettings};
pub use sender::{Sender, SenderSettings};
