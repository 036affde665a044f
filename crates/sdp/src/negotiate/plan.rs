//! What one side wants of a session: its streams, each in its place for as long as the session lasts.

use missiva_core::ByteStr;

use super::{Refusal, Rule, Stream};
use crate::Value;
use crate::attribute::Direction;
use crate::line::Address;

/// The streams that we want, by the index of their `m=` lines.
///
/// A stream that goes leaves its place behind, since the index is what the two sides tell streams by; the place can be
/// used again (RFC 3264 sections 8.1 and 8.2).
///
/// ```
/// use missiva_sdp::negotiate::{Codec, Plan, Slot, Stream};
///
/// let mut plan = Plan::new();
/// let audio = plan.add(Stream::audio(4000, vec![Codec::new(0, "PCMU", 8000)]));
/// let video = plan.add(Stream::video(4002, vec![Codec::new(31, "H261", 90000)]));
/// plan.hold(audio)?;
/// plan.remove(video)?;
/// assert!(matches!(plan.slots(), [Slot::Live(held), Slot::Refused { .. }] if held.held));
/// assert_eq!(plan.add(Stream::video(4004, vec![Codec::new(34, "H263", 90000)])), video);
/// # Ok::<(), missiva_sdp::negotiate::Refusal>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    pub(super) slots: Vec<Slot>,
    /// Streams that belong together, by their `mid` (RFC 5888). Members that are not live are not written.
    pub groups: Vec<StreamGroup>,
    /// The value of the session's `c=`; the author's address when there is none.
    pub connection: Option<ByteStr>,
    /// Attributes of the session, in order.
    pub attributes: Vec<(ByteStr, Option<ByteStr>)>,
}

/// The place of one stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Slot {
    /// A stream.
    Live(Box<Stream>),
    /// A stream that was there, or was refused: port zero.
    Refused {
        /// Its media type.
        kind: ByteStr,
        /// Its transport protocol.
        protocol: ByteStr,
        /// Its formats.
        formats: ByteStr,
    },
}

/// Streams that belong together (RFC 5888 section 5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamGroup {
    /// `LS`, `FID`, `BUNDLE`, and others.
    pub semantics: ByteStr,
    /// The members by their `mid`.
    pub mids: Vec<ByteStr>,
}

impl Slot {
    /// The stream, when there is one.
    #[must_use]
    pub fn stream(&self) -> Option<&Stream> {
        match self {
            Self::Live(stream) => Some(stream),
            Self::Refused { .. } => None,
        }
    }

    fn refuse(&mut self) {
        if let Self::Live(stream) = self {
            *self = Self::Refused {
                kind: stream.kind.clone(),
                protocol: stream.protocol.clone(),
                formats: stream.format_text(),
            };
        }
    }
}

impl Stream {
    /// The formats as the `m=` line has them.
    pub(super) fn format_text(&self) -> ByteStr {
        if let ([], [one]) = (&*self.codecs, &*self.formats) {
            return one.clone();
        }
        let mut text = String::with_capacity(4 * self.codecs.len() + 8 * self.formats.len());
        let mut add = |format: std::fmt::Arguments<'_>| {
            if !text.is_empty() {
                text.push(' ');
            }
            let _ = std::fmt::Write::write_fmt(&mut text, format);
        };
        self.codecs.iter().for_each(|codec| add(format_args!("{}", codec.payload)));
        self.formats.iter().for_each(|format| add(format_args!("{format}")));
        text.into()
    }
}

impl Plan {
    /// No streams. An offer of none is valid, and adds them later (RFC 3264 section 5).
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// These streams in this order; the one that the user likes best comes first (F-059).
    #[must_use]
    pub fn of(streams: impl IntoIterator<Item = Stream>) -> Self {
        let slots = streams.into_iter().map(|stream| Slot::Live(Box::new(stream))).collect();
        Self { slots, ..Self::default() }
    }

    /// Every place in order.
    #[must_use]
    pub fn slots(&self) -> &[Slot] {
        &self.slots
    }

    /// The stream at `index`.
    #[must_use]
    pub fn stream(&self, index: usize) -> Option<&Stream> {
        self.slots.get(index)?.stream()
    }

    /// Adds a stream and says where it is: in the first place that is free, or behind all others (RFC 3264 section
    /// 8.1).
    pub fn add(&mut self, stream: Stream) -> usize {
        let live = Slot::Live(Box::new(stream));
        match self.slots.iter_mut().enumerate().find(|(_, slot)| slot.stream().is_none()) {
            Some((at, slot)) => {
                *slot = live;
                at
            }
            None => {
                self.slots.push(live);
                self.slots.len() - 1
            }
        }
    }

    /// Takes a stream out; its place stays (RFC 3264 section 8.2).
    ///
    /// # Errors
    ///
    /// No stream there.
    pub fn remove(&mut self, index: usize) -> Result<(), Refusal> {
        self.stream_mut(index)?;
        if let Some(slot) = self.slots.get_mut(index) {
            slot.refuse();
        }
        Ok(())
    }

    /// Puts a stream on hold: nothing is to come in (RFC 3264 section 8.4).
    ///
    /// # Errors
    ///
    /// No stream there.
    pub fn hold(&mut self, index: usize) -> Result<(), Refusal> {
        self.stream_mut(index).map(|stream| stream.held = true)
    }

    /// Takes a stream off hold.
    ///
    /// # Errors
    ///
    /// No stream there.
    pub fn resume(&mut self, index: usize) -> Result<(), Refusal> {
        self.stream_mut(index).map(|stream| stream.held = false)
    }

    /// Changes which way media may flow.
    ///
    /// # Errors
    ///
    /// No stream there.
    pub fn set_direction(&mut self, index: usize, direction: Direction) -> Result<(), Refusal> {
        self.stream_mut(index).map(|stream| stream.direction = direction)
    }

    /// The stream at `index`, to be changed: its address, its formats, even its media type (RFC 3264 section 8.3).
    ///
    /// # Errors
    ///
    /// No stream there.
    pub fn stream_mut(&mut self, index: usize) -> Result<&mut Stream, Refusal> {
        match self.slots.get_mut(index) {
            Some(Slot::Live(stream)) => Ok(stream),
            _ => Err(Refusal::of(index, Rule::NoStream)),
        }
    }

    /// Changes the address of the session.
    pub fn set_connection(&mut self, address: &Address<'_>) {
        self.connection = Some(address.to_text().into());
    }

    pub(super) fn refuse(&mut self, index: usize) {
        if let Some(slot) = self.slots.get_mut(index) {
            slot.refuse();
        }
    }
}
