//! Parameters of a URI: `;name` and `;name=value`.

use missiva_core::scan::Cursor;
use missiva_core::{Fault, FaultKind};

use super::PARAM;

/// The parameters behind the transport, checked when the URI was read and walked on demand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct UriParams<'a> {
    text: &'a str,
}

/// More parameters than this are refused: no standard defines a single one.
pub(crate) const MAX_PARAMS: usize = 32;

impl<'a> UriParams<'a> {
    pub(crate) const fn checked(text: &'a str) -> Self {
        Self { text }
    }

    /// Moves past `*( ";" URI-parameter )`.
    #[inline]
    pub(crate) fn skip(cursor: &mut Cursor<'_>) -> Result<(), Fault> {
        let mut count = 0usize;
        while cursor.peek() == Some(b';') {
            count += 1;
            if count > MAX_PARAMS {
                return Err(cursor.fault(FaultKind::Limit));
            }
            cursor.bump();
            cursor.take_some(&PARAM)?;
            if cursor.eat(b'=') {
                cursor.take_some(&PARAM)?;
            }
        }
        Ok(())
    }

    /// Every parameter in order: its name, and its value when it has one.
    pub fn iter(&self) -> impl Iterator<Item = (&'a str, Option<&'a str>)> + use<'a> {
        let params = self.text.split(';').filter(|param| !param.is_empty());
        params.map(|param| match param.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (param, None),
        })
    }

    /// Whether there is a parameter called `name`, in any case.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.iter().any(|(known, _)| known.eq_ignore_ascii_case(name))
    }

    /// The value of the first parameter called `name`, in any case.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&'a str> {
        self.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?.1
    }

    /// The text as it was written, first semicolon included.
    #[must_use]
    pub const fn as_str(&self) -> &'a str {
        self.text
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for UriParams<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Uri;

    #[test]
    fn parameters_are_walked_in_order() {
        let uri = Uri::parse("msrp://h/x;tcp;a;B=c").unwrap();
        assert_eq!(uri.params().iter().collect::<Vec<_>>(), [("a", None), ("B", Some("c"))]);
        assert_eq!((uri.params().value("b"), uri.params().has("A")), (Some("c"), true));
        assert_eq!(uri.params().as_str(), ";a;B=c");
    }

    #[test]
    fn thirty_two_parameters_are_the_most() {
        let uri = |count: usize| format!("msrp://h/x;tcp{}", ";a=b".repeat(count));
        assert!(Uri::parse(&uri(MAX_PARAMS)).is_ok());
        for count in [MAX_PARAMS + 1, 10_000] {
            let fault = Uri::parse(&uri(count)).unwrap_err();
            assert_eq!((fault.kind, fault.at), (FaultKind::Limit, 14 + 4 * MAX_PARAMS as u32));
        }
    }
}
