//! `History-Info` (RFC 7044).

use bytes::BytesMut;
use missiva_core::scan::Cursor;
use missiva_core::{Fault, FaultKind};

use super::check::{offset, required};
use super::{Address, Value};

/// A URI to which the request was aimed on its way.
///
/// ```
/// use missiva_sip::header::{HistoryInfo, Retarget, Value};
///
/// let entry = HistoryInfo::parse("<sip:bob@example.com?Reason=SIP%3Bcause%3D302>;index=1.2;mp=1")?;
/// assert_eq!(entry.index(), "1.2");
/// assert_eq!(entry.retarget(), Some((Retarget::Mapped, "1")));
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct HistoryInfo<'a>(Address<'a>);

/// How a URI came to take the place of the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "lowercase"))]
pub enum Retarget {
    /// Another user took the place (`mp`).
    Mapped,
    /// The same: the URI changed by a rule of routing (`np`).
    Unchanged,
    /// A contact that the same user registered took the place (`rc`).
    Registered,
}

impl<'a> HistoryInfo<'a> {
    /// The address, whose URI may carry `Reason` and `Privacy` as headers.
    #[must_use]
    pub const fn address(&self) -> &Address<'a> {
        &self.0
    }

    /// The place in the tree of branches: numbers with dots between them.
    #[must_use]
    pub fn index(&self) -> &'a str {
        self.0.params.value("index").unwrap_or_default()
    }

    /// How the URI came here, and the index of the entry from which it came.
    #[must_use]
    pub fn retarget(&self) -> Option<(Retarget, &'a str)> {
        RETARGETS.iter().find_map(|&(name, kind)| Some((kind, self.0.params.value(name)?)))
    }
}

const RETARGETS: [(&str, Retarget); 3] =
    [("rc", Retarget::Registered), ("mp", Retarget::Mapped), ("np", Retarget::Unchanged)];

/// `index-val = number *("." number)`.
fn check_index(cursor: &Cursor<'_>, index: &str) -> Result<(), Fault> {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if index.split('.').all(is_number) {
        Ok(())
    } else {
        Err(Fault::new(FaultKind::Number, offset(cursor, index)))
    }
}

impl<'a> Value<'a> for HistoryInfo<'a> {
    /// `name-addr *( SEMI hi-param )`, with an index among the parameters.
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let address = Address::read_name_addr(cursor)?;
        check_index(cursor, required(cursor, &address.params, "index")?)?;
        for (name, _) in RETARGETS {
            if let Some(index) = address.params.value(name) {
                check_index(cursor, index)?;
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
    fn entries_have_an_index() {
        let table = [
            ("<sip:a@b>;index=1", Ok(("1", None))),
            (
                "A <sip:a@b>;index=1.10.2;rc=1.10",
                Ok(("1.10.2", Some((Retarget::Registered, "1.10")))),
            ),
            ("<sip:a@b>;np=1;index=1.1", Ok(("1.1", Some((Retarget::Unchanged, "1"))))),
            ("<sip:a@b>", Err((FaultKind::Empty, 9))),
            ("<sip:a@b>;index", Err((FaultKind::Empty, 10))),
            ("<sip:a@b>;index=1..2", Err((FaultKind::Number, 16))),
            ("<sip:a@b>;index=a", Err((FaultKind::Number, 16))),
            ("<sip:a@b>;index=1;rc=x", Err((FaultKind::Number, 21))),
            ("sip:a@b;index=1", Err((FaultKind::Unexpected, 0))),
        ];
        for (text, expected) in table {
            let got = HistoryInfo::parse(text);
            assert_eq!(
                got.map(|entry| (entry.index(), entry.retarget()))
                    .map_err(|fault| (fault.kind, fault.at)),
                expected,
                "{text}"
            );
            assert!(got.is_err() || got.unwrap().to_text() == text);
        }
    }
}
