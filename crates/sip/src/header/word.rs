//! Fields made of tokens, with or without parameters.

use bytes::BytesMut;
use missiva_core::Fault;
use missiva_core::scan::{ByteSet, Cursor};

use super::Value;
use crate::Method;
use crate::encode::put;
use crate::grammar::{self, TOKEN};
use crate::params::Params;

/// One token: an option tag, a priority, an entity tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct Token<'a>(pub &'a str);

impl<'a> Value<'a> for Token<'a> {
    #[inline]
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        grammar::token(cursor).map(Self)
    }

    fn encode(&self, out: &mut BytesMut) {
        put(self.0, out);
    }
}

/// One method in `Allow`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct MethodToken<'a>(pub Method<'a>);

impl<'a> Value<'a> for MethodToken<'a> {
    #[inline]
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        grammar::token(cursor).map(|token| Self(Method::new(token)))
    }

    fn encode(&self, out: &mut BytesMut) {
        put(self.0.as_str(), out);
    }
}

/// Makes a type for a field that is a token with parameters. The named parameters must be numbers where they stand.
macro_rules! word {
    ($(#[$doc:meta])* $name:ident { $(#[$token_doc:meta])* $token:ident, $(#[$params_doc:meta])* params }
        $(numbers $($number:literal)*)?) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize))]
        pub struct $name<'a> {
            $(#[$token_doc])*
            pub $token: &'a str,
            $(#[$params_doc])*
            pub params: Params<'a>,
        }

        impl<'a> Value<'a> for $name<'a> {
            fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
                let $token = crate::grammar::token(cursor)?;
                let params = Params::read(cursor)?;
                $($(crate::header::check::optional_number(cursor, &params, $number)?;)*)?
                Ok(Self { $token, params })
            }

            fn encode(&self, out: &mut BytesMut) {
                crate::encode::put(self.$token, out);
                crate::encode::put(self.params.as_str(), out);
            }

            fn repeated(&self) -> Option<&'a str> {
                self.params.repeated()
            }
        }
    };
}
pub(super) use word;

/// A token with parameters that have no rules of their own: `Info-Package`, `Recv-Info`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Word<'a> {
    /// The token.
    pub token: &'a str,
    /// What follows it.
    pub params: Params<'a>,
}

impl<'a> Value<'a> for Word<'a> {
    #[inline]
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let token = grammar::token(cursor)?;
        Ok(Self { token, params: Params::read(cursor)? })
    }

    fn encode(&self, out: &mut BytesMut) {
        put(self.token, out);
        put(self.params.as_str(), out);
    }

    fn repeated(&self) -> Option<&'a str> {
        self.params.repeated()
    }
}

/// `token-nodot`: a package and its templates are joined by dots (RFC 6665 section 8.4).
const EVENT: ByteSet = TOKEN;

/// An event package with its templates, `presence.winfo`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct EventType<'a>(pub &'a str);

impl<'a> EventType<'a> {
    /// The package.
    #[must_use]
    pub fn package(&self) -> &'a str {
        self.0.split('.').next().unwrap_or_default()
    }

    /// The templates applied to the package, innermost first.
    pub fn templates(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.0.split('.').skip(1)
    }
}

impl<'a> Value<'a> for EventType<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let start = cursor.at();
        let text = cursor.take_some(&EVENT)?;
        if text.split('.').any(str::is_empty) {
            return Err(Fault::new(missiva_core::FaultKind::Unexpected, start));
        }
        Ok(Self(text))
    }

    fn encode(&self, out: &mut BytesMut) {
        put(self.0, out);
    }
}

/// `Event`: a package with parameters, of which `id` tells subscriptions of one dialog apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Event<'a> {
    /// The package and its templates.
    pub package: EventType<'a>,
    /// `id` and any other.
    pub params: Params<'a>,
}

impl<'a> Event<'a> {
    /// What tells this subscription from others to the same package in the same dialog.
    #[must_use]
    pub fn id(&self) -> Option<&'a str> {
        self.params.value("id")
    }

    /// Whether both name one subscription: package and `id` byte by byte, all other parameters left out
    /// (RFC 6665 section 8.2.1).
    #[must_use]
    pub fn matches(&self, other: &Event<'_>) -> bool {
        self.package.0 == other.package.0 && self.id() == other.id()
    }
}

impl<'a> Value<'a> for Event<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        Ok(Self { package: EventType::read(cursor)?, params: Params::read(cursor)? })
    }

    fn encode(&self, out: &mut BytesMut) {
        self.package.encode(out);
        put(self.params.as_str(), out);
    }

    fn repeated(&self) -> Option<&'a str> {
        self.params.repeated()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_told_apart_by_package_and_id() {
        let table = [
            ("conference", "conference", true),
            ("conference;id=1", "conference;x=y;ID=1", true),
            ("conference;id=1", "conference", false),
            ("conference;id=a", "conference;id=A", false),
            ("presence", "presence.winfo", false),
            ("presence", "Presence", false),
        ];
        for (a, b, expected) in table {
            let (a, b) = (Event::parse(a).unwrap(), Event::parse(b).unwrap());
            assert_eq!(a.matches(&b), expected, "{a:?} {b:?}");
        }
        let event = EventType("presence.winfo.winfo");
        assert_eq!(event.package(), "presence");
        assert_eq!(event.templates().count(), 2);
    }
}
