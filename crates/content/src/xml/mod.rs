//! The layer between XML markup and the typed documents.
//!
//! What every document of this crate has in common is decided here, once:
//!
//! - Namespaces are resolved to what they name; a prefix means nothing, and none is needed.
//! - UTF-8 only, with or without a byte order mark. Other declared encodings are refused by name.
//! - No document type declaration, hence no entities but the five of XML and character references. Both bombs and
//!   references to files end at the first byte of the declaration.
//! - Comments and processing instructions are skipped, CDATA is text, line ends become line feeds.
//! - Depth, number of elements, attributes of one element, text and size are capped by [`Limits`](crate::Limits).
//!   Nothing recurses: an open element costs some bytes on the heap, and time grows with the size alone.
//! - Elements that a document type does not know are skipped, or kept as [`Extension`]s where its module says so.
//!   Attributes that it does not know are dropped.
//!
//! Writing gives the same bytes for the same value: one line, a declaration of UTF-8, namespaces at the root.
//! Characters that XML cannot carry at all (most below U+0020) are written as U+FFFD.

mod extension;
mod name;
mod namespace;
mod reader;
mod root;
mod source;
mod text;
mod typographic;
mod value;
pub(crate) mod word;
mod writer;

#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
mod tests;

pub use extension::Extension;
pub(crate) use namespace::Ns;
pub(crate) use reader::Reader;
pub use root::{Root, root};
pub(crate) use typographic::straighten;
pub(crate) use writer::Writer;
