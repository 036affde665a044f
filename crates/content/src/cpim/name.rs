//! Which header a CPIM header is.

use missiva_core::scan::ByteSet;

macro_rules! known {
    ($($(#[$doc:meta])* $variant:ident = $space:ident $text:literal,)*) => {
        /// A header that this crate reads, by its namespace and name; all others are [`Other`](Self::Other).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize))]
        #[non_exhaustive]
        pub enum Known {
            $($(#[$doc])* $variant,)*
            /// A header that is kept as it came.
            Other,
        }

        impl Known {
            /// Every header that has a name here.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The name within its namespace; empty for one that is not known.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::Other => "",
                }
            }

            /// The namespace of the name.
            #[must_use]
            pub const fn space(self) -> Space {
                match self {
                    $(Self::$variant => Space::$space,)*
                    Self::Other => Space::Other,
                }
            }
        }
    };
}

known! {
    /// Who wrote the message.
    From = Core "From",
    /// To whom it goes.
    To = Core "To",
    /// Who gets it too.
    Cc = Core "cc",
    /// When it was written.
    DateTime = Core "DateTime",
    /// What it is about.
    Subject = Core "Subject",
    /// A prefix and the namespace that it stands for.
    Ns = Core "NS",
    /// Headers that a reader must know.
    Require = Core "Require",
    /// The name of the message in reports (RFC 5438 section 6.3).
    MessageId = Imdn "Message-ID",
    /// Which reports its sender wants (RFC 5438 section 6.2).
    DispositionNotification = Imdn "Disposition-Notification",
    /// To whom it went before somebody changed that (RFC 5438 section 6.4).
    OriginalTo = Imdn "Original-To",
    /// Who wants to see the reports on their way (RFC 5438 section 6.5).
    ImdnRecordRoute = Imdn "IMDN-Record-Route",
    /// The way of this report (RFC 5438 section 6.6).
    ImdnRoute = Imdn "IMDN-Route",
    /// What the content is, in a namespace of OMA CPM.
    PayloadType = Cpm "Payload-Type",
}

impl Known {
    /// The header called `name` in `space`. Case counts (RFC 3862 section 2.2).
    ///
    /// Lengths come first: they tell nearly all names apart, and this is asked for each line of each message.
    #[inline]
    #[must_use]
    pub fn find(space: Space, name: &[u8]) -> Self {
        match (space, name.len()) {
            (Space::Core, 2) if name == b"To" => Self::To,
            (Space::Core, 2) if name == b"NS" => Self::Ns,
            (Space::Core, 2) if name == b"cc" => Self::Cc,
            (Space::Core, 4) if name == b"From" => Self::From,
            (Space::Core, 7) if name == b"Subject" => Self::Subject,
            (Space::Core, 7) if name == b"Require" => Self::Require,
            (Space::Core, 8) if name == b"DateTime" => Self::DateTime,
            (Space::Imdn, 10) if name == b"Message-ID" => Self::MessageId,
            (Space::Imdn, 10) if name == b"IMDN-Route" => Self::ImdnRoute,
            (Space::Imdn, 11) if name == b"Original-To" => Self::OriginalTo,
            (Space::Imdn, 17) if name == b"IMDN-Record-Route" => Self::ImdnRecordRoute,
            (Space::Imdn, 24) if name == b"Disposition-Notification" => {
                Self::DispositionNotification
            }
            (Space::Cpm, 12) if name == b"Payload-Type" => Self::PayloadType,
            _ => Self::Other,
        }
    }
}

/// A namespace that this crate knows; the others are told apart by their URIs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub enum Space {
    /// That of RFC 3862.
    Core,
    /// That of RFC 5438.
    Imdn,
    /// That of OMA CPM.
    Cpm,
    /// Another one, or none that was declared.
    Other,
}

impl Space {
    /// The namespace with this URI, compared byte by byte.
    #[inline]
    #[must_use]
    pub fn of_uri(uri: &[u8]) -> Self {
        if uri == IMDN.as_bytes() {
            Self::Imdn
        } else if uri == CORE.as_bytes() {
            Self::Core
        } else if uri == CPM.as_bytes() {
            Self::Cpm
        } else {
            Self::Other
        }
    }

    /// The URI; empty for a namespace that is not known.
    #[must_use]
    pub const fn uri(self) -> &'static str {
        match self {
            Self::Core => CORE,
            Self::Imdn => IMDN,
            Self::Cpm => CPM,
            Self::Other => "",
        }
    }
}

/// The namespace of names without a prefix (RFC 3862 section 3.4).
const CORE: &str = "urn:ietf:params:cpim-headers:";
/// RFC 5438 section 6.1.
const IMDN: &str = "urn:ietf:params:imdn";
/// Seen in deployed RCS networks.
const CPM: &str = "http://www.openmobilealliance.org/cpm/";

/// What a reader takes in a name: printable ASCII, which is more than RFC 3862 lets a writer put there.
const NAME: ByteSet = ByteSet::empty().with_range(0x21, 0x7e).without(b":");

/// `NAMECHAR` of RFC 3862 section 3.6.
const STRICT: ByteSet = ByteSet::alphanumeric().with(b"!#$%&'*+-|~").with_range(0x5e, 0x60);

/// `TOKENCHAR` of RFC 3862 section 3.6.
const TOKEN: ByteSet = STRICT.with(b".").with_range(0x80, 0xff);

pub(super) fn is_token_char(byte: u8) -> bool {
    TOKEN.has(byte)
}

/// Whether `text` is a `Token` of RFC 3862.
pub(crate) fn is_token(text: &str) -> bool {
    TOKEN.spans(text.as_bytes())
}

/// Whether a reader takes `name`, prefix and dot included.
#[inline(always)]
pub(super) fn is_name(name: &[u8]) -> bool {
    NAME.spans(name)
}

/// Whether a writer may put `name` there: one or two words with a dot between.
pub(super) fn is_strict_name(name: &[u8]) -> bool {
    let mut words = name.splitn(2, |&byte| byte == b'.');
    words.all(|word| STRICT.spans(word))
}

/// Whether `word` can be a prefix or a name within a namespace.
pub(super) fn is_word(word: &str) -> bool {
    STRICT.spans(word.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_known_by_namespace_and_case() {
        for known in Known::ALL {
            assert_eq!(Known::find(known.space(), known.as_str().as_bytes()), *known);
            assert_eq!(Known::find(Space::Other, known.as_str().as_bytes()), Known::Other);
            assert_eq!(Space::of_uri(known.space().uri().as_bytes()), known.space());
            assert!(is_strict_name(known.as_str().as_bytes()));
        }
        assert_eq!(Known::find(Space::Core, b"from"), Known::Other);
        assert_eq!(Space::of_uri(b"URN:ietf:params:imdn"), Space::Other);
        assert!(
            is_strict_name(b"imdn.Message-ID")
                && !is_strict_name(b"a.b.c")
                && !is_strict_name(b".a")
        );
        assert!(!is_strict_name(b"a(b") && is_name(b"a(b") && !is_name(b"a b") && !is_name(b""));
    }
}
