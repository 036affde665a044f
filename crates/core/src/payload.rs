//! Bytes on their way out.

use bytes::Bytes;

use crate::Destination;

/// Up to three pieces of one unit, written with a single vectored call.
///
/// An MSRP chunk is exactly head, a slice of the file, and the end-line; a SIP message is head and body. The
/// pieces share their buffers: nothing is copied to be joined.
///
/// ```
/// use bytes::Bytes;
/// use missiva_core::Payload;
///
/// let payload = Payload::new(Bytes::from_static(b"head\r\n\r\n"), Bytes::from_static(b"body"));
/// assert_eq!(payload.len(), 12);
/// assert_eq!(payload.to_vec(), b"head\r\n\r\nbody");
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Payload {
    /// What comes first.
    pub head: Bytes,
    /// What is carried; never copied.
    pub body: Bytes,
    /// What closes the unit; empty for most protocols.
    pub tail: Bytes,
}

impl Payload {
    /// A unit of head and body.
    #[must_use]
    pub const fn new(head: Bytes, body: Bytes) -> Self {
        Self { head, body, tail: Bytes::new() }
    }

    /// Bytes in all three pieces.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.head.len().saturating_add(self.body.len()).saturating_add(self.tail.len())
    }

    /// Whether there is nothing to write.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The pieces in the order in which they are written.
    pub fn pieces(&self) -> impl Iterator<Item = &Bytes> {
        [&self.head, &self.body, &self.tail].into_iter()
    }

    /// One copy of everything, for tests and for datagram sockets without a vectored call.
    #[must_use]
    pub fn to_vec(&self) -> Vec<u8> {
        let mut whole = Vec::with_capacity(self.len());
        for piece in self.pieces() {
            whole.extend_from_slice(piece);
        }
        whole
    }
}

impl From<Bytes> for Payload {
    fn from(head: Bytes) -> Self {
        Self::new(head, Bytes::new())
    }
}

/// An order to the driver: write this there.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a transmit that nobody writes is a lost message"]
pub struct Transmit {
    /// Where it goes.
    pub to: Destination,
    /// What goes.
    pub payload: Payload,
}

impl std::fmt::Debug for Payload {
    /// Tells how much goes out, and not what.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { head, body, tail } = self;
        write!(f, "Payload({} + {} + {} bytes)", head.len(), body.len(), tail.len())
    }
}
