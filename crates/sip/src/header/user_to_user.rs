//! `User-to-User` (RFC 7433).

use std::borrow::Cow;

use bytes::BytesMut;
use missiva_core::Fault;
use missiva_core::scan::Cursor;

use super::Value;
use crate::encode::put;
use crate::grammar;
use crate::params::Params;
use crate::quoted::unquote;

/// What one user's application tells another one's, opaque to all between them.
///
/// ```
/// use missiva_sip::header::{UserToUser, Value};
///
/// let told = UserToUser::parse("56a390f3d2b7310023a2;encoding=hex;purpose=foo;content=bar")?;
/// assert_eq!((told.purpose(), told.content()), (Some("foo"), Some("bar")));
/// assert_eq!(told.bytes().as_deref(), Some(&b"\x56\xa3\x90\xf3\xd2\xb7\x31\x00\x23\xa2"[..]));
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct UserToUser<'a> {
    /// The data as it was written: a token or a quoted string, quotes included.
    pub data: &'a str,
    /// `purpose`, `content`, `encoding` and any other.
    pub params: Params<'a>,
}

impl<'a> UserToUser<'a> {
    /// The package that knows what the data is for; without one it is for the interworking of ISDN.
    #[must_use]
    pub fn purpose(&self) -> Option<&'a str> {
        self.params.value("purpose")
    }

    /// What the data is, where the package has several kinds.
    #[must_use]
    pub fn content(&self) -> Option<&'a str> {
        self.params.value("content")
    }

    /// What the data says, quotes and backslashes removed.
    #[must_use]
    pub fn text(&self) -> Cow<'a, str> {
        unquote(self.data)
    }

    /// The bytes that hexadecimal digits stand for, which is how data is encoded unless `encoding` says otherwise;
    /// `None` when it does, or when the digits are none or odd in number.
    #[must_use]
    pub fn bytes(&self) -> Option<Vec<u8>> {
        let encoding = self.params.value("encoding").unwrap_or("hex");
        if !encoding.eq_ignore_ascii_case("hex") {
            return None;
        }
        let text = self.text();
        let digit = |byte: u8| u8::try_from(char::from(byte).to_digit(16)?).ok();
        let byte = |pair: &[u8]| match pair {
            [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
            _ => None,
        };
        text.as_bytes().chunks(2).map(byte).collect()
    }
}

impl<'a> Value<'a> for UserToUser<'a> {
    /// `( token / quoted-string ) *( SEMI uui-param )`.
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let data = match cursor.peek() {
            Some(b'"') => grammar::quoted_string(cursor)?,
            _ => grammar::token(cursor)?,
        };
        Ok(Self { data, params: Params::read(cursor)? })
    }

    fn encode(&self, out: &mut BytesMut) {
        put(self.data, out);
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
    fn hexadecimal_data_is_bytes_and_all_other_is_text() {
        let table: [(&str, &str, Option<&[u8]>); 6] = [
            ("00fF", "00fF", Some(&[0, 255])),
            ("\"0a\";Encoding=HEX", "0a", Some(&[10])),
            ("0a0", "0a0", None),
            ("0x", "0x", None),
            ("\"\u{e9}a\"", "\u{e9}a", None),
            ("\"a \\\"b\";encoding=own", "a \"b", None),
        ];
        for (text, says, bytes) in table {
            let told = UserToUser::parse(text).unwrap();
            assert_eq!((&*told.text(), told.bytes().as_deref()), (says, bytes), "{text}");
            assert_eq!(told.to_text(), text);
        }
    }
}
