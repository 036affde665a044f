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

/// A token with parameters: `Content-Disposition`, `Reason`, `Subscription-State`, `Security-Client` …
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
        Ok(Self {
            token,
            params: Params::read(cursor)?,
        })
    }

    fn encode(&self, out: &mut BytesMut) {
        put(self.token, out);
        put(self.params.as_str(), out);
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

impl<'a> Value<'a> for Event<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        Ok(Self {
            package: EventType::read(cursor)?,
            params: Params::read(cursor)?,
        })
    }

    fn encode(&self, out: &mut BytesMut) {
        self.package.encode(out);
        put(self.params.as_str(), out);
    }
}

/// Parameters and nothing before them: `P-Charging-Vector`, `P-Charging-Function-Addresses`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct ParamList<'a>(pub Params<'a>);

impl<'a> Value<'a> for ParamList<'a> {
    #[inline]
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        Params::read_bare(cursor).map(Self)
    }

    fn encode(&self, out: &mut BytesMut) {
        put(self.0.as_str(), out);
    }
}
