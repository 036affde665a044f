//! `Identity` (RFC 8224, and the older form of RFC 4474).

use std::borrow::Cow;

use bytes::{BufMut, BytesMut};
use missiva_core::Fault;
use missiva_core::scan::{ByteSet, Cursor};

use super::Value;
use crate::encode::put;
use crate::grammar::{self, eat_separator};
use crate::params::Params;
use crate::quoted::unfold;
use crate::uri::{Place, Uri};

/// A signature over who sends the message.
///
/// ```
/// use missiva_sip::header::{Identity, Value};
///
/// let identity = Identity::parse("eyJh.eyJk.sig-_;info=<https://example.com/cert.pem>;alg=ES256;ppt=\"shaken\"")?;
/// assert_eq!(identity.digest, "eyJh.eyJk.sig-_");
/// assert_eq!(identity.info.map(|uri| uri.to_string()).as_deref(), Some("https://example.com/cert.pem"));
/// assert_eq!((identity.algorithm(), identity.passport_type().as_deref()), (Some("ES256"), Some("shaken")));
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Identity<'a> {
    /// The signature as it was written: in quotes in the older form, whose certificate `Identity-Info` names.
    pub digest: &'a str,
    /// Where the certificate is.
    pub info: Option<Uri<'a>>,
    /// `alg`, `ppt` and any other.
    pub params: Params<'a>,
}

/// `base64-char`, those of the alphabet for URLs too since PASSporTs use it, and the dots between their parts.
const DIGEST: ByteSet = ByteSet::alphanumeric().with(b"/+=-_.");

impl<'a> Identity<'a> {
    /// The signature without quotes.
    #[must_use]
    pub fn signature(&self) -> Cow<'a, str> {
        crate::quoted::unquote(self.digest)
    }

    /// How it was made (`alg`).
    #[must_use]
    pub fn algorithm(&self) -> Option<&'a str> {
        self.params.value("alg")
    }

    /// What kind of claims it signs (`ppt`).
    #[must_use]
    pub fn passport_type(&self) -> Option<Cow<'a, str>> {
        self.params.text("ppt")
    }
}

/// `SEMI "info" EQUAL LAQUOT absoluteURI RAQUOT`, which is no parameter like others. RFC 8224 wants it; it is missing
/// in messages of RFC 4474, which has it in `Identity-Info` (RFC 4475 section 3.1.1.11 sends such a one unquoted).
fn read_info<'a>(cursor: &mut Cursor<'a>) -> Result<Option<Uri<'a>>, Fault> {
    let start = *cursor;
    let named = eat_separator(cursor, b';') && cursor.eat_word("info");
    if !named || !eat_separator(cursor, b'=') {
        *cursor = start;
        return Ok(None);
    }
    cursor.expect(b'<')?;
    let uri = Uri::read(cursor, Place::Enclosed)?;
    cursor.expect(b'>')?;
    Ok(Some(uri))
}

impl<'a> Value<'a> for Identity<'a> {
    /// `signed-identity-digest SEMI ident-info *( SEMI ident-info-params )`, or a quoted string.
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let (digest, info) = if cursor.peek() == Some(b'"') {
            (grammar::quoted_string(cursor)?, None)
        } else {
            (cursor.take_some(&DIGEST)?, read_info(cursor)?)
        };
        Ok(Self { digest, info, params: Params::read(cursor)? })
    }

    fn encode(&self, out: &mut BytesMut) {
        put(&unfold(self.digest), out);
        if let Some(info) = self.info {
            out.put_slice(b";info=<");
            put(info.as_str(), out);
            out.put_u8(b'>');
        }
        put(self.params.as_str(), out);
    }

    fn repeated(&self) -> Option<&'a str> {
        self.params.repeated()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use missiva_core::FaultKind;

    #[test]
    fn signatures_come_with_a_certificate_or_in_quotes() {
        let table = [
            ("a.b.c;info=<http://a/b>", Ok(("a.b.c", Some("http://a/b")))),
            ("ab==;info=<cid:x@y>;alg=ES256", Ok(("ab==", Some("cid:x@y")))),
            ("..sig ; info = <http://a/b> ;ppt=x", Ok(("..sig", Some("http://a/b")))),
            ("\"ZYNBbHC00==\"", Ok(("ZYNBbHC00==", None))),
            ("abc", Ok(("abc", None))),
            ("abc;alg=ES256", Ok(("abc", None))),
            ("abc;info=http://a/b", Err((FaultKind::Unexpected, 9))),
            ("abc;info=<http://a/b", Err((FaultKind::End, 20))),
            ("a,b;info=<http://a/b>", Err((FaultKind::Unexpected, 1))),
            ("", Err((FaultKind::End, 0))),
        ];
        for (text, expected) in table {
            let got = Identity::parse(text);
            let parts = got.map(|identity| {
                let info = identity.info.map(|uri| uri.to_string());
                (identity.signature().into_owned(), info)
            });
            assert_eq!(
                parts.map_err(|fault| (fault.kind, fault.at)),
                expected.map(|(digest, info)| (digest.to_owned(), info.map(str::to_owned))),
                "{text}"
            );
            if let Ok(identity) = got {
                assert_eq!(Identity::parse(&identity.to_text()), Ok(identity));
            }
        }
    }
}
