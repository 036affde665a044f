//! Which field a MIME header is.

macro_rules! names {
    ($($(#[$doc:meta])* $variant:ident = $text:literal,)*) => {
        /// A header field that this crate reads; all others are [`Other`](Self::Other).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize))]
        #[non_exhaustive]
        pub enum MimeName {
            $($(#[$doc])* $variant,)*
            /// A field that is kept as it came.
            Other,
        }

        impl MimeName {
            /// Every field that has a name here.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The name as the documents spell it; empty for one that is not known.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::Other => "",
                }
            }

            /// The field called `name`, in any case.
            #[inline]
            #[must_use]
            pub fn find(name: &[u8]) -> Self {
                // Nearly all writers have the spelling of the documents, and nearly all headers are these.
                match name {
                    b"Content-Type" => Self::ContentType,
                    b"Content-Length" => Self::ContentLength,
                    b"Content-Transfer-Encoding" => Self::ContentTransferEncoding,
                    _ => Self::find_slowly(name),
                }
            }

            #[inline(never)]
            fn find_slowly(name: &[u8]) -> Self {
                let is = |known: &&Self| name.eq_ignore_ascii_case(known.as_str().as_bytes());
                Self::ALL.iter().find(is).copied().unwrap_or(Self::Other)
            }
        }
    };
}

names! {
    /// What the body is (RFC 2045 section 5).
    ContentType = "Content-Type",
    /// How many bytes it has (CPIM writers; RFC 3862 has no such field).
    ContentLength = "Content-Length",
    /// How it is written (RFC 2045 section 6).
    ContentTransferEncoding = "Content-Transfer-Encoding",
    /// What it is for (RFC 2183).
    ContentDisposition = "Content-Disposition",
    /// What it is called (RFC 2045 section 7).
    ContentId = "Content-ID",
    /// What it is about (RFC 2045 section 8).
    ContentDescription = "Content-Description",
    /// How it was packed (RFC 9110 section 8.4).
    ContentEncoding = "Content-Encoding",
    /// Which languages it is in (RFC 3282).
    ContentLanguage = "Content-Language",
    /// Where it came from (RFC 2557).
    ContentLocation = "Content-Location",
    /// The version of MIME, always 1.0.
    MimeVersion = "MIME-Version",
    /// How private it is (RFC 4021 section 2.1.55).
    Sensitivity = "Sensitivity",
    /// How much its writer thinks of it (RFC 4021 section 2.1.54).
    Importance = "Importance",
    /// How fast it should go (RFC 4021 section 2.1.53).
    Priority = "Priority",
    /// What kind of message it was (RFC 3458).
    MessageContext = "Message-Context",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_any_case() {
        for name in MimeName::ALL {
            let text = name.as_str();
            assert_eq!(MimeName::find(text.as_bytes()), *name);
            assert_eq!(MimeName::find(text.to_ascii_lowercase().as_bytes()), *name);
            assert_eq!(MimeName::find(&text.as_bytes()[1..]), MimeName::Other);
        }
        assert_eq!(MimeName::find(b""), MimeName::Other);
    }
}
