//! `Session-ID` (RFC 7989).

use bytes::BytesMut;
use missiva_core::scan::{ByteSet, Cursor};
use missiva_core::{Fault, FaultKind};

use super::Value;
use super::check::offset;
use crate::encode::put;
use crate::params::Params;

/// The name of a session from end to end, made of one half for each end.
///
/// ```
/// use missiva_sip::header::{SessionId, Value};
///
/// let id = SessionId::parse("ab30317f1a784dc48ff824d0d3715d86;remote=47755a9de7794ba387653f2099600ef2")?;
/// assert_eq!(id.remote(), Some("47755a9de7794ba387653f2099600ef2"));
/// assert!(!SessionId::is_nil(id.local));
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct SessionId<'a> {
    /// The half of the sender.
    pub local: &'a str,
    /// `remote` and any other.
    pub params: Params<'a>,
}

/// Lower case, as RFC 7989 section 5 asks.
const HEX: ByteSet = ByteSet::digits().with_range(b'a', b'f');
const LEN: usize = 32;

impl<'a> SessionId<'a> {
    /// The half that stands for an end that has none yet.
    pub const NIL: &'static str = "00000000000000000000000000000000";

    /// The half of the receiver; elements of RFC 7329 write none.
    #[must_use]
    pub fn remote(&self) -> Option<&'a str> {
        self.params.value("remote")
    }

    /// Whether `half` is [`NIL`](Self::NIL).
    #[must_use]
    pub fn is_nil(half: &str) -> bool {
        half == Self::NIL
    }
}

/// `32(DIGIT / %x61-66)`.
fn read_half<'a>(cursor: &mut Cursor<'a>) -> Result<&'a str, Fault> {
    let start = cursor.at();
    let half = cursor.take_some(&HEX)?;
    match half.len() {
        LEN => Ok(half),
        len if len < LEN => Err(cursor.unexpected()),
        _ => Err(Fault::new(FaultKind::Value, start)),
    }
}

impl<'a> Value<'a> for SessionId<'a> {
    /// `local-uuid *(SEMI sess-id-param)`.
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let local = read_half(cursor)?;
        let params = Params::read(cursor)?;
        if let Some(remote) = params.get("remote") {
            let value = remote.value.unwrap_or_default();
            if value.len() != LEN || !HEX.spans(value.as_bytes()) {
                let at = offset(cursor, remote.value.unwrap_or(remote.name));
                return Err(Fault::new(FaultKind::Value, at));
            }
        }
        Ok(Self { local, params })
    }

    fn encode(&self, out: &mut BytesMut) {
        put(self.local, out);
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
    fn halves_are_32_lower_case_digits() {
        let half = "0123456789abcdef0123456789abcdef";
        let table = [
            (half.to_owned(), Ok(None)),
            (format!("{half};x=y"), Ok(None)),
            (format!("{half};remote={}", SessionId::NIL), Ok(Some(SessionId::NIL))),
            (half.to_uppercase(), Err((FaultKind::Unexpected, 10))),
            (format!("{half}0"), Err((FaultKind::Value, 0))),
            ("0123".to_owned(), Err((FaultKind::End, 4))),
            (format!("{half};remote"), Err((FaultKind::Value, 33))),
            (format!("{half};remote=0"), Err((FaultKind::Value, 40))),
        ];
        for (text, expected) in table {
            let got = SessionId::parse(&text);
            assert_eq!(
                got.map(|id| id.remote()).map_err(|fault| (fault.kind, fault.at)),
                expected,
                "{text}"
            );
            assert!(got.is_err() || got.unwrap().to_text() == text);
        }
    }
}
