//! `Refer-To`, `Referred-By`, `Refer-Sub` (RFC 3515, RFC 3892, RFC 4488, RFC 5368).

use std::borrow::Cow;

use bytes::{BufMut, BytesMut};
use missiva_core::scan::Cursor;
use missiva_core::{Fault, FaultKind};

use super::{Address, Value};
use crate::Method;
use crate::encode::put;
use crate::params::Params;
use crate::uri::Uri;

/// Whom, or what, the receiver of a REFER shall contact.
///
/// ```
/// use missiva_sip::Method;
/// use missiva_sip::header::{ReferTo, Value};
///
/// assert_eq!(ReferTo::parse("<sip:bob@example.com;method=BYE>")?.method(), Some(Method::new("BYE")));
/// assert_eq!(ReferTo::parse("<cid:list@example.com>")?.content_id(), Some("list@example.com"));
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct ReferTo<'a>(pub Address<'a>);

impl<'a> ReferTo<'a> {
    /// The method that the URI asks for, when it names one.
    #[must_use]
    pub fn method(&self) -> Option<Method<'a>> {
        self.0.uri.as_sip()?.params().value("method").map(Method::new)
    }

    /// The body that lists whom to contact, as a `cid:` URI names it (RFC 5368); escapes stay as they were written.
    #[must_use]
    pub fn content_id(&self) -> Option<&'a str> {
        match self.0.uri {
            Uri::Other(uri) if uri.scheme().eq_ignore_ascii_case("cid") => Some(uri.rest()),
            _ => None,
        }
    }
}

impl<'a> Value<'a> for ReferTo<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        Address::read(cursor).map(Self)
    }

    fn encode(&self, out: &mut BytesMut) {
        self.0.encode(out);
    }

    fn repeated(&self) -> Option<&'a str> {
        self.0.repeated()
    }
}

/// On whose behalf a request is sent.
///
/// ```
/// use missiva_sip::header::{ReferredBy, Value};
///
/// let by = ReferredBy::parse("<sip:a@example.com>;cid=\"20398823.2UWQFN309shb3@example.com\"")?;
/// assert_eq!(by.content_id().as_deref(), Some("20398823.2UWQFN309shb3@example.com"));
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct ReferredBy<'a>(pub Address<'a>);

impl<'a> ReferredBy<'a> {
    /// The body that holds the referrer's signed token (`cid`).
    #[must_use]
    pub fn content_id(&self) -> Option<Cow<'a, str>> {
        self.0.params.text("cid")
    }
}

impl<'a> Value<'a> for ReferredBy<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        Address::read(cursor).map(Self)
    }

    fn encode(&self, out: &mut BytesMut) {
        self.0.encode(out);
    }

    fn repeated(&self) -> Option<&'a str> {
        self.0.repeated()
    }
}

/// Whether a REFER makes a subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ReferSub<'a> {
    /// Whether it does.
    pub subscribe: bool,
    /// Extensions.
    pub params: Params<'a>,
}

impl<'a> Value<'a> for ReferSub<'a> {
    /// `refer-sub-value = "true" / "false"`.
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let start = cursor.at();
        let word = crate::grammar::token(cursor)?;
        let subscribe = word.eq_ignore_ascii_case("true");
        if !subscribe && !word.eq_ignore_ascii_case("false") {
            return Err(Fault::new(FaultKind::Value, start));
        }
        Ok(Self { subscribe, params: Params::read(cursor)? })
    }

    fn encode(&self, out: &mut BytesMut) {
        out.put_slice(if self.subscribe { b"true" } else { b"false" });
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
    fn a_subscription_is_wanted_or_not() {
        let table = [
            ("true", Ok("true")),
            ("False;x=y", Ok("false;x=y")),
            ("", Err((FaultKind::End, 0))),
            ("yes", Err((FaultKind::Value, 0))),
            ("trueish", Err((FaultKind::Value, 0))),
        ];
        for (text, expected) in table {
            let got = ReferSub::parse(text);
            let written = got.map(|value| value.to_text());
            assert_eq!(
                written.as_deref().map_err(|fault| (fault.kind, fault.at)),
                expected,
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_referred_to_may_be_anything() {
        let table = [
            ("sip:a@b", None, None),
            ("<tel:+15550100>", None, None),
            ("<sip:a@b;method=INVITE?Session-Replaces=x>", Some("INVITE"), None),
            ("<CID:a%2Bb@c>", None, Some("a%2Bb@c")),
        ];
        for (text, method, content_id) in table {
            let refer = ReferTo::parse(text).unwrap();
            assert_eq!(refer.method().map(|method| method.as_str()), method);
            assert_eq!(refer.content_id(), content_id);
        }
        assert_eq!(ReferredBy::parse("sip:a@b").unwrap().content_id(), None);
    }
}
