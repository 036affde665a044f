//! How much a peer may put into a body.

/// Caps on one body. Each is tested at, one over and far over its edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one block of headers, CPIM or MIME, its empty line included. A CPIM head with routes, several
    /// recipients and subjects in some languages stays below 8 KiB; the rest is head-room.
    pub max_head: usize,
    /// Bytes of one header field with all its folded lines: half a head, so that one field cannot fill it.
    pub max_header: usize,
    /// Header fields in one block. A `To` for each member of a large group is the most that is seen.
    pub max_headers: usize,
    /// Parts of one multipart body, nested ones not counted. A large message has three, an MMS some tens.
    pub max_parts: usize,
    /// Multiparts within multiparts. Deployed bodies have two; a cap keeps whoever walks them off the stack's end.
    pub max_nesting: usize,
    /// Bytes of an XML document. A conference of some thousand members is below 1 MiB.
    pub max_document: usize,
    /// Elements within elements. The deepest document of this crate has nine, and extensions add a few.
    pub max_depth: usize,
    /// Elements of one document. A user of a conference has about ten, so this is room for some thousand members; it
    /// keeps a document of nothing but `<a/>` from growing a hundredfold in memory.
    pub max_elements: usize,
    /// Attributes of one element, namespace declarations among them.
    pub max_attributes: usize,
    /// Bytes of the text of one element, and of one attribute.
    pub max_text: usize,
}

impl Limits {
    /// The default caps, usable in constants.
    pub const DEFAULT: Self = Self {
        max_head: 64 * 1024,
        max_header: 32 * 1024,
        max_headers: 1024,
        max_parts: 1024,
        max_nesting: 8,
        max_document: 1024 * 1024,
        max_depth: 64,
        max_elements: 64 * 1024,
        max_attributes: 64,
        max_text: 64 * 1024,
    };

    /// Caps for an element that faces the open network.
    #[must_use]
    pub const fn strict() -> Self {
        Self {
            max_head: 16 * 1024,
            max_header: 4 * 1024,
            max_headers: 128,
            max_parts: 64,
            max_nesting: 4,
            max_document: 256 * 1024,
            max_depth: 32,
            max_elements: 16 * 1024,
            max_attributes: 32,
            max_text: 16 * 1024,
        }
    }

    /// Caps that hardly bind, for analysing captures.
    #[must_use]
    pub const fn lab() -> Self {
        Self {
            max_head: 16 * 1024 * 1024,
            max_header: 16 * 1024 * 1024,
            max_headers: 60_000,
            max_parts: 65_535,
            max_nesting: 64,
            max_document: 256 * 1024 * 1024,
            max_depth: 256,
            max_elements: 16 * 1024 * 1024,
            max_attributes: 4096,
            max_text: 16 * 1024 * 1024,
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
