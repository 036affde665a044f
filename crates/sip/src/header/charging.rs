//! `P-Charging-Vector` and `P-Charging-Function-Addresses` (RFC 7315 sections 4.5 and 4.6).

use std::borrow::Cow;

use bytes::BytesMut;
use missiva_core::Fault;
use missiva_core::scan::Cursor;

use super::Value;
use super::check::required;
use crate::encode::put;
use crate::params::Params;

/// What ties the charging records of one session together. `icid-value` is there, and not empty.
///
/// ```
/// use missiva_sip::header::{ChargingVector, Value};
///
/// let vector = ChargingVector::parse("icid-value=\"1234bc\";orig-ioi=home1.net")?;
/// assert_eq!(vector.icid(), "1234bc");
/// assert_eq!(vector.originating().as_deref(), Some("home1.net"));
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct ChargingVector<'a>(Params<'a>);

impl<'a> ChargingVector<'a> {
    /// All parameters.
    #[must_use]
    pub const fn params(&self) -> &Params<'a> {
        &self.0
    }

    /// The name of the session for charging.
    #[must_use]
    pub fn icid(&self) -> Cow<'a, str> {
        self.0.text("icid-value").unwrap_or_default()
    }

    /// The element that made the name (`icid-generated-at`).
    #[must_use]
    pub fn generated_at(&self) -> Option<Cow<'a, str>> {
        self.0.text("icid-generated-at")
    }

    /// The network from which the session comes (`orig-ioi`).
    #[must_use]
    pub fn originating(&self) -> Option<Cow<'a, str>> {
        self.0.text("orig-ioi")
    }

    /// The network to which it goes (`term-ioi`).
    #[must_use]
    pub fn terminating(&self) -> Option<Cow<'a, str>> {
        self.0.text("term-ioi")
    }
}

impl<'a> Value<'a> for ChargingVector<'a> {
    /// `icid-value *(SEMI charge-params)`; the order of parameters does not count.
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let mut names = 0u32;
        let params = Params::read_bare_noting(cursor, |name| {
            names += u32::from(name.eq_ignore_ascii_case("icid-value"));
        })?;
        // Once, with a value, is what nearly all say; only what is odd is looked at again.
        let first = params.as_str().get(.."icid-value=".len());
        if names != 1 || first.is_none_or(|first| !first.eq_ignore_ascii_case("icid-value=")) {
            required(cursor, &params, "icid-value")?;
        }
        Ok(Self(params))
    }

    fn encode(&self, out: &mut BytesMut) {
        put(self.0.as_str(), out);
    }
}

/// Where charging records go.
///
/// ```
/// use missiva_sip::header::{ChargingAddresses, Value};
///
/// let addresses = ChargingAddresses::parse("ccf=192.0.2.1;ccf=\"[2001:db8::1]\";ecf=192.0.2.2")?;
/// assert_eq!(addresses.collection().collect::<Vec<_>>(), ["192.0.2.1", "[2001:db8::1]"]);
/// assert_eq!(addresses.event().count(), 1);
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct ChargingAddresses<'a>(Params<'a>);

impl<'a> ChargingAddresses<'a> {
    /// All parameters.
    #[must_use]
    pub const fn params(&self) -> &Params<'a> {
        &self.0
    }

    /// The charging collection functions, the first one first (`ccf`).
    pub fn collection(&self) -> impl Iterator<Item = Cow<'a, str>> + use<'a> {
        all(self.0, "ccf")
    }

    /// The event charging functions, the first one first (`ecf`).
    pub fn event(&self) -> impl Iterator<Item = Cow<'a, str>> + use<'a> {
        all(self.0, "ecf")
    }
}

/// Every value of the parameters called `name`.
fn all<'a>(params: Params<'a>, name: &'static str) -> impl Iterator<Item = Cow<'a, str>> {
    params
        .into_iter()
        .filter(move |param| param.name.eq_ignore_ascii_case(name))
        .filter_map(|param| param.value.map(crate::quoted::unquote))
}

impl<'a> Value<'a> for ChargingAddresses<'a> {
    /// `charge-addr-params *(SEMI charge-addr-params)`.
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        Params::read_bare(cursor).map(Self)
    }

    fn encode(&self, out: &mut BytesMut) {
        put(self.0.as_str(), out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use missiva_core::FaultKind;

    #[test]
    fn a_vector_has_a_name() {
        let table = [
            ("icid-value=a;icid-generated-at=2001:db8::1", Ok("a")),
            ("orig-ioi=x;ICID-Value=\"a b\"", Ok("a b")),
            ("orig-ioi=x", Err((FaultKind::Empty, 10))),
            ("icid-value", Err((FaultKind::Empty, 0))),
            ("icid-value=a;icid-value=b", Err((FaultKind::Conflict, 13))),
            ("", Err((FaultKind::End, 0))),
        ];
        for (text, expected) in table {
            let got = ChargingVector::parse(text);
            let icid = got.map(|vector| vector.icid());
            assert_eq!(icid.as_deref().map_err(|fault| (fault.kind, fault.at)), expected, "{text}");
            assert!(got.is_err() || got.unwrap().to_text() == text);
        }
        let vector = ChargingVector::parse("icid-value=a;term-ioi=b;icid-generated-at=c").unwrap();
        assert_eq!(vector.terminating().as_deref(), Some("b"));
        assert_eq!(vector.generated_at().as_deref(), Some("c"));
        assert_eq!(vector.originating(), None);
    }
}
