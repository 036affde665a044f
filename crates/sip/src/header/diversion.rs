//! `Diversion` (RFC 5806): who sent a call on before it came here, and why.

use bytes::BytesMut;
use missiva_core::scan::Cursor;
use missiva_core::{Fault, FaultKind};

use super::check::{offset, optional_number};
use super::{Address, Value};

/// An address from which the request was diverted. The most recent one stands first.
///
/// `History-Info` (RFC 7044) has taken its place; networks that are older still send it.
///
/// ```
/// use missiva_sip::header::{Diversion, Value};
///
/// let diversion = Diversion::parse("<tel:+15550100>;reason=user-busy;counter=2;privacy=full")?;
/// assert_eq!((diversion.reason().as_deref(), diversion.counter()), (Some("user-busy"), Some(2)));
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct Diversion<'a>(Address<'a>);

impl<'a> Diversion<'a> {
    /// The address, with `privacy`, `screen` and any other parameter.
    #[must_use]
    pub const fn address(&self) -> &Address<'a> {
        &self.0
    }

    /// Why: `unconditional`, `user-busy`, `no-answer`, `deflection` and others.
    #[must_use]
    pub fn reason(&self) -> Option<std::borrow::Cow<'a, str>> {
        self.0.params.text("reason")
    }

    /// How many diversions this entry stands for.
    #[must_use]
    pub fn counter(&self) -> Option<u32> {
        self.0.params.value("counter")?.parse().ok()
    }

    /// How many diversions are allowed (`limit`).
    #[must_use]
    pub fn limit(&self) -> Option<u32> {
        self.0.params.value("limit")?.parse().ok()
    }
}

impl<'a> Value<'a> for Diversion<'a> {
    /// `name-addr *( SEMI diversion-params )`; `counter` and `limit` are `1*2DIGIT`.
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let address = Address::read_name_addr(cursor)?;
        for name in ["counter", "limit"] {
            optional_number(cursor, &address.params, name)?;
            if let Some(digits) = address.params.value(name).filter(|digits| digits.len() > 2) {
                return Err(Fault::new(FaultKind::Number, offset(cursor, digits)));
            }
        }
        Ok(Self(address))
    }

    fn encode(&self, out: &mut BytesMut) {
        self.0.encode(out);
    }

    fn repeated(&self) -> Option<&'a str> {
        self.0.repeated()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_have_two_digits_at_most() {
        let table = [
            ("<sip:a@b>", Ok((None, None))),
            ("A <sip:a@b>;counter=1;limit=99", Ok((Some(1), Some(99)))),
            ("<sip:a@b>;counter=100", Err((FaultKind::Number, 18))),
            ("<sip:a@b>;limit=x", Err((FaultKind::Number, 16))),
            ("<sip:a@b>;limit=", Err((FaultKind::End, 16))),
            ("sip:a@b", Err((FaultKind::Unexpected, 0))),
        ];
        for (text, expected) in table {
            let got = Diversion::parse(text);
            let counts = got.map(|diversion| (diversion.counter(), diversion.limit()));
            assert_eq!(counts.map_err(|fault| (fault.kind, fault.at)), expected, "{text}");
            assert!(got.is_err() || got.unwrap().to_text() == text);
        }
    }
}
