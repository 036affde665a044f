//! How private, how important, how urgent: `Sensitivity`, `Importance`, `Priority` and `Message-Context`.

use missiva_core::Fault;

use super::disposition::{unknown_word, word};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
        #[non_exhaustive]
        pub enum $name { $($(#[$variant_doc])* $variant,)* }

        impl $name {
            /// Every word there is.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// Reads the word in any case.
            ///
            /// # Errors
            ///
            /// The byte that makes it no word, or that it is none of those known.
            pub fn parse(text: &str) -> Result<Self, Fault> {
                let word = word(text)?;
                let known = Self::ALL.iter().find(|one| one.as_str().eq_ignore_ascii_case(word));
                known.copied().ok_or_else(unknown_word)
            }

            /// The word as the documents spell it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }
        }
    };
}

words! {
    /// How private a message is (RFC 4021 section 2.1.55). No field at all means that it is not.
    ///
    /// ```
    /// use missiva_content::mime::Sensitivity;
    ///
    /// assert_eq!(Sensitivity::parse("Company-Confidential")?.as_str(), "company-confidential");
    /// # Ok::<(), missiva_core::Fault>(())
    /// ```
    Sensitivity {
        /// For its reader as a person, not as the holder of an office.
        Personal = "personal",
        /// For its reader alone.
        Private = "private",
        /// Not for eyes outside.
        CompanyConfidential = "company-confidential",
    }
}

words! {
    /// How much its writer thinks of a message (RFC 4021 section 2.1.54), the least first.
    Importance {
        /// Little.
        Low = "low",
        /// As usual.
        Normal = "normal",
        /// Much.
        High = "high",
    }
}

words! {
    /// How fast a message should go, the slowest first. `emergency` comes from SIP (RFC 3261 section 20.26), the
    /// others are in both registries (RFC 4021 section 2.1.53).
    Priority {
        /// It can wait.
        NonUrgent = "non-urgent",
        /// As usual.
        Normal = "normal",
        /// At once.
        Urgent = "urgent",
        /// Life, limb or property are in danger.
        Emergency = "emergency",
    }
}

words! {
    /// What kind of message this was where it came from (RFC 3458 section 4): stored SMS are `pager-message`, stored
    /// MMS `multimedia-message`.
    MessageContext {
        /// Speech.
        Voice = "voice-message",
        /// A facsimile.
        Fax = "fax-message",
        /// A short message.
        Pager = "pager-message",
        /// Several media.
        Multimedia = "multimedia-message",
        /// Text.
        Text = "text-message",
        /// Nothing of note.
        None = "none",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_in_any_case_and_no_others() {
        for word in Sensitivity::ALL {
            assert_eq!(Sensitivity::parse(&word.as_str().to_ascii_uppercase()), Ok(*word));
        }
        for word in Importance::ALL {
            assert_eq!(Importance::parse(word.as_str()), Ok(*word));
        }
        for word in Priority::ALL {
            assert_eq!(Priority::parse(&format!(" {} (c)", word.as_str())), Ok(*word));
        }
        for word in MessageContext::ALL {
            assert_eq!(MessageContext::parse(word.as_str()), Ok(*word));
        }
        assert!(Sensitivity::parse("secret").is_err() && Sensitivity::parse("").is_err());
        assert!(
            Priority::parse("urgent urgent").is_err() && Priority::parse("urgent;now").is_err()
        );
        assert!(Priority::NonUrgent < Priority::Emergency && Importance::Low < Importance::High);
    }
}
