//! Values inside elements and attributes: words of a fixed set, numbers, truth, dates.

use std::str::FromStr;

use missiva_core::FaultKind;

use crate::DateTime;

/// An enum of the words that an element or an attribute may hold, in the spelling of its schema. Reading takes them
/// in any case, since some stacks capitalise.
macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($(#[$what:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$what])* $variant,)+
        }

        impl $name {
            /// Every one of them, in the order of the schema.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word as it is written.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }

            pub(crate) fn read(text: &str) -> Result<Self, missiva_core::FaultKind> {
                let known = Self::ALL.iter().find(|one| one.as_str().eq_ignore_ascii_case(text));
                known.copied().ok_or(missiva_core::FaultKind::Value)
            }
        }

        #[cfg(feature = "serde")]
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

pub(crate) use words;

/// A number of decimal digits alone.
pub(crate) fn number<T: FromStr>(text: &str) -> Result<T, FaultKind> {
    // The standard library takes a sign too.
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(FaultKind::Number);
    }
    text.parse().map_err(|_| FaultKind::Number)
}

/// `xs:boolean`, in any case.
pub(crate) fn truth(text: &str) -> Result<bool, FaultKind> {
    let is = |word: &str| text.eq_ignore_ascii_case(word);
    match () {
        () if is("true") || is("1") => Ok(true),
        () if is("false") || is("0") => Ok(false),
        () => Err(FaultKind::Value),
    }
}

/// `xs:dateTime`, and the shapes beside it that are deployed.
pub(crate) fn date(text: &str) -> Result<DateTime, FaultKind> {
    DateTime::parse(text).map_err(|fault| fault.kind)
}

#[cfg(test)]
#[allow(unreachable_pub, reason = "the words of a test are reached by it alone")]
mod tests {
    use super::*;

    words! {
        /// For this test.
        Colour {
            /// Like blood.
            Red = "red",
            /// Like the sea.
            DeepBlue = "deep-blue",
        }
    }

    #[test]
    fn words_are_read_in_any_case_and_written_in_one() {
        assert_eq!(Colour::read("Deep-Blue"), Ok(Colour::DeepBlue));
        assert_eq!(Colour::read("blue"), Err(FaultKind::Value));
        assert_eq!(
            Colour::ALL.iter().map(ToString::to_string).collect::<Vec<_>>(),
            ["red", "deep-blue"]
        );
    }

    #[test]
    fn numbers_have_digits_and_truth_four_words() {
        assert_eq!((number::<u8>("255"), number::<u8>("007")), (Ok(255), Ok(7)));
        for text in ["", "256", "+1", "-1", "1 ", "1.0", "x"] {
            assert_eq!(number::<u8>(text), Err(FaultKind::Number), "{text}");
        }
        let read = ["true", "1", "false", "0", "TRUE"].map(truth);
        assert_eq!(read, [Ok(true), Ok(true), Ok(false), Ok(false), Ok(true)]);
        assert_eq!((truth(""), truth("yes")), (Err(FaultKind::Value), Err(FaultKind::Value)));
        assert!(date("2015-02-17T06:54:27Z").is_ok() && date("2015-02-17").is_err());
    }
}
