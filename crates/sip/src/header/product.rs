//! `Server` and `User-Agent` (RFC 3261 sections 20.35 and 20.41).

use bytes::{BufMut, BytesMut};
use missiva_core::Fault;
use missiva_core::scan::Cursor;

use super::Value;
use crate::encode::put;
use crate::grammar::{self, TOKEN, eat_separator, lws};
use crate::quoted::unfold;

/// Parentheses deeper than this in a comment are refused: nobody writes more than three.
pub(crate) const MAX_COMMENT_DEPTH: u8 = 8;

/// The products of which an element is made, the most important one first, with comments between them.
///
/// For logs and for tables of known faults only: what these words say decides nothing.
///
/// ```
/// use missiva_sip::header::{Product, Products, Value};
///
/// let agent = Products::parse("CPM-client/OMA2.2 RCS-client/UP_2.4 (test)")?;
/// assert_eq!(agent.version("rcs-client"), Some("UP_2.4"));
/// assert_eq!(agent.iter().last(), Some(Product::Comment("(test)")));
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct Products<'a>(&'a str);

/// One piece of [`Products`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(untagged))]
pub enum Product<'a> {
    /// A remark, parentheses included.
    Comment(&'a str),
    /// A product and, behind a slash, its version.
    Name {
        /// The product.
        name: &'a str,
        /// Its version.
        version: Option<&'a str>,
    },
}

impl<'a> Products<'a> {
    /// Every product and comment in order.
    pub fn iter(&self) -> impl Iterator<Item = Product<'a>> + use<'a> {
        let mut cursor = Cursor::new(self.0);
        std::iter::from_fn(move || {
            lws(&mut cursor);
            Product::read(&mut cursor).ok()
        })
    }

    /// The version of the product called `name` in any case.
    #[must_use]
    pub fn version(&self, name: &str) -> Option<&'a str> {
        self.iter().find_map(|product| match product {
            Product::Name { name: found, version } if found.eq_ignore_ascii_case(name) => version,
            _ => None,
        })
    }

    /// The text as it was written.
    #[must_use]
    pub const fn as_str(&self) -> &'a str {
        self.0
    }
}

/// Two lists are equal when their pieces are; white space does not count.
impl PartialEq for Products<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for Products<'_> {}

impl<'a> Product<'a> {
    /// `product = token [SLASH product-version]`, or a comment.
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        if cursor.peek() == Some(b'(') {
            return grammar::comment(cursor, MAX_COMMENT_DEPTH).map(Self::Comment);
        }
        let name = grammar::token(cursor)?;
        let version = eat_separator(cursor, b'/').then(|| grammar::token(cursor)).transpose()?;
        Ok(Self::Name { name, version })
    }
}

impl<'a> Value<'a> for Products<'a> {
    /// `server-val *(LWS server-val)`. A comment may stand without white space before it, as deployed names of
    /// the shape `name-1.2(3.4)` have it.
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let start = cursor.at();
        loop {
            Product::read(cursor)?;
            let mut ahead = *cursor;
            let space = lws(&mut ahead);
            match ahead.peek() {
                Some(b'(') => {}
                Some(byte) if space && TOKEN.has(byte) => {}
                _ => return Ok(Self(cursor.since(start))),
            }
            *cursor = ahead;
        }
    }

    fn encode(&self, out: &mut BytesMut) {
        for (index, product) in self.iter().enumerate() {
            if index > 0 {
                out.put_u8(b' ');
            }
            match product {
                Product::Comment(comment) => put(&unfold(comment), out),
                Product::Name { name, version } => {
                    put(name, out);
                    if let Some(version) = version {
                        out.put_u8(b'/');
                        put(version, out);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use missiva_core::FaultKind;

    #[test]
    fn products_and_comments_are_told_apart() {
        let table = [
            ("HomeServer v2", Ok("HomeServer v2")),
            ("Softphone/Beta1.5 / x (a (b)) c", Err((FaultKind::Unexpected, 18))),
            ("Softphone / Beta1.5\r\n (a (b)) c", Ok("Softphone/Beta1.5 (a (b)) c")),
            ("FPBX-2.8.1(1.8.0)", Ok("FPBX-2.8.1 (1.8.0)")),
            ("(only)", Ok("(only)")),
            ("", Err((FaultKind::End, 0))),
            ("a/", Err((FaultKind::End, 2))),
            ("a [b]", Err((FaultKind::Unexpected, 2))),
            ("a (b", Err((FaultKind::Quote, 2))),
            ("(((((((((9)))))))))", Err((FaultKind::Limit, 8))),
        ];
        for (text, expected) in table {
            let got = Products::parse(text);
            let written = got.map(|products| products.to_text());
            assert_eq!(
                written.as_deref().map_err(|fault| (fault.kind, fault.at)),
                expected,
                "{text}"
            );
            if let (Ok(products), Ok(written)) = (got, &written) {
                assert_eq!(Products::parse(written), Ok(products), "{text}");
            }
        }
    }
}
