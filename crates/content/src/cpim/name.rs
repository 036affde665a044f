//! Which header a CPIM header is.
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

            /// The header called `name` in `space`. Case counts (RFC 3862 section 2.2).
            #[inline]
            #[must_use]
            pub fn find(space: Space, name: &[u8]) -> Self {
                $(if space == Space::$space && name == $text.as_bytes() {
                    return Self::$variant;
                })*
                Self::Other
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
