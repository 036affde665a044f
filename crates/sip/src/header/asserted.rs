//! `P-Asserted-Identity` and `P-Preferred-Identity` (RFC 3325 section 9).

use bytes::BytesMut;
use missiva_core::Fault;
use missiva_core::scan::Cursor;

use super::{Address, Value};

/// An identity that the network vouches for, or that a client would like to have vouched for.
///
/// The field has no parameters, so those of a bare URI belong to the URI, unlike in `From`.
///
/// ```
/// use missiva_sip::header::{AssertedIdentity, Value};
///
/// let bare = AssertedIdentity::parse("tel:911;phone-context=example.com")?;
/// assert_eq!(bare.0.uri.as_tel().unwrap().telephone().phone_context(), Some("example.com"));
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct AssertedIdentity<'a>(pub Address<'a>);

impl<'a> Value<'a> for AssertedIdentity<'a> {
    #[inline]
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        Address::read_without_params(cursor).map(Self)
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
    fn what_follows_a_bare_uri_is_its_own() {
        let table = [
            ("sip:+1555@ims.example;user=phone", "<sip:+1555@ims.example;user=phone>"),
            ("tel:+15550100;ext=3", "<tel:+15550100;ext=3>"),
            ("\"A\" <sip:a@example.com>", "\"A\" <sip:a@example.com>"),
            ("A B <tel:+1555>", "A B <tel:+1555>"),
        ];
        for (text, written) in table {
            let read = AssertedIdentity::parse(text).unwrap();
            assert_eq!(
                (read.to_text().as_str(), read.0.params.is_empty()),
                (written, true),
                "{text}"
            );
            assert_eq!(AssertedIdentity::parse(&read.to_text()).unwrap().0.uri, read.0.uri);
        }
    }
}
