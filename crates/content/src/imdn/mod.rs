//! What became of a message: instant message disposition notifications (RFC 5438).

pub mod document;
