//! What may pass, as plain data (F-085, F-112, F-121).

use missiva_core::ByteStr;

use crate::attribute::Direction;
use crate::msrp::MediaRange;

/// What an operator or a user lets pass. The default lets everything pass.
///
/// The same policy serves an element that forwards offers ([`trim`](Self::trim)) and one that answers them
/// ([`Capabilities::policy`](super::Capabilities)).
///
/// ```
/// use missiva_sdp::Description;
/// use missiva_sdp::negotiate::{Allow, Policy};
///
/// let offer = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n\
///              m=video 5000 RTP/AVP 31\r\nm=audio 4000 RTP/AVP 0 9\r\na=rtpmap:9 G722/8000\r\na=X-odd:  kept \r\n";
/// let offer = Description::parse(offer.into())?;
/// let policy = Policy { kinds: Allow::only(["audio"]), codecs: Allow::only(["PCMU"]), ..Policy::default() };
/// let passed = policy.trim(&offer)?;
/// assert!(passed.text().ends_with("m=video 0 RTP/AVP 31\r\nm=audio 4000 RTP/AVP 0\r\na=X-odd:  kept \r\n"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Media types: `audio`, `message`.
    pub kinds: Allow,
    /// Transport protocols: `TCP/TLS/MSRP`.
    pub protocols: Allow,
    /// Encodings of RTP streams: `PCMU`, `telephone-event`.
    pub codecs: Allow,
    /// Types of messages and files, ranges included: `message/cpim`, `image/*`.
    pub types: Allow,
    /// Types inside of others.
    pub wrapped_types: Allow,
    /// The largest message or file.
    pub max_size: Option<u64>,
    /// Whether files may be transferred.
    pub files: bool,
    /// Which way media may flow, as the offerer sees it.
    pub direction: Direction,
    /// How many streams may be there at once; preferred ones first.
    pub max_streams: Option<usize>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            kinds: Allow::Any,
            protocols: Allow::Any,
            codecs: Allow::Any,
            types: Allow::Any,
            wrapped_types: Allow::Any,
            max_size: None,
            files: true,
            direction: Direction::SendRecv,
            max_streams: None,
        }
    }
}

/// Which names may pass. Case does not count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Allow {
    /// Every name.
    #[default]
    Any,
    /// These names.
    Only(Vec<ByteStr>),
}

impl Allow {
    /// These names.
    #[must_use]
    pub fn only<'n>(names: impl IntoIterator<Item = &'n str>) -> Self {
        Self::Only(names.into_iter().map(ByteStr::from).collect())
    }

    /// Whether `name` may pass.
    #[must_use]
    pub fn allows(&self, name: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Only(names) => names.iter().any(|one| one.eq_ignore_ascii_case(name)),
        }
    }

    /// Whether content of the type `media` may pass, when the names are media types and ranges of them.
    #[must_use]
    pub fn allows_type(&self, media: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Only(names) => {
                let media = media.split(';').next().unwrap_or_default();
                names.iter().any(|range| covers(range, media))
            }
        }
    }

    /// What is left of the ranges of a list, in order: a range that may pass stays as it is spelled, a wider one is
    /// replaced by those names that are within it.
    pub(super) fn narrow<'a>(
        &'a self,
        types: impl Iterator<Item = MediaRange<'a>>,
    ) -> Vec<&'a str> {
        let mut left: Vec<&'a str> = Vec::new();
        let mut add = |one: &'a str| {
            if !left.iter().any(|known| known.eq_ignore_ascii_case(one)) {
                left.push(one);
            }
        };
        for range in types {
            match self {
                Self::Only(names) if !self.allows_type(range.essence()) => {
                    names.iter().filter(|name| range.accepts(name)).for_each(|name| add(name));
                }
                _ => add(range.as_str()),
            }
        }
        left
    }
}

/// Whether everything within `media`, a type or a range of types, is within `range`.
fn covers(range: &str, media: &str) -> bool {
    match range.strip_suffix('*') {
        Some(prefix) => {
            media.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
        }
        None => range.eq_ignore_ascii_case(media),
    }
}
