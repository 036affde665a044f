//! What is demanded of a peer, and how much it may bring.

/// How much one negotiation takes. Both caps bind what an offer can make us compute and write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Streams of one description. Slots are never given up, so a long session needs some more than it uses.
    pub max_streams: usize,
    /// Formats of one stream; each is compared with each of ours. Browsers offer about thirty.
    pub max_formats: usize,
}

impl Limits {
    /// The default caps.
    pub const DEFAULT: Self = Self { max_streams: 64, max_formats: 128 };
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// What is demanded of a peer beyond what is needed to understand it. What is not demanded is let through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Demands {
    /// `o=` stays the same but for its version (RFC 3264 section 8). Third parties that connect two calls break it.
    pub origin: bool,
    /// The version is counted when the description changes, and never falls (RFC 3264 section 8). Some phones forget
    /// it when they hold.
    pub version: bool,
    /// `t=` of an answer is that of the offer (RFC 3264 section 6).
    pub times: bool,
    /// A dynamic payload type keeps its meaning as long as the session lasts (RFC 3264 section 8.3.2).
    pub payload_map: bool,
    /// Message media have `accept-types` (RFC 4975 section 8.6); without, they take anything.
    pub accept_types: bool,
    /// A file transfer has an identifier, and the answer repeats selector and identifier (RFC 5547 section 8).
    pub file_transfer_id: bool,
    /// How much a peer may bring.
    pub limits: Limits,
}

impl Demands {
    /// Everything that the standards demand.
    pub const STRICT: Self = Self {
        origin: true,
        version: true,
        times: true,
        payload_map: true,
        accept_types: true,
        file_transfer_id: true,
        limits: Limits::DEFAULT,
    };

    /// Nothing but what is needed to understand each other.
    pub const LENIENT: Self = Self {
        origin: false,
        version: false,
        times: false,
        payload_map: false,
        accept_types: false,
        file_transfer_id: false,
        limits: Limits::DEFAULT,
    };
}

impl Default for Demands {
    fn default() -> Self {
        Self::STRICT
    }
}
